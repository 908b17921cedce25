"""The site: every notebook as a page in each language, a gallery, every figure to look up, and what to take away."""

import argparse
import html
import json
import re
import shutil
import sys
from functools import cache, partial
from pathlib import Path

import jinja2
from markupsafe import Markup, escape

from .. import collection, kernels, rerun
from ..files import WriteError, chart_stem, only_one
from ..frames import areas_above
from ..page import Page
from ..sources import citations, missing
from ..tables import DEFAULT_REPORT, DataError, load_report, read_descriptor, report_names
from ..words import LANGUAGES, Words, day
from . import catalogue
from .catalogue import in_language
from .deck import browser, deck, pdf
from .pages import HEADLINES, caption, cards, headlines, notebook_of, title_of, verified
from .workbook import archive, with_mark, workbook

ROOT = Path(__file__).resolve().parents[3]
TEMPLATES = Path(__file__).resolve().parent / "templates"
MANIFEST = "files.txt"
FIVE = (*HEADLINES, ("01-growth", "ahead", "rates"), ("02-ranks", "firsts", "ranks"))
MANY = 80  # figures of a chart that are not listed one by one
LONG = 25  # rows from which a table of a notebook can be searched


def _linked(text):
    """A text with its addresses as links."""
    return Markup(re.sub(r"https?://[^\s，。}]*[^\s，。}.]", r'<a href="\g<0>">\g<0></a>', str(escape(text))))


@cache
def _templates():
    loader = jinja2.FileSystemLoader(TEMPLATES)
    made = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.filters["linked"] = _linked
    return made


@cache
def _exporter():
    from nbconvert import HTMLExporter

    return HTMLExporter(template_name="cells", extra_template_basedirs=[str(TEMPLATES)], exclude_anchor_links=True, optimistic_validation=True)


def _table_words(t):
    """What the script says around a table, for its attribute."""
    words = {
        "search": t("Search:", "检索："), "rows": t("{n} rows", "{n}行"), "sort": t("Sort by this column", "按此列排序"),
        "none": t("Nothing found: try a shorter word", "未找到：请换一个较短的词"),
    }  # fmt: skip
    return json.dumps(words, ensure_ascii=False)


def _cells(book, lang, held, address):
    """HTML of a notebook's cells, and its headings as pairs of anchor and text."""
    import nbformat

    t, chart = in_language(lang), _templates().get_template("chart.html.j2").module
    node = nbformat.reads(book, as_version=4)
    node.cells = [cell for cell in node.cells[1:] if not _empty(cell)]
    for output in (o for cell in node.cells for o in cell.get("outputs", ())):
        output["output_type"] = "display_data"  # a result is shown like any other
        shown = re.search(r'<figure lang="\w+" data-chart="([\w-]+)"', output.get("data", {}).get("text/html", ""))
        if shown:
            card = held[shown[1]]
            captions = [(t("en", "zh-CN"), caption(card, lang)), (t("zh-CN", "en"), caption(card, t("zh", "en")))]
            output["data"]["text/html"] = str(chart.whole(card, shown[1], lang, t, captions, address))
    body, _ = _exporter().from_notebook_node(node, resources={"t": t})
    body = re.sub(r'href="(?:\.\./\.\./notebooks/)?(\d\d-[\w-]+?)(?:-(?:en|zh))?\.ipynb"', r'href="\1.html"', body)
    body = re.sub(r"<style scoped>.*?</style>", "", body, flags=re.S)  # that of pandas
    body = body.replace("<th></th>", "<td></td>")  # its corner heads nothing
    body = re.sub(r"<table( [^>]*)?>.*?</table>", partial(_table, t), body, flags=re.S)
    titles = re.findall(r"<h2>(.*?)</h2>", body)
    for n in range(1, len(titles) + 1):
        body = body.replace("<h2>", f'<h2 id="part-{n}">', 1)
    return body, [(f"part-{n}", html.unescape(re.sub(r"<[^>]*>", "", title))) for n, title in enumerate(titles, 1)]


def _empty(cell):
    """Whether a cell shows no chart, or nothing but a frame without rows: what it would be about is not there."""
    if "chart" in cell.metadata.get("tags", ()) and not cell.get("outputs"):
        return True
    frames = ["".join(o.get("data", {}).get("text/html", "")) for o in cell.get("outputs", ())]
    return bool(frames) and all('class="dataframe"' in f and "<td" not in f for f in frames)


