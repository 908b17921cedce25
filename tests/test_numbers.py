"""Numerals are read exactly, intervals are the worst case of their operands, kinds obey their rules."""

import dataclasses
import itertools
import math
import operator
from fractions import Fraction

import mpmath
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from workreport.numbers import (
    INFINITY,
    ForbiddenOperation,
    Interval,
    Quantity,
    compare,
    direction,
    mean,
    previous_level,
    read_numeral,
    total,
)

ARITHMETIC = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}
YUAN, DOLLAR = (("yuan", 1),), (("dollar", 1),)
quick = settings(deadline=None, max_examples=100)


def between(text):
    """An interval as mathematics writes it: ``[1, 2)``, ``(3, inf)``."""
    low, high = (float(e) if "inf" in e else Fraction(e.strip()) for e in text[1:-1].split(","))
    return Interval(low, high, text[0] == "(", text[-1] == ")")


def holds(interval, value):
    """Whether the interval contains the value."""
    above = interval.low < value or (interval.low == value and not interval.low_open)
    return above and (value < interval.high or (value == interval.high and not interval.high_open))


def quantity(value, kind="", dimension=(), half="0"):
    """A printed quantity, half a last digit wide to either side."""
    value, half = Fraction(value), Fraction(half)
    return Quantity(value, Interval(value - half, value + half), dimension, kind)


def over(text, kind="", dimension=()):
    """A quantity over an interval written as in `between`; its point value plays no part."""
    return Quantity(Fraction(1), between(text), dimension, kind)


RATE, POINTS = quantity("0.048", "rate", half="0.0005"), quantity("0.018", "points", half="0.0005")
COUNT, RANK, AMOUNT = quantity(100, "count"), quantity(2, "rank"), quantity(344, dimension=YUAN, half="0.5")


# Numerals


@pytest.mark.parametrize(
    ("token", "number", "decimals"),
    [
        ("0", 0, 0), ("344.3", Fraction(3443, 10), 1), ("9.05", Fraction(181, 20), 2), ("7.0", 7, 1), ("007", 7, 0),
        ("-3", -3, 0), ("-0.5", Fraction(-1, 2), 1), ("1210207", 1210207, 0), ("9" * 60, 10**60 - 1, 0),
        ("零", 0, 0), ("〇", 0, 0), ("九", 9, 0), ("十", 10, 0), ("十八", 18, 0), ("二十", 20, 0), ("二十二", 22, 0),
        ("一百零五", 105, 0), ("两千", 2000, 0), ("一千零一十", 1010, 0), ("万", 10**4, 0), ("三千万", 3 * 10**7, 0),
        ("五千零五十万", 50_500_000, 0), ("亿", 10**8, 0), ("十亿", 10**9, 0), ("百亿", 10**10, 0),
        ("千亿", 10**11, 0), ("一亿零五万", 100_050_000, 0), ("一亿二千万", 120_000_000, 0),
        ("一万二千亿", 12 * 10**11, 0), ("万亿", 10**12, 0), ("一万亿", 10**12, 0), ("千万", 10**7, 0),
        ("１．４", Fraction(7, 5), 1), ("１２", 12, 0), ("３.５", Fraction(7, 2), 1), ("1,234.5", Fraction(2469, 2), 1), ("1,000", 1000, 0),
    ],
)  # fmt: skip
def test_numerals_are_read_exactly(token, number, decimals):
    assert read_numeral(token) == (number, decimals)
    assert isinstance(read_numeral(token)[0], Fraction)


@pytest.mark.parametrize(
    "token",
    ["", "-", "x", "G01", "十四五", "三零", "二〇二三", "1.", ".5", "-.5", "1.2.3", "--5", "+5", "-三", "1,00", "1000,000", ",5",
     "1_000", "1e5", " 5", "5\n", "5万", "三个", "5 . 5", "1 2.7", "４．５－５", "5％", "٣", "²", "五.二", "1/2", "inf", "nan"],
)  # fmt: skip
def test_what_is_not_one_numeral_is_refused(token):
    with pytest.raises(ValueError, match="numeral|number"):
        read_numeral(token)


