"""Forms of parts and wholes: bars made of parts, counts of a whole, many rates on one line."""

from matplotlib.patches import Rectangle  # noqa: I001 one name per line below would take as many lines as a form

from ..style import GREY, INK, MUTED, PALE, PAPER, PUBLISHED, TARGET
from .base import (
    beside, disc, floats, height_of, in_unit, kinds, mark, named, panel_axes, remark, short, size, spread, start, tall,
    text_width, unique, widest, width_of, write, zero,
)


def stacked(
    data, *, value, row, part, total, share=None, palette=None, names=None, label=short,
    share_label=short, highlight=None, ax=None,
):
    """Bars made of parts that add up, the sum at the end and the share of one part at the right.

    Parameters
    ----------
    data : DataFrame
        Parts of a row in stacking order; negative parts run to the left of zero.
    value, total : str
        Columns of quantities: the part and, the same in each row of a bar, the sum.
    row, part : str
        Columns that name the bar and colour the part.
    share : dict, optional
        Row to a quantity printed large at the right, in the colour of `highlight`.
    share_label : function, optional
        How it is written.
    highlight : optional
        The part whose share is printed.
    palette, names, label, ax : optional
        As in every form.

    Returns
    -------
    Axes

    Examples
    --------
    >>> parts = growth.decomposition(growth.comparisons(report), report)
    >>> ax = stacked(parts, value="part", row="indicator", part="area", total="lead")
    >>> [round(float(bar.get_width()), 1) for bar in ax.patches[:3]]
    [1.5, 0.2, 0.1]
    """
    data, ax = start(data, ax, value, row, part, total)
    name, palette, share = named(names), palette or {}, share or {}
    points, rows = floats(data, value)[0], unique(data[row])
    members = {key: data.index[data[row] == key] for key in rows}
    ends = {}
    for key, some in members.items():
        ends[key] = points[some][points[some] < 0].sum(), points[some][points[some] >= 0].sum()
    low, high = min(e[0] for e in ends.values()), max(e[1] for e in ends.values())
    ax.set_xlim(low - 0.02 * (high - low), high + 0.16 * (high - low))
    ax.set_ylim(-len(rows) + 0.45, 0.75)
    zero(ax)
    scale = width_of(ax, 0.72 if tall(ax) else 0.6) / (ax.get_xlim()[1] - ax.get_xlim()[0])
    small, bold = {"fontsize": size(0.92)}, {"fontweight": "bold"}
    for n, key in enumerate(rows):
        right = left = 0.0
        for i in members[key]:
            at, width = right if points[i] >= 0 else left + points[i], abs(points[i])
            colour, text = palette.get(data[part][i], GREY), label(data[value][i])
            ax.barh(-n, width, left=at, height=0.46, color=colour, edgecolor=PAPER, linewidth=1, zorder=3)
            if width * scale > text_width(ax, text, **small) + 6:
                write(ax, at + width / 2, -n, text, ha="center", color=PAPER, zorder=5, **small, **bold)
            right, left = (right + points[i], left) if points[i] >= 0 else (right, left + points[i])
        write(ax, ends[key][1], -n, label(data[total][members[key][0]]), dx=7, **bold)
        if tall(ax):  # right of the line at zero, which the name would cross
            write(ax, 0, -n + 0.23, name(key), dx=4, dy=3, va="bottom", **bold)
        else:
            beside(ax, -n, name(key), dx=-8, ha="right", **bold)
        if key in share:
            style = bold | {"color": palette.get(highlight, INK), "fontsize": size(1.5)}
            beside(ax, -n, share_label(share[key]), right=True, dx=4, **style)
    return ax


