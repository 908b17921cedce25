"""What a fact becomes in a sentence: ``{own:%}``, ``{lead:pp}``, ``{lead:side}``, ``{area}`` in English and in Chinese.

Here: the ways to say a number, a name, a list, and the sentence that holds them. The words that more
than one notebook uses stand in ``vocabulary.toml``. Not here: the sentences, which stand in the notebooks
beside their conditions.

A fact is a `Quantity`; the id of an indicator or an area, said by its name; a whole number; a `Sentence`;
a list of these, joined with "and" or 、; or a text that needs no language. A way is a name with an
optional count of digits: ``{share:%0}``.

=============  =====================================================================================
way            says
=============  =====================================================================================
(none)         a quantity in its own manner; a name inside a sentence; a number with commas
``%``          a rate or a ratio in percent, with the digits it was stated with
``pp``         percentage points in short, ``points`` in full
``money``      yuan in the scale of the language: 34.43bn yuan, 344.3亿元
``amount``     a count, an area, a weight: 40,800, 4.08万户
``number``     the digits alone, in the unit of the report
``worded``     a quantity with what the report says of it: at least 11%, 11%以上
``range``      the interval; ``low`` and ``high`` its ends
``side``       above, below, too close to call, equal to: decided by the whole interval
``standing``   the same in a table: ahead, behind, too close to call, level
``rank``       1st, 第1位
``times``      a ratio as a multiple: 5.3 times, 5.3倍
``word``       a small count in words; ``ordinal`` a first, second, third
``label``      a name, or a phrase, as it begins a sentence or a label; ``full`` the long name
``one/many``   the word that goes with a whole number: {n} {n:rank/ranks}
``year``       a whole number without commas; ``day`` a date; ``period`` a year, a span of years, a part of a year
``;``          a list with semicolons; ``or`` a list joined with "or"
``text``       a text as it is; any group of ``vocabulary.toml`` turns a text into its word
=============  =====================================================================================

A bar before a way leaves out the sign, for a verb that says it: ``{change:|%}``. A floor is never rounded up
and a ceiling never down.
"""

import datetime
import math
import re
import string
import tomllib
from fractions import Fraction
from functools import cache
from pathlib import Path

from .numbers import Missing, Quantity, direction, fixed

LANGUAGES = ("en", "zh")
HERE = Path(__file__).resolve().parent
_WAY = re.compile(r"(\|?)([a-z_]*|%|;)([0-9]*)")
_JOINS = {
    "": {"en": (", ", " and "), "zh": ("、", "、")}, ";": {"en": ("; ", "; "), "zh": ("；", "；")},
    "or": {"en": (", ", " or "), "zh": ("、", "或")},
}  # fmt: skip
_DIMENSIONS = {
    "joule": ("kilowatt-hours", 3600000), "square_metre": ("hectares", 10000), "kilogram": ("tonnes", 1000),
    "day": ("days", 1), "year": ("years", 1), "dollar": ("dollars", 1),
}  # fmt: skip
_POINTS = {"en": {"pp": "\u00a0pp", "points": "\u00a0percentage points"}, "zh": dict.fromkeys(("pp", "points"), "个百分点")}


class WordingError(ValueError):
    """A sentence that cannot be said: what is wrong with it, and what to do."""


@cache
def vocabulary():
    """Words by group, key and language, from ``vocabulary.toml``."""
    return tomllib.loads((HERE / "vocabulary.toml").read_text(encoding="utf-8"))


def names_of(report):
    """Names of every indicator and area of a report.

    Returns
    -------
    dict of str to dict of str to tuple of str
        By id and language: inside a sentence, as a label, in full, as a label in a chart.
    """
    names = {}
    for rows in (report.indicators, report.areas):
        for key, row in rows.items():
            names[key] = {lang: _forms(*(row.get(f"{form}_{lang}", "") for form in ("short", "name", "label"))) for lang in LANGUAGES}
    return names


