"""Slips in the tables: every digit, and every other kind of slip, against `make check`.

Each case spoils a copy of the data in memory and runs the functions of the check on it. A slip is
named if a message holds its file, line and column (of any one cell it touched; of a whole row: its
file and line). Each is judged again without the seal: does `make seal` refuse to seal it in, so that
it stays named? A slip made in both readings and sealed in is judged a third time, with the text.
"""

import csv
import io
import json
import os
import random
from collections import namedtuple
from functools import cache, lru_cache
from multiprocessing import get_context

from workreport import check, seal, second_reading, tables, tokeniser
from workreport.tables import DATA, FIGURE_TABLES

from . import SEED, TEXT, Row

NAME = tables.DEFAULT_REPORT
DIGITS = "0123456789"
# A slip: its kind, the cells or rows it changes [(table, row, column, new)], the lines it must be named by.
Slip = namedtuple("Slip", "kind edits")
OTHER_VALUES = 3


class Memory:
    """A data folder in memory, read as a `Path` is."""

    def __init__(self, files):
        self.files, self.name = files, "data"

    def __truediv__(self, name):
        if name not in self.files:
            raise FileNotFoundError(name)
        return _File(self.files[name])


class _File:
    def __init__(self, content):
        self.content = content

    def read_bytes(self):
        return self.content


@cache
def _files():
    return {str(p.relative_to(DATA)).replace(os.sep, "/"): p.read_bytes() for p in DATA.rglob("*") if p.suffix in (".csv", ".json")}


@cache
def _report():
    return tables.load_report(NAME)


@cache
def _cells():
    """Header and rows of each table, by its name."""
    return {name: [table.columns, *(list(row.values()) for row in table.rows)] for name, table in _report().tables.items()}


@cache
def remember():
    """Memoise the pure functions that every case would repeat on what it did not change."""
    tables.quantity_of = lru_cache(None)(tables.quantity_of)
    tables.read_numeral = lru_cache(None)(tables.read_numeral)
    tables.unsafe = lru_cache(None)(tables.unsafe)
    plain, read, find = seal._digest, tables._read_table, tokeniser.find_numerals
    digest = lru_cache(None)(lambda cells: plain(list(cells)))
    seal._digest = lambda cells: digest(tuple(cells))
    check.find_numerals = lru_cache(4)(find)
    kept = {}

    def read_table(data, resource, report, faults):
        content = data.files[tables.table_file(resource, report)] if isinstance(data, Memory) else None
        if content is None or content is not _files().get(tables.table_file(resource, report)):
            return read(data, resource, report, faults)
        if resource["name"] not in kept:
            kept[resource["name"]] = read(data, resource, report, faults)
        return kept[resource["name"]]

    tables._read_table = read_table


def spoiled(slip):
    """The files of the data with a slip in them."""
    changed = {}
    for table, row, column, new in slip.edits:
        if table == "report.json":
            meta = changed.setdefault(table, json.loads(_files()[f"{NAME}/report.json"]))
            _set(meta, column, new)
            continue
        rows = changed.setdefault(table, [list(cells) for cells in _cells()[table]])
        if column is None:  # whole rows: how many of them, and what stands in their place
            rows[row + 1 : row + 1 + new[0]] = new[1]
        else:
            rows[row + 1][rows[0].index(column) if row >= 0 else _cells()[table][0].index(column)] = new
    return _files() | {_file(table): _bytes(table, content) for table, content in changed.items()}


def _file(table):
    return f"{NAME}/report.json" if table == "report.json" else _report().tables[table].file


def _bytes(table, content):
    if table == "report.json":
        return json.dumps(content, ensure_ascii=False).encode()
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(content)
    return buffer.getvalue().encode()


def _set(meta, path, new):
    *parents, last = [int(p) if p.isdigit() else p for p in path.replace("[", ".").replace("]", "").split(".")]
    for part in parents:
        meta = meta[part]
    meta[last] = new


def judge(slip):
    """Whether a slip is named as saved, refused by `make seal`, and refused with the text at hand."""
    data = Memory(spoiled(slip))
    report, found = check.check_data(NAME, data)
    beyond = [fault for fault in found if not fault.found.startswith("a cell that differs from the seal")]
    proven = None
    if slip.kind == "both" and TEXT.is_file():
        proven = bool(beyond or check.text_faults(report, TEXT))
    return _named(slip, found), bool(beyond), proven


def _named(slip, faults):
    places = [place for edit in slip.edits for place in _places(*edit)]
    return any(place in str(fault) for fault in faults for place in places)


