"""The workbook and the archive: every figure, every table, the rows of every chart, to take away."""

import csv
import datetime
import io
import re
import unicodedata
import zipfile
from decimal import Decimal
from functools import cache
from pathlib import Path

from .. import collection, sources
from ..files import MARK, write_atomically
from ..numbers import Quantity
from ..page import Page
from ..tables import DEFAULT_REPORT, load, read_descriptor
from ..words import LANGUAGES, vocabulary
from . import catalogue
from .pages import caption, cards, findings_table

ROOT = Path(__file__).resolve().parents[3]
WIDEST = 60
LINE = 15
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_NUMERIC = ("value", "low", "high", "period", "out_of")  # printed numbers that the descriptor calls strings
FINDINGS = {"en": "Every finding, what it rests on and how firmly", "zh": "每条发现及其依据和可靠程度"}
MEANINGS = ["Table\n表", "Column\n列", "Title\n名称（英文）", "Title (Chinese)\n名称", "Meaning\n含义（英文）", "Meaning (Chinese)\n含义"]
ABOUT = (
    ("What this is\n内容", {
        "en": "One sheet per table and one per chart; click a name below. "
        "Published statistics carry their publisher and address in the sheet 'sources'.",
        "zh": "每表一页，每图一页；点击下方名称即可跳转。公开数据的发布机构和网址见“sources”页。",
    }),
    ("Precision\n精度", {
        "en": "Numbers keep the digits they were stated with; "
        "each stands for plus or minus half its last digit unless it is exact.",
        "zh": "数字保留报告原有位数；除精确数外，每个数代表末位加减半个单位。",
    }),
    ("Licence\n许可", {
        "en": "Data, texts and charts: CC BY 4.0. Code: MIT. "
        "The report and the published statistics belong to their publishers.",
        "zh": "数据、文字和图表：CC BY 4.0；代码：MIT。报告和公开数据归发布机构所有。",
    }),
)  # fmt: skip


def with_mark(data):
    """Bytes of a CSV that begin with the mark by which spreadsheets know UTF-8."""
    return data if data.startswith(MARK) else MARK + data


def _cell(text, numeric):
    """A printed number as a Decimal, which keeps its decimals; any other text as it is."""
    return Decimal(text) if numeric and _NUMBER.fullmatch(text) else text


def write(found, root=ROOT):
    """Write the workbook of the first report beside its figures, if it changed, with these rows of findings; returns how many files."""
    path = root / f"figures/{DEFAULT_REPORT}.xlsx"
    made = workbook(load(), found, figures=root / "figures")
    if path.is_file() and path.read_bytes() == made:
        return 0
    write_atomically(path.parent, {path.name: made})
    return 1


def sheets(report, found=None, *, figures=ROOT / "figures"):
    """The sheets of the workbook after the first.

    Parameters
    ----------
    report : Report
    found : list of dict, optional
        Rows of findings, if they are known already.
    figures : Path
        Folder of the exported charts.

    Returns
    -------
    dict of str to (dict, list of str, list of list)
        By name: what the sheet holds, by language; its headings; its rows of texts and, for
        numbers, Decimals with the decimals they were stated with.
    """
    descriptor, held = read_descriptor(), cards(figures)
    made, meanings = {"figures": _figures(report, held)}, []
    for resource in descriptor["resources"]:
        table, fields = report.tables[resource["name"]], {f["name"]: f for f in resource["schema"]["fields"]}
        numeric = {n for n, f in fields.items() if f["type"] in ("integer", "number") or n in _NUMERIC}
        rows = [[_cell(row[c], c in numeric) for c in table.columns] for row in table.rows]
        head = [f"{fields[c]['title']}\n{fields[c]['title_zh']}" for c in table.columns]
        made[resource["name"]] = {"en": resource["description"], "zh": resource["description_zh"]}, head, rows
        keys = ("title", "title_zh", "description", "description_zh")
        meanings += [[resource["name"], name, *(field[k] for k in keys)] for name, field in fields.items()]
    made["codebook"] = {"en": "Every column of every table", "zh": "各表各列的含义"}, MEANINGS, meanings
    texts = {"findings": findings_table(found or collection.rows_of_findings(report))}
    texts |= {name: (figures / f"{name}.csv").read_text(encoding="utf-8") for name in held}
    for name, text in texts.items():
        head, *rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
        numeric = [name != "findings" and not re.search(r"(^|_)(ids|unit|en|zh)$", c) for c in head]
        # Computed values: a whole one comes as 5.0, whatever it was stated with.
        rows = [[_cell(cell.removesuffix(".0"), n) for cell, n in zip(row, numeric, strict=True)] for row in rows]
        if name in held:
            made[name] = {lang: caption(held[name], lang) for lang in LANGUAGES}, [_heading(c) for c in head], rows
        else:
            made[name] = FINDINGS, head, rows
    return made