def _forms(short, full, drawn):
    short = short or full
    label = short.removeprefix("the ")
    label = label[:1].upper() + label[1:]
    return short, label, full, drawn or label


class Words:
    """How facts are said, given the names of a report.

    Parameters
    ----------
    report : Report
    """

    def __init__(self, report):
        self.report, self.names = report, names_of(report)

    def labels(self, lang):
        """Label of every id in one language, for charts."""
        return {key: forms[lang][3] for key, forms in self.names.items()}

    def say(self, value, way, lang):
        """One fact in one language.

        Raises
        ------
        WordingError
            If it is missing, empty or not a number, or cannot be said that way.
        """
        if "/" in way and hasattr(value, "__index__"):
            return way.split("/")[int(value) != 1]
        parts = _WAY.fullmatch(way)
        if not parts:
            raise WordingError(f"'{way}' is no way to say a fact: see help('workreport.words')")
        bare, name, digits = parts[1], parts[2], int(parts[3]) if parts[3] else None
        endless = isinstance(value, float) and not math.isfinite(value)
        if value is None or endless or (isinstance(value, (str, list, tuple)) and not value):
            raise WordingError(f"there is nothing to say: {value!r}")
        if isinstance(value, Missing):
            raise WordingError(f"{value.what or ', '.join(value.ids)} is {value.why}: say so in a sentence of its own")
        if isinstance(value, (list, tuple)):
            said = [self.say(one, "" if name in _JOINS else way, lang) for one in value]
            comma, last = _JOINS[name if name in _JOINS else ""][lang]
            return last.join(filter(None, (comma.join(said[:-1]), said[-1])))
        if isinstance(value, Sentence):
            said = value.text(lang)
            return said[:1].upper() + said[1:] if name == "label" else said
        if isinstance(value, str):
            return self._text(value, name, lang)
        if isinstance(value, Quantity):
            said = self._quantity(-value if bare and value.value < 0 else value, name, digits, lang)
        elif isinstance(value, bool) or not hasattr(value, "__index__"):
            raise WordingError(f"{value!r} is no fact: give a quantity, an id, a whole number or a sentence")
        else:
            said = _whole(int(value), name, lang)
        return said.replace(",", "") if lang == "zh" else said  # Chinese groups no thousands

    def _text(self, value, name, lang):
        if name in ("", "label", "full"):
            if value in self.names:
                return self.names[value][lang][("", "label", "full").index(name)]
            if not name and not re.search(r"[A-Za-z\u4e00-\u9fff]{2}", value):
                return value
            do = "give both languages (page.phrase), or {…:text} if it needs none"
            raise WordingError(f"'{value}' is no id of an indicator or area: {do}")
        if name == "text":
            return value
        if name in ("day", "period"):
            return {"day": day, "period": period}[name](value, lang)
        group = vocabulary().get(name)
        if group is None:
            raise WordingError(f"'{name}' is no way to say '{value}': see help('workreport.words')")
        if value not in group:
            raise WordingError(f"vocabulary.toml has no word for '{value}' in [{name}]: add it in both languages")
        return group[value][lang]

    def _quantity(self, q, name, digits, lang):
        if name == "" and q.kind == "places":
            n = _rounded(q, q.value, 0)
            return n + {"en": "\u00a0place" + "s" * (n.lstrip("−") != "1"), "zh": "位"}[lang]
        if name == "":
            name = {"rate": "%", "points": "pp", "rank": "rank"}.get(q.kind, "money" if q.dimension == (("yuan", 1),) else "amount")
        if name == "%":
            if q.dimension or q.kind not in ("rate", ""):
                raise WordingError(f"{q} is no rate and no share: it has no percent")
            return _rounded(q, q.value * 100, _digits(q, digits)) + "%"
        if name in _POINTS[lang]:
            if q.kind != "points":
                raise WordingError(f"{q} is no difference between two rates: it has no percentage points")
            said = _rounded(q, q.value * 100, _digits(q, digits))
            return said + (_POINTS[lang][name].removesuffix("s") if lang == "en" and said.lstrip("−") == "1" else _POINTS[lang][name])
        if name == "worded":
            said = self._quantity(q, "", digits, lang)
            return vocabulary()["qualifier"][q.qualifier][lang].replace("…", said) if q.qualifier else said
        if name in _SAID:
            return _SAID[name](q, digits, lang)
        if name in ("side", "standing"):
            return vocabulary()[name][direction(q)][lang]
        if name in ("low", "high", "range"):
            return self._interval(q, name, digits, lang)
        raise WordingError(f"'{name}' is no way to say {q}: see help('workreport.words')")

    def _interval(self, q, name, digits, lang):
        percent = q.kind in ("rate", "points") or not (q.dimension or q.kind or q.unit)
        scale = (lambda end: end * 100) if percent else q.in_unit
        places = (_digits(q, None) if percent else q.digits()) + 1 if digits is None else digits
        unit = {"points": _POINTS[lang]["pp"]}.get(q.kind, "%" if percent else "")
        if name != "range":
            return fixed(scale(q.low if name == "low" else q.high), places) + unit
        low, high = (fixed(scale(end), places) for end in (q.low, q.high))
        return f"{low} to {high}{unit}" if lang == "en" else f"{low}{unit if unit == '%' else ''}至{high}{unit}"


