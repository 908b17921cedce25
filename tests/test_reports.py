"""Other reports by data only, and several side by side: by a second route, the standard library straight from the CSV."""

import ast
import csv
import json
import re
from fractions import Fraction

import pytest
from conftest import ROOT, moved
from workreport import collection, reports, targets
from workreport.frames import areas_above
from workreport.numbers import Missing
from workreport.page import Page, Record, recording
from workreport.tables import DATA, Table, load, report_names

pytestmark = pytest.mark.slow

LOADED = {name: load(name) for name in report_names()}
OTHERS = [name for name in LOADED if name != "qinyang-2023"]
SINGLE = re.compile(
    r"(?<![\d.,])\b(?:1|[Oo]ne) (?:\w+ )?(?:figures|claims|ranks|rates|targets|comparisons|cases|reports|choices|doubts|relations|differences)\b"
    r"|(?<![\d.,])\b0 (?:figures|claims|ranks|rates|targets)\b|\bin no of\b|\bfor no of\b|: no\.|(?<!\d)0[项处个]"
)


def rows(file):
    with (DATA / file).open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


def cells(name, table, **wanted):
    return [r for r in rows(f"{name}/{table}.csv") if all(r[c] == v for c, v in wanted.items())]


@pytest.fixture(scope="module")
def said():
    """Everything that each notebook says of each other report, in both languages."""
    return {(n, s, lang): collection.run(s, LOADED[n], lang) for n in OTHERS for s in collection.stems() for lang in ("en", "zh")}


def texts(record):
    yield from record.said
    for table in record.tables:
        for row in table:
            yield from (*row, *row.values())
    for chart in record.charts.values():
        for part in (chart.title, chart.subtitle, chart.alt, chart.source):
            yield part[record.language]


def test_every_notebook_runs_for_every_report_and_answers(said):
    for (name, stem, lang), record in said.items():
        assert record.said, (name, stem, lang)
        for text in texts(record):
            assert not re.search(r"\b(nan|NaN)\b|[:（(] ?None\b|\{|\}|Missing", text), (name, stem, text)
            assert not SINGLE.search(text), (name, stem, SINGLE.search(text).group(), text)


def test_a_wrong_singular_would_be_seen():
    assert SINGLE.search("It gives 1 figures") and SINGLE.search("one claims") and SINGLE.search("stated for no of four") and SINGLE.search("有0处")
    assert not SINGLE.search("one claim without one") and not SINGLE.search("10 ranks") and not SINGLE.search("120项")


def test_nothing_says_the_name_of_a_place_that_is_none_of_its_own(said):
    for (name, stem, _), record in said.items():
        if stem == "08-reports":  # about all reports
            continue
        report = load(name)
        own = {report.meta["area"], *areas_above(report)}
        home = {area for area in report.areas if areas_above(report)[1:2] and areas_above(report)[1] in (area, *areas_above(report, area))}
        for area, row in report.areas.items():
            if row["kind"] in ("group", "park"):
                continue
            for word in {row["name_zh"], row["name_en"], row["short_zh"], row["short_en"]} - {""}:
                if area in own | home or any(word in report.areas[a][c] for a in own for c in ("name_zh", "name_en")):
                    continue
                for text in texts(record):
                    assert word not in text, (name, stem, word, text)


def test_no_section_is_empty_and_no_chart_has_one_mark(said):
    for (name, stem, _), record in said.items():
        for heading, following in zip(record.said, [*record.said[1:], "## "], strict=True):
            if heading.startswith("## ") and "\n" not in heading and following.startswith("## ") and not record.tables and not record.charts:
                pytest.fail(f"{name}, {stem}: nothing under {heading}")
        for chart in record.charts.values():
            assert len(chart.rows) > 1, (name, stem, chart.name)


def test_every_figure_of_a_partial_report_is_said_to_be_of_a_part(said):
    for name in OTHERS:
        assert not load(name).whole
        for stem in ("01-growth", "02-ranks", "03-budget", "04-targets"):
            assert any("Of the report only these sections are entered" in text for text in said[name, stem, "en"].said)
            assert any("报告只录入了" in text for text in said[name, stem, "zh"].said)
        for stem in ("01-growth", "04-targets"):
            assert all("entered in part" in chart.source["en"] for chart in said[name, stem, "en"].charts.values())


