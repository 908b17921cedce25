"""Tables to search and an explorer to choose in, for JupyterLab. Without a kernel they show what they show at first."""

import base64
import contextlib
import html
from dataclasses import dataclass, field

import pandas as pd

from .. import charts, export
from ..analysis import growth, ledger
from ..files import frame_csv
from ..frames import frame
from ..page import Page, Record, as_rows, recording
from ..tables import FIGURE_TABLES
from ..words import vocabulary
from .catalogue import as_html, counted, names, note, rows, span

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
        cells = data.to_dict("records")
        self.aliases = [
            " ".join(n for c in row.values() if isinstance(c, str) and c in keys for n in names(page.report, c))
            for row in cells
        ]

    def _repr_mimebundle_(self, include=None, exclude=None):
        from ipywidgets import VBox
        from itables.widget import ITable

        texts = _TABLE_WORDS[self.language]
        hidden = {"targets": len(self.found[0]), "visible": False}
        live = ITable(
            pd.DataFrame(self.found).assign(names=self.aliases), showIndex=False, autoWidth=False, language=texts,
            pageLength=15,
            lengthMenu=[15, 50, 250], classes="display compact", style="width:100%;margin:0",
            columnDefs=[{"targets": "_all", "className": "dt-left"}, hidden],
        )  # fmt: skip
        return VBox([live])._repr_mimebundle_() | {
            "text/html": as_html(self.found),
            "text/plain": f"{len(self.found)} rows",
        }


_TABLE_WORDS = {
    "en": {
        "search": "Search:",
        "info": "_START_ to _END_ of _TOTAL_",
        "infoFiltered": "(of _MAX_)",
        "zeroRecords": "No row matches",
    },
    "zh": {
        "search": "检索：",
        "info": "第_START_—_END_行，共_TOTAL_行",
        "infoFiltered": "（全部_MAX_行）",
        "zeroRecords": "没有相符的行",
    },
}
for _texts, _length in zip(_TABLE_WORDS.values(), ("Rows: _MENU_", "每页_MENU_行"), strict=True):
    _texts |= {"infoEmpty": "", "lengthMenu": _length}


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
    if measure == "claims":
        said = [
            page.phrase("Claimed without a number: {what:;}.", "没有数字的表述：{what:;}。", what=own["note"].tolist())
        ]
        return View(f"{indicator}-{measure}", said, data, None)
    values = [_valued(page, indicator, measure, r) for r in own.itertuples()]
    facts = {"i": indicator, "m": measure, "year": year, "values": values}
    said = [
        page.phrase(
            "{i:label}, {m:measure}, {year:period}: {values:;}.", ("{year:text}年" if year.isdecimal() else "{year:period}") + "{i}（{m:measure}）：{values:;}。", **facts
        )
    ]
    same = others[(others["period"] == year) & others["value"].q.stated]
    if own["value"].iloc[0].qualifier in BOUNDS and measure != "targets":
        said.append(page.phrase("A bound is compared with nothing.", "上下限不作比较。"))
    elif len(same) and measure != "rankings":
        beside = [
            page.phrase(
                "{area} {q:worded}{what}",
                "{area}{q:worded}{what}",
                area=r.area,
                q=r.value,
                what=_bracket(page, r.note, r.kind),
            )
            for r in same.itertuples()
        ]
        beside = list({sentence.text("en"): sentence for sentence in beside}.values())
        said.append(page.phrase("Beside it: {them:;}.", "对比：{them:;}。", them=beside))
    doubts = page.caveats({i for q in own["value"] for i in q.ids})
    return View(
        f"{indicator}-{measure}",
        said + [page.phrase(d["en"], d["zh"]) for d in doubts], data, _chart(page, indicator, measure, own, same)
    )


def _valued(page, indicator, measure, row):
    """One figure of the report with what it is held against."""
    facts = {"q": counted(page, indicator, row.value), "what": row.note}
    if measure == "gaps":
        places = {"en": " places", "zh": ""} if row.value.kind == "places" else {"en": "", "zh": ""}
        return page.phrase("{q}" + places["en"] + " {what}", "{what}{q}", **facts)
    if measure == "rankings":
        return page.phrase("{q} {what}", "{what}{q}", **facts)
    return page.phrase("{q}{what}", "{q}{what}", **facts | {"what": _bracket(page, row.note)})


_KINDS = {"implied": ("implied", "推算"), "published": ("published", "公布")}


def _bracket(page, remark, kind="stated"):
    """A remark in brackets, after what it is about; nothing where there is none."""
    parts = [page.phrase(*_KINDS[kind])] if kind in _KINDS else []
    parts += [remark] if remark != "" else []
    return page.phrase(" ({parts:;})", "（{parts:;}）", parts=parts) if parts else page.phrase("", "")


