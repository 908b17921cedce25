"""Compare the tables with the second, independent reading, field by field."""

from collections import Counter, defaultdict
from fractions import Fraction

from .tables import FIGURE_TABLES

LEDGER_FIELDS = ("token", "role", "section")
FIGURE_FIELDS = (
    "indicator_id", "value", "unit", "qualifier", "period", "area", "flow_or_stock", "price_basis", "direction",
    "comparator", "subject_offset", "aspect", "scope", "out_of", "kind", "plan", "counted_offset",
)  # fmt: skip
CONFIDENCE = Fraction(95, 100)
CLAIM_FIELDS = ("indicator_id", "term", "kind", "period", "area", "section")


def comparison(report):
    """Pair every cell of the tables with the cell of the second reading.

    Parameters
    ----------
    report : Report

    Returns
    -------
    list of tuple
        ``(table, row index, column, offset, first, second, line)``; the second is None where the
        second reading has no such row, the first None (and the index that of the second reading)
        where the tables have none; `line` is that of the second reading's row.
    """
    second, lines = defaultdict(list), report.tables["second-reading"].lines
    for i, row in enumerate(report.tables["second-reading"].rows):
        kind = "claims" if row["table"] == "claims" else "ledger"
        second[kind, row["offset"]].append((i, row))
    offsets = {row["numeral_id"]: row["offset"] for row in report.tables["numerals"].rows}
    place = {row["figure_id"]: offsets.get(row["numeral_id"], "") for name in FIGURE_TABLES for row in report.tables[name].rows}
    cells, seen = [], set()
    for i, row in enumerate(report.tables["numerals"].rows):
        seen.add(("ledger", row["offset"]))
        at, other = second["ledger", row["offset"]][0] if second["ledger", row["offset"]] else (None, None)
        if other is None:
            cells.append(("numerals", i, "offset", row["offset"], row["token"], None, None))
        else:
            cells += [("numerals", i, c, row["offset"], row[c], other[c], lines[at]) for c in LEDGER_FIELDS]
    unmatched = {offset: [(at, r) for at, r in rows if r["table"]] for (kind, offset), rows in second.items() if kind == "ledger"}
    for name in FIGURE_TABLES[:-1]:
        table = report.tables[name]
        for i, row in enumerate(table.rows):
            offset = offsets.get(row["numeral_id"], "")
            others = [pair for pair in unmatched.get(offset, ()) if pair[1]["table"] == name]
            pair = next((pair for pair in others if pair[1]["indicator_id"] == row["indicator_id"]), others[0] if others else None)
            if pair is None:
                cells.append((name, i, "numeral_id", offset, row["numeral_id"], None, None))
                continue
            unmatched[offset].remove(pair)
            at, other = pair
            full = row | {"subject_offset": place.get(row.get("subject"), ""), "counted_offset": place.get(row.get("counted"), "")}
            shown = {"subject_offset": "subject", "counted_offset": "counted"}
            cells += [
                (name, i, shown.get(c, c), offset, full.get(c, "") if shown.get(c, c) in table.columns else "", other[c], lines[at])
                for c in FIGURE_FIELDS
                if shown.get(c, c) in table.columns or other[c]
            ]
    for i, row in enumerate(report.tables["claims"].rows):
        seen.add(("claims", row["offset"]))
        rows = second["claims", row["offset"]]
        if not rows:
            cells.append(("claims", i, "offset", row["offset"], row["term"], None, None))
            continue
        other = rows[0][1] | {"term": rows[0][1]["token"]}
        if other["indicator_id"].startswith("NEW:"):
            other["indicator_id"] = row["indicator_id"]  # named by the reader before the codebook had it
        cells += [("claims", i, c, row["offset"], row[c], other[c], lines[rows[0][0]]) for c in CLAIM_FIELDS]
    for key, rows in second.items():
        if rows and key not in seen:
            cells.append(("second-reading", rows[0][0], "offset", key[1], None, rows[0][1]["token"], None))
    for offset, rows in unmatched.items():
        for at, row in rows if ("ledger", offset) in seen else ():
            cells.append(("second-reading", at, "indicator_id", offset, None, row["indicator_id"], None))
    return cells


