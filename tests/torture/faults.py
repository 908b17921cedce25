"""Faults around ``make`` and ``make site``: killed, out of space, locked out, and run in surroundings of every kind.

Each case runs the command line in a copy of the project in which one notebook is stale: its outputs,
three of its figures and the generated pages are old or gone. After the fault every file is the old one or
the new one, whole, and the command ended well or said what to do; after the next plain ``make`` all are the new ones.
"""

import contextlib
import hashlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections import namedtuple
from pathlib import Path

from . import ROOT, SEED, Row

VICTIM = "90-worked-example"
CHART = "90-worked-example-chart"
PAGES = ("figures/README.md", "figures/findings.csv", "README.md", "CITATION.cff")
FILLER = ".filler"
ADVICE = re.compile(r"run make|make (?:site )?goes on|free some space|mend its permissions|make TIME_LIMIT=|ZeroDivisionError|SystemExit")
NOBODY = [
    "setpriv",
    "--reuid=65534",
    "--regid=65534",
    "--clear-groups",
    "--inh-caps=+dac_read_search",
    "--ambient-caps=+dac_read_search",
    "--",
]
ROOTED = hasattr(os, "geteuid") and os.geteuid() == 0
Ended = namedtuple("Ended", "status text")


def run(short=False):
    """Rows of this campaign."""
    rows = (killed, killed_site, interrupted, disks, folders, at_once, kernels, edited, surroundings)
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        stage = Stage(Path(folder))
        found = []
        for row in rows:
            found.append(row(stage, short))
            print(f"  {found[-1].promise}: {found[-1].tried} tried, {found[-1].survivors.total()} survived", flush=True)
        return found


