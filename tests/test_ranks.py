"""Ranks and neighbours by a second route: the standard library, straight from the CSV."""

from decimal import Decimal

import matplotlib.pyplot as plt
import pytest
from byhand import WORDS, claims, ends, rows
from conftest import moved
from matplotlib.colors import same_color
from workreport import charts, collection
from workreport.analysis import ranks

RANKS = [r for r in rows("rankings") if r["ranked"] == "own"]
PUBLISHED = rows("published")
STATED = {measure: {r["indicator_id"]: r for r in rows(name)} for measure, name in (("level", "levels"), ("growth", "growth"))}
NAMES = {r["area_id"]: r["name_en"] for r in rows("areas")}
SIX = [r["area_id"] for r in rows("areas") if r["parent"] == "six_counties"]


@pytest.fixture(scope="module")
def said(report):
    return claims(report, "02-ranks")


def test_firsts_and_the_growth_ranks(said):
    firsts = [r for r in RANKS if r["value"] == "1"]
    assert f"first in {WORDS[len(firsts)]} of the {len(RANKS)} ranks" in said["firsts"]
    fast = [int(r["value"]) for r in RANKS if r["aspect"] == "growth"]
    assert min(fast) > 1 and "none for growth" in said["firsts"]
    endings = {2: "nd", 3: "rd"}
    assert all(f"{n}{endings.get(n, 'th')} in " in said["firsts"] for n in fast)


def test_an_earlier_rank_is_the_rank_and_what_was_gained(said, report):
    gap = next(r for r in rows("gaps") if r["unit"] == "位")
    rank = next(r for r in RANKS if r["figure_id"] == gap["subject"])
    before = int(rank["value"]) + int(gap["value"])
    assert f"For business environment it ranks {rank['value']}th in Henan, up from {before}nd in {gap['comparator'][-4:]}" in said["prizes"]
    found = ranks.given(report).set_index("figure").loc[rank["figure_id"]]
    assert (int(found["before"].value), found["before"].ids) == (before, (rank["figure_id"], gap["figure_id"]))


def test_a_rank_that_is_somebody_elses_is_not_counted(report):
    found = ranks.given(report)
    others = [r["figure_id"] for r in rows("rankings") if r["ranked"] != "own"]
    assert others and found[found["ranked"] != "own"]["figure"].tolist() == others
    assert found["out_of"].astype(str).tolist() == [r["out_of"].replace("六", "6") for r in rows("rankings")]
    assert "water conservancy" in collection.run("02-ranks", report).said[-1]


def test_what_is_left_out_is_not_what_is_seldom_released(said, report):
    main = list(dict.fromkeys(r["indicator_id"] for r in rows("targets")))
    held = ranks.holdings(report)
    assert held["indicator"].drop_duplicates().tolist() == main and len(held) == 8 * len(main)
    left = {(r.indicator, r.what) for r in held.itertuples() if r.how == "left_out"}
    gaps = {(r["indicator_id"], r["comparator"]) for r in rows("gaps")}
    grown = {r["indicator_id"] for r in RANKS if r["aspect"] == "growth"}
    expected = {(i, a) for i in main for a in ("china", "henan", "jiaozuo") if (i, a) not in gaps}
    expected |= {(i, "growth_rank") for i in main if i not in grown}
    assert left == expected and len(left) == 3
    seldom = {(r.indicator, r.what) for r in held.itertuples() if r.how == "seldom"}
    assert seldom == {(i, w) for i in main if i not in STATED["level"] for w in ("level", "level_rank")}
    assert "fixed-asset investment (rank by growth) and budget revenue (lead over China and lead over Henan)." in said["left_out"]


