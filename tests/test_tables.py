"""Bad input: each fault of a table gets one message that names the cell, and nothing is touched."""

import csv
import json
from itertools import count

import pytest
from conftest import moved
from workreport.tables import DATA, DataError, load_report, read_descriptor, read_report, unsafe


def faults(data):
    return [str(fault) for fault in read_report("qinyang-2023", data=data)[1]]


def changed_card(data, change):
    """What is said of a report whose report.json was changed."""
    path = data / "qinyang-2023/report.json"
    meta = json.loads(path.read_text(encoding="utf-8"))
    change(meta)
    path.write_text(json.dumps(meta, ensure_ascii=False), encoding="utf-8")
    return faults(data)


def test_missing_files_are_named(data):
    assert faults(data) == []
    for file in ("indicators.csv", "sources.csv", "qinyang-2023/gaps.csv", "qinyang-2023/report.json"):
        (data / file).unlink()
        assert f"{file}: found no such file, expected a file of the data package, restore it: git checkout -- data/{file}" in faults(data)
    (data / "datapackage.json").write_text('{"resources": [{"name": "levels"}]}', encoding="utf-8")
    assert any("datapackage.json: found no usable descriptor" in f for f in faults(data))
    (data / "datapackage.json").unlink()
    assert any("datapackage.json: found no such file" in f for f in faults(data)) and read_report(data=data)[0] is None


def test_wrong_columns_are_named(data):
    path = data / "qinyang-2023/growth.csv"
    good = path.read_text(encoding="utf-8")
    path.write_text(good.replace("price_basis", "basis", 1), encoding="utf-8")
    found = faults(data)
    assert any("growth.csv:1:price_basis: found no such column, expected the columns figure_id, " in f for f in found)
    assert any("growth.csv:1:basis: found an unknown column" in f for f in found)
    path.write_text(good.replace("figure_id,numeral_id", "numeral_id,figure_id", 1), encoding="utf-8")
    assert any("growth.csv:1:numeral_id: found columns in another order or twice" in f for f in faults(data))


def test_all_faults_are_listed_at_once_and_the_loader_refuses_them(data, edit):
    edits = [
        ("levels.csv", "value", "344.x", "found '344.x', expected the form"),
        ("levels.csv", "indicator_id", "gdpp", "found 'gdpp', expected an id of indicators.csv"),
        ("levels.csv", "area", "qinyan", "found 'qinyan'"), ("levels.csv", "numeral_id", "n999", "found 'n999', expected an id of "),
        ("levels.csv", "qualifier", "atleast", "found 'atleast', expected one of about"),
        ("levels.csv", "period", "22", "found '22', expected the form"),
        ("levels.csv", "flow_or_stock", "", "found an empty cell, expected a value"),
        ("levels.csv", "note", " a", "found ' a' with a space at an end"),
        ("numerals.csv", "offset", "12a", "found '12a', expected a whole number"),
        ("numerals.csv", "offset", "007", "found '007', expected a whole number"),
        ("numerals.csv", "role", "figures", "found 'figures', expected one of figure"),
        ("sources.csv", "published_date", "2023-13-01", "found '2023-13-01', expected a date as 2023-02-08"),
        ("claims.csv", "unit", "个", "found '个', expected an empty cell, empty it"),
        ("readings.csv", "low", "1e", "found '1e', expected a number"),
        ("targets.csv", "figure_id", "T01", "found 'T01' again (first on line 2), expected each value once"),
    ]  # fmt: skip
    rows = count(1)
    lines = [edit(file, 1 if file in ("targets.csv", "claims.csv") else next(rows), column, bad) for file, column, bad, _ in edits]
    found = "\n".join(faults(data))
    for line, (file, column, _, said) in zip(lines, edits, strict=True):
        assert f"{file}:{line}:{column}: {said}" in found
    with pytest.raises(DataError, match="gdpp"):
        load_report(data=data)


def empty(path):
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")


def test_a_report_may_lack_figures_but_no_shared_table(data):
    """A report may state no ranks, no claims, no targets: a header is enough; what it lacks is named by the ledger alone."""
    for path in (data / "qinyang-2023").glob("*.csv"):
        empty(path)
    assert changed_card(data, lambda meta: meta.pop("problems")) == []  # which name figures
    assert load_report(data=data).find("rankings") == []
    for table in ("units", "indicators", "areas", "sources"):
        empty(data / f"{table}.csv")
        assert any(f"{table}.csv: found no rows, expected at least one" in f for f in faults(data))


