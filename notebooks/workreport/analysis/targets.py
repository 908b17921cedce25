"""Targets: against the year before, against those of the areas above, in yuan, and against what became of them."""

from dataclasses import replace
from fractions import Fraction
from math import inf, isqrt

import pandas as pd

from ..frames import areas_above, frame, stated
from ..numbers import Interval, Missing, Quantity, corners, direction
from .budget import change
from .growth import comparisons


def asked(target):
    """The rate that a target asks for: a point or a bound is exact, "about" leaves half its last digit either way.

    Parameters
    ----------
    target : Quantity
        A rate with its qualifier.

    Returns
    -------
    Quantity
        A rate; of a bound the bound itself, without what lies beyond.
    """
    slack = target.factor / 2 / 10**target.decimals if target.qualifier == "about" else 0
    ends = Interval(target.value - slack, target.value + slack)
    return Quantity(
        target.value, ends, (), "rate", "%", target.factor, target.decimals, ids=target.ids, formula=target.formula
    )


def missed_by(outcome, target):
    """Outcome less target in percentage points, or Missing where one of them is."""
    if isinstance(target, Missing) or isinstance(outcome, Missing):
        return outcome if isinstance(outcome, Missing) else target
    return outcome - asked(target)


def verdict(gap):
    """``met``, ``missed`` (short over the whole interval) or ``not found``."""
    return "not found" if isinstance(gap, Missing) else "missed" if direction(gap) == "below" else "met"


def met_as_stated(table):
    """Rows of a table of targets and outcomes that are met as stated, though rounding may hide a small miss.

    Returns
    -------
    pandas.Series of bool
    """
    pairs = zip(table["target"], table["outcome"], strict=True)
    near = [not isinstance(gap, Missing) and o.low < t.value <= o.value for gap, (t, o) in zip(table["gap"], pairs, strict=True)]
    return pd.Series(near, index=table.index, dtype=bool)


def planned(report, growth=True):
    """The targets that the report states for the year planned.

    Parameters
    ----------
    report : Report
    growth : bool
        Targets for growth, or all others: amounts, and rates that are rates by themselves, such as unemployment.

    Returns
    -------
    pandas.DataFrame
        Rows of the table ``targets``.
    """
    found = frame(report, "targets")
    found = found[found["period"].eq(int(report.meta["year_planned"])) & found["quantity"].q.stated]
    firm = found[found["aim"] == ""]["indicator_id"]
    found = found[found["aim"].eq("") | ~found["indicator_id"].isin(firm)]  # what is hoped for beyond a firm target: `hoped`
    grows = [q.kind == "rate" and report.indicators[i]["kind"] != "rate" for i, q in zip(found["indicator_id"], found["quantity"], strict=True)]
    return found[[g == growth for g in grows]]


def hoped(report):
    """Targets that the report hopes for beyond a firm one of the same indicator.

    Returns
    -------
    pandas.DataFrame
        ``indicator`` and ``target``.
    """
    found = frame(report, "targets")
    firm = found[found["aim"] == ""]["indicator_id"]
    kept = found[found["aim"].ne("") & found["indicator_id"].isin(firm) & found["quantity"].q.stated]
    return kept.rename(columns={"indicator_id": "indicator", "quantity": "target"})[["indicator", "target"]].reset_index(drop=True)


def as_leads(report):
    """Targets of the year planned that are told as a lead over another area, not as a rate.

    Returns
    -------
    pandas.DataFrame
        ``indicator``, ``area`` and ``lead`` (in percentage points, negative if behind).
    """
    gaps = frame(report, "gaps")
    gaps = gaps[gaps["period"].eq(int(report.meta["year_planned"])) & gaps["comparator"].isin(areas_above(report))]
    rows = [(r.indicator_id, r.comparator, r.quantity if r.direction == "above" else -r.quantity) for r in gaps.itertuples()]
    return pd.DataFrame(rows, columns=["indicator", "area", "lead"]).astype({"lead": object})


def others(report):
    """Targets that are none for growth, beside the level or rate of the year reviewed.

    Returns
    -------
    pandas.DataFrame
        ``indicator``, ``target`` and ``own`` (`Missing` where it is not stated).
    """
    rows = []
    for r in planned(report, growth=False).itertuples():
        own = stated(report, "shares" if r.quantity.kind == "rate" else "levels", r.indicator_id)
        rows.append((r.indicator_id, r.quantity, own))
    return _frame(rows, ["indicator", "target", "own"])


def ambitions(report):
    """Every target of the year planned against the growth of the year reviewed, in the order of the report.

    Returns
    -------
    pandas.DataFrame
        ``indicator``, ``own`` (growth of the year reviewed), ``target`` and ``step`` (target less growth, in points).
        A target without a stated growth is absent.
    """
    rows = []
    for target in planned(report).itertuples():
        own = stated(report, "growth", target.indicator_id)
        if not isinstance(own, Missing):
            rows.append((target.indicator_id, own, target.quantity, asked(target.quantity) - own))
    return _frame(rows, ["indicator", "own", "target", "step"])


def outcome(report, indicator):
    """Growth of an indicator of the report's area in the year planned: published, or from a published level.

    A level follows only where the growth of the report is at current prices.

    Returns
    -------
    Quantity or Missing
    """
    here, year = report.meta["area"], report.meta["year_planned"]
    rate, level = (
        stated(report, "published", indicator, area=here, period=year, measure=m) for m in ("growth", "level")
    )
    before = stated(report, "levels", indicator)
    if (
        isinstance(rate, Missing)
        and _nominal(report, indicator)
        and not isinstance(level, Missing)
        and not isinstance(before, Missing)
    ):
        return change(before, level)
    return rate


