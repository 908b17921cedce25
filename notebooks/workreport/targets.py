"""Targets against the outcome of the year before, against the targets of higher levels, in yuan, and against what followed."""

from dataclasses import dataclass
from fractions import Fraction

from .growth import YARDSTICKS
from .numbers import ForbiddenOperation, Interval, Quantity, direction, previous_level
from .tables import DataError, Fault, Figure


def asked(target):
    """The rate a target asks for: what a bound names, a point, or a soft value as printed.

    Parameters
    ----------
    target : Figure
        A target of the report or a published one.

    Returns
    -------
    Quantity
        A rate: exact for a point or a bound (the bound itself, without what lies beyond it), plus
        or minus half the last printed digit for one that is said to be about a value.
    """
    quantity = target.quantity
    slack = Fraction(1, 200 * 10**target.decimals) if target.row["qualifier"] == "about" else 0
    return Quantity(quantity.value, Interval(quantity.value - slack, quantity.value + slack), quantity.dimension, quantity.kind)


@dataclass(frozen=True)
class Ambition:
    """One target against the outcome of the year before.

    Parameters
    ----------
    indicator : str
    target, outcome : Figure
        The target of the year planned and the growth of the year reviewed.
    """

    indicator: str
    target: Figure
    outcome: Figure

    @property
    def step(self):
        """What the target asks for less the outcome, in percentage points."""
        return asked(self.target) - self.outcome.quantity

    @property
    def verdict(self):
        """Side of the outcome on which the target lies: above, below, within_rounding or equal."""
        return direction(self.step)


def ambitions(report):
    """Every target against its outcome, in the order of the report.

    Raises
    ------
    KeyError
        If an outcome that a target names is not in the tables.
    """
    return [Ambition(t.row["indicator_id"], t, report.figures[t.row["outcome"]]) for t in report.find("targets")]


def published_target(report, indicator, area):
    """Published targets of an area for the year planned, one figure per source; empty where none is held.

    Raises
    ------
    DataError
        If two sources give different targets.
    """
    found = report.find("published", indicator_id=indicator, area=area, period=report.meta["year_planned"], measure="target")
    if len({(f.row["value"], f.row["qualifier"]) for f in found}) > 1:
        ids = ", ".join(f.id for f in found)
        raise DataError(
            [Fault("published.csv", None, "value", f"different targets in {ids}", "one target", "correct it, or give the variants names")]
        )
    return found


def ladder(report, indicator):
    """The same target at each level, from the widest area to the report's own.

    Returns
    -------
    list of (str, list of Figure)
        Area and its target, once per source; areas without a known target are absent.
    """
    higher = [(area, found) for area in YARDSTICKS if (found := published_target(report, indicator, area))]
    return higher + [(report.meta["area"], [report.one("targets", indicator_id=indicator)])]


def steps_above(report, indicator):
    """How far the own target lies above that of each higher level.

    Returns
    -------
    list of (str, Quantity)
        Area and percentage points, from the widest area to the nearest.
    """
    *higher, (_, (own, *_)) = ladder(report, indicator)
    return [(area, asked(own) - asked(found[0])) for area, found in higher]


@dataclass(frozen=True)
class Increment:
    """What a target adds to the level of the year before.

    Parameters
    ----------
    ambition : Ambition
    level : Figure
        Level of the year reviewed.
    needed : Quantity
        Yuan: level × what the target asks for; at prices of the year reviewed where the growth is real.
    added : Quantity or None
        Yuan added in the year reviewed; None where the growth is real or its basis is an open question.
    """

    ambition: Ambition
    level: Figure
    needed: Quantity
    added: Quantity | None

    @property
    def real(self):
        """Whether the growth is real, so that the increment is at prices of the year reviewed."""
        return self.ambition.outcome.row["price_basis"] == "real"


def _part_added(report, growth):
    """Part of this year's level that the year added, or None."""
    if any(r["figure_id"] == growth.id and r["field"] == "basis" for r in report.tables["readings"].rows):
        return None
    try:
        return Quantity.exact(1) - previous_level(Quantity.exact(1), growth.quantity, growth.row["price_basis"])
    except ForbiddenOperation:
        return None


def increments(report):
    """Yuan that each target adds, for every indicator whose level is printed.

    Returns
    -------
    list of Increment
        In the order of the targets. They are different things and have no sum.
    """
    found = []
    for ambition in ambitions(report):
        for level in report.find("levels", indicator_id=ambition.indicator, area=report.meta["area"]):
            part = _part_added(report, ambition.outcome)
            needed = level.quantity * asked(ambition.target)
            found.append(Increment(ambition, level, needed, level.quantity * part if part else None))
    return found


def times_added(report, increment):
    """The increment needed over that of the year before; the level is in both and cancels.

    Returns
    -------
    Quantity or None
        A pure number; None where the earlier increment is unknown or may be zero or negative.
    """
    part = _part_added(report, increment.ambition.outcome)
    return asked(increment.ambition.target) / part if part and part.low > 0 else None


def outcomes(report, indicator="gdp"):
    """The target of each level against the growth published since.

    Returns
    -------
    list of (str, Figure, Figure, Quantity)
        Area, target, published growth and growth less target in percentage points, from the widest
        area; areas without either are absent.
    """
    result = []
    for area, found in ladder(report, indicator):
        for grown in report.find("published", indicator_id=indicator, area=area, period=report.meta["year_planned"], measure="growth"):
            result.append((area, found[0], grown, grown.quantity - asked(found[0])))
    return result


def not_found(report):
    """Indicators with a target whose outcome was looked for in vain."""
    wanted = {a.indicator for a in ambitions(report)}
    return [
        r["indicator_id"]
        for r in report.tables["published"].rows
        if r["status"] == "not_found"
        and r["measure"] == "growth"
        and r["area"] == report.meta["area"]
        and r["period"] == report.meta["year_planned"]
        and r["indicator_id"] in wanted
    ]
