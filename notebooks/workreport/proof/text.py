"""The tables against the text of the report: its identity, every numeral, and the words around each.

Words by which a report names an indicator or an area stand in the tables (`name_zh`, `short_zh`, `printed_zh`)
and under ``names`` in its `report.json`, so that a new report needs new rows and no code. What is here is the
language of the genre: words for bounds, sides, rises and falls.
"""

import hashlib
import re
from bisect import bisect_left
from pathlib import Path

from ..tables import FIGURE_TABLES, Fault, decode
from ..units import leading_unit
from .ledger import covered, end_of, offset_of, section_at
from .tokeniser import WORDS, find_numerals, plain

_NUMBER = "(?:[0-9０-９.．,]+|[一二两三四五六七八九十百千]+)"
# The numerals of a list, and the ends of a range, share the unit of the last; the multiplier may stand before 余.
_AFTER = re.compile(rf"(?:[-、和－—–~～至到]{_NUMBER})*[ \u3000\u00a0]?([百千万亿]*)([余多几]?)")
_QUALIFIERS = {"以上": "at_least", "以内": "at_most", "以下": "at_most", "左右": "about"}
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
_SIGN = re.compile("[\u4e00-\u9fff(（:：][-－−]\\Z")
# The last such word before a number says on which side it is, or that it is a rise or a fall.
_SIDE = re.compile(
    "(?<!不)(?:(高于|高出|快于|快|多于|优于|好于|领先|前移|前进|提前|提高|提升|上升|上移|超过|超)"
    "|(低于|慢于|慢|少于|低|落后|后移|下移|滞后|不及|下降|下滑|回落|后退|减少))"
)
_MOVE = re.compile(
    "(?:(下降|减少|降低|回落|负增长|下滑|下跌|萎缩|压减|缩减|降幅|跌幅|减幅)(?![到至])|([降减跌])\\Z"
    "|增长|增加(?!值)|增幅|增速|增收|提高|提升|上升|上涨|涨幅|扩大|攀升|[增升涨]\\Z)"
)
# Benchmarks that are no area, where the report has no words of its own for them.
_BENCHMARKS = {"schedule": ["时序进度", "序时进度"], "plan": ["计划"], "target": ["目标", "任务"]}
# A term of a claim that allows one kind only.
_KINDS = {
    "leading": ("靠前", "前列", "领先"), "record": ("新高",), "full": ("全部", "全覆盖", "全面", "全省推广"), "largely": ("日产日清",),
    "meets_target": ("达到或优于", "超额完成"), "only": ("唯一",), "first": ("首家", "首个", "首次", "首批"),
    "none": ("不发生", "未发生"), "lasting": ("连年", "稳定在"), "relation": ("协调", "同步"),
}  # fmt: skip
_HOPED = re.compile("(?:力争|争取)[^，,]*\\Z")  # hoped for, up to the next comma
_COMPARABLE = re.compile("可比[^，,]*\\Z")
_PLAIN_ROLES = ("year", "date", "road", "list_marker")
_PLAN = re.compile("[二三]?十[一二三四五六七八九]五")
_SPAN_FROM = re.compile(r"[-－—–~～至](?:19|20)\d\d(?!\d)")
_SPAN_TO = re.compile(r"(?:19|20)\d\d[-－—–~～至]\Z")
_CLAUSE, _SENTENCE = "。；;\n", "。\n"
_NUMERAL_BEFORE = re.compile(r"([0-9０-９.．]+(?:%|％|个百分点)?[、和])*\Z")
_YEAR = re.compile(r"(?:19|20)\d\d")


def read(path):
    """Text of a file, or None and the `Fault` that says why not."""
    try:
        text = decode(Path(path).read_bytes())
        if (at := text.find("\\r\\n")) < 0:
            return text, None
        found, expected = f"a line end written as four characters, \\r\\n, at offset {at}", "line ends"
        do = "replace each by a line end; nothing else changes"
    except OSError as error:
        found, expected, do = (
            f"no readable file ({error.strerror})",
            "the text of the report",
            "give its path: make check REPORT=path/to/text",
        )
    except UnicodeDecodeError as error:
        found, expected, do = f"a byte that is not UTF-8 at byte {error.start}", "UTF-8 text", "convert it to UTF-8"
    return None, Fault(str(path), None, None, found, expected, do)


