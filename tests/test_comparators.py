"""The published statistics, recomputed by a second route: the standard library, straight from the CSV."""

import csv
import json
import re
from decimal import Decimal

import pytest
from workreport import comparators, comparators_story
from workreport.tables import DATA, load_report

CHARTS = ["levels_chart", "left_out_chart"]
EN = "no one two three four five six seven eight nine ten".split()
DELIVERED = json.loads((DATA / "qinyang-2023/report.json").read_text(encoding="utf-8"))["delivered"]


def rows(name):
    path = next(p for p in (DATA / f"{name}.csv", DATA / "qinyang-2023" / f"{name}.csv") if p.is_file())
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def published(**cells):
    return [r for r in rows("published") if r["status"] != "not_found" and all(r[k] == v for k, v in cells.items())]


def span(value):
    half = Decimal(1).scaleb(Decimal(value).as_tuple().exponent) / 2
    return Decimal(value) - half, Decimal(value) + half


def side(own, other):
    (low, high), (least, most) = span(own), span(other)
    return "above" if low > most else "below" if high < least else "open"


def omitted_by_hand(table="growth", measure="growth"):
    """(indicator, area) → (own value, published rows)."""
    compared = {(g["subject"], g["comparator"]) for g in rows("gaps")}
    return {
        (own["indicator_id"], area): (own["value"], found) for own in rows(table) for area in ("china", "henan", "jiaozuo")
        if own["area"] == "qinyang" and own["qualifier"] == "" and (own["figure_id"], area) not in compared
        and (found := published(area=area, period="2022", indicator_id=own["indicator_id"], measure=measure))
    }  # fmt: skip


def verdicts():
    words = {key: {side(own, r["value"]) for r in found} for key, (own, found) in omitted_by_hand().items()}
    return {key: word.pop() if len(word) == 1 else "open" for key, word in words.items()}


def test_left_out_by_hand(report):
    expected = verdicts()
    assert {(o.indicator, o.area): o.verdict for o in comparators.left_out(report)} == expected
    above, below, open_ = (list(expected.values()).count(w) for w in ("above", "below", "open"))
    finding = comparators_story.omitted(report)
    assert (
        finding.text["en"]
        == f"Of {EN[len(expected)]} growth comparisons the report leaves out, Qinyang is above in {EN[above]}, below in {EN[below]} and undecided in {EN[open_]}."
    )
    assert finding.text["zh"] == f"报告没有作的{len(expected)}项增速比较中，沁阳高于对方{above}项，低于对方{below}项，视口径而定{open_}项。"
    assert comparators_story.left_out_chart(report).title["en"] == finding.text["en"][:-1]
    assert finding.strength == "outside data"


def test_which_and_when_by_hand(report):
    expected, found = verdicts(), omitted_by_hand()
    assert {k for k, v in expected.items() if v == "below"} == {("lifted_income", "china")}
    dated = sum(
        any(r["published_date"] and r["published_date"] < DELIVERED for r in published_rows) for _, published_rows in found.values()
    )
    text = comparators_story.omitted_which(report).text
    assert "above the nation and Henan in grain output, below the nation in income of people lifted out of poverty" in text["en"]
    assert "on either side of the nation and Henan in budget revenue" in text["en"]
    assert (
        f"For {EN[dated]} of the {EN[len(found)]}, a published figure was found that is dated before" in text["en"]
        and f"{len(found)}项中有{dated}项" in text["zh"]
    )


def test_the_share_stands_apart_and_ceilings_are_not_compared(report):
    found = omitted_by_hand("shares", "share")
    assert set(found) == {("rd_intensity", "china"), ("rd_intensity", "henan")}
    assert {(o.indicator, o.area) for o in comparators.left_out(report, "shares", "share")} == set(found)
    own, nation = found["rd_intensity", "china"]
    _, henan = found["rd_intensity", "henan"]
    text = comparators_story.intensity(report).text
    low, high = sorted(Decimal(r["value"]) for r in nation)
    assert all(side(own, r["value"]) == "below" for r in nation) and all(side(own, r["value"]) == "above" for r in henan)
    assert (
        f"R&D intensity, {own}%, is below that of the nation ({low}% to {high}%) and above that of Henan ({henan[0]['value']}%)"
        in text["en"]
    )
    assert f"为{own}%，低于全国（{low}%至{high}%），高于全省（{henan[0]['value']}%）" in text["zh"]
    assert not set(comparators_story.left_out_chart(report).figure_ids) & {r["published_id"] for r in nation + henan}


