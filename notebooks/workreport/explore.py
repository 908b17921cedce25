"""What the explorer offers and shows: one measure of one indicator, in words, as a chart and as a table."""

import html
import math
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice

from . import charts, growth, rankings
from .catalogue import printed
from .prose import direction_word, number
from .rankings_story import NAMED, ordinal
from .sources import caveats
from .story import Chart, Finding, Texts, each, join, name_of, place_of
from .style import COLOURS
from .tables import FIGURE_TABLES, Figure
from .units import parse_unit

TEXTS = Texts("explore")
FIGURES, RANKINGS, BASES = Texts("figures"), Texts("rankings"), Texts("comparators")
SEMICOLON = {"en": "; ", "zh": "；"}
PUBLISHED = {"levels": "level", "growth": "growth", "gaps": "gap", "rankings": "rank", "shares": "share", "targets": "target"}
READABLE = 20  # beside a bar so many times as long, the others are specks
BESIDE = 6
# Dimension, printed unit, least value, what one is, its name; the first that fits is what an English reader expects.
SCALES = (
    *((money, "", one if word else 0, one, word + name) for money, name in (("yuan", "yuan"), ("dollar", "dollars"))
      for one, word in ((10**12, "trillion "), (10**9, "billion "), (10**6, "million "), (1, ""))),
    ("square_metre", "平方米", 0, 1, "square metres"), ("square_metre", "", 0, 10**4, "hectares"),
    ("kilogram", "", 0, 1000, "tonnes"), ("day", "", 0, 1, "days"), ("year", "", 0, 1, "years"),
)  # fmt: skip


def choices(report):
    """What can be chosen: themes, their indicators, and the measures that the report states of each.

    Returns
    -------
    dict of str to dict of str to list of str
        Theme to indicator to names of tables, in the order of the codebook.
    """
    offered = {}
    for name, row in report.indicators.items():
        measures = [table for table in FIGURE_TABLES if name in report.rows_by(report.tables[table], "indicator_id")]
        if measures:
            offered.setdefault(row["theme"], {})[name] = measures
    return offered


def drawn(report, indicator, measure):
    """What a choice draws, without drawing it: kinds of `Entry`, ``stated`` first; empty where there is nothing to draw."""
    entries = _entries(report, indicator, measure) if measure != "claims" else []
    return [entry.kind for entry in _drawn(report, measure, entries)]


@dataclass(frozen=True)
class View:
    """One choice as shown; every text by language.

    Parameters
    ----------
    answer : list of dict
        Paragraphs.
    chart : Chart or None
        None where there is nothing to draw; the answer says why.
    table : dict
        Rows by language.
    """

    answer: list
    chart: Chart | None
    table: dict


@dataclass(frozen=True)
class Entry:
    """One row of the table.

    Parameters
    ----------
    kind : {"stated", "compared", "rebuilt", "published", "beside"}
    figure : Figure
        For a rebuilt rate the own one, with the rebuilt quantity.
    ids : tuple of str
    area : str
    """

    kind: str
    figure: Figure
    ids: tuple
    area: str

    @property
    def period(self):
        """Year of the figure."""
        return self.figure.row["period"]


def scale(figure, lang):
    """What one unit in the reader's convention is in base units, and its name: ``billion yuan`` or ``亿元``."""
    quantity, unit = figure.quantity, figure.row["unit"]
    if lang == "zh":
        return (Fraction(10**8), "亿元") if not unit and quantity.dimension else (parse_unit(unit)[2], unit)
    if quantity.kind in ("rate", "points"):
        return Fraction(1, 100), "%" if quantity.kind == "rate" else "pp"
    for dimension, ending, least, one, name in SCALES:
        if quantity.dimension == ((dimension, 1),) and unit.endswith(ending) and abs(quantity.value) >= least:
            return Fraction(one), name
    return Fraction(1), "places" if quantity.kind == "rank" else ""


def _text(value, figure, lang, *, half=False, axis=None):
    one, unit = axis or scale(figure, lang)
    step = parse_unit(figure.row["unit"])[2] / 10**figure.decimals / one
    text = number(value / one, max(0, math.ceil(-math.log10(step / 2 if half else step) - 1e-9)))
    if "." in text and not half and (figure.quantity.low == figure.quantity.high or not math.isfinite(figure.quantity.high)):
        text = text.rstrip("0").rstrip(".")  # no precision to show
    shown = unit if unit == "%" or not axis else ""
    return text + (f"\u00a0{shown}" if lang == "en" and shown not in ("%", "") else shown)


