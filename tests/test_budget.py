"""The budget by a second route: the standard library, straight from the CSV."""

import itertools
from fractions import Fraction

import pytest
from byhand import claims, ends, rows, shown, values
from conftest import moved
from workreport import collection
from workreport.analysis import budget

OWN, GROWTH = values("shares", "levels"), values("growth")
PUBLISHED = {r["published_id"]: r for r in rows("published")}
PANEL = {
    (r["area"], r["indicator_id"]): Fraction(r["value"])
    for r in PUBLISHED.values()
    if (r["period"], r["unit"], r["measure"]) == ("2023", "万元", "level")
}
NAMES = {r["area_id"]: r["short_en"] or r["name_en"] for r in rows("areas")}


@pytest.fixture(scope="module")
def said(report):
    return claims(report, "03-budget")


def implied_spending():
    return Fraction(OWN["livelihood_spending"]) / Fraction(OWN["livelihood_share"]) * 100


def test_of_every_hundred_yuan(said, report):
    own, spending = Fraction(OWN["budget_revenue"]), implied_spending()
    assert said["covered"].startswith(f"Qinyang raised {shown(own / spending * 100)} of every 100 yuan")
    assert f"{shown(own / 10, 2)}bn yuan of about {shown(spending / 10, 2)}bn yuan" in said["covered"]
    assert f"the other {shown((spending - own) / 10, 2)}bn yuan" in said["covered"]
    figures = [ends(OWN[i]) for i in ("budget_revenue", "livelihood_spending", "livelihood_share")]
    corners = [r * s / p / 100 for r, p, s in itertools.product(*figures)]
    shares = budget.account(report).set_index("item")["share"]
    assert (shares["budget_revenue"].low, shares["budget_revenue"].high) == (min(corners), max(corners))
    assert shares["livelihood_spending"].value + shares["other_uses"].value == 1
    other = budget.account(report).set_index("item").loc["other_uses", "amount"]
    assert other.value == (spending - Fraction(OWN["livelihood_spending"])) * 10**8


def test_low_spending_is_why(said):
    gdp, people = Fraction(OWN["gdp"]), Fraction(PUBLISHED["P087"]["value"])
    near = {i: Fraction(PUBLISHED[i]["value"]) for i in ("P068", "P070", "P072", "P074")}
    head = implied_spending() / people * 10**4
    assert f"{shown(implied_spending() / gdp * 100, 1)}% of GDP and {shown(head / 100)}00 yuan a head" in said["thin"].replace(",", "")
    assert f"against {shown(near['P074'] / near['P070'] * 100, 1)}% and {shown(near['P074'] / near['P068'] * 10**4)} yuan" in said["thin"]
    own = shown(Fraction(OWN["budget_revenue"]) / gdp * 100, 1)
    assert f"{own}% of GDP against {shown(near['P072'] / near['P070'] * 100, 1)}%" in said["thin"]


def test_six_counties(said, report):
    areas = {area for area, _ in PANEL}
    cover = {a: PANEL[a, "budget_revenue"] / PANEL[a, "budget_expenditure"] for a in areas}
    spent = {a: PANEL[a, "budget_expenditure"] / PANEL[a, "gdp"] for a in areas}
    assert len(areas) == 6 and min(spent, key=spent.get) == "qinyang" and sorted(cover, key=cover.get)[-2] == "qinyang"
    assert "of six counties, Qinyang was second" in said["six"] and "spent the least against GDP" in said["six"]
    assert f"({shown(cover['qinyang'] * 100, 1)}%)" in said["six"]
    found = budget.counties(report).set_index("area")
    exact = {r.Index: (r.coverage.value, r.spending_gdp.value) for r in found.itertuples()}
    assert exact == {a: (cover[a], spent[a]) for a in areas} and list(found.index) == sorted(areas, key=cover.get, reverse=True)


def test_the_year_after(said, report):
    before, after = Fraction(OWN["budget_revenue"]), PANEL["qinyang", "budget_revenue"] / 10**4
    cover = PANEL["qinyang", "budget_revenue"] / PANEL["qinyang", "budget_expenditure"]
    assert f"revenue fell by {shown((1 - after / before) * 100, 1)}%, to {shown(after / 10, 2)}bn yuan" in said["after"]
    assert f"covered {shown(cover * 100)}, after {shown(before / implied_spending() * 100)}" in said["after"]
    text = "\n".join(collection.run("03-budget", report).said)
    wuzhi = (PANEL["wuzhi", "budget_revenue"] / 10**4 / Fraction(PUBLISHED["P114"]["value"]) - 1) * 100
    assert f"{NAMES['wuzhi']} ({shown(wuzhi, 1)}%)" in text and f"Kaifeng (−{PUBLISHED['P201']['value'][1:]}%)" in text
    assert f"Revenue rose in China ({PUBLISHED['P025']['value']}%)" in text


def test_growth_on_each_basis(said, report):
    whole, adjusted, local = (Fraction(PUBLISHED[i]["value"]) for i in ("P009", "P010", "P011"))
    part, part_reported, local_part, local_reported = (Fraction(PUBLISHED[f"P{n}"]["value"]) for n in (215, 216, 217, 218))
    guess = local + (adjusted - whole) * (local_part - local_reported) / (part - part_reported)
    rate = budget.local_rate(report, "budget_revenue", "china")
    assert rate.value * 100 == guess
    box = [ends(PUBLISHED[f"P{n:03}"]["value"]) for n in (11, 10, 9, 217, 218, 215, 216)]
    corners = [a + (b - c) * (d - e) / (f - g) for a, b, c, d, e, f, g in itertools.product(*box)]
    assert (rate.low * 100, rate.high * 100) == (min(corners), max(corners))
    own = Fraction(GROWTH["budget_revenue"])
    henan = [Fraction(PUBLISHED[i]["value"]) for i in ("P044", "P045")]
    assert local < own and max(corners) < own and henan[0] < own < henan[1] and whole < own < adjusted
    text = said["bases"]
    assert f"growth of {GROWTH['budget_revenue']}%" in text and "local governments in China on either basis" in text
    assert "China as a whole and Henan on one only" in text
    text = "\n".join(collection.run("03-budget", report).said)
    assert f"estimated at {shown(guess, 1)}% ({shown(min(corners), 1)} to {shown(max(corners), 1)}%)" in text


def test_no_estimate_without_all_four_rates(report):
    gone = [(i, "-", "") for i in ("P009", "P010", "P011", "P215", "P216", "P217", "P218")]
    for change in (*gone, ("P215", "value", "-9.1")):  # so that the adjustment in the part of the year may be nil
        found = budget.bases(moved(report, ("published", *change)))
        assert "implied" not in set(found["kind"]), change


def test_banks_and_refunds_in_a_line(report):
    text = "\n".join(collection.run("03-budget", report).said).replace("\u00a0", " ")
    loans = Fraction(OWN["loans"]) / Fraction(OWN["deposits"]) * 100
    assert f"{shown(loans)} yuan for every 100 deposited" in text
    assert f"Refunds in Qinyang came to {shown(Fraction(OWN['vat_refunds']) / 10, 2)}bn yuan" in text


def test_a_stated_expenditure_is_taken_as_it_is(report):
    cells = {"indicator_id": "budget_expenditure", "unit": "亿元", "value": "30"}
    stated = moved(report, *(("levels", "L04", *cell) for cell in cells.items()))
    assert budget.spending(stated).value == 30 * 10**8 and budget.spending(stated).ids == ("L04",)