class Stage:
    """A folder with a copy of the project, up to date, and what each file of it is then.

    Parameters
    ----------
    folder : Path
    """

    def __init__(self, folder):
        self.folder, self.random = folder, random.Random(SEED)
        for name in ("home", "tmp", "disk"):
            (folder / name).mkdir()
            (folder / name).chmod(0o777)
        folder.chmod(0o755)
        # Every copy is one of this first one: what changes in the project meanwhile reaches no case.
        self.first = tracked(folder / "first")
        self.project = self.copy(folder / "project")
        ended = self.make()
        if ended.status:
            raise SystemExit(f"make must succeed before faults are tried: {ended.text}")
        self.new = files(self.project)
        self.site = None

    def copy(self, folder):
        """The project in another folder, with the environment of this one and records of its own."""
        shutil.copytree(self.first, folder)
        environment = folder / ".venv"
        environment.mkdir()
        for path in (ROOT / ".venv").iterdir():
            if path.name == "rerun":
                shutil.copytree(path, environment / "rerun")
            elif path.is_dir() and path.name != "matplotlib":
                (environment / path.name).symlink_to(path)
            elif path.is_file():
                shutil.copy2(path, environment / path.name)
        for stamp in ("ready", "ready-to-test"):
            (environment / stamp).touch()
        return folder

    def environment(self, **settings):
        """What every case begins with: nothing of the caller's own."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder / "home"),
            "TMPDIR": str(self.folder / "tmp"),
            "LANG": "C.UTF-8",
        } | settings

    def start(self, *goals, project=None, before=(), environment=None, without=()):
        """``make`` begun in a session of its own."""
        environment = {k: v for k, v in self.environment(**(environment or {})).items() if k not in without}
        log = tempfile.TemporaryFile()
        process = subprocess.Popen(
            [*before, "make", *goals],
            cwd=project or self.project,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        process.log = log
        return process

    def end(self, process, limit=300):
        """How a ``make`` ended, and what it said."""
        try:
            process.wait(limit)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        process.log.seek(0)
        return Ended(process.returncode, process.log.read().decode("utf-8", "replace"))

    def make(self, *goals, **how):
        """``make`` from begin to end."""
        return self.end(self.start(*goals, **how))

    def stale(self, project=None):
        """Make the victim and the pages old; returns what each file is now."""
        project = project or self.project
        (project / f".venv/rerun/{VICTIM}.json").unlink(missing_ok=True)
        path = project / f"notebooks/{VICTIM}.ipynb"
        book = json.loads(path.read_text(encoding="utf-8"))
        for cell in book["cells"]:
            cell.get("outputs", []).clear()
        path.write_text(json.dumps(book), encoding="utf-8")
        (project / f"figures/{CHART}-en.png").unlink(missing_ok=True)
        for name in (f"figures/{CHART}-zh.svg", f"figures/{CHART}.csv", "figures/findings.csv"):
            with (project / name).open("ab") as file:
                file.write(b"\n")
        (project / "figures/README.md").unlink(missing_ok=True)
        return files(project)

    def faults(self, before, ended=None, *, fails=None, project=None):
        """What a case left that it should not have, in words; nothing where all is well.

        Parameters
        ----------
        before : dict of Path to str
            What each file was.
        ended : Ended, optional
            How the command ended; without it, it was killed.
        fails : bool, optional
            Whether it had to fail (or must not); either will do without it.
        """
        project, wrong = project or self.project, []
        now = files(project)
        for path in before.keys() | self.new.keys() | now.keys():
            if now.get(path) not in (before.get(path), self.new.get(path)) and not (
                ended is None and path.rpartition("/")[2].startswith(".new-")
            ):
                wrong.append(f"{'lost' if path not in now else 'half written'} {path}")
        if ended:
            if "Traceback" in ended.text or (ended.status and not ADVICE.search(ended.text)):
                wrong.append(f"unclear message {ended.text[-200:]!r}")
            if fails is not None and bool(ended.status) != fails:
                wrong.append(f"ended with {ended.status}: {ended.text[-200:]!r}")
        if not gone(project):
            wrong.append("a process outlives it")
        return wrong

    def next_make(self, *goals, project=None):
        """What the next plain ``make`` does not put right, in words."""
        project, wrong = project or self.project, []
        ended = self.make(*goals, project=project)
        if ended.status:
            wrong.append(f"next make: {ended.text[-200:]!r}")
        now = files(project)
        wrong += [f"next make leaves {path}" for path in sorted(now.keys() | self.new.keys()) if now.get(path) != self.new.get(path)]
        left = [
            path.name for path in [*(project / ".venv/rerun").glob(".new-*"), *(self.folder / "tmp").iterdir(), *project.glob(".new-*")]
        ]
        wrong += [f"left over: {re.sub(r'-[^-]*$', '', name)}" for name in left]
        if wrong and project == self.project:
            self.renew()
        return wrong

    def renew(self):
        """Begin the next case from a project without faults."""
        for path in (self.folder / "tmp").iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        shutil.rmtree(self.project)
        self.copy(self.project)

    def whole_site(self):
        """What each file of a site is; built once."""
        if self.site is None:
            ended = self.make("site")
            if ended.status:
                raise SystemExit(f"make site must succeed before faults are tried: {ended.text}")
            self.site = files(self.project / "site")
        return self.site

    def stale_site(self):
        """Make one page of the site and one notebook's Chinese run old; returns what each file of the site is now."""
        self.whole_site()
        if not (self.project / "site").is_dir():
            self.make("site")
        with (self.project / "site/en/index.html").open("ab") as page:
            page.write(b"<!-- old -->")
        (self.project / f".venv/rerun/{VICTIM}-zh.json").unlink(missing_ok=True)
        return files(self.project / "site")

    def site_faults(self, old):
        """Whether the site is the old one or the new one, whole."""
        now, aside = files(self.project / "site"), files(self.project / ".new-site-old")
        return [] if now in (old, self.site) or (not now and aside == old) else ["half a site"]

    def next_site(self):
        wrong = self.next_make("site")
        return wrong + ["next make site: another site"] * (not wrong and files(self.project / "site") != self.site)


