"""Bad input: each fault of a table gets one message that names the cell, and nothing is touched."""

import json

import pytest
from workreport.proof import check
from workreport.tables import DataError, load_report, read_descriptor, read_report, unsafe


def faults(data):
    return [str(f) for f in check.check_data("qinyang-2023", data)[1]]


def test_the_tables_have_no_fault(data):
    assert faults(data) == []


def test_a_letter_in_a_number_names_the_cell(data, edit):
    line = edit("levels.csv", 0, "value", "344.x")
    assert any(f.startswith(f"qinyang-2023/levels.csv:{line}:value: found '344.x', expected the form") for f in faults(data))


@pytest.mark.parametrize("file", ["indicators.csv", "sources.csv", "qinyang-2023/gaps.csv", "qinyang-2023/report.json", "datapackage.json"])
def test_a_missing_file_is_named(data, file):
    (data / file).unlink()
    assert any(f.startswith(f"{file}: found") and " no " in f for f in faults(data))


def test_a_missing_and_a_renamed_column_are_named(data):
    path = data / "qinyang-2023/growth.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("price_basis", "basis", 1), encoding="utf-8")
    found = faults(data)
    assert any("growth.csv:1:price_basis: found no such column" in f for f in found)
    assert any("growth.csv:1:basis: found an unknown column" in f for f in found)


def test_a_duplicate_key_is_named(data, edit):
    line = edit("targets.csv", 1, "figure_id", "T01")
    assert any(f"targets.csv:{line}:figure_id: found 'T01' again (first on line 2)" in f for f in faults(data))


def test_an_unknown_indicator_area_and_numeral_are_named(data, edit):
    edit("levels.csv", 2, "indicator_id", "gdpp")
    edit("levels.csv", 3, "area", "qinyan")
    edit("levels.csv", 4, "numeral_id", "n999")
    found = "\n".join(faults(data))
    for cell in ("4:indicator_id: found 'gdpp', expected an id of indicators.csv", "5:area: found 'qinyan'", "6:numeral_id: found 'n999'"):
        assert f"levels.csv:{cell}" in found


def empty(path):
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")


@pytest.mark.parametrize("table", ["units", "indicators", "areas", "sources"])
def test_an_empty_shared_table_is_named(data, table):
    empty(data / f"{table}.csv")
    assert any(f"{table}.csv: found no rows, expected at least one" in f for f in faults(data))


def test_the_tables_of_a_report_may_be_empty(data):
    """A report may state no ranks, no claims, no targets: a header is enough; what it lacks is named by the ledger alone."""
    for path in (data / "qinyang-2023").glob("*.csv"):
        empty(path)
    card = data / "qinyang-2023/report.json"
    meta = json.loads(card.read_text(encoding="utf-8"))
    meta.pop("problems")  # which name figures
    card.write_text(json.dumps(meta, ensure_ascii=False), encoding="utf-8")
    assert faults(data) == []
    assert load_report(data=data).find("rankings") == []


@pytest.mark.parametrize(
    ("file", "column", "value", "good"),
    [
        ("growth.csv", "value", "-1.5", True), ("levels.csv", "value", "-0.2", True), ("targets.csv", "value", "-3", True), ("shares.csv", "value", "-3", True),
        ("gaps.csv", "value", "-1.5", False), ("growth.csv", "value", "--1", False), ("growth.csv", "value", "１．５", False),
        ("growth.csv", "period", "2016-2020", True), ("growth.csv", "period", "2023Q1", True), ("growth.csv", "period", "2023M11", True),
        ("growth.csv", "period", "2023Q5", False), ("growth.csv", "period", "2023M13", False), ("growth.csv", "period", "2016—2020", False),
        ("gaps.csv", "comparator", "own_2019", True), ("gaps.csv", "comparator", "target_of_henan", True), ("gaps.csv", "comparator", "plan", True),
        ("gaps.csv", "comparator", "mengzhou", True), ("gaps.csv", "comparator", "own_19", False), ("gaps.csv", "comparator", "Henan", False),
        ("numerals.csv", "token", "１．４", True), ("numerals.csv", "token", "1,234.5", True), ("numerals.csv", "token", "5 . 5", True),
        ("numerals.csv", "token", "持平", True), ("numerals.csv", "token", "5 ", False), ("numerals.csv", "token", "5%", False),
        ("units.csv", "factor", "0", False), ("units.csv", "factor", "1/0", False), ("units.csv", "measures", "Yuan", False), ("units.csv", "word_en", "", False),
    ],
)  # fmt: skip
def test_forms_of_the_genre(data, edit, file, column, value, good):
    line = edit(file, 1, column, value)
    _, found = read_report("qinyang-2023", data=data)
    assert any(f"{file}:{line}:{column}: " in str(f) for f in found) != good


