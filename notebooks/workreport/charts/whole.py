"""Forms that show a report whole: figures along its text, and several forms on one page."""

from inspect import signature

from matplotlib.transforms import Bbox

from ..style import GREY, INK, MUTED, PALE, PAPER, TARGET
from .base import bare, beside, floats, mark, named, remark, short, size, start, tall, text_width, unique, write, zero
from .order import DISC, fitted

RIBBON, CHOSEN = "#EFEFEF", "#FFF3B0"


def barcode(
    data,
    *,
    at,
    row,
    kind,
    spans,
    count=False,
    hollow=None,
    fields=None,
    highlight=None,
    palette=None,
    names=None,
    notes=None,
    ax=None,
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
    bare(ax)
    longest = max(end - begin for begin, end in spans.values())
    dots = hollow is not None and (data[kind] == hollow).any()
    half, words = 0.3, ax.figure.get_figwidth() * 72 * (0.3 if tall(ax) else 1)
    ax.set_xlim(0, longest * (1.12 if count else 1))
    ax.set_ylim(-len(spans) + (0.35 if dots else 0.5), 0.5)
    strokes = data[kind] != hollow
    position = [x - spans[key][0] for x, key in zip(data[at], data[row], strict=True)]
    level = {key: -n for n, key in enumerate(spans)}
    for key, (begin, end) in spans.items():
        chosen, y, long = key == highlight, level[key], end - begin
        face, edge = (CHOSEN, INK) if chosen else (RIBBON, "none")
        ax.barh(y, long, left=0, height=2 * half, color=face, edgecolor=edge, linewidth=0.9, zorder=1)
        weight = "bold" if chosen else "normal"
        if name(key):
            beside(
                ax,
                y,
                fitted(ax, name(key), words, fontweight=weight),
                dx=-6,
                ha="right",
                fontweight=weight,
                linespacing=1,
            )
        shift = 5
        if count:
            text = str(int((strokes & (data[row] == key)).sum()))
            write(ax, long, y, text, dx=shift, fontweight="bold")
            shift += text_width(ax, text, fontsize=size(), fontweight="bold") + 8
        if key in notes and long > 0.75 * longest:  # no room behind it
            remark(ax, ax.get_xlim()[1], y - 1, notes[key], ha="right")
        elif key in notes:
            remark(ax, long, y, notes[key], dx=shift)
    for field, (begin, end) in (fields or {}).items():
        key = next(k for k, span in spans.items() if span[0] <= begin < span[1])
        left, late = begin - spans[key][0], begin - spans[key][0] > 0.6 * longest
        ax.barh(
            level[key], end - begin, left=left, height=2 * half, color=CHOSEN, edgecolor=INK, linewidth=0.9, zorder=2
        )
        write(
            ax,
            left + (end - begin if late else 0),
            level[key] - half,
            name(field),
            dy=-4,
            ha="right" if late else "left",
            va="top",
        )
    lines = [i for i in data.index if strokes[i]]
    y = [level[data[row][i]] for i in lines]
    colours = [palette.get(data[kind][i], GREY) for i in lines]
    ax.vlines(
        [position[i] for i in lines],
        [v - half for v in y],
        [v + half for v in y],
        colors=colours,
        linewidth=1.1,
        zorder=3,
    )
    if dots:
        circles = [i for i in data.index if not strokes[i]]
        y = [level[data[row][i]] - half - 0.13 for i in circles]
        edge = palette.get(hollow, MUTED)
        ax.scatter(
            [position[i] for i in circles],
            y,
            s=10,
            facecolors=PAPER,
            edgecolors=edge,
            linewidths=0.9,
            clip_on=False,
            zorder=4,
        )
    return ax


def numbers(data, *, big, small, palette=None, ax=None):
    """A few numbers large, side by side, each with a line or two under it.

    Parameters
    ----------
    data : DataFrame
    big, small : str
        Columns of texts; a line end parts the lines of the small one.
    palette : dict, optional
        ``big`` to the colour of the numbers.
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
    bare(ax)
    ax.set_xlim(0, 1)
    ax.set_ylim(0, 1)
    large = {"fontsize": size(1.75), "fontweight": "bold"}
    widths = [max(text_width(ax, b, **large), text_width(ax, s)) for b, s in zip(data[big], data[small], strict=True)]
    room = ax.figure.get_figwidth() * 72 * 0.94
    gap = max(8, (room - sum(widths)) / len(widths))
    for n in range(len(widths)):
        x = sum(widths[:n]) + n * gap
        ax.annotate(
            data[big][n],
            (0, 1),
            xytext=(x, 0),
            textcoords="offset points",
            va="top",
            color=(palette or {}).get("big", INK),
            annotation_clip=False,
            **large,
        )
        ax.annotate(
            data[small][n],
            (0, 1),
            xytext=(x, -size(2.35)),
            textcoords="offset points",
            va="top",
            color=MUTED,
            linespacing=1.2,
            annotation_clip=False,
        )
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
    name, palette, points = named(names), palette or {}, floats(data, value)[0]
    bare(ax)
    rows = unique(data[row])
    spread = points.max() - min(0, points.min()) or 1
    ax.set_xlim(min(0, points.min()) - 0.06 * spread, points.max() + 0.05 * spread)
    ax.set_ylim(-len(rows) + 0.5, 0.5)
    zero(ax)
    said = [text and data[text][i] or label(data[value][i]) for i in data.index]
    written = {s: {data[row][i]: said[i] for i in data.index if data[series][i] == s} for s in columns}
    colours = {s: TARGET if (data[kind][data[series] == s] == "target").any() else palette.get(s, INK) for s in columns}
    bold = {"fontsize": size(), "fontweight": "bold"}
    widths = {
        s: max(text_width(ax, one, **bold) for one in (*texts.values(), (heads or {}).get(s, "")))
        for s, texts in written.items()
    }
    for n, key in enumerate(rows):
        members = data.index[data[row] == key]
        ax.plot(
            [points[members].min(), points[members].max()],
            [-n, -n],
            color=PALE,
            linewidth=3,
            solid_capstyle="round",
            zorder=1,
        )
        for i in members:
            last = data[series][i] in columns
            mark(
                ax,
                points[i],
                -n,
                palette.get(data[series][i], GREY),
                data[kind][i],
                size=9 if data[kind][i] == "target" else 6.5,
                zorder=6 if last else 4,
            )
        beside(ax, -n, name(key), dx=-6, ha="right")
        at = 2
        for s in columns:
            at += widths[s] + 8
            if key in written[s]:
                beside(ax, -n, written[s][key], right=True, dx=at, ha="right", color=colours[s], fontweight="bold")
            if not n and heads and s in heads:
                beside(ax, 0.5, heads[s], right=True, dx=at, dy=5, ha="right", va="bottom", color=colours[s])
    return ax


def tally(data, *, value, band, highlight=1, palette=None, names=None, notes=None, ax=None):
    """Ranks as a row of numbered discs for each band, the best first.

    Parameters
    ----------
    data : DataFrame
        Band by band, in the order to draw.
    value : str
        Column of quantities that are ranks.
    band : str
        Column that names the row of a disc.
    highlight : int
        The rank to set off, in the colour that `palette` has for it.
    palette, names, notes, ax : optional
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
    name, points = named(names), floats(data, value)[0].astype(int)
    bare(ax)
    bands = unique(data[band])
    most = data[band].value_counts().max()
    wide = tall(ax)
    disc = 15 if wide else 14
    ax.set_xlim(-0.6, max(most - 0.4, ax.figure.get_figwidth() * 72 * (0.72 if wide else 0.3) / (1.5 * disc)))
    ax.set_ylim(-len(bands) + 0.5, 0.5)
    for n, key in enumerate(bands):
        beside(ax, -n, name(key), dx=-6, ha="right")
        members = sorted(points[data[band] == key])
        for k, rank in enumerate(members):
            colour = (palette or {}).get(highlight, INK) if rank == highlight else DISC
            ax.plot([k], [-n], linestyle="none", marker="o", markersize=disc, color=colour, markeredgewidth=0, zorder=3)
            ax.text(
                k,
                -n,
                str(rank),
                color=PAPER,
                ha="center",
                va="center_baseline",
                fontsize=disc * 0.62,
                fontweight="bold",
                zorder=4,
            )
        if notes and key in notes:
            remark(ax, len(members) - 1, -n, notes[key], dx=disc / 2 + 5)
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
    name, share = named(names), [(heights or {}).get(key, 1) for key in keys]
    ax.set_axis_off()
    side_by_side = not tall(ax) and len(keys) > 3
    rows = [keys[:1], keys[1:-1], keys[-1:]] if side_by_side else [[key] for key in keys]
    weights = [max(share[keys.index(key)] for key in row) for row in rows]
    shared, drawn, top = {"palette": palette, "names": names, "label": label}, [], 1.0
    for row, weight in zip(rows, weights, strict=True):
        height = weight / sum(weights)
        for n, key in enumerate(row):
            form, options = forms[key]
            wide = [(widths or {}).get(one, 1) for one in row]
            cell = (sum(wide[:n]) / sum(wide), top - height, wide[n] / sum(wide), height)
            one = ax.inset_axes(cell)
            taken = signature(form).parameters
            given = {k: v for k, v in shared.items() if k in taken and k not in options}
            form(data[data[panel] == key].reset_index(drop=True), ax=one, **given, **options)
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