def chinese(n):
    """Write a whole number below 10**12 the standard way."""
    for size, sign in ((10**8, "亿"), (10**4, "万"), (1000, "千"), (100, "百"), (10, "十")):
        if n >= size:
            head, rest = divmod(n, size)
            return chinese(head) + sign + ("零" if 0 < rest < size // 10 else "") + (chinese(rest) if rest else "")
    return "零一二三四五六七八九"[n]


@quick
@given(st.one_of(st.integers(0, 10**5), st.integers(0, 10**12 - 1)))
def test_every_chinese_number_below_a_trillion_is_read_back(n):
    assert read_numeral(chinese(n)) == (n, 0)


@quick
@given(st.integers(-(10**9), 10**9), st.integers(0, 6))
def test_every_decimal_is_read_back(n, decimals):
    whole, rest = divmod(abs(n), 10**decimals)
    token = "-" * (n < 0) + str(whole) + (f".{rest:0{decimals}}" if decimals else "")
    assert read_numeral(token) == (Fraction(n, 10**decimals), decimals)


# Intervals

numbers = st.builds(Fraction, st.integers(-(10**4), 10**4), st.sampled_from([1, 3, 10, 1000]))
widths = st.builds(Fraction, st.integers(0, 500), st.sampled_from([1, 10, 1000]))
closed = st.builds(lambda low, width: Interval(low, low + width), numbers, widths)


@st.composite
def intervals_with_a_value(draw):
    """Any interval, open or closed, bounded or not, and a value inside it."""
    value = draw(numbers)
    ends, is_open = [], []
    for sign in (-1, 1):
        gap = draw(st.one_of(widths, st.just(INFINITY)))
        ends.append(sign * INFINITY if gap == INFINITY else value + sign * gap)
        is_open.append(gap == INFINITY or (gap > 0 and draw(st.booleans())))
    return Interval(*ends, *is_open), value


def in_mpmath(interval):
    low, high = (mpmath.iv.mpf(e.numerator) / mpmath.iv.mpf(e.denominator) for e in (interval.low, interval.high))
    return mpmath.iv.mpf([low.a, high.b])


@quick
@given(closed, closed, st.sampled_from(sorted(ARITHMETIC)))
def test_bounded_arithmetic_agrees_with_mpmath(a, b, sign):
    """The oracle rounds outward, so it encloses the exact result, and by no more than its rounding."""
    assume(sign != "/" or not holds(b, 0))
    exact, oracle = ARITHMETIC[sign](a, b), ARITHMETIC[sign](in_mpmath(a), in_mpmath(b))
    low, high = (Fraction(float(mpmath.mpf(end))) for end in (oracle.a, oracle.b))
    slack = Fraction(1, 10**12) * (1 + max(abs(e) for i in (a, b, exact) for e in (i.low, i.high)))
    assert low <= exact.low <= low + slack
    assert high - slack <= exact.high <= high
    assert exact.bounded
    assert not exact.low_open
    assert not exact.high_open


@quick
@given(intervals_with_a_value(), intervals_with_a_value(), st.sampled_from(sorted(ARITHMETIC)))
def test_the_result_of_any_two_values_lies_in_the_result(first, second, sign):
    (a, x), (b, y) = first, second
    assume(sign != "/" or not b.low <= 0 <= b.high)
    assert holds(ARITHMETIC[sign](a, b), ARITHMETIC[sign](x, y))


@pytest.mark.parametrize(
    ("left", "sign", "right", "result"),
    [
        ("(1, 2)", "+", "[3, 4]", "(4, 6)"),
        ("[1, 2)", "+", "[3, 4]", "[4, 6)"),
        ("[3, inf)", "+", "[1, 2]", "[4, inf)"),
        ("(3, inf)", "+", "[1, 2]", "(4, inf)"),
        ("[1, 2)", "-", "[3, 4]", "[-3, -1)"),
        ("[1, 2]", "-", "(3, 4]", "[-3, -1)"),
        ("[1, 2]", "-", "[3, inf)", "(-inf, -1]"),
        ("[5, inf)", "-", "[3, inf)", "(-inf, inf)"),
        ("(2, 3)", "*", "[5, 6]", "(10, 18)"),
        ("[2, 3)", "*", "[5, 6]", "[10, 18)"),
        ("[-3, 2)", "*", "[-1, 1]", "[-3, 3]"),
        ("(-2, 2]", "*", "[-2, 2]", "[-4, 4]"),
        ("[3, inf)", "*", "[2, 4]", "[6, inf)"),
        ("[3, inf)", "*", "[-4, -2]", "(-inf, -6]"),
        ("[3, inf)", "*", "[-1, 1]", "(-inf, inf)"),
        ("[0, 0]", "*", "[3, inf)", "[0, 0]"),
        ("[0, 1]", "*", "[3, inf)", "[0, inf)"),
        ("[6, 12]", "/", "[-3, -2]", "[-6, -2]"),
        ("[6, 12]", "/", "(2, 3]", "[2, 6)"),
        ("[6, inf)", "/", "[2, 3]", "[2, inf)"),
        ("[1, 1]", "/", "[2, 4)", "(1/4, 1/2]"),
        ("[1, 1]", "/", "(2, 4]", "[1/4, 1/2)"),
        ("[-1, 1]", "/", "(2, inf)", "(-1/2, 1/2)"),
    ],
)
def test_open_ends_and_bounds(left, sign, right, result):
    assert ARITHMETIC[sign](between(left), between(right)) == between(result)


def test_the_negative_swaps_the_ends():
    assert -between("[1, 2)") == between("(-2, -1]")
    assert -between("(3, inf)") == between("(-inf, -3)")


@pytest.mark.parametrize(("text", "bounded"), [("[1, 2]", True), ("(1, 2)", True), ("[1, inf)", False), ("(-inf, 1]", False)])
def test_bounded_means_two_finite_ends(text, bounded):
    assert between(text).bounded is bounded


@pytest.mark.parametrize("divisor", ["[0, 0]", "[-1, 1]", "[0, 1]", "[-1, 0]", "(-inf, inf)", "[0, inf)"])
def test_division_by_an_interval_that_holds_zero_is_refused(divisor):
    with pytest.raises(ForbiddenOperation, match="holds zero"):
        between("[1, 2]") / between(divisor)


@pytest.mark.parametrize("ends", [(0.5, Fraction(1)), (Fraction(0), 0.5), (math.nan, 1), (0.0, 1)])
def test_floats_are_no_ends(ends):
    with pytest.raises(TypeError, match="exact"):
        Interval(*ends)


def test_an_interval_runs_from_low_to_high():
    assert Interval(2, 2) == Interval.exact(2)
    with pytest.raises(ValueError, match="from low to high, not from 2 to 1"):
        Interval(2, 1)


@pytest.mark.parametrize(
    ("left", "right", "below", "not_above", "overlaps"),
    [
        ("[1, 2]", "[3, 4]", True, True, False),
        ("[1, 2]", "[2, 3]", False, True, True),
        ("[1, 2)", "[2, 3]", True, True, False),
        ("[1, 2]", "(2, 3]", True, True, False),
        ("[1, 3]", "[2, 4]", False, False, True),
        ("[3, 4]", "[1, 2]", False, False, False),
        ("[1, 2]", "(2, inf)", True, True, False),
        ("[1, 2]", "[2, inf)", False, True, True),
    ],
)
def test_positions_of_two_intervals(left, right, below, not_above, overlaps):
    a, b = between(left), between(right)
    assert (a.below(b), a.not_above(b), a.overlaps(b), b.overlaps(a)) == (below, not_above, overlaps, overlaps)


# Quantities


@pytest.mark.parametrize(
    ("left", "sign", "right", "kind", "dimension"),
    [
        (RATE, "-", RATE, "points", ()),
        (RATE, "-", POINTS, "rate", ()),
        (RATE, "+", POINTS, "rate", ()),
        (POINTS, "+", POINTS, "points", ()),
        (POINTS, "-", POINTS, "points", ()),
        (RANK, "-", RANK, "places", ()),
        (RANK, "+", dataclasses.replace(RANK, kind="places"), "rank", ()),
        (COUNT, "-", COUNT, "count", ()),
        (AMOUNT, "-", AMOUNT, "", YUAN),
        (COUNT, "/", COUNT, "", ()),
        (COUNT, "*", COUNT, "", ()),
        (AMOUNT, "/", COUNT, "", YUAN),
        (AMOUNT, "/", AMOUNT, "", ()),
        (AMOUNT, "*", RATE, "", YUAN),
        (AMOUNT, "*", AMOUNT, "", (("yuan", 2),)),
        (AMOUNT, "/", quantity(3, dimension=DOLLAR), "", (("dollar", -1), ("yuan", 1))),
    ],
)  # fmt: skip
def test_what_operations_give(left, sign, right, kind, dimension):
    operation = ARITHMETIC[sign]
    expected = operation(left.value, right.value), operation(left.interval, right.interval)
    result = operation(left, right)
    assert (result.value, result.interval, result.kind, result.dimension) == (*expected, kind, dimension)
    assert (result.low, result.high) == (expected[1].low, expected[1].high)


@pytest.mark.parametrize(
    ("left", "sign", "right", "why"),
    [
        (RATE, "+", RATE, "two rates have no sum"),
        (RANK, "+", RANK, "two ranks have no sum"),
        (COUNT, "+", COUNT, "these counts may overlap"),
        (POINTS, "-", RATE, "percentage points less or plus a rate means nothing: write the rate first"),
        (POINTS, "+", RATE, "percentage points less or plus a rate means nothing: write the rate first"),
        (RANK, "+", RATE, "a rank is a place"),
        (RATE, "-", RANK, "a rank is a place"),
        (RANK, "+", quantity(1), "a rank is a place"),
        (quantity(1), "+", RATE, r"a pure number and a rate \(%\)"),
        (quantity(1), "-", POINTS, "a pure number and percentage points"),
        (COUNT, "+", quantity(1), "a count and a pure number"),
        (AMOUNT, "+", quantity(1, dimension=DOLLAR), "yuan and dollar"),
        (AMOUNT, "-", quantity(1), "yuan and a pure number"),
        (POINTS, "*", AMOUNT, "percentage points cannot be multiplied"),
        (AMOUNT, "/", POINTS, "percentage points cannot be multiplied"),
        (RANK, "/", COUNT, "a rank cannot be multiplied"),
        (AMOUNT, "/", quantity("0.5", half="0.5"), "division by an interval that holds zero"),
    ],
)
def test_what_operations_are_refused(left, sign, right, why):
    with pytest.raises(ForbiddenOperation, match=f"^{why}"):
        ARITHMETIC[sign](left, right)


# Comparisons


@pytest.mark.parametrize(
    ("left", "relation", "right", "verdict"),
    [
        ("[1, 2]", "<", "[3, 4]", "holds"),
        ("[1, 2]", "<", "[2, 3]", "within_rounding"),
        ("[1, 2)", "<", "[2, 3]", "holds"),
        ("[1, 2]", "<", "(2, inf)", "holds"),
        ("[2, 3]", "<", "[1, 2]", "fails"),
        ("[1, 2]", "<=", "[2, 3]", "holds"),
        ("[2, 3]", "<=", "[1, 2]", "within_rounding"),
        ("(2, 3]", "<=", "[1, 2]", "fails"),
        ("[2, 3]", ">", "[1, 2]", "within_rounding"),
        ("(2, inf)", ">", "[1, 2]", "holds"),
        ("[1, 2]", ">", "[2, 3]", "fails"),
        ("[2, inf)", ">=", "[1, 2]", "holds"),
        ("[1, 2]", ">=", "[2, 3]", "within_rounding"),
        ("[1, 2)", ">=", "[2, 3]", "fails"),
        ("[1, 2]", "==", "[2, 3]", "holds"),
        ("[1, 2)", "==", "[2, 3]", "fails"),
        ("[1, 2]", "==", "[3, 4]", "fails"),
    ],
)
def test_verdicts_at_boundaries(left, relation, right, verdict):
    assert compare(over(left), relation, over(right)) == verdict


def test_verdicts_agree_with_trying_every_value():
    """All intervals with ends 0, 1, 2 against each other, decided by brute force over quarters."""
    grid = [Fraction(n, 4) for n in range(9)]
    ends = [*itertools.product("[(", "])", [(0, 1), (1, 2), (0, 2)]), *(("[", "]", (n, n)) for n in range(3))]
    cases = [over(f"{low}{a}, {b}{high}") for low, high, (a, b) in ends]
    tests = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
    for a, b in itertools.product(cases, repeat=2):
        pairs = [(x, y) for x in grid if holds(a.interval, x) for y in grid if holds(b.interval, y)]
        for relation, test in tests.items():
            seen = {test(x, y) for x, y in pairs}
            expected = "within_rounding" if len(seen) == 2 else "holds" if seen == {True} else "fails"
            assert compare(a, relation, b) == expected, (a, relation, b)
        assert compare(a, "==", b) == ("holds" if any(x == y for x, y in pairs) else "fails")


@pytest.mark.parametrize(
    ("left", "right"),
    [(RATE, POINTS), (POINTS, RATE), (COUNT, quantity(1)), (RANK, COUNT), (POINTS, quantity(1)), (AMOUNT, COUNT),
     (AMOUNT, quantity(1, dimension=DOLLAR)), (AMOUNT, quantity(1)), (AMOUNT, quantity(0, "count")),
     (AMOUNT, quantity(0, dimension=DOLLAR))],
)  # fmt: skip
def test_unlike_quantities_are_not_compared(left, right):
    with pytest.raises(ForbiddenOperation, match="cannot be compared"):
        compare(left, "<", right)


@pytest.mark.parametrize("left", [RATE, POINTS, COUNT, RANK, AMOUNT])
def test_a_pure_zero_compares_with_anything(left):
    assert compare(left, ">", Quantity.exact(0)) == "holds"


def test_a_share_compares_with_a_ratio():
    assert compare(RATE, "<", COUNT / COUNT) == "holds"


@pytest.mark.parametrize(
    ("interval", "side"),
    [("[1, 2]", "above"), ("(0, 2]", "above"), ("[0, 2]", "within_rounding"), ("[-1, 1]", "within_rounding"),
     ("[-1, 0]", "within_rounding"), ("[-1, 0)", "below"), ("[-2, -1]", "below"), ("[0, 0]", "equal"),
     ("(0, inf)", "above"), ("(-inf, inf)", "within_rounding")],
)  # fmt: skip
@pytest.mark.parametrize(("kind", "dimension"), [("points", ()), ("", YUAN)])
def test_direction(interval, side, kind, dimension):
    assert direction(over(interval, kind, dimension)) == side


# Derived figures


@pytest.mark.parametrize("basis", ["nominal", "plain"])
def test_the_previous_level_of_a_nominal_growth(basis):
    level, growth = over("[109, 111]", dimension=YUAN), over("[0.09, 0.11]", "rate")
    result = previous_level(level, growth, basis)
    assert (result.interval, result.dimension) == (between("[10900/111, 11100/109]"), YUAN)
    exact = previous_level(Quantity.exact(110, YUAN), Quantity.exact(Fraction(1, 10), (), "rate"), basis)
    assert (exact.value, exact.interval) == (100, Interval.exact(100))


@pytest.mark.parametrize("basis", ["real", "unknown", ""])
def test_the_previous_level_of_a_real_growth_is_refused(basis):
    with pytest.raises(ForbiddenOperation, match=f"current prices, the growth is {basis}: .* not last year's level"):
        previous_level(AMOUNT, RATE, basis)


def test_total_of_amounts_that_do_not_overlap():
    result = total([AMOUNT, AMOUNT, Quantity.exact(1, YUAN)], disjoint=True)
    assert (result.value, result.interval, result.dimension) == (689, between("[688, 690]"), YUAN)
    assert total([AMOUNT], disjoint=True) == AMOUNT


@pytest.mark.parametrize(
    ("quantities", "disjoint", "why"),
    [
        ([AMOUNT, AMOUNT], False, "these counts may overlap"),
        ([COUNT, COUNT], False, "these counts may overlap"),
        ([RATE, RATE], True, "rates, percentage points and ranks have no sum"),
        ([POINTS, POINTS], True, "rates, percentage points and ranks have no sum"),
        ([RANK, RANK], True, "rates, percentage points and ranks have no sum"),
        ([AMOUNT, RATE], True, "rates, percentage points and ranks have no sum"),
        ([AMOUNT, quantity(1, dimension=DOLLAR)], True, "yuan and dollar cannot be added"),
    ],
)
def test_totals_refused(quantities, disjoint, why):
    with pytest.raises(ForbiddenOperation, match=f"^{why}"):
        total(quantities, disjoint=disjoint)


def test_mean_of_amounts():
    result = mean([AMOUNT, Quantity.exact(346, YUAN)])
    assert (result.value, result.interval, result.dimension) == (345, between("[344.75, 345.25]"), YUAN)


@pytest.mark.parametrize(
    ("quantities", "why"),
    [([RANK, RANK], "^ranks have no mean: the distance between two places"), ([AMOUNT, RANK], "^ranks have no mean: the distance between two places"),
     ([RATE, RATE], "^rates have no mean without their weights"), ([POINTS, POINTS], "^rates have no mean without"), ([AMOUNT, quantity(1, dimension=DOLLAR)], "cannot be added")],
)  # fmt: skip
def test_means_refused(quantities, why):
    with pytest.raises(ForbiddenOperation, match=why):
        mean(quantities)


@pytest.mark.parametrize(
    ("product", "low_open", "high_open"),
    [
        (lambda: Interval(Fraction(0), Fraction(1)) * Interval(Fraction(1), Fraction(5), True, True), False, True),
        (lambda: Interval(Fraction(0), Fraction(1), True) * Interval(Fraction(5), Fraction(6)), True, False),
        (lambda: Interval.exact(0) * Interval(Fraction(1), INFINITY, True, True), False, False),
        (lambda: Interval(Fraction(1), Fraction(2)) / Interval(Fraction(3), INFINITY, False, True), True, False),
    ],
)
def test_open_ends_at_zero(product, low_open, high_open):
    assert (product().low_open, product().high_open) == (low_open, high_open)


@pytest.mark.parametrize(
    ("token", "value"),
    [
        ("万亿", 10**12),
        ("一万亿", 10**12),
        ("千万亿", 10**15),
        ("一万二千亿", 12 * 10**11),
        ("三亿五千万", 350_000_000),
        ("一亿零三百", 100_000_300),
    ],
)
def test_large_compounds(token, value):
    assert read_numeral(token)[0] == value


@pytest.mark.parametrize("token", ["万万", "十百", "十十", "三百五百", "三万五", "一百五", "零零"])
def test_malformed_and_ambiguous_runs_are_refused(token):
    with pytest.raises(ValueError, match="not one number only"):
        read_numeral(token)


def test_counts_have_a_sum_and_a_mean_where_nothing_is_counted_twice():
    five, three = Quantity.exact(5, (), "count"), Quantity.exact(3, (), "count")
    assert total([five, three], disjoint=True).value == 8
    assert mean([five, three]).value == 4
    with pytest.raises(ValueError, match="^nothing to add"):
        total([], disjoint=True)


def test_floats_zero_divisors_and_unknown_relations_are_refused():
    with pytest.raises(TypeError, match="no float|not the float"):
        Quantity.exact(0.1)
    with pytest.raises(ForbiddenOperation, match="holds zero"):
        Quantity.exact(5) / Quantity.exact(0)
    with pytest.raises(ValueError, match="is no relation"):
        compare(Quantity.exact(1), "!=", Quantity.exact(2))
    with pytest.raises(ValueError, match="from low to high"):
        Interval(Fraction(1), Fraction(1), True)


@pytest.mark.parametrize(("thing", "name"), [(RATE, "value"), (RATE.interval, "low")])
def test_a_number_cannot_be_changed_after_it_was_read(thing, name):
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(thing, name, Fraction(0))


@pytest.mark.parametrize(
    ("product", "result"),
    [
        ("[2, 3] * [-5, 4)", "[-15, 12)"),
        ("(2, 3] * [-5, 4]", "[-15, 12]"),
        ("(-inf, -1] * (-inf, -2]", "[2, inf)"),
        ("[0, 1) * (-1, 0]", "(-1, 0]"),
        ("(0, 1] * (0, 1]", "(0, 1]"),
        ("[1, 2] / (-inf, -4]", "[-1/2, 0)"),
        ("[1, 2] / [4, inf)", "(0, 1/2]"),
        ("(1, 2) / [-4, -2]", "(-1, -1/4)"),
    ],
)
def test_products_and_quotients_of_every_sign(product, result):
    left, sign, right = product.replace(", ", ",").split(" ")
    assert ARITHMETIC[sign](between(left), between(right)) == between(result)


def test_powers_of_a_unit_add_up():
    side = Quantity.exact(3, (("metre", 1),))
    square = side * side
    assert (square.dimension, (side * square).dimension, (square / side).dimension) == ((("metre", 2),), (("metre", 3),), (("metre", 1),))
    assert (side / square).dimension == (("metre", -1),)


@pytest.mark.parametrize("token", ["X千", "三X", "X"])
def test_a_letter_counts_as_no_digit(token):
    with pytest.raises(ValueError):
        read_numeral(token)


def test_only_a_pure_zero_compares_with_anything():
    count = Quantity.exact(5, kind="count")
    assert compare(count, ">", Quantity.exact(0)) == "holds"
    for other in (Quantity.exact(-1), Quantity.exact(1), Quantity.exact(0, kind="rank"), Quantity.exact(0, (("yuan", 1),))):
        with pytest.raises(ForbiddenOperation):
            compare(count, ">", other)


def test_neither_order_of_two_units_compares_and_the_message_names_both():
    a, b = Quantity.exact(1, (("day", 1),)), Quantity.exact(1, (("yuan", -1),))
    for left, right in ((a, b), (b, a)):
        with pytest.raises(ForbiddenOperation, match=r"^(day cannot be compared with yuan\^-1|yuan\^-1 cannot be compared with day)$"):
            compare(left, ">", right)
