"""Environment, farming, livelihoods, jobs: what kind of statement each is, and what follows from it."""

import calendar

from .growth import comparisons
from .numbers import Quantity

BOUNDS = ("at_least", "at_most", "more_than")
LAND = ("mines_area", "new_forest_grass", "forest_tending", "aerial_seeding", "land_revived", "land_supplied", "subsidised_planting")
JOBS = ("jobs_offered", "trained", "new_urban_jobs", "rural_transfers")
SECTIONS = ("1.5", "1.6")
KINDS = ("value", "bound", "rank", "claim")


def statements(report):
    """Statements by section of the report and kind.

    A value is a level, growth, gap or share as printed; a bound is one of these with a word that
    makes it a ceiling or a floor; a claim has no numeral. Class boundaries are not counted.

    Returns
    -------
    dict of str to dict of str to list of str
        Section to kind to figure ids.
    """
    found = {}
    for table in ("levels", "growth", "gaps", "shares", "rankings", "targets", "claims"):
        for row in report.tables[table].rows:
            section = row["section"] if table == "claims" else report.numerals[row["numeral_id"]]["section"]
            kind = {"rankings": "rank", "claims": "claim"}.get(table) or ("bound" if row.get("qualifier") in BOUNDS else "value")
            found.setdefault(section, {k: [] for k in KINDS})[kind].append(row["figure_id"])
    return dict(sorted(found.items()))


def days_of_year(report):
    """Days of the year reviewed."""
    return Quantity.exact(366 if calendar.isleap(int(report.meta["year_reviewed"])) else 365, (("day", 1),))


def air_target(report):
    """Target of good days that the printed lead over it implies, in days."""
    days, gap = (
        report.one("levels", indicator_id="good_air_days"),
        report.one("gaps", indicator_id="good_air_days", comparator="provincial_target"),
    )
    return days.quantity - gap.quantity if gap.row["direction"] == "above" else days.quantity + gap.quantity


def rates(report):
    """Coverage, compliance and completion rates; bounds are none.

    Returns
    -------
    list of Figure
        The highest first.
    """
    found = [f for kind in ("rate", "completion") for f in report.find("shares", kind=kind) if f.row["qualifier"] not in BOUNDS]
    return sorted(found, key=lambda f: -f.quantity.value)


def in_hectares(quantity):
    """An area in hectares: a plain number with its interval."""
    return quantity / Quantity.exact(10**4, (("square_metre", 1),))


def levels(report, indicators):
    """Levels of the given indicators, the largest first; they may overlap and are never added."""
    return sorted((f for i in indicators for f in report.find("levels", indicator_id=i)), key=lambda f: -f.quantity.value)


def offered_per_job(report):
    """Jobs offered at fairs over new urban jobs: a floor, since more were offered than printed."""
    return report.one("levels", indicator_id="jobs_offered").quantity / report.one("levels", indicator_id="new_urban_jobs").quantity


def beside(report, indicator):
    """Growth of one indicator in other areas: rebuilt from a printed gap, or as published.

    Returns
    -------
    list of (str, Quantity, str, str)
        Area, rate, ``rebuilt`` or ``published``, ids.
    """
    rebuilt = [(c.area, c.rebuilt, "rebuilt", f"{c.own.id} {c.gap.id}") for c in comparisons(report, (indicator,), ("henan", "china"))]
    known = {area for area, *_ in rebuilt}
    year, found = report.meta["year_reviewed"], {}
    for figure in report.find("published", indicator_id=indicator, period=year, measure="growth", variant=""):
        if figure.row["area"] not in known | {report.meta["area"]}:
            found.setdefault((figure.row["area"], figure.quantity.value), []).append(figure)
    published = [(area, fs[0].quantity, "published", " ".join(f.id for f in fs)) for (area, _), fs in found.items()]
    order = ("henan", "jiaozuo", "china")
    return sorted(rebuilt + published, key=lambda row: (*order, row[0]).index(row[0]))
