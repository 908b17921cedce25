"""Chart forms: the examples of their help, what they draw by their artists, and what they refuse."""

import doctest
import importlib
import inspect
import pkgutil

import matplotlib.pyplot as plt
import pytest
import workreport
from matplotlib.colors import same_color
from workreport import charts, frame, growth, load, stated, style

FORMS = [getattr(charts, name) for name in charts.__all__]


@pytest.fixture
def ax():
    with style.house_style():
        fig, axes = plt.subplots()
        yield axes
        plt.close(fig)


@pytest.fixture(scope="module")
def rates(report):
    return growth.comparisons(report)


def modules():
    for info in pkgutil.walk_packages(workreport.__path__, "workreport."):
        if "fonts" not in info.name and "share" not in info.name:
            yield info.name


@pytest.mark.parametrize("name", list(modules()))
def test_the_examples_of_the_help_run(name, report):
    module = importlib.import_module(name)
    known = {key: getattr(workreport.analysis, key, None) for key in dir(workreport.analysis)}
    known |= {"report": report, "load": load, "load_report": load, "frame": frame, "growth": growth, "stated": stated, "charts": charts}
    with style.house_style():
        result = doctest.testmod(module, extraglobs={k: v for k, v in known.items() if k not in vars(module)}, optionflags=doctest.NORMALIZE_WHITESPACE)
    plt.close("all")
    assert result.failed == 0


@pytest.mark.parametrize("form", FORMS, ids=lambda f: f.__name__)
def test_help_is_enough(form):
    """Data first, columns by keyword, ``ax=None``; an example; every argument told."""
    parameters = inspect.signature(form).parameters
    assert list(parameters)[-1] == "ax" and parameters["ax"].default is None
    text = inspect.getdoc(form)
    assert "Returns" in text and ">>> " in text
    shared = ("palette", "names", "label", "notes")
    for name in parameters:
        assert name in text or (name in shared and name in inspect.getdoc(charts)), name


@pytest.mark.parametrize("form", [f for f in FORMS if "data" in inspect.signature(f).parameters], ids=lambda f: f.__name__)
def test_an_empty_frame_and_a_missing_column_are_refused(form, rates):
    needed = [n for n, p in inspect.signature(form).parameters.items() if p.kind is p.KEYWORD_ONLY and p.default is p.empty]
    with pytest.raises(ValueError, match="nothing to draw: the frame is empty"):
        form(rates.iloc[:0], **dict.fromkeys(needed, "implied"))
    with pytest.raises(ValueError, match="the frame has no column 'nowhere'"):
        form(rates, **(dict.fromkeys(needed, "implied") | {needed[0]: "nowhere"}))


def test_a_range_is_drawn_from_the_lowest_to_the_highest(ax, rates):
    drawn = rates[rates["indicator"] == "gdp"].assign(kind="implied")
    charts.range_plot(drawn, value="implied", row="indicator", series="area", kind="kind", column="lead", palette={"china": "tab:blue"}, ax=ax)
    line = next(one for one in ax.lines if len(one.get_xdata()) == 2 and one.get_linewidth() == 5)
    assert [round(x, 1) for x in line.get_xdata()] == [3.0, 3.3]
    marks = [one for one in ax.lines if len(one.get_xdata()) == 1 and one.get_transform() == ax.transData]
    assert len(marks) == 3 and all(same_color(m.get_markerfacecolor(), style.PAPER) for m in marks), "implied is hollow"
    assert [t.get_text() for t in ax.texts if t.get_text() in ("1.8", "1.7", "1.5")] == ["1.8", "1.7", "1.5"]


def test_a_published_value_is_a_diamond_and_a_stated_one_is_filled(ax, rates):
    drawn = rates.head(2).assign(kind=["stated", "published"])
    charts.dot_plot(drawn, value="implied", row="area", kind="kind", palette={"china": style.NATION}, ax=ax)
    marks = [one for one in ax.lines if one.get_marker() not in ("None", "", None)]
    assert [m.get_marker() for m in marks] == ["v", "D"] and same_color(marks[0].get_markerfacecolor(), style.NATION)


def test_rounding_is_drawn_where_it_is_wider_than_the_mark(ax, rates, report):
    charts.dot_plot(rates[rates["area"] == "china"], value="implied", row="indicator", ax=ax)
    whiskers = [one for one in ax.lines if one.get_linewidth() == 1.4 and len(one.get_xdata()) == 2]
    assert [4.55, 5.65] in [[round(float(x), 2) for x in one.get_xdata()] for one in whiskers]
    before = len(ax.lines)
    charts.dot_plot(frame(report, "targets"), value="quantity", row="indicator_id", ax=ax)
    assert not [one for one in ax.lines[before:] if one.get_linewidth() == 1.4 and len(one.get_xdata()) == 2], "a target is exact"


