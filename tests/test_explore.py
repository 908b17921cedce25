"""The explorer: every choice has words and a frame, and a chart where it can be drawn; controls; search."""

import base64
import csv
import io
import re
from collections import defaultdict
from decimal import Decimal

import matplotlib.pyplot as plt
import pytest
from conftest import ROOT
from workreport import Page, export, style
from workreport.share import catalogue, explorer
from workreport.tables import DATA, FIGURE_TABLES, load_report

pytestmark = pytest.mark.slow

REPORT = load_report()
PAGE = Page("07-explore", REPORT)
CHOICES = [(i, m) for held in explorer.choices(REPORT).values() for i, measures in held.items() for m in measures]
STATED = defaultdict(list)  # indicator and table to rows
for _table in FIGURE_TABLES:
    with (DATA / f"qinyang-2023/{_table}.csv").open(encoding="utf-8", newline="") as _file:
        for _row in csv.DictReader(_file):
            STATED[_row["indicator_id"], _table].append(_row)


@pytest.fixture(scope="module")
def views():
    return {choice: explorer.view(PAGE, *choice) for choice in CHOICES}


def said(seen, lang="en"):
    return " ".join(s.text(lang) for s in seen.said).replace("\u00a0", " ")


def test_every_choice_has_words_and_a_row_for_every_figure(views):
    assert set(CHOICES) == set(STATED) and len(CHOICES) == len(set(CHOICES)), "every figure can be chosen"
    for (indicator, measure), seen in views.items():
        for lang in ("en", "zh"):
            words = said(seen, lang)
            assert not re.search(r"\b(nan|None|inf)\b|[{}]", words) and words.rstrip()[-1] in ".。"
            cells = " ".join(" ".join(r.values()) for r in catalogue.rows(PAGE, seen.data, explorer.COLUMNS, lang))
            assert all(row["figure_id"] in cells for row in STATED[indicator, measure])
        assert seen.chart is None or measure not in ("rankings", "thresholds", "claims")


def test_words_against_the_csv_by_another_route(views):
    """Levels in 亿元 and rates: value and unit from the text of the cell alone."""
    for (indicator, measure), (row, *_) in STATED.items():
        if measure not in ("levels", "growth") or row["qualifier"] or row["unit"] not in ("亿元", "%"):
            continue
        number, digits = Decimal(row["value"]), len(row["value"].partition(".")[2])
        half = Decimal(5).scaleb(-digits - 1)
        text, data = said(views[indicator, measure]), views[indicator, measure].data
        span = data["range"].iloc[0].text("zh")
        if row["unit"] == "%":
            assert f"{number}%".replace("-", "−") in text
            assert span == f"{number - half}%至{number + half}%".replace("-", "−")
        elif number >= 10:
            assert f"{number / 10:.{digits + 1}f}bn yuan" in text
            assert span == f"{number - half}亿元至{number + half}亿元"


def test_one_benchmark_only(views):
    own, lead = (Decimal(STATED["retail_sales", m][n]["value"]) for m, n in (("growth", 0), ("gaps", 1)))
    text = said(explorer.view(PAGE, "retail_sales", "growth", "henan"))
    assert f"Henan {own - lead}% (implied)" in text and "China" not in text and "Jiaozuo" not in text
    assert "China" in said(views["retail_sales", "growth"])


def test_a_bound_is_compared_with_nothing(views):
    seen = views["unemployment", "shares"]
    assert "compared with nothing" in said(seen)
    assert seen.chart.figure_ids == [STATED["unemployment", "shares"][0]["figure_id"]]


def test_only_specks_are_left_out_of_a_chart(views):
    """What is drawn is at least a twentieth of the longest bar; a smaller part of the same year stands in the table alone."""
    left = set()
    for seen in (seen for seen in views.values() if seen.chart):
        stated = seen.data[seen.data["kind"] == "stated"]
        sizes = {r.ids: abs(r.value.value) for r in stated.itertuples() if r.period == stated["period"].iloc[0]}
        drawn = {i: size for i, size in sizes.items() if i in seen.chart.figure_ids}
        assert all(20 * size >= max(sizes.values()) for size in drawn.values()), seen.name
        left |= {20 * size < max(sizes.values()) for i, size in sizes.items() if size not in drawn.values()}
    assert left <= {True}


def test_a_measure_that_is_not_stated_is_refused():
    with pytest.raises(KeyError, match="states no targets of deposits: choose what explorer.choices"):
        explorer.view(PAGE, "deposits", "targets")


@pytest.mark.parametrize("name, key", [(n, "henan") for n in ("全省", "河南省", "Henan")] + [(n, "gdp") for n in ("地区生产总值", "gross domestic")])
def test_an_area_and_an_indicator_are_found_by_every_name(name, key):
    assert key in explorer.find(REPORT, name)[key == "henan"]


