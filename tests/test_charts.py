"""Chart forms: what they draw, by their artists, and what they refuse."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import same_color
from workreport import charts, style


@pytest.fixture
def ax():
    with style.house_style():
        fig, axes = plt.subplots()
        yield axes
        plt.close(fig)


DOTS = pd.DataFrame({
    "group": ["A", "A", "B"], "series": ["qinyang", "henan", "qinyang"], "series_label": ["Q", "H", "Q"],
    "value": [4.8, 3.1, -0.2], "low": [4.75, 3.0, -0.3], "high": [4.85, 3.2, -0.1], "label": ["4.8%", "3.1%", "−0.2%"],
    "mark": ["stated", "rebuilt", "stated"],
})  # fmt: skip
SLOPE = pd.DataFrame({
    "group": ["A", "B", "A", "B", "A"], "step": ["one", "one", "two", "two", "three"], "value": [3.0, 2.9, 2.0, 1.9, 1.0],
    "low": [2.9, 2.8, 1.9, 1.8, 0.9], "high": [3.1, 3.0, 2.1, 2.0, 1.1], "label": ["3.0", "2.9", "2.0", "1.9", "1.0"],
})  # fmt: skip
PARTS = pd.DataFrame({
    "group": ["A", "A", "A", "B", "B"], "series": ["qinyang", "jiaozuo", "henan", "qinyang", "jiaozuo"],
    "value": [1.5, 0.2, 0.1, -0.5, 1.0], "label": ["1.5", "0.2", "0.1", "−0.5", "1.0"], "total_label": ["1.8", "1.8", "1.8", "0.5", "0.5"],
})  # fmt: skip
INTERVALS = pd.DataFrame({
    "group": ["A", "A"], "series": ["china", "jiaozuo"], "series_label": ["N", "J"], "value": [0.0, 0.0], "low": [-0.1, -0.5], "high": [0.1, 0.5],
    "published": [0.05, np.nan], "label": ["3.0%", "6.6%"], "verdict": ["3.0% agrees", "not found"],
})  # fmt: skip
RANKS = pd.DataFrame(
    {"group": ["A", "A"], "series_label": ["level", "growth"], "value": [1, 2], "out_of": [np.nan, 6], "label": ["in Jiaozuo", "of six"]}
)
MATRIX = pd.DataFrame({"group": ["A", "A", "B", "B"], "column": ["level", "rank", "level", "rank"], "label": ["344.3", "1", "", "5"]})
TARGETS = pd.DataFrame({
    "group": ["A", "B", "C", "D"], "value": [4.8, 13.0, 7.7, 3.0], "low": [4.75, 12.5, 7.65, 2.9], "high": [4.85, 13.5, 7.75, 3.1],
    "label": ["4.8%", "13%", "7.7%", "3%"], "to": [7.5, 11.0, 8.5, 2.0], "to_label": ["7.5%", "11% or more", "about 8.5%", "2% at most"],
    "qualifier": ["", "at_least", "about", "at_most"],
})  # fmt: skip
LADDER = pd.DataFrame({
    "group": ["A", "A", "B"], "series": ["china", "qinyang", "qinyang"], "series_label": ["Nation", "Qinyang", "Qinyang"],
    "value": [5.0, 7.5, 11.0], "label": ["5%", "7.5%", "11%"], "qualifier": ["about", "", "at_least"],
})  # fmt: skip
BULLET = pd.DataFrame(
    {
        "group": ["A", "B"],
        "value": [220.0, 50.0],
        "label": ["220", "50"],
        "target": [215.0, np.nan],
        "target_label": ["target 215", ""],
        "end": [365.0, np.nan],
        "end_label": ["365 days", ""],
    }
)
BARS = pd.DataFrame({
    "group": ["A", "B"], "series": ["qinyang", "qinyang"], "value": [7.5, 7.3], "low": [7.0, 7.3], "high": [8.0, np.inf],
    "label": ["7.5", "over 7.3"], "qualifier": ["", "more_than"],
})  # fmt: skip
FORMS = {
    charts.dot_plot: DOTS, charts.slope: SLOPE, charts.stacked_decomposition: PARTS, charts.interval_plot: INTERVALS, charts.rank_strip: RANKS,
    charts.stated_matrix: MATRIX, charts.dumbbell: TARGETS, charts.ladder: LADDER, charts.bullet: BULLET, charts.bars_with_bounds: BARS,
}  # fmt: skip
every_form = pytest.mark.parametrize("form", FORMS, ids=lambda f: f.__name__)


def texts(axes):
    return [t.get_text() for t in axes.texts]


@every_form
def test_a_form_returns_its_axes_and_leaves_its_data_alone(ax, form):
    data = FORMS[form].copy()
    assert form(data, ax=ax) is ax
    pd.testing.assert_frame_equal(data, FORMS[form])


@every_form
def test_a_form_draws_on_the_current_axes_by_default(ax, form):
    assert form(FORMS[form]) is ax


@every_form
def test_an_empty_selection_and_a_missing_column_are_refused(ax, form):
    with pytest.raises(ValueError, match="the selection is empty"):
        form(FORMS[form].iloc[:0], ax=ax)
    with pytest.raises(ValueError, match="lack the columns label"):
        form(FORMS[form].drop(columns="label"), ax=ax)


@every_form
def test_one_row_is_a_chart(ax, form):
    form(FORMS[form].iloc[:1], ax=ax)
    low, high = ax.get_xlim()
    assert np.isfinite([low, high]).all() and low < high


def markers(axes, shape):
    return [line for line in axes.lines if line.get_marker() == shape]


def test_dot_plot_stated_is_filled_rebuilt_is_hollow_with_whiskers(ax):
    charts.dot_plot(DOTS, ax=ax)
    (henan,) = markers(ax, "^")
    assert same_color(henan.get_markerfacecolor(), style.PAPER) and same_color(henan.get_color(), style.COLOURS["henan"])
    for line in markers(ax, "o"):
        assert same_color(line.get_markerfacecolor(), style.COLOURS["qinyang"])
    whiskers = [tuple(line.get_xdata()) for line in ax.lines if line.get_linewidth() == charts.WHISKER and line.get_marker() == "None"]
    assert whiskers == [(4.75, 4.85), (3.0, 3.2), (-0.3, -0.1)]
    assert {"4.8%", "3.1%", "−0.2%"} <= set(texts(ax))
    assert [t.get_text() for t in ax.get_yticklabels()] == ["Q", "H", "Q"]


def test_dot_plot_scale_holds_zero_and_a_value_far_off(ax):
    charts.dot_plot(DOTS.assign(value=[4.8, 900.0, -0.2], high=[4.85, 950.0, -0.1]), ax=ax)
    low, high = ax.get_xlim()
    assert low < -0.2 and high > 950


def test_slope_names_lines_at_both_ends_and_highlights_one(ax):
    charts.slope(SLOPE, highlight=["A"], ax=ax)
    assert {"A  3.0", "B  2.9", "1.0  A", "2.0", "1.9"} == set(texts(ax))
    accent = [t for t in ax.texts if same_color(t.get_color(), style.COLOURS["qinyang"])]
    assert {t.get_text() for t in accent} == {"A  3.0", "2.0", "1.0  A"}
    assert [t.get_text() for t in ax.get_xticklabels()] == ["one", "two", "three"]


def test_decomposition_stacks_positive_parts_right_and_negative_left(ax):
    charts.stacked_decomposition(PARTS, ax=ax)
    spans = [(round(p.get_x(), 9), round(p.get_x() + p.get_width(), 9)) for p in ax.patches]
    assert spans == [(0, 1.5), (1.5, 1.7), (1.7, 1.8), (0, -0.5), (0, 1.0)]
    assert texts(ax).count("1.8") == 1
    assert {"1.5", "0.2", "0.1", "−0.5"} <= set(texts(ax))


def test_interval_plot_keeps_what_was_not_found_in_grey(ax):
    charts.interval_plot(INTERVALS, columns=("Rebuilt", "Published"), ax=ax)
    assert len(markers(ax, "D")) == 1
    bars = [line for line in ax.lines if line.get_linewidth() == 8]
    assert [tuple(b.get_xdata()) for b in bars] == [(-0.1, 0.1), (-0.5, 0.5)]
    assert same_color(bars[1].get_color(), style.PALE)
    grey = next(t for t in ax.texts if t.get_text() == "not found")
    assert same_color(grey.get_color(), style.MUTED)
    assert {"Rebuilt", "Published", "3.0% agrees"} <= set(texts(ax))


def test_rank_strip_ends_only_where_the_number_ranked_is_known(ax):
    charts.rank_strip(RANKS, ax=ax)
    assert [line.get_xdata()[0] for line in markers(ax, "|")] == [6]
    dotted = [line for line in ax.lines if line.get_linestyle() == "--" or isinstance(line._unscaled_dash_pattern[1], (list, tuple))]
    assert len(dotted) == 1
    assert {"1", "2"} <= set(texts(ax))


def test_matrix_shows_the_value_or_a_dash(ax):
    charts.stated_matrix(MATRIX, ax=ax)
    assert sorted(texts(ax)) == sorted(["344.3", "1", "–", "5"])
    assert [t.get_text() for t in ax.get_xticklabels()] == ["level", "rank"]
    assert ax.collections[0].get_array().reshape(2, 2).tolist() == [[1, 1], [0, 1]]


def arrows(axes):
    return [t for t in axes.texts if getattr(t, "arrow_patch", None) is not None and t.get_text() == ""]


def test_dumbbell_marks_points_bounds_and_soft_values(ax):
    charts.dumbbell(TARGETS, ax=ax)
    assert len(arrows(ax)) == 2
    assert [a.xyann[0] > 0 for a in arrows(ax)] == [True, False]
    assert len(markers(ax, charts.wave())) == 1
    assert {"7.5%", "11% or more", "about 8.5%"} <= set(texts(ax))


def test_ladder_prefixes_the_qualifier(ax):
    charts.ladder(LADDER, ax=ax)
    assert {"~ 5%", "7.5%", "↑ 11%", "A", "B"} == set(texts(ax))


def test_bullet_starts_at_zero_and_shows_target_and_end(ax):
    charts.bullet(BULLET, ax=ax)
    assert sorted(p.get_width() for p in ax.patches) == [50, 220, 365]
    assert {p.get_x() for p in ax.patches} == {0}
    assert {"220", "target 215", "365 days", "50"} == set(texts(ax))


def test_bars_with_bounds_open_the_bar_of_a_bound(ax):
    charts.bars_with_bounds(BARS, ax=ax)
    full, bound = ax.patches
    assert full.get_facecolor()[3] == 1 and bound.get_facecolor()[3] == 0
    assert len(arrows(ax)) == 1
    assert full.get_x() == bound.get_x() == 0


@pytest.mark.parametrize("values", [[1, 1.01, 1.02], [3, 2, 1], [0], [5, 5, 5, 5], [1, 1.2, 9]])
def test_spread_keeps_order_and_distance_and_moves_no_more_than_needed(values):
    new = charts.spread(values, 0.5)
    order = np.argsort(values, kind="stable")
    assert np.all(np.diff(new[order]) >= 0.5 - 1e-9)
    if np.all(np.diff(np.sort(values)) >= 0.5):
        assert new.tolist() == values
    assert np.mean(new) == pytest.approx(np.mean(values))