def parts(
    data, *, value, row, part, colour=None, kind=None, marks=None, palette=None, names=None,
    label=short, notes=None, ax=None,
):
    """Bars cut into parts, each part named: what a whole is made of. A single bar stands upright in a portrait.

    Parameters
    ----------
    data : DataFrame
        Parts of a bar in order from the left (from the foot, where it stands upright).
    value : str
        Column of quantities of one measure; in a bar they add up to the whole.
    row, part : str
        Columns that name the bar and the part; the name of a bar may be empty.
    colour : str, optional
        Column whose value colours the part by `palette`; `part` if None.
    kind : str, optional
        Column of ``stated`` (filled), ``implied`` (hollow) or ``published`` (black).
    marks : dict, optional
        Name to a quantity: a target, drawn as a purple line through the first bar from its beginning, and named.
    palette, names, label, ax : optional
        As in every form.
    notes : dict, optional
        Row or part to a remark.

    Returns
    -------
    Axes

    Examples
    --------
    >>> from workreport.analysis import industry
    >>> ax = parts(industry.signed(report).assign(bar=""), value="amount", row="bar", part="part", kind="kind")
    >>> [round(float(patch.get_width()), 1) for patch in ax.patches]
    [70.0, 52.0, 60.6]
    >>> ax.clear()
    """
    data, ax = start(data, ax, value, row, part, colour, kind)
    colour, palette, notes = colour or part, palette or {}, notes or {}
    points, rows = floats(data, value)[0], unique(data[row])
    faces = [
        {"implied": PAPER, "published": PUBLISHED}.get(how, palette.get(data[colour][i], GREY if kind else PALE))
        for i, how in enumerate(kinds(data, kind))
    ]
    marks = {key: in_unit(q) for key, q in (marks or {}).items()}
    name = named(names)
    said = [(label(q), name(key), notes.get(key, "")) for q, key in zip(data[value], data[part], strict=True)]
    bars = [(name(key), notes.get(key, ""), data.index[data[row] == key]) for key in rows]
    draw = _upright if len(rows) == 1 and tall(ax) else _lying
    draw(ax, points, faces, said, bars, {name(key): at for key, at in marks.items()})
    return ax


def _lying(ax, points, faces, said, bars, marks):
    longest = max(points[some].sum() for *_, some in bars)
    ax.set_xlim(-0.005 * longest, longest * 1.005)
    step = 1.5 if len(bars) < 3 else 1.25
    ax.set_ylim(*((-0.72, 0.5) if len(bars) == 1 else (-step * (len(bars) - 1) - 0.75, 0.85)))
    scale = width_of(ax, 0.92) / longest
    for n, (title, note, some) in enumerate(bars):
        at, y, below = 0.0, -step * n, []
        for i in some:
            _block(ax, at, y - 0.28, points[i], 0.56, faces[i])
            (amount, called, remarked), middle = said[i], at + points[i] / 2
            if points[i] * scale > widest(ax, (amount, *called.split("\n"))) + 10:
                style = {"ha": "center", "color": _on(faces[i]), "zorder": 4}
                gap = size(0.75) * (1 + called.count("\n") * 0.5)
                write(ax, middle, y, amount, dy=gap, fontweight="bold", **style)
                write(ax, middle, y, called, dy=-size(0.75), linespacing=1.2, **style)
            else:
                below.append((middle, f"{amount} {called}".replace("\n", " "), INK))
            if remarked:
                below.append((middle, remarked, MUTED))
            at += points[i]
        for text, x in marks.items() if n == 0 else ():
            ax.plot([x, x], [y - 0.36, y + 0.36], color=TARGET, linewidth=2.4, zorder=5)
            below.append((x, text, TARGET))
        _under(ax, y - 0.36, below, longest, scale)
        beside(ax, y + 0.28, title, dy=5, va="bottom", fontweight="bold")
        if note:
            remark(ax, longest, y + 0.28, note, dy=5, ha="right", va="bottom")


def _under(ax, y, texts, longest, scale):
    """Texts below a bar, each under its place, in a line of its own where two would meet."""
    ends = []
    for x, text, ink in sorted(texts, key=lambda one: one[0]):
        half = text_width(ax, text, fontsize=size(0.92)) / 2 / scale
        middle = min(max(x, half), longest - half)
        line = next((n for n, end in enumerate(ends) if middle - half > end), len(ends))
        ends[line:] = [middle + half + 8 / scale, *ends[line + 1 :]]
        style = {"fontsize": size(0.92), "color": ink, "linespacing": 1.35}
        write(ax, middle, y, text, dy=-3 - line * size(1.35), ha="center", va="top", **style)


