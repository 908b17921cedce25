"""The report as a whole: where in its text figures stand, and what it says nothing of."""

import re
from dataclasses import replace
from fractions import Fraction

import pandas as pd

from ..numbers import Quantity
from ..tables import FIGURE_TABLES


def sections(report, figures):
    """Sections of the text up to where the copy breaks off, with what stands in each.

    Parameters
    ----------
    report : Report
    figures : DataFrame
        With ``section`` and ``measure``, as `ledger.every_figure` returns it.

    Returns
    -------
    pandas.DataFrame
        ``section``, ``name_en``, ``name_zh``, ``start``, ``end``, ``characters``, ``figures`` and ``claims`` (without
        a number).
    """
    meta = report.meta
    found = pd.DataFrame(meta["sections"]).rename(columns={"id": "section"})
    found["end"] = [*found["start"].iloc[1:], meta["break_offset"] if meta.get("recovered_part") else meta["characters"]]
    found["characters"] = found["end"] - found["start"]
    for column, claims in (("figures", False), ("claims", True)):
        counts = figures[(figures["measure"] == "claims") == claims]["section"].value_counts()
        found[column] = found["section"].map(counts).fillna(0).astype(int)
    return found[["section", "name_en", "name_zh", "start", "end", "characters", "figures", "claims"]]


def absent(report, subjects):
    """Which of some usual subjects no figure of the report is about.

    Parameters
    ----------
    report : Report
    subjects : dict
        Anything to a regular expression for the ids of indicators.

    Returns
    -------
    list
        Keys of `subjects`.
    """
    told = {row["indicator_id"] for table in FIGURE_TABLES if table != "claims" for row in report.tables[table].rows}
    return [key for key, pattern in subjects.items() if not any(re.search(pattern, one) for one in told)]


def share(part, whole):
    """What part of a whole number another is, in percent.

    Examples
    --------
    >>> print(share(1, 4))
    25%
    """
    return replace(Quantity.exact(Fraction(int(part), int(whole)), kind="rate"), unit="%", factor=Fraction(1, 100))
