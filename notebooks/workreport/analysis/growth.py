"""Own growth against the areas above: implied rates, leads, and how a lead splits along the nesting."""

from functools import partial

import pandas as pd

from ..frames import areas_above, frame, known, stated
from ..numbers import Missing, corners, part_of

THEMES = ("growth", "finance")


def comparisons(report, themes=THEMES):
    """Every comparison of growth with an area above that the report states.

    Parameters
    ----------
    report : Report
    themes : collection of str, optional
        Themes of the codebook; None for all.

    Returns
    -------
    pandas.DataFrame
        A row each: ``indicator``, ``area``, ``period``, ``own`` (the report's rate), ``lead`` (stated, in
        percentage points, negative if behind) and ``implied`` (own − lead, the area's rate). In the
        order of the report, from the widest area to the nearest; what is not stated is absent.

    Notes
    -----
    The report states its own rate and by how much it is above or below others, not their rates. The
    interval of an implied rate is the worst case of both roundings.
    """
    own, chain = frame(report, "growth").set_index("figure_id")["quantity"], areas_above(report)
    gaps = frame(report, "gaps")
    kept = gaps["comparator"].isin(chain) & gaps["subject"].isin(own.index)
    if themes is not None:
        kept &= gaps["indicator_id"].map(lambda i: report.indicators[i]["theme"] in themes).astype(bool)
    rows = [
        (row.indicator_id, row.comparator, row.period, own[row.subject], row.quantity if row.direction == "above" else -row.quantity)
        for row in gaps[kept].itertuples()
    ]
    found = pd.DataFrame(rows, columns=["indicator", "area", "period", "own", "lead"])
    found["implied"] = found["own"] - found["lead"]
    order = {name: n for n, name in enumerate([*dict.fromkeys(found["indicator"]), *chain])}
    return found.sort_values(["indicator", "area"], key=lambda column: column.map(order), ignore_index=True)


def own(report, periods="year"):
    """The report's own rates of growth, whether compared with others or not.

    Parameters
    ----------
    report : Report
    periods : {"year", "other"}
        Of the year reviewed, or of other periods: averages of several years, parts of the year.

    Returns
    -------
    pandas.DataFrame
        ``figure_id``, ``indicator``, ``period`` (a text) and ``rate``, in the order of the report; themes as in
        `comparisons` for the year, all for other periods.
    """
    rates = frame(report, "growth").assign(period=lambda f: f["period"].astype(str))
    year = rates["period"] == report.meta["year_reviewed"]
    kept = year & rates["indicator_id"].map(lambda i: report.indicators[i]["theme"] in THEMES).astype(bool) if periods == "year" else ~year
    found = rates[kept & rates["quantity"].q.stated].rename(columns={"indicator_id": "indicator", "quantity": "rate"})
    return found[["figure_id", "indicator", "period", "rate"]].reset_index(drop=True)


def complete(rates, report):
    """The comparisons of those indicators that are compared with every area above.

    Parameters
    ----------
    rates : DataFrame
        As `comparisons` returns it.

    Returns
    -------
    pandas.DataFrame
        Rows of `rates`.
    """
    counts = rates.groupby("indicator")["area"].transform("nunique")
    return rates[counts == len(areas_above(report))]


def decomposition(rates, report):
    """Split each lead over the widest area along the nesting of the areas.

    (own − prefecture) + (prefecture − province) + (province − nation) is the lead over the nation, exactly.

    Returns
    -------
    pandas.DataFrame
        ``indicator``, ``area`` (whose part it is, the own one first), ``part`` and ``lead`` (over the
        widest area), both in percentage points.
    """
    chain, rows = areas_above(report), []
    nested = complete(rates, report) if len(chain) > 1 else rates.iloc[:0]  # one area above splits nothing
    for indicator, group in nested.groupby("indicator", sort=False):
        leads = group.set_index("area")["lead"]
        rows.append((indicator, report.meta["area"], leads[chain[-1]], leads[chain[0]]))
        for near, wide in zip(chain[:0:-1], chain[-2::-1], strict=True):
            rows.append((indicator, near, leads[wide] - leads[near], leads[chain[0]]))
    return pd.DataFrame(rows, columns=["indicator", "area", "part", "lead"])


def own_shares(rates, report):
    """The part of each lead over the widest area that is a lead over the nearest.

    Returns
    -------
    pandas.DataFrame
        ``indicator``, ``lead`` (over the widest area), ``own`` (over the nearest) and ``share``, largest
        first. An indicator whose lead may be zero or negative has no share and no row.
    """
    parts = decomposition(rates, report)
    own = parts[parts["area"] == report.meta["area"]]
    rows = [(r.indicator, r.lead, r.part, part_of(r.part, r.lead)) for r in own.itertuples() if r.part.low > 0 and r.lead.low > 0]
    found = pd.DataFrame(rows, columns=["indicator", "lead", "own", "share"])
    return found.sort_values("share", ascending=False, kind="stable", ignore_index=True)


