"""What a reader takes away: one Excel workbook and one zip archive with every table, the same bytes each time."""

import csv
import datetime
import io
import re
import unicodedata
import zipfile
from decimal import Decimal
from pathlib import Path

from .catalogue import catalogue
from .pages import cards
from .prose import LANGUAGES
from .sources import citations
from .story import Texts
from .tables import read_descriptor

ROOT = Path(__file__).resolve().parents[2]
TEXTS = Texts("takeaway")
WIDEST = 60
LINE = 15
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_WORDS = re.compile(r"(group|series|label|to_label|total_label|mark|verdict|ids|step|column)")
_TABLE_NUMBERS = ("value", "low", "high", "period", "out_of")


def _heads(key):
    heads = TEXTS.get(f"heads.{key}")
    return [f"{en}\n{zh}" for en, zh in zip(heads["en"], heads["zh"], strict=True)]


def _cell(text, numeric):
    """A printed number as a Decimal, which keeps its decimals; any other text as it is."""
    return Decimal(text) if numeric and _NUMBER.fullmatch(text) else text


def sheets(report, *, figures=ROOT / "figures"):
    """The sheets of the workbook after the first.

    Parameters
    ----------
    report : Report
    figures : Path
        Folder of the exported charts.

    Returns
    -------
    dict of str to (dict, list of str, list of list)
        By name: what the sheet holds, by language; its headings; its rows of texts and, for
        numbers, Decimals with the decimals they were printed with.
    """
    descriptor, held = read_descriptor(), cards(figures)
    found = {"figures": _figures(report, held)}
    meanings = []
    for resource in descriptor["resources"]:
        table, fields = report.tables[resource["name"]], {f["name"]: f for f in resource["schema"]["fields"]}
        numeric = {n for n, f in fields.items() if f["type"] in ("integer", "number") or n in _TABLE_NUMBERS}
        rows = [[_cell(row[c], c in numeric) for c in table.columns] for row in table.rows]
        head = [f"{fields[c]['title']}\n{fields[c]['title_zh']}" for c in table.columns]
        found[resource["name"]] = ({"en": resource["description"], "zh": resource["description_zh"]}, head, rows)
        keys = ("title", "title_zh", "description", "description_zh")
        meanings += [[resource["name"], name, *(field[k] for k in keys)] for name, field in fields.items()]
    found["codebook"] = (TEXTS.get("sheet.codebook"), _heads("codebook"), meanings)
    for name in ("findings", *held):
        with open(figures / f"{name}.csv", encoding="utf-8", newline="") as file:
            head, *rows = list(csv.reader(file))
        numeric = [not _WORDS.match(c) and name != "findings" for c in head]
        # Computed values: a whole one comes as 5.0, whatever was printed, which stands in its label.
        rows = [[_cell(cell.removesuffix(".0"), n) for cell, n in zip(row, numeric, strict=True)] for row in rows]
        found[name] = (held[name]["title"] if name in held else TEXTS.get("sheet.findings"), head, rows)
    return found


def _figures(report, held):
    rows = []
    for row in catalogue(report, held):
        figure = report.figures.get(row["id"])
        value, unit = (figure.row["value"], figure.row["unit"]) if figure else ("", "")
        pairs = [row[k][lang] for k in ("what", "kind", "against", "area", "interval") for lang in LANGUAGES]
        rows.append(
            [row["id"], *pairs[:4], _cell(value, True), unit, row["printed"]["en"], row["printed"]["zh"], row["international"], *pairs[8:]]
            + [_cell(row["period"], True), *pairs[4:8], row["section"], Decimal(row["offset"]), ", ".join(row["charts"])]
        )
    return TEXTS.get("sheet.figures"), _heads("figures"), rows


def _width(text):
    return max(sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line) for line in str(text).split("\n"))


