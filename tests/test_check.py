"""The proof: any changed digit is named, the text is proven, the second reading and the guards bite."""

import copy
import json
import re
import shutil
import subprocess
import sys

import pytest
from conftest import ROOT, moved
from workreport.proof import check, grammar, ledger, readings, relations
from workreport.proof import text as proof_text
from workreport.tables import SHARED_TABLES, load_report, report_names

GROWTH = ("增长1.5%,居", "下降1.5%,居")  # G04, numeral n028


def found(report):
    return [str(fault) for fault in check.contradictions(report)]


def spoilt(report, *changes):
    """The report with cells changed in memory: file, row from 0, column, new."""
    other = moved(report)
    for file, row, column, new in changes:
        next(t for t in other.tables.data.values() if t.file.endswith(file)).rows[row][column] = new
    return other


def without_line(path, at):
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:at] + lines[at + 1 :]), encoding="utf-8")


@pytest.fixture
def said(capsys):
    """Run ``make check`` with some arguments: its exit status and what it prints."""
    return lambda *arguments: (check.main([*map(str, arguments)]), capsys.readouterr().out)


@pytest.fixture
def words(text):
    return text.read_text(encoding="utf-8-sig")


@pytest.fixture
def variant(report, words, tmp_path):
    """The report and its text with some characters of it changed at equal length; cells of n028 and G04 with it."""

    def make(old, new, token="1.5", **cells):
        assert words.count(old) == 1 and len(old) == len(new)
        changed = words.replace(old, new)
        (tmp_path / "text.txt").write_text(changed, encoding="utf-8")
        other = moved(report)
        other.meta["sha256"] = proof_text.digest(changed)
        other.numerals["n028"].update(token=token, offset=str(changed.index(token, words.index(old))))
        other.rows["G04"][1].update(cells)
        return other, tmp_path / "text.txt"

    return make


def test_success_prints_one_line_per_table(report):
    command = [sys.executable, "-m", "workreport.proof.check"]
    result = subprocess.run(command, cwd=ROOT / "notebooks", capture_output=True, encoding="utf-8")
    lines, shared = result.stdout.splitlines(), len(SHARED_TABLES)
    assert result.returncode == 0
    assert "qinyang-2023/numerals.csv: 255 rows: 171 figure" in result.stdout
    assert len([line for line in lines if ".csv: " in line]) == shared + (len(report.tables) - shared) * len(report_names())
    assert lines[-1].startswith("qinyang-2023: the text was not checked")
    assert check.check_data("qinyang-2023")[0].figures.keys() == load_report().figures.keys()


def test_a_figure_changed_in_table_and_ledger_alike_is_named_by_the_second_reading(report):
    at = next(i for i, row in enumerate(report.tables["numerals"].rows) if row["numeral_id"] == "n012")
    faults = found(spoilt(report, ("growth.csv", 0, "value", "4.9"), ("numerals.csv", at, "token", "4.9")))
    assert any(f"numerals.csv:{at + 2}:token: found '4.9', expected '4.8', as second-reading.csv:" in f for f in faults)
    assert any("growth.csv:2:value" in f for f in faults)


BROKEN = [
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
    ("gaps.csv", 0, "subject", "", "what is compared or ranked: G01"),
    ("gaps.csv", 0, "subject", "G77", "the id of a figure"),
    ("targets.csv", 0, "outcome", "G02", "a figure of gdp"),
    ("thresholds.csv", 0, "counted", "L05", "a figure of key_projects"),
    ("growth.csv", 0, "price_basis", "nominal", "as indicators.csv defines gdp"),
    ("levels.csv", 0, "flow_or_stock", "stock", "as indicators.csv says of gdp"),
    ("levels.csv", 0, "unit", "尺", "a number with a unit of units.csv"),
    ("levels.csv", 0, "unit", "番", "units.csv refuses it"),
    ("gaps.csv", 0, "comparator", "target_of_hainan", "an id of areas.csv, target_of_ before one"),
    ("shares.csv", 0, "plan", "", "a plan of every completion"),
    ("shares.csv", 5, "kind", "ratio", "as indicators.csv says"),
    ("shares.csv", 5, "value", "100.1", "at most 100 %"),
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
    ("sources.csv", 0, "quality", "third-party panel", "what to beware of (quality: third-party panel)"),
    ("sources.csv", 38, "caveat_zh", "", "what to beware of (quality: encyclopedia copy)"),
    ("readings.csv", 0, "low", "12.4", "12.5 to 13.5, as G03 is stated"),
    ("readings.csv", 1, "low", "13.01", "an interval that holds 13"),
    ("readings.csv", 1, "high", "12.99", "an interval that holds 13"),
    ("readings.csv", 1, "high", "x", "two numbers"),
    ("readings.csv", 1, "adopted", "yes", "one is adopted at most"),
    ("readings.csv", 4, "low", "7", "only a reading of a value has an interval"),
    ("readings.csv", 2, "figure_ids", "G77", "G77 is none"),
    ("second-reading.csv", 1, "offset", "0", "one row a figure"),
    ("second-reading.csv", 153, "section", "2.1", "'1.3', as on line 154"),
]


