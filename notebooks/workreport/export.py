"""The only place that saves: one chart in, every file of it out, each carrying its own source."""

import hashlib
import html
import io
import itertools
import json
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from . import sources, style
from .files import chart_stem, frame_csv, write_atomically
from .lines import wrap
from .words import LANGUAGES

FIGURES = Path(__file__).resolve().parents[2] / "figures"
LICENCE = "CC BY 4.0"
ALT_LIMIT = 250
MARGIN = 0.03
OUTLINE_STEP = 8
# What a spreadsheet would take for a formula: a sign is one, but for that of a plain number.
FORMULA = re.compile(r"[=@\t\r]|[+-](?![0-9.,]+%?$)")


class ExportError(Exception):
    """A chart that must not leave the project, or cannot be written."""


@dataclass
class Chart:
    """What is drawn and what is said about it, in both languages.

    Parameters
    ----------
    name : str
        Last part of the file stem.
    plot : callable
        Draws it: takes the Axes and the language.
    rows : DataFrame
        What is drawn, for the CSV.
    description : dict of str to str
        All values in words, by language.
    title, subtitle, alt, source : dict of str to str
        By language.
    figure_ids : list of str
    key : list of (str, dict)
        Colour and name by language, for charts whose parts cannot be named directly.
    formulas : dict of str to str
        Derived value to formula.
    caveats : dict of str to list of str
    kept : collection of str
        Names that no line may break inside.
    """

    name: str
    plot: callable
    rows: pd.DataFrame
    description: dict
    title: dict
    subtitle: dict
    alt: dict
    source: dict
    figure_ids: list
    key: list = field(default_factory=list)
    formulas: dict = field(default_factory=dict)
    caveats: dict = field(default_factory=lambda: {lang: [] for lang in LANGUAGES})
    kept: tuple = ()

    def caption(self, lang):
        """What to write under it in a language: the finding, the measure, offices, date and licence."""
        return sources.caption(self.title[lang], self.subtitle[lang], self.source[lang], lang)


def _check(chart):
    if len(chart.rows) == 0:
        raise ExportError(f"{chart.name}: nothing to draw, the selection is empty")
    for part in ("title", "subtitle", "alt", "source", "caveats"):
        for lang in LANGUAGES:
            said = getattr(chart, part)
            if lang not in said:
                raise ExportError(f"{chart.name}: the {part} has no text in '{lang}': write it")
            if part != "caveats" and not said[lang].strip():
                raise ExportError(f"{chart.name}: an empty text in '{lang}'")
    for lang in LANGUAGES:
        if len(chart.alt[lang]) > ALT_LIMIT:
            raise ExportError(f"{chart.name}: alt text of {len(chart.alt[lang])} characters in '{lang}', at most {ALT_LIMIT}")
    for cell in chart.rows.to_numpy().ravel():
        if isinstance(cell, str) and FORMULA.match(cell):
            raise ExportError(f"{chart.name}: '{cell}' would be a formula in a spreadsheet: write it as words")