def _places(table, row, column, _):
    """What a message may call the place of one edit."""
    file, line = _file(table), row + 2
    if table == "report.json":
        return [f"{file}:{column}:"]
    if column is None:
        return [f"{file}:{line}:", f"{file}:{line + 1}:"]
    if table == "second-reading" and row >= 0:  # where the readings differ the message begins with the other cell
        return [f"{file}:{line}:{column}:", f"second-reading.csv:{line} has it"]
    return [f"{file}:{line}:{column}:"]


# What slips there are.


def digit_slips():
    for table, row, column, cell in _each_cell():
        for k, old in enumerate(cell):
            if old in DIGITS:
                for new in DIGITS.replace(old, ""):
                    yield Slip("digit", [(table, row, column, cell[:k] + new + cell[k + 1 :])])
    for path, value in seal._flat(_report().meta):
        text = str(value)
        for k, old in enumerate(text):
            if old in DIGITS:
                for new in DIGITS.replace(old, ""):
                    other = text[:k] + new + text[k + 1 :]
                    yield Slip("digit", [("report.json", 0, path, int(other) if isinstance(value, int) else other)])


def _each_cell():
    for table, (columns, *rows) in _cells().items():
        for i, cells in enumerate(rows):
            for column, cell in zip(columns, cells, strict=True):
                yield table, i, column, cell


def order_slips():
    """Digits swapped, dropped, doubled; a sign added or taken away."""
    for table, row, column, cell in _each_cell():
        for k, digit in enumerate(cell):
            if digit not in DIGITS:
                continue
            after = cell[k + 1 : k + 2]
            if after in DIGITS and after and after != digit:
                yield Slip("swapped", [(table, row, column, cell[:k] + after + digit + cell[k + 2 :])])
            yield Slip("dropped", [(table, row, column, cell[:k] + cell[k + 1 :])])
            yield Slip("doubled", [(table, row, column, cell[: k + 1] + cell[k:])])
        if column in ("value", "low", "high", "offset", "token") and cell[:1] + cell[1:2] != "" and set(cell) & set(DIGITS):
            yield Slip("sign", [(table, row, column, cell.removeprefix("-") if cell.startswith("-") else "-" + cell)])


def value_slips():
    """A cell replaced by another legal value of its column, emptied or filled; a letter changed in a free text."""
    chance = random.Random(SEED)
    for table, (columns, *rows) in _cells().items():
        resource = next(r for r in tables.read_descriptor()["resources"] if r["name"] == table)
        for at, column in enumerate(columns):
            rules = next(f for f in resource["schema"]["fields"] if f["name"] == column).get("constraints", {})
            seen = sorted({cells[at] for cells in rows} | set(rules.get("enum", ())) | ({""} if not rules.get("required") else set()))
            if column == "unit":
                seen = sorted(set(seen) | {"亿元", "万元", "元", "%", "个百分点", "个", "位"})
            for i, cells in enumerate(rows):
                others = [value for value in seen if value != cells[at]]
                for new in chance.sample(others, min(OTHER_VALUES if len(seen) > 8 else 8, len(others))):
                    yield Slip(column, [(table, i, column, new)])
                if column in ("offset",):
                    for step in (-10, -1, 1, 10):
                        if int(cells[at]) + step >= 0:
                            yield Slip("shifted", [(table, i, column, str(int(cells[at]) + step))])


def shape_slips():
    """Rows dropped, doubled, swapped with the next; columns renamed or their names swapped."""
    for table, (columns, *rows) in _cells().items():
        for i, cells in enumerate(rows):
            yield Slip("row dropped", [(table, i, None, (1, []))])
            yield Slip("row doubled", [(table, i, None, (1, [cells, cells]))])
            if i + 1 < len(rows) and rows[i + 1] != cells:
                yield Slip("row swapped", [(table, i, None, (2, [rows[i + 1], cells]))])
        for at, column in enumerate(columns):
            yield Slip("column renamed", [(table, -1, column, column + "s")])
            if at + 1 < len(columns):
                yield Slip("column swapped", [(table, -1, column, columns[at + 1]), (table, -1, columns[at + 1], column)])


