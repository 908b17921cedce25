"""Tables to search and an explorer to choose in, for JupyterLab. Without a kernel they show what they show at first."""

import base64
import contextlib
import html
from dataclasses import dataclass, field
from functools import lru_cache

import pandas as pd

from .. import charts, export
from ..analysis import growth, ledger
from ..files import frame_csv
from ..frames import frame
from ..page import Page, Record, as_rows, recording
from ..tables import FIGURE_TABLES
from ..words import vocabulary
from .catalogue import as_html, counted, in_language, names, note, rows, span

PUBLISHED = {"levels": "level", "growth": "growth", "rankings": "rank", "shares": "share", "targets": "target"}
READABLE = 20  # beside a bar so many times as long, the others are specks
BOUNDS = ("at_least", "more_than", "at_most")
COLUMNS = (
    ("kind:origin", "Is", "来源"), ("area:label", "Area", "地区"), ("period:period", "Year", "年份"),
    ("value:worded", "Value", "数值"), ("range", "Range left by rounding", "误差范围"), ("note", "Note", "说明"),
    ("ids:ids", "Figures", "数据编号"),
)  # fmt: skip


def find(report, text):
    """Ids of the indicators and of the areas with a name that holds a text; of all where it is empty.

    Examples
    --------
    >>> find(load(), "全省")[1]
    ['henan']
    """
    wanted = text.strip().casefold()
    return tuple(
        [key for key in found if any(wanted in name.casefold() for name in names(report, key))]
        for found in (report.indicators, report.areas)
    )


def choices(report):
    """What can be chosen: measures by indicator by theme, in the order of the codebook."""
    found = ledger.every_figure(report).groupby("indicator")["measure"].agg(set)
    offered = {}
    for key, row in report.indicators.items():
        if key in found.index:
            measures = [table for table in FIGURE_TABLES if table in found[key]]
            offered.setdefault(row["theme"], {})[key] = measures
    return offered


class Table:
    """A frame in words that can be searched and sorted; display it as the last line of a cell.

    Parameters
    ----------
    page : Page
    data : DataFrame
    *columns : (str, str, str)
        As `Page.table` takes them. A row is also found by every other name of its indicators and areas.
    """

    def __init__(self, page, data, *columns):
        self.language, self.found = page.language, rows(page, data, columns)
        keys = page.report.indicators.keys() | page.report.areas.keys()
        known = ([cell for cell in row if isinstance(cell, str) and cell in keys] for row in data.itertuples(index=False))
        self.aliases = [" ".join(name for key in row for name in names(page.report, key)) for row in known]

    def _repr_mimebundle_(self, include=None, exclude=None):
        from ipywidgets import VBox
        from itables.widget import ITable

        t = in_language(self.language)
        texts = {
            "search": t("Search:", "检索："), "info": t("_START_ to _END_ of _TOTAL_", "第_START_—_END_行，共_TOTAL_行"),
            "infoFiltered": t("(of _MAX_)", "（全部_MAX_行）"), "zeroRecords": t("No row matches", "没有相符的行"),
            "infoEmpty": "", "lengthMenu": t("Rows: _MENU_", "每页_MENU_行"),
        }  # fmt: skip
        hidden = {"targets": len(self.found[0]), "visible": False}
        live = ITable(
            pd.DataFrame(self.found).assign(names=self.aliases), showIndex=False, autoWidth=False, language=texts,
            pageLength=15, lengthMenu=[15, 50, 250], classes="display compact", style="width:100%;margin:0",
            columnDefs=[{"targets": "_all", "className": "dt-left"}, hidden],
        )  # fmt: skip
        twin = {"text/html": as_html(self.found), "text/plain": f"{len(self.found)} rows"}
        return VBox([live])._repr_mimebundle_() | twin


@dataclass(frozen=True)
class View:
    """One choice: what is said of it, the frame behind it, the chart if there is something to draw.

    Parameters
    ----------
    name : str
        Of its files: indicator and measure.
    said : list of Sentence
    data : DataFrame
        ``kind`` (stated, implied, published), ``area``, ``period``, ``value``, ``range``, ``note``, ``ids``.
    chart : export.Chart or None
    """

    name: str
    said: list
    data: pd.DataFrame
    chart: export.Chart | None
    drawn: dict = field(default_factory=dict, repr=False)

    def picture(self, language):
        """The chart as base64 of its PNG, drawn once; empty where there is none."""
        if language not in self.drawn:
            self.drawn[language] = base64.b64encode(export.png(self.chart, language)).decode() if self.chart else ""
        return self.drawn[language]


