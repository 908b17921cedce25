"""The only place that saves: one chart in, every file of it out, each carrying its own source."""

import base64
import csv
import html
import io
import json
import re
from bisect import bisect_right
from functools import cache
from pathlib import Path

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Annotation, Text
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from . import style
from .files import write_atomically
from .prose import LANGUAGES
from .story import Chart as Chart

FIGURES = Path(__file__).resolve().parents[2] / "figures"
FORMATS = ("png", "svg", "pdf")
LICENCE = "CC BY 4.0"
ALT_LIMIT = 250
MARGIN = 0.025
OUTLINE_STEP = 8
# What a spreadsheet would take for a formula: a sign is one, but for that of a plain number.
FORMULA = re.compile(r"[=@\t\r]|[+-](?![0-9.,]+%?$)")
# Text that a line must not break inside: a number and its unit.
_KEEP = re.compile(r"[0-9][0-9.,]*\s?(?:%|个百分点|[万亿]+[元亩户人斤吨]?|[年月日位个家项])|作者计算。")


class ExportError(Exception):
    """A chart that must not leave the project, or cannot be written."""


def localised(rows, lang):
    """Rows with the columns of one language under their plain names."""
    other = [c for c in rows if any(c.endswith(f"_{x}") for x in LANGUAGES if x != lang)]
    return rows.drop(columns=other).rename(columns=lambda c: c.removesuffix(f"_{lang}"))


def _localised_options(options, lang):
    own = {k.removesuffix(f"_{lang}"): v for k, v in options.items() if k.endswith(f"_{lang}")}
    return own | {k: v for k, v in options.items() if not k.endswith(tuple(f"_{x}" for x in LANGUAGES))}


def _check(chart):
    if len(chart.rows) == 0:
        raise ExportError(f"{chart.name}: nothing to draw, the selection is empty")
    for part in ("title", "subtitle", "alt", "source", "caveats"):
        for lang in LANGUAGES:
            if lang not in getattr(chart, part):
                raise ExportError(f"{chart.name}: the {part} has no text in '{lang}': write it")
    for lang in LANGUAGES:
        for text in (chart.title[lang], chart.subtitle[lang], chart.alt[lang], chart.source[lang]):
            if not text.strip():
                raise ExportError(f"{chart.name}: an empty text in '{lang}'")
        if len(chart.alt[lang]) > ALT_LIMIT:
            raise ExportError(f"{chart.name}: alt text of {len(chart.alt[lang])} characters in '{lang}', at most {ALT_LIMIT}")
    for cell in chart.rows.to_numpy().ravel():
        if isinstance(cell, str) and FORMULA.match(cell):
            raise ExportError(f"{chart.name}: '{cell}' would be a formula in a spreadsheet: write it as words")
    paired = {c.rsplit("_", 1)[0] for c in (*chart.rows, *chart.options) if c.endswith(tuple(f"_{x}" for x in LANGUAGES))}
    for stem in paired:
        lacking = [x for x in LANGUAGES if f"{stem}_{x}" not in (*chart.rows, *chart.options)]
        if lacking:
            raise ExportError(f"{chart.name}: '{stem}' has no text in '{lacking[0]}': write it")


def wrap(text, width, measure):
    """Break a text into lines by the Unicode line breaking rules, never between number and unit.

    Parameters
    ----------
    text : str
    width : float
        Room for a line, in the unit of `measure`.
    measure : callable
        Text to width.

    Returns
    -------
    str
        The lines, joined by line ends.
    """
    if measure(text) <= width:
        return text
    from uniseg.linebreak import line_break_units

    kept = {i for m in _KEEP.finditer(text) for i in range(m.start() + 1, m.end())}
    pieces, at = [], 0
    for unit in line_break_units(text):
        if at in kept and pieces:
            pieces[-1] += unit
        else:
            pieces.append(unit)
        at += len(unit)
    lines = []
    while pieces:
        fitting = bisect_right(range(1, len(pieces)), width, key=lambda n: measure("".join(pieces[: n + 1]).rstrip()))
        lines.append("".join(pieces[: fitting + 1]).rstrip())
        del pieces[: fitting + 1]
    return "\n".join(lines)


