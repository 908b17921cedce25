"""The site: every notebook as a page in each language, a gallery, every figure to look up, and what to take away."""

import argparse
import html
import json
import re
import shutil
import sys
from functools import partial
from pathlib import Path

from .. import collection, kernels, rerun
from ..files import WriteError, chart_stem, only_one
from ..frames import areas_above
from ..page import Page
from ..sources import citations, missing
from ..tables import DEFAULT_REPORT, DataError, load_report, read_descriptor, report_names
from ..words import LANGUAGES, Words, day
from . import catalogue
from .deck import browser, deck, pdf
from .pages import HEADLINES, caption, cards, headlines, notebook_of, title_of, verified
from .workbook import archive, with_mark, workbook

ROOT = Path(__file__).resolve().parents[3]
TEMPLATES = Path(__file__).resolve().parent / "templates"
MANIFEST = "files.txt"
FIVE = (*HEADLINES, ("01-growth", "ahead", "rates"), ("02-ranks", "firsts", "ranks"))
MANY = 80  # figures of a chart that are not listed one by one
LONG = 25  # rows from which a table of a notebook can be searched


def _in(lang, en, zh):
    """One of two wordings; the templates call it ``t``."""
    return {"en": en, "zh": zh}[lang]


def _linked(text):
    """A text with its addresses as links."""
    from markupsafe import Markup, escape

    return Markup(re.sub(r"https?://[^\s，。}]*[^\s，。}.]", lambda found: f'<a href="{found[0]}">{found[0]}</a>', str(escape(text))))


def _table_words(t):
    """What the script says around a table, for its attribute."""
    words = {
        "search": t("Search:", "检索："), "rows": t("{n} rows", "{n}行"), "sort": t("Sort by this column", "按此列排序"),
        "none": t("Nothing found: try a shorter word", "未找到：请换一个较短的词"),
    }  # fmt: skip
    return json.dumps(words, ensure_ascii=False)


def _cells(book, lang, held, macros, address):
    """HTML of a notebook's cells, and its headings as pairs of anchor and text."""
    import nbformat
    from nbconvert import HTMLExporter

    t = partial(_in, lang)
    node = nbformat.reads(book, as_version=4)
    node.cells = [cell for cell in node.cells[1:] if not _empty(cell)]
    for output in (o for cell in node.cells for o in cell.get("outputs", ())):
        output["output_type"] = "display_data"  # a result is shown like any other
        shown = re.search(r'<figure lang="\w+" data-chart="([\w-]+)"', output.get("data", {}).get("text/html", ""))
        if shown:
            card = held[shown[1]]
            captions = [(t("en", "zh-CN"), caption(card, lang)), (t("zh-CN", "en"), caption(card, t("zh", "en")))]
            output["data"]["text/html"] = str(macros.whole(card, shown[1], lang, t, captions, address))
    exporter = HTMLExporter(template_name="cells", extra_template_basedirs=[str(TEMPLATES)], exclude_anchor_links=True)
    body, _ = exporter.from_notebook_node(node, resources={"t": t})
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
    frames = [o.get("data", {}).get("text/html", "") for o in cell.get("outputs", ())]
    return bool(frames) and all('class="dataframe"' in "".join(f) and "<td" not in "".join(f) for f in frames)


def _table(t, match):
    """A table in a frame of its own, which scrolls; a long one can be searched."""
    text, words = match[0], html.escape(_table_words(t))
    if text.count("<tr") > LONG and "dataframe" not in (match[1] or ""):
        text = re.sub(r"^<table", f'<table class="lookup" data-words="{words}"', text)
    return f'<div class="scroll" tabindex="0" role="group" aria-label="{t("Table", "表")}">{text}</div>'


def _chart_link(stem, root):
    notebook = notebook_of(stem, root)
    return f"{notebook}.html#{stem}", stem.replace("-", "\u00a0", 1)


