"""Forms with one line per row: ranges, dots, dumbbells, bars."""

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.transforms import ScaledTranslation

from ..style import GREY, INK, MARKERS, MUTED, PALE, PAPER, TARGET
from .base import HALO, bare, beside, floats, mark, named, remark, short, size, start, tall, text_width, unique, whisker, write, zero

BOUNDS = ("at_least", "more_than", "at_most")


def range_plot(
    data, *, value, row, series, kind=None, column=None, heads=None, highlight=None, palette=None, names=None,
    label=short, notes=None, ax=None,
):
    """Several values on one line per row, from the lowest to the highest, with columns of numbers beside.

    Parameters
    ----------
    data : DataFrame
        In the order to draw, from the top.
    value : str
        Column of quantities, drawn as marks on the line of their row.
    row, series : str
        Columns that say on which line a value is, and whose it is (its colour and mark).
    kind : str, optional
        Column of ``stated`` (filled), ``implied`` (hollow) or ``published`` (a diamond).
    column : str, optional
        Column of quantities written at the right, one column per series; a cell that is no quantity stays empty.
    heads : dict, optional
        Series to the heading of its column; its mark beside the heading is the key.
    highlight : optional
        The series whose value is written above its mark.
    palette, names, label, notes, ax : optional
        As in every form.

    Returns
    -------
    Axes

    Examples
    --------
    >>> rates = growth.comparisons(report)
    >>> ax = range_plot(rates, value="implied", row="indicator", series="area", column="lead")
    >>> ax.get_yticks().tolist()
    []
    """
    data, ax = start(data, ax, value, row, series, kind, column)
    name, palette, heads = named(names), palette or {}, heads or {}
    points, lows, highs = floats(data, value)
    rows, order = unique(data[row]), unique(data[series])
    bare(ax)
    margin = 0.06 * (highs.max() - lows.min() or 1)
    ax.set_xlim(min(lows.min(), 0) - margin, highs.max() + margin)
    ax.set_ylim(-len(rows) + 0.4, 0.95)
    zero(ax, named=True)
    shown = [s for s in order if s != highlight] if column else []
    widths = [max([text_width(ax, heads.get(s, name(s)), fontsize=size(0.92)) + 20, size() * 3.2]) for s in shown]
    wide = tall(ax)
    for n, key in enumerate(rows):
        members, y = data.index[data[row] == key], -n
        ax.plot(
            [points[members].min(), points[members].max()], [y, y], color=PALE, linewidth=5, solid_capstyle="round",
            zorder=1,
        )
        for i in sorted(members, key=lambda i: data[series][i] == highlight):
            colour = palette.get(data[series][i], GREY)
            whisker(ax, lows[i], highs[i], y, colour)
            mark(
                ax, points[i], y, colour, data[kind][i] if kind else "stated",
                zorder=6 if data[series][i] == highlight else 4,
            )
            if data[series][i] == highlight:
                write(
                    ax, points[i], y, label(data[value][i]), dy=size(), ha="center", color=colour, fontweight="bold",
                    zorder=7,
                )
        beside(
            ax, y, name(key), fontweight="bold", bbox=HALO,
            **({"dy": size() * 2.05} if wide else {"dx": -8, "ha": "right"}),
        )
        if notes and key in notes:
            remark(ax, points[members].min(), y, notes[key], dy=-size() * 1.15, dx=-4, bbox=HALO)
        at = 12
        for s, width in zip(shown, widths, strict=True):
            at += width
            found = [data[column][i] for i in members if data[series][i] == s and hasattr(data[column][i], "interval")]
            beside(
                ax, y, label(found[0]) if found else "–", right=True, dx=at, ha="right", color=INK if found else MUTED
            )
    at = 12
    for s, width in zip(shown, widths, strict=True):
        at += width
        text = heads.get(s, name(s))
        beside(ax, 0.78, text, right=True, dx=at, ha="right", color=MUTED, fontsize=size(0.92))
        hollow = kind is not None and (data[kind][data[series] == s] == "implied").all()
        _key(ax, at - text_width(ax, text, fontsize=size(0.92)) - 8, palette.get(s, GREY), hollow)
    return ax