def _table(t, match):
    """A table in a frame of its own, which scrolls; a long one can be searched."""
    text, words = match[0], html.escape(_table_words(t))
    if text.count("<tr") > LONG and "dataframe" not in (match[1] or ""):
        text = re.sub(r"^<table", f'<table class="lookup" data-words="{words}"', text)
    return f'<div class="scroll" tabindex="0" role="group" aria-label="{t("Table", "表")}">{text}</div>'


def _rows(page, data, columns):
    """Each row of a frame of figures, with what a table to look up needs of it: id, other names, cells."""
    values = {head for way, *heads in columns if way in ("value", "printed") for head in heads}
    for row, figure in zip(catalogue.rows(page, data, columns), data.itertuples(), strict=True):
        order = {"order": catalogue.order(figure.quantity)}
        cells = [{"text": text} | (order if head in values else {}) for head, text in row.items()]
        names = " ".join(n for key in (figure.indicator, figure.area) for n in catalogue.names(page.report, key))
        yield figure, {"id": cells[0]["text"], "names": names, "cells": cells}


def _heads(columns, t):
    return [t(*heads) for _, *heads in columns if t(*heads)]


def _lookup(report, held, lang, root, marked):
    """The two tables of the page of figures: id, heading, columns, rows; ``marked``: ids lead to the text."""
    page, t, own, other = Page("catalogue", report, lang), in_language(lang), [], []
    for figure, row in _rows(page, catalogue.every_figure(page), catalogue.FIGURES):
        stems = catalogue.charts_of(held, figure.figure_id)
        links = [(f"{notebook_of(stem, root)}.html#{stem}", stem.replace("-", "\u00a0", 1)) for stem in stems]
        row["cells"].append({"links": links})
        if marked:
            row["cells"][0] = {"links": [(f"text.html#{figure.figure_id}", figure.figure_id)]}
        own.append(row)
    beside = report.name != DEFAULT_REPORT  # the first has all that others link to
    for figure, row in _rows(page, catalogue.every_published(page, beside), catalogue.PUBLISHED):
        row["cells"].append({"links": [(figure.url, figure.title)]} if figure.url else {"text": figure.title})
        other.append(row)
    heads = [_heads(columns, t) for columns in (catalogue.FIGURES, catalogue.PUBLISHED)]
    return [
        ("report", t("Figures of the report", "报告数据"), [*heads[0], t("Charts", "图表")], own),
        ("published", t("Statistics published elsewhere", "他处公布的统计数"), [*heads[1], t("Source", "来源")], other),
    ]


def _together(reports, lang, up):
    """One table of the figures of all reports: id, heading, columns, rows."""
    t, rows = in_language(lang), []
    for report in reports:
        page = Page("catalogue", report, lang)
        folder = "" if report.name == DEFAULT_REPORT else f"{up}{report.name}/{lang}/"
        place = report.areas[report.meta["area"]][f"name_{lang}"] + t(" {}", "{}年").format(report.meta["year_planned"])
        for figure, row in _rows(page, catalogue.every_figure(page), catalogue.FIGURES):
            link = {"links": [(f"{folder}figures.html#{figure.figure_id}", figure.figure_id)]}
            cells = [{"text": place}, link, *row["cells"][1:]]
            rows.append(row | {"id": f"{report.name}-{figure.figure_id}", "cells": cells})
    return "all", t("All reports", "全部报告"), [t("Report", "报告"), *_heads(catalogue.FIGURES, t)], rows


def _listed(reports, lang):
    """Every report as an address, what it is, and what is entered of it; then what looks at all of them."""
    t, rows = in_language(lang), []
    for report in reports:
        area = report.areas[report.meta["area"]][f"name_{lang}"]
        rows.append((
            "index.html" if report.name == DEFAULT_REPORT else f"../{report.name}/{lang}/index.html",
            area + t(", {}", "，{}年").format(report.meta["year_planned"]),
            t("all sections", "全文") if report.whole else t("main indicators and targets", "主要指标和目标"),
        ))  # fmt: skip
    return [
        *rows,
        ("08-reports.html", t("Side by side", "放在一起看"), t("what several reports say", "几份报告互相对照")),
        ("every-report.html", t("Every figure", "每项数据"), t("all reports in one table", "全部报告合为一表")),
    ]


def _five(register, held):
    """The findings of the brief, as notebook, claim and chart; fewer where a report does not allow them."""
    return [
        (book, register[book][name], chart_stem(book, chart))
        for book, name, chart in FIVE
        if name in register.get(book, {}) and chart_stem(book, chart) in held
    ]


