"""What chart forms are made of: columns, names, labels, marks, axes without furniture."""

import matplotlib as mpl
import numpy as np

from ..lines import wrap
from ..style import GREY, INK, MARKERS, MUTED, PAPER, PUBLISHED, TARGET

DISC = "#8C8C8C"  # a rank that is no first; white digits read on it
HALO = {"facecolor": PAPER, "edgecolor": "none", "pad": 0.8}  # keeps a label legible on a line


def start(data, ax, *columns):
    """The frame with a fresh index, and the Axes, without frame or ticks; refuses an empty frame and missing columns."""
    if len(data) == 0:
        raise ValueError("nothing to draw: the frame is empty")
    missing = [c for c in columns if c is not None and c not in data]
    if missing:
        raise ValueError(f"the frame has no column {', '.join(map(repr, missing))}: it has {', '.join(map(str, data.columns))}")
    if ax is None:
        from matplotlib.pyplot import gca  # the figure of `export` needs no pyplot, which is slow to import

        ax = gca()
    bare(ax)
    return data.reset_index(drop=True), ax


def bare(ax):
    """No frame, no ticks, no grid: labels say the values."""
    ax.set(xticks=[], yticks=[], xlabel="", ylabel="")
    ax.spines[:].set_visible(False)
    ax.grid(visible=False)


def floats(data, column):
    """Value, low and high of a column of quantities, in its unit; infinite ends are cut to the value."""
    q = data[column].q
    value = q.value.to_numpy()
    low, high = q.low.to_numpy(), q.high.to_numpy()
    return value, np.where(np.isinf(low), value, low), np.where(np.isinf(high), value, high)


def in_unit(quantity):
    """The value of a quantity in its unit."""
    return float(quantity.in_unit(quantity.value))


def kinds(data, column):
    """What each row is: all are stated where no column says it."""
    return data[column] if column else ["stated"] * len(data)


def short(quantity):
    """A quantity as its number and percent sign: ``4.8%``, ``1.8``, ``344.3``."""
    return str(quantity).split(" [")[0].removesuffix("\u00a0pp")


def named(names):
    """A function from id to the words printed."""
    return (lambda key: str(key)) if names is None else (lambda key: names.get(key, str(key)))


def unique(column):
    """Values of a column in order of appearance."""
    return list(dict.fromkeys(column))


def tall(ax):
    """Whether the picture is a portrait, for a phone."""
    return ax.figure.get_figheight() > ax.figure.get_figwidth()


def size(share=1.0):
    """A font size, as a share of the base size of the picture."""
    return mpl.rcParams["font.size"] * share


def width_of(ax, share):
    """A share of the width of the picture, in points."""
    return ax.figure.get_figwidth() * 72 * share


def height_of(ax, share):
    """A share of the height of the picture, in points."""
    return ax.figure.get_figheight() * 72 * share


def text_width(ax, text, **style):
    """Width of a text in points, as it would be drawn on the figure of `ax`."""
    artist = ax.figure.text(0, 0, text, **style)
    width = artist.get_window_extent(ax.figure._get_renderer()).width * 72 / ax.figure.dpi
    artist.remove()
    return width


def widest(ax, texts):
    """Width of the widest of some texts in bold, in points."""
    return max(text_width(ax, text, fontweight="bold") for text in texts)


def fitted(ax, text, width, **style):
    """A text in lines no wider than a width, in points, where words and phrases allow it."""
    return wrap(text.replace("\u00a0", " "), width, lambda line: text_width(ax, line, **style))


def head(text):
    """A text that begins with a capital."""
    return text[:1].upper() + text[1:]


def spread(positions, distance):
    """Move positions apart, as little as needed, until neighbours are `distance` apart.

    Parameters
    ----------
    positions : sequence of float
    distance : float

    Returns
    -------
    numpy.ndarray
        New positions in the order given.

    Examples
    --------
    >>> spread([1.0, 1.1, 5.0], 1.0).round(2).tolist()
    [0.55, 1.55, 5.0]
    """
    clusters = []
    for i in np.argsort(positions, kind="stable"):
        clusters.append([[i], float(positions[i])])
        while len(clusters) > 1:
            (upper, centre), (lower, before) = clusters[-1], clusters[-2]
            if centre - before >= distance * (len(upper) + len(lower)) / 2 - 1e-9:
                break
            members = lower + upper
            clusters[-2:] = [[members, float(np.mean([positions[m] for m in members]))]]
    result = np.empty(len(positions))
    for members, centre in clusters:
        for k, member in enumerate(members):
            result[member] = centre + (k - (len(members) - 1) / 2) * distance
    return result


