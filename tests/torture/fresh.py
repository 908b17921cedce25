"""The two commands of README in a fresh clone, on every Python found; and a look at the newest versions allowed."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import ROOT, Row

VERSIONS = ("3.11", "3.12", "3.13")
NEWEST = ("pandas", "matplotlib", "seaborn", "jupyterlab")
LIMIT = 3600
AT_ONCE = 2


def run(short=False):
    """Rows of this campaign."""
    row = Row("In a fresh clone, with nothing cached, the two commands of README end well and leave the committed bytes")
    found = pythons()
    commands = ["make"] + ["make test"] * (os.environ.get("FRESH_TEST") != "0")
    chosen = list(found)[:1] if short else list(found)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for attempts in pool.map(lambda version: attempt(version, found[version], commands), chosen):
            for kept, where, took in attempts:
                row.case(kept, where)
                row.note += f"{where.partition(':')[0]} took {took:.0f} s. "
    missing = [version for version in VERSIONS if version not in found]
    row.note += f"{AT_ONCE} Pythons at a time. " if len(chosen) > 1 else ""
    row.note += f"Not found and not tried: Python {', '.join(missing)}. " if missing else ""
    row.note += "" if "make test" in commands else "make test was left out. "
    row.note += "" if short else newest()
    return [row]


def attempt(version, python, commands):
    """How each command ends in one fresh clone: whether well, what it left, and its seconds."""
    found = []
    with tempfile.TemporaryDirectory(prefix="fresh-") as folder:
        project = Path(folder) / "project"
        subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(project)], check=True)
        for command in commands:
            ended, took = timed([*command.split(), f"PYTHON={python}"], project)
            left = subprocess.run(["git", "status", "--porcelain"], cwd=project, capture_output=True, text=True).stdout
            where = f"Python {version}, {command}: status {ended.returncode}, git status {left.split()[:6]}, {ended.stdout[-300:]!r}"
            found.append((not ended.returncode and not left, where, took))
            print(f"  {where}, {took:.0f} s", flush=True)
    return found


def pythons():
    """Path of each Python to try by version: on the path, or where pyenv keeps them."""
    candidates = [shutil.which(f"python{version}") for version in VERSIONS]
    candidates += sorted(Path.home().glob(".pyenv/versions/*/bin/python3"))
    found = {}
    for path in filter(None, candidates):
        asked = "import sys, ensurepip, venv; print('%d.%d' % sys.version_info[:2], sys.executable)"
        answer = subprocess.run([str(path), "-c", asked], capture_output=True, text=True)
        version, _, executable = answer.stdout.strip().partition(" ")
        if not answer.returncode and version in VERSIONS:
            found.setdefault(version, executable)
    return dict(sorted(found.items()))


def timed(command, folder):
    """How a command ends with an empty home and nothing cached, and how long it takes."""
    home = folder.parent / "home"
    home.mkdir(exist_ok=True)
    # Where pip finds packages is the machine's own matter; what it has kept is not used.
    kept = {
        k: v
        for k, v in os.environ.items()
        if k in ("PATH", "LANG") or k.lower().endswith("_proxy") or k.startswith(("PIP_", "SSL_", "REQUESTS_"))
    }
    settings = Path.home() / ".config/pip/pip.conf"
    if settings.is_file():
        kept.setdefault("PIP_CONFIG_FILE", str(settings))
    environment = kept | {"HOME": str(home), "XDG_CACHE_HOME": str(home / "cache"), "PIP_NO_CACHE_DIR": "1"}
    start = time.monotonic()
    ended = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=LIMIT,
    )
    return ended, time.monotonic() - start


def newest():
    """What the newest versions of the main packages do, in words: a report, no promise."""
    with tempfile.TemporaryDirectory(prefix="fresh-") as folder:
        project = Path(folder) / "project"
        subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(project)], check=True)
        python = project / ".venv/bin/python"
        steps = {
            "environment": [sys.executable, "-m", "venv", str(project / ".venv")],
            "locked packages": [str(python), "-m", "pip", "install", "-q", "-r", "requirements.txt", "-r", "tests/requirements.txt"],
            "newest packages": [str(python), "-m", "pip", "install", "-q", "-U", *NEWEST],
        }
        for name, command in steps.items():
            ended, _ = timed(command, project)
            if ended.returncode:
                return f"The newest packages were not tried: {name}: {ended.stdout[-200:]!r}."
        shown = timed([str(python), "-m", "pip", "list", "--format=freeze"], project)[0].stdout
        versions = [line.replace("==", " ") for line in shown.splitlines() if line.split("==")[0] in NEWEST]
        single = [str(python), "-m", "jupyter", "nbconvert", "--to", "notebook", "--execute", "--inplace", "notebooks/01-growth.ipynb"]
        notebook = timed(single, project)[0]
        changed = subprocess.run(["git", "status", "--porcelain", "figures"], cwd=project, capture_output=True, text=True).stdout.split()
        tests = timed([str(python), "-m", "pytest", "-q", "-m", "not slow", "tests"], project)[0]
        failed = sorted(set(re.findall(r"^(?:FAILED|ERROR) (\S+)", tests.stdout, flags=re.M)))
        return (
            f"Newest versions, a report and no promise: with {', '.join(versions)} the notebook 01-growth "
            f"{'failed' if notebook.returncode else 'ran'}, {len(changed) // 2} figure files differ; fast tests: {tests.stdout.strip().splitlines()[-1]}"
            f"{' (' + ', '.join(failed) + ')' if failed else ''}."
        )
