"""The check: any changed digit is named, the text is proven, the second reading and the guards bite."""

import subprocess
import sys

import pytest
from conftest import ROOT
from workreport import check, second_reading
from workreport.printed import printed_faults
from workreport.seal import write_seal
from workreport.tables import load_report


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "workreport.check", *map(str, arguments)],
        cwd=ROOT / "notebooks",
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


def test_success_prints_one_line_per_table():
    result = run()
    assert result.returncode == 0
    lines = result.stdout.splitlines()
    assert "qinyang-2023/numerals.csv: 255 rows: 171 figure" in result.stdout
    assert len([line for line in lines if ".csv: " in line]) == len(load_report().tables)
    assert lines[-1].startswith("qinyang-2023: the text was not checked")


def test_a_changed_figure_is_named_by_the_readings_not_only_by_the_seal(data, edit):
    """Even with a fresh seal, a digit changed in value and token alike differs from the second reading."""
    report = load_report(data=data)
    row = next(i for i, r in enumerate(report.tables["numerals"].rows) if r["numeral_id"] == "n012")
    edit("growth.csv", 0, "value", "4.9")
    line = edit("numerals.csv", row, "token", "4.9")
    write_seal([load_report(data=data)], data)
    found = [str(f) for f in check.check_data("qinyang-2023", data)[1]]
    assert any(f"numerals.csv:{line}:token: found '4.9', expected '4.8', as second-reading.csv:" in f for f in found)
    assert any("growth.csv:2:value" in f for f in found)


@pytest.mark.parametrize(
    ("file", "row", "column", "new", "said"),
    [
        ("rankings.csv", 1, "aspect", "level", "a figure of levels"),
        ("rankings.csv", 1, "subject", "L01", "a figure of growth"),
        ("rankings.csv", 13, "out_of", "七", "the token of"),
        ("rankings.csv", 13, "out_of_numeral_id", "", "both or neither"),
        ("gaps.csv", 0, "subject", "G02", "a figure of gdp"),
        ("gaps.csv", 0, "subject", "G77", "the id of a figure"),
        ("growth.csv", 0, "price_basis", "nominal", "as indicators.csv defines gdp"),
        ("shares.csv", 5, "value", "940", "the token of"),
        ("numerals.csv", 20, "role", "name", "the role figure"),
        ("numerals.csv", 20, "section", "1.2", "the section at offset"),
        ("numerals.csv", 20, "offset", "1", "more than"),
        ("identities.csv", 0, "expression", "L59 < L60", "that it holds"),
        ("identities.csv", 0, "expected", "fails", "that it fails"),
        ("identities.csv", 0, "expression", "L60 <", "an expression over figures"),
        ("identities.csv", 0, "expression", "L999 < L60", "figure L999 is in none"),
        ("errata.csv", 4, "guard", "G03.decimals == 1", "that it holds"),
        ("errata.csv", 0, "figure_ids", "S01 L99", "the id of a figure"),
        ("discrepancies.csv", 0, "settled", "stock", "as levels has it"),
        ("discrepancies.csv", 0, "second_reading", "stock", "as second-reading.csv has it"),
        ("published.csv", 40, "value", "6.8", "the result of the formula"),
        ("published.csv", 39, "published_id", "P940", "the result of the formula"),
        ("published.csv", 0, "status", "not_found", "exactly where nothing was found"),
        ("readings.csv", 0, "low", "12.4", "12.5 to 13.5, as G03 is printed"),
        ("readings.csv", 1, "low", "13.01", "an interval that holds 13"),
        ("readings.csv", 2, "figure_id", "G77", "the id of a figure"),
        ("second-reading.csv", 1, "offset", "0", "one row a figure"),
        ("second-reading.csv", 152, "section", "2.1", "'1.3', as on line 153"),
    ],
)
def test_each_relation_has_a_failing_example(data, edit, file, row, column, new, said):
    edit(file, row, column, new)
    assert any(said in str(f) and file in str(f) for f in check.check_data("qinyang-2023", data)[1])


def test_a_mended_source_trips_the_errata_guard(data, edit):
    """If the report printed 13.0, the erratum about the missing decimal would be stale."""
    edit("growth.csv", 2, "value", "13.0")
    report = load_report(data=data)
    assert any("errata.csv:6:guard" in str(f) for f in check.figure_faults(report))


def test_a_share_above_a_hundred_and_an_impossible_place(data, edit):
    edit("shares.csv", 5, "value", "940")
    edit("rankings.csv", 13, "value", "7")
    found = [str(f) for f in check.figure_faults(load_report(data=data))]
    assert any("940 %" in f and "at most 100 %" in f for f in found)
    assert any("place 7 of 六" in f for f in found)


@pytest.mark.parametrize("drop", ["levels.csv", "numerals.csv", "claims.csv", "second-reading.csv"])
def test_a_dropped_row_is_found(data, drop):
    path = data / "qinyang-2023" / drop
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:9] + lines[10:]), encoding="utf-8")
    assert check.check_data("qinyang-2023", data)[1]


def test_the_text_proves_every_place(text):
    result = run("--text", text)
    assert result.returncode == 0
    assert "255 of 255 numerals of the recovered part are in the ledger (100 %)" in result.stdout


@pytest.mark.parametrize("change", [lambda b: b"\xef\xbb\xbf" + b, lambda b: b.replace(b"\n", b"\r\n")])
def test_the_text_may_have_a_mark_or_crlf(text, tmp_path, report, change):
    copy = tmp_path / "text.txt"
    copy.write_bytes(change(text.read_bytes()))
    assert check.text_faults(report, copy) == []


