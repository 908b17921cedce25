"""Say numbers and comparisons in English and in Chinese; every word that depends on data is chosen here."""

import math
import string
from fractions import Fraction

from .numbers import direction, read_numeral

LANGUAGES = ("en", "zh")
MINUS = "−"


def number(value, decimals):
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
    >>> number(Fraction(-1, 20), 1), number(Fraction(1210207), 0)
    ('−0.1', '1,210,207')
    """
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        raise ValueError(f"{value} cannot be printed as a number")
    exact = Fraction(value)
    rounded = int(abs(exact) * 10**decimals + Fraction(1, 2))
    whole, rest = divmod(rounded, 10**decimals)
    return (MINUS if exact < 0 and rounded else "") + f"{whole:,}" + (f".{rest:0{decimals}d}" if decimals else "")


def percent(quantity, decimals=1):
    """A rate as ``4.8%``, the same in both languages."""
    return number(quantity.value * 100, decimals) + "%"


def points(quantity, lang, decimals=1, *, long=False):
    """Percentage points as ``1.8 pp`` (``1.8 percentage points`` if long) or ``1.8个百分点``."""
    return number(quantity.value * 100, decimals) + {"en": "\u00a0percentage points" if long else "\u00a0pp", "zh": "个百分点"}[lang]


def point_range(quantity, lang, decimals=2):
    """The interval of a difference in points, as ``1.75 to 1.85 pp``."""
    low, high = number(quantity.low * 100, decimals), number(quantity.high * 100, decimals)
    return f"{low} to {high}\u00a0pp" if lang == "en" else f"{low}至{high}个百分点"


def money(quantity, lang, decimals=1):
    r"""Yuan as ``34.43 billion yuan`` or ``344.3亿元``; `decimals` counts those of the 亿元 value.

    Examples
    --------
    >>> from workreport.units import quantity_of
    >>> gdp = quantity_of("344.3", "亿元")
    >>> print(money(gdp, "en"), money(gdp, "zh"))
    34.43 billion yuan 344.3亿元
    """
    if lang == "zh":
        return number(quantity.value / 10**8, decimals) + "亿元"
    return number(quantity.value / 10**9, decimals + 1) + "\u00a0billion yuan"


_UNITS_EN = {
    "元": ("yuan", 1), "美元": ("US dollars", 1), "亩": ("hectares", Fraction(1, 15)), "公顷": ("hectares", 1), "平方米": ("square metres", 1),
    "斤": ("kg", Fraction(1, 2)), "吨": ("tonnes", 1), "天": ("days", 1), "年": ("years", 1), "%": ("%", 1), "个百分点": ("percentage points", 1),
    "人": ("people", 1), "户": ("households", 1),
}  # fmt: skip
_SCALES = ((12, "trillion "), (9, "billion "), (6, "million "), (0, ""))


def international(value, unit):
    r"""A printed Chinese number as an English reader writes it, with the digits it was printed with.

    Parameters
    ----------
    value, unit : str
        As printed.

    Returns
    -------
    str
        Empty where there is no number. Areas and weights in hectares and kilograms or tonnes;
        1 亩 is 1/15 hectare.

    Examples
    --------
    >>> print(international("344.3", "亿元"), international("1.2", "万亩"), international("4.8", "%"))
    34.43 billion yuan about 800 hectares 4.8%
    """
    if value in ("not stated", "not found"):
        return ""
    printed, decimals = read_numeral(value)
    power = {"万": 4, "亿": 8}.get(unit[:1], 0)
    name, factor = _UNITS_EN.get(unit[1:] if power else unit, ("", 1))
    exact = printed * 10**power * factor
    large = power or not value.lstrip("-")[:1].isdigit()
    scale, word = next((s for s in _SCALES if large and abs(exact) >= 10 ** s[0]), _SCALES[-1])
    shown, kept, about = exact / 10**scale, max(scale - power + decimals, 0), ""
    kept += (shown * 10**kept).denominator == 2  # half a kilogram
    if unit.endswith("亩"):  # no power of ten: as many digits as were printed, at least two
        digits = max(len(value.replace(".", "")), 2) - len(str(int(shown)))
        shown, kept, about = Fraction(round(shown * 10**digits)) / 10**digits, max(digits, 0), "about "
    text = number(shown, kept)
    if "." in text and not decimals and not about:
        text = text.rstrip("0").removesuffix(".")
    return f"{text}%" if name == "%" else f"{about}{text} {word}{name}".rstrip().replace(" ", "\u00a0")


def listing(items, lang):
    """Words joined as a list: ``a, b and c`` or ``a、b和c``."""
    items = list(items)
    if not items:
        raise ValueError("an empty list has no words")
    comma, last = {"en": (", ", " and "), "zh": ("、", "和")}[lang]
    return last.join(filter(None, (comma.join(items[:-1]), items[-1])))


def count_word(n, lang):
    """A small count in words, larger ones in digits."""
    words = {"en": "no one two three four five six seven eight nine ten".split(), "zh": "零一两三四五六七八九十"}[lang]
    return words[n] if 0 <= n < len(words) else str(n)


_DIRECTIONS = {
    "en": {"above": "above", "below": "below", "within_rounding": "within rounding of", "equal": "equal to"},
    "zh": {"above": "高于", "below": "低于", "within_rounding": "在舍入范围内等同于", "equal": "等于"},
}


def direction_word(difference, lang):
    """``above``, ``below``, ``within rounding of`` or ``equal to``, decided by the whole interval."""
    return _DIRECTIONS[lang][direction(difference)]


class _Strict(string.Formatter):
    def get_value(self, key, args, kwargs):
        value = kwargs[key]
        if value is None or value == "" or (isinstance(value, float) and not math.isfinite(value)) or str(value) in ("nan", "None"):
            raise ValueError(f"the sentence has nothing to say for {{{key}}}: {value!r}")
        return value


def say(template, **facts):
    """Fill a sentence, refusing missing, empty and not-a-number facts.

    Raises
    ------
    KeyError
        If a fact is missing.
    ValueError
        If a fact is None, empty, NaN or infinite.
    """
    return _Strict().vformat(template, (), facts)
