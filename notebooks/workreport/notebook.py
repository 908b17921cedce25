"""What a notebook shows: computed Markdown, tables, and the saved file of a chart."""

import json
import re
from pathlib import Path

from IPython.display import HTML, Markdown, display

from .explore import as_html
from .export import FIGURES, export, saved_figure
from .sources import citations
from .story import Texts

COMMON = Texts("common")
NOTEBOOKS = Path(__file__).resolve().parents[1]


def title_of(path):
    """Title of a notebook by language: the headings of its first cell, English first.

    Parameters
    ----------
    path : Path
    """
    lines = "".join(json.loads(path.read_text(encoding="utf-8"))["cells"][0]["source"]).splitlines()
    return dict(zip(("en", "zh"), (line.removeprefix("# ") for line in lines), strict=True))


def markdown_table(rows):
    """Rows as a Markdown table; text columns to the left, numbers to the right.

    Raises
    ------
    ValueError
        If a cell is missing or not a number.
    """
    columns = list(rows[0])
    lines = ["| " + " | ".join(columns) + " |", "|" + "|".join("---:" if _numeric(rows, c) else ":---" for c in columns) + "|"]
    for row in rows:
        cells = [str(row[c]) for c in columns]
        if any(cell in ("nan", "None") for cell in cells):
            raise ValueError(f"a table cell without a value: {row}")
        lines.append("| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |")
    return "\n".join(lines)


def _numeric(rows, column):
    cells = [str(row[column]) for row in rows if row[column]]
    return all(cell[0] in "0123456789−+–" and not re.match(r"\d{4}-\d\d-\d\d", cell) for cell in cells)  # a date is no number


def show(*texts):
    """Show paragraphs of Markdown."""
    display(Markdown("\n\n".join(texts)))


class Page:
    """What one notebook shows, in one language.

    Parameters
    ----------
    notebook : str
        Its stem, which begins the names of its figures.
    report : Report
    language : {"en", "zh"}
    folder : Path
        Where figures go.
    """

    def __init__(self, notebook, report, language, *, folder=FIGURES):
        self.notebook, self.report, self.language, self.folder = notebook, report, language, folder

    def text(self, *texts, heading=None):
        """Show paragraphs, each a text by language, under a heading of ``texts/common.toml``."""
        title = [f"## {COMMON.get(f'headings.{heading}')[self.language]}"] if heading else []
        show(*title, *(text[self.language] for text in texts))

    def answer(self, findings):
        """Show the answer: the findings, one a paragraph."""
        self.text(*(finding.text for finding in findings), heading="answer")

    def items(self, texts, heading):
        """Show a list under a heading; nothing where there is nothing to list."""
        if texts:
            self.text({self.language: "\n".join(f"- {text[self.language]}" for text in texts)}, heading=heading)

    def block(self, block):
        """Show a block; its chart is exported first, and the exported file is what is shown."""
        table = [markdown_table(block.table[self.language])] if block.table else []
        show(f"## {block.question[self.language]}", block.method[self.language], *table)
        if block.chart:
            stem = export(block.chart, self.notebook, cite=citations(self.report), folder=self.folder)
            display(HTML(saved_figure(stem, self.language, folder=self.folder)))
        if block.finding:
            show(f"**{block.finding[self.language]}**")

    def choice(self, seen):
        """Show a choice of the explorer (see `explore.view`) as it looks without a kernel."""
        display(HTML(as_html(seen, self.language)))

    def written(self):
        """Show what the notebook has written, and which one comes next."""
        names = sorted(path.stem for path in self.folder.glob(f"{self.notebook}-*.json"))
        comma = {"en": ", ", "zh": "、"}[self.language]
        if names:
            self.text(COMMON.say("written", names=comma.join(f"`{name}`" for name in names)), heading="written")
        later = [path for path in sorted(NOTEBOOKS.glob("[0-9]*.ipynb")) if path.stem > self.notebook]
        if later:
            self.text({lang: f"[{title}]({later[0].name})" for lang, title in title_of(later[0]).items()}, heading="next")
