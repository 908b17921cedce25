"""A seal over the tables: a digest per row and per column, so that a changed cell is named.

Some cells have no second source (addresses, notes, definitions). The seal makes an unintended
change of any of them visible; it proves nothing about whether a value is right.
"""

import difflib
import hashlib
import json

from .files import write_atomically
from .tables import Fault, decode

FILE = "seal.json"


def _digest(cells):
    return hashlib.sha256(json.dumps(cells, ensure_ascii=False).encode()).hexdigest()[:10]


def _flat(value, path=""):
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _flat(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for i, item in enumerate(value):
            yield from _flat(item, f"{path}[{i}]")
    else:
        yield path, value


def make_seal(reports):
    """Digests of every table and every `report.json`.

    Parameters
    ----------
    reports : list of Report

    Returns
    -------
    dict
        File to ``{"rows": [...], "columns": {...}}``, or to ``{"entries": {...}}`` for JSON.
    """
    seal = {}
    for report in reports:
        for table in report.tables.values():
            seal[table.file] = {
                "rows": [_digest(list(row.values())) for row in table.rows],
                "columns": {c: _digest([row[c] for row in table.rows]) for c in table.columns},
            }
        seal[f"{report.name}/report.json"] = {"entries": {path: _digest([value]) for path, value in _flat(report.meta)}}
    return seal


def write_seal(reports, data):
    """Write `seal.json` anew."""
    text = json.dumps(make_seal(reports), ensure_ascii=False, indent=0, separators=(",", ":")) + "\n"
    write_atomically(data, {FILE: text.encode()})


def seal_faults(report, data):
    """Every cell that differs from the seal, named by its row and column."""
    do = "restore it (git diff shows the change); if the change is meant, renew the seal: make seal"
    try:
        return _differences(report, json.loads(decode((data / FILE).read_bytes())), do)
    except (OSError, ValueError, RecursionError, AttributeError, TypeError, KeyError):
        return [
            Fault(
                FILE,
                None,
                None,
                "a cell that differs from the seal: no readable seal",
                "the digests of the tables",
                "restore it: git checkout -- data/seal.json, or renew it: make seal",
            )
        ]


def _differences(report, sealed, do):
    faults = []
    for file, current in make_seal([report]).items():
        known = sealed.get(file)
        if known is None:
            faults.append(
                Fault(
                    file,
                    None,
                    None,
                    "a cell that differs from the seal: a file that is not sealed",
                    "a sealed file",
                    "renew the seal: make seal",
                )
            )
        elif "entries" in current:
            paths = sorted(known["entries"].keys() | current["entries"].keys())
            faults += [
                Fault(file, None, path, "a cell that differs from the seal", "the sealed one", do)
                for path in paths
                if known["entries"].get(path) != current["entries"].get(path)
            ]
        else:
            faults += _table_faults(next(t for t in report.tables.values() if t.file == file), known, current, do)
    return faults


def _table_faults(table, known, current, do):
    found, expected = "a cell that differs from the seal", "the sealed one"
    if len(known["rows"]) != len(current["rows"]):
        return list(_row_faults(table, known["rows"], current["rows"], found, do))
    columns = [c for c in table.columns if known["columns"].get(c) != current["columns"][c]]
    rows = [i for i, digest in enumerate(current["rows"]) if digest != known["rows"][i]]
    if bool(rows) != bool(columns):
        return [Fault(FILE, None, table.file, f"{found}: its digests of rows and of columns disagree", "both of the same cells", do)]
    return [table.fault(i, c, found, expected, do) for i in rows for c in columns]


def _row_faults(table, known, current, found, do):
    """Rows that were added, and the places where rows are gone."""
    for _, was, until, at, end in (
        o for o in difflib.SequenceMatcher(None, known, current, autojunk=False).get_opcodes() if o[0] != "equal"
    ):
        gone, added = until - was, end - at
        line = [*table.lines, (table.lines or [1])[-1] + 1][at]
        expected = f"{len(known)} sealed rows, {gone} of them here"
        yield Fault(table.file, line, None, f"{found}: {len(current)} rows, {added} here that are not sealed", expected, do)
