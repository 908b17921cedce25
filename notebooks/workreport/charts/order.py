"""Forms of order: lines over steps, ranks, pairs of rivals, what is stated and what is not."""


from ..lines import wrap
from ..style import GREY, INK, MUTED, PALE, PAPER
from .base import HALO, bare, beside, floats, mark, named, remark, short, size, start, tall, text_width, unique, write, zero

DISC = "#8C8C8C"  # a rank that is no first; white digits read on it


def ranks(
    data, *, value, row, band, scope=None, highlight=1, palette=None, names=None, label=short, notes=None, ax=None
):
    """Ranks as numbered discs in bands, on a scale that breaks where ranks are far apart.

    Parameters
    ----------
    data : DataFrame
        In the order to draw, band by band.
    value : str
        Column of quantities that are ranks.
    row, band : str
        Columns that name a disc and the band it is in.
    scope : str, optional
        Column of texts behind the name: among whom, where that differs.
    highlight : int
        The rank to set off, in the colour that `palette` has for it.
    palette, names, label, ax : optional
        As in every form.
    notes : dict, optional
        Row or band to a remark.

    Returns
    -------
    Axes or list of Axes
        The bands one below the other in a portrait, in two columns of about the same height in a landscape.

    Examples
    --------
    >>> from workreport.charts import ranks
    >>> ranked = frame(report, "rankings").sort_values("aspect")
    >>> len(ranks(ranked, value="quantity", row="indicator_id", band="aspect"))
    2
    """
    data, ax = start(data, ax, value, row, band, scope)
    options = {
        "value": value,
        "row": row,
        "band": band,
        "scope": scope,
        "highlight": highlight,
        "palette": palette or {},
        "name": named(names),
        "notes": notes or {},
    }
    position = _rank_scale(floats(data, value)[0].astype(int))
    bands = unique(data[band])
    if tall(ax) or len(bands) < 2:
        return _rank_column(data, ax, position, len(data) + 1.45 * len(bands), **options)
    heights = [1.45 + (data[band] == key).sum() for key in bands]
    cut = min(range(1, len(bands)), key=lambda n: max(sum(heights[:n]), sum(heights[n:])))
    room = max(sum(heights[:cut]), sum(heights[cut:]))
    grid = ax.get_subplotspec().subgridspec(1, 2, wspace=0.04)
    ax.set_axis_off()
    halves = [data[data[band].isin(part)].reset_index(drop=True) for part in (bands[:cut], bands[cut:])]
    return [
        _rank_column(half, ax.figure.add_subplot(grid[n]), position, room, **options) for n, half in enumerate(halves)
    ]


def _rank_scale(points):
    """Where each rank lies: one step a rank, two where some are left out."""
    position, at, before = {}, 0.0, 0
    for rank in sorted(set(points)):
        at += 1 if rank - before == 1 or not position else 2
        position[rank], before = at, rank
    return position


