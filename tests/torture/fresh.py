"""The two commands of README in a fresh clone, with nothing cached, on every Python at hand."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import ROOT, WORKERS

VERSIONS = ("3.14", "3.13", "3.12", "3.11")
PROMISES = (
    ("In a fresh clone, nothing cached, README's two commands end well", "全新克隆、无缓存：README 的两条命令正常结束"),
    ("Every locked package has a wheel for every Python from 3.11 to 3.14", "3.11 至 3.14 各版本，锁定的每个包都有现成的安装包"),
)
NOTES = [f"With the fast tests, {WORKERS} at a time; every second Python by plain pip, as where uv cannot be had.", ""]


def pythons():
    """Path of each Python to try by version: on the path, or where pyenv keeps them."""
    paths = [*(shutil.which(f"python{v}") for v in VERSIONS), *Path.home().glob(".pyenv/versions/*/bin/python3")]
    asked, found = "import sys, ensurepip, venv; print('%d.%d' % sys.version_info[:2], sys.executable)", {}
    for path in filter(None, paths):
        found |= [subprocess.run([path, "-c", asked], capture_output=True, text=True).stdout.split()[:2] or "??"]
    return {version: found[version] for version in VERSIONS if version in found}


def attempt(python, commands, plain):
    with tempfile.TemporaryDirectory(prefix="fresh-") as folder:
        how = {"cwd": f"{folder}/project", "capture_output": True, "text": True}
        subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", ROOT, how["cwd"]], check=True)
        own = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
        own = {"PIP_CONFIG_FILE": f"{Path.home()}/.config/pip/pip.conf"} | own  # packages are where the machine says
        own |= {"HOME": folder, "XDG_CACHE_HOME": f"{folder}/cache", "PIP_NO_CACHE_DIR": "1"} | ({"UV_OFFLINE": "1"} if plain else {})
        for command in commands:
            begin, ended = time.monotonic(), subprocess.run([*command.split(), f"PYTHON={python}"], env=own, **how)
            left = subprocess.run(["git", "status", "--porcelain"], **how).stdout.split()[:6]
            said = f"{command}: status {ended.returncode}, changed {left}, {(ended.stdout + ended.stderr)[-300:]!r}"
            yield not (ended.returncode or left), said, f"{command} {time.monotonic() - begin:.0f} s"


def wheels(version):
    """Whether a Python finds every locked package ready made, and what is said where not."""
    with tempfile.TemporaryDirectory() as folder:
        how = f"--dry-run --no-deps --require-hashes --only-binary :all: --python-version {version} --target {folder} -r requirements.lock"
        ended = subprocess.run([sys.executable, "-m", "uv", "-q", "pip", "install", *how.split()], cwd=ROOT, capture_output=True, text=True)
        return not ended.returncode, f"Python {version}: {ended.stderr[-300:]!r}"


def run(short=False):
    known = dict(list(pythons().items())[: 1 if short else None])
    work = [(python, ["make", "make test FAST=1"][: 1 if short else 2], n % 2) for n, python in enumerate(known.values())]
    with ThreadPoolExecutor(WORKERS) as pool:
        for version, found in zip(known, pool.map(lambda one: list(attempt(*one)), work), strict=True):
            for kept, where, took in found:
                NOTES[0] += f" Python {version}: {took}."
                yield 0, kept, f"Python {version}, {where}"
        yield from ((1, *found) for found in pool.map(wheels, VERSIONS[: 1 if short else None]))
    NOTES[0] += f" Not at hand: {', '.join(sorted({*VERSIONS} - {*known})) or 'none'}."
