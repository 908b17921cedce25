"""The site: every notebook as a page in each language, a gallery, every figure to look up, and what to take away."""

import argparse
import html
import json
import re
import shutil
import sys
from pathlib import Path

from . import rerun
from .catalogue import catalogue, published
from .files import WriteError, only_one
from .findings import findings
from .notebook import title_of
from .pages import cards, headlines, notebook_of
from .prose import LANGUAGES
from .sources import citations
from .story import Texts
from .tables import DEFAULT_REPORT, DataError, load_report
from .takeaway import archive, workbook

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = Path(__file__).resolve().parent / "templates"
TEXTS = Texts("site")
MANIFEST = "files.txt"


def _words(group, lang):
    return {key: text[lang] for key, text in TEXTS.group(group).items()}


def _cells(book, lang, held, macros):
    """HTML of a notebook's cells, and its headings as pairs of anchor and text."""
    import nbformat
    from nbconvert import HTMLExporter

    words = _words("word", lang)
    node = nbformat.reads(book, as_version=4)
    node.cells = node.cells[1:]
    for cell in node.cells:
        for output in cell.get("outputs", ()):
            output["output_type"] = "display_data"  # a result is shown like any other
            shown = re.search(r"<figcaption>figures/([\w-]+)-(?:en|zh)\.png<", output.get("data", {}).get("text/html", ""))
            if shown:
                output["data"]["text/html"] = str(macros.whole(held[shown[1]], shown[1], lang, words))
    exporter = HTMLExporter(template_name="cells", extra_template_basedirs=[str(TEMPLATES)], exclude_anchor_links=True)
    body, _ = exporter.from_notebook_node(node, resources={"words": words})
    body = re.sub(r'href="(\d\d-[\w-]+)\.ipynb"', r'href="\1.html"', body)
    body = body.replace("<table>", f'<div class="scroll" tabindex="0" role="group" aria-label="{words["table"]}"><table>').replace("</table>", "</table></div>")
    titles = re.findall(r"<h2>(.*?)</h2>", body)
    for n in range(1, len(titles) + 1):
        body = body.replace("<h2>", f'<h2 id="part-{n}">', 1)
    return body, [(f"part-{n}", html.unescape(re.sub(r"<[^>]*>", "", title))) for n, title in enumerate(titles, 1)]


def _chart_link(stem):
    notebook = notebook_of(stem)
    return f"{notebook}.html#{stem}", f"{notebook[:2]}\u00a0{stem.removeprefix(notebook)[1:]}"


def _lookup(report, held, lang):
    """The tables of the page of figures: id, heading, columns, rows of cells."""
    rows = [
        [
            {"text": row["id"]},
            {"text": row["what"][lang]},
            {"text": row["kind"][lang]},
            {"text": row["printed"][lang], "number": True, "order": row["order"]},
            {"text": row["international"], "number": True, "order": row["order"]},
            {"text": row["interval"][lang], "number": True},
            {"text": row["period"]},
            {"text": row["area"][lang]},
            {"text": row["against"][lang]},
            {"text": row["place"][lang], "order": row["offset"]},
            {"links": [_chart_link(stem) for stem in row["charts"]]},
        ]
        for row in catalogue(report, held)
    ]
    others = [
        [
            {"text": row["id"]},
            {"text": row["what"][lang]},
            {"text": row["kind"][lang]},
            {"text": row["printed"][lang], "number": True, "order": row["order"]},
            {"text": row["international"], "number": True, "order": row["order"]},
            {"text": row["period"]},
            {"text": row["area"][lang]},
            {"text": row["publisher"]},
            {"links": [(row["url"], row["title"])]},
            {"text": row["date"]},
        ]
        for row in published(report)
    ]
    tables = (("report", rows), ("published", others))
    return [(key, TEXTS.get(f"figures.{key}")[lang], TEXTS.get(f"columns.{key}")[lang], cells) for key, cells in tables]


def pages(report, books, *, root=ROOT):
    """Every page of the site.

    Parameters
    ----------
    report : Report
    books : dict of (str, str) to str
        Text of the executed notebook by stem and language.
    root : Path
        Folder of the project.

    Returns
    -------
    dict of str to bytes
        By path below the folder of the site.
    """
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    held, register = cards(root / "figures"), findings(report)
    macros = environment.get_template("chart.html.j2").module
    titles = {stem: title_of(root / f"notebooks/{stem}.ipynb") for stem in sorted({stem for stem, _ in books})}
    area = report.areas[report.meta["area"]]
    name = TEXTS.say("title", area={lang: area[f"name_{lang}"] for lang in LANGUAGES}, year=report.meta["delivered"][:4])
    made = {"index.html": environment.get_template("redirect.html.j2").render(titles=name)}
    takeaways = {f"downloads/{report.name}.xlsx": ("workbook", workbook(report, figures=root / "figures"))}
    takeaways[f"downloads/{report.name}.zip"] = ("archive", archive(report, root=root))
    for lang in LANGUAGES:
        words, meta = _words("word", lang), report.meta
        turn = {"en": "zh", "zh": "en"}[lang]
        common = {
            "lang": lang, "words": words, "other": {**_words("word", turn), "code": turn},
            "source": f"{meta[f'publisher_{lang}']}, {meta[f'title_{lang}']}, {meta['delivered']}, {meta['read_at']}",
        }  # fmt: skip

        def page(template, path, title, description, lang=lang, common=common, **facts):
            text = environment.get_template(f"{template}.html.j2").render(name=path, title=title, description=description, **common, **facts)
            made[f"{lang}/{path}.html"] = text

        page(
            "index", "index", name[lang], TEXTS.get("lede")[lang],
            missing=meta[f"break_note_{lang}"],
            headlines=[(finding.text[lang].rstrip(".。"), book, *_chart_of(finding, held)) for book, finding in headlines(register)],
            files=[
                (f"../{path}", TEXTS.say("size", n=f"{len(data) / 1000:,.0f}")[lang], TEXTS.get(f"file.{key}")[lang])
                for path, (key, data) in takeaways.items()
            ],
            notebooks=[(stem, title[lang]) for stem, title in titles.items()],
            cards=[(stem, card, notebook_of(stem)) for stem, card in held.items()],
            verification=TEXTS.get("verified")[lang],
            citations=[(words[f"cite_{key}"], text) for key, text in citations(report).items()],
        )  # fmt: skip
        page(
            "figures", "figures", TEXTS.get("figures.title")[lang], TEXTS.get("figures.lede")[lang],
            tables=_lookup(report, held, lang), table_words=json.dumps(_table_words(lang), ensure_ascii=False),
        )  # fmt: skip
        order = [(stem, title[lang]) for stem, title in titles.items()]
        for i, (stem, title) in enumerate(order):
            cells, headings = _cells(books[stem, lang], lang, held, macros)
            around = {"previous": order[i - 1] if i else None, "following": order[i + 1] if i + 1 < len(order) else None}
            page("notebook", stem, title, TEXTS.get("notebook")[lang], cells=jinja2.utils.markupsafe.Markup(cells), headings=headings, **around)
    return {path: text.encode() for path, text in made.items()} | {path: data for path, (_, data) in takeaways.items()}


