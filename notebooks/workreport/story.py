"""What every story is made of: texts in both languages, charts, blocks, findings.

The sentences stand in ``texts/NAME.toml``, English and Chinese side by side, with ``{facts}`` to
fill in. A fact is a text, or a text by language; `each` makes the latter.
"""

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pandas as pd

from .prose import LANGUAGES, number, percent, points, say
from .sources import area_name, caveats, compact_ids, indicator_name, source_line

FOLDER = Path(__file__).resolve().parent / "texts"
STRENGTHS = ("stated", "exact", "whole interval", "within rounding", "outside data")


def each(function, *arguments, **options):
    """A text by language: the function called with each language."""
    return {lang: function(*arguments, lang, **options) for lang in LANGUAGES}


def name_of(report, indicator):
    """Name of an indicator by language, as a label."""
    return each(lambda lang: indicator_name(report, indicator, lang))


def noun_of(report, indicator):
    """Name of an indicator by language, as it stands inside a sentence."""
    return {lang: lower(text) if lang == "en" else text for lang, text in name_of(report, indicator).items()}


def place_of(report, area, *, start=False):
    """Name of an area by language; with `start`, as a label."""
    return each(lambda lang: area_name(report, area, lang, start=start))


def lower(name):
    """An English name inside a sentence: abbreviations and proper names keep their capitals."""
    first, _, rest = name.partition(" ")
    return name if first[:2].isupper() or first in PROPER else f"{first.lower()} {rest}".rstrip()


PROPER = {"Qinyang", "Jiaozuo", "Henan", "China", "PM2.5", "VAT", "R&D", "Tea"}


def printed(figure):
    """A rate of growth or share with the decimals it was printed with."""
    return percent(figure.quantity, figure.decimals)


def in_percent(quantity):
    """Value, low and high of a rate or of points, as numbers of percent for the rows of a chart."""
    return {"value": float(quantity.value * 100), "low": float(quantity.low * 100), "high": float(quantity.high * 100)}


def interval_percent(quantity, decimals=2):
    """A rate's interval by language: ``2.90 to 3.10%``."""
    low, high = number(quantity.low * 100, decimals), number(quantity.high * 100, decimals)
    return {"en": f"{low} to {high}%", "zh": f"{low}%至{high}%"}


def signed(quantity, decimals=1):
    """Percentage points by language."""
    return each(lambda lang: points(quantity, lang, decimals))


@dataclass(frozen=True)
class Finding:
    """A claim that the collection makes: a chart title or a sentence of an answer.

    Parameters
    ----------
    name : str
        Story and claim, ``growth.overall``.
    text : dict of str to str
        By language.
    expression : str
        How it follows from the figures.
    figure_ids : tuple of str
    strength : {"stated", "exact", "whole interval", "within rounding", "outside data"}
        Printed in the report; follows from exact numbers; holds over the whole rounding interval;
        does not, and is worded so; needs published statistics.
    """

    name: str
    text: dict
    expression: str
    figure_ids: tuple
    strength: str

    def __post_init__(self):
        if self.strength not in STRENGTHS:
            raise ValueError(f"{self.name}: '{self.strength}' is none of {', '.join(STRENGTHS)}")

    def row(self, report):
        """The finding as a row of the findings table."""
        return {
            "finding": self.name, "claim_en": self.text["en"], "claim_zh": self.text["zh"], "expression": self.expression,
            "figure_ids": compact_ids(self.figure_ids), "strength": self.strength,
            "caveats": "; ".join(r["erratum_id"] for r in report.tables["errata"].rows if set(r["figure_ids"].split()) & set(self.figure_ids)),
        }  # fmt: skip


@dataclass
class Chart:
    """What is drawn and what is said about it, in both languages.

    Parameters
    ----------
    name : str
        Last part of the file stem.
    form : callable
        A chart form of `charts`.
    rows : DataFrame
        Tidy rows; a column pair ``x_en``, ``x_zh`` becomes ``x`` in the language drawn. ``ids``
        names the figures behind each row.
    title, subtitle, alt, source : dict of str to str
        By language.
    figure_ids : list of str
    options : dict
        Further arguments of the form; pairs ``x_en``, ``x_zh`` as above.
    key : list of (str, dict)
        Palette key and name by language, for charts whose parts cannot be named directly.
    formulas : dict of str to str
        Derived value to formula.
    caveats : dict of str to list of str
    claim : Finding or None
        What the title claims, for the register of findings.
    """

    name: str
    form: callable
    rows: pd.DataFrame
    title: dict
    subtitle: dict
    alt: dict
    source: dict
    figure_ids: list
    options: dict = field(default_factory=dict)
    key: list = field(default_factory=list)
    formulas: dict = field(default_factory=dict)
    caveats: dict = field(default_factory=lambda: {lang: [] for lang in LANGUAGES})
    claim: object = None


