"""The explorer: controls over `explore`, for JupyterLab; the only module that needs widgets."""

import html

import ipywidgets as widgets
import pandas as pd
from itables.widget import ITable

from . import explore
from .export import FIGURES, ExportError, export, picture
from .sources import citations, indicator_name
from .story import Texts
from .tables import DataError

TEXTS = Texts("explore")
NOTEBOOK = "08-explore"
THEMES = Texts("start")
FAULTS = (ExportError, OSError, DataError, KeyError, ValueError)
# Given again at every update, which else hides the search of a short table.
TABLE = {
    "paging": False, "showIndex": False, "autoWidth": False, "classes": "display compact", "style": "width:100%;margin:0",
    "layout": {"topStart": None, "topEnd": "search", "bottomStart": "info", "bottomEnd": None},
    "columnDefs": [{"targets": "_all", "className": "dt-head-left dt-body-left"}],
}  # fmt: skip
LANGUAGES = (("English", "en"), ("中文", "zh"))


class Explorer:
    """Controls, words, chart and table of one choice; display it as the last line of a cell.

    Parameters
    ----------
    report : Report
    language : {"en", "zh"}
        The first one shown; the reader can turn it.
    indicator, measure : str, optional
        The first choice shown.
    folder : Path
        Where exported charts go.
    """

    def __init__(self, report, language="en", *, indicator=None, measure=None, folder=FIGURES / "explored"):
        self.report, self.folder, self.offered, self._busy = report, folder, explore.choices(report), False
        indicator = indicator or next(iter(next(iter(self.offered.values()))))
        theme = report.indicators[indicator]["theme"]
        wide, above = {"description_width": "max-content"}, {"flex_flow": "column", "align_items": "stretch", "margin": "2px 16px 2px 0"}
        self.theme, self.indicator, self.measure = (
            widgets.Dropdown(layout=widgets.Layout(width=width, **above), style=wide) for width in ("180px", "380px", "150px")
        )
        self.language = widgets.ToggleButtons(
            options=LANGUAGES, value=language, layout=widgets.Layout(**above), style={"button_width": "78px"} | wide
        )
        self.button = widgets.Button(button_style="primary", layout=widgets.Layout(width="140px", margin="0 12px 0 0"))
        self.words, self.chart, self.status = widgets.HTML(), widgets.HTML(), widgets.HTML()
        for part, role in ((self.words, "words"), (self.chart, "chart"), (self.status, "status")):
            part.add_class(f"workreport-{role}")
        self.table = ITable(pd.DataFrame(), **TABLE)
        for control in (self.theme, self.indicator, self.measure, self.language):
            control.observe(self._turn, "value")
        self.button.on_click(self._export)
        self._choose(theme, indicator, measure or self.offered[theme][indicator][0])
        self.box = widgets.VBox(
            [
                widgets.HBox([self.theme, self.indicator, self.measure, self.language], layout=widgets.Layout(flex_flow="row wrap")),
                self.words, self.chart, widgets.HBox([self.button, self.status]), self.table,
            ],
            layout=widgets.Layout(max_width="1000px"),
        )  # fmt: skip

    def _repr_mimebundle_(self, include=None, exclude=None):
        """The controls; where there is no kernel, what they show at first."""
        seen = explore.view(self.report, self.indicator.value, self.measure.value)
        live = self.box._repr_mimebundle_()
        return live | {"text/html": explore.as_html(seen, self.language.value), "text/plain": "Explorer"}

    def _turn(self, change):
        if not self._busy:
            self._choose(self.theme.value, self.indicator.value, self.measure.value)

    def _choose(self, theme, indicator, measure):
        """Fill every control for a theme, keeping what it still offers, and show the choice."""
        lang, self._busy = self.language.value, True
        indicators = self.offered[theme]
        indicator = indicator if indicator in indicators else next(iter(indicators))
        measure = measure if measure in indicators[indicator] else indicators[indicator][0]
        options = (
            (self.theme, [(THEMES.get(f"theme.{name}")[lang], name) for name in self.offered], theme),
            (self.indicator, [(indicator_name(self.report, name, lang), name) for name in indicators], indicator),
            (self.measure, [(TEXTS.get(f"measure.{name}")[lang], name) for name in indicators[indicator]], measure),
        )
        for control, offered, value in options:
            if control.options != tuple(offered):
                control.options = offered
            control.value = value
        for name in ("theme", "indicator", "measure", "language"):
            getattr(self, name).description = TEXTS.get(f"control.{name}")[lang]
        self.button.description = TEXTS.get("control.export")[lang]
        self._busy = False
        self._show(indicator, measure, lang)

    def _show(self, indicator, measure, lang):
        """Show a choice; where that fails, say so and leave nothing of the choice before."""
        self.seen, words, image, rows = None, "", "", []
        self._say("")
        try:
            self.seen = explore.view(self.report, indicator, measure)
            words, rows = explore.paragraphs(self.seen.answer, lang), self.seen.table[lang]
            image = picture(self.seen.chart, lang) if self.seen.chart else ""
        except FAULTS as fault:
            self._fail(fault)
        self.words.value, self.chart.value, self.button.disabled = f'<div lang="{lang}">{words}</div>', image, not image
        search, empty, total, sort = (TEXTS.get(f"control.{key}")[lang] for key in ("search", "empty", "rows", "sort"))
        texts = {"search": search, "zeroRecords": empty, "emptyTable": empty, "info": total, "infoEmpty": "", "infoFiltered": ""}
        texts["aria"] = dict.fromkeys(("orderable", "orderableReverse", "orderableRemove"), sort)
        self.table.update(pd.DataFrame(rows), language=texts, **TABLE)

    def _export(self, button):
        try:
            if self.button.disabled:
                return self._say(TEXTS.get("nothing")[self.language.value])
            stem = export(self.seen.chart, NOTEBOOK, cite=citations(self.report), folder=self.folder)
            self._say(TEXTS.say("written", folder=self.folder.name, stem=stem)[self.language.value])
        except FAULTS as fault:
            self._fail(fault)

    def _fail(self, fault):
        text = fault.args[0] if isinstance(fault, KeyError) else str(fault)
        self._say(TEXTS.say("fault", text=text)[self.language.value])

    def _say(self, text):
        self.status.value = f'<p role="status" style="margin:0;line-height:1.6">{html.escape(text)}</p>'
