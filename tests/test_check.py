"""The proof: any changed digit is named, the text is proven, the second reading and the guards bite."""

import copy
import csv
import json
import re
import shutil
import subprocess
import sys

import pytest
from conftest import ROOT, moved
from workreport.proof import check, grammar, ledger, readings, relations
from workreport.proof import text as proof_text
from workreport.tables import DATA, SHARED_TABLES, load_report, report_names


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "workreport.proof.check", *map(str, arguments)],
        cwd=ROOT / "notebooks",
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


def found(data):
    return [str(fault) for fault in check.check_data("qinyang-2023", data)[1]]


def spoilt(report, file, row, column, new):
    other = moved(report)
    next(t for t in other.tables.data.values() if t.file.endswith(file)).rows[row][column] = new
    return other


def rows(file):
    with (DATA / file).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def test_success_prints_one_line_per_table(report):
    result = run()
    assert result.returncode == 0
    lines = result.stdout.splitlines()
    assert "qinyang-2023/numerals.csv: 255 rows: 171 figure" in result.stdout
    shared = len(SHARED_TABLES)
    assert len([line for line in lines if ".csv: " in line]) == shared + (len(report.tables) - shared) * len(report_names())
    assert lines[-1].startswith("qinyang-2023: the text was not checked")


def test_a_figure_changed_in_table_and_ledger_alike_is_named_by_the_second_reading(data, edit, report):
    at = next(i for i, row in enumerate(report.tables["numerals"].rows) if row["numeral_id"] == "n012")
    edit("growth.csv", 0, "value", "4.9")
    line = edit("numerals.csv", at, "token", "4.9")
    faults = found(data)
    assert any(f"numerals.csv:{line}:token: found '4.9', expected '4.8', as second-reading.csv:" in f for f in faults)
    assert any("growth.csv:2:value" in f for f in faults)


@pytest.mark.parametrize(
    ("file", "row", "column", "new", "said"),
    [
        ("growth.csv", 0, "value", "4.9", "the token of n012"),
        ("rankings.csv", 1, "aspect", "level", "a figure of levels"),
        ("rankings.csv", 1, "subject", "L01", "a figure of growth"),
        ("rankings.csv", 0, "aspect", "index", "L01 is no index"),
        ("rankings.csv", 8, "aspect", "level", "business_environment has no amount"),
        ("rankings.csv", 0, "subject", "", "what is compared or ranked: L01"),
        ("rankings.csv", 13, "out_of", "七", "the token of"),
        ("rankings.csv", 13, "out_of_numeral_id", "", "both or neither"),
        ("rankings.csv", 13, "value", "7", "a rank among those ranked: 六"),
        ("gaps.csv", 0, "subject", "G02", "a figure of gdp"),
        ("gaps.csv", 0, "subject", "G77", "the id of a figure"),
        ("targets.csv", 0, "outcome", "G02", "a figure of gdp"),
        ("thresholds.csv", 0, "counted", "L05", "a figure of key_projects"),
        ("growth.csv", 0, "price_basis", "nominal", "as indicators.csv defines gdp"),
        ("levels.csv", 0, "flow_or_stock", "stock", "as indicators.csv says of gdp"),
        ("levels.csv", 0, "unit", "尺", "a number with a unit of units.csv"),
        ("levels.csv", 0, "unit", "番", "units.csv refuses it"),
        ("gaps.csv", 0, "comparator", "hainan", "an id of areas.csv, target_of_ before one"),
        ("gaps.csv", 0, "comparator", "target_of_hainan", "an id of areas.csv, target_of_ before one"),
        ("shares.csv", 0, "plan", "", "a plan of every completion"),
        ("shares.csv", 5, "kind", "ratio", "as indicators.csv says"),
        ("shares.csv", 5, "value", "940", "at most 100 %"),
        ("claims.csv", 0, "section", "1.2", "the section at offset"),
        ("numerals.csv", 20, "role", "name", "the role figure"),
        ("numerals.csv", 1, "role", "figure", "another role, or a figure of it"),
        ("numerals.csv", 20, "section", "1.2", "the section at offset"),
        ("numerals.csv", 20, "offset", "1", "more than"),
        ("numerals.csv", 254, "offset", "6600", "less than 6553"),
        ("numerals.csv", 20, "numeral_id", "n900", "n021, in reading order"),
        ("identities.csv", 0, "expression", "L18 < L19", "that it holds; it fails"),
        ("identities.csv", 0, "expected", "fails", "that it fails; it holds"),
        ("identities.csv", 0, "expression", "L60 <", "an expression over figures"),
        ("identities.csv", 0, "expression", "L999 < L60", "figure L999 is in none"),
        ("errata.csv", 4, "guard", "G03.decimals == 1", "that it holds"),
        ("errata.csv", 0, "figure_ids", "S01 L999", "L999 is none"),
        ("discrepancies.csv", 1, "settled", "stock", "as levels has it"),
        ("discrepancies.csv", 1, "second_reading", "stock", "as second-reading.csv has it"),
        ("discrepancies.csv", 5, "offset", "2585", "the offset of a row of claims"),
        ("published.csv", 40, "value", "6.8", "the result of the formula"),
        ("published.csv", 39, "published_id", "P940", "the result of the formula"),
        ("published.csv", 0, "status", "not_found", "exactly where nothing was found"),
        ("published.csv", 0, "source_id", "", "a source of sources.csv for every value"),
        ("published.csv", 61, "source_id", "Q001", "none where nothing was found"),
        ("published.csv", 0, "source_id", "Q999", "an id of sources.csv"),
        ("sources.csv", 0, "publisher_en", "", "an empty cell"),
        ("sources.csv", 0, "quality", "third-party panel", "what to beware of (quality: third-party panel)"),
        ("sources.csv", 38, "caveat_zh", "", "what to beware of (quality: encyclopedia copy)"),
        ("readings.csv", 0, "low", "12.4", "12.5 to 13.5, as G03 is stated"),
        ("readings.csv", 1, "low", "13.01", "an interval that holds 13"),
        ("readings.csv", 1, "adopted", "yes", "one is adopted at most"),
        ("readings.csv", 4, "low", "7", "only a reading of a value has an interval"),
        ("readings.csv", 2, "figure_ids", "G77", "G77 is none"),
        ("second-reading.csv", 1, "offset", "0", "one row a figure"),
        ("second-reading.csv", 153, "section", "2.1", "'1.3', as on line 154"),
    ],
)
def test_each_rule_has_a_failing_example(data, edit, file, row, column, new, said):
    edit(file, row, column, new)
    assert any(said in f and file in f for f in found(data))


