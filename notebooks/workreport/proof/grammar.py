"""The language of the genre: words for units and bounds, sides, rises and falls, what a numeral is, what is claimed.

Pure functions of a text and a place in it, for the draft of the tables and for their proof. Here is what every report
shares; words by which one report names an indicator or an area stand in the tables and in its `report.json`.
"""

import re
from bisect import bisect_left

from ..units import leading_unit
from .tokeniser import WORDS, plain

_NUMBER = "(?:[0-9０-９.．,]+|[一二两三四五六七八九十百千]+)"
# The numerals of a list, and the ends of a range, share the unit of the last; the multiplier may stand before 余.
_AFTER = re.compile(rf"(?:[-、和－—–~～至到]{_NUMBER})*[ \u3000\u00a0]?([百千万亿]*)([余多几]?)")
_QUALIFIERS = {"以上": "at_least", "以内": "at_most", "以下": "at_most", "左右": "about"}
_UNIT = r"(?:%|％|[百千万亿]*[\u4e00-\u9fff]{0,3}"
_LIST = re.compile(rf"{_UNIT})(?:[、和及与]{_NUMBER}{_UNIT}?))+({'|'.join(_QUALIFIERS)})")
_BEFORE = re.compile(
    "(?:(?P<at_least>不低于|不少于|不小于|不下于|至少(?:(?![〇零一二两三四五六七八九十百千万亿])[\u4e00-\u9fff]){0,4})"
    "|(?P<at_most>不超过|不高于|不大于|不多于|未超过|不超|不到|不足)"
    "|(?P<more_than>超过|突破|(?<=[首次再])破|高于|大于|多于|逾|超)|(?P<about>大约|接近|将近|(?<![节签预合集制公履])约|(?<![附最临邻靠就亲])近))\\Z"
)
# Behind 过 and 上 a great number is a bound (过百亿, 过5亿元, 上亿), but not in 走过 and 新上亿元项目.
_PAST = re.compile("(?<![通经超不越渡度走跨翻飞])过\\Z")
_UP_TO = re.compile("(?<![迈站登跨踏跃攀冲新再要以之网线路马])上\\Z")
_AND_MORE = re.compile("多(?![元措点方样种])")  # 增长一倍多, but 三年多措并举
# Where the character of a unit is none: behind a letter (G3铜陵), in a congress (党的二十大), in a slogan (三升, 四金).
_LABEL = re.compile("(?<![A-Za-z0-9])[A-Z]\\Z")
_CONGRESS = re.compile("十[一二三四五六七八九]|二十[一二三四五六七八九]?")
_OF_CONGRESS = re.compile("大(?:精神|报告|召开|闭幕|以来|代表|[和、，。；])")
_MEDALS = re.compile("[金银铜][、，和]?[0-9０-９一二两三四五六七八九十]+[金银铜]")
_AMONG = re.compile("(?<![目此之以年])前\\Z")
_VAGUE = re.compile("(?:几|若干|(?<![户人总指位件天])数)\\Z")
_HALF = re.compile("半(?!导体|程|挂|成品|岛|径|自动|山)")
SIGN = re.compile("[\u4e00-\u9fff(（:：][-－−]\\Z")
# The last such word before a number says on which side it is, or that it is a rise or a fall.
SIDE = re.compile(
    "(?<!不)(?:(高于|高出|快于|快|多于|优于|好于|领先|前移|前进|提前|提高|提升|上升|上移|增加(?!值)|超过|超)"
    "|(低于|慢于|慢|少于|低|落后|后移|下移|滞后|不及|下降|下滑|回落|后退|减少))"
)
MOVE = re.compile(
    "(?:(下降|减少|降低|回落|负增长|下滑|下跌|萎缩|压减|缩减|降幅|跌幅|减幅)(?![到至])|([降减跌])\\Z"
    "|增长|增加(?!值)|增幅|增速|增收|提高|提升|上升|上涨|涨幅|扩大|攀升|[增升涨]\\Z)"
)
# Benchmarks that are no area, where the report has no words of its own for them.
BENCHMARKS = {"schedule": ["时序进度", "序时进度"], "plan": ["计划"], "target": ["目标", "任务"]}
# A term of a claim that allows one kind only.
_KINDS = {
    "leading": ("靠前", "前列", "领先", "领跑"), "record": ("新高",), "full": ("全部", "全覆盖", "全面", "全省推广"), "largely": ("日产日清",),
    "meets_target": ("达到或优于", "超额完成", "目标", "任务", "翻番"), "only": ("唯一",), "first": ("首家", "首个", "首次", "首批"),
    "none": ("不发生", "未发生", "没有发生"), "lasting": ("连年", "稳定在"), "relation": ("协调", "同步"),
}  # fmt: skip
# What words before a number say of it: a pattern and the cell by column. What is hoped for ends with the next comma.
SAID_BEFORE = {
    "estimate": (re.compile("预计"), "yes"),
    "comparable": (re.compile("可比[^，,]*\\Z"), "yes"),
    "aim": (re.compile("(?:力争|争取)[^，,]*\\Z"), "hoped"),
}
PLAIN_ROLES = ("year", "date", "road", "list_marker")
_PLAN = re.compile("[二三]?十[一二三四五六七八九]五")
_SPAN_FROM = re.compile(r"[-－—–~～至](?:19|20)\d\d(?!\d)")
_SPAN_TO = re.compile(r"(?:19|20)\d\d[-－—–~～至]\Z")
CLAUSE, SENTENCE = "。；;\n", "。\n"
NUMERALS_BEFORE = re.compile(r"([0-9０-９.．]+(?:%|％|个百分点)?[、和])*\Z")
_YEAR = re.compile(r"(?:19|20)\d\d")


