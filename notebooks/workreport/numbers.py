"""Exact numbers that know how precisely they were printed.

A printed number stands for plus or minus half a unit of its last digit (4.8 is 4.75 to 4.85); a
count is exact; a bound reaches to infinity. Derived numbers carry the interval of the worst case
of their operands, as Calculations 1.1 of XBRL International does. All arithmetic is exact.
"""

import math
import re
from dataclasses import dataclass
from fractions import Fraction

INFINITY = math.inf

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "亿": 10**8}
_SECTION = "(?:[D]?千)?(?:零?[D]?百)?(?:零?[D]?十)?(?:零?[D])?".replace("D", "一二两三四五六七八九")
_WELL_FORMED = re.compile(f"[零〇]|(?:(?:{_SECTION}万)?{_SECTION}亿)?(?:零?{_SECTION}万)?零?{_SECTION}")
# 三万五 is said for 35,000 and could be written for 30,005.
_AMBIGUOUS = re.compile("[百千万亿][一二两三四五六七八九]")


class ForbiddenOperation(ValueError):
    """An operation that the definitions of the field do not allow."""


def read_numeral(token):
    """Turn a printed numeral into an exact number.

    Parameters
    ----------
    token : str
        Arabic (``344.3``) or Chinese (``二十二``, ``百亿``, ``亿``); a multiplier without a digit
        before it counts once.

    Returns
    -------
    number : Fraction
        The value.
    decimals : int
        Digits printed after the decimal point.

    Raises
    ------
    ValueError
        If the token is no numeral, or a run of Chinese digits that is not one number.

    Examples
    --------
    >>> read_numeral("9.05")
    (Fraction(181, 20), 2)
    >>> read_numeral("二十二")[0], read_numeral("百亿")[0]
    (Fraction(22, 1), Fraction(10000000000, 1))
    """
    body = token.removeprefix("-")
    whole, _, decimals = body.partition(".")
    if body.isascii() and whole.isdecimal() and (decimals.isdecimal() or "." not in body):
        return Fraction(token), len(decimals)
    if not token or not _WELL_FORMED.fullmatch(token) or _AMBIGUOUS.fullmatch(token[-2:]):
        raise ValueError(f"'{token}' is not a numeral, or not one number only")
    total = section = 0
    digit = None
    for c in token:
        if c in _DIGITS:
            digit = _DIGITS[c]
        elif c in _SMALL:
            section += (1 if digit is None else digit) * _SMALL[c]
            digit = None
        else:
            section += digit or 0
            total = (total + section or 1) * _LARGE[c] if c == "亿" else total + (section or 1) * _LARGE[c]
            section, digit = 0, None
    return Fraction(total + section + (digit or 0)), 0


