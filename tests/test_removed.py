"""One figure taken away: every notebook says "not stated" or names what is missing, never NaN or None."""

import re
from dataclasses import replace

import pytest
from workreport import export, findings
from workreport.tables import FIGURE_TABLES, DataError, Table, load_report

REPORT = load_report()
IDS = [row["figure_id"] for name in FIGURE_TABLES[:-1] for row in REPORT.tables[name].rows]
USED = sorted({i for found in findings.findings(REPORT).values() for f in found for i in f.figure_ids if i in IDS})


def without(figure_id):
    """The report as it would load with one row gone."""
    tables = {}
    for name, table in REPORT.tables.items():
        keep = [i for i, row in enumerate(table.rows) if row.get("figure_id") != figure_id or name not in FIGURE_TABLES]
        tables[name] = Table(table.name, table.file, table.columns, [table.rows[i] for i in keep], [table.lines[i] for i in keep])
    return replace(REPORT, tables=tables)


def names_what_is_missing(error, figure_id):
    """Whether a message names the figure, or the indicator and the table it is of."""
    row = REPORT.figures[figure_id].row
    return figure_id in str(error) or row["indicator_id"] in str(error)


def said(story, report):
    """Every text that a story makes, in both languages."""
    texts = [f.text for f in story.answer(report)]
    for name, function in vars(story).items():
        if name in ("changes", "limits"):
            texts += function(report)
        elif name.endswith("_chart") and callable(function):
            chart = function(report)
            export._check(chart)
            texts += [chart.title, chart.subtitle, chart.alt, {lang: export.long_description(chart, lang) for lang in ("en", "zh")}]
        elif name.endswith("_block") and name not in ("map_block", "register_block"):
            block = function(report)
            texts += [block.question, block.method, *([block.finding] if block.finding else [])]
            texts += (
                [{lang: " ".join(str(cell) for row in block.table[lang] for cell in row.values()) for lang in block.table}]
                if block.table
                else []
            )
    return " ".join(text[lang] for text in texts for lang in text)


@pytest.mark.parametrize("figure_id", USED)
def test_a_removed_figure_is_not_stated_or_named(figure_id):
    report = without(figure_id)
    for story in findings.stories().values():
        if story.NOTEBOOK.startswith("91"):
            continue  # computes every other story again
        try:
            words = said(story, report)
        except (KeyError, DataError, export.ExportError) as error:
            assert names_what_is_missing(error, figure_id), (story.NOTEBOOK, figure_id, str(error))
            continue
        assert not re.search(r"\b(nan|None|NaN)\b", words), (story.NOTEBOOK, figure_id)