class Parts:
    """The parts of a text between any of some characters."""

    def __init__(self, text, ends):
        self.text, self.ends = text, [i for i, c in enumerate(text) if c in ends] + [len(text)]

    def begin(self, at):
        before = bisect_left(self.ends, at)
        return self.ends[before - 1] + 1 if before else 0

    def span(self, at):
        return self.begin(at), self.ends[bisect_left(self.ends, at)]

    def around(self, at):
        return self.text[slice(*self.span(at))]


def names_of(row):
    """Names by which a report can mean an indicator or an area: those of its row in the codebook."""
    return [word for column in ("name_zh", "short_zh", "printed_zh") for word in row.get(column, "").split("/") if word]


def unit_and_qualifier(text, start, token, end="", table=""):
    """Unit and qualifier as the words around a numeral have them; a range is a floor and a ceiling."""
    if token in WORDS:
        yield "unit", WORDS[token][1]
        yield "qualifier", "about" if text.endswith("基本", 0, start) else ""
        return
    after = _AFTER.match(text, start + len(token))
    rest = (after[1] + text[after.end() : after.end() + 12]).removeprefix("大关")
    behind = ("百分之", "千分之", "分之")
    unit = next((word for word in behind if text.endswith(word, 0, start)), "") or leading_unit(rest)
    before = text[max(0, start - 7) : start]
    congress = unit == "大" and _CONGRESS.fullmatch(token) and (before.endswith("党的") or _OF_CONGRESS.match(rest))
    said = unit in tuple("方升里金银铜") and not token[:1].isdecimal() and not _MEDALS.search(text[max(0, start - 4) : start + 8])
    if congress or said or _LABEL.search(before):
        unit = ""
    rest, great = rest.removeprefix(unit), after[1][-1:] in ("万", "亿") and (unit[-1:] == "元" or unit == after[1])
    past, up_to = _PAST.search(before), _UP_TO.search(before)
    before = _BEFORE.search(before)
    qualifier = before.lastgroup if before else "more_than" if after[2] or rest.startswith("余") else ""
    if qualifier == "about" and before[0] == "近" and unit in ("年", "个月", "天"):  # 近5年: in the last five years
        qualifier = ""
    if not qualifier and (token.startswith(tuple("百千万亿")) or (past and great)):
        qualifier = "more_than" if past else "at_least" if up_to else ""
    if not qualifier and unit in ("倍", "年") and not _YEAR.fullmatch(plain(token)) and _AND_MORE.match(rest):
        qualifier = "more_than"
    if table == "rankings" and _AMONG.search(text[max(0, start - 2) : start]):  # 前三
        qualifier = "at_most"
    yield "unit", unit
    yield "qualifier", _QUALIFIERS.get(rest.removeprefix("及")[:2], qualifier or {"low": "at_least", "high": "at_most"}.get(end, ""))


