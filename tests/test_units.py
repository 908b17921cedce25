"""Printed units become base units with exact factors, and say how exact the number is."""

import csv
import string
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from workreport.numbers import INFINITY, Interval
from workreport.tables import DATA
from workreport.units import MULTIPLIERS, TABLE, UnknownUnit, leading_unit, parse_unit, quantity_of, said_unit, table


def printed_units():
    """Units of every table whose figures are calculated with.

    The second reading is compared as text only, and its 县市 (six counties and cities) is a scope.
    """
    files = [DATA / "published.csv", *(f for f in sorted(DATA.glob("*/*.csv")) if f.name != "second-reading.csv")]
    for file in files:
        with file.open(encoding="utf-8", newline="") as handle:
            yield from ((file.name, row["unit"]) for row in csv.DictReader(handle) if "unit" in row)


def test_every_unit_of_the_tables_is_known():
    for file, unit in sorted(set(printed_units())):
        dimension, kind, factor, _ = parse_unit(unit)
        assert factor > 0 and isinstance(factor, Fraction) and bool(dimension) + bool(kind) <= 1, (file, unit)


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("%", ((), "rate", Fraction(1, 100), False)), ("个百分点", ((), "points", Fraction(1, 100), False)),
        ("位", ((), "rank", 1, True)), ("", ((), "", 1, True)),
        ("年", ((("year", 1),), "", 1, True)), ("万天", ((("day", 1),), "", 10**4, False)), ("户", ((), "count", 1, True)),
        ("万户", ((), "count", 10**4, False)),
        ("元", ((("yuan", 1),), "", 1, False)), ("万美元", ((("dollar", 1),), "", 10**4, False)),
        ("万亩", ((("square_metre", 1),), "", Fraction(20_000_000, 3), False)),
        ("亿斤", ((("kilogram", 1),), "", 5 * 10**7, False)), ("英寸", ((("metre", 1),), "", Fraction(127, 5000), False)),
        ("亿千瓦时", ((("joule", 1),), "", 36 * 10**13, False)),
        ("小时", ((("day", 1),), "", Fraction(1, 24), False)), ("个月", ((("month", 1),), "", 1, True)),
        ("元/月", ((("month", -1), ("yuan", 1)), "", 1, False)),
        ("微克/立方米", ((("cubic_metre", -1), ("kilogram", 1)), "", Fraction(1, 10**9), False)),
        ("公斤/亩", ((("kilogram", 1), ("square_metre", -1)), "", Fraction(3, 2000), False)),
    ],
)  # fmt: skip
def test_dimension_kind_factor_and_exactness(unit, expected):
    assert parse_unit(unit) == expected


def test_fifteen_mu_are_one_hectare():
    assert quantity_of("15", "亩").value == quantity_of("1", "公顷").value


def test_counts_are_exact_but_not_in_ten_thousands():
    for word in (unit for unit, (measures, *_) in table().items() if measures == "count"):
        assert quantity_of("12", word).interval == Interval.exact(12)
        assert quantity_of("1.2", f"万{word}").interval == Interval(11_500, 12_500)


def test_an_unknown_unit_is_refused_by_name():
    for unit in ["县市", "万万元", "亿亿", "元/人", "万%", "万％", "万位", "十元", "万个百分点", "yuan", " 元", "元 ", "个个", *string.ascii_letters]:
        for refused in (parse_unit, lambda unit: quantity_of("1", unit)):
            with pytest.raises(UnknownUnit, match=f"^'{unit}' is not in the table of units"):
                refused(unit)


@pytest.mark.parametrize(
    ("value", "unit", "qualifier", "exact", "point", "interval"),
    [
        ("4.8", "%", "", False, "0.048", Interval(Fraction("0.0475"), Fraction("0.0485"))),
        ("4.80", "%", "", False, "0.048", Interval(Fraction("0.04795"), Fraction("0.04805"))),
        ("4.8", "%", "about", False, "0.048", Interval(Fraction("0.0475"), Fraction("0.0485"))),
        ("-4", "%", "", False, "-0.04", Interval(Fraction("-0.045"), Fraction("-0.035"))),
        ("344.3", "亿元", "", False, "34430000000", Interval(34_425_000_000, 34_435_000_000)),
        ("4.8", "%", "", True, "0.048", Interval.exact(Fraction("0.048"))),
        ("10", "亿元", "", True, "1000000000", Interval.exact(10**9)),
        ("11", "%", "at_least", False, "0.11", Interval(Fraction("0.11"), INFINITY, high_open=True)),
        ("11", "%", "at_least", True, "0.11", Interval(Fraction("0.11"), INFINITY, high_open=True)),
        ("5", "%", "at_most", False, "0.05", Interval(0, Fraction("0.05"))),
        ("-5", "%", "at_most", False, "-0.05", Interval(Fraction("-0.05"), 0)),
        ("-3", "%", "at_least", False, "-0.03", Interval(-INFINITY, Fraction("-0.03"), low_open=True)),
        ("-3", "%", "more_than", False, "-0.03", Interval(-INFINITY, Fraction("-0.03"), low_open=True, high_open=True)),
        ("-1.5", "亿元", "about", False, "-150000000", Interval(-155_000_000, -145_000_000)),
        ("1.2", "倍", "", False, "1.2", Interval(Fraction("1.15"), Fraction("1.25"))),
        ("八", "成", "", False, "0.8", Interval(Fraction("0.75"), Fraction("0.85"))),
        ("五", "百分之", "", False, "0.05", Interval(Fraction("0.045"), Fraction("0.055"))),
        ("3.2", "‰", "", False, "0.0032", Interval(Fraction("0.00315"), Fraction("0.00325"))),
        ("14.5", "万亿元", "", False, "14500000000000", Interval(14_450_000_000_000, 14_550_000_000_000)),
        ("10", "万", "", False, "100000", Interval(95_000, 105_000)),
        ("0", "%", "at_most", False, "0", Interval(0, 0)),
        ("3000", "个", "more_than", False, "3000", Interval(3000, INFINITY, low_open=True, high_open=True)),
        ("0.5", "个", "", False, "0.5", Interval.exact(Fraction(1, 2))),
        ("百亿", "", "", False, "10000000000", Interval.exact(10**10)),
        ("亿", "元", "", False, "100000000", Interval.exact(10**8)),
        ("三", "亿元", "", False, "300000000", Interval.exact(3 * 10**8)),
    ],
)
def test_quantities(value, unit, qualifier, exact, point, interval):
    result = quantity_of(value, unit, qualifier, exact=exact)
    assert (result.value, result.interval) == (Fraction(point), interval)
    assert (result.dimension, result.kind) == parse_unit(unit)[:2]


