"""Places, recomputed by a second route: the standard library, straight from the CSV."""

import csv
import re

import pytest
from workreport import rankings, rankings_story
from workreport.numbers import ForbiddenOperation
from workreport.tables import DATA, DataError, load_report

CHARTS = ["pairs_chart", "scopes_chart", "beyond_chart", "stated_chart"]
EN = "no one two three four five six seven eight nine ten".split()
WITHIN = ("jiaozuo", "six_counties")


def rows(name):
    path = next(p for p in (DATA / f"{name}.csv", DATA / "qinyang-2023" / f"{name}.csv") if p.is_file())
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def pairs_by_hand():
    ranks = rows("rankings")
    return [
        (a, b)
        for a in ranks
        for b in ranks
        if a["aspect"] == "level" and b["aspect"] == "growth" and a["indicator_id"] == b["indicator_id"]
    ]


def text(finding):
    return finding.text["en"], finding.text["zh"]


def test_size_is_ranked_above_growth_by_hand(report):
    found = pairs_by_hand()
    assert [a["indicator_id"] for a, _ in found] == ["gdp", "retail_sales", "budget_revenue"]
    assert all(int(a["value"]) < int(b["value"]) for a, b in found)
    en, zh = text(rankings_story.size_or_growth(report))
    assert (
        f"higher by size than by growth in all {EN[len(found)]} indicators" in en
        and f"{len(found)}项指标，在焦作市的总量位次均比增速位次靠前" in zh
    )
    for a, b in found:
        assert (
            re.search(rf"\({a['value']}\w\w by size, {b['value']}\w\w by growth\)", en)
            and f"（总量第{a['value']}位，增速第{b['value']}位）" in zh
        )
    assert f"in all {EN[len(found)]} indicators" in rankings_story.pairs_chart(report).title["en"]


def test_firsts_lowest_and_numbers_ranked_by_hand(report):
    ranks = rows("rankings")
    first = [r["scope"] for r in ranks if r["value"] == "1"]
    known = [r for r in ranks if r["out_of"]]
    en, zh = text(rankings_story.firsts(report))
    assert (
        en
        == f"Firsts make up {EN[len(first)]} of the {len(ranks)} printed places: {EN[first.count('jiaozuo')]} in Jiaozuo, {EN[first.count('henan')]} in Henan."
    )
    assert zh == f"报告印出的{len(ranks)}个位次中有{len(first)}个第一：焦作市{first.count('jiaozuo')}个，全省{first.count('henan')}个。"
    en, zh = text(rankings_story.sizes(report))
    assert f"The number ranked is stated for {EN[len(known)]} of the {len(ranks)} places, only among the six counties" in en
    assert f"{len(ranks)}个位次中有{len(known)}个说明了参排数量，均为六县市" in zh
    assert {r["scope"] for r in known} == {"six_counties"} and {rankings.out_of(report.figures[r["figure_id"]]) for r in known} == {6}
    en, zh = text(rankings_story.lowest(report))
    for scope, words, word in (
        ("jiaozuo", "in Jiaozuo", "焦作市"),
        ("six_counties", "among the six counties", "六县市"),
        ("henan", "in Henan", "全省"),
        ("china", "in the nation", "全国"),
    ):
        last = max(int(r["value"]) for r in ranks if r["scope"] == scope)
        assert re.search(rf"\b{last}\w\w {words}", en) and f"{word}第{last}位" in zh


def cells_by_hand():
    """(indicator, column) → whether the report states it."""

    def has(table, **cells):
        return any(all(r[k] == v for k, v in cells.items()) for r in rows(table))

    return {
        (i, column): has(table, indicator_id=i, **cells)
        for i in ("gdp", "industrial_value_added", "fixed_asset_investment", "retail_sales", "budget_revenue")
        for column, table, cells in [
            ("level", "levels", {}), ("level_rank", "rankings", {"aspect": "level"}), ("growth", "growth", {}), ("growth_rank", "rankings", {"aspect": "growth"}),
            ("china", "gaps", {"comparator": "china"}), ("henan", "gaps", {"comparator": "henan"}), ("jiaozuo", "gaps", {"comparator": "jiaozuo"}), ("target", "targets", {}),
        ]
    }  # fmt: skip


