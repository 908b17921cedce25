"""The one place where printed units become base units, with the exact factors of `data/units.csv`."""

import csv
import re
from fractions import Fraction
from functools import cache
from pathlib import Path

from .numbers import INFINITY, Interval, Quantity, read_numeral

TABLE = Path(__file__).resolve().parents[2] / "data/units.csv"
_LARGE = ("千万", "百万", "十亿", "百亿", "千亿", "万亿", "百", "千", "万", "亿")
MULTIPLIERS = {m: 10 ** sum({"十": 1, "百": 2, "千": 3, "万": 4, "亿": 8}[c] for c in m) for m in _LARGE}
_KINDS = ("rate", "points", "rank", "places", "count")
# Words that begin with the character of a unit: 第一方阵 and 3.0方案 measure no volume, 百亿项目 counts no items.
_WORDS = re.compile("方[案阵]|位一体|对[一1]|起来|节气|组团|单制|人民|项目(?!标)|强企(?!业)|本(?:上线|招生|录取|科)|期[间末]|口岸")
_PER = re.compile("[/／](?=[\u4e00-\u9fffA-Za-z])")
# What is told one by one, so that a number without a multiplier is no rounded one.
_TOLD = ("count", "rank", "places", "day", "year", "month", "working_day")


class UnknownUnit(ValueError):
    """A printed unit that the table of units does not hold, or holds as one that no factor makes a number."""


@cache
def table():
    """Rows of `data/units.csv` by unit: what it measures, factor (None where there is none) and English word.

    A row that breaks its form is left out: the loader of the tables names it.
    """
    rows = {}
    with TABLE.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            try:
                factor = Fraction(row["factor"]) if row["measures"] != "refused" else None
                rows[row["unit"]] = row["measures"], factor, row["word_en"]
            except (KeyError, TypeError, ValueError, ZeroDivisionError):
                continue
    return rows


@cache
def parse_unit(unit):
    """Split a printed unit into dimension, kind and factor.

    Parameters
    ----------
    unit : str
        As printed, with its multiplier: ``亿元``, ``万亩``, ``%``, ``个百分点``, ``位``; a multiplier alone or the
        empty string is a bare number (10万农业人口).

    Returns
    -------
    dimension : tuple
        As in `numbers.Quantity`.
    kind : str
        As in `numbers.Quantity`.
    factor : Fraction
        What one printed unit is in base units.
    exact : bool
        Whether a number printed with this unit is exact: counts, days, months, years and places without
        a multiplier.

    Raises
    ------
    UnknownUnit
        If the unit is not in the table, or no factor makes it a number (``番``).

    Examples
    --------
    >>> parse_unit("亿元")
    ((('yuan', 1),), '', Fraction(100000000, 1), False)
    >>> parse_unit("万亿元")[2] == 10**12
    True
    """
    if unit == "" or unit in MULTIPLIERS:
        return (), "", Fraction(MULTIPLIERS.get(unit, 1)), unit == ""
    for multiplier in ("", *_LARGE):
        known = table().get(unit.removeprefix(multiplier)) if unit.startswith(multiplier) else None
        if known is None or (multiplier and known[0] in _KINDS[:-1]):
            continue
        measures, factor, word = known
        if factor is None:
            raise UnknownUnit(f"'{unit}' ({word}) cannot be made a number: units.csv refuses it")
        factor *= MULTIPLIERS.get(multiplier, 1)
        exact = measures in _TOLD and factor == 1
        if measures in _KINDS:
            return (), measures, factor, exact
        above, _, below = measures.partition("/")
        return tuple(sorted([(above, 1)] + [(below, -1)] * bool(below))), "", factor, exact
    raise UnknownUnit(f"'{unit}' is not in the table of units (units.csv): add a row, or correct it from the text")


def said_unit(unit):
    """A printed unit by language.

    Examples
    --------
    >>> said_unit("亿元")["en"], said_unit("个百分点")["en"], said_unit("万")["en"]
    ('100,000,000 yuan', 'percentage points', '10,000')
    """
    if unit in table():
        return {"en": table()[unit][2], "zh": unit}
    multiplier = max((m for m in _LARGE if unit.startswith(m)), key=len, default="")
    word = "" if unit == multiplier else table()[unit.removeprefix(multiplier)][2]
    return {"en": f"{MULTIPLIERS[multiplier]:,} {word}".strip() if multiplier else word, "zh": unit}


@cache
def _longest():
    return max(map(len, table())) + max(map(len, _LARGE))


def leading_unit(text):
    """The longest printed unit that a text begins with; empty where there is none.

    One that no factor makes a number counts: ``番`` is read as such and refused by name, not passed over. So is one
    over another that the table does not have: what is printed as 元/人 is no 元.

    Examples
    --------
    >>> leading_unit("个百分点。"), leading_unit("万亩高标准农田"), leading_unit("方案")
    ('个百分点', '万亩', '')
    """
    for end in range(min(len(text), _longest()), 0, -1):
        for multiplier in ("", *_LARGE):
            if text.startswith(multiplier) and (text[len(multiplier) : end] in table() or text[:end] in MULTIPLIERS):
                if _WORDS.match(text, end - 1):
                    break
                while _PER.match(text, end):
                    end += 1 + (len(leading_unit(text[end + 1 :])) or 1)
                return text[:end]
    return ""


def quantity_of(value, unit, qualifier="", exact=False, ids=()):
    """Turn a printed value into a quantity in base units.

    Parameters
    ----------
    value : str
        As printed, with a minus for a fall.
    unit : str
        As printed.
    qualifier : {"", "about", "at_least", "at_most", "more_than"}
        Bounds speak of the size printed and run to infinity, or to zero for ``at_most``: a fall of at least 3 % is
        -3 % or lower; ``about`` keeps the rounding interval, since the print says no more.
    exact : bool
        Take the value as exact whatever its unit (targets, class boundaries).
    ids : tuple of str
        The figure that states it.

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
    size, chinese = abs(number) * factor, not value.lstrip("-")[:1].isdigit()
    if qualifier in ("at_least", "more_than"):
        interval = Interval(size, INFINITY, low_open=qualifier == "more_than", high_open=True)
    elif qualifier == "at_most":
        interval = Interval(Fraction(0), size)
    elif counted or exact or (chinese and kind != "rate"):
        interval = Interval.exact(size)
    else:
        half = factor / 2 / 10**decimals
        interval = Interval(size - half, size + half)
    interval = -interval if number < 0 else interval
    return Quantity(number * factor, interval, dimension, kind, unit, factor, decimals, qualifier == "about", ids)
