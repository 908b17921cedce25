"""The campaigns in their short form: a seeded sample of each, without an unexplained survivor; and the driver itself."""

import json
import re
from collections import Counter

import pytest
from conftest import ROOT
from torture import Row, cells, data, prose
from torture import __main__ as driver
from workreport import check, pages, seal, tables

KNOWN = driver.explanations()


@pytest.fixture
def unchanged(monkeypatch):
    """The campaigns memoise functions of the package; afterwards they are as before."""
    memoised = ((tables, "quantity_of"), (tables, "read_numeral"), (tables, "unsafe"), (tables, "_read_table"), (seal, "_digest"))
    for module, name in (*memoised, (check, "find_numerals")):
        monkeypatch.setattr(module, name, getattr(module, name))
    yield
    data.remember.cache_clear()


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("campaign", [data, cells, prose], ids=lambda module: module.__name__.rpartition(".")[2])
def test_a_sample_of_every_campaign_leaves_no_unexplained_survivor(campaign):
    for row in campaign.run(short=True):
        assert row.tried or "text" in row.promise, row.promise
        assert not driver.explained(row, KNOWN)[1], row.promise


def test_an_unexplained_survivor_fails_the_command(monkeypatch, capsys):
    class Broken:
        @staticmethod
        def run(short):
            return [Row("Nothing breaks", 2, Counter({"somewhere new": 1, "digit: published.value": 1}))]

    monkeypatch.setattr(driver.importlib, "import_module", lambda *_: Broken)
    monkeypatch.setenv("ONLY", "data")
    monkeypatch.setenv("SHORT", "1")
    assert driver.main() == 1
    printed = capsys.readouterr().out
    assert "| Nothing breaks | 2 | 2 | 1 |" in printed
    assert "not explained: Nothing breaks: somewhere new (1 cases)" in printed
    monkeypatch.setenv("ONLY", "dada")
    assert driver.main() == 1
    assert "no campaign dada" in capsys.readouterr().out


def test_the_page_is_made_of_the_results():
    results = json.loads(driver.RESULTS.read_text(encoding="utf-8"))
    assert (ROOT / "tests/torture/README.md").read_text(encoding="utf-8") == driver.page(results)
    for lang, path in pages.READMES.items():
        text = path.read_text(encoding="utf-8")
        assert text == pages.filled(text, "promises", driver.in_short(results, lang)) and driver.HEADS[lang][0] in text
    for row in (row for rows in results.values() for row in rows):
        assert not row["unexplained"], row["promise"]


def test_every_explanation_says_why_and_could_match():
    assert all(len(why) > 60 and why.endswith(".") for _, why in KNOWN)
    assert len({pattern.pattern for pattern, _ in KNOWN}) == len(KNOWN)
    assert not any(re.fullmatch(pattern, "somewhere new") for pattern, _ in KNOWN)