def rebuilt_by_hand():
    """(indicator, area) → status of the published rates of the same year without a stated basis."""
    own = {r["figure_id"]: r["value"] for r in rows("growth")}
    result = {}
    for gap in rows("gaps"):
        if gap["comparator"] in ("china", "henan", "jiaozuo"):
            (low, high), (least, most) = span(own[gap["subject"]]), span(gap["value"])
            found = published(area=gap["comparator"], period="2022", indicator_id=gap["indicator_id"], measure="growth", variant="")
            inside = [span(r["value"])[0] <= high - least and low - most <= span(r["value"])[1] for r in found]
            result[gap["indicator_id"], gap["comparator"]] = "not found" if not found else "agrees" if all(inside) else "differs"
    return result


def test_rebuilt_rates_by_hand(report):
    expected = rebuilt_by_hand()
    assert {(b.comparison.indicator, b.comparison.area): b.status for b in comparators.benchmarks(report)} == expected
    seen = sum(v == "agrees" for v in expected.values())
    text = comparators_story.rebuilt(report).text
    assert (
        text["en"]
        == f"Of {len(expected)} rates that the printed gaps imply, {EN[seen]} can be checked and all of them agree with published ones; for {EN[len(expected) - seen]} nothing was found."
    )
    assert f"{len(expected)}个增速中，{seen}个可以核对，全部与公布值一致；{len(expected) - seen}个未找到" in text["zh"]
    table = comparators_story.rebuilt_block(report).table["en"]
    assert sum(r["Status"] == "not found" for r in table) == len(expected) - seen
    assert [r["Published"] for r in table if r["Id"] == "P041"] == ["6.7% (derived)"]


def test_copies_by_hand(report):
    found = [r for i, a in rebuilt_by_hand() for r in published(area=a, period="2022", indicator_id=i, measure="growth", variant="")]
    before = sum(bool(r["published_date"]) and r["published_date"] < DELIVERED for r in found)
    undated = sum(not r["published_date"] for r in found)
    assert not [r for r in found if r["quality"] == "official page"]
    text = comparators_story.copies(report).text["en"]
    assert (
        text
        == f"The {len(found)} published figures used here were read in copies, none on an official page: {EN[before]} dated before the report was delivered, {EN[len(found) - before - undated]} after it, {EN[undated]} not at all."
    )


def test_figures_published_elsewhere_by_hand(report):
    own = {(m, r["indicator_id"]): r for t, m in (("levels", "level"), ("growth", "growth")) for r in rows(t) if r["area"] == "qinyang"}
    pairs = [
        (own[r["measure"], r["indicator_id"]], r)
        for r in published(area="qinyang", period="2022", variant="")
        if (r["measure"], r["indicator_id"]) in own
    ]
    assert len(pairs) == 4
    for mine, other in pairs:
        exact = mine["unit"] == "个"
        (low, high), (least, most) = ((Decimal(v),) * 2 if exact else span(v) for v in (mine["value"], other["value"]))
        assert low <= most and least <= high
    distances = {e.own.id: float(e.distance) for e in comparators.elsewhere(report)}
    for mine, other in pairs:
        low, high = span(mine["value"])
        assert distances[mine["figure_id"]] == pytest.approx(float((Decimal(other["value"]) - Decimal(mine["value"])) / ((high - low) / 2)))
    assert comparators_story.levels_chart(report).title == {
        "en": "All four figures found elsewhere match the report within rounding",
        "zh": "在别处找到的4个公布值，在舍入范围内全部与报告一致",
    }
    assert (
        comparators_story.agreeing(report)
        .text["en"]
        .startswith("All four figures of the report that were also found published elsewhere agree within rounding")
    )