def _heading(column):
    """Heading of a column of a chart in both languages."""
    words, parts = vocabulary()["column"], vocabulary()["column_part"]
    ending = next((p for p in parts if column not in words and column.endswith(f"_{p}")), None)
    stem = column.removesuffix(f"_{ending}") if ending else column
    if stem not in words:
        raise KeyError(f"vocabulary.toml has no word for the column '{stem}' of a chart in [column]: add it in both languages")
    en, zh = (words[stem][lang] for lang in LANGUAGES)
    return f"{en}, {parts[ending]['en']}\n{zh}（{parts[ending]['zh']}）" if ending else f"{en}\n{zh}"


def _figures(report, held):
    """Every figure in both languages side by side, with its value as a number and the charts that draw it."""
    page = Page("workbook", report)
    data = catalogue.every_figure(page)
    texts = [catalogue.rows(page, data, catalogue.FIGURES, lang) for lang in LANGUAGES]
    rows = []
    for *said, figure in zip(*texts, data.itertuples(), strict=True):
        stated = isinstance(figure.quantity, Quantity)
        own = report.figures[figure.figure_id].row if stated else {"value": "", "unit": ""}
        charts = ", ".join(catalogue.charts_of(held, figure.figure_id))
        cells = [cell for row in said for cell in row.values()]
        rows.append([*cells, _cell(own["value"], True), own["unit"], Decimal(int(figure.offset)), charts])
    head = [*(h for found in texts for h in found[0]), "Number\n数值", "Unit\n单位", "Characters before it\n此前字符数", "Charts\n图表"]
    return {"en": "Every figure of the report in both languages", "zh": "报告的每项数据，中英对照"}, head, rows


def _width(text):
    lines = str(text).split("\n")
    return max(len(line) if line.isascii() else sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line) for line in lines)


