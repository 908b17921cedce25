"""Ledger against tables, row by row: tokens, references, bases, sources, and what a value cannot be.

Here: the rules that one row can break, in one table, and the order of the ledger.
Not here: what two readings say (`readings`), relations between figures (`relations`), the text (`text`).
"""

from collections.abc import Callable
from dataclasses import dataclass

from ..numbers import read_numeral
from ..tables import BENCHMARKS, FIGURE_TABLES, NOT_STATED, Fault, figure_of, is_benchmark
from .tokeniser import WORDS, plain

# Behind the end of any text.
NOWHERE = 10**18
_NEED_A_CAVEAT = ("third-party panel", "encyclopedia copy")


@dataclass(frozen=True)
class Rule:
    """What every row of some tables must satisfy.

    Parameters
    ----------
    tables : str
        Names, separated by spaces.
    column : str
        The cell that is at fault.
    expected : callable
        Of report and row: what should be there, false where the row is right.
    do : str
        What to do.
    """

    tables: str
    column: str
    expected: Callable
    do: str = "correct one of them"


def faults(report):
    """Every row that breaks a rule of the ledger, and every numeral out of its place.

    Parameters
    ----------
    report : Report

    Yields
    ------
    Fault
    """
    yield from broken(report, RULES)
    yield from _order(report)
    for n, problem in enumerate(report.meta.get("problems", ())):
        for figure in problem["figures"]:
            if figure not in report.rows:
                where = f"problems[{n}].figures"
                yield Fault(f"{report.name}/report.json", None, where, f"'{figure}'", "the id of a figure of the report", "correct it")


def broken(report, rules):
    """Rows that break one of some rules, as `Fault`."""
    for rule in rules:
        for name in rule.tables.split():
            table = report.tables[name]
            for i, row in enumerate(table.rows):
                if expected := rule.expected(report, row):
                    yield table.fault(i, rule.column, f"'{row[rule.column]}'", expected, rule.do)


def offset_of(row):
    """Offset of a row; `NOWHERE` where it is no whole number, or none of a text, which the loader names."""
    offset = row["offset"]
    return int(offset) if offset.isascii() and offset.isdigit() and len(offset) < len(str(NOWHERE)) else NOWHERE


def end_of(meta):
    """Offset at which the text of a report ends: where a recovered one breaks off, or behind its last character."""
    return meta.get("break_offset", meta.get("characters", NOWHERE))


def section_at(meta, offset):
    """Id of the section of a report in which an offset lies; empty between the end of one and the start of the next."""
    section = [section for section in meta["sections"] if section["start"] <= offset][-1]
    return section["id"] if offset < section.get("end", NOWHERE) else ""


def covered(meta, offset):
    """Whether an offset lies in a section that the ledger covers."""
    return section_at(meta, offset) in meta["covers"]


def _token(value, numeral):
    def expected(report, row):
        known = report.numerals.get(row[numeral] or None)
        if known is None:
            return None
        stated = WORDS.get(known["token"], (plain(known["token"]),))[0]
        return row[value].removeprefix("-") != stated and f"'{stated}', the token of {row[numeral]}"

    return expected


def _reference(column):
    def expected(report, row):
        target = row[column]
        if not target or target == NOT_STATED:
            return None
        table, other = report.rows.get(target, (None, None))
        if other is None:
            return "the id of a figure"
        if other["indicator_id"] != row["indicator_id"]:
            return f"a figure of {row['indicator_id']}; {target} is about {other['indicator_id']}"
        wanted = _ranked(row) if column == "subject" else None
        return wanted and table != wanted and f"a figure of {wanted}, by the aspect {row['aspect']}"

    return expected


def _ranked(row):
    return {"growth": "growth", "level": "levels", "number": "levels"}.get(row.get("aspect"))


def _unnamed(report, row):
    """Figures of the same indicator, area and year that a gap or a rank without a subject must be about."""
    if row["subject"] or row.get("ranked", "own") != "own":
        return None
    of = _ranked(row) if "aspect" in row else "growth"
    rows = report.rows_by(report.tables[of], "indicator_id").get(row["indicator_id"], ()) if of else ()
    own = [r["figure_id"] for r in rows if (r["area"], r["period"]) == (row["area"], row["period"])]
    return own and f"what is compared or ranked: {' or '.join(own)}"


def _aspect(report, row):
    wanted, indicator = _ranked(row), report.indicators.get(row["indicator_id"], {})
    if row["subject"] and not wanted:
        return f"level, number or growth, or no subject: {row['subject']} is no {row['aspect']}"
    if wanted and not row["subject"] and indicator.get("kind") not in ("flow", "stock"):
        return f"result, index or assessment, or a subject: {row['indicator_id']} has no amount"
    return None


def _basis(report, row):
    known = report.indicators.get(row["indicator_id"], {}).get("price_basis", row["price_basis"])
    if row["price_basis"] == known or (row["price_basis"] == "unknown" and row["note"]):
        return None
    return f"'{known}', as indicators.csv defines {row['indicator_id']}, or unknown, with a note that says why"