def test_every_rule_is_broken_by_an_example():
    """By table and column."""
    marks = test_each_rule_has_a_failing_example.pytestmark[0].args[1]
    broken = {(file.removesuffix(".csv"), column) for file, _, column, _, said in marks}
    for rule in (*ledger.RULES, *relations.RULES):
        at = [(table, column) for table, column in broken if table in rule.tables.split()]
        assert at, f"{rule.tables} {rule.column}"


def test_a_mended_source_trips_the_guard_of_a_doubt(report):
    """If the report stated 13.0, the doubt about the missing decimal would be stale."""
    other = spoilt(report, "growth.csv", 2, "value", "13.0")
    assert [f.column for f in relations.faults(other) if f.file.endswith("errata.csv")] == ["guard"]


@pytest.mark.parametrize("drop", ["levels.csv", "numerals.csv", "claims.csv", "second-reading.csv"])
def test_a_dropped_row_is_found(data, drop):
    path = data / "qinyang-2023" / drop
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:9] + lines[10:]), encoding="utf-8")
    assert found(data)


def test_a_row_that_only_one_reading_has_is_settled_by_an_entry_or_named(data, report):
    path = data / "qinyang-2023/discrepancies.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("2584,")), encoding="utf-8")
    (fault,) = found(data)
    assert "'全省推广' at offset 2584, not in the second reading" in fault


def test_an_entry_without_a_difference_is_stale(report):
    other = spoilt(report, "discrepancies.csv", 1, "first_reading", "flow")
    row = next(r for r in other.tables["levels"].rows if r["figure_id"] == "L31")
    assert not [f for f in readings.faults(other) if f.column == "first_reading"]
    row["flow_or_stock"] = other.tables["discrepancies"].rows[1]["settled"] = "flow"
    assert [f.expected for f in readings.faults(other) if f.column == "first_reading"] == ["a difference"]