def _title(report, lang):
    area, year = report.areas[report.meta["area"]][f"name_{lang}"], report.meta["delivered"][:4]
    titles = "{}’s {} government work report, figure by figure", "{}{}年政府工作报告：数据解读"
    return in_language(lang)(*titles).format(area, year)


class _Edition:
    """The pages of one report, by path, and what all of them are made from; parameters are those of `pages`."""

    def __init__(self, report, books, root, figures, reports, marked):
        self.report, self.books, self.root, self.figures = report, books, root, figures
        self.reports, self.marked = reports, marked
        self.first = report.name == DEFAULT_REPORT or marked is not None  # it has what is said of the whole site
        self.alone = marked is not None and not books  # a text whose tables have faults
        self.up = "../" if self.first else "../../"
        self.name = {lang: _title(report, lang) for lang in LANGUAGES}
        self.titles = {stem: title_of(stem, root) for stem in sorted({stem for stem, _ in books})}
        self.made, self.held, self.package = {}, {}, read_descriptor(root / "data")
        if not self.alone:
            self._find()

    def _find(self):
        """The charts and findings of the report, and which of them lead."""
        for stem, card in cards(self.figures).items():
            listed = self.marked is not None or len(card["figure_ids"]) < MANY
            self.held[stem] = card | {"workbook": f"{self.report.name}.xlsx", "listed": listed}
        register = collection.findings(self.report)
        self.five = _five(register, self.held)
        # The first report has those of HEADLINES; another the last that it allows of each notebook.
        last = {book: (book, *rest) for book, *rest in self.five}
        self.leading = [*last.values()]
        if self.report.name == DEFAULT_REPORT:
            names = {(stem, name) for stem, claims in register.items() for name in claims}
            self.leading = [(stem, register[stem][name], chart) for stem, name, chart in headlines(names)]
        if gone := [chart for _, _, chart in self.leading if chart not in self.held]:
            raise FileNotFoundError(f"figures/{gone[0]}.json is missing: run make, or correct HEADLINES in share/pages.py")

    def page(self, lang, path, template, title, description, **facts):
        """Make one page of a template; what every page says is known here."""
        t, meta = in_language(lang), self.report.meta
        source = meta[f"publisher_{lang}"], meta[f"title_{lang}"], day(meta["delivered"], lang), meta["read_at"]
        self.made[f"{lang}/{path}.html"] = _templates().get_template(f"{template}.html.j2").render(
            name=path, title=title, description=description, lang=lang, t=t, tag=t("en", "zh-CN"), up=self.up,
            short=self.package[t("title_short", "title_short_zh")], source=t(", ", "，").join(source),
            several=f"{self.up}{lang}/" if self.reports and not self.first else "",
            marked=self.marked is not None, alone=self.alone, **facts,
        ).encode()  # fmt: skip

    def address(self, lang, figure):
        """Where a figure is looked up, in this report or another: in the text if that is here; None if nowhere."""
        name, _, own = figure.rpartition(":")
        if not name or name == self.report.name:
            return f"text.html#{own}" if self.marked and own in self.report.rows else f"figures.html#{own}"
        folder = self.up if name == DEFAULT_REPORT else f"{self.up}{name}/"
        return f"{folder}{lang}/figures.html#{own}" if name in {other.name for other in self.reports} else None

    def downloads(self):
        """Workbook, slides, and of the first report the archive, which has the tables of all."""
        report, figures = self.report, self.figures
        self.made[f"downloads/{report.name}.xlsx"] = book = workbook(report, figures=figures)
        if report.name == DEFAULT_REPORT:
            self.made[f"downloads/{report.name}.zip"] = archive(report, root=self.root, book=book)
        for lang in LANGUAGES if self.books else ():
            parts = {stem: title[lang] for stem, title in self.titles.items()}
            slides = deck(report, self.held, lang, figures, self.name[lang], parts)
            self.made[f"downloads/{report.name}-slides-{lang}.pptx"] = slides

    def text(self, lang):
        """The text with its figures marked; without a page of anything else it is the first one too."""
        said = in_language(lang)("The text from the reader’s own copy, with every number marked.", "读者自己的文本，数字逐一标注。")
        for place in ("text", "index") if self.alone else ("text",):
            self.page(lang, place, "text", self.report.meta[f"title_{lang}"], said, **self.marked[lang])

    def front(self, lang):
        """The brief, as a page and printed, and the first page."""
        t, report = in_language(lang), self.report
        above, compared = Words(report).say(areas_above(report), "", lang), bool(report.tables["gaps"].rows)
        beside = t(f"the headline ones set beside {above}; ", f"主要指标与{above}对比，") if compared else ""
        what = t(
            f"Every figure checked against the text; {beside}charts to share.", f"每项数据均与原文核对，{beside}并绘成可直接使用的图表。"
        )
        if self.five and self.books:
            findings = [(claim.text(lang), book, chart, self.held[chart]) for book, claim, chart in self.five]
            self.page(lang, "brief", "brief", self.name[lang], what, missing=missing(report, lang), findings=findings)
            style = f"{self.up.removeprefix('../')}assets/site.css"
            brief = f"{lang}/brief.html"
            content = {brief: self.made[brief], style: (TEMPLATES / "site.css").read_bytes()}
            pictures = [self.figures / f"{chart}-{lang}.png" for *_, chart in self.five]
            content |= {f"figures/{path.name}": path.read_bytes() for path in pictures}
            program = browser()
            if printed := program and pdf(content, brief, program):
                self.made[f"downloads/{report.name}-brief-{lang}.pdf"] = printed
        labels = {
            ".xlsx": t("Excel workbook: every table, every chart’s rows", "Excel 工作簿：全部表格和各图数据"),
            f"-slides-{lang}.pptx": t("Slides: a chart each, as text and picture (PowerPoint)", "演示文稿：一图一页，标题为文字（PowerPoint）"),
            f"-brief-{lang}.pdf": t("Brief: the main findings on two pages (PDF)", "简报：两页主要结论（PDF）"),
            ".zip": t("Zip archive: tables, codebook, cards, licences", "Zip 压缩包：表格、编码表、说明卡、许可"),
        }
        taken = {f"downloads/{report.name}{ending}": label for ending, label in labels.items()}
        cited = t("English", "英文"), t("Chinese (GB/T 7714)", "中文（GB/T 7714）"), "BibTeX"
        self.page(
            lang, "index", "index", self.name[lang], what, missing=missing(report, lang),
            reports=_listed(self.reports, lang) if self.first and len(self.reports) > 1 else [],
            headlines=[(claim.text(lang), book, chart, self.held[chart]) for book, claim, chart in self.leading],
            files=[(f"../{path}", f"{len(self.made[path]) / 1000:,.0f} kB", label) for path, label in taken.items() if path in self.made],
            notebooks=[(stem, title[lang]) for stem, title in self.titles.items()],
            cards=[(stem, card, notebook_of(stem, self.root)) for stem, card in self.held.items()],
            verification=[line.replace("`", "") for line in verified(report, lang)],
            citations=list(zip(cited, citations(report).values(), strict=True)),
        )  # fmt: skip

    def lookup(self, lang):
        """Every figure of the report, and of all reports, to search and sort."""
        t = in_language(lang)
        self.page(
            lang, "figures", "figures", t("Every figure, and where it stands", "每项数据及其位置"),
            t(
                "Figures and claims of the report in the order of the text. To find one in your copy, go to the "
                "section and search for what stands under “Search for”.",
                "报告的数据和定性表述，按原文顺序。在原文中查找时，先到所在部分，再检索“检索词”。",
            ),
            tables=_lookup(self.report, self.held, lang, self.root, self.marked), table_words=_table_words(t),
        )  # fmt: skip
        if self.first and len(self.reports) > 1:
            self.page(
                lang, "every-report", "figures", t("Every figure of every report", "各地报告的每项数据"),
                t(
                    "All reports of the collection in one table; the id leads to the figure in its own report.",
                    "全部报告的数据合为一表，编号链接到各自报告中的位置。",
                ),
                tables=[_together(self.reports, lang, self.up)], table_words=_table_words(t),
            )  # fmt: skip

    def notebooks(self, lang):
        """A page for every notebook, each with the one before it and the one after."""
        order = [None, *((stem, title[lang]) for stem, title in self.titles.items()), None]
        for before, (stem, title), after in zip(order, order[1:-1], order[2:], strict=False):
            cells, headings = _cells(self.books[stem, lang], lang, self.held, partial(self.address, lang))
            elsewhere = rf'href="(?!(?:{"|".join(self.titles)})\.html)(\d\d-[\w-]+\.html)"'
            cells = re.sub(elsewhere, rf'href="{self.up}{lang}/\1"', cells)  # of what is about all reports there is one page
            if self.marked:
                ids = "|".join(self.report.rows)
                cells = re.sub(rf"<td([^>]*)>({ids})</td>", r'<td\1><a href="text.html#\2">\2</a></td>', cells)
            said = in_language(lang)(f"{title} With its charts, its tables and its code.", f"{title} 含图、表和代码。")
            self.page(lang, stem, "notebook", title, said, cells=Markup(cells), headings=headings, previous=before, following=after)


