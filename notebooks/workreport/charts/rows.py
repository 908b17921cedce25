"""Forms with one line per row: ranges, dots, dumbbells, bars."""

from functools import partial  # noqa: I001 one name per line below would take as many lines as a form

from matplotlib.lines import Line2D
from matplotlib.path import Path
from matplotlib.transforms import ScaledTranslation

from ..style import GREY, INK, MARKERS, MUTED, PALE, PAPER, TARGET
from .base import (
    HALO, arrow, beside, disc, floats, in_blocks, in_unit, kinds, mark, named, panel_axes, remark, row_name, short,
    size, start, tall, text_width, unique, whisker, widest, width_of, write, zero,
)

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
    name, palette, heads, notes = named(names), palette or {}, heads or {}, notes or {}
    (points, lows, highs), kind = floats(data, value), kinds(data, kind)
    rows, order = unique(data[row]), unique(data[series])
    margin = 0.06 * (highs.max() - lows.min() or 1)
    ax.set_xlim(min(lows.min(), 0) - margin, highs.max() + margin)
    ax.set_ylim(-len(rows) + 0.4, 0.95)
    zero(ax, named=True)
    columns, at = {}, 12  # where the right end of each column stands
    for s in [s for s in order if s != highlight] if column else []:
        at += max(text_width(ax, heads.get(s, name(s)), fontsize=size(0.92)) + 20, size() * 3.2)
        columns[s] = at
    for n, key in enumerate(rows):
        members, y = data.index[data[row] == key], -n
        ends = [points[members].min(), points[members].max()]
        ax.plot(ends, [y, y], color=PALE, linewidth=5, solid_capstyle="round", zorder=1)
        for i in sorted(members, key=lambda i: data[series][i] == highlight):
            colour, chosen = palette.get(data[series][i], GREY), data[series][i] == highlight
            whisker(ax, lows[i], highs[i], y, colour)
            mark(ax, points[i], y, colour, kind[i], zorder=6 if chosen else 4)
            if chosen:
                style = {"color": colour, "fontweight": "bold", "zorder": 7}
                write(ax, points[i], y, label(data[value][i]), dy=size(), ha="center", **style)
        row_name(ax, y, name(key), size() * 2.05, bbox=HALO)
        if key in notes:
            remark(ax, ends[0], y, notes[key], dy=-size() * 1.15, dx=-4, bbox=HALO)
        for s, at in columns.items():
            found = [data[column][i] for i in members if data[series][i] == s and hasattr(data[column][i], "interval")]
            text, colour = (label(found[0]), INK) if found else ("–", MUTED)
            beside(ax, y, text, right=True, dx=at, ha="right", color=colour)
    for s, at in columns.items():
        text, small = heads.get(s, name(s)), {"fontsize": size(0.92)}
        beside(ax, 0.78, text, right=True, dx=at, ha="right", color=MUTED, **small)
        hollow = all(how == "implied" for how, one in zip(kind, data[series], strict=True) if one == s)
        _key(ax, at - text_width(ax, text, **small) - 8, palette.get(s, GREY), hollow)
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
    name, palette, notes, series = named(names), palette or {}, notes or {}, series or row
    (points, lows, highs), kind = floats(data, value), kinds(data, kind)
    y, heads = in_blocks(data[group], 0.35, 0.85) if group else ([-float(i) for i in range(len(data))], [])
    line = None if reference is None else in_unit(reference)
    ends = [0, *points, *lows, *highs, *([] if line is None else [line])]
    low, high = min(ends), max(ends)
    names_wide = max(
        text_width(ax, name(key), fontweight="bold" if key == highlight else "normal") for key in data[row]
    )
    widths = [text_width(ax, label(q)) for q in data[value]]
    room = (14 + max(widths)) / (width_of(ax, 0.94) - names_wide - 10)
    room /= 1 - 2 * room
    before = 0.03 + (room if points.min() < 0 else 0)  # the value of a negative mark stands left of it
    left, right = low - before * (high - low), high + room * (high - low)
    for i, key in enumerate(data[row]):  # a remark stands behind the value, in a portrait under it
        if key in notes and points[i] >= 0:
            wide = text_width(ax, notes[key], fontsize=size(0.92))
            share = 1 - (20 + (max(widths[i], wide) if tall(ax) else widths[i] + wide)) / (width_of(ax, 0.94) - names_wide - 10)
            right = max(right, left + (max(highs[i], points[i]) - left) / share)
    ax.set_xlim(left, right)
    ax.set_ylim(y[-1] - 0.7, max(y[0] + 0.7, heads[0][0] + 0.5 if heads else 0))
    zero(ax, named=True)
    if line is not None:
        accent = palette.get(highlight, INK)
        ax.axvline(line, color=accent, linewidth=1.4, zorder=2)
        if reference_name:
            style = {"color": accent, "fontweight": "bold"}
            write(ax, line, ax.get_ylim()[1], reference_name, dy=2, ha="center", va="bottom", **style)
    for at, key in heads:
        beside(ax, at, name(key), fontweight="bold", dx=-names_wide - 8, bbox=HALO)
    for i, key in enumerate(data[row]):
        colour, chosen, furthest = palette.get(data[series][i], GREY), key == highlight, max(highs[i], points[i])
        ink, weight = (colour, "bold") if chosen else (INK, "normal")
        ax.plot([0, points[i]], [y[i], y[i]], color=PALE, linewidth=1, zorder=1)
        whisker(ax, lows[i], highs[i], y[i], colour)
        mark(ax, points[i], y[i], colour, kind[i])
        left = points[i] < 0 or (line is not None and _meets(ax, furthest, line, widths[i]))
        x, dx, ha = (min(lows[i], points[i]), -8, "right") if left else (furthest, 8, "left")
        write(ax, x, y[i], label(data[value][i]), dx=dx, ha=ha, color=ink, fontweight=weight, bbox=HALO)
        beside(ax, y[i], name(key), dx=-8, ha="right", color=ink)
        if key in notes and points[i] < 0:  # its label stands left, so the remark has the room under the line
            remark(ax, 0, y[i], notes[key], dx=-4, dy=-size(1.3), ha="right")
        elif key in notes:
            remark(ax, max(furthest, 0), y[i], notes[key], **{"dx": 8, "dy": -size(1.3)} if tall(ax) else {"dx": 14 + widths[i]})
    return ax


