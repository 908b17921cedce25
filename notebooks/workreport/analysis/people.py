"""People: a figure beside the areas above, rates and what they are of, what the report calls a problem."""

import calendar
from dataclasses import replace
from fractions import Fraction

import pandas as pd

from ..frames import areas_above, frame, known, stated
from ..numbers import Interval, Missing
from .growth import comparisons


def beside(report, indicator):
    """Level and growth of an indicator, beside what is implied for or published in the areas above.

    Parameters
    ----------
    report : Report
    indicator : str

    Returns
    -------
    pandas.DataFrame
        A row each: ``measure`` (``level`` or ``growth``), ``area``, ``value``, ``kind`` (``stated``, ``implied`` by a
        lead that the report states, ``published``) and ``gap`` (own − value; `Missing` in the own row). The own area
        first, then from the nearest to the widest; an area of which nothing is known has no row, nor has a measure
        that the report does not state.
    """
    here, year = report.meta["area"], report.meta["year_reviewed"]
    leads = comparisons(report, None)
    leads = leads[leads["indicator"] == indicator].set_index("area")
    rows, none = [], Missing("not stated", "a gap to itself")
    for measure, table in (("level", "levels"), ("growth", "growth")):
        own = stated(report, table, indicator)
        if not known(own):
            continue
        rows.append((measure, here, own, "stated", none))
        for area in areas_above(report)[::-1]:
            found = stated(report, "published", indicator, area=area, period=year, measure=measure)
            if known(found):
                rows.append((measure, area, found, "published", own - found))
            elif measure == "growth" and area in leads.index:
                rows.append((measure, area, leads["implied"][area], "implied", leads["lead"][area]))
    return pd.DataFrame(rows, columns=["measure", "area", "value", "kind", "gap"])


def air(report, indicator="good_air_days"):
    """Days of good air, of how many, and the target that the stated lead over it implies.

    Parameters
    ----------
    report : Report
    indicator : str

    Returns
    -------
    pandas.Series or None
        ``good``, ``rest``, ``year`` (days of the year reviewed), ``lead`` (negative if behind) and ``target`` (both
        `Missing` where no lead is stated), in days; ``tier``, the kind of area whose target it is (empty where none is
        stated). None where the report does not state the days.
    """
    good = stated(report, "levels", indicator)
    if not known(good):
        return None
    days = 365 + calendar.isleap(int(report.meta["year_reviewed"]))
    whole = replace(good, value=Fraction(days), interval=Interval.exact(days), ids=(), formula=str(days))
    lead = aim = Missing("not stated", f"target of {indicator}")
    tier = ""
    for area in areas_above(report):
        found = stated(report, "gaps", indicator, comparator=f"target_of_{area}")
        if known(found):
            lead = -found if report.rows[found.ids[0]][1]["direction"] == "below" else found
            aim, tier = good - lead, report.areas[area]["kind"]
            break
    return pd.Series({"good": good, "rest": whole - good, "year": whole, "lead": lead, "target": aim, "tier": tier})


def rates(report):
    """Every rate and rate of completion that the report states as a value, the highest first.

    Returns
    -------
    pandas.DataFrame
        ``figure_id``, ``indicator``, ``area``, ``rate``, ``side`` (of 100 %: ``above``, ``below`` or ``full``) and
        ``of_stated`` (whether the report says of what). Ceilings and floors are no rates, and absent.
    """
    shares = frame(report, "shares")
    kept = shares["kind"].isin(["rate", "completion"]) & ~shares["qualifier"].isin(["at_most", "at_least", "more_than"])
    found = shares[kept].rename(columns={"indicator_id": "indicator", "quantity": "rate"})
    side = [("full" if q.value == 1 else "above" if q.value > 1 else "below") for q in found["rate"]]
    found = found.assign(side=side, of_stated=~found["of_en"].str.startswith("not stated"))
    columns = ["figure_id", "indicator", "area", "rate", "side", "of_stated"]
    return found[columns].sort_values("rate", ascending=False, kind="stable", ignore_index=True)


def problems(report):
    """The section on problems: how long it is, and how many numerals of each role it holds.

    Returns
    -------
    pandas.Series or None
        ``characters``, ``figures`` (numerals that state or bound something) and ``listed`` (problems that ``report.json``
        lists). None where no section that is covered is about problems.
    """
    sections = report.meta["sections"]
    ends = [section["start"] for section in sections[1:]] + [report.meta["characters"]]
    for section, end in zip(sections, ends, strict=True):
        if section.get("about") == "problems" and section["id"] in report.meta["covers"]:
            numerals = frame(report, "numerals")
            stating = numerals["section"].eq(section["id"]) & numerals["role"].isin(["figure", "threshold"])
            listed = len(report.meta.get("problems", ()))
            return pd.Series({"characters": end - section["start"], "figures": int(stating.sum()), "listed": listed})
    return None


def touching(report):
    """The report's own figures on each problem that its ``report.json`` lists.

    Returns
    -------
    pandas.DataFrame
        ``problem`` (number in the list, from 0), ``table``, ``indicator`` and ``quantity``.
    """
    rows = [
        (n, report.rows[i][0], report.rows[i][1]["indicator_id"], report.figures[i].quantity)
        for n, problem in enumerate(report.meta.get("problems", ()))
        for i in problem["figures"]
        if i in report.figures
    ]
    return pd.DataFrame(rows, columns=["problem", "table", "indicator", "quantity"])


def incomes(report):
    """Disposable income per head: level and growth of the year reviewed, of residents as a whole, urban and rural.

    Returns
    -------
    pandas.DataFrame
        ``indicator``, ``level`` (yuan) and ``growth`` (`Missing` where not stated); without those that have no level.
    """
    rows = [(i, stated(report, "levels", i), stated(report, "growth", i)) for i in ("resident_income", "urban_income", "rural_income")]
    return pd.DataFrame([row for row in rows if known(row[1])], columns=["indicator", "level", "growth"])
