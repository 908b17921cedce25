"""House style: fonts, colours by what they stand for, the two shapes of a picture."""

import contextlib
import warnings
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).resolve().parent
FAMILY = "Workreport Sans"
FONT_FILES = {"regular": HERE / "fonts/Regular.ttf", "bold": HERE / "fonts/Bold.ttf"}

INK = "#1A1A1A"
MUTED = "#595959"
GREY = "#9A9A9A"  # marks that are nothing of the palette
PALE = "#D4D4D4"
PAPER = "#FFFFFF"

# One colour for each thing compared, the same in the whole collection; each has its own marker.
OWN = "#C8391F"
PREFECTURE = "#0B3C68"
PROVINCE = "#2B8CBE"
NATION = "#B8860B"
TARGET = "#7B3F98"
PUBLISHED = INK
TIERS = {"nation": NATION, "province": PROVINCE, "prefecture": PREFECTURE}
MARKERS = {OWN: "o", PREFECTURE: "s", PROVINCE: "^", NATION: "v", TARGET: "|", PUBLISHED: "D"}


@dataclass(frozen=True)
class Shape:
    """Size of a picture in inches at 200 dots, and of its texts in points.

    Parameters
    ----------
    name : str
        Ends the file name; empty for the first shape.
    width, height : float
    title, subtitle, base, source : float
    lines : int
        How many lines a title may take.
    """

    name: str
    width: float
    height: float
    title: float
    subtitle: float
    base: float
    source: float
    lines: int


LANDSCAPE = Shape("", 8, 5, 17, 10.5, 9.5, 7.2, 2)
# Read on a phone at a third of its size: title at least 60 dots high, labels 29, source 24.
PORTRAIT = Shape("portrait", 5.4, 6.75, 21.6, 12, 10.5, 8.7, 3)
SHAPES = (LANDSCAPE, PORTRAIT)
ENDINGS = (*(f"{'-' + shape.name if shape.name else ''}.png" for shape in SHAPES), ".svg", ".pdf")  # of the files of a chart


def palette(kinds, own):
    """Colours of an area and of the areas above it, by tier of government.

    Parameters
    ----------
    kinds : dict of str to str
        Kind of each area above (``nation``, ``province``, ``prefecture``), from the widest to the nearest.
    own : str

    Returns
    -------
    dict of str to str
        The widest first, the own one last.
    """
    return {area: TIERS.get(kind, PREFECTURE) for area, kind in kinds.items()} | {own: OWN}


@cache
def characters():
    """Code points that both weights of the house font can draw."""
    from matplotlib import font_manager  # here and below: only who draws waits for matplotlib

    _register()
    return frozenset.intersection(*(frozenset(font_manager.get_font(str(f)).get_charmap()) for f in FONT_FILES.values()))


@cache
def _register():
    from matplotlib import font_manager

    for file in FONT_FILES.values():
        if not file.is_file():
            raise FileNotFoundError(
                f"the font {file.name} is missing: restore it (git checkout -- notebooks/workreport/fonts) or run make fonts"
            )
        font_manager.fontManager.addfont(str(file))


@contextlib.contextmanager
def house_style(shape=LANDSCAPE):
    """Draw in the house style, whatever the user's own settings are; a missing glyph is an error.

    Parameters
    ----------
    shape : Shape
    """
    import matplotlib as mpl
    from matplotlib import font_manager

    _register()
    with mpl.rc_context(), warnings.catch_warnings():
        mpl.rcdefaults()
        mpl.style.use(HERE / "house.mplstyle")
        sizes = dict.fromkeys(("font.size", "xtick.labelsize", "ytick.labelsize", "axes.labelsize"), shape.base)
        mpl.rcParams.update({"figure.figsize": (shape.width, shape.height), **sizes})
        font_manager.findfont(FAMILY, fallback_to_default=False)
        warnings.filterwarnings("error", message="Glyph .* missing from")
        warnings.filterwarnings("error", message="constrained_layout not applied")
        try:
            yield
        finally:
            live = mpl.is_interactive()
    mpl.interactive(live)  # a kernel may have turned it on meanwhile; restored with the rest, no later chart would show