def worded(figure, lang, axis=None):
    """A figure as a reader says it, with its qualifier: ``34.43 billion yuan``, ``at least 11%``, ``第1位``.

    Parameters
    ----------
    axis : pair of Fraction and str, optional
        The scale of a chart, whose unit stands on its axis.
    """
    if is_place(figure):
        return ordinal(rankings.place(figure), lang)
    return TEXTS.say(f"qualified.{figure.row['qualifier'] or 'none'}", value=_text(figure.quantity.value, figure, lang, axis=axis))[lang]


def is_place(figure):
    """Whether a figure is a place in a ranking."""
    return figure.table == "rankings" or figure.row.get("measure") == "rank"


def is_bound(figure):
    """Whether a figure is a ceiling or a floor, which is compared with nothing."""
    return figure.row["qualifier"] in ("at_least", "at_most", "more_than")


def interval(figure, lang):
    """What rounding leaves open: ``34.425 to 34.435 billion yuan``, ``exact``."""
    low, high = figure.quantity.low, figure.quantity.high
    if low == high:
        return FIGURES.get("interval.exact")[lang]
    unit = scale(figure, lang)[1]
    ends = {k: _text(end, figure, lang, half=True) if math.isfinite(end) else "∞" for k, end in (("low", low), ("high", high))}
    if math.isfinite(high):
        ends["low"] = ends["low"].removesuffix(unit).rstrip()
    return FIGURES.say(f"interval.{'range' if math.isfinite(high) else 'above'}", **ends)[lang]


def _entries(report, indicator, measure):
    own = report.find(measure, indicator_id=indicator)
    found = [Entry("stated", f, (f.id,), f.row["area"]) for f in own]
    linked = dict.fromkeys(f.row.get("outcome") or f.row.get("subject") or "" for f in own)
    found += [Entry("compared", report.figures[i], (i,), report.figures[i].row["area"]) for i in linked if i in report.figures]
    if measure == "growth":
        for c in growth.comparisons(report, (indicator,)):
            figure = replace(c.own, quantity=c.rebuilt, decimals=max(c.own.decimals, c.gap.decimals))
            found.append(Entry("rebuilt", figure, (c.own.id, c.gap.id), c.area))
    if measure in PUBLISHED:
        published = report.find("published", indicator_id=indicator, measure=PUBLISHED[measure])
        found += [Entry("published", f, (f.id,), f.row["area"]) for f in sorted(published, key=lambda f: f.row["period"] != own[0].row["period"])]
    return found


def _drawn(report, measure, entries):
    """The entries that can stand on one axis: same kind of value, same period, comparable size."""
    own = [e for e in entries if e.kind == "stated" and measure not in ("thresholds", "claims")]
    if measure in ("rankings", "gaps") or not own:
        return own
    first, largest = own[0].figure, max(abs(e.figure.quantity.value) for e in own)
    drawn, seen = [], set()
    for e in entries:
        q, key = e.figure.quantity, (e.kind, e.area, e.period, e.figure.row.get("variant"), e.figure.quantity.value)
        alike = (q.dimension, q.kind) == (first.quantity.dimension, first.quantity.kind) and q.value != 0
        timely = e.kind in ("stated", "compared") or (e.period == first.row["period"] and (measure == "targets" or not is_bound(first)))
        if alike and timely and key not in seen and 1 / READABLE <= abs(q.value / (largest or 1)) <= READABLE:
            drawn.append(e)
            seen.add(key)
    if len(drawn) == 1 and measure in ("levels", "shares", "growth"):
        theme = report.indicators[first.row["indicator_id"]]["theme"]
        beside = (
            f for f in report.each(measure, area=first.row["area"], period=first.row["period"], unit=first.row["unit"])
            if f.id != first.id and report.indicators[f.row["indicator_id"]]["theme"] == theme
            and f.quantity.value and 1 / READABLE <= f.quantity.value / largest <= READABLE
        )  # fmt: skip
        drawn += [Entry("beside", f, (f.id,), f.row["area"]) for f in islice(beside, BESIDE)]
    return drawn


