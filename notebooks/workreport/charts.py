"""Chart forms: functions that draw a tidy table on one Axes and return it.

Every form takes ``data`` first, the rest by keyword, and ``ax=None`` for the current Axes. Columns
used by all: ``group`` and ``series_label`` (names to print), ``series`` (key of the palette),
``value``, ``low`` and ``high`` (numbers in the unit of the axis), ``label`` (the value as text),
``mark`` (``stated``, ``rebuilt``, ``published`` or ``not_found``) and ``qualifier``. They compute
nothing but positions. An empty table raises ValueError.
"""

from functools import cache

import numpy as np

from .style import COLOURS, INK, MUTED, PALE, PAPER, colour_of, marker_of

WHISKER = 1.1
HALO = {"facecolor": PAPER, "edgecolor": "none", "pad": 0.6}  # keeps a label legible on a line
GAP = 0.75


@cache
def wave():
    """The mark of a soft value, drawn: a tilde set as mathematics would need mathematics in every text.

    Returns
    -------
    matplotlib.path.Path
    """
    from matplotlib.path import Path  # here: only who draws waits for matplotlib

    return Path([(-1, -0.1), (-0.35, 0.75), (0.35, -0.75), (1, 0.1)], [Path.MOVETO, *[Path.CURVE4] * 3])


def _start(data, ax, *columns):
    if len(data) == 0:
        raise ValueError("nothing to draw: the selection is empty")
    missing = [c for c in columns if c not in data]
    if missing:
        raise ValueError(f"the data lack the columns {', '.join(missing)}")
    if ax is None:
        from matplotlib.pyplot import gca  # the figure of `export` needs no pyplot, which is slow to import

        ax = gca()
    return data.reset_index(drop=True), ax


def _mark(ax, x, y, series, mark="stated"):
    """Stated is filled, rebuilt is hollow, published is a diamond."""
    colour = colour_of("published" if mark == "published" else series)
    face = PAPER if mark == "rebuilt" else colour
    shape = marker_of("published" if mark == "published" else series)
    ax.plot([x], [y], linestyle="none", marker=shape, color=colour, markerfacecolor=face, zorder=4)


def _whisker(ax, low, high, y, series, width=WHISKER):
    ax.plot([low, high], [y, y], color=colour_of(series), linewidth=width, solid_capstyle="butt", zorder=3)


def _label(ax, x, y, text, *, dx=6, dy=0, ha="left", va="center", **style):
    return ax.annotate(text, (x, y), xytext=(dx, dy), textcoords="offset points", ha=ha, va=va, annotation_clip=False, **style)


def text_width(ax, text, **style):
    """Width of a text in points, as it would be drawn on the figure of `ax`."""
    artist = ax.figure.text(0, 0, text, **style)
    width = artist.get_window_extent(ax.figure._get_renderer()).width * 72 / ax.figure.dpi
    artist.remove()
    return width


def spread(positions, size):
    """Move positions apart, as little as needed, until neighbours are `size` apart.

    Parameters
    ----------
    positions : sequence of float
    size : float
        Least distance between two.

    Returns
    -------
    numpy.ndarray
        New positions in the order given.
    """
    order = np.argsort(positions, kind="stable")
    clusters = []
    for i in order:
        clusters.append([[i], float(positions[i])])
        while len(clusters) > 1:
            (upper, centre), (lower, before) = clusters[-1], clusters[-2]
            if centre - before >= size * (len(upper) + len(lower)) / 2 - 1e-9:
                break
            members = lower + upper
            clusters[-2:] = [[members, float(np.mean([positions[m] for m in members]))]]
    result = np.empty(len(order))
    for members, centre in clusters:
        for k, member in enumerate(members):
            result[member] = centre + (k - (len(members) - 1) / 2) * size
    return result


def _rows(data):
    """Position of each row, from the top down, with a gap between groups."""
    new_group = data["group"].ne(data["group"].shift()).to_numpy()
    return -(np.arange(len(data)) + GAP * (np.cumsum(new_group) - 1))