def tracked(folder):
    """The files that git knows, as they are now, in another folder."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout.split("\0")
    for name in filter(None, names):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    return folder


def files(folder):
    """Digest of each file of a project by path, but for the environment, the site and caches."""
    found = {}
    for path in folder.rglob("*") if folder.is_dir() else ():
        relative = path.relative_to(folder)
        if (
            relative.parts[0] in (".venv", "site", ".new-site", ".new-site-old")
            or "__pycache__" in relative.parts
            or path.name == FILLER
            or not path.is_file()
        ):
            continue
        with contextlib.suppress(FileNotFoundError):
            found[relative.as_posix()] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def at_work(folder):
    """Processes whose folder or command line lies in a folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if int(process.name) == os.getpid() or "\nState:\tZ" in (process / "status").read_text():
                continue
            where, command = os.readlink(process / "cwd"), (process / "cmdline").read_bytes().decode("utf-8", "replace")
            if f"{where}/".startswith(f"{folder}/") or f"{folder}/" in command:
                found.append(int(process.name))
    return found


def kernels_of(project):
    """The kernels among the processes at work on a project: they alone run in its folder of notebooks."""
    found = []
    for pid in at_work(project):
        with contextlib.suppress(OSError):
            if os.readlink(f"/proc/{pid}/cwd") == f"{project}/notebooks":
                found.append(pid)
    return found


def gone(folder, seconds=20):
    """Whether every process at work on a folder ends."""
    for _ in range(seconds * 5):
        if not at_work(folder):
            return True
        time.sleep(0.2)
    return False


@contextlib.contextmanager
def mounted(*mount):
    """A mount, taken away again."""
    subprocess.run(["mount", *mount], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", mount[-1]], check=True)


@contextlib.contextmanager
def small_disk(folder, free):
    """A disk of its own in place of a folder, with room for its files and so many bytes more; yields what fills it."""
    with tempfile.TemporaryDirectory() as aside:
        shutil.copytree(folder, aside, dirs_exist_ok=True)
        with mounted("-t", "tmpfs", "-o", "size=64m,mode=0777", "tmpfs", str(folder)):
            shutil.copytree(aside, folder, dirs_exist_ok=True)
            filler = folder / FILLER
            with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
                while True:
                    file.write(b"0" * 4096)
            os.truncate(filler, filler.stat().st_size - free)
            yield filler
            filler.unlink(missing_ok=True)
            shutil.rmtree(aside)
            shutil.copytree(folder, aside)
        shutil.rmtree(folder)
        shutil.copytree(aside, folder)


def judge(row, case, wrong):
    """Count a case; what is wrong names it."""
    where = f"{case}: {'; '.join(sorted(set(wrong))[:4])}"
    row.case(not wrong, where)
    if wrong:
        print(f"  survived: {where}", flush=True)


def seconds(stage, *goals):
    """How long a ``make`` takes here."""
    start = time.monotonic()
    stage.make(*goals)
    return time.monotonic() - start


def killed(stage, short=False):
    row = Row("After kill -9 at any moment of make every file is whole, and the next make ends clean")
    stage.stale()
    usual, left = seconds(stage), 0
    for i in range(3 if short else 50):
        before = stage.stale()
        process = stage.start()
        moment = stage.random.uniform(0, usual)
        time.sleep(moment)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        stage.end(process)
        left += bool(list((stage.project / "figures").glob(".new-*")))
        judge(row, f"kill -9 {i}", stage.faults(before) + stage.next_make())
    row.note = f"Moments drawn between the start and the usual end; temporary files were left {left} times, and swept by the next make."
    return row


def killed_site(stage, short=False):
    row = Row("After kill -9 at any moment of make site the site is the old or the new one, and the next make site ends clean")
    stage.stale_site()
    usual = seconds(stage, "site")
    for i in range(1 if short else 10):
        old = stage.stale_site()
        process = stage.start("site")
        time.sleep(stage.random.uniform(0, usual))
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        stage.end(process)
        judge(row, f"kill -9 of site {i}", stage.faults(stage.new) + stage.site_faults(old) + stage.next_site())
    row.note = "A site that was just being exchanged lies beside as .new-site-old; the next make site puts a whole one in place."
    return row


def interrupted(stage, short=False):
    row = Row("After Ctrl-C at any moment of make or make site it says what to do, and nothing is half written")
    for goal, n in (("all", 1 if short else 6), ("site", 0 if short else 3)):
        for i in range(n):
            old = stage.stale_site() if goal == "site" else None
            before = stage.stale()
            process = stage.start(goal)
            time.sleep(2 + stage.random.uniform(0, 4) + (6 if goal == "site" else 0))
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGINT)
            ended = stage.end(process, 60)
            wrong = stage.faults(before, ended)
            wrong += stage.site_faults(old) + stage.next_site() if goal == "site" else stage.next_make()
            judge(row, f"Ctrl-C of {goal} {i}", wrong)
    return row


