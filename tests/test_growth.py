"""The growth analysis, recomputed by a second route: the standard library, straight from the CSV."""

import csv
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

import pytest
from workreport import growth, growth_story
from workreport.numbers import ForbiddenOperation, Interval, Quantity
from workreport.sources import indicator_name
from workreport.story import lower
from workreport.tables import DATA, load_report


def rows(name):
    with (DATA / "qinyang-2023" / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def half(printed):
    return Decimal(1).scaleb(Decimal(printed).as_tuple().exponent) / 2


def by_hand():
    """(indicator, area) → rebuilt rate, low, high, in percent."""
    own = {r["figure_id"]: r["value"] for r in rows("growth")}
    result = {}
    for gap in rows("gaps"):
        if gap["comparator"] in ("china", "henan", "jiaozuo") and gap["subject"] in own and gap["indicator_id"] in growth.HEADLINE:
            rate, points = own[gap["subject"]], gap["value"]
            slack = half(rate) + half(points)
            point = Decimal(rate) - Decimal(points)
            result[gap["indicator_id"], gap["comparator"]] = (point, point - slack, point + slack)
    return result


def test_rebuilt_rates_and_their_intervals(report):
    expected = by_hand()
    found = {(c.indicator, c.area): c.rebuilt for c in growth.comparisons(report)}
    assert found.keys() == expected.keys()
    for key, (point, low, high) in expected.items():
        assert [float(x * 100) for x in (found[key].value, found[key].low, found[key].high)] == pytest.approx(
            [float(point), float(low), float(high)]
        )


def test_the_parts_add_up_exactly(report):
    gaps = {(r["indicator_id"], r["comparator"]): Decimal(r["value"]) for r in rows("gaps")}
    for indicator in growth.HEADLINE[:4]:
        parts = dict(growth.premium_decomposition(report, indicator))
        assert float(parts["qinyang"].value * 100) == pytest.approx(float(gaps[indicator, "jiaozuo"]))
        assert float(parts["henan"].value * 100) == pytest.approx(float(gaps[indicator, "china"] - gaps[indicator, "henan"]))
        assert sum(q.value for q in parts.values()) * 1000 == gaps[indicator, "china"] * 10


def test_no_decomposition_where_a_gap_is_not_stated(report):
    assert growth.premium_decomposition(report, "budget_revenue") is None
    assert growth.own_share(report, "budget_revenue") is None


def test_own_share_by_hand(report):
    share = growth.own_share(report, "gdp")
    assert float(share.value) == pytest.approx(1.5 / 1.8)
    assert (float(share.low), float(share.high)) == pytest.approx((1.45 / 1.85, 1.55 / 1.75))


def test_benchmarks_by_hand(report):
    with (DATA / "published.csv").open(encoding="utf-8", newline="") as handle:
        published = [
            r
            for r in csv.DictReader(handle)
            if r["measure"] == "growth" and r["period"] == "2022" and r["variant"] == "" and r["status"] != "not_found"
        ]
    for b in growth.benchmarks(report):
        c = b.comparison
        values = [r["value"] for r in published if (r["indicator_id"], r["area"]) == (c.indicator, c.area)]
        _, low, high = by_hand()[c.indicator, c.area]
        inside = [low <= Decimal(v) + half(v) and Decimal(v) - half(v) <= high for v in values]
        assert b.status == ("not found" if not values else "agrees" if all(inside) else "differs")
        assert [f.row["value"] for f in b.published] == values


def test_a_gap_below_adds(data, edit):
    edit("gaps.csv", 0, "direction", "below")
    c = growth.comparisons(load_report(data=data))[0]
    assert float(c.rebuilt.value * 100) == pytest.approx(6.6)
    assert c.verdict == "below"


def test_a_gap_that_may_be_zero_is_within_rounding(data, edit):
    edit("gaps.csv", 8, "value", "0.0")
    (c,) = growth.comparisons(load_report(data=data), ("fixed_asset_investment",), ("jiaozuo",))
    assert c.verdict == "within_rounding"


def test_a_published_rate_outside_the_interval_differs(data, edit, report):
    row = next(i for i, r in enumerate(report.tables["published"].rows) if r["published_id"] == "P002")
    edit("published.csv", row, "value", "3.2")
    found = {(b.comparison.indicator, b.comparison.area): b.status for b in growth.benchmarks(load_report(data=data))}
    assert found["gdp", "china"] == "differs"
    assert found["gdp", "henan"] == "agrees"


def test_a_rate_published_on_stated_bases_only_has_several(data, edit, report):
    row = next(i for i, r in enumerate(report.tables["published"].rows) if r["published_id"] == "P032")
    edit("published.csv", row, "variant", "as reported")
    found = {(b.comparison.indicator, b.comparison.area): (b.status, b.published) for b in growth.benchmarks(load_report(data=data))}
    assert found["gdp", "henan"] == ("several bases", [])


def test_no_level_of_last_year_from_a_real_rate(report):
    from workreport.numbers import previous_level

    gdp, rate = report.one("levels", indicator_id="gdp").quantity, report.one("growth", indicator_id="gdp")
    with pytest.raises(ForbiddenOperation, match="not last year's level"):
        previous_level(gdp, rate.quantity, rate.row["price_basis"])
    sales, rate = report.one("levels", indicator_id="retail_sales").quantity, report.one("growth", indicator_id="retail_sales")
    assert float(previous_level(sales, rate.quantity, rate.row["price_basis"]).value / 10**8) == pytest.approx(120.8 / 1.015)


def test_another_reading_changes_one_interval_only(report):
    other = report.under_reading("A01b")
    assert float(other.figures["G03"].quantity.high) == pytest.approx(0.1305)
    assert float(report.figures["G03"].quantity.high) == pytest.approx(0.135)
    assert other.figures["G01"] == report.figures["G01"]
    with pytest.raises(KeyError, match="A99z"):
        report.under_reading("A99z")


def words(report, lang):
    texts = [f.text for f in growth_story.answer(report)] + growth_story.changes(report) + growth_story.limits(report)
    return " ".join(text[lang] for text in texts)


@pytest.mark.parametrize(
    ("table", "row", "column", "new", "en", "zh"),
    [
        ("gaps.csv", 0, "direction", "below", ("Of 13 comparisons for 2022, Qinyang is above in 12, below in 1", "partly above"), ("低于1项", "部分高于")),
        ("gaps.csv", 8, "value", "0.0", ("within rounding in 1", "growth is within rounding of Jiaozuo"), ("在舍入范围内1项", "在舍入范围内等同于焦作市")),
        ("gaps.csv", 2, "value", "0.3", ("GDP 17% (14 to 20%)",), ("地区生产总值17%（14%至20%）",)),
        ("published.csv", 1, "value", "3.4", ("Of 9 rebuilt rates that can be checked, published ones disagree with 1",), ("9个推算增速中，1个与公布值不一致",)),
        ("growth.csv", 4, "value", "9.5", ("above the national rate on every published basis",), ("按各种公布口径，一般公共预算收入增速均高于全国",)),
    ],
)  # fmt: skip
def test_words_turn_with_the_data(data, edit, report, table, row, column, new, en, zh):
    before = {lang: words(report, lang) for lang in ("en", "zh")}
    edit(table, row, column, new)
    other = load_report(data=data)
    for lang, phrases in (("en", en), ("zh", zh)):
        for phrase in phrases:
            assert phrase not in before[lang]
            assert phrase in words(other, lang)


@pytest.mark.parametrize(
    ("row", "value", "chart", "before", "after"),
    [
        (0, ("direction", "below"), "rates_chart", "outgrew every yardstick", "below in 1"),
        (2, ("value", "1.9"), "lead_chart", "The nearer the yardstick, the smaller the lead", "The lead changes with the yardstick"),
    ],
)
def test_titles_turn_with_the_data(data, edit, report, row, value, chart, before, after):
    assert before in getattr(growth_story, chart)(report).title["en"]
    edit("gaps.csv", row, *value)
    assert after in getattr(growth_story, chart)(load_report(data=data)).title["en"]


def test_a_removed_gap_is_not_stated_never_nan(data, report):
    """Each headline figure taken away in turn: what remains is right, and says what is missing."""
    path = data / "qinyang-2023/gaps.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    for row in range(1, 13):
        path.write_text("".join(lines[:row] + lines[row + 1 :]), encoding="utf-8")
        other = load_report(data=data)
        text = words(other, "en") + words(other, "zh")
        assert not {"nan", "None"} & set(text.split())
        assert len(growth.comparisons(other)) == 12
        name = indicator_name(other, report.tables["gaps"].rows[row - 1]["indicator_id"], "en")
        assert f"{lower(name)} and budget revenue the report does not state all three gaps" in text


def test_a_removed_rate_is_named(data):
    path = data / "qinyang-2023/growth.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:1] + lines[2:]), encoding="utf-8")
    with pytest.raises(KeyError, match="G01"):
        growth.comparisons(load_report(data=data))


@pytest.mark.parametrize(("value", "en", "zh"), [("20", "below", "低于"), ("1", "above", "高于")])
def test_the_claim_on_revenue_turns_when_every_basis_agrees(data, edit, report, value, en, zh):
    for i, row in enumerate(report.tables["published"].rows):
        if (row["area"], row["indicator_id"], row["measure"], row["period"]) == ("china", "budget_revenue", "growth", "2022"):
            edit("published.csv", i, "value", value)
    before, after = (growth_story.revenue(r) for r in (report, load_report(data=data)))
    assert (before.name, after.name) == ("growth.revenue.open", "growth.revenue.same")
    assert en in after.text["en"] and zh in after.text["zh"]


def test_no_share_of_a_lead_that_may_be_nothing(data, edit, report, monkeypatch):
    edit("gaps.csv", 2, "value", "0.0")
    assert growth.own_share(load_report(data=data), "gdp") is None
    with monkeypatch.context() as patch:
        patch.setattr(growth, "premium_decomposition", lambda *_: [("jiaozuo", Quantity.exact(0))])
        assert growth.own_share(report, "gdp") is None
    lead = Quantity(Fraction(1), Interval(Fraction(0), Fraction(2)), (), "points")
    monkeypatch.setattr(growth, "comparisons", lambda *_: [SimpleNamespace(lead=lead)])
    monkeypatch.setattr(growth, "premium_decomposition", lambda *_: [("jiaozuo", Quantity.exact(1))])
    assert growth.own_share(report, "gdp") is None


def test_a_lead_that_is_none_has_the_sign_of_the_gap(data, edit):
    edit("gaps.csv", 0, "direction", "below")
    c = growth.comparisons(load_report(data=data))[0]
    assert (c.lead.value, c.lead.low, c.lead.high) == (-c.gap.quantity.value, -c.gap.quantity.high, -c.gap.quantity.low)
    assert c.lead.value < 0