def _area(report, entry, *, start=True):
    """Name of an entry's area, with the basis of a published figure."""
    variant, area = entry.figure.row.get("variant"), place_of(report, entry.area, start=start)
    return TEXTS.say("bracketed", text=area, note=BASES.get(f"basis.{variant}")) if variant else area


def _what(report, entry):
    """What an entry is: ``gap above the nation``, ``place in Jiaozuo by size``, ``growth, rebuilt``."""
    figure, row = entry.figure, entry.figure.row
    if figure.table == "gaps":
        comparator = row["comparator"]
        comparator = place_of(report, comparator) if comparator in report.areas else TEXTS.get(f"comparator.{comparator}")
        return TEXTS.say(f"gap.{row['direction']}", comparator=comparator)
    if figure.table == "rankings":
        aspect = row["indicator_id"] if row["indicator_id"] in NAMED else row["aspect"]
        return TEXTS.say("bracketed", text=RANKINGS.get(f"scope.{row['scope']}"), note=RANKINGS.get(f"aspect.{aspect}"))
    table = next(t for t, m in PUBLISHED.items() if m == row["measure"]) if figure.table == "published" else figure.table
    return TEXTS.say(f"kind.{entry.kind}", what=TEXTS.get(f"measure.{table}"), name=name_of(report, row["indicator_id"]))


def _where(report, entry):
    """Place in the report, derivation, or publisher."""
    figure, row = entry.figure, entry.figure.row
    if entry.kind == "rebuilt":
        return " − ".join(entry.ids)
    if figure.table == "published":
        return " · ".join(text for text in (figure.id, row["publisher"], row["published_date"]) if text)
    numeral = report.numerals[row["numeral_id"]]
    return f"{figure.id} · {numeral['section']} · {numeral['offset']}"


def _table(report, indicator, measure, entries):
    rows = [
        (_what(report, e), _area(report, e), e.period, printed(e.figure.row) if e.kind != "rebuilt" else "–",
         worded(e.figure, "en"), each(lambda lang, e=e: interval(e.figure, lang)), _where(report, e))
        for e in entries
    ]  # fmt: skip
    rows += [
        (TEXTS.get("sought"), place_of(report, r["area"], start=True), r["period"], TEXTS.get("not_found"), "–", "–", r["published_id"])
        for r in report.tables["published"].rows
        if r["indicator_id"] == indicator and r["measure"] == PUBLISHED.get(measure) and r["status"] == "not_found"
    ]
    return TEXTS.table("view", rows)


def _said(figure):
    """A figure inside a sentence: as printed, and in the reader's own units where these differ."""
    q = figure.quantity
    if is_place(figure) or q.kind in ("rate", "points", "rank") or (q.kind == "count" and parse_unit(figure.row["unit"])[2] == 1):
        return each(lambda lang: worded(figure, lang))
    return TEXTS.say("bracketed", text=printed(figure.row), note=_text(q.value, figure, "en"))


def _part(report, entry):
    """A gap or a place as part of a list: ``1.8 pp above the nation``."""
    return TEXTS.say(f"part.{entry.figure.table}", value=each(lambda lang: worded(entry.figure, lang)), what=_what(report, entry))


def _stated(report, measure, own):
    """What the report prints."""
    name = name_of(report, own[0].figure.row["indicator_id"])
    facts = {"name": TEXTS.say("bracketed", text=name, note=FIGURES.get(f"kind.{measure}")) if measure not in ("targets", "thresholds") else name}
    if measure in ("gaps", "rankings"):
        facts |= {"area": place_of(report, own[0].area, start=True), "year": own[0].period}
        parts = [_part(report, e) for e in own]
        if measure == "gaps":
            parts = [TEXTS.say("bracketed", text=p, note=each(lambda lang, e=e: interval(e.figure, lang))) for p, e in zip(parts, own, strict=True)]
        return [TEXTS.say("stated.parts", parts=join(parts, SEMICOLON), **facts)]
    said = []
    for e in own:
        figure = e.figure
        soft = "bound" if is_bound(figure) else "exact" if figure.quantity.low == figure.quantity.high else "rounded"
        key = measure if measure in ("targets", "thresholds") else soft
        between = {"interval": each(lambda lang, f=figure: interval(f, lang))} if key == "rounded" else {}
        said.append(TEXTS.say(f"stated.{key}", area=place_of(report, e.area, start=True), year=e.period, printed=_said(figure), **between, **facts))
    return said