@dataclass
class Block:
    """A piece of evidence, each text by language: question, method, table, chart, finding."""

    question: dict
    method: dict
    table: dict = field(default_factory=dict)
    chart: Chart | None = None
    finding: dict = field(default_factory=dict)


@cache
def _load(name):
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Texts:
    """The sentences of one story.

    Parameters
    ----------
    name : str
        Of the file below ``texts/``.
    """

    name: str

    def get(self, key):
        """The entry at a dotted key, by language.

        Raises
        ------
        KeyError
            If it is missing or lacks a language.
        """
        entry = _load(self.name)
        for part in key.split("."):
            if part not in entry:
                raise KeyError(f"texts/{self.name}.toml has no {key}")
            entry = entry[part]
        for lang in LANGUAGES:
            if lang not in entry:
                raise KeyError(f"texts/{self.name}.toml: {key} has no text in '{lang}': write it")
        return {lang: entry[lang] for lang in LANGUAGES}

    def group(self, key):
        """Every text below a key, by language."""
        return {name: self.get(f"{key}.{name}") for name in _load(self.name)[key]}

    def say(self, key, **facts):
        """The sentence at a key in both languages, with its facts filled in (see `prose.say`)."""
        return {lang: say(text, **_of(facts, lang)) for lang, text in self.get(key).items()}

    def finding(self, key, expression, ids, strength, **facts):
        """The sentence at a key as a `Finding`."""
        return Finding(f"{self.name}.{key}", self.say(key, **facts), expression, tuple(dict.fromkeys(ids)), strength)

    def table(self, key, rows):
        """Rows of cells under the headings at a key, by language; a cell is a text or a text by language."""
        heads = self.get(f"{key}.table")
        return {lang: [dict(zip(heads[lang], (_in(cell, lang) for cell in row), strict=True)) for row in rows] for lang in LANGUAGES}

    def block(self, key, *, table=(), chart=None, finding=None, **facts):
        """The block at a key: its question and method, with a table, a chart and a finding."""
        rows = self.table(key, table) if table else {}
        return Block(self.say(f"{key}.question", **facts), self.say(f"{key}.method", **facts), rows, chart, finding or {})

    def chart(self, report, key, form, rows, title, *, alt=None, formulas=None, options=None, legend=(), **facts):
        """The chart at a key: its subtitle and alt text, with the rows and the title given.

        Parameters
        ----------
        rows : list of dict
            A value by language becomes a pair of columns. ``ids`` names the figures of each row.
        title : Finding
        alt : dict, optional
            Facts of the alt text besides ``{title}``.
        legend : list of (str, dict)
            Palette key and name by language.
        """
        ids = sorted({i for row in rows for i in row["ids"].split()} | set(title.figure_ids))
        plain = {lang: text.rstrip(".。") for lang, text in title.text.items()}
        return Chart(
            key, form, pd.DataFrame([_expand(row) for row in rows]), plain, self.say(f"{key}.subtitle", **facts),
            self.say(f"{key}.alt", title=plain, **(alt or {}), **facts), each(lambda lang: source_line(report, ids, lang)), ids,
            options=_expand(options or {}), key=list(legend), formulas=formulas or {}, caveats=each(lambda lang: caveats(report, ids, lang)), claim=title,
        )  # fmt: skip


def _in(value, lang):
    return value[lang] if isinstance(value, dict) else value


def _of(facts, lang):
    return {key: _in(value, lang) for key, value in facts.items()}


def _expand(row):
    result = {}
    for key, value in row.items():
        result |= {f"{key}_{lang}": value[lang] for lang in LANGUAGES} if isinstance(value, dict) else {key: value}
    return result


def join(items, word=None):
    """Texts by language joined as a list, by language.

    Parameters
    ----------
    items : list of (str or dict)
    word : dict of str to str, optional
        Separator by language instead of a list with "and".
    """
    from .prose import listing

    return {
        lang: word[lang].join(_in(i, lang) for i in items) if word else listing([_in(i, lang) for i in items], lang) for lang in LANGUAGES
    }
