"""Rerun the notebooks, all or what changed: ``make``, or ``python -m workreport.rerun`` from `notebooks/`."""

import argparse
import hashlib
import json
import os
import re
import shutil
import sys
import tempfile
import time
from pathlib import Path

from .files import write_atomically

ROOT = Path(__file__).resolve().parents[2]
TIME_LIMIT = 600


def _digest(files):
    return hashlib.sha256(
        b"\0".join(b"%s %s" % (f.name.encode(), hashlib.sha256(f.read_bytes()).digest()) for f in files if f.is_file())
    ).hexdigest()


def shared_inputs(root=ROOT):
    """Digest of what every notebook depends on: the package, the tables, the lock, the Python."""
    package, data = root / "notebooks/workreport", root / "data"
    files = [p for pattern in ("*.py", "*.mplstyle", "fonts/*.ttf", "texts/*.toml") for p in sorted(package.glob(pattern))]
    files += [p for pattern in ("*.csv", "*.json", "*/*.csv", "*/*.json") for p in sorted(data.glob(pattern))]
    return _digest([*files, root / "requirements.lock"]) + sys.version


def fingerprint(notebook, shared):
    """Digest of all that a notebook's result depends on.

    Parameters
    ----------
    notebook : Path
    shared : str
        As `shared_inputs` returns it.

    Returns
    -------
    str
        Of its cells, without their outputs, and of what is shared.
    """
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    sources = json.dumps([[cell["cell_type"], "".join(cell["source"])] for cell in cells])
    return hashlib.sha256(f"{sources}{shared}".encode()).hexdigest()


def results(notebook, root=ROOT):
    """Digest of what a notebook has left: its own outputs and its figures."""
    return _digest([notebook, *sorted((root / "figures").glob(f"{notebook.stem}-*"))])


class RerunError(Exception):
    """A notebook that did not run to its end."""


def execute(notebook):
    """Run a notebook in its own folder and return the text of the executed notebook.

    Raises
    ------
    RerunError
        Naming the notebook, the cell, the line and the exception.
    """
    import nbformat
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from nbconvert.preprocessors import CellExecutionError, ExecutePreprocessor
    from traitlets.config import Config

    book = nbformat.read(notebook, as_version=4)
    config = Config()
    sockets = tempfile.mkdtemp(prefix="kernel-")
    if os.name == "posix":  # sockets in a folder of our own: no race for ports, no port open to others
        config.KernelManager.transport = "ipc"
        config.KernelManager.ip = f"{sockets}/k"
    run = ExecutePreprocessor(timeout=TIME_LIMIT, record_timing=False, config=config)
    try:
        run.preprocess(book, {"metadata": {"path": str(notebook.parent)}})
    except CellExecutionError as error:
        cell = next(i for i, c in enumerate(book.cells) if any(o.get("output_type") == "error" for o in c.get("outputs", ())))
        line = next((t for t in error.traceback.splitlines() if "-->" in t), "").strip()
        raise RerunError(f"{notebook.name}, cell {cell + 1}: {error.ename}: {error.evalue}\n  {_plain(line)}") from None
    except CellTimeoutError:
        raise RerunError(f"{notebook.name}: a cell took longer than {TIME_LIMIT} s") from None
    except DeadKernelError:
        raise RerunError(f"{notebook.name}: its kernel died; run make again") from None
    finally:
        shutil.rmtree(sockets, ignore_errors=True)
    # The version of Python would differ between machines.
    book.metadata["language_info"] = {"name": "python"}
    return nbformat.writes(book).rstrip("\n") + "\n"


def _plain(text):
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def rerun(notebooks, *, root=ROOT, force=False, say=print):
    """Rerun every notebook whose inputs or results changed.

    Parameters
    ----------
    notebooks : list of Path
    root : Path
    force : bool
        Rerun even what is unchanged.
    say : callable
        Takes one line of progress.

    Returns
    -------
    int
        How many were rerun.
    """
    done, shared = 0, shared_inputs(root)
    for i, notebook in enumerate(notebooks, 1):
        inputs = fingerprint(notebook, shared)
        if not force and _recorded(notebook.stem, root) == [inputs, results(notebook, root)]:
            continue
        start = time.monotonic()
        say(f"[{i}/{len(notebooks)}] {notebook.name} …")
        text = execute(notebook)
        if text != notebook.read_text(encoding="utf-8"):
            write_atomically(notebook.parent, {notebook.name: text.encode()})
        _record(notebook.stem, [inputs, results(notebook, root)], root)
        say(f"[{i}/{len(notebooks)}] {notebook.name} done in {time.monotonic() - start:.0f} s")
        done += 1
    return done


def _recorded(name, root):
    try:
        return json.loads((root / ".venv/rerun" / f"{name}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _record(name, state, root):
    write_atomically(root / ".venv/rerun", {f"{name}.json": json.dumps(state).encode()})


def renew_pages(notebooks, root=ROOT):
    """Write the generated pages that are stale; returns how many."""

    def state():
        files = [
            root / "README.md",
            root / "data/README.md",
            root / "figures/README.md",
            root / "figures/findings.csv",
            *sorted((root / "figures").glob("*.json")),
        ]
        return [shared_inputs(root), _digest([*notebooks, *files])]

    if _recorded("pages", root) == state():
        return 0
    from . import pages

    written = pages.write_all()
    _record("pages", state(), root)
    return written


def main(arguments=None):
    """Command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="workreport.rerun", description="Rerun the notebooks and export every figure.")
    parser.add_argument("--force", action="store_true", help="rerun what is unchanged too")
    options = parser.parse_args(arguments)
    from . import check

    if check.main(["--quiet"]):
        print("The tables are at fault, so nothing was rerun and nothing was changed.")
        return 1
    notebooks = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
    if not notebooks:
        print("notebooks/ holds no notebook: restore it with git checkout -- notebooks")
        return 1
    try:
        done = rerun(notebooks, force=options.force)
        written = renew_pages(notebooks)
    except (RerunError, OSError) as error:
        print(error)
        return 1
    if not done and not written:
        print(f"Nothing to do: {len(notebooks)} notebook{'s' * (len(notebooks) > 1)} and every figure are up to date.")
    else:
        print(f"{done} of {len(notebooks)} notebooks rerun, {len(notebooks) - done} unchanged; figures are in figures/.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
