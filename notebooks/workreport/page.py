"""What a notebook says and shows, in one language: sentences, claims, the answer, tables, charts.

A claim stands where its numbers are and, once more, in the answer at the top, which fills as the cells below
it run. Showing writes nothing: files are made by ``make``, or by `Page.save` in a folder that git ignores.
"""

import base64
import contextlib
import html
import inspect
import json
import os
import re
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pandas as pd

from . import sources, style
from .files import chart_stem
from .frames import areas_above
from .numbers import Missing, Quantity
from .tables import DEFAULT_REPORT, load
from .units import said_unit
from .words import LANGUAGES, Sentence, WordingError, Words, vocabulary

MINE = Path(__file__).resolve().parents[2] / "figures/mine"
_recorder = ContextVar("recorder", default=None)


class PageError(Exception):
    """A cell that cannot be shown: which notebook and which claim, table or chart, and what to do."""


@dataclass
class Record:
    """What a run of a notebook said, claimed and drew.

    Parameters
    ----------
    notebook, language : str
    said : list of str
        Paragraphs of Markdown, in order.
    claims : dict of str to Sentence
    tables : list of list of dict
        Rows of text by heading.
    charts : dict of str to Chart
    frames : list
        What the cells ended in.
    """

    notebook: str
    language: str
    said: list = field(default_factory=list)
    claims: dict = field(default_factory=dict)
    tables: list = field(default_factory=list)
    charts: dict = field(default_factory=dict)
    frames: list = field(default_factory=list)


def finding_rows(report, notebook, claims):
    """Every claim of a notebook in both languages, with what it rests on.

    Parameters
    ----------
    report : Report
    notebook : str
    claims : dict of str to Sentence

    Returns
    -------
    list of dict of str to str
        Rows of ``figures/findings.csv``.
    """
    rows = []
    for name, claim in claims.items():
        derived = dict.fromkeys(q.formula for q in claim.quantities if len(q.ids) > 1 or q.formula not in q.ids)
        doubts = {f"caveats_{lang}": " ".join(sources.caveats(report, claim.ids, lang)) for lang in LANGUAGES}
        texts = {f"claim_{lang}": claim.text(lang) for lang in LANGUAGES}
        rest = {"derivation": "; ".join(derived), "figure_ids": " ".join(claim.ids), "strength": claim.strength}
        rows.append({"notebook": notebook, "name": name, **texts, **rest, **doubts})
    return rows


@contextlib.contextmanager
def recording(record):
    """Pages made within record what they show instead of showing it."""
    token = _recorder.set(record)
    try:
        yield record
    finally:
        _recorder.reset(token)


