"""Tables as frames: quantities know themselves, what the field forbids raises, nothing slips past."""

import ast
import re
import subprocess
import sys

import matplotlib
import pandas as pd
import pytest
from conftest import ROOT, moved
from workreport import areas_above, frame, growth, load, stated
from workreport.frames import stated_rows
from workreport.numbers import ForbiddenOperation, Missing, MissingFigure
from workreport.tables import FIGURE_TABLES

matplotlib.use("agg")


@pytest.fixture(scope="module")
def rates(report):
    return frame(report, "growth").set_index("indicator_id")


def test_every_table_is_a_frame(report):
    """Of figures with quantities in place of their cells; years and offsets are numbers."""
    for name, table in report.tables.items():
        found = frame(report, name)
        assert len(found) == len(table.rows), name
        if name in (*FIGURE_TABLES, "published"):
            assert found["quantity"].q.stated.any() or name == "claims"
            assert "value" not in found and "unit" not in found
            with pytest.raises((ForbiddenOperation, TypeError), match="take the column 'quantity'"):
                found["printed"].sum()
    with pytest.raises(KeyError, match="no table 'grwth': choose one of areas, claims"):
        frame(report, "grwth")
    assert (frame(report, "growth")["period"] == 2022).all()
    assert frame(report, "numerals")["offset"].is_monotonic_increasing


def test_rows_are_chosen_by_their_cells(report):
    cells = {"indicator_id": ["gdp", "retail_sales"], "area": ["jiaozuo", "henan"], "period": 2022, "measure": "growth"}
    chosen = stated_rows(report, "published", **cells)
    rows = [r for r in report.tables["published"].rows if r["indicator_id"] in ("gdp", "retail_sales") and r["status"] != "not_found"]
    rows = [r for r in rows if r["area"] in ("jiaozuo", "henan") and (r["period"], r["measure"]) == ("2022", "growth")]
    assert chosen["published_id"].tolist() == [r["published_id"] for r in rows] and len(rows) > 1
    assert not stated_rows(report, "published", period=2022)["quantity"].q.stated.eq(False).any()


def test_arithmetic_keeps_interval_digits_and_ids(report):
    one = growth.comparisons(report).iloc[2]
    difference = one["own"] - one["lead"]
    assert (str(difference), difference.ids, difference.formula) == ("3.3% [3.20, 3.40]", ("G01", "D03"), "G01 − D03")
    assert "4.8% [4.75, 4.85]" in (shown := growth.comparisons(report).head(1).to_html()) and "nan" not in shown.lower()


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
    assert (q.side["gdp"], q.formula["gdp"]) == ("above", "G01")
    with pytest.raises(MissingFigure, match="column 'quantity' is empty: nothing is maximal"):
        rates.iloc[:0]["quantity"].q.largest()


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


def test_a_firm_target_goes_before_one_that_is_hoped_for(report):
    both = moved(report, ("targets", "T01", "aim", "hoped"), ("targets", "T02", "indicator_id", "gdp"))
    assert (stated(report, "targets", "gdp").ids, stated(both, "targets", "gdp").ids) == (("T01",), ("T02",))


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
    assert load().name == "qinyang-2023"


@pytest.mark.slow
def test_the_lines_of_readme_run(tmp_path):
    """The same lines in both languages but for their comments: one run proves both."""
    texts = [(ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh-CN.md")]
    english, chinese = (re.search(r"```python\n(.*?)```", text, re.S)[1] for text in texts)
    assert ast.dump(ast.parse(english)) == ast.dump(ast.parse(chinese))
    code = english + "import io\nimport matplotlib.pyplot as plt\nplt.gcf().savefig(io.BytesIO())\n"
    code += "print(*[t.get_text() for t in plt.gca().get_yticklabels()])\n"
    environment = {"MPLBACKEND": "agg", "PATH": "", "HOME": str(tmp_path)}
    command = [sys.executable, "-X", "utf8", "-W", "error::UserWarning", "-c", code]
    done = subprocess.run(command, cwd=ROOT / "notebooks", capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    assert "地区生产总值" in done.stdout, "drawn, with every Chinese letter"


def test_an_empty_frame_of_comparisons_keeps_its_columns(report):
    gaps = [("gaps", row["figure_id"], "-", "") for row in report.tables["gaps"].rows]
    found = growth.comparisons(moved(report, *gaps))
    assert isinstance(found, pd.DataFrame) and list(found) == ["indicator", "area", "period", "own", "lead", "implied"] and found.empty