def _key(ax, left, colour, hollow):
    """The mark of a series before the heading of its column."""
    shift = ScaledTranslation(left / 72, 0, ax.figure.dpi_scale_trans)
    face = PAPER if hollow else colour
    ax.add_artist(
        Line2D(
            [1], [0.78], marker=MARKERS.get(colour, "o"), color=colour, markerfacecolor=face, linestyle="none",
            markersize=6.5, transform=ax.get_yaxis_transform() + shift, clip_on=False,
        )
    )


def dot_plot(
    data, *, value, row, group=None, kind=None, series=None, reference=None, reference_name=None, highlight=None,
    palette=None, names=None, label=short, notes=None, ax=None,
):
    """Cleveland dot plot: one line per value, in groups, with its rounding interval.

    Parameters
    ----------
    data : DataFrame
        In the order to draw, from the top.
    value : str
        Column of quantities.
    row : str
        Column that names a row.
    group : str, optional
        Column that names blocks of rows, each under its name.
    kind : str, optional
        Column of ``stated`` (filled), ``implied`` (hollow), ``published`` (a diamond) or ``target``.
    series : str, optional
        Column that colours; `row` if None.
    reference : Quantity, optional
        A value to compare all others with: a line through the whole picture.
    reference_name : str, optional
        Written at the top of that line.
    highlight : optional
        Value of `row` written in its own colour.
    palette, names, label, notes, ax : optional
        As in every form.

    Returns
    -------
    Axes

    Examples
    --------
    >>> rates = growth.comparisons(report)
    >>> ax = dot_plot(rates[rates["indicator"] == "gdp"], value="implied", row="area", palette={"henan": "tab:blue"})
    >>> [round(float(line.get_xdata()[0]), 1) for line in ax.lines if line.get_marker() != "None"]
    [3.0, 3.1, 3.3]
    """
    data, ax = start(data, ax, value, row, group, kind, series)
    name, palette, series = named(names), palette or {}, series or row
    points, lows, highs = floats(data, value)
    bare(ax)
    y, at, heads, before = [], 0.0, [], object()
    for key in data[group] if group else [""] * len(data):
        if group and key != before:
            at -= 0.35 if y else 0
            heads.append((at, name(key)))
            at -= 0.85
        y.append(at)
        at, before = at - 1, key
    y = np.array(y)
    ends = [points, lows, highs] + (
        [np.array([float(reference.in_unit(reference.value))])] if reference is not None else []
    )
    low, high = min(0, *(e.min() for e in ends)), max(0, *(e.max() for e in ends))
    names_wide = max(
        text_width(ax, name(key), fontsize=size(), fontweight="bold" if key == highlight else "normal")
        for key in data[row]
    )
    width = ax.figure.get_figwidth() * 72 * 0.94 - names_wide - 10
    room = (14 + max(text_width(ax, label(q), fontsize=size()) for q in data[value])) / width
    room /= 1 - 2 * room
    before = 0.03 + (room if points.min() < 0 else 0)  # the value of a negative mark stands left of it
    ax.set_xlim(low - before * (high - low), high + room * (high - low))
    ax.set_ylim(y.min() - 0.7, max(y.max() + 0.7, heads[0][0] + 0.5 if heads else 0))
    zero(ax, named=True)
    if reference is not None:
        x = float(reference.in_unit(reference.value))
        ax.axvline(x, color=palette.get(highlight, INK), linewidth=1.4, zorder=2)
        if reference_name:
            beside_line = {"color": palette.get(highlight, INK), "fontweight": "bold"}
            write(ax, x, ax.get_ylim()[1], reference_name, dy=2, ha="center", va="bottom", **beside_line)
    for at, text in heads:
        beside(ax, at, text, fontweight="bold", dx=-names_wide - 8, bbox=HALO)
    for i, key in enumerate(data[row]):
        colour, chosen = palette.get(data[series][i], GREY), key == highlight
        ax.plot([0, points[i]], [y[i], y[i]], color=PALE, linewidth=1, zorder=1)
        whisker(ax, lows[i], highs[i], y[i], colour)
        mark(ax, points[i], y[i], colour, data[kind][i] if kind else "stated")
        left = points[i] < 0 or (
            reference is not None and _meets(ax, max(highs[i], points[i]), x, label(data[value][i]))
        )
        write(
            ax, min(lows[i], points[i]) if left else max(highs[i], points[i]), y[i], label(data[value][i]),
            dx=-8 if left else 8, ha="right" if left else "left", color=colour if chosen else INK,
            fontweight="bold" if chosen else "normal", bbox=HALO,
        )
        beside(ax, y[i], name(key), dx=-8, ha="right", color=colour if chosen else INK)
        if notes and key in notes and points[i] < 0:  # its label stands left, so the remark has the room under the line
            remark(ax, 0, y[i], notes[key], dx=-4, dy=-size(1.3), ha="right")
        elif notes and key in notes:
            remark(
                ax, max(highs[i], points[i], 0), y[i], notes[key],
                dx=14 + text_width(ax, label(data[value][i]), fontsize=size()),
            )
    return ax