def test_a_wrong_encoding_is_named(data):
    path = data / "areas.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))
    assert any("areas.csv: found a byte that is not UTF-8" in f for f in faults(data))


@pytest.mark.parametrize("change", [lambda b: b"\xef\xbb\xbf" + b, lambda b: b.replace(b"\n", b"\r\n")])
def test_byte_order_mark_and_crlf_change_nothing(data, change):
    path = data / "qinyang-2023/levels.csv"
    path.write_bytes(change(path.read_bytes()))
    assert faults(data) == []


def test_too_few_cells_unclosed_quotes_and_broken_json_are_named(data):
    path = data / "qinyang-2023/levels.csv"
    good = path.read_text(encoding="utf-8")
    path.write_text(good + "L99,n001\n", encoding="utf-8")
    assert any("levels.csv:100: found 2 cells, expected 11" in f for f in faults(data))
    path.write_text(good + 'L99,"n001\n', encoding="utf-8")
    assert any("levels.csv" in f and "not CSV" in f for f in faults(data))
    (data / "qinyang-2023/report.json").write_text("{", encoding="utf-8")
    assert any("report.json:1: found broken JSON" in f for f in faults(data))


@pytest.mark.parametrize(
    ("file", "column", "bad", "said"),
    [
        ("numerals.csv", "offset", "12a", "a whole number"),
        ("numerals.csv", "offset", "007", "a whole number"),
        ("numerals.csv", "role", "figures", "one of figure"),
        ("levels.csv", "qualifier", "atleast", "one of about"),
        ("levels.csv", "period", "22", "the form"),
        ("levels.csv", "flow_or_stock", "", "an empty cell"),
        ("levels.csv", "note", " a", "a space at an end"),
        ("sources.csv", "published_date", "2023-13-01", "a date"),
        ("readings.csv", "low", "1e", "a number"),
    ],
)
def test_types_and_constraints(data, edit, file, column, bad, said):
    line = edit(file, 0, column, bad)
    assert any(f"{file}:{line}:{column}: " in f and said in f for f in faults(data))


def test_the_loader_refuses_what_the_check_names(data, edit):
    edit("levels.csv", 0, "indicator_id", "gdpp")
    with pytest.raises(DataError, match="gdpp"):
        load_report(data=data)


def test_all_faults_are_listed_at_once(data, edit):
    for row, column in ((0, "unit"), (1, "area"), (2, "period")):
        edit("levels.csv", row, column, "?")
    found = "\n".join(faults(data))
    assert all(f"levels.csv:{line}:" in found for line in (2, 3, 4))


def test_a_second_report_needs_no_code(data):
    """A second folder with the same tables loads and is checked."""
    (data / "qinyang-2023").rename(data / "elsewhere-2024")
    report, found = read_report("elsewhere-2024", data=data)
    assert found == []
    assert report.figures["G01"].row["value"] == "4.8"


def test_exactly_one_figure_or_a_message(report):
    with pytest.raises(DataError, match="2 rows with indicator_id = gdp, expected exactly one|2 rows"):
        report.one("rankings", indicator_id="gdp")
    with pytest.raises(DataError, match="0 rows with indicator_id = nothing"):
        report.one("levels", indicator_id="nothing")
    with pytest.raises(KeyError, match="X01"):
        report.figures["X01"]