def words(report, lang):
    texts = [f.text for f in comparators_story.answer(report)] + comparators_story.changes(report) + comparators_story.limits(report)
    return " ".join(t[lang] for t in texts)


def at(published_id):
    return next(i for i, r in enumerate(rows("published")) if r["published_id"] == published_id)


@pytest.mark.parametrize(
    ("edits", "en", "zh"),
    [
        ([("P017", "value", "7.9")], ("below in two", "below the nation in grain output"), ("低于对方2项", "粮食产量低于全国")),
        ([("P017", "value", "7.1")], ("within rounding in one", "within rounding of the nation in grain output"), ("在舍入范围内1项", "粮食产量在舍入范围内等同于全国")),
        ([("P010", "value", "2.0")], ("undecided in one",), ("视口径而定1项",)),
        ([("P002", "value", "3.4")], ("nine can be checked, one at odds with published ones",), ("其中1个与公布值不一致",)),
        ([("P085", "value", "344.42")], ("Agreement within rounding holds for three of four figures",), ("4个报告数据中，3个在舍入范围内一致",)),
        ([("P012", "value", "2.31"), ("P013", "value", "2.30")], ("is above that of the nation (2.30% to 2.31%)",), ("高于全国（2.30%至2.31%）",)),
        ([("P013", "value", "2.30")], ("on either side, by basis, of that of the nation",), ("视口径高于或低于全国",)),
        ([("P020", "published_date", "2023-02-21")], ("For two of the five",), ("5项中有2项",)),
    ],
)  # fmt: skip
def test_words_turn_with_the_data(data, edit, report, edits, en, zh):
    before = {lang: words(report, lang) for lang in ("en", "zh")}
    for published_id, column, new in edits:
        edit("published.csv", at(published_id), column, new)
    other = load_report(data=data)
    for lang, phrases in (("en", en), ("zh", zh)):
        for phrase in phrases:
            assert phrase not in before[lang]
            assert phrase in words(other, lang)


def test_titles_turn_with_the_data(data, edit):
    edit("published.csv", at("P095"), "value", "183.56")
    edit("published.csv", at("P019"), "value", "9.3")
    edit("published.csv", at("P020"), "value", "9.3")
    other = load_report(data=data)
    assert comparators_story.levels_chart(other).title == {
        "en": "A match within rounding for three of four figures found elsewhere",
        "zh": "在别处找到的4个公布值中，3个在舍入范围内与报告一致",
    }
    assert "above in three and undecided in two" in comparators_story.left_out_chart(other).title["en"]
    assert "高于对方3项，视口径而定2项" in comparators_story.left_out_chart(other).title["zh"]


@pytest.mark.parametrize("published_id", ["P002", "P009", "P012", "P017", "P019", "P034", "P041", "P044", "P050", "P085", "P094"])
def test_a_removed_statistic_is_never_nan(data, published_id):
    path = data / "published.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith(published_id)), encoding="utf-8")
    other = load_report(data=data)
    text = words(other, "en") + words(other, "zh")
    assert not {"nan", "None"} & set(re.findall(r"\w+", text))
    if published_id == "P002":
        assert "eight can be checked and all of them agree with published ones; for six nothing was found" in text
    for name in CHARTS:
        assert len(getattr(comparators_story, name)(other).rows)


def test_a_removed_rate_is_named(data):
    path = data / "qinyang-2023/growth.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("G14")), encoding="utf-8")
    with pytest.raises(KeyError, match="G14"):
        comparators_story.answer(load_report(data=data))


def test_copies_of_one_published_figure_stand_together(report):
    found = comparators.left_out(report)
    for o in found:
        assert sorted(f.id for group in o.bases for f in group) == sorted(f.id for f in o.published)
        assert [len({(f.row["variant"], f.quantity.value) for f in group}) for group in o.bases] == [1] * len(o.bases)
    assert max(len(o.bases) for o in found) > 1
