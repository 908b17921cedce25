"""What a text tells of itself: identity, title, day, years, sections, where the words of a website begin and end."""

import re
from datetime import date

from ..proof import text as proof_text

BLOCK = 200
_HEADING = re.compile(r"[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[)）]|——|第[一二三四五六七八九十]+[章部]")
_TOP = re.compile(r"[一二三四五六七八九十]+、|第[一二三四五六七八九十]+[章部]")
_LONGEST = 24  # characters of a heading that become the name of its section
_TITLE = re.compile(r"^[ \u3000]*((?:(?:19|20)\d\d年)?[一-鿿]{0,12}(?:人民)?政府工作报告)", re.M)
_DAY = re.compile(r"((?:19|20)\d\d)年(\d{1,2})月(\d{1,2})日|[(（]((?:19|20)\d\d)[-.]?(\d\d)[-.]?(\d\d)[)）]|((?:19|20)\d\d)-(\d\d)-(\d\d)")
_OPENING = re.compile(r"^[ \u3000]*(?:各位代表|尊敬的)", re.M)
_CLOSING = re.compile(r"(?:上一篇|下一篇|责任编辑|版权所有|相关(?:阅读|推荐)|扫一扫|点击下载|打印本页|网站地图|\d\d-\d\d[ \t]*$)", re.M)
_NOTES = re.compile(r"^[ \u3000【\[（(]*(?:名[ \u3000]*词[ \u3000]*解[ \u3000]*释|名词注释|注释|有关用语|报告中有关|附[:：件])", re.M)
_TARGETS = re.compile(r"[^。\n]*(?:预期|发展|主要|奋斗)目标[^。\n]{0,12}?[是为：:][^。\n]*\d[^。\n]*。?")
_INDICATOR = "(?:固定资产投资|社会消费品|社零|预算收入|财政收入|工业增加值|可支配收入|进出口|存款|贷款|外资|就业|消费价格)"
# The sentence with output and another indicator, or several such sentences behind each other.
_HEADLINE = re.compile(
    rf"[^。\n]*(?:生产总值|GDP)(?=[^。\n]*\d)(?=[^\n]{{0,200}}?{_INDICATOR})[^。\n]*。?(?:[^。\n]*{_INDICATOR}[^。\n]*\d[^。\n]*。)*"
)
_SEVERAL_YEARS = re.compile("年均|五年|十.五|翻番|由[^。，；;]{1,16}(?:增长|增加|提高)到")
_KINDS = (("回顾", "Review"), ("问题|困难|不足", "Problems"), ("目标", "Targets"), ("安排|任务|重点|工作|部署|思路|打算", "Plan"))


def card(words, name):
    """The part of ``report.json`` that nobody has to read.

    Parameters
    ----------
    words : str
        The text, line ends as one character.
    name : str
        Area and year of delivery, such as ``qinyang-2023``.

    Returns
    -------
    dict
        As `report.json`; what the text does not tell is empty, for a person to fill in. The sentence of the main
        indicators and that of the targets are sections of their own, so that they can be covered alone.
    """
    area, _, year = name.rpartition("-")
    title = next((found[1] for found in _TITLE.finditer(words) if found[1][:4] == year or not found[1][:1].isdigit()), "")
    days = (_day([cell for cell in found.groups() if cell]) for found in _DAY.finditer(words[:2000]))
    delivered = next((day for day in days if day.startswith(year)), "")  # a website gives the day of its copy too
    sections = _sections(words, int(year))
    return {
        "title_zh": title, "title_en": f"Government work report of {area.replace('_', ' ').title()}, {year}",
        "area": area, "year_reviewed": str(int(year) - 1), "year_planned": year, "delivered": delivered,
        "publisher_zh": "", "publisher_en": "", "read_at": "",
        "sha256": proof_text.digest(words), "characters": len(words), "sections": sections,
        "covers": [s["id"] for s in sections if s["id"] not in ("front", "notes", "back")],
        "block_characters": BLOCK, "block_sha256": [proof_text.digest(words[i : i + BLOCK])[:12] for i in range(0, len(words), BLOCK)],
    }  # fmt: skip


def _day(cells):
    """A date written in digits, as ISO 8601 has it; empty where there is no such day."""
    try:
        return str(date(*map(int, cells)))
    except ValueError:
        return ""


def _sections(words, planned):
    """Sections by headings, with the sentence of the main indicators, that of the targets, and what is no report set apart."""
    opening, end, notes = _OPENING.search(words), _end(words), _NOTES.search(words)
    begin = opening.start() if opening else 0
    starts, top, sub, year, main = {0: ("front", "开头", "Beginning")}, 0, 0, "", "Part"
    if opening and begin:
        starts[begin] = ("opening", "开场", "Opening")
    at = 0
    for line in words[:end].split("\n"):
        said = line.strip()
        if at >= begin and at and _HEADING.match(said):
            name = re.split("[。，；：,;:]", said)[0][:_LONGEST]
            kind = next((english for pattern, english in _KINDS if re.search(pattern, name)), "Part")
            if _TOP.match(said):
                top, sub, main = top + 1, 0, kind
                told = re.search(r"(?:19|20)\d\d", name)
                year = told[0] if told else str(planned if kind == "Plan" else planned - 1) if kind in ("Plan", "Review") else ""
                starts[at] = (str(top), name, f"Part {top}" if kind == "Part" else f"{kind} {year}".strip())
            else:
                sub += 1
                starts[at] = (f"{top}.{sub}", name, f"{main} {year if main != 'Part' else top or ''}".strip() + f": part {sub}")
        at += len(line) + 1
    plan = next((start for start, (_, _, name) in starts.items() if name.startswith("Plan")), end)
    told = [*_HEADLINE.finditer(words, begin, plan)]
    one_year = [found for found in told if not _SEVERAL_YEARS.search(found[0])]  # five years are often summed up first
    _set_apart(words, starts, next(iter(one_year or told), None), "headline", "主要指标", "Main indicators")
    _set_apart(words, starts, _TARGETS.search(words, begin, end), "targets", "主要预期目标", f"Targets for {planned}")
    if notes and begin < notes.start() < end:
        starts = {s: v for s, v in starts.items() if s < notes.start()} | {notes.start(): ("notes", "注释", "Notes")}
    if end < len(words):
        starts[end] = ("back", "网页附加", "Text of the website")
    return [{"id": key, "start": s, "name_zh": zh, "name_en": en} for s, (key, zh, en) in sorted(starts.items())]


def _set_apart(words, starts, found, key, zh, en):
    """A section of one sentence, and the rest of the section it stands in behind it."""
    if not found or found.start() in starts or any(found.start() < s < found.end() for s in starts):
        return
    around = starts[max(s for s in starts if s <= found.start())]
    starts[found.start()] = (key, zh, en)
    if found.end() < len(words) and found.end() not in starts:
        starts[found.end()] = (f"{around[0]}b", f"{around[1]}（续）", f"{around[2]}, continued")


def _end(words):
    """Where the report ends: before the first words of a website in its last fifth, or with the text."""
    behind = _CLOSING.search(words, len(words) * 4 // 5)
    return words.rfind("\n", 0, behind.start()) + 1 if behind else len(words)
