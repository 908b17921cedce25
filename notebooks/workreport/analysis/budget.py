"""The budget: what is spent, what of it is raised, how both compare, and the growth of revenue on each basis."""

import itertools

import pandas as pd

from ..frames import areas_above, known, stated, stated_rows
from ..numbers import corners, part_of
from .growth import remainder

REVENUE, SPENDING = "budget_revenue", "budget_expenditure"
BASES = ("as reported", "without VAT refunds")
LOCAL, PART = "local governments", "January to July"  # of a variant: who is meant, and which part of a year


def spending(report):
    """Spending of the report's area: as stated, or implied by a part of it and the share of that part.

    Returns
    -------
    Quantity or Missing
        Yuan.
    """
    found = stated(report, "levels", SPENDING)
    part, share = stated(report, "levels", "livelihood_spending"), stated(report, "shares", "livelihood_share")
    return part / share if not known(found) and known(part, share) else found


def account(report):
    """Uses and sources of what was spent in the year reviewed.

    Returns
    -------
    pandas.DataFrame
        Two rows for each ``side`` (``uses``, ``sources``): ``item``, ``amount`` in yuan and ``share`` of the spending.
        Empty where spending, livelihood spending or revenue is not known.
    """
    used, share = stated(report, "levels", "livelihood_spending"), stated(report, "shares", "livelihood_share")
    raised, whole = stated(report, "levels", REVENUE), spending(report)
    rows = []
    if known(used, raised, whole):
        share = share if known(share) else part_of(used, whole)
        # The whole may itself follow from the part: its rounding counts once.
        other = corners(lambda part, of: part / of - part, used, share, like=used, formula="{0} ÷ {1} − {0}")
        own = part_of(raised, whole)
        rows = [
            ("uses", "livelihood_spending", used, share), ("uses", "other_uses", other, remainder(share)),
            ("sources", REVENUE, raised, own), ("sources", "other_sources", whole - raised, remainder(own)),
        ]
    return pd.DataFrame(rows, columns=["side", "item", "amount", "share"])


def change(before, after):
    """Growth from one level to another: after ÷ before − 1, a rate."""
    return corners(lambda b, a: a / b - 1, before, after, like=part_of(after, before), formula="{1} ÷ {0} − 1")


def years(report):
    """Revenue, spending and the part that revenue covers, in the year reviewed and, from elsewhere, the year after.

    Returns
    -------
    pandas.DataFrame
        ``period``, ``revenue``, ``spending``, ``coverage`` and ``source_id`` (empty for the report's own). A year for
        which one of them is not known is absent.
    """
    here, rows = report.meta["area"], []
    raised, whole = stated(report, "levels", REVENUE), spending(report)
    if known(raised, whole):
        rows.append((int(report.meta["year_reviewed"]), raised, whole, part_of(raised, whole), ""))
    after = counties(report)
    for r in after[after["area"] == here].itertuples():
        rows.append((int(report.meta["year_planned"]), r.revenue, r.spending, r.coverage, r.source_id))
    return pd.DataFrame(rows, columns=["period", "revenue", "spending", "coverage", "source_id"])


def counties(report):
    """The report's area beside those of the same group, in the year after the one reviewed.

    Returns
    -------
    pandas.DataFrame
        ``area``, ``revenue``, ``spending``, ``gdp``, ``coverage`` (of spending by revenue), ``revenue_gdp`` and
        ``spending_gdp``, best covered first, and the ``source_id`` of all three levels; absent where one is not known.
    """
    group, rows = report.areas[report.meta["area"]]["parent"], {}
    found = stated_rows(report, "published", measure="level", variant="", period=int(report.meta["year_planned"]))
    # A ratio of figures of two sources may differ in scope.
    for (area, source), part in found.groupby(["area", "source_id"], sort=False):
        level = part.drop_duplicates("indicator_id").set_index("indicator_id")["quantity"]
        if area in rows or report.areas[area]["parent"] != group or not {REVENUE, SPENDING, "gdp"} <= set(level.index):
            continue
        raised, spent, gdp = level[REVENUE], level[SPENDING], level["gdp"]
        shares = part_of(raised, spent), part_of(raised, gdp), part_of(spent, gdp)
        rows[area] = area, raised, spent, gdp, *shares, source
    columns = ["area", "revenue", "spending", "gdp", "coverage", "revenue_gdp", "spending_gdp", "source_id"]
    return pd.DataFrame(sorted(rows.values(), key=lambda row: -row[4].value), columns=columns)