@pytest.mark.parametrize(("file", "row", "column", "new", "expected"), BROKEN)
def test_each_rule_has_a_failing_example(report, file, row, column, new, expected):
    assert any(expected in f and file in f for f in found(spoilt(report, (file, row, column, new))))


def test_a_problem_names_figures_of_the_report(report):
    other = moved(report, ("report.json", "problems", "", [{"figures": ["G01", "G999"]}]))
    (fault,) = found(other)
    assert "report.json:problems[0].figures: found 'G999'" in fault


def test_a_mended_source_trips_the_guard_of_a_doubt(report):
    """If the report stated 13.0, the doubt about the missing decimal would be stale."""
    other = spoilt(report, ("growth.csv", 2, "value", "13.0"))
    assert [f.column for f in relations.faults(other) if f.file.endswith("errata.csv")] == ["guard"]


@pytest.mark.parametrize("drop", ["levels.csv", "numerals.csv", "claims.csv", "second-reading.csv"])
def test_a_dropped_row_is_found(data, drop):
    without_line(data / "qinyang-2023" / drop, 9)
    assert check.check_data("qinyang-2023", data)[1]


def test_a_row_that_only_one_reading_has_is_settled_by_an_entry_or_named(report):
    other = moved(report)
    log = other.tables["discrepancies"]
    log.rows = [row for row in log.rows if row["offset"] != "2584"]
    (fault,) = found(other)
    assert "'全省推广' at offset 2584, not in the second reading" in fault
    other = moved(report, ("second-reading", "5417", "-", ""))  # an entry says that the second reading alone had it
    (fault,) = found(other)
    assert "'未发生' at offset 5417, not in the second reading" in fault


def test_an_entry_without_a_difference_is_stale(report):
    other = spoilt(report, ("discrepancies.csv", 1, "first_reading", "flow"))
    assert not [f for f in readings.faults(other) if f.column == "first_reading"]
    other.rows["L31"][1]["flow_or_stock"] = other.tables["discrepancies"].rows[1]["settled"] = "flow"
    assert [f.expected for f in readings.faults(other) if f.column == "first_reading"] == ["a difference"]


def test_a_figure_read_twice_and_numerals_over_each_other_are_named(report):
    other = moved(report)
    table = other.tables["second-reading"]
    at = next(i for i, row in enumerate(table.rows) if row["table"] == "growth")
    table.rows.insert(at + 1, dict(table.rows[at]))
    table.lines.append(table.lines[-1] + 1)
    assert any(f"again (first on line {at + 2})" in f for f in found(other))
    before = report.tables["numerals"].rows[19]
    last = str(int(before["offset"]) + len(before["token"]) - 1)
    assert any(f"more than {last}, the end" in f for f in found(spoilt(report, ("numerals.csv", 20, "offset", last))))


def test_rates_count_what_the_log_holds(report):
    rates = readings.rates(report)
    log = [row for row in report.tables["discrepancies"].rows if row["first_reading"] != row["second_reading"]]
    assert sum(rate["differed"] for rate in rates) == len(log) == 10
    assert sum(rate["cells"] for rate in rates) > 2000


@pytest.mark.parametrize("column", ["role", "section", "value", "period", "area", "flow_or_stock", "price_basis", "kind"])
def test_the_second_reading_may_leave_empty_what_follows(report, column):
    """An empty cell is what follows from the others; where that is not what the tables have, it is a difference."""
    other = moved(report)
    for row in other.tables["second-reading"].rows:
        if row["table"] not in ("", "claims"):
            row[column] = ""
    differs = [c for c in readings.comparison(other) if c.column == column and c.first != c.second]
    assert all(cell.second is not None for cell in differs)
    assert column not in ("role", "section", "value") or not differs


# The text


def test_the_text_proves_every_place(text, said):
    status, out = said("--text", text)
    assert status == 0 and "255 of 255 numerals of the readable part are in the ledger" in out


