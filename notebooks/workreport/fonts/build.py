"""Rebuild the two font files from the variable Noto Sans SC: ``make fonts``.

The files hold ASCII and every other character that the package and the tables use, so a new
word in a table may need a rebuild; `export` refuses to draw a character that they lack.
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
SOURCES = ("notebooks/workreport/*.py", "notebooks/workreport/texts/*.toml", "data/*.csv", "data/*/*.csv", "data/*/report.json")
ALWAYS = {chr(c) for c in range(0x20, 0x7F)} | set("\u00a0±×÷·–—‘’“”…←→↑↓≥≤≈−²％，。；：！？、（）《》【】～■●○◆◇▲△▼")


def characters_in_use(root):
    """Characters of the package and the tables below `root`, with those always kept."""
    text = "".join(path.read_text(encoding="utf-8") for pattern in SOURCES for path in sorted(root.glob(pattern)))
    return {c for c in ALWAYS | set(text) if c.isprintable() or c == "\u00a0"}


def build(wheel, characters):
    """Write both weights beside this file from the wheel that carries the variable font."""
    archive = zipfile.ZipFile(wheel)
    folder = "justmytype_intl_cjk/fonts/ofl/notosanssc/"
    (HERE / "OFL.txt").write_bytes(archive.read(folder + "OFL.txt"))
    for name, weight in WEIGHTS.items():
        font = TTFont(io.BytesIO(archive.read(folder + "NotoSansSC[wght].ttf")), recalcTimestamp=False)
        options = subset.Options(layout_features=[], hinting=False, notdef_outline=True, name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14])
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=[ord(c) for c in characters])
        subsetter.subset(font)
        font = instancer.instantiateVariableFont(font, {"wght": weight})
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