def test_the_rival_line_by_line(said, report):
    same = [r for r in PUBLISHED if (r["period"], r["variant"]) == ("2022", "") and r["area"] in SIX and r["area"] != "qinyang"]
    own = Decimal(STATED["level"]["gdp"]["value"])
    levels = [r for r in same if (r["indicator_id"], r["measure"], r["qualifier"]) == ("gdp", "level", "") and r["value"] != "not found"]
    rival = min(levels, key=lambda r: abs(Decimal(r["value"]) - own))["area"]
    (known,) = (r["published_id"] for r in levels if r["area"] == rival)
    assert ranks.rival(moved(report, ("published", known, "-", ""))) == rival, "by the year after, not by a bound"
    assert ranks.rival(report) == rival and said["rival"].startswith(NAMES[rival].split()[0])
    ahead, behind, close = 0, [], 0
    for r in same:
        mine = STATED.get(r["measure"], {}).get(r["indicator_id"])
        if r["area"] != rival or mine is None:
            continue
        (low, high), (least, most) = ends(mine["value"]), ends(r["value"])
        ahead, close = ahead + (low > most), close + (low <= most and high >= least)
        behind += [(mine["value"], r["value"])] if high < least else []
    assert (ahead, behind, close) == (5, [("13", "13.6")], 0)
    assert "Of six figures known of both, Qinyang is ahead in five and behind in" in said["rival"]
    assert "fixed-asset investment growth (13% against 13.6%)" in said["rival"]


def test_the_six_a_year_later(said, report):
    panel = {r["area"]: Decimal(r["value"]) for r in PUBLISHED if (r["source_id"], r["indicator_id"]) == ("Q048", "gdp")}
    order = sorted(panel, key=panel.get, reverse=True)
    found = ranks.side_by_side(report, "gdp", "2023")
    assert set(panel) == set(SIX) and found["area"].tolist() == order and found["rank"].tolist() == [1, 2, 3, 4, 5, 6]
    lead = (panel[order[0]] - panel[order[1]]) / 100
    wanted = (order[1], "2022", "gdp", "level")
    other = next(r["value"] for r in PUBLISHED if (r["area"], r["period"], r["indicator_id"], r["measure"]) == wanted)
    before = (Decimal(STATED["level"]["gdp"]["value"]) - Decimal(other)) / 10
    assert f"from {before:.2f}bn yuan to {lead:.0f}m yuan" in said["later"]
    assert all(f"{panel[a] / 10**5:.1f}bn yuan" in said["later"] for a in order[:2])


def test_sources_are_not_mixed(report):
    """Where a second source gives one county another level, the list stays that of one source."""
    changed = moved(report, ("published", "P088", "value", "999.99"))
    found = ranks.side_by_side(changed, "gdp", "2023")
    assert found["source_id"].nunique() == 1 and found["area"].iloc[0] == "qinyang"
    for kept, left in ((("qinyang", "wuzhi"), 0), (("qinyang", "wuzhi", "boai"), 3)):  # one peer is too few
        gone = [r["published_id"] for r in PUBLISHED if (r["source_id"], r["indicator_id"]) == ("Q048", "gdp") and r["area"] not in kept]
        assert len(ranks.side_by_side(moved(report, *(("published", i, "-", "") for i in gone)), "gdp", "2023")) == left


def test_a_report_without_ranks_runs_and_draws_none(report):
    changed = moved(report, ("rankings", "*", "-", ""))
    for lang, phrase in (("en", "do not tell: what Qinyang ranks"), ("zh", "不足以说明：沁阳市的位次")):
        record = collection.run("02-ranks", changed, lang)
        assert "firsts" not in record.claims and phrase in record.said[-1] and "ranks" not in record.charts


@pytest.mark.parametrize("form", [charts.ranks, charts.tally])
def test_a_first_is_set_off(form, report):
    fig, ax = plt.subplots(figsize=(4, 5))
    data = ranks.given(report).assign(band="all")
    options = {"row": "indicator"} if form is charts.ranks else {}
    ax = form(data, value="rank", band="band", palette={1: "#C8391F"}, ax=ax, **options)
    discs = [line for line in ax.lines if line.get_marker() == "o"]
    assert len(discs) == len(data)
    assert sum(same_color(d.get_markerfacecolor(), "#C8391F") for d in discs) == sum(q.value == 1 for q in data["rank"])
    plt.close(fig)
