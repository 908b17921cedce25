"""The one place where printed units become base units, with exact factors."""

from fractions import Fraction

from .numbers import INFINITY, Interval, Quantity, read_numeral

_MULTIPLIERS = {"": 1, "万": 10**4, "亿": 10**8}

_BASES = {
    "元": ("yuan", Fraction(1)),
    "美元": ("dollar", Fraction(1)),
    "亩": ("square_metre", Fraction(2000, 3)),
    "公顷": ("square_metre", Fraction(10000)),
    "平方米": ("square_metre", Fraction(1)),
    "斤": ("kilogram", Fraction(1, 2)),
    "吨": ("kilogram", Fraction(1000)),
    "天": ("day", Fraction(1)),
    "年": ("year", Fraction(1)),
}

# Measure words: what they count differs by indicator, so they carry no factor.
COUNT_WORDS = frozenset("个家户人名处项场次条届宗大")


class UnknownUnit(ValueError):
    """A printed unit that the table of units does not hold."""


def parse_unit(unit):
    """Split a printed unit into dimension, kind and factor.

    Parameters
    ----------
    unit : str
        As printed, with its multiplier: ``亿元``, ``万亩``, ``%``, ``个百分点``, ``位``; the empty
        string is a bare number.

    Returns
    -------
    dimension : tuple
        As in `numbers.Quantity`.
    kind : str
        As in `numbers.Quantity`.
    factor : Fraction
        What one printed unit is in base units.
    exact : bool
        Whether a number printed with this unit is exact: counts, days, years and places without
        a multiplier.

    Raises
    ------
    UnknownUnit
        If the unit is not in the table.

    Examples
    --------
    >>> parse_unit("亿元")
    ((('yuan', 1),), '', Fraction(100000000, 1), False)
    """
    if unit == "%":
        return (), "rate", Fraction(1, 100), False
    if unit == "个百分点":
        return (), "points", Fraction(1, 100), False
    if unit == "位":
        return (), "rank", Fraction(1), True
    if unit == "":
        return (), "", Fraction(1), True
    multiplier = unit[0] if unit[0] in _MULTIPLIERS else ""
    base = unit.removeprefix(multiplier)
    factor = Fraction(_MULTIPLIERS[multiplier])
    if base in COUNT_WORDS:
        return (), "count", factor, factor == 1
    if base in _BASES:
        dimension, scale = _BASES[base]
        return ((dimension, 1),), "", factor * scale, dimension in ("day", "year") and factor == 1
    raise UnknownUnit(f"'{unit}' is not in the table of units (units.py)")


def leading_unit(text):
    """The longest printed unit that a text begins with; empty where there is none.

    Examples
    --------
    >>> leading_unit("个百分点。"), leading_unit("万亩高标准农田")
    ('个百分点', '万亩')
    """
    for end in range(min(len(text), 5), 0, -1):
        try:
            if parse_unit(text[:end])[2] and text[:end] not in _MULTIPLIERS:
                return text[:end]
        except UnknownUnit:
            continue
    return ""


def quantity_of(value, unit, qualifier="", exact=False):
    """Turn a printed value into a quantity in base units.

    Parameters
    ----------
    value : str
        As printed.
    unit : str
        As printed.
    qualifier : {"", "about", "at_least", "at_most", "more_than"}
        Bounds run to infinity (down to zero for ``at_most``); ``about`` keeps the rounding
        interval, since the print says no more.
    exact : bool
        Take the value as exact whatever its unit (targets, class boundaries).

    Returns
    -------
    Quantity
        With the interval of half a unit of the last printed digit.

    Examples
    --------
    >>> q = quantity_of("4.8", "%")
    >>> float(q.low), float(q.high)
    (0.0475, 0.0485)
    """
    if qualifier not in ("", "about", "at_least", "at_most", "more_than"):
        raise ValueError(f"'{qualifier}' is no qualifier")
    dimension, kind, factor, counted = parse_unit(unit)
    number, decimals = read_numeral(value)
    point = number * factor
    chinese = not value.lstrip("-")[:1].isdigit()
    if qualifier == "at_least":
        interval = Interval(point, INFINITY, high_open=True)
    elif qualifier == "more_than":
        interval = Interval(point, INFINITY, low_open=True, high_open=True)
    elif qualifier == "at_most":
        interval = Interval(Fraction(0), point) if point >= 0 else Interval(-INFINITY, point, low_open=True)
    elif counted or exact or chinese:
        interval = Interval.exact(point)
    else:
        half = factor / 2 / 10**decimals
        interval = Interval(point - half, point + half)
    return Quantity(point, interval, dimension, kind)
