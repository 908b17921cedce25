"""Faults around ``make``, in two copies with the few notebooks that README's findings need, one of them stale."""

import contextlib
import hashlib
import json
import os
import queue
import random
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections import namedtuple
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from . import ROOT, SEED, WORKERS

VICTIM = "93-worked-example"
KEPT = ("01-growth", "03-budget", "04-targets", VICTIM)
ADVICE = re.compile("run make|make (site )?goes on|free some space|mend its permissions|TIME_LIMIT=|ZeroDivisionError")
NOBODY = "setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=+cap_2 --ambient-caps=+cap_2 --"  # 2: reads all
ROOTED = hasattr(os, "geteuid") and os.geteuid() == 0
# Variables of Python and other tools; {} is a folder with settings, packages and fonts that break who takes them.
HOSTILE = """HOME={} JUPYTER_PATH={}/.local/share/jupyter JUPYTER_CONFIG_DIR=/no IPYTHONDIR=/no TMPDIR={}/tmp
MPLCONFIGDIR={}/fonts MPLBACKEND=TkAgg MATPLOTLIBRC=/no SOURCE_DATE_EPOCH=1 VIRTUAL_ENV={} PYTHONPATH={}/lib COLUMNS=20
PYTHONHOME=/no PYTHONUSERBASE={} PYTHONWARNINGS=error PYTHONOPTIMIZE=2 PYTHONHASHSEED=7 PYTHONSAFEPATH=1
PYTHONDEVMODE=1 PYTHONUTF8=0 PYTHONCOERCECLOCALE=0 MAKEFLAGS=--silent TZ=Pacific/Kiritimati LC_ALL=C LANG=C"""
SETTINGS = {
    ".config/matplotlib/matplotlibrc": "figure.dpi: 37\nfont.size: 30\ntext.usetex: True\nbackend: TkAgg\n",
    ".ipython/profile_default/startup/00-first.py": "import builtins\nbuiltins.sorted = None\nraise RuntimeError(1)\n",
    ".local/share/jupyter/kernels/python3/kernel.json": '{"argv": ["false"], "display_name": "A", "language": "a"}',
    **{f"fonts/fontlist-v{version}.json": "{" for version in (330, 390, 3110, 400)},
    **dict.fromkeys(("lib/pandas.py", "lib/json.py", "bin/python", "tmp/a"), "raise RuntimeError(2)\n"),
}
DEAF = "import signal\nfor n in (2, 15): signal.signal(n, signal.SIG_IGN)\nwhile True: pass"
CHILD = "import subprocess\nsubprocess.Popen(['sleep', '1000000'])\n1 / 0"
KILL, STOP, DEAD, LONG = signal.SIGKILL, signal.SIGINT, "its kernel died", "longer than 5 s"
PROMISES = (
    ("Stopped or killed at any moment: each file is the old or the new one, the next run ends clean", "任何时刻中断：文件非旧即新"),
    ("Disk full, folders read-only: `make` says what to do, nothing is half written", "磁盘写满、目录只读：说明怎么办，不留残缺文件"),
    ("Of two makes at once one does the work, the other says so", "两个 make 同时运行：一个完成，另一个说明"),
    ("A kernel that dies or never ends is named with its cell, leaves nothing behind", "内核退出或不结束：指明单元格，不留残余"),
    ("Whatever the surroundings, `make` ends well and leaves the same bytes", "无论环境如何，`make` 正常结束，结果逐字节相同"),
)
# Number of the promise, why the case is there, how often, whether make has to fail, what happens.
CASES = (
    (0, "power fails", 8, None, "stopped", KILL, 8),
    (0, "the reader gives up (Ctrl-C)", 2, None, "stopped", STOP, 6),
    (1, "no byte left", 1, True, "full", 0),
    (1, "room for some figures only", 1, None, "full", 163_840),
    (1, "figures read-only", 1, True, "read_only", "disk/project/figures"),
    (1, "notebooks read-only", 1, True, "read_only", "disk/project/notebooks"),
    (1, "tables read-only, which nobody writes", 1, None, "read_only", "disk/project/data"),
    (1, "all of it read-only", 1, True, "read_only", "disk/project"),
    (1, "no place for temporary files", 1, None, "read_only", "tmp"),
    (1, "all of it another user's", 1, True, "make", NOBODY),
    (2, "two makes", 1, False, "beside"),
    (3, "a cell killed, as for want of memory", 1, True, "cell", "import os\nos.kill(os.getpid(), 9)", DEAD),
    (3, "a cell that loops, deaf to signals", 1, True, "cell", DEAF, LONG),
    (3, "a cell that sleeps for good", 1, True, "cell", "import time\ntime.sleep(1e6)", LONG),
    (3, "a cell that leaves a child and fails", 1, True, "cell", CHILD, "ZeroDivisionError"),
    (4, "settings of home, Python, other tools; another environment; old fonts; another time zone; a long TMPDIR; "
     "no UTF-8, no network, no loopback; a symlinked checkout", 1, False, "hostile"),
    (4, "another user, no HOME, a deep path with spaces, quotes and Chinese", 1, False, "stranger"),
)  # fmt: skip
NOTES = [f"Tried: {'; '.join(case[1] for case in CASES if case[0] == n)}." for n in range(5)]
Ended, done = namedtuple("Ended", "status text"), partial(subprocess.run, check=True)


