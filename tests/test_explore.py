"""The explorer: every choice, its words against the CSV by a second route, and its controls driven from Python."""

import base64
import csv
import json
import re
from collections import defaultdict
from decimal import Decimal

import matplotlib.pyplot as plt
import pytest
from workreport import explore, explore_story, export, style
from workreport.explorer import Explorer
from workreport.tables import DATA, FIGURE_TABLES, load_report

REPORT = load_report()
CHOICES = [(i, m) for indicators in explore.choices(REPORT).values() for i, measures in indicators.items() for m in measures]
MEASURED = {"levels": "level", "growth": "growth", "shares": "share", "targets": "target"}


def rows(name):
    path = next(p for p in (DATA / f"{name}.csv", DATA / f"qinyang-2023/{name}.csv") if p.is_file())
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


STATED = defaultdict(list)  # indicator and table to rows
for _table in FIGURE_TABLES:
    for _row in rows(_table):
        STATED[_row["indicator_id"], _table].append(_row)


def said(indicator, measure, lang="en"):
    return " ".join(text[lang] for text in explore.view(REPORT, indicator, measure).answer).replace("\u00a0", " ")


def test_every_figure_can_be_chosen_and_nothing_without_figures():
    assert set(CHOICES) == set(STATED) and len(CHOICES) == len(set(CHOICES))
    themes = {row["indicator_id"]: row["theme"] for row in rows("indicators")}
    assert all(themes[i] == theme for theme, indicators in explore.choices(REPORT).items() for i in indicators)


@pytest.mark.parametrize("measure", FIGURE_TABLES)
def test_every_choice_has_words_and_a_row_for_every_figure(measure):
    for indicator in (i for i, m in CHOICES if m == measure):
        seen = explore.view(REPORT, indicator, measure)
        for lang in ("en", "zh"):
            words = " ".join(text[lang] for text in seen.answer)
            assert not re.search(r"\b(nan|None|inf)\b|[{}]", words) and words.rstrip()[-1] in ".。"
            cells = [cell for row in seen.table[lang] for cell in row.values()]
            assert all(isinstance(cell, str) and cell for cell in cells), (indicator, measure)
            for row in STATED[indicator, measure]:
                assert any(cell.startswith(row["figure_id"]) for cell in cells)
                if row["value"] != "not stated":
                    assert any(row["value"].replace("-", "−") in cell for cell in cells)
        assert (seen.chart is None) == (measure in ("thresholds", "claims"))


def test_words_against_the_csv_by_another_route():
    """Levels in 亿元 and rates: the value, its rounding interval and its English unit, from the text of the cell alone."""
    for (indicator, measure), found in STATED.items():
        row = found[0]
        if measure not in ("levels", "growth", "shares") or row["qualifier"] or row["unit"] not in ("亿元", "%"):
            continue
        value, digits = Decimal(row["value"]), len(row["value"].partition(".")[2])
        half = Decimal(5).scaleb(-digits - 1)
        words = said(indicator, measure)
        if row["unit"] == "亿元":
            one, unit, more = (Decimal("0.1"), "billion", 1) if value >= 10 else (Decimal(100), "million", -2)
            assert f"{row['value']} 亿元 ({value * one:,.{max(0, digits + more)}f} {unit} yuan)" in words
            assert f"{(value - half) * one:,.{max(0, digits + more + 1)}f} to" in words
        else:
            assert f"prints {row['value'].replace('-', '−')}%" in words
            assert f"{value - half} to {value + half}%".replace("-", "−") in words
        assert f"{value - half:,}至{value + half:,}".replace("-", "−") in said(indicator, measure, "zh")


def test_comparators_against_the_csv():
    gaps = {r["comparator"]: Decimal(r["value"]) for r in STATED["gdp", "gaps"]}
    own = Decimal(STATED["gdp", "growth"][0]["value"])
    for area, name in (("china", "the nation"), ("henan", "Henan"), ("jiaozuo", "Jiaozuo")):
        assert f"above {name} ({own - gaps[area]}%)" in said("gdp", "growth")
        published = next(
            r for r in rows("published") if (r["indicator_id"], r["area"], r["period"], r["measure"]) == ("gdp", area, "2022", "growth")
        )
        assert f"{name} {published['value']}%" in said("gdp", "growth").partition("Published")[2]
    table = explore.view(REPORT, "industrial_value_added", "growth").table["zh"]
    assert [r["地区"] for r in table if r["照印"] == "未找到"] == ["焦作市", "沁阳市"]


