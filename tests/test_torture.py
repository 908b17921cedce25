"""The campaigns in their short form, without an unexplained survivor; what they would see; and the pages they write."""

import ast
import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest
from conftest import ROOT
from torture import __main__ as driver
from torture import code, data, faults, fresh, input
from workreport import collection, rerun
from workreport.share.pages import READMES, filled

CAMPAIGNS = {"data": data, "input": input, "faults": faults, "code": code, "fresh": fresh}
CASES = [(0, True, "a"), (0, False, "cell: published.note"), (1, False, "cell: levels.note"), (1, False, "cell: levels.note")]


def unexplained(cases):
    return [where for _, kept, where in cases if not kept and not driver.reason(where)]


@pytest.mark.slow
@pytest.mark.parametrize("campaign", ["data", "input"])
def test_a_sample_leaves_no_unexplained_survivor(campaign):
    cases = list(CAMPAIGNS[campaign].run(short=True))
    assert len(cases) > 30 and not unexplained(cases)  # without the text of the report there are fewer


def test_campaigns_say_what_they_promise_in_both_languages():
    for module in CAMPAIGNS.values():
        assert len(module.PROMISES) == len(module.NOTES)
        for en, zh in module.PROMISES:
            assert re.search(r"[\u4e00-\u9fff]", zh) and not re.search(r"[\u4e00-\u9fff|]", en)


def test_slips_come_from_what_is_legal_not_from_the_rows_at_hand():
    directions = {row["direction"] for row in data.TABLES["gaps"].rows}
    assert directions == {"above"} and data.legal()["gaps", "direction"] == {"above", "below"}
    tried = Counter((slip.edits[0][0], slip.edits[0][2]) for slip in data.both_slips())
    for table in ("levels", "growth", "gaps", "rankings", "shares", "targets", "thresholds"):
        for column in {"unit", "qualifier", "area", "period", "value", "direction", "price_basis"} & set(data.TABLES[table].columns):
            assert tried[table, column] >= len(data.TABLES[table].rows), (table, column)


def test_a_slip_in_both_readings_changes_every_place_and_is_refused_by_the_text(text):
    slip = next(s for s in data.both_slips() if s.edits[0][:3] == ("gaps", 0, "direction"))
    assert {edit[0] for edit in slip.edits} == {"gaps", "second-reading"} and data.judge(slip) == (True, "")
    slip = next(s for s in data.both_slips() if s.edits[0][:3] == ("growth", 0, "value"))
    assert {edit[0] for edit in slip.edits} == {"growth", "numerals", "second-reading"} and data.judge(slip)[0]


def test_what_is_not_kept_is_seen():
    assert input.cell("levels", "note", "<b>")[0] and not input.cell("levels", "note", "plain words")[0]
    assert input.damage("areas.csv", "CRLF")[0] and input.damage("areas.csv", "gone")[0]
    assert not input.judge((0, input.entry, (("no such section", 0, "start"), 1)))[1]
    assert input.edited("93-worked-example", "cut")[0]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"cells": 3}', b'{"cells": [1]}', b'{"cells": [{"cell_type": "code"}]}', b"\xff"])
def test_a_notebook_that_is_none_is_named(content, monkeypatch, tmp_path, report):
    (tmp_path / "01-none.ipynb").write_bytes(content)
    monkeypatch.setattr(collection, "NOTEBOOKS", tmp_path)
    with pytest.raises(collection.NotebookError, match=r"01-none\.ipynb"):
        collection.run("01-none", report)
    with pytest.raises(rerun.RerunError, match=r"01-none\.ipynb"):
        rerun.sources_of(tmp_path / "01-none.ipynb")


def test_every_module_and_notebook_is_mutated_and_has_tests():
    found = {path: tests for path, tests in code.files()}
    modules = {path for path in (ROOT / "notebooks/workreport").rglob("*.py") if path.stem not in ("__init__", "build")}
    assert set(found) == modules | set((ROOT / "notebooks").glob("[0-9][0-9]-*.ipynb"))
    for path, tests in found.items():
        assert all(go[0].startswith("tests/") for go in tests), path.name
    known = {path.stem for path in modules} | {path.parent.name for path in modules} | {"notebooks"}
    assert set(code.TESTS) <= known, "a module that is gone"