def test_forms_of_the_genre(data, edit):
    cases = [
        ("growth.csv", "value", "-1.5", True), ("levels.csv", "value", "-0.2", True), ("targets.csv", "value", "-3", True),
        ("shares.csv", "value", "-3", True),
        ("gaps.csv", "value", "-1.5", False), ("growth.csv", "value", "--1", False), ("growth.csv", "value", "１．５", False),
        ("growth.csv", "period", "2016-2020", True), ("growth.csv", "period", "2023Q1", True), ("growth.csv", "period", "2023M11", True),
        ("growth.csv", "period", "2023Q5", False), ("growth.csv", "period", "2023M13", False), ("growth.csv", "period", "2016—2020", False),
        ("gaps.csv", "comparator", "own_2019", True), ("gaps.csv", "comparator", "target_of_henan", True),
        ("gaps.csv", "comparator", "plan", True),
        ("gaps.csv", "comparator", "mengzhou", True), ("gaps.csv", "comparator", "own_19", False),
        ("gaps.csv", "comparator", "Henan", False),
        ("numerals.csv", "token", "１．４", True), ("numerals.csv", "token", "1,234.5", True), ("numerals.csv", "token", "5 . 5", True),
        ("numerals.csv", "token", "持平", True), ("numerals.csv", "token", "5 ", False), ("numerals.csv", "token", "5%", False),
    ]  # fmt: skip
    for row, good in ((iter(range(1, 40)), True), (iter(range(1, 40)), False)):
        lines = [(edit(file, next(row), column, value), file, column) for file, column, value, fine in cases if fine is good]
        found = "\n".join(faults(data))
        named = [f"{file}:{line}:{column}: " in found for line, file, column in lines]
        assert not any(named) if good else all(named), lines
    units = [(1, "factor", "0"), (2, "factor", "1/0"), (1, "measures", "Yuan"), (2, "word_en", "")]
    lines = [(edit("units.csv", *change), change[1]) for change in units]
    found = "\n".join(faults(data))
    assert all(f"units.csv:{line}:{column}: " in found for line, column in lines)


def test_bytes_that_mean_the_same_and_bytes_that_do_not(data):
    path = data / "qinyang-2023/levels.csv"
    good = path.read_bytes()
    for same in (b"\xef\xbb\xbf" + good, good.replace(b"\n", b"\r\n")):
        path.write_bytes(same)
        assert faults(data) == []
    path.write_bytes(good + b"L99,n001\n")
    assert any("levels.csv:100: found 2 cells, expected 11, add or remove commas" in f for f in faults(data))
    path.write_bytes(good + b'L99,"n001\n')
    assert any("levels.csv" in f and "not CSV" in f for f in faults(data))
    path.write_bytes(good.decode().encode("gb18030"))
    assert any("levels.csv: found a byte that is not UTF-8 at byte" in f for f in faults(data))
    (data / "qinyang-2023/report.json").write_text("{", encoding="utf-8")
    assert any("report.json:1: found broken JSON" in f for f in faults(data))


def test_a_key_of_several_columns_is_unique(data):
    path = data / "qinyang-2023/discrepancies.csv"
    rows = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*rows, rows[1], ""]), encoding="utf-8")
    assert any(f"discrepancies.csv:{len(rows) + 1}:" in f and "again (first on line 2), expected each key once" in f for f in faults(data))


def test_a_second_report_needs_no_code(data):
    """A second folder with the same tables loads and is checked."""
    (data / "qinyang-2023").rename(data / "elsewhere-2024")
    report, found = read_report("elsewhere-2024", data=data)
    assert found == [] and report.figures["G01"].row["value"] == "4.8"


def test_figures_are_found_by_their_cells_and_a_missing_one_is_named(report):
    with (DATA / "qinyang-2023/rankings.csv").open(encoding="utf-8", newline="") as file:
        expected = [row["figure_id"] for row in csv.DictReader(file) if row["indicator_id"] == "gdp"]
    assert [figure.id for figure in report.find("rankings", indicator_id="gdp")] == expected and len(expected) == 2
    assert [figure.id for figure in report.find("rankings", indicator_id="gdp", aspect="growth")] == expected[1:]
    assert report.find("levels", indicator_id="nothing") == [] and len(report.find("growth")) == len(report.tables["growth"].rows)
    with pytest.raises(KeyError, match="X01 is in none of the tables"):
        report.figures["X01"]


def test_a_reading_changes_one_interval(report):
    reading = next(row for row in report.tables["readings"].rows if row["field"] == "value" and row["adopted"] != "yes")
    figure = reading["figure_ids"]
    other = report.under_reading(reading["reading_id"]).figures
    one = 100 if report.figures[figure].row["unit"] in ("%", "个百分点") else 1
    read = other[figure].quantity
    assert [float(end * one) for end in (read.low, read.high)] == [float(reading["low"]), float(reading["high"])]
    assert read != report.figures[figure].quantity and all(other[i] == report.figures[i] for i in other if i != figure)
    with pytest.raises(ValueError, match="so no number changes under it"):
        report.under_reading(next(row["reading_id"] for row in report.tables["readings"].rows if row["field"] != "value"))
    with pytest.raises(KeyError, match="reading Z9 is not in"):
        report.under_reading("Z9")


@pytest.mark.slow
def test_the_descriptor_is_a_standard_one():
    """Frictionless reads the same descriptor and finds the tables valid; every column is described in both languages."""
    import frictionless

    found = frictionless.Package(str(DATA / "datapackage.json")).validate()
    assert found.valid, found.flatten(["name", "rowNumber", "fieldName", "message"])[:5]
    for resource in read_descriptor()["resources"]:
        for part in (resource, *resource["schema"]["fields"]):
            assert all(part[key] for key in ("title", "title_zh", "description", "description_zh")), part["name"]