def _rank_column(data, ax, position, room, *, value, row, band, scope, highlight, palette, name, notes):
    bare(ax)
    points = floats(data, value)[0].astype(int)
    y, heads, line, before = [], [], 0.0, object()
    for key in data[band]:
        if key != before:
            line -= 0.45 if y else 0
            heads.append((line, key))
            line -= 1
        y.append(line)
        line, before = line - 1, key
    ax.set_ylim(-room + 0.5, 0.5)
    right = max(position.values())
    ax.set_xlim(0.3, right + 0.7)
    gap = next((at for rank, at in position.items() if at + 1 not in position.values() and at < right), None)
    disc = min(15.0, 0.66 * ax.figure.get_figheight() * 72 / room)
    for line, key in heads:
        beside(ax, line, name(key), dx=-6, ha="right", fontweight="bold")
        if key in notes:
            remark(ax, 0.3, line, notes[key])
    for i, key in enumerate(data[row]):
        first, x = points[i] == highlight, position[points[i]]
        for left, end in [(0.3, right + 0.7)] if gap is None else [(0.3, gap + 0.75), (gap + 1.25, right + 0.7)]:
            ax.plot([left, end], [y[i], y[i]], color="#E4E4E4", linewidth=1, zorder=1)
        ax.plot(
            [x],
            [y[i]],
            linestyle="none",
            marker="o",
            markersize=disc,
            color=palette.get(highlight, INK) if first else DISC,
            markeredgewidth=0,
            zorder=3,
        )
        ax.text(
            x,
            y[i],
            str(points[i]),
            color=PAPER,
            ha="center",
            va="center_baseline",
            fontsize=disc * 0.62,
            fontweight="bold",
            zorder=4,
        )
        text = name(key) + (f" ({data[scope][i]})" if scope and data[scope][i] else "")
        beside(ax, y[i], text, dx=-6, ha="right", fontsize=size())
        if key in notes:
            ahead = x > (0.3 + right) / 2
            bbox = HALO | {"pad": 1.5}
            remark(
                ax,
                x,
                y[i],
                notes[key],
                dx=(-1 if ahead else 1) * (disc / 2 + 4),
                ha="right" if ahead else "left",
                bbox=bbox,
                zorder=2,
            )
    return ax


def swarm(data, *, value, row, dot, highlight=None, palette=None, names=None, label=short, ax=None):
    """Many values in a few rows: a dot each, beside each other where they would meet; the ends are named.

    Parameters
    ----------
    data : DataFrame
        In the order to draw, from the top.
    value : str
        Column of quantities of one measure.
    row : str
        Column that names a row.
    dot : str
        Column that names a dot. The lowest and the highest of a row are named, and what is highlighted.
    highlight : optional
        Value of `dot` in its own colour.
    palette, names, label, ax : optional
        As in every form.

    Returns
    -------
    Axes

    Examples
    --------
    >>> rates = growth.comparisons(report)
    >>> ax = swarm(rates, value="lead", row="indicator", dot="area")
    >>> sum(line.get_marker() == "o" for line in ax.lines) >= len(rates)
    True
    """
    data, ax = start(data, ax, value, row, dot)
    name, palette, rows = named(names), palette or {}, unique(data[row])
    points = floats(data, value)[0]
    low, high = min(0, points.min()), max(0, points.max())
    bare(ax)
    ax.set_xlim(low - 0.04 * (high - low), high + 0.04 * (high - low))
    ax.set_ylim(-len(rows) + 0.35, 0.6)
    zero(ax)
    wide = ax.figure.get_figwidth() * 72 * 0.94 - max(text_width(ax, name(key), fontweight="bold") for key in rows) - 10
    across, up = (high - low) * 1.08 / wide, (len(rows) + 0.25) / (ax.figure.get_figheight() * 72 * 0.68)
    # Dots (their size and `across`, `up` in points and what a point is in the axes) shrink until the highest pile leaves its labels room.
    members = {key: sorted(data.index[data[row] == key], key=lambda i: points[i]) for key in rows}
    for diameter in (6.5, 5.5, 4.5, 3.6, 2.8, 2.2):
        levels = {key: _piled([points[i] for i in some], diameter * across) for key, some in members.items()}
        if max(max(map(abs, some)) for some in levels.values()) * diameter * up + 1.7 * size() * up < 0.5:
            break
    for n, (key, some) in enumerate(members.items()):
        for i, level in zip(some, levels[key], strict=True):
            chosen = data[dot][i] == highlight
            ax.plot(
                [points[i]], [-n + level * diameter * up], linestyle="none", marker="o", markersize=diameter,
                color=palette.get(data[dot][i], DISC) if chosen else DISC, zorder=5 if chosen else 4,
            )
        beside(ax, -n, name(key), dx=-8, ha="right", fontweight="bold")
        reach, spans = max(map(abs, levels[key])) * diameter * up, {}
        for i, above in {some[0]: False, some[-1]: True}.items():
            text, at_left = f"{name(data[dot][i])} {label(data[value][i])}", points[i] <= (low + high) / 2
            length = text_width(ax, text, fontsize=size(0.92)) * across
            spans[above] = (points[i], points[i] + length) if at_left else (points[i] - length, points[i])
            remark(
                ax, points[i], -n + (reach if above else -reach), text, dy=size(0.95 if above else -0.95),
                dx=-4 if at_left else 4, ha="left" if at_left else "right",
            )
        for i in [i for i in some[1:-1] if data[dot][i] == highlight]:
            half = text_width(ax, label(data[value][i]), fontsize=size(), fontweight="bold") * across / 2 + 12 * across
            free = [above for above, (first, last) in spans.items() if not first - half < points[i] < last + half]
            if free:
                write(
                    ax, points[i], -n + (reach if free[-1] else -reach), label(data[value][i]), ha="center",
                    dy=size(0.95 if free[-1] else -0.95), color=palette.get(highlight, INK), fontweight="bold",
                )
    return ax