class Stage:
    """A copy of the project on a small disk of its own, up to date, and what each file of it is then."""

    def __init__(self, folder):
        self.folder, self.random, self.project = folder, random.Random(f"{SEED} {folder.name}"), folder / "disk/project"
        for path in (folder, folder / "home", folder / "tmp", folder / "disk"):
            path.mkdir()
            path.chmod(0o777)
        (folder / "environment").symlink_to(ROOT / ".venv")  # make takes no path with a space in it for a variable
        if ROOTED:
            done(["mount", "-t", "tmpfs", "-o", "size=200m,mode=0777", "tmpfs", folder / "disk"])
        dropped = [path.name for path in ROOT.glob("*/[0-9][0-9]-*") if not path.name.startswith(KEPT)]
        ignored = shutil.ignore_patterns(".git", ".venv", "site", "mine", "__pycache__", ".hypothesis", *dropped)
        shutil.copytree(ROOT, self.project, ignore=ignored)
        if (ended := self.make()).status:
            raise SystemExit(f"make must succeed before faults are tried: {ended.text}")
        self.new, self.good = files(self.project), shutil.copytree(self.project, folder / "good")

    def start(self, before="", project=None, limit="600", **environment):
        """``make`` begun in a session of its own, with nothing of the caller's; a variable that is None is not set."""
        own = {"PATH": os.environ["PATH"], "HOME": f"{self.folder}/home", "TMPDIR": f"{self.folder}/tmp"} | environment
        own = {name: value for name, value in own.items() if value is not None}
        command = [*before.split(), "make", f"VENV={self.folder}/environment", "-o", f"{self.folder}/environment/ready", f"TIME_LIMIT={limit}"]
        log, how = tempfile.TemporaryFile(), {"cwd": project or self.project, "env": own, "start_new_session": True}
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **how)
        process.log = log
        return process

    def end(self, process, how=None):
        for signal_, seconds in ((how, 300), (KILL, None)):
            with contextlib.suppress(subprocess.TimeoutExpired, ProcessLookupError):
                _ = signal_ and os.killpg(process.pid, signal_)
                process.wait(seconds)
        process.log.seek(0)
        return Ended(process.returncode, process.log.read().decode("utf-8", "replace"))

    def stale(self):
        """Make the victim, its figures and the pages old or gone; returns what each file is now."""
        (self.project / f".venv/rerun/{VICTIM}.json").unlink(missing_ok=True)
        self.rewrite(lambda cells: [cell.update(outputs=[]) for cell in cells if "outputs" in cell])
        figures = sorted((self.project / "figures").glob(f"{VICTIM}-*"))
        for path in [*figures[::3], self.project / "figures/findings.csv"]:
            path.write_bytes(path.read_bytes() + b"\n")
        for path in figures[1::3]:
            path.unlink()
        return files(self.project)

    def rewrite(self, change):
        path = self.project / f"notebooks/{VICTIM}.ipynb"
        book = json.loads(was := path.read_text(encoding="utf-8"))
        change(book["cells"])
        path.write_text(json.dumps(book), encoding="utf-8")
        return lambda: path.write_text(was, encoding="utf-8")

    def wrong(self, fails, act, *how):
        """What a case left that it should not have, and what the next plain ``make`` does not put right, in words."""
        at, before, ended = self.project, self.stale(), getattr(self, act)(*how)
        now, text = files(at), ended.text[-300:] if ended else ""
        odd = [path for path in before | now if now.get(path) not in (before.get(path), self.new.get(path))]
        found = [f"lost or half written: {path}" for path in odd if ended or "/.new-" not in path]
        if ended and ("Traceback" in text or (ended.status and not ADVICE.search(ended.text))):
            found.append(f"unclear: {text!r}")
        if ended and fails is not None and bool(ended.status) != fails:
            found.append(f"ended with {ended.status}: {text!r}")
        found += ["a process outlives it"] * (not any(not at_work(at) or time.sleep(0.2) for _ in range(100)))
        ended = self.make()
        found += [f"next make: {ended.text[-300:]!r}"] * bool(ended.status) + self.other(at)
        left = [*(at / ".venv/rerun").glob(".new-*"), *at.glob(".new-*"), *(self.folder / "tmp").glob("kernel-*")]
        return found + [f"left over: {path.name[:12]}" for path in left]

    def other(self, project):
        return [f"other bytes: {path}" for path, _ in files(project).items() ^ self.new.items()]

    # What happens while make runs and the victim is stale: how make ended, None where it was killed.
    def make(self, *how, **environment):
        return self.end(self.start(*how, **environment))

    def stopped(self, how, usual):
        process = self.start()
        time.sleep(1.5 * (how == STOP) + self.random.uniform(0, usual))  # before Python listens Ctrl-C is make's
        ended = self.end(process, how)
        time.sleep(2 * (how == KILL))  # until whoever adopts the orphans has buried them
        return None if how == KILL else ended

    def full(self, free):
        filler, room = self.folder / "disk/filler", shutil.disk_usage(self.folder / "disk").free
        filler.write_bytes(b"0" * (room - free))
        ended = self.make()
        filler.unlink()
        return ended

    def read_only(self, name):
        folder = self.folder / name
        done(["mount", "--bind", folder, folder])
        done(["mount", "-o", "remount,bind,ro", folder])
        ended = self.make()
        done(["umount", "--lazy", folder])
        return ended

    def beside(self):
        first = self.start()
        time.sleep(self.random.uniform(0, 1))
        ended = [self.end(process) for process in (self.start(), first)]
        well, busy = [e for e in ended if not e.status], [e for e in ended if "another make is at work" in e.text]
        return well[0] if well and len(well) + len(busy) == 2 else Ended(-1, f"no word of the other: {ended}")

    def cell(self, source, word):
        restore = self.rewrite(lambda cells: cells[2].update(source=[source]))
        ended = self.make(limit="5")
        restore()
        named = f"{VICTIM}.ipynb, cell 3: " in ended.text and word in ended.text
        return ended if named else Ended(-1, f"not named: {ended}")

    def hostile(self):
        home, link = self.folder / ("hostile" * 9), self.folder / "link"
        for name, text in SETTINGS.items():
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            (home / name).write_text(text, encoding="utf-8")
        (home / "bin/python").chmod(0o755)
        link.symlink_to(self.project)
        variables = dict(pair.split("=", 1) for pair in HOSTILE.replace("{}", str(home)).split())
        return self.make("unshare -n --", link, PATH=f"{home}/bin:{os.environ['PATH']}", **variables)

    def stranger(self):
        project = shutil.copytree(self.project, self.folder / "disk/我的 文档 (2)/a'b" / "/".join(["deep" * 10] * 4))
        for path in (project, *project.rglob("*")):
            os.chown(path, 65534, 65534)
        ended = self.make(NOBODY, project, HOME=None)
        return Ended(-1, str(other)) if (other := self.other(project)) else ended


