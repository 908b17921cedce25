"""The first page by a second route: the standard library, straight from the CSV and from report.json."""

from decimal import Decimal

import pytest
from byhand import WORDS, claims, rows, shown, values
from conftest import ROOT
from workreport import charts, collection, frame
from workreport.analysis import ledger, whole

OF_FIGURES = ("levels", "growth", "gaps", "rankings", "shares", "targets", "thresholds")
FIGURES = [r for name in OF_FIGURES for r in rows(name)]
CLAIMS, PUBLISHED = rows("claims"), rows("published")
NUMERALS = {r["numeral_id"]: r for r in rows("numerals")}


@pytest.fixture(scope="module")
def record(report):
    return collection.run("00-start", report)


@pytest.fixture(scope="module")
def said(report):
    return claims(report, "00-start")


def published(area, indicator):
    wanted = (area, indicator, "2022", "level")
    return next(Decimal(r["value"]) for r in PUBLISHED if (r["area"], r["indicator_id"], r["period"], r["measure"]) == wanted)


def test_the_place(said):
    gdp = Decimal(values("levels")["gdp"])
    people = published("qinyang", "resident_population")
    assert f"{people * 10000:,.0f} residents" in said["place"] and f"{gdp / 10}bn yuan" in said["place"]
    of_gdp, of_people = gdp / published("jiaozuo", "gdp"), people / published("jiaozuo", "resident_population")
    assert f"{shown(of_gdp * 100)}% of Jiaozuo’s, from {shown(of_people * 100)}% of the people" in said["place"]
    assert "county-level city in Jiaozuo, Henan" in said["place"]


def test_figures_and_the_section_on_problems(said, record, report, meta):
    problems = next(s for s in meta["sections"] if s["name_en"] == "Problems")
    after = min(s["start"] for s in meta["sections"] if s["start"] > problems["start"])
    assert whole.sections(report, ledger.every_figure(report))["end"].iloc[-1] == meta["break_offset"]
    assert f"{len(FIGURES)} figures, and makes {len(CLAIMS)} claims" in said["figures"]
    assert f"{after - problems['start']} characters long, has no figure" in said["figures"]
    assert not [r for r in FIGURES if NUMERALS[r["numeral_id"]]["section"] == problems["id"]]
    assert record.charts["barcode"].title == {
        "en": f"{len(FIGURES)} figures, none in the section on problems",
        "zh": f"{len(FIGURES)}项数据，“问题”一节没有一项",
    }


def test_every_figure_stands_where_the_ledger_has_it(record):
    drawn = {(r.figure_id, r.section, int(r.offset)) for r in record.charts["barcode"].rows.itertuples()}
    expected = {(r["figure_id"], *(NUMERALS[r["numeral_id"]][c] for c in ("section", "offset"))) for r in FIGURES}
    expected |= {(r["figure_id"], r["section"], r["offset"]) for r in CLAIMS}
    assert drawn == {(i, section, int(offset)) for i, section, offset in expected}


def test_no_figure_is_about_what_is_said_to_be_missing(said, meta):
    names = {r["indicator_id"]: r["name_zh"] for r in rows("indicators")}
    told = "".join(names[r["indicator_id"]] + "\n" for r in FIGURES)
    assert meta["break_note_en"] in said["missing"]
    missing = {"居民": "what households at large earn", "债务": "debt", "税收占": "taxes within revenue", "价格": "prices"}
    missing["常住人口"] = "how many people live there"
    assert all(en in said["missing"] and zh not in told for zh, en in missing.items())


def test_how_sure(record):
    text = "\n".join(record.said)
    differ = [r for r in rows("discrepancies") if r["first_reading"] != r["second_reading"]]
    unknown = sum(r["settled"] == "unknown" for r in differ)
    assert (len(differ), unknown) == (10, 1)
    assert f"The readings differed {WORDS[10]} times; the text settled {WORDS[9]}, one is open." in text
    assert f"All {len(NUMERALS)} numerals before the break are entered" in text
    home = {r["area_id"]: r["parent"] for r in rows("areas")}

    def near(area):  # in Henan, or China
        return area == "china" or area == "henan" or (area in home and home[area] and home[area] != "china" and near(home[area]))

    beside = [r for r in PUBLISHED if near(r["area"])]
    sought = sum(r["status"] == "not_found" for r in beside)
    assert f"{len(beside) - sought} figures from elsewhere" in text and f"{sought} more were looked for and not found" in text
    assert f"{WORDS[len(rows('errata'))]} doubts are listed; none was corrected silently" in text


def test_each_finding_is_a_claim_of_its_notebook_and_every_link_leads_somewhere(record, report):
    text = "\n".join(record.said)
    findings = {"01-growth": "ahead", "02-ranks": "firsts", "03-budget": "covered", "04-targets": "outcome", "05-industry": "tax"}
    for stem, name in findings.items():
        assert f"{collection.run(stem, report).claims[name].text('en')} [" in text and f"({stem}.ipynb)" in text
    links = [part.partition(")")[0] for part in text.split("](")[1:]]
    assert links and all((ROOT / "notebooks" / link).is_file() for link in links)


def test_a_poster_wants_a_form_for_each_panel(report):
    panels = frame(report, "growth").head(2).assign(panel=["a", "b"])
    with pytest.raises(ValueError, match="no form for the panel 'b'"):
        charts.poster(panels, panel="panel", forms={"a": (charts.bars, {})})
