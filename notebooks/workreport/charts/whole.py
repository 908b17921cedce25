"""Forms that show a report whole: figures along its text, and several forms on one page."""

from inspect import signature  # noqa: I001 one name per line below would take as many lines as a form

from matplotlib.transforms import Bbox

from ..style import GREY, INK, MUTED, PALE, PAPER, TARGET
from .base import (
    DISC, beside, fitted, floats, mark, named, numbered, remark, short, size, start, tall, text_width, unique, widest,
    width_of, write, zero,
)

RIBBON, CHOSEN = "#EFEFEF", "#FFF3B0"


def barcode(
    data, *, at, row, kind, spans, count=False, hollow=None, fields=None, highlight=None,
    palette=None, names=None, notes=None, ax=None,
):
    """A text as ribbons, with a stroke wherever a figure stands.

    Parameters
    ----------
    data : DataFrame
        A figure per row.
    at : str
        Column of whole numbers: characters from the beginning of the text.
    row, kind : str
        Columns that say on which ribbon a stroke is, and what colours it.
    spans : dict
        Row to the characters it begins and ends at, in the order to draw: ribbons are as long as their text, also
        where nothing stands on them.
    count : bool
        Whether the number of strokes stands after the ribbon.
    hollow : str, optional
        The kind that is a hollow dot under the ribbon instead of a stroke, and is not counted.
    fields : dict, optional
        Key of `names` to the characters that a part of the text begins and ends at: outlined, named under its ribbon.
    highlight : optional
        The ribbon to set off.
    palette, names, notes, ax : optional
        As in every form.

    Returns
    -------
    Axes

    Examples
    --------
    >>> numerals = frame(report, "numerals").assign(text="")
    >>> ax = barcode(numerals, at="offset", row="text", kind="role", spans={"": (0, 6553)}, hollow="name")
    >>> len(ax.collections[0].get_segments()) == len(numerals.query("role != 'name'"))
    True
    """
    data, ax = start(data, ax, at, row, kind)
    name, palette, notes = named(names), palette or {}, notes or {}
    longest = max(end - begin for begin, end in spans.values())
    dots = data[kind] == hollow
    half, words = 0.3, width_of(ax, 0.3 if tall(ax) else 1)
    ax.set_xlim(0, longest * (1.12 if count else 1))
    ax.set_ylim(-len(spans) + (0.35 if dots.any() else 0.5), 0.5)
    level = {key: -n for n, key in enumerate(spans)}
    outlined = {"height": 2 * half, "color": CHOSEN, "edgecolor": INK, "linewidth": 0.9}
    for key, (begin, end) in spans.items():
        y, long = level[key], end - begin
        look, weight = outlined | {"color": RIBBON, "edgecolor": "none"}, "normal"
        if key == highlight:
            look, weight = outlined, "bold"
        ax.barh(y, long, left=0, zorder=1, **look)
        if name(key):
            text = fitted(ax, name(key), words, fontweight=weight)
            beside(ax, y, text, dx=-6, ha="right", fontweight=weight, linespacing=1)
        shift = 5
        if count:
            text = str(int((~dots & (data[row] == key)).sum()))
            write(ax, long, y, text, dx=shift, fontweight="bold")
            shift += widest(ax, [text]) + 8
        if key in notes and long > 0.75 * longest:  # no room behind it
            remark(ax, ax.get_xlim()[1], y - 1, notes[key], ha="right")
        elif key in notes:
            remark(ax, long, y, notes[key], dx=shift)
    for field, (begin, end) in (fields or {}).items():
        key = next(k for k, span in spans.items() if span[0] <= begin < span[1])
        left = begin - spans[key][0]
        ax.barh(level[key], end - begin, left=left, zorder=2, **outlined)
        x, ha = (left + end - begin, "right") if left > 0.6 * longest else (left, "left")
        write(ax, x, level[key] - half, name(field), dy=-4, ha=ha, va="top")
    x = data[at] - data[row].map(lambda key: spans[key][0])
    y = data[row].map(level)
    colours = [palette.get(how, GREY) for how in data[kind][~dots]]
    ax.vlines(x[~dots], y[~dots] - half, y[~dots] + half, colors=colours, linewidth=1.1, zorder=3)
    if dots.any():
        style = {"facecolors": PAPER, "edgecolors": palette.get(hollow, MUTED), "linewidths": 0.9, "clip_on": False}
        ax.scatter(x[dots], y[dots] - half - 0.13, s=10, zorder=4, **style)
    return ax