def _chart_of(finding, held):
    """Stem and card of the chart whose title is the finding."""
    return next((stem, card) for stem, card in held.items() if card["title"]["en"] == finding.text["en"].rstrip("."))


def _table_words(lang):
    words = _words("search", lang)
    return words | {"aria": {"orderable": f": {words['ariaSort']}"}}


def assets(*, root=ROOT):
    """Files that the pages use and offer: style, scripts, and the figures, whose CSV begins with the mark by which Excel knows UTF-8.

    Returns
    -------
    dict of str to bytes

    Raises
    ------
    FileNotFoundError
        If a figure that a card names is not there.
    """
    import itables

    bundle = Path(itables.__file__).parent / "html"
    script = (bundle / "dt_bundle.js").read_text(encoding="utf-8")
    # The bundle is a module, which browsers refuse to load from disk; as a plain script it names its table class itself.
    script = re.sub(r"export\s*{[^}]*?(\w+) as default[^}]*}", r"globalThis.DataTable=\1", script)
    found = {"assets/tables.js": f"(()=>{{{script}\n}})();".encode()}
    found |= {f"assets/{name}": (TEMPLATES / name).read_bytes() for name in ("site.css", "site.js", "choose.js")}
    for stem, card in cards(root / "figures").items():
        for name in (*card["files"], f"{stem}.json"):
            path = root / "figures" / name
            if not path.is_file():
                raise FileNotFoundError(f"figures/{name} is missing: run make, which exports it again")
            found[f"figures/{name}"] = (b"\xef\xbb\xbf" if path.suffix == ".csv" else b"") + path.read_bytes()
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
        raise WriteError(f"{folder.name}/ holds what the site did not make ({', '.join(strange[:3])}): move it away, then run make site again")
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
        raise WriteError(f"cannot write {folder.name}/ ({error.strerror}): free some space or mend its permissions; what was there is unchanged") from error
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


def build(report_name=DEFAULT_REPORT, *, root=ROOT, say=print):
    """Build the site in `site/`, from notebooks that are up to date.

    Parameters
    ----------
    report_name : str
    root : Path
        Folder of the project.
    say : callable
        Takes one line of progress.

    Returns
    -------
    int
        How many pages it has.
    """
    report = load_report(report_name, data=root / "data")
    notebooks = sorted((root / "notebooks").glob("[0-9]*.ipynb"))
    books = {(path.stem, "en"): path.read_text(encoding="utf-8") for path in notebooks}
    books |= {(path.stem, "zh"): text for path, text in _chinese(notebooks, root, say).items()}
    content = pages(report, books, root=root) | assets(root=root)
    publish(content, root / "site")
    return sum(name.endswith(".html") for name in content)


def _chinese(notebooks, root, say):
    """Text of every notebook executed in Chinese; those whose English run is the same as last time are kept."""
    texts, jobs = {}, []
    for path in notebooks:
        kept = rerun.recorded(f"{path.stem}-zh", root)
        if kept and kept["of"] == rerun.recorded(path.stem, root):
            texts[path] = kept["text"]
        else:
            jobs.append((path, "zh"))

    def finished(job, text, read, seconds):
        path = job[0]
        rerun.record(f"{path.stem}-zh", {"of": rerun.recorded(path.stem, root), "text": text}, root)
        texts[path] = text
        say(f"[{len(texts) - len(notebooks) + len(jobs)}/{len(jobs)}] {path.name} in Chinese {seconds:.0f} s")

    rerun.execute_all(jobs, finished=finished)
    return texts


def main(arguments=None):
    """Command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="workreport.site", description="Build the site in site/.")
    parser.add_argument("--report", default=DEFAULT_REPORT, help="folder below data/")
    options = parser.parse_args(arguments)
    try:
        with only_one(ROOT / ".venv/rerun"):
            rerun.clear()
            made = build(options.report, say=print if sys.stdout.isatty() else lambda line: None)
    except (OSError, DataError, rerun.RerunError) as error:
        print(error)
        return 1
    except KeyboardInterrupt:
        print("Stopped. The site that was there is kept; make site goes on from here.")
        return 130
    print(f"{made} pages in site/: open site/index.html in a browser; the workbook and the archive are in site/downloads/.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
