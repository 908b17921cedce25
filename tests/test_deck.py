"""What people take into a meeting: slides with real text, a brief of two pages, the way of a number to its sentence."""

import io
import re

import browser
import pytest
from conftest import ROOT, moved
from workreport import collection, export
from workreport.share import deck, site, trace
from workreport.share.catalogue import phrases
from workreport.share.pages import cards
from workreport.tables import load_report, report_names

pytestmark = pytest.mark.slow

LANGUAGES = ("en", "zh")
each = pytest.mark.parametrize("lang", LANGUAGES)


@pytest.fixture(scope="module")
def held():
    return dict(list(cards().items())[:4])


def slides_of(data):
    from pptx import Presentation

    return Presentation(io.BytesIO(data))


@each
def test_a_slide_has_finding_picture_and_source_once_each_and_the_bytes_repeat(report, held, lang):
    data, again = (deck.deck(report, held, lang, ROOT / "figures", "A title 标题", {}) for _ in range(2))
    assert data == again
    made = slides_of(data)
    first, contents, *slides = made.slides
    assert first.shapes.title.text == "A title 标题" and len(slides) == len(held)
    assert made.slide_width / made.slide_height == pytest.approx(16 / 9, abs=0.01)
    for number, (slide, (stem, card)) in enumerate(zip(slides, held.items(), strict=True), 3):
        assert slide.shapes.title.text == card["title"][lang]
        (picture,) = [shape for shape in slide.shapes if shape.shape_type == 13]
        assert picture.name == stem and picture._element.nvPicPr.cNvPr.get("descr") == card["alt"][lang]
        cut = [picture.crop_top, picture.crop_bottom]
        assert cut == pytest.approx(list(card["heights"][lang].values())), "title and source stand on the slide, not twice"
        shown = 1600 / (1000 * (1 - sum(cut)))
        assert picture.width / picture.height == pytest.approx(shown, rel=0.01), "not stretched"
        title, drawn = slide.shapes.title, picture.left + export.MARGIN * picture.width
        assert drawn == pytest.approx(title.left + title.text_frame.margin_left, abs=9), "the drawing begins where the title does"
        assert picture.left > 0 and picture.left + picture.width <= made.slide_width
        assert picture.top + picture.height <= made.slide_height
        sizes = {shape.text_frame.text: shape.text_frame.paragraphs[0].runs[0].font.size for shape in slide.shapes if shape.has_text_frame}
        assert sizes[str(number)] == sizes[card["source"][lang]] < sizes[card["title"][lang]]
        notes = slide.notes_slide.notes_text_frame.text
        assert card["source"][lang] in notes and all(i in notes for i in card["figure_ids"][:1])
    # How much of a picture title and source take is measured, for every chart.
    heights = [card["heights"][lang] for card in cards().values()]
    assert all(0.04 < height["title"] < 0.3 and 0.03 < height["source"] < 0.15 for height in heights)


def test_the_contents_lead_to_the_first_slide_of_each_notebook(report):
    held = {stem: card for stem, card in cards().items() if stem[:2] in ("00", "08")}
    parts = {"00-start": "Zero", "07-explore": "No chart", "08-reports": "Eight"}
    _, contents, *slides = slides_of(deck.deck(report, held, "en", ROOT / "figures", "A title", parts)).slides
    links = {shape.text_frame.text: shape.click_action.target_slide for shape in contents.shapes if shape.click_action.target_slide}
    at = next(n for n, stem in enumerate(held) if stem.startswith("08-"))
    assert {text: slide.slide_id for text, slide in links.items()} == {"3  Zero": slides[0].slide_id, f"{at + 3}  Eight": slides[at].slide_id}


@pytest.fixture(scope="module")
def books():
    text = (ROOT / "notebooks/01-growth.ipynb").read_text(encoding="utf-8")
    return {("01-growth", lang): text for lang in LANGUAGES}


def test_the_brief_is_two_tagged_pages_of_text_and_every_download_opens(report, books):
    if not deck.browser():
        browser.missing("Chromium is not here")
    made, five = site.pages(report, books), site._five(collection.findings(report), cards())
    taken = {name.removeprefix("downloads/qinyang-2023"): data for name, data in made.items() if name.startswith("downloads/")}
    in_both = {name for lang in LANGUAGES for name in (f"-slides-{lang}.pptx", f"-brief-{lang}.pdf")}
    assert set(taken) == {".xlsx", ".zip"} | in_both
    assert all(data.startswith(b"PK") for name, data in taken.items() if not name.endswith(".pdf"))
    assert len(five) == 5
    for lang in LANGUAGES:
        printed = taken[f"-brief-{lang}.pdf"]
        assert printed.startswith(b"%PDF") and b"StructTreeRoot" in printed and len(re.findall(rb"/Type /Page\b", printed)) == 2
        page = made[f"{lang}/brief.html"].decode().replace("&#39;", "'")
        assert all(claim.text(lang) in page and f"{chart}-{lang}.png" in page for _, claim, chart in five)


