"""Words turn with the data: every row of perturbations.csv moves one figure and says what must then be said."""

import ast
import contextlib
import csv
import json
import re
from collections import defaultdict
from functools import cache

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


def changed(notebook, changes):
    """The report that a notebook is run for, and others that were changed: tables of theirs are ``jingmen-2024/gaps``."""
    by_report = defaultdict(list)
    for table, *rest in changes:
        name, _, table = table.rpartition("/")
        by_report[name or tables.DEFAULT_REPORT].append((table, *rest))
    others = {name: moved(tables.load(name), *some) for name, some in by_report.items()}
    base = tables.DEFAULT_REPORT if notebook == "08-reports" else next(iter(others))
    return others.pop(base, None) or moved(tables.load(base)), list(others.values())


HEARD = set()  # every wording that was filled in by a run of `all_said`


@contextlib.contextmanager
def heard():
    init = words.Sentence.__init__

    def listen(self, known_words, en, zh, facts, known=None):
        HEARD.update((en, zh))
        init(self, known_words, en, zh, facts, known)

    words.Sentence.__init__ = listen
    try:
        yield
    finally:
        words.Sentence.__init__ = init


def all_said(notebook, report, language, others=()):
    with contextlib.ExitStack() as given:
        given.enter_context(heard())
        for other in others:
            given.enter_context(tables.given_report(other))
        record = collection.run(notebook, report, language)
    titles = [chart.title[language] for chart in record.charts.values()]
    cells = [" ".join(row.values()) for table in record.tables for row in table]
    return "\n".join([*record.said, *titles, *cells]).replace("\u00a0", " ")


@cache
def as_it_is(notebook, language, name):
    return all_said(notebook, tables.load(name), language)


@cache
def as_moved(notebook, language, changes):
    report, others = changed(notebook, changes)
    return all_said(notebook, report, language, others), as_it_is(notebook, language, report.name)


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


@pytest.fixture(scope="module")
def spoken():
    """Every wording that was filled in, by every report as it is and by every case above."""
    with heard():
        for name in tables.report_names():
            report = moved(tables.load(name))  # a copy, of which no run is kept
            for stem in collection.stems():
                collection.run(stem, report)
    for case in CASES:
        as_moved(*case)
    return HEARD


@pytest.mark.slow
@pytest.mark.parametrize("stem", collection.stems())
def test_every_wording_is_spoken_in_some_case(stem, spoken):
    said = "\n".join(spoken)
    assert not [text for text in sentences(stem) if text not in said]


FIGURES = ("levels", "growth", "gaps", "rankings", "shares", "targets")


@pytest.mark.slow
@pytest.mark.parametrize("stem", collection.stems())
def test_a_figure_that_is_gone_is_named_or_left_out(stem, report):
    """Without any one of the figures it uses, a notebook runs to its end, and no sentence rests on it."""
    used = {i for sentence in collection.run(stem, report).claims.values() for i in sentence.ids}
    for name in FIGURES:
        for row in report.tables[name].rows:
            if row["figure_id"] not in used:
                continue
            try:
                record = collection.run(stem, moved(report, (name, row["figure_id"], "-", "")))
            except collection.NotebookError as error:
                pytest.fail(f"without {row['figure_id']}: {error}")
            assert not [n for n, sentence in record.claims.items() if row["figure_id"] in sentence.ids]


def test_the_table_is_well_formed():
    stems = collection.stems()
    for n, row in enumerate(ROWS, 2):
        assert row["notebook"] in stems and row["language"] in ("en", "zh") and row["phrase"], (n, row)
        json.dumps(changes_of(row))
