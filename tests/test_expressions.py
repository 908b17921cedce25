"""The small language of relations between figures, and what it refuses."""

from fractions import Fraction
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
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
        ("7", 7, "", ()),
        ("L3", 307, "count", ()),
        ("1 + 2 * 3", 7, "", ()),
        ("(1 + 2) * 3", 9, "", ()),
        ("7 - 2 - 1", 4, "", ()),
        ("7 / 2", Fraction(7, 2), "", ()),
        ("L3 - L4", 242, "count", ()),
        ("L3 / L4", Fraction(307, 65), "", ()),
        ("L1 - L2", 22_350_000_000, "", (("yuan", 1),)),
        ("L1 / L3", Fraction(34_430_000_000, 307), "", (("yuan", 1),)),
        ("G1 - G3", Fraction("-0.082"), "points", ()),
        ("G1 - D1", Fraction("0.03"), "rate", ()),
        ("365 * day", 365, "", (("day", 1),)),
        ("L6 - 300 * day", 30, "", (("day", 1),)),
    ],
)
def test_arithmetic(expression, value, kind, dimension):
    result = evaluate(expression, FIGURES)
    assert (result.value, result.kind, result.dimension) == (value, kind, dimension)


def test_arithmetic_carries_the_rounding():
    assert evaluate("G1 - D1", FIGURES).interval == Interval(Fraction("0.029"), Fraction("0.031"))
    assert evaluate("2", FIGURES) == Quantity.exact(2)


@settings(deadline=None, max_examples=100)
@given(st.lists(st.integers(0, 99), min_size=2, max_size=6), st.randoms(use_true_random=False))
def test_whole_numbers_are_calculated_as_python_calculates_them(numbers, chance):
    expression = str(numbers[0])
    for number in numbers[1:]:
        expression = f"{expression} {chance.choice('+-*')} {number}"
        expression = f"({expression})" if chance.random() < 0.3 else expression
    assert evaluate(expression, {}) == Quantity.exact(eval(expression))


@pytest.mark.parametrize(
    ("expression", "verdict"),
    [
        ("L2 < L1", "holds"), ("L1 < L2", "fails"), ("L1 < L1", "within_rounding"),
        ("L3 <= L3", "holds"), ("L3 >= L3", "holds"), ("L3 < L3", "fails"), ("L3 > L4", "holds"), ("L4 >= L3", "fails"),
        ("G1 == G2", "holds"), ("G1 == G3", "fails"), ("G1 >= G2", "within_rounding"), ("G2 <= G1", "within_rounding"),
        ("L7 < L5", "holds"), ("L5 / 2 > 0", "holds"), ("L1 > L5", "within_rounding"),
        ("L1 > 0", "holds"), ("G1 - G3 < 0", "holds"),
        ("L6 < 365 * day", "holds"), ("L6 == 330 * day", "holds"), ("S1 > L4 / L3", "holds"), ("G1 - D1 < G1", "holds"),
        ("L2 * L3 >= L1", "holds"),
    ],
)  # fmt: skip
def test_verdicts(expression, verdict):
    assert evaluate(expression, FIGURES) == verdict


@pytest.mark.parametrize(
    ("expression", "verdict"),
    [
        ("whole(L3)", "holds"),
        ("whole(L3 / L4)", "fails"),
        ("whole(6 / 3)", "holds"),
        ("whole(7 / 2)", "fails"),
        ("whole(L4 / S1)", "fails"),
        ("whole(39 / S1)", "holds"),
        ("whole(L4 / G3)", "holds"),
        ("whole(G1)", "fails"),
        ("whole(L5)", "holds"),
    ],
)
def test_whole_asks_whether_the_interval_holds_a_whole_number(expression, verdict):
    assert evaluate(expression, FIGURES) == verdict


@pytest.mark.parametrize(
    ("expression", "verdict"),
    [
        ('G1.price_basis == "real"', "holds"),
        ("G1.price_basis == 'nominal'", "fails"),
        ('G1.note == ""', "holds"),
        ('G1.unit == "%"', "holds"),
        ('G1.value == "4.8"', "holds"),
        ('G1.value == "4.80"', "fails"),
        ('L1.period == "2022"', "holds"),
        ("G1.decimals == 1", "holds"),
        ("G2.decimals == 1", "fails"),
        ("G3.decimals == 0", "holds"),
    ],
)
def test_cells_are_compared_as_text(expression, verdict):
    assert evaluate(expression, FIGURES) == verdict