def numbers(data, *, big, small, ax=None):
    """A few numbers large, side by side, each with a line or two under it.

    Parameters
    ----------
    data : DataFrame
    big, small : str
        Columns of texts; a line end parts the lines of the small one.
    ax : optional
        As in every form.

    Returns
    -------
    Axes

    Examples
    --------
    >>> ax = numbers(frame(report, "growth").head(2), big="figure_id", small="indicator_id")
    >>> {"G01", "gdp"} <= {text.get_text() for text in ax.texts}
    True
    """
    data, ax = start(data, ax, big, small)
    ax.set_xlim(0, 1)
    ax.set_ylim(0, 1)
    large = {"fontsize": size(1.75), "fontweight": "bold"}
    widths = [max(text_width(ax, b, **large), text_width(ax, s)) for b, s in zip(data[big], data[small], strict=True)]
    room = width_of(ax, 0.94)
    gap = max(8, (room - sum(widths)) / len(widths))
    for n, (number, said) in enumerate(zip(data[big], data[small], strict=True)):
        x = sum(widths[:n]) + n * gap
        write(ax, 0, 1, number, dx=x, va="top", color=INK, **large)
        write(ax, 0, 1, said, dx=x, dy=-size(2.35), va="top", color=MUTED, linespacing=1.2)
    return ax


def glance(
    data, *, value, row, series, kind, columns, text=None, heads=None, palette=None, names=None, label=short, ax=None
):
    """Several values on one line per row, and some of them in columns at the right.

    Parameters
    ----------
    data : DataFrame
        In the order to draw, from the top.
    value : str
        Column of quantities.
    row, series, kind : str
        Columns that say on which line a value is, whose it is, and whether it is ``stated``, ``implied``,
        ``published`` or ``target``.
    columns : list
        Series written at the right, in the colour of their marks.
    text : str, optional
        Column of texts to write there instead of the label of the quantity, where it has one.
    heads : dict, optional
        Series to the heading of its column.
    palette, names, label, ax : optional
        As in every form.

    Returns
    -------
    Axes

    Examples
    --------
    >>> rates = growth.comparisons(report).assign(kind="implied")
    >>> ax = glance(rates, value="implied", row="indicator", series="area", kind="kind", columns=["china"])
    >>> "3.0%" in {text.get_text() for text in ax.texts}
    True
    """
    data, ax = start(data, ax, value, row, series, kind)
    name, palette, heads, points = named(names), palette or {}, heads or {}, floats(data, value)[0]
    rows = unique(data[row])
    spread = points.max() - min(0, points.min()) or 1
    ax.set_xlim(min(0, points.min()) - 0.06 * spread, points.max() + 0.05 * spread)
    ax.set_ylim(-len(rows) + 0.5, 0.5)
    zero(ax)
    said = [text and data[text][i] or label(data[value][i]) for i in data.index]
    ends, at = {}, 2  # of a column: its texts by row, and how they stand
    for one in columns:
        own = data.index[data[series] == one]
        texts = {data[row][i]: said[i] for i in own}
        at += widest(ax, [*texts.values(), heads.get(one, "")]) + 8
        colour = TARGET if (data[kind][own] == "target").any() else palette.get(one, INK)
        ends[one] = texts, {"right": True, "dx": at, "ha": "right", "color": colour}
    for n, key in enumerate(rows):
        members = data.index[data[row] == key]
        reach = [points[members].min(), points[members].max()]
        ax.plot(reach, [-n, -n], color=PALE, linewidth=3, solid_capstyle="round", zorder=1)
        for i in members:
            colour, how = palette.get(data[series][i], GREY), data[kind][i]
            above = 6 if data[series][i] in columns else 4
            mark(ax, points[i], -n, colour, how, size=9 if how == "target" else 6.5, zorder=above)
        beside(ax, -n, name(key), dx=-6, ha="right")
        for one, (texts, style) in ends.items():
            if key in texts:
                beside(ax, -n, texts[key], fontweight="bold", **style)
            if not n and one in heads:
                beside(ax, 0.5, heads[one], dy=5, va="bottom", **style)
    return ax


