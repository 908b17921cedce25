"""The proof sheet in a browser: by keyboard, offline, and what it saves is what a draft reads back."""

import json

import browser
import pytest
from test_draft import Desk

pytestmark = pytest.mark.slow


@pytest.fixture
def desk(tmp_path):
    desk = Desk(tmp_path)
    desk.make()
    return desk


@pytest.fixture
def page(desk, chromium):
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    asked = []
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.goto((desk.here / "proof.html").as_uri())
    yield page
    assert browser.outside(asked) == []
    context.close()


def saved(page, desk):
    """Press ``s`` and put what is downloaded where the page says."""
    with page.expect_download() as download:
        page.keyboard.press("s")
    download.value.save_as(desk.here / "marks.json")
    assert f"drafts/{desk.here.name}/" in page.text_content("#saved")
    return json.loads((desk.here / "marks.json").read_text(encoding="utf-8"))


def count(page):
    return page.text_content("#count").split(" · ")[0]


def test_every_row_is_accepted_by_keyboard_and_read_back(page, desk):
    assert count(page) == "0 of 14" and page.text_content("article.now h2").startswith("一")
    asked = 0
    for done in range(1, 15):
        page.keyboard.press("a")
        if count(page) != f"{done} of 14":
            assert page.text_content("#saved").startswith("open: ")
            page.keyboard.press("a")
            asked += 1
        assert count(page) == f"{done} of 14"
    assert asked == 2, "an open cell is named before it is accepted: the new name, and the claim"
    assert len(saved(page, desk)["items"]) == 14
    assert not desk.make().open()
    page.reload()
    assert count(page) == "14 of 14", "the page made anew shows what was read back"


def test_a_cell_is_mended_in_the_sheet_and_the_table_follows(page, desk):
    while not page.text_content("article.now h2").startswith("8.2"):
        page.keyboard.press("j")
    page.keyboard.press("e")
    page.keyboard.press("Tab")
    page.keyboard.type("8.4")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "G02 unit", "the next cell"
    assert "by hand, was 8.2" in page.text_content("article.now")
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    saved(page, desk)
    desk.make()
    assert desk.rows("growth")[1]["value"] == "8.4"
    page.reload()
    while not page.text_content("article.now h2").startswith("9.1"):
        page.keyboard.press("j")
    assert page.get_by_label("G02 value").input_value() == "8.4"


def test_a_row_is_marked_wrong_added_and_taken_out(page, desk):
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.locator("#text .wrong").count() == 1
    while not page.text_content("article.now h2").startswith("210.5"):
        page.keyboard.press("j")
    page.locator("article.now").get_by_label("add a row for 210.5").select_option("growth")
    assert page.locator("article.now h3").count() == 2
    page.locator("article.now").get_by_role("button", name="remove").first.click()
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    marks = saved(page, desk)
    assert [m["state"] for m in marks["items"].values()].count("wrong") == 1
    made = desk.make()
    assert [t for e in made.entries if e.token == "210.5" for t, _ in e.rows] == ["growth"]
    assert "2023" in {e.token for e in made.open()}


def test_filters_lead_to_what_is_open_unsure_or_of_a_table(page):
    page.select_option("#table", "gaps")
    assert page.text_content("article.now h2").startswith("0.4")
    assert page.locator("#text .n:not(.off)").count() == 1
    page.select_option("#table", "")
    page.select_option("#filter", "unsure")
    shown = page.locator("#text .n:not(.off)").count()
    assert 0 < shown < 14 and page.locator("#text .n.unsure").count() <= shown
    page.keyboard.press("A")
    page.select_option("#filter", "open")
    assert page.locator("#text .n:not(.off)").count() == page.locator("#text .n:not(.accepted)").count()


def test_accept_the_sure_of_a_sentence_leaves_the_unsure(page):
    page.select_option("#table", "growth")
    page.select_option("#table", "")
    page.keyboard.press("A")
    accepted, unsure = page.locator("#text .n.accepted").count(), page.locator("article:not(.accepted)").count()
    assert accepted > 2 and int(count(page).split()[0]) == accepted and unsure >= 0


def test_marks_and_edits_survive_a_closed_page_until_they_are_saved(page, desk):
    page.select_option("#table", "growth")
    page.get_by_label("G01 value").fill("6.6")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    for done in (1, 2):  # a mark elsewhere does not drop an edit that was restored
        page.evaluate("window.onbeforeunload = null")
        page.reload()
        assert "not saved" in page.text_content("#saved")
        page.keyboard.press("a")
        assert count(page) == f"{done} of 14"
    saved(page, desk)
    desk.make()
    assert desk.rows("growth")[0]["value"] == "6.6"


def test_back_leads_to_what_was_accepted(page):
    page.keyboard.press("a")
    page.keyboard.press("k")
    assert page.text_content("article.now h2").startswith("一") and page.locator("article.now.accepted").count() == 1


def test_each_section_stands_under_its_heading(page):
    assert page.locator("#text h2", has_text="headline").evaluate("h => h.nextElementSibling.textContent").startswith("过去一年")


def test_figures_without_a_row_are_flagged(desk, chromium):
    desk.change("growth", 1, numeral_id=desk.rows("numerals")[4]["numeral_id"])
    desk.make()
    page = chromium.new_page()
    page.goto((desk.here / "proof.html").as_uri())
    assert page.locator("#text .none").all_text_contents() == ["8.2"]
    page.select_option("#filter", "none")
    assert page.text_content("article.now h2").startswith("8.2")
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_sheet_is_accessible_and_fits(desk, chromium, scheme, width):
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    page.goto((desk.here / "proof.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert not (said := browser.violations(page)), said
    context.close()
