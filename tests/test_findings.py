"""The register: every finding recomputed by a second route, the standard library straight from the CSV."""

import csv
import re
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal

import pytest
from conftest import ROOT
from workreport import findings, readings_story, start_story
from workreport.tables import DATA, load_report

OWN = DATA / "qinyang-2023"


def rows(path):
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def table(name):
    return rows(OWN / f"{name}.csv")


def text(value, places=1):
    return str(Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)).replace("-", "−")


GROWTH = {r["indicator_id"]: r["value"] for r in table("growth")}
GAPS = {
    (r["indicator_id"], r["comparator"]): Decimal(r["value"])
    for r in table("gaps")
    if r["subject"].startswith("G") and r["indicator_id"] != "lifted_income"
}
PUBLISHED = rows(DATA / "published.csv")
SPLIT = ["gdp", "industrial_value_added", "fixed_asset_investment", "retail_sales"]
SHORT = {
    "gdp": "GDP",
    "industrial_value_added": "industrial value added",
    "fixed_asset_investment": "fixed-asset investment",
    "retail_sales": "retail sales",
}


def shares():
    """Own share of the lead over the nation, its least and its most, in percent."""
    half = Decimal("0.05")
    result = {}
    for i in SPLIT:
        own, whole = GAPS[i, "jiaozuo"], GAPS[i, "china"]
        result[i] = [text(100 * part, 0) for part in (own / whole, (own - half) / (whole + half), (own + half) / (whole - half))]
    return result


def second_route():
    """What each finding must say in English: name → pieces of text."""
    low, high = min(GAPS.values()), max(GAPS.values())
    assert all(gap - Decimal("0.05") > 0 for gap in GAPS.values()), "above over the whole interval"
    own = Decimal(GROWTH["gdp"])
    ranked = sorted(shares().items(), key=lambda item: -Decimal(item[1][0]))
    numerals = Counter(r["role"] for r in table("numerals"))
    figures = [r for name in ("levels", "growth", "gaps", "rankings", "shares", "targets", "thresholds") for r in table(name)]
    themes = Counter({r["indicator_id"]: r["theme"] for r in rows(DATA / "indicators.csv")}[r["indicator_id"]] for r in figures)
    readings = table("readings")
    meant = [r for r in readings if r["field"] != "value"]
    checked = [
        (i, a)
        for i, a in GAPS
        if any(
            r["indicator_id"] == i
            and r["area"] == a
            and r["period"] == "2022"
            and r["measure"] == "growth"
            and r["variant"] == ""
            and r["status"] != "not_found"
            for r in PUBLISHED
        )
    ]
    return {
        "growth.overall.all": [f"in 2022, by {low} to {high}"],
        "growth.gdp": [
            f"grew {own}%",
            "above",
            ", ".join(f"{own - GAPS['gdp', a]}%" for a in ("china", "henan")),
            f"and {own - GAPS['gdp', 'jiaozuo']}%",
        ],
        "growth.shares": [f"{SHORT[i]} {s[0]}% ({s[1]} to {s[2]}%)" for i, s in ranked],
        "growth.narrowest": [
            f"over Jiaozuo: {low} pp ({text(low - Decimal('0.05'), 2)} to {text(low + Decimal('0.05'), 2)} pp",
            "is above Jiaozuo",
        ],
        "growth.checked.all_found": [
            ["no one two three four five six seven eight nine ten".split()[n] for n in (len(checked), len(GAPS) - len(checked))][k]
            for k in (0, 1)
        ],
        "growth.revenue.open": ["depends on the basis"],
        "growth.shrinking.yes": [
            f"fixed-asset investment it falls from {GAPS['fixed_asset_investment', 'china']} to {GAPS['fixed_asset_investment', 'jiaozuo']}"
        ],
        "growth.own": [
            f"Of the {SHORT[ranked[0][0]]} lead over the nation about {ranked[0][1][0]}%",
            f"of the {SHORT[ranked[-1][0]]} lead, {ranked[-1][1][0]}%",
        ],
        "start.coverage": [
            f"All {sum(numerals.values())} numerals",
            f"{numerals['figure']} stand",
            f"{numerals['threshold']} for class",
            f"other {sum(numerals.values()) - numerals['figure'] - numerals['threshold']}",
        ],
        "start.readings": [f"differed in {len(table('discrepancies'))} of"],
        "start.arithmetic": [
            f"Of {len(table('identities'))} relations",
            f"{sum(r['expected'] == 'holds' for r in table('identities'))} hold",
            f"{sum(r['expected'] == 'fails' for r in table('identities'))} do not",
        ],
        "start.doubts": [f"{len(table('errata'))} doubts", f"{len({r['figure_id'] for r in readings})} figures"],
        "start.elsewhere": [
            f"{sum(r['status'] != 'not_found' for r in PUBLISHED)} published",
            f"{sum(r['quality'] == 'official page' for r in PUBLISHED)} of them",
            f"{sum(r['status'] == 'not_found' for r in PUBLISHED)} were looked",
        ],
        "start.most": [f": {themes.most_common(2)[0][1]} and {themes.most_common(2)[1][1]} of {len(figures)}"],
        "example.sentence.above": [
            f"grew {own}%, {GAPS['gdp', 'jiaozuo']} pp above",
            f"{own - GAPS['gdp', 'jiaozuo']}% ({text(own - GAPS['gdp', 'jiaozuo'] - Decimal('0.1'), 2)} to {text(own - GAPS['gdp', 'jiaozuo'] + Decimal('0.1'), 2)}%)",
        ],
        "example.title": [f"grew {own - GAPS['gdp', 'jiaozuo']}%"],
        "readings.tried.none": [f"{sum(r['field'] == 'value' and r['adopted'] == 'no' for r in readings)} other readings"],
        "readings.open": [f"{len(meant)} readings of {len({r['figure_id'] for r in meant})} figures"],
        "figures.count": [
            f"{len(figures)} figures stand on {len({r['numeral_id'] for r in figures})} numerals",
            f"{sum(n > 1 for n in Counter(r['numeral_id'] for r in figures).values())} numerals state more",
        ],
        "figures.soft": [
            f"{sum(r['qualifier'] in ('more_than', 'at_most', 'at_least') for r in figures if r not in table('thresholds') + table('targets'))} are bounds"
        ],
        "readings.widest": ["within 1.0 percentage points", "to 0.1."],
    }


