"""Published statistics beside the report: what they confirm, and which comparisons the report leaves out."""

from dataclasses import dataclass

from . import growth
from .numbers import compare, direction
from .tables import Figure
from .units import quantity_of


def compared_indicators(report):
    """Indicators whose growth the report compares with any yardstick, in its order."""
    return tuple(dict.fromkeys(gap.row["indicator_id"] for gap in report.find("gaps") if gap.row["comparator"] in growth.YARDSTICKS))


def benchmarks(report):
    """Every rebuilt rate against the published one, headline indicators and others (see `growth.benchmarks`)."""
    return growth.benchmarks(report, compared_indicators(report))


def dating(report, figure):
    """Whether a published figure is dated ``before`` the report's delivery, ``after`` it (or that day), or ``undated``."""
    date = figure.row["published_date"]
    return "undated" if not date else "before" if date < report.meta["delivered"] else "after"


@dataclass(frozen=True)
class LeftOut:
    """A comparison that published statistics allow and the report does not print.

    Parameters
    ----------
    indicator, area : str
    own : Figure
        The report's rate of growth or share.
    published : list of Figure
        The same measure of the same period for the area, one per basis and copy.
    """

    indicator: str
    area: str
    own: Figure
    published: list

    @property
    def verdict(self):
        """Side of the own figure: above, below, within_rounding, equal; ``open`` where bases disagree."""
        words = {direction(self.own.quantity - figure.quantity) for figure in self.published}
        return words.pop() if len(words) == 1 else "open"

    @property
    def bases(self):
        """Published figures by basis and value, copies of the same together."""
        found = {}
        for figure in self.published:
            found.setdefault((figure.row["variant"], figure.quantity.value), []).append(figure)
        return list(found.values())


def left_out(report, table="growth", measure="growth"):
    """Comparisons that the report could be given and does not print.

    Parameters
    ----------
    report : Report
    table : {"growth", "shares"}
    measure : {"growth", "share"}
        Of the published statistics. Ceilings and other bounds are never compared.

    Returns
    -------
    list of LeftOut
        By indicator in the order of the report, then from the widest area to the nearest.
    """
    found = []
    for own in report.find(table, area=report.meta["area"], period=report.meta["year_reviewed"], qualifier=""):
        for area in growth.YARDSTICKS:
            published = report.find("published", area=area, measure=measure, **{c: own.row[c] for c in ("indicator_id", "period")})
            if published and not report.find("gaps", subject=own.id, comparator=area):
                found.append(LeftOut(own.row["indicator_id"], area, own, published))
    return found


@dataclass(frozen=True)
class Elsewhere:
    """A figure of the report against the same figure published elsewhere.

    Parameters
    ----------
    own, published : Figure
    """

    own: Figure
    published: Figure

    @property
    def agrees(self):
        """Whether the two rounding intervals overlap."""
        return compare(self.own.quantity, "==", self.published.quantity) == "holds"

    @property
    def half(self):
        """Half a unit of the last digit that the report printed, in base units."""
        return quantity_of("1", self.own.row["unit"]).value / 2 / 10**self.own.decimals

    @property
    def distance(self):
        """Published less printed, in halves of the last printed digit: within ±1 is rounding."""
        return (self.published.quantity - self.own.quantity).value / self.half


def elsewhere(report):
    """Figures of the report that were also published elsewhere for the same area, period and measure.

    Returns
    -------
    list of Elsewhere
        Levels first, then growth, sorted by indicator in the order of the codebook.
    """
    found = [
        Elsewhere(own, published)
        for table, measure in (("levels", "level"), ("growth", "growth"))
        for own in report.find(table, area=report.meta["area"])
        for published in report.find(
            "published", measure=measure, variant="", **{c: own.row[c] for c in ("area", "indicator_id", "period")}
        )
    ]
    order = {indicator: i for i, indicator in enumerate(report.indicators)}
    return sorted(found, key=lambda e: order[e.own.row["indicator_id"]])