def test_a_bound_is_compared_with_nothing():
    seen = explore.view(REPORT, "unemployment", "shares")
    assert "compared with nothing" in said("unemployment", "shares") and "published" not in explore.drawn(REPORT, "unemployment", "shares")
    assert seen.chart.figure_ids == [STATED["unemployment", "shares"][0]["figure_id"]]
    assert "published" in explore.drawn(REPORT, "rd_intensity", "shares")


def test_a_measure_that_is_not_stated_is_refused():
    for measure in ("targets", "claims"):
        with pytest.raises(KeyError, match=f"states no {measure} of deposits"):
            explore.view(REPORT, "deposits", measure)


def test_the_answer_counts_what_is_offered():
    count, comparable = (f.text["en"] for f in explore_story.answer(REPORT))
    told = sum(table in ("thresholds", "claims") for _, table in STATED)
    assert f"{len(STATED)} choices" in count and f"{len({i for i, _ in STATED})} indicators" in count
    assert f"{len(STATED) - told} are drawn, {told} are told" in count
    n = 0
    for (indicator, table), found in STATED.items():
        own = found[0]
        if table not in MEASURED or (own["qualifier"] in ("at_least", "at_most", "more_than") and table != "targets"):
            continue
        rebuilt = table == "growth" and any(r["comparator"] in ("china", "henan", "jiaozuo") for r in STATED.get((indicator, "gaps"), ()))
        scale = {"万元": Decimal("0.0001"), "亿元": Decimal(1), "元": Decimal("0.00000001")}
        mine = Decimal(own["value"]) * scale.get(own["unit"], 1) if own["value"].replace(".", "").isdigit() else None
        near = [
            r for r in rows("published")
            if (r["indicator_id"], r["measure"], r["period"]) == (indicator, MEASURED[table], own["period"]) and r["status"] != "not_found"
            and mine and Decimal("0.05") <= abs(Decimal(r["value"]) * scale.get(r["unit"], 1) / mine) <= 20
        ]  # fmt: skip
        n += bool(rebuilt or near)
    assert f"For {n} of them" in comparable


def drawn(indicator, measure):
    chart = explore.view(REPORT, indicator, measure).chart
    export._check(chart)
    for lang in ("en", "zh"):
        assert 20 <= len(chart.alt[lang]) <= export.ALT_LIMIT and chart.title[lang] in chart.alt[lang]
        with style.house_style():
            plt.close(export.draw(chart, lang))


@pytest.mark.parametrize("choice", [("gdp", "growth"), ("gdp", "levels"), ("retail_sales", "targets"), ("air_quality", "rankings")])
def test_a_choice_of_each_form_is_drawn(choice):
    drawn(*choice)


@pytest.mark.slow
@pytest.mark.parametrize("measure", [m for m in FIGURE_TABLES if m not in ("thresholds", "claims")])
def test_every_choice_is_drawn_without_a_fault_in_both_languages(measure):
    for indicator in (i for i, m in CHOICES if m == measure):
        drawn(indicator, measure)


@pytest.fixture
def explorer(tmp_path):
    return Explorer(REPORT, indicator="gdp", measure="growth", folder=tmp_path / "explored")


def alt(explorer):
    return re.search(r'alt="([^"]*)"', explorer.chart.value).group(1)


def test_controls_turn_words_chart_and_table(explorer):
    assert "grew 4.8%" in alt(explorer) and "4.75 to 4.85%" in explorer.words.value
    explorer.indicator.value = "retail_sales"
    assert explorer.measure.value == "growth" and "Total retail sales" not in alt(explorer) and "Retail sales grew 1.5%" in alt(explorer)
    explorer.measure.value = "levels"
    assert "120.8\u00a0亿元" in explorer.words.value and "120.8\u00a0亿元" in set(explorer.table.df["As printed"])
    explorer.theme.value = "banking"
    assert explorer.indicator.value == explorer.indicator.options[0][1] and explorer.report.indicators[explorer.indicator.value]["theme"] == "banking"
    assert [value for _, value in explorer.measure.options] == explore.choices(REPORT)["banking"][explorer.indicator.value]


