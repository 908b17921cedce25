"""The first page by a second route: the standard library, straight from the CSV and from report.json."""

import csv
import json
from decimal import ROUND_HALF_UP, Decimal

import pytest
from conftest import ROOT
from workreport import charts, collection, export, style
from workreport.tables import DATA

OF_FIGURES = ("levels", "growth", "gaps", "rankings", "shares", "targets", "thresholds")


def rows(name):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


META = json.loads((DATA / "qinyang-2023/report.json").read_text(encoding="utf-8"))
FIGURES = [r for name in OF_FIGURES for r in rows(f"qinyang-2023/{name}.csv")]
CLAIMS = rows("qinyang-2023/claims.csv")
NUMERALS = {r["numeral_id"]: r for r in rows("qinyang-2023/numerals.csv")}
PUBLISHED = rows("published.csv")


@pytest.fixture(scope="module")
def record(report):
    return collection.run("00-start", report)


@pytest.fixture(scope="module")
def said(record):
    return {name: sentence.text("en").replace("\u00a0", " ") for name, sentence in record.claims.items()}


def published(area, indicator, period="2022"):
    wanted = (area, indicator, period, "level")
    return next(
        Decimal(r["value"]) for r in PUBLISHED if (r["area"], r["indicator_id"], r["period"], r["measure"]) == wanted
    )


def shown(value, places=0):
    return str(value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def test_the_place(said):
    gdp = Decimal(next(r["value"] for r in rows("qinyang-2023/levels.csv") if r["indicator_id"] == "gdp"))
    people = published("qinyang", "resident_population")
    assert f"{people * 10000:,.0f} residents" in said["place"] and f"{gdp / 10}bn yuan" in said["place"]
    weight = (
        shown(gdp / published("jiaozuo", "gdp") * 100),
        shown(people / published("jiaozuo", "resident_population") * 100),
    )
    assert "{}% of Jiaozuo’s, from {}% of the people".format(*weight) in said["place"]
    assert "county-level city in Jiaozuo, Henan" in said["place"]


def test_figures_and_the_section_on_problems(said, record):
    problems = next(s for s in META["sections"] if s["name_en"] == "Problems")
    after = min(s["start"] for s in META["sections"] if s["start"] > problems["start"])
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


def test_no_figure_is_about_what_is_said_to_be_missing(said):
    names = {r["indicator_id"]: r["name_zh"] for r in rows("indicators.csv")}
    told = "".join(names[r["indicator_id"]] + "\n" for r in FIGURES)
    assert META["break_note_en"] in said["missing"]
    for zh, en in (
        ("居民", "what households at large earn"),
        ("债务", "debt"),
        ("税收占", "taxes within revenue"),
        ("价格", "prices"),
        ("常住人口", "how many people live there"),
    ):
        assert en in said["missing"] and zh not in told


def test_how_sure(record):
    text = "\n".join(record.said)
    differ = [r for r in rows("qinyang-2023/discrepancies.csv") if r["first_reading"] != r["second_reading"]]
    unknown = sum(r["settled"] == "unknown" for r in differ)
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
    assert (len(differ), unknown) == (10, 1)
    assert (
        f"The readings differed {words[len(differ)]} times; the text settled {words[len(differ) - unknown]}, {words[unknown]} is open."
        in text
    )
    assert f"All {len(NUMERALS)} numerals before the break are entered" in text
    home = {r["area_id"]: r["parent"] for r in rows("areas.csv")}

    def near(area):  # in Henan, or China
        return area == "china" or area == "henan" or (area in home and home[area] and home[area] != "china" and near(home[area]))

    beside = [r for r in PUBLISHED if near(r["area"])]
    sought = sum(r["status"] == "not_found" for r in beside)
    assert (
        f"{len(beside) - sought} figures from elsewhere" in text
        and f"{sought} more were looked for and not found" in text
    )
    assert f"{words[len(rows('qinyang-2023/errata.csv'))]} doubts are listed; none was corrected silently" in text


def test_each_finding_is_a_claim_of_its_notebook_and_every_link_leads_somewhere(record, report):
    text = "\n".join(record.said)
    for stem, name in (
        ("01-growth", "ahead"),
        ("02-ranks", "firsts"),
        ("03-budget", "covered"),
        ("04-targets", "outcome"),
        ("05-industry", "tax"),
    ):
        assert f"{collection.run(stem, report).claims[name].text('en')} [" in text and f"({stem}.ipynb)" in text
    links = [part.partition(")")[0] for part in text.split("](")[1:]]
    assert links and all((ROOT / "notebooks" / link).is_file() for link in links)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["poster", "barcode"])
@pytest.mark.parametrize("shape", style.SHAPES, ids=lambda s: s.name or "landscape")
def test_the_pictures_fit_both_shapes_in_both_languages(name, shape, record):
    for lang in ("en", "zh"):
        assert export.png(record.charts[name], lang, shape)[:4] == b"\x89PNG"


def test_a_poster_wants_a_form_for_each_panel(report):
    from workreport import frame

    with pytest.raises(ValueError, match="no form for the panel 'b'"):
        charts.poster(
            frame(report, "growth").head(2).assign(panel=["a", "b"]), panel="panel", forms={"a": (charts.bars, {})}
        )
