"""Find every numeral that a text prints: which are numerals, and where they stand.

The rule
--------
A numeral is

1. a run of Arabic digits with its decimal part (``344.3``; ``2021—2035`` holds two;
   full-width digits count as digits), or
2. a maximal run of the Chinese numeral characters ``〇零一二两三四五六七八九十百千万亿``,
   unless the run

   a. stands directly behind an Arabic numeral, or behind one and a ``余``, ``多`` or ``几``:
      then it multiplies the unit (``亿`` in 344.3亿元, ``万`` in 7300余万元), or
   b. lies inside one of the ordinary words of `ORDINARY_WORDS`, which do not begin behind ``第``
      or a numeral (``第一批``, ``三十一年``); ``一批`` behind ``个`` and ``之一`` behind ``分`` are numerals.

Names made of numerals (slogans, plans, roads), list markers and class boundaries without a
digit (``亿元以上``) are numerals; ``双`` and ``半`` are not numeral characters.
"""

import re
from dataclasses import dataclass

CHINESE_DIGITS = "〇零一二两三四五六七八九十百千万亿"

ORDINARY_WORDS = (
    "一般", "进一步", "统一", "一些", "一批", "一份", "一年", "唯一", "之一", "一体化", "一新",
    "一系列", "一定", "一致", "一直", "一律", "一切", "一旦", "一方面", "单一",
    "百姓", "千方百计", "千家万户", "百分点", "百分之", "零售", "零工", "零部件", "零散", "红十字",
)  # fmt: skip

_ARABIC = re.compile(r"[0-9０-９]+(?:[.．][0-9０-９]+)?")
_CHINESE = re.compile(f"[{CHINESE_DIGITS}]+")
# A word does not begin inside a longer number (三十一年 is 三十一) or behind 第; 三个一批 and 三分之一 are numerals too.
_BEFORE = f"(?<![第{CHINESE_DIGITS}])(?<!个(?=一批))(?<!分(?=之一))"
# A word may follow a word: 统一一般.
_WORDS = re.compile(f"{_BEFORE}(?:{'|'.join(ORDINARY_WORDS)})++")
_MULTIPLIER_BEFORE = re.compile(r"[0-9０-９][余多几]?\Z")


@dataclass(frozen=True, slots=True)
class Numeral:
    """A numeral in a text.

    Parameters
    ----------
    offset : int
        Characters before its first character.
    token : str
        Its characters as printed, without unit.
    """

    offset: int
    token: str


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
    [Numeral(offset=10, token='1.8')]
    """
    found = [Numeral(m.start(), m.group()) for m in _ARABIC.finditer(text)]
    without_words = _WORDS.sub(lambda words: "＿" * len(words.group()), text)
    for match in _CHINESE.finditer(without_words):
        if not _MULTIPLIER_BEFORE.search(text[max(0, match.start() - 2) : match.start()]):
            found.append(Numeral(match.start(), match.group()))
    return sorted(found, key=lambda numeral: numeral.offset)
