"""Targets: against the year before, against those of the areas above, in yuan, and against what became of them."""

from dataclasses import replace
from fractions import Fraction
from math import inf, isqrt

import pandas as pd

from ..frames import areas_above, frame, known, stated, stated_rows
from ..numbers import Interval, Missing, corners, direction
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
    return replace(target, interval=Interval(target.value - slack, target.value + slack), about=False)


def missed_by(outcome, target):
    """Outcome less target in percentage points, or Missing where one of them is."""
    if not known(outcome):
        return outcome
    return outcome - asked(target) if known(target) else target


def verdict(gap):
    """``met``, ``missed`` (short over the whole interval) or ``not found``."""
    return "not found" if not known(gap) else "missed" if direction(gap) == "below" else "met"


def met_as_stated(table):
    """Rows of a table of targets and outcomes that are met as stated, though rounding may hide a small miss.

    Returns
    -------
    pandas.Series of bool
    """
    near = [known(r.gap) and r.outcome.low < r.target.value <= r.outcome.value for r in table.itertuples()]
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
    found = stated_rows(report, "targets", period=int(report.meta["year_planned"]))
    firm = found[found["aim"] == ""]["indicator_id"]
    found = found[found["aim"].eq("") | ~found["indicator_id"].isin(firm)]  # what is hoped for beyond a firm target: `hoped`
    grows = [r.quantity.kind == "rate" and report.indicators[r.indicator_id]["kind"] != "rate" for r in found.itertuples()]
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
    kept = stated_rows(report, "targets", indicator_id=list(firm)).query("aim != ''")
    return kept.rename(columns={"indicator_id": "indicator", "quantity": "target"})[["indicator", "target"]].reset_index(drop=True)


def as_leads(report):
    """Targets of the year planned that are told as a lead over another area, not as a rate.

    Returns
    -------
    pandas.DataFrame
        ``indicator``, ``area`` and ``lead`` (in percentage points, negative if behind).
    """
    gaps = stated_rows(report, "gaps", period=int(report.meta["year_planned"]), comparator=areas_above(report))
    rows = [(r.indicator_id, r.comparator, r.quantity if r.direction == "above" else -r.quantity) for r in gaps.itertuples()]
    return pd.DataFrame(rows, columns=["indicator", "area", "lead"])


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
    return pd.DataFrame(rows, columns=["indicator", "target", "own"])


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
        if known(own):
            rows.append((target.indicator_id, own, target.quantity, asked(target.quantity) - own))
    return pd.DataFrame(rows, columns=["indicator", "own", "target", "step"])


def outcome(report, indicator):
    """Growth of an indicator of the report's area in the year planned: published, or from a published level.

    A level follows only where the growth of the report is at current prices.

    Returns
    -------
    Quantity or Missing
    """
    rate, level = (_came(report, indicator, measure) for measure in ("growth", "level"))
    before = stated(report, "levels", indicator)
    follows = not known(rate) and known(before, level) and _nominal(report, indicator)
    return change(before, level) if follows else rate


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
        before, level = stated(report, "levels", indicator), _came(report, indicator, "level")
        gap = missed_by(rate, target.quantity)
        called = Missing("not found", f"the level of {indicator} that the target called for")
        if known(before, level) and _nominal(report, indicator):
            call = lambda b, t, after: b * (1 + t) - after  # noqa: E731
            called = corners(call, before, asked(target.quantity), level, like=before, formula="{} × (1 + {}) − {}")
        rows.append((indicator, target.quantity, rate, gap, verdict(gap), level, called))
    return pd.DataFrame(rows, columns=["indicator", "target", "outcome", "gap", "verdict", "level", "short"])


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
        grew, kind = implied.get(area, Missing("not stated", f"growth of {indicator} in {area}")), "implied"
        target, result = (stated(report, "published", indicator, area=area, period=year, measure=m) for m in ("target", "growth"))
        if area == here and ahead:
            grew, kind = stated(report, "growth", indicator), "stated"
            target, result = stated(report, "targets", indicator, period=year), outcome(report, indicator)
        elif area == here:
            result = stated(report, "growth", indicator)
        if known(target):
            gap = missed_by(result, target)
            rows.append((area, grew, kind, target, result, gap, verdict(gap)))
    return pd.DataFrame(rows, columns=["area", "before", "kind", "target", "outcome", "gap", "verdict"])


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
        if not known(level) or not _nominal(report, row.indicator) or _comparable(report, row.indicator):
            continue
        gained = corners(lambda now, rate: now - now / (1 + rate), level, row.own, like=level, formula="{0} − {0} ÷ (1 + {1})")
        wanted = corners(lambda now, rate: now * rate, level, asked(row.target), like=level, formula="{} × {}")
        if row.target.qualifier in ("at_least", "more_than"):
            wanted = replace(wanted, interval=Interval(wanted.low, inf), decimals=wanted.digits())
        came = _came(report, row.indicator, "level")
        if known(came):  # as coarse as the coarser of the two
            came = corners(lambda new, old: new - old, came, level, like=level, formula="{} − {}")
        rows.append((row.indicator, gained, wanted, came))
    return pd.DataFrame(rows, columns=["indicator", "gained", "wanted", "came"])


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
    mean = lambda a, b: _root((1 + a) * (1 + b)) - 1  # noqa: E731
    return corners(mean, own, asked(target), like=own, formula="√((1 + {}) × (1 + {})) − 1")


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


def _came(report, indicator, measure):
    """What was published of the report's area for the year planned."""
    year = report.meta["year_planned"]
    return stated(report, "published", indicator, area=report.meta["area"], period=year, measure=measure)