def _lookup(report, held, lang, root, marked):
    """The two tables of the page of figures: id, heading, columns, rows; ``marked``: ids lead to the text."""
    page, t = Page("catalogue", report, lang), partial(_in, lang)

    valued = {t(*heads) for way, *heads in (*catalogue.FIGURES, *catalogue.PUBLISHED) if way in ("value", "printed")}

    def cells(row, figure):
        order = {"order": catalogue.order(figure.quantity)}
        return [{"text": text} | (order if head in valued else {}) for head, text in row.items()]

    def names(figure, key):
        return " ".join(n for k in (key, figure.area) for n in catalogue.names(report, k))

    data = catalogue.every_figure(page)
    found = catalogue.rows(page, data, catalogue.FIGURES)
    own = []
    for row, figure in zip(found, data.itertuples(), strict=True):
        links = [_chart_link(stem, root) for stem in catalogue.charts_of(held, figure.figure_id)]
        own.append(
            {
                "id": figure.figure_id,
                "names": names(figure, figure.indicator),
                "cells": [*cells(row, figure), {"links": links}],
            }
        )
        if marked:
            own[-1]["cells"][0] = {"links": [(f"text.html#{figure.figure_id}", figure.figure_id)]}
    data = catalogue.every_published(page, beside=report.name != DEFAULT_REPORT)  # the first has all that others link to
    other = []
    for row, figure in zip(catalogue.rows(page, data, catalogue.PUBLISHED), data.itertuples(), strict=True):
        link = {"links": [(figure.url, figure.title)]} if figure.url else {"text": figure.title}
        other.append(
            {
                "id": figure.published_id,
                "names": names(figure, figure.indicator_id),
                "cells": [*cells(row, figure), link],
            }
        )
    heads = [[t(*both) for _, *both in columns if t(*both)] for columns in (catalogue.FIGURES, catalogue.PUBLISHED)]
    return [
        ("report", t("Figures of the report", "报告数据"), [*heads[0], t("Charts", "图表")], own),
        ("published", t("Statistics published elsewhere", "他处公布的统计数"), [*heads[1], t("Source", "来源")], other),
    ]


def _leading(report, register, held):
    """The findings that stand first: those of `HEADLINES`, or what of `FIVE` a report allows."""
    return headlines(register) if report.name == DEFAULT_REPORT else [*{book: (book, *rest) for book, *rest in _five(register, held)}.values()]


def _five(register, held):
    """The findings of the brief, as notebook, claim and chart; fewer where a report does not allow them."""
    return [
        (book, register[book][name], chart_stem(book, chart))
        for book, name, chart in FIVE
        if name in register.get(book, {}) and chart_stem(book, chart) in held
    ]


def _title(report, lang):
    area, year = report.areas[report.meta["area"]], report.meta["delivered"][:4]
    return {
        "en": f"{area['name_en']}’s {year} government work report, figure by figure",
        "zh": f"{area['name_zh']}{year}年政府工作报告：数据解读",
    }[lang]


def _addresses(report, lang, up, several, marked):
    """A function from the id of a figure to the place where it is looked up, in this report or another; ``marked``: in the text."""

    def address(figure):
        name, _, own = figure.rpartition(":")
        if not name or name == report.name:
            return f"text.html#{own}" if marked and own in report.rows else f"figures.html#{own}"
        folder = up if name == DEFAULT_REPORT else f"{up}{name}/"
        return f"{folder}{lang}/figures.html#{own}" if name in several else None  # another report, which is not here

    return address