def test_without_a_browser_the_brief_stays_a_page(report, books, monkeypatch):
    monkeypatch.setattr(site, "browser", lambda: None)
    for downloads in ("deck", "workbook", "archive"):
        monkeypatch.setattr(site, downloads, lambda *_, **__: b"")
    made = site.pages(report, books)
    assert "en/brief.html" in made and not [name for name in made if name.endswith(".pdf")]


def test_a_browser_that_fails_makes_no_brief(tmp_path):
    assert deck.pdf({"en/brief.html": b"<p>x"}, "en/brief.html", str(tmp_path / "none")) is None
    assert deck.pdf({"en/brief.html": b"<p>x"}, "en/brief.html", "/bin/true") is None


@pytest.mark.parametrize("name", report_names())
def test_a_search_phrase_finds_its_figure_in_the_text(name):
    """Number and unit, and which hit in its section: true of the text, where it is here."""
    report, folder = load_report(name), ROOT.parent / "shared"
    path = folder / "source/qinyang-2023.txt" if name == "qinyang-2023" else folder / f"texts/{name.upper()}.txt"
    if not path.is_file():
        pytest.skip("the text is not here")
    text = path.read_text(encoding="utf-8-sig").replace("\r\n", "\n").replace("\\r\\n", "\n")
    starts, wrong = sorted(s["start"] for s in report.meta["sections"]) + [len(text)], []
    found = phrases(report)
    for key, (said, n, of) in found.items():
        table, row = report.rows[key]
        at = int(row.get("offset") or report.numerals[row["numeral_id"]]["offset"]) - (table == "rankings")
        begin, end = max(s for s in starts if s <= at), min(s for s in starts if s > at)
        hits = [hit.start() for hit in re.finditer(f"(?={re.escape(said)})", text[begin:end])]
        assert at - begin in hits, (key, said)
        wrong += [key] if (hits.index(at - begin) + 1, len(hits)) != (n, of) else []
    assert len(wrong) <= 0.02 * len(found), wrong


def test_a_trace_leads_from_the_text_to_every_sentence_and_chart(report, text):
    words = text.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
    lines = "\n".join(trace.trace("G01", report, text=words))
    assert "search for 4.8%" in lines and "In your copy: …" in lines and "4.75% to 4.85%" in lines
    for claims in collection.findings(report).values():
        assert all(claim.text("en") in lines for claim in claims.values() if "G01" in claim.ids)
    assert all(f"figures/{stem}-en.png" in lines for stem, card in cards().items() if "G01" in card["figure_ids"])
    assert "增速" in "\n".join(trace.trace("G01", report, "zh"))
    said, n, of = next(hit for hit in phrases(report).values() if hit[2] > 1)
    figure = next(i for i, hit in phrases(report).items() if hit == (said, n, of))
    assert f"search for {said} (hit {n} of {of})" in "\n".join(trace.trace(figure, report))
    assert f"检索{said}（第{n}处，共{of}处）" in "\n".join(trace.trace(figure, report, "zh"))
    row = next(r for r in report.tables["published"].rows if r["source_id"])
    assert "Source: " in (published := "\n".join(trace.trace(row["published_id"], report))) and "http" in published


def test_a_trace_of_a_moved_figure_moves(report, monkeypatch):
    other = moved(report, ("growth", "G01", "value", "4.9"))
    monkeypatch.setattr(collection, "findings", lambda _: {})
    assert "4.85% to 4.95%" in "\n".join(trace.trace("G01", other))


@pytest.mark.parametrize("arguments, said", [([], "expected the id of a figure"), (["--id", "G01", "--name", "nowhere-2020"], "nowhere-2020")])
def test_a_trace_of_nothing_is_a_sentence(arguments, said, monkeypatch, capsys):
    monkeypatch.delenv("ID", raising=False)
    monkeypatch.setattr(collection, "findings", lambda _: {})
    assert trace.main(arguments) == 1
    out = capsys.readouterr().out
    assert said in out and "Traceback" not in out


def test_a_trace_with_another_text_is_refused(tmp_path, capsys):
    (tmp_path / "x.txt").write_text("增长8%", encoding="utf-8")
    assert trace.main(["--id", "G01", "--text", str(tmp_path / "x.txt")]) == 1
    assert "found another text" in capsys.readouterr().out