def _known(page, indicator, measure, areas):
    """Rows of one measure: stated by the report, implied by its leads, published elsewhere."""
    report = page.report
    figures = ledger.every_figure(report)
    figures = figures[(figures["indicator"] == indicator) & (figures["measure"] == measure)]
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
        for r in known[known["area"].isin([report.meta["area"], *areas])].itertuples():
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
    drawn = drawn[
        ~pd.Series(
            [(who.text("en"), q.value) for who, q in zip(drawn["who"], drawn["value"], strict=True)]
        ).duplicated()
    ]
    drawn["kind"] = drawn["kind"].replace(
        {"outcome": "stated"} | ({"stated": "target"} if measure == "targets" else {})
    )
    year = own["period"].iloc[0]
    title = page.phrase(
        "{i:label}: {q} in {y:period}", ("{y:text}年" if year.isdecimal() else "{y:period}") + "{i}：{q}", i=indicator, q=counted(page, indicator, first), y=year
    )
    marks = (
        ("; hollow: implied; diamond: published elsewhere", "；空心为推算，菱形为他处公布")
        if measure == "growth"
        else ("", "")
    )
    with recording(Record(page.notebook, page.language)) as record:
        Page(page.notebook, page.report, page.language).chart(
            f"{indicator}-{measure}", charts.dot_plot if measure == "growth" else charts.bars,
            drawn[["who", "area", "value", "kind"]],
            value="value", row="who", series="area", kind="kind", label="worded", title=title,
            subtitle=page.phrase(
                "{y:period}, {m:measure}" + marks[0], ("{y:text}年" if year.isdecimal() else "{y:period}") + "，{m:measure}" + marks[1], m=measure, y=year
            ),
            least=1,
            alt=page.phrase(
                "{n} values of {i}. {title}.", "{i}的{n}个数值。{title}。", n=len(drawn), i=indicator, title=title
            ),
        )  # fmt: skip
    return record.charts[f"{indicator}-{measure}"]


def shown(page, seen, language):
    """A choice as HTML: words, chart, table."""
    first, *rest = (html.escape(s.text(language)) for s in seen.said)
    parts = [f'<p style="margin:0.4em 0;line-height:1.5">{text}</p>' for text in (f"<strong>{first}</strong>", *rest)]
    try:
        if data := seen.picture(language):
            image = f'<img src="data:image/png;base64,{data}" alt="{html.escape(seen.chart.alt[language])}"'
            parts.append(f'<figure lang="{language}" style="margin:0.6em 0">{image} style="width:100%;max-width:800px"></figure>')
    except export.ExportError as error:
        parts.append(f'<p role="status">{html.escape(str(error))}</p>')
    found = rows(page, seen.data, COLUMNS, language)
    # No wider than its place: a table scrolls within.
    return f'<div lang="{language}" style="width:0;min-width:100%">' + "".join(parts) + f'<div style="overflow-x:auto;line-height:1.4">{as_html(found)}</div>' + _to_take(page, seen, language) + "</div>"


def _to_take(page, seen, language):
    """A link that saves the rows of a choice as numbers, with their ranges and units."""
    data = base64.b64encode(frame_csv(as_rows(seen.data.drop(columns=["range", "ids"]), page.words))).decode()
    label = {"en": "Take these rows (CSV)", "zh": "下载这些数据（CSV）"}[language]
    return f'<p><a style="color:var(--jp-content-link-color,var(--link));text-decoration:underline" download="{seen.name}.csv" href="data:text/csv;charset=utf-8;base64,{data}">{label}</a></p>'


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

        wide = {"style": {"description_width": "max-content"}, "layout": widgets.Layout(width="auto", flex="1 1 15rem", min_width="0", max_width="100%")}
        self.search = widgets.Text(continuous_update=False, **wide)
        self.theme, self.indicator, self.measure, self.benchmark = (widgets.Dropdown(**wide) for _ in range(4))
        self.language = widgets.ToggleButtons(options=(("English", "en"), ("中文", "zh")), value=self.page.language)
        self.language.style.button_width = "5rem"
        self.out, self._busy = widgets.HTML(), False
        self._fill(None, *self.chosen)
        turned = (self.search, self.theme, self.indicator, self.measure, self.benchmark, self.language)
        for control in turned:
            control.observe(self._turn, "value")
        box = widgets.HBox(turned, layout=widgets.Layout(flex_flow="row wrap", align_items="center", grid_gap="0.3rem 1rem"))
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
        self.seen = view(self.page, indicator, measure, self.benchmark.value or None)
        nothing = "" if found else f'<p role="status">{control["nothing"]}</p>'
        self.out.value, self._busy = nothing + shown(self.page, self.seen, lang), False