def pages(report, books, *, root=ROOT, figures=None, reports=(), marked=None):
    """Every page of one report.

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
    import jinja2

    loader = jinja2.FileSystemLoader(TEMPLATES)
    environment = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["linked"] = _linked
    figures = figures or root / "figures"
    meta, package = report.meta, read_descriptor(root / "data")
    first = report.name == DEFAULT_REPORT or marked is not None  # it has what is said of the whole site
    alone = marked is not None and not books  # a text whose tables have faults
    held, register = ({}, {}) if alone else (cards(figures), collection.findings(report))
    more = {"workbook": f"{report.name}.xlsx"}
    held = {stem: card | more | {"listed": marked is not None or len(card["figure_ids"]) < MANY} for stem, card in held.items()}
    leading, up = [] if alone else _leading(report, register, held), "../" if first else "../../"
    if gone := [chart for _, _, chart in leading if chart not in held]:
        raise FileNotFoundError(f"figures/{gone[0]}.json is missing: run make, or correct HEADLINES in share/pages.py")
    macros = environment.get_template("chart.html.j2").module
    titles = {stem: title_of(stem, root) for stem in sorted({stem for stem, _ in books})}
    name = {lang: _title(report, lang) for lang in LANGUAGES}
    words = Words(report)
    above = {lang: words.say(areas_above(report), "", lang) for lang in LANGUAGES}
    compared = bool(report.tables["gaps"].rows)
    made = {"index.html": environment.get_template("redirect.html.j2").render(titles=name)} if first else {}
    taken = {} if alone else {f"downloads/{report.name}.xlsx": workbook(report, figures=figures)}
    taken |= {f"downloads/{report.name}.zip": archive(report, root=root)} if not alone and report.name == DEFAULT_REPORT else {}  # it has the tables of all reports
    five, program = _five(register, held), browser()
    for lang in LANGUAGES if books else ():
        taken[f"downloads/{report.name}-slides-{lang}.pptx"] = deck(report, held, lang, figures, name[lang], {stem: title[lang] for stem, title in titles.items()})
    for lang in LANGUAGES:
        t = partial(_in, lang)
        labels = {
            f"{report.name}.xlsx": t("Excel workbook: every table, every chart’s rows", "Excel 工作簿：全部表格和各图数据"),
            f"{report.name}-slides-{lang}.pptx": t("Slides: a chart each, as text and picture (PowerPoint)", "演示文稿：一图一页，标题为文字（PowerPoint）"),
            f"{report.name}-brief-{lang}.pdf": t("Brief: the main findings on two pages (PDF)", "简报：两页主要结论（PDF）"),
            f"{report.name}.zip": t("Zip archive: tables, codebook, cards, licences", "Zip 压缩包：表格、编码表、说明卡、许可"),
        }
        cited = (t("English", "英文"), t("Chinese (GB/T 7714)", "中文（GB/T 7714）"), "BibTeX")
        common = {
            "lang": lang, "t": t, "tag": t("en", "zh-CN"), "short": package[t("title_short", "title_short_zh")],
            "source": t(", ", "，").join(
                (meta[f"publisher_{lang}"], meta[f"title_{lang}"], day(meta["delivered"], lang), meta["read_at"])
            ),
            "up": up, "several": "" if not reports else "" if first else f"{up}{lang}/", "marked": marked is not None, "alone": alone,
        }  # fmt: skip
        address = _addresses(report, lang, up, {other.name for other in reports}, marked)

        def page(template, path, title, description, lang=lang, common=common, **facts):
            text = environment.get_template(f"{template}.html.j2").render(
                name=path, title=title, description=description, **common, **facts
            )
            made[f"{lang}/{path}.html"] = text

        if marked:
            said = t("The text from the reader’s own copy, with every number marked.", "读者自己的文本，数字逐一标注。")
            for place in ("text", "index") if alone else ("text",):
                page("text", place, meta[f"title_{lang}"], said, **marked[lang])
        if alone:
            continue
        what = t(
            f"Every figure checked against the text; {'the headline ones set beside ' + above['en'] + '; ' if compared else ''}charts to share.",
            f"每项数据均与原文核对，{'主要指标与' + above['zh'] + '对比，' if compared else ''}并绘成可直接使用的图表。",
        )
        if five and books:
            page("brief", "brief", name[lang], what, missing=missing(report, lang), findings=[(claim.text(lang), book, chart, held[chart]) for book, claim, chart in five])
            shown = {f"figures/{chart}-{lang}.png": (figures / f"{chart}-{lang}.png").read_bytes() for _, _, chart in five}
            parts = {f"{lang}/brief.html": made[f"{lang}/brief.html"].encode(), "assets/site.css": (TEMPLATES / "site.css").read_bytes()}
            printed = pdf(parts | {f"{up.removeprefix('../')}assets/site.css": parts["assets/site.css"]} | shown, f"{lang}/brief.html", program) if program else None
            if printed:
                taken[f"downloads/{report.name}-brief-{lang}.pdf"] = printed
        page(
            "index", "index", name[lang],
            what, missing=missing(report, lang), reports=_listed(reports, lang) if first and len(reports) > 1 else [],
            headlines=[(claim.text(lang), book, chart, held[chart]) for book, claim, chart in leading],
            files=[
                (f"../{path}", f"{len(taken[path]) / 1000:,.0f} kB", label)
                for file, label in labels.items() if (path := f"downloads/{file}") in taken
            ],
            notebooks=[(stem, title[lang]) for stem, title in titles.items()],
            cards=[(stem, card, notebook_of(stem, root)) for stem, card in held.items()],
            verification=[re.sub("`", "", line) for line in verified(report, lang)],
            citations=list(zip(cited, citations(report).values(), strict=True)),
        )  # fmt: skip
        page(
            "figures", "figures", t("Every figure, and where it stands", "每项数据及其位置"),
            t(
                "Figures and claims of the report in the order of the text. To find one in your copy, go to the "
                "section and search for what stands under “Search for”.",
                "报告的数据和定性表述，按原文顺序。在原文中查找时，先到所在部分，再检索“检索词”。",
            ),
            tables=_lookup(report, held, lang, root, marked), table_words=_table_words(t),
        )  # fmt: skip
        if first and len(reports) > 1:
            page(
                "figures", "every-report", t("Every figure of every report", "各地报告的每项数据"),
                t("All reports of the collection in one table; the id leads to the figure in its own report.", "全部报告的数据合为一表，编号链接到各自报告中的位置。"),
                tables=[_together(reports, lang, up)], table_words=_table_words(t),
            )  # fmt: skip
        order = [(stem, title[lang]) for stem, title in titles.items()]
        for i, (stem, title) in enumerate(order):
            cells, headings = _cells(books[stem, lang], lang, held, macros, address)
            elsewhere = rf'href="(?!(?:{"|".join(titles)})\.html)(\d\d-[\w-]+\.html)"'
            cells = re.sub(elsewhere, rf'href="{up}{lang}/\1"', cells)  # of what is about all reports there is one page
            if marked:
                cells = re.sub(r"<td([^>]*)>([A-Z][0-9]+)</td>", partial(_to_text, report), cells)
            around = {
                "previous": order[i - 1] if i else None,
                "following": order[i + 1] if i + 1 < len(order) else None,
            }
            said = t("With its charts, its tables and its code.", "含图、表和代码。")
            page(
                "notebook",
                stem,
                title,
                f"{title} {said}",
                cells=jinja2.utils.markupsafe.Markup(cells),
                headings=headings,
                **around,
            )
    return {path: text.encode() for path, text in made.items()} | taken


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
    styles = {f"assets/{name}": (TEMPLATES / name).read_bytes() for name in ("text.css", "text.js")}
    made = pages(report, books, root=root, figures=figures, marked=marked)
    return made | assets(root=root, figures=figures if books else TEMPLATES, styled=True) | styles


def _to_text(report, match):
    """A cell that holds the id of a figure, as a link to its place in the text."""
    return f'<td{match[1]}><a href="text.html#{match[2]}">{match[2]}</a></td>' if match[2] in report.rows else match[0]


def _listed(reports, lang):
    """Every report as an address, what it is, and what is entered of it; then what looks at all of them."""
    whole = {True: ("all sections", "全文"), False: ("main indicators and targets", "主要指标和目标")}
    rows = [
        (
            "index.html" if r.name == DEFAULT_REPORT else f"../{r.name}/{lang}/index.html",
            {"en": f"{r.areas[r.meta['area']]['name_en']}, {r.meta['year_planned']}", "zh": f"{r.areas[r.meta['area']]['name_zh']}，{r.meta['year_planned']}年"}[lang],
            _in(lang, *whole[r.whole]),
        )
        for r in reports
    ]
    return [
        *rows,
        ("08-reports.html", _in(lang, "Side by side", "放在一起看"), _in(lang, "what several reports say", "几份报告互相对照")),
        ("every-report.html", _in(lang, "Every figure", "每项数据"), _in(lang, "all reports in one table", "全部报告合为一表")),
    ]


def _together(reports, lang, up):
    """One table of the figures of all reports: id, heading, columns, rows."""
    t = partial(_in, lang)
    columns, rows = [spec for spec in catalogue.FIGURES if t(*spec[1:])], []
    for report in reports:
        page, data = Page("catalogue", report, lang), None
        data = catalogue.every_figure(page)
        folder = "" if report.name == DEFAULT_REPORT else f"{up}{report.name}/{lang}/"
        place = {"en": f"{report.areas[report.meta['area']]['name_en']} {report.meta['year_planned']}", "zh": f"{report.areas[report.meta['area']]['name_zh']}{report.meta['year_planned']}年"}[lang]
        for row, figure in zip(catalogue.rows(page, data, columns), data.itertuples(), strict=True):
            link = [(f"{folder}figures.html#{figure.figure_id}", figure.figure_id)]
            cells = [
                {"links": link} if n == 0 else {"text": text} | ({"order": catalogue.order(figure.quantity)} if spec[0] in ("value", "printed") else {})
                for n, (spec, text) in enumerate(zip(columns, row.values(), strict=True))
            ]
            names = " ".join(n for key in (figure.indicator, figure.area) for n in catalogue.names(report, key))
            rows.append({"id": f"{report.name}-{figure.figure_id}", "names": names, "cells": [{"text": place}, *cells]})
    heads = [t("Report", "报告"), *(t(*spec[1:]) for spec in columns)]
    return "all", t("All reports", "全部报告"), heads, rows


def assets(*, root=ROOT, figures=None, styled=None):
    """Files that the pages use and offer: style, scripts, and the figures; of another report its figures alone unless ``styled``.

    Returns
    -------
    dict of str to bytes

    Raises
    ------
    FileNotFoundError
        If a figure that a card names is not there.
    """
    styles = ("site.css", "site.js", "choose.js") if styled or not figures else ()
    found = {f"assets/{name}": (TEMPLATES / name).read_bytes() for name in styles}
    folder = figures or root / "figures"
    for stem, card in cards(folder).items():
        for name in (*card["files"], f"{stem}.json"):
            path = folder / name
            if not path.is_file():
                raise FileNotFoundError(f"figures/{name} is missing: run make, which exports it again")
            data = path.read_bytes()
            found[f"figures/{name}"] = with_mark(data) if path.suffix == ".csv" else data
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


def of_another(report, notebooks, root, reports):
    """Pages and figures of a report other than the first, from ``reports/NAME/``, below a folder of its name."""
    folder = root / "reports" / report.name
    books = {(path.stem, lang): folder / f"{path.stem}-{lang}.ipynb" for path in notebooks for lang in LANGUAGES}
    books = {key: path.read_text(encoding="utf-8") for key, path in books.items() if path.is_file()}  # some are about all reports
    made = pages(report, books, root=root, figures=folder / "figures", reports=reports)
    return {f"{report.name}/{path}": data for path, data in (made | assets(root=root, figures=folder / "figures")).items()}


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
    notebooks = sorted((root / "notebooks").glob("[0-9][0-9]-*.ipynb"))
    rerun.rerun_reports([report.name for report in others], root=root, say=say)
    books = executed(notebooks, root, say)
    content = pages(first, books, root=root, reports=[first, *others]) | assets(root=root)
    for report in others:
        content |= of_another(report, notebooks, root, [first, *others])
    publish(content, root / "site")
    return sum(name.endswith(".html") for name in content)


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
