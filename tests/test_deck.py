"""What people take into a meeting: slides with real text, a brief of two pages, the way of a number to its sentence."""

import io
import re

import browser
import pytest
from conftest import ROOT, moved
from workreport import collection
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


@each
def test_a_slide_has_the_finding_as_text_the_picture_with_alt_text_and_the_source_in_its_notes(report, held, lang):
    from pptx import Presentation

    made = Presentation(io.BytesIO(deck.deck(report, held, lang, ROOT / "figures", "A title 标题", {"00-start": "Zero 零", "01-growth": "One 一"})))
    first, contents, *slides = made.slides
    assert first.shapes.title.text == "A title 标题" and len(slides) == len(held)
    assert made.slide_width / made.slide_height == pytest.approx(16 / 9, abs=0.01)
    for slide, (stem, card) in zip(slides, held.items(), strict=True):
        assert slide.shapes.title.text == card["title"][lang]
        (picture,) = [shape for shape in slide.shapes if shape.shape_type == 13]
        assert picture.name == stem and picture._element.nvPicPr.cNvPr.get("descr") == card["alt"][lang]
        cut = [picture.crop_top, picture.crop_bottom]
        assert cut == pytest.approx(list(card["heights"][lang].values())), "title and source stand on the slide, not twice"
        shown = 1600 / (1000 * (1 - sum(cut)))
        assert picture.width / picture.height == pytest.approx(shown, rel=0.01), "not stretched"
        assert picture.left > 0 and picture.top + picture.height <= made.slide_height and picture.left + picture.width <= made.slide_width
        assert card["source"][lang] in [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
        notes = slide.notes_slide.notes_text_frame.text
        assert card["source"][lang] in notes and all(i in notes for i in card["figure_ids"][:1])


def test_the_contents_lead_to_the_first_slide_of_each_notebook(report, held):
    from pptx import Presentation

    made = Presentation(io.BytesIO(deck.deck(report, cards(), "en", ROOT / "figures", "A title", {"00-start": "Zero", "07-explore": "No chart", "08-reports": "Eight"})))
    _, contents, *slides = made.slides
    links = {shape.text_frame.text.split("  ")[1]: shape.click_action.target_slide for shape in contents.shapes if shape.click_action.target_slide}
    assert list(links) == ["Zero", "Eight"] and links["Zero"].slide_id == slides[0].slide_id
    (picture,) = [shape for shape in links["Eight"].shapes if shape.shape_type == 13]
    assert picture.name == next(stem for stem in cards() if stem.startswith("08-"))


def test_the_same_cards_give_the_same_slides(report, held):
    first, second = (deck.deck(report, held, "zh", ROOT / "figures", "标题", {}) for _ in range(2))
    assert first == second


def test_title_and_source_never_stand_twice(held):
    """How much of a picture they take is measured, for every chart and language."""
    assert all(0.04 < card["heights"][lang]["title"] < 0.3 and 0.03 < card["heights"][lang]["source"] < 0.15 for card in cards().values() for lang in LANGUAGES)


@pytest.mark.slow
@each
def test_the_brief_is_two_tagged_pages_of_text(report, lang):
    program = deck.browser() or browser.missing("Chromium is not here")
    register, held = collection.findings(report), cards()
    assert len(site._five(register, held)) == 5
    made = site.pages(report, {("01-growth", one): (ROOT / "notebooks/01-growth.ipynb").read_text(encoding="utf-8") for one in LANGUAGES})
    printed = made[f"downloads/{report.name}-brief-{lang}.pdf"]
    assert program and printed.startswith(b"%PDF")
    assert len(re.findall(rb"/Type /Page\b", printed)) == 2 and b"StructTreeRoot" in printed
    page = made[f"{lang}/brief.html"].decode()
    for _, claim, chart in site._five(register, held):
        assert claim.text(lang).split("。")[0].split(", ")[0] in page.replace("&#39;", "'") and f"{chart}-{lang}.png" in page


def test_without_a_browser_the_brief_stays_a_page(report, monkeypatch):
    monkeypatch.setattr(site, "browser", lambda: None)
    for downloads in ("deck", "workbook", "archive"):
        monkeypatch.setattr(site, downloads, lambda *_, **__: b"")
    made = site.pages(report, {("01-growth", one): (ROOT / "notebooks/01-growth.ipynb").read_text(encoding="utf-8") for one in LANGUAGES})
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


def test_a_trace_of_a_moved_figure_moves(report):
    other = moved(report, ("growth", "G01", "value", "4.9"))
    assert "4.85% to 4.95%" in "\n".join(trace.trace("G01", other))


def test_a_trace_of_what_was_published_elsewhere_names_its_source(report):
    row = next(r for r in report.tables["published"].rows if r["source_id"])
    assert "http" in "\n".join(trace.trace(row["published_id"], report))


@pytest.mark.parametrize("arguments, said", [(["--id", "X9"], "expected the id of a figure"), ([], "expected the id"), (["--id", "G01", "--name", "nowhere-2020"], "nowhere-2020")])
def test_a_trace_of_nothing_is_a_sentence(arguments, said, monkeypatch, capsys):
    monkeypatch.delenv("ID", raising=False)
    assert trace.main(arguments) == 1
    out = capsys.readouterr().out
    assert said in out and "Traceback" not in out


def test_a_trace_with_another_text_is_refused(tmp_path, capsys):
    (tmp_path / "x.txt").write_text("增长8%", encoding="utf-8")
    assert trace.main(["--id", "G01", "--text", str(tmp_path / "x.txt")]) == 1
    assert "found another text" in capsys.readouterr().out
