"""Notebooks 91 and 92 by a second route: the standard library alone, straight from the CSVs."""

from collections import Counter
from decimal import Decimal
from functools import cache

import pytest
from byhand import WORDS, rows
from conftest import moved
from workreport import collection
from workreport.analysis import ledger
from workreport.tables import FIGURE_TABLES, load

pytestmark = pytest.mark.slow


def value(name, key):
    return Decimal(next(row["value"] for row in rows(name) if next(iter(row.values())) == key))


@cache
def record(stem, lang):
    return collection.run(stem, load(), lang)


def said(stem, name):
    return record(stem, "en").claims[name].text("en").replace("\u00a0", " ")


def test_every_row_stands_in_the_ledger_in_the_order_of_the_text(report):
    found = ledger.every_figure(report)
    assert Counter(found["measure"]) == {name: len(rows(name)) for name in FIGURE_TABLES}
    offsets = {row["numeral_id"]: row["offset"] for row in rows("numerals")}
    figures = [row for name in FIGURE_TABLES for row in rows(name)]
    places = {row["figure_id"]: int(row.get("offset") or offsets[row["numeral_id"]]) for row in figures}
    assert found["offset"].tolist() == sorted(places.values())
    assert dict(zip(found["figure_id"], found["offset"], strict=True)) == places


def test_revenue_on_each_basis():
    own = value("growth", next(r["figure_id"] for r in rows("growth") if r["indicator_id"] == "budget_revenue"))
    names = {"china": "China", "henan": "Henan"}
    known = [
        r
        for r in rows("published")
        if (r["indicator_id"], r["measure"], r["period"]) == ("budget_revenue", "growth", "2022")
        and r["area"] in names
        and r["variant"] in ("as reported", "without VAT refunds", "local governments, as reported")
        and r["value"] != "not found"
    ]
    plain, adjusted = said("91-readings", "basis").split("If it is adjusted")
    assert f"grew by {own}%" in plain and len(known) == 5
    for row in known:
        part = adjusted if row["variant"] == "without VAT refunds" else plain
        assert f"({row['value'].replace('-', '−')}%)" in part and names[row["area"]] in part
        assert ("ahead of" if own > Decimal(row["value"]) else "behind") in part


def test_whole_numbers_read_to_a_decimal():
    own, half, fine = value("growth", "G03"), Decimal("0.5"), Decimal("0.05")
    lead = next(Decimal(r["value"]) for r in rows("gaps") if (r["subject"], r["comparator"]) == ("G03", "jiaozuo"))
    text = said("91-readings", "sharper")
    assert f"{own - lead - 2 * fine:.2f} to {own - lead + 2 * fine:.2f}%" in text
    assert f"{own - lead - half - fine:.2f} to {own - lead + half + fine:.2f}%" in text and f"lead of {lead} " in text


def test_the_ceiling_fits_the_register_better():
    ceiling, registered, surveyed = value("shares", "S18"), value("published", "P076"), value("published", "P015")
    text = said("91-readings", "jobless")
    assert all(f"{v}%" in text for v in (ceiling, registered, surveyed))
    assert abs(ceiling - registered) < abs(ceiling - surveyed) and "fits a register better" in text


def test_what_must_hold_holds_and_the_tension_is_there():
    level, growth = (lambda key: value("levels", key)), (lambda key: value("growth", key) / 100)
    gain = lambda of, by: level(of) - level(of) / (1 + growth(by))  # noqa: E731
    assert level("L19") < level("L18") and level("L19") < level("L01") and level("L11") < level("L10")
    assert level("L52") <= level("L50") and level("L52") * 50 <= level("L51") and level("L34") <= level("L35")
    assert "all six relations hold" in said("92-every-figure", "constraints")
    chains, park = gain("L29", "G10"), gain("L18", "G06")
    text = said("92-every-figure", "tension")
    assert chains > park and f"({chains / 10:.1f}bn yuan against {park / 10:.1f}bn yuan)" in text
    false = said("92-every-figure", "tempting")
    assert f"{level('L18') / 10}bn yuan against {level('L01') / 10}bn yuan" in false
    assert f"(130% against {level('L11') / level('L10') * 100:.0f}%)" in false


def test_claims_without_a_number_are_counted():
    kinds = Counter(row["kind"] for row in rows("claims"))
    text = said("92-every-figure", "unnumbered")
    assert text.startswith(f"Of {sum(kinds.values())} claims") and f"{WORDS[kinds['leading']]} say" in text


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_choice_and_every_doubt_is_listed(lang):
    for stem, columns in (("91-readings", {"readings": "reading"}), ("92-every-figure", {"errata": "finding", "identities": "statement"})):
        listed = " ".join(" ".join(row.values()) for table in record(stem, lang).tables for row in table)
        for name, column in columns.items():
            assert not [text for row in rows(name) if (text := row[f"{column}_{lang}"].replace("'", "’")) not in listed]


def test_a_relation_without_its_figure_is_left_out(report):
    found = ledger.relations(moved(report, ("levels", "L52", "-", "")))
    assert set(ledger.relations(report)["identity_id"]) - set(found["identity_id"]) == {"I06", "I07"}
