"""What each numeral of a report probably states: proposed rows, every cell with its rule and how sure the rule is.

Rules of the genre, no model: the words around a numeral, the names of the codebook, the order of a sentence. A report
says a level, its rate, its rank and its lead in one breath (出口完成9亿元, 同比增长8%, 高于全省2个百分点, 居第3位):
what a figure is about is named once and holds until another name comes.
"""

import re
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from ..proof import grammar
from ..proof.ledger import covered, end_of
from ..proof.tokeniser import WORDS, Numeral, find_numerals, plain
from ..tables import NOT_STATED
from ..units import UnknownUnit, leading_unit, parse_unit

SURE, LIKELY, OPEN = "sure", "likely", "open"
# Words between a name and its number that name nothing themselves.
_FUNCTION = re.compile(
    "同比|环比|比?较?上年|比去年|较去年|按可比[价价格口径]*计?算?|可比口径|分别|累计|全年|全市|全县|全区|年均|增速|增幅|增长率?|增加|上升|下降|降低|减少|提高|"
    "完成|达到|达|实现|突破|超过|超|预计|控制|保持|稳定|在|至|到|为|约|近|均|都|共|总|其中|有|了|并|已|从|由|的|双|[“”\"（）()、和及与]"
)
_GROWTH = re.compile("增长|增速|增幅|增加|上升|下降|降低|减少|提高|提升(?![到至])|压减|缩减|上涨|涨幅|下滑|回落|[增降涨]\\Z")
_RATE = re.compile("(?:率|比重|比例|占比|(?<![同环])比|强度|覆盖面|系数)(?:分别|均|都|已|稳定|保持|控制|提高|提升|上升|下降|降低|稳)*(?:达到|达|为|在|到|至|实现|超过|超|突破|约|不低于|“双)*\\Z")
_OF = re.compile("占(?!比)(?P<whole>[^，,；;。占]{0,24}?)(?:的?(?:比重|比例)?(?:达到|达|为|提高到|提升至|约|超过|近)?)\\Z")
_COMPLETION = re.compile("完成率|(?:任务|计划|目标)的?\\Z")
_COUNTED_IN = re.compile("(?:[一-鿿]{0,6}[居列在]|排名?)[一-鿿]{0,4}\\Z")
_UNITS_RANKED = re.compile("(?:个)?(?:县市区|县区|县市|县|市州|市|区|省辖市|设区市|地级市)")
_TARGETS = re.compile("(?:预期|发展|主要|奋斗|工作)目标(?:任务)?[^。\\n]{0,12}?[是为：:]")
_PLAN = re.compile("^[ \u3000]*[一二三四五六][、.．][^。\n]{0,20}?(?:今年|今后|(?:19|20)[0-9]{2}年)[^。\n]{0,20}?(?:安排|任务|工作|目标|部署|重点|思路|打算|建议)", re.M)
_DONE = re.compile("目前|已|去年|上年|过去|现有|以来")
_QUOTED = re.compile("“[^”\\n]{0,16}\\Z")
_THRESHOLD = re.compile("(?:及?以上|以下|级)(?!的?[，,；;。、\\n])[一-鿿“”]{1,12}")
_NAME_BEHIND = re.compile("年行动|年攻坚|年计划|年规划|次办|类水|次全会|届[一二三四五六七八九]次|项规定|大战略|个字|期|重(?:压力|大|点)|元结构|线|大精神")
_POINTS = ("个百分点", "百分点", "个位次", "位次")
_QUARTER = {"一": "Q1", "二": "Q2", "三": "Q3", "四": "Q4"}
# Terms that claim something; of those that mostly claim nothing (全面推进) only with what makes them a claim.
_CLAIM = re.compile(
    "靠前|前列|领先(?!地位)|领跑|(?:历史|近年来)?新高|全覆盖|唯一|首[家个次批](?![要提])|翻番(?=目标)|(?:不|未|没有)发生|超额完成|达到或优于|"
    "(?:基本|协调)同步|协调同步|连年|日产日清|全省推广|全部(?=完成|入驻|建成|清零|达标|落实|竣工|脱贫)|全面(?=硬化|推开|完成|消除|清零|达标|竣工|脱贫)|"
    "(?<=[省市上][定核])目标(?:任务)?|(?<=下达的)(?:目标任务|目标|任务)"
)
_YEAR = re.compile("((?:19|20)[0-9]{2})年")
_A_PLACE = re.compile("[一-鿿]{2}(?<![全本我各])(?:县|区|镇|乡)(?![一-鿿]{0,2}(?:委|政府|人大|域|级|内|外|民))")
_PAIRED = re.compile("([一-鿿]{1,6})[、和及与]\\Z")
_REGION = re.compile("(?:西北|东北|西南|华东|华北|华中|华南|中部|西部|东部)(?:地区)?[一-鿿]{0,3}\\Z")
_THAN_YEAR = re.compile("(?:比|较)((?:19|20)[0-9]{2})年[^，,]{0,6}(?:增长|提高|提升|下降|降低|减少)")
_YEARS = re.compile("(?:过去|这|近)?[三四五]年(?:来|间)?，?累计|[过去这近]+五年[，来]|五年来")
_FIVE_YEARS = re.compile("“?十([一二三四])?五”?(?:规划)?(?:期间|时期|以来|累计|五年|期?(末))")
_BY = re.compile("[到至]((?:19|20)[0-9]{2})年")
# Tables of what a rate, a lead or a rank without a name of its own can be about.
_ABOUT = {
    "growth": ("levels", "shares"),
    "gaps": ("growth", "rankings", "levels", "shares"),
    "rankings": ("growth", "levels", "shares", "rankings"),
}
_SAID_BEFORE = {"levels": ["estimate"], "growth": ["estimate", "comparable"], "shares": ["estimate"], "targets": ["comparable", "aim"]}
_MARKS = "“”\"'《》（）()、·　 "
_AGAINST = re.compile("(?:较|比|与)(?:((?:19|20)[0-9]{2})年|上年|去年|上一年)")


