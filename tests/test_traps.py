"""Each trap of this kind of report: how the tables hold it, and that the row says so."""

import pytest


def one(report, table, **cells):
    (found,) = report.find(table, **cells)
    return found


@pytest.mark.parametrize(("indicator", "level", "growth"), [("gdp", "1", "2"), ("retail_sales", "2", "3"), ("budget_revenue", "1", "4")])
def test_a_rank_after_a_level_ranks_the_level(report, indicator, level, growth):
    first, second = (one(report, "rankings", indicator_id=indicator, aspect=a) for a in ("level", "growth"))
    assert (first.row["value"], second.row["value"]) == (level, growth)
    assert report.figures[first.row["subject"]].table == "levels"
    assert report.figures[second.row["subject"]].table == "growth"
    assert "ranks the growth" in second.row["note"]


def test_lists_map_by_position_and_share_one_unit(report):
    gaps = report.find("gaps", indicator_id="industrial_value_added")
    assert [(g.row["comparator"], g.row["value"]) for g in gaps] == [("china", "4.1"), ("henan", "2.6"), ("jiaozuo", "1.1")]
    assert {g.row["unit"] for g in gaps} == {"个百分点"}


def test_budget_revenue_has_a_single_comparator(report):
    gap = one(report, "gaps", indicator_id="budget_revenue")
    assert gap.row["comparator"] == "jiaozuo"
    assert "only comparator" in gap.row["note"]


def test_only_the_six_counties_have_a_printed_size(report):
    for rank in report.find("rankings"):
        assert (rank.row["out_of"] == "六") == (rank.row["scope"] == "six_counties")


@pytest.mark.parametrize(
    ("table", "indicator", "cells", "note"),
    [
        ("levels", "municipal_key_projects", {"area": "qinyang"}, "level of the project list"),
        ("levels", "recovery_planned", {}, "Planned"),
        ("levels", "signed_planned", {}, "Promised"),
        ("levels", "park_output", {"area": "qinyang_park"}, "not a share of GDP"),
        ("levels", "chain_tax", {}, "not local revenue"),
        ("levels", "new_srdi_firms", {"flow_or_stock": "flow"}, ""),
        ("levels", "engineering_centres", {"flow_or_stock": "stock"}, "switches"),
        ("levels", "foreign_capital", {"value": "2001"}, "not a year"),
        ("gaps", "business_environment", {"value": "26", "comparator": "own_2020"}, "2020 is the year"),
    ],
)  # fmt: skip
def test_what_is_easily_taken_for_something_else_says_so(report, table, indicator, cells, note):
    row = one(report, table, indicator_id=indicator).row
    assert cells.items() <= row.items() and note in row["note"]


def test_ahead_of_schedule_is_a_gap_not_a_rate(report):
    gap = one(report, "gaps", indicator_id="provincial_key_progress")
    assert (gap.row["comparator"], gap.row["subject"], gap.quantity.kind) == ("schedule", "", "points")
    assert "not stated" in gap.row["note"]


def test_bounds_are_bounds(report):
    jobs, rate = one(report, "levels", indicator_id="jobs_offered"), one(report, "shares", indicator_id="unemployment")
    assert (jobs.row["qualifier"], jobs.quantity.high) == ("more_than", float("inf"))
    assert (rate.row["qualifier"], rate.quantity.low) == ("at_most", 0)
    assert "ceiling" in rate.row["note"]


def test_class_boundaries_are_not_amounts(report):
    boundary = one(report, "thresholds", indicator_id="new_industrial_projects")
    assert (boundary.row["value"], boundary.quantity.value, boundary.row["counted"]) == ("亿", 10**8, "L06")
    assert "no digit" in boundary.row["note"]
    assert not {f.row["numeral_id"] for f in report.find("thresholds")} & {f.row["numeral_id"] for f in report.find("levels")}


def test_planned_done_received_and_promised_money_are_apart(report):
    ids = ["recovery_planned", "recovery_done", "special_bond_funds", "signed_planned", "attracted_planned", "key_projects_investment"]
    assert len({one(report, "levels", indicator_id=i).id for i in ids}) == len(ids)


def test_look_alikes_are_not_figures(report):
    roles = {"2.5": "name", "5321": "name", "327": "road", "2035": "year", "20230208": "date", "2.0": "name", "十四五": "name"}
    for token, role in roles.items():
        assert [r["role"] for r in report.numerals.values() if r["token"] == token] == [role]
    assert one(report, "levels", indicator_id="foreign_capital").quantity.dimension == (("dollar", 1),)
    for indicator, value in (("industry_chains", 4), ("relief_measures", 22), ("civilised_town", 3)):  # Chinese numerals that count
        figure = one(report, "levels", indicator_id=indicator)
        assert figure.quantity.value == figure.quantity.low == figure.quantity.high == value