def test_the_text_proves_every_place(text):
    result = run("--text", text)
    assert result.returncode == 0
    assert "255 of 255 numerals of the readable part are in the ledger" in result.stdout


@pytest.mark.parametrize("change", [lambda b: b"\xef\xbb\xbf" + b, lambda b: b.replace(b"\n", b"\r\n")])
def test_the_text_may_have_a_mark_or_crlf(text, tmp_path, report, change):
    (tmp_path / "text.txt").write_bytes(change(text.read_bytes()))
    assert proof_text.faults(report, tmp_path / "text.txt") == []


def test_another_text_gets_one_message(text, tmp_path, report, meta):
    words = text.read_text(encoding="utf-8")
    (tmp_path / "text.txt").write_text(words[:1000] + "某" + words[1001:], encoding="utf-8")
    (fault,) = proof_text.faults(report, tmp_path / "text.txt")
    assert meta["sha256"][:12] in str(fault)
    assert "first different between characters 1000 and 1199 (section 1.1)" in str(fault)


def test_unreadable_texts_get_one_message(tmp_path, report):
    (fault,) = proof_text.faults(report, tmp_path / "none.txt")
    assert "no readable file" in str(fault)
    (tmp_path / "gbk.txt").write_bytes("报告".encode("gb18030"))
    (fault,) = proof_text.faults(report, tmp_path / "gbk.txt")
    assert "not UTF-8" in str(fault)
    assert run("--text", tmp_path / "none.txt").returncode == 1


def test_wrong_offsets_and_missing_numerals_are_found_by_the_text(text, report):
    other = spoilt(report, "numerals.csv", 30, "offset", "1")
    other.tables["claims"].rows[0]["offset"] = "3"
    faults = [str(f) for f in proof_text.faults(other, text)]
    assert any("numerals.csv:32:offset" in f for f in faults)
    assert any("no row for" in f for f in faults)
    assert any("claims.csv:2:term" in f for f in faults)


@pytest.mark.parametrize(
    ("file", "row", "column", "new"),
    [
        ("levels.csv", 0, "unit", "万元"),
        ("gaps.csv", 0, "unit", "位"),
        ("targets.csv", 0, "unit", "％"),
        ("shares.csv", 0, "qualifier", "about"),
    ],
)
def test_a_unit_and_a_qualifier_are_proven_by_the_words_of_the_text(text, report, file, row, column, new):
    """Even where both readings hold the same slip."""
    words = text.read_text(encoding="utf-8-sig")
    assert list(proof_text.word_faults(report, words)) == []
    other = spoilt(report, file, row, column, new)
    assert [(f.row, f.column) for f in proof_text.word_faults(other, words)] == [(row + 2, column)]


@pytest.mark.parametrize("row", range(18))
def test_the_side_of_every_gap_is_proven_by_the_text(text, report, row):
    other = spoilt(report, "gaps.csv", row, "direction", "below")
    faults = proof_text.word_faults(other, text.read_text(encoding="utf-8-sig"))
    assert [(f.row, f.column) for f in faults] == [(row + 2, "direction")]


def test_a_text_that_says_below_refuses_above(text, report):
    words = text.read_text(encoding="utf-8-sig").replace("分别高于", "分别低于")
    wrong = [f.row for f in proof_text.word_faults(report, words) if f.column == "direction"]
    assert wrong == list(range(2, 14))


def test_the_check_touches_nothing(data, edit):
    edit("growth.csv", 0, "value", "4.x")
    before = {p: p.read_bytes() for p in data.rglob("*") if p.is_file()}
    assert run("--data", data).returncode == 1
    assert before == {p: p.read_bytes() for p in data.rglob("*") if p.is_file()}


def test_no_report_at_all(tmp_path):
    (tmp_path / "data").mkdir()
    result = run("--data", tmp_path / "data")
    assert result.returncode == 1
    assert "expected a folder with report.json" in result.stdout


def test_the_text_of_another_report_does_not_count_as_checked(data, text, tmp_path, meta):
    """With two reports a text proves the one it is of, and a text of neither is named."""
    shutil.copytree(data / "qinyang-2023", data / "another-2023")
    path = data / "another-2023/report.json"
    path.write_text(json.dumps(meta | {"sha256": "0" * 64}), encoding="utf-8")
    result = run("--data", data, "--text", text)
    assert result.returncode == 0
    assert "another-2023: the text was not checked" in result.stdout
    assert "qinyang-2023: the text was checked" in result.stdout
    (tmp_path / "other.txt").write_text("报告", encoding="utf-8")
    result = run("--data", data, "--text", tmp_path / "other.txt")
    assert result.returncode == 1 and "expected the text of one of" in result.stdout


