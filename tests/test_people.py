"""Environment, livelihoods and jobs, recomputed by a second route: the standard library, straight from the CSV."""

import csv
import datetime
import math
import re
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal

import matplotlib.pyplot as plt
import pytest
from workreport import export, people, people_story, style
from workreport.tables import DATA, DataError, load_report

CHARTS = ["air_chart", "rates_chart", "beside_chart", "land_chart", "jobs_chart"]
BLOCKS = ["statements_block", "air_block", "rates_block", "beside_block", "land_block", "jobs_block", "claims_block"]


def rows(name):
    path = next(p for p in (DATA / f"{name}.csv", DATA / f"qinyang-2023/{name}.csv") if p.is_file())
    with path.open(encoding="utf-8", newline="") as handle:
        return {next(iter(r.values())): r for r in csv.DictReader(handle)}


def cell(name):
    return rows({"L": "levels", "G": "growth", "S": "shares", "D": "gaps", "P": "published"}[name[0]])[name]["value"]


def half(printed):
    return Decimal(1).scaleb(Decimal(printed).as_tuple().exponent) / 2


def text(value, decimals):
    return f"{Decimal(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):f}"


def index(report, table, figure):
    return next(i for i, r in enumerate(report.tables[table].rows) if figure in (r.get("figure_id"), r.get("published_id")))


def words(report, lang="en"):
    parts = [f.text for f in people_story.answer(report)] + people_story.changes(report) + people_story.limits(report)
    parts += [getattr(people_story, name)(report).title for name in CHARTS] + [
        getattr(people_story, name)(report).finding for name in BLOCKS
    ]
    return " ".join(part[lang] for part in parts if part)


def kinds_by_hand():
    """(section, kind) → number of statements."""
    sections = {n: r["section"] for n, r in rows("numerals").items()}
    found = Counter((r["section"], "claim") for r in rows("claims").values())
    for table in ("levels", "growth", "gaps", "shares", "rankings", "targets"):
        for r in rows(table).values():
            kind = "rank" if table == "rankings" else "bound" if r.get("qualifier") in ("at_least", "at_most", "more_than") else "value"
            found[sections[r["numeral_id"]], kind] += 1
    return found


def test_the_answer_by_hand(report):
    count = kinds_by_hand()
    own = {k: sum(count[s, k] for s in ("1.5", "1.6")) for k in ("value", "bound", "rank", "claim")}
    printed = [r["value"] for r in rows("shares").values() if r["kind"] in ("rate", "completion") and not r["qualifier"]]
    year = (datetime.date(2023, 1, 1) - datetime.date(2022, 1, 1)).days
    target = int(cell("L71")) - int(cell("D17"))
    income, henan = Decimal(cell("G14")), Decimal(cell("G14")) - Decimal(cell("D18"))
    assert henan + half(cell("G14")) + half(cell("D18")) < income - half(cell("G14")) and income + half(cell("G14")) < Decimal(
        cell("P019")
    ) - half(cell("P019"))
    assert Decimal(cell("G12")) - half(cell("G12")) > Decimal(cell("P034")) + half(cell("P034"))
    times = math.floor(Decimal(cell("L26")) / (Decimal(cell("L91")) + half(cell("L91"))) * 10) / 10
    expected = [
        f"Of {sum(own.values())} statements in the sections on environment and livelihood, {own['value']} are values, {own['bound']} are bounds, {own['rank']} are ranks, and {own['claim']} are claims",
        f"{printed.count('100')} of the {len(printed)} coverage, compliance and completion rates are printed as 100%; unemployment, at most {cell('S18')}%, is a ceiling",
        f"on {cell('L71')} of {year} days, {text(Decimal(cell('L71')) / year * 100, 0)}% of the year and {cell('D17')} more than the target of {target}",
        f"grew {income}%, above Henan's {text(henan, 1)}% and below the nation's {cell('P019')}%",
        f"grew {cell('G12')}%, above Henan's {cell('P034')}% and above the nation's {cell('P017')}%; in 2021, a flood year, Henan's autumn grain had fallen {cell('P053').lstrip('-')}%",
        f"more than {times} posts for every new urban job",
    ]
    found = people_story.answer(report)
    assert len(found) == len(expected)
    for finding, phrase in zip(found, expected, strict=True):
        assert phrase in finding.text["en"]
        if finding.name not in ("people.kinds", "people.full.rates", "people.income", "people.good.above"):
            assert re.findall(r"\d+\.\d+", finding.text["en"]) == re.findall(r"\d+\.\d+", finding.text["zh"])


