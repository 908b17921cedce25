"""The one way files are written: whole or not at all, and by one process at a time."""

import contextlib
import csv
import io
import os
import tempfile
from pathlib import Path


class WriteError(OSError):
    """A file that could not be written; what was there is unchanged."""


def _unwritable(folder, error, kept):
    return WriteError(f"cannot write to {folder.name}/ ({error.strerror}): free some space or mend its permissions; {kept}")


class Busy(OSError):
    """A folder that another process is at work on."""


MARK = "\ufeff".encode()  # by which spreadsheets know UTF-8


def frame_csv(data):
    """Bytes of a frame as a CSV to hand out: the mark first, a whole number without decimals, an open end empty."""
    return MARK + data.replace([float("inf"), -float("inf")], float("nan")).to_csv(index=False, lineterminator="\n", float_format="%.12g").encode()


def as_csv(columns, rows):
    """Text of a CSV without the mark."""
    writer = csv.DictWriter(buffer := io.StringIO(), columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()


def chart_stem(notebook, chart):
    """Beginning of the names of a chart's files: the number of its notebook and its own name, short enough for a narrow list."""
    return f"{notebook[:2]}-{chart}"


@contextlib.contextmanager
def only_one(folder):
    """Hold a folder for this process; the lock ends with the process, however it ends.

    Parameters
    ----------
    folder : Path
        Made if it is missing.

    Raises
    ------
    WriteError
        If the folder cannot be written.
    Busy
        If another process holds it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / "lock").open("w")
    except OSError as error:
        raise _unwritable(folder.parent, error, "nothing was changed") from error
    with file:
        try:
            if os.name == "nt":
                import msvcrt

                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            why = "another make is at work in this folder: wait until it has ended, then run make again; nothing was changed"
            raise Busy(why) from error
        yield


def sweep(*folders):
    """Remove the temporary files that a killed process left in folders.

    Parameters
    ----------
    *folders : Path
        Held by this process, so that nobody is still writing them.
    """
    for folder in folders:
        for path in filter(Path.is_file, folder.glob(".new-*")):
            path.unlink()


def write_atomically(folder, contents):
    """Write files so that each is the old one or the new one, never a part; what is unchanged is not touched.

    Parameters
    ----------
    folder : Path
        Made if it is missing.
    contents : dict of str to bytes
        File name to content.

    Raises
    ------
    WriteError
        If the folder cannot be written; nothing that was there is lost.
    """
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            target = folder / name
            if target.is_file() and target.read_bytes() == content:
                continue
            handle, temporary = tempfile.mkstemp(dir=folder, prefix=".new-")
            written.append((temporary, target))
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(temporary, 0o644)
        for temporary, target in written:
            os.replace(temporary, target)
    except OSError as error:
        raise _unwritable(folder, error, "the files that were there are unchanged") from error
    finally:
        for temporary, _ in written:
            Path(temporary).unlink(missing_ok=True)