def _meets(ax, x, line, text):
    """Whether a label behind a mark would run into a vertical line behind the mark."""
    at, other = ax.transData.transform([(x, 0), (line, 0)])[:, 0] * 72 / ax.figure.dpi
    return at < other < at + 12 + text_width(ax, text, fontsize=size())


def dumbbell(
    data, *, value, to, row, to_label=None, palette=None, names=None, label=short, notes=None, highlight=None, ax=None
):
    """From one value to a target per row; the target is marked by what the report says of it.

    Parameters
    ----------
    data : DataFrame
        In the order to draw, from the top.
    value, to : str
        Columns of quantities: where a row begins, and its target. An arrow leads on from a floor, a wave
        stands for an "about".
    row : str
        Column that names a row.
    to_label : function, optional
        How a target is written; `label` if None.
    highlight : optional
        Key of `palette` for the first values.
    palette, names, label, notes, ax : optional
        As in every form.

    Returns
    -------
    Axes

    Examples
    --------
    >>> from workreport.analysis import targets
    >>> ax = dumbbell(targets.ambitions(report), value="own", to="target", row="indicator")
    >>> float(ax.lines[-1].get_xdata()[0])
    6.5
    """
    data, ax = start(data, ax, value, to, row)
    name, colour = named(names), (palette or {}).get(highlight, GREY)
    points, lows, highs = floats(data, value)
    ends = floats(data, to)[0]
    bare(ax)
    low, high = min(lows.min(), ends.min()), max(highs.max(), ends.max())
    wide = tall(ax)
    first = [
        label(a) if x <= to_x else (to_label or label)(b)
        for a, b, x, to_x in zip(data[value], data[to], points, ends, strict=True)
    ]
    width = 0.6 * (
        ax.figure.get_figwidth() * 72 * 0.94
        - (0 if wide else max(text_width(ax, name(key), fontweight="bold") for key in data[row]))
    )
    # The text left of a row's lower end stays within the Axes.
    ask = [
        (text_width(ax, text, fontweight="bold") + 14) / width * (high - low) - (min(x, y) - low)
        for text, x, y in zip(first, lows, ends, strict=True)
    ]
    ax.set_xlim(low - max(ask), high + 0.22 * (high - low))
    ax.set_ylim(-len(data) + 0.4, 0.6)
    if low < 0 < high:
        zero(ax, named=True)
    for i, key in enumerate(data[row]):
        y, rising = -i, ends[i] >= points[i]
        ax.plot([points[i], ends[i]], [y, y], color=PALE, linewidth=5, solid_capstyle="butt", zorder=1)
        whisker(ax, lows[i], highs[i], y, colour)
        mark(ax, points[i], y, colour)
        _target(ax, ends[i], y, data[to][i].qualifier)
        write(
            ax, lows[i] if rising else highs[i], y, label(data[value][i]), dx=-9 if rising else 9,
            ha="right" if rising else "left", color=colour, fontweight="bold", bbox=HALO,
        )
        arrow = 24 if data[to][i].qualifier in ("at_least", "more_than") else 9
        text = (to_label or label)(data[to][i])
        if rising:
            write(ax, max(ends[i], highs[i]), y, text, dx=arrow, color=TARGET)
        else:
            write(ax, ends[i], y, text, dx=-9, ha="right", color=TARGET)
        beside(
            ax, y, name(key), fontweight="bold", bbox=HALO,
            **({"dy": size() * 1.5} if wide else {"dx": -8, "ha": "right"}),
        )
        if notes and key in notes:
            remark(ax, min(points[i], ends[i]), y, notes[key], dy=-size() * 1.4, dx=-4)
    return ax


