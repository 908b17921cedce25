"""The benchmark's generator makes tables without a fault, no step costs more than there is more work, goals are held."""

import cProfile
import csv
import importlib

import pytest
from conftest import ROOT
from workreport import collection
from workreport.proof import check
from workreport.tables import DATA, load_report, report_names

BENCH = ROOT / "tests/bench"
NAME = "qinyang-2023"


@pytest.fixture
def grow(monkeypatch):
    monkeypatch.syspath_prepend(BENCH)
    return importlib.import_module("grow")


def test_more_rows_are_as_faultless_as_the_first(grow, tmp_path):
    grow.more_rows(DATA, NAME, 3, tmp_path / "data")
    report, faults = check.check_data(NAME, tmp_path / "data")
    once = load_report(NAME)
    assert faults == []
    for name in ("numerals", "growth", "second-reading", "identities"):
        assert len(report.tables[name].rows) == 3 * len(once.tables[name].rows)


def test_a_fault_in_more_rows_is_seen(grow, tmp_path):
    grow.more_rows(DATA, NAME, 2, tmp_path / "data")
    path = tmp_path / f"data/{NAME}/growth.csv"
    head, *rows = csv.reader(path.read_text(encoding="utf-8").splitlines())
    rows[-1][head.index("value")] = "99.9"
    path.write_text("\n".join(map(",".join, [head, *rows])), encoding="utf-8")
    assert any(f"growth.csv:{len(rows) + 1}:value" in str(fault) for fault in check.check_data(NAME, tmp_path / "data")[1])


def test_more_reports_are_folders(grow, tmp_path):
    grow.more_reports(DATA, NAME, 3, tmp_path / "data")
    assert len(list((tmp_path / "data").glob("*/report.json"))) == len(report_names()) + 2
    grow.more_reports(DATA, NAME, 3, tmp_path / "alone", alone=True)
    assert sorted(path.parent.name for path in (tmp_path / "alone").glob("*/report.json")) == [NAME, f"{NAME}-1", f"{NAME}-2"]


def calls(work):
    """Calls of functions while something is done, generators resumed included."""
    profile = cProfile.Profile()
    profile.runcall(work)
    return sum(entry.callcount for entry in profile.getstats())


def worse_than_linear(few, many, times):
    """Steps whose calls grow by more than so many times, with a fifth to spare for sorting."""
    return [step for step in few if many[step] > 1.2 * times * few[step]]


@pytest.mark.slow
def test_no_step_takes_more_calls_than_there_is_more_work(grow, tmp_path):
    def steps(times):
        data = tmp_path / f"{len(list(tmp_path.iterdir()))}" / "data"
        grow.more_rows(DATA, NAME, times, data)
        report = load_report(NAME, data=data)
        found = {"load": calls(lambda: load_report(NAME, data=data)), "check": calls(lambda: check.check_data(NAME, data))}
        stems = [stem for stem in collection.stems() if stem < "9"]  # the last run the others again
        return found | {stem: calls(lambda stem=stem: collection.run(stem, report)) for stem in stems}

    _, few, many = map(steps, (1, 1, 2))  # the first fills what is kept between calls
    assert not worse_than_linear(few, many, 2)
    quadratic = [{"all with all": calls(lambda n=n: [sum(True for _ in range(n)) for _ in range(n)])} for n in (80, 160)]
    assert worse_than_linear(*quadratic, 2) == ["all with all"]


def test_cost_is_held_against_the_goals_and_the_page_is_made_of_it(grow):
    bench = importlib.import_module("bench")
    grown = {1: {"load": 1, "draw": 2}, 2: {"load": 2, "draw": 2}}
    times = {"make": [10, 30, 10], "nbconvert, notebook by notebook": [36], "nbconvert, one call": [19], "floor": [6]}
    changed = [("nothing changed", 0.2, "x\nNothing to do"), ("a cell of a notebook changed", 4, "2 of 12 notebooks rerun")]
    full, part = bench.REPORTS
    text = bench.page(times, changed, {"rows 行数": grown}, {(full, 1): (70, 60, 0.2, 20), (part, 1): (30, 24, 0.2, 5), (part, 3): (90, 72, 0.2, 15)})
    for line in (
        "| nbconvert, notebook by notebook | times make 倍于 make | ≥ 3.5 | 3.6 | met 达到 |",
        "| nbconvert, one call | times make 倍于 make | ≥ 2.2 | 1.9 | not met 未达到 |",
        "| make | times the floor 倍于下限 | ≤ 1.4 | 1.67 | not met 未达到 |",
        "| nothing changed | seconds 秒 | ≤ 0.5 | 0.2 | met 达到 |",
        "| a cell of a notebook changed | notebooks rerun 重跑的笔记本 | ≤ 1 | 2 | not met 未达到 |",
        "| make | 10.0 | 10 30 10 | 1.00 |", "| nothing changed | 0.20 | Nothing to do |", "| ×2 |", f"| {part} ×3 | 90.0 | 72.0 | 0.20 | 15.0 |",
        "| slope 斜率 | 1.00 | 0.00 |", "| slope 斜率 | 1.00 | 1.00 | 0.00 | 1.00 |", "one core 50 hours", "and 20 if",
    ):  # fmt: skip
        assert line in text, line
    assert text.split("\n")[0] in (ROOT / "tests/bench/README.md").read_text(encoding="utf-8")
