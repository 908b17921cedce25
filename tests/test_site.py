"""The site: complete in both languages, no request beyond itself, accessible, and never half in place."""

import html.parser
import json
import os
import re
import unicodedata
from pathlib import Path

import browser
import pytest
from conftest import ROOT
from workreport.files import WriteError
from workreport.share import site
from workreport.share.pages import MARK, cards
from workreport.tables import load

LANGUAGES = ("en", "zh")
OTHER = "jingmen-2024"  # a prefecture, entered in part
TAGS = {"en": "en", "zh": "zh-CN"}
each = pytest.mark.parametrize("lang", LANGUAGES)


class Links(html.parser.HTMLParser):
    """Addresses, anchors and images of a page."""

    def __init__(self, text):
        super().__init__()
        self.addresses, self.loaded, self.anchors, self.images = [], [], set(), []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        facts = dict(attributes)
        self.anchors |= {facts["id"]} if "id" in facts else set()
        self.addresses += [facts["href"]] if "href" in facts and tag == "a" else []
        self.loaded += [facts[k] for k in ("src", "srcset", "href") if k in facts and tag != "a"]
        self.images += [facts] if tag == "img" else []


@pytest.fixture(scope="session")
def content(report, chinese, drawn):
    notebooks = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
    books = {(path.stem, "en"): path.read_text(encoding="utf-8") for path in notebooks} | {(stem, "zh"): text for stem, text in chinese.items()}
    site.rerun.rerun_reports([OTHER], root=drawn, say=lambda line: None)
    reports = [report, load(OTHER)]
    return site.pages(report, books, reports=reports) | site.assets(root=drawn) | site.of_another(reports[1], notebooks, drawn, reports)


@pytest.fixture(scope="session")
def built(content, tmp_path_factory):
    folder = tmp_path_factory.mktemp("a site 沁阳") / "site"
    site.publish(content, folder)
    return folder


def pages_of(content):
    return {name: data.decode() for name, data in content.items() if name.endswith(".html")}


def test_templates_say_everything_in_both_languages():
    """Words stand where they are used, English and Chinese side by side."""
    for path in site.TEMPLATES.rglob("*.j2"):
        text = path.read_text(encoding="utf-8")
        pairs = re.findall(r't\("([^"]*)", "([^"]*)"\)', text)
        assert len(pairs) == len(re.findall(r"\bt\(", text)), path.name
        assert all(not re.search(r"[\u4e00-\u9fff]", en) or en == "中文" for en, _ in pairs), path.name
        bare = re.sub(r"\{[%{#].*?[%}#]\}", "", text, flags=re.S)
        assert not re.search(r"[\u4e00-\u9fff]", bare), (path.name, "a Chinese word outside t()")


@pytest.mark.slow
def test_every_notebook_has_a_page_in_each_language(content):
    names = {path.stem for path in (ROOT / "notebooks").glob("[0-9]*.ipynb")} | {"index", "figures", "brief"}
    for lang in LANGUAGES:
        assert {Path(n).stem for n in content if n.startswith(f"{lang}/")} == names | {"every-report"}
        assert {Path(n).stem for n in content if n.startswith(f"{OTHER}/{lang}/")} == names - {"08-reports"}, "one page is about all"


@pytest.mark.slow
def test_notebooks_of_another_report_lead_to_each_other(content, drawn):
    """Beside each other in their language; to the collection where a page is about all reports."""
    folder, seen = drawn / "reports" / OTHER, set()
    for path in sorted(folder.glob("*.ipynb")):
        lang = path.stem[-2:]
        for link in re.findall(r"\]\(([^)]*\.ipynb)\)", path.read_text(encoding="utf-8")):
            assert (folder / link).resolve().is_file(), (path.name, link)
            assert link.endswith(f"-{lang}.ipynb") or link.startswith("../../notebooks/"), (path.name, link)
            seen.add(link)
    assert len(seen) > 10