def tiers(
    data, *, row, before, target, outcome, kind=None, texts=None, palette=None, highlight=None, names=None, label=short,
    notes=None, ax=None,
):
    """Steps of a target from row to row, with where each row came from and where it ended.

    Parameters
    ----------
    data : DataFrame
        In the order to draw, from the top.
    row : str
        Column that names a row.
    before, target, outcome : str
        Columns of quantities of one measure: a mark, a purple target, a diamond; the miss is a band from the target to
        the outcome. A cell that is no quantity (Missing) is not drawn; every row has a target.
    kind : str, optional
        Column that says whether ``before`` is ``stated`` or ``implied``.
    texts : dict, optional
        ``before``, ``target`` or ``outcome`` to a column of texts written in place of the value; the text of an outcome
        stands even where there is none.
    highlight : optional
        The row written in its own colour.
    palette, names, label, notes, ax : optional
        As in every form.

    Returns
    -------
    Axes

    Examples
    --------
    >>> from workreport.analysis import targets
    >>> steps = targets.tiers(report, "gdp")
    >>> ax = tiers(steps, row="area", before="before", target="target", outcome="outcome")
    >>> sum(line.get_marker() == "D" for line in ax.lines)
    3
    """
    data, ax = start(data, ax, row, before, target, outcome, kind, *(texts or {}).values())
    name, palette, texts, wide = named(names), palette or {}, texts or {}, tall(ax)
    at = {
        c: [float(q.in_unit(q.value)) if hasattr(q, "interval") else None for q in data[c]]
        for c in (before, target, outcome)
    }
    known = [x for column in at.values() for x in column if x is not None]
    bare(ax)
    low, high = min(known), max(known)
    ax.set_xlim(low - 0.14 * (high - low), high + (0.3 if wide else 0.2) * (high - low))
    ax.set_ylim(-len(data) + 0.2, 0.75)
    says = lambda i, part, column: data[texts[part]][i] if part in texts else label(data[column][i])  # noqa: E731
    line, small = size(1.25), {"fontsize": size(0.92)}
    for i, key in enumerate(data[row]):
        y, colour, goal = -i, palette.get(key, GREY), at[target][i]
        if i:
            ax.plot(
                [at[target][i - 1]] * 2 + [goal], [y + 1, y + 0.42, y + 0.42], color=TARGET, alpha=0.35, linewidth=1.2,
                zorder=1,
            )
            ax.plot([goal] * 2, [y + 0.42, y], color=TARGET, alpha=0.35, linewidth=1.2, zorder=1)
        if at[outcome][i] is not None:
            ax.plot(
                [at[outcome][i], goal], [y, y], color=TARGET, alpha=0.25, linewidth=7, solid_capstyle="butt", zorder=2
            )
            mark(ax, at[outcome][i], y, None, "published", zorder=5)
        _target(ax, goal, y, data[target][i].qualifier)
        near = at[before][i] is not None and at[before][i] > goal
        edge = 4  # how far a label reaches past its mark; less where the marks of a row almost meet
        if at[before][i] is not None:
            left, right = ax.transData.transform([(at[before][i], y), (goal, y)])[:, 0] * 72 / ax.figure.dpi
            edge = min(4, abs(right - left) / 2 - 3)
        write(
            ax, goal, y, says(i, "target", target), dy=line, dx=edge if near else -edge, ha="right" if near else "left",
            color=TARGET, bbox=HALO, **small,
        )
        if at[before][i] is not None:
            mark(ax, at[before][i], y, colour, data[kind][i] if kind else "stated", size=7)
            write(
                ax, at[before][i], y, says(i, "before", before), dy=line, dx=-edge if near else edge,
                ha="left" if near else "right" if i or edge < 4 else "center", color=MUTED, **small,
            )
        if "outcome" in texts or at[outcome][i] is not None:
            x = goal if at[outcome][i] is None else at[outcome][i]
            write(
                ax, x, y, says(i, "outcome", outcome), dy=-line, dx=-4,
                color=INK if at[outcome][i] is not None else MUTED, fontweight="bold" if key == highlight else "normal",
                bbox=HALO,
            )
            if notes and key in notes:
                remark(ax, x, y, notes[key], dy=-2 * line, dx=-4, fontsize=size(0.85), bbox=HALO)
        style = {"color": colour if key == highlight else INK, "fontweight": "bold"}
        beside(ax, y, name(key), **style, **({"dy": 2.2 * line} if wide else {"dx": -8, "ha": "right"}))
    return ax