def view(page, indicator, measure, benchmark=None):
    """What the report states of one measure of an indicator, beside what is known of others.

    Parameters
    ----------
    page : Page
    indicator, measure : str
        As `choices` offers them.
    benchmark : str, optional
        Id of the one area to compare with; every area above the report's own if None.

    Returns
    -------
    View

    Raises
    ------
    KeyError
        If the report states no such measure of this indicator.
    """
    data = _known(page, indicator, measure, [benchmark] if benchmark else page.above)
    own, others = data[data["kind"] == "stated"], data[data["kind"] != "stated"]
    if not len(own):
        raise KeyError(f"the report states no {measure} of {indicator}: choose what explorer.choices(report) offers")
    usual = page.planned if measure == "targets" else page.year
    year = usual if usual in set(own["period"]) else own["period"].iloc[0]
    own = own[own["period"] == year]  # averages of several years and parts of a year stand in the table alone
    name = f"{indicator}-{measure}"
    if measure == "claims":
        claimed = page.phrase("Claimed without a number: {what:;}.", "没有数字的表述：{what:;}。", what=own["note"].tolist())
        return View(name, [claimed], data, None)
    facts = {"i": indicator, "m": measure, "y": year, "values": [_valued(page, indicator, measure, r) for r in own.itertuples()]}
    said = [page.phrase("{i:label}, {m:measure}, {y:period}: {values:;}.", _year_zh(year) + "{i}（{m:measure}）：{values:;}。", **facts)]
    same = others[(others["period"] == year) & others["value"].q.stated]
    if own["value"].iloc[0].qualifier in BOUNDS and measure != "targets":
        said.append(page.phrase("A bound is compared with nothing.", "上下限不作比较。"))
    elif len(same) and measure != "rankings":
        beside = {}
        for r in same.itertuples():
            facts = {"a": r.area, "q": r.value, "what": _bracket(page, r.note, r.kind)}
            one = page.phrase("{a} {q:worded}{what}", "{a}{q:worded}{what}", **facts)
            beside[one.text("en")] = one
        said.append(page.phrase("Beside it: {them:;}.", "对比：{them:;}。", them=list(beside.values())))
    said += [page.phrase(doubt["en"], doubt["zh"]) for doubt in page.caveats({i for q in own["value"] for i in q.ids})]
    return View(name, said, data, _chart(page, indicator, measure, own, same))


def _year_zh(year):
    """How a Chinese sentence begins that is of a year, or of a span of years."""
    return "{y:text}年" if year.isdecimal() else "{y:period}"


def _valued(page, indicator, measure, row):
    """One figure of the report with what it is held against."""
    value = counted(page, indicator, row.value)
    if measure in ("gaps", "rankings"):
        places = " places" if measure == "gaps" and row.value.kind == "places" else ""
        return page.phrase("{q}" + places + " {what}", "{what}{q}", q=value, what=row.note)
    return page.phrase("{q}{what}", "{q}{what}", q=value, what=_bracket(page, row.note))


def _bracket(page, remark, kind="stated"):
    """A remark in brackets, after what it is about; nothing where there is none."""
    kinds = {"implied": ("implied", "推算"), "published": ("published", "公布")}
    parts = [page.phrase(*kinds[kind])] if kind in kinds else []
    parts += [remark] if remark != "" else []
    return page.phrase(" ({parts:;})", "（{parts:;}）", parts=parts) if parts else page.phrase("", "")


@lru_cache(1)
def _every_figure(page):
    return ledger.every_figure(page.report)


def _known(page, indicator, measure, areas):
    """Rows of one measure: stated by the report, implied by its leads, published elsewhere."""
    report = page.report
    figures = _every_figure(page).query("indicator == @indicator and measure == @measure")
    made = [("stated", r.area, r.period, r.quantity, note(page, r), r.figure_id) for r in figures.itertuples()]
    if measure == "growth":
        implied = growth.comparisons(report, themes=None).query("indicator == @indicator and area in @areas")
        made += [("implied", r.area, r.period, r.implied, "", " ".join(r.implied.ids)) for r in implied.itertuples()]
    if measure == "targets":
        outcomes = [report.figures[i] for i in figures["against"] if i in report.figures]
        made += [("outcome", f.row["area"], f.row["period"], f.quantity, "", f.id) for f in outcomes]
    if measure in PUBLISHED:
        known = frame(report, "published")
        known = known[(known["indicator_id"] == indicator) & (known["measure"] == PUBLISHED[measure])]
        for r in known[known["area"].isin([page.own, *areas])].itertuples():
            basis = page.phrase("{b:basis}", "{b:basis}", b=r.variant) if r.variant else ""
            made.append(("published", r.area, r.period, r.quantity, basis, r.published_id))
    data = pd.DataFrame(made, columns=["kind", "area", "period", "value", "note", "ids"]).astype({"value": object})
    data["period"] = data["period"].astype(str)
    data.insert(4, "range", [span(page, q) for q in data["value"]])
    return data


