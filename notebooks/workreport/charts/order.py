"""Forms of order: ranks, many values in a few rows, pairs of rivals, what is stated and what is not."""

from ..style import GREY, INK, MUTED, PALE, PAPER  # noqa: I001 one name per line below would take as many lines as a form
from .base import (
    DISC, HALO, bare, beside, disc, fitted, floats, head, height_of, in_blocks, in_unit, mark, named, numbered, remark, short, size,
    start, tall, text_width, unique, widest, width_of, write, zero,
)



def ranks(data, *, value, row, band, scope=None, palette=None, names=None, notes=None, ax=None):
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
    palette : dict, optional
        1 to the colour of the first ranks.
    notes : dict, optional
        Row or band to a remark.
    names, ax : optional
        As in every form.

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
        "value": value, "row": row, "band": band, "scope": scope,
        "palette": palette or {}, "name": named(names), "notes": notes or {},
    }
    position = _rank_scale(floats(data, value)[0].astype(int))
    bands = unique(data[band])
    if tall(ax) or len(bands) < 2:
        return _rank_column(data, ax, position, len(data) + 1.45 * len(bands), **options)
    heights = [1.45 + (data[band] == key).sum() for key in bands]
    room, cut = min((max(sum(heights[:n]), sum(heights[n:])), n) for n in range(1, len(bands)))
    grid = ax.get_subplotspec().subgridspec(1, 2, wspace=0.04)
    ax.set_axis_off()
    halves = [data[data[band].isin(part)].reset_index(drop=True) for part in (bands[:cut], bands[cut:])]
    columns = [ax.figure.add_subplot(place) for place in grid]
    for half, column in zip(halves, columns, strict=True):
        bare(column)
        _rank_column(half, column, position, room, **options)
    return columns


def _rank_scale(points):
    """Where each rank lies: one step a rank, two where some are left out."""
    position, at, before = {}, 0.0, 0
    for rank in sorted(set(points)):
        at += 1 if rank - before == 1 or not position else 2
        position[rank], before = at, rank
    return position