def draw(chart, lang):
    """Draw a chart with its frame: title, subtitle, key, the form, source.

    Returns
    -------
    Figure
        Laid out once; its layout engine is off.

    Raises
    ------
    ExportError
        If a character has no glyph, or a text is clipped or overlaps another.
    """
    rows, options = localised(chart.rows, lang), _localised_options(chart.options, lang)
    cells = [str(cell) for column in rows for cell in rows[column]]
    _check_glyphs(chart, [chart.title[lang], chart.subtitle[lang], chart.source[lang], *(n[lang] for _, n in chart.key), *cells])
    fig = Figure()
    FigureCanvasAgg(fig)
    height, width = fig.get_figheight() * 72, fig.get_figwidth() * 72
    renderer = fig._get_renderer()

    def text(at, words, size, **kwargs):
        artist = fig.text(MARGIN, at, words, fontsize=size, va="top", linespacing=1.25, **kwargs)
        room = width * (1 - 2 * MARGIN)

        def measure(line):
            artist.set_text(line)
            return artist.get_window_extent(renderer).width * 72 / fig.dpi

        artist.set_text(wrap(words, room, measure))
        return artist, artist.get_window_extent(renderer).height * 72 / fig.dpi

    fig.add_artist(
        Rectangle((MARGIN, 1 - 6 / height), 30 / width, 6 / height, color=style.COLOURS["qinyang"], linewidth=0, transform=fig.transFigure)
    )
    _, tall = text(1 - 15 / height, chart.title[lang], 14, fontweight="bold")
    top = 15 + tall + 6
    _, tall = text(1 - top / height, chart.subtitle[lang], 9, color=style.MUTED)
    top += tall + 8
    if chart.key:
        _draw_key(fig, chart.key, lang, 1 - top / height, width, renderer)
        top += 18
    foot, tall = text(0, chart.source[lang], 6.8, color=style.MUTED)
    foot.set_y((tall + 9) / height)
    bottom = tall + 15
    if top + bottom >= height:
        raise ExportError(f"{chart.name} ({lang}): title, subtitle and source leave no room for the chart: shorten them")
    ax = fig.add_subplot()
    fig.set_layout_engine(
        "constrained", rect=(MARGIN, bottom / height, 1 - 2 * MARGIN, 1 - (top + bottom) / height), h_pad=0.02, w_pad=0.02
    )
    chart.form(rows, ax=ax, **options)
    try:
        fig.draw_without_rendering()
        faults = layout_faults(fig)
    except UserWarning as warning:  # the names leave no room for the chart, or a glyph is missing
        faults = [str(warning)]
    fig.set_layout_engine("none")
    if faults:
        raise ExportError(f"{chart.name} ({lang}): " + "; ".join(faults))
    return fig


def _draw_key(fig, key, lang, at, width, renderer):
    x = MARGIN
    for series, names in key:
        fig.add_artist(
            Line2D(
                [x + 4 / width],
                [at - 5.5 / (fig.get_figheight() * 72)],
                marker="s",
                markersize=7,
                color=style.colour_of(series),
                linestyle="none",
                transform=fig.transFigure,
            )
        )
        artist = fig.text(x + 12 / width, at, names[lang], fontsize=8.5, va="top")
        x += 26 / width + artist.get_window_extent(renderer).width / fig.dpi * 72 / width


def _texts(fig):
    beyond = set()
    for axis in (axis for ax in fig.axes for axis in (ax.xaxis, ax.yaxis)):
        low, high = sorted(axis.get_view_interval())
        beyond |= {label for tick in axis.get_major_ticks() if not low <= tick.get_loc() <= high for label in (tick.label1, tick.label2)}
    for artist in fig.findobj(Text):
        if artist.get_visible() and artist.get_text().strip() and artist not in beyond:
            yield artist


def _check_glyphs(chart, texts):
    known = style.characters()
    for text in texts:
        missing = sorted({c for c in text if ord(c) not in known and c != "\n"})
        if missing:
            raise ExportError(f"{chart.name}: the font has no glyph for {' '.join(missing)} in '{text}': run make fonts")


def layout_faults(fig):
    """Texts that are clipped by the canvas, or overlap another text or a mark.

    Parameters
    ----------
    fig : Figure
        Already laid out.

    Returns
    -------
    list of str
    """
    renderer = fig._get_renderer()
    canvas = fig.bbox
    boxes = [
        (
            a.get_text().replace("\n", " "),
            a.get_window_extent(renderer) if not isinstance(a, Annotation) else Text.get_window_extent(a, renderer),
        )
        for a in _texts(fig)
    ]
    faults = [
        f"'{text}' is clipped"
        for text, box in boxes
        if box.x0 < canvas.x0 or box.y0 < canvas.y0 or box.x1 > canvas.x1 or box.y1 > canvas.y1
    ]
    slack = 1.5
    for i, (text, box) in enumerate(boxes):
        for other, second in boxes[i + 1 :]:
            if box.x0 + slack < second.x1 and second.x0 + slack < box.x1 and box.y0 + slack < second.y1 and second.y0 + slack < box.y1:
                faults.append(f"'{text}' overlaps '{other}'")
    for ax in fig.axes:
        for line in ax.lines:
            if line.get_marker() in ("None", "", None) or line.get_markersize() > 11:
                continue
            half = line.get_markersize() / 72 * fig.dpi / 2 - slack
            for x, y in ax.transData.transform(line.get_xydata()):
                faults += [
                    f"a mark covers '{t}'"
                    for t, b in boxes
                    if b.x0 < x + half and x - half < b.x1 and b.y0 + slack < y + half and y - half < b.y1 - slack
                ]
    return faults