class Cell(NamedTuple):
    """A proposed cell: its value (a `Row` where it points to one), the rule that made it, and how sure it is."""

    value: object
    rule: str
    sure: str = SURE


@dataclass(eq=False)
class Row:
    """A proposed row: its table, its cells by column, and by which rule it is one of this table."""

    table: str
    cells: dict
    rule: str
    sure: str = SURE


@dataclass(eq=False)
class Item:
    """A numeral, or a claim (with kind of role ``claim``), and the rows it makes."""

    offset: int
    token: str
    role: Cell
    rows: list = field(default_factory=list)


class Codebook:
    """Names of indicators and areas, as a report may print them.

    Parameters
    ----------
    indicators, areas : dict
        Rows by id.
    own : str
        The area of the report.
    names : dict
        Words of this report for areas and benchmarks (``names`` of `report.json`).
    """

    def __init__(self, indicators, areas, own, names=()):
        self.indicators, self.areas, self.own = indicators, areas, own
        self.ids = {}
        for column in ("name_zh", "short_zh", "printed_zh"):  # what is a name of one before what is a word for several
            for key, row in indicators.items():
                for name in row[column].split("/"):
                    if name and key not in self.ids.setdefault(name, []):
                        self.ids[name].append(key)
        words = sorted(self.ids, key=len, reverse=True)
        self.pattern = re.compile(f"(?=({'|'.join(map(re.escape, filter(None, words))) or '(?!)'}))")
        self.benchmarks, self.inside, self.usual, self.targets = {}, {}, {}, {}
        names = dict(names)
        for key, row in areas.items():
            said = dict.fromkeys([*grammar.names_of(row), *names.get(key, ())], key)
            if own in self._above(key):
                self.inside |= said
            if key != own:
                self.benchmarks |= said
        of_a_city = areas.get(own, {}).get("name_zh", "").endswith("市")
        for key in self._above(own):
            kind, autonomous = areas[key]["kind"], areas[key]["name_zh"].endswith("自治区")
            all_of = {"nation": "全国", "province": "全省", "prefecture": "" if of_a_city else "全市"}
            of = {"province": "省", "prefecture": "市"}
            if word := "全区" if autonomous and kind == "province" else all_of.get(kind):
                self.usual[word] = key
                self.benchmarks.setdefault(word, key)
            if short := "自治区" if autonomous else of.get(kind):
                self.targets[short] = f"target_of_{key}"

    def _above(self, key):
        while parent := self.areas.get(key, {}).get("parent"):
            yield parent
            key = parent

    def found(self, text, start, end):
        """Names that stand in a part of a text: their beginning, end and ids."""
        for m in self.pattern.finditer(text, start, end):
            for size in range(min(len(m[1]), end - m.start()), 1, -1):
                if m[1][:size] in self.ids:
                    yield m.start(), m.start() + size, self.ids[m[1][:size]]

    def standard(self, key):
        """Whether an indicator is defined for all, and not by the wording of one report."""
        return self.indicators[key]["definition_source"] != "Wording of the report"

    def without_places(self, text):
        for word in sorted(self.benchmarks, key=len, reverse=True):
            text = text.replace(word, "")
        return re.sub("平均|水平|居|列|位|第|排名|高于|低于|快于|高出|增速|[，,]|[0-9.%％]", "", text)

    def fits(self, key, table, unit, grows=False):
        """Whether a figure of a table and unit can be one of an indicator."""
        row = self.indicators[key]
        if not unit:
            return table != "shares"
        if table == "shares" or (table == "targets" and not grows and unit in ("%", "％")):
            return row["kind"] in ("rate", "ratio", "share", "completion")
        if table == "growth" or grows:
            return row["kind"] not in ("rate", "share", "completion", "ratio") or key == "consumer_prices"
        if table in ("levels", "targets"):
            return row["kind"] not in ("rate", "ratio", "share", "completion") and _dimension(unit) == _dimension(row["unit"])
        return True


def usual_names(text, own, areas):
    """Words by which a report means areas above its own and their targets, of those that stand in the text.

    Parameters
    ----------
    text : str
    own : str
        Id of the report's own area.
    areas : dict
        Rows by id.

    Returns
    -------
    dict of list of str
        As ``names`` of `report.json`; empty where the areas above are not known up to the nation.
    """
    book, found = Codebook({}, areas, own), {}
    chain = list(book._above(own))
    if not chain or areas[chain[-1]]["kind"] != "nation":
        return {}
    for word, key in book.usual.items():
        if word in text and word not in grammar.names_of(areas[key]):
            found[key] = [word]
    for short, key in book.targets.items():
        if said := dict.fromkeys(re.findall(f"{short}(?:定|核|下达|级)目标", text)):
            found[key] = list(said)
    return found