def outcomes(report):
    """What became of every target of the report.

    Returns
    -------
    pandas.DataFrame
        ``indicator``, ``target``, ``outcome`` (a rate or Missing), ``gap`` (outcome less target, in points),
        ``verdict``; ``level`` (published) and ``short`` (of the level that the target called for, in yuan) where both
        levels are known, else Missing.
    """
    rows = []
    for target in planned(report).itertuples():
        indicator, rate = target.indicator_id, outcome(report, target.indicator_id)
        level = stated(
            report, "published", indicator, area=report.meta["area"], period=report.meta["year_planned"],
            measure="level",
        )
        before, gap = stated(report, "levels", indicator), missed_by(rate, target.quantity)
        called = Missing("not found", f"the level of {indicator} that the target called for")
        if _nominal(report, indicator) and not isinstance(before, Missing) and not isinstance(level, Missing):
            call = lambda b, t, after: b * (1 + t) - after  # noqa: E731
            called = corners(call, before, asked(target.quantity), level, like=before, formula="{} × (1 + {}) − {}")
        rows.append((indicator, target.quantity, rate, gap, verdict(gap), level, called))
    return _frame(rows, ["indicator", "target", "outcome", "gap", "verdict", "level", "short"])


def tiers(report, indicator, ahead=True):
    """One target at each tier of government, and what became of it.

    Parameters
    ----------
    report : Report
    indicator : str
    ahead : bool
        The year planned, or the year reviewed, whose targets were set a year earlier.

    Returns
    -------
    pandas.DataFrame
        From the widest area to the report's own: ``area``, ``before`` (growth of the year before, stated or implied by
        the report), ``kind`` of it, ``target``, ``outcome``, ``gap`` and ``verdict``, Missing where it was not found.
        An area without a target is absent.
    """
    here, rows = report.meta["area"], []
    year = int(report.meta["year_planned" if ahead else "year_reviewed"])
    implied = comparisons(report)
    implied = implied[implied["indicator"] == indicator].set_index("area")["implied"]
    for area in [*areas_above(report), here]:
        own = area == here and ahead
        target = (
            stated(report, "targets", indicator, period=year)
            if own
            else _published(report, indicator, area, year, "target")
        )
        result = outcome(report, indicator) if own else _published(report, indicator, area, year, "growth")
        if area == here:
            result = result if ahead else stated(report, "growth", indicator)
        before = (
            stated(report, "growth", indicator)
            if own
            else implied.get(area, Missing("not stated", f"growth of {indicator} in {area}"))
        )
        if not isinstance(target, Missing):
            gap = missed_by(result, target)
            rows.append((area, before, "stated" if own else "implied", target, result, gap, verdict(gap)))
    return _frame(rows, ["area", "before", "kind", "target", "outcome", "gap", "verdict"])


def increments(report):
    """What targets add in yuan, beside what the year before added and what came of it.

    Only indicators with a level whose growth is at current prices: real growth times a level is no sum of money, nor is
    growth that is called comparable.

    Returns
    -------
    pandas.DataFrame
        ``indicator``, ``gained`` (in the year reviewed), ``wanted`` (in the year planned, at the bound of a bound),
        ``came`` (from a published level, else Missing).
    """
    rows = []
    for row in ambitions(report).itertuples():
        level = stated(report, "levels", row.indicator)
        if isinstance(level, Missing) or not _nominal(report, row.indicator) or _comparable(report, row.indicator):
            continue
        gained = corners(
            lambda now, rate: now - now / (1 + rate), level, row.own, like=level, formula="{0} − {0} ÷ (1 + {1})"
        )
        wanted = corners(lambda now, rate: now * rate, level, asked(row.target), like=level, formula="{} × {}")
        if row.target.qualifier in ("at_least", "more_than"):
            wanted = replace(wanted, interval=Interval(wanted.low, inf), decimals=wanted.digits())
        after = stated(
            report, "published", row.indicator, area=report.meta["area"], period=report.meta["year_planned"],
            measure="level",
        )
        came = after
        if not isinstance(after, Missing):  # as coarse as the coarser of the two
            came = corners(lambda new, old: new - old, after, level, like=level, formula="{} − {}")
        rows.append((row.indicator, gained, wanted, came))
    return _frame(rows, ["indicator", "gained", "wanted", "came"])


def two_years(own, target):
    """Yearly mean of a growth and of the target that follows it, if the target is just met.

    Parameters
    ----------
    own, target : Quantity
        Rates.

    Returns
    -------
    Quantity
        √((1 + growth) × (1 + target)) − 1.
    """
    return corners(
        lambda a, b: _root((1 + a) * (1 + b)) - 1, own, asked(target), like=own, formula="√((1 + {}) × (1 + {})) − 1"
    )


def _root(number):
    """Square root to twelve digits."""
    return Fraction(isqrt(number.numerator * 10**24 // number.denominator), 10**12)


def _nominal(report, indicator):
    growth = frame(report, "growth")
    return bool(growth.loc[growth["indicator_id"] == indicator, "price_basis"].isin(["nominal", "plain"]).any())


def _comparable(report, indicator):
    """Whether growth of the year is told on a basis of its own, so that it gives no amount of the year before."""
    growth = frame(report, "growth")
    return bool((growth["indicator_id"].eq(indicator) & growth["comparable"].eq("yes")).any())


def _published(report, indicator, area, year, measure):
    return stated(report, "published", indicator, area=area, period=year, measure=measure)


def _frame(rows, columns):
    return pd.DataFrame(rows, columns=columns).astype({c: object for c in columns})