def _row_axis(ax, data, y, names):
    """Name the rows, and the groups to the left of them."""
    ax.set_yticks(y, names)
    ax.set_ylim(y.min() - 0.8, y.max() + 0.8)
    ax.grid(axis="y", visible=False)
    first = data["group"].ne(data["group"].shift())
    if first.all():
        return
    width = max(text_width(ax, name, fontsize=8.5) for name in names)
    groups = data["group"][first]
    room = max(text_width(ax, name, fontsize=8.5, fontweight="bold") for name in groups)
    for i, name in groups.items():
        ax.annotate(
            name, (0, y[i]), xycoords=ax.get_yaxis_transform(), xytext=(-width - room - 16, 0),
            textcoords="offset points", ha="left", va="center", fontweight="bold", annotation_clip=False,
        )  # fmt: skip


def _value_axis(ax, label, *, zero=True):
    ax.spines["bottom"].set_visible(False)
    ax.set_xlabel(label, loc="right")
    if max(map(abs, ax.get_xlim())) >= 1000:
        ax.xaxis.set_major_formatter(lambda x, _: f"{x:,g}".replace("-", "−"))
    if zero and ax.get_xlim()[0] <= 0 <= ax.get_xlim()[1]:
        ax.axvline(0, color=INK, linewidth=0.8, zorder=1)


def dot_plot(data, *, unit="", ax=None):
    """Cleveland dot plot: one line per value, in groups, with its rounding whisker.

    Parameters
    ----------
    data : DataFrame
        ``group, series, series_label, value, low, high, label, mark``; in the order to draw.
    unit : str
        Name of the value axis.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    data, ax = _start(data, ax, "group", "series", "series_label", "value", "low", "high", "label", "mark")
    y = _rows(data)
    for row, at in zip(data.itertuples(), y, strict=True):
        ax.plot([0, row.value], [at, at], color="#D9D9D9", linewidth=0.8, zorder=1)
        _whisker(ax, row.low, row.high, at, row.series)
        _mark(ax, row.value, at, row.series, row.mark)
        accent = row.series == "qinyang"
        right = max(row.high, row.value, 0)
        _label(ax, right, at, row.label, dx=8, color=COLOURS["qinyang"] if accent else INK, fontweight="bold" if accent else "normal")
    _row_axis(ax, data, y, data["series_label"])
    for tick, series in zip(ax.get_yticklabels(), data["series"], strict=True):
        tick.set_color(COLOURS["qinyang"] if series == "qinyang" else INK)
    low, high = min(0, data[["low", "value"]].min().min()), data[["high", "value"]].max().max()
    ax.set_xlim(low - 0.03 * (high - low), high + 0.09 * (high - low))
    _value_axis(ax, unit)
    return ax


def slope(data, *, unit="", highlight=(), ax=None):
    """Lines over a few ordered steps, named at their right end.

    Parameters
    ----------
    data : DataFrame
        ``group, step, value, low, high, label``; `step` holds the names of the steps in order,
        a group without a value at a step has no row.
    highlight : collection of str
        Groups drawn in the accent colour.
    unit : str
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    data, ax = _start(data, ax, "group", "step", "value", "low", "high", "label")
    import seaborn as sns  # here and in `stated_matrix`: a fifth of the time that a notebook takes to import the package

    steps = list(dict.fromkeys(data["step"]))
    x = data["step"].map(steps.index).to_numpy()
    for name, part in data.groupby("group", sort=False):
        series = "qinyang" if name in highlight else "other"
        at = x[part.index]
        sns.lineplot(
            x=at,
            y=part["value"],
            color=colour_of(series),
            marker="o",
            markersize=6,
            markeredgecolor=PAPER,
            legend=False,
            zorder=4 if series == "qinyang" else 3,
            errorbar=None,
            ax=ax,
        )
        ax.vlines(at, part["low"], part["high"], color=colour_of(series), linewidth=WHISKER, zorder=2)
    ax.set_xlim(-0.1, len(steps) - 1 + 0.1)
    low, high = min(0, data["low"].min()), data["high"].max()
    ax.set_ylim(low - 0.04 * (high - low), high + 0.06 * (high - low))
    line = 13 * (ax.get_ylim()[1] - ax.get_ylim()[0]) / (ax.figure.get_figheight() * 72 * 0.62)
    last = len(steps) - 1
    for step in range(len(steps)):
        part = data[x == step]
        inner = 0 < step < last
        at = spread(part["value"].to_numpy(), line)
        for row, to in zip(part.itertuples(), at, strict=True):
            accent = row.group in highlight
            text = {0: f"{row.group}  {row.label}", last: f"{row.label}  {row.group}"}.get(step, row.label)
            below = inner and to < row.value
            shift = (to - row.value) / line * 13 if not inner else (-9 if below else 9)
            ax.annotate(
                text, (step, row.value), xytext=((12 if step == last else -12) * (not inner), shift), textcoords="offset points",
                ha="center" if inner else "left" if step == last else "right", va="center", annotation_clip=False, bbox=HALO,
                color=COLOURS["qinyang"] if accent else INK, fontweight="bold" if accent else "normal", zorder=5,
            )  # fmt: skip
    ax.set_xticks(range(len(steps)), steps)
    ax.tick_params(axis="x", labelsize=8.5, labelcolor=INK)
    ax.grid(axis="x", visible=True)
    ax.spines["bottom"].set_visible(False)
    ax.axhline(0, color=INK, linewidth=0.8, zorder=1)
    ax.set_yticks([])
    ax.set_ylabel("")
    ax.set_xlabel(unit, loc="right")
    return ax