def _meets(ax, x, line, width):
    """Whether a label behind a mark would run into a vertical line behind the mark."""
    at, other = ax.transData.transform([(x, 0), (line, 0)])[:, 0] * 72 / ax.figure.dpi
    return at < other < at + 12 + width


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
    name, colour, notes = named(names), (palette or {}).get(highlight, GREY), notes or {}
    points, lows, highs = floats(data, value)
    ends, to_label = floats(data, to)[0], to_label or label
    low, high = min(lows.min(), ends.min()), max(highs.max(), ends.max())
    first = [
        label(a) if x <= end else to_label(b)
        for a, b, x, end in zip(data[value], data[to], points, ends, strict=True)
    ]
    width = 0.6 * (width_of(ax, 0.94) - (0 if tall(ax) else widest(ax, map(name, data[row]))))
    # The text left of a row's lower end stands within the Axes.
    ask = [
        (text_width(ax, text, fontweight="bold") + 14) / width * (high - low) - (min(x, y) - low)
        for text, x, y in zip(first, lows, ends, strict=True)
    ]
    ax.set_xlim(low - max(ask), high + 0.22 * (high - low))
    ax.set_ylim(-len(data) + 0.4, 0.6)
    if low < 0 < high:
        zero(ax, named=True)
    for i, key in enumerate(data[row]):
        y, goal, qualifier = -i, to_label(data[to][i]), data[to][i].qualifier
        ax.plot([points[i], ends[i]], [y, y], color=PALE, linewidth=5, solid_capstyle="butt", zorder=1)
        whisker(ax, lows[i], highs[i], y, colour)
        mark(ax, points[i], y, colour)
        _target(ax, ends[i], y, qualifier)
        own = {"color": colour, "fontweight": "bold", "bbox": HALO}
        if ends[i] >= points[i]:
            write(ax, lows[i], y, label(data[value][i]), dx=-9, ha="right", **own)
            after = 24 if qualifier in ("at_least", "more_than") else 9
            write(ax, max(ends[i], highs[i]), y, goal, dx=after, color=TARGET)
        else:
            write(ax, highs[i], y, label(data[value][i]), dx=9, **own)
            write(ax, ends[i], y, goal, dx=-9, ha="right", color=TARGET)
        row_name(ax, y, name(key), size() * 1.5, bbox=HALO)
        if key in notes:
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
    name, palette, texts, notes = named(names), palette or {}, texts or {}, notes or {}
    columns, kind = {"before": before, "target": target, "outcome": outcome}, kinds(data, kind)
    places = {
        part: [in_unit(q) if hasattr(q, "interval") else None for q in data[column]] for part, column in columns.items()
    }
    known = [x for column in places.values() for x in column if x is not None]
    low, high = min(known), max(known)
    ax.set_xlim(low - 0.14 * (high - low), high + (0.3 if tall(ax) else 0.2) * (high - low))
    ax.set_ylim(-len(data) + 0.2, 0.75)
    says = lambda i, part: data[texts[part]][i] if part in texts else label(data[columns[part]][i])  # noqa: E731
    line, small, pale = size(1.25), {"fontsize": size(0.92)}, {"color": TARGET, "zorder": 1, "linewidth": 1.2, "alpha": 0.35}
    for i, key in enumerate(data[row]):
        y, colour, chosen = -i, palette.get(key, GREY), key == highlight
        was, goal, came = (places[part][i] for part in columns)
        if i:
            ax.plot([places["target"][i - 1]] * 2 + [goal], [y + 1, y + 0.42, y + 0.42], **pale)
            ax.plot([goal] * 2, [y + 0.42, y], **pale)
        if came is not None:
            band = pale | {"alpha": 0.25, "linewidth": 7, "zorder": 2}
            ax.plot([came, goal], [y, y], solid_capstyle="butt", **band)
            mark(ax, came, y, None, "published", zorder=5)
        _target(ax, goal, y, data[target][i].qualifier)
        edge, side = 4, "right" if was is not None and was > goal else "left"  # where the target's label ends
        if was is not None:
            # How far a label reaches past its mark: less where the marks of a row almost meet.
            left, right = ax.transData.transform([(was, y), (goal, y)])[:, 0] * 72 / ax.figure.dpi
            edge = min(4, abs(right - left) / 2 - 3)
        past = edge if side == "right" else -edge
        write(ax, goal, y, says(i, "target"), dy=line, dx=past, ha=side, color=TARGET, bbox=HALO, **small)
        if was is not None:
            mark(ax, was, y, colour, kind[i], size=7)
            ha = "left" if side == "right" else "right" if i or edge < 4 else "center"
            write(ax, was, y, says(i, "before"), dy=line, dx=-past, ha=ha, color=MUTED, **small)
        if "outcome" in texts or came is not None:
            x, ink = (goal, MUTED) if came is None else (came, INK)
            weight = "bold" if chosen else "normal"
            write(ax, x, y, says(i, "outcome"), dy=-line, dx=-4, color=ink, fontweight=weight, bbox=HALO)
            if key in notes:
                remark(ax, x, y, notes[key], dy=-2 * line, dx=-4, fontsize=size(0.85), bbox=HALO)
        row_name(ax, y, name(key), 2.2 * line, color=colour if chosen else INK)
    return ax