def _upright(ax, points, faces, said, bars, marks):
    tallest = points.sum()
    ax.set_xlim(0, 1)
    ax.set_ylim(-0.02 * tallest, tallest * 1.02)
    lines = lambda text, ink: [(line, ink, "normal") for line in text.split("\n") if line]  # noqa: E731
    at, texts = 0.0, []
    for face, height, (amount, called, note) in zip(faces, points, said, strict=True):
        _block(ax, 0.0, at, 0.36, height, face)
        texts.append((at + height / 2, [(amount, INK, "bold"), *lines(called, INK), *lines(note, MUTED)]))
        at += height
    for text, y in marks.items():
        ax.plot([-0.02, 0.4], [y, y], color=TARGET, linewidth=2.4, zorder=5, clip_on=False)
        texts.append((y, lines(text, TARGET)))
    texts += [(tallest, lines(note, MUTED)) for _, note, _ in bars if note]
    height = size(1.4) * (tallest / height_of(ax, 0.62))
    placed = [(y + ((len(said) - 1) / 2 - k) * height, one) for y, said in texts for k, one in enumerate(said)]
    for (_, (text, ink, weight)), to in zip(placed, spread([y for y, _ in placed], height), strict=True):
        larger = 1.1 if weight == "bold" else 1
        ax.text(0.43, to, text, color=ink, fontweight=weight, va="center", fontsize=size(larger))


def _block(ax, x, y, width, height, face):
    hollow = face == PAPER
    edge, line = (GREY, 2.8) if hollow else (PAPER, 1.5)
    patch = Rectangle((x, y), width, height, facecolor=face, edgecolor=edge, linewidth=line, zorder=2)
    ax.add_patch(patch)
    patch.set_clip_path(patch)  # the line of a hollow part stays within it


def _on(face):
    """The ink that can be read on a colour."""
    return INK if face in (PALE, PAPER, GREY) else PAPER


def fan(
    data, *, value, step, row, kind=None, highlight=None, palette=None, names=None, label=short, notes=None, ax=None
):
    """Several possible beginnings that lead to one end, with other values beside the end.

    Parameters
    ----------
    data : DataFrame
    value : str
        Column of quantities of one measure. The scale need not begin at zero: places are read, not lengths.
    step, row : str
        Columns that say at which of two steps, in order of appearance, and what a value is.
    kind : str, optional
        Column of ``stated`` (filled), ``implied`` (hollow) or ``published`` (a diamond).
    highlight : optional
        Value of `row` at the second step that every value of the first leads to.
    palette, names, label, ax : optional
        As in every form; a beginning has the colour of `highlight`.
    notes : dict, optional
        Row of the second step to a remark under its name.

    Returns
    -------
    Axes

    Examples
    --------
    >>> rates = growth.comparisons(report).head(3).assign(step=["before", "after", "after"])
    >>> ax = fan(rates, value="implied", step="step", row="area", highlight="jiaozuo")
    >>> [text.get_text() for text in ax.texts]
    ['before', '3.0%  china', 'after', '3.1%  henan', '3.3%  jiaozuo']
    """
    data, ax = start(data, ax, value, step, row, kind)
    name, palette, notes = named(names), palette or {}, notes or {}
    points, kind, accent = floats(data, value)[0], kinds(data, kind), palette.get(highlight, INK)
    low, high = points.min(), points.max()
    span, first = (high - low) or 1, data[step][0]
    ax.set_ylim(low - 0.25 * span, high + 0.3 * span)
    said = [f"{label(q)}  {name(key)}" for q, key in zip(data[value], data[row], strict=True)]
    before = widest(ax, [text for text, at in zip(said, data[step], strict=True) if at == first]) + 16
    after = widest(ax, [*said, *notes.values()]) + 16
    wide = width_of(ax, 0.93)
    room = max(wide - before - after, wide * 0.18)
    ax.set_xlim(-before / room, 1 + after / room)
    height = size(1.4) * (ax.get_ylim()[1] - ax.get_ylim()[0]) / height_of(ax, 0.58)
    end = points[(data[row] == highlight) & (data[step] != first)]
    for x, key in enumerate(unique(data[step])):
        ax.plot([x, x], [low - 0.1 * span, high + 0.12 * span], color=PALE, linewidth=1, zorder=1)
        write(ax, x, high + 0.14 * span, name(key), ha="center", va="bottom", color=MUTED)
        members = data.index[data[step] == key]
        for i, to in zip(members, spread(points[members], height), strict=True):
            chosen = x == 0 or data[row][i] == highlight
            colour, ink = (accent, accent) if chosen else (palette.get(data[row][i], GREY), INK)
            mark(ax, x, points[i], colour, kind[i], zorder=5)
            for y in end if x == 0 else ():
                ax.plot([0, 1], [points[i], y], color=accent, linewidth=2, zorder=3)
            shift, weight = (to - points[i]) / height * size(1.4), "bold" if chosen and x else "normal"
            dx, ha = (10, "left") if x else (-10, "right")
            write(ax, x, points[i], said[i], dx=dx, dy=shift, ha=ha, color=ink, fontweight=weight)
            if x and data[row][i] in notes:
                remark(ax, x, points[i], notes[data[row][i]], dx=10, dy=shift - size(1.3))
    return ax


