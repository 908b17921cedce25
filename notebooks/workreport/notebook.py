"""What a notebook cell shows: computed Markdown, tables, and the saved file of a chart."""

from dataclasses import dataclass, field

from IPython.display import HTML, Markdown, display

from .export import FIGURES, Chart, export, saved_figure
from .sources import how_to_cite


@dataclass
class Block:
    """A piece of evidence: a question, its method, a table, a chart, the finding.

    Parameters
    ----------
    question, method, finding : str
        In the language shown; `finding` may be empty.
    table : list of dict
        Column heading to text, in order; empty for none.
    chart : Chart or None
    """

    question: str
    method: str
    table: list = field(default_factory=list)
    chart: Chart | None = None
    finding: str = ""


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
    return all(str(row[column])[:1] in "0123456789−+–" for row in rows if row[column])


def show(*texts):
    """Show paragraphs of Markdown."""
    display(Markdown("\n\n".join(texts)))


def show_list(heading, items):
    """Show a heading and a list; nothing where there is nothing to list."""
    if items:
        show(f"## {heading}", "\n".join(f"- {item}" for item in items))


def present(block, *, notebook, report, language, folder=FIGURES):
    """Show a block; its chart is exported first, and the exported file is what is shown."""
    show(f"## {block.question}", block.method, *([markdown_table(block.table)] if block.table else []))
    if block.chart:
        stem = export(block.chart, notebook, cite=how_to_cite(report), folder=folder)
        display(HTML(saved_figure(stem, language, folder=folder)))
    if block.finding:
        show(f"**{block.finding}**")


def written(notebook, language, *, folder=FIGURES):
    """Show what a notebook has written."""
    names = sorted(path.stem for path in folder.glob(f"{notebook}-*.json"))
    text = {
        "en": f"Written to `figures/`, each as PNG, SVG and PDF in English and Chinese, with its rows (CSV) and a card (JSON): {', '.join(f'`{n}`' for n in names)}.",
        "zh": f"已写入 `figures/`，每图有中英文 PNG、SVG、PDF 各一份，并附数据（CSV）和说明卡（JSON）：{'、'.join(f'`{n}`' for n in names)}。",
    }
    show(text[language])