def test_rates_count_what_the_log_holds(report):
    rates = readings.rates(report)
    log = [row for row in report.tables["discrepancies"].rows if row["first_reading"] != row["second_reading"]]
    assert sum(rate["differed"] for rate in rates) == len(log) == 10
    assert sum(rate["cells"] for rate in rates) > 2000


def test_the_proof_is_imported_by_no_notebook_and_needs_only_the_core():
    core = {"tables", "frames", "numbers", "units", "expressions", "files"}
    for path in (ROOT / "notebooks/workreport/proof").glob("*.py"):
        assert set(re.findall(r"^from \.\.(\w+) import", path.read_text(encoding="utf-8"), re.M)) <= core
    for path in (ROOT / "notebooks").glob("[0-9]*.ipynb"):
        assert "workreport.proof" not in path.read_text(encoding="utf-8")


def test_every_word_of_the_kinds_stands_in_one_kind():
    words = [word for group in grammar._KINDS.values() for word in group]
    assert len(words) == len(set(words))
    assert {row["kind"] for row in rows("qinyang-2023/claims.csv")} <= set(grammar._KINDS)


def test_a_report_that_loads_is_what_is_proven():
    assert check.check_data("qinyang-2023")[0].figures.keys() == load_report().figures.keys()


# A fall, a part of the text, and what a second reading may leave empty


def variant(report, text, tmp_path, change, **meta):
    """The report and its text with some characters of it changed at equal length."""
    words = text.read_text(encoding="utf-8-sig")
    old, new = change
    assert words.count(old) == 1 and len(old) == len(new)
    (tmp_path / "text.txt").write_text(words.replace(old, new), encoding="utf-8")
    other = moved(report)
    other.meta |= {"sha256": proof_text.digest(words.replace(old, new)), **meta}
    return other, tmp_path / "text.txt"


FALL = ("增长1.5%,居", "下降1.5%,居")


def test_a_rise_where_the_text_says_a_fall_is_refused_and_a_fall_can_be_written(report, text, tmp_path):
    other, path = variant(report, text, tmp_path, FALL)
    (fault,) = proof_text.faults(other, path)
    assert (fault.column, fault.found) == ("value", "'1.5'") and "'-1.5': the text says 下降 before it" in fault.expected
    row = other.rows["G04"][1]
    row["value"] = "-1.5"
    assert proof_text.faults(other, path) == [] and list(ledger.faults(other)) == []
    assert (other.figures["G04"].quantity.value, other.figures["G04"].decimals) == (-report.figures["G04"].quantity.value, 1)


def test_a_fall_where_the_text_says_none_is_refused(report, text):
    other = spoilt(report, "growth.csv", 3, "value", "-1.5")
    (fault,) = proof_text.faults(other, text)
    assert "'1.5': the text has no word for a fall before it" in fault.expected


@pytest.mark.parametrize(("old", "new", "token"), [("长1.5%,居", "长1．5%,居", "1．5"), ("长1.5%,居", "长1.5％,居", "1.5")])
def test_full_width_characters_are_the_plain_ones(report, text, tmp_path, old, new, token):
    other, path = variant(report, text, tmp_path, (old, new))
    next(row for row in other.tables["numerals"].rows if row["numeral_id"] == "n028")["token"] = token
    assert proof_text.faults(other, path) == [] and list(ledger.faults(other)) == []


def test_a_space_inside_a_number_is_named_and_makes_no_figure(report, text, tmp_path):
    other, path = variant(report, text, tmp_path, ("长1.5%,居", "长1 5%,居"))
    next(row for row in other.tables["numerals"].rows if row["numeral_id"] == "n028")["token"] = "1 5"
    assert proof_text.faults(other, path) == []
    other.rows["G04"][1]["value"] = "1 5"
    assert any("a space inside a number at offset 1" in str(fault) for fault in ledger.faults(other))