def _lines(cells, widths):
    """How many lines the tallest cell of a row takes."""
    texts = [(str(cell), width) for cell, width in zip(cells, widths, strict=True)]
    return max(sum(-(-_width(line) // (width - 2)) or 1 for line in text.split("\n")) for text, width in texts)


def workbook(report, found=None, *, figures=ROOT / "figures"):
    """The Excel workbook: contents and source, every figure, every table, the rows of every chart.

    Text is written as text, never as a formula or a link; numbers are numbers with the decimals
    they were stated with.

    Parameters
    ----------
    report : Report
    found : list of dict, optional
        Rows of findings, if they are known already.
    figures : Path

    Returns
    -------
    bytes
    """
    import xlsxwriter

    descriptor, content = read_descriptor(), sheets(report, found, figures=figures)
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    created = datetime.datetime.fromisoformat(descriptor["created"][:10])
    book.set_properties({"title": descriptor["title"], "created": created})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    text = book.add_format({"text_wrap": True, "valign": "top"})

    @cache
    def number(places):
        return book.add_format({"num_format": "0." + "0" * places if places else "0", "valign": "top"})

    _contents(book, book.add_worksheet("Contents 目录"), report, content, bold, text)
    for name, (_, head, rows) in content.items():
        sheet = book.add_worksheet(name[:31])
        sheet.freeze_panes(1, 1)
        widths = [min(max(_width(row[c]) for row in [head, *rows]) + 4, WIDEST) for c in range(len(head))]
        sheet.set_row(0, LINE * _lines(head, widths))
        for c, heading in enumerate(head):
            sheet.write_string(0, c, heading, bold)
            sheet.set_column(c, c, widths[c])
        for r, row in enumerate(rows, 1):
            sheet.set_row(r, LINE * _lines(row, widths))
            for c, cell in enumerate(row):
                if isinstance(cell, Decimal):
                    sheet.write_number(r, c, float(cell), number(max(-cell.as_tuple().exponent, 0)))
                elif cell:
                    sheet.write_string(r, c, cell, text)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.autofilter(0, 0, max(len(rows), 1), len(head) - 1)
        last = xlsxwriter.utility.xl_rowcol_to_cell(len(rows), len(head))
        sheet.ignore_errors({"number_stored_as_text": f"A1:{last}"})
    book.close()
    return buffer.getvalue()


def _contents(book, sheet, report, content, bold, text):
    link = book.add_format({"font_color": "#0B3C68", "underline": 1, "valign": "top"})
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 9)
    sheet.set_column(2, 3, WIDEST)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    meta = report.meta
    source = {lang: ", ".join(meta[k] for k in (f"publisher_{lang}", f"title_{lang}", "delivered", "read_at")) for lang in LANGUAGES}
    missing = {lang: sources.missing(report, lang) for lang in LANGUAGES}

    def write_both(line, first, said):
        """What is said in both languages, in a row as tall as it needs beside its first cell."""
        sheet.set_row(line, LINE * _lines([first, said["en"], said["zh"]], [30, WIDEST, WIDEST]))
        for c, lang in enumerate(LANGUAGES, 2):
            sheet.write_string(line, c, said[lang], text)

    about = (*ABOUT, ("Source\n来源", source), ("What is missing\n缺失部分", missing), ("How to cite\n引用格式", sources.citations(report)))
    for line, (key, said) in enumerate(about):
        sheet.write_string(line, 0, key, bold)
        write_both(line, key, said)
    begin = len(about) + 1
    sheet.set_row(begin, 2 * LINE)
    for c, heading in enumerate(("Sheet\n工作表", "Rows\n行数", "What it holds\n内容（英文）", "What it holds (Chinese)\n内容")):
        sheet.write_string(begin, c, heading, bold)
    for line, (name, (holds, _, rows)) in enumerate(content.items(), begin + 1):
        sheet.write_url(line, 0, f"internal:'{name[:31]}'!A1", link, name)
        sheet.write_number(line, 1, len(rows), text)
        write_both(line, "", holds)


def archive(report, *, root=ROOT, book=None):
    """The zip archive: tables, codebook, rows and cards of every chart, findings, workbook, READMEs, licences.

    Every CSV in it begins with the mark by which spreadsheets know UTF-8.

    Parameters
    ----------
    report : Report
    root : Path
        Folder of the project.
    book : bytes, optional
        The workbook, if it was made already.

    Returns
    -------
    bytes
    """
    paths = [root / name for name in ("README.md", "README.zh-CN.md", "LICENSE", "LICENSE-DATA.md", "CITATION.cff")]
    paths += [path for path in sorted((root / "data").rglob("*")) if path.is_file() and not path.name.startswith(".")]
    paths += [path for path in sorted((root / "figures").iterdir()) if path.suffix in (".csv", ".json", ".md")]
    contents = {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}
    contents = {name: with_mark(data) if name.endswith(".csv") else data for name, data in contents.items()}
    contents[f"{report.name}.xlsx"] = book or workbook(report, figures=root / "figures")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in contents.items():
            entry = zipfile.ZipInfo(f"{report.name}/{name}", date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            file.writestr(entry, content)
    return buffer.getvalue()