@cache
def _dimension(unit):
    try:
        return parse_unit(unit)[:2]
    except UnknownUnit:
        return None


@dataclass
class Place:
    """A numeral with what surrounds it: ends of its piece, clause and sentence, its unit and where that ends."""

    numeral: Numeral
    unit: str
    qualifier: str
    end: int
    piece: tuple
    clause: tuple
    sentence: tuple


def propose(text, meta, codebook):
    """Propose the rows of a report.

    Parameters
    ----------
    text : str
    meta : dict
        As in `report.json`; ``area``, the years, ``sections`` and ``covers`` are used.
    codebook : Codebook

    Returns
    -------
    list of Item
        Numerals in reading order, then claims. The same text gives the same items.
    """
    return _Draft(text, meta, codebook).items()


class _Around:
    """What decides of a numeral whether it is a figure: the words before, behind it and behind its unit."""

    def __init__(self, draft, i):
        place, text = draft.places[i], draft.text
        start, self.token, self.unit, self.qualifier = place.numeral.offset, place.numeral.token, place.unit, place.qualifier
        end = start + len(self.token)
        self.before, self.behind, self.far = text[max(0, start - 20) : start], text[end : end + 14], text[end : end + 22]
        self.rest = text[place.end : place.end + 16]
        self.chinese = not self.token[:1].isdecimal()
        self.great = self.token[-1:] in tuple("百千万亿")
        self.rank = self.before[-1:] in ("第", "前") and self.unit in ("", "位", "名")
        self.bounds = _dimension(self.unit) == _dimension("元") and draft.bounds(i)
        self.bare = self.chinese and not self.unit


# The first that holds says the role: rule, role, how sure it is, and when it holds.
_ROLES = (
    ("a congress of the Party", "name", SURE, lambda a: a.chinese and (
        a.before.endswith("党的") or (a.behind[:1] == "大" and re.fullmatch("二?十[一二三四五六七八九]?", a.token)))),
    ("behind the class of a road", "road", SURE, lambda a: not a.chinese and re.search("[国省县]道\\Z", a.before)),
    ("behind letters", "name", SURE, lambda a: not a.chinese and re.search("[A-Za-z]\\Z", a.before)),
    ("in quotation marks", "name", SURE, lambda a: (a.chinese or not a.unit) and _QUOTED.search(a.before)
        and "”" in a.far and not re.match("[%％]|[亿万]?元", a.behind)),
    ("a rank", "figure", SURE, lambda a: a.before.endswith("第") and (a.unit in ("位", "名") or not (a.unit or a.chinese))),
    ("a rank", "figure", LIKELY, lambda a: a.before.endswith("第") and re.match("[，,、；;。的)）]", a.behind)),
    ("an ordinal that is no rank", "other", LIKELY, lambda a: a.before.endswith("第")),
    ("a class of size", "threshold", SURE, lambda a: a.great and re.match("级|企业|产业|园区", a.rest)),
    ("a bound on what is counted", "threshold", SURE, lambda a: a.bounds),
    ("an age", "threshold", LIKELY, lambda a: a.unit in ("岁", "周岁") and a.rest[:2] in ("以上", "以下")),
    ("before letters", "name", LIKELY, lambda a: not (a.chinese or a.unit) and re.match("[A-Za-z]", a.behind)),
    ("how many points follow", "other", LIKELY, lambda a: a.chinese and re.match("个?(?:大?方面|重点)", a.behind)
        and re.search("以下|抓好|做好|突出", a.before)),
    ("how many are ranked", "figure", SURE, lambda a: a.bare and _COUNTED_IN.search(a.before)
        and _UNITS_RANKED.match(a.behind) and "第" in a.behind[:8]),
    ("a bound", "figure", SURE, lambda a: a.bare and a.great and a.qualifier),
    ("a numeral without a unit", "name", SURE, lambda a: a.bare),
    ("a month and a day", "date", SURE, lambda a: (not a.chinese and re.match("月[0-9]{1,2}日", a.behind))
        or (re.search("[0-9]月\\Z", a.before) and a.behind[:1] == "日")),
    ("part of a name", "name", LIKELY, lambda a: a.chinese and len(a.token) < 3 and re.match(_NAME_BEHIND, a.behind[:4])),
    ("a list of the strongest", "name", SURE, lambda a: a.unit == "强"),
    ("part of a name", "name", LIKELY, lambda a: a.chinese and a.unit in ("起", "体", "层", "届") and not a.before.endswith("连续")),
    ("part of a name", "name", LIKELY, lambda a: a.chinese and a.token in "千万" and a.unit in ("亩", "里", "元")),
    ("a span of years", "other", LIKELY, lambda a: a.chinese and a.unit == "年" and not re.search("[近连续]\\Z", a.before)),
    ("a version", "name", LIKELY, lambda a: not a.unit and "." in a.token and re.match("\\.?[0-9]*(?:版|示范|时代)", a.behind)),
    ("a number without a unit", "name", LIKELY, lambda a: not (a.chinese or a.unit or a.rank)),
    ("a number with a unit", "figure", LIKELY, lambda a: a.chinese),
    ("a number with a unit", "figure", SURE, lambda a: True),
)  # fmt: skip