def of_the_list(text, start, token):
    """The bound behind the last number of a list (增长9%和10%以上), which can be read as that of all; empty where there is none."""
    found = _LIST.match(text, start + len(token))
    return _QUALIFIERS[found[1]] if found else ""


def vague(text, start, token):
    """What the text says where the numeral alone is not the number: 数百, 两年半, 一半; None where it is."""
    if token.startswith(tuple("十百千万亿")) and (before := _VAGUE.search(text[max(0, start - 2) : start])):
        return before[0] + token
    after = _AFTER.match(text, start + len(token))
    unit = leading_unit(after[1] + text[after.end() : after.end() + 12])
    end = after.end() + len(unit) - len(after[1])
    return text[start : end + 1] if (unit or token == "一") and _HALF.match(text, end) else None


def said_before(column, before):
    """The cell of a column of `SAID_BEFORE`, empty where the words before the number do not say it."""
    pattern, cell = SAID_BEFORE[column]
    return cell if pattern.search(before) else ""


def kind_of_claim(term):
    """The kind of claim that a term says, or None where it is not plain."""
    return next((kind for kind, words in _KINDS.items() if any(word in term for word in words)), None)


def role(token, start, text):
    """The role of a numeral, where its neighbours make it plain, or None."""
    end = start + len(token)
    before, after = text[max(0, start - 5) : start], text[end : end + 6]
    line = text[text.rfind("\n", 0, start) + 1 : start].strip()
    if _YEAR.fullmatch(plain(token)) and (after[:1] == "年" or _SPAN_FROM.match(after) or _SPAN_TO.search(before)):
        return None if leading_unit(after) not in ("", "年") else "year"
    if after.startswith("季度"):
        return "date"
    if len(token) == 8 and token.isdecimal() and _YEAR.match(plain(token)):
        return "date"
    if token.isdecimal() and re.search(r"(?<![A-Za-z])[GSXY]\Z", before):
        return "road"
    if _PLAN.fullmatch(token):
        return "name"
    enclosed = before[-1:] + after[:1]
    if (line + after[:1]) in ("()", "（）"):
        return "list_marker"
    note = token.isdecimal() and len(token) < 4
    if enclosed in ("〔〕", "［］", "[]", "【】") or (note and enclosed in ("()", "（）")):  # the mark of a footnote
        return "other"
    if token[:1].isdecimal():
        item = after[:1] in tuple(".．、") and after[1:2] not in tuple("0123456789")
        return "list_marker" if item and not line else None
    enumerated = after[:1] == "是" and (not line or before[-1:] in "。:：；;")
    return "list_marker" if enumerated or (not line and after[:1] == "、") else None


def fall_before(before, names=()):
    """The word for a fall by which a number is told, or a minus sign; None where it is told as a rise or not at all.

    The last word behind the last of some names counts.
    """
    behind = max((before.rfind(name) + len(name) for name in names if name in before), default=0)
    *_, last = None, *MOVE.finditer(before, behind)
    sign = SIGN.search(before)
    return sign[0] if sign else last[0] if last and (last[1] or last[2]) else None


def benchmark(named, before):
    """The area that stands last in the clause before a number, of those in `named` (ids by word); empty where there is none.

    Several in a row (全国、全省、焦作市) go with as many numbers in a row.
    """
    word = "|".join(map(re.escape, sorted(named, key=len, reverse=True))) or "(?!)"
    runs = re.findall(f"(?:{word})(?:[、和](?:{word}))*", before)
    if not runs:
        return ""
    names = re.split("[、和]", runs[-1])
    position = len(re.findall("[、和]", NUMERALS_BEFORE.search(before)[0])) if len(names) > 1 else 0
    return named.get(names[position], "") if position < len(names) else ""
