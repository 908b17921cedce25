"""Numbers and words in both languages."""

from fractions import Fraction

import pytest
from workreport import prose, sources
from workreport.numbers import Interval, Quantity
from workreport.units import quantity_of


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        ("0.05", 1, "0.1"),
        ("-0.05", 1, "−0.1"),
        ("-0.04", 1, "0.0"),
        ("2.5", 0, "3"),
        ("12345.6", 0, "12,346"),
        ("1234.5", 1, "1,234.5"),
        ("0.249", 2, "0.25"),
        ("9" * 40, 1, ",".join(["9", *["999"] * 13]) + ".0"),
    ],
)
def test_rounding_is_half_away_from_zero_with_a_true_minus(value, decimals, text):
    assert prose.number(Fraction(value), decimals) == text


@pytest.mark.parametrize("bad", [None, float("nan"), float("inf")])
def test_no_number_no_text(bad):
    with pytest.raises(ValueError, match="cannot be printed"):
        prose.number(bad, 1)


def test_units_follow_the_language():
    gap, gdp = quantity_of("1.8", "个百分点"), quantity_of("344.3", "亿元")
    assert (prose.points(gap, "en"), prose.points(gap, "zh")) == ("1.8\u00a0pp", "1.8个百分点")
    assert prose.points(gap, "en", long=True) == "1.8\u00a0percentage points"
    assert (prose.money(gdp, "en"), prose.money(gdp, "zh")) == ("34.43\u00a0billion yuan", "344.3亿元")
    assert prose.percent(quantity_of("-0.2", "%")) == "−0.2%"
    assert prose.point_range(gap, "en") == "1.75 to 1.85\u00a0pp"
    assert prose.point_range(gap, "zh") == "1.75至1.85个百分点"


@pytest.mark.parametrize(
    ("low", "high", "en", "zh"),
    [
        (1, 2, "above", "高于"),
        (-2, -1, "below", "低于"),
        (-1, 1, "within rounding of", "在舍入范围内等同于"),
        (0, 1, "within rounding of", "在舍入范围内等同于"),
        (0, 0, "equal to", "等于"),
    ],
)
def test_direction_words_follow_the_whole_interval(low, high, en, zh):
    q = Quantity(Fraction(low + high, 2), Interval(Fraction(low), Fraction(high)), (), "points")
    assert (prose.direction_word(q, "en"), prose.direction_word(q, "zh")) == (en, zh)


def test_lists_and_counts():
    assert prose.listing(["a"], "en") == "a"
    assert prose.listing(["a", "b", "c"], "en") == "a, b and c"
    assert prose.listing(["甲", "乙", "丙"], "zh") == "甲、乙和丙"
    assert (prose.count_word(9, "en"), prose.count_word(9, "zh"), prose.count_word(13, "en")) == ("nine", "九", "13")
    with pytest.raises(ValueError, match="empty"):
        prose.listing([], "en")


@pytest.mark.parametrize(
    ("n", "en", "zh"), [(0, "no", "零"), (1, "one", "一"), (2, "two", "两"), (10, "ten", "十"), (11, "11", "11"), (-1, "-1", "-1")]
)
def test_counts_to_ten_are_words(n, en, zh):
    assert (prose.count_word(n, "en"), prose.count_word(n, "zh")) == (en, zh)


def test_two_things_are_joined_without_a_comma():
    assert prose.listing(iter("ab"), "en") == "a and b"
    assert prose.listing(("甲", "乙"), "zh") == "甲和乙"


def test_decimals_are_those_asked_for():
    gap, gdp = quantity_of("1.8", "个百分点"), quantity_of("344.3", "亿元")
    assert (prose.points(gap, "en", 2), prose.points(gap, "zh", 0)) == ("1.80\u00a0pp", "2个百分点")
    assert prose.points(gap, "zh", long=True) == "1.8个百分点"
    assert (prose.percent(quantity_of("4.81", "%"), 2), prose.percent(quantity_of("4.81", "%"))) == ("4.81%", "4.8%")
    assert (prose.money(gdp, "en", 0), prose.money(gdp, "zh", 2)) == ("34.4\u00a0billion yuan", "344.30亿元")
    assert prose.point_range(gap, "zh", 3) == "1.750至1.850个百分点"


@pytest.mark.parametrize("bad", [None, "", float("nan"), "nan", "None"])
def test_a_sentence_refuses_an_empty_fact(bad):
    with pytest.raises(ValueError, match="nothing to say for {rate}"):
        prose.say("Growth was {rate}.", rate=bad)


@pytest.mark.parametrize("bad", [float("inf"), float("-inf")])
def test_a_sentence_refuses_what_is_not_finite(bad):
    with pytest.raises(ValueError, match="nothing to say for {rate}"):
        prose.say("Growth was {rate}.", rate=bad)


def test_a_sentence_takes_a_zero():
    assert prose.say("Growth was {rate} in {year:d}.", rate=0.0, year=2022) == "Growth was 0.0 in 2022."


def test_a_sentence_refuses_a_missing_fact():
    with pytest.raises(KeyError, match="rate"):
        prose.say("Growth was {rate}.", other="1")


def test_ids_in_short():
    assert sources.compact_ids(["G01", "G02", "G03", "D09", "D10", "L01"]) == "D09–D10, G01–G03, L01"


def test_source_lines_name_report_date_and_ids(report):
    line = sources.source_line(report, ["G01", "P002"], "en")
    assert (
        line
        == "Source: Government work report of Qinyang, 2023 (delivered 2023-02-08), figures G01; published statistics P002. Own calculations."
    )
    assert sources.source_line(report, ["G01", "D02"], "zh").startswith(
        "资料来源：《2023年沁阳市政府工作报告》（2023-02-08），数据D02、G01"
    )


def test_caveats_follow_the_figures(report):
    assert any("VAT" in c for c in sources.caveats(report, ["G05"], "en"))
    assert sources.caveats(report, ["G01"], "en") == []
