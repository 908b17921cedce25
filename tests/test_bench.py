"""The benchmark runs, and its generator makes tables without a fault; how long anything takes is not tested."""

import csv
import importlib.util
import subprocess
import sys

import pytest
from conftest import ROOT
from workreport import check, findings, second_reading
from workreport.tables import DATA, read_report

BENCH = ROOT / "tests/bench"


@pytest.fixture
def grow():
    spec = importlib.util.spec_from_file_location("grow", BENCH / "grow.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_more_rows_are_as_faultless_as_the_first(grow, tmp_path):
    grow.more_rows(DATA, "qinyang-2023", 3, tmp_path / "data")
    report, faults = read_report("qinyang-2023", data=tmp_path / "data")
    assert [*faults, *check.ledger_faults(report), *second_reading.faults(report), *check.figure_faults(report)] == []
    once, _ = read_report("qinyang-2023")
    assert len(report.tables["numerals"].rows) == 3 * len(once.tables["numerals"].rows)
    assert len(report.figures) == 3 * len(once.figures)


def test_a_fault_in_more_rows_is_seen(grow, tmp_path):
    grow.more_rows(DATA, "qinyang-2023", 2, tmp_path / "data")
    path = tmp_path / "data/qinyang-2023/growth.csv"
    head, *rows = csv.reader(path.read_text(encoding="utf-8").splitlines())
    rows[-1][head.index("value")] = "99.9"
    path.write_text("\n".join(map(",".join, [head, *rows])), encoding="utf-8")
    report, _ = read_report("qinyang-2023", data=tmp_path / "data")
    assert list(check.ledger_faults(report))


def test_more_reports_are_folders(grow, tmp_path):
    grow.more_reports(DATA, "qinyang-2023", 3, tmp_path / "data")
    assert len(list((tmp_path / "data").glob("*/report.json"))) == 3


@pytest.mark.slow
def test_the_quick_benchmark_runs():
    page = BENCH / "README.md"
    before = page.is_file() and page.read_bytes()
    command = [sys.executable, str(BENCH / "bench.py"), "--quick", "--notebooks", "92-*"]
    result = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert result.returncode == 0, result.stderr
    for line in ("| make |", "| floor |", "| nothing changed |", "| make check |", "| ×10 |", "| slope 斜率 |"):
        assert line in result.stdout
    assert "1 of 1 notebooks rerun" in result.stdout
    assert (page.is_file() and page.read_bytes()) == before, "only a full run writes the page"


def calls(work):
    """Calls of Python functions while something is done, generators resumed included."""
    counted = 0

    def count(frame, event, argument):
        nonlocal counted
        counted += event == "call"

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return counted


def steps(grow, folder, times):
    """Calls of each step of a report with so many times the rows."""
    grow.more_rows(DATA, "qinyang-2023", times, folder / "data")
    report, _ = read_report("qinyang-2023", data=folder / "data")
    found = {"load": calls(lambda: read_report("qinyang-2023", data=folder / "data"))}
    found["check"] = calls(lambda: [*check.ledger_faults(report), *second_reading.faults(report), *check.figure_faults(report)])
    for name, story in findings.stories().items():
        if name != "readings":  # computes the others again for each reading, of which there are as many as before
            found[name] = calls(lambda story=story: (story.answer(report), findings.charts_of(story, report)))
    return found


def worse_than_linear(few, many, times):
    """Steps whose calls grow by more than so many times, with a fifth to spare for sorting."""
    return [step for step in few if many[step] > 1.2 * times * few[step]]


def test_no_step_takes_more_calls_than_there_is_more_work(grow, tmp_path):
    _, few, many = (steps(grow, tmp_path / str(times), times) for times in (1, 8, 24))  # the first fills what is kept between calls
    assert len(few) > 10 and not worse_than_linear(few, many, 3)
    rows = list(range(50))
    quadratic = [calls(lambda n=n: [sum(r == row for r in rows * n) for row in rows * n]) for n in (8, 24)]
    assert worse_than_linear({"all with all": quadratic[0]}, {"all with all": quadratic[1]}, 3) == ["all with all"]


def test_goals_are_held_against_what_was_measured(monkeypatch):
    monkeypatch.syspath_prepend(BENCH)
    bench = importlib.import_module("bench")
    times = {"make": 10, "nbconvert, notebook by notebook": 36, "nbconvert, one call": 19, "floor": 6}
    rows = list(bench.goals({name: ([seconds], [200.0]) for name, seconds in times.items()}, [("nothing changed", 0.2, "")], [("make check", 3)]))
    assert [row.rsplit("|", 2)[1].strip() for row in rows] == ["met 达到", "not met 未达到", "met 达到", "met 达到", "met 达到", "not met 未达到"]
    assert rows[0] == "| nbconvert, notebook by notebook | times make 倍于 make | ≥ 3.5 | 3.60 | met 达到 |"
