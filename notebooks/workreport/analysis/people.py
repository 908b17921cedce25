"""People: a figure beside the areas above, rates and what they are of, what the report calls a problem."""

import datetime
from dataclasses import replace
from fractions import Fraction

import pandas as pd

from ..frames import areas_above, frame, stated
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
        if isinstance(own, Missing):
            continue
        rows.append((measure, here, own, "stated", none))
        for area in areas_above(report)[::-1]:
            found = stated(report, "published", indicator, area=area, period=year, measure=measure)
            if not isinstance(found, Missing):
                rows.append((measure, area, found, "published", own - found))
            elif measure == "growth" and area in leads.index:
                rows.append((measure, area, leads["implied"][area], "implied", leads["lead"][area]))
    found = pd.DataFrame(rows, columns=["measure", "area", "value", "kind", "gap"])
    return found.astype({"value": object, "gap": object})


def air(report, indicator="good_air_days", target="provincial_target"):
    """Days of good air, of how many, and the target that the stated lead over it implies.

    Parameters
    ----------
    report : Report
    indicator : str
    target : str
        Comparator of the lead.

    Returns
    -------
    pandas.Series or None
        ``good``, ``rest``, ``year`` (days of the year reviewed), ``lead`` (negative if behind) and ``target`` (both
        `Missing` where no lead is stated), in days. None where the report does not state the days.
    """
    good = stated(report, "levels", indicator)
    if isinstance(good, Missing):
        return None
    last = datetime.date(int(report.meta["year_reviewed"]), 12, 31)
    days = last.timetuple().tm_yday
    whole = replace(good, value=Fraction(days), interval=Interval.exact(days), ids=(), formula=str(days))
    lead, aim = stated(report, "gaps", indicator, comparator=target), Missing("not stated", f"target of {indicator}")
    if not isinstance(lead, Missing):
        behind = report.rows[lead.ids[0]][1]["direction"] == "below"
        lead = -lead if behind else lead
        aim = good - lead
    return pd.Series({"good": good, "rest": whole - good, "year": whole, "lead": lead, "target": aim})


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


def section(report, name):
    """A section of the text: how long it is, and how many numerals of each role it holds.

    Parameters
    ----------
    report : Report
    name : str
        English name in ``report.json``.

    Returns
    -------
    pandas.Series
        ``characters``, ``figures`` (numerals that state or bound something) and ``listed`` (marks of a list).
    """
    sections = report.meta["sections"]
    at = next(n for n, s in enumerate(sections) if s["name_en"] == name)
    end = sections[at + 1]["start"] if at + 1 < len(sections) else report.meta["characters"]
    numerals = frame(report, "numerals")
    roles = numerals[numerals["section"] == sections[at]["id"]]["role"]
    counts = {"figures": int(roles.isin(["figure", "threshold"]).sum()), "listed": int(roles.eq("list_marker").sum())}
    return pd.Series({"characters": end - sections[at]["start"], **counts})