def test_parts_add_up(ax, rates, report):
    parts = growth.decomposition(rates, report)
    charts.stacked(parts, value="part", row="indicator", part="area", total="lead", ax=ax)
    assert round(sum(p.get_width() for p in ax.patches[:3]), 6) == 1.8


def test_the_line_at_zero_is_named_where_no_bar_begins_at_it(ax, report):
    rates = growth.comparisons(report)
    charts.range_plot(rates, value="implied", row="indicator", series="area", ax=ax)
    (said,) = [t for t in ax.texts if t.get_text() == "0"]
    assert said.xy[0] == 0 and said.xy[1] == ax.get_ylim()[0]


def test_bars_begin_at_zero_and_a_bound_has_an_arrow(ax, report):
    aims = frame(report, "targets")
    charts.bars(aims, value="quantity", row="indicator_id", ax=ax)
    assert all(bar.get_x() == 0 for bar in ax.patches)
    arrows = [text for text in ax.texts if getattr(text, "arrow_patch", None)]
    bounds = [i for i, q in enumerate(aims["quantity"]) if q.qualifier in ("at_least", "more_than")]
    assert [-arrow.xy[1] for arrow in arrows] == bounds and len(bounds) == 2


def test_negative_bars_have_their_labels_and_parts_at_the_left(ax, rates):
    slower = rates.assign(less=rates["implied"] - rates["own"])
    charts.bars(slower, value="less", row="area", ax=ax)
    assert ax.get_xlim()[0] < min(bar.get_width() for bar in ax.patches) and ax.get_xlim()[1] == 0
    ax.clear()
    charts.stacked(slower.head(2), value="less", row="indicator", part="area", total="lead", ax=ax)
    assert all(bar.get_x() < 0 for bar in ax.patches)


@pytest.mark.parametrize("shared", [True, False])
def test_panels_share_a_scale_only_if_asked(ax, rates, shared):
    drawn = charts.bars(rates, value="lead", row="area", panel="indicator", shared=shared, ax=ax)
    assert len(drawn) > 1 and (len({one.get_xlim() for one in drawn}) == 1) is shared
    assert sum(len(one.patches) for one in drawn) == len(rates), "each row stands in one panel"


def test_what_is_left_out_is_hatched(ax, rates):
    data = rates.head(3).assign(text="", how=["stated", "left_out", "seldom"])
    charts.matrix(data, row="indicator", column="area", text="text", stated="how", ax=ax)
    assert [bool(cell.get_hatch()) for cell in ax.patches] == [False, True, False]
    assert max(text.get_fontsize() for text in ax.texts) <= plt.rcParams["font.size"], "a cell is no heading"


def test_of_two_rivals_the_one_ahead_is_bold(ax, rates):
    charts.pairs(rates.head(1), value="own", other="implied", row="indicator", ax=ax)
    assert [text.get_fontweight() for text in ax.texts[:2]] == ["bold", "normal"]


def test_only_what_lies_beside_the_line_says_its_value(ax, rates):
    some = rates.head(3)
    charts.strip(some, value="implied", row="area", reference=some["implied"][0], ax=ax)
    said = [text.get_text() for text in ax.texts]
    assert [said.count(value) for value in ("3.0%", "3.1%", "3.3%")] == [1, 1, 1]


def test_ribbons_count_their_strokes(ax, report):
    numerals = frame(report, "numerals").assign(text="")
    charts.barcode(numerals, at="offset", row="text", kind="role", spans={"": (0, 6553)}, hollow="name", count=True, fields={"a part": (1000, 1200)}, ax=ax)
    assert [(bar.get_x(), bar.get_width()) for bar in ax.patches] == [(0, 6553), (1000, 200)]
    assert str((numerals["role"] != "name").sum()) in [text.get_text() for text in ax.texts]


def test_a_researcher_recolours_and_sorts_by_one_call(rates):
    with style.house_style():
        ax = charts.dot_plot(rates.sort_values("implied"), value="implied", row="area", group="indicator", palette={"china": "tab:pink"})
        assert any(same_color(one.get_color(), "tab:pink") for one in ax.lines if one.get_marker() == "o")
        plt.close("all")