def pages(report, books, *, root=ROOT, figures=None, reports=(), marked=None):
    """Every page of one report, and what there is to take away.

    Parameters
    ----------
    report : Report
    books : dict of (str, str) to str
        Text of the executed notebook by stem and language.
    root : Path
        Folder of the project.
    figures : Path, optional
        Where the figures of the notebooks are; those of the project if None.
    reports : list of Report
        All that the site has, with this one; what is not said of several if empty.
    marked : dict, optional
        By language what the page of the text says (`annotated.facts`); without it there is no such page.

    Returns
    -------
    dict of str to bytes
        By path below the folder of the site.
    """
    edition = _Edition(report, books, root, figures or root / "figures", reports, marked)
    if not edition.alone:
        edition.downloads()
    for lang in LANGUAGES:
        if marked:
            edition.text(lang)
        if not edition.alone:
            for make in (edition.front, edition.lookup, edition.notebooks):
                make(lang)
    if edition.first:
        redirect = _templates().get_template("redirect.html.j2")
        edition.made["index.html"] = redirect.render(titles=edition.name).encode()
    return edition.made


def with_text(report, books, marked, *, root=ROOT, figures=None):
    """The site of one report with the page of its text; without executed notebooks that page alone.

    Parameters
    ----------
    report : Report
    books : dict of (str, str) to str
    marked : dict
        By language, as of `annotated.facts`.
    root, figures : Path

    Returns
    -------
    dict of str to bytes
    """
    made = pages(report, books, root=root, figures=figures, marked=marked) | styles("text.css", "text.js")
    return made | (figures_of(figures or root / "figures") if books else {})


