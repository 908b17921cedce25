"""What the words around each numeral say, against what the tables say: unit, qualifier, indicator, area, comparator, scope, role.

Needs the text of the report. Words by which a report names an indicator or an area stand in the tables
(`name_zh`, `short_zh`, `printed_zh`), so that a new report needs new rows and no code.
"""

import re
from bisect import bisect_left

from .tables import FIGURE_TABLES
from .units import leading_unit

# The numerals of a list share the unit of its last one; the multiplier may stand before 余: 2.2万余个.
_AFTER = re.compile(r"(?:、[0-9.]+)*([万亿]?)([余多几]?)")
_EXCEEDS = ("突破", "超")
_QUALIFIERS = {"以上": "at_least", "以内": "at_most", "左右": "about"}
# Comparators that are no area; a term of a claim that allows one kind only.
_YARDSTICKS = {"schedule": "时序进度", "provincial_target": "省定目标"}
_KINDS = {
    "leading": ("靠前", "前列", "领先"), "record": ("新高",), "full": ("全部", "全覆盖", "全面", "日产日清"), "meets_target": ("达到或优于", "超额完成"),
    "only": ("唯一",), "first": ("首家", "首个"), "none": ("不发生", "未发生"), "relation": ("协调", "同步"),
}  # fmt: skip
_PLAIN_ROLES = ("year", "date", "road", "list_marker")
_CLAUSE, _SENTENCE = "。；;\n", "。\n"
_NUMERAL_BEFORE = re.compile(r"([0-9.]+、)*\Z")
_YEAR = re.compile(r"(?:19|20)\d\d")
# Behind the end of any text.
NOWHERE = 10**18


def place(row):
    """Offset of a row; `NOWHERE` where it is no whole number, or none of a text, which the loader names."""
    offset = row["offset"]
    return int(offset) if offset.isascii() and offset.isdigit() and len(offset) < len(str(NOWHERE)) else NOWHERE


def printed_faults(report, text):
    """Cells that the words around their numeral contradict.

    Parameters
    ----------
    report : Report
    text : str
        The text of the report, proven to be the one its offsets count in.

    Yields
    ------
    Fault
    """
    clauses, sentences = _Parts(text, _CLAUSE), _Parts(text, _SENTENCE)
    areas = {row["area_id"]: row for row in report.tables["areas"].rows}
    named = {word: area for area, row in areas.items() for word in _words(row) if area != report.meta["area"]}
    for name in FIGURE_TABLES:
        table = report.tables[name]
        for i, row in enumerate(table.rows):
            numeral = row if name == "claims" else report.numerals.get(row["numeral_id"])
            start = place(numeral) if numeral else NOWHERE
            if start >= len(text):
                continue  # named by the loader
            clause, sentence = clauses.around(start), sentences.around(start)
            if name != "claims":
                for column, found in _unit_and_qualifier(text, start, numeral["token"]):
                    if row[column] != found:
                        yield _contradicted(table, i, column, f"'{found}', as the text prints it")
            elif (kind := _kind(row["term"])) not in (None, row["kind"]):
                yield _contradicted(table, i, "kind", f"'{kind}', which the term '{row['term']}' says")
            for column, known, where, part in (
                ("indicator_id", report.indicators, "indicators.csv", clause),
                ("area", areas, "areas.csv", sentence),
            ):
                words = _words(known.get(row[column], {}))
                own = column == "area" and row[column] == report.meta["area"]
                if words and not own and not any(word in part for word in words):
                    around = "clause" if part is clause else "sentence"
                    do = f"correct it, or add the words that the report prints to printed_zh of {where}"
                    yield _contradicted(table, i, column, f"one of its names in that {around} of the text: {'/'.join(words)}", do)
            for column in ("comparator", "scope"):
                if column in row and (found := _yardstick(row[column], text[clauses.begin(start) : start], clause, named)) != row[column]:
                    yield _contradicted(table, i, column, f"'{found}', as the text names it before the number")
    ledger = report.tables["numerals"]
    for i, row in enumerate(ledger.rows):
        role = _role(row["token"], place(row), text)
        if row["role"] != role and (role or row["role"] in _PLAIN_ROLES):
            yield _contradicted(ledger, i, "role", f"'{role or 'another'}', as the words around the numeral say")


def _contradicted(table, i, column, expected, do="correct it from the text"):
    return table.fault(i, column, f"'{table.rows[i][column]}'", expected, do)


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


def _unit_and_qualifier(text, start, token):
    after = _AFTER.match(text, start + len(token))
    rest = after[1] + text[after.end() : after.end() + 8]
    unit = leading_unit(rest)
    above = after[2] or text.endswith(_EXCEEDS, 0, start)
    yield "unit", unit
    yield "qualifier", _QUALIFIERS.get(rest[len(unit) :][:2], "more_than" if above else "")


def _yardstick(told, before, clause, named):
    """The comparator or scope that the text names; several in a row (全国、全省、焦作市) go with as many numerals in a row."""
    if told in _YARDSTICKS:
        return told if _YARDSTICKS[told] in clause else "another"
    if told.startswith("own_"):
        return told if told.removeprefix("own_") + "年" in clause else "another"
    word = "|".join(map(re.escape, sorted(named, key=len, reverse=True)))
    runs = re.findall(f"(?:{word})(?:、(?:{word}))*", before)
    if not runs:
        return "none"
    names = runs[-1].split("、")
    position = _NUMERAL_BEFORE.search(before)[0].count("、") if len(names) > 1 else 0
    return named[names[position]] if position < len(names) else "none"


def _kind(term):
    """The kind of claim that a term says, or None where it is not plain."""
    return next((kind for kind, words in _KINDS.items() if any(word in term for word in words)), None)


def _role(token, start, text):
    """The role of a numeral, one of `_PLAIN_ROLES`, where its neighbours make it plain, or None."""
    before, after = text[max(0, start - 2) : start], text[start + len(token) : start + len(token) + 1]
    line = text[text.rfind("\n", 0, start) + 1 : start].strip()
    if _YEAR.fullmatch(token) and (after in ("年", "—") or before[-1:] == "—"):
        return "year"
    if len(token) == 8 and _YEAR.match(token):
        return "date"
    if re.search(r"(?<![A-Za-z])[GSXY]\Z", before):
        return "road"
    if not token[0].isascii() and (
        (not line and after == "、") or (line == "(" and after == ")") or (after == "是" and before[-1:] in "。:：；;")
    ):
        return "list_marker"
    return None