def _digits(q, digits):
    if digits is not None:
        return digits
    if q.kind in ("rate", "points"):
        return q.digits()
    width = (q.high - q.low) * 50 if q.interval.bounded else 0
    return max(0, math.floor(-math.log10(width))) if width else 0


def _rounded(q, value, digits):
    """A value of a quantity with so many digits; a floor down, a ceiling up, everything else to the nearest."""
    step = Fraction(1, 10**digits)
    if q.qualifier in ("at_least", "more_than"):
        value = math.floor(value / step) * step
    elif q.qualifier == "at_most":
        value = math.ceil(value / step) * step
    text = fixed(value, digits)
    # Digits that say nothing: 73.00m for "more than 73 million".
    return text.rstrip("0").rstrip(".") if "." in text and (q.exact_value or not q.interval.bounded) and not q.decimals else text


def _whole(n, name, lang):
    if name in ("word", "ordinal"):
        group = vocabulary()["numbers"][name][lang]
        return group[n] if 0 <= n < len(group) else str(n) if name == "word" else ordinal(n, lang)
    if name == "year":
        return str(n)
    if name == "rank":
        return ordinal(n, lang)
    if name in ("", "number"):
        return fixed(n, 0)
    raise WordingError(f"'{name}' is no way to say {n}: see help('workreport.words')")


def ordinal(n, lang):
    """A rank: ``1st``, ``第1位``."""
    if lang == "zh":
        return f"第{n}位"
    ending = "th" if 10 <= n % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{ending}"


def day(date, lang):
    """A date as each language writes it; of a day or a month that is not known, what is.

    Examples
    --------
    >>> day("2023-02-08", "en"), day("2023-02-08", "zh")
    ('8 February 2023', '2023年2月8日')
    >>> day("2024", "en"), day("2024-01", "zh")
    ('2024', '2024年1月')
    """
    year, *rest = date.split("-")
    if len(rest) < 2:
        month = datetime.date(int(year), int(rest[0]), 1) if rest else None
        return (f"{month:%B} {year}" if month else year) if lang == "en" else f"{year}年" + (f"{month.month}月" if month else "")
    at = datetime.date.fromisoformat(date)
    return f"{at.day} {at:%B} {at.year}" if lang == "en" else f"{at.year}年{at.month}月{at.day}日"