def test_one_numeral_can_state_two_figures(report):
    for pair in [("waste_coverage", "waste_harmless"), ("farmland_safe_use", "land_safe_use"), ("lifted_insurance", "monitored_insurance")]:
        first, second = (one(report, "shares", indicator_id=i) for i in pair)
        assert first.row["numeral_id"] == second.row["numeral_id"]
        assert "One numeral" in first.row["note"] and "One numeral" in second.row["note"]
    first, second = (one(report, "rankings", indicator_id=i) for i in ("deposits", "loans"))
    assert first.row["numeral_id"] == second.row["numeral_id"]


def test_claims_without_a_numeral_stand_apart(report):
    claims = report.tables["claims"].rows
    assert {row["value"] for row in claims} == {"not stated"}
    assert {"only", "first", "leading", "record", "full", "largely", "none", "meets_target", "lasting"} <= {row["kind"] for row in claims}


def test_a_completion_rate_names_its_plan_or_that_none_is_stated(report):
    assert all(r.row["plan"] == ("not stated" if r.row["kind"] == "completion" else "") for r in report.find("shares"))


def test_open_questions_carry_each_reading(report):
    readings = report.tables["readings"].rows
    doubtful = {
        "shares": "unemployment gas_coverage", "growth": "rd_intensity budget_revenue fixed_asset_investment park_value_added",
        "gaps": "lifted_income", "levels": "chain_tax laboratories trained", "rankings": "business_environment",
    }  # fmt: skip
    for table, indicators in doubtful.items():
        for indicator in indicators.split():
            figure = one(report, table, indicator_id=indicator)
            assert sum(figure.id in row["figure_ids"].split() for row in readings) >= 2 and "readings" in figure.row["note"]


def test_a_rank_of_a_sample_is_not_a_rank_of_the_area(report):
    ranks = report.find("rankings", indicator_id="water_works_quality")
    assert {rank.row["ranked"] for rank in ranks} == {"unstated"}
    assert all((rank.row["unit"], rank.quantity.kind) == ("", "rank") for rank in ranks)
    assert all((rank in ranks) != (rank.row["ranked"] == "own") for rank in report.find("rankings"))


def test_each_rank_says_by_what(report):
    by = {}
    for rank in report.find("rankings"):
        by.setdefault(rank.row["aspect"], set()).add(rank.row["indicator_id"])
    assert by["number"] == {"new_industrial_projects", "family_farms"}
    assert by["index"] == {"air_quality", "surface_water"}
    assert by["result"] == {"exam_results"}
    assert by["assessment"] == {"business_environment", "social_credit", "performance_assessment", "water_works_quality"}


def test_what_the_text_leaves_open_is_neither_flow_nor_stock(report):
    unknown = {row["indicator_id"] for row in report.tables["levels"].rows if row["flow_or_stock"] == "unknown"}
    assert unknown == {"metals_cluster", "innovation_teams", "laboratories", "technology_transfers"}


def test_a_denominator_that_is_not_stated_says_so(report):
    rows = report.tables["shares"].rows
    unsaid = [row["figure_id"] for row in rows if row["of_en"].startswith("not stated (read as ")]
    assert unsaid == ["S01", "S06", "S10"]
    assert all(row["of_zh"].startswith("报告未说明（理解为") == (row["figure_id"] in unsaid) for row in rows)


def test_relations_that_must_hold_are_told_from_tempting_ones(report):
    kinds = {}
    for row in report.tables["identities"].rows:
        kinds.setdefault(row["kind"], set()).add(row["expected"])
    assert kinds == {"constraint": {"holds"}, "tempting": {"fails"}, "tension": {"fails"}}


def test_the_panel_is_in_its_own_unit_and_scope(report):
    (source,) = [row for row in report.tables["sources"].rows if row["quality"] == "third-party panel"]
    rows = [row for row in report.tables["published"].rows if row["source_id"] == source["source_id"]]
    assert len(rows) == 54 and len({(row["area"], row["indicator_id"]) for row in rows}) == 54
    assert not {row["indicator_id"] for row in rows} & {"deposits", "loans"}
    assert {row["unit"] for row in rows} == {"万元", "个"}
    for area in {row["area"] for row in rows}:
        value = {row["indicator_id"]: int(row["value"]) for row in rows if row["area"] == area}
        assert abs(value["gdp"] - sum(value[f"{n}_industry"] for n in ("primary", "secondary", "tertiary"))) <= 2


def test_a_month_or_a_mean_is_not_the_rate_of_the_year(report):
    """Every figure of part of a year, or of several, has a variant, so that it is never taken for the yearly one."""
    rates = {}
    for row in report.tables["published"].rows:
        if row["measure"] == "growth" and not row["variant"] and row["status"] != "not_found":
            rates.setdefault((row["indicator_id"], row["area"], row["period"]), set()).add(row["value"])
    assert all(len(values) == 1 for values in rates.values())


def test_what_was_looked_for_and_not_found_stays(report):
    lacking = [row for row in report.tables["published"].rows if row["status"] == "not_found"]
    assert len(lacking) == 34
    assert not any(row["source_id"] for row in lacking)
    assert {"mengzhou", "xiuwu", "boai"} <= {row["area"] for row in lacking}