def test_every_choice_is_drawn_without_a_fault_in_both_languages(views):
    """Those of several marks; those of one mark differ in their words alone, and the longest are drawn."""
    charts = [seen.chart for seen in views.values() if seen.chart]
    for chart in charts:
        export._check(chart)
    for lang in ("en", "zh"):
        single = sorted((chart for chart in charts if len(chart.rows) == 1), key=lambda chart: -len(chart.title[lang]))
        for chart in [*single[:12], *(chart for chart in charts if len(chart.rows) > 1)]:
            with style.house_style():
                plt.close(export.draw(chart, lang))


def test_the_rows_taken_away_are_numbers_with_units_in_both_languages(opened):
    name, data = re.search(r'download="([^"]*)" href="data:text/csv;charset=utf-8;base64,([^"]*)"', opened.out.value).groups()
    rows = list(csv.DictReader(io.StringIO(base64.b64decode(data).decode("utf-8-sig"))))
    (own,) = [row for row in rows if row["kind"] == "stated"]
    assert name == "gdp-growth.csv" and own["kind_zh"] == "报告" and own["area_en"] == "Qinyang"
    assert [own[c] for c in ("value", "value_low", "value_high", "value_unit_en", "value_unit_zh", "value_ids")] == ["4.8", "4.75", "4.85", "percent", "%", "G01"]


@pytest.fixture
def opened():
    seen = explorer.Explorer(PAGE, "gdp", "growth")
    seen.controls()
    return seen


def test_controls_turn_words_chart_and_table(opened):
    assert "GDP, growth, 2022: 4.8%" in opened.out.value and "<figure" in opened.out.value
    opened.indicator.value = "retail_sales"
    assert opened.measure.value == "growth" and "Retail sales, growth" in opened.out.value
    opened.measure.value = "levels"
    assert "12.08bn" in opened.out.value
    opened.theme.value = "banking"
    assert opened.indicator.value in explorer.choices(REPORT)["banking"] and len(opened.indicator.options) == 3
    opened.benchmark.value = "henan"
    assert "China" not in re.sub("<[^>]*>", "", opened.out.value.partition("<table>")[2])


def test_the_search_chooses_an_indicator_or_the_benchmark(opened):
    opened.search.value = "全省"
    assert opened.benchmark.value == "henan" and opened.indicator.value == "gdp"
    opened.search.value = "零售"
    assert opened.indicator.value == "retail_sales" and opened.benchmark.value == "henan"
    opened.search.value = "no such thing"
    assert "Nothing found" in opened.out.value and len(opened.indicator.options) > 100
    opened.search.value = "河南 GDP"
    assert (opened.indicator.value, opened.benchmark.value) == ("gdp", "henan")
    opened.search.value = "沁阳"
    assert opened.benchmark.value == "henan", "an area is not compared with itself"


def test_the_language_turns_everything(opened):
    opened.language.value = "zh"
    controls = (opened.search, opened.theme, opened.indicator, opened.measure, opened.benchmark)
    labels = [c.description for c in controls] + [label for c in controls[1:] for label, _ in c.options]
    assert all(re.search(r"[\u4e00-\u9fff]", label) for label in labels)
    assert '<figure lang="zh"' in opened.out.value and "地区生产总值（增速）：4.8%" in opened.out.value
    assert (opened.indicator.value, opened.measure.value) == ("gdp", "growth")


def test_a_chart_that_cannot_be_drawn_is_a_sentence(opened, monkeypatch):
    def refuse(chart, lang):
        raise export.ExportError("gdp-levels: 'a' overlaps 'b'")

    monkeypatch.setattr(export, "png", refuse)
    opened.measure.value = "levels"
    assert "gdp-levels: &#x27;a&#x27; overlaps" in opened.out.value and "34.43bn" in opened.out.value


def test_without_a_kernel_the_first_choice_stays():
    bundle = explorer.Explorer(PAGE, "gdp", "growth")._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert "<figure" in bundle["text/html"] and "<table>" in bundle["text/html"] and "GDP" in bundle["text/plain"]


def test_a_table_is_found_by_every_name_and_stays_without_a_kernel():
    data = catalogue.every_figure(PAGE).head(5)
    table = explorer.Table(PAGE, data, *catalogue.FIGURES)
    assert "gross domestic product" in table.aliases[1] and "地区生产总值" in table.aliases[1]
    bundle = table._repr_mimebundle_()
    assert bundle["text/html"].count("<tr>") == 6 and "application/vnd.jupyter.widget-view+json" in bundle


def test_a_published_value_that_was_derived_says_so():
    found = catalogue.rows(PAGE, catalogue.every_published(PAGE), catalogue.PUBLISHED)
    assert [row["Figure"] for row in found if row["Basis"] == "derived, never seen published"] == ["P041"]


def test_markup_in_a_cell_stays_text():
    found = catalogue.as_html([{"a": "<script>alert(1)</script>"}])
    assert "<script>" not in found and "&lt;script&gt;" in found


def test_the_saved_notebook_holds_twins_and_no_controls():
    text = (ROOT / "notebooks/07-explore.ipynb").read_text(encoding="utf-8")
    assert "widget-view" not in text and "widget-state" not in text and "model_id" not in text
    assert text.count("<figure lang=") == 3
