"""Forms of parts and wholes: bars made of parts, counts of a whole, many rates on one line."""

from matplotlib.patches import Rectangle

from ..style import GREY, INK, MUTED, PALE, PAPER, PUBLISHED, TARGET
from .base import bare, beside, floats, mark, named, remark, short, size, spread, start, tall, text_width, unique, write, zero


def stacked(
    data,
    *,
    value,
    row,
    part,
    total,
    share=None,
    palette=None,
    names=None,
    label=short,
    share_label=short,
    notes=None,
    highlight=None,
    ax=None,
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
    palette, names, label, notes, ax : optional
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
    name, palette = named(names), palette or {}
    points = floats(data, value)[0]
    bare(ax)
    rows = unique(data[row])
    ends = {}
    for key in rows:
        members = points[data[row] == key]
        ends[key] = members[members < 0].sum(), members[members >= 0].sum()
    low, high = min(e[0] for e in ends.values()), max(e[1] for e in ends.values())
    ax.set_xlim(low - 0.02 * (high - low), high + 0.16 * (high - low))
    ax.set_ylim(-len(rows) + 0.45, 0.75)
    zero(ax)
    scale = ax.figure.get_figwidth() * 72 * (0.72 if tall(ax) else 0.6) / (ax.get_xlim()[1] - ax.get_xlim()[0])
    for n, key in enumerate(rows):
        right = left = 0.0
        for i in data.index[data[row] == key]:
            at = right if points[i] >= 0 else left + points[i]
            colour, text = palette.get(data[part][i], GREY), label(data[value][i])
            ax.barh(-n, abs(points[i]), left=at, height=0.46, color=colour, edgecolor=PAPER, linewidth=1, zorder=3)
            if abs(points[i]) * scale > text_width(ax, text, fontsize=size(0.92)) + 6:
                write(
                    ax,
                    at + abs(points[i]) / 2,
                    -n,
                    text,
                    ha="center",
                    color=PAPER,
                    fontsize=size(0.92),
                    fontweight="bold",
                    zorder=5,
                )
            right, left = (right + points[i], left) if points[i] >= 0 else (right, left + points[i])
        total_text = label(data[total][data.index[data[row] == key][0]])
        write(ax, ends[key][1], -n, total_text, dx=7, fontweight="bold")
        if tall(ax):  # right of the line at zero, which the name would cross
            write(ax, 0, -n + 0.23, name(key), dx=4, dy=3, va="bottom", fontweight="bold")
        else:
            beside(ax, -n, name(key), fontweight="bold", dx=-8, ha="right")
        if share and key in share:
            beside(
                ax,
                -n,
                share_label(share[key]),
                right=True,
                dx=4,
                color=palette.get(highlight, INK),
                fontweight="bold",
                fontsize=size(1.5),
            )
        if notes and key in notes:
            remark(ax, 0, -n, notes[key], dy=-size() * 2)
    return ax


def parts(
    data,
    *,
    value,
    row,
    part,
    colour=None,
    kind=None,
    marks=None,
    palette=None,
    names=None,
    label=short,
    notes=None,
    ax=None,
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
    bare(ax)
    faces = []
    for i, how in enumerate(data[kind] if kind else ["stated"] * len(data)):
        faces.append(
            {"implied": PAPER, "published": PUBLISHED}.get(how, palette.get(data[colour][i], GREY if kind else PALE))
        )
    marks = {key: float(q.in_unit(q.value)) for key, q in (marks or {}).items()}
    draw = _upright if len(rows) == 1 and tall(ax) else _lying
    draw(ax, data, points, faces, rows, row, part, value, marks, named(names), label, notes)
    return ax


def _lying(ax, data, points, faces, rows, row, part, value, marks, name, label, notes):
    longest = max(points[data[row] == key].sum() for key in rows)
    ax.set_xlim(-0.005 * longest, longest * 1.005)
    step = 1.5 if len(rows) < 3 else 1.25
    ax.set_ylim(*((-0.72, 0.5) if len(rows) == 1 else (-step * (len(rows) - 1) - 0.75, 0.85)))
    scale = ax.figure.get_figwidth() * 72 * 0.92 / longest
    for n, key in enumerate(rows):
        at, y, below = 0.0, -step * n, []
        for i in data.index[data[row] == key]:
            _block(ax, at, y - 0.28, points[i], 0.56, faces[i])
            amount, called = label(data[value][i]), name(data[part][i])
            wide = max(text_width(ax, t, fontsize=size(), fontweight="bold") for t in (amount, *called.split("\n")))
            if points[i] * scale > wide + 10:
                ink, gap = _on(faces[i]), size(0.75) * (1 + called.count("\n") * 0.5)
                write(ax, at + points[i] / 2, y, amount, ha="center", dy=gap, color=ink, fontweight="bold", zorder=4)
                write(
                    ax, at + points[i] / 2, y, called, ha="center", dy=-size(0.75), color=ink, linespacing=1.2, zorder=4
                )
            else:
                below.append((at + points[i] / 2, f"{amount} {called}".replace("\n", " "), INK))
            if data[part][i] in notes:
                below.append((at + points[i] / 2, notes[data[part][i]], MUTED))
            at += points[i]
        if n == 0:
            for key_of, x in marks.items():
                ax.plot([x, x], [y - 0.36, y + 0.36], color=TARGET, linewidth=2.4, zorder=5)
                below.append((x, name(key_of), TARGET))
        _under(ax, y - 0.36, below, longest, scale)
        beside(ax, y + 0.28, name(key), dy=5, va="bottom", fontweight="bold")
        if key in notes:
            remark(ax, longest, y + 0.28, notes[key], dy=5, ha="right", va="bottom")


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


def _upright(ax, data, points, faces, rows, row, part, value, marks, name, label, notes):
    tallest = points.sum()
    ax.set_xlim(0, 1)
    ax.set_ylim(-0.02 * tallest, tallest * 1.02)
    scale = tallest / (ax.figure.get_figheight() * 72 * 0.62)  # height of a point
    at, texts = 0.0, []
    for i, height in enumerate(points):
        _block(ax, 0.0, at, 0.36, height, faces[i])
        said = [(label(data[value][i]), INK, "bold"), *((t, INK, "normal") for t in name(data[part][i]).split("\n"))]
        said += [(t, MUTED, "normal") for t in notes.get(data[part][i], "").split("\n") if t]
        texts.append((at + height / 2, said))
        at += height
    for key, y in marks.items():
        ax.plot([-0.02, 0.4], [y, y], color=TARGET, linewidth=2.4, zorder=5, clip_on=False)
        texts.append((y, [(t, TARGET, "normal") for t in name(key).split("\n")]))
    if notes.get(rows[0]):
        texts.append((tallest, [(t, MUTED, "normal") for t in notes[rows[0]].split("\n")]))
    height = size(1.4) * scale
    lines = [(y + ((len(said) - 1) / 2 - k) * height, one) for y, said in texts for k, one in enumerate(said)]
    for (_, (text, ink, weight)), to in zip(lines, spread([y for y, _ in lines], height), strict=True):
        ax.text(
            0.43, to, text, color=ink, fontweight=weight, va="center", fontsize=size(1.1 if weight == "bold" else 1)
        )


def _block(ax, x, y, width, height, face):
    hollow = face == PAPER
    patch = Rectangle(
        (x, y),
        width,
        height,
        facecolor=face,
        edgecolor=GREY if hollow else PAPER,
        linewidth=2.8 if hollow else 1.5,
        zorder=2,
    )
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
    points, accent = floats(data, value)[0], (palette or {}).get(highlight, INK)
    bare(ax)
    low, high = points.min(), points.max()
    span, first = (high - low) or 1, data[step][0]
    ax.set_ylim(low - 0.25 * span, high + 0.3 * span)
    left = [
        f"{label(q)}  {name(key)}" for q, key, at in zip(data[value], data[row], data[step], strict=True) if at == first
    ]
    right = [f"{label(q)}  {name(key)}" for q, key in zip(data[value], data[row], strict=True)] + list(notes.values())
    before, after = (
        max(text_width(ax, t, fontsize=size(), fontweight="bold") for t in texts) + 16 for texts in (left, right)
    )
    wide = ax.figure.get_figwidth() * 72 * 0.93
    room = max(wide - before - after, wide * 0.18)
    ax.set_xlim(-before / room, 1 + after / room)
    height = size(1.4) * (ax.get_ylim()[1] - ax.get_ylim()[0]) / (ax.figure.get_figheight() * 72 * 0.58)
    end = [points[i] for i in range(len(data)) if data[row][i] == highlight and data[step][i] != first]
    for x, key in enumerate(unique(data[step])):
        ax.plot([x, x], [low - 0.1 * span, high + 0.12 * span], color=PALE, linewidth=1, zorder=1)
        write(ax, x, high + 0.14 * span, name(key), ha="center", va="bottom", color=MUTED)
        members = data.index[data[step] == key]
        for i, to in zip(members, spread([points[i] for i in members], height), strict=True):
            chosen = x == 0 or data[row][i] == highlight
            colour = accent if chosen else palette.get(data[row][i], GREY)
            mark(ax, x, points[i], colour, data[kind][i] if kind else "stated", zorder=5)
            for y in end if x == 0 else ():
                ax.plot([0, 1], [points[i], y], color=accent, linewidth=2, zorder=3)
            shift = (to - points[i]) / height * size(1.4)
            style = {"color": accent if chosen else INK, "fontweight": "bold" if chosen and x else "normal"}
            write(
                ax,
                x,
                points[i],
                f"{label(data[value][i])}  {name(data[row][i])}",
                dx=10 if x else -10,
                dy=shift,
                ha="left" if x else "right",
                **style,
            )
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
    keys, name, drawn = unique(data[panel]), named(names), []
    heights = [(data[panel] == key).sum() + 0.6 for key in keys]
    grid = ax.get_subplotspec().subgridspec(len(keys), 1, height_ratios=heights, hspace=0.12)
    ax.set_axis_off()
    for place, key in zip(grid, keys, strict=True):
        one = ax.figure.add_subplot(place)
        own = {k[1]: text for k, text in (notes or {}).items() if k[0] == key}
        each(data[data[panel] == key], palette=palette, names=names, label=label, notes=own, ax=one, **(options or {}))
        one.set_title(name(key), loc="left", fontsize=size(), fontweight="bold", color=INK)
        drawn.append(one)
    return drawn


def strip(data, *, value, row, reference=None, series=None, palette=None, names=None, label=short, notes=None, ax=None):
    """Many values on one scale: a dot each, those that equal the reference as a wall, named once.

    Parameters
    ----------
    data : DataFrame
        In the order to draw, from the top.
    value : str
        Column of quantities of one measure.
    row : str
        Column that names a dot.
    reference : Quantity, optional
        The value of the line; a dot on it is hollow of words: only the others say their value.
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
    name, palette = named(names), palette or {}
    points = floats(data, value)[0]
    line = None if reference is None else float(reference.in_unit(reference.value))
    bare(ax)
    text, dot = size() if tall(ax) else size(0.94 if len(data) > 12 else 1), 9 if tall(ax) else 7.5
    on = [x == line for x in points]
    said = ["" if full else label(q) for full, q in zip(on, data[value], strict=True)]
    behind = [(notes or {}).get(key, "") for key in data[row]]
    low, high = min([*points, line or points[0]]), max([*points, line or points[0]])
    left = [line is not None and x < line for x in points]  # its value stands left of the dot
    wide = ax.figure.get_figwidth() * 72 * 0.93 - max(
        text_width(ax, name(key), fontsize=text, fontweight="bold") for key in data[row]
    )
    widths = [
        (text_width(ax, a, fontsize=text, fontweight="bold") + 12, text_width(ax, b, fontsize=text) + 10)
        for a, b in zip(said, behind, strict=True)
    ]
    before = max([a for (a, _), at_left in zip(widths, left, strict=True) if at_left] or [0]) + 14
    unit = min(
        (wide - before - b - (0 if at_left else a) - 8) / ((x - low) or 1)
        for x, (a, b), at_left in zip(points, widths, left, strict=True)
    )
    unit = max(min(unit, (wide - before) / ((high - low) or 1)), wide * 0.1 / ((high - low) or 1))
    ax.set_xlim(low - before / unit, low + (wide - before) / unit)
    ax.set_ylim(-len(data) + 0.4, 1.2 if line is not None else 0.6)
    if line is not None:
        ax.plot([line, line], [-len(data) + 0.6, 0.55], color=PALE, linewidth=1.4, zorder=1)
        write(ax, line, 0.6, label(reference), ha="center", va="bottom", color=MUTED)
    for i, key in enumerate(data[row]):
        colour, bold = palette.get(data[series][i], GREY) if series else GREY, "normal" if on[i] else "bold"
        if not on[i] and line is not None:
            ax.plot([line, points[i]], [-i, -i], color=PALE, linewidth=1.4, zorder=1)
        ax.plot([points[i]], [-i], linestyle="none", marker="o", markersize=dot, color=colour, zorder=4)
        beside(ax, -i, name(key), dx=-4, ha="right", fontsize=text, fontweight=bold)
        if said[i]:
            write(
                ax,
                points[i],
                -i,
                said[i],
                dx=-8 if left[i] else 8,
                ha="right" if left[i] else "left",
                fontsize=text,
                fontweight=bold,
            )
        if behind[i]:
            remark(
                ax,
                max(points[i], line or points[i]),
                -i,
                behind[i],
                dx=10 + (0 if left[i] or on[i] else widths[i][0] - 6),
                fontsize=text,
            )
    return ax


def waffle(data, *, value, part, target=None, across=None, palette=None, names=None, ax=None):
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
    across : int, optional
        Squares in a row; chosen by the shape of the picture if None.
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
    across = across or (19 if tall(ax) else 30)
    colours = [c for i, n in enumerate(counts) for c in [palette.get(data[part][i], PALE if i else MUTED)] * int(n)]
    lines = -(-len(colours) // across)
    bare(ax)
    for n, colour in enumerate(colours):
        ax.add_patch(Rectangle((n % across, -(n // across)), 0.82, 0.82, facecolor=colour, edgecolor="none", zorder=2))
    ax.set_xlim(-0.3, across + 0.2)
    ax.set_ylim(-lines - 0.4, 2.2)
    ax.set_aspect("equal")
    heads = [name(key) for key in data[part]]
    write(
        ax,
        0,
        1,
        heads[0],
        color=colours[0] if colours else INK,
        fontweight="bold",
        fontsize=size(1.15),
        dy=4,
        va="bottom",
    )
    if heads[1:]:
        write(ax, across - 0.18, -lines + 1, "   ".join(heads[1:]), color=MUTED, dy=-5, ha="right", va="top")
    if target is not None:
        x, y = int(target.value) % across - 0.09, -(int(target.value) // across)
        ax.plot([x, x], [y - 0.3, y + 1.12], color=TARGET, linewidth=3.4, zorder=4)
        write(ax, 0, -lines + 1, name("target"), color=TARGET, dy=-5, va="top")
    return ax