def test_what_is_not_stated_by_hand(report):
    expected = cells_by_hand()
    assert {key: figure is not None for key, figure in rankings.stated(report).items()} == expected
    en, zh = text(rankings_story.complete(report))
    assert [i for i in ("gdp", "retail_sales") if all(v for (k, _), v in expected.items() if k == i)] == ["gdp", "retail_sales"]
    assert (
        "are stated only for GDP and retail sales;" in en
        and "fixed-asset investment lacks a level, a place by size and a place by growth" in en
    )
    assert "只有地区生产总值和社会消费品零售的" in zh and "一般公共预算收入缺与全国的差距和与全省的差距" in zh
    chart = rankings_story.stated_chart(report)
    assert (chart.rows["label_en"] == "").tolist() == [not v for v in expected.values()] == (chart.rows["label_zh"] == "").tolist()
    missing = sum(not v for (i, _), v in expected.items() if i == "fixed_asset_investment")
    assert chart.title["en"].endswith(f"fixed-asset investment lacks {EN[missing]} of eight entries")
    assert (
        rankings_story.stated_block(report).finding["en"]
        == f"Of {len(expected)} cells {sum(not v for v in expected.values())} are not stated."
    )


def test_titles_of_the_strips_by_hand(report):
    drawn = {r["figure_id"] for pair in pairs_by_hand() for r in pair}
    others = [r for r in rows("rankings") if r["scope"] in WITHIN and r["figure_id"] not in drawn]
    first = sum(r["value"] == "1" for r in others)
    last = max(others, key=lambda r: int(r["value"]))
    assert (last["indicator_id"], last["aspect"]) == ("industrial_value_added", "growth")
    title = rankings_story.scopes_chart(report).title
    assert (
        title["en"]
        == f"Firsts make up {EN[first]} of {len(others)} other places within Jiaozuo; the lowest is {last['value']}th, for growth of industrial value added"
    )
    assert title["zh"] == f"焦作市内其余{len(others)}个位次中有{first}个第一，最靠后的是规上工业增加值增速，居第{last['value']}位"
    far = sorted(int(r["value"]) for r in rows("rankings") if r["scope"] not in WITHIN)
    title = rankings_story.beyond_chart(report).title
    assert (
        f"run from {far[0]}st to {far[-1]}th, and the report does not say" in title["en"]
        and f"从第{far[0]}位到第{far[-1]}位" in title["zh"]
    )


def test_the_earlier_place_is_place_plus_places_gained(report, data, edit):
    gap = next(r for r in rows("gaps") if r["unit"] == "位")
    place = next(r for r in rows("rankings") if r["figure_id"] == gap["subject"])
    then = int(place["value"]) + int(gap["value"])
    assert [int(q.value) for _, _, q in rankings.earlier_places(report)] == [then]
    assert f"{gap['value']} places better than in 2020, when it was {then}nd" in rankings_story.beyond_block(report).finding["en"]
    edit("gaps.csv", rows("gaps").index(gap), "direction", "below")
    other = rankings_story.beyond_block(load_report(data=data)).finding
    assert (
        f"{gap['value']} places worse than in 2020, when it was {int(place['value']) - int(gap['value'])}th" in other["en"]
        and "后移" in other["zh"]
    )


def test_claims_without_a_place_by_hand(report):
    kinds = [r["kind"] for r in rows("claims")]
    leading, first, only = (kinds.count(k) for k in ("leading", "first", "only"))
    block = rankings_story.claims_block(report)
    assert len(block.table["en"]) == leading + first + only
    assert (
        f"claims of standing without one number {EN[leading + first + only]}: {EN[leading]} of being among the front" in block.finding["en"]
    )