def _lines(cells, widths):
    """How many lines the tallest cell of a row takes."""
    texts = [(str(cell), width) for cell, width in zip(cells, widths, strict=True)]
    return max(sum(-(-_width(line) // (width - 2)) or 1 for line in text.split("\n")) for text, width in texts)


def workbook(report, *, figures=ROOT / "figures"):
    """The Excel workbook: contents and source, every figure, every table, the rows of every chart.

    Text is written as text, never as a formula or a link; numbers are numbers with the decimals
    they were printed with.

    Parameters
    ----------
    report : Report
    figures : Path

    Returns
    -------
    bytes
    """
    import xlsxwriter

    descriptor, content = read_descriptor(), sheets(report, figures=figures)
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"title": descriptor["title"], "created": datetime.datetime.fromisoformat(descriptor["created"][:10])})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    text = book.add_format({"text_wrap": True, "valign": "top"})
    numbers = {}

    def number(value):
        places = max(-value.as_tuple().exponent, 0)
        plain = "0" if places == 0 else "0." + "0" * places
        return numbers.setdefault(places, book.add_format({"num_format": plain, "valign": "top"}))

    first = book.add_worksheet("Contents 目录")
    _contents(book, first, report, content, bold, text)
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
                    sheet.write_number(r, c, float(cell), number(cell))
                elif cell:
                    sheet.write_string(r, c, cell, text)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.autofilter(0, 0, max(len(rows), 1), len(head) - 1)
        sheet.ignore_errors({"number_stored_as_text": f"A1:{xlsxwriter.utility.xl_rowcol_to_cell(len(rows), len(head))}"})
    book.close()
    return buffer.getvalue()


def _contents(book, sheet, report, content, bold, text):
    link = book.add_format({"font_color": "#0B3C68", "underline": 1, "valign": "top"})
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 9)
    sheet.set_column(2, 3, WIDEST)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    meta, line = report.meta, 0
    source = {lang: f"{meta[f'publisher_{lang}']}, {meta[f'title_{lang}']}, {meta['delivered']}, {meta['read_at']}" for lang in LANGUAGES}
    facts = [(key, TEXTS.get(f"about.{key}")) for key in ("what", "precision", "licence")]
    cites = citations(report)
    for key, said in [*facts, ("source", source), ("missing", {lang: meta[f"break_note_{lang}"] for lang in LANGUAGES}), ("cite", cites)]:
        sheet.write_string(line, 0, "\n".join(TEXTS.get(f"key.{key}").values()), bold)
        sheet.set_row(line, LINE * _lines([TEXTS.get(f"key.{key}")["zh"] + "\n", said["en"], said["zh"]], [30, WIDEST, WIDEST]))
        for c, lang in enumerate(LANGUAGES, 2):
            sheet.write_string(line, c, said[lang], text)
        line += 1
    line += 1
    sheet.set_row(line, 2 * LINE)
    for c, heading in enumerate(_heads("contents")):
        sheet.write_string(line, c, heading, bold)
    for name, (holds, _, rows) in content.items():
        line += 1
        sheet.write_url(line, 0, f"internal:'{name[:31]}'!A1", link, name)
        sheet.write_number(line, 1, len(rows), text)
        sheet.set_row(line, LINE * _lines(holds.values(), [WIDEST, WIDEST]))
        for c, lang in enumerate(LANGUAGES, 2):
            sheet.write_string(line, c, holds[lang], text)


def archive(report, *, root=ROOT):
    """The zip archive: tables, descriptor, codebook, rows and cards of every chart, findings, workbook, READMEs, licences.

    Parameters
    ----------
    report : Report
    root : Path
        Folder of the project.

    Returns
    -------
    bytes
    """
    names = ["README.md", "README.zh-CN.md", "LICENSE", "LICENSE-DATA.md", "CITATION.cff"]
    names += [p.relative_to(root).as_posix() for p in sorted((root / "data").rglob("*")) if p.is_file() and not p.name.startswith(".")]
    names += [p.relative_to(root).as_posix() for p in sorted((root / "figures").iterdir()) if p.suffix in (".csv", ".json", ".md")]
    contents = {name: (root / name).read_bytes() for name in names} | {f"{report.name}.xlsx": workbook(report, figures=root / "figures")}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in contents.items():
            entry = zipfile.ZipInfo(f"{report.name}/{name}", date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            file.writestr(entry, content)
    return buffer.getvalue()