def faults(report):
    """Every difference that `discrepancies.csv` does not settle, and every entry of it that is stale."""
    yield from _own_faults(report.tables["second-reading"])
    log = report.tables["discrepancies"]
    settled = {(row["offset"], row["table"], row["field"]): (i, row) for i, row in enumerate(log.rows)}
    compared = {}
    for name, i, column, offset, first, second, line in comparison(report):
        compared[offset, name, column] = (first, second)
        entry = settled.get((offset, name, column))
        if first == second or (entry and entry[1]["settled"] == first and entry[1]["second_reading"] == second):
            continue
        table = report.tables[name]
        if second is None or first is None:
            where = f"'{first or second}' at offset {offset}, which the {'second reading' if second is None else 'tables'} lack"
            yield table.fault(
                i,
                column,
                where,
                "a row in both readings",
                "correct the offset or the table it stands in, or settle it by the text in discrepancies.csv",
            )
        else:
            yield table.fault(
                i,
                column,
                f"'{first}'",
                f"'{second}', as second-reading.csv:{line} has it",
                "correct it from the text, or settle it by the text in discrepancies.csv",
            )
    places = {key[:2] for key in compared}
    for (offset, name, column), (i, row) in settled.items():
        if column == "row":
            if (offset, name) not in places:
                yield log.fault(i, "offset", offset, f"the offset of a row of {name}", "correct or remove the entry")
            continue
        first, second = compared.get((offset, name, column), (None, None))
        if second != row["second_reading"]:
            yield log.fault(
                i,
                "second_reading",
                f"'{row['second_reading']}'",
                f"'{second}', as second-reading.csv has it",
                "correct or remove the entry",
            )
        elif first != row["settled"]:
            yield log.fault(i, "settled", f"'{row['settled']}'", f"'{first}', as {name} has it", "correct one of them")
        elif row["first_reading"] == row["second_reading"]:
            yield log.fault(
                i,
                "first_reading",
                f"'{row['first_reading']}'",
                "another reading than the second",
                "remove the entry: there was no difference",
            )


def _own_faults(table):
    """Rows of the second reading that say one thing twice, or two things of one numeral."""
    first = {}
    for i, row in enumerate(table.rows):
        kind = row["table"] == "claims", row["offset"]
        at, other = first.setdefault(kind, (i, row))
        for column in LEDGER_FIELDS:
            if row[column] != other[column]:
                yield table.fault(i, column, f"'{row[column]}'", f"'{other[column]}', as on line {table.lines[at]}", "correct one of them")
        if at != i and not (row["table"] and other["table"]) or row in table.rows[at:i]:
            yield table.fault(
                i, "offset", f"'{row['offset']}' again (first on line {table.lines[at]})", "one row a figure", "remove one row"
            )


def totals(report):
    """Cells compared, and cells that differed before they were settled."""
    rates = discrepancy_rates(report)
    return sum(r["cells"] for r in rates), sum(r["differed"] for r in rates)


def discrepancy_rates(report):
    """How often the two readings differed, per field, before anything was settled.

    Returns
    -------
    list of dict
        ``field``, ``cells`` (compared), ``differed``, ``rate`` and ``upper`` (one-sided 95 %
        Clopper-Pearson bound of the rate), most cells first.
    """
    cells = Counter(column for _, _, column, *_ in comparison(report))
    differed = Counter(row["field"] for row in report.tables["discrepancies"].rows)
    cells["row"] = len(report.tables["numerals"].rows) + len(report.tables["claims"].rows)
    return [
        {"field": f, "cells": n, "differed": differed[f], "rate": differed[f] / n, "upper": upper_bound(differed[f], n)}
        for f, n in sorted(cells.items(), key=lambda item: (-item[1], item[0]))
    ]


def upper_bound(differed, cells, confidence=CONFIDENCE):
    """One-sided Clopper-Pearson upper bound of a proportion.

    Examples
    --------
    >>> round(upper_bound(0, 100), 4)
    0.0295
    """
    from math import exp, lgamma, log, log1p

    def ways(k):  # by logarithms: the numbers themselves outgrow a float in a table of some thousand rows
        return lgamma(cells + 1) - lgamma(k + 1) - lgamma(cells - k + 1)

    if differed >= cells:
        return 1.0
    low, high = differed / cells, 1.0
    for _ in range(60):
        p = (low + high) / 2
        at_most = sum(exp(ways(k) + k * log(p) + (cells - k) * log1p(-p)) for k in range(differed + 1))
        low, high = (p, high) if at_most > 1 - confidence else (low, p)
    return high
