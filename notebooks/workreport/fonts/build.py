"""Rebuild the two font files from the variable Noto Sans SC: ``make fonts``.

The files hold GB 2312 whole, so that any title can be reworded, and every other character that the tables and
notebooks use: a place name beyond it may need a rebuild, since `export` refuses to draw a character that they lack.
"""

import io
import sys
import zipfile
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

HERE = Path(__file__).resolve().parent
WEIGHTS = {"Regular": 400, "Bold": 700}
SOURCES = ("notebooks/*.ipynb", "notebooks/workreport/*.toml", "data/*.csv", "data/*/*.csv", "data/*/report.json")
ALWAYS = {chr(c) for c in range(0x20, 0x7F)} | set("\u00a0±×÷·–—‘’“”…←→↑↓≥≤≈−²％，。；：！？、（）《》【】～■●○◆◇▲△▼")


def gb2312():
    """Every character of GB 2312: two bytes, each from A1 to FE."""
    cells = (bytes((row, cell)) for row in range(0xA1, 0xFF) for cell in range(0xA1, 0xFF))
    return set("".join(pair.decode("gb2312", "ignore") for pair in cells))


def characters_in_use(root):
    """Characters of the tables and notebooks below `root`, with those always kept."""
    text = "".join(path.read_text(encoding="utf-8") for pattern in SOURCES for path in sorted(root.glob(pattern)))
    return {c for c in ALWAYS | gb2312() | set(text) if c.isprintable() or c == "\u00a0"}


def take_narrow_quotes(font):
    """English apostrophes: Chinese sets ‘ and ’ as wide as a character, English does not."""
    table, narrow_of = font["GSUB"].table, {}
    lookups = {i for record in table.FeatureList.FeatureRecord if record.FeatureTag == "pwid" for i in record.Feature.LookupListIndex}
    for subtable in (one for i in lookups for one in table.LookupList.Lookup[i].SubTable):
        narrow_of |= getattr(getattr(subtable, "ExtSubTable", subtable), "mapping", {})
    for cmap in font["cmap"].tables:
        for code in (0x2018, 0x2019):
            if cmap.isUnicode() and code in cmap.cmap:
                cmap.cmap[code] = narrow_of.get(cmap.cmap[code], cmap.cmap[code])


def narrow(font, characters, bearing=60):
    """Take the room of a Chinese character from signs that stand among digits."""
    names = font.getBestCmap()
    for name in (names[ord(c)] for c in characters):
        glyph = font["glyf"][name]
        glyph.coordinates.translate((bearing - glyph.xMin, 0))
        glyph.recalcBounds(font["glyf"])
        font["hmtx"][name] = (glyph.xMax + bearing, bearing)


def quick_to_cut(font):
    """A PDF embeds the characters it uses, cut from the whole font each time: without what no picture needs, names of glyphs at hand."""
    names, post = font.getGlyphOrder(), font["post"]
    for table in ("BASE", "GPOS", "GSUB", "STAT", "vhea", "vmtx"):
        if table in font:
            del font[table]
    post.formatType, post.extraNames, post.mapping, post.glyphOrder = 2.0, [], {}, names


def build(wheel, characters):
    """Write both weights beside this file from the wheel that carries the variable font."""
    archive = zipfile.ZipFile(wheel)
    folder = "justmytype_intl_cjk/fonts/ofl/notosanssc/"
    (HERE / "OFL.txt").write_bytes(archive.read(folder + "OFL.txt"))
    for name, weight in WEIGHTS.items():
        font = TTFont(io.BytesIO(archive.read(folder + "NotoSansSC[wght].ttf")), recalcTimestamp=False)
        take_narrow_quotes(font)
        options = subset.Options(layout_features=[], hinting=False, notdef_outline=True, name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14])
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=[ord(c) for c in characters])
        subsetter.subset(font)
        font = instancer.instantiateVariableFont(font, {"wght": weight})
        narrow(font, "±×÷")
        quick_to_cut(font)
        family = "Workreport Sans"
        for record in font["name"].names:
            new = {1: family, 2: name, 3: f"{family} {name}", 4: f"{family} {name}", 6: f"WorkreportSans-{name}"}.get(record.nameID)
            if new:
                record.string = new
        font["OS/2"].usWeightClass = weight
        font["head"].macStyle = int(name == "Bold")
        font["OS/2"].fsSelection = (font["OS/2"].fsSelection & ~0x61) | (0x20 if name == "Bold" else 0x40)
        font.save(HERE / f"{name}.ttf")


if __name__ == "__main__":
    build(sys.argv[1], characters_in_use(HERE.parents[2]))