def test_the_language_turns_everything(explorer):
    explorer.language.value = "zh"
    labels = [control.description for control in (explorer.theme, explorer.indicator, explorer.measure, explorer.language, explorer.button)]
    labels += [label for control in (explorer.theme, explorer.indicator, explorer.measure) for label, _ in control.options]
    assert all(re.search(r"[\u4e00-\u9fff]", label) for label in labels)
    assert '<figure lang="zh"' in explorer.chart.value and "地区生产总值增长4.8%" in alt(explorer)
    assert list(explorer.table.df.columns)[0] == "内容" and "查找" in json.dumps(explorer.table._dt_args, ensure_ascii=False)
    assert (explorer.indicator.value, explorer.measure.value) == ("gdp", "growth")
    explorer.language.value = "en"
    assert "grew 4.8%" in alt(explorer)


def test_export_writes_what_is_shown(explorer, tmp_path):
    explorer.button.click()
    stem = "08-explore-gdp-growth"
    assert stem in explorer.status.value and "figures/explored/" in explorer.status.value
    names = {path.name for path in (tmp_path / "explored").iterdir()}
    assert names == {f"{stem}-{lang}.{kind}" for lang in ("en", "zh") for kind in export.FORMATS} | {f"{stem}.csv", f"{stem}.json"}
    shown = base64.b64decode(re.search(r"base64,([^\"]*)", explorer.chart.value).group(1))
    assert (tmp_path / f"explored/{stem}-en.png").read_bytes() == shown
    explorer.indicator.value = "retail_sales"
    assert stem not in explorer.status.value


def test_a_folder_that_cannot_be_written_is_a_sentence(explorer, tmp_path):
    (tmp_path / "explored").write_text("a file where the folder should be")
    explorer.button.click()
    assert "This could not be done: cannot write to explored/" in explorer.status.value and "Traceback" not in explorer.status.value
    assert (tmp_path / "explored").read_text() == "a file where the folder should be"


def test_a_choice_without_a_chart_says_so_and_writes_nothing(explorer, tmp_path):
    explorer.theme.value, explorer.indicator.value = "culture", "culture_centres"
    explorer.measure.value = "claims"
    assert explorer.chart.value == "" and explorer.button.disabled and "nothing to draw" in explorer.words.value
    explorer._export(explorer.button)
    assert "Nothing was written" in explorer.status.value and not (tmp_path / "explored").exists()


def test_a_chart_that_cannot_be_drawn_is_a_sentence(explorer, monkeypatch):
    def refuse(chart, lang):
        raise export.ExportError("gdp-levels: 'a' overlaps 'b'")

    monkeypatch.setattr("workreport.explorer.picture", refuse)
    explorer.measure.value = "levels"
    assert "This could not be done: gdp-levels" in explorer.status.value
    assert "344.3" in explorer.words.value and explorer.chart.value == "", "the words of the choice, and no chart of the one before"
    monkeypatch.setattr("workreport.explore.view", lambda *choice: refuse(*choice[:2]))
    explorer.measure.value = "rankings"
    assert "This could not be done" in explorer.status.value and "344.3" not in explorer.words.value and explorer.button.disabled
    assert len(explorer.table.df) == 0


def test_without_a_kernel_the_first_choice_stays(explorer):
    bundle = explorer._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle and explorer.words.value.partition(">")[2].removesuffix("</div>") in bundle["text/html"]
    assert explorer.chart.value in bundle["text/html"] and "<table>" in bundle["text/html"]


def test_only_the_explorer_needs_widgets():
    for path in (DATA.parent / "notebooks/workreport").glob("*.py"):
        # The site takes the script of the table from the package of the table widget.
        assert path.stem in ("explorer", "site") or not re.search(r"^\s*(from|import) (ipywidgets|itables)", path.read_text(encoding="utf-8"), re.M)


def test_the_saved_notebook_holds_twins_and_no_controls():
    text = (DATA.parent / "notebooks/08-explore.ipynb").read_text(encoding="utf-8")
    assert "widget-view" not in text and "widget-state" not in text and "model_id" not in text
    assert text.count("<figure lang=") == 3