def _rank_column(data, ax, position, room, *, value, row, band, scope, palette, name, notes):
    points = floats(data, value)[0].astype(int)
    y, heads = in_blocks(data[band], 0.45, 1)
    right = max(position.values())
    ax.set(xlim=(0.3, right + 0.7), ylim=(-room + 0.5, 0.5))
    gaps = [at for at in position.values() if at + 1 not in position.values() and at < right]
    ends = [0.3, *[x for at in gaps[:1] for x in (at + 0.75, at + 1.25)], right + 0.7]
    diameter = min(15.0, height_of(ax, 0.66) / room)
    for line, key in heads:
        beside(ax, line, name(key), dx=-6, ha="right", fontweight="bold")
        if key in notes:
            remark(ax, 0.3, line, notes[key])
    for i, key in enumerate(data[row]):
        x = position[points[i]]
        for left, end in zip(ends[::2], ends[1::2], strict=True):
            ax.plot([left, end], [y[i], y[i]], color="#E4E4E4", linewidth=1, zorder=1)
        numbered(ax, x, y[i], points[i], diameter, palette.get(1, INK) if points[i] == 1 else DISC)
        text = name(key) + (f" ({data[scope][i]})" if scope and data[scope][i] else "")
        beside(ax, y[i], text, dx=-6, ha="right")
        if key in notes:
            side, ha = (-1, "right") if x > (0.3 + right) / 2 else (1, "left")
            box = HALO | {"pad": 1.5}
            remark(ax, x, y[i], notes[key], dx=side * (diameter / 2 + 4), ha=ha, bbox=box, zorder=2)
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
    ax.set_xlim(low - 0.04 * (high - low), high + 0.04 * (high - low))
    ax.set_ylim(-len(rows) + 0.35, 0.6)
    zero(ax)
    wide = width_of(ax, 0.94) - widest(ax, map(name, rows)) - 10
    across, up = (high - low) * 1.08 / wide, (len(rows) + 0.25) / height_of(ax, 0.68)  # what a point is in the Axes
    # Dots shrink until the highest pile leaves its labels room.
    members = {key: sorted(data.index[data[row] == key], key=lambda i: points[i]) for key in rows}
    for diameter in (6.5, 5.5, 4.5, 3.6, 2.8, 2.2):
        levels = {key: _piled([points[i] for i in some], diameter * across) for key, some in members.items()}
        if max(max(map(abs, some)) for some in levels.values()) * diameter * up + 1.7 * size() * up < 0.5:
            break
    for n, (key, some) in enumerate(members.items()):
        for i, level in zip(some, levels[key], strict=True):
            chosen = data[dot][i] == highlight
            colour = palette.get(highlight, DISC) if chosen else DISC
            y = -n + level * diameter * up
            disc(ax, points[i], y, markersize=diameter, color=colour, zorder=5 if chosen else 4)
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
            half = text_width(ax, label(data[value][i]), fontweight="bold") * across / 2 + 12 * across
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
    name, palette, notes = named(names), palette or {}, notes or {}
    most = [max(abs(in_unit(a)), abs(in_unit(b))) or 1 for a, b in zip(data[value], data[other], strict=True)]
    rivals = []
    for key, column in ((own, value), (rival, other)):
        texts = [label(q) for q in data[column]]
        if key is not None:
            texts[0] += f"  {name(key)}"
        rivals.append(([in_unit(q) for q in data[column]], texts))
    room = widest(ax, rivals[0][1] + rivals[1][1]) + 12
    left = min(0, *(x / end for values, _ in rivals for x, end in zip(values, most, strict=True)))
    ax.set_xlim(left, 1 / (1 - min(0.6, room / width_of(ax, 0.9 if tall(ax) else 0.66))))
    ax.set_ylim(-len(data) + (0.3 if tall(ax) else 0.42), 0.75 if tall(ax) else 0.5)
    shift, drop = (0.16, 0.14) if tall(ax) else (0.19, 0)
    for i, key in enumerate(data[row]):
        for n, (values, texts) in enumerate(rivals):
            y, x = -i - drop + (-shift if n else shift), values[i] / most[i]
            ink, line, kind, diameter = (
                (INK, "#A8A8A8", "published", 6) if n else (palette.get(own, GREY),) * 2 + ("stated", 7)
            )
            weight = "bold" if values[i] > rivals[1 - n][0][i] else "normal"
            ax.plot([0, x], [y, y], color=line, linewidth=3.2, solid_capstyle="butt", zorder=2)
            mark(ax, x, y, ink, kind, size=diameter)
            write(ax, max(x, 0), y, texts[i], dx=9, color=ink, fontweight=weight)
        over = -i - drop + 2.5 * shift  # in a portrait names stand above their line
        if tall(ax):
            beside(ax, over, head(name(key)), fontweight="bold")
        else:
            beside(ax, -i, head(name(key)), dx=-8, ha="right", fontweight="bold")
        if key in notes and tall(ax):
            remark(ax, ax.get_xlim()[1], over, notes[key], ha="right")
        elif key in notes:
            beside(ax, -i, notes[key], dx=-8, dy=-size() * 1.4, ha="right", fontsize=size(0.92), color=MUTED)
    zero(ax)
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
    ax.set(xlim=(0, len(columns)), ylim=(-len(rows), 0.12))
    cell = (width_of(ax, 0.94) - widest(ax, map(name, rows)) - 12) / len(columns)
    small = {"fontsize": size(0.95)}
    looks = {"stated": (PAPER, PALE, None), "left_out": (PAPER, GREY, "////"), "seldom": ("#EFEFEF", PALE, None)}
    for one in data.to_dict("records"):
        x, y = columns.index(one[column]) + 0.5, -rows.index(one[row]) - 0.5
        face, edge, hatch = looks[one[stated]]
        ax.barh(y, 0.96, left=x - 0.5 + 0.02, height=0.9, color=face, edgecolor=edge, linewidth=0.8, hatch=hatch, zorder=1)
        style = small | {"color": INK if one[stated] == "stated" else MUTED, "linespacing": 1.1, "zorder": 3}
        box = HALO | {"pad": 2} if hatch else None
        ax.text(x, y, fitted(ax, one[text], cell - 6, **small), ha="center", va="center", bbox=box, **style)
    style = small | {"color": MUTED, "linespacing": 1.1}
    for n, key in enumerate(columns):
        said = fitted(ax, head(name(key)), cell - 4, **small)
        write(ax, n + 0.5, 0, said, dy=3, ha="center", va="bottom", **style)
    for n, key in enumerate(rows):
        beside(ax, -n - 0.5, head(name(key)), dx=-6, ha="right", fontweight="bold")
    return ax
