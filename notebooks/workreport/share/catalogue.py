"""Every figure as a person looks it up: its names, its value in words, its range, what it is held against, where it is.

The frames come from `analysis.ledger`; here they get words. Used by the site, the workbook and the explorer.
"""

import html
from dataclasses import replace

from ..analysis import ledger, published
from ..frames import frame
from ..numbers import Interval, Missing, Quantity
from ..page import Page, Record, recording
from ..tables import FIGURE_TABLES
from ..words import vocabulary

# Column and way, heading in English, heading in Chinese; no heading: not shown in that language.
FIGURES = (
    ("figure_id:text", "Figure", "数据编号"), ("indicator:label", "What", "内容"), ("measure:measure", "Kind", "类别"),
    ("value", "Value", ""), ("printed", "In the report", "报告原值"), ("range", "Range left by rounding", "误差范围"),
    ("period:period", "Year", "年份"), ("area:label", "Area", "地区"), ("note", "Held against", "对照"),
    ("where", "Section", "所在部分"), ("search:text", "Search for", "检索词"),
)  # fmt: skip
PUBLISHED = (
    ("published_id:text", "Figure", "数据编号"), ("indicator:label", "What", "内容"), ("measure:measure", "Kind", "类别"),
    ("value", "Value", ""), ("printed", "As published", "公布值"), ("basis", "Basis", "口径"), ("period:period", "Year", "年份"),
    ("area:label", "Area", "地区"), ("publisher", "Publisher", "发布机构"), ("quality:quality", "Kind of source", "来源性质"),
    ("published_date:text", "Published on", "发布日期"),
)  # fmt: skip


def in_language(lang):
    """A function that takes an English and a Chinese wording and gives the one of a language."""
    return lambda en, zh: {"en": en, "zh": zh}[lang]


def names(report, key):
    """Every name that an indicator or an area goes by, in both languages and in the text of the report."""
    row = report.indicators.get(key) or report.areas.get(key) or {}
    forms = [row.get(column, "") for column in ("name_zh", "name_en", "short_zh", "short_en", "printed_zh")]
    own = report.meta.get("names", {}).get(key, [])
    return [key, *(name for form in forms for name in form.split("/") if name), *own]


def rows(page, data, columns, language=None):
    """A frame as rows of text in a language, as `Page.table` would show it.

    Parameters
    ----------
    page : Page
    data : DataFrame
    columns : list of (str, str, str)
        As `Page.table` takes them; a column without a heading in the language is left out.
    language : {"en", "zh"}, optional
        That of the page if None.

    Returns
    -------
    list of dict of str to str
    """
    language = language or page.language
    kept = [column for column in columns if column[1 if language == "en" else 2]]
    kept = [(way, en or zh, zh or en) for way, en, zh in kept]
    with recording(Record(page.notebook, language)) as record:
        Page(page.notebook, page.report, language).table(data, *kept)
    return record.tables[0]


def as_html(found):
    """Rows of text as a plain HTML table."""
    cell = lambda text, tag: f"<{tag}>{html.escape(text)}</{tag.split()[0]}>"  # noqa: E731
    head = "".join(cell(h, 'th scope="col" style="text-align:left;padding-right:1em"') for h in found[0])
    body = "".join("<tr>" + "".join(cell(text, 'td style="text-align:left;padding-right:1em"') for text in row.values()) + "</tr>" for row in found)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def span(page, value):
    """The range that a quantity can stand for, in words: exact, left open (about), from 8, 4.75 to 4.85%."""
    if isinstance(value, Missing):
        return page.phrase("–", "–")
    if value.low == value.high and value.about:
        return page.phrase("left open", "未定")
    if value.low == value.high:
        return page.phrase("exact", "精确")
    if not value.interval.bounded:
        return page.phrase("from {low}", "{low}起", low=replace(value, interval=Interval.exact(value.low), about=False))
    digits = value.digits() + 1
    low, high = (
        replace(value, value=end, interval=Interval.exact(end), decimals=digits, about=False)
        for end in (value.low, value.high)
    )
    return page.phrase("{low} to {high}", "{low}至{high}", low=low, high=high)


def counted(page, indicator, value):
    """A quantity in words, with what it counts where it is a count: at most 3.5%, 40,800 businesses."""
    if isinstance(value, Missing):
        return page.phrase("not stated", "报告未列")
    what = page.report.indicators[indicator]["counted_en"] if value.kind == "count" else ""
    return page.phrase("{q:worded}" + f" {what}".rstrip(), "{q:worded}", q=value)


def _printed(page, text, qualifier):
    """Number and unit as in the report, with what the report says of them."""
    if text in vocabulary()["status"]:
        return page.phrase("{s:status}", "{s:status}", s=text)
    pattern = vocabulary()["qualifier"].get(qualifier, {"en": "…", "zh": "…"})
    return page.phrase(*(pattern[lang].replace("…", text) for lang in ("en", "zh")))