def test_markup_formulas_and_invisible_characters_are_refused_by_name(data, edit):
    bad = ["<b>", "[x](http://a)", "=1+1", "+x", "-x", "-1+1", "@SUM(A1)", "＝1", "$x$", "\\input", "{value}", "a|b", "`x`", "**x**"]
    bad += ["_x_", "http://a", "www.a", "&lt;", "a\u202eb", "a\u200bb"]
    lines = [edit("levels.csv", row, "note", text) for row, text in enumerate(bad)]
    found = faults(data)
    for line in lines:
        assert any(f.startswith(f"qinyang-2023/levels.csv:{line}:note: found") and "plain words without markup" in f for f in found)
    for good in ["R&D [2022]!", "a_b", "1 - 2", "-1.2", "“甲”；乙（丙）", "A / B: 5%, 'x'", "javascript:alert(1)"]:
        assert unsafe(good) is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda m: m.pop("sections"), "report.json:sections: found None"),
        (lambda m: m.update(area="nowhere"), "report.json:area: found 'nowhere'"),
        (lambda m: m.update(title_en="<b>"), "report.json:title_en: found '<' in a text, expected plain words without markup"),
        (lambda m: m.update(delivered="8 February"), "report.json:delivered: found '8 February'"),
        (lambda m: m.update(characters="many"), "report.json:characters: found 'many'"),
        (lambda m: m["sections"].__setitem__(0, 1), "report.json:sections[0]: found 1"),
        (lambda m: m["block_sha256"].__setitem__(3, "x"), "report.json:block_sha256[3]: found 'x'"),
        (lambda m: m["sections"][0].update(start=1), "report.json:sections[0].start: found 1, expected 0"),
        (lambda m: m["sections"][1].update(start=0), "report.json:sections[1].start: found 0, expected more than 0"),
        (lambda m: m["sections"][1].update(start=9000), "report.json:sections[1].start: found 9000, expected less than 100"),
        (lambda m: m["sections"][1].update(id="title"), "report.json:sections[1].id: found 'title' again"),
        (lambda m: m["sections"][1].update(end=42), "report.json:sections[1].end: found 42, expected more than 42 and at most 100"),
        (lambda m: m["sections"][1].update(end=101), "report.json:sections[1].end: found 101, expected more than 42 and at most 100"),
        (lambda m: m["sections"][-1].update(end=9999), "found 9999, expected more than 6432 and at most 6805"),
        (lambda m: m["sections"][1].update(end="x"), "report.json:sections[1].end: found 'x', expected a whole number"),
        (lambda m: m.update(covers=[]), "report.json:covers: found [], expected a list"),
        (lambda m: m.update(recovered_part="yes"), "report.json:recovered_part: found 'yes', expected true or false"),
        (lambda m: m.pop("covers"), "report.json:covers: found None, expected a list"),
        (lambda m: m.update(covers=["1", "9.9"]), "report.json:covers[1]: found '9.9', expected an id of sections"),
        (lambda m: m.pop("break_offset"), "report.json:break_offset: found None"),
        (lambda m: m.pop("break_note_zh"), "report.json:break_note_zh: found None"),
        (lambda m: m.update(names=["x"]), "report.json:names: found ['x'], expected an object"),
        (lambda m: m.update(names={"henan": "全省"}), "report.json:names.henan: found '全省', expected a list of plain words"),
        (lambda m: m.update(names={"henan": ["<b>"]}), "report.json:names.henan: found ['<b>']"),
        (lambda m: m.update(names={"hainan": ["全省"]}), "report.json:names.hainan: found 'hainan', expected an id of areas.csv"),
        (lambda m: m.update(names={"target_of_hainan": ["省定目标"]}), "report.json:names.target_of_hainan"),
    ],
)
def test_each_fault_of_the_report_card_is_named(data, change, said):
    assert any(said in fault for fault in changed_card(data, change))


def test_a_report_of_a_whole_text_has_no_break(data):
    broken = ("recovered_part", "break_offset", "break_note_zh", "break_note_en")
    assert changed_card(data, lambda meta: [meta.pop(key) for key in broken]) == []


def test_an_area_that_lies_nowhere_is_named(data, edit, report):
    edit("areas.csv", list(report.areas).index("qinyang"), "parent", "")
    assert any("report.json:area: found 'qinyang', which has no parent in areas.csv" in f for f in faults(data))


def test_a_target_is_exact_and_the_word_for_a_place_counts_people_among_the_levels(report):
    assert report.figures["T01"].quantity.exact_value and not report.figures["G01"].quantity.exact_value
    assert moved(report, ("levels", "L04", "unit", "位")).figures["L04"].quantity.kind == "count"
    assert moved(report, ("rankings", "R01", "unit", "位")).figures["R01"].quantity.kind == "rank"