def files(folder):  # their digests by path, but for the environment and caches
    found = {}
    for path in folder.rglob("*"):
        parts = path.relative_to(folder).parts
        if parts[0] != ".venv" and "__pycache__" not in parts:
            with contextlib.suppress(FileNotFoundError, IsADirectoryError):
                found["/".join(parts)] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def at_work(folder):
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            said = f"{os.readlink(process / 'cwd')}/ {(process / 'cmdline').read_bytes().decode('utf-8', 'replace')}"
            if f"{folder}/" in said and "\tZ" not in (process / "status").read_text():
                found.append(process.name)
    return found


def run(short=False):
    """Cases of this campaign, which only root can try in full; the short form tries some of them once."""
    work, stages = [case for case in CASES if ROOTED or case[0] not in (1, 4)], queue.Queue()
    work = work[::5] if short else [case for case in work for _ in range(case[2])]

    def attempt(case):
        stage = stages.get()
        try:
            found = stage.wrong(*case[3:])
        except (OSError, subprocess.CalledProcessError, shutil.Error) as error:
            found = [f"the case broke: {error!r}"]
        if found:  # the next case begins without faults
            shutil.rmtree(stage.project)
            shutil.copytree(stage.good, stage.project)
        stages.put(stage)
        return found

    with tempfile.TemporaryDirectory(prefix="faults-") as folder, ThreadPoolExecutor(WORKERS) as pool:
        Path(folder).chmod(0o755)
        try:
            for stage in pool.map(lambda n: Stage(Path(folder, str(n))), range(WORKERS)):
                stages.put(stage)
            for (n, why, *_), found in zip(work, pool.map(attempt, work), strict=True):
                yield n, not found, f"{why}: {'; '.join(sorted(set(found))[:4])}"
        finally:
            for disk in Path(folder).glob("*/disk"):
                subprocess.run(["umount", "--lazy", disk], stderr=subprocess.DEVNULL)
