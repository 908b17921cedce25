"""Paths and data that the tests share."""

import gc
import json
import os
import shutil
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "notebooks"), str(ROOT / "tests")]

from workreport.tables import DATA, Report, Table, load_report  # noqa: E402

TEXT = ROOT.parent / "shared/source/qinyang-2023.txt"
gc.set_threshold(50_000)  # as a kernel of make


def pytest_configure(config):
    config.addinivalue_line("markers", "slow: runs a whole notebook or several processes")


# Each file is run by one worker: those that take longest begin first, so that all workers end together.
LONGEST = ("test_notebooks", "test_site", "test_lab", "test_perturbations", "test_rerun", "test_reports", "test_project", "test_read", "test_bench")


def pytest_collection_modifyitems(items):
    """Fast tests first; where several workers run, those of each file."""

    def rank(item):
        name, slow = item.path.stem, item.get_closest_marker("slow") is not None
        at = LONGEST.index(name) if name in LONGEST else len(LONGEST)
        return (at, slow) if "PYTEST_XDIST_WORKER" in os.environ else (slow,)

    items.sort(key=rank)


def copy_of_project(folder):
    """Everything that a rerun needs, in another folder."""
    for name in ("notebooks", "data", "figures", ".jupyter"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints"))
    for name in ("requirements.lock", "README.md", "README.zh-CN.md", "CITATION.cff"):
        shutil.copy(ROOT / name, folder)
    return folder


def moved(report, *changes):
    """A report whose tables were changed in memory, nothing checked.

    Parameters
    ----------
    report : Report
    *changes : (str, str, str, str)
        Table, id of the row (its first cell, ``*`` for all), column, new value; the column ``-`` removes the row, and
        the table ``report.json`` changes an entry named by the id.
    """
    meta, tables = dict(report.meta), {}
    for name, table in report.tables.data.items():
        tables[name] = Table(table.name, table.file, list(table.columns), [dict(row) for row in table.rows], list(table.lines))
    for name, key, column, value in changes:
        if name == "report.json":
            meta[key] = value
            continue
        table = tables[name]
        if key == "*":
            table.rows.clear(), table.lines.clear()
            continue
        row = next((r for r in table.rows if r[table.columns[0]] == key), None)
        assert row is not None, f"{name} has no row {key}"
        if column == "-":
            del table.lines[table.rows.index(row)]
            table.rows.remove(row)
        else:
            assert column in row, f"{name} has no column {column}"
            row[column] = value
    return Report(report.name, meta, tables)


@pytest.fixture(scope="session")
def report():
    return load_report()


@pytest.fixture(scope="session")
def drawn(tmp_path_factory):
    """A copy of the project run in Chinese once for all workers: ``zh/`` has the notebooks, ``figures/`` every figure."""
    from workreport import kernels
    from workreport.files import Busy, only_one

    base = tmp_path_factory.getbasetemp()
    base = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    project, lock = base / "drawn", base / "drawn lock"
    while not (project / "zh").exists():
        try:
            with only_one(lock):
                if not (project / "zh").exists():
                    shutil.rmtree(project, ignore_errors=True)
                    copy_of_project(project)
                    for path in (project / "figures").glob("[0-9]*"):
                        path.unlink()
                    jobs = [(path, "zh") for path in sorted((project / "notebooks").glob("[0-9][0-9]-*.ipynb"))]
                    texts = kernels.execute_all(jobs, figures=project / "figures")
                    (project / "new").mkdir()
                    for (path, _), text in texts.items():
                        (project / "new" / path.name).write_text(text, encoding="utf-8")
                    (project / "new").rename(project / "zh")
        except Busy:
            time.sleep(1)
    return project


@pytest.fixture(scope="session")
def chinese(drawn):
    """Text of every notebook executed in Chinese, by stem."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted((drawn / "zh").iterdir())}


@pytest.fixture(scope="module")
def chromium():
    """A browser for one module: Playwright's event loop may not outlive it."""
    import browser

    with browser.start() as running:
        yield running


@pytest.fixture
def data(tmp_path):
    """A copy of the data to spoil."""
    return Path(shutil.copytree(DATA, tmp_path / "data"))


@pytest.fixture
def text():
    """Path of the report's text, where it is present."""
    if not TEXT.is_file():
        pytest.skip("the text of the report is not here; everything else works without it")
    return TEXT


@pytest.fixture
def edit(data):
    """Change one cell of a copied table: ``edit("levels.csv", row, column, new)``; row counts from 0."""
    import csv

    def change(file, row, column, new):
        path = next(p for p in (data / file, data / "qinyang-2023" / file) if p.is_file())
        with path.open(encoding="utf-8", newline="") as handle:
            rows = list(csv.reader(handle))
        at = rows[0].index(column)
        rows[row + 1][at] = new(rows[row + 1][at]) if callable(new) else new
        with path.open("w", encoding="utf-8", newline="") as handle:
            csv.writer(handle, lineterminator="\n").writerows(rows)
        return row + 2

    return change


@pytest.fixture(scope="session")
def meta():
    return json.loads((DATA / "qinyang-2023/report.json").read_text(encoding="utf-8"))