@pytest.mark.slow
@each
def test_several_reports_are_one_site(content, lang):
    texts = pages_of(content)
    assert f'href="../{OTHER}/{lang}/index.html"' in texts[f"{lang}/index.html"]
    assert f'href="../../{lang}/index.html#reports"' in texts[f"{OTHER}/{lang}/01-growth.html"]
    every = re.sub("<[^>]*>", " ", texts[f"{lang}/every-report.html"])
    own = Links(texts[f"{lang}/every-report.html"]).anchors
    for name in ("qinyang-2023", OTHER):
        assert {f"{name}-{i}" for i in load(name).rows} <= own
    assert {"en": "Jingmen 2024", "zh": "荆门市2024年"}[lang] in every
    assert f'href="../{OTHER}/{lang}/figures.html#D01"' in texts[f"{lang}/08-reports.html"]
    for name, text in texts.items():
        if name.startswith(f"{OTHER}/{lang}/"):
            assert "Qinyang" not in text and "沁阳" not in text, name
            assert 'class="dataframe"' not in text or "<td" in text


@pytest.mark.slow
def test_every_address_leads_somewhere_and_nothing_is_loaded_from_elsewhere(content):
    texts = pages_of(content)
    links = {name: Links(text) for name, text in texts.items()}
    for name, found in links.items():
        for address in found.addresses + found.loaded:
            if address.startswith(("https://", "http://")) and address in found.addresses:
                continue
            if address.startswith("data:") and address in found.loaded:
                continue
            if address.startswith("data:text/csv;charset=utf-8;base64,"):  # rows of the explorer to take away
                continue
            assert not re.match(r"\w+:|//", address), (name, address)
            path, _, anchor = address.partition("#")
            target = os.path.normpath(Path(name).parent / path) if path else name
            assert target in content, (name, address)
            assert not anchor or anchor in links[target].anchors, (name, address)


@pytest.mark.slow
def test_pages_are_light_and_say_what_they_are(content):
    for name, text in pages_of(content).items():
        found = Links(text)
        weight = len(text.encode()) + sum(
            len(content[os.path.normpath(Path(name).parent / i["src"])]) for i in found.images if not i["src"].startswith("data:")
        )
        weight += sum(len(content[f"assets/{Path(p).name}"]) for p in found.loaded if "assets/" in p)
        assert weight < 3 * 2**20, (name, weight)
        assert all(20 <= len(image["alt"]) <= 250 for image in found.images)
        shown = re.sub(r'href="[^"]*"|base64,[^"]*|<details class="code">.*?</details>', "", text, flags=re.S)
        assert not re.search(r"<built-in|Undefined|\bNone\b|\bnan\b|/(home|root|tmp|work)/", shown), name
        lang = Path(name).parent.name
        if lang in LANGUAGES:
            assert f'<html lang="{TAGS[lang]}">' in text


@pytest.mark.slow
@each
def test_every_chart_is_shown_with_everything_to_take_away(content, lang):
    text = "".join(t for n, t in pages_of(content).items() if n.startswith(f"{lang}/") and "index" not in n)
    for stem in cards():
        for file in (*(f"{stem}-{lang}.{kind}" for kind in ("png", "svg", "pdf")), f"{stem}.csv", f"{stem}.json"):
            assert f'href="../figures/{file}"' in text, file
        assert f'srcset="../figures/{stem}-{lang}-portrait.png"' in text, "the upright picture for narrow screens"


@pytest.mark.slow
@each
def test_code_is_folded_and_wording_left_out(content, lang):
    text = content[f"{lang}/01-growth.html"].decode()
    outside = re.sub(r'<details class="code">.*?</details>', "", text, flags=re.S)
    assert "growth.comparisons" in re.sub("<[^>]*>", "", text) and "comparisons(" not in re.sub("<[^>]*>", "", outside)
    assert "page.claim" not in re.sub("<[^>]*>", "", text), "code of wordings is not shown"
    assert 'class="dataframe"' in text and 'class="dataframe"' not in outside