def tally(data, *, value, band, palette=None, names=None, notes=None, ax=None):
    """Ranks as a row of numbered discs for each band, the best first.

    Parameters
    ----------
    data : DataFrame
        Band by band, in the order to draw.
    value : str
        Column of quantities that are ranks.
    band : str
        Column that names the row of a disc.
    palette : dict, optional
        1 to the colour of the first ranks.
    names, notes, ax : optional
        As in every form.

    Returns
    -------
    Axes

    Examples
    --------
    >>> ax = tally(frame(report, "rankings"), value="quantity", band="aspect")
    >>> {"level", "46"} <= {text.get_text() for text in ax.texts}
    True
    """
    data, ax = start(data, ax, value, band)
    name, first, notes = named(names), (palette or {}).get(1, INK), notes or {}
    points, bands = floats(data, value)[0].astype(int), unique(data[band])
    diameter, share = (15, 0.72) if tall(ax) else (14, 0.3)
    most = data[band].value_counts().max()
    ax.set_xlim(-0.6, max(most - 0.4, width_of(ax, share) / (1.5 * diameter)))
    ax.set_ylim(-len(bands) + 0.5, 0.5)
    for n, key in enumerate(bands):
        beside(ax, -n, name(key), dx=-6, ha="right")
        members = sorted(points[data[band] == key])
        for k, rank in enumerate(members):
            numbered(ax, k, -n, rank, diameter, first if rank == 1 else DISC)
        if key in notes:
            remark(ax, len(members) - 1, -n, notes[key], dx=diameter / 2 + 5)
    return ax


def poster(data, *, panel, forms, heights=None, widths=None, palette=None, names=None, label=short, ax=None):
    """Several forms on one page, one below the other; in a landscape those in the middle stand side by side.

    Parameters
    ----------
    data : DataFrame
        Rows of all forms.
    panel : str
        Column that says whose rows they are, in the order to draw.
    forms : dict
        Panel to a form and its options; the form gets the rows of its panel.
    heights, widths : dict, optional
        Panel to its share of the height, and of the width where it stands beside another; 1 where nothing is said.
    palette, names, label, ax : optional
        As in every form, handed on to each that takes them.

    Returns
    -------
    list of Axes

    Examples
    --------
    >>> ranked = frame(report, "rankings").assign(page="ranks")
    >>> len(poster(ranked, panel="page", forms={"ranks": (tally, {"value": "quantity", "band": "aspect"})}))
    1
    """
    data, ax = start(data, ax, panel)
    keys = unique(data[panel])
    if missing := [key for key in keys if key not in forms]:
        raise ValueError(f"no form for the panel {missing[0]!r}: forms has {', '.join(forms)}")
    name, heights, widths = named(names), heights or {}, widths or {}
    ax.set_axis_off()
    side_by_side = not tall(ax) and len(keys) > 3
    rows = [keys[:1], keys[1:-1], keys[-1:]] if side_by_side else [[key] for key in keys]
    weights = [max(heights.get(key, 1) for key in row) for row in rows]
    shared, drawn, top = {"palette": palette, "names": names, "label": label}, [], 1.0
    for row, weight in zip(rows, weights, strict=True):
        height, wide = weight / sum(weights), [widths.get(key, 1) for key in row]
        for n, key in enumerate(row):
            form, options = forms[key]
            cell = (sum(wide[:n]) / sum(wide), top - height, wide[n] / sum(wide), height)
            one = ax.inset_axes(cell)
            taken = {k: v for k, v in shared.items() if k in signature(form).parameters}
            form(data[data[panel] == key], ax=one, **taken | options)
            heading = name(key) if name(key) != key else ""
            one.set_axes_locator(_within(ax, one, cell, heading, apart=14 if n < len(row) - 1 else 0))
            drawn.append(one)
        top -= height
    return drawn


def _within(ax, one, cell, heading, apart):
    """Where an inset goes so that its names, heads and notes keep within its cell, in any shape of picture."""
    fig = ax.figure
    renderer = fig._get_renderer()
    outer, inner = one.get_tightbbox(renderer), one.get_window_extent(renderer)
    ends = (inner.x0 - outer.x0, inner.y0 - outer.y0, outer.x1 - inner.x1, outer.y1 - inner.y1)
    left, below, right, above = (max(0, end) * 72 / fig.dpi for end in ends)
    if heading:
        one.annotate(
            heading, (0, 1), (-left, 5), "axes fraction", "offset points", fontweight="bold", annotation_clip=False
        )
        above = max(above, size(1.5))

    def place(_, renderer):
        whole, dot = ax.get_window_extent(renderer), fig.dpi / 72
        x0, y0 = whole.x0 + cell[0] * whole.width + left * dot, whole.y0 + cell[1] * whole.height + (below + 7) * dot
        x1 = whole.x0 + (cell[0] + cell[2]) * whole.width - (right + apart) * dot
        y1 = whole.y0 + (cell[1] + cell[3]) * whole.height - above * dot
        return Bbox([[x0, y0], [x1, y1]]).transformed(fig.transSubfigure.inverted())

    return place
