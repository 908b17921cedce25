"""The notebooks in JupyterLab, in a real browser: open, Run All, and the explorer by hand."""

import base64
import json

import browser
import lab
import pytest
from conftest import ROOT
from lab import IDLE, NOTEBOOK

pytestmark = pytest.mark.slow

@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """Address of a JupyterLab over a copy of the project, and the folder of the copy."""
    with lab.serving(tmp_path_factory.mktemp("lab")) as found:
        yield found


@pytest.fixture
def opened(served, chromium):
    """Open a notebook, wait for its kernel; afterwards no request may have left the machine and no output be an error."""
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
    found = page.evaluate("""() => Promise.all([...document.querySelectorAll('.jp-Notebook figure img')].map(async image => {
        await image.decode();
        const canvas = Object.assign(document.createElement('canvas'), {width: 200, height: 125}), pen = canvas.getContext('2d');
        pen.drawImage(image, 0, 0, 200, 125);
        const pixels = new Uint32Array(pen.getImageData(0, 0, 200, 125).data.buffer);
        return {alt: image.alt, src: image.src, wide: image.getBoundingClientRect().width, colours: new Set(pixels).size};
    }))""")
    return [{**image, "png": base64.b64decode(image["src"].partition(",")[2])} for image in found]


def test_growth_opens_runs_and_shows_the_saved_charts(opened, served):
    page = opened("01-growth")
    saved = {path.read_bytes(): path.name for path in (ROOT / "figures").glob("01-growth-*-en.png")}
    before = images(page)
    assert [saved[image["png"]] for image in before] and all(image["wide"] > 400 and image["colours"] > 20 for image in before)
    run_all(page, "zh")
    chinese = {path.read_bytes(): path for path in (served[1] / "figures").glob("01-growth-*-zh.png")}
    after = images(page)
    assert len(after) == len(before)
    for image in after:
        card = json.loads((ROOT / "figures" / f"{chinese[image['png']].stem.removesuffix('-zh')}.json").read_text(encoding="utf-8"))
        assert image["alt"] == card["alt"]["zh"] and image["colours"] > 20
        assert image["png"] == (ROOT / "figures" / chinese[image["png"]].name).read_bytes()


def chart(page):
    """The chart of the live explorer."""
    return page.locator(".workreport-chart figure img")


def choose(page, label, text):
    """Choose in a dropdown and wait until the words have turned."""
    before = page.locator(".workreport-words").first.inner_text()
    page.get_by_label(label, exact=True).select_option(label=text)
    page.wait_for_function("before => document.querySelector('.workreport-words').innerText !== before", arg=before)
    page.wait_for_function(IDLE)


def test_the_explorer_turns_in_the_page(opened, served):
    page = opened("08-explore")
    assert page.get_by_text("Error displaying widget").count() == 0
    assert len(images(page)) == 3, "the saved notebook shows its twins before anything is run"
    run_all(page)
    chart(page).wait_for()
    first = chart(page).get_attribute("alt")
    assert "grew" in first and page.get_by_label("Indicator", exact=True).count() == 1
    choose(page, "Indicator", "Retail sales")
    second = chart(page).get_attribute("alt")
    assert second != first and "Retail sales" in second
    choose(page, "Measure", "Level")
    assert page.locator(".workreport-words").inner_text().count("亿元")
    page.get_by_role("button", name="中文").click()
    page.wait_for_function("() => document.querySelector('.workreport-chart figure').lang === 'zh'")
    assert "社会消费品零售" in chart(page).get_attribute("alt") and page.get_by_label("指标", exact=True).count() == 1
    assert all(image["colours"] > 20 and image["wide"] > 400 for image in images(page))
    page.get_by_label("查找：").fill("全省")
    page.wait_for_function("() => [...document.querySelectorAll('table.dataTable tbody tr')].every(row => row.innerText.includes('全省'))")
    page.get_by_role("button", name="输出图").click()
    page.locator(".workreport-status").get_by_text("08-explore-retail_sales-levels").wait_for()
    written = served[1] / "figures/explored/08-explore-retail_sales-levels-zh.png"
    shown = base64.b64decode(chart(page).get_attribute("src").partition(",")[2])
    assert written.read_bytes() == shown


def test_the_explorer_survives_a_second_run_and_a_restart(opened):
    page = opened("08-explore")
    run_all(page)
    for _ in range(2):
        page.evaluate(f"""() => {{ const notebook = {NOTEBOOK}.content;
            notebook.activeCellIndex = notebook.widgets.findIndex(cell => cell.model.sharedModel.source.startsWith('Explorer('));
            return window.jupyterapp.commands.execute('notebook:run-cell'); }}""")  # fmt: skip
        page.wait_for_function(IDLE)
        chart(page).wait_for()
        choose(page, "Indicator", "Retail sales")
        assert "Retail sales" in chart(page).get_attribute("alt")
    page.evaluate(f"() => {NOTEBOOK}.sessionContext.session.kernel.restart()")
    page.wait_for_function(IDLE)
    run_all(page)
    chart(page).wait_for()
    choose(page, "Indicator", "Retail sales")
    assert page.get_by_text("Error displaying widget").count() == 0


def test_a_request_that_leaves_the_machine_would_be_seen():
    asked = ["http://127.0.0.1:1/lab", "data:image/png;base64,x", "ws://localhost:1/api", "https://example.org/a.js", "wss://example.org/b"]
    assert browser.outside(asked) == asked[3:]
