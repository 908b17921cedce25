"""Several reports side by side: growth, implied rates that two reports share, ranks held twice, promises and results.

Here: frames over all reports of the collection. The ids of figures begin with the report's name, as in
``jingzhou-2024:G01``. Not here: what one report says (the other modules of `analysis`).
"""

import re
from dataclasses import replace

import pandas as pd

from ..frames import areas_above, frame, known, stated, stated_rows
from ..numbers import direction
from ..tables import load, report_names
from . import growth, ledger, published, ranks, targets
from .budget import change


def every(only=None):
    """The reports of the collection by name, in the order of the areas, then of the years.

    Parameters
    ----------
    only : collection of str, optional
        Names; all if None.

    Returns
    -------
    dict of str to Report
    """
    found = {name: load(name) for name in report_names() if only is None or name in only}
    place = lambda r: (list(r.areas).index(r.meta["area"]), r.meta["year_reviewed"])  # noqa: E731
    return dict(sorted(found.items(), key=lambda item: place(item[1])))


def _tagged(quantity, name):
    """A quantity whose ids name its report; published figures belong to none."""
    if not known(quantity):
        return quantity
    tag = lambda i: i if i.startswith("P") else f"{name}:{i}"  # noqa: E731
    formula = re.sub(r"\b[A-Z]\d{2,3}\b", lambda found: tag(found[0]), quantity.formula)
    return replace(quantity, ids=tuple(map(tag, quantity.ids)), formula=formula)


def overview(reports):
    """What is there of each report.

    Returns
    -------
    pandas.DataFrame
        ``report``, ``area``, ``reviewed`` and ``planned`` (years), ``figures``, ``ranks``, ``comparisons`` (of growth,
        with areas above), ``targets`` and ``whole`` (whether every section is entered).
    """
    rows = []
    for name, report in reports.items():
        counts = ledger.every_figure(report)["measure"].value_counts()
        numbers = int(counts.sum() - counts.get("claims", 0)), int(counts.get("rankings", 0))
        compared = len(growth.comparisons(report)), int(counts.get("targets", 0))
        years = int(report.meta["year_reviewed"]), int(report.meta["year_planned"])
        rows.append((name, report.meta["area"], *years, *numbers, *compared, report.whole))
    columns = "report area reviewed planned figures ranks comparisons targets whole".split()
    return pd.DataFrame(rows, columns=columns)


def leads(reports):
    """Every lead over the nearest area that a report compares itself with.

    Returns
    -------
    pandas.DataFrame
        ``report``, ``area``, ``period``, ``indicator``, ``own``, ``over`` (the area), ``lead`` (in percentage points),
        ``implied`` (rate of that area), ``published`` (`Missing` where not found) and ``status`` (as in
        `published.checks`).
    """
    rows = []
    for name, report in reports.items():
        chain, rates = areas_above(report), growth.comparisons(report)
        nearest = rates.sort_values("area", key=lambda c: c.map(chain.index), kind="stable")
        nearest = nearest.drop_duplicates("indicator", keep="last").sort_index()
        found = published.checks(report, nearest).drop_duplicates(["indicator", "area"]).set_index(["indicator", "area"])
        for r in nearest.itertuples():
            seen = found.loc[(r.indicator, r.area)]
            told = [_tagged(q, name) for q in (r.own, r.lead, r.implied)]
            row = (name, report.meta["area"], r.period, r.indicator, told[0], r.area, *told[1:])
            rows.append((*row, seen["published"], seen["status"]))
    columns = "report area period indicator own over lead implied published status".split()
    return pd.DataFrame(rows, columns=columns)


def shared(reports):
    """Rates of one area, year and indicator that two reports or more imply.

    Returns
    -------
    pandas.DataFrame
        ``area``, ``period``, ``indicator``, ``reports`` (names), ``implied`` (a list, one each), ``agree`` (whether all
        intervals have a value in common) and ``published`` (`Missing` where not found).
    """
    found, any_report = {}, next(iter(reports.values()), None)
    for name, report in reports.items():
        for r in growth.comparisons(report).itertuples():
            found.setdefault((r.area, r.period, r.indicator), {})[name] = _tagged(r.implied, name)
    rows = []
    for (area, period, indicator), by_report in found.items():
        if len(by_report) > 1:
            quantities = list(by_report.values())
            agree = all(a.interval.overlaps(b.interval) for a in quantities for b in quantities)
            seen = stated(any_report, "published", indicator, area=area, period=period, measure="growth")
            rows.append((area, period, indicator, list(by_report), quantities, agree, seen))
    return pd.DataFrame(rows, columns="area period indicator reports implied agree published".split())


