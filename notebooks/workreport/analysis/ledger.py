"""Everything the report states, in the order of the text; what must agree; what can be read in two ways."""

import ast
from dataclasses import replace
from fractions import Fraction

import pandas as pd

from ..expressions import evaluate
from ..frames import frame
from ..numbers import ForbiddenOperation
from ..tables import FIGURE_TABLES

_AGAINST = {"gaps": "comparator", "rankings": "scope", "targets": "outcome", "thresholds": "counted"}


def every_figure(report):
    """Every figure and every claim without a number, in the order of the text.

    Returns
    -------
    pandas.DataFrame
        ``figure_id``, ``theme``, ``indicator``, ``measure`` (its table), ``quantity`` (`Missing` for a claim),
        ``printed`` (number and unit as in the report), ``qualifier``, ``period``, ``area``, ``against`` (id of
        what it is measured against, or empty), ``token`` (as in the text), ``section`` and ``offset``
        (characters before it).
    """
    numerals = frame(report, "numerals").set_index("numeral_id")
    parts = []
    for table in FIGURE_TABLES:
        rows = frame(report, table).rename(columns={"indicator_id": "indicator"})
        if table != "claims":
            rows = rows.join(numerals[["token", "section", "offset"]], on="numeral_id")
        rows["against"] = rows[_AGAINST[table]] if table in _AGAINST else ""
        rows["theme"] = [report.indicators[i]["theme"] for i in rows["indicator"]]
        rows = rows.rename(columns={"term": "token"}).assign(measure=table, printed=rows["printed"].astype(object))
        parts.append(rows[COLUMNS])
    return pd.concat(parts, ignore_index=True).sort_values(["offset", "figure_id"], ignore_index=True)


COLUMNS = "figure_id theme indicator measure quantity printed qualifier period area against token section offset".split()


def relations(report):
    """The relations between figures that must hold, that tempt, and that leave a tension.

    Returns
    -------
    pandas.DataFrame
        ``identity_id``, ``kind`` (constraint, tempting, tension), ``expression``, ``verdict`` (``holds``,
        ``fails``, ``within_rounding``, decided over the whole rounding intervals), ``left`` and ``right`` (its
        two sides), the statements and reasons. A relation whose figures the report does not state is left out.
    """
    rows = []
    for row in report.tables["identities"].rows:
        try:
            verdict = evaluate(row["expression"], report.figures)
            left, right = (_in_percent(evaluate(side, report.figures)) for side in _sides(row["expression"]))
        except (KeyError, ForbiddenOperation):
            continue
        rows.append({**row, "verdict": verdict, "left": left, "right": right})
    columns = [*report.tables["identities"].columns, "verdict", "left", "right"]
    return pd.DataFrame(rows, columns=columns).drop(columns="expected")


def _in_percent(quantity):
    """A pure number as a share, which is what it stands beside."""
    pure = quantity.kind == "" and not quantity.dimension
    return replace(quantity, kind="rate", unit="%", factor=Fraction(1, 100)) if pure else quantity


def _sides(expression):
    compared = ast.parse(expression, mode="eval").body
    return ast.unparse(compared.left), ast.unparse(compared.comparators[0])


def choices(report):
    """What can be read in more than one way, a row per question.

    Returns
    -------
    pandas.DataFrame
        ``choice``, ``field`` (value, basis, concept), ``ids`` (figures, a list), ``indicators`` (what they
        measure, a list), ``used`` and ``others`` (readings taken and not taken, lists of rows of ``readings``).
    """
    found = {}
    for row in report.tables["readings"].rows:
        found.setdefault(row["reading_id"].rstrip("abcdefgh"), []).append(row)
    made = []
    for choice, rows in found.items():
        ids = [i for i in rows[0]["figure_ids"].split() if i in report.rows]
        used = [row for row in rows if row["adopted"] == "yes"]
        others = [row for row in rows if row["adopted"] != "yes"]
        about = list(dict.fromkeys(report.rows[i][1]["indicator_id"] for i in ids))
        if ids:
            made.append((choice, rows[0]["field"], ids, about, used, others))
    return pd.DataFrame(made, columns=["choice", "field", "ids", "indicators", "used", "others"])


def sharper(report):
    """Figures whose value could be read more sharply than its digits say.

    Returns
    -------
    pandas.DataFrame
        ``reading_id``, ``indicator``, ``taken`` (as stated, with the interval of its digits) and ``other`` (the
        same under the other reading). Only readings of a figure that the report states.
    """
    rows = []
    for choice in choices(report).query("field == 'value'").itertuples():
        figure = choice.ids[0]
        for reading in choice.others if figure in report.figures else ():
            other = report.under_reading(reading["reading_id"]).figures[figure].quantity
            rows.append((reading["reading_id"], choice.indicators[0], report.figures[figure].quantity, other))
    return pd.DataFrame(rows, columns=["reading_id", "indicator", "taken", "other"])
