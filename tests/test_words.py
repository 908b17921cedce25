"""What facts become in a sentence: ways, names, lists, and what is refused."""

from fractions import Fraction

import pytest
from workreport import Page, frame
from workreport.numbers import Interval, Missing, Quantity, corners, part_of
from workreport.page import PageError
from workreport.units import quantity_of
from workreport.words import Sentence, WordingError, Words, vocabulary


@pytest.fixture(scope="module")
def words(report):
    return Words(report)


def q(value, unit, qualifier=""):
    return quantity_of(value, unit, qualifier, ids=("X01",))


POINTS = q("1.8", "个百分点")


@pytest.mark.parametrize(
    ("fact", "way", "en", "zh"),
    [
        (q("4.8", "%"), "%", "4.8%", "4.8%"),
        (q("13", "%"), "%1", "13.0%", "13.0%"),
        (POINTS, "pp", "1.8 pp", "1.8个百分点"),
        (POINTS, "points", "1.8 percentage points", "1.8个百分点"),
        (-POINTS, "|points", "1.8 percentage points", "1.8个百分点"),
        (POINTS, "number", "1.8", "1.8"),
        (Quantity.exact(Fraction(16, 3)), "times", "5.3 times", "5.3倍"),
        (q("26", "位") - q("1", "位"), "", "25 places", "25位"),
        (q("1.0", "个百分点"), "points0", "1 percentage point", "1个百分点"),
        (q("4.8", "%"), "high", "4.85%", "4.85%"),
        (q("340", "百万元"), "money", "340m yuan", "3.40亿元"),
        (POINTS, "range", "1.75 to 1.85 pp", "1.75至1.85个百分点"),
        (q("4.8", "%"), "low", "4.75%", "4.75%"),
        (q("344.3", "亿元"), "money", "34.43bn yuan", "344.3亿元"),
        (q("9.66", "亿元"), "money", "966m yuan", "9.66亿元"),
        (q("2.5", "万亿元"), "money", "2.5tn yuan", "25000亿元"),
        (q("7300", "万元", "more_than"), "worded", "more than 73m yuan", "7300万元以上"),
        (q("1.5", "万元"), "money", "15,000 yuan", "1.5万元"),
        (q("4.08", "万户"), "amount", "40,800", "4.08万户"),
        (q("2.2", "万个", "more_than"), "worded", "more than 22,000", "2.2万个以上"),
        (q("3806", "亩"), "amount", "253.7 hectares", "3806亩"),
        (q("11", "%", "at_least"), "worded", "at least 11%", "11%以上"),
        (q("8.5", "%", "about"), "worded", "about 8.5%", "8.5%左右"),
        (q("3.5", "%", "at_most"), "worded", "at most 3.5%", "3.5%以内"),
        (q("2", "位"), "rank", "2nd", "第2位"),
        (13, "rank", "13th", "第13位"),
        (9, "word", "nine", "九"),
        (2022, "year", "2022", "2022"),
        (1136, "", "1,136", "1136"),
        ("2023-02-08", "day", "8 February 2023", "2023年2月8日"),
        ("2016-2020", "period", "2016–2020, yearly average", "2016—2020年年均"),
        ("2023Q3", "period", "2023, first three quarters", "2023年前三季度"),
        ("gdp", "", "GDP", "地区生产总值"),
        ("budget_revenue", "label", "Budget revenue", "一般公共预算收入"),
        (["gdp", "retail_sales", "budget_revenue"], "", "GDP, retail sales and budget revenue", "地区生产总值、社零总额、一般公共预算收入"),
        (["gdp", "retail_sales"], ";", "GDP; retail sales", "地区生产总值；社零总额"),
        (["gdp", "retail_sales"], "or", "GDP or retail sales", "地区生产总值或社零总额"),
        (POINTS, "side", "above", "高于"),
        (q("0.0", "个百分点"), "standing", "too close to call", "误差范围内"),
        ("agrees", "status", "agrees", "一致"),
    ],
)
def test_ways(fact, way, en, zh, words):
    assert (words.say(fact, way, "en").replace("\u00a0", " "), words.say(fact, way, "zh")) == (en, zh)


