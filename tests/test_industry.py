"""Industry and projects by a second route: the standard library, straight from the CSV."""

from fractions import Fraction

import pytest
from byhand import WORDS, claims, rows, shown, values
from conftest import moved
from workreport import collection
from workreport.analysis import industry
from workreport.numbers import Missing

LEVELS, GROWTH, SHARES = (
    {indicator: Fraction(value) for indicator, value in values(name).items() if value.replace(".", "").isdigit()}
    for name in ("levels", "growth", "shares")
)
PUBLISHED = {r["published_id"]: r for r in rows("published")}


def before(indicator):
    return LEVELS[indicator] / (1 + GROWTH[indicator] / 100)


@pytest.fixture(scope="module")
def record(report):
    return collection.run("05-industry", report)


@pytest.fixture(scope="module")
def said(report):
    return claims(report, "05-industry")


def test_tax_against_output(said, record):
    for indicator in ("chain_output", "chain_tax"):
        assert f"rose by {shown(GROWTH[indicator], 1)}%" in said["tax"]
    now, then = (of("chain_tax") / of("chain_output") * 100 for of in (LEVELS.get, before))
    assert f"{shown(now, 1)} yuan of tax was paid, after {shown(then, 1)}" in "\n".join(record.said)
    times = shown(GROWTH["chain_tax"] / GROWTH["chain_output"], 1)
    assert record.charts["tax"].title["en"].replace("\u00a0", " ") == f"Tax grew {times} times as fast as output"


def test_the_gain_of_the_priority_industries_is_above_the_park_s(said, report):
    gains = industry.gains(report).set_index("indicator")
    assert set(gains.index) == {"chain_tax", "chain_output", "park_output", "park_revenue"}, "real growth gives no level before"
    for i, row in gains.iterrows():
        assert (row["before"].value, row["gain"].value) == (before(i) * 10**8, (LEVELS[i] - before(i)) * 10**8)
    theirs, park = (LEVELS[i] - before(i) for i in ("chain_output", "park_output"))
    assert theirs > park
    theirs, park = shown(theirs / 10, 2), shown(park / 10, 2)
    assert f"gained {theirs}bn yuan, that of the industrial park as a whole just {park}bn yuan" in said["gain"]


def test_two_projects_are_two_thirds(said, report):
    single = [Fraction(PUBLISHED[i]["value"]) for i in ("P096", "P097")]
    whole, count = LEVELS["signed_planned"], LEVELS["signed_projects"]
    text = f"Of {shown(whole / 10, 2)}bn yuan signed for {count} projects, {shown(sum(single) / whole * 100)}% lies in two"
    assert text in said["signed"]
    found = industry.signed(report)
    assert [q.value for q in found["amount"]] == [q * 10**8 for q in (*single, whole - sum(single))]
    assert sum(q.value for q in found["share"]) == 1 and found["projects"].iloc[-1].value == count - 2
    without = industry.signed(moved(report, ("published", "P096", "-", ""), ("published", "P097", "-", "")))
    assert without.empty and list(without) == list(found)


def test_kinds_of_money_stand_side_by_side(said):
    for i in ("attracted_planned", "signed_planned", "outside_funds"):
        assert f"{shown(LEVELS[i] / 10, 2).rstrip('0')}bn yuan" in said["cash"]
    for a, b in (("attracted_planned", "signed_planned"), ("outside_funds", "key_projects_investment")):
        assert shown((LEVELS[a] + LEVELS[b]) / 10, 1) not in said["cash"]


def test_complete_compared_with_what(said):
    done, planned, rate = LEVELS["recovery_done"], LEVELS["recovery_planned"], SHARES["recovery_completion"]
    assert done / planned * 100 < rate, "no share of the whole"
    text = said["completion"]
    assert f"{shown(rate)}% complete" in text and f"is {shown(done / planned * 100)}% of the money" in text
    assert f"about {shown(done / rate * 10, 2)}bn yuan" in text


def test_research_under_both_readings(said, report):
    now, rate = SHARES["rd_intensity"], 1 + GROWTH["rd_intensity"] / 100
    ratio, spending = now / rate, now * LEVELS["gdp"] / rate / Fraction(PUBLISHED["P091"]["value"])
    found = industry.intensity_before(report).set_index("reading")["before"]
    assert (found["ratio"].value * 100, found["spending"].value * 100) == (ratio, spending)
    assert f"from {shown(ratio, 1)}% if the ratio grew or from {shown(spending, 1)}% if the spending grew" in said["rd"]
    day = next(r["published_date"] for r in rows("sources") if r["source_id"] == PUBLISHED["P050"]["source_id"])
    assert day == "2023-09-18" > report.meta["delivered"] and "only on 18 September 2023" in said["rd"]


def test_what_was_published_elsewhere_prefers_the_last_release(report):
    found = industry.elsewhere(report).set_index("area")
    assert found.loc["china", "intensity"].value * 100 == Fraction(PUBLISHED["P013"]["value"]), "the final figure, not the preliminary one"
    assert isinstance(industry.latest(report, "rd_intensity", "jiaozuo", "share"), Missing)


def test_additions_and_stocks_and_neither(said):
    themes = {r["indicator_id"]: r["theme"] for r in rows("indicators")}
    kinds = [r["flow_or_stock"] for r in rows("levels") if themes[r["indicator_id"]] == "innovation"]
    n, flows, stocks, rest = (WORDS[k] for k in (len(kinds), *map(kinds.count, ("flow", "stock", "unknown"))))
    assert said["counts"].startswith(f"Of {n} counts on innovation {flows} are additions of the year and {stocks} are totals. For {rest}")
