"""The way of one figure, from the text to every sentence and chart that uses it: ``make trace ID=G01``."""

import argparse
import os
import sys
import textwrap

from .. import collection
from ..page import Page
from ..proof import text as proof_text
from ..tables import DEFAULT_REPORT, DataError, load
from ..words import LANGUAGES
from . import annotated, catalogue, site
from .catalogue import in_language
from .pages import cards

AROUND = 24  # characters of the text on each side


def trace(figure_id, report, language="en", text=None, root=site.ROOT):
    """Everything that is known of a figure, as lines.

    Parameters
    ----------
    figure_id : str
        Of a figure of the report, or of one published elsewhere.
    report : Report
    language : {"en", "zh"}
    text : str, optional
        The report's text; with it the words around the figure are shown.
    root : Path
        With ``figures/``.

    Returns
    -------
    list of str

    Raises
    ------
    KeyError
        If there is no such figure, naming some that there are.
    """
    t, page = in_language(language), Page("trace", report, language)
    colon = t(": ", "：")
    folder = root / "figures" if report.name == DEFAULT_REPORT else root / "reports" / report.name / "figures"
    held, register = cards(folder), collection.findings(report)
    if figure_id in report.rows:
        found = catalogue.every_figure(page)
        row = found[found["figure_id"] == figure_id].iloc[0]
        note = annotated.notes(report, language, held, register, root)[figure_id]
        begin = int(row["offset"])
        search = row["search"] if isinstance(row["search"], str) else row["search"].text(language)
        where = row["where"].text(language) + t("; search for ", "；检索") + search
        lines = [f"{figure_id}  {note['title']}", "", f"{t('Where', '位置')}{colon}{where}"]
        if text:
            around = text[max(0, begin - AROUND) : begin + len(row["token"]) + AROUND].replace("\n", " ")
            lines.append(f"{t('In your copy', '原文')}{colon}…{around}…")
        facts = note["facts"]
    elif published := next((r for r in report.tables["published"].rows if r["published_id"] == figure_id), None):
        found = catalogue.rows(page, catalogue.every_published(page), catalogue.PUBLISHED)
        said = next((row for row in found if figure_id in row.values()), {})
        sources = {row["source_id"]: row for row in report.tables["sources"].rows}
        source = sources.get(published["source_id"], {"title": "", "url": ""})
        lines = [figure_id, ""]
        facts = [(head, cell) for head, cell in said.items() if cell and cell != figure_id]
        facts.append((t("Source", "来源"), f"{source['title']} {source['url']}".rstrip()))
    else:
        some = ", ".join(sorted(report.rows, reverse=True)[-3:][::-1])
        raise KeyError(
            f"ID is '{figure_id}', expected the id of a figure of {report.name}, such as {some}: "
            "figures.html of the site and notebook 92 list them all"
        )
    lines += [f"{head}{colon}{said}".rstrip() for head, said in facts]
    claims = [(book, claim) for book, made in register.items() for claim in made.values() if figure_id in claim.ids]
    findings = [(f"notebooks/{book}.ipynb", claim.text(language)) for book, claim in claims]
    stems = catalogue.charts_of(held, figure_id)
    charts = [(f"figures/{stem}-{language}.png", held[stem]["title"][language]) for stem in stems]
    for head, rows in ((t("Findings", "结论"), findings), (t("Charts", "图表"), charts)):
        lines += ["", f"{head}{colon}{len(rows)}", *(f"  {place}\n{textwrap.indent(said, '    ')}" for place, said in rows)]
    return lines


def main(arguments=None):
    """Command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="workreport.share.trace", description="Show the way of one figure to every sentence and chart.")
    parser.add_argument("--id", default=os.environ.get("ID", ""))
    parser.add_argument("--name", default=os.environ.get("NAME") or DEFAULT_REPORT)
    parser.add_argument("--text", default=os.environ.get("TEXT", ""))
    usual = "zh" if os.environ.get("LANG", "").startswith("zh") else "en"
    parser.add_argument("--language", choices=LANGUAGES, default=usual)
    options = parser.parse_args(arguments)
    try:
        report, text = load(options.name), None
        if options.text:
            text, fault = proof_text.read(options.text)
            if fault or proof_text.digest(text) != report.meta["sha256"]:
                told = f"found another text, expected that of {options.name}: give its path, or leave TEXT out"
                print(fault or f"{options.text}: {told}")
                return 1
        print("\n".join(trace(options.id, report, options.language, text)))
    except (DataError, collection.NotebookError, KeyError) as error:
        print(error.args[0] if isinstance(error, KeyError) else error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