class Page:
    """What one notebook says and shows.

    Parameters
    ----------
    notebook : str
        Its stem, which begins the names of its figures.
    report : Report
    language : {"en", "zh"}

    Attributes
    ----------
    year, planned : str
        Year reviewed, year planned.
    own : str
        Id of the report's own area.
    above : list of str
        Ids of the areas above it, from the widest to the nearest.
    palette : dict of str to str
        Colour of each of these.
    """

    def __init__(self, notebook, report, language="en"):
        if language not in LANGUAGES:
            raise PageError(f'{notebook}: language = "{language}" is not there: write "en" for English or "zh" for Chinese')
        self.notebook, self.report, self.language = notebook, report, language
        self.words, self.claims, self.charts = Words(report), {}, {}
        self._answer, self._handle, self._record = (), None, _recorder.get()
        self._pending, self._missing = None, {}
        self.year, self.planned = report.meta["year_reviewed"], report.meta["year_planned"]
        self.own, self.above = report.meta["area"], areas_above(report)
        self.palette = style.palette({a: report.areas[a]["kind"] for a in self.above}, self.own)
        whole = {"en": "the report", "zh": "报告"} if report.whole else {"en": "the part entered", "zh": "报告已录入部分"}
        self._known = {"here": self.own, "year": self.year, "next": self.planned, "report": Sentence(self.words, *whole.values(), {})}
        self._known |= {"nearest": self.above[-1], "widest": self.above[0]} if self.above else {}

    def phrase(self, en, zh, /, **facts):
        """A text in both languages with its facts, to be used inside another or in a table.

        Every sentence knows ``{here}`` (the report's area), ``{nearest}`` and ``{widest}`` (of the areas
        above it), ``{year}`` (reviewed), ``{next}`` (planned) and ``{report}`` (the report, or the part of it
        that is entered) without being given them.

        Raises
        ------
        PageError
            If a fact is missing, unused, empty, or said in one language only.
        """
        return self._sentence("a phrase", en, zh, facts)

    def _sentence(self, name, en, zh, facts):
        try:
            return Sentence(self.words, en, zh, facts, self._known)
        except WordingError as error:
            raise PageError(f"{self.notebook}, {name}: {error}\n  “{en[:90]}”") from None

    def section(self, en, zh, /, **facts):
        """A heading, with a paragraph or without, that shows as soon as something under it is said; else never."""
        text = "## " + self._sentence("a heading", en, zh, facts).text(self.language)
        self._pending = text, None if self._record else _show("", display_id=True)

    def _begun(self):
        """Show the heading of the section in which something is said."""
        (text, handle), self._pending = self._pending or ("", None), None
        if handle:
            _show(text, handle)
        elif text:
            self._record.said.append(text)

    def missing(self, name, en, zh, /, **facts):
        """Note a claim that cannot be made: what the figures at hand do not tell, as a noun.

        Nothing is shown here; the limits at the end name all of them in one sentence, and the answer does without.
        """
        self._missing[name] = self._sentence(f"missing '{name}'", en, zh, facts)
        if name in self._answer:
            self._fill()

    def say(self, en, zh, /, **facts):
        """Show a paragraph of Markdown."""
        self._say(self._sentence("a sentence", en, zh, facts).text(self.language))

    def claim(self, name, en, zh, /, rests=(), **facts):
        """Show a finding, and in the answer if the answer names it.

        Parameters
        ----------
        name : str
            Unique in the notebook.
        en, zh : str
            Wordings with ``{fact:way}`` (see `workreport.words`); both use the same facts.
        rests : collection of str
            Ids of figures that it rests on without saying them, such as those counted.
        **facts

        Returns
        -------
        Sentence
            To be used as the title of a chart, or inside another sentence.
        """
        sentence = self._sentence(f"claim '{name}'", en, zh, facts).begin()
        sentence.rests, sentence.shown = tuple(rests), True
        if self._record and name in self._record.claims:
            raise PageError(f"{self.notebook}: claim '{name}' is made twice: give the second its own name")
        self.claims[name] = sentence
        self._say(f"**{sentence.text(self.language)}**")
        if self._record:
            self._record.claims[name] = sentence
        if name in self._answer:
            self._fill()
        return sentence

    def answer(self, *names):
        """Show the answer: the claims of these names, which the cells below make."""
        self._answer = names
        if not self._record:
            self._handle = _show(self._answered(), display_id=True)

    def _answered(self):
        waiting = {"en": "*(run the cells below)*", "zh": "*（请运行下面的单元格）*"}[self.language]
        answered = [name for name in self._answer if name not in self._missing]
        texts = [self.claims[name].text(self.language) if name in self.claims else waiting for name in answered]
        nothing = self._sentence("the answer", "{report:label} gives no figures that answer this.", "{report}没有可以回答这个问题的数据。", {})
        texts = texts or [nothing.text(self.language)]
        return "\n\n".join([f"## {vocabulary()['heading']['answer'][self.language]}", *dict.fromkeys(texts)])

    def _fill(self):
        if self._handle:
            _show(self._answered(), self._handle)

    def items(self, heading, sentences):
        """Show a list under a heading of ``vocabulary.toml``; nothing where there is nothing to list.

        Limits begin with what is not entered of the report, and with what could not be said.
        """
        if heading == "limits":
            sentences = [*self._bounds(), *sentences]
        self._pending = None
        if sentences:
            lines = [f"- {s.text(self.language) if isinstance(s, Sentence) else s[self.language]}" for s in sentences]
            self._say("\n".join([f"## {vocabulary()['heading'][heading][self.language]}", "", *lines]))

    def _bounds(self):
        if not self.report.whole:
            sections = [s for s in self.report.meta["sections"] if s["id"] in self.report.meta["covers"]]
            names = [self.phrase("“{s}”", "“{s}”", s=Sentence(self.words, s["name_en"], s["name_zh"], {})) for s in sections]
            yield self.phrase(
                "Of the report only these sections are entered: {names}. What the others say is not known here.", "报告只录入了{names}，其余部分的内容不在此列。", names=names
            )
        expected = len(self.report.find("levels", estimate="yes") + self.report.find("growth", estimate="yes"))
        if expected:
            yield self.phrase("Of the figures {n:word} {n:is/are} expected by the report, not yet counted.", "有{n}项为报告的预计数，尚非核算结果。", n=expected)
        if self._missing:
            yield self.phrase("What the figures at hand do not tell: {what:;}.", "现有数据不足以说明：{what:;}。", what=list(self._missing.values()))

    def caveats(self, ids):
        """What the errata say of any of the figures, a text by language each."""
        by_lang = {lang: sources.caveats(self.report, ids, lang) for lang in LANGUAGES}
        return [dict(zip(LANGUAGES, pair, strict=True)) for pair in zip(*by_lang.values(), strict=True)]

    def table(self, data, *columns):
        """Show a frame as a table in words; nothing where it has no rows.

        Parameters
        ----------
        data : DataFrame
        *columns : (str, str, str)
            ``column:way`` of the frame and its heading in English and in Chinese. Ids of figures
            (``column:ids``) are shortened; a missing figure says so.
        """
        rows = []
        for at, row in data.iterrows():
            cells = {}
            for spec, *heads in columns:
                column, _, way = spec.partition(":")
                if column not in data:
                    raise PageError(f"{self.notebook}: the table asks for the column '{column}', the frame has {', '.join(map(str, data.columns))}")
                try:
                    head = self._sentence(f"table, heading of '{column}'", *heads, {}).text(self.language)
                    cells[head] = self._cell(row[column], way)
                except WordingError as error:
                    raise PageError(f"{self.notebook}, table, row {at}, column '{column}': {error}") from None
            rows.append(cells)
        if not rows:
            return
        self._begun()
        if self._record:
            self._record.tables.append(rows)
        else:
            _show(markdown_table(rows))

    def _cell(self, value, way):
        if isinstance(value, Missing):
            return vocabulary()["status"][value.why][self.language]
        if isinstance(value, str) and not value:
            return "–"
        if way == "ids":
            ids = value.ids if isinstance(value, Quantity) else value.split() if isinstance(value, str) else value
            return sources.compact_ids(ids) if len(ids) > 3 else ", ".join(ids)
        return self.words.say(value, way, self.language)

    def chart(self, name, form, data, *, title, subtitle, alt, key=(), label=None, ids=(), least=2, **options):
        """Show a chart in the language of the page; nothing of a single mark, which a sentence says better.

        Parameters
        ----------
        name : str
            Last part of the names of its files.
        form : callable
            A form of `workreport.charts`, or any function that takes a frame and ``ax``.
        data : DataFrame
            A `Sentence` in it is written in the language drawn; ids of indicators and areas are named.
        title : Sentence
            A claim.
        subtitle, alt : Sentence
            Measure, unit and period; what a reader who cannot see it is told, at most 250 characters.
        key : list of (str, Sentence)
            Colour and name, for charts whose parts cannot be named directly.
        label : str, optional
            How quantities are written, a way of `workreport.words`.
        ids : collection of str
            Figures it rests on besides those of its quantities.
        least : int
            How many marks are worth a picture.
        **options
            Of the form.
        """
        from . import export  # only who draws waits for matplotlib

        if len(data) < least:
            return
        self._begun()
        taken = inspect.signature(form).parameters
        if "palette" in taken:
            options.setdefault("palette", self.palette)

        def plot(ax, lang):
            own = {"names": self.words.labels(lang)} if "names" in taken else {}
            own |= {k: _in_language(v, lang) for k, v in options.items()}
            for option in [o for o in taken if o == "label" or o.endswith("_label")]:
                way = label if option == "label" else own.get(option)
                if isinstance(way, str):
                    own[option] = partial(self.words.say, way=way, lang=lang)
            form(data.map(lambda cell: _in_language(cell, lang)), ax=ax, **own)

        used = [q for column in data for q in data[column] if isinstance(q, Quantity)]
        all_ids = sorted({i for q in (*used, title) for i in q.ids} | set(ids))
        derived = any(q.formula not in q.ids for q in (*used, *title.quantities))
        by_lang = lambda make: {lang: make(lang) for lang in LANGUAGES}  # noqa: E731
        chart = export.Chart(
            name, plot, as_rows(data, self.words), by_lang(lambda lang: self._description(data, lang)),
            by_lang(lambda lang: title.text(lang).rstrip(".。")), by_lang(subtitle.text), by_lang(alt.text),
            by_lang(lambda lang: sources.footer(self.report, all_ids, derived, lang)), all_ids, [(colour, by_lang(text.text)) for colour, text in key],
            {str(q).split(" [")[0]: q.formula for q in used if len(q.ids) > 1}, by_lang(lambda lang: sources.caveats(self.report, all_ids, lang)),
            tuple(dict.fromkeys(form for forms in self.words.names.values() for form in forms["zh"])),
        )  # fmt: skip
        self.charts[name] = chart
        if self._record:
            self._record.charts[name] = chart
            return
        folder = os.environ.get("WORKREPORT_FIGURES")
        if folder:  # set by make, which is who writes what git tracks
            export.export(chart, self.notebook, cite=sources.citations(self.report), folder=Path(folder))
            self._show_picture(chart, (Path(folder) / f"{chart_stem(self.notebook, name)}-{self.language}.png").read_bytes())
        else:
            self._show_picture(chart, export.png(chart, self.language))

    def save(self, name, folder=MINE):
        """Write the files of a chart shown before, into a folder that git ignores; returns where."""
        from . import export

        if name not in self.charts:
            raise PageError(f"{self.notebook}: no chart '{name}' was shown yet: run its cell first; shown are {', '.join(self.charts) or 'none'}")
        stem = export.export(self.charts[name], self.notebook, cite=sources.citations(self.report), folder=folder)
        return f"{folder.parent.name}/{folder.name}/{stem}-…"

    def _description(self, data, lang):
        """All values of a chart in words, a row each; codes that only say how something is drawn are left out."""
        known = _codes()

        def said(cell):
            if isinstance(cell, Quantity):
                interval = re.search(r"\[.*?\]", str(cell))
                return " ".join([self.words.say(cell, "worded", lang), *([interval[0]] if interval else [])])
            cell = _in_language(cell, lang)
            if not isinstance(cell, str):
                return ""
            name = self.words.names[cell][lang][1] if cell in self.words.names else known[cell][lang] if cell in known else cell
            return "" if re.fullmatch("[a-z_]+", name) and name == cell else name

        comma, semicolon = {"en": (", ", "; "), "zh": ("，", "；")}[lang]
        rows = ([text for cell in row if (text := said(cell))] for row in data.itertuples(index=False))
        return semicolon.join(comma.join(row) for row in rows if row)

    def end(self):
        """Close the notebook: name the next one, and refuse an answer that nothing fills."""
        if missing := [name for name in self._answer if name not in self.claims and name not in self._missing]:
            raise PageError(f"{self.notebook}: the answer names the claim '{missing[0]}', which no cell makes: run every cell, or correct the name")
        later = [path for path in sorted(NOTEBOOKS.glob("[0-9]*.ipynb")) if path.stem > self.notebook]
        if later and not self._record:
            title = title_of(later[0])[self.language]
            self._say(f"## {vocabulary()['heading']['next'][self.language]}\n\n[{title}]({later[0].name})")

    def _say(self, text):
        self._begun()
        if self._record:
            self._record.said.append(text)
        else:
            _show(text)

    def _show_picture(self, chart, data):
        from IPython.display import display

        encoded, alt = base64.b64encode(data).decode(), chart.alt[self.language]
        image = f'<img src="data:image/png;base64,{encoded}" alt="{html.escape(alt)}" style="width:100%;max-width:800px">'
        figure = f'<figure lang="{self.language}" data-chart="{chart_stem(self.notebook, chart.name)}">{image}<figcaption>{self._to_take(chart)}</figcaption></figure>'
        display({"text/html": figure, "image/png": encoded + "\n", "text/plain": alt}, raw=True)

    def _to_take(self, chart):
        """Links to the files of a chart, and what to write under it: captions in both languages, alt text."""
        t = lambda en, zh: {"en": en, "zh": zh}[self.language]  # noqa: E731
        first = self.report.name == DEFAULT_REPORT  # its figures are the project's
        stem = f"{'../' * first}figures/{chart_stem(self.notebook, chart.name)}"
        files = [
            (f"{stem}.csv", t("Numbers (CSV)", "数据（CSV）")), (f"{stem}-{self.language}.png", t("picture", "图片")), (f"{stem}-{self.language}-portrait.png", t("upright picture", "竖版图片")), (f"{stem}-{self.language}.svg", "SVG"),
        ]  # fmt: skip
        links = [f'<a href="{href}">{label}</a>' for href, label in files]
        if first:  # JupyterLab would open a workbook as text
            links.append(t("all numbers: ", "全部数据：") + f"figures/{self.report.name}.xlsx")
        said = "".join(f'<p lang="{lang}">{html.escape(chart.caption(lang))}</p>' for lang in sorted(LANGUAGES, key=lambda lang: lang != self.language))
        alt = f"<p>{t('Alt text: ', '替代文字：')}{html.escape(chart.alt[self.language])}</p>"
        return f"{' · '.join(links)}<details><summary>{t('Captions to copy', '可复制的图注')}</summary>{said}{alt}</details>"