def test_neighbours_by_hand(report, data, edit):
    published = rows("published")
    found = rankings.neighbours(report)
    assert {(n.published.row["area"], n.status) for n in found} == {("wuzhi", "fits"), ("wenxian", "fits"), ("wenxian", "open")}
    assert f"Not one of {EN[len(found)]} figures found" in rankings_story.neighbours_block(report).finding["en"]
    assert rankings.without_level(report, "gdp") == [
        r["area"] for r in published if r["indicator_id"] == "gdp" and r["measure"] == "level" and r["status"] == "not_found"
    ]
    wuzhi = next(i for i, r in enumerate(published) if r["published_id"] == "P110")
    edit("published.csv", wuzhi, "value", "344.9")
    other = load_report(data=data)
    assert [n.published.id for n in rankings.neighbours(other) if n.status == "contradicts"] == ["P110"]
    assert (
        "one at odds with a place" in rankings_story.neighbours_block(other).finding["en"]
        and "有1个与位次矛盾" in rankings_story.neighbours_block(other).finding["zh"]
    )


def test_two_firsts_of_the_same_growth_contradict(data, edit):
    edit("rankings.csv", 4, "value", "1")
    assert [(n.rank.id, n.published.id) for n in rankings.neighbours(load_report(data=data)) if n.status == "contradicts"] == [
        ("R05", "P119")
    ]


def words(report, lang):
    texts = [f.text for f in rankings_story.answer(report)] + rankings_story.changes(report) + rankings_story.limits(report)
    return " ".join(t[lang] for t in texts)


@pytest.mark.parametrize(
    ("edits", "en", "zh"),
    [
        ([(0, "value", "3")], ("by size in two and by growth in one",), ("总量位次靠前的2项，增速位次靠前的1项",)),
        ([(0, "value", "2")], ("by size in two and by growth in none", "in two of three cases"), ("增速位次靠前的0项", "3例中有2例")),
        ([(0, "value", "3"), (3, "value", "4"), (5, "value", "5")], ("faster than it is big",), ("增速强于总量",)),
        ([(2, "value", "7")], ("7th in Jiaozuo (growth of industrial value added)",), ("焦作市第7位（规上工业增加值增速）",)),
        ([(k, "out_of", "") for k in (13, 14, 15)] + [(k, "out_of_numeral_id", "") for k in (13, 14, 15)], ("Not one of the 20 places says out of how many",), ("20个位次都未说明参排数量",)),
        ([(k, "value", "9") for k in range(20)], ("Not one of the 20 printed places is a first",), ("20个位次中没有第一",)),
    ],
)  # fmt: skip
def test_words_turn_with_the_data(data, edit, report, edits, en, zh):
    before = {lang: words(report, lang) for lang in ("en", "zh")}
    for row, column, new in edits:
        edit("rankings.csv", row, column, new)
    other = load_report(data=data)
    for lang, phrases in (("en", en), ("zh", zh)):
        for phrase in phrases:
            assert phrase not in before[lang]
            assert phrase in words(other, lang)


def without(data, file, index):
    path = data / "qinyang-2023" / file
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[: index + 1] + lines[index + 2 :]), encoding="utf-8")
    other = load_report(data=data)
    path.write_text("".join(lines), encoding="utf-8")
    return other


@pytest.mark.parametrize("index", range(20))
def test_a_removed_rank_is_not_stated_never_nan(data, index):
    other = without(data, "rankings.csv", index)
    text = " ".join(words(other, lang) for lang in ("en", "zh")) + " ".join(
        str(getattr(rankings_story, b)(other).finding) for b in dir(rankings_story) if b.endswith("_block") and b != "beyond_block"
    )
    assert not {"nan", "None"} & set(re.findall(r"\w+", text))
    assert "of the 19 printed places" in text


def test_a_removed_level_is_not_stated_and_named(data):
    other = without(data, "levels.csv", 1)
    assert (
        "retail sales lacks a level" in rankings_story.complete(other).text["en"]
        and "社会消费品零售缺总量" in rankings_story.complete(other).text["zh"]
    )
    with pytest.raises((KeyError, DataError), match="L02"):
        rankings_story.pairs_chart(other)


def test_places_have_no_mean_and_no_ratio(report):
    one, two = (report.figures[i].quantity for i in ("R01", "R02"))
    with pytest.raises(ForbiddenOperation):
        one / two