@pytest.mark.parametrize(("word", "value", "unit"), [("持平", "0", "%"), ("首位", "1", "位"), ("翻番", "1", "倍")])
def test_a_word_states_a_number_where_the_ledger_has_it(word, value, unit, report, text, tmp_path):
    """The four characters of a rate give way to the word; its row of the ledger names it, its figure has what it states."""
    assert proof_text.WORDS[word] == (value, unit)
    other, path = variant(report, text, tmp_path, ("增长1.5%,居", f"比上年{word}了,居"))
    words = path.read_text(encoding="utf-8")
    row = next(row for row in other.tables["numerals"].rows if row["numeral_id"] == "n028")
    row |= {"token": word, "offset": str(words.index(word, 600))}
    other.rows["G04"][1].update(value=value, unit=unit)
    assert proof_text.faults(other, path) == []
    assert [f for f in ledger.faults(other) if f.column == "value"] == []
    other.rows["G04"][1].update(value="7")
    assert [f.expected for f in ledger.faults(other) if f.column == "value"] == [f"'{value}', the token of n028"]


def test_a_ledger_may_cover_some_sections_and_says_which(data, text, tmp_path):
    """Rows of the other sections are refused, and every numeral of those covered is asked for."""
    report = check.check_data("qinyang-2023", data)[0]
    part = copy.deepcopy(report)
    part.meta["covers"] = ["2.1"]
    said = "one that report.json covers: 2.1"
    outside = {(f.file, f.row) for f in ledger.faults(part) if f.expected == said}
    assert len(outside) == sum(row["section"] != "2.1" for t in ("numerals", "claims") for row in report.tables[t].rows)
    for table in part.tables.data.values():
        if table.name in ("numerals", "claims"):
            table.rows = [row for row in table.rows if row["section"] == "2.1"]
    kept = {row["numeral_id"] for row in part.tables["numerals"].rows}
    for name in ("levels", "growth", "gaps", "rankings", "shares", "targets", "thresholds"):
        part.tables[name].rows = [row for row in part.tables[name].rows if row["numeral_id"] in kept]
    assert proof_text.faults(part, text) == []
    del part.tables["numerals"].rows[2]
    assert [f.column for f in proof_text.faults(part, text)][:1] == ["offset"]
    assert "5 of 5 numerals of the sections covered (2.1)" not in "\n".join(check._summary(report, True))
    assert "numerals of the sections covered (2.1)" in "\n".join(check._summary(part, True))


def test_between_the_end_of_a_section_and_the_next_nothing_is_asked_for(report):
    meta = copy.deepcopy(report.meta)
    meta["sections"][1]["end"] = 60
    assert [ledger.section_at(meta, at) for at in (41, 42, 59, 60, 99, 100)] == ["title", "opening", "opening", "", "", "1"]
    assert not ledger.covered(meta, 60)


def test_two_folders_of_one_report_are_named(data, capsys):
    shutil.copytree(data / "qinyang-2023", data / "qinyang-2023-again")
    assert check.main(["--data", str(data)]) == 1
    assert "qinyang-2023-again/report.json:sha256: found the text of qinyang-2023" in capsys.readouterr().out


def test_a_line_end_written_as_characters_is_named(tmp_path, report):
    (tmp_path / "text.txt").write_text("报告\\r\\n一、回顾", encoding="utf-8")
    (fault,) = proof_text.faults(report, tmp_path / "text.txt")
    assert "written as four characters, \\r\\n, at offset 2" in fault.found


@pytest.mark.parametrize("column", ["role", "section", "value", "period", "area", "flow_or_stock", "price_basis", "kind"])
def test_the_second_reading_may_leave_empty_what_follows(report, column):
    """An empty cell is what follows from the others; where that is not what the tables have, it is a difference."""
    other = copy.deepcopy(report)
    differs = set()
    for row in other.tables["second-reading"].rows:
        if row["table"] and row["table"] != "claims":
            row[column] = ""
    for cell in readings.comparison(other):
        if cell.column == column and cell.first != cell.second:
            differs.add((cell.table, cell.first, cell.second))
    allowed = {("levels", "unknown"), ("growth", "unknown"), ("levels", "qinyang_park")}
    assert all(second is not None for _, _, second in differs)
    assert column in ("area", "period", "price_basis", "flow_or_stock", "kind") or not differs, (differs, allowed)