class _Draft:
    def __init__(self, text, meta, codebook):
        self.text, self.meta, self.book = text, meta, codebook
        ends = ("，,；;。！？：:\n", grammar.CLAUSE, grammar.SENTENCE)
        self.pieces, self.clauses, self.sentences = (grammar.Parts(text, end) for end in ends)
        known = [n for n in find_numerals(text[: end_of(meta)]) if covered(meta, n.offset)]
        self.places = [self._place(numeral) for numeral in known]
        self.recent, self.sentence, self.last_end = [], None, 0
        targets = [m.end() for m in _TARGETS.finditer(text)]
        plans = [m.end() for m in _PLAN.finditer(text) if meta["year_planned"] in m[0] or "今" in m[0]]
        self.plan_begins = min([*targets, *plans], default=len(text))
        self.plan_ends = next((s["start"] for s in meta["sections"] if s["id"] == "notes"), len(text))
        self.targets_at = [(at, self.sentences.span(at)[1]) for at in targets]

    def _place(self, numeral):
        text, start = self.text, numeral.offset
        said = dict(grammar.unit_and_qualifier(text, start, numeral.token, numeral.end))
        behind = start + len(numeral.token)
        great = re.match("[ \u3000\u00a0]?([百千万亿]*)([余多几]?)", text[behind : behind + 8])
        unit = leading_unit(great[1] + text[behind + great.end() : behind + great.end() + 12])
        end = behind + (great.end() + len(unit) - len(great[1]) if unit and unit == said["unit"] else 0)
        spans = (parts.span(start) for parts in (self.pieces, self.clauses, self.sentences))
        return Place(numeral, said["unit"], said["qualifier"], end, *spans)

    def items(self):
        """Every item, run by run: numerals in a list (1.8、1.7、1.5个百分点) share what stands before them."""
        items = [Item(p.numeral.offset, p.numeral.token, self._role(i)) for i, p in enumerate(self.places)]
        i = 0
        while i < len(items):
            j = i + 1
            if items[i].role.value == "figure":
                while j < len(items) and items[j].role.value == "figure" and self._listed(j - 1, j):
                    j += 1
                self._rows(items, i, j)
            elif items[i].role.value == "threshold":
                self._threshold(items, i)
            i = j
        self._join(items)
        return items + self._claims()

    def _listed(self, i, j):
        one, other = self.places[i], self.places[j]
        between = self.text[one.end : other.numeral.offset]
        if one.numeral.end == "low" and other.numeral.end == "high":
            return True
        alike = one.unit == other.unit or not one.unit or _dimension(one.unit) == _dimension(other.unit)
        return between in ("、", "和", "及", "与", "，", ",") and other.numeral.token[:1].isdecimal() and alike

    # What a numeral is.

    def _role(self, i):
        place = self.places[i]
        start, token = place.numeral.offset, place.numeral.token
        if said := grammar.role(token, start, self.text):
            return Cell(said, "neighbours say so")
        around = _Around(self, i)
        return next(Cell(role, rule, sure) for rule, role, sure, holds in _ROLES if holds(around))

    def bounds(self, i):
        """Whether an amount bounds what the next numeral counts (5000万元以上茶厂12家, 产值超3亿元茶厂2家)."""
        if i + 1 == len(self.places):
            return False
        place, other = self.places[i], self.places[i + 1]
        between = self.text[place.end : other.numeral.offset]
        if re.search("[，,；;。\\n]", between) or other.numeral.token[:1] in "百千万亿":
            return False
        counted = _dimension(other.unit) in {_dimension(u) for u in ("个", "家", "户", "人")}
        more = place.qualifier == "more_than" and re.match("(?![、和])的?[一-鿿]{2,8}", between)
        return bool(counted and (_THRESHOLD.match(between) or more))

    # What its row is.

    def _rows(self, items, i, j):
        first, last, text = self.places[i], self.places[j - 1], self.text
        if self.sentence != first.sentence:
            self.sentence, self.recent, self.last_end = first.sentence, [], first.sentence[0]
        earlier = zip(self.places[:i], items[:i], strict=True)
        ends = (place.end for place, item in earlier if item.rows and item.rows[0].table != "thresholds")
        zone = (max([first.piece[0], *ends]), first.numeral.offset)
        words = text[slice(*zone)]
        if items[i].role.rule == "how many are ranked":
            return
        table = self._table(first, last, words, items[i].role.rule)
        grows = table.value in ("growth", "targets") and bool(_GROWTH.search(words)) and last.unit in ("%", "％")
        named = self._indicators(first, last, zone, table.value, last.unit, grows, j - i)
        made = []
        for k in range(i, j):
            for cell in named[k - i]:
                cell = cell._replace(sure=OPEN) if str(cell.value).startswith("NEW:") else cell
                row = Row(table.value, {}, *table[1:])
                self._fill(row, self.places[k], cell, words, k - i, table)
                items[k].rows.append(row)
                made.append(row)
        self.recent += made
        self.last_end = last.end

    def _table(self, first, last, words, rule):
        text, start, unit = self.text, first.numeral.offset, last.unit
        before = text[first.clause[0] : start]
        side = [*grammar.SIDE.finditer(before)]
        planned = self.plan_begins <= start < self.plan_ends
        if any(a <= start < b for a, b in self.targets_at):
            return Cell("targets", "in the sentence of the targets")
        if rule == "a rank" or (unit in ("位", "名") and text[start - 1 : start] in ("第", "前")):
            return Cell("rankings", "a place among others")
        if unit in _POINTS or (unit == "位" and side):
            return Cell("gaps", "points or places beyond something", SURE if side else LIKELY)
        if side and re.search("(?:省|市|县|年度)?(?:定|下达|核)?(?:目标|任务|时序进度|序时进度)(?:任务)?\\Z", before) and re.search("超|高|快|多", side[-1][0]):
            return Cell("gaps", "beyond a target")
        if _AGAINST.search(text[first.piece[0] : start]) and unit not in ("%", "％", "倍", "") and side:
            return Cell("gaps", "more or less than in a year before", LIKELY)
        than = _THAN_YEAR.search(text[first.piece[0] : start])
        if unit in ("%", "％") and than and int(than[1]) < int(self.meta["year_reviewed"]) - 1:
            return Cell("gaps", "more or less than in a year before", LIKELY)
        if planned and not _DONE.search(text[first.piece[0] : start]):
            return Cell("targets", "behind the targets", LIKELY)
        if unit in ("%", "％", "‰", "百分之"):
            if _OF.search(words) or _RATE.search(words):
                return Cell("shares", "a share or a rate")
            if _GROWTH.search(words):
                return Cell("growth", "a word for growth before per cent")
            return Cell("shares", "per cent without a word for growth", LIKELY)
        if unit == "倍":
            return Cell("growth", "times", LIKELY)
        return Cell("levels", "a number with a unit", SURE if unit else LIKELY)

    def _indicators(self, first, last, zone, table, unit, grows, count):
        """For each numeral of a run the indicators it states: mostly one, two where one rate is told of two things."""
        book, text = self.book, self.text
        words, found = text[slice(*zone)], _outer(self._named(*zone, table, unit, grows))
        if count > 1 and table != "gaps":
            if keys := self._in_order(found, count):
                return [[Cell(k, "names in the order of the numbers")] for k in keys]
            earlier = [r for r in self.recent if r.table in ("levels", "growth")][-count:]
            if not found and len(earlier) == count and not _bare(words):
                return [[Cell(r.cells["indicator_id"].value, "the order of the numbers before")] for r in earlier]
        behind = self._behind(last, table, unit)
        listed = re.compile("[、和及与]").search
        of_two = not found or listed(text[found[-1][1] : zone[1]])
        if behind and of_two and (not words or listed(words) or not self._subject(table, zone)):
            return [[behind]] * count
        if found:
            a, b, keys = found[-1]
            near = not _bare(text[b : zone[1]])
            if table == "shares" and len(found) > 1 and near and text[found[-2][1] : a] in ("、", "及", "和", "与"):
                return [[Cell(k[0], "two things, one rate") for _, _, k in found[-2:]]] * count
            alone = count == 1 or first.numeral.end == "low"  # a list with one name may be of several things
            whole = not _bare(book.without_places(text[self.pieces.begin(a) : a]))  # 新登记市场主体 are not all of them
            sure = near and alone and whole and len(keys) == 1 and book.standard(keys[0])
            return [[Cell(keys[0], "named before", SURE if sure else LIKELY)]] * count
        if same := self._subject(table, zone):
            return [[Cell(r.cells["indicator_id"].value, "what the sentence is about") for r in same]] * count
        before = _outer(self._named(first.sentence[0], zone[0], table, unit, grows))
        if before and len(_bare(book.without_places(words))) <= 3:
            return [[Cell(before[-1][2][0], "named earlier in the sentence", LIKELY)]] * count
        phrase = _phrase(words) or _phrase(re.split("[，,；;。\n、]", text[last.end : last.end + 14])[0])
        return [[_new(phrase)]] * count

    def _named(self, start, end, table, unit, grows=False):
        """Names in a part of the text that a figure of some table and unit can have, with their place."""
        for a, b, keys in self.book.found(self.text, start, end):
            if fitting := [key for key in keys if self.book.fits(key, table, unit, grows)]:
                yield a, b, fitting

    def _in_order(self, found, count):
        """Ids for the numbers of a list, if as many are named before it."""
        if count == 2 and len(found) == 1 and (keys := self._paired(*found[0])):
            return keys
        keys = []
        for a, b, ids in found[-count:]:
            name = self.text[a:b]
            one = (len(found) == 1 or name == self.text[found[0][0] : found[0][1]]) and len(ids) > count
            keys += [k for k in ids if k not in keys and not (one and self.book.indicators[k]["name_zh"] == name)]
        if len(keys) != count:
            return None
        if len(found) < count:  # one name for two things: 城乡, in the order of its characters
            name = self.text[found[-1][0] : found[-1][1]]
            keys.sort(key=lambda k: (name.find(self.book.indicators[k]["name_zh"][0]) % 99, k))
        return keys

    def _paired(self, a, b, ids):
        """Ids of two things whose names share an end (城镇和农村居民人均可支配收入)."""
        before, name = _PAIRED.search(self.text[max(0, a - 8) : a]), self.text[a:b]
        for cut in range(1, len(name)) if before else ():
            for begin in range(len(before[1])):
                if other := self.book.ids.get(before[1][begin:] + name[cut:]):
                    return [other[0], ids[0]]
        return None

    def _subject(self, table, zone):
        """The rows that a rate, a lead or a rank without a name of its own is about."""
        rows = [r for r in self.recent if r.table in _ABOUT.get(table, ())]
        if table == "rankings" and rows[-1:] and rows[-1].table != "rankings":
            rows = [r for r in rows if r.table != "rankings"]
        between = self.book.without_places(self.text[self.last_end : zone[1]])
        if not rows or len(_bare(between)) > 4:
            return []
        if re.search("[均都]", self.text[slice(*zone)]) and table == "rankings":
            return rows[-2:]
        return rows[-1:]

    def _behind(self, place, table, unit):
        """The indicator that is named behind a number (30座凉亭), and not before the next (12家茶厂添置炒锅30口)."""
        later = [p.numeral.offset for p in self.places if p.numeral.offset >= place.end][:1]
        stop = min([place.piece[1], *later])
        for _, b, keys in self._named(place.end, stop, table, unit):
            between = self.text[b:stop]
            if not (later and stop == later[0] and not _bare(between)) or re.search("[、和及与]", between):
                return Cell(keys[0], "named behind", SURE if len(keys) == 1 else LIKELY)
        return None

    def _fill(self, row, place, indicator, words, position, table):
        text, cells, book = self.text, row.cells, self.book
        start, token = place.numeral.offset, place.numeral.token
        before = text[place.clause[0] : start]
        cells["indicator_id"] = indicator
        known = book.indicators.get(indicator.value, {})
        value, unit = WORDS.get(token, (plain(token), place.unit))
        moves = table.value == "growth" or (table.value == "targets" and unit in ("%", "％", "‰", "个百分点"))
        fall = grammar.fall_before(before, grammar.names_of(known)) if moves else None
        cells["value"] = Cell(f"-{value}", f"{fall} before it") if fall else Cell(value, "the numeral")
        cells["unit"] = Cell(unit, "the unit behind it")
        shared = "" if place.qualifier else grammar.of_the_list(text, start, token)
        cells["qualifier"] = Cell(shared, "a bound behind the list", LIKELY) if shared else Cell(place.qualifier, "the words around it")
        if table.value == "rankings" and text[start - 1 : start] == "前":
            cells["qualifier"] = Cell("at_most", "among the first")
        cells["period"] = self._period(place, table.value, before)
        cells["area"] = self._area(place)
        for column in _SAID_BEFORE.get(table.value, ()):
            cells[column] = Cell(grammar.said_before(column, before), "the words before it")
        if table.value == "levels":
            cells["flow_or_stock"] = _known(known, "kind", "the codebook")
        if table.value == "growth":
            cells["price_basis"] = _known(known, "price_basis", "the codebook")
            if known.get("kind") == "ratio":
                cells["price_basis"] = Cell("unknown", "growth of a ratio", LIKELY)
        if table.value == "shares":
            of = _OF.search(words)
            guess = "completion" if _COMPLETION.search(words) else "share" if of else "rate"
            cells["kind"] = Cell(known["kind"], "the codebook") if known.get("kind") else Cell(guess, "the words before it", LIKELY)
            plan = ("not stated", LIKELY) if cells["kind"].value == "completion" else ("", SURE)
            cells["plan"] = Cell(plan[0], "a completion has a plan", plan[1])
            whole = (of["whole"].rstrip("的"), LIKELY) if of else ("", OPEN)
            cells["of_zh"] = Cell(whole[0], "what it is a share of", whole[1])
        if table.value in ("gaps", "rankings"):
            self._compare(row, place, words, before)

    def _period(self, place, table, before):
        reviewed, planned = self.meta["year_reviewed"], self.meta["year_planned"]
        piece = self.text[place.piece[0] : place.numeral.offset]
        if place.numeral.offset >= self.plan_ends and not _YEAR.search(piece):
            return Cell("", "a note of the report", OPEN)
        if table == "targets" or place.numeral.offset >= self.plan_begins:
            if by := _BY.findall(self.text[place.sentence[0] : place.numeral.offset]):
                return Cell(by[-1], "the year by which it is to be reached", LIKELY)
            return Cell(planned, "behind the targets", SURE if table == "targets" else LIKELY)
        if "年均" not in piece and _YEARS.search(self.text[place.sentence[0] : place.numeral.offset]):
            return Cell("", "a total of several years", OPEN)
        if plan := [*_FIVE_YEARS.finditer(piece)]:
            last = 2000 + 5 * ("五一二三四五".index(plan[-1][1] or "五", bool(plan[-1][1])) + 1)
            return Cell(str(last) if plan[-1][2] else f"{last - 4}-{last}", "a five-year plan before it", LIKELY)
        if re.search("[由从][^，,]{0,10}\\Z", piece) and re.match("[^，,。；;]{0,8}(?:增长|增加|提高|上升|下降|降低|减少|提升|扩大)[到至为]", self.text[place.end :]):
            return Cell("", "where it moved from", OPEN)
        if quarter := re.findall("([一二三四])季度", piece):
            return Cell(f"{reviewed}{_QUARTER[quarter[-1]]}", "the quarter before it")
        if (years := _YEAR.findall(piece)) and not _AGAINST.search(piece):
            after = re.search(f"{years[-1]}年的?[^，,]*?(?:增长|增加|提高|上升)到", piece)
            return Cell(reviewed if after else years[-1], "the year before it")
        if "年均" in piece:
            span = _FIVE_YEARS.search(before) or _YEARS.search(before)
            from_year = re.search("从((?:19|20)[0-9]{2})年", before)
            first = int(from_year[1]) + 1 if from_year else int(reviewed) - 4 if reviewed.isdigit() else None
            if first:
                return Cell(f"{first}-{reviewed}", "an average over the years", SURE if from_year or span else LIKELY)
        return Cell(reviewed, "the year reviewed", SURE if not _YEAR.search(before) else LIKELY)

    def _area(self, place):
        text, begin = self.text, place.sentence[0]
        named = [(text.rfind(word, begin, place.piece[1]), key) for word, key in self.book.inside.items()]
        named = [(at, key) for at, key in named if at >= 0 and self.book.areas[key]["kind"] != "group"]
        if named:
            return Cell(max(named)[1], "a place named in the sentence", LIKELY)
        others = any(word in text[slice(*place.piece)] for word in self.book.benchmarks)
        others = others or _A_PLACE.search(text[place.piece[0] : place.numeral.offset])
        return Cell(self.book.own, "the report's own place", LIKELY if others else SURE)

    def _compare(self, row, place, words, before):
        """Subject, side, comparator and scope of a gap or a rank."""
        text, cells, same = self.text, row.cells, row.cells["indicator_id"].value
        earlier = [r for r in self.recent if r.cells["indicator_id"].value == same]
        if row.table == "gaps":
            *_, side = None, *grammar.SIDE.finditer(before)
            cells["direction"] = Cell("", "no word for a side", OPEN)
            if side:
                cells["direction"] = Cell("above" if side[1] else "below", f"{side[0]} before it")
            cells["comparator"] = self._comparator(place, before)
            wanted = ["rankings"] if place.unit in ("位", "名", "个位次", "位次") else ["levels", "growth"]
            rows = sorted((r for r in earlier if r.table in wanted), key=lambda r: r.table == "growth")
            cells["subject"] = Cell("", "no figure of it before", LIKELY)
            if rows:
                cells["subject"] = Cell(rows[-1], "the last figure of it", SURE if rows[-1].table == "growth" else LIKELY)
            return
        if group := self._group(place):
            rule = "how many are ranked"
            scope, out_of, numeral = Cell(group[0], rule), Cell(group[1].token, rule), Cell(group[1], rule)
        else:
            known = "" if _REGION.search(before) else grammar.benchmark(self.book.benchmarks, before)
            scope = Cell(known, "the place before it") if known else Cell("", "no place before it", OPEN)
            out_of = numeral = Cell("", "none told")
        cells |= {"scope": scope, "out_of": out_of, "out_of_numeral_id": numeral}
        cells["ranked"] = Cell("own", "the report's own place", LIKELY)
        rows = [r for r in earlier if r.table in ("levels", "growth")]
        if re.search("增速|增幅|增长", words):
            rows = [r for r in rows if r.table == "growth"] or rows
        if rows:
            kind = rows[-1].table
            counted = kind == "levels" and _dimension(rows[-1].cells["unit"].value) in {_dimension("个"), _dimension("家")}
            aspect = "growth" if kind == "growth" else "number" if counted else "level"
            cells["aspect"] = Cell(aspect, "what stands before it", LIKELY if counted else SURE)
            cells["subject"] = Cell(rows[-1], "the last figure of it", LIKELY)
            return
        cells["subject"] = Cell("", "no figure of it before", LIKELY)
        said = text[place.clause[0] : place.numeral.offset]
        guess = "result" if "成绩" in said else "index" if re.search("指数|排名|水质", said) else "assessment"
        cells["aspect"] = Cell(guess, "the words before it", LIKELY)

    def _comparator(self, place, before):
        piece = self.text[place.piece[0] : place.numeral.offset]
        if against := _AGAINST.search(piece):
            year = against[1] or str(int(self.meta["year_reviewed"]) - 1)
            return Cell(f"own_{year}", "a year before it")
        if re.search("时序进度|序时进度", piece):
            return Cell("schedule", "the schedule before it")
        if target := re.search("(省|市|自治区)?(?:定|下达|核|级)?[一-鿿]{0,2}(?:目标|任务)(?:任务)?\\Z", piece):
            of = self.book.targets.get(target[1])
            return Cell(of or "target", "a target before it", SURE if of else LIKELY)
        named = grammar.benchmark(self.book.benchmarks, before)
        return Cell(named, "the place before it") if named else Cell("", "no place before it", OPEN)

    def _group(self, place):
        """Id of a group of areas and the numeral that says how many are in it (居六县市第2位)."""
        at = self.places.index(place)
        if not at:
            return None
        other = self.places[at - 1]
        between = self.text[other.numeral.offset + len(other.numeral.token) : place.numeral.offset]
        if not re.fullmatch(_UNITS_RANKED.pattern + "[一-鿿]{0,3}第", between):
            return None
        word = other.numeral.token + between.removesuffix("第")
        known = [key for key, row in self.book.areas.items() if word in grammar.names_of(row)]
        return (known[0] if known else f"NEW:{word}", other.numeral)

    def _claims(self):
        """What is claimed without a number, in words that the genre uses for it."""
        items, text = [], self.text
        for found in _CLAIM.finditer(text[: end_of(self.meta)]):
            at, term = found.start(), found[0]
            told = text[self.pieces.begin(at) : at]
            if not covered(self.meta, at) or (term[:2] in ("目标", "任务") and ("完成" not in told or re.search("超额|优于|超", told))):
                continue
            begin, clause = self.pieces.begin(at), self.clauses.begin(at)
            parts = ((begin, at), (at, self.pieces.span(at)[1]), (clause, begin))
            named = next(filter(None, (_outer(self._named(*part, "claims", "")) for part in parts)), None)
            indicator = Cell(named[-1][2][0], "named before", LIKELY) if named else _new(_phrase(text[begin:at]))
            spans = (of.span(at) for of in (self.pieces, self.clauses, self.sentences))
            place = Place(Numeral(at, term), "", "", found.end(), *spans)
            period = self._period(place, "claims", text[clause:at])
            if any(a <= at < b for a, b in self.targets_at):
                period = Cell(self.meta["year_planned"], "in the sentence of the targets")
            cells = {
                "indicator_id": indicator,
                "value": Cell(NOT_STATED, "a claim has no number"),
                "kind": Cell(grammar.kind_of_claim(term), "the term"),
                "period": period,
                "area": self._area(place),
                "claim_zh": Cell("", "for a person to say", OPEN),
                "claim_en": Cell("", "for a person to say", OPEN),
            }
            row = Row("claims", cells, "a term of claims", LIKELY)
            items.append(Item(at, term, Cell("claim", "a term of claims", LIKELY), [row]))
        return items

    def _threshold(self, items, i):
        place = self.places[i]
        cells = {
            "value": Cell(plain(place.numeral.token), "the numeral"),
            "unit": Cell(place.unit, "the unit behind it"),
            "qualifier": Cell(place.qualifier, "the words around it"),
            "period": self._period(place, "levels", ""),
            "area": self._area(place),
            "indicator_id": Cell("", "what is counted", OPEN),
            "counted": Cell("", "the next figure", OPEN),
        }
        items[i].rows.append(Row("thresholds", cells, *items[i].role[1:]))

    def _join(self, items):
        """What waits for a later row: what a bound counts, and what came of a target."""
        for i, item in enumerate(items):
            for row in item.rows:
                if row.table == "thresholds":
                    later = (r for other in items[i + 1 : i + 3] for r in other.rows if r.table in ("levels", "targets"))
                    if counted := next(later, None):
                        row.cells["counted"] = Cell(counted, "the next figure")
                        row.cells["indicator_id"] = counted.cells["indicator_id"]
                elif row.table == "targets":
                    row.cells["outcome"] = self._outcome(items, row)

    def _outcome(self, items, target):
        """The figure of the year reviewed that a target continues."""
        indicator, area = target.cells["indicator_id"], target.cells["area"].value
        about = (indicator.value, area, self.meta["year_reviewed"])
        for table in ("growth" if target.cells["unit"].value in ("%", "％") else "levels", "shares"):
            for row in (row for item in items for row in item.rows if row.table == table):
                if tuple(row.cells[column].value for column in ("indicator_id", "area", "period")) == about:
                    return Cell(row, "the figure of the year reviewed", indicator.sure)
        return Cell("", "no figure of the year reviewed")