def stacked_decomposition(data, *, unit="", ax=None):
    """Bars made of parts that add up, each part with its value above, the sum at the end.

    Parameters
    ----------
    data : DataFrame
        ``group, series, value, label, total_label``; parts of a group in stacking order, negative
        parts run to the left of zero.
    unit : str
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    data, ax = _start(data, ax, "group", "series", "value", "label", "total_label")
    groups = list(dict.fromkeys(data["group"]))
    ends = []
    for at, name in enumerate(groups):
        part = data[data["group"] == name]
        right = left = 0.0
        centres = []
        for row in part.itertuples():
            start = right if row.value >= 0 else left
            ax.barh(-at, row.value, left=start, height=0.4, color=colour_of(row.series), edgecolor=PAPER, linewidth=0.8, zorder=3)
            centres.append(start + row.value / 2)
            right, left = (start + row.value, left) if row.value >= 0 else (right, start + row.value)
        ends.append((left, right))
        ax.annotate(
            part["total_label"].iloc[0],
            (right, -at),
            xytext=(7, 0),
            textcoords="offset points",
            va="center",
            fontweight="bold",
            annotation_clip=False,
        )
        part_centres = np.array(centres)
        ends[-1] += (part_centres,)
    low, high = min(e[0] for e in ends), max(e[1] for e in ends)
    ax.set_xlim(low - 0.02 * (high - low), high + 0.1 * (high - low))
    points = ax.figure.get_figwidth() * 72 * 0.75 / (ax.get_xlim()[1] - ax.get_xlim()[0])
    for at, name in enumerate(groups):
        part = data[data["group"] == name]
        centres = ends[at][2]
        room = max(text_width(ax, text, fontsize=8) for text in part["label"]) + 5
        for row, centre, to in zip(part.itertuples(), centres, spread(centres, room / points), strict=True):
            shift = (to - centre) * points
            ax.annotate(row.label, (centre, -at + 0.2), xytext=(shift, 7), textcoords="offset points", ha="center", va="bottom", fontsize=8, annotation_clip=False, bbox=HALO, zorder=5,
                        arrowprops={"arrowstyle": "-", "color": MUTED, "linewidth": 0.6, "shrinkA": 0, "shrinkB": 0, "relpos": (0.5, 0)})  # fmt: skip
    ax.set_yticks([-at for at in range(len(groups))], groups)
    for tick in ax.get_yticklabels():
        tick.set_fontweight("bold")
    ax.set_ylim(-len(groups) + 0.55, 0.7)
    ax.grid(axis="y", visible=False)
    _value_axis(ax, unit)
    return ax


def interval_plot(data, *, unit="", columns=("", ""), ax=None):
    """Intervals with a published value against each; rows with nothing published stay, in grey.

    Parameters
    ----------
    data : DataFrame
        ``group, series, series_label, value, low, high, published, label, verdict``; `published`
        is NaN where nothing was found; `label` and `verdict` are printed in two columns at the
        right.
    unit : str
    columns : pair of str
        Headings of the two columns.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    data, ax = _start(data, ax, "group", "series", "series_label", "value", "low", "high", "published", "label", "verdict")
    y = _rows(data)
    first = max(text_width(ax, text, fontsize=8.5) for text in (columns[0], *data["label"])) + 10
    second = first + max(text_width(ax, text, fontsize=8.5) for text in (columns[1], *data["verdict"])) + 18

    def column(at, texts, **style):
        for right, text in zip((first, second), texts, strict=True):
            ax.annotate(
                text,
                (1, at),
                xycoords=ax.get_yaxis_transform(),
                xytext=(right, 0),
                textcoords="offset points",
                ha="right",
                va="center",
                annotation_clip=False,
                **style,
            )

    for row, at in zip(data.itertuples(), y, strict=True):
        found = not np.isnan(row.published)
        ax.plot(
            [row.low, row.high],
            [at, at],
            color=colour_of(row.series) if found else PALE,
            linewidth=8,
            alpha=0.45 if found else 0.7,
            solid_capstyle="butt",
            zorder=2,
        )
        ax.plot([row.value], [at], linestyle="none", marker="|", markersize=9, color=colour_of(row.series) if found else MUTED, zorder=3)
        if found:
            ax.plot([row.published], [at], linestyle="none", marker="D", markersize=5, color=COLOURS["published"], zorder=4)
        column(at, (row.label, row.verdict), color=INK if found else MUTED)
    _row_axis(ax, data, y, data["series_label"])
    if any(columns):
        column(y.max() + 1, columns, color=MUTED)
        ax.set_ylim(top=y.max() + 1.2)
    low, high = np.nanmin(data[["low", "published"]]), np.nanmax(data[["high", "published"]])
    margin = 0.08 * (high - low or 1)
    ax.set_xlim(min(0, low) - margin, high + margin)
    _value_axis(ax, unit)
    return ax