@pytest.mark.slow
def test_english_units_stand_on_english_pages_only(content):
    shown = {lang: re.sub("<[^>]*>", "", content[f"{lang}/figures.html"].decode()) for lang in LANGUAGES}
    assert "344.3亿元" in shown["zh"] and "\u00a0yuan" not in shown["zh"]
    assert "34.43bn\u00a0yuan" in shown["en"]


def test_the_english_page_is_english_whatever_the_file_says(monkeypatch, tmp_path):
    """A notebook left in Chinese is run once more in English, and the file itself is the Chinese page."""
    book = json.loads((ROOT / "notebooks/01-growth.ipynb").read_text(encoding="utf-8"))
    cell = next(c for c in book["cells"] if "parameters" in c["metadata"].get("tags", ()))
    cell["source"] = [line.replace('language = "en"', 'language = "zh"') for line in cell["source"]]
    path = tmp_path / "01-growth.ipynb"
    path.write_text(json.dumps(book, ensure_ascii=False), encoding="utf-8")
    asked = []

    def execute(jobs, finished):
        asked.extend(jobs)
        for job in jobs:
            finished(job, "run again", None, 0)

    monkeypatch.setattr(site.rerun, "execute_all", execute)
    texts = site.executed([path], tmp_path, say=lambda line: None)
    assert asked == [(path, "en")] and texts["01-growth", "en"] == "run again"
    assert texts["01-growth", "zh"] == path.read_text(encoding="utf-8")


@pytest.mark.slow
def test_rows_for_spreadsheets_begin_with_the_mark_of_utf8(content):
    for name, data in content.items():
        if name.startswith("figures/") and name.endswith(".csv"):
            assert data == MARK + (ROOT / name).read_bytes().removeprefix(MARK)


@pytest.mark.slow
def test_no_cell_turns_into_markup(report, content):
    """A hostile name in a table is shown as it is."""
    import dataclasses

    table = report.tables["sources"]
    hostile = {"title": "<script>alert(1)</script>", "publisher_en": '"><img src=x>'}
    spoilt = dataclasses.replace(table, rows=[r | hostile for r in table.rows])
    other = dataclasses.replace(report, tables={**report.tables, "sources": spoilt})
    text = site.pages(other, {})["en/figures.html"].decode()
    assert "<script>alert" not in text and "<img src=x" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_a_deleted_figure_is_named(tmp_path):
    import shutil

    shutil.copytree(ROOT / "figures", tmp_path / "figures")
    for card in cards(tmp_path / "figures").values():
        for name in card["files"]:  # some are not kept in git
            (tmp_path / "figures" / name).touch()
    name = next((tmp_path / "figures").glob("*-zh.svg")).name
    (tmp_path / "figures" / name).unlink()
    with pytest.raises(FileNotFoundError, match=f"figures/{name} is missing: run make"):
        site.assets(root=tmp_path)


