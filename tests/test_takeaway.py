"""Workbook and archive: complete, numbers as numbers, no text that turns into a formula, the same bytes again."""

import csv
import dataclasses
import io
import re
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from conftest import ROOT
from workreport.share import workbook
from workreport.share.pages import MARK, cards
from workreport.tables import FIGURE_TABLES

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def data(report):
    return workbook.workbook(report)


@pytest.fixture(scope="module")
def book(data):
    return openpyxl.load_workbook(io.BytesIO(data))


def test_there_is_a_sheet_for_every_table_and_every_chart(book, report):
    wanted = {"figures", "codebook", "findings", *report.tables, *cards()}
    assert set(book.sheetnames) == {book.sheetnames[0]} | {name[:31] for name in wanted}
    for name, table in report.tables.items():
        assert book[name].max_row == len(table.rows) + 1
        assert book[name].max_column == len(table.columns)


def test_headers_are_frozen_filtered_and_in_both_languages(book, report):
    for name in book.sheetnames[1:]:
        assert book[name].freeze_panes == "B2" and book[name].auto_filter.ref
    for name in ("codebook", *report.tables):
        for cell in book[name][1]:
            assert re.search(r"[A-Za-z]", cell.value) and re.search(r"[\u4e00-\u9fff]", cell.value), (name, cell.value)


def test_numbers_are_numbers_with_their_printed_precision(book):
    with open(ROOT / "data/qinyang-2023/levels.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    column = next(c.column for c in book["levels"][1] if c.value.startswith("Value"))
    seen = set()
    for row, printed in enumerate((r["value"] for r in rows), 2):
        cell = book["levels"].cell(row, column)
        if re.fullmatch(r"-?\d+(\.\d+)?", printed):
            places = len(printed.partition(".")[2])
            assert cell.data_type == "n" and Decimal(str(cell.value)) == Decimal(printed)
            assert cell.number_format == ("0." + "0" * places if places else "0")
            seen.add(places)
        else:
            assert cell.data_type == "s" and cell.value == printed
    assert len(seen) > 1


def test_the_workbook_beside_the_figures_is_the_one_of_the_tables(data):
    assert (ROOT / "figures/qinyang-2023.xlsx").read_bytes() == data, "run make"


def test_every_figure_stands_in_one_sheet_in_both_languages_with_its_place(book, report):
    head = [c.value for c in book["figures"][1]]
    rows = [dict(zip(head, (c.value for c in row), strict=True)) for row in book["figures"].iter_rows(min_row=2)]
    assert len(rows) == sum(len(report.tables[name].rows) for name in FIGURE_TABLES)
    gdp = next(row for row in rows if row["Number\n数值"] == 344.3)
    assert gdp["报告原值"] == "344.3亿元" and gdp["Value"].replace("\u00a0", " ") == "34.43bn yuan"
    assert gdp["Range left by rounding"].replace("\u00a0", " ") == "34.425bn yuan to 34.435bn yuan"
    assert gdp["Search for"] == "344.3亿元" and gdp["Characters before it\n此前字符数"] == 553
    assert "00-poster" in gdp["Charts\n图表"]


def test_the_first_sheet_says_source_licence_citation_and_leads_to_every_sheet(book, report):
    sheet = book.worksheets[0]
    text = "\n".join(str(c.value) for row in sheet.iter_rows() for c in row if c.value)
    for piece in (report.meta["read_at"], report.meta["publisher_zh"], "CC BY 4.0", "[R/OL]", "break_note_en"):
        assert (report.meta.get(piece) or piece) in text
    targets = {c.hyperlink.location.split("!")[0].strip("'") for row in sheet.iter_rows() for c in row if c.hyperlink}
    assert targets == set(book.sheetnames[1:])


def test_no_text_turns_into_a_formula_or_a_link(report):
    hostile = ['=HYPERLINK("https://example.org")', "+1+1", "-2+3", "@SUM(A1)", "=cmd|' /C calc'!A0", "https://example.org"]
    table = report.tables["claims"]
    spoilt = dataclasses.replace(table, rows=[*(row | {"note": text, "claim_en": text} for row, text in zip(table.rows, hostile, strict=False)), *table.rows[len(hostile) :]])
    other = dataclasses.replace(report, tables={**report.tables, "claims": spoilt})
    book = openpyxl.load_workbook(io.BytesIO(workbook.workbook(other)))
    found = [c for name in ("claims", "figures") for row in book[name].iter_rows() for c in row if c.value in hostile]
    assert len(found) >= 3 * len(hostile) and {c.value for c in found} == set(hostile)
    assert all(c.data_type == "s" and c.hyperlink is None for c in found)


@pytest.fixture(scope="module")
def packed(report):
    return workbook.archive(report)


def test_the_bytes_repeat(report, packed):
    assert workbook.archive(report) == packed


def test_the_archive_is_complete(report, data, packed):
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        names = {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}
    wanted = {"README.md", "README.zh-CN.md", "LICENSE", "LICENSE-DATA.md", "CITATION.cff"}
    wanted |= {"data/README.md", "data/datapackage.json", "figures/findings.csv"}
    wanted |= {f"data/{table.file}" for table in report.tables.values()}
    wanted |= {f"figures/{stem}.{kind}" for stem in cards() for kind in ("csv", "json")}
    assert wanted <= set(names) and names[f"{report.name}.xlsx"] == data
    for name in wanted:
        assert names[name].removeprefix(MARK) == (ROOT / name).read_bytes().removeprefix(MARK)
        assert name.endswith(".csv") == names[name].startswith(MARK), "spreadsheets know UTF-8 by the mark"
    assert not any(name.startswith(("/", ".")) or ".." in name for name in names)


def test_a_row_is_as_tall_as_its_longest_cell():
    assert workbook._lines(["a", "b"], [10, 10]) == 1
    assert workbook._lines(["a" * 17, "b"], [10, 10]) == 3
    assert workbook._lines(["沁" * 8, "one\ntwo"], [10, 10]) == 2


def test_a_chart_sheet_says_its_columns_in_both_languages(report):
    head = workbook.sheets(report)["01-rates"][1]
    assert head[:2] == ["Indicator\n指标", "Indicator, in English\n指标（英文）"] and "Lead, unit in Chinese\n高出（单位）" in head


def test_a_column_without_a_word_is_named():
    with pytest.raises(KeyError, match="no word for the column 'nothing' of a chart"):
        workbook._heading("nothing_low")