def draw(chart, lang, shape=style.LANDSCAPE):
    """Draw a chart with its frame: title, subtitle, key, the form, source.

    Parameters
    ----------
    chart : Chart
    lang : {"en", "zh"}
    shape : Shape
        That of the house style it is drawn in.

    Returns
    -------
    Figure
        Laid out once; its layout engine is off.

    Raises
    ------
    ExportError
        If a character has no glyph, a text is clipped, runs into the margin or overlaps another, or the title is too long.
    """
    where = f"{chart.name} ({lang}{', ' + shape.name if shape.name else ''})"
    _check_glyphs(chart, [chart.title[lang], chart.subtitle[lang], chart.source[lang], *(n[lang] for _, n in chart.key)])
    fig = Figure()
    FigureCanvasAgg(fig)
    height, width = fig.get_figheight() * 72, fig.get_figwidth() * 72
    renderer = fig._get_renderer()

    def text(at, words, size, **kwargs):
        artist = fig.text(MARGIN, at, words, fontsize=size, va="top", linespacing=1.22, **kwargs)

        def measure(line):
            artist.set_text(line)
            return artist.get_window_extent(renderer).width * 72 / fig.dpi

        artist.set_text(wrap(words, width * (1 - 2 * MARGIN), measure, (*chart.kept, LICENCE)))
        return artist, artist.get_window_extent(renderer).height * 72 / fig.dpi

    title, tall = text(1 - 12 / height, chart.title[lang], shape.title, fontweight="bold")
    if title.get_text().count("\n") >= shape.lines:
        raise ExportError(f"{where}: the title takes more than {shape.lines} lines: shorten “{chart.title[lang]}”")
    top = 12 + tall + 5
    _, tall = text(1 - top / height, chart.subtitle[lang], shape.subtitle, color=style.MUTED)
    top += tall + 8
    if chart.key:
        top += _draw_key(fig, chart.key, lang, 1 - top / height, shape, renderer) + 6
    foot, tall = text(0, chart.source[lang], shape.source, color=style.MUTED)
    foot.set_y((tall + 8) / height)
    bottom = tall + 15
    fig.add_artist(Line2D([MARGIN, 1 - MARGIN], [(tall + 12.5) / height] * 2, color=style.PALE, linewidth=0.8, transform=fig.transFigure))
    if top + bottom >= 0.85 * height:
        raise ExportError(f"{where}: title, subtitle and source leave no room for the chart: shorten them")
    ax = fig.add_subplot()
    rect = (MARGIN, bottom / height, 1 - 2 * MARGIN, 1 - (top + bottom) / height)
    fig.set_layout_engine("constrained", rect=rect, h_pad=0.02, w_pad=0.02)
    try:
        chart.plot(ax, lang)
        fig.draw_without_rendering()
        faults = layout_faults(fig)
    except UserWarning as warning:  # the names leave no room for the chart, or a glyph is missing
        faults = [str(warning)]
    fig.set_layout_engine("none")
    if faults:
        raise ExportError(f"{where}: {'; '.join(faults)}: shorten the text, or the name of an indicator by its label_en or label_zh in data/indicators.csv")
    return fig


def _draw_key(fig, key, lang, at, shape, renderer):
    """Colours and names in lines; returns their height in points."""
    width, height = fig.get_figwidth() * 72, fig.get_figheight() * 72
    x, line = MARGIN * width, 0
    for colour, names in key:
        artist = fig.text(0, 0, names[lang], fontsize=shape.base, va="top")
        wide = artist.get_window_extent(renderer).width * 72 / fig.dpi
        if x + 14 + wide > width * (1 - MARGIN):
            x, line = MARGIN * width, line + 1
        y = at - line * shape.base * 1.5 / height
        artist.set_position(((x + 13) / width, y))
        square = Rectangle((x / width, y - shape.base * 0.95 / height), 9 / width, 9 / height, color=colour, linewidth=0, transform=fig.transFigure)
        fig.add_artist(square)
        x += wide + 26
    return (line + 1) * shape.base * 1.5


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
    """Texts that are clipped by the canvas, run into its margin, or overlap another text or a mark.

    Parameters
    ----------
    fig : Figure
        Already laid out.

    Returns
    -------
    list of str
    """
    renderer, slack = fig._get_renderer(), 1.5
    boxes = [(a.get_text().replace("\n", " "), Text.get_window_extent(a, renderer)) for a in _texts(fig)]  # without arrows
    faults, margin = [], MARGIN * fig.bbox.width - 2 * slack
    for text, box in boxes:
        if box.x0 < fig.bbox.x0 or box.y0 < fig.bbox.y0 or box.x1 > fig.bbox.x1 or box.y1 > fig.bbox.y1:
            faults.append(f"'{text}' is clipped")
        elif box.x0 < fig.bbox.x0 + margin or box.x1 > fig.bbox.x1 - margin:
            faults.append(f"'{text}' runs into the margin")
    for (text, box), (other, second) in itertools.combinations([(text, box.padded(-slack / 2)) for text, box in boxes], 2):
        if box.overlaps(second):
            faults.append(f"'{text}' overlaps '{other}'")
    lower = [(text, box.padded(0, -slack)) for text, box in boxes]
    for line in (line for ax in fig.axes for line in ax.lines):
        if line.get_marker() in ("None", "", None) or line.get_markersize() > 11:
            continue
        half = line.get_markersize() / 72 * fig.dpi / 2 - slack
        for x, y in line.axes.transData.transform(line.get_xydata()):
            mark = Bbox.from_extents(x - half, y - half, x + half, y + half)
            faults += [f"a mark covers '{text}'" for text, box in lower if mark.overlaps(box)]
    return faults


