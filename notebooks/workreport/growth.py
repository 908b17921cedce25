"""Own growth against the nation, the province and the prefecture: rebuilt rates, leads, decomposition."""

from dataclasses import dataclass

from .numbers import Quantity, direction
from .tables import Figure

YARDSTICKS = ("china", "henan", "jiaozuo")
HEADLINE = ("gdp", "industrial_value_added", "fixed_asset_investment", "retail_sales", "budget_revenue")


@dataclass(frozen=True)
class Comparison:
    """One indicator against one yardstick.

    Parameters
    ----------
    indicator, area : str
        What is compared, and the area compared with.
    own, gap : Figure
        The report's own rate and its gap.
    rebuilt : Quantity
        The yardstick's rate: own − gap (for a direction of below, own + gap).
    """

    indicator: str
    area: str
    own: Figure
    gap: Figure
    rebuilt: Quantity

    @property
    def lead(self):
        """Own rate less the yardstick's, in percentage points, as printed."""
        gap = self.gap.quantity
        return gap if self.gap.row["direction"] == "above" else Quantity(-gap.value, -gap.interval, gap.dimension, gap.kind)

    @property
    def verdict(self):
        """Side of the own rate over the whole interval: above, below, within_rounding or equal."""
        return direction(self.lead)


def implied_rate(own, gap, side):
    """Rate of a comparator that the report does not print.

    Parameters
    ----------
    own : Quantity
        A rate.
    gap : Quantity
        Percentage points.
    side : {"above", "below"}
        Whether the own rate is above or below the comparator.

    Returns
    -------
    Quantity
        A rate, with the interval of the worst case of both.
    """
    return own - gap if side == "above" else own + gap


def comparisons(report, indicators=HEADLINE, areas=YARDSTICKS):
    """Every comparison of growth that the report states.

    Returns
    -------
    list of Comparison
        In the order of `indicators` and `areas`; what is not stated is absent.
    """
    found = []
    for indicator in indicators:
        for area in areas:
            for gap in report.find("gaps", indicator_id=indicator, comparator=area):
                own = report.figures[gap.row["subject"]]
                rebuilt = implied_rate(own.quantity, gap.quantity, gap.row["direction"])
                found.append(Comparison(indicator, area, own, gap, rebuilt))
    return found


def premium_decomposition(report, indicator, areas=YARDSTICKS):
    """Split the lead over the widest yardstick along the nesting of the areas.

    (own − jiaozuo) + (jiaozuo − henan) + (henan − china) is the lead over the nation, exactly.

    Parameters
    ----------
    report : Report
    indicator : str
    areas : sequence of str
        From the widest area to the nearest.

    Returns
    -------
    list of (str, Quantity) or None
        Part and its points, the own part (``qinyang``) first; the part of an area is what it adds
        over the next wider one. None where the report does not state every gap.
    """
    leads = {c.area: c.lead for c in comparisons(report, (indicator,), areas)}
    if set(leads) != set(areas):
        return None
    nearest = list(reversed(areas))
    parts = [(report.meta["area"], leads[nearest[0]])]
    return parts + [(near, leads[wide] - leads[near]) for near, wide in zip(nearest, nearest[1:], strict=False)]


def own_share(report, indicator):
    """Part of the lead over the widest yardstick that is the city's own.

    Both leads are printed, each with its own rounding, so the share runs from the least own part
    of the largest lead to the largest of the least.

    Returns
    -------
    Quantity or None
        A share; None where a gap is not stated or a lead may be zero or negative.
    """
    parts = premium_decomposition(report, indicator)
    if parts is None:
        return None
    own, whole = (Quantity(q.value, q.interval) for q in (parts[0][1], comparisons(report, (indicator,))[0].lead))
    return own / whole if own.low > 0 and whole.low > 0 else None


@dataclass(frozen=True)
class Benchmark:
    """A rebuilt rate against what was published.

    Parameters
    ----------
    comparison : Comparison
    published : list of Figure
        Published statistics of the same indicator, area and period on the same basis.
    status : {"agrees", "differs", "several bases", "not found"}
        Whether the published rate lies within the rebuilt interval.
    """

    comparison: Comparison
    published: list
    status: str


def benchmarks(report, indicators=HEADLINE):
    """Compare every rebuilt rate with the published one.

    Returns
    -------
    list of Benchmark
        One per comparison; ``not found`` where a statistic was looked for in vain, ``several
        bases`` where only figures of stated, different bases exist.
    """
    result = []
    for comparison in comparisons(report, indicators):
        rows = report.find(
            "published", indicator_id=comparison.indicator, area=comparison.area,
            period=comparison.own.row["period"], measure="growth",
        )  # fmt: skip
        plain = [figure for figure in rows if figure.row["variant"] == ""]
        if plain:
            inside = all(f.quantity.interval.overlaps(comparison.rebuilt.interval) for f in plain)
            status = "agrees" if inside else "differs"
        else:
            status = "several bases" if rows else "not found"
        result.append(Benchmark(comparison, plain, status))
    return result