def _compared(report, measure, entries):
    """What the figure is compared with, and what it refers to."""
    own, said = entries[0], []
    rebuilt, linked, published = ([e for e in entries if e.kind == kind] for kind in ("rebuilt", "compared", "published"))
    if linked:
        said.append(TEXTS.say(f"linked.{'targets' if measure == 'targets' else 'other'}", values=join([_said(e.figure) for e in linked], SEMICOLON)))
    if rebuilt:
        leads = [c.lead for c in growth.comparisons(report, (own.figure.row["indicator_id"],))]
        parts = [
            TEXTS.say("verdict", area=place_of(report, e.area), value=each(lambda lang, e=e: worded(e.figure, lang)),
                      word=each(lambda lang, lead=lead: direction_word(lead, lang)))
            for e, lead in zip(rebuilt, leads, strict=True)
        ]  # fmt: skip
        said.append(TEXTS.say("rebuilt", parts=join(parts)))
    if published and measure != "targets" and is_bound(own.figure):
        return [*said, TEXTS.get("uncompared")]
    near = {(e.area, e.figure.row["variant"]): e for e in published if e.period == own.period and e.area in (*growth.YARDSTICKS, own.area)}
    if near:
        parts = [TEXTS.say("valued", area=_area(report, e, start=False), value=each(lambda lang, e=e: worded(e.figure, lang))) for e in near.values()]
        said.append(TEXTS.say("published", year=own.period, parts=join(parts, SEMICOLON)))
    elif measure in PUBLISHED and measure != "gaps":
        said.append(TEXTS.get("others_elsewhere" if published else "alone"))
    return said


def _row(report, measure, entry, axis, beside):
    """An entry as a row of a chart, in the unit of its axis."""
    figure, row = entry.figure, entry.figure.row
    sign = -1 if row.get("direction") == "below" else 1
    name = name_of(report, row["indicator_id"]) if beside else _area(report, entry)
    group = TEXTS.say(f"label.{'targets' if measure == 'targets' and entry.kind != 'compared' else entry.kind}", name=name, year=entry.period)
    label, out_of = each(lambda lang: worded(figure, lang, axis[lang])), None
    if measure == "gaps":
        group = _what(report, entry)
    elif measure == "growth":
        group = TEXTS.get(f"group.{entry.kind}")
    elif measure == "rankings":
        group, out_of = _what(report, entry), rankings.out_of(figure)
        name = group
        label = TEXTS.say("out_of", n=str(out_of)) if out_of else RANKINGS.get("not_stated")
    low, value, high = sorted(sign * end for end in (figure.quantity.low, figure.quantity.value, figure.quantity.high))
    ends = {key: {lang: round(float(end / one), 6) for lang, (one, _) in axis.items()} for key, end in (("low", low), ("value", value), ("high", high))}
    own = entry.area if entry.area in COLOURS else "other"
    return {
        "group": group, "series": "target" if measure == "targets" and entry.kind == "stated" else "other" if entry.kind == "beside" else own,
        "series_label": name, **ends, "label": label, "out_of": float(out_of or "nan"), "qualifier": row["qualifier"],
        "mark": entry.kind if entry.kind in ("rebuilt", "published") else "stated", "ids": " ".join(entry.ids),
    }  # fmt: skip