def disks(stage, short=False):
    row = Row("After a full disk the command says what to do, nothing is half written, and with room it ends clean")
    if not ROOTED:
        row.note = "Not tried: a disk can be mounted by root only."
        return row
    figures, notebooks = stage.project / "figures", stage.project / "notebooks"
    cases = [(figures, 0), (figures, 40_960), (figures, 163_840), (notebooks, 0), (notebooks, 8192), (stage.project / ".venv/rerun", 0)]
    for folder, free in cases[:1] if short else cases:
        before = stage.stale()
        with small_disk(folder, free) as filler:
            ended = stage.make()
            filler.unlink()
            judge(
                row,
                f"full {folder.name}, {free} bytes left",
                stage.faults(before, ended, fails=True if free < 50_000 else None) + stage.next_make(),
            )
    if not short:
        before = stage.stale()
        with small_disk(stage.folder / "tmp", 0):
            ended = stage.make()
        judge(row, "full TMPDIR", stage.faults(before, ended) + stage.next_make())
        for folder in (stage.folder / "tmp", stage.project / ".venv/rerun"):
            old = stage.stale_site()
            with small_disk(folder, 0):
                ended = stage.make("site")
            judge(row, f"site: full {folder.name}", stage.faults(stage.new, ended) + stage.site_faults(old) + stage.next_site())
        judge(row, "site: full", full_site(stage))
    return row


def full_site(stage):
    """What goes wrong where the whole project lies on a disk with too little room for another site."""
    wrong = []
    with mounted("-t", "tmpfs", "-o", "size=96m,mode=0777", "tmpfs", str(stage.folder / "disk")):
        project = stage.copy(stage.folder / "disk/project")
        old = stage.make("site", project=project), files(project / "site")
        filler = project / FILLER
        with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
            while True:
                file.write(b"0" * 4096)
        os.truncate(filler, filler.stat().st_size - 3_000_000)
        wrong += stage.faults(stage.new, stage.make("site", project=project), fails=True, project=project)
        wrong += ["half a site"] * (files(project / "site") != old[1])
        filler.unlink()
        wrong += stage.next_make("site", project=project)
    return wrong


def folders(stage, short=False):
    row = Row("Where a folder may not be written the command says what to do, and with permission it ends clean")
    if not ROOTED:
        row.note = "Not tried: a folder can be mounted read-only by root only."
        return row
    for name in ("figures",) if short else ("figures", "notebooks", ".venv/rerun", "data", "."):
        folder = str(stage.project / name)
        before = stage.stale()
        with mounted("--bind", folder, folder):
            subprocess.run(["mount", "-o", "remount,bind,ro", folder], check=True)
            ended = stage.make()
        judge(row, f"read-only {name}", stage.faults(before, ended, fails=None if name == "data" else True) + stage.next_make())
    if short:
        return row
    for name in ("figures", "notebooks", ".venv/rerun"):
        before = stage.stale()
        ended = stage.make(before=NOBODY)
        judge(row, f"another user may not write ({name})", stage.faults(before, ended, fails=True) + stage.next_make())
    for name in ("site", "."):
        old, folder = stage.stale_site(), str(stage.project / name)
        with mounted("--bind", folder, folder):
            subprocess.run(["mount", "-o", "remount,bind,ro", folder], check=True)
            ended = stage.make("site")
        judge(row, f"site: read-only {name}", stage.faults(stage.new, ended, fails=True) + stage.site_faults(old) + stage.next_site())
    stage.stale_site()
    (stage.project / f"figures/{CHART}-en.png").unlink()
    ended = stage.make("site")
    wrong = stage.faults(stage.new, ended, fails=False) + ["another site"] * (files(stage.project / "site") != stage.site)
    judge(row, "site: a figure deleted before", wrong + stage.next_site())
    return row


