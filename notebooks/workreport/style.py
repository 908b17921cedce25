"""House style: fonts, colours and markers by what they stand for."""

import contextlib
import warnings
from functools import cache
from pathlib import Path

HERE = Path(__file__).resolve().parent
FAMILY = "Workreport Sans"
FONT_FILES = {"regular": HERE / "fonts/Regular.ttf", "bold": HERE / "fonts/Bold.ttf"}

INK = "#1A1A1A"
MUTED = "#595959"
PALE = "#BDBDBD"
PAPER = "#FFFFFF"

# One colour and one marker for each thing compared, the same in the whole collection.
COLOURS = {
    "qinyang": "#C8391F",
    "jiaozuo": "#0B3C68",
    "henan": "#2B8CBE",
    "china": "#6B6B6B",
    "target": "#7B3F98",
    "published": "#1A1A1A",
}
MARKERS = {"qinyang": "o", "jiaozuo": "s", "henan": "^", "china": "v", "target": "P", "published": "D"}


def colour_of(series):
    """Colour of a series; pale ink for one that is nothing of the palette."""
    return COLOURS.get(series, MUTED)


def marker_of(series):
    """Marker of a series; a dot for one that is nothing of the palette."""
    return MARKERS.get(series, "o")


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
def house_style():
    """Draw in the house style, whatever the user's own settings are; a missing glyph is an error."""
    import matplotlib as mpl
    from matplotlib import font_manager

    _register()
    with mpl.rc_context(), warnings.catch_warnings():
        mpl.rcdefaults()
        mpl.style.use(HERE / "house.mplstyle")
        font_manager.findfont(FAMILY, fallback_to_default=False)
        warnings.filterwarnings("error", message="Glyph .* missing from")
        warnings.filterwarnings("error", message="constrained_layout not applied")
        yield