def styles(*more):
    """The style and the scripts of every page, and more of them by name; bytes by path."""
    return {f"assets/{name}": (TEMPLATES / name).read_bytes() for name in ("site.css", "site.js", "choose.js", *more)}


def figures_of(folder):
    """The figures that pages show and offer; bytes by path.

    Raises
    ------
    FileNotFoundError
        If a figure that a card names is not there.
    """
    found = {}
    for stem, card in cards(folder).items():
        for name in (*card["files"], f"{stem}.json"):
            path = folder / name
            if not path.is_file():
                raise FileNotFoundError(f"figures/{name} is missing: run make, which exports it again")
            found[f"figures/{name}"] = with_mark(path.read_bytes()) if path.suffix == ".csv" else path.read_bytes()
    return found


def publish(content, folder):
    """Put a site in place whole: the old one stays until the new one is complete.

    Parameters
    ----------
    content : dict of str to bytes
        By path below the folder.
    folder : Path

    Raises
    ------
    WriteError
        If the folder cannot be written, or holds files that no build of the site made.
    """
    strange = _strange(folder)
    if strange:
        raise WriteError(
            f"{folder.name}/ holds what the site did not make ({', '.join(strange[:3])}): "
            "move it away, then run this again"
        )
    names = sorted([*content, MANIFEST])
    fresh, old = folder.with_name(".new-site"), folder.with_name(".new-site-old")
    try:
        if old.is_dir() and not folder.exists():  # stopped between the two renames
            old.rename(folder)
        for leftover in (fresh, old):
            shutil.rmtree(leftover, ignore_errors=True)
        for name, data in (content | {MANIFEST: "".join(f"{name}\n" for name in names).encode()}).items():
            (fresh / name).parent.mkdir(parents=True, exist_ok=True)
            (fresh / name).write_bytes(data)
        if folder.exists():
            folder.rename(old)
        try:
            fresh.rename(folder)
        except OSError:
            old.rename(folder)
            raise
    except OSError as error:
        raise WriteError(
            f"cannot write {folder.name}/ ({error.strerror}): free some space or mend its permissions; "
            "what was there is unchanged"
        ) from error
    finally:
        for leftover in (fresh, *([old] if folder.exists() else [])):
            shutil.rmtree(leftover, ignore_errors=True)


def _strange(folder):
    """Files in the folder that no build of the site made."""
    if folder.is_file():
        return [folder.name]
    found = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if not p.is_dir()}
    manifest = folder / MANIFEST
    made = manifest.read_text(encoding="utf-8").splitlines() if manifest.is_file() else []
    return sorted(found - set(made))


