"""The targets, recomputed by a second route: the standard library, straight from the CSV."""

import csv
from decimal import ROUND_HALF_UP, Decimal

import pytest
from workreport import targets, targets_story
from workreport.tables import DATA, DataError, load_report

CHARTS = ["ambition_chart", "ladder_chart", "increment_chart", "outcome_chart"]
NAMES = {
    "gdp": "GDP",
    "industrial_value_added": "industrial value added",
    "fixed_asset_investment": "fixed-asset investment",
    "retail_sales": "retail sales",
    "budget_revenue": "budget revenue",
}
ZH = {"fixed_asset_investment": "固定资产投资", "budget_revenue": "一般公共预算收入"}
WORDS = {"": "{}%", "about": "about {}%", "at_least": "at least {}%"}
ZH_WORDS = {"": "{}%", "about": "{}%左右", "at_least": "{}%以上"}


def rows(file):
    with (DATA / file).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def half(printed):
    return Decimal(1).scaleb(Decimal(printed).as_tuple().exponent) / 2


def said(row, words=WORDS):
    return words[row["qualifier"]].format(row["value"])


def rounded(number, digits):
    return str(Decimal(number).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


TARGETS = {r["indicator_id"]: r for r in rows("qinyang-2023/targets.csv")}
GROWTH = {r["figure_id"]: r["value"] for r in rows("qinyang-2023/growth.csv")}
LEVELS = {r["indicator_id"]: r["value"] for r in rows("qinyang-2023/levels.csv") if r["area"] == "qinyang"}
PUBLISHED = [r for r in rows("published.csv") if r["period"] == "2023" and r["status"] != "not_found"]


def sides():
    """Indicator → above or below, decided over the whole interval."""
    result = {}
    for indicator, row in TARGETS.items():
        outcome = GROWTH[row["outcome"]]
        slack = half(outcome) + (half(row["value"]) if row["qualifier"] == "about" else 0)
        step = Decimal(row["value"]) - Decimal(outcome)
        result[indicator] = "above" if step > slack else "below" if step < -slack else "within_rounding"
    return result


def higher(indicator, area):
    return [r for r in PUBLISHED if (r["indicator_id"], r["area"], r["measure"]) == (indicator, area, "target")]


def texts(report, lang):
    return [f.text[lang] for f in targets_story.answer(report)]


def test_the_steps_and_their_verdicts(report):
    assert {a.indicator: a.verdict for a in targets.ambitions(report)} == sides()
    for a in targets.ambitions(report):
        assert float(a.step.value * 100) == pytest.approx(float(Decimal(TARGETS[a.indicator]["value"]) - Decimal(GROWTH[a.outcome.id])))


def test_the_first_two_sentences(report):
    above, below = ([i for i, side in sides().items() if side == word] for word in ("above", "below"))
    assert (len(above), len(below), len(sides())) == (3, 2, 5)
    expected = f"Three of five growth targets for 2023 are above the 2022 outcome; below it: {' and '.join(NAMES[i] for i in below)}."
    assert texts(report, "en")[0] == expected
    assert texts(report, "zh")[0] == f"2023年五项目标中三项高于2022年实绩；低于的：{'和'.join(ZH[i] for i in below)}。"
    assert targets_story.ambition_chart(report).title["en"] == expected[:-1]
    step = {i: Decimal(r["value"]) - Decimal(GROWTH[r["outcome"]]) for i, r in TARGETS.items()}
    up, down = max(step, key=step.get), min(step, key=step.get)
    expected = (
        f"The largest step up is in {NAMES[up]}, from {GROWTH[TARGETS[up]['outcome']]}% in 2022 to {said(TARGETS[up])}; "
        f"the largest step down is in {NAMES[down]}, from {GROWTH[TARGETS[down]['outcome']]}% to {said(TARGETS[down])}."
    )
    assert texts(report, "en")[1] == expected


def test_the_ladder(report):
    rungs = [higher("gdp", area)[0] for area in ("china", "henan", "jiaozuo")] + [TARGETS["gdp"]]
    assert all(len({r["value"] for r in higher("gdp", area)}) == 1 for area in ("china", "henan", "jiaozuo"))
    lows = [Decimal(r["value"]) + (half(r["value"]) if r["qualifier"] == "about" else 0) * sign for r in rungs for sign in (-1, 1)]
    assert lows == sorted(lows)
    en = [f"{name} {said(r)}" for name, r in zip(("the nation", "Henan", "Jiaozuo", "Qinyang"), rungs, strict=True)]
    zh = [f"{name}{said(r, ZH_WORDS)}" for name, r in zip(("全国", "全省", "焦作市", "沁阳市"), rungs, strict=True)]
    assert texts(report, "en")[2] == f"The lower the level, the higher its GDP target for 2023: {', '.join(en[:-1])} and {en[-1]}."
    assert texts(report, "zh")[2] == f"2023年地区生产总值目标逐级走高：{'、'.join(zh[:-1])}和{zh[-1]}。"
    assert targets_story.ladder_chart(report).title["en"] == texts(report, "en")[2][:-1]
    against = {i: Decimal(r["value"]) - Decimal(h[0]["value"]) for i, r in TARGETS.items() if (h := higher(i, "jiaozuo"))}
    assert against.keys() == {"gdp", "industrial_value_added", "fixed_asset_investment"}
    assert [against[i] > 0 for i in against] == [True, True, False] and against["fixed_asset_investment"] == 0
    assert (
        targets_story.nearest(report).text["en"]
        == "Against the targets of Jiaozuo, Qinyang's are higher for GDP and industrial value added, equal for fixed-asset investment."
    )


def test_the_nation_s_target_is_said_to_be_later(report):
    assert "Set after" in higher("gdp", "china")[0]["note"]
    assert "Set after the report was delivered: the nation" in targets_story.ladder_chart(report).subtitle["en"]


def test_the_increments(report):
    for i in targets.increments(report):
        level, rate = LEVELS[i.ambition.indicator], TARGETS[i.ambition.indicator]
        slack = half(rate["value"]) if rate["qualifier"] == "about" else 0
        low = (Decimal(level) - half(level)) * (Decimal(rate["value"]) - slack) / 100
        high = (Decimal(level) + half(level)) * (Decimal(rate["value"]) + slack) / 100
        assert (float(i.needed.low / 10**8), float(i.needed.high / 10**8)) == pytest.approx((float(low), float(high)))
    assert [i.ambition.indicator for i in targets.increments(report)] == ["gdp", "retail_sales", "budget_revenue"]


def test_the_retail_sentence(report):
    level, rate, target = (
        Decimal(LEVELS["retail_sales"]),
        GROWTH[TARGETS["retail_sales"]["outcome"]],
        Decimal(TARGETS["retail_sales"]["value"]) / 100,
    )
    times = [target * (1 + 1 / (g / 100)) for g in (Decimal(rate) + half(rate), Decimal(rate) - half(rate))]
    low, high = (rounded(t, 1) for t in times)
    needed = level * target
    assert (
        texts(report, "en")[3]
        == f"To meet the target, retail sales must grow by at least {rounded(needed / 10, 2)}\u00a0billion yuan in 2023, {low} to {high} times the gain of 2022."
    )
    assert texts(report, "zh")[3] == f"要达到目标，2023年社会消费品零售须增加{rounded(needed, 1)}亿元以上，为2022年增量的{low}至{high}倍。"
    assert targets_story.increment_chart(report).title["en"] == texts(report, "en")[3][:-1]


def test_no_gain_of_last_year_out_of_a_real_rate_or_an_open_basis(report):
    assert {i.ambition.indicator for i in targets.increments(report) if i.added} == {"retail_sales"}


def test_the_outcome(report):
    grown = [r for r in PUBLISHED if (r["indicator_id"], r["area"], r["measure"]) == ("gdp", "qinyang", "growth")]
    assert len(grown) == 1 and grown[0]["note"].startswith("Encyclopedia")
    target = TARGETS["gdp"]["value"]
    assert Decimal(grown[0]["value"]) + half(grown[0]["value"]) < Decimal(target)
    assert (
        texts(report, "en")[4]
        == f"GDP grew {grown[0]['value']}% in 2023, short of Qinyang's target of {target}%, according to an encyclopedia entry."
    )
    assert texts(report, "zh")[4] == f"据百科条目，2023年沁阳地区生产总值增长{grown[0]['value']}%，未达到{target}%的目标。"
    assert targets_story.outcome_chart(report).title["en"] == texts(report, "en")[4][:-1]
    assert targets.not_found(report) == [i for i in TARGETS if i != "gdp"]


def everything(report, lang):
    blocks = [getattr(targets_story, f"{name}_block")(report) for name in ("ambition", "ladder", "increment", "outcome")]
    parts = [*targets_story.answer(report), *(b.chart for b in blocks)]
    plain = [getattr(p, "text", getattr(p, "title", {}))[lang] for p in parts] + [p.subtitle[lang] for p in parts if hasattr(p, "subtitle")]
    plain += [b.finding[lang] for b in blocks] + [b.method[lang] for b in blocks] + [str(row) for b in blocks for row in b.table[lang]]
    return " ".join(plain + [t[lang] for t in targets_story.changes(report) + targets_story.limits(report)])


def published_row(report, published_id):
    return next(i for i, r in enumerate(report.tables["published"].rows) if r["published_id"] == published_id)


@pytest.mark.parametrize(
    ("file", "row", "column", "new", "en", "zh"),
    [
        ("targets.csv", 2, "value", "14", "Four of five growth targets", "四项高于"),
        ("targets.csv", 4, "value", "7.1", "within rounding of it: budget revenue", "在舍入范围内无从区分的：一般公共预算收入"),
        ("targets.csv", 0, "value", "6.5", "do not rise at every level", "并非逐级提高"),
        ("targets.csv", 0, "value", "6.5", "lower for GDP", "更低的是地区生产总值"),
        ("targets.csv", 0, "qualifier", "at_least", "at least 2.58", "25.8亿元以上"),
        ("targets.csv", 3, "qualifier", "about", "by about 0.97", "9.7亿元左右"),
        ("growth.csv", 3, "value", "0.0", "must grow by at least 0.97\u00a0billion yuan in 2023.", "须增加9.7亿元以上。"),
        ("published.csv", "P089", "value", "7.9", "4.5% in 2023, above", "高于7.5%的目标"),
        ("published.csv", "P089", "value", "7.5", "within rounding of Qinyang's target", "在舍入范围内达到7.5%"),
        ("published.csv", "P089", "note", "", "according to a secondary source", "据二手来源"),
        ("published.csv", "P028", "note", "", "None was set after", "均在报告作出之前"),
    ],
)  # fmt: skip
def test_words_turn_with_the_data(data, edit, report, file, row, column, new, en, zh):
    edit(file, published_row(report, row) if isinstance(row, str) else row, column, new)
    other = load_report(data=data)
    for lang, phrase in (("en", en.replace("4.5%", f"{new}%")), ("zh", zh)):
        assert phrase not in everything(report, lang)
        assert phrase in everything(other, lang)


@pytest.mark.parametrize("side", ["all", "none", "one"])
def test_all_none_or_one_above(data, edit, side):
    for row, value in enumerate(["9.5", "9.5", "19", "9", "9.5"] if side == "all" else ["1.5", "1.5", "1", "1", "1.5"]):
        edit("targets.csv", row, "value", "9.5" if side == "one" and row == 0 else value)
    text = targets_story.overall(load_report(data=data)).text
    assert text["en"].startswith(
        {
            "all": "All five growth targets for 2023 are above",
            "none": "None of the five",
            "one": "One of five growth targets for 2023 is above",
        }[side]
    )
    assert {"all": "全部高于", "none": "均未高于", "one": "一项高于"}[side] in text["zh"]


def test_sources_that_disagree_are_named(data, edit, report):
    edit("published.csv", published_row(report, "P061"), "value", "6.5")
    with pytest.raises(
        DataError,
        match="^published.csv:value: found different targets in P060, P061, expected one target, correct it, or give the variants names$",
    ):
        targets.ladder(load_report(data=data), "gdp")


@pytest.mark.parametrize("row", range(1, 6))
def test_a_removed_target_is_left_out_or_named(data, row):
    path = data / "qinyang-2023/targets.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:row] + lines[row + 1 :]), encoding="utf-8")
    other = load_report(data=data)
    name = lines[row].split(",")[2]
    if name == "gdp":
        with pytest.raises(DataError, match="indicator_id = gdp"):
            targets_story.answer(other)
    elif name == "retail_sales":
        with pytest.raises(DataError, match="indicator_id = retail_sales"):
            targets_story.answer(other)
    else:
        assert "of four growth targets" in texts(other, "en")[0]
        assert not {"nan", "None"} & set((everything(other, "en") + everything(other, "zh")).split())


def test_without_a_published_outcome_it_is_said_so(data, edit, report):
    row = published_row(report, "P089")
    edit("published.csv", row, "value", "not found")
    edit("published.csv", row, "status", "not_found")
    other = load_report(data=data)
    assert texts(other, "en")[4] == "No outcome of 2023 was found for Qinyang's targets."
    assert "gdp" in targets.not_found(other)
    assert "Source for Qinyang: none" in everything(other, "en")


@pytest.mark.parametrize("basis", ["real", "nominal", "unknown"])
def test_only_a_real_growth_is_at_prices_of_the_year_reviewed(data, edit, basis):
    edit("growth.csv", 0, "price_basis", basis)
    found = {i.ambition.indicator: i.real for i in targets.increments(load_report(data=data))}
    assert found == {"gdp": basis == "real", "retail_sales": False, "budget_revenue": False}


def test_steps_over_the_levels_above_by_hand(report):
    found = {area: float(points.value * 100) for area, points in targets.steps_above(report, "gdp")}
    own = Decimal(TARGETS["gdp"]["value"])
    assert found == pytest.approx({a: float(own - Decimal(higher("gdp", a)[0]["value"])) for a in ("china", "henan", "jiaozuo")})


def test_targets_without_an_outcome_by_hand(report):
    missing = [
        r["indicator_id"]
        for r in rows("published.csv")
        if (r["area"], r["period"], r["measure"], r["status"]) == ("qinyang", "2023", "growth", "not_found")
        and r["indicator_id"] in TARGETS
    ]
    assert targets.not_found(report) == missing


def test_an_outcome_is_held_against_the_first_source_of_the_target():
    published = rows("published.csv")
    first = {}
    for row in published:
        if (row["indicator_id"], row["period"], row["measure"]) == ("gdp", "2023", "target"):
            first.setdefault(row["area"], row["published_id"])
    found = {area: target.id for area, target, *_ in targets.outcomes(load_report())}
    assert found and all(area == "qinyang" or first[area] == i for area, i in found.items())


@pytest.mark.parametrize(("column", "other"), [("area", "henan"), ("area", "wuzhi"), ("period", "2022"), ("measure", "level"), ("indicator_id", "grain_output")])
def test_what_was_not_found_elsewhere_is_not_missing_here(data, edit, report, column, other):
    edit("published.csv", next(i for i, r in enumerate(report.tables["published"].rows) if r["published_id"] == "P105"), column, other)
    assert targets.not_found(load_report(data=data)) == [i for i in targets.not_found(report) if i != "retail_sales"]