def panels(data, *, panel, each, options=None, palette=None, names=None, label=short, notes=None, ax=None):
    """Another form once per panel, one below the other, each with a scale and a unit of its own.

    Parameters
    ----------
    data : DataFrame
        In the order to draw, panel by panel.
    panel : str
        Column that says in which panel a row is; its name stands above.
    each : callable
        The form, one with a line per row.
    options : dict, optional
        What `each` is given besides.
    notes : dict, optional
        (panel, row) to a remark.
    palette, names, label, ax : optional
        As in every form.

    Returns
    -------
    list of Axes

    Examples
    --------
    >>> own = frame(report, "growth").head(3)
    >>> columns = {"value": "quantity", "row": "indicator_id"}
    >>> drawn = panels(own, panel="price_basis", each=charts.dot_plot, options=columns)
    >>> [ax.get_title(loc="left") for ax in drawn]
    ['real', 'nominal']
    """
    data, ax = start(data, ax, panel)
    groups = dict(list(data.groupby(panel, sort=False)))
    heights = [len(group) + 0.6 for group in groups.values()]
    heads = map(named(names), groups)
    drawn = list(panel_axes(ax, heads, (len(groups), 1), height_ratios=heights, hspace=0.12))
    shared = {"palette": palette, "names": names, "label": label, **(options or {})}
    for (key, group), one in zip(groups.items(), drawn, strict=True):
        each(group, notes={k[1]: text for k, text in (notes or {}).items() if k[0] == key}, ax=one, **shared)
    return drawn