def _chart(report, indicator, measure, drawn):
    """Places on a line, growth as dots with their intervals, everything else as bars."""
    form = {"rankings": charts.rank_strip, "growth": charts.dot_plot}.get(measure, charts.bars_with_bounds)
    axis = {lang: scale(drawn[0].figure, lang) for lang in ("en", "zh")}
    own, kinds = [e for e in drawn if e.kind == "stated"], {e.kind for e in drawn}
    values = [_part(report, e) if measure in ("gaps", "rankings") else each(lambda lang, e=e: worded(e.figure, lang)) for e in own]
    key, facts = f"title.{measure}", {"name": name_of(report, indicator), "value": join(values), "year": own[0].period}
    leads = growth.comparisons(report, (indicator,)) if measure == "growth" else []
    if own[0].figure.quantity.value > 0 and len({c.verdict for c in leads}) == 1:
        word = each(lambda lang: direction_word(leads[0].lead, lang))
        key, facts = "title.compared", facts | {"word": word, "areas": join([place_of(report, c.area) for c in leads])}
    if measure == "targets" and "compared" in kinds:
        key, facts = "title.after", facts | {"past": join([_said(e.figure) for e in drawn if e.kind == "compared"])}
    title = TEXTS.say(key, **facts)
    chart = TEXTS.chart(
        report, measure, form, [_row(report, measure, e, axis, "beside" in kinds) for e in drawn],
        Finding(f"explore.{indicator}.{measure}", title, "as printed", tuple(i for e in drawn for i in e.ids), "stated"),
        alt={"n": str(len(drawn))}, year=own[0].period, options={"unit": {lang: axis[lang][1] if measure != "rankings" else "" for lang in axis}},
    )  # fmt: skip
    marks = [TEXTS.get(f"marks.{k}") for k in ("rebuilt", "published", "beside") if k in kinds and (k != "published" or form is charts.dot_plot)]
    return replace(chart, name=f"{indicator}-{measure}", subtitle={lang: text + "".join(m[lang] for m in marks) for lang, text in chart.subtitle.items()})


def view(report, indicator, measure):
    """One choice in words, as a chart and as a table.

    Parameters
    ----------
    report : Report
    indicator, measure : str
        As `choices` offers them.

    Returns
    -------
    View

    Raises
    ------
    KeyError
        If the report states no such measure of this indicator.
    """
    if measure == "claims":
        return _claims(report, indicator)
    entries = _entries(report, indicator, measure)
    if not entries:
        raise KeyError(f"the report states no {measure} of {indicator}: choose what explore.choices(report) offers")
    drawn = _drawn(report, measure, entries)
    own = [e for e in entries if e.kind == "stated"]
    ids = [i for e in own for i in e.ids]
    doubts = each(lambda lang: caveats(report, ids, lang))
    answer = _stated(report, measure, own) + _compared(report, measure, entries)
    answer += [{"en": en, "zh": zh} for en, zh in zip(doubts["en"], doubts["zh"], strict=True)]
    shown = entries + [e for e in drawn if e.kind == "beside"]
    return View(answer, _chart(report, indicator, measure, drawn) if drawn else None, _table(report, indicator, measure, shown))


def _claims(report, indicator):
    found = [row for row in report.tables["claims"].rows if row["indicator_id"] == indicator]
    if not found:
        raise KeyError(f"the report states no claims of {indicator}: choose what explore.choices(report) offers")
    texts = [{lang: row[f"claim_{lang}"] for lang in ("en", "zh")} for row in found]
    rows = [
        (TEXTS.get("measure.claims"), place_of(report, row["area"], start=True), row["period"], text, "–", "–",
         f"{row['figure_id']} · {row['section']} · {row['offset']}")
        for row, text in zip(found, texts, strict=True)
    ]  # fmt: skip
    return View([TEXTS.say("stated.claims", text=text) for text in texts], None, TEXTS.table("view", rows))


def paragraphs(answer, lang):
    """The answer as HTML, what the report prints in bold."""
    first, *rest = (html.escape(text[lang]) for text in answer)
    return "".join(f'<p style="margin:0.4em 0;line-height:1.5">{text}</p>' for text in (f"<strong>{first}</strong>", *rest))


def as_html(seen, lang):
    """A choice as one piece of HTML, as it looks without a kernel: words, chart, table.

    Parameters
    ----------
    seen : View
    lang : {"en", "zh"}

    Returns
    -------
    str
    """
    from .export import picture  # here: only who draws waits for matplotlib

    heads, *rows = [tuple(seen.table[lang][0]), *(row.values() for row in seen.table[lang])]
    cells = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    table = "<table><thead><tr>" + "".join(f'<th scope="col">{html.escape(h)}</th>' for h in heads) + f"</tr></thead><tbody>{cells}</tbody></table>"
    return paragraphs(seen.answer, lang) + (picture(seen.chart, lang) if seen.chart else "") + table