@settings(deadline=None, max_examples=100)
@given(st.decimals(-(10**6), 10**6, places=3), st.integers(0, 3), st.sampled_from(["亿元", "亩", "%", "万户"]))
def test_the_width_is_one_unit_of_the_last_digit(number, decimals, unit):
    printed = f"{number:.{decimals}f}"
    result = quantity_of(printed, unit)
    assert result.high - result.low == parse_unit(unit)[2] / 10**decimals
    assert result.high + result.low == 2 * result.value


def test_what_is_no_numeral_and_no_qualifier_is_refused():
    for value in ["", "not stated", "5万", "1."]:
        with pytest.raises(ValueError, match="not a numeral"):
            quantity_of(value, "元")
    with pytest.raises(ValueError, match="'over' is no qualifier"):
        quantity_of("1", "元", "over")


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("个百分点。", "个百分点"), ("万亩高标准农田", "万亩"), ("个项目", "个"), ("位", "位"), ("万以上", "万"), ("以上", ""), ("，元", ""), ("", ""),
        ("％以上", "％"), ("微克/立方米以下", "微克/立方米"), ("万千瓦时，", "万千瓦时"), ("亿立方米", "亿立方米"), ("平方公里", "平方公里"), ("元/人", "元/人"),
        ("万亿元大关", "万亿元"), ("人次", "人次"), ("方案", ""), ("项目", ""), ("项目标", "项"),
    ],
)  # fmt: skip
def test_the_longest_unit_at_the_beginning_of_a_text(text, unit):
    assert leading_unit(text) == unit


def test_multipliers():
    for multiplier, zeros in zip("百 千 万 百万 千万 亿 十亿 百亿 千亿 万亿".split(), (2, 3, 4, 6, 7, 8, 9, 10, 11, 12), strict=True):
        assert MULTIPLIERS[multiplier] == 10**zeros
        assert parse_unit(f"{multiplier}元")[2] == parse_unit(f"{multiplier}家")[2] == parse_unit(multiplier)[2] == 10**zeros
        assert leading_unit(f"{multiplier}吨粮") == f"{multiplier}吨" and not parse_unit(multiplier)[3]
        assert said_unit(f"{multiplier}元") == {"en": f"{10**zeros:,} yuan", "zh": f"{multiplier}元"}


def test_what_no_factor_makes_a_number_is_refused_by_name():
    for unit in [unit for unit, (measures, *_) in table().items() if measures == "refused"]:
        assert leading_unit(f"{unit}。") == unit
        with pytest.raises(UnknownUnit, match=f"'{unit}' .* cannot be made a number: units.csv refuses it"):
            parse_unit(unit)


def test_every_unit_of_the_table_is_read_as_it_stands_and_has_a_word():
    for unit, (measures, factor, word) in table().items():
        assert leading_unit(unit) == unit and word
        if measures != "refused":
            assert parse_unit(unit)[2] == factor > 0
    assert len(table()) == len(TABLE.read_text(encoding="utf-8").splitlines()) - 1


def test_a_row_that_breaks_its_form_is_left_to_the_loader(tmp_path, monkeypatch):
    import workreport.units as units

    rows = ["unit,measures,factor,word_en", "元,yuan,x,yuan", "亩,square_metre,1/0,mu", "吨,kilogram,1000,tonnes", ""]
    (tmp_path / "units.csv").write_text("\n".join(rows), encoding="utf-8")
    monkeypatch.setattr(units, "TABLE", tmp_path / "units.csv")
    assert list(units.table.__wrapped__()) == ["吨"]