def rank_strip(data, *, unit="", ax=None):
    """Places on a line that has no end where the number ranked is unknown.

    Parameters
    ----------
    data : DataFrame
        ``group, series_label, value, out_of, label``; `out_of` is NaN where it is not printed.
    unit : str
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    data, ax = _start(data, ax, "group", "series_label", "value", "out_of", "label")
    y = _rows(data)
    farthest = max(data["value"].max(), data["out_of"].max() if data["out_of"].notna().any() else 0)
    for row, at in zip(data.itertuples(), y, strict=True):
        known = not np.isnan(row.out_of)
        end = row.out_of if known else farthest + 0.7
        ax.plot([1, end], [at, at], color=PALE, linewidth=1, linestyle="-" if known else (0, (1, 2)), zorder=1)
        if known:
            ax.plot([end], [at], linestyle="none", marker="|", markersize=9, color=MUTED, zorder=2)
        ax.plot([row.value], [at], linestyle="none", marker="o", markersize=13, color=COLOURS["qinyang"], zorder=3)
        ax.text(row.value, at, f"{row.value:g}", color=PAPER, ha="center", va="center_baseline", fontsize=8, fontweight="bold", zorder=4)
        ax.annotate(
            row.label,
            (1, at),
            xycoords=ax.get_yaxis_transform(),
            xytext=(8, 0),
            textcoords="offset points",
            va="center",
            color=MUTED,
            annotation_clip=False,
        )
    _row_axis(ax, data, y, data["series_label"])
    margin = 0.04 * farthest  # half a mark, where the places are many
    ax.set_xlim(1 - max(0.6, margin), farthest + max(1, margin))
    ax.set_xticks([])
    ax.set_xlabel(unit, loc="left")
    ax.spines["bottom"].set_visible(False)
    ax.grid(visible=False)
    return ax


def stated_matrix(data, *, ax=None):
    """What is stated and what is not: rows by columns, the value where it is stated.

    Parameters
    ----------
    data : DataFrame
        ``group`` (row), ``column``, ``label`` (empty where nothing is stated), both in order.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    data, ax = _start(data, ax, "group", "column", "label")
    rows, columns = list(dict.fromkeys(data["group"])), list(dict.fromkeys(data["column"]))
    stated = (
        data.assign(stated=data["label"].ne("").astype(float)).pivot(index="group", columns="column", values="stated").loc[rows, columns]
    )
    import seaborn as sns

    sns.heatmap(stated, cmap=["#E9E9E9", "#F5D9D3"], vmin=0, vmax=1, cbar=False, linewidths=2, linecolor=PAPER, ax=ax)
    for row in data.itertuples():
        at = (columns.index(row.column) + 0.5, rows.index(row.group) + 0.5)
        ax.text(*at, row.label or "–", ha="center", va="center", color=INK if row.label else MUTED)
    ax.set(xlabel="", ylabel="")
    ax.xaxis.tick_top()
    ax.tick_params(axis="x", labelcolor=INK, labelsize=8.5, rotation=0)
    ax.tick_params(axis="y", rotation=0)
    for tick in ax.get_xticklabels():
        tick.set_verticalalignment("baseline")
    ax.spines["bottom"].set_visible(False)
    ax.grid(visible=False)
    return ax


