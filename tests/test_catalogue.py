"""The table of every figure: complete, in the order of the text, in both unit conventions, with its charts."""

import csv
import re
from fractions import Fraction

import pytest
from conftest import ROOT
from workreport.catalogue import catalogue, printed, published
from workreport.pages import cards
from workreport.prose import international
from workreport.story import name_of
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
        ("1.7", "万亩", "about 1,100 hectares"),
        ("3806", "亩", "about 253.7 hectares"),
        ("4.08", "万户", "40,800 households"),
        ("-0.2", "%", "−0.2%"),
        ("1.8", "个百分点", "1.8 percentage points"),
        ("百亿", "元", "10 billion yuan"),
        ("二十二", "条", "22"),
        ("2500", "家", "2,500"),
        ("not stated", "", ""),
        ("not found", "元", ""),
        ("1", "万元", "10,000 yuan"),
        ("99", "万元", "990,000 yuan"),
        ("100", "万元", "1 million yuan"),
        ("9.9", "亿元", "990 million yuan"),
        ("10", "亿元", "1 billion yuan"),
        ("9999", "亿元", "999.9 billion yuan"),
        ("10000", "亿元", "1 trillion yuan"),
        ("-344.3", "亿元", "−34.43 billion yuan"),
        ("1000000", "元", "1,000,000 yuan"),
        ("亿", "元", "100 million yuan"),
        ("千", "元", "1,000 yuan"),
        ("三", "亿元", "300 million yuan"),
        ("3", "亩", "about 0.2 hectares"),
        ("15", "亩", "about 1.0 hectares"),
        ("5", "斤", "2.5 kg"),
        ("4", "斤", "2 kg"),
        ("5.55", "斤", "2.775 kg"),
        ("10", "万亩", "about 6,700 hectares"),
        ("150", "万亩", "about 100,000 hectares"),
        ("1.5", "万斤", "7,500 kg"),
        ("3.0", "%", "3.0%"),
        ("12", "天", "12 days"),
        ("2", "年", "2 years"),
        ("7", "人", "7 people"),
        ("5", "美元", "5 US dollars"),
        ("100", "公顷", "100 hectares"),
        ("9", "平方米", "9 square metres"),
        ("3", "吨", "3 tonnes"),
        ("3", "位", "3"),
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


def test_each_kind_of_figure_as_a_person_reads_it(rows):
    """One row of each kind, written out: printed, what it may stand for, against what."""
    shown = {row["id"]: row for row in rows}
    expected = {
        "L01": ("344.3\u00a0亿元", "344.3亿元", "344.25 to 344.35", "344.25至344.35", "", ""),
        "L26": ("more than 2.2\u00a0万个", "超过2.2万个", "from 2.2", "2.2起", "", ""),
        "R01": ("1\u00a0位", "1位", "exact", "精确", "by size, in Jiaozuo", "按总量，在焦作市"),
        "G01": ("4.8%", "4.8%", "4.75 to 4.85", "4.75至4.85", "", ""),
        "D01": ("1.8\u00a0个百分点", "1.8个百分点", "1.75 to 1.85", "1.75至1.85", "above the nation", "高于全国"),
        "S18": ("at most 3.5%", "3.5%以内", "0 to 3.5", "0至3.5", "of urban labour force", "以城镇劳动力为基数"),
        "T03": ("at least 11%", "11%以上", "from 11", "11起", "outcome of the year before: G03", "上年实绩：G03"),
        "L31": ("more than 百亿", "超过百亿", "from 10,000,000,000", "10,000,000,000起", "", ""),
        "H03": ("百亿", "百亿", "exact", "精确", "bounds what L32 counts", "L32的计数界限"),
    }
    for figure, texts in expected.items():
        row = shown[figure]
        assert tuple(row[part][lang] for part in ("printed", "interval", "against") for lang in ("en", "zh")) == texts
    assert shown["L01"]["place"] == {"en": "Economy and projects (1.1) · 553", "zh": "经济运行与项目 (1.1) · 553"}
    assert (shown["H03"]["international"], shown["L26"]["international"]) == ("10\u00a0billion\u00a0yuan", "22,000")
    assert (shown["C01"]["printed"]["en"], shown["C01"]["interval"]["en"], shown["C01"]["order"]) == ("not stated", "", "")


def test_each_row_holds_the_cells_of_its_table(rows, report):
    for row in rows:
        (cells,) = [cells for cells in report.tables[row["table"]].rows if cells["figure_id"] == row["id"]]
        assert row["period"] == cells["period"]
        assert row["theme"] == report.indicators[cells["indicator_id"]]["theme"]
        assert row["table"] != "claims" or row["against"] == {"en": cells["claim_en"], "zh": cells["claim_zh"]}
        assert row["table"] == "claims" or row["order"] == float(report.figures[row["id"]].quantity.value)


def test_each_published_statistic_holds_the_cells_of_its_row(report):
    cells = {row["published_id"]: row for row in report.tables["published"].rows}
    for row in published(report):
        mine = cells[row["id"]]
        assert [row[c] for c in ("period", "publisher", "title", "url")] == [mine[c] for c in ("period", "publisher", "title", "url")]
        assert row["date"] == mine["published_date"]
        assert row["order"] == float(report.figures[row["id"]].quantity.value)
        assert row["what"] == name_of(report, mine["indicator_id"])
        assert row["area"]["zh"] and row["area"]["en"]
        assert row["international"] == international(mine["value"], mine["unit"])
        assert row["printed"] == printed(mine) and row["printed"]["zh"]
        assert set(row) == set("id what kind printed international order period area publisher title date url".split())
