"""Industry and projects: growth by price basis, ratios, averages per project, completion, R&D."""

from dataclasses import dataclass

from .numbers import Quantity, previous_level
from .tables import Figure

GROWTH = ("industrial_value_added", "park_value_added", "park_output", "park_revenue", "chain_output", "chain_tax")
# Money, the projects it is for, and what kind of money it is: kinds are never added.
MONEY = (
    ("signed_planned", "signed_projects", "promised"),
    ("attracted_planned", "attracted_projects", "planned"),
    ("special_bond_funds", "special_bond_projects", "received"),
    ("key_projects_investment", "key_projects", "done"),
    ("recovery_planned", "recovery_projects", "planned"),
    ("recovery_done", "recovery_projects", "done"),
)
COMPLETIONS = (("recovery_completion", "recovery_done"), ("manhole_completion", "manholes"), ("toilet_completion", "toilets"))


def rates_by_basis(report, indicators=GROWTH):
    """Printed rates of growth by price basis, the highest first.

    Returns
    -------
    dict of str to list of Figure
        ``real`` and ``nominal``: rates of different bases are not comparable.
    """
    found = [figure for i in indicators for figure in report.find("growth", indicator_id=i)]
    order = sorted(found, key=lambda f: -f.quantity.value)
    return {basis: [f for f in order if f.row["price_basis"] == basis] for basis in ("real", "nominal")}


def ratio(report, part, whole):
    """One level over another, both by indicator.

    Returns
    -------
    Quantity
        A plain number with the interval of the worst case.

    Raises
    ------
    DataError
        If the report does not state both.
    """
    return report.one("levels", indicator_id=part).quantity / report.one("levels", indicator_id=whole).quantity


def level_before(report, indicator):
    """Level of the year before, out of level and growth; refused where the growth is real.

    Returns
    -------
    Quantity
        In the unit of the level.

    Raises
    ------
    ForbiddenOperation
        If the growth is at constant prices.
    """
    rate = report.one("growth", indicator_id=indicator)
    return previous_level(report.one("levels", indicator_id=indicator).quantity, rate.quantity, rate.row["price_basis"])


@dataclass(frozen=True)
class Average:
    """Money per project.

    Parameters
    ----------
    money, projects : Figure
    kind : {"promised", "planned", "received", "done"}
    quantity : Quantity
        Yuan.
    """

    money: Figure
    projects: Figure
    kind: str
    quantity: Quantity


def averages(report):
    """Mean amount per project of each group of projects, the largest first.

    Returns
    -------
    list of Average
    """
    found = []
    for money, projects, kind in MONEY:
        amount, count = (report.one("levels", indicator_id=i) for i in (money, projects))
        found.append(Average(amount, count, kind, amount.quantity / count.quantity))
    return sorted(found, key=lambda a: -a.quantity.value)


def largest_signed(report):
    """Part of the signed investment in the projects above the printed class boundary, and the average of the others.

    Returns
    -------
    share, others : Quantity
        With the largest projects taken at the boundary: the true share is at least the low end of
        the first, the true average of the others at most the high end of the second (yuan).
    """
    few, every, total = (
        report.one("levels", indicator_id=i).quantity for i in ("signed_projects_5bn", "signed_projects", "signed_planned")
    )
    least = few * report.one("thresholds", indicator_id="signed_projects_5bn").quantity
    return least / total, (total - least) / (every - few)


@dataclass(frozen=True)
class Completion:
    """A completion rate whose plan is not printed.

    Parameters
    ----------
    rate, done : Figure
    plan : Quantity
        Done over rate: the plan, if the rate counts what the same sentence says was done.
    """

    rate: Figure
    done: Figure
    plan: Quantity


def completions(report):
    """Completion rates with the plans they imply.

    Returns
    -------
    list of Completion
    """
    pairs = [(report.one("shares", indicator_id=rate), report.one("levels", indicator_id=done)) for rate, done in COMPLETIONS]
    return [Completion(rate, done, done.quantity / rate.quantity) for rate, done in pairs]


def rd_expenditure(report):
    """Expenditure on R&D that the intensity implies, in yuan."""
    return report.one("shares", indicator_id="rd_intensity").quantity * report.one("levels", indicator_id="gdp").quantity


def gdp_before(report):
    """GDP of the year before, as published: growth at constant prices gives no level.

    Returns
    -------
    Figure
        From a newspaper, preliminary.
    """
    year = str(int(report.meta["year_reviewed"]) - 1)
    return report.one("published", indicator_id="gdp", area=report.meta["area"], period=year, measure="level")


def rd_before(report):
    """R&D of the year before under each reading of its growth.

    Returns
    -------
    dict of str to (Quantity, Quantity)
        Reading id to intensity and expenditure: either the intensity grew (A04a), and published GDP
        gives the expenditure, or the expenditure did (A04b), and published GDP gives the intensity.
    """
    rate, gdp = report.one("growth", indicator_id="rd_intensity").quantity, gdp_before(report).quantity
    intensity = previous_level(report.one("shares", indicator_id="rd_intensity").quantity, rate, "plain")
    expenditure = previous_level(rd_expenditure(report), rate, "nominal")
    return {"A04a": (intensity, intensity * gdp), "A04b": (expenditure / gdp, expenditure)}


def rd_published(report):
    """Published R&D intensities of the same year, Henan's and the nation's."""
    return [
        f
        for area in ("henan", "china")
        for f in report.find("published", indicator_id="rd_intensity", area=area, period=report.meta["year_reviewed"], measure="share")
    ]
