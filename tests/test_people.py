"""People and problems by a second route: the standard library, straight from the CSV."""

import calendar
from fractions import Fraction

import pandas as pd
import pytest
from byhand import claims, rows
from conftest import moved
from workreport import charts
from workreport.analysis import people
from workreport.numbers import Missing, Quantity

OWN = {r["figure_id"]: r for name in ("levels", "growth", "gaps", "shares") for r in rows(name)}
PUBLISHED = {r["published_id"]: r for r in rows("published")}


def value(figure_id):
    return Fraction((OWN | PUBLISHED)[figure_id]["value"])


@pytest.fixture(scope="module")
def said(report):
    return claims(report, "06-people")


def test_income_beside_the_areas_above(said, report):
    henan, china = value("G14") - value("D18"), value("P019")
    assert value("L82") - Fraction(1, 20) > value("P018") / 10**4, "above over the whole interval"
    assert henan < value("G14") < china
    assert said["income"] == (
        f"People lifted out of poverty had a net income of {float(value('L82')) * 10**4:,.0f} yuan a head in 2022, "
        f"above China’s {int(value('P018')):,} yuan. "
        f"It grew by {float(value('G14'))}%, above Henan’s {float(henan)}% and below China’s {float(china)}%."
    )
    found = people.beside(report, "lifted_income").set_index(["measure", "area"])
    assert found.loc[("growth", "henan"), "kind"] == "implied" and found.loc[("growth", "china"), "kind"] == "published"
    assert found.loc[("growth", "henan"), "gap"].value * 100 == value("D18")
    assert isinstance(found.loc[("level", "qinyang"), "gap"], Missing)


def test_a_published_rate_goes_before_an_implied_one(report):
    found = people.beside(moved(report, ("published", "P062", "value", "8.9")), "lifted_income")
    row = found.set_index(["measure", "area"]).loc[("growth", "henan")]
    assert (row["kind"], row["value"].value) == ("published", Fraction("0.089"))


def test_bounds_are_said_as_bounds(said):
    assert OWN["L26"]["qualifier"] == "more_than"
    offered, filled = (f"{float(value(i)) * 10**4:,.0f}" for i in ("L26", "L91"))
    assert f"more than {offered} jobs, while new urban jobs came to {filled}" in said["jobs"]
    assert OWN["S18"]["qualifier"] == "at_most" and value("P076") < value("S18") < value("P015")
    assert f"at most {float(value('S18'))}%" in said["unemployment"]
    assert f"{float(value('P076'))}% at the end of 2021, fits under it" in said["unemployment"]


def test_days_of_good_air(said, report):
    days = 366 if calendar.isleap(2022) else 365
    good, lead = value("L71"), value("D17")
    assert said["air"].startswith(f"The air was good on {good} of {days} days, about six in ten: five more")
    assert said["air"].endswith(f"than the province’s target, which was {good - lead}.")
    assert round(good * 10 / days) == 6 and lead == 5
    assert people.air(moved(report, ("report.json", "year_reviewed", "", "2024"), ("levels", "L71", "period", "2024")))["year"].value == 366


def test_rates_that_vary(said, report):
    stated = [r for r in rows("shares") if r["kind"] in ("rate", "completion") and not r["qualifier"]]
    full = [r for r in stated if r["value"] == "100"]
    below = [r["value"] for r in stated if Fraction(r["value"]) < 100]
    assert (len(stated), len(full), len(below)) == (15, 11, 2)
    assert said["rates"].startswith("Of 15 rates eleven are 100%.") and all(f"({v}%)" in said["rates"] for v in below)
    assert people.rates(report)["of_stated"].value_counts()[False] == sum(r["of_en"].startswith("not stated") for r in stated)


def test_no_figure_on_the_problems(said, meta):
    at, end = (next(s["start"] for s in meta["sections"] if s["id"] == i) for i in ("1.9", "2"))
    inside = [r["role"] for r in rows("numerals") if at <= int(r["offset"]) < end]
    assert inside.count("list_marker") == 4 and not {"figure", "threshold"} & set(inside)
    assert said["problems"].startswith(f"The report names four problems in {end - at} characters, without one figure.")
    rank = next(r for r in rows("rankings") if r["indicator_id"] == "business_environment")
    assert said["problems"].endswith(f"business environment: {rank['value']}th in Henan.")


def test_a_square_stands_for_one(report):
    half = Quantity.exact(Fraction(3, 2))
    with pytest.raises(ValueError, match="no whole number"):
        charts.waffle(pd.DataFrame({"days": [half], "part": ["good"]}), value="days", part="part")
