"""The notebooks in JupyterLab, in a real browser: open, Run All, and the explorer by hand."""

import base64
import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import browser
import lab
import pytest
from conftest import ROOT
from lab import IDLE, NOTEBOOK, SOURCES

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """Address of a JupyterLab over a copy of the project, and the folder of the copy."""
    with lab.serving(tmp_path_factory.mktemp("lab")) as found:
        yield found


@pytest.fixture
def opened(served, chromium):
    """Open a notebook, wait for its kernel; afterwards no request may have left the machine."""
    context = chromium.new_context(viewport={"width": 1400, "height": 1000}, locale="en-GB")
    context.set_default_timeout(lab.LIMIT * 1000)
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: asked.append(socket.url))

    def open_notebook(name):
        lab.open_notebook(page, served[0].format(name))
        return page

    yield open_notebook
    assert asked and not browser.outside(asked)
    context.close()


def run_all(page, language=None):
    """Run All; no cell may end in an error or print anything."""
    lab.run_all(page, language)
    outputs = page.evaluate(f"() => {lab.SOURCES}.map(c => c.outputs.toJSON())")
    assert not [o for cell in outputs for o in cell if o["output_type"] in ("error", "stream")]
    assert page.get_by_text("Error displaying widget").count() == 0


def images(page):
    """Every chart on the page: alt text, bytes, and how many colours its pixels show."""
    found = page.evaluate("""() => Promise.all([...document.querySelectorAll('.jp-Notebook figure img')].map(
    async image => {
        await image.decode();
        const canvas = Object.assign(document.createElement('canvas'), {width: 200, height: 125});
        const pen = canvas.getContext('2d');
        pen.drawImage(image, 0, 0, 200, 125);
        const pixels = new Uint32Array(pen.getImageData(0, 0, 200, 125).data.buffer);
        const wide = image.getBoundingClientRect().width, colours = new Set(pixels).size;
        return {alt: image.alt, src: image.src, wide, colours};
    }))""")
    return [{**image, "png": base64.b64decode(image["src"].partition(",")[2])} for image in found]


def answer(page):
    """What the answer at the top says."""
    return page.locator(".jp-RenderedMarkdown", has_text=re.compile("The answer|结论")).first.inner_text()


def test_a_notebook_opens_as_it_was_saved_and_runs(opened, served):
    page = opened("01-growth")
    saved = {path.read_bytes(): path.name for path in (ROOT / "figures").glob("01-*-en.png")}
    before = images(page)
    assert [saved[image["png"]] for image in before] and all(image["wide"] > 400 for image in before)
    folded = page.evaluate(f"() => {SOURCES}.map(c => [c.metadata.tags[0], !!c.metadata.jupyter?.source_hidden])")
    assert {tuple(pair) for pair in folded} == {("wording", True), ("data", False), ("chart", False), ("parameters", False)}
    assert page.locator(".jp-Placeholder:visible").count() > 0
    wide = page.evaluate("""() => [...document.querySelectorAll('.dataframe')].map(
        table => [table.scrollWidth, table.closest('.jp-OutputArea-output').clientWidth])""")
    assert wide and all(table <= room * 2 for table, room in wide)
    charts_are_handed_out(page)
    assert not page.evaluate(f"() => {NOTEBOOK}.context.model.dirty"), "closing it would ask to save"

    left = {path: path.read_bytes() for path in (served[1] / "figures").iterdir()}
    run_all(page, "zh")
    after = images(page)
    told = [json.loads((ROOT / f"figures/{saved[image['png']].removesuffix('-en.png')}.json").read_text("utf-8")) for image in before]
    assert [image["alt"] for image in after] == [card["alt"]["zh"] for card in told]
    assert all(image["colours"] > 20 for image in after)
    assert "运行下面" not in answer(page) and "%" in answer(page), "filled by the cells below it"
    assert {path: path.read_bytes() for path in (served[1] / "figures").iterdir()} == left, "running a cell writes nothing"
    page.locator(".jp-Notebook figcaption a").first.click()  # the numbers, in a tab of their own
    page.wait_for_function("() => window.jupyterapp.shell.currentWidget?.title.label.endsWith('.csv')")


def charts_are_handed_out(page):
    """Under each chart are its numbers, pictures and captions, and the links open."""
    found = page.locator(".jp-Notebook figure").evaluate_all(
        "all => all.map(f => [[...f.querySelectorAll('figcaption a')].map(a => a.href), f.querySelector('details')?.textContent])"
    )
    assert len(found) > 2
    for links, said in found:
        assert [Path(urlsplit(link).path).suffix for link in links] == [".csv", ".png", ".png", ".svg"]
        assert "CC BY 4.0" in said and "资料来源" in said and "Source: " in said and "Alt text" in said
    assert all(page.request.get(link).ok for link in found[0][0])


def test_charts_of_ones_own_show(opened, served):
    import nbformat.v4 as v4

    code = re.search(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.S)[1]
    cells = [v4.new_code_cell(text) for text in (code, code, "import matplotlib.pyplot as plt; plt.plot([1, 2]);")]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    file = served[1] / "notebooks/mine.ipynb"
    file.write_text(json.dumps(v4.new_notebook(cells=cells, metadata=kernel)), encoding="utf-8")
    page = opened("mine")
    run_all(page)
    shown = page.evaluate(f"() => {SOURCES}.map(c => c.outputs.toJSON().some(o => o.data?.['image/png']))")
    assert shown == [True, True, True]


