"""Numerals are read exactly, intervals are the worst case of their operands, kinds obey their rules."""

import dataclasses
import itertools
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
    corners,
    direction,
    fixed,
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
DOLLARS = quantity(1, dimension=DOLLAR)


@pytest.mark.parametrize(
    ("token", "number", "decimals"),
    [
        ("344.3", Fraction(3443, 10), 1), ("7.0", 7, 1), ("007", 7, 0), ("-0.5", Fraction(-1, 2), 1), ("9" * 60, 10**60 - 1, 0),
        ("〇", 0, 0), ("十", 10, 0), ("两千", 2000, 0), ("三千万", 3 * 10**7, 0), ("百亿", 10**10, 0), ("万亿", 10**12, 0),
        ("一万二千亿", 12 * 10**11, 0), ("千万亿", 10**15, 0), ("三亿五千万", 350_000_000, 0), ("一亿零三百", 100_000_300, 0),
        ("１．４", Fraction(7, 5), 1), ("３.５", Fraction(7, 2), 1), ("1,234.5", Fraction(2469, 2), 1),
    ],
)  # fmt: skip
def test_numerals_are_read_exactly(token, number, decimals):
    assert read_numeral(token) == (number, decimals)
    assert isinstance(read_numeral(token)[0], Fraction)


def test_what_is_not_one_numeral_is_refused():
    arabic = ["", "-", "x", "1.", ".5", "1.2.3", "--5", "+5", "1,00", "1000,000", "1_000", "1e5", " 5", "5\n", "٣", "²", "1/2", "nan"]
    for token in [*arabic, "X千", "5万", "５％", "-三", "三X", "十四五", "三零", "二〇二三", "三个", "五.二"]:
        with pytest.raises(ValueError, match="numeral|number"):
            read_numeral(token)
    for token in ["万万", "十百", "十十", "三百五百", "三万五", "一百五", "零零"]:
        with pytest.raises(ValueError, match="not one number only"):
            read_numeral(token)
    with pytest.raises(ValueError, match="a space inside a number at offset 1"):
        read_numeral("1 2.7")


