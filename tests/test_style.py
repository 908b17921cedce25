"""Legible in grey, in colour, and to colour-blind readers: measured."""

import itertools

import numpy as np
import pytest
from colorspacious import cspace_convert, deltaE
from matplotlib.colors import to_rgb
from workreport import style


def contrast(a, b):
    def luminance(colour):
        c = np.array(to_rgb(colour))
        return np.where(c <= 0.03928, c / 12.92, ((c + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722]

    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colour", [style.INK, style.MUTED, style.OWN, style.TARGET, "#4D4D4D"])
def test_text_contrast(colour):
    assert contrast(colour, style.PAPER) >= 4.5


@pytest.mark.parametrize("colour", style.MARKERS)
def test_mark_contrast(colour):
    assert contrast(colour, style.PAPER) >= 3


@pytest.mark.parametrize("vision", [None, "protanomaly", "deuteranomaly", "tritanomaly"])
def test_series_are_told_apart(vision):
    def seen(colour):
        rgb = np.array(to_rgb(colour))
        if vision:
            rgb = np.clip(cspace_convert(rgb, {"name": "sRGB1+CVD", "cvd_type": vision, "severity": 100}, "sRGB1"), 0, 1)
        return rgb

    for a, b in itertools.combinations([*style.MARKERS, style.MUTED], 2):
        if {a, b} != {style.PUBLISHED, style.MUTED}:  # words and diamonds
            assert deltaE(seen(a), seen(b), input_space="sRGB1") > 10, (a, b)


def test_series_differ_by_marker_too():
    assert len(set(style.MARKERS.values())) == len(style.MARKERS) == 6


def test_red_is_never_set_against_green():
    for colour in style.MARKERS:
        red, green, blue = to_rgb(colour)
        assert not (green > red and green > blue)


def test_both_weights_hold_every_character_of_the_package_and_the_tables():
    import importlib.util

    spec = importlib.util.spec_from_file_location("build", style.HERE / "fonts/build.py")
    build = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(build)
    missing = {c for c in build.characters_in_use(style.HERE.parents[1]) if ord(c) not in style.characters()}
    assert not missing, f"run make fonts: the fonts lack {''.join(sorted(missing))}"


def test_a_missing_font_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setattr(style, "FONT_FILES", {"regular": tmp_path / "none.ttf"})
    style._register.cache_clear()
    with pytest.raises(FileNotFoundError, match="make fonts"), style.house_style():
        pass
    monkeypatch.undo()
    style._register.cache_clear()


def test_a_missing_glyph_is_an_error_whatever_the_reader_has_set():
    import matplotlib as mpl
    import matplotlib.pyplot as plt

    with mpl.rc_context({"font.family": "serif", "hatch.linewidth": 9}), style.house_style():
        assert mpl.rcParams["font.family"] == [style.FAMILY] and mpl.rcParams["hatch.linewidth"] == 1
        fig = plt.figure()
        fig.text(0.5, 0.5, "\u0e01")
        with pytest.raises(UserWarning, match="missing from"):
            fig.canvas.draw()
        plt.close(fig)


def test_what_a_kernel_turns_on_meanwhile_stays_on():
    """A kernel becomes interactive with its first chart; turned off again, no later chart would show."""
    import matplotlib as mpl

    before = mpl.is_interactive()
    try:
        mpl.interactive(False)
        with style.house_style():
            mpl.interactive(True)
        assert mpl.is_interactive()
    finally:
        mpl.interactive(before)