@pytest.mark.parametrize(
    ("expression", "name"),
    [("G9", "G9"), ("L1 + L99 < 3", "L99"), ("whole(Q1)", "Q1"), ('G9.unit == "%"', "G9"), ('G1.cell == "x"', "cell")],
)
def test_what_does_not_exist_is_named(expression, name):
    with pytest.raises(KeyError, match=name):
        evaluate(expression, FIGURES)


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("G1 < D1", r"a rate \(%\) cannot be compared with percentage points"),
        ("D1 == G1 - D1", "percentage points cannot be compared"),
        ("G1 + G3", "two rates have no sum"),
        ("L3 + L4", "these counts may overlap"),
        ("D1 - G1", "write the rate first"),
        ("R1 + G1", "a rank is a place"),
        ("R1 / 2", "a rank cannot be multiplied"),
        ("L1 < L3", "yuan cannot be compared with a count"),
        ("L1 + L6", "yuan and day"),
        ("L6 < 365", "day cannot be compared with a pure number"),
        ("L3 > 300", "a count cannot be compared with a pure number"),
    ],
)
def test_forbidden_operations_are_refused(expression, why):
    with pytest.raises(ForbiddenOperation, match=why):
        evaluate(expression, FIGURES)


@pytest.mark.parametrize(
    "expression",
    [
        "f(L1)", "print(1)", "__import__('os')", "L1.quantity()", "abs(L1)", "whole()", "whole(L1, L2)", "whole(x=L1)",
        "whole(L1, x=L2)", "whole(*L1)", "before(L1)", "before(L1, 2)", "before(L1, L2, L3)", "lambda: L1", "lambda x: x", "'text'", "b'x'", "f'{L1}'", "None", "...",
        "'a' == 'a'", "L1.unit", "L1.unit < '元'", "L1.unit != '元'", "'元' == L1.unit", "L1.unit == L2.unit",
        "L1.row.unit == '元'", "'L1'.unit == '元'", "L1.unit == '元' == '元'", "L1 == L1.value",
        "L1.__class__", "L1.__class__.__name__ == 'x'", "1 < 2 < 3", "L1 < L2 < L3", "L1 != L2", "L1 is L2",
        "L1 in L2", "not L1", "L1 < L2 and L1 < L2", "1.5", "L1 < 1.0", "1e3", "1j", "True", "L1 == True", "False + 1",
        "-L1", "+1", "~1", "2 ** 3", "7 // 2", "7 % 2", "1 << 2", "L1 @ L2", "1 | 2", "L1[0]", "[L1]", "(L1, L2)",
        "{L1}", "{}", "L1 if L2 else L3", "(x := 1)", "[x for x in L1]",
    ],
)  # fmt: skip
def test_anything_else_is_not_of_the_language(expression):
    with pytest.raises(ValueError, match="is not of the language") as caught:
        evaluate(expression, FIGURES)
    assert expression in str(caught.value)


@pytest.mark.parametrize(
    "expression",
    ["", " ", "L1 <", "L1 L2", "L1 = L2", "L1; L2", "import os", "L1 ≤ L2", "(", ")", "L1)", "01", "L1\x00", "(" * 240,
     "(" * 240 + "L1" + ")" * 240],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(expression):
    with pytest.raises(ValueError, match="cannot be read as an expression"):
        evaluate(expression, FIGURES)


def test_brackets_of_a_reasonable_depth_are_read():
    assert evaluate("(" * 50 + "L1" + ")" * 50, FIGURES) == FIGURES["L1"].quantity


@pytest.mark.parametrize(
    "expression",
    [
        'G1.decimals == "1"',
        "G1.decimals == True",
        "G1.value == 4",
        "whole(L1) == 1",
        "(L1 < L1) < L1",
        "(L1 < L1) + 1",
        "9" * 501,
        "+".join("1" * 400),
    ],
)
def test_mixed_and_overlong_expressions_are_refused(expression):
    with pytest.raises(ValueError, match="compares|computes with a verdict|at most 500"):
        evaluate(expression, FIGURES)


@pytest.mark.parametrize(
    ("low", "high", "low_open", "high_open", "verdict"),
    [
        (0, 1, True, True, "fails"),
        (0, 1, False, True, "holds"),
        (0, 1, True, False, "holds"),
        ("5/2", "17/5", True, True, "holds"),
        (3, float("inf"), True, True, "holds"),
        (float("-inf"), 2, True, False, "holds"),
    ],
)
def test_a_whole_number_in_open_and_endless_intervals(low, high, low_open, high_open, verdict):
    quantity = Quantity(
        Fraction(1),
        Interval(low if low == float("-inf") else Fraction(low), high if high == float("inf") else Fraction(high), low_open, high_open),
    )
    assert evaluate("whole(X1)", {"X1": SimpleNamespace(quantity=quantity, decimals=0, row={})}) == verdict


def test_the_level_before_its_growth():
    grown = FIGURES | {"G4": figure("10", "%", price_basis="nominal")}
    assert evaluate("before(L3, G4)", grown).value == Fraction(307) / Fraction("1.1")
    assert evaluate("L3 - before(L3, G4) < 30 * L3 / L3", grown | {"L3": figure("307", "")}) == "holds"
    with pytest.raises(ForbiddenOperation, match="not last year's level"):
        evaluate("before(L1, G1)", grown)


def test_an_expression_has_at_most_500_characters():
    assert evaluate("1" + "+1" * 249 + " ", {}).value == 250
    with pytest.raises(ValueError, match="an expression of 501 characters, at most 500"):
        evaluate("1" + "+1" * 250, {})
