"""What must hold between figures: relations, doubts that still stand, derived values, readings."""

import contextlib
import re
from decimal import Decimal, InvalidOperation

from ..expressions import evaluate
from ..numbers import ForbiddenOperation
from ..tables import printed_unit
from .ledger import Rule, broken


def faults(report):
    """Readings, identities, doubts and derived values of a `Report` that figures contradict, as `Fault`; all values must be readable."""
    return broken(report, RULES)


def _verdict(column, wanted):
    def expected(report, row):
        try:
            verdict = evaluate(row[column], report.figures)
        except (ValueError, KeyError) as error:
            return f"an expression over figures ({error})"
        return verdict != wanted(row) and f"that it {wanted(row)}; it {verdict}"

    return expected


def _known(report, row):
    unknown = [key for key in row["figure_ids"].split() if key not in report.figures]
    return unknown and f"ids of figures; {' '.join(unknown)} is none"


def _interval(report, row):
    """A reading of a value holds the value, the adopted one is its interval; other readings have none."""
    if row["field"] != "value":
        return (row["low"] or row["high"]) and "an empty cell: only a reading of a value has an interval"
    figure = report.figures.get(row["figure_ids"])
    if figure is None:
        return "one figure whose value is read"
    try:
        ends = [Decimal(row[end]) for end in ("low", "high")]
    except InvalidOperation:
        return "two numbers"
    own, point = [printed_unit(figure, end) for end in ("low", "high")], printed_unit(figure, "value")
    if row["adopted"] == "yes":
        return ends != own and f"{own[0]} to {own[1]}, as {figure.id} is stated"
    return not ends[0] <= point <= ends[1] and f"an interval that holds {point}"


def _one_adopted(report, row):
    same = [r["adopted"] for r in report.tables["readings"].rows if r["reading_id"][:-1] == row["reading_id"][:-1]]
    return (len(same) < 2 or same.count("yes") > 1) and "two readings or more, of which one is adopted at most"


def _derived(report, row):
    if row["status"] != "derived":
        return None
    formula = re.search(r"P\d+ [-+*/] P\d+|\Z", row["note"])[0]
    with contextlib.suppress(KeyError, ForbiddenOperation):
        if formula and evaluate(formula, report.figures).value == report.figures[row["published_id"]].quantity.value:
            return None
    return f"the result of the formula in its note ({formula or None})"


RULES = (
    Rule("identities", "expression", _verdict("expression", lambda row: row["expected"]), "correct the figures or the row"),
    Rule("errata", "guard", _verdict("guard", lambda row: "holds"), "correct the figures, or drop the doubt if it is gone"),
    Rule("errata readings", "figure_ids", _known, "correct it"),
    Rule("readings", "low", _interval, "correct the interval"),
    Rule("readings", "adopted", _one_adopted),
    Rule("published", "value", _derived, "correct the value or the formula"),
)