def write(ax, x, y, text, *, dx=0, dy=0, ha="left", va="center", **style):
    """A text beside a point, `dx` and `dy` points away."""
    return ax.annotate(text, (x, y), xytext=(dx, dy), textcoords="offset points", ha=ha, va=va, annotation_clip=False, **style)


def beside(ax, y, text, *, right=False, **style):
    """A text at the left or right edge of the Axes, at the height of a row."""
    return write(ax, 1 if right else 0, y, text, xycoords=ax.get_yaxis_transform(), **style)


def row_name(ax, y, text, above, **style):
    """The name of a row: left of it, or `above` points over it in a portrait."""
    place = {"dy": above} if tall(ax) else {"dx": -8, "ha": "right"}
    return beside(ax, y, text, **{"fontweight": "bold"} | place | style)


def remark(ax, x, y, text, **style):
    """A remark on the picture: small, muted, for what the reader would miss."""
    return write(ax, x, y, text, **{"fontsize": size(0.92), "color": MUTED, "linespacing": 1.2} | style)


def disc(ax, x, y, **style):
    """A single mark, a disc unless `style` says otherwise."""
    return ax.plot([x], [y], **{"linestyle": "none", "marker": "o"} | style)


def numbered(ax, x, y, number, diameter, colour):
    """A disc with a number in it."""
    disc(ax, x, y, markersize=diameter, color=colour, markeredgewidth=0, zorder=3)
    style = {"fontsize": diameter * 0.62, "fontweight": "bold", "color": PAPER, "zorder": 4}
    ax.text(x, y, str(number), ha="center", va="center_baseline", **style)


def arrow(ax, x, y, dx, colour):
    """An arrow that leads on from a point, `dx` points to the right."""
    style = {"arrowstyle": "<|-", "color": colour, "linewidth": 1.6, "shrinkA": 0, "shrinkB": 0, "mutation_scale": 9}
    ax.annotate(
        "", (x, y), xytext=(dx, 0), textcoords="offset points", annotation_clip=False, zorder=4, arrowprops=style
    )


def mark(ax, x, y, colour, kind="stated", size=None, zorder=4):
    """Stated is filled, implied is hollow, published is a diamond, a target is a purple tick."""
    colour = {"published": PUBLISHED if colour in (None, GREY) else colour, "target": TARGET}.get(kind, colour or GREY)
    marker = {"published": "D", "target": "|"}.get(kind, MARKERS.get(colour, "o"))
    face = PAPER if kind == "implied" else colour
    disc(ax, x, y, marker=marker, color=colour, markerfacecolor=face, zorder=zorder, markersize=size)


def whisker(ax, low, high, y, colour):
    """The interval of a value, where it is wider than the mark; to be called once the limits are set."""
    left, right = ax.transData.transform([(low, y), (high, y)])[:, 0]
    if right - left > 1.4 * mpl.rcParams["lines.markersize"] / 72 * ax.figure.dpi:
        ax.plot([low, high], [y, y], color=colour, linewidth=1.4, solid_capstyle="butt", zorder=3)


def panel_axes(ax, heads, shape, **spacing):
    """Axes in place of one, in a grid of rows and columns, each under its heading."""
    grid = ax.get_subplotspec().subgridspec(*shape, **spacing)
    ax.set_axis_off()
    for place, head in zip(grid, heads, strict=True):
        one = ax.figure.add_subplot(place)
        bare(one)
        one.set_title(head, loc="left", fontsize=size(), fontweight="bold", color=INK)
        yield one


def in_blocks(keys, between, under):
    """Heights of rows in blocks, and of the heading over each block.

    Parameters
    ----------
    keys : sequence
        The block of each row.
    between, under : float
        Room between two blocks, and from a heading to its first row.

    Returns
    -------
    (list of float, list of (float, object))

    Examples
    --------
    >>> in_blocks(["a", "a", "b"], 0.5, 1.0)
    ([-1.0, -2.0, -4.5], [(0.0, 'a'), (-3.5, 'b')])
    """
    rows, heads, line, before = [], [], 0.0, object()
    for key in keys:
        if key != before:
            line -= between if rows else 0
            heads.append((line, key))
            line -= under
        rows.append(line)
        line, before = line - 1, key
    return rows, heads


def zero(ax, *, named=False):
    """The line at zero; ``named`` where no bar begins at it."""
    ax.axvline(0, color="#8A8A8A", linewidth=0.8, zorder=1)
    if named:
        write(ax, 0, ax.get_ylim()[0], "0", dx=3, va="bottom", fontsize=size(0.8), color=MUTED)
