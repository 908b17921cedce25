"""Words turn with the data: every row of perturbations.csv moves one figure and says what must then be said."""

import ast
import contextlib
import csv
import json
import re
from collections import defaultdict
from functools import cache, lru_cache

import pytest
from conftest import ROOT, moved
from workreport import collection, tables, words

pytestmark = pytest.mark.slow

TABLE = ROOT / "tests/perturbations.csv"
ROWS = list(csv.DictReader(TABLE.open(encoding="utf-8", newline="")))


def changes_of(row):
    """The changes of a row: cells joined by ``+`` move several figures at once."""
    parts = [row[c].split(" + ") for c in ("file", "id", "column", "value")]
    size = max(map(len, parts))
    return tuple(zip(*(part * size if len(part) == 1 else part for part in parts), strict=True))


CASES = defaultdict(list)
for row in ROWS:
    CASES[row["notebook"], row["language"], changes_of(row)].append(row["phrase"])


@cache
def plain(name):
    """A report as it is: a copy, which keeps runs of this module only."""
    return moved(tables.load_report(name))  # whatever is given instead


@lru_cache(9)  # both languages share what a report has computed
def changed(notebook, changes):
    """The report that a notebook is run for, and others that were changed: tables of theirs are ``jingmen-2024/gaps``."""
    by_report = defaultdict(list)
    for table, *rest in changes:
        name, _, table = table.rpartition("/")
        by_report[name or tables.DEFAULT_REPORT].append((table, *rest))
    others = {name: moved(plain(name), *some) for name, some in by_report.items()}
    base = tables.DEFAULT_REPORT if notebook == "08-reports" else next(iter(others))
    return others.pop(base, None) or moved(plain(base)), list(others.values())


HEARD = set()  # every wording that was filled in by a run of this module


@pytest.fixture(scope="module", autouse=True)
def listening():
    """Note every wording that is filled in."""
    init = words.Sentence.__init__

    def listen(self, known_words, en, zh, facts, known=None):
        HEARD.update((en, zh))
        init(self, known_words, en, zh, facts, known)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(words.Sentence, "__init__", listen)
        yield


def run(notebook, report, language="en", *, others=(), whole=False):
    """Run a notebook for changed reports; what it tells of other notebooks is as without the change, unless `whole`."""
    run_any, unchanged = collection.run, [plain(name) for name in tables.report_names()]  # read once
    with contextlib.ExitStack() as given:
        for other in [*unchanged, *others]:
            given.enter_context(tables.given_report(other))
        if not whole:
            as_it_is = lambda stem, report, language="en": run_any(stem, plain(report.name), language)  # noqa: E731
            given.enter_context(pytest.MonkeyPatch.context()).setattr(collection, "run", as_it_is)
        return run_any(notebook, report, language)


def all_said(record):
    titles = [chart.title[record.language] for chart in record.charts.values()]
    cells = [" ".join(row.values()) for table in record.tables for row in table]
    return "\n".join([*record.said, *titles, *cells]).replace("\u00a0", " ")


@cache
def as_moved(notebook, language, changes):
    """What is said with the changes, and without."""
    report, others = changed(notebook, changes)
    said = all_said(run(notebook, report, language, others=others))
    if not all(phrase in said for phrase in CASES[notebook, language, changes]):
        said = all_said(run(notebook, moved(report), language, others=others, whole=True))
    return said, all_said(run(notebook, plain(report.name), language))


@pytest.mark.parametrize(("notebook", "language", "changes"), CASES, ids=lambda v: v if isinstance(v, str) else "+".join(".".join(c) for c in v)[:60])
def test_a_moved_figure_turns_its_sentence(notebook, language, changes):
    said, plain = as_moved(notebook, language, changes)
    for phrase in CASES[notebook, language, changes]:
        assert phrase in said, (phrase, said)
        assert phrase not in plain, f"'{phrase}' is said without the change too"


def sentences(stem):
    """Wordings that stand in the cells of a notebook: texts of a sentence's length."""
    found = set()
    for _, code, tags in collection.cells(stem):
        if "parameters" in tags:
            continue
        for node in ast.walk(ast.parse(code)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.search(r"[a-z] [a-z].{12}|[\u4e00-\u9fff]{2}", node.value):
                found.add(node.value)
    return found


@pytest.mark.parametrize("stem", collection.stems())
def test_every_wording_is_spoken_in_some_case(stem):
    """Every wording is filled in, by some report as it is or by a case above of the same notebook."""
    for name in tables.report_names():
        run(stem, plain(name))
    for case in CASES:
        if case[0] == stem:
            as_moved(*case)
    heard = "\n".join(HEARD)
    assert not [text for text in sentences(stem) if text not in heard]


FIGURES = ("levels", "growth", "gaps", "rankings", "shares", "targets")


@pytest.mark.parametrize("stem", collection.stems())
def test_a_figure_that_is_gone_is_named_or_left_out(stem):
    """Without any one of the figures it uses, a notebook runs to its end, and no sentence rests on it."""
    report = plain(tables.DEFAULT_REPORT)
    used = {i for sentence in run(stem, report).claims.values() for i in sentence.ids}
    gone = [(name, row["figure_id"]) for name in FIGURES for row in report.tables[name].rows if row["figure_id"] in used]
    for name, figure in gone:
        try:
            record = run(stem, moved(report, (name, figure, "-", "")))
        except collection.NotebookError as error:
            pytest.fail(f"without {figure}: {error}")
        assert not [n for n, sentence in record.claims.items() if figure in sentence.ids]


def test_the_table_is_well_formed():
    stems = collection.stems()
    for n, row in enumerate(ROWS, 2):
        assert row["notebook"] in stems and row["language"] in ("en", "zh") and row["phrase"], (n, row)
        json.dumps(changes_of(row))