def test_frames_keep_the_printed_text_and_give_exact_ends(report):
    frame = report.frame("growth").set_index("figure_id")
    assert frame.loc["G03", "value"] == "13"
    assert (str(frame.loc["G01", "low"]), str(frame.loc["G01", "high"])) == ("4.75", "4.85")
    levels = report.frame("levels").set_index("figure_id")
    assert (str(levels.loc["L05", "low"]), str(levels.loc["L05", "high"])) == ("199.5", "200.5")
    assert levels.loc["L04", "low"] == levels.loc["L04", "high"] == 307
    assert str(levels.loc["L84", "high"]) == "Infinity"


def test_the_descriptor_is_a_standard_one():
    """Frictionless reads the same descriptor and finds the tables valid."""
    import frictionless
    from workreport.tables import DATA

    found = frictionless.Package(str(DATA / "datapackage.json")).validate()
    assert found.valid, found.flatten(["name", "rowNumber", "fieldName", "message"])[:5]


def test_every_column_is_described_in_both_languages():
    for resource in read_descriptor()["resources"]:
        for part in (resource, *resource["schema"]["fields"]):
            assert all(part[key] for key in ("title", "title_zh", "description", "description_zh")), part["name"]


@pytest.mark.parametrize(
    "bad",
    [
        "<b>",
        "[x](http://a)",
        "=1+1",
        "+x",
        "-x",
        "-1+1",
        "@SUM(A1)",
        "＝1",
        "$x$",
        "\\input",
        "{value}",
        "a|b",
        "`x`",
        "**x**",
        "_x_",
        "http://a",
        "&lt;",
        "a\u202eb",
        "a\u200bb",
    ],
)
def test_markup_formulas_and_invisible_characters_are_refused_by_name(data, edit, bad):
    line = edit("levels.csv", 0, "note", bad)
    assert any(f"levels.csv:{line}:note: found" in f and "plain words without markup" in f for f in faults(data))


@pytest.mark.parametrize("good", ["R&D [2022]!", "a_b", "1 - 2", "-1.2", "“甲”；乙（丙）", "A / B: 5%, 'x'", "javascript:alert(1)"])
def test_plain_words_are_not_refused(good):
    assert unsafe(good) is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda m: m.pop("sections"), "report.json:sections: found None"),
        (lambda m: m.update(area="nowhere"), "report.json:area: found 'nowhere'"),
        (lambda m: m.update(title_en="<b>"), "report.json:title_en: found '<' in a text"),
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
    import json

    path = data / "qinyang-2023/report.json"
    meta = json.loads(path.read_text(encoding="utf-8"))
    change(meta)
    path.write_text(json.dumps(meta), encoding="utf-8")
    assert any(said in f for f in faults(data))


def test_a_descriptor_of_another_shape_is_named(data):
    (data / "datapackage.json").write_text('{"resources": [{"name": "levels"}]}', encoding="utf-8")
    assert any("datapackage.json: found no usable descriptor" in f for f in faults(data))


def test_a_report_of_a_whole_text_has_no_break(data):
    import json

    path = data / "qinyang-2023/report.json"
    meta = json.loads(path.read_text(encoding="utf-8"))
    for key in ("recovered_part", "break_offset", "break_note_zh", "break_note_en"):
        del meta[key]
    path.write_text(json.dumps(meta), encoding="utf-8")
    assert faults(data) == []


def test_an_area_that_lies_nowhere_is_named(data, edit, report):
    at = next(i for i, row in enumerate(report.tables["areas"].rows) if row["area_id"] == "qinyang")
    edit("areas.csv", at, "parent", "")
    assert any("report.json:area: found 'qinyang', which has no parent in areas.csv" in f for f in faults(data))


def test_the_word_for_a_place_counts_people_among_the_levels(report):
    from conftest import moved

    assert moved(report, ("levels", "L04", "unit", "位")).figures["L04"].quantity.kind == "count"
    assert moved(report, ("rankings", "R01", "unit", "位")).figures["R01"].quantity.kind == "rank"