def _qualified(ax, x, y, series, qualifier, size=9):
    """A tick for a point, an arrow for a bound, a tilde for a soft value."""
    colour = colour_of(series)
    if qualifier in ("at_least", "more_than", "at_most"):
        sign = -1 if qualifier == "at_most" else 1
        ax.plot([x], [y], linestyle="none", marker="|", markersize=size, color=colour, markeredgewidth=1.8, zorder=4)
        ax.annotate("", (x, y), xytext=(sign * 20, 0), textcoords="offset points", annotation_clip=False, zorder=4,
                    arrowprops={"arrowstyle": "<|-", "color": colour, "linewidth": 1.3, "shrinkA": 0, "shrinkB": 0, "mutation_scale": 8})  # fmt: skip
        return 24 * sign if sign > 0 else 0
    ax.plot(
        [x],
        [y],
        linestyle="none",
        marker=wave() if qualifier == "about" else "|",
        markersize=size + 1,
        color=colour,
        markerfacecolor="none",
        markeredgewidth=1.8,
        zorder=4,
    )
    return 0


def dumbbell(data, *, unit="", ax=None):
    """From one value to another per row, the second marked by its qualifier.

    Parameters
    ----------
    data : DataFrame
        ``group, value, low, high, label, to, to_label, qualifier``.
    unit : str
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    data, ax = _start(data, ax, "group", "value", "low", "high", "label", "to", "to_label", "qualifier")
    y = -np.arange(len(data), dtype=float)
    for row, at in zip(data.itertuples(), y, strict=True):
        ax.plot([row.value, row.to], [at, at], color=PALE, linewidth=2.2, zorder=1)
        _whisker(ax, row.low, row.high, at, "qinyang")
        _mark(ax, row.value, at, "qinyang")
        extra = _qualified(ax, row.to, at, "target", row.qualifier)
        rising = row.to >= row.value
        _label(
            ax,
            row.low if rising else row.high,
            at,
            row.label,
            dx=-8 if rising else 8,
            ha="right" if rising else "left",
            color=COLOURS["qinyang"],
            fontweight="bold",
        )
        beside = {"dx": 8 + extra} if rising else {"dx": 0, "dy": 12, "ha": "center"}
        _label(ax, row.to, at, row.to_label, color=COLOURS["target"], **beside)
    _row_axis(ax, data, y, data["group"])
    low, high = data[["low", "to"]].min().min(), data[["high", "to"]].max().max()
    ax.set_xlim(min(0, low) - 0.03 * high, high + 0.16 * (high - min(0, low)))
    _value_axis(ax, unit)
    return ax


def ladder(data, *, unit="", ax=None):
    """Rungs: the same measure at each level of government, side by side per group.

    Parameters
    ----------
    data : DataFrame
        ``group, series, series_label, value, label, qualifier``; in the order of the levels.
    unit : str
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    data, ax = _start(data, ax, "group", "series", "series_label", "value", "label", "qualifier")
    new = data["group"].ne(data["group"].shift()).to_numpy()
    x = np.arange(len(data)) + 0.8 * (np.cumsum(new) - 1)
    for row, at in zip(data.itertuples(), x, strict=True):
        ax.plot([at - 0.38, at + 0.38], [row.value, row.value], color=colour_of(row.series), linewidth=3.5, solid_capstyle="butt", zorder=3)
        ax.vlines(at, 0, row.value, color="#D9D9D9", linewidth=0.8, zorder=1)
        sign = {"at_least": "↑ ", "more_than": "↑ ", "about": "~ ", "at_most": "↓ "}.get(row.qualifier, "")
        _label(
            ax,
            at,
            row.value,
            sign + row.label,
            dx=0,
            dy=5,
            ha="center",
            va="bottom",
            fontweight="bold" if row.series == "qinyang" else "normal",
        )
    ax.set_xticks(x, data["series_label"])
    ax.tick_params(axis="x", labelcolor=INK)
    ax.set_xlim(x.min() - 0.7, x.max() + 0.7)
    ax.set_ylim(min(0, data["value"].min()), data["value"].max() * 1.18)
    for name in data["group"][new]:
        ax.text(x[data["group"] == name].mean(), ax.get_ylim()[1], name, ha="center", va="bottom", fontweight="bold")
    ax.grid(axis="x", visible=False)
    ax.set_yticks([])
    ax.set_xlabel(unit, loc="right")
    return ax


