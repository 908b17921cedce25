"""The small language of relations between figures, and what it refuses."""

from fractions import Fraction
from types import SimpleNamespace

import pytest
from workreport.expressions import evaluate
from workreport.numbers import ForbiddenOperation, Interval, Quantity, read_numeral
from workreport.units import quantity_of


def figure(value, unit, qualifier="", **row):
    quantity = quantity_of(value, unit, qualifier)
    cells = {"value": value, "unit": unit, **row}
    return SimpleNamespace(quantity=quantity, decimals=read_numeral(value)[1], row=cells)


FIGURES = {
    "L1": figure("344.3", "亿元", period="2022"),
    "L2": figure("120.8", "亿元"),
    "L3": figure("307", "个"),
    "L4": figure("65", "个"),
    "L5": figure("3000", "元", "more_than"),
    "L6": figure("330", "天"),
    "L7": figure("3000", "元", "at_most"),
    "G1": figure("4.8", "%", price_basis="real", note=""),
    "G2": figure("4.85", "%"),
    "G3": figure("13", "%"),
    "D1": figure("1.8", "个百分点"),
    "S1": figure("97.5", "%"),
    "R1": figure("2", "位"),
}


@pytest.mark.parametrize(
    ("expression", "value", "kind", "dimension"),
    [
        ("7", 7, "", ()), ("L3", 307, "count", ()), ("1 + 2 * 3", 7, "", ()), ("(1 + 2) * 3", 9, "", ()),
        ("7 - 2 - 1", 4, "", ()), ("7 / 2", Fraction(7, 2), "", ()),
        ("L3 - L4", 242, "count", ()), ("L1 / L3", Fraction(34_430_000_000, 307), "", (("yuan", 1),)),
        ("G1 - D1", Fraction("0.03"), "rate", ()),
        ("L6 - 300 * day", 30, "", (("day", 1),)),
    ],
)  # fmt: skip
def test_arithmetic(expression, value, kind, dimension):
    result = evaluate(expression, FIGURES)
    assert (result.value, result.kind, result.dimension) == (value, kind, dimension)


def test_arithmetic_carries_the_rounding():
    assert evaluate("G1 - D1", FIGURES).interval == Interval(Fraction("0.029"), Fraction("0.031"))
    assert evaluate("2", FIGURES) == Quantity.exact(2)


@pytest.mark.parametrize(
    ("verdict", "expressions"),
    [
        ("holds", "L2 < L1; L3 <= L3; L3 >= L3; L3 > L4; G1 == G2; L7 < L5; L5 / 2 > 0; L1 > 0; G1 - G3 < 0"),
        ("holds", "L6 < 365 * day; S1 > L4 / L3; L2 * L3 >= L1"),
        ("fails", "L1 < L2; L3 < L3; L4 >= L3; G1 == G3"),
        ("within_rounding", "L1 < L1; G1 >= G2; G2 <= G1; L1 > L5"),
        ("holds", "whole(L3); whole(6 / 3); whole(39 / S1); whole(L4 / G3); whole(L5)"),
        ("fails", "whole(L3 / L4); whole(7 / 2); whole(L4 / S1); whole(G1)"),
        # Cells are compared as text.
        ("holds", """G1.price_basis == "real"; G1.note == ""; G1.value == '4.8'; G1.decimals == 1; G3.decimals == 0"""),
        ("fails", "G1.price_basis == 'nominal'; G1.value == '4.80'; G2.decimals == 1"),
    ],
)  # fmt: skip
def test_verdicts(verdict, expressions):
    for expression in expressions.split("; "):
        assert evaluate(expression, FIGURES) == verdict, expression


@pytest.mark.parametrize(
    ("expression", "name"),
    [("G9", "G9"), ("L1 + L99 < 3", "L99"), ("whole(Q1)", "Q1"), ('G9.unit == "%"', "G9"), ('G1.cell == "x"', "cell")],
)
def test_what_does_not_exist_is_named(expression, name):
    with pytest.raises(KeyError, match=name):
        evaluate(expression, FIGURES)


