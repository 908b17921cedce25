"""The table of every figure: complete, in the order of the text, in both unit conventions, with its charts."""

import csv
import re
from fractions import Fraction

import pytest
from conftest import ROOT
from workreport.catalogue import catalogue, published
from workreport.pages import cards
from workreport.prose import international
from workreport.tables import FIGURE_TABLES


@pytest.fixture(scope="module")
def rows(report):
    return catalogue(report, cards())


def test_every_figure_and_claim_is_listed_once_in_the_order_of_the_text(rows):
    wanted = []
    for table in FIGURE_TABLES:
        with open(ROOT / f"data/qinyang-2023/{table}.csv", encoding="utf-8", newline="") as file:
            wanted += [row["figure_id"] for row in csv.DictReader(file)]
    assert sorted(row["id"] for row in rows) == sorted(wanted)
    offsets = [row["offset"] for row in rows]
    assert offsets == sorted(offsets)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_row_says_what_where_and_how_much(rows, lang):
    for row in rows:
        assert row["what"][lang] and row["kind"][lang] and row["printed"][lang] and row["area"][lang]
        assert row["place"][lang].endswith(f"({row['section']}) · {row['offset']}")
        assert row["table"] == "claims" or row["interval"][lang]
        assert row["table"] not in ("gaps", "rankings", "shares", "targets", "thresholds", "claims") or row["against"][lang]


def test_charts_name_the_figure_and_the_narrowest_comes_first(rows):
    held = cards()
    for row in rows:
        assert set(row["charts"]) == {stem for stem, card in held.items() if row["id"] in card["figure_ids"]}
        sizes = [len(held[stem]["figure_ids"]) for stem in row["charts"]]
        assert sizes == sorted(sizes)
    assert any(len(row["charts"]) > 1 for row in rows)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        ("344.3", "亿元", "34.43 billion yuan"),
        ("9.05", "亿元", "905 million yuan"),
        ("1210207", "亿元", "121.0207 trillion yuan"),
        ("7300", "万元", "73 million yuan"),
        ("14342", "元", "14,342 yuan"),
        ("2001", "万美元", "20.01 million US dollars"),
        ("7.6", "亿斤", "380 million kg"),
        ("1.2", "万亩", "about 800 hectares"),
        ("3806", "亩", "about 253.7 hectares"),
        ("4.08", "万户", "40,800 households"),
        ("-0.2", "%", "−0.2%"),
        ("1.8", "个百分点", "1.8 percentage points"),
        ("百亿", "元", "10 billion yuan"),
        ("二十二", "条", "22"),
        ("2500", "家", "2,500"),
        ("not stated", "", ""),
    ],
)
def test_a_printed_number_in_international_units(value, unit, text):
    assert international(value, unit).replace("\u00a0", " ") == text


def test_international_units_state_the_same_amount(report):
    """Read back, each text is the printed value within half a unit of its last digit."""
    words = {"million": 10**6, "billion": 10**9, "trillion": 10**12}
    back = {"hectares": 10**4, "square metres": 1, "kg": 1, "tonnes": 1000}
    for figure in report.figures.values():
        unit = figure.row["unit"] or ("元" if figure.table in ("levels", "thresholds") else "")
        text = international(figure.row["value"], unit).replace("\u00a0", " ").replace("−", "-").removeprefix("about ")
        number, scale, name = re.fullmatch(r"(-?[\d,.]+)%? ?(million|billion|trillion)? ?([A-Za-z ]*)%?", text).groups()
        digits = Fraction(number.replace(",", ""))
        plain = unit.lstrip("万亿")
        factor = back.get(name, Fraction(1, 100) if plain in ("%", "个百分点") else 1) * words.get(scale, 1)
        last = Fraction(1, 10 ** len(number.partition(".")[2])) * factor
        room = figure.quantity.high - figure.quantity.low if unit.endswith("亩") else last
        assert abs(digits * factor - figure.quantity.value) <= room / 2, (figure.id, text)


def test_published_statistics_are_listed_with_their_publisher(report):
    found = published(report)
    assert len(found) == sum(row["value"] != "not found" for row in report.tables["published"].rows)
    assert all(row["publisher"] and row["url"] and row["kind"]["zh"] for row in found)
