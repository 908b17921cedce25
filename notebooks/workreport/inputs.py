"""What a run reads of the project: modules, texts and tables, so that ``make`` reruns only what a change touches.

A kernel started by `rerun` watches itself: every file of the package and of `data/` that is opened
counts as read. The loader opens every table to check it, which is no use of it: a table counts once
a figure, a row or a column of it is asked for.
"""

import contextlib
import json
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
_read, _watching = set(), []


def note(file):
    """Count a file as read.

    Parameters
    ----------
    file : str
        Path below the project, with forward slashes.
    """
    _read.add(file)


@contextlib.contextmanager
def unnoted():
    """Open files without counting them as read."""
    before = list(_watching)
    _watching.clear()
    try:
        yield
    finally:
        _watching.extend(before)


def watch():
    """From now on count every file that this process opens; cannot be undone."""
    _watching.append(True)

    def hook(event, arguments):
        if event == "open" and _watching and isinstance(arguments[0], str):
            _read.add(arguments[0])

    sys.addaudithook(hook)


def read():
    """What this process has read so far, as JSON: a list of paths below the project."""
    modules = [getattr(module, "__file__", None) for name, module in list(sys.modules.items()) if name.partition(".")[0] == __package__]
    roots = (PROJECT / "data", PROJECT / "notebooks" / __package__)
    # A relative path is one below the project (`note`) or below the kernel's own folder (`watch`).
    paths = {base / file for base in (PROJECT, Path.cwd()) for file in (*_read, *filter(None, modules))}
    found = {path.resolve() for path in paths if path.suffix != ".pyc" and path.is_file()}
    return json.dumps(sorted(path.relative_to(PROJECT).as_posix() for path in found if any(path.is_relative_to(root) for root in roots)))