def files(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_site_is_put_in_place_whole_and_mended(tmp_path):
    folder = tmp_path / "site"
    site.publish({"index.html": b"1", "en/a.html": b"a"}, folder)
    (folder / "en/a.html").unlink()
    (tmp_path / ".new-site/en").mkdir(parents=True)
    (tmp_path / ".new-site/en/half.html").write_text("half")
    site.publish({"index.html": b"2", "en/a.html": b"b"}, folder)
    assert files(folder) == {
        "index.html": b"2",
        "en/a.html": b"b",
        site.MANIFEST: f"en/a.html\n{site.MANIFEST}\nindex.html\n".encode(),
    }
    assert [p.name for p in tmp_path.iterdir()] == ["site"]


def test_what_the_site_did_not_make_is_never_lost(tmp_path):
    folder = tmp_path / "site"
    site.publish({"index.html": b"1"}, folder)
    (folder / "my notes.txt").write_text("mine")
    before = files(folder)
    with pytest.raises(WriteError, match="my notes.txt.*move it away"):
        site.publish({"index.html": b"2"}, folder)
    assert files(folder) == before
    other = tmp_path / "file"
    other.write_text("mine")
    with pytest.raises(WriteError, match="move it away"):
        site.publish({"index.html": b"2"}, other)


def test_a_site_that_cannot_be_written_leaves_the_old_one(tmp_path, monkeypatch):
    folder = tmp_path / "site"
    site.publish({"index.html": b"1"}, folder)
    before = files(folder)

    def full(path, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(WriteError, match="No space left on device.*unchanged"):
        site.publish({"index.html": b"2"}, folder)
    monkeypatch.undo()
    assert files(folder) == before and [p.name for p in tmp_path.iterdir()] == ["site"]


def test_a_rename_that_fails_puts_the_old_site_back(tmp_path, monkeypatch):
    folder = tmp_path / "site"
    site.publish({"index.html": b"1"}, folder)
    rename = Path.rename

    def stuck(path, target):
        if path.name == ".new-site":
            raise OSError(13, "Permission denied")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", stuck)
    with pytest.raises(WriteError, match="Permission denied"):
        site.publish({"index.html": b"2"}, folder)
    assert (folder / "index.html").read_bytes() == b"1"


def test_a_build_stopped_between_the_renames_loses_no_site(tmp_path, monkeypatch):
    folder = tmp_path / "site"
    site.publish({"index.html": b"1"}, folder)
    rename = Path.rename

    def stopped(path, target):
        if path.name == ".new-site":
            raise KeyboardInterrupt
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", stopped)
    with pytest.raises(KeyboardInterrupt):
        site.publish({"index.html": b"2"}, folder)
    monkeypatch.undo()
    assert files(tmp_path / ".new-site-old")["index.html"] == b"1"

    def full(path, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(WriteError, match="No space left"):
        site.publish({"index.html": b"3"}, folder)
    assert files(folder)["index.html"] == b"1" and [p.name for p in tmp_path.iterdir()] == ["site"]


def test_a_stopped_build_says_what_to_do(tmp_path, monkeypatch, capsys):
    def stopped(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(site.rerun, "clear", lambda: None)
    monkeypatch.setattr(site, "ROOT", tmp_path)
    monkeypatch.setattr(site, "build", stopped)
    assert site.main([]) == 130
    assert capsys.readouterr().out.startswith("Stopped.")


def test_a_second_build_says_so(monkeypatch, tmp_path, capsys):
    from workreport.files import only_one

    monkeypatch.setattr(site, "ROOT", tmp_path)
    with only_one(tmp_path / ".venv/rerun"):
        assert site.main([]) == 1
    assert "another make is at work" in capsys.readouterr().out


@pytest.mark.slow
@each
def test_every_page_in_a_browser(chromium, built, lang):
    """No error, no request beyond the site, every image drawn, no violation that axe finds, in light and dark."""
    from axe_playwright_python.sync_playwright import Axe

    for path in sorted((built / lang).glob("*.html")):
        page, said, asked = chromium.new_page(), [], []
        page.on("console", lambda message, said=said: said.append(message.text))
        page.on("pageerror", lambda error, said=said: said.append(str(error)))
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.goto(path.as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        page.evaluate("Promise.all([...document.images].map(i => i.decode().catch(() => {})))")
        assert page.evaluate("[...document.images].every(i => i.naturalWidth > 0)"), path.name
        assert said == [], (path.name, said)
        assert all(url.startswith((built.as_uri(), "data:")) for url in asked), (path.name, asked)
        # Rows of a long table are alike, and axe looks at every cell.
        page.evaluate(
            "document.querySelectorAll('table.lookup tbody tr:nth-child(n + 30)').forEach(row => row.remove())"
        )
        # Colours are all that differs in the dark.
        few = path.stem in ("index", "figures", "01-growth", "07-explore")  # pages are alike in both languages
        schemes = (("light", {}), ("dark", {"runOnly": ["color-contrast"]}))
        for scheme, rules in schemes if few else schemes[:1] if lang == "zh" else ():
            page.emulate_media(color_scheme=scheme)
            result = Axe().run(page, options={"preload": False, "resultTypes": ["violations"]} | rules)
            assert result.violations_count == 0, f"{path.name} ({scheme}): {result.generate_report()}"
        page.close()


@pytest.mark.slow
def test_axe_would_see_a_violation(chromium):
    from axe_playwright_python.sync_playwright import Axe

    page = chromium.new_page()
    page.set_content("<html lang=en><title>x</title><main><h1>x</h1><img src='data:,'></main></html>")
    assert Axe().run(page, options={"preload": False}).violations_count > 0
    page.close()


@pytest.mark.slow
def test_a_request_beyond_the_site_would_be_refused_and_seen(chromium, built):
    page, said = chromium.new_page(), []
    page.on("console", lambda message: said.append(message.text))
    page.goto((built / "en/index.html").as_uri())
    page.evaluate("document.body.append(Object.assign(new Image(), {src: 'http://127.0.0.1:9/x.png'}))")
    page.wait_for_timeout(200)
    assert any("Content Security Policy" in text for text in said)
    page.close()


@pytest.mark.slow
@pytest.mark.parametrize(("locale", "lang"), [("zh-CN", "zh"), ("en-GB", "en"), ("de-DE", "en")])
def test_the_first_page_opens_in_the_readers_language_and_the_switch_keeps_the_page(chromium, built, locale, lang):
    context = chromium.new_context(locale=locale)
    page = context.new_page()
    page.goto((built / "index.html").as_uri())
    page.wait_for_url(f"**/{lang}/index.html")
    page.goto((built / lang / "04-targets.html").as_uri())
    page.click("a.language")
    other = {"en": "zh", "zh": "en"}[lang]
    assert page.url.endswith(f"/{other}/04-targets.html")
    assert page.get_attribute("html", "lang") == TAGS[other]
    context.close()


@pytest.mark.slow
@each
def test_a_figure_is_found_sorted_and_followed_to_its_chart(chromium, built, lang, report):
    page = chromium.new_page()
    page.goto((built / lang / "figures.html").as_uri())
    table = page.locator("table.lookup").first
    rows = table.locator("tbody tr:not([hidden])")
    total = rows.count()
    box = page.get_by_role("searchbox").first
    box.fill("344.3")
    assert rows.count() == 1 < total and "344.3" in rows.first.inner_text()
    box.fill("全省 gdp")  # by any name of an area and of an indicator
    found = rows.evaluate_all("rows => rows.map(row => row.id)")
    published = page.locator("table.lookup").nth(1).locator("tbody tr:not([hidden])")
    page.get_by_role("searchbox").nth(1).fill("全省 gdp")
    assert not found and {"P032"} <= set(published.evaluate_all("rows => rows.map(row => row.id)"))
    assert (
        page.get_by_role("status").first.inner_text()
        == {"en": "Nothing found: try a shorter word", "zh": "未找到：请换一个较短的词"}[lang]
    )
    box.fill("")
    at = 3  # the value
    head = table.locator("thead th").nth(at)
    head.get_by_role("button").focus()
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "ascending" and rows.count() == total
    order = [float(c.get_attribute("data-order") or 0) for c in rows.locator(f"td:nth-child({at + 1})").all()]
    assert order == sorted(order) and len(order) == total
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    link = rows.locator("td:last-child a").first
    stem = link.get_attribute("href").partition("#")[2]
    link.click()
    assert page.locator(f"[id='{stem}'] img").is_visible()
    page.close()


@pytest.mark.slow
def test_a_linked_row_is_marked_and_in_view(chromium, built):
    page = chromium.new_page()
    page.goto((built / "en/figures.html").as_uri() + "#T05")
    page.locator(".search").first.wait_for()
    assert page.locator("#T05").evaluate(
        "e => { const b = e.getBoundingClientRect(); return b.top > 0 && b.bottom < innerHeight }"
    )
    page.close()


@pytest.mark.slow
@each
def test_keyboard_phone_print_and_no_scripts(chromium, built, lang, tmp_path):
    page = chromium.new_page()
    page.goto((built / lang / "01-growth.html").as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")
    summary = page.locator("details.code summary").first
    summary.focus()
    assert not page.locator("details.code .source").first.is_visible()
    page.keyboard.press("Enter")
    assert page.locator("details.code .source").first.is_visible()
    page.pdf(path=tmp_path / "page.pdf")
    from pypdf import PdfReader

    printed = unicodedata.normalize("NFKC", "".join(p.extract_text() for p in PdfReader(tmp_path / "page.pdf").pages))
    printed = printed.replace("⻓", "长")  # a radical in the place of the character
    assert site.title_of("01-growth")[lang][:4] in printed and "growth.comparisons(" not in printed
    page.close()
    page = chromium.new_page(viewport={"width": 360, "height": 700})
    page.goto((built / lang / "01-growth.html").as_uri())
    assert page.locator("figure.chart img").first.evaluate("image => image.currentSrc.endsWith('-portrait.png')")
    page.close()
    page = chromium.new_page(viewport={"width": 360, "height": 700})
    page.goto((built / lang / "figures.html").as_uri())
    page.locator("table.lookup tbody tr:nth-child(n + 30)").evaluate_all("rows => rows.forEach(row => row.remove())")
    for cell in page.locator("#G01 td").all():  # every cell of a row is on the screen, under its heading
        box = cell.bounding_box()
        assert box is None or (box["x"] >= 0 and box["x"] + box["width"] <= 360)
    assert {"en": "Section", "zh": "所在部分"}[lang] in page.locator("#G01 td").evaluate_all("cells => cells.map(c => c.dataset.head)")
    assert not browser.violations(page)
    page.close()
    for name in ("index", "01-growth", "figures"):
        context = chromium.new_context(viewport={"width": 360, "height": 700}, java_script_enabled=False)
        page = context.new_page()
        page.goto((built / lang / f"{name}.html").as_uri())
        box = page.locator("main").bounding_box()
        assert box["x"] >= 0 and box["width"] <= 360, name
        if name == "figures":
            assert page.locator("table.lookup tbody tr").count() > 200
        context.close()
    page = chromium.new_page(viewport={"width": 360, "height": 700})
    for path in sorted((built / lang).glob("*.html")):
        page.goto(path.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path.name
    page.close()


@pytest.mark.slow
@each
def test_a_caption_is_copied_with_one_click(chromium, built, lang):
    context = chromium.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto((built / lang / "01-growth.html").as_uri())
    page.locator("figcaption summary").first.click()
    button = page.locator("button.copy").first
    button.click()
    page.wait_for_function("document.querySelector('button.copy').textContent === document.body.dataset.copied")
    caption = page.locator(".caption").first.inner_text()
    assert page.evaluate("navigator.clipboard.readText()") == caption == site.caption(cards()["01-rates"], lang)
    context.close()


@pytest.mark.slow
@each
def test_the_reports_address_is_a_link_on_every_page(content, report, lang):
    for name, text in pages_of(content).items():
        if name.startswith(f"{lang}/"):
            assert f'<a href="{report.meta["read_at"]}"' in text, name


@pytest.mark.slow
@each
def test_downloads_open(built, lang):
    found = Links((built / lang / "index.html").read_text(encoding="utf-8"))
    taken = dict.fromkeys(a for a in found.addresses if "downloads/" in a)
    begins = {Path(a).suffix: (built / lang / a).read_bytes()[:4] for a in taken}
    assert len(taken) == 4 and begins.pop(".pdf") == b"%PDF" and begins.keys() == {".xlsx", ".pptx", ".zip"}
    assert all(data.startswith(b"PK") for data in begins.values())
    card = next(a for a in found.addresses if a.endswith(".json"))
    assert json.loads((built / lang / card).read_bytes())["cite"][lang]