# Names that a package may not know; its examples and the report that is opened first are marked as such.
PLACES = {r[c] for r in rows("areas.csv") if r["kind"] not in ("nation", "group") for c in ("name_zh", "name_en", "area_id")}
ALLOWED = {("tables.py", "qinyang-2023")}


def code_texts(path):
    """Texts of a module that are no docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docs = {id(n.body[0].value) for n in ast.walk(tree) if isinstance(n, documented) and n.body and isinstance(n.body[0], ast.Expr)}
    return [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str) and id(n) not in docs]


def test_no_name_of_a_place_and_no_list_of_one_reports_indicators_is_code():
    own = {r["indicator_id"] for r in rows("indicators.csv")} - set.union(*(
        {r["indicator_id"] for t in ("levels", "growth", "targets") for r in rows(f"{n}/{t}.csv")} for n in OTHERS
    ))  # fmt: skip
    modules = [p for p in (ROOT / "notebooks/workreport").rglob("*.py") if p.parent.name != "fonts"]
    books = {s: ["\n".join(code for _, code, tags in collection.cells(s) if "parameters" not in tags)] for s in collection.stems()}
    for path in modules:
        for text in code_texts(path):
            if (path.name, text) not in ALLOWED:
                assert not [p for p in PLACES if re.search(rf"(?<![a-z_]){re.escape(p)}(?![a-z_])", text)], (path.name, text)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, (ast.List, ast.Tuple, ast.Set, ast.Dict)):
                parts = node.keys if isinstance(node, ast.Dict) else node.elts
                listed = [p.value for p in parts if isinstance(p, ast.Constant) and p.value in own]
                assert len(listed) < 4, (path.name, listed)
    for stem, (code,) in books.items():
        assert not [p for p in PLACES if re.search(rf"[\"']{re.escape(p)}[\"']", code)], stem
        for node in ast.walk(ast.parse(code)):
            if isinstance(node, (ast.List, ast.Tuple, ast.Set, ast.Dict)):
                parts = node.keys if isinstance(node, ast.Dict) else node.elts
                listed = [p.value for p in parts if isinstance(p, ast.Constant) and p.value in own]
                assert len(listed) < 4, (stem, listed)


def test_colours_go_by_tier_and_not_by_place():
    from workreport import style

    palette = {name: Page("x", load(name)).palette for name in report_names()}
    assert palette["qinyang-2023"]["jiaozuo"] == palette["laiyuan-2021"]["baoding"] == style.PREFECTURE
    assert palette["qinyang-2023"]["henan"] == palette["jingzhou-2024"]["hubei"] == style.PROVINCE
    assert {p[load(n).meta["area"]] for n, p in palette.items()} == {style.OWN}


# What several reports say side by side.
@pytest.fixture(scope="module")
def every():
    return reports.every()


def number(row):
    return Fraction(row["value"])


def test_leads_are_those_over_the_nearest_area_compared(every):
    found = reports.leads(every)
    parents = {r["area_id"]: r["parent"] for r in rows("areas.csv")}
    for r in found.itertuples():
        gaps = cells(r.report, "gaps", indicator_id=r.indicator, area=r.area)
        chain, at = [], parents[r.area]
        while at:
            chain.append(at)
            at = parents[at]
        nearest = next(a for a in chain if a in {g["comparator"] for g in gaps})
        gap = next(g for g in gaps if g["comparator"] == nearest)
        own = next(g for g in cells(r.report, "growth") if g["figure_id"] == gap["subject"])
        assert r.over == nearest and r.lead.value * 100 == number(gap) * (1 if gap["direction"] == "above" else -1)
        assert r.implied.value * 100 == number(own) - r.lead.value * 100
        assert set(r.lead.ids) == {f"{r.report}:{gap['figure_id']}"}
    assert len(found) == len({(r.report, r.indicator) for r in found.itertuples()}) == 13


def test_two_reports_of_one_province_imply_the_same_rate(every):
    found = reports.shared(every)
    assert [(r.area, r.indicator, r.reports) for r in found.itertuples()] == [
        ("hubei", i, ["jingzhou-2024", "jingmen-2024"]) for i in ("fixed_asset_investment", "budget_revenue")
    ]
    for r in found.itertuples():
        for name, implied in zip(r.reports, r.implied, strict=True):
            gap = cells(name, "gaps", indicator_id=r.indicator)[0]
            own = next(g for g in cells(name, "growth") if g["figure_id"] == gap["subject"])
            assert implied.value * 100 == number(own) - number(gap)
        assert r.agree
    other = {**every, "jingmen-2024": moved(every["jingmen-2024"], ("gaps", "D01", "value", "1.2"))}
    assert reports.shared(other)["agree"].tolist() == [False, True]


def test_a_rank_held_twice_is_found_and_a_moved_one_is_not(every):
    found = reports.held(every)
    assert found.values.tolist() == [["gdp", "growth", "hubei", 2023, 4, ["jingmen", "xiaogan"], ["jingmen-2024:R01", "P294"]]]
    other = {**every, "jingmen-2024": moved(every["jingmen-2024"], ("rankings", "R01", "value", "5"))}
    assert not len(reports.held(other))


def test_targets_of_one_report_meet_the_growth_of_the_next(every):
    assert reports.pairs(every) == [("laiyuan-2021", "laiyuan-2022")]
    found = reports.promises(every).set_index("indicator")
    for target in cells("laiyuan-2021", "targets"):
        grown = cells("laiyuan-2022", "growth", indicator_id=target["indicator_id"], period="2021")
        row = found.loc[target["indicator_id"]]
        if not grown:
            assert row["verdict"] == "not found" and isinstance(row["outcome"], Missing)
            continue
        short = number(grown[0]) + Fraction(1, 2) / 10 ** len(grown[0]["value"].partition(".")[2]) < number(target)
        assert (row["verdict"] == "missed") == short and row["gap"].value * 100 == number(grown[0]) - number(target)
    assert (found["verdict"] == "missed").sum() == 1
    assert found.index[targets.met_as_stated(found)].tolist() == ["fixed_asset_investment"]  # 10 % against 10 %
    other = {**every, "laiyuan-2022": moved(every["laiyuan-2022"], ("growth", "G04", "value", "10.5"))}
    assert not targets.met_as_stated(reports.promises(other)).any()


def test_a_fall_of_the_level_beside_growth_is_shown_as_what_it_is(every):
    found = reports.levels(every).set_index("indicator")
    for indicator, row in found.iterrows():
        before = cells("laiyuan-2021", "levels", indicator_id=indicator, period="2020")[0]
        after = cells("laiyuan-2022", "levels", indicator_id=indicator, period="2021")[0]
        assert row["change"].value == number(after) / number(before) - 1
    assert found["fit"].to_dict() == {
        "gdp": "real", "budget_revenue": "opposite", "industrial_value_added": "real", "fixed_asset_investment": "differs",
        "retail_sales": "agrees", "urban_income": "differs", "rural_income": "differs",
    }  # fmt: skip


def test_fifty_reports_stay_readable():
    """A dot for each of fifty, no text over another: the layout is proven by the export."""
    import random

    import pandas as pd
    from workreport import charts, export
    from workreport.style import PORTRAIT, SHAPES
    from workreport.units import quantity_of

    chosen = random.Random(8)
    places = [f"County {n}" for n in range(50)]
    data = [(i, p, quantity_of(f"{chosen.gauss(1.5, 2):.1f}", "个百分点", ids=("G01",))) for i in ("gdp", "retail_sales", "budget_revenue") for p in places]
    with recording(Record("x", "en")) as record:
        page = Page("x", load(), "en")
        one = page.phrase("Leads", "幅度")
        page.chart(
            "swarm", charts.swarm, pd.DataFrame(data, columns=["indicator", "who", "lead"]), value="lead", row="indicator", dot="who", highlight="County 7",
            palette={"County 7": "#C8391F"}, label="number", title=one, subtitle=one, alt=one,
        )  # fmt: skip
    for shape in SHAPES:
        figure = export.draw(record.charts["swarm"], "en", shape)
        dots = [line for ax in figure.axes for line in ax.lines if line.get_marker() == "o"]
        assert len(dots) == len(data) and len({line.get_color() for line in dots}) == 2, shape is PORTRAIT


# What is wrong with a report is said, and nothing is lost.
def spoilt(data, name, **changes):
    path = data / name / "report.json"
    meta = json.loads(path.read_text(encoding="utf-8"))
    for key, value in changes.items():
        if value is None:
            meta.pop(key)
        else:
            meta[key] = value
    path.write_text(json.dumps(meta, ensure_ascii=False), encoding="utf-8")


def test_bad_reports_are_refused_by_name(data):
    from workreport.proof import check

    spoilt(data, "jingmen-2024", covers=["9.9"])
    assert any("covers[0]: found '9.9'" in str(f) for f in check.check_data("jingmen-2024", data)[1])
    spoilt(data, "jingzhou-2024", area="nowhere")
    assert any("area: found 'nowhere', expected an id of areas.csv" in str(f) for f in check.check_data("jingzhou-2024", data)[1])
    (data / "laiyuan-2021/growth.csv").write_text((data / "laiyuan-2021/growth.csv").read_text(encoding="utf-8").replace(",gdp,", ",gdq,"), encoding="utf-8")
    assert any("'gdq', expected an id of indicators.csv" in str(f) for f in check.check_data("laiyuan-2021", data)[1])
    area = (data / "areas.csv").read_text(encoding="utf-8").replace("county,县,county,,baoding,", "county,县,county,,,")
    (data / "areas.csv").write_text(area, encoding="utf-8")
    assert any("'laiyuan', which has no parent" in str(f) for f in check.check_data("laiyuan-2022", data)[1])


def test_a_problem_names_figures_that_are_there(data):
    from workreport.proof import check

    meta = json.loads((data / "qinyang-2023/report.json").read_text(encoding="utf-8"))
    meta["problems"][0]["figures"] = ["G99"]
    spoilt(data, "qinyang-2023", problems=meta["problems"])
    assert any("problems[0].figures: found 'G99', expected the id of a figure" in str(f) for f in check.check_data("qinyang-2023", data)[1])


def test_empty_tables_are_allowed_and_said_to_be_nothing():
    report = moved(load("jingmen-2024"))
    for table in ("levels", "gaps", "rankings", "claims", "readings", "errata", "identities", "targets"):
        one = report.tables.data[table]
        report.tables.data[table] = Table(one.name, one.file, one.columns, [], [])
    for stem in collection.stems():
        for lang in ("en", "zh")[: 1 if stem > "9" else None]:  # the last ones run all the others
            record = collection.run(stem, report, lang)
            assert not [t for t in texts(record) if re.search(r"\bnan\b|\{", t)]
    page = Page("04-targets", report)
    page._answer = ("outcome",)
    page.missing("outcome", "what became of it", "结果")
    assert page._answered() == "## The answer\n\nThe part entered gives no figures that answer this."


def added(report, table, **row):
    """A report with one more row in a table, its other cells empty."""
    made = moved(report)
    one = made.tables.data[table]
    one.rows.append(dict.fromkeys(one.columns, "") | row)
    one.lines.append(len(one.rows) + 1)
    return made


def test_a_province_has_one_area_above_it():
    report = load("jingzhou-2024")
    changes = [("report.json", "area", "", "hubei")]
    for table in ("levels", "growth", "gaps", "targets", "claims"):
        changes += [(table, row["figure_id"], "area", "hubei") for row in report.tables[table].rows]
    changes += [("gaps", row["figure_id"], "comparator", "china") for row in report.tables["gaps"].rows]
    province = moved(report, *changes)
    for stem in collection.stems():
        for lang in ("en", "zh")[: 1 if stem > "9" else None]:
            said = collection.run(stem, province, lang).said
            assert stem == "08-reports" or not any("Jingzhou" in text or "荆州" in text for text in said), (stem, lang)
    growth = collection.run("01-growth", province, "en")
    assert growth.claims["ahead"].text("en").startswith("Hubei’s GDP grew by 6.4% in 2023, against 6.0% in China.") and "own" not in growth.claims
    assert "Hubei (湖北省) is a province in China." in collection.run("00-start", province, "en").claims["place"].text("en")


def test_a_target_hoped_for_stands_beside_the_firm_one():
    base = load("jingmen-2024")
    figure = dict(numeral_id="n017", indicator_id="gdp", unit="%", period="2024", area="jingmen")
    report = added(base, "targets", figure_id="T09", value="7.5", aim="hoped", **figure)
    record = collection.run("04-targets", report, "en")
    assert "Hoped for beyond the target: GDP 7.5%." in record.said and "Jingmen aimed for GDP growth of 7% in 2024" in record.claims["outcome"].text("en")
    assert "在目标之上力争：地区生产总值7.5%。" in collection.run("04-targets", report, "zh").said
    alone = moved(report, ("targets", "T01", "-", ""))
    assert "Jingmen aimed for GDP growth of 7.5% in 2024" in collection.run("04-targets", alone, "en").claims["outcome"].text("en")


def test_a_target_told_as_a_lead_and_an_estimate_have_their_place():
    base = load("jingmen-2024")
    lead = dict(figure_id="D09", numeral_id="n017", indicator_id="gdp", value="1", unit="个百分点", period="2024", area="jingmen")
    report = added(base, "gaps", direction="above", comparator="hubei", **lead)
    assert "Told as a lead, not as a rate: GDP 1\u00a0percentage point above Hubei." in collection.run("04-targets", report, "en").said
    assert "只说高出幅度、不说增速的目标：地区生产总值高于湖北省1个百分点。" in collection.run("04-targets", report, "zh").said
    report = moved(base, ("growth", "G04", "estimate", "yes"))
    assert "Of the figures one is expected by the report, not yet counted." in collection.run("01-growth", report, "en").said[-1]
    assert "有1项为报告的预计数，尚非核算结果。" in collection.run("01-growth", report, "zh").said[-1]


@pytest.mark.parametrize(
    ("words", "table", "row", "column", "said"),
    [
        ("预计全年地区生产总值增长", "growth", {"indicator_id": "gdp"}, "estimate", "'yes'"),
        ("全年地区生产总值增长", "growth", {"indicator_id": "gdp", "estimate": "yes"}, "estimate", "''"),
        ("地区生产总值增长、力争达到", "targets", {"indicator_id": "gdp"}, "aim", "'hoped'"),
        ("力争实现更好结果，地区生产总值增长", "targets", {"indicator_id": "gdp", "aim": "hoped"}, "aim", "''"),
        ("地区生产总值增速高于全区", "gaps", {"indicator_id": "gdp", "direction": "above", "comparator": "china"}, "comparator", "'hubei'"),
    ],
)
def test_words_of_the_genre_are_held_against_their_cells(words, table, row, column, said):
    from workreport.proof import text

    report = moved(load("jingmen-2024"), ("report.json", "names", "", {"hubei": ["全区"]}))
    report.tables.data["numerals"].rows[:] = [dict(numeral_id="n001", offset=str(len(words)), token="5", role="figure", section="1.1", note="")]
    for name in ("levels", "growth", "gaps", "rankings", "shares", "targets", "claims"):
        report.tables.data[name].rows.clear()
    unit = "个百分点" if table == "gaps" else "%"
    given = dict(figure_id="X01", numeral_id="n001", value="5", unit=unit, period="2023", area="jingmen")
    report = added(report, table, **given, **row)
    report.tables.data[table].lines[:] = [2]
    found = [f for f in text.word_faults(report, f"{words}5{unit}。") if f.column == column]
    assert len(found) == 1 and found[0].expected.startswith(said), found