def bullet(data, *, unit="", ax=None):
    """A value as a bar from zero, with its target as a tick and the scale's end as the frame.

    Parameters
    ----------
    data : DataFrame
        ``group, value, label, target, target_label, end, end_label``; `target` and `end` may be NaN.
    unit : str
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    data, ax = _start(data, ax, "group", "value", "label", "target", "target_label", "end", "end_label")
    for at, row in zip(-np.arange(len(data), dtype=float), data.itertuples(), strict=True):
        if not np.isnan(row.end):
            ax.barh(at, row.end, height=0.5, color="#EBEBEB", zorder=1)
            _label(ax, row.end, at, row.end_label, color=MUTED)
        ax.barh(at, row.value, height=0.22, color=COLOURS["qinyang"], zorder=2)
        if not np.isnan(row.target):
            ax.plot(
                [row.target, row.target], [at - 0.25, at + 0.25], color=COLOURS["target"], linewidth=2.4, solid_capstyle="butt", zorder=3
            )
            _label(ax, row.target, at - 0.25, row.target_label, dx=0, dy=-3, ha="center", va="top", color=COLOURS["target"])
        _label(ax, row.value, at + 0.25, row.label, dx=0, dy=3, ha="center", va="bottom", color=COLOURS["qinyang"], fontweight="bold")
    ax.set_yticks(-np.arange(len(data)), data["group"])
    ax.set_ylim(-len(data) + 0.4, 0.6)
    high = np.nanmax(data[["value", "target", "end"]])
    ax.set_xlim(0, high * 1.08)
    ax.grid(axis="y", visible=False)
    _value_axis(ax, unit)
    return ax


def bars_with_bounds(data, *, unit="", ax=None):
    """Bars from zero with rounding whiskers; a bound is an open bar with an arrow.

    Parameters
    ----------
    data : DataFrame
        ``group, series, value, low, high, label, qualifier``; `high` may be infinite.
    unit : str
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    data, ax = _start(data, ax, "group", "series", "value", "low", "high", "label", "qualifier")
    y = -np.arange(len(data), dtype=float)
    largest, height = data["value"].abs().max(), min(0.55, 0.2 * len(data))  # a bar alone is no wall
    for row, at in zip(data.itertuples(), y, strict=True):
        bound = row.qualifier in ("at_least", "more_than", "at_most")
        colour = colour_of(row.series)
        ax.barh(at, row.value, height=height, color="none" if bound else colour, edgecolor=colour, linewidth=1.2, zorder=2)
        extra = 0
        if row.qualifier == "at_most":  # the arrow ends at zero, short of the name
            ax.annotate("", (row.value, at), xytext=(max(0, row.value - 0.04 * largest), at), annotation_clip=False, zorder=4,
                        arrowprops={"arrowstyle": "<|-", "color": colour, "linewidth": 1.3, "shrinkA": 0, "shrinkB": 0, "mutation_scale": 8})  # fmt: skip
        elif bound:
            extra = _qualified(ax, row.value, at, row.series, row.qualifier)
        elif row.high - row.low > 0.015 * largest:  # a shorter whisker would be a speck
            ax.plot([row.low, row.high], [at, at], color=INK, linewidth=WHISKER, zorder=3)
        _label(ax, max(row.value, 0) if bound else max(row.high, 0), at, row.label, dx=8 + extra)
    _row_axis(ax, data, y, data["group"])
    low = min(0, data["value"].min())
    ax.set_xlim(low, data["value"].max() + 0.2 * (data["value"].max() - low))
    _value_axis(ax, unit)
    return ax