def _target(ax, x, y, qualifier):
    """A tick for a point, an arrow for a bound, a wave for "about"."""
    bound = qualifier in BOUNDS
    face = {"marker": wave() if qualifier == "about" else "|", "markerfacecolor": TARGET if bound else "none"}
    disc(ax, x, y, markersize=12, color=TARGET, markeredgewidth=2.2, zorder=4, **face)
    if bound:
        arrow(ax, x, y, -21 if qualifier == "at_most" else 21, TARGET)


def wave():
    """The mark of a soft value, drawn: a tilde set as mathematics would need mathematics in every text."""
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
    look = {"series": series or row, "highlight": highlight, "palette": palette or {}, "name": named(names)}
    draw = partial(_bars, value=value, row=row, kind=kind, label=label, **look)
    if panel is None:
        return draw(data, ax, _ends(data, value), notes=notes or {})
    keys = unique(data[panel])
    parts = [data[data[panel] == key].reset_index(drop=True) for key in keys]
    heads, ends = map(named(names), keys), _ends(data, value) if shared else None
    if tall(ax) or shared:
        drawn = panel_axes(ax, heads, (len(keys), 1), hspace=0.1, height_ratios=list(map(len, parts)))
    else:
        drawn = panel_axes(ax, heads, (1, len(keys)), wspace=0.08)
    made = []
    for key, part, one in zip(keys, parts, drawn, strict=True):
        own = {k: text for k, text in (notes or {}).items() if not isinstance(k, tuple)}
        own |= {k[1]: text for k, text in (notes or {}).items() if isinstance(k, tuple) and k[0] == key}
        made.append(draw(part, one, ends or _ends(part, value), notes=own))
    if shared:  # the labels of a panel may ask for more room than those of another
        reach = [end for one in made for end in one.get_xlim()]
        for one in made:
            one.set_xlim(min(reach), max(reach))
    return made