@dataclass(frozen=True, slots=True)
class Interval:
    """All values that a printed or derived number can stand for.

    Parameters
    ----------
    low, high : Fraction or float
        Ends of the interval; ``-inf`` and ``inf`` for bounds.
    low_open, high_open : bool
        Whether the end itself is left out (``more_than`` leaves out its low end).
    """

    low: Fraction
    high: Fraction
    low_open: bool = False
    high_open: bool = False

    def __post_init__(self):
        for end in (self.low, self.high):
            if isinstance(end, float) and not math.isinf(end):
                raise TypeError(f"an interval is exact: give a Fraction, not the float {end}")
        if not self.low <= self.high or (self.low == self.high and (self.low_open or self.high_open)):
            raise ValueError(f"an interval runs from low to high, not from {self.low} to {self.high}")

    @classmethod
    def exact(cls, value):
        """The interval of one exact value, which is no float."""
        if isinstance(value, float):
            raise TypeError(f"an interval is exact: give a Fraction, not the float {value}")
        return cls(Fraction(value), Fraction(value))

    @property
    def bounded(self):
        """Whether both ends are finite."""
        return not (math.isinf(self.low) or math.isinf(self.high))

    def __neg__(self):
        return Interval(-self.high, -self.low, self.high_open, self.low_open)

    def __add__(self, other):
        return Interval(
            self.low + other.low, self.high + other.high,
            self.low_open or other.low_open, self.high_open or other.high_open,
        )  # fmt: skip

    def __sub__(self, other):
        return self + -other

    def __mul__(self, other):
        ends = [
            # A closed zero is reached whatever the other end; an open end is not, unless such a zero meets it.
            (0 if 0 in (a, b) else a * b, (a_open and (b != 0 or b_open)) or (b_open and (a != 0 or a_open)))
            for a, a_open in ((self.low, self.low_open), (self.high, self.high_open))
            for b, b_open in ((other.low, other.low_open), (other.high, other.high_open))
        ]
        low, high = min(e[0] for e in ends), max(e[0] for e in ends)
        # An end is reached if any pair of closed ends reaches it.
        return Interval(
            low, high,
            all(is_open for end, is_open in ends if end == low),
            all(is_open for end, is_open in ends if end == high),
        )  # fmt: skip

    def __truediv__(self, other):
        if other.low <= 0 <= other.high:
            raise ForbiddenOperation("division by an interval that holds zero")
        inverse = Interval(
            Fraction(0) if math.isinf(other.high) else 1 / Fraction(other.high),
            Fraction(0) if math.isinf(other.low) else 1 / Fraction(other.low),
            other.high_open or math.isinf(other.high), other.low_open or math.isinf(other.low),
        )  # fmt: skip
        return self * inverse

    def below(self, other):
        """Whether every value lies below every value of the other interval."""
        return self.high < other.low or (self.high == other.low and (self.high_open or other.low_open))

    def not_above(self, other):
        """Whether no value lies above any value of the other interval."""
        return self.high <= other.low

    def overlaps(self, other):
        """Whether the two intervals have a value in common."""
        return not (self.below(other) or other.below(self))


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its interval and what it measures.

    Parameters
    ----------
    value : Fraction
        The point value, as printed or derived.
    interval : Interval
        What the point value can stand for; it holds the point value.
    dimension : tuple of (str, int)
        Powers of ``yuan``, ``dollar``, ``square_metre``, ``kilogram``, ``day`` or ``year``, sorted;
        empty for a pure number. Amounts are in base units.
    kind : {"", "count", "rate", "points", "rank"}
        A count, a rate of growth or a share (``%``, stored as a fraction of one), a difference
        between two rates (``个百分点``), or a place. Products and quotients of counts are plain, so
        an amount over a count is an amount: the average.

    Notes
    -----
    rate − rate = points; rate ± points = rate; points ± points = points. Everything else between
    the two raises `ForbiddenOperation`, and so do sums of unlike dimensions.
    """

    value: Fraction
    interval: Interval
    dimension: tuple = ()
    kind: str = ""

    @property
    def low(self):
        """Lower end of the interval."""
        return self.interval.low

    @property
    def high(self):
        """Upper end of the interval."""
        return self.interval.high

    @classmethod
    def exact(cls, value, dimension=(), kind=""):
        """A quantity without rounding."""
        return cls(Fraction(value), Interval.exact(value), dimension, kind)

    def _combine(self, other, *, adding):
        if self.dimension != other.dimension:
            raise ForbiddenOperation(f"{_name(self)} and {_name(other)} cannot be added or compared")
        pair = (self.kind, other.kind)
        if "rank" in pair and pair != ("rank", "rank"):
            raise ForbiddenOperation("a rank is a place in an order: it cannot be added to anything but places")
        if pair == ("rate", "rate"):
            if adding:
                raise ForbiddenOperation("two rates have no sum: only their difference, in percentage points, means something")
            return "points"
        if pair == ("points", "rate"):
            raise ForbiddenOperation("percentage points less or plus a rate means nothing: write the rate first")
        if pair in (("rate", "points"), ("points", "points")):
            return self.kind
        if self.kind != other.kind:
            raise ForbiddenOperation(f"{_name(self)} and {_name(other)} cannot be added or compared")
        return self.kind

    def __add__(self, other):
        kind = self._combine(other, adding=True)
        return Quantity(self.value + other.value, self.interval + other.interval, self.dimension, kind)

    def __sub__(self, other):
        kind = self._combine(other, adding=False)
        return Quantity(self.value - other.value, self.interval - other.interval, self.dimension, kind)

    def _scale(self, other, power):
        for one in (self, other):
            if one.kind in ("points", "rank"):
                raise ForbiddenOperation(f"{_name(one)} cannot be multiplied or divided: it is a difference or a place")
        powers = dict(self.dimension)
        for name, n in other.dimension:
            powers[name] = powers.get(name, 0) + power * n
        return tuple(sorted((name, n) for name, n in powers.items() if n))

    def __mul__(self, other):
        return Quantity(self.value * other.value, self.interval * other.interval, self._scale(other, 1))

    def __truediv__(self, other):
        interval = self.interval / other.interval
        return Quantity(self.value / other.value, interval, self._scale(other, -1))


def _name(quantity):
    if quantity.kind:
        return {"count": "a count", "rate": "a rate (%)", "points": "percentage points", "rank": "a rank"}[quantity.kind]
    return " ".join(f"{name}^{n}" if n != 1 else name for name, n in quantity.dimension) or "a pure number"


def compare(left, relation, right):
    """Decide a relation between two quantities over their whole rounding intervals.

    Parameters
    ----------
    left, right : Quantity
        Of the same dimension and kind; a pure zero on the right compares with anything.
    relation : {"<", "<=", ">", ">=", "=="}
        ``==`` asks whether the two agree within rounding, that is, whether the intervals overlap.

    Returns
    -------
    {"holds", "fails", "within_rounding"}
        ``within_rounding`` where some values of the intervals satisfy it and others do not.
    """
    if relation not in ("<", "<=", ">", ">=", "=="):
        raise ValueError(f"'{relation}' is no relation")
    zero = right.value == 0 and right.kind == "" and right.dimension == ()
    if not zero and (left.dimension != right.dimension or _class(left) != _class(right)):
        raise ForbiddenOperation(f"{_name(left)} cannot be compared with {_name(right)}")
    a, b = left.interval, right.interval
    if relation == "==":
        return "holds" if a.overlaps(b) else "fails"
    if relation in (">", ">="):
        a, b = b, a
    strict = relation in ("<", ">")
    if a.below(b) if strict else a.not_above(b):
        return "holds"
    if b.not_above(a) if strict else b.below(a):
        return "fails"
    return "within_rounding"


def _class(quantity):
    return "" if quantity.kind == "rate" else quantity.kind


def direction(difference):
    """Say on which side of zero a difference lies over its whole interval.

    Parameters
    ----------
    difference : Quantity
        Any difference.

    Returns
    -------
    {"above", "below", "within_rounding", "equal"}
        ``equal`` only for an exact zero.
    """
    if difference.low == difference.high == 0:
        return "equal"
    zero = Quantity.exact(0)
    if compare(difference, ">", zero) == "holds":
        return "above"
    return "below" if compare(difference, "<", zero) == "holds" else "within_rounding"


def previous_level(level, growth, price_basis):
    """Level of the year before, out of this year's level and its growth.

    Parameters
    ----------
    level : Quantity
        This year's level.
    growth : Quantity
        Its rate of growth.
    price_basis : {"nominal", "plain", "real", "unknown"}
        Basis of the growth.

    Returns
    -------
    Quantity
        ``level / (1 + growth)``.

    Raises
    ------
    ForbiddenOperation
        If the growth is real or of unknown basis.
    """
    if price_basis not in ("nominal", "plain"):
        raise ForbiddenOperation(
            f"the level is at current prices, the growth is {price_basis}: level / (1 + growth) is not last year's level"
        )
    return level / Quantity(1 + growth.value, Interval.exact(1) + growth.interval)


def total(quantities, disjoint):
    """Add amounts or counts that do not overlap.

    Parameters
    ----------
    quantities : list of Quantity
        At least one.
    disjoint : bool
        Whether the report says that nothing is counted in two of them.

    Raises
    ------
    ForbiddenOperation
        If they may overlap, or are ranks or rates.
    """
    if not disjoint:
        raise ForbiddenOperation("these counts may overlap: the report does not say that nothing is counted twice")
    if any(q.kind not in ("", "count") for q in quantities):
        raise ForbiddenOperation("rates, percentage points and ranks have no sum")
    if not quantities:
        raise ValueError("nothing to add")
    result = quantities[0]
    for quantity in quantities[1:]:
        result = result + quantity
    return result


def mean(quantities):
    """Arithmetic mean of amounts or counts.

    Raises
    ------
    ForbiddenOperation
        If they are ranks, or rates without their weights.
    """
    if any(q.kind == "rank" for q in quantities):
        raise ForbiddenOperation("ranks have no mean: the distance between two places is unknown")
    if any(q.kind in ("rate", "points") for q in quantities):
        raise ForbiddenOperation("rates have no mean without their weights")
    return total(quantities, disjoint=True) / Quantity.exact(len(quantities))