def books_of(name, root=ROOT):
    """Text of the executed notebooks of a report other than the first, by stem and language; some are about all reports."""
    keys = [(path.stem, lang) for path in rerun.notebooks_of(root) for lang in LANGUAGES]
    paths = {(stem, lang): root / f"reports/{name}/{stem}-{lang}.ipynb" for stem, lang in keys}
    return {key: path.read_text(encoding="utf-8") for key, path in paths.items() if path.is_file()}


def of_another(report, root, reports):
    """Pages and figures of a report other than the first, from ``reports/NAME/``, below a folder of its name."""
    figures = root / f"reports/{report.name}/figures"
    made = pages(report, books_of(report.name, root), root=root, figures=figures, reports=reports)
    return {f"{report.name}/{path}": data for path, data in (made | figures_of(figures)).items()}


def build(*, root=ROOT, say=print):
    """Build the site in ``site/``, from notebooks that are up to date.

    Parameters
    ----------
    root : Path
        Folder of the project.
    say : callable
        Takes one line of progress.

    Returns
    -------
    int
        How many pages it has.
    """
    first = load_report(data=root / "data")
    others = [load_report(name, data=root / "data") for name in report_names(root / "data") if name != DEFAULT_REPORT]
    rerun.rerun_reports([report.name for report in others], root=root, say=say)
    books, reports, folder = executed(rerun.notebooks_of(root), root, say), [first, *others], root / "site"
    inputs = rerun.Inputs(root)
    made_of = [inputs.of(inputs), rerun.digest(*_inputs(root)), browser()]
    if rerun.recorded("site", root) != [*made_of, _left(folder)]:
        content = pages(first, books, root=root, reports=reports) | styles() | figures_of(root / "figures")
        for report in others:
            content |= of_another(report, root, reports)
        publish(content, folder)
        rerun.record("site", [*made_of, _left(folder)], root)
    return sum(path.suffix == ".html" for path in folder.rglob("*"))


def _inputs(root):
    """Files that a site is made from; of other reports the file that has the digests of all of theirs."""
    folders = [(root, "*"), (root / "notebooks", "*.ipynb"), (root / "reports", "*/made.json")]
    folders += [(folder, "**/*") for folder in (root / "data", root / "figures", TEMPLATES)]
    return [path for folder, which in folders for path in sorted(folder.glob(which)) if path.is_file()]


def _left(folder):
    """Digest of the names and contents of all files of a site."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return rerun.digest(*files) + repr([path.relative_to(folder).as_posix() for path in files])


def executed(notebooks, root=ROOT, say=print):
    """Every notebook executed in both languages, whatever language its file is set to.

    Parameters
    ----------
    notebooks : list of Path
    root : Path
    say : callable

    Returns
    -------
    dict of (str, str) to str
        Text by stem and language. The file itself is taken for the language it is set to, a run of last
        time for the other one if nothing it depends on has changed.
    """
    texts, jobs = {}, []
    for path in notebooks:
        text, now = path.read_text(encoding="utf-8"), rerun.recorded(path.stem, root)
        for lang in LANGUAGES:
            kept = rerun.recorded(f"{path.stem}-{lang}", root)
            if re.search(rf'"language = \\"{lang}\\"', text):
                texts[path.stem, lang] = text
            elif kept and now and kept["of"] == now:
                texts[path.stem, lang] = kept["text"]
            else:
                jobs.append((path, lang))
    ready = len(texts)

    def finished(job, text, asked, seconds):
        path, lang = job
        rerun.record(f"{path.stem}-{lang}", {"of": rerun.recorded(path.stem, root), "text": text}, root)
        texts[path.stem, lang] = text
        say(f"[{len(texts) - ready}/{len(jobs)}] {path.name} ({lang}) {seconds:.0f} s")

    kernels.execute_all(jobs, finished=finished)
    return texts


def main(arguments=None):
    """Command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="workreport.share.site", description="Build the site in site/.")
    parser.parse_args(arguments)
    try:
        with only_one(ROOT / ".venv/rerun"):
            rerun.clear()
            made = build(say=print if sys.stdout.isatty() else lambda line: None)
    except (OSError, KeyError, DataError, rerun.RerunError, collection.NotebookError) as error:
        print(error)
        return 1
    except KeyboardInterrupt:
        print("Stopped. The site that was there is kept; make site goes on from here.")
        return 130
    print(f"{made} pages in site/: open site/index.html in a browser; workbook and archive are in site/downloads/.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