def at_once(stage, short=False):
    row = Row("Of two makes at once one does the work and the other says so")
    for goals in (("all", "all"),) if short else (*(("all", "all"),) * 4, ("site", "site"), ("all", "site")):
        old = stage.stale_site() if "site" in goals else None
        before = stage.stale()
        processes = []
        for goal in goals:
            processes.append(stage.start(goal))
            time.sleep(stage.random.uniform(0, 1))
        ended = [stage.end(process) for process in processes]
        wrong = [fault for end in ended for fault in stage.faults(before, end)]
        wrong += ["none succeeded"] * all(end.status for end in ended)
        wrong += ["no word of the other"] * any(end.status and "another make is at work" not in end.text for end in ended)
        wrong += stage.site_faults(old) + stage.next_site() if old else stage.next_make()
        judge(row, f"at once: {' and '.join(goals)}", wrong)
    return row


def kernels(stage, short=False):
    row = Row("A kernel that dies or never ends is named with its cell, and leaves nothing behind")
    endless = "import signal\nfor n in (signal.SIGINT, signal.SIGTERM): signal.signal(n, signal.SIG_IGN)\nwhile True: pass"
    cells = {
        "os._exit": ("import os\nos._exit(1)", "its kernel died"),
        "abort": ("import os\nos.abort()", "its kernel died"),
        "kill -9": ("import os\nos.kill(os.getpid(), 9)", "its kernel died"),
        "a loop": ("while True: pass", "took longer than 5 s"),
        "a deaf loop": (endless, "took longer than 5 s"),
        "sleep": ("import time\ntime.sleep(1e6)", "took longer than 5 s"),
        "a child that stays": (
            "import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', 'import time; time.sleep(1e6)'])\n1 / 0",
            "ZeroDivisionError",
        ),
    }
    for name in list(cells)[:1] if short else cells:
        source, word = cells[name]
        path = stage.project / f"notebooks/{VICTIM}.ipynb"
        good = path.read_bytes()
        book = json.loads(good)
        book["cells"][2]["source"] = [source]
        path.write_text(json.dumps(book), encoding="utf-8")
        before = files(stage.project)
        ended = stage.make("TIME_LIMIT=5")
        wrong = stage.faults(before, ended, fails=True) + [f"not named: {ended.text[-200:]!r}"] * (
            f"{VICTIM}.ipynb, cell 3: {''}" not in ended.text or word not in ended.text
        )
        path.write_bytes(good)
        judge(row, f"kernel: {name}", wrong + stage.next_make())
    for i in range(0 if short else 3):
        hit = 0
        for _ in range(20):  # a kernel that had ended before was not killed: once more
            before = stage.stale()
            process = stage.start()
            found = []
            while not found and process.poll() is None:
                found = kernels_of(stage.project)
                time.sleep(0.02)
            time.sleep(stage.random.uniform(0, 1))
            for pid in found:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                    hit += 1
            ended = stage.end(process)
            if hit:
                break
        wrong = stage.faults(before, ended) + ["no kernel was there to kill"] * (not hit) + ["not named"] * bool(ended.status and f"{VICTIM}.ipynb" not in ended.text)
        judge(row, f"kernel killed from outside {i}", wrong + stage.next_make())
    return row


def edited(stage, short=False):
    row = Row("A notebook saved while make runs it keeps what was saved")
    for i in range(1 if short else 3):
        stage.stale()
        path = stage.project / f"notebooks/{VICTIM}.ipynb"
        good = path.read_bytes()
        book = json.loads(good)
        book["cells"][1]["source"].append("\n# a remark")
        process = stage.start()
        for _ in range(600):
            if kernels_of(stage.project):
                break
            time.sleep(0.05)
        path.write_text(json.dumps(book), encoding="utf-8")
        ended = stage.end(process)
        wrong = [] if "# a remark" in path.read_text(encoding="utf-8") else ["what was saved is lost"]
        again = stage.make()
        wrong += [f"next make: {again.text}"] * (again.status != 0 or "# a remark" not in path.read_text(encoding="utf-8"))
        wrong += [f"unclear message {ended.text!r}"] * ("Traceback" in ended.text)
        path.write_bytes(good)
        judge(row, f"saved meanwhile {i}", wrong + stage.next_make())
    return row