def _target(ax, x, y, qualifier):
    """A tick for a point, an arrow for a bound, a wave for "about"."""
    if qualifier in BOUNDS:
        sign = -1 if qualifier == "at_most" else 1
        ax.plot([x], [y], linestyle="none", marker="|", markersize=12, color=TARGET, markeredgewidth=2.2, zorder=4)
        ax.annotate(
            "",
            (x, y),
            xytext=(sign * 21, 0),
            textcoords="offset points",
            annotation_clip=False,
            zorder=4,
            arrowprops={
                "arrowstyle": "<|-", "color": TARGET, "linewidth": 1.6, "shrinkA": 0, "shrinkB": 0, "mutation_scale": 9,
            },
        )
    else:
        marker = wave() if qualifier == "about" else "|"
        ax.plot(
            [x], [y], linestyle="none", marker=marker, markersize=12, color=TARGET, markerfacecolor="none",
            markeredgewidth=2.2, zorder=4,
        )


def wave():
    """The mark of a soft value, drawn: a tilde set as mathematics would need mathematics in every text."""
    from matplotlib.path import Path

    return Path([(-1, -0.1), (-0.35, 0.75), (0.35, -0.75), (1, 0.1)], [Path.MOVETO, *[Path.CURVE4] * 3])


def bars(
    data, *, value, row, series=None, kind=None, panel=None, shared=False, highlight=None, palette=None, names=None,
    label=short, notes=None, ax=None,
):
    """Bars from zero, each with its value; an arrow leads on from a bound, a derived value is hollow.

    Parameters
    ----------
    data : DataFrame
        In the order to draw, from the top.
    value : str
        Column of quantities, of one measure in each panel.
    row : str
        Column that names a row.
    series : str, optional
        Column that colours; `row` if None.
    kind : str, optional
        Column of ``stated``, ``implied``, ``published`` or ``target``.
    panel : str, optional
        Column that says in which panel a row is: side by side, one below the other in a portrait; each
        has a scale of its own.
    shared : bool
        One scale for all panels, which then stand one below the other.
    highlight : optional
        Value of `row` written in bold; a remark on it stands within its bar if it fits.
    notes : dict, optional
        As in every form; with panels, (panel, row) to the remark.
    palette, names, label, ax : optional
        As in every form.

    Returns
    -------
    Axes or list of Axes
        A list where there are panels.

    Examples
    --------
    >>> own = frame(report, "growth").head(3)
    >>> ax = bars(own, value="quantity", row="indicator_id")
    >>> [round(float(bar.get_width()), 1) for bar in ax.patches]
    [4.8, 7.7, 13.0]
    """
    data, ax = start(data, ax, value, row, series, kind, panel)
    options = {
        "value": value, "row": row, "series": series or row, "kind": kind, "highlight": highlight,
        "palette": palette or {}, "name": named(names), "label": label,
    }
    if panel is not None:
        return _panels(data, panel, ax, _ends(data, value) if shared else None, notes=notes or {}, **options)
    return _bars(data, ax, _ends(data, value), notes=notes or {}, **options)


def _ends(data, value):
    """From where to where bars reach."""
    points = floats(data, value)[0]
    return min(0, points.min()), max(0, points.max())