def _chart(page, indicator, measure, own, others):
    """Dots for growth, bars for everything else that can stand on one axis; ranks and boundaries are not drawn."""
    first = own["value"].iloc[0]
    if measure in ("rankings", "thresholds") or not first.value:
        return None
    drawn = pd.concat([own, others] if first.qualifier not in BOUNDS or measure == "targets" else [own])
    largest = max(abs(q.value) for q in own["value"])
    alike = [
        (q.dimension, q.kind) == (first.dimension, first.kind) and 1 / READABLE <= abs(q.value / largest) <= READABLE
        for q in drawn["value"]
    ]
    drawn = drawn[alike].reset_index(drop=True)
    drawn["who"] = [
        page.phrase("{what}", "{what}", what=r.note) if measure == "gaps"
        else page.phrase("{a:label}{note}", "{a:label}{note}", a=r.area, note=_bracket(page, r.note, r.kind))
        for r in drawn.itertuples()
    ]  # fmt: skip
    drawn = drawn[~pd.Series([(r.who.text("en"), r.value.value) for r in drawn.itertuples()]).duplicated()]
    drawn["kind"] = drawn["kind"].replace({"outcome": "stated"} | ({"stated": "target"} if measure == "targets" else {}))
    facts = {"i": indicator, "y": own["period"].iloc[0]}
    begin = _year_zh(facts["y"])
    title = page.phrase("{i:label}: {q} in {y:period}", begin + "{i}：{q}", q=counted(page, indicator, first), **facts)
    marks = ("", "")
    if measure == "growth":
        marks = "; hollow: implied; diamond: published elsewhere", "；空心为推算，菱形为他处公布"
    subtitle = page.phrase("{y:period}, {m:measure}" + marks[0], begin + "，{m:measure}" + marks[1], m=measure, y=facts["y"])
    alt = page.phrase("{n} values of {i}. {title}.", "{i}的{n}个数值。{title}。", n=len(drawn), i=indicator, title=title)
    name = f"{indicator}-{measure}"
    with recording(Record(page.notebook, page.language)) as record:
        Page(page.notebook, page.report, page.language).chart(
            name, charts.dot_plot if measure == "growth" else charts.bars, drawn[["who", "area", "value", "kind"]],
            value="value", row="who", series="area", kind="kind", label="worded", title=title, subtitle=subtitle, alt=alt, least=1,
        )  # fmt: skip
    return record.charts[name]


def shown(page, seen, language):
    """A choice as HTML: words, chart, table."""
    first, *rest = (html.escape(s.text(language)) for s in seen.said)
    parts = [f'<p style="margin:0.4em 0;line-height:1.5">{text}</p>' for text in (f"<strong>{first}</strong>", *rest)]
    try:
        if data := seen.picture(language):
            image = f'<img src="data:image/png;base64,{data}" alt="{html.escape(seen.chart.alt[language])}" style="width:100%;max-width:800px">'
            parts.append(f'<figure lang="{language}" style="margin:0.6em 0">{image}</figure>')
    except export.ExportError as error:
        parts.append(f'<p role="status">{html.escape(str(error))}</p>')
    table = as_html(rows(page, seen.data, COLUMNS, language))
    parts.append(f'<div style="overflow-x:auto;line-height:1.4">{table}</div>')
    # The rows to take away are numbers, with their ranges and units.
    data = base64.b64encode(frame_csv(as_rows(seen.data.drop(columns=["range", "ids"]), page.words))).decode()
    label = in_language(language)("Take these rows (CSV)", "下载这些数据（CSV）")
    style = "color:var(--jp-content-link-color,var(--link));text-decoration:underline"
    href = f"data:text/csv;charset=utf-8;base64,{data}"
    parts.append(f'<p><a style="{style}" download="{seen.name}.csv" href="{href}">{label}</a></p>')
    # No wider than its place: a table scrolls within.
    return f'<div lang="{language}" style="width:0;min-width:100%">{"".join(parts)}</div>'


