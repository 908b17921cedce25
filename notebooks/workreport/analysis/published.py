"""Published statistics beside the report: what they confirm."""

from functools import partial

import pandas as pd

from ..frames import areas_above, frame, known, stated, stated_rows
from ..numbers import Missing, corners
from .growth import plain_or_first


def about(report):
    """The published statistics that stand beside a report: of its own area, of those above it and beside it.

    Returns
    -------
    pandas.DataFrame
        Rows of the table ``published`` of areas that lie in the widest area but one above the report's own, and of the
        widest.
    """
    chain = [*areas_above(report), report.meta["area"]]
    home = set(chain[1:2])
    inside = {area for area in report.areas if home & {area, *areas_above(report, area)}}
    found = frame(report, "published")
    return found[found["area"].isin(inside | set(chain))]


def checks(report, rates):
    """Every implied rate beside what was published.

    Parameters
    ----------
    report : Report
    rates : DataFrame
        As `growth.comparisons` returns it.

    Returns
    -------
    pandas.DataFrame
        One row per published figure of the same indicator, area and year without a basis of its own,
        one with a `Missing` where there is none: ``indicator``, ``area``, ``own``, ``lead``, ``implied``,
        ``published``, ``derived`` (computed from printed figures, never seen printed), ``source_id``,
        ``quality`` and ``status``: ``agrees`` if the intervals of all of them overlap the implied one,
        ``differs``, ``several bases`` (only figures on stated bases exist) or ``not found``.
    """
    rows = []
    for rate in rates.itertuples():
        same = bases(report, rate.indicator, rate.area, rate.period)
        plain = same[same["variant"] == ""]
        if len(plain):
            agrees = all(q.interval.overlaps(rate.implied.interval) for q in plain["quantity"])
            status = "agrees" if agrees else "differs"
            found = [(r.quantity, r.status == "derived", r.source_id, r.quality, status) for r in plain.itertuples()]
        else:
            nothing = Missing("not found", f"a published rate of {rate.indicator} in {rate.area}")
            found = [(nothing, False, "", "", "several bases" if len(same) else "not found")]
        rows += [(rate.indicator, rate.area, rate.own, rate.lead, rate.implied, *one) for one in found]
    columns = ["indicator", "area", "own", "lead", "implied", "published", "derived", "source_id", "quality", "status"]
    return pd.DataFrame(rows, columns=columns)


def bases(report, indicator, area, period):
    """Published growth of one indicator in one area and year, a row per basis.

    Returns
    -------
    pandas.DataFrame
        Rows of the table ``published``.
    """
    asked = {"indicator_id": indicator, "area": area, "measure": "growth", "period": period}
    return stated_rows(report, "published", **asked).reset_index(drop=True)


def elsewhere(report):
    """The report's own levels and growth rates beside what others published of the same area and year.

    Returns
    -------
    pandas.DataFrame
        ``indicator``, ``measure``, ``own``, ``published``, ``source_id``, ``quality`` and ``status``: ``agrees`` if
        the two intervals overlap, else ``differs``.
    """
    rows = []
    for measure, table in (("level", "levels"), ("growth", "growth")):
        own = frame(report, table)[["indicator_id", "area", "period", "quantity"]]
        others = stated_rows(report, "published", variant="", measure=measure)
        pairs = own.merge(others, on=["indicator_id", "area", "period"], suffixes=("", "_published"))
        for r in pairs.itertuples():
            status = "agrees" if r.quantity.interval.overlaps(r.quantity_published.interval) else "differs"
            rows.append((r.indicator_id, measure, r.quantity, r.quantity_published, r.source_id, r.quality, status))
    columns = ["indicator", "measure", "own", "published", "source_id", "quality", "status"]
    return pd.DataFrame(rows, columns=columns)


def prices(report):
    """Nominal against real growth of GDP, and the change of prices that the two imply.

    Returns
    -------
    pandas.DataFrame
        Per area, the own one first: ``area``, ``before`` and ``level`` (GDP of two years), ``nominal``, ``real`` and
        ``prices`` = (1 + nominal) ÷ (1 + real) − 1. An area whose figures were not found has no row.

    Notes
    -----
    Both levels are first releases; a revision between them would show as a change of prices.
    """
    year, rows = int(report.meta["year_reviewed"]), []
    for area in (report.meta["area"], *areas_above(report)[::-1]):
        own, found = area == report.meta["area"], partial(plain_or_first, report, "gdp", area)
        level = stated(report, "levels", "gdp") if own else found(year, "level")
        real = stated(report, "growth", "gdp") if own else found(year, "growth")
        before = found(year - 1, "level")
        if known(level, real, before):
            nominal = corners(lambda a, b: a / b - 1, level, before, like=real, formula="{} ÷ {} − 1")
            change = corners(lambda a, b, r: a / b / (1 + r) - 1, level, before, real, like=real, formula="{} ÷ {} ÷ (1 + {}) − 1")
            rows.append((area, before, level, nominal, real, change))
    return pd.DataFrame(rows, columns=["area", "before", "level", "nominal", "real", "prices"])
