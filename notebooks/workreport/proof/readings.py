"""The tables against a second, independent reading of the text, cell by cell."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from ..tables import FIGURE_TABLES
from .ledger import NOWHERE, offset_of, section_at
from .tokeniser import WORDS, plain

LEDGER_FIELDS = ("token", "role", "section")
FIGURE_FIELDS = (
    "indicator_id", "value", "unit", "qualifier", "period", "area", "flow_or_stock", "price_basis", "direction",
    "comparator", "subject_offset", "aspect", "scope", "out_of", "kind", "plan", "counted_offset", "estimate", "aim", "comparable",
)  # fmt: skip
CLAIM_FIELDS = ("indicator_id", "term", "kind", "period", "area", "section")
# A figure names another by its id, a reading by its offset.
_POINTING = {"subject_offset": "subject", "counted_offset": "counted"}


@dataclass(frozen=True)
class Cell:
    """One cell in both readings.

    Parameters
    ----------
    table : str
        Table in which the cell is at fault if both differ.
    index : int
        Its row, from 0.
    column : str
        ``row`` where one reading has no such row.
    offset : str
    first, second : str or None
        None where that reading has no such row.
    line : int or None
        Line of the second reading.
    """

    table: str
    index: int
    column: str
    offset: str
    first: str | None
    second: str | None
    line: int | None = None


def _first(report):
    """Table, index, offset and cells of every row of the tables."""
    offsets = {row["numeral_id"]: row["offset"] for row in report.tables["numerals"].rows}
    place = {figure: offsets.get(row["numeral_id"], "") for figure, (_, row) in report.rows.items()}
    for i, row in enumerate(report.tables["numerals"].rows):
        yield "numerals", i, row["offset"], {c: row[c] for c in LEDGER_FIELDS}
    for name in FIGURE_TABLES:
        for i, row in enumerate(report.tables[name].rows):
            if name == "claims":
                yield name, i, row["offset"], {c: row[c] for c in CLAIM_FIELDS}
            else:
                full = row | {c: place.get(row.get(of), "") for c, of in _POINTING.items() if of in row}
                yield name, i, place[row["figure_id"]], {c: full[c] for c in FIGURE_FIELDS if c in full}


def _second(report):
    """The same of the second reading, whose rows hold a numeral and a figure at once."""
    seen = set()
    for i, row in enumerate(map(completed(report), report.tables["second-reading"].rows)):
        if row["table"] == "claims":
            yield "claims", i, row["offset"], row | {"term": row["token"]}
            continue
        if row["offset"] not in seen:
            yield "numerals", i, row["offset"], row
        seen.add(row["offset"])
        if row["table"]:
            yield row["table"], i, row["offset"], row


def completed(report):
    """Fill what a second reading may leave empty, because it follows from its other cells, the codebook and the report.

    Parameters
    ----------
    report : Report

    Returns
    -------
    callable
        From a row to the row with its role, section, value, period, area, flow or stock, price basis and kind.
    """
    meta, columns = report.meta, {name: set(table.columns) for name, table in report.tables.items()}

    def filled(row):
        own, at = columns.get(row["table"], ()), offset_of(row)
        indicator = report.indicators.get(row["indicator_id"], {})
        figure = row["table"] in FIGURE_TABLES and row["table"] != "claims"
        follows = {
            "role": ("threshold" if row["table"] == "thresholds" else "figure") if figure else "",
            "section": section_at(meta, at) if at != NOWHERE else "",
            "value": WORDS.get(row["token"], (plain(row["token"]),))[0] if figure else "",
            "period": meta["year_planned" if row["table"] == "targets" else "year_reviewed"],
            "area": meta["area"],
            "flow_or_stock": indicator.get("kind", ""),
            "price_basis": indicator.get("price_basis", ""),
            "kind": indicator.get("kind", "") if row["table"] == "shares" else "",
        }
        return row | {c: text for c, text in follows.items() if not row[c] and (c in own or c in ("role", "section"))}

    return filled


def comparison(report):
    """Every `Cell` of the tables of a `Report`, paired with the cell of the second reading."""
    others, cells = defaultdict(list), []
    for table, at, offset, row in _second(report):
        others[table, offset].append((at, row))
    for table, i, offset, row in _first(report):
        known = others[table, offset]
        pair = next((p for p in known if p[1]["indicator_id"] == row.get("indicator_id")), known[0] if known else None)
        if pair is None:
            cells.append(Cell(table, i, "row", offset, row.get("term") or row.get("token") or row["value"], None))
            continue
        known.remove(pair)
        at, other = pair
        line = report.tables["second-reading"].lines[at]
        if "indicator_id" in row and other["indicator_id"].startswith("NEW:"):  # named by the reader before the codebook had it
            other = other | {"indicator_id": row["indicator_id"]}
        columns = row if table in ("numerals", "claims") else [c for c in FIGURE_FIELDS if c in row or other[c]]
        cells += [Cell(table, i, _POINTING.get(c, c), offset, row.get(c, ""), other[c], line) for c in columns]
    for (_, offset), rows in others.items():
        cells += [Cell("second-reading", at, "row", offset, None, row["indicator_id"] or row["token"]) for at, row in rows]
    return cells


def faults(report):
    """Every difference in a `Report` that `discrepancies.csv` does not settle, and every stale entry of it, as `Fault`."""
    yield from _said_twice(report.tables["second-reading"], completed(report))
    log, cells = report.tables["discrepancies"], comparison(report)
    entries = {(row["offset"], row["table"], row["field"]): row for row in log.rows}
    compared = {(cell.offset, cell.table, cell.column): cell for cell in cells}
    settle = "or settle it by the text in discrepancies.csv"
    for cell in cells:
        entry, table = entries.get((cell.offset, cell.table, cell.column)), report.tables[cell.table]
        settled = entry and (entry["settled"], entry["second_reading"]) == (cell.first, cell.second)
        if entry and cell.column == "row":  # who had the row, and no other
            settled = bool(entry["second_reading"]) == (cell.second is not None)
        if settled or cell.first == cell.second:
            continue
        if cell.column == "row":
            lacks = "second reading" if cell.second is None else "tables"
            found = f"'{cell.first or cell.second}' at offset {cell.offset}, not in the {lacks}"
            yield table.fault(cell.index, None, found, "a row in both readings", f"correct the offset or the table, {settle}")
        else:
            expected = f"'{cell.second}', as second-reading.csv:{cell.line} has it"
            yield table.fault(cell.index, cell.column, f"'{cell.first}'", expected, f"correct it from the text, {settle}")
    rows = {(cell.offset, cell.table) for cell in cells}
    for i, row in enumerate(log.rows):
        cell = compared.get((row["offset"], row["table"], row["field"]))
        if row["field"] == "row":
            if (row["offset"], row["table"]) not in rows:
                expected = f"the offset of a row of {row['table']}"
                yield log.fault(i, "offset", row["offset"], expected, "correct or remove the entry")
        elif cell is None or row["second_reading"] != cell.second:
            expected = f"'{cell and cell.second}', as second-reading.csv has it"
            yield log.fault(i, "second_reading", f"'{row['second_reading']}'", expected, "correct or remove the entry")
        elif row["settled"] != cell.first:
            yield log.fault(i, "settled", f"'{row['settled']}'", f"'{cell.first}', as {row['table']} has it", "correct one of them")
        elif row["first_reading"] == row["second_reading"] == row["settled"]:
            found = f"'{row['first_reading']}'"
            yield log.fault(i, "first_reading", found, "a difference", "remove the entry: there was none")


def _said_twice(table, filled):
    """Rows of the second reading that say one thing twice, or two things of one numeral."""
    first, rows = {}, list(map(filled, table.rows))
    for i, row in enumerate(rows):
        at, other = first.setdefault((row["table"] == "claims", row["offset"]), (i, row))
        for column in LEDGER_FIELDS:
            if row[column] != other[column]:
                expected = f"'{other[column]}', as on line {table.lines[at]}"
                yield table.fault(i, column, f"'{row[column]}'", expected, "correct one of them")
        if at != i and not (row["table"] and other["table"]) or row in rows[at:i]:
            found = f"'{row['offset']}' again (first on line {table.lines[at]})"
            yield table.fault(i, "offset", found, "one row a figure", "remove one row")


def rates(report):
    """How often the two readings differed, per field, before anything was settled.

    Returns
    -------
    list of dict
        ``field``, ``cells`` (compared) and ``differed``, most cells first. No bound of an error
        follows from it: the cells depend on each other, and two readings may share a slip.
    """
    cells = Counter(cell.column for cell in comparison(report))
    cells["row"] = len(report.tables["numerals"].rows) + len(report.tables["claims"].rows)
    log = report.tables["discrepancies"].rows
    differed = Counter(row["field"] for row in log if row["first_reading"] != row["second_reading"])
    most_first = sorted(cells.items(), key=lambda item: (-item[1], item[0]))
    return [{"field": field, "cells": n, "differed": differed[field]} for field, n in most_first]
