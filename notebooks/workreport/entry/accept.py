"""Move a draft into ``data/``: ``make accept NAME=area-year TEXT=path``, only if nothing is open, both readings agree and the check passes."""

import argparse
import os
import sys
from dataclasses import replace
from pathlib import Path

from ..files import WriteError, as_csv, only_one, write_atomically
from ..proof import check
from ..proof import text as proof_text
from ..proof.ledger import covered
from ..tables import DATA, meta_faults, read_descriptor, read_table
from .draft import DRAFTS, NEW_TABLES, DraftError, check_text, files_of, read_draft

_MOST = 12  # lines of one kind that are listed
KEPT = ("readings", "errata", "identities", "discrepancies")  # tables that a draft does not propose


class Overlay:
    """The data folder with a draft laid over it; read as a `Path` is."""

    def __init__(self, data, files):
        self.data, self.files = data, files

    def __truediv__(self, name):
        return _File(self.files[name]) if name in self.files else self.data / name


class _File:
    def __init__(self, content):
        self.content = content

    def read_bytes(self):
        return self.content


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
    lines, descriptor = [], {r["name"]: r for r in read_descriptor(data)["resources"]}
    columns = {n: [f["name"] for f in r["schema"]["fields"]] for n, r in descriptor.items()}
    if waiting := draft.open():
        lines += _some([f"offset {e.offset}: '{e.token}' ({draft.states.get(e.key) or 'not looked at'})" for e in waiting], "entries to accept in the proof sheet")
    unnamed = sorted({c["indicator_id"][4:] for e in draft.entries for _, c in e.rows if c.get("indicator_id", "").startswith("NEW:")})
    lines += _some([f"'{name}'" for name in unnamed], f"names without an id: fill in drafts/{draft.name}/indicators.csv")
    faults = [f for f in meta_faults(f"drafts/{draft.name}/report.json", draft.meta)]
    lines += _some([f"{f.column}: {f.expected}" for f in faults], "entries of report.json to fill in")
    blank = [r for r in draft.second if covered(draft.meta, int(r["offset"])) and not any(v for c, v in r.items() if c not in ("offset", "token"))]
    lines += _some([f"offset {r['offset']}: '{r['token']}'" for r in blank], "numerals that the second reading leaves blank")
    files = {f"{draft.name}/{name}": content for name, content in files_of(draft, data).items() if name.removesuffix(".csv") in descriptor or name == "report.json"}
    for name in KEPT:
        path = here / f"{name}.csv"
        files[f"{draft.name}/{name}.csv"] = path.read_bytes() if path.exists() else as_csv(columns[name], []).encode()
    known = {}
    for name in NEW_TABLES:
        del files[f"{draft.name}/{name}.csv"]
        known[name] = [row[f"{name[:-1]}_id"] for row in read_table(data, descriptor[name], draft.name, []).rows]
        if added := [row for row in draft.new[name] if row[f"{name[:-1]}_id"] and row[f"{name[:-1]}_id"] not in known[name]]:
            files[f"{name}.csv"] = (data / f"{name}.csv").read_bytes().rstrip(b"\n") + b"\n" + as_csv(columns[name], added).partition("\n")[2].encode()
    if not lines:
        report, found = check.check_data(draft.name, Overlay(data, files))
        named = {(f.file, f.row, f.column) for f in found}
        found += [f for f in (proof_text.faults(report, text) if report else ()) if (f.file, f.row, f.column) not in named]
        lines += _some([str(_in_draft(fault, draft.name, known)) for fault in found], "faults that make check finds")
    return lines, files


def _in_draft(fault, name, known):
    """A fault with the file and row that a person can mend: what is new of a shared table stands in the draft."""
    table = fault.file.removesuffix(".csv")
    if table in known and fault.row and fault.row > len(known[table]) + 1:
        return replace(fault, file=f"drafts/{name}/{fault.file}", row=fault.row - len(known[table]))
    return replace(fault, file=f"drafts/{fault.file}") if fault.file.startswith(f"{name}/") else fault


def _some(lines, what):
    """A heading with the number of lines, and the first of them."""
    if not lines:
        return []
    more = [f"  and {len(lines) - _MOST} more"] if len(lines) > _MOST else []
    return [f"{len(lines)} {what}:", *(f"  {line}" for line in lines[:_MOST]), *more]


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
        write_atomically(data / name, {file.rpartition("/")[2]: content for file, content in files.items() if "/" in file})
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
    print(f"{count} files in data/. Run make report NAME={options.name}, and make read TEXT={options.text} to see the report with its figures marked.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