def _piled(points, width):
    """Levels above or below the line for points in order, so that none meets another of its level."""
    placed = []
    for x in points:
        taken = {level for other, level in placed if x - other < width}
        placed.append((x, next(k for n in range(len(points) + 1) for k in (n, -n) if k not in taken)))
    return [level for _, level in placed]


def pairs(data, *, value, other, row, own=None, rival=None, palette=None, names=None, label=short, notes=None, ax=None):
    """Two rivals line by line: two stems from zero on each line, which has a scale of its own.

    Parameters
    ----------
    data : DataFrame
        In the order to draw, from the top.
    value, other : str
        Columns of quantities: the own value (filled) and the one published elsewhere (a diamond).
    row : str
        Column that names a line.
    own, rival : str
        Whose values they are: keys of `palette` and `names`, written at the first line.
    palette, names, label, notes, ax : optional
        As in every form.

    Returns
    -------
    Axes

    Examples
    --------
    >>> ax = pairs(growth.comparisons(report).head(1), value="own", other="implied", row="indicator")
    >>> [round(float(line.get_xdata()[0]), 3) for line in ax.lines if line.get_marker() != "None"]
    [1.0, 0.625]
    """
    data, ax = start(data, ax, value, other, row)
    name, palette = named(names), palette or {}
    values = [[float(q.in_unit(q.value)) for q in data[column]] for column in (value, other)]
    bare(ax)
    keys, words = (own, rival), [[label(q) for q in data[column]] for column in (value, other)]
    said = [
        [f"{text}  {name(key)}" if not n and key is not None else text for n, text in enumerate(texts)]
        for key, texts in zip(keys, words, strict=True)
    ]
    room = max(text_width(ax, text, fontsize=size(), fontweight="bold") for texts in said for text in texts) + 12
    wide = ax.figure.get_figwidth() * 72 * (0.9 if tall(ax) else 0.66)
    ax.set_xlim(
        min(0, *(min(a, b) / (max(abs(a), abs(b)) or 1) for a, b in zip(*values, strict=True))),
        1 / (1 - min(0.6, room / wide)),
    )
    ax.set_ylim(-len(data) + (0.42 if not tall(ax) else 0.3), 0.75 if tall(ax) else 0.5)
    shift, drop = (0.16, 0.14) if tall(ax) else (0.19, 0)
    for i, key in enumerate(data[row]):
        most = max(abs(values[0][i]), abs(values[1][i])) or 1
        ahead = values[0][i] > values[1][i], values[1][i] > values[0][i]
        for n, y in enumerate((-i - drop + shift, -i - drop - shift)):
            x, colour = values[n][i] / most, palette.get(keys[n], GREY) if not n else INK
            ax.plot(
                [0, x], [y, y], color=colour if not n else "#A8A8A8", linewidth=3.2, solid_capstyle="butt", zorder=2
            )
            mark(ax, x, y, colour, "stated" if not n else "published", size=7 if not n else 6)
            write(
                ax,
                max(x, 0),
                y,
                said[n][i],
                dx=9,
                color=colour if not n else INK,
                fontweight="bold" if ahead[n] else "normal",
            )
        over = -i - drop + 2.5 * shift  # in a portrait names stand above their line
        if tall(ax):
            beside(ax, over, head(name(key)), fontweight="bold")
        else:
            beside(ax, -i, head(name(key)), dx=-8, ha="right", fontweight="bold")
        if notes and key in notes:
            if tall(ax):
                remark(ax, ax.get_xlim()[1], over, notes[key], ha="right")
            else:
                beside(ax, -i, notes[key], dx=-8, dy=-size() * 1.4, ha="right", fontsize=size(0.92), color=MUTED)
    ax.axvline(0, color="#8A8A8A", linewidth=0.8, zorder=1)
    return ax