def test_a_scale_has_no_end_where_the_number_ranked_is_unknown(report):
    rows = rankings_story.scopes_chart(report).rows
    assert rows["out_of"].notna().tolist() == (rows["group_en"] == "Six counties").tolist()
    assert rankings_story.beyond_chart(report).rows["out_of"].isna().all()


@pytest.mark.parametrize(("value", "status"), [("3.8", "fits"), ("4.8", "fits"), ("5.5", "fits")])
def test_behind_the_first_place_any_neighbour_fits(data, edit, value, status):
    row = next(i for i, r in enumerate(rows("published")) if r["published_id"] == "P111")
    edit("published.csv", row, "value", value)
    found = {n.published.id: n for n in rankings.neighbours(load_report(data=data))}
    assert (found["P111"].status, found["P111"].own.id, found["P111"].rank.row["value"]) == (status, "G01", "2")


def test_a_neighbour_within_rounding_leaves_a_first_place_open(data, edit):
    row = next(i for i, r in enumerate(rows("published")) if r["published_id"] == "P110")
    edit("published.csv", row, "value", "344.3")
    assert {n.published.id: n.status for n in rankings.neighbours(load_report(data=data))}["P110"] == "open"


def test_every_rank_is_listed_by_scope_with_the_best_place_first(report):
    order = ("jiaozuo", "six_counties", "henan", "china")
    expected = sorted(rows("rankings"), key=lambda r: (order.index(r["scope"]), int(r["value"])))
    found = rankings.ranks(report)
    assert [(f.row["scope"], rankings.place(f)) for f in found] == [(r["scope"], int(r["value"])) for r in expected]
    digits = {"": None, **{c: i for i, c in enumerate("零一二三四五六七八九")}}
    assert {rankings.out_of(f) for f in found} == {digits[r["out_of"]] for r in expected}


def test_claims_of_standing_by_kind(report):
    found = rankings.standing_claims(report)
    expected = {kind: [r["figure_id"] for r in rows("claims") if r["kind"] == kind] for kind in ("leading", "first", "only")}
    assert {kind: [r["figure_id"] for r in claims] for kind, claims in found.items()} == expected


def test_a_level_that_was_found_is_not_looked_for_in_vain(data, edit, report):
    at = next(
        i
        for i, r in enumerate(report.tables["published"].rows)
        if (r["indicator_id"], r["measure"], r["status"]) == ("gdp", "level", "not_found")
    )
    area = report.tables["published"].rows[at]["area"]
    assert area in rankings.without_level(report, "gdp")
    edit("published.csv", at, "status", "derived")
    assert area not in rankings.without_level(load_report(data=data), "gdp")


def test_a_level_looked_for_in_vain_counts_for_its_indicator_and_year(data, edit, report):
    assert rankings.without_level(report, "budget_revenue") == []
    row = next(i for i, r in enumerate(report.tables["published"].rows) if r["published_id"] == "P107")
    edit("published.csv", row, "period", "2021")
    assert rankings.without_level(load_report(data=data), "gdp") == rankings.without_level(report, "gdp")[1:]


def test_only_a_place_of_a_neighbour_is_held_against_a_place(data, edit, report):
    row = next(i for i, r in enumerate(report.tables["published"].rows) if r["published_id"] == "P119")
    for column, cell in (("measure", "gap"), ("unit", "个百分点"), ("variant", "growth of the county")):
        edit("published.csv", row, column, cell)
    before, after = ([n.published.id for n in rankings.neighbours(r)] for r in (report, load_report(data=data)))
    assert "P119" in before and after == [i for i in before if i != "P119"]


@pytest.mark.parametrize(("other", "status"), [("1", "contradicts"), ("2", "fits")])
def test_two_first_places_contradict_and_no_others(data, edit, report, other, status):
    edit("rankings.csv", next(i for i, r in enumerate(report.tables["rankings"].rows) if r["figure_id"] == "R05"), "value", "1")
    edit("published.csv", next(i for i, r in enumerate(report.tables["published"].rows) if r["published_id"] == "P119"), "value", other)
    assert {n.status for n in rankings.neighbours(load_report(data=data)) if n.published.id == "P119"} == {status}