def _ends(data, value):
    """From where to where bars reach."""
    points = floats(data, value)[0]
    return min(0, points.min()), max(0, points.max())


def _bars(data, ax, ends, *, value, row, series, kind, highlight, palette, name, label, notes):
    """Bars on one Axes that reaches from one end to the other, and as far as the labels beyond."""
    points, (left, right), kind = floats(data, value)[0], ends, kinds(data, kind)
    spec = ax.get_subplotspec()
    width = width_of(ax, 0.94) / (spec.get_gridspec().ncols if spec else 1)
    width -= widest(ax, map(name, data[row])) + 10
    ask = [widest(ax, [label(q)]) + 14 + (q.qualifier in BOUNDS) * 16 for q in data[value]]
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
        x, q, hollow, chosen = points[i], data[value][i], kind[i] == "implied", key == highlight
        colour = TARGET if kind[i] == "target" else palette.get(data[series][i], GREY)
        ink, weight = (colour, "bold") if chosen else (INK, "normal")
        face, edge = ("none", 1.4) if hollow else (colour, 0)
        ax.barh(-i, x, height=height, color=face, edgecolor=colour, linewidth=edge, zorder=2)
        bound = (16 if q.qualifier != "at_most" else -16) if q.qualifier in BOUNDS else 0
        if bound:
            arrow(ax, x, -i, bound, colour if bound > 0 else PAPER)
        dx, ha = (-7, "right") if x < 0 else (7 + max(bound, 0), "left")
        write(ax, x, -i, label(q), dx=dx, ha=ha, fontweight=weight, color=ink)
        beside(ax, -i, name(key), dx=-8, ha="right", fontweight=weight)
        if key in notes:
            _bar_remark(ax, x, -i, notes[key], label(q), inside=chosen and not hollow)
    return ax


def _bar_remark(ax, x, y, text, value, *, inside):
    """A remark within the bar set off, if it fits, and else behind its value."""
    left, right = ax.transData.transform([(0, y), (x, y)])[:, 0] * 72 / ax.figure.dpi
    if inside and x > 0 and right - left > text_width(ax, text, fontsize=size(0.92)) + 14:
        remark(ax, x, y, text, dx=-7, ha="right", color=PAPER)
    else:
        remark(ax, max(x, 0), y, text, dx=8 if x < 0 else 14 + widest(ax, [value]))