def period(told, lang):
    """A year, a yearly average over a span of years, or a part of a year.

    Examples
    --------
    >>> period("2016-2020", "en"), period("2023Q2", "zh"), period("2023M05", "en")
    ('2016–2020, yearly average', '2023年上半年', '2023, January to May')
    """
    year, part, rest = told[:4], told[4:5], told[5:]
    if part == "-":
        return f"{year}–{rest}, yearly average" if lang == "en" else f"{year}—{rest}年年均"
    if part == "Q":
        names = {"en": ("", ", first quarter", ", first half", ", first three quarters", ""), "zh": ("", "一季度", "上半年", "前三季度", "")}
        return year + ("年" if lang == "zh" else "") + names[lang][int(rest)]
    if part == "M":
        return f"{year}, January to {datetime.date(int(year), int(rest), 1):%B}" if lang == "en" else f"{year}年1—{int(rest)}月"
    return year


def _precision(q):
    """Power of ten of the last digit that is known, in base units; None for an exact derived number."""
    if q.decimals is not None:
        return round(math.log10(q.factor)) - q.decimals
    width = (q.high - q.low) / 2 if q.interval.bounded else 0
    return math.ceil(math.log10(width)) if width else None


def _money(q, digits, lang):
    if q.dimension != (("yuan", 1),):
        raise WordingError(f"{q} is no amount in yuan")
    scales = ((8, "亿元"), (4, "万元"), (0, "元"))
    if lang == "en":
        scales = ((12, "tn\u00a0yuan"), (9, "bn\u00a0yuan"), (6, "m\u00a0yuan"), (0, "\u00a0yuan"))
    power, unit = next((p, u) for p, u in scales if abs(q.value) >= 10**p or not p)
    known = _precision(q)
    if known is not None and abs(round(q.value / 10**known) * 10**known - q.value) * 20 > abs(q.value):  # 340m is no 300m
        known -= 1
    if digits and 0 < power < scales[-3][0]:  # digits are those of the large scale: 1.77bn, 869m
        digits = max(0, digits - scales[-3][0] + power)
    if digits is None:
        digits = 1 if known is None and power else max(0, power - (known or 0))
    digits = 0 if known is not None and known > power else digits  # 680m yuan, known to ten million
    scaled = Fraction(q.value) / 10**power
    if known is not None and known > power:  # rounding leaves less than whole units: 76,900 yuan
        scaled = Fraction(round(scaled / 10 ** (known - power)) * 10 ** (known - power))
    return _rounded(q, scaled, digits) + unit


def _amount(q, digits, lang):
    if lang == "zh":
        return _rounded(q, q.in_unit(q.value), q.digits() if digits is None else digits) + (q.unit if q.kind != "rank" else "")
    name, one = _DIMENSIONS[q.dimension[0][0]] if q.dimension and q.dimension[0][0] in _DIMENSIONS else ("", 1)
    known, scaled, millions = _precision(q), Fraction(q.value) / one, ""
    if name and abs(scaled) >= 10**6:
        one, scaled, millions = one * 10**6, scaled / 10**6, "m"
    shown = max(0, math.ceil(math.log10(one)) - known) if digits is None and known is not None else digits or 0
    return _rounded(q, scaled, shown) + millions + (f"\u00a0{name}" if name else "")


_SAID = {
    "money": _money,
    "amount": _amount,
    "number": lambda q, digits, lang: _rounded(q, q.in_unit(q.value), q.digits() if digits is None else digits),
    "rank": lambda q, digits, lang: ordinal(int(q.value), lang),
    "word": lambda q, digits, lang: _whole(int(q.value), "word", lang),
    "times": lambda q, digits, lang: fixed(q.value, 1 if digits is None else digits) + {"en": "\u00a0times", "zh": "倍"}[lang],
}