def weight(report):
    """The report's area within the area next above it.

    Returns
    -------
    pandas.DataFrame
        Per measure that can be computed: ``measure``, ``own``, ``whole`` and ``share``: ``people`` (residents of
        the year reviewed), ``gdp`` (of that year), ``growth`` (its part in the growth of the whole: own growth at
        its share of the GDP of the year before).

    Notes
    -----
    The GDP of the area is the report's, everything else is published elsewhere. First releases are compared
    with first releases of the same year, never a level of one year with that of another.
    """
    year, above = int(report.meta["year_reviewed"]), areas_above(report)
    if not above:
        return pd.DataFrame(columns=["measure", "own", "whole", "share"])
    here, near = report.meta["area"], above[-1]
    level = partial(plain_or_first, report, measure="level")
    pairs = {
        "people": (level("resident_population", here, year), level("resident_population", near, year)),
        "gdp": (stated(report, "levels", "gdp"), level("gdp", near, year)),
        "before": (level("gdp", here, year - 1), level("gdp", near, year - 1)),
    }
    rows = {measure: (*pair, part_of(*pair)) for measure, pair in pairs.items() if known(*pair)}
    own, whole = stated(report, "growth", "gdp"), near_rate(report)
    if "before" in rows and known(own, whole):
        share = rows["before"][2]
        part = corners(lambda w, o, n: w * o / n, share, own, whole, like=share, formula="{} × {} ÷ {}")
        rows["gain"] = own, whole, part
    return pd.DataFrame([(m, *row) for m, row in rows.items()], columns=["measure", "own", "whole", "share"])


def plain_or_first(report, indicator, area, period, measure):
    """A published figure without a basis of its own, or else the first release."""
    asked = {"area": area, "period": period, "measure": measure}
    found = stated(report, "published", indicator, **asked)
    return found if known(found) else stated(report, "published", indicator, variant="first release", **asked)


def near_rate(report):
    """Growth of GDP in the area next above: published, or implied by the report where nothing was found."""
    near = areas_above(report)[-1]
    found = stated(report, "published", "gdp", area=near, period=report.meta["year_reviewed"], measure="growth")
    rates = comparisons(report)
    implied = rates[(rates["indicator"] == "gdp") & (rates["area"] == near)]["implied"]
    return found if known(found) or implied.empty else implied.iloc[0]


def rest(report):
    """Growth of GDP in the area next above without the report's area: (whole − weight × own) ÷ (1 − weight).

    Returns
    -------
    Quantity or Missing
        The weight is the share of the GDP of the year before.
    """
    weights = weight(report).set_index("measure")
    if "gain" not in weights.index:
        return Missing("not found", "what is needed to take the area out of the one above it")
    share, row = weights.loc["before", "share"], weights.loc["gain"]
    without = lambda n, w, o: (n - w * o) / (1 - w)  # noqa: E731
    return corners(without, row["whole"], share, row["own"], like=row["whole"], formula="({0} − {1} × {2}) ÷ (1 − {1})")


def explained(report, rates, indicator="industrial_value_added", sector="secondary_industry"):
    """How many points of the lead in GDP over the area next above an indicator explains at its weight.

    Parameters
    ----------
    report : Report
    rates : DataFrame
        As `comparisons` returns it.
    indicator : str
        Whose lead is weighed.
    sector : str
        Published value added whose share of published GDP is the weight.

    Returns
    -------
    pandas.Series or None
        ``lead`` (in GDP), ``part`` (explained), ``rest`` (not explained) in percentage points, ``weight``,
        ``period`` of the weight. None where the report or the published figures do not allow it.
    """
    near, here = areas_above(report)[-1:], report.meta["area"]
    leads = rates[rates["area"].isin(near)].set_index("indicator")["lead"]
    for period in (report.meta["year_reviewed"], report.meta["year_planned"]):
        value, whole = (stated(report, "published", i, area=here, period=period, measure="level") for i in (sector, "gdp"))
        if known(value, whole) and {"gdp", indicator} <= set(leads.index):
            share = part_of(value, whole)
            part = corners(lambda lead, w: lead * w, leads[indicator], share, like=leads[indicator], formula="{} × {}")
            return pd.Series({"lead": leads["gdp"], "part": part, "rest": leads["gdp"] - part, "weight": share, "period": int(period)})
    return None


def remainder(share):
    """What a share leaves of the whole: 15% leaves 85%."""
    return corners(lambda part: 1 - part, share, like=share, formula="1 − {}")
