"""Places: what the report ranks, among whom, out of how many, and what it leaves out."""

from dataclasses import dataclass

from .growth import HEADLINE, YARDSTICKS
from .numbers import Quantity, compare, direction, read_numeral
from .tables import Figure

SCOPES = ("jiaozuo", "six_counties", "henan", "china")
WITHIN = ("jiaozuo", "six_counties")
STANDING = ("leading", "first", "only")
STATED = {
    "level": ("levels", {}),
    "level_rank": ("rankings", {"aspect": "level"}),
    "growth": ("growth", {}),
    "growth_rank": ("rankings", {"aspect": "growth"}),
    **{area: ("gaps", {"comparator": area}) for area in YARDSTICKS},
    "target": ("targets", {}),
}


def place(figure):
    """A printed place as a whole number."""
    return int(figure.quantity.value)


def out_of(figure):
    """How many are ranked, as a whole number; None where the report does not state it."""
    printed = figure.row["out_of"]
    return int(read_numeral(printed)[0]) if printed else None


def ranks(report, scopes=SCOPES):
    """Every printed rank of the given scopes.

    Returns
    -------
    list of Figure
        In the order of `scopes`, the best place first. Places of different scopes are never compared.
    """
    return [f for scope in scopes for f in sorted(report.find("rankings", scope=scope), key=place)]


@dataclass(frozen=True)
class Pair:
    """Two places of one indicator in one scope: by level and by growth."""

    level: Figure
    growth: Figure

    @property
    def better(self):
        """By what the place is better: ``size``, ``growth`` or ``neither``."""
        return {"below": "size", "above": "growth", "equal": "neither"}[direction(self.level.quantity - self.growth.quantity)]


def pairs(report):
    """Indicators that print both a place by level and a place by growth, in the same scope.

    Returns
    -------
    list of Pair
        In the order of the report.
    """
    return [
        Pair(level, growth)
        for level in report.find("rankings", aspect="level")
        for growth in report.find("rankings", aspect="growth", **{c: level.row[c] for c in ("indicator_id", "scope", "period")})
    ]


def earlier_places(report):
    """Places of an earlier year, where the report prints how many places were gained since.

    Returns
    -------
    list of (Figure, Figure, Quantity)
        Rank, places gained (direction above) or lost, and the earlier place: place + places gained.
    """
    moved = [(report.figures[gap.row["subject"]], gap) for gap in report.find("gaps", unit="位")]
    signs = {"above": 1, "below": -1}
    return [
        (rank, gap, rank.quantity + Quantity.exact(signs[gap.row["direction"]] * gap.quantity.value, kind="rank")) for rank, gap in moved
    ]


def stated(report, indicators=HEADLINE):
    """What the report states of each headline indicator.

    Returns
    -------
    dict of (str, str) to Figure or None
        By indicator and column of `STATED`; None where nothing is stated.
    """
    return {
        (indicator, column): next(iter(report.find(table, indicator_id=indicator, **cells)), None)
        for indicator in indicators
        for column, (table, cells) in STATED.items()
    }


@dataclass(frozen=True)
class Neighbour:
    """A rank of the report against what a neighbour published.

    Parameters
    ----------
    rank : Figure
    own : Figure
        The level or growth that is ranked.
    published : Figure
        The neighbour's value of the same measure, or its own rank.
    status : {"fits", "contradicts", "open"}
        A first place is contradicted by a neighbour's larger value or by its own first place among
        a group that holds both; it is open where the neighbour's value is a bound.
    """

    rank: Figure
    own: Figure
    published: Figure
    status: str


def neighbours(report):
    """Check the ranks by level and growth against neighbours' published figures of the same year.

    Returns
    -------
    list of Neighbour
        Published copies are secondary or mirrored: consistency checks, not proofs.
    """
    found = []
    for rank in (r for r in ranks(report, WITHIN) if r.row["aspect"] in ("level", "growth")):
        own, first = report.figures[rank.row["subject"]], place(rank) == 1
        for other in report.find("published", indicator_id=rank.row["indicator_id"], period=rank.row["period"]):
            if report.areas[other.row["area"]]["parent"] not in WITHIN or other.row["area"] == rank.row["area"]:
                continue
            if other.row["measure"] == rank.row["aspect"]:
                status = {"holds": "fits", "fails": "contradicts" if first else "fits", "within_rounding": "open" if first else "fits"}[
                    compare(own.quantity, ">=", other.quantity)
                ]
            elif other.row["measure"] == "rank" and other.row["variant"].startswith(rank.row["aspect"]):
                status = "contradicts" if first and place(other) == 1 else "fits"
            else:
                continue
            found.append(Neighbour(rank, own, other, status))
    return found


def without_level(report, indicator):
    """Neighbours whose published level of an indicator was looked for in vain, by area id."""
    return [
        row["area"]
        for row in report.tables["published"].rows
        if row["indicator_id"] == indicator
        and row["measure"] == "level"
        and row["status"] == "not_found"
        and row["period"] == report.meta["year_reviewed"]
    ]


def standing_claims(report):
    """Claims of standing that give no place, by kind: leading, first, only."""
    rows = report.tables["claims"].rows
    return {kind: [row for row in rows if row["kind"] == kind] for kind in STANDING}
