"""The annotated report: every numeral marked, every figure told, links both ways, and the text nowhere else."""

import re
import shutil

import browser
import pytest
from conftest import ROOT, moved
from test_draft import NAME, Desk, make_ready
from workreport import collection
from workreport.proof import text as proof_text
from workreport.share import annotated, site
from workreport.tables import load_report

LANGUAGES = ("en", "zh")
each = pytest.mark.parametrize("lang", LANGUAGES)


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A made-up report that was accepted, with its text."""
    desk = Desk(tmp_path_factory.mktemp("read"))
    make_ready(desk)
    desk.accept()
    return desk


@pytest.fixture(scope="module")
def made_up(desk):
    return load_report(NAME, data=desk.data)


def told(report, text, lang="en", faults=()):
    """What the page says of a report that is not in ``data/``, where the notebook about all reports does not find it."""
    stems = [] if faults else [stem for stem in collection.stems() if stem != "08-reports"]
    return annotated.facts(report, text, lang, {}, {stem: collection.run(stem, report).claims for stem in stems}, list(faults), ROOT)


@pytest.fixture(scope="module")
def edition(desk, made_up, tmp_path_factory):
    """The page of the text of the made-up report, without notebooks."""
    text, folder = desk.path.read_text(encoding="utf-8"), tmp_path_factory.mktemp("an edition 沁阳") / "read"
    site.publish(site.with_text(made_up, {}, {lang: told(made_up, text, lang) for lang in LANGUAGES}, figures=folder), folder)
    return folder


def test_every_numeral_and_claim_is_marked_where_it_stands(desk, made_up):
    text = desk.path.read_text(encoding="utf-8")
    found = annotated.marks(made_up, text)
    assert all(a["end"] <= b["start"] for a, b in zip(found, found[1:], strict=False))
    ids = [i for mark in found for i in mark["ids"]]
    assert sorted(ids) == sorted(made_up.rows), "every figure has its mark, once"
    kinds = {text[m["start"] : m["end"]]: m["kind"] for m in found}
    assert (kinds["6.5"], kinds["0.4"], kinds["210.5"], kinds["全覆盖"], kinds["2024"]) == ("growth", "gaps", "levels", "claims", "outside")


@pytest.mark.slow
def test_a_note_says_value_range_benchmark_findings_and_moves_with_its_figure(desk, made_up):
    text = desk.path.read_text(encoding="utf-8")
    other = moved(made_up, ("growth", "G01", "value", "6.6"))
    notes = dict(n for mark in told(other, text)["marks"] for n in mark["notes"])
    assert ("Value", "6.6%") in notes["G01"]["facts"] and any("6.2%" in cell for _, cell in notes["D01"]["facts"])
    for lang, wanted in {
        "en": ("21.05bn yuan · 210.5亿元", "21.045bn yuan to 21.055bn yuan", "above Jingmen", "Jingmen grew by 6.1% (6.5%, less the lead or plus the lag)"),
        "zh": ("210.5亿元 · 21.05bn yuan", "210.45亿元至210.55亿元", "高于荆门市", "荆门市增长6.1%（由本地6.5%和差距推算）"),
    }.items():
        page = told(made_up, text, lang)
        notes = dict(n for mark in page["marks"] for n in mark["notes"])
        said = [cell.replace("\u00a0", " ") for note in notes.values() for _, cell in note["facts"]]
        assert all(any(part == cell for cell in said) for part in wanted), said
        assert any("6.5%" in finding for finding, _, _ in notes["G01"]["findings"])


def test_review_shows_numerals_without_a_row_and_rows_without_a_numeral(desk, made_up, edition):
    assert (edition / "zh/index.html").is_file(), "what the first page leads to"
    text = desk.path.read_text(encoding="utf-8")
    page = told(made_up, text)
    assert page["bare"] == page["astray"] == [] and page["counts"]["outside"] == 11
    numeral = made_up.rows["G02"][1]["numeral_id"]
    other = moved(made_up, ("numerals", numeral, "offset", "3"), ("claims", "C01", "term", "唯一"))
    page = told(other, text, faults=["a fault"])
    assert [row[:3] for row in page["astray"]] == [("numerals", numeral, "8.2"), ("claims", "C01", "唯一")]
    assert "8.2" in [m["text"] for m in page["bare"]] and page["faults"] == ["a fault"]
    assert not any(note["charts"] or note["findings"] for m in page["marks"] for _, note in m["notes"])


@pytest.mark.parametrize("content, said", [("增长8%。", "found no text of a report here"), (None, "no readable file"), ("x\\r\\ny", "four characters")])
def test_a_text_that_is_none_of_ours_is_said_and_nothing_is_written(desk, tmp_path, content, said):
    path = tmp_path / "text.txt"
    if content:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(annotated.ReadError, match=said):
        annotated.build(path, root=tmp_path, data=desk.data)
    assert not (tmp_path / "read").exists()


def test_tables_that_cannot_be_read_are_named(desk, tmp_path):
    data = shutil.copytree(desk.data, tmp_path / "data")
    (data / NAME / "growth.csv").write_text("figure_id\n", encoding="utf-8")
    with pytest.raises(annotated.ReadError, match="its tables cannot be read"):
        annotated.build(desk.path, root=tmp_path, data=data)


def test_faults_leave_a_page_for_review(desk, tmp_path):
    """Tables that the text contradicts: the page names them, and has no findings; nothing is run."""
    data = shutil.copytree(desk.data, tmp_path / "data")
    path = data / NAME / "targets.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("at_least", "at_most"), encoding="utf-8")
    shutil.copytree(ROOT / "figures", tmp_path / "figures", ignore=shutil.ignore_patterns("*"))
    (tmp_path / "notebooks").mkdir()
    _, page = annotated.build(desk.path, root=tmp_path, data=data)
    assert any("targets.csv" in fault for fault in page["faults"])
    assert "Until these are mended" in (tmp_path / "read/en/text.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_edition_of_qinyang(report, text, monkeypatch):
    """Every figure of the report is told, every chart and every row leads to its sentence; the site itself has none of it."""
    for name in ("deck", "browser", "workbook", "archive"):
        monkeypatch.setattr(site, name, lambda *_, **__: b"")
    monkeypatch.setattr(site, "figures_of", lambda folder: {})  # pictures to print are not in git
    words = proof_text.read(text)[0]
    stems = ("00-start", "01-growth", "04-targets", "08-reports", "92-every-figure")
    books = {(stem, lang): (ROOT / f"notebooks/{stem}.ipynb").read_text(encoding="utf-8") for stem in stems for lang in LANGUAGES}
    held, register = site.cards(), collection.findings(report)
    used = {i for claims in register.values() for claim in claims.values() for i in claim.ids} & set(report.rows)
    page = {lang: annotated.facts(report, words, lang, held, register, [], ROOT) for lang in LANGUAGES}
    for told in page.values():
        notes = dict(n for mark in told["marks"] for n in mark["notes"])
        assert not told["bare"] and not told["astray"] and set(notes) == set(report.rows)
        assert used == {i for i, note in notes.items() if note["findings"]}
    made = site.with_text(report, books, page)
    body = made["en/text.html"].decode()
    for stem in (*stems[:3], stems[-1], "figures"):
        links = re.findall(r'<a href="text\.html#(\w+)">', made[f"en/{stem}.html"].decode())
        assert links and all(f'id="{link}"' in body for link in links)
    for stem, card in held.items():  # every chart that shows figures of the report
        if site.notebook_of(stem) in stems:
            block = made[f"en/{site.notebook_of(stem)}.html"].decode().partition(f'id="{stem}"')[2].partition("</figure>")[0]
            assert block and all(f'href="text.html#{i}"' in block for i in card["figure_ids"] if i in report.rows), stem
    # A figure of another report is not the one of this that has its number.
    several = made["en/08-reports.html"].decode()
    assert re.search(r"[a-z]+-20\d\d:G\d\d", several) and not re.search(r'<a href="[^"]*">(?!qinyang-2023:)[a-z]+-20\d\d:', several)
    assert {stem for stem in re.findall(r'href="(\d\d-[\w-]+)\.html', body)} <= set(collection.stems())
    plain = site.pages(report, {key: book for key, book in books.items() if key[0] == stems[1]})
    sentence = max(re.split("[。\n]", words), key=len)
    assert sentence[:40] in re.sub("<[^>]+>", "", body)
    assert not any(sentence[:12].encode() in data for data in plain.values()) and "en/text.html" not in plain


@pytest.mark.slow
@each
def test_the_page_works_by_click_and_by_keyboard_offline(chromium, edition, lang):
    context, asked = chromium.new_context(viewport={"width": 1280, "height": 900}), []
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.on("console", lambda message: pytest.fail(message.text))
    page.goto((edition / lang / "text.html").as_uri() + "#D01")
    assert page.locator(".text .n.now").text_content() == "0.4" and page.locator(".note.now").is_visible()
    page.locator(".text .n", has_text="8.2").click()
    assert page.locator(".note:visible").count() == 1 and "G02" in page.text_content(".note.now")
    assert page.evaluate("document.activeElement.className").startswith("note"), "who reads by ear is at the note"
    page.keyboard.press("j")
    assert page.text_content(".text .n.now") == "210.5"
    page.keyboard.press("k")
    page.keyboard.press("k")
    assert page.text_content(".text .n.now") == "1"
    page.keyboard.press("Escape")
    assert page.locator(".note:visible").count() == 0 and page.locator(".hint").is_visible()
    for box in page.locator(".filters input").all()[1:]:
        box.uncheck()
    assert {"growth", "levels"} & set(page.locator(".text .n:not(.off)").first.get_attribute("class").split())
    page.keyboard.press("Tab")
    page.locator(".text").click(position={"x": 1, "y": 1})
    page.keyboard.press("j")
    assert page.locator(".text .n.now").count() == 1
    page.emulate_media(media="print")
    assert page.locator(".note:visible").count() == page.locator(".note:has(h3)").count(), "in print all notes are there"
    assert all(url.startswith((edition.as_uri(), "data:")) for url in asked)
    context.close()


@pytest.mark.slow
@pytest.mark.parametrize("lang, width, scheme", [("en", 390, "light"), ("en", 1280, "dark"), ("zh", 1280, "light")])
def test_the_page_is_accessible_and_fits(chromium, edition, lang, width, scheme):
    context = chromium.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    for hash in ("", "#G01"):
        page.goto((edition / lang / "text.html").as_uri() + hash)
        page.reload()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert not (said := browser.violations(page)), said
    context.close()


@pytest.mark.slow
def test_without_scripts_all_notes_are_there(chromium, edition):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((edition / "en/text.html").as_uri())
    assert page.locator(".note").count() == page.locator(".note:visible").count() == page.locator(".text .n").count()
    context.close()


def test_what_holds_the_text_is_ignored_by_git():
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {"/drafts/", "/read/"} <= set(ignored)


def test_the_command_line_asks_for_the_text(monkeypatch, capsys):
    monkeypatch.delenv("TEXT", raising=False)
    assert annotated.main([]) == 1
    assert "make read TEXT=" in capsys.readouterr().out
