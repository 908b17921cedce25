"""Who pays, and how deep local banking is: implied expenditure, its cover by revenue, bases of growth, balances against GDP."""

from .numbers import direction


def level(report, indicator):
    """The level of one indicator of the report's own area.

    Raises
    ------
    DataError
        If it is not stated.
    """
    return report.one("levels", indicator_id=indicator, area=report.meta["area"])


def ratio(report, over, under):
    """One printed amount over another.

    Parameters
    ----------
    report : Report
    over, under : str
        Indicators. That one is a part of the other is not implied.

    Returns
    -------
    Quantity
        A pure number, with the interval of the worst case of both.
    """
    return level(report, over).quantity / level(report, under).quantity


def implied_expenditure(report):
    """Budget expenditure that the report does not print: livelihood spending over its share.

    Returns
    -------
    Quantity
        Yuan.

    Raises
    ------
    DataError
        If the spending or its share is not stated.
    """
    return level(report, "livelihood_spending").quantity / report.one("shares", indicator_id="livelihood_share").quantity


def implied_ids(report):
    """Ids of the figures that the implied expenditure rests on."""
    return [level(report, "livelihood_spending").id, report.one("shares", indicator_id="livelihood_share").id]


def coverage(report):
    """Part of the implied expenditure that own revenue covers: fiscal self-sufficiency.

    Returns
    -------
    Quantity
        A pure number.
    """
    return level(report, "budget_revenue").quantity / implied_expenditure(report)


def shortfall(report):
    """Implied expenditure less own revenue, in yuan."""
    return implied_expenditure(report) - level(report, "budget_revenue").quantity


def published_coverage(report, area="henan"):
    """Published self-sufficiency of an area in the year reviewed, or None."""
    return next(report.each("published", indicator_id="self_sufficiency", area=area, period=report.meta["year_reviewed"]), None)


def level_ratio(report, area, over, under):
    """One published level of an area over another of the same year.

    Returns
    -------
    (str, Quantity) or None
        The latest year for which both are held, and the ratio.
    """
    levels = {i: {f.row["period"]: f for f in report.find("published", indicator_id=i, area=area, measure="level")} for i in (over, under)}
    year = max(levels[over].keys() & levels[under].keys(), default=None)
    return (year, levels[over][year].quantity / levels[under][year].quantity) if year else None


BASES = ("as reported", "without VAT refunds")


def growth_by_basis(report, areas=("henan", "china")):
    """Published growth of budget revenue, by basis.

    Returns
    -------
    dict of str to list of Figure
        Basis (the end of the printed variant) to figures, in the order of `areas`; a basis without figures is absent.
    """
    year = report.meta["year_reviewed"]
    rows = [f for area in areas for f in report.find("published", indicator_id="budget_revenue", area=area, period=year, measure="growth")]
    found = {basis: [f for f in rows if f.row["variant"].endswith(basis)] for basis in BASES}
    return {basis: figures for basis, figures in found.items() if figures}


def verdicts(report):
    """Side of the own growth of revenue against every published rate, by basis.

    Returns
    -------
    dict of str to set of str
        Basis to the directions found (``above``, ``below``, ``within_rounding``, ``equal``).
    """
    own = report.one("growth", indicator_id="budget_revenue").quantity
    return {basis: {direction(own - f.quantity) for f in figures} for basis, figures in growth_by_basis(report).items()}
