"""Targets and what became of them by a second route: the standard library, straight from the CSV."""

from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction

import pytest
from byhand import claims, rows, shown, values
from conftest import moved
from workreport.analysis import targets

TARGETS = {r["indicator_id"]: r for r in rows("targets")}
GROWTH, LEVELS = values("growth"), values("levels")
PUBLISHED = {r["published_id"]: r for r in rows("published")}


def published(area, period, measure, indicator="gdp"):
    want = (area, period, measure, indicator, "")
    found = [r for r in PUBLISHED.values() if tuple(r[c] for c in ("area", "period", "measure", "indicator_id", "variant")) == want]
    return next((Decimal(r["value"]) for r in found if r["value"] != "not found"), None)


@pytest.fixture(scope="module")
def said(report):
    return claims(report, "04-targets")


def test_what_became_of_them(said, report):
    aim, came = Decimal(TARGETS["gdp"]["value"]), published("qinyang", "2023", "growth")
    assert f"GDP growth of {aim}% in 2023, after {GROWTH['gdp']}%. It came to {came}% by an encyclopedia entry" in said["outcome"]
    assert f"(no official figure was found), {aim - came} percentage points short" in said["outcome"]
    before, after = Fraction(LEVELS["budget_revenue"]), Fraction(PUBLISHED["P170"]["value"]) / 10**4
    call = before * (1 + Fraction(TARGETS["budget_revenue"]["value"]) / 100)
    assert f"it fell by {shown((1 - after / before) * 100, 1)}%, to {shown(after / 10, 2)}bn yuan" in said["outcome"]
    assert f"{shown((call - after) * 10)}0m yuan less than called for" in said["outcome"]
    unknown = [i for i in TARGETS if published("qinyang", "2023", "growth", i) is None and published("qinyang", "2023", "level", i) is None]
    found = targets.outcomes(report)
    assert found[found["verdict"] == "not found"]["indicator"].tolist() == unknown


def test_tier_by_tier(said, report):
    aims = {a: published(a, "2023", "target") for a in ("china", "henan", "jiaozuo")} | {"qinyang": Decimal(TARGETS["gdp"]["value"])}
    assert list(aims.values()) == sorted(set(aims.values()))
    assert "China about {china}%, Henan {henan}%, Jiaozuo {jiaozuo}% and Qinyang {qinyang}%".format(**aims) in said["tiers"]
    came = {a: published(a, "2023", "growth") for a in aims}
    assert [a for a in aims if came[a] is not None and came[a] >= aims[a]] == ["china"] and "only China met it" in said["tiers"]
    earlier = {a: published(a, "2022", "target") - published(a, "2022", "growth") for a in ("china", "henan")}
    assert "missed by {china} percentage points in China and {henan} percentage points in Henan".format(**earlier) in said["tiers"]
    found = targets.tiers(report, "gdp").set_index("area")
    assert all(found.loc[a, "gap"].value * 100 == Fraction(came[a] - aims[a]) for a in ("china", "henan", "qinyang"))
    assert found["verdict"].tolist() == ["met", "missed", "not found", "missed"]


def test_the_leap_and_its_money(said):
    level, own, aim = Fraction(LEVELS["retail_sales"]), Fraction(GROWTH["retail_sales"]), Fraction(TARGETS["retail_sales"]["value"])
    steps = {i: Fraction(t["value"]) - Fraction(GROWTH[i]) for i, t in TARGETS.items()}
    assert max(steps, key=steps.get) == "retail_sales"
    assert {i for i, s in steps.items() if s < 0} == {"fixed_asset_investment", "budget_revenue"}
    floor = (level - Fraction(1, 20)) * aim  # of the level before rounding, in millions of yuan
    wanted, gained = shown(floor, 0, ROUND_FLOOR), shown((level - level / (1 + own / 100)) * 10) + "0"
    assert f"from {GROWTH['retail_sales']}% to at least {aim}%, or at least {wanted}m yuan more, against {gained}m yuan" in said["leap"]
    mean = (Decimal(1) + Decimal(GROWTH["retail_sales"]) / 100) * (1 + Decimal(TARGETS["retail_sales"]["value"]) / 100)
    assert f"the two years average {shown((mean.sqrt() - 1) * 100, 1)}%" in said["leap"]
    assert "fixed-asset investment (at least 11%, after 13%) and budget revenue (about 6.5%, after 7.1%)" in said["lower"]


def test_increments_by_hand(report):
    found = targets.increments(report).set_index("indicator")
    assert list(found.index) == ["retail_sales", "budget_revenue"]  # GDP grows in real terms, the others state no level
    level, own, aim = (Fraction(t["budget_revenue"]) for t in (LEVELS, GROWTH, {i: r["value"] for i, r in TARGETS.items()}))
    row = found.loc["budget_revenue"]
    assert row["gained"].value == (level - level / (1 + own / 100)) * 10**8 and row["wanted"].value == level * aim / 100 * 10**8
    assert row["came"].value == Fraction(PUBLISHED["P170"]["value"]) * 10**4 - level * 10**8
    assert found.loc["retail_sales", "wanted"].low == (Fraction(LEVELS["retail_sales"]) - Fraction(1, 20)) * 8 * 10**6


def test_about_leaves_half_a_digit_and_a_bound_none(report):
    asked = {r.indicator_id: targets.asked(r.quantity) for r in targets.planned(report).itertuples()}
    assert (asked["budget_revenue"].low, asked["budget_revenue"].high) == (Fraction("0.0645"), Fraction("0.0655"))
    assert asked["retail_sales"].low == asked["retail_sales"].high == Fraction("0.08")


def test_a_rate_by_itself_stands_beside_that_of_the_year(report):
    other = targets.others(moved(report, ("targets", TARGETS["gdp"]["figure_id"], "indicator_id", "unemployment")))
    assert other["own"].iloc[0].ids == ("S18",)


def test_a_level_gives_no_rate_where_growth_is_real(report):
    without = moved(report, ("published", "P089", "-", ""))
    assert targets.outcome(without, "gdp").why == "not looked up"