def test_forbidden_operations_are_refused():
    forbidden = {"G1 < D1": "cannot be compared", "G1 + G3": "two rates have no sum", "L6 < 365": "day cannot be compared"}
    for expression, why in forbidden.items():
        with pytest.raises(ForbiddenOperation, match=why):
            evaluate(expression, FIGURES)


NOT_OF_THE_LANGUAGE = """
    f(L1); print(1); __import__('os'); L1.quantity(); whole(); whole(L1, L2); whole(x=L1); whole(L1, x=L2); whole(*L1)
    before(L1); before(L1, 2); before(L1, L2, L3); lambda: L1; 'text'; b'x'; f'{L1}'; None; ...; 1.5; L1 < 1.0; 1j; True; L1 == True
    False + 1; -L1; +1; ~1; L1[0]; [L1]; (L1, L2); {L1}; {}; 'a' == 'a'; L1.unit; L1.unit < '元'; L1.unit != '元'; '元' == L1.unit
    L1.unit == L2.unit; L1.row.unit == '元'; 'L1'.unit == '元'; L1.unit == '元' == '元'; L1 == L1.value; L1.__class__
    L1.__class__.__name__ == 'x'; 1 < 2 < 3; L1 != L2; L1 is L2; L1 in L2; not L1; L1 < L2 and L1 < L2; 2 ** 3; 7 // 2; 7 % 2
    1 << 2; L1 @ L2; 1 | 2; L1 if L2 else L3; (x := 1); [x for x in L1]
"""


def test_anything_else_is_not_of_the_language():
    for expression in NOT_OF_THE_LANGUAGE.strip().replace("\n    ", "; ").split("; "):
        with pytest.raises(ValueError, match="is not of the language") as caught:
            evaluate(expression, FIGURES)
        assert expression in str(caught.value)


def test_what_cannot_be_read_mixed_and_overlong_expressions_are_refused():
    deep = "(" * 240 + "L1" + ")" * 240
    for expression in ["", " ", "L1 <", "L1 L2", "L1 = L2", "L1; L2", "import os", "L1 ≤ L2", "(", "01", "L1\x00", deep]:
        with pytest.raises(ValueError, match="cannot be read as an expression"):
            evaluate(expression, FIGURES)
    for expression in ['G1.decimals == "1"', "G1.decimals == True", "G1.value == 4"]:
        with pytest.raises(ValueError, match="compares"):
            evaluate(expression, FIGURES)
    for expression in ["whole(L1) == 1", "(L1 < L1) < L1", "(L1 < L1) + 1"]:
        with pytest.raises(ValueError, match="computes with a verdict"):
            evaluate(expression, FIGURES)
    assert evaluate("(" * 50 + "L1" + ")" * 50, FIGURES) == FIGURES["L1"].quantity
    assert evaluate("1" + "+1" * 249 + " ", {}).value == 250
    with pytest.raises(ValueError, match="an expression of 501 characters, at most 500"):
        evaluate("1" + "+1" * 250, {})


@pytest.mark.parametrize(
    ("low", "high", "is_open", "verdict"),
    [
        ("0", "1", (True, True), "fails"), ("0", "1", (False, True), "holds"), ("0", "1", (True, False), "holds"),
        ("5/2", "17/5", (True, True), "holds"),
    ],
)  # fmt: skip
def test_a_whole_number_in_open_intervals(low, high, is_open, verdict):
    quantity = Quantity(Fraction(1), Interval(Fraction(low), Fraction(high), *is_open))
    assert evaluate("whole(X1)", {"X1": SimpleNamespace(quantity=quantity, decimals=0, row={})}) == verdict


def test_the_level_before_its_growth():
    grown = FIGURES | {"G4": figure("10", "%", price_basis="nominal")}
    assert evaluate("before(L3, G4)", grown).value == Fraction(307) / Fraction("1.1")
    assert evaluate("L3 - before(L3, G4) < 30 * L3 / L3", grown | {"L3": figure("307", "")}) == "holds"
    with pytest.raises(ForbiddenOperation, match="not last year's level"):
        evaluate("before(L1, G1)", grown)
