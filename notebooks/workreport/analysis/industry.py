"""Industry and projects: what was gained in yuan, who holds what was signed, R&D of the year before."""

from dataclasses import replace

import pandas as pd

from ..frames import areas_above, frame, known, stated, stated_rows
from ..numbers import Missing, Quantity, corners, part_of, previous_level


def gains(report, theme="industry"):
    """Money of a theme whose level and growth the report both states, with the level before and what was gained.

    Parameters
    ----------
    report : Report
    theme : str
        Theme of the codebook.

    Returns
    -------
    pandas.DataFrame
        ``indicator``, ``area``, ``level`` and ``growth`` (stated), ``before`` and ``gain`` (in yuan, derived), the
        fastest growth first. Real growth gives no level before, so it has no row.
    """
    rates, levels = frame(report, "growth"), frame(report, "levels")
    both = rates.merge(levels, on=["indicator_id", "area", "period"], suffixes=("", "_level"))
    themes = both["indicator_id"].map(lambda i: report.indicators[i]["theme"])
    both = both[themes.eq(theme) & both["price_basis"].isin(["nominal", "plain"])]
    rows = []
    for one in both.itertuples():
        level, rate = one.quantity_level, one.quantity
        before = previous_level(level, rate, one.price_basis)
        gain = corners(lambda now, r: now - now / (1 + r), level, rate, like=level, formula="{0} − {0} ÷ (1 + {1})")
        shown = [replace(q, decimals=level.decimals) for q in (before, gain)]  # so that they add up
        rows.append((one.indicator_id, one.area, level, rate, *shown))
    found = pd.DataFrame(rows, columns=["indicator", "area", "level", "growth", "before", "gain"])
    return found.sort_values("growth", ascending=False, kind="stable", ignore_index=True)


def signed(report, money="signed_planned", projects="signed_projects"):
    """What was signed, split into the single projects that were published and the rest.

    Parameters
    ----------
    report : Report
    money, projects : str
        Indicators of the sum and of the number of projects; single projects are published as variants of the sum.

    Returns
    -------
    pandas.DataFrame
        ``part`` (the variant, or ``rest``), ``projects`` (how many), ``amount`` (yuan), ``share`` (of the sum) and
        ``kind`` (``published`` or ``implied``), the largest single project first. Empty where the sum, the number
        or every single project is missing.
    """
    single = _published(report, money, report.meta["area"], "level")
    single = single[single["variant"].ne("")].sort_values("quantity", ascending=False, kind="stable")
    whole, count = stated(report, "levels", money), stated(report, "levels", projects)
    rows = []
    if len(single) and known(whole, count):
        one = Quantity.exact(1, kind="count")
        rows = [(r.variant, one, r.quantity, part_of(r.quantity, whole), "published") for r in single.itertuples()]
        rest = whole - sum(single["quantity"])
        others = count - Quantity.exact(len(single), kind="count")
        rows.append(("rest", others, rest, part_of(rest, whole), "implied"))
    return pd.DataFrame(rows, columns=["part", "projects", "amount", "share", "kind"])


def intensity_before(report, indicator="rd_intensity"):
    """R&D intensity of the year before under each reading of its growth: the ratio grew, or the spending did.

    Parameters
    ----------
    report : Report
    indicator : str
        A ratio to GDP whose growth the report states without saying of what.

    Returns
    -------
    pandas.DataFrame
        ``reading`` (``ratio`` or ``spending``), ``before`` (derived) and ``now`` (stated), in percent. ``spending``
        needs GDP of both years, that of the year before as published, and has no row without it.
    """
    here, year = report.meta["area"], int(report.meta["year_reviewed"])
    now, rate = stated(report, "shares", indicator), stated(report, "growth", indicator)
    gdp = stated(report, "levels", "gdp")
    last = stated(report, "published", "gdp", area=here, period=year - 1, measure="level")
    rows = []
    if known(now, rate):
        rows.append(("ratio", corners(lambda n, r: n / (1 + r), now, rate, like=now, formula="{} ÷ (1 + {})"), now))
    if known(now, rate, gdp, last):
        before = lambda n, y, r, b: n * y / (1 + r) / b  # noqa: E731
        spent = corners(before, now, gdp, rate, last, like=now, formula="{} × {} ÷ (1 + {}) ÷ {}")
        rows.append(("spending", spent, now))
    return pd.DataFrame(rows, columns=["reading", "before", "now"])


def elsewhere(report, ratio="rd_intensity", spending="rd_expenditure"):
    """What was published on R&D for the year reviewed, in the areas above.

    Parameters
    ----------
    report : Report
    ratio, spending : str
        Indicators of the ratio to GDP and of the amount.

    Returns
    -------
    pandas.DataFrame
        A row per area with any such figure, the nearest first: ``area``, ``released`` (the day of its first
        figure, as ``2023-09-18``, or empty), ``intensity`` and ``growth`` of the spending (`Missing` where not found).
    """
    found, rows = frame(report, "published"), []
    found = found[found["indicator_id"].isin([ratio, spending]) & found["period"].eq(int(report.meta["year_reviewed"]))]
    for area in areas_above(report)[::-1]:
        days = found[found["area"] == area]["published_date"]
        if len(days):
            intensity, growth = latest(report, ratio, area, "share"), latest(report, spending, area, "growth")
            rows.append((area, min(filter(None, days), default=""), intensity, growth))
    return pd.DataFrame(rows, columns=["area", "released", "intensity", "growth"])


def latest(report, indicator, area, measure):
    """The last published figure of the year reviewed, whatever its variant: `Missing` where there is none."""
    found = _published(report, indicator, area, measure).sort_values("published_date", kind="stable")
    return found["quantity"].iloc[-1] if len(found) else Missing("not found", f"{indicator} of {area}")


def _published(report, indicator, area, measure):
    """Published figures of the year reviewed, on any basis."""
    year = int(report.meta["year_reviewed"])
    return stated_rows(report, "published", indicator_id=indicator, area=area, measure=measure, period=year)