def controls_fit(page, width):
    """The controls of the explorer never overlap, and nothing is cut."""
    page.set_viewport_size({"width": width, "height": 900})
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    boxes = page.locator(".jp-OutputArea-output .widget-vbox").first.locator("input, select, button, label:visible").evaluate_all(
        "all => all.map(e => { const b = e.getBoundingClientRect(); return [b.left, b.top, b.right, b.bottom]; }).filter(b => b[2] > b[0])"
    )
    assert len(boxes) > 8
    room, wide = page.locator(".jp-OutputArea-output:has(.widget-vbox)").first.evaluate("o => [o.clientWidth, o.scrollWidth]")
    assert wide <= room, "nothing is cut"
    for n, a in enumerate(boxes):
        for b in boxes[n + 1 :]:
            assert min(a[2], b[2]) - max(a[0], b[0]) < 2 or min(a[3], b[3]) - max(a[1], b[1]) < 2, (a, b)


def words(page):
    """What the live explorer says first."""
    return page.locator(".jp-OutputArea-output .widget-html-content strong").first.inner_text()


def choose(page, label, text):
    """Choose in a dropdown of the first explorer and wait until the words have turned."""
    before = words(page)
    page.get_by_label(label, exact=True).first.select_option(label=text)
    page.wait_for_function("before => document.querySelector('.widget-html-content strong').innerText !== before", arg=before)
    page.wait_for_function(IDLE)


def restart_and_run(page):
    """From a new kernel, which counts its cells from one."""
    page.evaluate(f"() => {NOTEBOOK}.sessionContext.session.kernel.restart()")
    # What the new kernel said of itself may have come before anybody listened: it is asked once more.
    page.evaluate(f"() => void {NOTEBOOK}.sessionContext.session.kernel.requestKernelInfo()")
    page.wait_for_function(IDLE)
    run_all(page)
    page.get_by_label("Indicator", exact=True).first.wait_for()


def test_the_explorer_turns_in_the_page(opened):
    page = opened("07-explore")
    assert len(images(page)) == 3, "the saved notebook shows its twins before anything is run"
    run_all(page)
    page.get_by_label("Indicator", exact=True).first.wait_for()
    for width in (700, 1000, 1440):
        controls_fit(page, width)
    assert "GDP, growth" in words(page)
    with page.expect_download() as download:
        page.get_by_text("Take these rows (CSV)").first.click()
    taken = Path(download.value.path()).read_bytes()
    assert taken.startswith(b"\xef\xbb\xbf") and "Qinyang" in taken.decode()
    choose(page, "Indicator", "Retail sales")
    assert "Retail sales, growth" in words(page)
    choose(page, "Measure", "level")
    assert "bn" in words(page)
    page.get_by_role("button", name="中文").first.click()
    page.wait_for_function("() => document.querySelector('.widget-html-content figure').lang === 'zh'")
    assert "社零总额" in words(page) and page.get_by_label("指标", exact=True).count() == 1
    search = page.get_by_label("检索", exact=True).first
    search.fill("全省")
    search.press("Enter")
    page.wait_for_function("() => [...document.querySelectorAll('select')].some(s => s.selectedOptions[0]?.text === '河南省')")
    page.wait_for_function(IDLE)
    # The cell once more, in the kernel as it is.
    page.evaluate(f"""() => {{ const notebook = {NOTEBOOK}.content;
        notebook.activeCellIndex = notebook.widgets.findIndex(cell => cell.model.sharedModel.source.startsWith('Explorer('));
        return window.jupyterapp.commands.execute('notebook:run-cell'); }}""")  # fmt: skip
    page.wait_for_function(IDLE)
    page.get_by_label("Indicator", exact=True).first.wait_for()
    choose(page, "Indicator", "Retail sales")
    assert page.get_by_text("Error displaying widget").count() == 0


def test_the_explorer_survives_a_restart_and_opens_without_its_kernel(opened, served):
    page = opened("07-explore")
    restart_and_run(page)
    page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    page.wait_for_function(f"() => !{NOTEBOOK}.context.model.dirty")
    left, now = ((folder / "notebooks/07-explore.ipynb").read_bytes() for folder in (ROOT, served[1]))
    assert left == now, "run as it is and saved, a notebook keeps its bytes"
    choose(page, "Indicator", "Retail sales")
    page.evaluate(f"() => {NOTEBOOK}.sessionContext.shutdown()")
    page = opened("07-explore")
    assert len(images(page)) == 3 and page.get_by_text("Error displaying widget").count() == 0


def test_the_ledger_is_searched_by_any_name(opened):
    page = opened("92-every-figure")
    run_all(page)
    table = page.locator("table.dataTable").first
    table.wait_for()
    page.get_by_label("Search:").first.fill("地区生产总值")
    page.wait_for_function("() => document.querySelector('table.dataTable').querySelectorAll('tbody tr').length < 15")
    rows = table.locator("tbody tr").all_inner_texts()
    assert rows and all("GDP" in row or "gross domestic" in row for row in rows)


def test_a_request_that_leaves_the_machine_would_be_seen():
    asked = ["http://127.0.0.1:1/lab", "data:image/png;base64,x", "ws://localhost:1/api", "https://example.org/a.js", "wss://example.org/b"]
    assert browser.outside(asked) == asked[3:]