class Sentence:
    """A text in both languages with its facts.

    Parameters
    ----------
    words : Words
    en, zh : str
        With ``{fact:way}``; both use the same facts.
    facts : dict
    known : dict
        Facts that either language may use or leave: names of areas, the year.

    Raises
    ------
    WordingError
        If a fact is missing, unused, said in one language only, or cannot be said.
    """

    def __init__(self, words, en, zh, facts, known=None):
        self.templates, known = {"en": en, "zh": zh}, {k: v for k, v in (known or {}).items() if k not in facts}
        used = {lang: list(_fields(template)) for lang, template in self.templates.items()}
        named = {lang: {name for name, _ in fields} - known.keys() for lang, fields in used.items()}
        said = {lang: {name for name, way in fields if "/" not in way} - known.keys() for lang, fields in used.items()}
        if said["en"] != said["zh"]:  # the plural of a noun says nothing of its own
            only = ", ".join(f"{{{name}}}" for name in sorted(said["en"] ^ said["zh"]))
            raise WordingError(f"the two languages do not say the same: {only} stands in one of them only")
        if missing := sorted(named["en"] - facts.keys()):
            raise WordingError(f"no fact for {{{missing[0]}}}: given are {', '.join(facts) or 'none'}")
        if unused := sorted(facts.keys() - named["en"]):
            raise WordingError(f"the fact {unused[0]} is not said: use it or leave it out")
        self.rests, self.bare = (), not facts  # figures it rests on without saying them; whether it says no fact
        self.shown = False
        facts = facts | known
        self._said = {}
        for lang in LANGUAGES:
            pieces = []
            for literal, name, way, _ in string.Formatter().parse(self.templates[lang]):
                pieces.append(literal)
                if name is not None:
                    try:
                        pieces.append(words.say(facts[name], way or "", lang))
                    except WordingError as error:
                        raise WordingError(f"{{{name}{':' + way if way else ''}}}: {error}") from None
            self._said[lang] = "".join(pieces)
        self._said["en"] = re.sub(r"(?<=[A-Za-z])'(?=[A-Za-z\s,.;:)]|$)", "’", self._said["en"])
        self._asked = [(value, way) for name, way in used["en"] for value in _flat(facts[name])]

    def text(self, lang):
        """The sentence in one language."""
        return self._said[lang]

    def _ipython_display_(self):
        """A claim at the end of a cell was shown already, in the language of the page."""
        if not self.shown:
            raise NotImplementedError

    def begin(self):
        """This sentence with a capital letter in English, whatever fact it begins with."""
        self._said["en"] = re.sub(r"^(\W*)(\w)", lambda found: found[1] + found[2].upper(), self._said["en"])
        return self

    @property
    def quantities(self):
        """Every quantity it says, those of sentences within it too."""
        return [value for value, _ in self.asked if isinstance(value, Quantity)]

    @property
    def asked(self):
        """Every fact with the way it is said, those of sentences within it too."""
        for value, way in self._asked:
            yield from value.asked if isinstance(value, Sentence) else [(value, way)]

    @property
    def ids(self):
        """Figures it rests on, in the order said."""
        return tuple(dict.fromkeys([*(i for q in self.quantities for i in q.ids), *self.rests]))

    @property
    def strength(self):
        """What it rests on: ``outside data``, ``within rounding``, ``whole interval``, ``exact``, ``stated`` or ``argument``."""
        if self.bare:
            return "argument"
        if any(i.startswith("P") for i in self.ids):
            return "outside data"
        if any(way == "side" and direction(v) == "within_rounding" for v, way in self.asked if isinstance(v, Quantity)):
            return "within rounding"
        derived = [q for q in self.quantities if len(q.ids) > 1 or q.formula not in q.ids]
        if derived or any(way == "side" for _, way in self.asked):
            return "exact" if derived and all(q.exact_value for q in derived) else "whole interval"
        return "stated"

    def __repr__(self):
        return self._said["en"]


def _fields(template):
    for _, name, way, _ in string.Formatter().parse(template):
        if name is not None:
            if not name.isidentifier():
                raise WordingError(f"{{{name}}} is no name of a fact")
            yield name, way or ""


def _flat(fact):
    if isinstance(fact, (list, tuple)):
        for one in fact:
            yield from _flat(one)
    else:
        yield fact