def both_slips():
    """The same slip in the table, in the ledger's token where it has one, and in the second reading."""
    second, ledger = _report().tables["second-reading"].rows, _report().numerals
    place = {row["figure_id"]: ledger[row["numeral_id"]]["offset"] for name in FIGURE_TABLES[:-1] for row in _report().tables[name].rows}
    at = {row["numeral_id"]: i for i, row in enumerate(_report().tables["numerals"].rows)}
    pairs = [
        (row["offset"], i, {"token": "token", "role": "role", "section": "section"}, "numerals")
        for i, row in enumerate(_report().tables["numerals"].rows)
    ]
    shown = {"subject_offset": "subject", "counted_offset": "counted"}
    pairs += [
        (place[row["figure_id"]], i, {c: shown.get(c, c) for c in second_reading.FIGURE_FIELDS if shown.get(c, c) in row}, name)
        for name in FIGURE_TABLES[:-1]
        for i, row in enumerate(_report().tables[name].rows)
    ]
    pairs += [
        (row["offset"], i, {("token" if c == "term" else c): c for c in second_reading.CLAIM_FIELDS}, "claims")
        for i, row in enumerate(_report().tables["claims"].rows)
    ]
    for offset, i, fields, name in pairs:
        row = _report().tables[name].rows[i]
        twins = [
            j
            for j, other in enumerate(second)
            if other["offset"] == offset
            and (name == "numerals" and other["table"] != "claims" or other["table"] == name)
            and (name in ("numerals", "claims") or other["indicator_id"] == row["indicator_id"])
        ]
        for theirs, column in fields.items():
            seen = sorted({r[column] for r in _report().tables[name].rows} - {row[column]})
            for new in _slips_of(row[column], seen, column):
                value = place.get(new, "") if theirs in shown else new
                edits = [(name, i, column, new)] + [("second-reading", j, theirs, value) for j in twins]
                if column == "value":
                    edits += [("numerals", at[row["numeral_id"]], "token", new)]
                    edits += [
                        ("second-reading", j, "token", new)
                        for j, other in enumerate(second)
                        if other["offset"] == offset and other["table"] != "claims"
                    ]
                if column == "token" and any(
                    r["numeral_id"] == row["numeral_id"] for t in FIGURE_TABLES[:-1] for r in _report().tables[t].rows
                ):
                    continue  # tried from its figure
                yield Slip("both", edits)


def _slips_of(cell, seen, column):
    if column in ("value", "token", "out_of", "term"):
        return [cell[:k] + new + cell[k + 1 :] for k, old in enumerate(cell) if old in DIGITS for new in DIGITS.replace(old, "")] or seen[
            :3
        ]
    chance = random.Random(f"{SEED} {cell} {column}")
    return chance.sample(seen, min(OTHER_VALUES, len(seen)))


PROMISES = (
    ("digit", "A digit changed to any other, in any cell", digit_slips),
    ("order", "Digits swapped, dropped or doubled, or a sign, in any cell", order_slips),
    (
        "value",
        "Another legal value in a cell: unit, qualifier, period, area, comparator, scope, indicator, words; an offset shifted",
        value_slips,
    ),
    ("shape", "A row dropped, doubled or swapped; a column renamed or swapped", shape_slips),
    ("both", "The same slip in both readings, and in the ledger", both_slips),
)
_SLIPS = {}


def _judged(key_and_index):
    key, index = key_and_index
    return index, judge(_SLIPS[key][index])


def run(short=False):
    """Rows of this campaign; the short form judges a seeded sample."""
    chance, rows, notes = random.Random(SEED), [], {}
    for key, _, slips in PROMISES:
        made = list(slips())
        size = 60 if short else int(os.environ.get("CASES") or len(made))
        _SLIPS[key] = chance.sample(made, min(len(made), size))
        notes[key] = "" if size >= len(made) else f"A seeded sample of {size:,} of {len(made):,} cases (CASES={size})."
    remember()
    assert check.check_data(NAME, Memory(_files()))[1] == [], "the tables are at fault before anything was spoiled: run make check"
    workers = 1 if short else int(os.environ.get("WORKERS", "2"))
    with get_context("fork").Pool(workers) as pool:
        for key, promise, _ in PROMISES:
            slips = _SLIPS[key]
            saved = Row(f"{promise}: `make check` names the cell", note=notes[key])
            sealed = Row(f"{promise}: `make seal` refuses to seal it in")
            proven = Row(f"{promise}, even sealed in: `make check` with the text names it")
            work = [(key, i) for i in range(len(slips))]
            for index, judged in pool.imap(_judged, work, 200) if workers > 1 else map(_judged, work):
                for row, kept, how in zip((saved, sealed, proven), judged, ("", "", " with text"), strict=True):
                    if kept is not None:
                        row.case(kept, f"{key}{how}: {_where(slips[index])}")
            rows += [saved, sealed, *([proven] if key == "both" else [])]
    return rows


def _where(slip):
    table, row, column, _ = slip.edits[0]
    if column is None or row < 0:
        return f"{table} {slip.kind}"
    return f"{table}.{column}" if table != "report.json" else f"report.json.{column.partition('[')[0]}"
