"""Ranks: which the report states, what it leaves out, and how the area compares with its neighbours."""

import pandas as pd

from ..frames import known, stated, stated_rows
from ..numbers import read_numeral
from .growth import comparisons, own


def given(report):
    """Every rank that the report states.

    Returns
    -------
    pandas.DataFrame
        In the order of the report: ``figure``, ``indicator``, ``rank`` (a quantity), ``aspect`` (``level``, ``number``,
        ``growth``, ``index``, ``result``, ``assessment``), ``scope`` (the area it is in), ``out_of`` (how many are
        ranked; empty where that is not stated), ``ranked`` (``own``, ``project``, ``unstated``), ``before`` and
        ``since`` (an earlier rank and its year, where the report says how many ranks were gained or lost).

    Notes
    -----
    Ranks of different scopes are different contests. An earlier rank is implied: rank + ranks gained.
    """
    columns = ["figure", "indicator", "rank", "aspect", "scope", "out_of", "ranked", "before", "since"]
    moved = {row.subject: row for row in stated_rows(report, "gaps").itertuples() if row.quantity.kind == "places"}
    rows = []
    for row in stated_rows(report, "rankings").itertuples():
        out_of = int(read_numeral(str(row.out_of))[0]) if pd.notna(row.out_of) and row.out_of else ""
        before, since = None, ""
        if gap := moved.get(row.figure_id):
            gained = gap.quantity if gap.direction == "above" else -gap.quantity
            before, since = row.quantity + gained, gap.comparator.removeprefix("own_")
        rows.append((row.figure_id, row.indicator_id, row.quantity, row.aspect, row.scope, out_of, row.ranked, before, since))
    return pd.DataFrame(rows, columns=columns)


def holdings(report):
    """What the report states of each headline indicator, one row per indicator and thing that could be stated.

    Returns
    -------
    pandas.DataFrame
        ``indicator``, ``what`` (``level``, ``level_rank``, ``growth``, ``growth_rank``, ``target``, or the area above
        that growth is compared with), ``quantity`` (`Missing` where nothing is stated) and ``how``: ``stated``,
        ``left_out``, or ``seldom`` for an amount that, says the codebook, is seldom released at this level, and the
        rank by it.

    Notes
    -----
    The headline indicators are those of the themes growth and finance whose growth of the year the report states.
    """
    rates = comparisons(report)
    asked = {
        "level": ("levels", {}),
        "level_rank": ("rankings", {"aspect": "level"}),
        "growth": ("growth", {}),
        "growth_rank": ("rankings", {"aspect": "growth"}),
        **{a: ("gaps", {"comparator": a}) for a in report.areas if a in set(rates["area"])},
        "target": ("targets", {}),
    }
    rows = []
    leads = rates.set_index(["indicator", "area"])["lead"]
    for indicator in dict.fromkeys([*own(report)["indicator"], *rates["indicator"]]):
        for what, (table, cells) in asked.items():
            quantity = leads.get((indicator, what), stated(report, table, indicator, **cells))
            seldom = report.indicators[indicator]["amount"] and what.startswith("level")
            rows.append((indicator, what, quantity, "stated" if known(quantity) else "seldom" if seldom else "left_out"))
    return pd.DataFrame(rows, columns=["indicator", "what", "quantity", "how"])


def peers(report):
    """Ids of the areas that lie beside the report's own: in the same group, or else under the same area."""
    own = report.areas[report.meta["area"]]
    beside = {a: row for a, row in report.areas.items() if row["parent"] == own["parent"] and row["kind"] != "group"}
    return [a for a in beside if a != own["area_id"]]


def rival(report):
    """The peer whose published GDP is nearest to the report's own.

    Returns
    -------
    str or None
        By the year reviewed, or else the year planned; a bound decides nothing. None where no peer's is known.
    """
    here = report.meta["area"]
    for period in (report.meta["year_reviewed"], report.meta["year_planned"]):
        found = {a: stated(report, "published", "gdp", area=a, period=period, measure="level") for a in [here, *peers(report)]}
        published, own = found.pop(here), stated(report, "levels", "gdp", period=period)
        own = own if known(own) else published
        found = {a: q for a, q in found.items() if known(q) and q.interval.bounded}
        if found and known(own):
            return min(found, key=lambda a: abs(found[a].value - own.value))
    return None


def firsts_elsewhere(report, indicator):
    """Peers that, says what was published of the year reviewed, are first in the area next above by an indicator."""
    asked = {"indicator_id": indicator, "measure": "rank", "area": peers(report), "period": int(report.meta["year_reviewed"])}
    found = stated_rows(report, "published", **asked)
    return [r.area for r in found.itertuples() if r.variant.endswith("in the prefecture") and r.quantity.value == 1]


def beside(report, area):
    """The report's levels and growth beside those a neighbour published for the same year.

    Returns
    -------
    pandas.DataFrame
        ``indicator``, ``measure`` (``level`` or ``growth``), ``own``, ``other`` and ``lead`` (own − other), levels
        first; only what both state.
    """
    rows = []
    for table, measure in (("levels", "level"), ("growth", "growth")):
        for row in stated_rows(report, table, area=report.meta["area"]).itertuples():
            other = stated(report, "published", row.indicator_id, area=area, period=row.period, measure=measure)
            if known(other):
                rows.append((row.indicator_id, measure, row.quantity, other, row.quantity - other))
    return pd.DataFrame(rows, columns=["indicator", "measure", "own", "other", "lead"])


def side_by_side(report, indicator, period):
    """Levels of one indicator in the report's area and its peers, all from one source, the largest first.

    Returns
    -------
    pandas.DataFrame
        ``area``, ``value``, ``rank`` (a whole number, equal values sharing the better one) and ``source_id``. Empty
        where no source has the own area and two peers.

    Notes
    -----
    The source that covers the most areas; sources differ in what they count, so none are mixed.
    """
    here, period = report.meta["area"], int(period)
    asked = {"indicator_id": indicator, "measure": "level", "variant": "", "area": [here, *peers(report)], "period": period}
    found = stated_rows(report, "published", **asked).rename(columns={"quantity": "value"})
    covered = {source: set(areas) for source, areas in found.groupby("source_id", sort=False)["area"]}
    wide = {source: len(areas) for source, areas in covered.items() if here in areas and len(areas) > 2}
    found = found[found["source_id"] == max(wide, key=wide.get, default=None)][["area", "value", "source_id"]]
    found = found.sort_values("value", ascending=False, kind="stable", ignore_index=True)
    found.insert(2, "rank", [1 + sum(other > one for other in found["value"]) for one in found["value"]])
    return found