def test_other_titles_by_hand(report):
    found = {f.text["en"].rstrip(".") for f in people_story.answer(report)}
    assert all(getattr(people_story, name)(report).title["en"] in found for name in CHARTS if name != "land_chart")
    value = Decimal(cell("L76"))
    low, high = ((value + sign * half(cell("L76"))) * 10000 / 15 for sign in (-1, 1))
    assert (
        f"from {int(low.to_integral_value(ROUND_HALF_UP)):,} to {int(high.to_integral_value(ROUND_HALF_UP)):,} hectares"
        in people_story.land_chart(report).title["en"]
    )


def test_statements_by_section(report):
    found = {(s, k): len(ids) for s, by_kind in people.statements(report).items() for k, ids in by_kind.items() if ids}
    assert found == dict(kinds_by_hand())


def test_areas_by_hand(report):
    factor = {"亩": Decimal(1) / 15, "万亩": Decimal(10000) / 15, "公顷": Decimal(1)}
    found = people.levels(report, people.LAND)
    assert len(found) == len(people.LAND)
    for f in found:
        value, unit = Decimal(f.row["value"]), factor[f.row["unit"]]
        q = people.in_hectares(f.quantity)
        assert [float(x) for x in (q.value, q.low, q.high)] == pytest.approx(
            [float((value + k * half(f.row["value"])) * unit) for k in (0, -1, 1)]
        )


def test_income_of_the_year_before_by_hand(report):
    table = people_story.beside_block(report).table["en"]
    low, high = (
        (Decimal(cell("L82")) + k * half(cell("L82"))) * 10000 / (1 + (Decimal(cell("G14")) - k * half(cell("G14"))) / 100) for k in (-1, 1)
    )
    assert (
        table[1]["Interval"] == f"{int(low.to_integral_value(ROUND_HALF_UP)):,} to {int(high.to_integral_value(ROUND_HALF_UP)):,}\u00a0yuan"
    )


def test_a_ceiling_is_no_rate_and_is_drawn_as_a_bound(report):
    assert "S18" not in {f.id for f in people.rates(report)}
    row = people_story.rates_chart(report).rows.iloc[-1]
    assert (row["ids"], row["qualifier"]) == ("S18", "at_most")
    with style.house_style():
        fig = export.draw(people_story.rates_chart(report), "en")
        bar = fig.axes[0].patches[-1 - sum(hasattr(p, "get_mutation_scale") for p in fig.axes[0].patches)]
        assert bar.get_facecolor()[3] == 0
        plt.close(fig)


@pytest.mark.parametrize(
    ("table", "figure", "column", "value", "en", "zh"),
    [
        ("gaps", "D17", "direction", "below", "5 fewer than the target of 225", "比报告所隐含的225天目标少5天"),
        ("shares", "S18", "qualifier", "", "unemployment is printed as 3.5%", "失业率印为3.5%"),
        ("shares", "S06", "value", "100", "12 of the 15 coverage", "15项覆盖、达标、完成率中有12项印为100%"),
        ("gaps", "D18", "direction", "below", "grew 12.7%, below Henan's 16.6%", "增长12.7%，低于全省的16.6%"),
        ("growth", "G14", "value", "14.3", "within rounding of the nation's 14.3%", "在舍入范围内等同于全国的14.3%"),
        ("growth", "G12", "value", "0.2", "grew 0.2%, below Henan's 3.7%", "增长0.2%，低于全省的3.7%"),
        ("levels", "L26", "qualifier", "", "offered about 2.0 posts", "招聘会提供的岗位约2.0个"),
        ("levels", "L76", "value", "1.0", "forest tending may be anything", "森林抚育面积可以是"),
        ("levels", "L84", "qualifier", "", "34 are values, 2 are bounds", "数值34项，界限2项"),
        ("claims", "C09", "section", "1.5", "9 are claims", "断言9项"),
        ("claims", "C10", "kind", "leading", "is \"among the front\", with 7", "是“前列”，共7项"),
    ],
)  # fmt: skip
def test_words_turn_with_the_data(data, edit, report, table, figure, column, value, en, zh):
    assert en not in words(report) and zh not in words(report, "zh")
    if figure == "L76":
        edit("levels.csv", index(report, "levels", "L77"), "value", "1")
    edit(f"{table}.csv", index(report, table, figure), column, value)
    other = load_report(data=data)
    assert en in words(other) and zh in words(other, "zh")


