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
    t, page = (lambda en, zh: {"en": en, "zh": zh}[language]), Page("trace", report, language)
    colon = t(": ", "：")
    folder = root / "figures" if report.name == DEFAULT_REPORT else root / "reports" / report.name / "figures"
    held, register = cards(folder), collection.findings(report)
    if figure_id in report.rows:
        found = catalogue.every_figure(page)
        row = found[found["figure_id"] == figure_id].iloc[0]
        note = annotated.notes(report, language, held, register, root)[figure_id]
        begin = int(row["offset"])
        lines = [f"{figure_id}  {note['title']}", "", f"{t('Where: ', '位置：')}{row['where'].text(language)}{t('; search for ', '；检索')}{row['search']}"]
        if text:
            around = text[max(0, begin - AROUND) : begin + len(row["token"]) + AROUND].replace("\n", " ")
            lines.append(f"{t('In your copy: ', '原文：')}…{around}…")
        lines += [f"{head}{colon}{said}" for head, said in note["facts"]]
        findings, charts = [(said, stem) for said, stem, _ in note["findings"]], note["charts"]
    elif published := next((r for r in report.tables["published"].rows if r["published_id"] == figure_id), None):
        found = catalogue.rows(page, catalogue.every_published(page), catalogue.PUBLISHED)
        said = next((row for row in found if figure_id in row.values()), {})
        source = next((s for s in report.tables["sources"].rows if s["source_id"] == published["source_id"]), {"title": "", "url": ""})
        lines = [f"{figure_id}", "", *(f"{head}{colon}{cell}" for head, cell in said.items() if cell and cell != figure_id), f"{t('Source', '来源')}{colon}{source['title']} {source['url']}".rstrip()]
        findings = [(claim.text(language), f"{book}.html") for book, claims in register.items() for claim in claims.values() if figure_id in claim.ids]
        charts = [(f"#{stem}", held[stem]["title"][language]) for stem in catalogue.charts_of(held, figure_id)]
    else:
        some = ", ".join(sorted(report.rows, reverse=True)[-3:][::-1])
        raise KeyError(f"ID is '{figure_id}', expected the id of a figure of {report.name}, such as {some}: figures.html of the site and notebook 92 list them all")
    for head, rows in ((t("Findings", "结论"), [(f"notebooks/{href.removesuffix('.html')}.ipynb", said) for said, href in findings]), (t("Charts", "图表"), [(f"figures/{href.partition('#')[2]}-{language}.png", said) for href, said in charts])):
        lines += ["", f"{head}{colon}{len(rows)}", *(f"  {place}\n{textwrap.indent(said, '    ')}" for place, said in rows)]
    return lines


def main(arguments=None):
    """Command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="workreport.share.trace", description="Show the way of one figure to every sentence and chart.")
    parser.add_argument("--id", default=os.environ.get("ID", ""))
    parser.add_argument("--name", default=os.environ.get("NAME") or DEFAULT_REPORT)
    parser.add_argument("--text", default=os.environ.get("TEXT", ""))
    parser.add_argument("--language", choices=LANGUAGES, default="zh" if os.environ.get("LANG", "").startswith("zh") else "en")
    options = parser.parse_args(arguments)
    try:
        report, text = load(options.name), None
        if options.text:
            text, fault = proof_text.read(options.text)
            if fault or proof_text.digest(text) != report.meta["sha256"]:
                print(fault or f"{options.text}: found another text, expected that of {options.name}: give its path, or leave TEXT out")
                return 1
        print("\n".join(trace(options.id, report, options.language, text)))
    except (DataError, collection.NotebookError) as error:
        print(error)
        return 1
    except KeyError as error:
        print(error.args[0])
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