def _bars(data, ax, ends, *, value, row, series, kind, highlight, palette, name, label, notes):
    """Bars on one Axes that reaches from one end to the other, and as far as the labels beyond."""
    points, (left, right) = floats(data, value)[0], ends
    bare(ax)
    spec = ax.get_subplotspec()
    width = ax.figure.get_figwidth() * 72 * 0.94 / (spec.get_gridspec().ncols if spec else 1)
    width -= max(text_width(ax, name(key), fontsize=size(), fontweight="bold") for key in data[row]) + 10
    ask = [
        text_width(ax, label(q), fontsize=size(), fontweight="bold") + 14 + (q.qualifier in BOUNDS) * 16
        for q in data[value]
    ]
    before, behind = (
        max((a for a, x in zip(ask, points, strict=True) if (x < 0) == negative), default=0) / width
        for negative in (True, False)
    )
    whole = (right - left) / (1 - before - behind)  # a label stands beyond the end of its bar
    ax.set_xlim(left - before * whole, right + behind * whole)
    ax.set_ylim(-len(data) + 0.45, 0.6)
    zero(ax)
    height = min(0.62, 0.22 * len(data) + 0.1)
    for i, key in enumerate(data[row]):
        q, how = data[value][i], data[kind][i] if kind else "stated"
        colour = TARGET if how == "target" else palette.get(data[series][i], GREY)
        hollow, chosen, negative = how == "implied", key == highlight, points[i] < 0
        ax.barh(
            -i, points[i], height=height, color="none" if hollow else colour, edgecolor=colour,
            linewidth=1.4 if hollow else 0, zorder=2,
        )
        bound = (16 if q.qualifier != "at_most" else -16) if q.qualifier in BOUNDS else 0
        if bound:
            ax.annotate(
                "",
                (points[i], -i),
                xytext=(bound, 0),
                textcoords="offset points",
                annotation_clip=False,
                zorder=4,
                arrowprops={
                    "arrowstyle": "<|-", "color": colour if bound > 0 else PAPER, "linewidth": 1.6, "shrinkA": 0,
                    "shrinkB": 0, "mutation_scale": 9,
                },
            )
        write(
            ax, points[i], -i, label(q), dx=-7 if negative else 7 + max(bound, 0), ha="right" if negative else "left",
            fontweight="bold" if chosen else "normal", color=colour if chosen else INK,
        )
        beside(ax, -i, name(key), dx=-8, ha="right", fontweight="bold" if chosen else "normal")
        if key in notes:
            _bar_remark(ax, points[i], -i, notes[key], label(q), inside=chosen and not hollow)
    return ax


def _bar_remark(ax, x, y, text, value, *, inside):
    """A remark within the bar set off, if it fits, and else behind its value."""
    left, right = ax.transData.transform([(0, y), (x, y)])[:, 0] * 72 / ax.figure.dpi
    if inside and x > 0 and right - left > text_width(ax, text, fontsize=size(0.92)) + 14:
        remark(ax, x, y, text, dx=-7, ha="right", color=PAPER)
    else:
        remark(
            ax, max(x, 0), y, text, dx=8 if x < 0 else 14 + text_width(ax, value, fontsize=size(), fontweight="bold")
        )


def _panels(data, panel, ax, ends, *, value, name, notes, **options):
    """A panel for each value of a column, with a scale of its own unless there is one for all."""
    keys = unique(data[panel])
    if tall(ax) or ends:
        grid = ax.get_subplotspec().subgridspec(
            len(keys), 1, hspace=0.1, height_ratios=[(data[panel] == key).sum() for key in keys]
        )
    else:
        grid = ax.get_subplotspec().subgridspec(1, len(keys), wspace=0.08)
    ax.set_axis_off()
    drawn = []
    for n, key in enumerate(keys):
        part = data[data[panel] == key].reset_index(drop=True)
        own = {
            k[1] if isinstance(k, tuple) else k: text
            for k, text in notes.items()
            if not isinstance(k, tuple) or k[0] == key
        }
        one = ax.figure.add_subplot(grid[n])
        drawn.append(_bars(part, one, ends or _ends(part, value), value=value, name=name, notes=own, **options))
        one.set_title(name(key), loc="left", fontsize=size(), fontweight="bold", color=INK)
    if ends:  # the labels of a panel may ask for more room than those of another
        reach = [end for one in drawn for end in one.get_xlim()]
        for one in drawn:
            one.set_xlim(min(reach), max(reach))
    return drawn
