"""Slides and a two-page brief: what people take into a meeting."""

import datetime
import io
import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path

from .. import export
from ..sources import compact_ids
from ..tables import read_descriptor
from ..words import day as day_in_words
from .pages import caption

WIDTH, HEIGHT, MARGIN = 13.333, 7.5, 0.5  # inches
SOURCE, INSET = 0.55, 0.1  # height of the line at the foot, margin within a text box
TITLE, LINE = 1.05, {"en": 56, "zh": 30}  # letters of a title in one line
# A browser that asks nothing of the network and shows no window.
CALM = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync".split()
TAGS = {"en": "en-GB", "zh": "zh-CN"}
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def deck(report, cards, lang, figures, title, parts):
    """Slides of a report in one language: the finding and its source as text, the picture with its alt text, ids in the notes.

    Parameters
    ----------
    report : Report
    cards : dict of dict
        Of the charts, by stem.
    lang : {"en", "zh"}
    figures : Path
        Folder of their pictures.
    title : str
        Of the first slide.
    parts : dict of str to str
        Titles of the notebooks by stem: the contents, each a link to its first slide.

    Returns
    -------
    bytes
        A file of PowerPoint; the same cards give the same bytes.
    """
    from pptx import Presentation
    from pptx.util import Inches, Pt

    slides = Presentation()
    slides.slide_width, slides.slide_height = Inches(WIDTH), Inches(HEIGHT)
    package, day = read_descriptor(), datetime.datetime.fromisoformat(read_descriptor()["created"][:10])
    about = slides.core_properties
    about.title, about.author, about.language, about.comments = title, package["contributors"][0]["title"], TAGS[lang], "CC BY 4.0"
    about.created = about.modified = day
    about.last_modified_by, about.revision = about.author, 1

    def write(frame, text, size, bold=False):
        frame.word_wrap = True
        frame.text = text
        for run in (run for paragraph in frame.paragraphs for run in paragraph.runs):
            run.font.size, run.font.bold = Pt(size), bold
            run._r.get_or_add_rPr().set("lang", TAGS[lang])

    def slide(text, size, top, height):
        made = slides.slides.add_slide(slides.slide_layouts[5])
        place = made.shapes.title
        place.left, place.top, place.width, place.height = Inches(MARGIN), Inches(top), Inches(WIDTH - 2 * MARGIN), Inches(height)
        write(place.text_frame, text, size, bold=True)
        place.text_frame.paragraphs[0].alignment = 1  # to the left
        return made

    first = slide(title, 36, 2.2, 1.6)
    box = first.shapes.add_textbox(Inches(MARGIN), Inches(4), Inches(WIDTH - 2 * MARGIN), Inches(1.5))
    meta = report.meta
    write(box.text_frame, {"en": ", ", "zh": "，"}[lang].join((meta[f"publisher_{lang}"], meta[f"title_{lang}"], day_in_words(meta["delivered"], lang))) + f"\n{package['title_short' if lang == 'en' else 'title_short_zh']}, CC BY 4.0", 18)
    contents, begun = slide({"en": "Contents", "zh": "目录"}[lang], 28, 0.4, 0.8), {}
    for stem, card in cards.items():
        long = len(card["title"][lang]) > LINE[lang]
        made = slide(card["title"][lang], 20 if long else 26, 0.25, TITLE - 0.2)
        path = figures / f"{stem}-{lang}.png"
        top, bottom = (card["heights"][lang][part] for part in ("title", "source"))  # the picture has both too
        kept = 1 - top - bottom
        width = min(WIDTH - 2 * MARGIN, (HEIGHT - TITLE - SOURCE) / kept * 1.6)
        picture = made.shapes.add_picture(str(path), Inches(MARGIN + INSET - export.MARGIN * width), Inches(TITLE), Inches(width))
        picture.crop_top, picture.crop_bottom = top, bottom
        picture.height = int(Inches(width / 1.6) * kept)
        picture.name = stem
        picture._element.nvPicPr.cNvPr.set("descr", card["alt"][lang])
        foot = made.shapes.add_textbox(Inches(MARGIN), Inches(HEIGHT - SOURCE), Inches(WIDTH - 2 * MARGIN), Inches(SOURCE))
        write(foot.text_frame, card["source"][lang], 9)
        begun.setdefault(stem[:2], (made, len(slides.slides)))
        ids = compact_ids(card["figure_ids"])
        said = [caption(card, lang), *([{"en": "Figures: ", "zh": "数据编号："}[lang] + ids] if ids else []), *card["caveats"][lang]]
        write(made.notes_slide.notes_text_frame, "\n".join(said), 12)
    for n, (stem, words) in enumerate((stem, words) for stem, words in parts.items() if stem[:2] in begun):
        target, number = begun[stem[:2]]
        box = contents.shapes.add_textbox(Inches(MARGIN), Inches(1.4 + 0.5 * n), Inches(WIDTH - 2 * MARGIN), Inches(0.5))
        write(box.text_frame, f"{number}  {words}", 18)
        box.click_action.target_slide = target
    slides.save(buffer := io.BytesIO())
    return _dated(buffer.getvalue(), day)


def _dated(data, day):
    """A zip file with one date for all of its parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            info = zipfile.ZipInfo(name, day.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, old.read(name))
    return made.getvalue()


def browser():
    """Path of a browser that prints pages without a window, or None."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def pdf(content, page, program):
    """A page of the site as PDF: tagged, with its text.

    Parameters
    ----------
    content : dict of bytes
        Files of the site by path.
    page : str
        Which of them.
    program : str
        Path of the browser.

    Returns
    -------
    bytes or None
        None where the browser did not make one in a minute.
    """
    with tempfile.TemporaryDirectory() as folder:
        for name, data in content.items():
            if name == page or name.endswith((".css", ".png")):
                (path := Path(folder, "site", name)).parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
        made = Path(folder, "made.pdf")
        command = [program, "--headless", *CALM, "--no-pdf-header-footer", f"--user-data-dir={folder}/user", f"--print-to-pdf={made}", "--generate-pdf-document-outline", Path(folder, "site", page).as_uri()]
        try:
            subprocess.run(command, capture_output=True, timeout=60, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return None
        return made.read_bytes() if made.is_file() else None