class Explorer:
    """Choose a theme, an indicator, a measure and a benchmark; display it as the last line of a cell.

    Parameters
    ----------
    page : Page
    indicator, measure, benchmark : str, optional
        What is shown first.
    """

    def __init__(self, page, indicator=None, measure=None, benchmark=None):
        self.page, self.offered = page, choices(page.report)
        measures = {key: found for theme in self.offered.values() for key, found in theme.items()}
        indicator = indicator or next(iter(measures))
        self.measures, self.chosen = measures, (indicator, measure or measures.get(indicator, [""])[0], benchmark)
        self.seen = view(page, *self.chosen)

    def _repr_mimebundle_(self, include=None, exclude=None):
        """The controls; where there is no kernel, what they show at first."""
        static = shown(self.page, self.seen, self.page.language)
        made = {"text/html": static, "text/plain": self.seen.said[0].text(self.page.language)}
        with contextlib.suppress(export.ExportError):  # said in the words
            made |= {"image/png": data + "\n"} if (data := self.seen.picture(self.page.language)) else {}  # for exports without HTML
        return self.controls()._repr_mimebundle_() | made

    def controls(self):
        """The widgets: a search, four choices that narrow each other, and the language."""
        import ipywidgets as widgets

        layout = widgets.Layout(width="auto", flex="1 1 15rem", min_width="0", max_width="100%")
        wide = {"style": {"description_width": "max-content"}, "layout": layout}
        self.search = widgets.Text(continuous_update=False, **wide)
        self.theme, self.indicator, self.measure, self.benchmark = (widgets.Dropdown(**wide) for _ in range(4))
        self.language = widgets.ToggleButtons(options=(("English", "en"), ("中文", "zh")), value=self.page.language)
        self.language.style.button_width = "5rem"
        self.out, self._busy = widgets.HTML(), False
        self._fill(None, *self.chosen)
        turned = (self.search, self.theme, self.indicator, self.measure, self.benchmark, self.language)
        for control in turned:
            control.observe(self._turn, "value")
        wrapped = widgets.Layout(flex_flow="row wrap", align_items="center", grid_gap="0.3rem 1rem")
        box = widgets.HBox(turned, layout=wrapped)
        return widgets.VBox([box, self.out], layout=widgets.Layout(max_width="60rem"))

    def _turn(self, change):
        if self._busy:
            return
        area = self._asked()[0] if change["owner"] is self.search else None
        self._fill(self.theme.value, self.indicator.value, self.measure.value, area or self.benchmark.value)

    def _asked(self):
        """What the search says: a name of an area, which chooses the benchmark, and the rest, which chooses indicators."""
        wanted, report = self.search.value.strip().casefold(), self.page.report
        named = {name.casefold(): area for area in report.areas for name in names(report, area)}
        if wanted in named:
            return named[wanted], ""
        words = wanted.split()
        area = next((word for word in words if word in named), "")
        return named.get(area), " ".join(word for word in words if word != area)

    def _fill(self, theme, indicator, measure, benchmark):
        """Offer what fits the search and the language, keep what is still offered, and show the choice."""
        self._busy, lang, report = True, self.language.value, self.page.report
        word = lambda group: {key: text[lang] for key, text in vocabulary()[group].items()}  # noqa: E731
        labels, control = self.page.words.labels(lang), word("control")
        found = [i for i in find(report, self._asked()[1])[0] if i in self.measures]
        hits = found or list(self.measures)
        themes = [t for t, held in self.offered.items() if set(held) & set(hits)]
        theme = theme if theme in themes else ""  # a choice of None would show as an empty control
        kept = [i for i in hits if theme in ("", report.indicators[i]["theme"])]
        indicator = indicator if indicator in kept else kept[0]
        measures = self.measures[indicator]
        measure = measure if measure in measures else measures[0]
        areas = [a for a in report.areas if a != self.page.own]
        for one, options, value in (
            (self.theme, [(control["any"], ""), *((word("theme")[t], t) for t in themes)], theme),
            (self.indicator, [(labels[i], i) for i in kept], indicator),
            (self.measure, [(word("measure")[m], m) for m in measures], measure),
            (self.benchmark, [(control["any_area"], ""), *((labels[a], a) for a in areas)], benchmark),
        ):
            one.options = options
            one.value = value if value and value != self.page.own else options[0][1]
        for name in ("search", "theme", "indicator", "measure", "benchmark"):
            getattr(self, name).description = control[name]
        chosen = indicator, measure, self.benchmark.value or None
        if chosen != self.chosen:
            self.chosen, self.seen = chosen, view(self.page, *chosen)
        nothing = "" if found else f'<p role="status">{control["nothing"]}</p>'
        self.out.value, self._busy = nothing + shown(self.page, self.seen, lang), False
