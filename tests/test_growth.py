"""Growth and published rates by a second route: the standard library, straight from the CSV."""

from decimal import Decimal
from fractions import Fraction

import pytest
from byhand import WORDS, claims, ends, half, rows, shown, values
from conftest import moved
from workreport import growth, published

OWN, LEVELS = {r["indicator_id"]: r for r in rows("growth")}, values("levels")
GAPS = {(r["indicator_id"], r["comparator"]): Decimal(r["value"]) for r in rows("gaps") if r["subject"].startswith("G")}
PUBLISHED = {r["published_id"]: r for r in rows("published")}
MAIN = ("gdp", "industrial_value_added", "fixed_asset_investment", "retail_sales", "budget_revenue")


@pytest.fixture(scope="module")
def said(report):
    return {stem: claims(report, stem) for stem in ("01-growth", "90-published", "93-worked-example")}


def test_implied_rates_and_their_intervals(report):
    found = growth.comparisons(report).set_index(["indicator", "area"])
    assert set(found.index) == {key for key in GAPS if key[0] in MAIN}
    for (indicator, area), gap in GAPS.items():
        if indicator not in MAIN:
            continue
        own, rate = OWN[indicator]["value"], found.loc[(indicator, area), "implied"]
        assert rate.value * 100 == Fraction(own) - Fraction(gap)
        slack = half(own) + half(str(gap))
        assert ((rate.value - rate.low) * 100, (rate.high - rate.value) * 100) == (slack, slack)


def test_the_answer_of_growth(said):
    text, least = said["01-growth"]["ahead"], min((gap, key) for key, gap in GAPS.items() if key[0] in MAIN)
    own = Decimal(OWN["gdp"]["value"])
    assert all(f"{own - GAPS['gdp', area]}% in {area.capitalize()}" in text for area in ("jiaozuo", "henan", "china"))
    assert f"all {sum(i in MAIN for i, _ in GAPS)} comparisons" in text and f"by just {least[0]} percentage points" in text
    shares = {i: GAPS[i, "jiaozuo"] / GAPS[i, "china"] * 100 for i in MAIN if (i, "china") in GAPS}
    best, worst = max(shares, key=shares.get), min(shares, key=shares.get)
    text = said["01-growth"]["own"]
    assert f"{shown(shares[best])}% of the {GAPS[best, 'china']} percentage points" in text
    assert f"of {GAPS[worst, 'china']} percentage points over China, just {GAPS[worst, 'jiaozuo']} are a lead over Jiaozuo" in text
    assert all(f"({shown(share)}%)" in text for i, share in shares.items() if i not in (best, worst))


@pytest.mark.parametrize("gap", ["D01", "D03"])
def test_a_lead_of_which_either_end_is_none_has_no_share(gap, report):
    behind = moved(report, ("gaps", gap, "direction", "below"))
    assert "gdp" not in set(growth.own_shares(growth.comparisons(behind), behind)["indicator"])


def test_the_weight_and_what_is_left_without_it(said, report):
    p = {i: Fraction(PUBLISHED[i]["value"]) for i in ("P063", "P064", "P068", "P070", "P087", "P091")}
    own, before = Fraction(OWN["gdp"]["value"]), p["P091"] / p["P070"]
    text = said["01-growth"]["rest"]
    assert f"makes up {shown(Fraction(LEVELS['gdp']) / p['P063'] * 100)}% of" in text
    assert f"with {shown(p['P087'] / p['P068'] * 100)}% of its people" in text
    assert f"brought {shown(before * own / p['P064'] * 100)}% of its growth" in text
    rest = (p["P064"] - before * own) / (1 - before)
    assert f"grew by {shown(rest, 1)}%" in text
    exact = growth.rest(report)
    corners = [
        (n - w * o) / (1 - w)
        for n in ends(PUBLISHED["P064"]["value"])
        for o in ends(OWN["gdp"]["value"])
        for w in (ends("320.6")[0] / ends("2136.84")[1], ends("320.6")[1] / ends("2136.84")[0])
    ]
    assert (exact.low * 100, exact.high * 100) == (min(corners), max(corners))


def test_what_industry_explains(said):
    rows_of_panel = [r for r in PUBLISHED.values() if (r["period"], r["unit"]) == ("2023", "万元")]
    panel = {(r["indicator_id"], r["area"]): Fraction(r["value"]) for r in rows_of_panel}
    weight = panel["secondary_industry", "qinyang"] / panel["gdp", "qinyang"]
    lead = Fraction(GAPS["industrial_value_added", "jiaozuo"])
    text = said["01-growth"]["explained"]
    assert f"Industry explains {shown(lead * weight, 1)} of the {GAPS['gdp', 'jiaozuo']} percentage points" in text
    assert f"weighs {shown(weight * 100)}%" in text


def test_what_was_published_fits(said, report):
    plain = [r for r in PUBLISHED.values() if (r["measure"], r["period"], r["variant"]) == ("growth", "2022", "")]
    plain = [r for r in plain if r["status"] != "not_found"]
    fits, derived = set(), set()
    for (indicator, area), gap in GAPS.items():
        for r in plain:
            if (r["indicator_id"], r["area"]) == (indicator, area):
                own = OWN[indicator]["value"]
                assert abs(Fraction(r["value"]) - Fraction(own) + Fraction(gap)) <= half(r["value"]) + half(str(gap)) + half(own)
                (derived if r["status"] == "derived" else fits).add((indicator, area))
    text = said["90-published"]["fit"]
    assert text.startswith(f"Of {len(GAPS)} implied rates {WORDS[len(fits)]} fit a published one and {WORDS[len(derived)]} more")
    assert f"for {WORDS[len(GAPS) - len(fits | derived)]} none was found" in text
    assert set(published.checks(report, growth.comparisons(report))["status"]) == {"agrees", "not found"}


def test_a_rate_that_was_not_published_is_implied_and_one_that_does_not_fit_differs(report):
    without = moved(report, ("published", "P064", "-", ""))
    assert (growth.near_rate(report).ids, growth.near_rate(without).ids) == (("P064",), ("G01", "D03"))
    other = moved(report, ("published", "P064", "value", "9.9"))
    checks = published.checks(other, growth.comparisons(other)).set_index(["indicator", "area"])
    assert checks.loc[("gdp", "jiaozuo"), "status"] == "differs"


def test_prices(said):
    def change(before, level, real):
        return (Fraction(level) / Fraction(before) / (1 + Fraction(real) / 100) - 1) * 100

    own = change(PUBLISHED["P091"]["value"], LEVELS["gdp"], OWN["gdp"]["value"])
    near = change(PUBLISHED["P070"]["value"], PUBLISHED["P063"]["value"], PUBLISHED["P064"]["value"])
    nominal = (Fraction(LEVELS["gdp"]) / Fraction(PUBLISHED["P091"]["value"]) - 1) * 100
    assert f"grew by {shown(nominal, 1)}%" in said["90-published"]["prices"]
    assert f"prices changed by {shown(own, 1)}%, more than the {shown(near, 1)}% in Jiaozuo" in said["90-published"]["prices"]


def test_the_worked_example(said):
    rate = Decimal(OWN["gdp"]["value"]) - GAPS["gdp", "jiaozuo"]
    text = said["93-worked-example"]["sentence"]
    assert f"grew by {rate}%: {OWN['gdp']['value']}% in Qinyang less a lead of {GAPS['gdp', 'jiaozuo']}" in text
    assert f"fits that: {PUBLISHED['P064']['value']}%" in text