def matrix(data, *, row, column, text, stated, names=None, ax=None):
    """What is stated and what is not: the value where it is stated, a hatch where it is left out.

    Parameters
    ----------
    data : DataFrame
    row, column : str
        Columns that name the cell's row and column, both in order of appearance; in a portrait they change places
        where there are more columns than rows.
    text : str
        Column of texts; what is written in the cell.
    stated : str
        Column of ``stated``, ``left_out`` (hatched) or ``seldom`` (few publish it: grey, no hatch).
    names, ax : optional
        As in every form.

    Returns
    -------
    Axes

    Examples
    --------
    >>> rates = growth.comparisons(report).assign(text="", how="stated")
    >>> len(matrix(rates, row="indicator", column="area", text="text", stated="how").patches)
    13
    """
    data, ax = start(data, ax, row, column, text, stated)
    name = named(names)
    if tall(ax) and data[row].nunique() < data[column].nunique():
        row, column = column, row
    rows, columns = unique(data[row]), unique(data[column])
    bare(ax)
    ax.set_xlim(0, len(columns))
    ax.set_ylim(-len(rows), 0.12)
    heads = max(text_width(ax, name(key), fontsize=size(), fontweight="bold") for key in rows)
    cell = (ax.figure.get_figwidth() * 72 * 0.94 - heads - 12) / len(columns)
    for one in data.to_dict("records"):
        x, y, how = columns.index(one[column]), -rows.index(one[row]) - 1, one[stated]
        face = {"stated": PAPER, "left_out": "#FFFFFF", "seldom": "#EFEFEF"}[how]
        ax.barh(
            y + 0.5,
            0.96,
            left=x + 0.02,
            height=0.9,
            color=face,
            edgecolor="#9A9A9A" if how == "left_out" else PALE,
            linewidth=0.8,
            hatch="////" if how == "left_out" else None,
            zorder=1,
        )
        box = {"facecolor": PAPER, "edgecolor": "none", "pad": 2} if how == "left_out" else None
        said = fitted(ax, one[text], cell - 6, fontsize=size(0.95))
        ax.text(
            x + 0.5,
            y + 0.5,
            said,
            ha="center",
            va="center",
            color=INK if how == "stated" else MUTED,
            fontsize=size(0.95),
            linespacing=1.1,
            bbox=box,
            zorder=3,
        )
    for n, key in enumerate(columns):
        ax.annotate(
            fitted(ax, head(name(key)), cell - 4, fontsize=size(0.95)),
            (n + 0.5, 0),
            xytext=(0, 3),
            textcoords="offset points",
            ha="center",
            va="bottom",
            color=MUTED,
            fontsize=size(0.95),
            linespacing=1.1,
            annotation_clip=False,
        )
    for n, key in enumerate(rows):
        beside(ax, -n - 0.5, head(name(key)), dx=-6, ha="right", fontweight="bold")
    return ax


def head(text):
    """A text that begins with a capital."""
    return text[:1].upper() + text[1:]


def fitted(ax, text, width, **style):
    """A text in lines no wider than a width, in points, where words and phrases allow it."""
    return wrap(text.replace("\u00a0", " "), width, lambda line: text_width(ax, line, **style))