def test_another_text_gets_one_message(text, tmp_path, report, meta):
    copy = tmp_path / "text.txt"
    words = text.read_text(encoding="utf-8")
    copy.write_text(words[:1000] + "某" + words[1001:], encoding="utf-8")
    (fault,) = check.text_faults(report, copy)
    assert meta["sha256"][:12] in str(fault)
    assert "first different between characters 1000 and 1199 (section 1.1)" in str(fault)


def test_unreadable_texts_get_one_message(tmp_path, report):
    (fault,) = check.text_faults(report, tmp_path / "none.txt")
    assert "no readable file" in str(fault)
    (tmp_path / "gbk.txt").write_bytes("报告".encode("gb18030"))
    (fault,) = check.text_faults(report, tmp_path / "gbk.txt")
    assert "not UTF-8" in str(fault)
    assert run("--text", tmp_path / "none.txt").returncode == 1


def test_wrong_offsets_and_missing_numerals_are_found_by_the_text(text, report):
    import copy

    other = copy.deepcopy(report)
    other.tables["numerals"].rows[30]["offset"] = "1"
    other.tables["claims"].rows[0]["offset"] = "3"
    found = [str(f) for f in check.text_faults(other, text)]
    assert any("numerals.csv:32:offset" in f for f in found)
    assert any("no row for" in f for f in found)
    assert any("claims.csv:2:term" in f for f in found)


def test_the_seal_is_renewed_only_when_nothing_else_is_at_fault(data, edit):
    edit("indicators.csv", 0, "definition_en", "Another definition")
    assert run("--data", data).returncode == 1
    assert run("--data", data, "--seal").returncode == 0
    assert run("--data", data).returncode == 0
    edit("growth.csv", 0, "value", "4.9")
    before = (data / "seal.json").read_bytes()
    assert run("--data", data, "--seal").returncode == 1
    assert (data / "seal.json").read_bytes() == before


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


def test_the_upper_bound_is_exact():
    """Against the closed form for no difference and a tabulated value for one in ten."""
    assert second_reading.upper_bound(0, 255) == pytest.approx(1 - 0.05 ** (1 / 255))
    assert second_reading.upper_bound(1, 10) == pytest.approx(0.39416, abs=1e-5)
    assert second_reading.upper_bound(3, 3) == 1


def test_rates_count_what_the_log_holds(report):
    cells, differed = second_reading.totals(report)
    assert differed == len(report.tables["discrepancies"].rows)
    assert cells > 2000


@pytest.mark.parametrize(
    ("file", "row", "column", "new"),
    [("levels.csv", 0, "unit", "万元"), ("gaps.csv", 0, "unit", "位"), ("shares.csv", 0, "qualifier", "about")],
)
def test_a_unit_and_a_qualifier_are_proven_by_the_words_of_the_text(text, report, file, row, column, new):
    """Even where both readings hold the same slip."""
    import copy

    words = text.read_text(encoding="utf-8-sig")
    other = copy.deepcopy(report)
    assert list(printed_faults(other, words)) == []
    next(t for t in other.tables.values() if t.file.endswith(file)).rows[row][column] = new
    assert [(f.row, f.column) for f in printed_faults(other, words)] == [(row + 2, column)]


def test_the_text_of_another_report_does_not_count_as_checked(data, text, tmp_path):
    """With two reports a text proves the one it is of, and a text of neither is named."""
    import shutil

    shutil.copytree(data / "qinyang-2023", data / "another-2023")
    write_seal([load_report(name, data=data) for name in ("qinyang-2023", "another-2023")], data)
    meta = data / "another-2023/report.json"
    meta.write_text(meta.read_text(encoding="utf-8").replace(load_report().meta["sha256"], "0" * 64), encoding="utf-8")
    write_seal([load_report(name, data=data) for name in ("qinyang-2023", "another-2023")], data)
    result = run("--data", data, "--text", text)
    assert result.returncode == 0
    assert "another-2023: the text was not checked" in result.stdout and "qinyang-2023: the text was checked" in result.stdout
    (tmp_path / "other.txt").write_text("报告", encoding="utf-8")
    result = run("--data", data, "--text", tmp_path / "other.txt")
    assert result.returncode == 1 and "expected the text of one of" in result.stdout


def test_a_seal_whose_digests_disagree_is_named(data):
    path = data / "seal.json"
    words = path.read_text(encoding="utf-8")
    first = words.partition('"rows":[')[2].split('"')[1]
    path.write_text(words.replace(first, "0" * 10, 1), encoding="utf-8")
    assert any(str(f).startswith("seal.json:") and "disagree" in str(f) for f in check.check_data("qinyang-2023", data)[1])


def test_a_dropped_and_an_added_row_are_placed(data):
    path = data / "qinyang-2023/errata.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:4] + lines[5:]), encoding="utf-8")
    assert any("errata.csv:5: found" in str(f) and "1 of them here" in str(f) for f in check.check_data("qinyang-2023", data)[1])
    path.write_text("".join(lines[:4] + [lines[4].replace("E04", "E44")] + lines[4:]), encoding="utf-8")
    assert any(
        "errata.csv:5: found" in str(f) and "1 here that are not sealed" in str(f) for f in check.check_data("qinyang-2023", data)[1]
    )