_PLACES = {"in the prefecture": "prefecture", "in the province": "province"}


def held(reports):
    """Ranks that several areas claim: same indicator, aspect, scope and year.

    Returns
    -------
    pandas.DataFrame
        ``indicator``, ``aspect``, ``scope``, ``period``, ``rank`` (a whole number), ``areas`` (two or more) and
        ``ids`` of the figures that claim it. Ranks stated by the reports and those published elsewhere; a tie is legal.
    """
    found, any_report = {}, next(iter(reports.values()), None)

    def claim(area, indicator, aspect, scope, period, rank):
        key = indicator, aspect, scope, int(period), int(rank.value)
        found.setdefault(key, {}).setdefault(area, []).extend(rank.ids)

    for name, report in reports.items():
        for r in ranks.given(report).query("ranked == 'own'").itertuples():
            claim(report.meta["area"], r.indicator, r.aspect, r.scope, report.meta["year_reviewed"], _tagged(r.rank, name))
    for r in stated_rows(any_report, "published", measure="rank").itertuples() if reports else ():
        aspect, _, where = r.variant.partition(", ")
        scope = [a for a in areas_above(any_report, r.area) if any_report.areas[a]["kind"] == _PLACES.get(where)]
        if scope:
            claim(r.area, r.indicator_id, aspect, scope[0], r.period, r.quantity)
    rows = [(*key, list(areas), [i for ids in areas.values() for i in ids]) for key, areas in found.items() if len(areas) > 1]
    return pd.DataFrame(rows, columns="indicator aspect scope period rank areas ids".split())


def pairs(reports):
    """Reports of one area of which the later reviews the year that the earlier plans, as pairs of names."""
    return [
        (a, b)
        for a, first in reports.items()
        for b, second in reports.items()
        if first.meta["area"] == second.meta["area"] and first.meta["year_planned"] == second.meta["year_reviewed"]
    ]


def promises(reports):
    """Targets for growth beside the growth that the next report of the same area states.

    Returns
    -------
    pandas.DataFrame
        ``area``, ``period``, ``indicator``, ``target``, ``outcome`` (`Missing` where the next report states none),
        ``gap`` (outcome less target, in points) and ``verdict`` (``met``, ``missed``, ``not found``).
    """
    rows = []
    for a, b in pairs(reports):
        for target in targets.planned(reports[a]).itertuples():
            outcome = _tagged(stated(reports[b], "growth", target.indicator_id), b)
            aim = _tagged(target.quantity, a)
            gap = targets.missed_by(outcome, aim)
            key = reports[a].meta["area"], target.period, target.indicator_id
            rows.append((*key, aim, outcome, gap, targets.verdict(gap)))
    return pd.DataFrame(rows, columns="area period indicator target outcome gap verdict".split())


def levels(reports):
    """Levels of one indicator in two reports that follow each other, beside the growth that the later one states.

    Returns
    -------
    pandas.DataFrame
        ``area``, ``period``, ``indicator``, ``before``, ``after``, ``change`` (of the level), ``stated`` (growth),
        ``basis`` (of prices) and ``fit``: ``agrees`` (the intervals overlap), ``differs``, ``opposite`` (one rose, the
        other fell) or ``real`` (real growth, which a change at current prices need not equal).
    """
    rows = []
    for a, b in pairs(reports):
        rates = frame(reports[b], "growth")
        rates = rates[rates["period"].astype(str).eq(reports[b].meta["year_reviewed"]) & rates["quantity"].q.stated]
        for r in rates.itertuples():
            before, after = (stated(reports[n], "levels", r.indicator_id) for n in (a, b))
            if not known(before, after):
                continue
            before, after, rate = _tagged(before, a), _tagged(after, b), _tagged(r.quantity, b)
            moved = change(before, after)
            sides = {direction(moved), direction(rate)}
            agrees = moved.interval.overlaps(rate.interval)
            fit = "opposite" if sides == {"above", "below"} else "agrees" if agrees else "differs"
            fit = "real" if r.price_basis == "real" and fit != "opposite" else fit
            key = reports[b].meta["area"], r.period, r.indicator_id
            rows.append((*key, before, after, moved, rate, r.price_basis, fit))
    columns = "area period indicator before after change stated basis fit".split()
    return pd.DataFrame(rows, columns=columns)