def note(page, row):
    """What a figure is held against, or what is claimed; an empty text where it stands alone.

    Parameters
    ----------
    page : Page
    row : tuple
        A row of `ledger.every_figure`.
    """
    cells = page.report.rows[row.figure_id][1]
    if row.measure == "claims":
        return page.phrase(cells["claim_en"], cells["claim_zh"])
    if row.measure == "gaps":
        side = page.phrase("{s:side}", "{s:side}", s=cells["direction"])
        return page.phrase("{side} {a}", "{side}{a}", side=side, a=compared(page, row.against, "位" in cells["unit"]))
    if row.measure == "rankings":
        return page.phrase("{how:aspect}, in {a}", "在{a}{how:aspect}", how=cells["aspect"], a=row.against)
    if row.measure == "shares" and cells["of_en"]:
        return page.phrase("of: " + cells["of_en"], "以" + cells["of_zh"] + "为分母")
    if row.measure == "targets" and row.against in page.report.figures:
        outcome = page.report.figures[row.against].quantity
        return page.phrase("after {q:worded} the year before", "上年{q:worded}", q=outcome)
    if row.measure == "thresholds" and row.against in page.report.rows:
        return page.phrase("for {i}", "{i}的统计门槛", i=page.report.rows[row.against][1]["indicator_id"])
    return ""


def compared(page, told, ranked=False):
    """What a lead or a lag (of a rank, or not) is measured against: an area, the target of one, an own year, the schedule, a plan."""
    if told.startswith("target_of_"):
        kind = page.report.areas[told.removeprefix("target_of_")]["kind"]
        return page.phrase("{k:target_of} target", "{k:target_of}目标", k=kind)
    if told.startswith("own_"):
        words = ("its own rank in {y:year}", "自身{y:year}年位次") if ranked else ("its own in {y:year}", "自身{y:year}年")
        return page.phrase(*words, y=int(told.removeprefix("own_")))
    return told if told in page.report.areas else page.phrase("{a:compared}", "{a:compared}", a=told)


def phrases(report):
    """What to search for in a copy of the report to find each figure: number and unit, and which hit within its section.

    Parameters
    ----------
    report : Report

    Returns
    -------
    dict of str to (str, int, int)
        By id of a figure or claim: the words, which hit of how many in its section. From the ledger alone, so a word that
        a claim uses may stand elsewhere too.
    """
    rows = {row["numeral_id"]: row for row in report.tables["numerals"].rows}
    begins, made, places = {int(row["offset"]) for row in rows.values()}, {}, {}
    for table in FIGURE_TABLES:
        for row in report.tables[table].rows:
            numeral = rows.get(row["numeral_id"], {"token": row.get("term"), "section": row.get("section"), "offset": row.get("offset")})
            at, token = int(numeral["offset"]), numeral["token"]
            # In a list (1.8、1.7个百分点) and before 余 the unit does not follow at once.
            alone = table == "claims" or row["qualifier"] == "more_than" or at + len(token) + 1 in begins
            said = f"{'第' if table == 'rankings' else ''}{token}{'' if alone else row['unit']}"
            made[row["figure_id"]] = said, at, numeral["section"]
            places.setdefault(numeral["section"], {})[at] = said
    for row in rows.values():
        places.setdefault(row["section"], {}).setdefault(int(row["offset"]), row["token"])
    hits = {key: [p for p, other in sorted(places[section].items()) if said in other] for key, (said, _, section) in made.items()}
    return {key: (said, hits[key].index(at) + 1, len(hits[key])) for key, (said, at, _) in made.items()}


def every_figure(page):
    """`ledger.every_figure` in words: with ``value``, ``range``, ``note`` and ``where``, each in both languages."""
    found = ledger.every_figure(page.report)
    known = phrases(page.report)
    sections = {s["id"]: page.phrase(s["name_en"], s["name_zh"]) for s in page.report.meta["sections"]}
    return found.assign(
        value=[counted(page, r.indicator, r.quantity) for r in found.itertuples()],
        printed=[
            _printed(page, f"第{r.printed}" if r.measure == "rankings" else r.printed, r.qualifier)
            for r in found.itertuples()
        ],
        search=[_hit(page, *known[r.figure_id]) for r in found.itertuples()],
        range=[span(page, q) for q in found["quantity"]],
        note=[note(page, r) for r in found.itertuples()],
        period=found["period"].astype(str),
        where=found["section"].map(sections),
    )


def every_published(page, beside=False):
    """The published statistics that were found, in words, with their basis and their publisher; ``beside``: on its area and those near."""
    found = published.about(page.report) if beside else frame(page.report, "published")
    found = found[found["quantity"].q.stated].rename(columns={"indicator_id": "indicator"}).reset_index(drop=True)
    return found.assign(
        value=[counted(page, r.indicator, r.quantity) for r in found.itertuples()],
        printed=[_printed(page, str(r.printed), r.qualifier) for r in found.itertuples()],
        basis=[_basis(page, r) for r in found.itertuples()],
        period=found["period"].astype(str),
        publisher=[page.phrase(r.publisher_en, r.publisher_zh) for r in found.itertuples()],
    )


def _hit(page, said, n, of):
    """What to search for, and which hit of several in the section it is."""
    return said if of == 1 else page.phrase("{said} (hit {n} of {of})", "{said}（第{n}处，共{of}处）", said=page.phrase(said, said), n=n, of=of)


def _basis(page, row):
    parts = [page.phrase("{b:basis}", "{b:basis}", b=row.variant)] if row.variant else []
    parts += [page.phrase("derived, never seen published", "推算，未见公布")] if row.status == "derived" else []
    return page.phrase("{parts:;}", "{parts:;}", parts=parts) if parts else ""


def order(quantity):
    """What a column of quantities is sorted by: the point value in base units, nothing where there is none."""
    return float(quantity.value) if isinstance(quantity, Quantity) else ""


def charts_of(held, figure_id):
    """Charts that draw a figure, those with the fewest figures first."""
    found = [stem for stem, card in held.items() if figure_id in card["figure_ids"]]
    return sorted(found, key=lambda stem: len(held[stem]["figure_ids"]))