def chinese(n):
    """Write a whole number below 10**12 the standard way."""
    for size, sign in ((10**8, "亿"), (10**4, "万"), (1000, "千"), (100, "百"), (10, "十")):
        if n >= size:
            head, rest = divmod(n, size)
            return chinese(head) + sign + ("零" if 0 < rest < size // 10 else "") + (chinese(rest) if rest else "")
    return "零一二三四五六七八九"[n]


@quick
@given(st.one_of(st.integers(0, 10**5), st.integers(0, 10**12 - 1)), st.integers(-(10**9), 10**9), st.integers(0, 6))
def test_every_number_is_read_back(n, m, decimals):
    assert read_numeral(chinese(n)) == (n, 0)
    whole, rest = divmod(abs(m), 10**decimals)
    token = "-" * (m < 0) + str(whole) + (f".{rest:0{decimals}}" if decimals else "")
    assert read_numeral(token) == (Fraction(m, 10**decimals), decimals)


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
    assert exact.bounded and not exact.low_open and not exact.high_open


@quick
@given(intervals_with_a_value(), intervals_with_a_value(), st.sampled_from(sorted(ARITHMETIC)))
def test_the_result_of_any_two_values_lies_in_the_result(first, second, sign):
    (a, x), (b, y) = first, second
    assume(sign != "/" or not b.low <= 0 <= b.high)
    assert holds(ARITHMETIC[sign](a, b), ARITHMETIC[sign](x, y))


@pytest.mark.parametrize(
    "equation",
    [
        "(1, 2) + [3, 4] = (4, 6)", "[1, 2) + [3, 4] = [4, 6)", "(3, inf) + [1, 2] = (4, inf)",
        "[1, 2) - [3, 4] = [-3, -1)", "[1, 2] - (3, 4] = [-3, -1)", "[1, 2] - [3, inf) = (-inf, -1]", "[5, inf) - [3, inf) = (-inf, inf)",
        "(2, 3) * [5, 6] = (10, 18)", "[-3, 2) * [-1, 1] = [-3, 3]", "(-2, 2] * [-2, 2] = [-4, 4]",
        "[2, 3] * [-5, 4) = [-15, 12)", "(2, 3] * [-5, 4] = [-15, 12]",
        "[3, inf) * [-4, -2] = (-inf, -6]", "[3, inf) * [-1, 1] = (-inf, inf)", "(-inf, -1] * (-inf, -2] = [2, inf)",
        "[0, 0] * [3, inf) = [0, 0]", "[0, 0] * (1, inf) = [0, 0]", "[0, 1] * [3, inf) = [0, inf)",
        "[0, 1] * (1, 5) = [0, 5)", "(0, 1] * [5, 6] = (0, 6]",
        "[0, 1) * (-1, 0] = (-1, 0]", "(0, 1] * (0, 1] = (0, 1]",
        "[6, 12] / [-3, -2] = [-6, -2]", "[6, 12] / (2, 3] = [2, 6)", "[6, inf) / [2, 3] = [2, inf)", "[1, 2] / (-inf, -4] = [-1/2, 0)",
        "[1, 2] / [4, inf) = (0, 1/2]", "[-1, 1] / (2, inf) = (-1/2, 1/2)", "(1, 2) / [-4, -2] = (-1, -1/4)",
    ],
)  # fmt: skip
def test_open_ends_and_bounds(equation):
    left, sign, right, _, result = equation.replace(", ", ",").split()
    assert ARITHMETIC[sign](between(left), between(right)) == between(result)


def test_an_interval_runs_from_low_to_high_and_is_exact():
    assert -between("[1, 2)") == between("(-2, -1]") and -between("(3, inf)") == between("(-inf, -3)")
    assert [between(text).bounded for text in ("(1, 2)", "[1, inf)", "(-inf, 1]")] == [True, False, False]
    with pytest.raises(ValueError, match="from low to high, not from 2 to 1"):
        Interval(2, 1)
    with pytest.raises(ValueError, match="from low to high"):
        Interval(Fraction(1), Fraction(1), True)
    for ends in [(0.5, Fraction(1)), (Fraction(0), 0.5), (float("nan"), 1)]:
        with pytest.raises(TypeError, match="exact"):
            Interval(*ends)
    with pytest.raises(TypeError, match="not the float"):
        Quantity.exact(0.1)
    for divisor in ["[0, 0]", "[-1, 1]", "[0, 1]", "[-1, 0]", "[0, inf)"]:
        with pytest.raises(ForbiddenOperation, match="holds zero"):
            between("[1, 2]") / between(divisor)
    for thing, name in ((RATE, "value"), (RATE.interval, "low")):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(thing, name, Fraction(0))


@pytest.mark.parametrize(
    ("left", "sign", "right", "kind", "dimension"),
    [
        (RATE, "-", RATE, "points", ()), (RATE, "-", POINTS, "rate", ()), (RATE, "+", POINTS, "rate", ()),
        (POINTS, "+", POINTS, "points", ()), (POINTS, "-", POINTS, "points", ()),
        (RANK, "-", RANK, "places", ()), (RANK, "+", dataclasses.replace(RANK, kind="places"), "rank", ()),
        (COUNT, "-", COUNT, "count", ()), (AMOUNT, "-", AMOUNT, "", YUAN), (AMOUNT, "+", AMOUNT, "", YUAN),
        (COUNT, "/", COUNT, "", ()), (COUNT, "*", COUNT, "", ()), (AMOUNT, "/", COUNT, "", YUAN), (AMOUNT, "/", AMOUNT, "", ()),
        (AMOUNT, "*", RATE, "", YUAN), (AMOUNT, "*", AMOUNT, "", (("yuan", 2),)), (AMOUNT, "/", DOLLARS, "", (("dollar", -1), ("yuan", 1))),
    ],
)  # fmt: skip
def test_what_operations_give(left, sign, right, kind, dimension):
    operation = ARITHMETIC[sign]
    result, interval = operation(left, right), operation(left.interval, right.interval)
    assert (result.value, result.interval, result.kind, result.dimension) == (operation(left.value, right.value), interval, kind, dimension)
    assert (result.low, result.high) == (interval.low, interval.high)


@pytest.mark.parametrize(
    ("left", "sign", "right", "why"),
    [
        (RATE, "+", RATE, "two rates have no sum"), (RANK, "+", RANK, "two ranks have no sum"),
        (COUNT, "+", COUNT, "these counts may overlap"),
        (POINTS, "-", RATE, "percentage points less or plus a rate means nothing: write the rate first"),
        (POINTS, "+", RATE, "percentage points less or plus a rate means nothing: write the rate first"),
        (RANK, "+", RATE, "a rank is a place"), (RATE, "-", RANK, "a rank is a place"), (RANK, "+", quantity(1), "a rank is a place"),
        (quantity(1), "+", RATE, r"a pure number and a rate \(%\)"), (quantity(1), "-", POINTS, "a pure number and percentage points"),
        (COUNT, "+", quantity(1), "a count and a pure number"), (AMOUNT, "+", DOLLARS, "yuan and dollar"),
        (AMOUNT, "-", quantity(1), "yuan and a pure number"),
        (POINTS, "*", AMOUNT, "percentage points cannot be multiplied"), (AMOUNT, "/", POINTS, "percentage points cannot be multiplied"),
        (RANK, "/", COUNT, "a rank cannot be multiplied"),
        (AMOUNT, "/", quantity("0.5", half="0.5"), "division by an interval that holds zero"),
    ],
)  # fmt: skip
def test_what_operations_are_refused(left, sign, right, why):
    with pytest.raises(ForbiddenOperation, match=f"^{why}"):
        ARITHMETIC[sign](left, right)


def test_digits_unit_and_formula_follow_an_operation():
    own = Quantity(Fraction("0.048"), Interval(Fraction("0.0475"), Fraction("0.0485")), (), "rate", "%", Fraction(1, 100), 1, ids=("G01",))
    lead = dataclasses.replace(own, kind="points", unit="个百分点", decimals=2, ids=("D03",), formula="D03")
    less = own - lead
    assert (str(less), less.ids, less.formula, less.decimals) == ("0.00% [−0.100, 0.100]", ("G01", "D03"), "G01 − D03", 2)
    assert ((less - lead).formula, (own - (own - own)).formula, (-lead).formula) == ("G01 − D03 − D03", "G01 − (G01 − G01)", "−D03")
    assert (str(own - own), (own * Quantity.exact(2)).formula) == ("0.0\u00a0pp [−0.10, 0.10]", "G01 × 2")
    assert corners(lambda part: 1 - part, less, like=less, formula="1 − {}").formula == "1 − (G01 − D03)"
    assert (own.slack.value, own.slack.formula, sum([own])) == (Fraction("0.0005"), "± of G01", own)


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
    assert compare(over("[1, 2]"), "<", over("(2, inf)")) == compare(over("(2, inf)"), ">", over("[1, 2]")) == "holds"


def test_unlike_quantities_are_not_compared():
    unlike = [(RATE, POINTS), (COUNT, quantity(1)), (RANK, COUNT), (POINTS, quantity(1)), (AMOUNT, COUNT), (AMOUNT, DOLLARS)]
    unlike += [(AMOUNT, quantity(0, "count")), (AMOUNT, quantity(0, dimension=DOLLAR))]
    for one, other in unlike:
        for left, right in ((one, other), (other, one)):
            with pytest.raises(ForbiddenOperation, match="cannot be compared"):
                compare(left, "<", right)
            with pytest.raises(ForbiddenOperation, match="cannot be compared"):
                left < right  # noqa: B015
    with pytest.raises(ForbiddenOperation, match=r"^day cannot be compared with yuan\^-1$"):
        compare(quantity(1, dimension=(("day", 1),)), ">", quantity(1, dimension=(("yuan", -1),)))
    assert all(compare(left, ">", Quantity.exact(0)) == "holds" for left in (RATE, POINTS, COUNT, RANK, AMOUNT))
    assert compare(RATE, "<", COUNT / COUNT) == "holds" and RATE < COUNT / COUNT and AMOUNT >= AMOUNT <= AMOUNT and AMOUNT > 0
    with pytest.raises(ValueError, match="is no relation"):
        compare(RATE, "!=", RATE)


@pytest.mark.parametrize(
    ("interval", "side"),
    [("[1, 2]", "above"), ("(0, 2]", "above"), ("[0, 2]", "within_rounding"), ("[-1, 1]", "within_rounding"),
     ("[-1, 0]", "within_rounding"), ("[-1, 0)", "below"), ("[0, 0]", "equal"), ("(0, inf)", "above"), ("(-inf, inf)", "within_rounding")],
)  # fmt: skip
def test_direction(interval, side):
    assert direction(over(interval, "points")) == direction(over(interval, "", YUAN)) == side


def test_the_previous_level_of_a_growth_at_current_prices():
    for basis in ("nominal", "plain"):
        result = previous_level(over("[109, 111]", dimension=YUAN), over("[0.09, 0.11]", "rate"), basis)
        assert (result.interval, result.dimension) == (between("[10900/111, 11100/109]"), YUAN)
    for basis in ("real", "unknown", ""):
        with pytest.raises(ForbiddenOperation, match=f"current prices, the growth is {basis}: .* not last year's level"):
            previous_level(AMOUNT, RATE, basis)


def test_a_total_of_what_does_not_overlap():
    result = total([AMOUNT, AMOUNT, Quantity.exact(1, YUAN)], disjoint=True)
    assert (result.value, result.interval, result.dimension) == (689, between("[688, 690]"), YUAN)
    counted = total([COUNT, COUNT], disjoint=True)
    assert (counted.value, counted.kind, total([AMOUNT], disjoint=True)) == (200, "count", AMOUNT)
    with pytest.raises(ValueError, match="^nothing to add"):
        total([], disjoint=True)
    with pytest.raises(ForbiddenOperation, match="^these counts may overlap"):
        total([AMOUNT, AMOUNT], disjoint=False)
    for one in (RATE, POINTS, RANK):
        with pytest.raises(ForbiddenOperation, match="^rates, percentage points and ranks have no sum"):
            total([AMOUNT, one], disjoint=True)
    with pytest.raises(ForbiddenOperation, match="^yuan and dollar cannot be added"):
        total([AMOUNT, DOLLARS], disjoint=True)


def test_numbers_are_rounded_half_away_from_zero():
    assert [fixed(Fraction(n, 20), 1) for n in (1, -1, -3, 4)] == ["0.1", "−0.1", "−0.2", "0.2"]
    assert (fixed(Fraction(1210207), 0), fixed(Fraction(-1, 30), 1)) == ("1,210,207", "0.0")
    with pytest.raises(ValueError, match="cannot be printed"):
        fixed(INFINITY, 1)