def _kind(column):
    def expected(report, row):
        kind = report.indicators.get(row["indicator_id"], {}).get("kind", row[column])
        return row[column] != kind and f"'{kind}', as indicators.csv says of {row['indicator_id']}"

    return expected


def _value(report, row):
    """Why a value cannot be read, or why it cannot be."""
    if row["value"] in (NOT_STATED, "not found"):
        return None
    table = "published" if "published_id" in row else report.rows[row["figure_id"]][0]
    try:
        value = figure_of(report.tables[table], row).quantity.value
        ranked = read_numeral(row["out_of"])[0] if row.get("out_of") else value
    except ValueError as error:
        return f"a number with a unit of units.csv ({error})"
    if row.get("kind") in ("share", "rate") and value > 1:
        return f"at most 100 %, being a {row['kind']}, or a completion rate"
    return value > ranked and f"a rank among those ranked: {row['out_of']}"


def _both(report, row):
    wrong = bool(row["out_of"]) != bool(row["out_of_numeral_id"])
    return wrong and f"both or neither of it and the numeral '{row['out_of_numeral_id']}'"


def _plan(report, row):
    return (row["kind"] == "completion") != bool(row["plan"]) and "a plan of every completion, and of nothing else"


def _section(report, row):
    at = offset_of(row)
    section = section_at(report.meta, at) if at != NOWHERE else row["section"]
    if row["section"] != section:
        return f"'{section}', the section at offset {at}"
    covers = report.meta["covers"]
    return section not in covers and f"one that report.json covers: {', '.join(covers)}"


def _comparator(report, row):
    return None if is_benchmark(row["comparator"], report.areas) else BENCHMARKS


def _status(report, row):
    wrong = (row["value"] == "not found") != (row["status"] == "not_found")
    return wrong and f"not_found exactly where nothing was found; the value is '{row['value']}'"


def _source(report, row):
    wrong = bool(row["source_id"]) == (row["status"] == "not_found")
    return wrong and "a source of sources.csv for every value, and none where nothing was found"


def _caveat(report, row):
    lacks = row["quality"] in _NEED_A_CAVEAT and not (row["caveat_zh"] and row["caveat_en"])
    return lacks and f"in both languages what to beware of (quality: {row['quality']})"


_STATED = "levels growth gaps rankings shares targets thresholds"
RULES = (
    Rule(_STATED, "value", _token("value", "numeral_id"), "correct one of them from the text"),
    Rule("rankings", "out_of", _token("out_of", "out_of_numeral_id"), "correct one of them from the text"),
    Rule("rankings", "out_of", _both, "fill in the other"),
    Rule("gaps rankings", "subject", _reference("subject"), "correct the aspect or the subject"),
    Rule("gaps rankings", "subject", _unnamed, "fill it in"),
    Rule("gaps", "comparator", _comparator, "correct it, or add the area there"),
    Rule("rankings", "aspect", _aspect),
    Rule("targets", "outcome", _reference("outcome")),
    Rule("thresholds", "counted", _reference("counted")),
    Rule("shares", "plan", _reference("plan")),
    Rule("shares", "plan", _plan),
    Rule("growth", "price_basis", _basis),
    Rule("levels", "flow_or_stock", _kind("flow_or_stock")),
    Rule("shares", "kind", _kind("kind")),
    Rule("numerals claims", "section", _section, "correct the section or the offset"),
    Rule(f"{_STATED} published", "value", _value, "correct the cell"),
    Rule("published", "status", _status),
    Rule("published", "source_id", _source, "add the source there and name it here"),
    Rule("sources", "caveat_en", _caveat, "say it"),
)


def _order(report):
    """The ledger in reading order, each numeral used as its role says."""
    ledger, used = report.tables["numerals"], {}
    for name in FIGURE_TABLES:
        for row in report.tables[name].rows:
            used.setdefault(row["numeral_id"], name)
            used.setdefault(row.get("out_of_numeral_id", ""), name)
    before = -1
    for i, row in enumerate(ledger.rows):
        offset, role, table = offset_of(row), row["role"], used.get(row["numeral_id"])
        wanted = "threshold" if table == "thresholds" else "figure"
        late = f"more than {before}, the end of the numeral before"
        for column, wrong, expected in (
            ("offset", offset <= before, late),
            ("numeral_id", row["numeral_id"] != f"n{i + 1:03d}", f"n{i + 1:03d}, in reading order"),
            ("role", table and role != wanted, f"the role {wanted}: {table} has a figure of it"),
            ("role", not table and role in ("figure", "threshold"), "another role, or a figure of it in a table"),
        ):
            if wrong and offset != NOWHERE:
                yield ledger.fault(i, column, f"'{row[column]}'", expected, "correct it from the text")
        before = offset + len(row["token"]) - 1 if offset != NOWHERE else before
    if ledger.rows and before >= (end := end_of(report.meta)):
        expected = f"less than {end}, where the readable part ends"
        yield ledger.fault(len(ledger.rows) - 1, "offset", str(before), expected, "remove the row")
