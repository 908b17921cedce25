"""Exact numbers that know how precisely they were printed.

A printed number stands for plus or minus half a unit of its last digit (4.8 is 4.75 to 4.85); a
count is exact; a bound reaches to infinity. Derived numbers carry the interval of the worst case
of their operands, as Calculations 1.1 of XBRL International does. All arithmetic is exact.
"""

import itertools
import math
import numbers
import operator
import re
from dataclasses import dataclass, field, replace
from fractions import Fraction

INFINITY = math.inf

_FULL_WIDTH = {ord("０") + i: str(i) for i in range(10)} | {ord("．"): "."}
_ARABIC = re.compile(r"-?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.([0-9]+))?")
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
        Arabic (``344.3``, ``1,234.5``, ``１．４``) or Chinese (``二十二``, ``百亿``, ``万亿``); a multiplier without
        a digit before it counts once.

    Returns
    -------
    number : Fraction
        The value.
    decimals : int
        Digits printed after the decimal point.

    Raises
    ------
    ValueError
        If the token is no numeral, a number with a space inside, or a run of Chinese digits that is not one number.

    Examples
    --------
    >>> read_numeral("9.05")
    (Fraction(181, 20), 2)
    >>> read_numeral("二十二")[0], read_numeral("百亿")[0]
    (Fraction(22, 1), Fraction(10000000000, 1))
    """
    arabic = _ARABIC.fullmatch(token.translate(_FULL_WIDTH))
    if arabic:
        return Fraction(arabic[0].replace(",", "")), len(arabic[1] or "")
    if token[:1].isdecimal() and (space := re.search("[ \u3000\u00a0]", token)):
        raise ValueError(f"'{token}' is not a numeral that can be read: a space inside a number at offset {space.start()}")
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
        low_open, high_open = self.low_open or other.low_open, self.high_open or other.high_open
        return Interval(self.low + other.low, self.high + other.high, low_open, high_open)

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
        low_open, high_open = (all(is_open for end, is_open in ends if end == one) for one in (low, high))
        return Interval(low, high, low_open, high_open)

    def __truediv__(self, other):
        if other.low <= 0 <= other.high:
            raise ForbiddenOperation("division by an interval that holds zero")
        low, high = (Fraction(0) if math.isinf(end) else 1 / Fraction(end) for end in (other.high, other.low))
        return self * Interval(low, high, other.high_open or math.isinf(other.high), other.low_open or math.isinf(other.low))

    def below(self, other):
        """Whether every value lies below every value of the other interval."""
        return self.high < other.low or (self.high == other.low and (self.high_open or other.low_open))

    def not_above(self, other):
        """Whether no value lies above any value of the other interval."""
        return self.high <= other.low

    def overlaps(self, other):
        """Whether the two intervals have a value in common."""
        return not (self.below(other) or other.below(self))


# Kind of a difference by the kinds of its two sides; a sum has the same, but for two of these kinds.
_KINDS = {
    ("", ""): "", ("count", "count"): "count",
    ("rate", "rate"): "points", ("rate", "points"): "rate", ("points", "points"): "points",
    ("rank", "rank"): "places", ("rank", "places"): "rank", ("places", "places"): "places",
}  # fmt: skip
_NO_SUM = {
    "rank": "two ranks have no sum: only their difference, in places, means something",
    "rate": "two rates have no sum: only their difference, in percentage points, means something",
    "count": "these counts may overlap: if nothing is counted twice, say so with total(…, disjoint=True)",
}


@dataclass(frozen=True, slots=True, repr=False)
class Quantity:
    """A number with its interval, what it measures, and where it comes from.

    Parameters
    ----------
    value : Fraction
        The point value, as printed or derived.
    interval : Interval
        What the point value can stand for; it holds the point value.
    dimension : tuple of (str, int)
        Powers of ``yuan``, ``dollar``, ``square_metre``, ``kilogram``, ``day`` or ``year``, sorted;
        empty for a pure number. Amounts are in base units.
    kind : {"", "count", "rate", "points", "rank", "places"}
        A count, a rate of growth or a share (``%``, stored as a fraction of one), a difference
        between two rates (``个百分点``), a rank, or a difference between two ranks. Products and
        quotients of counts are plain, so an amount over a count is an amount: the average.
    unit : str
        Printed unit that the number is shown in (``亿元``, ``%``); empty for base units.
    factor : Fraction
        What one of that unit is in base units.
    decimals : int or None
        Digits after the decimal point in that unit, as printed; None where a division left no
        number of digits, which then follows from the interval.
    about : bool
        Whether the report says ``左右``, about.
    ids : tuple of str
        Figures it rests on.
    formula : str
        How it follows from them; the id alone for a printed figure.

    Notes
    -----
    rate − rate = points; rate ± points = rate; points ± points = points; rank − rank = places;
    rank ± places = rank. Everything else between these raises `ForbiddenOperation`, and so do sums
    of unlike dimensions, of counts (they may overlap: `total`) and of rates. Two quantities are
    equal if they measure the same, whatever they rest on. ``<`` and ``>`` order by the point
    values, so that a column sorts; what a sentence claims is decided by `direction`.

    Examples
    --------
    >>> own = Quantity(Fraction("0.048"), Interval(Fraction("0.0475"), Fraction("0.0485")), (), "rate", "%", Fraction(1, 100), 1, ids=("G01",))
    >>> print(own, own.formula)
    4.8% [4.75, 4.85] G01
    """

    value: Fraction
    interval: Interval
    dimension: tuple = ()
    kind: str = ""
    unit: str = field(default="", compare=False)
    factor: Fraction = field(default=Fraction(1), compare=False)
    decimals: int | None = field(default=None, compare=False)
    about: bool = field(default=False, compare=False)
    ids: tuple = field(default=(), compare=False)
    formula: str = field(default="", compare=False)

    def __post_init__(self):
        if not self.formula and self.ids:
            object.__setattr__(self, "formula", ", ".join(self.ids))

    @property
    def low(self):
        """Lower end of the interval."""
        return self.interval.low

    @property
    def high(self):
        """Upper end of the interval."""
        return self.interval.high

    @property
    def qualifier(self):
        """As printed or as it follows: ``about``, ``at_least``, ``more_than``, ``at_most`` or empty."""
        if math.isinf(self.high):
            return "more_than" if self.interval.low_open else "at_least"
        if self.high == self.value and self.low < self.value:
            return "at_most"
        return "about" if self.about else ""

    @property
    def exact_value(self):
        """Whether rounding leaves nothing open."""
        return self.low == self.high

    @property
    def slack(self):
        """How far rounding can move it either way, as an exact quantity."""
        half = (self.high - self.low) / 2
        return replace(self, value=half, interval=Interval.exact(half), decimals=None, formula=f"± of {self.formula}")

    @classmethod
    def exact(cls, value, dimension=(), kind=""):
        """A quantity without rounding."""
        return cls(Fraction(value), Interval.exact(value), dimension, kind)

    def in_unit(self, number):
        """A number of base units in the unit shown; infinity stays."""
        return number if isinstance(number, float) else Fraction(number) / self.factor

    def digits(self):
        """Digits to show after the decimal point: as printed, or as many as the interval bears out."""
        if self.decimals is not None:
            return self.decimals
        scaled = self.in_unit(self.value)
        if self.interval.bounded and not self.exact_value:
            return max(0, math.floor(-math.log10(self.in_unit(self.high - self.low) / 2)))
        return 0 if scaled.denominator == 1 else max(0, 2 - len(str(int(abs(scaled)))))

    def __str__(self):
        sign = {"at_least": "≥ ", "more_than": "> ", "at_most": "≤ ", "about": "~ "}.get(self.qualifier, "")
        unit = {"个百分点": "\u00a0pp"}.get(self.unit, self.unit)
        text = f"{sign}{fixed(self.in_unit(self.value), self.inside(self.in_unit(self.value), self.digits()))}{unit}"
        if self.exact_value or not self.interval.bounded or self.qualifier == "at_most":
            return text
        low, high = (fixed(self.in_unit(end), self.digits() + 1) for end in (self.low, self.high))
        return f"{text} [{low}, {high}]"

    def inside(self, value, digits):
        """So many digits that a value, rounded in its own scale, does not leave the interval: two more at most."""
        if self.exact_value or not self.interval.bounded or not self.value:
            return digits
        one = value / self.value
        ends = sorted((self.low * one, self.high * one))
        for more in (0, 1, 2):
            step = Fraction(1, 10 ** (digits + more))
            if ends[0] <= round(value / step) * step <= ends[1]:
                return digits + more
        return digits

    def __repr__(self):
        return f"<{self}>"

    def __float__(self):
        do = "take .q.value of its column (and .q.low, .q.high), or draw it with workreport.charts"
        raise ForbiddenOperation(f"{self} is no plain number: {do}")

    def _kind_with(self, other, sign):
        """Kind of a sum or a difference, or why there is none."""
        pair = (self.kind, other.kind)
        if self.dimension == other.dimension:
            if sign == "+" and self.kind == other.kind and self.kind in _NO_SUM:
                raise ForbiddenOperation(_NO_SUM[self.kind])
            if pair in _KINDS:
                return _KINDS[pair]
            if "rank" in pair or "places" in pair:
                raise ForbiddenOperation("a rank is a place in an order: nothing but places can be added to it")
            if pair == ("points", "rate"):
                raise ForbiddenOperation("percentage points less or plus a rate means nothing: write the rate first")
        raise ForbiddenOperation(f"{_name(self)} and {_name(other)} cannot be added or compared")

    def _derived(self, other, sign, value, interval, dimension, kind, unit, factor, decimals):
        left, right = (q.formula if " " not in q.formula and q.formula[:1] != "−" else f"({q.formula})" for q in (self, other))
        left, right = self.formula if sign in "+−" else left, other.formula if sign == "+" else right
        if not left or not right:  # a number of the definition, such as the days of a year
            left, right = left or str(self), right or str(other)
        ids = tuple(dict.fromkeys(self.ids + other.ids))
        return Quantity(value, interval, dimension, kind, unit, factor, decimals, False, ids, f"{left} {sign} {right}")

    def _sum(self, other, sign):
        kind, operation = self._kind_with(other, sign), operator.add if sign == "+" else operator.sub
        value, interval = operation(self.value, other.value), operation(self.interval, other.interval)
        unit = {"points": "个百分点", "rate": "%"}.get(kind, self.unit)
        decimals = None
        if None not in (self.decimals, other.decimals):
            decimals = max(self.decimals, other.decimals + round(math.log10(self.factor / other.factor)), 0)
        return self._derived(other, sign, value, interval, self.dimension, kind, unit, self.factor, decimals)

    def __add__(self, other):
        if other == 0 and not isinstance(other, Quantity):  # where sum() begins
            return self
        return self._sum(other, "+") if isinstance(other, Quantity) else NotImplemented

    __radd__ = __add__

    def __sub__(self, other):
        return self._sum(other, "−") if isinstance(other, Quantity) else NotImplemented

    def __neg__(self):
        return replace(self, value=-self.value, interval=-self.interval, formula=f"−{self.formula}" if self.formula else "")

    def _product(self, other, sign):
        other = _quantity(other)
        if other is NotImplemented:
            return other
        for one in (self, other):
            if one.kind in ("points", "rank", "places"):
                raise ForbiddenOperation(f"{_name(one)} cannot be multiplied or divided: it is a difference or a rank")
        power, operation = (1, operator.mul) if sign == "×" else (-1, operator.truediv)
        powers = dict(self.dimension)
        for name, n in other.dimension:
            powers[name] = powers.get(name, 0) + power * n
        dimension = tuple(sorted((name, n) for name, n in powers.items() if n))
        like = next((q for q in (self, other) if dimension and q.dimension == dimension), Quantity.exact(1))
        interval = operation(self.interval, other.interval)  # refuses a divisor that may be zero
        value = operation(self.value, other.value)
        return self._derived(other, sign, value, interval, dimension, "", like.unit, like.factor, None)

    def __mul__(self, other):
        return self._product(other, "×")

    __rmul__ = __mul__

    def __truediv__(self, other):
        return self._product(other, "÷")

    def _ordered(self, other):
        if other == 0 and not isinstance(other, Quantity):
            return 0
        if not isinstance(other, Quantity):
            do = f"take .q.value of its column to compare with {other!r}"
            raise ForbiddenOperation(f"{self} can be compared with another quantity, or with 0: {do}")
        _refuse_unlike(self, other)
        return other.value

    def __lt__(self, other):
        return self.value < self._ordered(other)

    def __gt__(self, other):
        return self.value > self._ordered(other)

    def __le__(self, other):
        return self.value <= self._ordered(other)

    def __ge__(self, other):
        return self.value >= self._ordered(other)


def _quantity(number):
    if isinstance(number, Quantity):
        return number
    if isinstance(number, (int, Fraction)):
        return Quantity(Fraction(number), Interval.exact(number), formula=str(number))
    if isinstance(number, float):
        raise ForbiddenOperation(f"{number!r} is not exact: give a whole number or a Fraction")
    return NotImplemented


@dataclass(frozen=True, slots=True)
class Missing:
    """A figure that is not there: it can be shown and asked for, never reckoned with.

    Parameters
    ----------
    why : {"not stated", "not found", "not looked up"}
        The report does not state it; it was looked for elsewhere and not found; nobody looked.
    what : str
        What is missing, for the error.
    ids : tuple of str
        Rows that say so.
    """

    why: str
    what: str = ""
    ids: tuple = ()

    def __str__(self):
        return self.why

    def _refuse(self, *_):
        what = self.what or ", ".join(self.ids) or "a figure"
        raise MissingFigure(f"{what} is {self.why}: leave it out first (frame[frame[column].q.stated])")

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _refuse
    __lt__ = __gt__ = __le__ = __ge__ = __float__ = __neg__ = _refuse


class MissingFigure(ValueError):
    """A figure was asked for that the report does not state, or that was not found."""


# Not to be counted with: seaborn and matplotlib then ask for a float, which is refused with a sentence, and draw no names on an axis.
numbers.Number.register(Quantity)
numbers.Number.register(Missing)


def fixed(value, decimals):
    """A number with a fixed count of decimals, rounded half away from zero.

    Parameters
    ----------
    value : Fraction
    decimals : int

    Returns
    -------
    str
        With a true minus sign and commas between thousands.

    Raises
    ------
    ValueError
        If the value is infinite or not a number.

    Examples
    --------
    >>> fixed(Fraction(-1, 20), 1), fixed(Fraction(1210207), 0)
    ('−0.1', '1,210,207')
    """
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        raise ValueError(f"{value} cannot be printed as a number")
    exact = Fraction(value)
    rounded = int(abs(exact) * 10**decimals + Fraction(1, 2))
    whole, rest = divmod(rounded, 10**decimals)
    return ("−" if exact < 0 and rounded else "") + f"{whole:,}" + (f".{rest:0{decimals}d}" if decimals else "")


def _name(quantity):
    names = {"count": "a count", "rate": "a rate (%)", "points": "percentage points", "rank": "a rank", "places": "places"}
    if quantity.kind:
        return names[quantity.kind]
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
    if (right.value, right.kind, right.dimension) != (0, "", ()):
        _refuse_unlike(left, right)
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


def _refuse_unlike(left, right):
    """A rate compares with a ratio; otherwise only like compares with like."""
    one, other = ((q.dimension, q.kind.replace("rate", "")) for q in (left, right))
    if one != other:
        raise ForbiddenOperation(f"{_name(left)} cannot be compared with {_name(right)}")


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
    zero = Interval.exact(0)
    if zero.below(difference.interval):
        return "above"
    return "below" if difference.interval.below(zero) else "within_rounding"


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
        why = f"the level is at current prices, the growth is {price_basis}: level / (1 + growth) is not last year's level"
        raise ForbiddenOperation(why)
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
    return replace(sum(replace(q, kind="") for q in quantities), kind=quantities[0].kind)


def part_of(part, whole):
    """What part of a difference another difference is: 1.5 of 1.8 percentage points.

    Parameters
    ----------
    part, whole : Quantity
        Both percentage points, or both of one dimension.

    Returns
    -------
    Quantity
        A share, in percent, each operand with its own rounding.
    """
    if (part.kind, part.dimension) != (whole.kind, whole.dimension):
        raise ForbiddenOperation(f"{_name(part)} is no part of {_name(whole)}")
    return replace(replace(part, kind="") / replace(whole, kind=""), kind="rate", unit="%", factor=Fraction(1, 100))


def corners(function, *quantities, like, formula):
    """A quantity out of others by a function that rises or falls in each of them all the way.

    Interval arithmetic counts an operand that occurs twice as two; the extremes of a monotone function lie
    where each operand is at one of its ends.

    Parameters
    ----------
    function : callable
        Takes one Fraction per quantity.
    *quantities : Quantity
        With bounded intervals.
    like : Quantity
        Whose dimension, kind and unit the result has.
    formula : str
        How it follows, with ``{}`` for each operand.

    Returns
    -------
    Quantity
    """
    ends = [function(*point) for point in itertools.product(*((q.low, q.high) for q in quantities))]
    ids = tuple(dict.fromkeys(i for q in quantities for i in q.ids))
    said = formula.format(*(q.formula if " " not in q.formula else f"({q.formula})" for q in quantities))
    value = function(*(q.value for q in quantities))
    return replace(like, value=value, interval=Interval(min(ends), max(ends)), decimals=None, about=False, ids=ids, formula=said)
