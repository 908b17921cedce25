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
from .catalogue import in_language
from .pages import caption

WIDTH, HEIGHT, MARGIN = 13.333, 7.5, 0.5  # inches
SOURCE, NUMBER, INSET = 0.55, 0.6, 0.1  # height of the line at the foot, width of its number, margin within a text box
TITLE = 1.05  # of two lines
# A browser that asks nothing of the network and shows no window.
CALM = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
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
    from pptx.enum.text import PP_ALIGN
    from pptx.util import Inches, Pt

    slides, t, package = Presentation(), in_language(lang), read_descriptor()
    slides.slide_width, slides.slide_height = Inches(WIDTH), Inches(HEIGHT)
    day = datetime.datetime.fromisoformat(package["created"][:10])
    about, author = slides.core_properties, package["contributors"][0]["title"]
    about.title, about.author, about.last_modified_by, about.language = title, author, author, TAGS[lang]
    about.created, about.modified, about.revision, about.comments = day, day, 1, "CC BY 4.0"

    def write(frame, text, size, bold=False):
        frame.word_wrap, frame.text = True, text
        for run in (run for paragraph in frame.paragraphs for run in paragraph.runs):
            run.font.size, run.font.bold = Pt(size), bold
            run._r.get_or_add_rPr().set("lang", TAGS[lang])

    def slide(text, size, top, height):
        made = slides.slides.add_slide(slides.slide_layouts[5])
        place = made.shapes.title
        place.left, place.top = Inches(MARGIN), Inches(top)
        place.width, place.height = Inches(WIDTH - 2 * MARGIN), Inches(height)
        write(place.text_frame, text, size, bold=True)
        place.text_frame.paragraphs[0].alignment = PP_ALIGN.LEFT
        return made

    def box(made, text, size, top, height, width=WIDTH - 2 * MARGIN, left=MARGIN):
        added = made.shapes.add_textbox(Inches(left), Inches(top), Inches(width), Inches(height))
        write(added.text_frame, text, size)
        return added

    source = report.meta[f"publisher_{lang}"], report.meta[f"title_{lang}"], day_in_words(report.meta["delivered"], lang)
    project = package[t("title_short", "title_short_zh")]
    box(slide(title, 36, 2.2, 1.6), f"{t(', ', '，').join(source)}\n{project}, CC BY 4.0", 18, 4, 1.5)
    contents, begun = slide(t("Contents", "目录"), 28, 0.4, 0.8), {}
    for stem, card in cards.items():
        made = slide(card["title"][lang], 22, 0.25, TITLE - 0.2)
        top, bottom = (card["heights"][lang][part] for part in ("title", "source"))  # the picture has both too
        kept = 1 - top - bottom
        width = min(WIDTH - 2 * MARGIN, (HEIGHT - TITLE - SOURCE) / kept * 1.6)
        left = Inches(MARGIN + INSET - export.MARGIN * width)
        picture = made.shapes.add_picture(str(figures / f"{stem}-{lang}.png"), left, Inches(TITLE), Inches(width))
        picture.crop_top, picture.crop_bottom = top, bottom
        picture.height, picture.name = int(Inches(width / 1.6) * kept), stem
        picture._element.nvPicPr.cNvPr.set("descr", card["alt"][lang])
        box(made, card["source"][lang], 9, HEIGHT - SOURCE, SOURCE, WIDTH - 2 * MARGIN - NUMBER)
        box(made, str(len(slides.slides)), 9, HEIGHT - SOURCE, SOURCE, NUMBER, WIDTH - MARGIN - NUMBER).text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT
        begun.setdefault(stem[:2], (made, len(slides.slides)))
        ids = [t("Figures: ", "数据编号：") + compact_ids(card["figure_ids"])] if card["figure_ids"] else []
        write(made.notes_slide.notes_text_frame, "\n".join([caption(card, lang), *ids, *card["caveats"][lang]]), 12)
    for n, stem in enumerate(stem for stem in parts if stem[:2] in begun):
        target, number = begun[stem[:2]]
        box(contents, f"{number}  {parts[stem]}", 18, 1.4 + 0.5 * n, 0.5).click_action.target_slide = target
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
        The page, its style and pictures, by path.
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
            (path := Path(folder, "site", name)).parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        made = Path(folder, "made.pdf")
        command = [program, "--headless", *CALM, f"--user-data-dir={folder}/user", "--no-pdf-header-footer"]
        command += [f"--print-to-pdf={made}", "--generate-pdf-document-outline", Path(folder, "site", page).as_uri()]
        try:
            subprocess.run(command, capture_output=True, timeout=60, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return None
        return made.read_bytes() if made.is_file() else None
