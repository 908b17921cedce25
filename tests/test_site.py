"""The site: complete in both languages, no request beyond itself, accessible, and never half in place.

Slides, workbook, archive and brief stand here as mere bytes: `test_deck` and `test_takeaway` open them.
"""

import dataclasses
import html.parser
import json
import os
import re
import shutil
import unicodedata
from pathlib import Path

import browser
import pytest
from conftest import ROOT, copy_of_project
from workreport import collection
from workreport.files import WriteError, only_one
from workreport.share import site
from workreport.share.pages import MARK, cards
from workreport.tables import load

LANGUAGES = ("en", "zh")
OTHER = "jingmen-2024"  # a prefecture, entered in part
IN_CHINESE = ("01-growth", "07-explore", "08-reports")  # run here; of the others the English text stands on both pages
OF_OTHER = ("01-growth", "04-targets")
TAGS = {"en": "en", "zh": "zh-CN"}
MADE = {"deck": b"PK slides", "workbook": b"PK workbook", "archive": b"PK archive", "pdf": b"%PDF"}
each = pytest.mark.parametrize("lang", LANGUAGES)
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))


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


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A copy of the project with the notebooks that run for another report, and every figure, also those that git does not keep."""
    folder = copy_of_project(tmp_path_factory.mktemp("a project"))
    for path in (folder / "notebooks").glob("[0-9]*.ipynb"):
        if path.stem not in OF_OTHER:
            path.unlink()
    for card in cards(folder / "figures").values():
        for name in card["files"]:
            (folder / "figures" / name).touch()
    site.rerun.rerun_reports([OTHER], root=folder, say=lambda line: None)
    return folder


@pytest.fixture(scope="module")
def content(report, root):
    books = {(path.stem, lang): path.read_text(encoding="utf-8") for path in NOTEBOOKS for lang in LANGUAGES}
    jobs = [(path, "zh") for path in NOTEBOOKS if path.stem in IN_CHINESE]
    books |= {(path.stem, "zh"): text for (path, _), text in site.kernels.execute_all(jobs).items()}
    reports = [report, load(OTHER)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(site, "browser", lambda: "a browser")
        for name, data in MADE.items():
            patch.setattr(site, name, lambda *_, data=data, **__: data)
        made = site.pages(report, books, reports=reports) | site.styles() | site.figures_of(root / "figures")
        return made | site.of_another(reports[1], root, reports)


@pytest.fixture(scope="module")
def texts(content):
    return {name: data.decode() for name, data in content.items() if name.endswith(".html")}


@pytest.fixture(scope="module")
def built(content, tmp_path_factory):
    folder = tmp_path_factory.mktemp("a site 沁阳") / "site"
    site.publish(content, folder)
    return folder


def plain(text):
    return re.sub("<[^>]*>", "", text)


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
@each
def test_every_notebook_has_a_page_and_every_file_is_offered(content, texts, lang):
    names = {"index", "figures", "brief"}
    found = {Path(n).stem for n in texts if n.startswith(f"{lang}/")}
    assert found == names | {path.stem for path in NOTEBOOKS} | {"every-report"}
    assert {Path(n).stem for n in texts if n.startswith(f"{OTHER}/{lang}/")} == names | set(OF_OTHER)
    shown = "".join(text for name, text in texts.items() if name.startswith(f"{lang}/") and "index" not in name)
    for stem in cards():
        if lang == "zh" and not stem.startswith("01-"):
            continue
        files = [f"{stem}-{lang}.png", f"{stem}-{lang}.svg", f"{stem}-{lang}.pdf", f"{stem}.csv", f"{stem}.json"]
        assert all(f'href="../figures/{file}"' in shown and f"figures/{file}" in content for file in files), stem
        assert f'srcset="../figures/{stem}-{lang}-portrait.png"' in shown, "the upright picture for narrow screens"
        rows = (ROOT / f"figures/{stem}.csv").read_bytes()
        assert content[f"figures/{stem}.csv"] == MARK + rows.removeprefix(MARK), "by the mark spreadsheets know UTF-8"
    index = texts[f"{lang}/index.html"]
    taken = [f"qinyang-2023{ending}" for ending in (".xlsx", f"-slides-{lang}.pptx", f"-brief-{lang}.pdf", ".zip")]
    assert re.findall(r'class="box" href="\.\./downloads/([^"]*)"', index) == taken
    assert json.loads(content["figures/01-rates.json"])["cite"][lang]


@pytest.mark.slow
@each
def test_several_reports_are_one_site(root, texts, lang):
    assert f'href="../{OTHER}/{lang}/index.html"' in texts[f"{lang}/index.html"]
    assert f'href="../../{lang}/index.html#reports"' in texts[f"{OTHER}/{lang}/01-growth.html"]
    own = Links(texts[f"{lang}/every-report.html"]).anchors
    assert {f"{name}-{i}" for name in ("qinyang-2023", OTHER) for i in load(name).rows} <= own
    assert {"en": "Jingmen 2024", "zh": "荆门市2024年"}[lang] in plain(texts[f"{lang}/every-report.html"])
    assert f'href="../{OTHER}/{lang}/figures.html#D01"' in texts[f"{lang}/08-reports.html"]
    for name, text in texts.items():
        if name.startswith(f"{OTHER}/{lang}/"):
            assert "Qinyang" not in text and "沁阳" not in text, name
            assert 'class="dataframe"' not in text or "<td" in text
    # Notebooks lead to each other in their language; to the collection where a page is about all reports.
    folder = root / "reports" / OTHER
    for path in folder.glob(f"*-{lang}.ipynb"):
        links = re.findall(r"\]\(([^)]*\.ipynb)\)", path.read_text(encoding="utf-8"))
        assert links or path.stem.startswith(OF_OTHER[-1])
        for link in links:
            there = link.endswith(f"-{lang}.ipynb") and (folder / link).is_file()
            assert there or (ROOT / "notebooks" / Path(link).name).is_file() and link.startswith("../../notebooks/"), (path.name, link)


@pytest.mark.slow
def test_every_address_leads_somewhere_and_nothing_is_loaded_from_elsewhere(content, texts):
    links = {name: Links(text) for name, text in texts.items()}
    for name, found in links.items():
        for address in found.addresses + found.loaded:
            if address in found.addresses and address.startswith(("https://", "http://", "data:text/csv;charset=utf-8;base64,")):
                continue  # the last are rows of the explorer to take away
            if address.startswith("data:") and address in found.loaded:
                continue
            assert not re.match(r"\w+:|//", address), (name, address)
            path, _, anchor = address.partition("#")
            target = os.path.normpath(Path(name).parent / path) if path else name
            assert target in content, (name, address)
            assert not anchor or anchor in links[target].anchors, (name, address)


@pytest.mark.slow
def test_pages_are_light_and_say_what_they_are(report, content, texts):
    for name, text in texts.items():
        found = Links(text)
        files = [os.path.normpath(Path(name).parent / i["src"]) for i in found.images if not i["src"].startswith("data:")]
        files += [f"assets/{Path(path).name}" for path in found.loaded if "assets/" in path]
        assert len(text.encode()) + sum(len(content[file]) for file in files) < 3 * 2**20, name
        assert all(20 <= len(image["alt"]) <= 250 for image in found.images)
        shown = re.sub(r'href="[^"]*"|base64,[^"]*|<details class="code">.*?</details>', "", text, flags=re.S)
        assert not re.search(r"<built-in|Undefined|\bNone\b|\bnan\b|/(home|root|tmp|work)/", shown), name
        lang = Path(name).parent.name
        assert lang not in LANGUAGES or f'<html lang="{TAGS[lang]}">' in text
        if name.startswith(LANGUAGES):
            assert f'<a href="{report.meta["read_at"]}"' in text, "the report’s address is a link"


@pytest.mark.slow
@each
def test_code_is_folded_wording_left_out_and_units_are_those_of_the_language(texts, lang):
    text = texts[f"{lang}/01-growth.html"]
    outside = re.sub(r'<details class="code">.*?</details>', "", text, flags=re.S)
    assert "growth.comparisons" in plain(text) and "comparisons(" not in plain(outside)
    assert "page.claim" not in plain(text), "code of wordings is not shown"
    assert 'class="dataframe"' in text and 'class="dataframe"' not in outside
    shown = plain(texts[f"{lang}/figures.html"])
    assert "344.3亿元" in shown and ("34.43bn\u00a0yuan" in shown) == ("\u00a0yuan" in shown) == (lang == "en")


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

    monkeypatch.setattr(site.kernels, "execute_all", execute)
    monkeypatch.setattr(site.rerun, "recorded", lambda name, root: kept.get(name))
    monkeypatch.setattr(site.rerun, "record", lambda name, state, root: kept.update({name: state}))
    kept = {path.stem: "as it is"}
    for _ in range(2):  # the second time the run of last time is taken
        texts = site.executed([path], tmp_path, say=lambda line: None)
        assert asked == [(path, "en")] and texts["01-growth", "en"] == "run again"
        assert texts["01-growth", "zh"] == path.read_text(encoding="utf-8")
    kept[path.stem] = "changed"
    site.executed([path], tmp_path, say=lambda line: None)
    assert len(asked) == 2


@pytest.mark.slow
def test_no_cell_turns_into_markup(report, monkeypatch):
    """A hostile name in a table is shown as it is."""
    register = collection.findings(report)
    monkeypatch.setattr(collection, "findings", lambda _: register)
    for name in MADE:
        monkeypatch.setattr(site, name, lambda *_, **__: b"")
    table = report.tables["sources"]
    hostile = {"title": "<script>alert(1)</script>", "publisher_en": '"><img src=x>'}
    spoilt = dataclasses.replace(table, rows=[r | hostile for r in table.rows])
    other = dataclasses.replace(report, tables={**report.tables, "sources": spoilt})
    text = site.pages(other, {})["en/figures.html"].decode()
    assert "<script>alert" not in text and "<img src=x" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_a_missing_figure_is_named(report, tmp_path):
    for name in ("01-rates.json", *(set(cards()["01-rates"]["files"]) - {"01-rates-zh.svg"})):
        (tmp_path / name).write_bytes((ROOT / "figures/01-rates.json").read_bytes())
    with pytest.raises(FileNotFoundError, match=r"figures/01-rates-zh.svg is missing: run make"):
        site.figures_of(tmp_path)
    with pytest.raises(FileNotFoundError, match=r"figures/01-decomposition.json is missing: run make, or correct HEADLINES"):
        site.pages(report, {}, figures=tmp_path)


def files(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.fixture
def folder(tmp_path):
    site.publish({"index.html": b"1", "en/a.html": b"a"}, tmp_path / "site")
    return tmp_path / "site"


def test_a_site_is_put_in_place_whole_and_mended(folder):
    (folder / "en/a.html").unlink()
    (folder.with_name(".new-site") / "en").mkdir(parents=True)
    (folder.with_name(".new-site") / "en/half.html").write_text("half")
    site.publish({"index.html": b"2", "en/a.html": b"b"}, folder)
    listed = f"en/a.html\n{site.MANIFEST}\nindex.html\n".encode()
    assert files(folder.parent) == {"site/index.html": b"2", "site/en/a.html": b"b", f"site/{site.MANIFEST}": listed}


def test_what_the_site_did_not_make_is_never_lost(folder):
    (folder / "my notes.txt").write_text("mine")
    (other := folder.with_name("file")).write_text("mine")
    before = files(folder.parent)
    for place, name in ((folder, "my notes.txt"), (other, "file")):
        with pytest.raises(WriteError, match=f"{name}.*move it away"):
            site.publish({"index.html": b"2"}, place)
    assert files(folder.parent) == before


FULL, FORBIDDEN = OSError(28, "No space left"), OSError(13, "Permission denied")


@pytest.mark.parametrize("method, error", [("write_bytes", FULL), ("rename", FORBIDDEN), ("rename", KeyboardInterrupt())])
def test_a_site_that_cannot_be_put_in_place_leaves_the_old_one(folder, monkeypatch, method, error):
    """Also if it was stopped between the two renames: the next build finds the old one, even if it fails itself."""
    before, real = files(folder), getattr(Path, method)

    def refuse(path, *given):
        if ".new-site" in path.parts:
            raise error
        return real(path, *given)

    monkeypatch.setattr(Path, method, refuse)
    stopped = isinstance(error, KeyboardInterrupt)
    with pytest.raises(KeyboardInterrupt if stopped else WriteError, match=None if stopped else f"{error.strerror}.*unchanged"):
        site.publish({"index.html": b"2"}, folder)
    monkeypatch.undo()
    if stopped:
        assert files(folder.with_name(".new-site-old")) == before
        monkeypatch.setattr(Path, "write_bytes", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left")))
        with pytest.raises(WriteError, match="No space left"):
            site.publish({"index.html": b"3"}, folder)
    assert files(folder) == before and [p.name for p in folder.parent.iterdir()] == ["site"]


def test_an_unchanged_site_is_not_made_again(monkeypatch, tmp_path):
    made = []
    shutil.copytree(ROOT / "data", tmp_path / "data")
    monkeypatch.setattr(site.rerun, "rerun_reports", lambda *_, **__: None)
    monkeypatch.setattr(site, "executed", lambda *_: {})
    monkeypatch.setattr(site, "pages", lambda report, *_, **__: made.append(report.name) or {"en/index.html": b"x"})
    monkeypatch.setattr(site, "of_another", lambda report, *_: {f"{report.name}/en/index.html": b"y"})
    for change in (None, tmp_path / "README.md", tmp_path / "data/README.md", tmp_path / "site/en/index.html"):
        if change:
            change.write_text("changed")
        made.clear()
        assert [site.build(root=tmp_path), site.build(root=tmp_path)] == [5, 5] and made == ["qinyang-2023"], change


@pytest.mark.parametrize("held", [True, False])
def test_a_build_that_ends_early_says_why(monkeypatch, tmp_path, capsys, held):
    def stopped(**_):
        raise KeyboardInterrupt

    monkeypatch.setattr(site.rerun, "clear", lambda: None)
    monkeypatch.setattr(site, "ROOT", tmp_path)
    monkeypatch.setattr(site, "build", stopped)
    with only_one(tmp_path / (".venv/rerun" if held else "elsewhere")):
        assert site.main([]) == (1 if held else 130)
    assert ("another make is at work" if held else "Stopped.") in capsys.readouterr().out


@pytest.mark.slow
def test_every_page_in_a_browser(built, chromium):
    """No error, no request beyond the site, every image drawn, on a phone nothing off the screen; no violation that axe finds."""
    page, said, asked = chromium.new_page(), [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    chinese = [built / f"zh/{name}.html" for name in ("index", "figures", "brief", *IN_CHINESE)]
    for path in [*sorted((built / "en").glob("*.html")), *chinese, built / OTHER / "zh/index.html"]:
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": 360, "height": 700})
        page.goto(path.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
        page.set_viewport_size({"width": 1280, "height": 720})
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        missing = page.evaluate("""async () => {
            const missing = () => [...document.images].filter(i => !i.naturalWidth).map(i => i.src);
            document.querySelectorAll('img').forEach(i => { i.loading = 'eager'; });
            for (let n = 0; n < 200 && missing().length; n++) await new Promise(done => setTimeout(done, 50));
            return missing();
        }""")
        assert not missing, path
        assert said == [] and all(url.startswith((built.as_uri(), "data:")) for url in asked), (path, said, asked)
        # Pages of a kind are alike in both languages; rows of a long table too, and axe looks at every cell.
        kinds = ("index", "figures", "brief", "01-growth", "07-explore", "92-every-figure")
        if path in {built / "zh/01-growth.html", *(built / f"en/{kind}.html" for kind in kinds)}:
            page.evaluate("document.querySelectorAll('tbody tr:nth-child(n + 8)').forEach(row => row.remove())")
            assert not (wrong := browser.violations(page)), wrong
            if path.stem in ("index", "figures", "01-growth"):
                page.emulate_media(color_scheme="dark")  # colours are all that differs in the dark
                assert not (wrong := browser.violations(page, runOnly=["color-contrast"])), wrong
    page.close()


@pytest.mark.slow
def test_a_violation_and_a_request_beyond_the_site_would_be_seen(built, chromium):
    page, said = chromium.new_page(), []
    page.on("console", lambda message: said.append(message.text))
    page.goto((built / "en/index.html").as_uri())
    with page.expect_console_message(lambda message: "Content Security Policy" in message.text):
        page.evaluate("document.body.append(Object.assign(new Image(), {src: 'http://127.0.0.1:9/x.png'}))")
    page.set_content("<html lang=en><title>x</title><main><h1>x</h1><img src='data:,'></main></html>")
    assert "image-alt" in browser.violations(page)
    page.close()


@pytest.mark.slow
@pytest.mark.parametrize(("locale", "lang"), [("zh-CN", "zh"), ("de-DE", "en")])
def test_the_first_page_opens_in_the_readers_language_and_the_switch_keeps_the_page(built, chromium, locale, lang):
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
def test_a_figure_is_found_sorted_and_followed_to_its_chart(built, chromium, lang):
    page = chromium.new_page()
    page.goto((built / lang / "figures.html").as_uri() + "#T05")
    page.locator(".search").first.wait_for()
    place = page.locator("#T05").bounding_box()
    assert place["y"] > 0 and place["y"] + place["height"] < page.viewport_size["height"], "a linked row is in view"
    table = page.locator("table.lookup").first
    rows = table.locator("tbody tr:not([hidden])")
    total = rows.count()
    first, second = page.get_by_role("searchbox").all()
    first.fill("344.3")
    assert rows.count() == 1 < total and "344.3" in rows.first.inner_text()
    for box in (first, second):
        box.fill("全省 gdp")  # by any name of an area and of an indicator
    published = page.locator("table.lookup").nth(1).locator("tbody tr:not([hidden])")
    assert rows.count() == 0 and "P032" in published.evaluate_all("rows => rows.map(row => row.id)")
    nothing = {"en": "Nothing found: try a shorter word", "zh": "未找到：请换一个较短的词"}[lang]
    assert page.get_by_role("status").first.inner_text() == nothing
    first.fill("")
    at = 3  # the value
    head = table.locator("thead th").nth(at)
    head.get_by_role("button").focus()
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "ascending" and rows.count() == total
    order = rows.evaluate_all(f"rows => rows.map(row => Number(row.cells[{at}].dataset.order || 0))")
    assert order == sorted(order) and len(order) == total
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    link = rows.locator("td:last-child a").first
    stem = link.get_attribute("href").partition("#")[2]
    link.click()
    assert page.locator(f"[id='{stem}'] img").is_visible()
    page.close()


@pytest.mark.slow
def test_by_keyboard_and_in_print(built, chromium, tmp_path):
    from pypdf import PdfReader

    page = chromium.new_page()
    page.goto((built / "zh/01-growth.html").as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")
    page.locator("details.code summary").first.focus()
    assert not page.locator("details.code .source").first.is_visible()
    page.keyboard.press("Enter")
    assert page.locator("details.code .source").first.is_visible()
    page.pdf(path=tmp_path / "page.pdf")
    printed = unicodedata.normalize("NFKC", "".join(p.extract_text() for p in PdfReader(tmp_path / "page.pdf").pages))
    printed = printed.replace("⻓", "长")  # a radical in the place of the character
    assert site.title_of("01-growth")["zh"][:4] in printed and "growth.comparisons(" not in printed
    page.close()


@pytest.mark.slow
def test_on_a_phone_and_without_scripts(built, chromium):
    page = chromium.new_page(viewport={"width": 360, "height": 700})
    page.goto((built / "en/01-growth.html").as_uri())
    assert page.locator("figure.chart img").first.evaluate("image => image.currentSrc.endsWith('-portrait.png')")
    page.goto((built / "en/figures.html").as_uri())
    page.locator("table.lookup tbody tr:nth-child(n + 30)").evaluate_all("rows => rows.forEach(row => row.remove())")
    for box in filter(None, (cell.bounding_box() for cell in page.locator("#G01 td").all())):
        assert box["x"] >= 0 and box["x"] + box["width"] <= 360, "every cell of a row is on the screen, under its heading"
    assert "Section" in page.locator("#G01 td").evaluate_all("cells => cells.map(c => c.dataset.head)")
    assert not (wrong := browser.violations(page)), wrong
    page.close()
    context = chromium.new_context(viewport={"width": 360, "height": 700}, java_script_enabled=False)
    page = context.new_page()
    for name in ("index", "01-growth", "figures"):
        page.goto((built / f"en/{name}.html").as_uri())
        box = page.locator("main").bounding_box()
        assert box["x"] >= 0 and box["width"] <= 360, name
    assert page.locator("table.lookup tbody tr").count() > 200
    context.close()


@pytest.mark.slow
@each
def test_a_caption_is_copied_with_one_click(built, chromium, lang):
    context = chromium.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto((built / lang / "01-growth.html").as_uri())
    page.locator("figcaption summary").first.click()
    page.locator("button.copy").first.click()
    page.wait_for_function("document.querySelector('button.copy').textContent === document.body.dataset.copied")
    caption = page.locator(".caption").first.inner_text()
    assert page.evaluate("navigator.clipboard.readText()") == caption == site.caption(cards()["01-rates"], lang)
    context.close()