def surroundings(stage, short=False):
    row = Row("Whatever the surroundings, make ends well and leaves the same bytes")
    settings = dict(list(SETTINGS.items())[:2]) if short else SETTINGS
    for name, setting in settings.items():
        with contextlib.ExitStack() as stack:
            how = setting(stage, stack)
            if how is None:
                row.note += f"Not tried: {name}. "
                continue
            project = how.setdefault("project", stage.project)
            stage.stale(project)
            ended = stage.make(**how)
            real = project.resolve()
            wrong = [f"ended with {ended.status}: {ended.text[-300:]!r}"] * (ended.status != 0)
            now = files(real)
            wrong += [f"other bytes: {path}" for path in sorted(now.keys() | stage.new.keys()) if now.get(path) != stage.new.get(path)]
            wrong += ["a process outlives it"] * (not gone(real))
            judge(row, f"surroundings: {name}", wrong + stage.next_make(project=project))
    row.note += f"{len(settings)} settings: {', '.join(settings)}."
    return row


def hostile_home(stage, stack):
    """Settings of matplotlib, IPython and Jupyter in the reader's home that would change every result."""
    home = stage.folder / "hostile home"
    for name, text in {
        ".config/matplotlib/matplotlibrc": "figure.dpi: 37\nsavefig.dpi: 37\nfont.size: 30\ntext.usetex: True\nsvg.fonttype: path\nbackend: TkAgg\n",
        ".config/pip/pip.conf": "[global]\nindex-url = http://127.0.0.1:9\n",
        ".ipython/profile_default/startup/00-first.py": "print('startup')\nimport builtins\nbuiltins.sorted = None\nraise RuntimeError('startup')\n",
        ".ipython/profile_default/ipython_config.py": "c = get_config()\nc.InteractiveShell.ast_node_interactivity = 'all'\n"
        "c.InteractiveShellApp.exec_lines = ['print(1)']\nc.InlineBackend.figure_formats = {'svg'}\nc.DisplayFormatter.active_types = ['text/plain']\n",
        ".ipython/profile_default/ipython_kernel_config.py": "c = get_config()\nc.InteractiveShell.ast_node_interactivity = 'all'\n",
        ".jupyter/jupyter_config.json": '{"KernelManager": {"transport": "tcp"}, "NotebookClient": {"timeout": 1}}',
        ".local/share/jupyter/kernels/python3/kernel.json": '{"argv": ["false"], "display_name": "Another", "language": "python"}',
    }.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(text, encoding="utf-8")
    return {"environment": {"HOME": str(home), "JUPYTER_PATH": str(home / ".local/share/jupyter")}}


def old_fonts(stage, stack):
    """A list of fonts that are no longer where it says, and one that is no list at all."""
    import matplotlib
    from matplotlib import font_manager

    folder = stage.folder / "old fonts"
    folder.mkdir()
    entry = {"fname": "/nowhere/a.ttf", "style": "normal", "variant": "normal", "weight": 400, "stretch": "normal", "size": "scalable"}
    fonts = [entry | {"name": name, "__class__": "FontEntry"} for name in ("DejaVu Sans", "Workreport Sans")]
    version = getattr(font_manager.FontManager, "__version__", "")
    for n in {str(version), matplotlib.__version__}:
        text = {
            "_version": version,
            "_FontManager__default_weight": "normal",
            "default_size": None,
            "defaultFamily": {"ttf": "DejaVu Sans", "afm": "Helvetica"},
        }
        (folder / f"fontlist-v{n}.json").write_text(
            json.dumps(text | {"afmlist": [], "ttflist": fonts, "__class__": "FontManager"}), encoding="utf-8"
        )
    (folder / "fontlist-v330.json").write_text("{", encoding="utf-8")
    return {"environment": {"MPLCONFIGDIR": str(folder)}}