def _render(chart, lang):
    """Bytes of one chart in one language, by the ending of the file's name, and how much of its height title and source take."""
    title, alt, source = chart.title[lang], chart.alt[lang], chart.source[lang]
    # No dates and no versions of programs: the same rows give the same bytes.
    svg = {"Title": title, "Description": alt, "Source": source, "Rights": LICENCE, "Language": lang, "Date": None, "Creator": None}
    pdf = {"Title": title, "Subject": alt, "Keywords": source, "CreationDate": None, "Creator": None, "Producer": None}
    made = {}
    for shape in style.SHAPES:
        with style.house_style(shape):
            fig = draw(chart, lang, shape)
            made[f"{lang}{'-' + shape.name if shape.name else ''}.png"] = _png(fig, _png_metadata(chart, lang))
            if shape is style.LANDSCAPE:
                taken = {"title": round(1 - fig.texts[1].get_position()[1], 4), "source": round(next(a for a in fig.artists if isinstance(a, Line2D)).get_ydata()[0], 4)}
                made[f"{lang}.svg"] = _accessible(_saved(FigureCanvasSVG(fig).print_svg, svg), chart.name, alt, lang)
                made[f"{lang}.pdf"] = _saved(FigureCanvasPdf(fig).print_pdf, pdf)
    return made, taken


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
    image.save(buffer, "png", pnginfo=info, dpi=(fig.dpi, fig.dpi), compress_level=6)
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


def _accessible(svg, name, alt, lang):
    """Give an SVG what assistive software reads (role, language, title, description) and drop idle spaces."""
    glyphs = style.FAMILY.replace(" ", "")
    pattern = rf'<path id="({glyphs}-[^"]*)" d="([^"]*)" transform="scale\(0\.015625\)"'
    scale, names = 0.015625 * OUTLINE_STEP, {}

    def outline(path):
        shorter = _relative(path.group(2))
        # Named by its outline: two pictures in one web page share an id only where they share the shape.
        names[path.group(1)] = "g" + hashlib.sha256(shorter.encode()).hexdigest()[:8]
        return f'<path id="{path.group(1)}" d="{shorter}" transform="scale({scale})"'

    text = re.sub(pattern, outline, svg.decode())
    text = re.sub(r"\n\s+(?=<)", "\n", re.sub(r"<!--.*?-->", "", text))
    text = re.sub(rf'(?<=")(#?)({glyphs}-[^"]*)(?=")', lambda use: use.group(1) + names.get(use.group(2), use.group(2)), text)
    title = re.search(r"<title>.*?</title>", text, re.S)
    text = text.replace(title.group(), "", 1) if title else text
    own = f"{name}-{lang}"
    head = f' role="img" xml:lang="{lang}" aria-labelledby="title-{own} desc-{own}"'
    said = title.group()[7:-8].strip() if title else ""
    opening = f'>\n <title id="title-{own}">{said}</title>\n <desc id="desc-{own}">{html.escape(alt)}</desc>'
    return re.sub(r"(<svg [^>]*?)>", lambda m: m.group(1) + head + opening, text, count=1).encode()


def _card(chart, stem, cite, heights):
    both = lambda part: {lang: getattr(chart, part)[lang] for lang in LANGUAGES}  # noqa: E731
    card = {
        "name": stem, "title": both("title"), "subtitle": both("subtitle"), "heights": heights, "alt": both("alt"),
        "description": chart.description, "figure_ids": chart.figure_ids, "formulas": chart.formulas,
        "caveats": both("caveats"), "source": both("source"), "licence": LICENCE,
        "cite": {lang: cite[lang] for lang in LANGUAGES} if cite else {},
        "files": [f"{stem}-{lang}{ending}" for lang in LANGUAGES for ending in style.ENDINGS] + [f"{stem}.csv"],
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
    stem = chart_stem(notebook, chart.name)
    drawn = {lang: _render(chart, lang) for lang in LANGUAGES}
    contents = {f"{stem}-{ending}": data for made, _ in drawn.values() for ending, data in made.items()}
    contents |= {f"{stem}.csv": frame_csv(chart.rows), f"{stem}.json": _card(chart, stem, cite, {lang: taken for lang, (_, taken) in drawn.items()})}
    write_atomically(folder, contents)
    return stem


def png(chart, lang, shape=style.LANDSCAPE):
    """Bytes of the PNG of a chart in one language, as `export` would write them.

    Raises
    ------
    ExportError
        If the chart is not fit to be shown.
    """
    _check(chart)
    with style.house_style(shape):
        return _png(draw(chart, lang, shape), _png_metadata(chart, lang))