NOTEBOOKS = Path(__file__).resolve().parents[1]


def _show(text, handle=None, **options):
    """Show Markdown, in place of what a handle shows if there is one; returns the handle."""
    from IPython.display import Markdown, display

    return handle.update(Markdown(text)) if handle else display(Markdown(text), **options)


def title_of(path):
    """Title of a notebook by language: the headings of its first cell, English first."""
    lines = "".join(json.loads(path.read_text(encoding="utf-8"))["cells"][0]["source"]).splitlines()
    return dict(zip(LANGUAGES, (line.removeprefix("# ") for line in lines), strict=True))


def _in_language(value, lang):
    if isinstance(value, Sentence):
        return value.text(lang)
    if isinstance(value, (list, tuple)):
        return type(value)(_in_language(one, lang) for one in value)
    if isinstance(value, dict):
        return {_in_language(key, lang): _in_language(one, lang) for key, one in value.items()}
    return value


def _codes():
    """Words of the codes that say where a value comes from."""
    return {key: both for group in ("origin", "basis", "status", "stage") for key, both in vocabulary()[group].items()}


def as_rows(data, words):
    """A frame as the rows of a CSV: quantities as numbers with their interval, unit and period, ids and codes with their names."""
    made, opened = {}, {"": words.report}

    def period(figure):
        name, _, own = figure.rpartition(":")
        if name not in opened:
            opened[name] = load(name)
        return opened[name].figures[own].row["period"]

    for column in data:
        cells = list(data[column])
        if any(isinstance(c, (Quantity, Missing)) for c in cells):
            for part in ("value", "low", "high"):
                name = str(column) if part == "value" else f"{column}_{part}"
                made[name] = [float(q.in_unit(getattr(q, part))) if isinstance(q, Quantity) else None for q in cells]
            status = vocabulary()["status"]
            said = [said_unit(q.unit) if isinstance(q, Quantity) else status[q.why] if isinstance(q, Missing) else dict.fromkeys(LANGUAGES, "") for q in cells]
            made |= {f"{column}_unit_{lang}": [both[lang] for both in said] for lang in LANGUAGES}
            made[f"{column}_period"] = [" ".join(sorted(set(map(period, q.ids)))) if isinstance(q, Quantity) else "" for q in cells]
            made[f"{column}_ids"] = [" ".join(getattr(q, "ids", ())) for q in cells]
        elif any(isinstance(c, Sentence) for c in cells):
            made |= {f"{column}_{lang}": [_in_language(c, lang) for c in cells] for lang in LANGUAGES}
        else:
            made[str(column)] = cells
            known = _codes() | vocabulary()["measure"] | vocabulary()["drawn"] | {key: {lang: forms[lang][1] for lang in LANGUAGES} for key, forms in words.names.items()}
            if all(c in known for c in cells):
                made |= {f"{column}_{lang}": [known[c][lang] for c in cells] for lang in LANGUAGES}
    return pd.DataFrame(made)


def markdown_table(rows):
    """Rows as a Markdown table; numbers to the right, words and dates to the left.

    Parameters
    ----------
    rows : list of dict
        Texts by heading.
    """
    columns = list(rows[0])
    lines = ["| " + " | ".join(columns) + " |", "|" + "|".join("---:" if _numeric(rows, c) else ":---" for c in columns) + "|"]
    lines += ["| " + " | ".join(row[c].replace("|", "\\|").replace("\n", " ") for c in columns) + " |" for row in rows]
    return "\n".join(lines)


def _numeric(rows, column):
    cells = [row[column] for row in rows if row[column]]
    return all(cell[0] in "0123456789−+–" and not re.match(r"\d{4}-\d\d-\d\d", cell) for cell in cells)  # a date is no number
