"""Ranks: which the report states, what it leaves out, and how the area compares with its neighbours."""

import pandas as pd

from ..frames import frame, stated
from ..numbers import Missing, read_numeral
from .growth import comparisons, own


def given(report):
    """Every rank that the report states.

    Parameters
    ----------
    report : Report

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
    moved = {
        row.subject: row for row in frame(report, "gaps").itertuples() if getattr(row.quantity, "kind", "") == "places"
    }
    rows = []
    for row in frame(report, "rankings").itertuples():
        if isinstance(row.quantity, Missing):
            continue
        out_of = int(read_numeral(str(row.out_of))[0]) if pd.notna(row.out_of) and row.out_of else ""
        before, since = None, ""
        if gap := moved.get(row.figure_id):
            gained = gap.quantity if gap.direction == "above" else -gap.quantity
            before, since = row.quantity + gained, gap.comparator.removeprefix("own_")
        rows.append(
            (row.figure_id, row.indicator_id, row.quantity, row.aspect, row.scope, out_of, row.ranked, before, since)
        )
    return pd.DataFrame(rows, columns=columns).astype({"rank": object, "before": object})


def holdings(report):
    """What the report states of each headline indicator, one row per indicator and thing that could be stated.

    Parameters
    ----------
    report : Report

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
    areas = list(
        dict.fromkeys(rates.sort_values("area", key=lambda c: c.map(list(report.areas).index), kind="stable")["area"])
    )
    asked = {
        "level": ("levels", {}),
        "level_rank": ("rankings", {"aspect": "level"}),
        "growth": ("growth", {}),
        "growth_rank": ("rankings", {"aspect": "growth"}),
        **{a: ("gaps", {"comparator": a}) for a in areas},
        "target": ("targets", {}),
    }
    rows = []
    leads = rates.set_index(["indicator", "area"])["lead"]
    for indicator in dict.fromkeys([*own(report)["indicator"], *rates["indicator"]]):
        for what, (table, cells) in asked.items():
            quantity = leads.get((indicator, what), stated(report, table, indicator, **cells))
            if isinstance(quantity, Missing):
                how = "seldom" if report.indicators[indicator]["amount"] and what.startswith("level") else "left_out"
            else:
                how = "stated"
            rows.append((indicator, what, quantity, how))
    return pd.DataFrame(rows, columns=["indicator", "what", "quantity", "how"]).astype({"quantity": object})


def peers(report):
    """Ids of the areas that lie beside the report's own: in the same group, or else under the same area."""
    own = report.areas[report.meta["area"]]
    return [
        a
        for a, row in report.areas.items()
        if row["parent"] == own["parent"] and a != own["area_id"] and row["kind"] != "group"
    ]


def rival(report):
    """The peer whose published GDP is nearest to the report's own.

    Returns
    -------
    str or None
        By the year reviewed, or else the year planned; a bound decides nothing. None where no peer's is known.
    """
    here = report.meta["area"]
    for period in (report.meta["year_reviewed"], report.meta["year_planned"]):
        found = {
            a: stated(report, "published", "gdp", area=a, period=period, measure="level")
            for a in [here, *peers(report)]
        }
        own = stated(report, "levels", "gdp", period=period)
        own = found.pop(here) if isinstance(own, Missing) else own
        known = {a: q for a, q in found.items() if a != here and not isinstance(q, Missing) and q.interval.bounded}
        if known and not isinstance(own, Missing):
            return min(known, key=lambda a: abs(known[a].value - own.value))
    return None


def firsts_elsewhere(report, indicator):
    """Peers that, says what was published of the year reviewed, are first in the area next above by an indicator."""
    known = frame(report, "published")
    known = known[known["indicator_id"].eq(indicator) & known["measure"].eq("rank") & known["area"].isin(peers(report))]
    known = known[known["period"].eq(int(report.meta["year_reviewed"])) & known["variant"].str.endswith("in the prefecture")]
    return [r.area for r in known.itertuples() if r.quantity.value == 1]


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
        for row in frame(report, table).itertuples():
            other = stated(report, "published", row.indicator_id, area=area, period=row.period, measure=measure)
            if (
                row.area == report.meta["area"]
                and not isinstance(row.quantity, Missing)
                and not isinstance(other, Missing)
            ):
                rows.append((row.indicator_id, measure, row.quantity, other, row.quantity - other))
    found = pd.DataFrame(rows, columns=["indicator", "measure", "own", "other", "lead"])
    return found.astype(dict.fromkeys(("own", "other", "lead"), object))


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
    known, members = frame(report, "published"), [report.meta["area"], *peers(report)]
    kept = (
        known["indicator_id"].eq(indicator)
        & known["measure"].eq("level")
        & known["variant"].eq("")
        & known["area"].isin(members)
    )
    kept = known[kept & known["period"].eq(int(period)) & known["quantity"].q.stated]
    covered = kept.groupby("source_id", sort=False)["area"].agg(set)
    covered = covered[covered.map(lambda areas: members[0] in areas and len(areas) > 2)]
    if covered.empty:
        return pd.DataFrame(columns=["area", "value", "rank", "source_id"]).astype({"value": object})
    found = kept[kept["source_id"] == max(covered.index, key=lambda s: len(covered[s]))]
    found = found.rename(columns={"quantity": "value"})[["area", "value", "source_id"]].sort_values(
        "value", ascending=False, kind="stable", ignore_index=True
    )
    found.insert(2, "rank", [1 + sum(other > one for other in found["value"]) for one in found["value"]])
    return found
