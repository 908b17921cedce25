"""Tables as frames: quantities know themselves, what the field forbids raises, nothing slips past."""

import re
import subprocess
import sys

import matplotlib
import pandas as pd
import pytest
from conftest import ROOT, moved
from workreport import areas_above, frame, growth, load, stated
from workreport.numbers import ForbiddenOperation, Missing, MissingFigure
from workreport.tables import FIGURE_TABLES

matplotlib.use("agg")


@pytest.fixture(scope="module")
def rates(report):
    return frame(report, "growth").set_index("indicator_id")


def test_every_table_is_a_frame(report):
    for name, table in report.tables.items():
        assert len(frame(report, name)) == len(table.rows), name
    with pytest.raises(KeyError, match="no table 'grwth': choose one of areas, claims"):
        frame(report, "grwth")


@pytest.mark.parametrize("name", [*FIGURE_TABLES, "published"])
def test_a_table_of_figures_has_quantities_and_its_printed_cells(name, report):
    found = frame(report, name)
    assert found["quantity"].q.stated.any() or name == "claims"
    assert "value" not in found and "unit" not in found
    with pytest.raises((ForbiddenOperation, TypeError), match="take the column 'quantity'"):
        found["printed"].sum()


def test_a_quantity_shows_digits_interval_and_unit(rates):
    assert str(rates["quantity"]["gdp"]) == "4.8% [4.75, 4.85]"
    assert str(rates["quantity"]["fixed_asset_investment"]) == "13% [12.5, 13.5]"


def test_years_and_offsets_are_numbers(report):
    assert (frame(report, "growth")["period"] == 2022).all()
    assert frame(report, "numerals")["offset"].is_monotonic_increasing


def test_arithmetic_keeps_interval_digits_and_ids(report):
    one = growth.comparisons(report).iloc[2]
    difference = one["own"] - one["lead"]
    assert (str(difference), difference.ids, difference.formula) == ("3.3% [3.20, 3.40]", ("G01", "D03"), "G01 − D03")


@pytest.mark.parametrize(
    ("operation", "why"),
    [
        (lambda q, ranks, counts: q.sum(), "two rates have no sum"),
        (lambda q, ranks, counts: sum(q), "two rates have no sum"),
        (lambda q, ranks, counts: q + q, "two rates have no sum"),
        (lambda q, ranks, counts: ranks.mean(), "numeric"),
        (lambda q, ranks, counts: ranks.iloc[0] + ranks.iloc[1], "two ranks have no sum"),
        (lambda q, ranks, counts: counts.sum(), "may overlap"),
        (lambda q, ranks, counts: q.iloc[0] + counts.iloc[0], "cannot be added"),
        (lambda q, ranks, counts: q > 0.05, "take .q.value"),
        (lambda q, ranks, counts: q * 0.5, "not exact"),
        (lambda q, ranks, counts: q.astype(float), "no plain number"),
    ],
)
def test_what_the_field_forbids_raises(operation, why, report, rates):
    levels = frame(report, "levels")
    counts = levels[levels["printed"].astype(str).str.endswith("家")]["quantity"]
    with pytest.raises((ForbiddenOperation, TypeError), match=why):  # pandas makes a TypeError of it, with the same words
        operation(rates["quantity"], frame(report, "rankings")["quantity"], counts)


@pytest.mark.parametrize("column", ["quantity", "printed"])
def test_a_bar_plot_of_what_is_no_number_draws_nothing(column, report):
    import matplotlib.pyplot as plt
    import seaborn as sns

    fig, ax = plt.subplots()
    with pytest.raises((ForbiddenOperation, TypeError, ValueError)):
        sns.barplot(frame(report, "growth"), x="indicator_id", y=column, ax=ax)
    plt.close(fig)


def test_the_accessor_gives_floats_in_the_unit_of_the_column(rates):
    q = rates["quantity"].q
    assert (q.unit, q.value["gdp"], q.low["gdp"], q.high["gdp"], q.ids["gdp"]) == ("%", 4.8, 4.75, 4.85, "G01")
    assert (q.largest(), q.smallest()) == ("chain_tax", "retail_sales")
    assert rates.sort_values("quantity").index[0] == "retail_sales"


def test_a_column_that_mixes_measures_has_no_numbers(report):
    with pytest.raises(ForbiddenOperation, match="mixes .* select rows of one measure"):
        frame(report, "levels")["quantity"].q.value  # noqa: B018


def test_what_is_missing_is_named(report):
    published = frame(report, "published").set_index("published_id")
    assert str(published.loc["P081", "quantity"]) == "not found"
    with pytest.raises(MissingFigure, match="P081 .*jiaozuo.* is not found: keep the rows with .q.stated"):
        published.loc[["P002", "P081"], "quantity"].q.value  # noqa: B018
    with pytest.raises(MissingFigure, match="is not found"):
        published.loc["P081", "quantity"] - published.loc["P002", "quantity"]
    nothing = stated(report, "levels", "unemployment")
    assert isinstance(nothing, Missing) and nothing.why == "not stated"


def test_a_nan_is_named(rates):
    merged = rates[["quantity"]].reindex(["gdp", "no such indicator"])
    with pytest.raises(AttributeError, match="column 'quantity', row no such indicator: no quantity .NaN."):
        merged["quantity"].q  # noqa: B018


def test_a_fall_is_behind(report):
    turned = growth.comparisons(moved(report, ("gaps", "D03", "direction", "below")))
    row = turned[(turned["indicator"] == "gdp") & (turned["area"] == "jiaozuo")].iloc[0]
    assert (str(row["lead"]), str(row["implied"])) == ("−1.5\u00a0pp [−1.55, −1.45]", "6.3% [6.20, 6.40]")


def test_the_areas_above_come_from_the_table(report):
    assert areas_above(report) == ["china", "henan", "jiaozuo"] and areas_above(report, "henan") == ["china"]


def test_load_without_arguments_is_the_report_of_the_collection():
    assert load().name == "qinyang-2023"


@pytest.mark.slow
@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_the_five_lines_of_readme_run(readme, tmp_path):
    code = re.search(r"```python\n(.*?)```", (ROOT / readme).read_text(encoding="utf-8"), re.S).group(1)
    assert all(word in code for word in ("load(", "frame(", " - ", "sns."))
    code += "import matplotlib.pyplot as plt\nplt.gcf().savefig(__import__('io').BytesIO())\nprint(*[t.get_text() for t in plt.gca().get_yticklabels()])\n"
    done = subprocess.run([sys.executable, "-X", "utf8", "-W", "error::UserWarning", "-c", code], cwd=ROOT / "notebooks", capture_output=True, text=True, env={"MPLBACKEND": "agg", "PATH": "", "HOME": str(tmp_path)})
    assert done.returncode == 0, done.stderr
    assert "地区生产总值" in done.stdout, "drawn, with every Chinese letter"


def test_a_frame_shows_well(report):
    shown = growth.comparisons(report).head(1).to_html()
    assert "4.8% [4.75, 4.85]" in shown and "nan" not in shown.lower()


def test_an_empty_frame_of_comparisons_keeps_its_columns(report):
    gaps = [("gaps", row["figure_id"], "-", "") for row in report.tables["gaps"].rows]
    found = growth.comparisons(moved(report, *gaps))
    assert isinstance(found, pd.DataFrame) and list(found) == ["indicator", "area", "period", "own", "lead", "implied"] and found.empty
