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


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def count(page):
    return page.text_content("#count").split(" · ")[0]


def now(page):
    return page.text_content("article.now h2 span")


def go(page, token):
    while now(page) != token:
        press(page, "j")


def test_every_row_is_accepted_by_keyboard_and_read_back(page, desk):
    assert count(page) == "0 of 14" and now(page) == "一"
    press(page, "a", "k")
    assert now(page) == "一" and page.locator("article.now.accepted").count() == 1, "back leads to what was accepted"
    asked = 0
    for done in range(1, 15):
        press(page, "a")
        if count(page) != f"{done} of 14":
            assert page.text_content("#saved").startswith("open: ")
            press(page, "a")
            asked += 1
        assert count(page) == f"{done} of 14"
    assert asked == 2, "an open cell is named before it is accepted: the new name, and the claim"
    assert len(saved(page, desk)["items"]) == 14
    assert not desk.make().open()
    page.reload()
    assert count(page) == "14 of 14", "the page made anew shows what was read back"


def test_a_cell_is_mended_in_the_sheet_and_the_table_follows(page, desk):
    go(page, "8.2")
    press(page, "e", "Tab")
    page.keyboard.type("8.4")
    press(page, "Tab")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "G02 unit", "the next cell"
    assert "by hand, was 8.2" in page.text_content("article.now")
    press(page, "Escape", "a")
    saved(page, desk)
    desk.make()
    assert desk.rows("growth")[1]["value"] == "8.4"
    page.reload()
    go(page, "9.1")
    assert page.get_by_label("G02 value").input_value() == "8.4"


def test_a_row_is_marked_wrong_added_and_taken_out(page, desk):
    press(page, "j", "x")
    assert page.locator("#text .wrong").count() == 1
    go(page, "210.5")
    page.locator("article.now").get_by_label("add a row for 210.5").select_option("growth")
    assert page.locator("article.now h3").count() == 2
    page.locator("article.now").get_by_role("button", name="remove").first.click()
    press(page, "Escape", "a")
    assert [mark["state"] for mark in saved(page, desk)["items"].values()].count("wrong") == 1
    made = desk.make()
    assert [table for entry in made.entries if entry.token == "210.5" for table, _ in entry.rows] == ["growth"]
    assert "2023" in {entry.token for entry in made.open()}


def test_sections_have_headings_and_filters_lead_to_what_is_open_unsure_or_of_a_table(page):
    heading = page.locator("#text h2", has_text="headline")
    assert heading.evaluate("h => h.nextElementSibling.textContent").startswith("过去一年")
    shown = page.locator("#text .n:not(.off)")
    page.select_option("#table", "gaps")
    assert now(page) == "0.4" and shown.count() == 1
    page.select_option("#table", "")
    page.select_option("#filter", "unsure")
    unsure = shown.count()
    assert 0 < unsure < 14 and page.locator("#text .n.unsure").count() <= unsure
    press(page, "A")
    accepted = page.locator("#text .n.accepted").count()
    assert accepted > 2 and count(page) == f"{accepted} of 14", "the sure of the sentence are accepted"
    assert shown.count() == unsure, "the unsure are left"
    page.select_option("#filter", "open")
    assert shown.count() == page.locator("#text .n:not(.accepted)").count()


def test_marks_and_edits_survive_a_closed_page_until_they_are_saved(page, desk):
    page.select_option("#table", "growth")
    page.get_by_label("G01 value").fill("6.6")
    press(page, "Tab", "Escape")
    for done in (1, 2):  # a mark elsewhere does not drop an edit that was restored
        page.evaluate("window.onbeforeunload = null")
        page.reload()
        assert "not saved" in page.text_content("#saved")
        press(page, "a")
        assert count(page) == f"{done} of 14"
    saved(page, desk)
    desk.make()
    assert desk.rows("growth")[0]["value"] == "6.6"


def test_figures_without_a_row_are_flagged(desk, page):
    desk.change("growth", 1, numeral_id=desk.rows("numerals")[4]["numeral_id"])
    desk.make()
    page.reload()
    assert page.locator("#text .none").all_text_contents() == ["8.2"]
    page.select_option("#filter", "none")
    assert now(page) == "8.2"


def test_the_sheet_is_accessible_and_fits(desk, chromium):
    for scheme, width in (("light", 1280), ("light", 390), ("dark", 1280), ("dark", 390)):
        context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)
        page = context.new_page()
        page.goto((desk.here / "proof.html").as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert not (said := browser.violations(page)), (scheme, width, said)
        context.close()
