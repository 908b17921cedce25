"""Move a draft into ``data/``: ``make accept NAME=area-year TEXT=path``.

Only if nothing is open, both readings agree and the check passes.
"""

import argparse
import os
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

from ..files import WriteError, as_csv, only_one, write_atomically
from ..proof import check
from ..proof import text as proof_text
from ..proof.ledger import covered
from ..tables import DATA, meta_faults, read_descriptor, read_table
from .draft import DRAFTS, NEW_TABLES, DraftError, check_text, columns_of, files_of, read_draft

_MOST = 12  # lines of one kind that are listed
KEPT = ("readings", "errata", "identities", "discrepancies")  # tables that a draft does not propose


class Overlay:
    """The data folder with a draft laid over it; read as a `Path` is."""

    def __init__(self, data, files):
        self.data, self.files = data, files

    def __truediv__(self, name):
        return SimpleNamespace(read_bytes=lambda: self.files[name]) if name in self.files else self.data / name


def missing(draft, here, text, data=DATA):
    """What keeps a draft from being accepted, as lines for a person; and the files that would be written.

    Parameters
    ----------
    draft : Draft
    here : Path
        Its folder.
    text : Path
        The report's text.
    data : Path

    Returns
    -------
    lines : list of str
    files : dict of bytes
        By path below `data`.
    """
    lines, columns = [], columns_of(data)

    def tell(found, what):
        if found:
            more = [f"  and {len(found) - _MOST} more"] if len(found) > _MOST else []
            lines.extend([f"{len(found)} {what}:", *(f"  {line}" for line in found[:_MOST]), *more])

    waiting = [f"offset {e.offset}: '{e.token}' ({draft.states.get(e.key) or 'not looked at'})" for e in draft.open()]
    tell(waiting, "entries to accept in the proof sheet")
    names = dict.fromkeys(cells.get("indicator_id", "") for entry in draft.entries for _, cells in entry.rows)
    tell([f"'{name[4:]}'" for name in names if name.startswith("NEW:")], f"names without an id: fill in drafts/{draft.name}/indicators.csv")
    faults = meta_faults(f"drafts/{draft.name}/report.json", draft.meta)
    tell([f"{fault.column}: {fault.expected}" for fault in faults], "entries of report.json to fill in")
    blank = [row for row in draft.second if not any(v for c, v in row.items() if c not in ("offset", "token"))]
    blank = [f"offset {row['offset']}: '{row['token']}'" for row in blank if covered(draft.meta, int(row["offset"]))]
    tell(blank, "numerals that the second reading leaves blank")
    files, known = {}, {}
    for name, content in files_of(draft, data).items():
        if name == "report.json" or name.removesuffix(".csv") in columns.keys() - {*NEW_TABLES}:
            files[f"{draft.name}/{name}"] = content
    for name in KEPT:
        path = here / f"{name}.csv"
        files[f"{draft.name}/{name}.csv"] = path.read_bytes() if path.exists() else as_csv(columns[name], []).encode()
    resources = {resource["name"]: resource for resource in read_descriptor(data)["resources"]}
    for name in NEW_TABLES:
        column = f"{name[:-1]}_id"
        known[name] = [row[column] for row in read_table(data, resources[name], draft.name, []).rows]
        if added := [row for row in draft.new[name] if row[column] not in ("", *known[name])]:
            rows = as_csv(columns[name], added).partition("\n")[2].encode()
            files[f"{name}.csv"] = (data / f"{name}.csv").read_bytes().rstrip(b"\n") + b"\n" + rows
    if not lines:
        report, found = check.check_data(draft.name, Overlay(data, files))
        named = {(f.file, f.row, f.column) for f in found}
        found += [f for f in (proof_text.faults(report, text) if report else ()) if (f.file, f.row, f.column) not in named]
        tell([str(_in_draft(fault, draft.name, known)) for fault in found], "faults that make check finds")
    return lines, files


def _in_draft(fault, name, known):
    """A fault with the file and row that a person can mend: what is new of a shared table stands in the draft."""
    table = fault.file.removesuffix(".csv")
    if table in known and fault.row and fault.row > len(known[table]) + 1:
        return replace(fault, file=f"drafts/{name}/{fault.file}", row=fault.row - len(known[table]))
    return replace(fault, file=f"drafts/{fault.file}") if fault.file.startswith(f"{name}/") else fault


def accept(name, path, folder=DRAFTS, data=DATA):
    """Move a draft into the data folder.

    Returns
    -------
    int
        How many files were written.

    Raises
    ------
    DraftError
        If there is no such draft, it is of another text, or something is missing; nothing was changed.
    """
    here = folder / name
    if not name or not (here / "report.json").exists():
        raise DraftError(f"drafts/{name}/ is no draft: begin one with make draft NAME={name or 'area-year'} TEXT=path")
    if (data / name).exists():
        raise DraftError(f"data/{name}/ is there already: move it away, or give the draft another name; nothing was changed")
    text = check_text(path)
    with only_one(here):
        draft = read_draft(name, text, folder, data)
        lines, files = missing(draft, here, path, data)
        if lines:
            raise DraftError("\n".join([*draft.said, f"drafts/{name}/ is not ready; nothing was changed.", *lines]))
        write_atomically(data, {file: content for file, content in files.items() if "/" not in file})
        own = {file.partition("/")[2]: content for file, content in files.items() if "/" in file}
        write_atomically(data / name, own)
        for file in (*files_of(draft, data), *(f"{kept}.csv" for kept in KEPT), "lock"):
            (here / file).unlink(missing_ok=True)
    if not any(here.iterdir()):
        here.rmdir()
    return len(files)


def main(arguments=None):
    """Command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="workreport.entry.accept", description="Move a draft into the data folder.")
    parser.add_argument("--name", default=os.environ.get("NAME", ""))
    parser.add_argument("--text", default=os.environ.get("TEXT", ""))
    options = parser.parse_args(arguments)
    try:
        count = accept(options.name, Path(options.text))
    except (DraftError, WriteError, OSError) as error:
        print(error)
        return 1
    do = f"Run make report NAME={options.name}, and make read TEXT={options.text} to see the report with its figures marked."
    print(f"{count} files in data/. {do}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