def test_the_text_may_have_a_mark_or_crlf(text, tmp_path, report):
    (tmp_path / "text.txt").write_bytes(b"\xef\xbb\xbf" + text.read_bytes().replace(b"\n", b"\r\n"))
    assert proof_text.faults(report, tmp_path / "text.txt") == []


def test_a_text_that_cannot_be_the_report_gets_one_message(words, tmp_path, report, said):
    path = tmp_path / "text.txt"
    for content, expected in (
        ((words[:1000] + "某" + words[1001:]).encode(), "first different between characters 1000 and 1199 (section 1.1)"),
        (words.encode() + b"!", report.meta["sha256"][:12]),
        ("报告".encode("gb18030"), "not UTF-8 at byte 0"),
        ("报告\\r\\n一、回顾".encode(), "written as four characters, \\r\\n, at offset 2"),
    ):
        path.write_bytes(content)
        (fault,) = proof_text.faults(report, path)
        assert expected in str(fault)
    assert said("--text", tmp_path / "none")[0] == 1
    (fault,) = proof_text.faults(report, tmp_path / "none")
    assert "no readable file" in str(fault)
    whole = {"block_characters": 2, "block_sha256": [proof_text.digest("报告")[:12]], "characters": 2}
    assert proof_text.first_difference(whole, "报告某") == "the same up to character 2 and longer after it"


def test_wrong_offsets_and_missing_numerals_are_found_by_the_text(text, report):
    other = spoilt(report, ("numerals.csv", 30, "offset", "1"), ("claims.csv", 0, "offset", "3"))
    faults = " ".join(str(f) for f in proof_text.faults(other, text))
    assert all(part in faults for part in ("numerals.csv:32:offset", "no row for", "claims.csv:2:term"))


def test_units_bounds_and_sides_are_proven_by_the_words_of_the_text(words, report):
    """Even where both readings hold the same slip."""
    assert list(proof_text.word_faults(report, words)) == []
    changes = [("levels.csv", 0, "unit", "万元"), ("gaps.csv", 0, "unit", "位"), ("claims.csv", 0, "kind", "record"), ("numerals.csv", 10, "role", "date")]
    changes += [("targets.csv", 0, "unit", "％"), ("shares.csv", 0, "qualifier", "about")]
    changes += [("gaps.csv", row, "direction", "below") for row in range(len(report.tables["gaps"].rows))]
    faults = proof_text.word_faults(spoilt(report, *changes), words)
    assert sorted((f.file.partition("/")[2], f.row - 2, f.column) for f in faults) == sorted(change[:3] for change in changes)
    wrong = [f.row for f in proof_text.word_faults(report, words.replace("分别高于", "分别低于")) if f.column == "direction"]
    assert wrong == list(range(2, 14)), "a text that says below refuses above"


def test_a_rise_where_the_text_says_a_fall_is_refused_and_a_fall_can_be_written(report, variant, words):
    other, path = variant(*GROWTH)
    (fault,) = proof_text.faults(other, path)
    assert (fault.column, fault.found) == ("value", "'1.5'") and "'-1.5': the text says 下降 before it" in fault.expected
    other, path = variant(*GROWTH, value="-1.5")
    assert proof_text.faults(other, path) == [] and list(ledger.faults(other)) == []
    assert (other.figures["G04"].quantity.value, other.figures["G04"].decimals) == (-report.figures["G04"].quantity.value, 1)
    (fault,) = proof_text.word_faults(spoilt(report, ("growth.csv", 3, "value", "-1.5")), words)
    assert "'1.5': the text has no word for a fall before it" in fault.expected


@pytest.mark.parametrize(("new", "token"), [("增长1．5%,居", "1．5"), ("增长1.5％,居", "1.5")])
def test_full_width_characters_are_the_plain_ones(variant, new, token):
    other, path = variant(GROWTH[0], new, token)
    assert proof_text.faults(other, path) == [] and list(ledger.faults(other)) == []


def test_a_space_inside_a_number_is_named_and_makes_no_figure(variant):
    other, path = variant(GROWTH[0], "增长1 5%,居", "1 5", value="1 5")
    assert proof_text.faults(other, path) == []
    assert any("a space inside a number at offset 1" in str(fault) for fault in ledger.faults(other))


@pytest.mark.parametrize(("word", "value", "unit"), [("持平", "0", "%"), ("首位", "1", "位"), ("翻番", "1", "倍")])
def test_a_word_states_a_number_where_the_ledger_has_it(word, value, unit, variant):
    """The four characters of a rate give way to the word; its row of the ledger names it, its figure has what it states."""
    other, path = variant(GROWTH[0], f"比上年{word}了,居", word, value=value, unit=unit)
    assert proof_text.faults(other, path) == []
    assert not [f for f in ledger.faults(other) if f.column == "value"]
    other.rows["G04"][1]["value"] = "7"
    assert [f.expected for f in ledger.faults(other) if f.column == "value"] == [f"'{value}', the token of n028"]