def _bare(words):
    """What is left of some words without those that name nothing."""
    return _FUNCTION.sub("", words)


def _outer(found):
    """Names that lie in no longer one."""
    found = list(found)
    return [one for one in found if not any(o[0] <= one[0] and one[1] <= o[1] and o[1] - o[0] > one[1] - one[0] for o in found)]


# Verbs around a noun phrase.
_VERBS_BEFORE = (
    "再|在|了|支持|解决|推出|筹集|认定|新增|新建|修建|全年|累计|完成|实现|建成|新建|引进|其中|培育|打造|实施|争取|落地|新签约|力争|确保|目前|"
    "组织|开展|举办|发放|推动|加快|改造|继续"
)
_VERBS_BEHIND = "达到|达|完成|实现|增长|增速|增幅|控制在|为|至|到|超过|超|突破|共|均"


def _phrase(words):
    """The noun phrase of some words, for the name of an indicator that the codebook lacks."""
    words = re.sub("^[^一-鿿A-Za-z]+|[^一-鿿A-Za-z]+$", "", words)
    return re.sub(f"^(?:{_VERBS_BEFORE})+|(?:{_VERBS_BEHIND})+$", "", words).strip(_MARKS)[:16]


def _new(phrase):
    return Cell(f"NEW:{phrase}" if phrase else "", "not in the codebook", OPEN)


def _known(row, column, rule):
    return Cell(row[column], rule) if row.get(column) else Cell("", "not in the codebook", OPEN)