def elsewhere(report):
    """Growth of revenue in other areas in the year after the one reviewed: published, or from two published levels.

    Returns
    -------
    pandas.DataFrame
        ``area``, ``rate`` and its ``side`` of zero, lowest first.
    """
    year, rows = int(report.meta["year_planned"]), []
    others = stated_rows(report, "published", indicator_id=REVENUE, variant="")
    for area, part in others[others["area"] != report.meta["area"]].groupby("area", sort=False):
        found = part.drop_duplicates(["measure", "period"]).set_index(["measure", "period"])["quantity"]
        if ("growth", year) in found.index:
            rows.append((area, found["growth", year]))
        elif {("level", year - 1), ("level", year)} <= set(found.index):
            rows.append((area, change(found["level", year - 1], found["level", year])))
    made = pd.DataFrame(sorted(rows, key=lambda row: row[1].value), columns=["area", "rate"])
    return made.assign(side=made["rate"].q.side)


def weight(report):
    """Revenue and spending against GDP and per head: the report's area and the one next above it.

    Returns
    -------
    pandas.DataFrame
        ``area``, ``period``, ``revenue_gdp``, ``spending_gdp``, ``coverage`` and ``spending_head`` (yuan per resident).
        The area above has the latest year up to the one reviewed for which all levels were found. Residents are
        those of the year reviewed for both. An area without all of them is absent.
    """
    year, here, above = int(report.meta["year_reviewed"]), report.meta["area"], areas_above(report)[-1:]
    rows = [(here, year, stated(report, "levels", REVENUE), spending(report), stated(report, "levels", "gdp"))]
    for area, period in itertools.product(above, (year, year - 1)):
        levels = (stated(report, "published", i, area=area, period=period, measure="level") for i in (REVENUE, SPENDING, "gdp"))
        rows.append((area, period, *levels))
    made = {}
    for area, period, raised, spent, gdp in rows:
        people = stated(report, "published", "resident_population", area=area, period=year, measure="level")
        if area not in made and known(raised, spent, gdp, people):
            made[area] = area, period, part_of(raised, gdp), part_of(spent, gdp), part_of(raised, spent), spent / people
    return pd.DataFrame(made.values(), columns=["area", "period", "revenue_gdp", "spending_gdp", "coverage", "spending_head"])


def bases(report, indicator=REVENUE):
    """Published growth of the year reviewed on each basis beside the report's own, whose basis it does not state.

    Parameters
    ----------
    report : Report
    indicator : str

    Returns
    -------
    pandas.DataFrame
        ``area``, ``local`` (local governments alone, without the centre), ``basis`` (of `BASES`), ``rate``, ``lead``
        (own rate − rate) and ``kind``: ``published``, or ``implied`` for what `local_rate` estimates. Empty where the
        report states no growth.
    """
    own, rows = stated(report, "growth", indicator), []
    found = stated_rows(report, "published", indicator_id=indicator, measure="growth", period=int(report.meta["year_reviewed"]))
    rates = found.drop_duplicates(["area", "variant"]).set_index(["area", "variant"])["quantity"]
    for area, local, basis in itertools.product(areas_above(report) if known(own) else (), (True, False), BASES):
        rate, kind = rates.get((area, f"{LOCAL}, {basis}" if local else basis)), "published"
        if rate is None and local and basis == BASES[1]:
            rate, kind = local_rate(report, indicator, area), "implied"
        if rate is not None:
            rows.append((area, local, basis, rate, own - rate, kind))
    return pd.DataFrame(rows, columns=["area", "local", "basis", "rate", "lead", "kind"])


def local_rate(report, indicator, area):
    """Adjusted growth of local governments, estimated: their rate as reported plus their part of the adjustment.

    The adjustment of the whole area is known for the year. Its ratio, local governments to the whole, is that of a part
    of the year for which all four rates were published: local + (adjusted − reported) × (ratio of the adjustments).

    Returns
    -------
    Quantity or None
        None where one of the rates was not found, or the adjustment in the part of the year may be nil.
    """
    parts = [f"{who}{PART}, {basis}" for who in (f"{LOCAL}, ", "") for basis in BASES[::-1]]
    asked = {"area": area, "period": report.meta["year_reviewed"], "measure": "growth"}
    rates = [stated(report, "published", indicator, variant=name, **asked) for name in (f"{LOCAL}, {BASES[0]}", *BASES[::-1], *parts)]
    if not known(*rates) or not (rates[5] - rates[6]).low > 0:
        return None
    estimate = lambda local, a, b, c, d, e, f: local + (a - b) * (c - d) / (e - f)  # noqa: E731
    return corners(estimate, *rates, like=rates[0], formula="{} + ({} − {}) × ({} − {}) ÷ ({} − {})")