@pytest.fixture(scope="module")
def register():
    return findings.findings(load_report())


def test_every_finding_of_these_notebooks_is_recomputed(register):
    claims = {f.name: f.text["en"].replace("\u00a0", " ") for found in register.values() for f in found}
    for name, pieces in second_route().items():
        for piece in pieces:
            assert piece in claims[name], (name, piece, claims[name])


def test_no_finding_is_without_a_second_route(register):
    """Every finding is recomputed above, or in the test of its story, which reads the CSV by itself."""
    here = second_route()
    for found in register.values():
        for finding in found:
            beside = ROOT / "tests" / f"test_{finding.name.partition('.')[0]}.py"
            assert finding.name in here or (beside.is_file() and "csv.DictReader" in beside.read_text(encoding="utf-8")), finding.name


def test_findings_are_complete_and_traceable(register, report):
    names = [f.name for found in register.values() for f in found]
    claims = {row["figure_id"] for row in report.tables["claims"].rows}
    assert len(names) == len(set(names))
    for notebook, found in register.items():
        assert (ROOT / "notebooks" / f"{notebook}.ipynb").is_file()
        for finding in found:
            assert finding.expression
            assert all(i in report.figures or i in claims for i in finding.figure_ids)
            assert re.search(r"[\u4e00-\u9fff]", finding.text["zh"]) and not re.search(r"[\u4e00-\u9fff]", finding.text["en"])
            for lang in ("en", "zh"):
                assert not re.search(r"\b(nan|None)\b|{", finding.text[lang])


def test_both_languages_say_the_same_numbers(register):
    """The numbers of the English and of the Chinese sentence are the same set, but for words and units."""

    def numbers(words):
        return {n.rstrip(".").replace(",", "") for n in re.findall(r"−?\d[\d,]*(?:\.\d+)?", words)}

    for found in register.values():
        for finding in found:
            if "yuan" in finding.text["en"] or "万" in finding.text["zh"]:
                continue  # each language has its own units
            differing = numbers(finding.text["en"]) ^ numbers(finding.text["zh"])
            words = dict(
                zip(
                    map(str, range(11)),
                    zip("no one two three four five six seven eight nine ten".split(), "零一两三四五六七八九十", strict=True),
                    strict=True,
                )
            )
            both = f"{finding.text['en'].lower()} {finding.text['zh']}"
            differing = {n for n in differing if not any(word in both for word in words.get(n, ()))}
            assert not differing, (finding.name, differing)


def test_every_notebook_has_a_story_and_every_story_a_notebook(register):
    assert sorted(register) == sorted(p.stem for p in (ROOT / "notebooks").glob("[0-9]*.ipynb"))


def test_a_reading_that_matters_is_seen(data, edit, report):
    """With a gap of 13 points, 13 and 13.0 disagree about the sign of the rebuilt rate."""
    row = next(i for i, r in enumerate(report.tables["gaps"].rows) if r["figure_id"] == "D09")
    edit("gaps.csv", row, "value", "7.9")
    edit("published.csv", next(i for i, r in enumerate(report.tables["published"].rows) if r["published_id"] == "P006"), "value", "5.5")
    other = load_report(data=data)
    assert any(t["changes"] for t in readings_story.trials(other))
    assert "of them change a headline" in readings_story.answer(other)[0].text["en"]
    assert "会改变标题" in readings_story.answer(other)[0].text["zh"]


def test_counts_of_the_start_turn_with_the_tables(data, report):
    path = data / "qinyang-2023/errata.csv"
    path.write_text("".join(path.read_text(encoding="utf-8").splitlines(keepends=True)[:-1]), encoding="utf-8")
    before, after = (next(f for f in start_story.answer(r) if f.name == "start.doubts").text for r in (report, load_report(data=data)))
    assert before["en"].startswith("9 doubts") and after["en"].startswith("8 doubts")
    assert "对原文的9处" in before["zh"] and "对原文的8处" in after["zh"]


def test_every_check_shows_its_interval(report):
    """Loans over deposits, by hand, and no interval without a number."""
    table = start_story.checks_block(report).table["en"]
    low, high = ((Decimal("195.5") + k * Decimal("0.05")) / (Decimal("284.4") - k * Decimal("0.05")) for k in (-1, 1))
    assert table[0]["Interval"] == f"{text(low, 3)} to {text(high, 3)}"
    assert all(re.match(r"−?\d", row["Interval"]) for row in table)