def test_mutants_are_other_programs_and_leave_words_for_people():
    source = 'def f(a, b):\n    """Doc."""\n    if a < b and a != 1:\n        raise ValueError("no good", "word")\n    return min(a, "key")\n'
    found = [text for _, _, text in code.mutants(source)]
    assert len(set(found)) == len(found) == 8 and ast.unparse(ast.parse(source)) not in found
    for text in found:
        ast.parse(text)
        assert '"""Doc."""' in text and "'no good', 'word'" in text
    assert any("a <= b" in text for text in found) and any("max(a" in text for text in found) and any("'keyx'" in text for text in found)


def test_a_notebook_is_put_together_again():
    path = ROOT / "notebooks/93-worked-example.ipynb"
    changed = code.code(path, code.code(path).replace("load(report_name)", "load(report_name) "))
    assert changed.count("load(report_name) ") == 1 and path.read_text(encoding="utf-8").count("load(report_name) ") == 0


@pytest.mark.slow
def test_a_mutant_fails_its_tests_and_the_code_as_it_is_does_not(monkeypatch):
    path, tests = next(case for case in code.files() if case[0].stem == "expressions")
    monkeypatch.setattr(code, "EACH", 1)
    assert all(what.startswith("expressions.py: ") for what, _ in code.tried((path, tests)))
    assert code.tried((path, [["tests/nothing.py"]])) == [("expressions.py: fails before anything is changed: --collect-only", False)]


def test_pages_are_made_of_the_cases_and_say_where_the_code_has_moved_on(monkeypatch):
    promises, now = (("One", "一"), ("Two", "二")), driver.product()
    part = driver.section("data", CASES, promises, ("Note.", ""), 3)
    assert "| One | 一 | 2 | 1 | 1 | 1 |" in part and "| Two | 二 | 2 | 0 | 2 | 2 |" in part and "- 2 survived: Words of this project" in part
    assert not unexplained(CASES) and unexplained([(0, False, "somewhere new")])
    table = driver.in_readme([part], "en", now)
    assert re.fullmatch(r"\| One \| 2 \| 1 \| 1 \| 1 \| `\S+` \|", table[2]) and len(table) == 4
    assert driver.in_readme([part], "zh", "0" * 12)[2].endswith(" † |") and driver.in_readme([part], "zh", "0" * 12)[-1].startswith("† ")
    monkeypatch.setattr(driver, "PAGE", Path(driver.PAGE.parent / "no.md"))
    monkeypatch.setattr(Path, "read_text", lambda self, **how: part if self.name == "no.md" else open(self, **how).read())
    made = driver.written({"input": part.replace("## data", "## input")})
    assert re.findall("^## (.*)", made[driver.PAGE], re.M) == ["data", "input"]
    monkeypatch.undo()


def test_an_unexplained_survivor_fails_the_command(monkeypatch, capsys):
    class Broken:
        PROMISES, NOTES, run = (("Nothing breaks", "不破"), ("Nor this", "亦然")), ("", ""), staticmethod(lambda short: [(0, False, "new")] * 2)

    monkeypatch.setattr(driver.importlib, "import_module", lambda *_: Broken)
    monkeypatch.setenv("ONLY", "data")
    monkeypatch.setenv("SHORT", "1")
    assert driver.main() == 1
    printed = capsys.readouterr().out
    assert "| Nothing breaks | 不破 | 2 | 0 | 2 | 0 |" in printed and "not explained: new (2 cases)" in printed
    assert "not explained: not tried: Nor this" in printed
    monkeypatch.setenv("ONLY", "dada")
    assert driver.main() == 1 and "no campaign dada" in capsys.readouterr().out


def test_readme_says_what_was_measured():
    """Where the code has moved on since, `make torture ONLY=page` says so."""
    parts = [part[0] for part in driver.SECTION.finditer(driver.PAGE.read_text(encoding="utf-8"))]
    for lang, path in READMES.items():
        text = path.read_text(encoding="utf-8")
        assert text == filled(text, "promises", driver.in_readme(parts, lang, driver.product())), "run make torture ONLY=page"
    for part in parts:
        for *_, survived, why in driver.CELLS.findall(part):
            assert survived == why, part


def test_every_explanation_says_why_and_matches_nothing_else():
    known = tomllib.loads(driver.REASONS.read_text(encoding="utf-8"))
    assert all(len(why) > 50 and why.endswith(".") for why in known)
    assert driver.reason("somewhere new") is None and driver.reason("row dropped: levels") is None


def test_a_numeral_without_its_token_is_refused_by_the_text_check(text):
    slip = next(s for s in data.both_slips() if ("numerals", "token", "") in {(t, c, new) for t, _, c, new in s.edits})
    assert data.judge(slip) == (True, "")