def digest(text):
    """SHA-256 of a text, in hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def faults(report, path):
    """Prove the tables against the text: its identity, every numeral, and the words around each.

    Parameters
    ----------
    report : Report
    path : Path
        The report's text; UTF-8 with or without byte order mark, LF or CRLF.

    Returns
    -------
    list of Fault
        One alone where the text is another one.
    """
    text, fault = read(path)
    if fault:
        return [fault]
    meta, ledger = report.meta, report.tables["numerals"]
    if digest(text) != meta["sha256"]:
        found = f"SHA-256 {digest(text)[:12]}…, {_first_difference(meta, text)}"
        expected = f"the text with SHA-256 {meta['sha256'][:12]}… ({meta['characters']} characters)"
        return [Fault(str(path), None, None, found, expected, f"use the copy read at {meta['read_at']}")]
    # A section that is not covered has its numerals, and the ledger has none of them.
    tokens = {n.offset: n.token for n in find_numerals(text[: end_of(meta)]) if covered(meta, n.offset)}
    found = []
    for i, row in enumerate(ledger.rows):
        at = offset_of(row)
        word = row["token"] if row["token"] in WORDS and text.startswith(row["token"], at) else None
        token = tokens.pop(at, word)
        if token != row["token"]:
            expected = f"'{token}'" if token else "a numeral of the text there"
            at = f"'{row['token']}' at offset {row['offset']}"
            found.append(ledger.fault(i, "token" if token else "offset", at, expected, "correct it from the text"))
    for offset, token in tokens.items():
        missing = f"no row for '{token}' at offset {offset}"
        found.append(Fault(ledger.file, None, "offset", missing, "every numeral of the text", "add the row"))
    return found + list(word_faults(report, text))


def _first_difference(meta, text):
    size = meta["block_characters"]
    for i, expected in enumerate(meta["block_sha256"]):
        if digest(text[i * size : (i + 1) * size])[:12] != expected:
            section = section_at(meta, i * size)
            return f"first different between characters {i * size} and {i * size + size - 1} (section {section})"
    return f"the same up to character {meta['characters']} and longer after it"


def word_faults(report, text):
    """Cells that the words around their numeral contradict.

    Parameters
    ----------
    report : Report
    text : str
        The text that the offsets of the report count in.

    Yields
    ------
    Fault
    """
    ends = {n.offset: n.end for n in find_numerals(text[: end_of(report.meta)])}
    for table, i, start, part in _places(report, text):
        part["end"] = ends.get(start, "")
        for column, expected, do in _contradictions(report, table, table.rows[i], text, start, part):
            yield table.fault(i, column, f"'{table.rows[i][column]}'", expected, do or "correct it from the text")
    ledger = report.tables["numerals"]
    for i, row in enumerate(ledger.rows):
        role = _role(row["token"], offset_of(row), text)
        if row["role"] != role and (role or row["role"] in _PLAIN_ROLES):
            expected = f"'{role or 'another'}', as the words around the numeral say"
            yield ledger.fault(i, "role", f"'{row['role']}'", expected, "correct it from the text")


def _places(report, text):
    """Every row of the tables that stands in the text, with its clause, its sentence and the words before it."""
    clauses, sentences = _Parts(text, _CLAUSE), _Parts(text, _SENTENCE)
    for name in FIGURE_TABLES:
        table = report.tables[name]
        for i, row in enumerate(table.rows):
            start = offset_of(row if name == "claims" else report.numerals.get(row["numeral_id"], {"offset": ""}))
            if start < len(text):  # named by the loader where it is not
                before = text[clauses.begin(start) : start]
                yield (
                    table,
                    i,
                    start,
                    {"clause": clauses.around(start), "sentence": sentences.around(start), "before": before},
                )


def _contradictions(report, table, row, text, start, part):
    """Column, what the text says, and what to do if there is more than one way."""
    if table.name == "claims":
        if not text.startswith(row["term"], start):
            yield "term", f"the term at offset {row['offset']} of the text", "correct the term or the offset"
        if (kind := _kind(row["term"])) not in (None, row["kind"]):
            yield "kind", f"'{kind}', which the term '{row['term']}' says", None
    else:
        token = report.numerals[row["numeral_id"]]["token"]
        for column, said in _unit_and_qualifier(text, start, token, part["end"], table.name):
            if row[column] not in (said, plain(said)):
                yield column, f"'{said}', as the text states it", None
        if vague := _vague(text, start, token):
            yield "value", f"no figure: the text says {vague}, which is not this number", "leave the row out"
        if said := _sign(report, table.name, row, part["before"]):
            yield "value", said, "correct it from the text"
    for column, known, file, where in (
        ("indicator_id", report.indicators, "printed_zh of indicators.csv", "clause"),
        ("area", report.areas, "names of report.json", "sentence"),
    ):
        words = _words(known.get(row[column], {})) + (_names(report, row[column]) if column == "area" else [])
        own = column == "area" and row[column] == report.meta["area"]
        if words and not own and not any(word in part[where] for word in words):
            do = f"correct it, or add the words that the report uses to {file}"
            yield column, f"one of its names in that {where} of the text: {'/'.join(words)}", do
    for column in ("comparator", "scope"):
        if column in row and (said := _benchmark(report, row, row[column], part)) != row[column]:
            yield column, f"'{said}', as the text names it before the number", None
    if "estimate" in row and (said := "yes" if "预计" in part["before"] else "") != row["estimate"]:
        yield "estimate", f"'{said}', as the words before the number say", None
    if "comparable" in row and (said := "yes" if _COMPARABLE.search(part["before"]) else "") != row["comparable"]:
        yield "comparable", f"'{said}', as the words before the number say", None
    if "aim" in row and (said := "hoped" if _HOPED.search(part["before"]) else "") != row["aim"]:
        yield "aim", f"'{said}', as the words before the number say", None
    if "direction" in row:
        words = list(_SIDE.finditer(part["before"]))
        side, word = ("above" if words[-1][1] else "below", words[-1][0]) if words else ("none", "no word for a side")
        if side != row["direction"]:
            yield "direction", f"'{side}': the text says {word} before the number", None


class _Parts:
    """The parts of a text between any of some characters."""

    def __init__(self, text, ends):
        self.text, self.ends = text, [i for i, c in enumerate(text) if c in ends] + [len(text)]

    def begin(self, at):
        before = bisect_left(self.ends, at)
        return self.ends[before - 1] + 1 if before else 0

    def around(self, at):
        return self.text[self.begin(at) : self.ends[bisect_left(self.ends, at)]]


def _words(row):
    return [word for column in ("name_zh", "short_zh", "printed_zh") for word in row.get(column, "").split("/") if word]


def _names(report, key):
    """Words by which this report names an area or a benchmark."""
    return report.meta.get("names", {}).get(key, [])


def _unit_and_qualifier(text, start, token, end="", table=""):
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


def _vague(text, start, token):
    """What the text says where the numeral alone is not the number: 数百, 两年半, 一半; None where it is."""
    if token.startswith(tuple("十百千万亿")) and (before := _VAGUE.search(text[max(0, start - 2) : start])):
        return before[0] + token
    after = _AFTER.match(text, start + len(token))
    unit = leading_unit(after[1] + text[after.end() : after.end() + 12])
    end = after.end() + len(unit) - len(after[1])
    return text[start : end + 1] if (unit or token == "一") and _HALF.match(text, end) else None


def _sign(report, table, row, before):
    """What a value should be by the last word for a rise or a fall before it; None if it is so."""
    if table not in ("levels", "growth", "shares", "targets"):
        return None
    names = [name for name in _words(report.indicators.get(row["indicator_id"], {})) if name in before]
    behind = max((before.rfind(name) + len(name) for name in names), default=0)
    *_, last = None, *_MOVE.finditer(before, behind)
    sign = _SIGN.search(before)
    fall = sign[0] if sign else last[0] if last and (last[1] or last[2]) else None
    if row["value"].startswith("-"):
        return None if fall else f"'{row['value'][1:]}': the text has no word for a fall before it"
    # What was cut may be told as an amount (减税5亿元); what fell by a rate has the rate.
    moves = table == "growth" or (table == "targets" and row["unit"] in ("%", "％", "‰", "个百分点"))
    if fall and (sign or moves) and row["value"].strip("0."):
        return f"'-{row['value']}': the text says {fall} before it"
    return None


def _benchmark(report, row, told, part):
    """The comparator or scope that the text names; several in a row (全国、全省、焦作市) go with as many numerals in a row."""
    before, clause, own = part["before"], part["clause"], report.meta["area"]
    if told.startswith("own_"):
        year, now = told.removeprefix("own_"), row["period"][:4]
        last = ["上年", "去年", "同期", "同比"] if now.isdigit() and int(now) - 1 == int(year) else []
        return told if any(word in clause for word in (f"{year}年", *last, *_names(report, told))) else "another"
    kind = "target" if told.startswith("target_of_") or told.endswith("_target") else told
    if kind in _BENCHMARKS:
        return told if any(word in clause for word in _names(report, told) or _BENCHMARKS[kind]) else "another"
    named = {word: area for area, other in report.areas.items() if area != own for word in _words(other)}
    named |= {word: area for area in report.areas if area != own for word in _names(report, area)}
    word = "|".join(map(re.escape, sorted(named, key=len, reverse=True)))
    runs = re.findall(f"(?:{word})(?:[、和](?:{word}))*", before)
    if not runs:
        return "none"
    names = re.split("[、和]", runs[-1])
    position = len(re.findall("[、和]", _NUMERAL_BEFORE.search(before)[0])) if len(names) > 1 else 0
    return named.get(names[position], "none") if position < len(names) else "none"


def _kind(term):
    """The kind of claim that a term says, or None where it is not plain."""
    return next((kind for kind, words in _KINDS.items() if any(word in term for word in words)), None)


def _role(token, start, text):
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
