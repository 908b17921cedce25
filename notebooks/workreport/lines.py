"""Where a line may end: between words in English, between phrases in Chinese, never inside a name or a number with its unit."""

import itertools
import re
from bisect import bisect_right
from functools import cache, lru_cache

# Text that a line must not break inside: a number and its unit.
_KEEP = re.compile(r"[0-9][0-9.,]*\s?(?:%|个百分点|[万亿]+[元亩户人斤吨]?|[年月日位个家项])|\d+[.,]\d+|[A-Z]+&[A-Z]+")


def wrap(text, width, measure, kept=()):
    """Break a text into lines: between words in English, between phrases in Chinese, never between number and unit.

    Parameters
    ----------
    text : str
    width : float
        Room for a line, in the unit of `measure`.
    measure : callable
        Text to width.
    kept : collection of str
        Names that no line may break inside.

    Returns
    -------
    str
        The lines, joined by line ends.
    """
    if measure(text) <= width:
        return text
    pieces = list(_pieces(text, tuple(kept)))
    lines = []
    while pieces:
        fitting = bisect_right(range(1, len(pieces)), width, key=lambda n: measure("".join(pieces[: n + 1]).rstrip()))
        lines.append("".join(pieces[: fitting + 1]).rstrip())
        del pieces[: fitting + 1]
    return "\n".join(lines)


@lru_cache(4096)
def _pieces(text, kept):
    """A text cut where a line may end."""
    from uniseg.linebreak import line_break_units

    units = list(line_break_units(text))
    allowed = set(itertools.accumulate(map(len, units)))
    if len(re.findall(r"[\u4e00-\u9fff]", text)) > len(text) / 4:  # any two Chinese characters may part by the rules of scripts, but not of words
        allowed &= set(itertools.accumulate(map(len, _phrases().parse(text))))
    spans = [m.span() for m in _KEEP.finditer(text)]
    spans += [m.span() for name in kept if name in text for m in re.finditer(re.escape(name), text)]
    allowed -= {at for begin, end in spans for at in range(begin + 1, end)}
    cuts = [0, *sorted(allowed | {len(text)})]
    return [text[begin:end] for begin, end in itertools.pairwise(cuts) if end > begin]


@cache
def _phrases():
    import budoux

    return budoux.load_default_simplified_chinese_parser()