def strip(data, *, value, row, reference, series=None, palette=None, names=None, label=short, notes=None, ax=None):
    """Many values on one scale: a dot each, those that equal the reference as a wall, named once.

    Parameters
    ----------
    data : DataFrame
        In the order to draw, from the top.
    value : str
        Column of quantities of one measure.
    row : str
        Column that names a dot.
    reference : Quantity
        The value of the line: only the dots beside it say their value.
    series : str, optional
        Column that colours; grey if None.
    palette, names, label, notes, ax : optional
        As in every form.

    Returns
    -------
    Axes

    Examples
    --------
    >>> from workreport.analysis import people
    >>> rates = people.rates(report)
    >>> ax = strip(rates, value="rate", row="indicator", reference=rates["rate"][2])
    >>> sum(float(line.get_xdata()[0]) == 100 for line in ax.lines if line.get_marker() == "o")
    11
    """
    data, ax = start(data, ax, value, row, series)
    name, palette, notes = named(names), palette or {}, notes or {}
    points, line = floats(data, value)[0], in_unit(reference)
    text = {"fontsize": size() if tall(ax) else size(0.94 if len(data) > 12 else 1)}
    diameter = 9 if tall(ax) else 7.5
    said = ["" if x == line else label(q) for x, q in zip(points, data[value], strict=True)]
    behind = [notes.get(key, "") for key in data[row]]
    low, high = min([*points, line]), max([*points, line])
    left = points < line  # its value stands left of the dot
    wide = width_of(ax, 0.93) - max(text_width(ax, name(key), fontweight="bold", **text) for key in data[row])
    widths = [text_width(ax, one, fontweight="bold", **text) + 12 for one in said]
    before = max([width for width, at_left in zip(widths, left, strict=True) if at_left] or [0]) + 14
    unit = min(
        (wide - before - (text_width(ax, note, **text) + 10) - (0 if at_left else width) - 8) / ((x - low) or 1)
        for x, width, note, at_left in zip(points, widths, behind, left, strict=True)
    )
    unit = max(min(unit, (wide - before) / ((high - low) or 1)), wide * 0.1 / ((high - low) or 1))
    ax.set_xlim(low - before / unit, low + (wide - before) / unit)
    ax.set_ylim(-len(data) + 0.4, 1.2)
    ax.plot([line, line], [-len(data) + 0.6, 0.55], color=PALE, linewidth=1.4, zorder=1)
    write(ax, line, 0.6, label(reference), ha="center", va="bottom", color=MUTED)
    for i, key in enumerate(data[row]):
        colour = palette.get(data[series][i], GREY) if series else GREY
        style = text | {"fontweight": "bold" if said[i] else "normal"}
        dx, ha = (-8, "right") if left[i] else (8, "left")
        if said[i]:
            ax.plot([line, points[i]], [-i, -i], color=PALE, linewidth=1.4, zorder=1)
        disc(ax, points[i], -i, markersize=diameter, color=colour, zorder=4)
        beside(ax, -i, name(key), dx=-4, ha="right", **style)
        if said[i]:
            write(ax, points[i], -i, said[i], dx=dx, ha=ha, **style)
        if behind[i]:
            shift = 10 + (widths[i] - 6 if points[i] > line else 0)
            remark(ax, max(points[i], line), -i, behind[i], dx=shift, **text)
    return ax


def waffle(data, *, value, part, target=None, palette=None, names=None, ax=None):
    """Counts as squares of a whole, one part after the other, with a target as a purple line after its square.

    Parameters
    ----------
    data : DataFrame
        A part each: the first dark, or in its colour of `palette`, the others pale.
    value : str
        Column of quantities that are whole numbers.
    part : str
        Column that names the part.
    target : Quantity, optional
        Counted from the first square; said by ``names["target"]``.
    palette, names, ax : optional
        As in every form; a name says the count too.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If a value is no whole number.

    Examples
    --------
    >>> from workreport.analysis import people
    >>> days = people.air(report)[["good", "rest"]]
    >>> ax = waffle(days.rename_axis("part").reset_index(name="days"), value="days", part="part")
    >>> [text.get_text() for text in ax.texts[-2:]]
    ['good', 'rest']
    """
    data, ax = start(data, ax, value, part)
    name, palette = named(names), palette or {}
    counts = [q.value for q in data[value]]
    if wrong := [str(q) for q in data[value] if q.value.denominator != 1 or q.value < 0]:
        raise ValueError(f"a square stands for one: {wrong[0]} is no whole number")
    across = 19 if tall(ax) else 30
    colours = [c for i, n in enumerate(counts) for c in [palette.get(data[part][i], PALE if i else MUTED)] * int(n)]
    lines = -(-len(colours) // across)
    for n, colour in enumerate(colours):
        ax.add_patch(Rectangle((n % across, -(n // across)), 0.82, 0.82, facecolor=colour, edgecolor="none", zorder=2))
    ax.set_xlim(-0.3, across + 0.2)
    ax.set_ylim(-lines - 0.4, 2.2)
    ax.set_aspect("equal")
    heads = [name(key) for key in data[part]]
    style = {"fontweight": "bold", "fontsize": size(1.15), "color": colours[0] if colours else INK}
    write(ax, 0, 1, heads[0], dy=4, va="bottom", **style)
    if heads[1:]:
        write(ax, across - 0.18, -lines + 1, "   ".join(heads[1:]), color=MUTED, dy=-5, ha="right", va="top")
    if target is not None:
        x, y = int(target.value) % across - 0.09, -(int(target.value) // across)
        ax.plot([x, x], [y - 0.3, y + 1.12], color=TARGET, linewidth=3.4, zorder=4)
        write(ax, 0, -lines + 1, name("target"), color=TARGET, dy=-5, va="top")
    return ax