@pytest.mark.parametrize(
    ("fact", "way", "why"),
    [
        (None, "", "nothing to say: None"),
        (float("nan"), "%", "nothing to say: nan"),
        ([], "", r"nothing to say: \[\]"),
        ("", "", "nothing to say"),
        (Missing("not stated", "the level of GDP"), "", "the level of GDP is not stated: say so in a sentence of its own"),
        (q("4.8", "%"), "money", "no amount in yuan"),
        (q("344.3", "亿元"), "%", "has no percent"),
        (q("4.8", "%"), "pp", "no difference between two rates"),
        (q("4.8", "%"), "percentt", "'percentt' is no way to say 4.8%"),
        ("gpd", "", "'gpd' is no id"),
        ("agreees", "status", r"no word for 'agreees' in \[status\]"),
        (4.8, "%", "4.8 is no fact"),
        (q("4.8", "%"), "% 1", "is no way to say a fact"),
    ],
)
def test_what_cannot_be_said(fact, way, why, words):
    with pytest.raises(WordingError, match=why):
        words.say(fact, way, "en")


def test_a_floor_is_never_rounded_up_and_a_ceiling_never_down(words):
    floor, ceiling = q("9.667", "%", "at_least"), q("3.52", "%", "at_most")
    assert (words.say(floor, "%1", "en"), words.say(ceiling, "%1", "en")) == ("9.6%", "3.6%")


def test_derived_numbers_show_what_their_interval_bears_out(words):
    share = part_of(q("1.5", "个百分点"), q("1.8", "个百分点"))
    assert (words.say(share, "%", "en"), words.say(share, "range0", "en")) == ("83%", "78 to 89%")
    head = corners(lambda a, b: a / b, q("344.3", "亿元"), q("44.78", "万人"), like=Quantity.exact(1, (("yuan", 1),)), formula="{} ÷ {}")
    assert words.say(head, "money", "en").replace("\u00a0", " ") == "76,900 yuan"
    millions = Interval(Fraction(290 * 10**6), Fraction(390 * 10**6))
    wide = Quantity(Fraction(340 * 10**6), millions, (("yuan", 1),), "", "亿元", Fraction(10**8))
    assert words.say(wide, "money", "en").replace("\u00a0", " ") == "340m yuan", "not 300m"


@pytest.mark.parametrize(
    ("en", "zh", "facts", "why"),
    [
        ("{a}", "{a}{b}", {"a": 1, "b": 2}, "{b} stands in one of them only"),
        ("{a}", "{a}", {}, "no fact for {a}: given are none"),
        ("{a}", "{a}", {"a": 1, "b": 2}, "the fact b is not said"),
        ("{a:%}", "{a:%}", {"a": None}, "{a:%}: there is nothing to say"),
        ("{a.b}", "{a.b}", {"a": 1}, "is no name of a fact"),
    ],
)
def test_a_sentence_refuses(en, zh, facts, why, words):
    with pytest.raises(WordingError, match=why):
        Sentence(words, en, zh, facts)


def test_a_page_names_notebook_and_claim(report):
    page = Page("01-growth", report)
    with pytest.raises(PageError, match="01-growth, claim 'gdp': .*no fact for {own}"):
        page.claim("gdp", "GDP grew by {own}.", "增长{own}。")
    with pytest.raises(PageError, match='language = "de" is not there: write "en" for English or "zh" for Chinese'):
        Page("01-growth", report, "de")


def test_strength_and_ids_follow_from_the_facts(report, words):
    own = frame(report, "growth")["quantity"][0]
    published = frame(report, "published")["quantity"][1]
    gap = own - published
    implied = own - frame(report, "gaps")["quantity"][0]
    cases = [(own, "%", "stated"), (gap, "pp", "outside data"), (implied, "%", "whole interval"), (3, "", "stated")]
    for fact, way, strength in cases:
        assert Sentence(words, f"{{a:{way}}}", f"{{a:{way}}}", {"a": fact}).strength == strength
    assert Sentence(words, "{a:side}", "{a:side}", {"a": q("0.0", "个百分点")}).strength == "within rounding"
    outer = Sentence(words, "so {b}", "即{b}", {"b": Sentence(words, "{a}", "{a}", {"a": gap})})
    assert outer.ids == ("G01", "P002") and words.say(outer, "label", "en").startswith("So ")


def test_an_english_apostrophe_is_curly(report):
    assert Page("01-growth", report).phrase("{here}'s own; Bo'ai", "{here}").text("en") == "Qinyang’s own; Bo’ai"


def test_a_code_in_the_rows_of_a_chart_means_one_thing(report):
    groups = [vocabulary()[name] for name in ("measure", "origin", "basis", "status", "stage", "drawn")]
    groups.append({key: {lang: forms[lang][1] for lang in ("en", "zh")} for key, forms in Words(report).names.items()})
    said = {key: {(both["en"], both["zh"]) for group in groups for k, both in group.items() if k == key} for key in set().union(*groups)}
    assert not {key: texts for key, texts in said.items() if len(texts) > 1}