def other_environment(stage, stack):
    """Another environment activated, with packages that break."""
    other = stage.folder / "other"
    for name in ("lib/pandas.py", "lib/json.py", "lib/workreport/__init__.py", "bin/python"):
        (other / name).parent.mkdir(parents=True, exist_ok=True)
        (other / name).write_text("raise RuntimeError('another environment')\n", encoding="utf-8")
    (other / "bin/python").chmod(0o755)
    return {
        "environment": {
            "PATH": f"{other / 'bin'}:{os.environ['PATH']}", "VIRTUAL_ENV": str(other), "CONDA_PREFIX": str(other), "PYTHONPATH": str(other / "lib"),
            "PYTHONHOME": "/nowhere", "PYTHONSTARTUP": str(other / "lib/json.py"), "PYTHONUSERBASE": str(other),
        }
    }  # fmt: skip


def elsewhere(name):
    """A setting whose project lies in a folder of this name."""

    def setting(stage, stack):
        return {"project": stage.copy(stage.folder / name / "project")}

    return setting


def linked(stage, stack):
    link = stage.folder / "link"
    link.symlink_to(stage.project)
    return {"project": link}


def alone(*up):
    """A setting without a network, with its own loopback up or without any."""

    def setting(stage, stack):
        return {"before": ["unshare", "-n", "sh", "-c", f'{" ".join(up) or ":"}; exec "$@"', "sh"]} if ROOTED else None

    return setting


def as_nobody(stage, stack):
    if not ROOTED:
        return None
    project = stage.copy(stage.folder / "nobody/project")
    for path in [stage.folder / "nobody", project, *project.rglob("*")]:
        if not path.is_symlink():
            os.chown(path, 65534, 65534)
    return {"project": project, "before": NOBODY, "without": ("HOME",)}


def given(**variables):
    """A setting of environment variables; {folder} stands for the stage's own."""

    def setting(stage, stack):
        return {"environment": {name: value.format(folder=stage.folder) for name, value in variables.items()}}

    return setting


def long_tmp(stage, stack):
    folder = stage.folder / ("long" * 30)
    folder.mkdir()
    return {"environment": {"TMPDIR": str(folder)}}


SETTINGS = {
    "a hostile home": hostile_home,
    "no HOME": lambda stage, stack: {"without": ("HOME",)},
    "a HOME that is not there": given(HOME="/nowhere"),
    "LC_ALL=C without UTF-8": given(LC_ALL="C", LANG="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0", PYTHONIOENCODING="ascii"),
    "another time zone": given(TZ="Pacific/Kiritimati"),
    "spaces and Chinese characters in the path": elsewhere("我的 文档 (2)/a'b"),
    "a deep path": elsewhere("/".join(["deep" * 10] * 5)),
    "a symlinked checkout": linked,
    "no network": alone("ip", "link", "set", "lo", "up"),
    "no network and no loopback": alone(),
    "an old font cache": old_fonts,
    "another environment activated": other_environment,
    "another user than root, without HOME": as_nobody,
    "a long TMPDIR": long_tmp,
    "Python's own settings": given(PYTHONWARNINGS="error", PYTHONOPTIMIZE="2", PYTHONHASHSEED="7", PYTHONSAFEPATH="1", PYTHONDEVMODE="1", PYTHONUNBUFFERED="1"),
    "settings of other tools": given(
        SOURCE_DATE_EPOCH="1", MPLBACKEND="TkAgg", MATPLOTLIBRC="/nowhere", JUPYTER_PLATFORM_DIRS="1", JUPYTER_CONFIG_DIR="/nowhere",
        JUPYTER_PREFER_ENV_PATH="0", IPYTHONDIR="/nowhere", COLUMNS="20", NO_COLOR="1", MAKEFLAGS="--silent",
    ),
}  # fmt: skip