# A part of the text, several reports


def test_a_ledger_may_cover_some_sections_and_says_which(report, text):
    """Rows of the other sections are refused, and every numeral of those covered is asked for."""
    part = moved(report)
    part.meta["covers"] = ["2.1"]
    outside = {(f.file, f.row) for f in ledger.faults(part) if f.expected == "one that report.json covers: 2.1"}
    assert len(outside) == sum(row["section"] != "2.1" for t in ("numerals", "claims") for row in report.tables[t].rows)
    for name in ("numerals", "claims"):
        part.tables[name].rows = [row for row in part.tables[name].rows if row["section"] == "2.1"]
    kept = {row["numeral_id"] for row in part.tables["numerals"].rows}
    for name in ("levels", "growth", "gaps", "rankings", "shares", "targets", "thresholds"):
        part.tables[name].rows = [row for row in part.tables[name].rows if row["numeral_id"] in kept]
    assert proof_text.faults(part, text) == []
    del part.tables["numerals"].rows[2]
    assert [f.column for f in proof_text.faults(part, text)][:1] == ["offset"]
    assert "the sections covered" not in "\n".join(check._summary(report, True))
    assert "numerals of the sections covered (2.1)" in "\n".join(check._summary(part, True))


def test_between_the_end_of_a_section_and_the_next_nothing_is_asked_for(report):
    meta = copy.deepcopy(report.meta)
    meta["sections"][1]["end"] = 60
    assert [ledger.section_at(meta, at) for at in (41, 42, 59, 60, 99, 100)] == ["title", "opening", "opening", "", "", "1"]
    assert not ledger.covered(meta, 60)


def test_the_check_touches_nothing_and_needs_a_report(data, edit, tmp_path, said):
    edit("growth.csv", 0, "value", "4.x")
    before = {p: p.read_bytes() for p in data.rglob("*") if p.is_file()}
    status, out = said("--data", data)
    assert status == 1 and "growth.csv:2:value: found '4.x'" in out and "qinyang-2023: 4 faults\n" in out
    assert before == {p: p.read_bytes() for p in data.rglob("*") if p.is_file()}
    (data / "qinyang-2023/report.json").write_text("{", encoding="utf-8")
    assert check.check_data("qinyang-2023", data)[0] is None
    (tmp_path / "empty").mkdir()
    status, out = said("--data", tmp_path / "empty")
    assert status == 1 and "expected a folder with report.json" in out


def test_a_text_is_of_one_report(data, text, tmp_path, meta, said):
    """With two reports a text proves the one it is of; a text of neither is named, and so are two folders of one report."""
    another = data / "another-2023"
    shutil.copytree(data / "qinyang-2023", another)
    for folder in set(data.glob("*-20*")) - {another, data / "qinyang-2023"}:
        shutil.rmtree(folder)
    status, out = said("--data", data)
    assert status == 1 and "qinyang-2023/report.json:sha256: found the text of another-2023" in out
    (another / "report.json").write_text(json.dumps(meta | {"sha256": "0" * 64}), encoding="utf-8")
    status, out = said("--data", data, "--text", text)
    assert status == 0
    assert "another-2023: the text was not checked" in out and "qinyang-2023: the text was checked" in out
    (tmp_path / "other.txt").write_text("报告", encoding="utf-8")
    status, out = said("--data", data, "--text", tmp_path / "other.txt")
    assert status == 1 and "expected the text of one of" in out


def test_the_proof_is_imported_by_no_notebook_and_needs_only_the_core():
    core = {"tables", "frames", "numbers", "units", "expressions", "files"}
    for path in (ROOT / "notebooks/workreport/proof").glob("*.py"):
        assert set(re.findall(r"^from \.\.(\w+) import", path.read_text(encoding="utf-8"), re.M)) <= core
    for path in (ROOT / "notebooks").glob("[0-9]*.ipynb"):
        assert "workreport.proof" not in path.read_text(encoding="utf-8")


def test_every_word_of_the_kinds_stands_in_one_kind(report):
    words = [word for group in grammar._KINDS.values() for word in group]
    assert len(words) == len(set(words))
    assert {row["kind"] for row in report.tables["claims"].rows} <= set(grammar._KINDS)
