"""Find every numeral that a text prints: which are numerals, and where they stand.

The rule
--------
A numeral is

1. a run of Arabic digits with its decimal part (``344.3``; ``2021—2035`` holds two) and its thousands
   commas (``1,234.5``); full-width digits and points count; digits that only spaces part (``5 . 5``) are one
   numeral, which `numbers.read_numeral` then refuses; or
2. a maximal run of the Chinese numeral characters ``〇零一二两三四五六七八九十百千万亿``, without

   a. the ``百千万亿`` directly behind an Arabic numeral, or behind one and a ``余``, ``多`` or ``几``, and the
      ``千`` directly before ``瓦``, ``伏``, ``米``, ``克`` or ``兆``: they belong to the unit (``亿`` in 344.3亿元,
      ``万`` in 7300余万元, ``千`` in 百万千瓦; 4万亿、5万亿两个 holds 4, 5 and 两), and
   b. the ordinary words of `ORDINARY_WORDS`, which do not begin behind ``第`` or a numeral (``第一批``,
      ``三十一年``); ``一批`` behind ``个``, ``之一`` behind ``分`` and ``十分`` before ``钟`` or ``之`` are numerals.

Names made of numerals (slogans, plans, roads), list markers, marks of footnotes and class boundaries without a
digit (``亿元以上``) are numerals; ``双`` and ``半`` are not numeral characters. Words that state a number without
one (`WORDS`: ``持平``, ``首位``) are no numerals: the ledger has those of which it has a figure.
"""

import re
from dataclasses import dataclass, replace
from pathlib import Path

from ..units import leading_unit

CHINESE_DIGITS = "〇零一二两三四五六七八九十百千万亿"
ORDINARY_WORDS = tuple(
    word
    for line in Path(__file__).with_name("ordinary_words.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
    for word in line.split()
)
# What a word states, and in which unit: to be level is to change by nothing, to double is to grow by one time.
WORDS = {"持平": ("0", "%"), "首位": ("1", "位"), "榜首": ("1", "位"), "翻番": ("1", "倍")}

_D, _SPACE = "[0-9０-９]", "[ \u3000\u00a0]"
_NUMBER = rf"{_D}+(?:(?<!{_D}{{4}})(?:,{_D}{{3}})+(?!{_D}))?(?:[.．]{_D}+)?"
# A number and a point at the beginning of a line mark an item of a list, whatever comes behind the space.
_ARABIC = re.compile(
    rf"^{_SPACE}*+(?P<mark>{_D}{{1,2}})(?=[.．]{_SPACE})"
    rf"|(?P<number>{_NUMBER}(?:(?:{_SPACE}++(?:[.．]{_SPACE}*+)?|[.．]{_SPACE}++){_D}+(?:[.．]{_D}+)?)*)",
    re.MULTILINE,
)
_CHINESE = re.compile(f"[{CHINESE_DIGITS}]+")
# A word does not begin inside a longer number (三十一年 is 三十一) or behind 第; 三个一批 and 三分之一 are numerals too.
_BEFORE = f"(?<![第{CHINESE_DIGITS}])(?<!个(?=一批))(?<!分(?=之一))"
# A word may follow a word: 统一一般. The longest is tried first. 十分 is very, but ten in 十分钟 and 十分之九;
# 一方案 is one 方案.
_WORDS = re.compile(f"{_BEFORE}(?:(?!十分[钟之]|一方案)(?:{'|'.join(sorted(ORDINARY_WORDS, key=len, reverse=True))}))++")
_MULTIPLIED = re.compile("[0-9０-９][ \u3000\u00a0]?[余多几]?\\Z")
_UNIT_OF_THOUSANDS = tuple("瓦伏米克兆")
_TO = tuple("-－–—~～至到")
_YEAR = re.compile("(?:19|20)[0-9]{2}")
# 2023-01-24 is a date.
_CHAIN_BEFORE, _CHAIN_BEHIND = re.compile(f"{_D}[-－—]\\Z"), re.compile(f"[-－—]{_D}")
_FROM = re.compile("[由从自][^，。；,;\n]{0,12}\\Z")


@dataclass(frozen=True, slots=True)
class Numeral:
    """A numeral in a text.

    Parameters
    ----------
    offset : int
        Characters before its first character.
    token : str
        Its characters as printed, without unit.
    end : {"", "low", "high"}
        Which end of a range it is (4.5-5%, 10—50万元); a span of years is no range.
    """

    offset: int
    token: str
    end: str = ""


def find_numerals(text):
    """List the numerals of a text in reading order.

    Parameters
    ----------
    text : str
        Any text; `offset` counts its characters (code points).

    Returns
    -------
    list of Numeral
        In order of offset. Runs in time linear in the length of the text.

    Examples
    --------
    >>> [n.token for n in find_numerals("完成7300余万元，增长4.8%，四大产业链")]
    ['7300', '4.8', '四']
    >>> find_numerals("社会消费品零售总额，1.8个百分点")
    [Numeral(offset=10, token='1.8', end='')]
    """
    found = [Numeral(m.start(m.lastgroup), m[m.lastgroup]) for m in _ARABIC.finditer(text)]
    without_words = _WORDS.sub(lambda words: "＿" * len(words.group()), text)
    for match in _CHINESE.finditer(without_words):
        start, token = match.start(), match.group()
        if text.startswith(_UNIT_OF_THOUSANDS, match.end()):
            token = token.removesuffix("千")
        if _MULTIPLIED.search(text[max(0, start - 3) : start]):
            start, token = start + len(token) - len(token.lstrip("百千万亿")), token.lstrip("百千万亿")
        if token:
            found.append(Numeral(start, token))
    return _with_ranges(text, sorted(found, key=lambda numeral: numeral.offset))


def _with_ranges(text, found):
    """Mark the two ends of every range."""
    for i in range(len(found) - 1):
        if not found[i].end and _joined(text, found[i], found[i + 1]):
            found[i], found[i + 1] = replace(found[i], end="low"), replace(found[i + 1], end="high")
    return found


def _joined(text, one, other):
    """Whether the second numeral is the upper end of a range that the first begins."""
    start = one.offset + len(one.token)
    if not 0 < other.offset - start <= 8 or not text.startswith(_TO, other.offset - 1):
        return False
    unit = text[start : other.offset - 1].strip(" —")
    if unit and (unit == "年" or (leading_unit(unit) != unit and unit.lstrip("百千万亿"))):
        return False
    behind = text[other.offset + len(other.token) :][:8]
    if not (unit or leading_unit(behind)) or (_YEAR.fullmatch(other.token) and behind[:1] == "年"):
        return False
    if not unit and other.token.isdecimal() and one.token.isdecimal() and int(one.token) >= int(other.token):  # 12-03
        return False
    before = text[max(0, one.offset - 13) : one.offset]
    return not (_FROM.search(before) or _CHAIN_BEFORE.search(before[-2:]) or _CHAIN_BEHIND.match(behind))


def plain(token):
    """A token with its full-width characters made plain and its thousands commas left out.

    Examples
    --------
    >>> plain("１．４"), plain("1,234.5"), plain("二十二"), plain("5 . 5")
    ('1.4', '1234.5', '二十二', '5 . 5')
    """
    return token.translate(_PLAIN)


_PLAIN = {ord("０") + i: str(i) for i in range(10)} | {ord("．"): ".", ord("％"): "%", ord(","): None}