def test_no_flood_no_low_base(data, edit, report):
    assert "a flood year" in words(report)
    edit("published.csv", index(report, "published", "P053"), "value", "1.8")
    assert "a flood year" not in words(load_report(data=data)) and "遭遇洪灾" not in words(load_report(data=data), "zh")


def test_a_leap_year_has_a_day_more(data):
    path = data / "qinyang-2023/report.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"year_reviewed": "2022"', '"year_reviewed": "2024"'), encoding="utf-8")
    assert people.days_of_year(load_report(data=data)).value == 366


def without(data, table, figure):
    path = data / f"qinyang-2023/{table}.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith(f"{figure},")), encoding="utf-8")
    return load_report(data=data)


@pytest.mark.parametrize(("table", "figure"), [("levels", "L71"), ("gaps", "D17"), ("shares", "S18"), ("growth", "G14"), ("levels", "L26")])
def test_a_removed_figure_is_named(data, report, table, figure):
    with pytest.raises(DataError, match=f"0 rows with indicator_id = {report.figures[figure].row['indicator_id']}"):
        words(without(data, table, figure))


def test_what_may_be_missing_is_left_out(data):
    other = without(data, "gaps", "D18")
    assert "Henan's 8.8%" not in words(other) and not re.search(r"\b(nan|None)\b", words(other) + words(other, "zh"))
    assert len(people_story.land_chart(without(data, "levels", "L78")).rows) == len(people.LAND) - 1


def test_an_area_in_hectares_is_a_plain_number(report):
    for figure in people.levels(report, people.LAND):
        assert (people.in_hectares(figure.quantity).dimension, people.in_hectares(figure.quantity).kind) == ((), "")


def test_other_areas_stand_in_one_order(data, edit, report):
    """The province first, then the prefecture, then the nation, whatever the order of the published table."""
    first = next(i for i, r in enumerate(report.tables["published"].rows) if r["published_id"] == "P020")
    edit("published.csv", first, "area", "jiaozuo")
    found = people.beside(load_report(data=data), "lifted_income")
    assert [(area, mark, ids) for area, _, mark, ids in found] == [
        ("henan", "rebuilt", "G14 D18"),
        ("jiaozuo", "published", "P020"),
        ("china", "published", "P019"),
    ]
    assert [row[3] for row in people.beside(report, "lifted_income")] == ["G14 D18", "P019 P020"]
    last = next(i for i, r in enumerate(report.tables["published"].rows) if r["published_id"] == "P019")
    edit("published.csv", first, "area", "china")
    edit("published.csv", last, "area", "xinxiang")
    assert [area for area, *_ in people.beside(load_report(data=data), "lifted_income")] == ["henan", "china", "xinxiang"]


def test_areas_and_rates_stand_from_the_largest(report):
    found = people.levels(report, people.LAND)
    values = [f.quantity.value for f in found]
    assert values == sorted(values, reverse=True) and len(set(values)) > 3
    values = [f.quantity.value for f in people.rates(report)]
    assert values == sorted(values, reverse=True) and len(set(values)) > 2


def test_what_is_rebuilt_or_its_own_is_not_compared_as_published_too(data, edit, report):
    places = {r["published_id"]: i for i, r in enumerate(report.tables["published"].rows)}
    edit("published.csv", places["P019"], "area", "qinyang")
    edit("published.csv", places["P020"], "area", "henan")
    assert [(area, mark) for area, _, mark, _ in people.beside(load_report(data=data), "lifted_income")] == [("henan", "rebuilt")]


@pytest.mark.parametrize("indicator", [*people.LAND, *people.JOBS])
def test_every_indicator_drawn_is_one_of_the_report(report, indicator):
    assert people.levels(report, [indicator])


def test_copies_of_a_published_rate_are_one_and_the_first_is_taken(data, edit, report):
    edit("published.csv", next(i for i, r in enumerate(report.tables["published"].rows) if r["published_id"] == "P020"), "value", "14.30")
    (published,) = [row for row in people.beside(load_report(data=data), "lifted_income") if row[2] == "published"]
    assert published[3] == "P019 P020" and published[1] == report.figures["P019"].quantity