def _render(chart, lang):
    """Bytes of one chart in one language, by format."""
    title, alt, source = chart.title[lang], chart.alt[lang], chart.source[lang]
    # No dates and no versions of programs: the same rows give the same bytes.
    svg = {"Title": title, "Description": alt, "Source": source, "Rights": LICENCE, "Language": lang, "Date": None, "Creator": None}
    pdf = {"Title": title, "Subject": alt, "Keywords": source, "CreationDate": None, "Creator": None, "Producer": None}
    with style.house_style():
        fig = draw(chart, lang)
        return {
            "png": _png(fig, _png_metadata(chart, lang)),
            "svg": _accessible(_saved(FigureCanvasSVG(fig).print_svg, svg), alt, lang),
            "pdf": _saved(FigureCanvasPdf(fig).print_pdf, pdf),
        }


def _png_metadata(chart, lang):
    return {"Title": chart.title[lang], "Description": chart.alt[lang], "Source": chart.source[lang], "Copyright": LICENCE}


def _saved(write, metadata):
    """Bytes that a canvas writes; `Figure.savefig` would draw once more, for a layout that is already made."""
    buffer = io.BytesIO()
    write(buffer, metadata=metadata)
    return buffer.getvalue()


def _png(fig, metadata):
    """PNG with a palette of 64 colours: a third of the size, no visible difference on flat charts."""
    fig.canvas.draw()
    image = Image.frombuffer("RGBA", fig.canvas.get_width_height(), fig.canvas.buffer_rgba()).convert("RGB")
    info = PngInfo()
    for key, text in metadata.items():
        info.add_itxt(key, text)
    buffer = io.BytesIO()
    image = image.quantize(64, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    palette, paper = image.getpalette(), image.getpixel((0, 0))
    palette[3 * paper : 3 * paper + 3] = [255] * 3  # averaging leaves the paper one step darker, a grey box on a white slide
    image.putpalette(palette)
    image.save(buffer, "png", pnginfo=info, dpi=(fig.dpi, fig.dpi), optimize=True)
    return buffer.getvalue()


@cache
def _relative(outline):
    """An outline to 1/800 of its height (matplotlib writes 1/6400), each point counted from the one before: half the size."""
    x = y = 0
    start, parts = (0, 0), []
    for command, arguments in re.findall(r"([MLQz])([^MLQz]*)", outline):
        numbers = [round(int(n) / OUTLINE_STEP) for n in arguments.split()]
        steps = [n - (y if i % 2 else x) for i, n in enumerate(numbers)]
        step = command.lower() + re.sub(r" (?=-)", "", " ".join(map(str, steps)))
        parts.append(re.sub(r"^l0 ?(-?\d+)$", r"v\1", re.sub(r"^l(-?\d+) 0$", r"h\1", step)))
        x, y = numbers[-2:] if numbers else start
        start = (x, y) if command == "M" else start
    return "".join(parts)


def _accessible(svg, alt, lang):
    """Give an SVG what assistive software reads (role, language, title, description) and drop idle spaces."""
    glyphs = style.FAMILY.replace(" ", "")
    pattern = rf'(<path id="{glyphs}-[^"]*" d=)"([^"]*)" transform="scale\(0\.015625\)"'
    scale = 0.015625 * OUTLINE_STEP
    text = re.sub(pattern, lambda path: f'{path.group(1)}"{_relative(path.group(2))}" transform="scale({scale})"', svg.decode())
    text = re.sub(r"\n\s+(?=<)", "\n", re.sub(r"<!--.*?-->", "", text))
    # Numbered by appearance: the font's own numbers change whenever a character is added to it.
    names = {name: f"g{n}" for n, name in enumerate(dict.fromkeys(re.findall(rf'<path id="({glyphs}-[^"]*)"', text)))}
    text = re.sub(rf'(?<=")(#?)({glyphs}-[^"]*)(?=")', lambda use: use.group(1) + names.get(use.group(2), use.group(2)), text)
    title = re.search(r"<title>.*?</title>", text, re.S)
    text = text.replace(title.group(), "", 1) if title else text
    head = f' role="img" xml:lang="{lang}" aria-labelledby="title desc"'
    name = title.group()[7:-8].strip() if title else ""
    opening = f'>\n <title id="title">{name}</title>\n <desc id="desc">{html.escape(alt)}</desc>'
    return re.sub(r"(<svg [^>]*?)>", lambda m: m.group(1) + head + opening, text, count=1).encode()


def _rows_csv(chart):
    buffer = io.StringIO()
    chart.rows.to_csv(buffer, index=False, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
    return buffer.getvalue().encode()


def long_description(chart, lang):
    """All values of a chart, one row a sentence."""
    parts = []
    for row in localised(chart.rows, lang).to_dict("records"):
        names = [str(row[c]) for c in ("group", "step", "column", "series_label") if row.get(c)]
        values = [str(row[c]) for c in ("label", "to_label", "target_label", "verdict") if row.get(c)]
        parts.append({"en": ": ", "zh": "："}[lang].join([{"en": ", ", "zh": "，"}[lang].join(dict.fromkeys(names)), " ".join(values)]))
    return {"en": "; ".join(parts) + ".", "zh": "；".join(parts) + "。"}[lang].replace("\u00a0", " ")


def _card(chart, stem, cite):
    both = lambda part: {lang: getattr(chart, part)[lang] for lang in LANGUAGES}  # noqa: E731
    card = {
        "name": stem,
        "title": both("title"),
        "subtitle": both("subtitle"),
        "alt": both("alt"),
        "description": {lang: long_description(chart, lang) for lang in LANGUAGES},
        "figure_ids": chart.figure_ids,
        "formulas": chart.formulas,
        "caveats": both("caveats"),
        "source": both("source"),
        "licence": LICENCE,
        "cite": {lang: cite[lang] for lang in LANGUAGES} if cite else {},
        "files": [f"{stem}-{lang}.{kind}" for lang in LANGUAGES for kind in FORMATS] + [f"{stem}.csv"],
    }
    return (json.dumps(card, ensure_ascii=False, indent=1) + "\n").encode()


def export(chart, notebook, *, cite=None, folder=FIGURES):
    """Write every file of a chart: PNG, SVG and PDF in both languages, rows and card.

    Parameters
    ----------
    chart : Chart
    notebook : str
        Stem of the notebook, which begins the file names.
    cite : dict of str to str, optional
        How to cite by language, for the card.
    folder : Path

    Returns
    -------
    str
        Stem of the files.

    Raises
    ------
    ExportError
        Before anything is written, if the chart is not fit to leave.
    """
    _check(chart)
    stem = f"{notebook}-{chart.name}"
    contents = {f"{stem}-{lang}.{kind}": data for lang in LANGUAGES for kind, data in _render(chart, lang).items()}
    contents |= {f"{stem}.csv": _rows_csv(chart), f"{stem}.json": _card(chart, stem, cite)}
    write_atomically(folder, contents)
    return stem


def saved_figure(stem, lang, *, folder=FIGURES):
    """HTML that shows the saved PNG, with its alt text, as a reader will share it.

    Returns
    -------
    str
        A ``figure`` element; the image is the bytes of the file.
    """
    alt = json.loads((folder / f"{stem}.json").read_text(encoding="utf-8"))["alt"][lang]
    return _figure_html((folder / f"{stem}-{lang}.png").read_bytes(), alt, lang, f"figures/{stem}-{lang}.png")


def picture(chart, lang):
    """HTML that shows a chart which is not saved, with its alt text.

    Returns
    -------
    str
        A ``figure`` element; the image is that which `export` would write.

    Raises
    ------
    ExportError
        If the chart is not fit to be shown.
    """
    _check(chart)
    with style.house_style():
        return _figure_html(_png(draw(chart, lang), _png_metadata(chart, lang)), chart.alt[lang], lang)


def _figure_html(png, alt, lang, caption=""):
    figure, below = (f'<figure lang="{lang}">', f"<figcaption>{caption}</figcaption>") if caption else (f'<figure lang="{lang}" style="margin:0">', "")
    image = f'<img src="data:image/png;base64,{base64.b64encode(png).decode()}" alt="{html.escape(alt)}" style="width:100%;max-width:800px">'
    return f"{figure}{image}{below}</figure>"
