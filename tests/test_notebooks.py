"""Notebooks: three kinds of cells, computed prose in both languages, outputs made by a machine, reruns that change nothing."""

import ast
import json
import os
import re
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pandas as pd
import pytest
from conftest import ROOT, copy_of_project
from workreport import collection, export
from workreport.files import frame_csv
from workreport.page import finding_rows, markdown_table
from workreport.words import Sentence, vocabulary

NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9][0-9]-*.ipynb"))
each = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
TYPED = re.compile(r"(?<![\w#{-])\d+(\.\d+)?\s*(%|亿|万|个百分点|percent|pp\b|bn\b)")
KINDS = {"parameters", "data", "chart", "wording"}
# Words of the old private language, and of the workshop: none of them reaches a reader.
BANNED = re.compile(
    r"\b(yardsticks?|rebuilt|printed|own rate|the nation|recovered part|standing without)\b|照印|印出|印作|印为|所印|未印|参照|实绩|读法|断言|舍入|残本|本集|社会消费品零售(?!总额)"
)


def cells(path, kind=None):
    book = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [c for c in book if kind in (None, c["cell_type"])]


def source(cell):
    return "".join(cell["source"])


def tag(cell):
    return next(iter(cell["metadata"].get("tags", [""])))


def strings(code):
    """Texts of a cell in which a sentence could stand, with the names of its calls."""
    return [n.value for n in ast.walk(ast.parse(code)) if isinstance(n, ast.Constant) and isinstance(n.value, str)]


@each
def test_cells_are_of_three_kinds(path):
    code = cells(path, "code")
    assert all(tag(c) in KINDS for c in code) and [tag(c) for c in code].count("parameters") == 1
    for cell in code:
        text, hidden = source(cell), cell["metadata"].get("jupyter", {}).get("source_hidden", False)
        assert hidden == (tag(cell) == "wording"), text
        assert not re.search(r"rcParams|filterwarnings|set_theme|read_csv|print\(|savefig", text)
        if tag(cell) == "data":
            assert len(text.splitlines()) <= 12, text
            assert "page.claim" not in text and "page.say" not in text and "page.chart" not in text
        if tag(cell) == "chart":
            assert text.count("page.chart(") == 1


@each
def test_a_sentence_is_shown_once_and_in_the_language_of_the_page(path):
    for cell in cells(path, "code"):
        plain = ["".join(o["data"]["text/plain"]) for o in cell["outputs"] if o["output_type"] == "execute_result" and set(o["data"]) == {"text/plain"}]
        assert not [text for text in plain if re.search(r"[.。]$", text)], source(cell)


@each
def test_the_first_cell_is_the_title_in_both_languages(path):
    lines = source(cells(path)[0]).splitlines()
    assert len(lines) == 2 and all(line.startswith("# ") for line in lines)
    assert re.search(r"[\u4e00-\u9fff]", lines[1]) and not re.search(r"[\u4e00-\u9fff]", lines[0])


@each
def test_no_quantity_and_no_name_of_a_place_is_typed(path, report):
    places = {row[c] for row in report.areas.values() for c in ("name_zh", "name_en") if row["kind"] not in ("nation", "group", "park", "town")}
    for cell in cells(path):
        for text in strings(source(cell)) if cell["cell_type"] == "code" else [source(cell)]:
            assert not TYPED.search(text), text
            assert not [name for name in places if name in text], text


@pytest.mark.slow
@each
def test_both_languages_run_and_fill_the_answer(path, report):
    for lang in ("en", "zh"):
        record = collection.run(path.stem, report, lang)
        assert record.said
        for text in record.said:
            assert not re.search(r"\b(nan|NaN|None)\b|\{|\}", text), text
            assert not BANNED.search(text), (BANNED.search(text).group(), text)
        for chart in record.charts.values():
            for part in (chart.title, chart.subtitle, chart.alt, chart.source):
                assert not BANNED.search(part[lang]), part[lang]
            assert len(chart.alt[lang]) <= 250


@pytest.mark.slow
@each
def test_what_git_holds_of_a_notebook_is_what_it_gives(path, report):
    """Paragraphs, tables, frames, pictures with their rows, findings: what a reader meets, under the names they have there."""
    record, outputs = collection.run(path.stem, report), [o for c in cells(path, "code") for o in c["outputs"]]
    told = [*record.said, *map(markdown_table, record.tables)]
    assert not [text for text in told if text not in "\n".join("".join(o["data"].get("text/markdown", "")) for o in outputs)]
    ends = [f for f in record.frames if not isinstance(f, Sentence)]
    rich = [f._repr_mimebundle_()["text/html"] if hasattr(f, "_repr_mimebundle_") else getattr(f, "_repr_html_", f.__repr__)() for f in ends]
    assert rich == ["".join(o["data"].get("text/html", o["data"]["text/plain"])) for o in outputs if o["output_type"] == "execute_result"]
    made = {f"{path.stem[:2]}-{name}": (frame_csv(chart.rows), export.png(chart, "en")) for name, chart in record.charts.items()}
    held = [p.with_suffix("") for p in (ROOT / "figures").glob(f"{path.stem[:2]}-*.csv")]
    assert made == {p.name: (p.with_suffix(".csv").read_bytes(), Path(f"{p}-en.png").read_bytes()) for p in held}
    found = pd.read_csv(ROOT / "figures/findings.csv", dtype=str, keep_default_na=False, encoding="utf-8-sig").query("notebook == @path.stem")
    assert finding_rows(report, path.stem, record.claims) == found.to_dict("records")


def test_the_words_of_the_vocabulary_are_used():
    """A word that no cell and no module asks for would be a second language."""
    asked = "".join(source(c) for path in NOTEBOOKS for c in cells(path, "code"))
    asked += "".join(p.read_text(encoding="utf-8") for p in (ROOT / "notebooks/workreport").rglob("*.py"))
    for group in vocabulary():
        assert re.search(rf":{group}\b|\[\"{group}\"\]|'{group}'|\"{group}\"", asked), group


@each
def test_outputs_were_made_top_to_bottom_without_error(path):
    code = cells(path, "code")
    assert [c["execution_count"] for c in code] == list(range(1, len(code) + 1))
    outputs = [o for c in code for o in c["outputs"]]
    assert outputs and not [o for o in outputs if o["output_type"] in ("error", "stream")]
    text = json.dumps([{k: v for k, v in o.get("data", {}).items() if k != "image/png"} for o in outputs], ensure_ascii=False)
    assert not re.search(r"\b(nan|NaN)\b", re.sub(r"base64,[^\"\\]*", "", text))
    assert not re.search(r"/(home|root|Users|tmp|work)/", text)


@each
def test_a_frame_is_shown(path):
    shown = [o for c in cells(path, "code") if tag(c) == "data" for o in c["outputs"] if 'class="dataframe"' in "".join(o.get("data", {}).get("text/html", ""))]
    assert shown or path.stem == "07-explore"


@each
def test_images_have_alt_text_and_a_png_beside(path):
    for cell in cells(path, "code"):
        for output in cell["outputs"]:
            html = "".join(output.get("data", {}).get("text/html", ""))
            for image in re.findall(r"<img[^>]*>", html):
                assert re.search(r'alt="[^"]{20,250}"', image)
                assert "image/png" in output["data"]


@pytest.mark.slow
@each
def test_exported_as_a_script_it_is_python(path):
    from nbconvert import ScriptExporter

    text, made = ScriptExporter().from_filename(str(path))
    assert made["output_extension"] == ".py" and ast.parse(text)


def test_a_half_edited_notebook_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(collection, "NOTEBOOKS", tmp_path)
    (tmp_path / "01-half.ipynb").write_text('{"cells": [', encoding="utf-8")
    with pytest.raises(collection.NotebookError, match="01-half.ipynb is no notebook .* restore it"):
        collection.run("01-half")
    with pytest.raises(collection.NotebookError, match="there is no notebook 02-none.ipynb: choose one of 01-half"):
        collection.run("02-none")


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ('page.claim("a", "{grwth:%}", "{grwth:%}", growth=q)', r"cell 2, line 1: page.claim.*claim 'a'.*no fact for \{grwth\}"),
        ('page.claim("a", "{q:percent}", "{q:percent}", q=q)', "'percent' is no way to say"),
        ('page.claim("a", "{q}", "{q}", q=float("nan"))', "there is nothing to say: nan"),
        ('page.claim("a", "{q}", "{q}", q=[])', "there is nothing to say"),
        ('page.claim("a", "x", "y")\npage.claim("a", "x", "y")', "line 2.*claim 'a' is made twice"),
        ('page.answer("b")\npage.end()', "the answer names the claim 'b', which no cell makes"),
        ("1 +", "cell 2, line 1"),
        ("frames", "NameError"),
    ],
)
def test_a_slip_in_a_cell_is_named(code, why, monkeypatch, tmp_path):
    head = 'from workreport import Page, frame, load\nreport = load()\npage = Page("01-slip", report)\nq = frame(report, "growth")["quantity"][0]'
    book = {"cells": [{"cell_type": "code", "source": text, "metadata": {}} for text in (head, code)]}
    monkeypatch.setattr(collection, "NOTEBOOKS", tmp_path)
    (tmp_path / "01-slip.ipynb").write_text(json.dumps(book), encoding="utf-8")
    with pytest.raises(collection.NotebookError, match="(?s)01-slip.ipynb, " + why if why.startswith("cell") else f"(?s)01-slip.ipynb, cell 2.*{why}"):
        collection.run("01-slip")


@pytest.fixture(scope="module")
def converted(tmp_path_factory):
    """A copy of the project in which plain nbconvert has run every notebook, called from another folder."""
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    project = copy_of_project(elsewhere / "a folder 沁阳")
    environment = os.environ | {"JUPYTER_CONFIG_PATH": str(project / ".jupyter")}
    command = [sys.executable, "-m", "jupyter", "nbconvert", "--to", "notebook", "--execute", "--inplace"]
    notebooks = sorted(str(path) for path in (project / "notebooks").glob("[0-9][0-9]-*.ipynb"))
    subprocess.run([*command, *notebooks], cwd=elsewhere, env=environment, check=True, capture_output=True)
    return project


@pytest.mark.slow
@each
def test_plain_nbconvert_from_elsewhere_leaves_the_same_bytes(path, converted):
    assert (converted / "notebooks" / path.name).read_bytes() == path.read_bytes(), "stale: run make"


@pytest.mark.slow
def test_plain_nbconvert_writes_no_figure(converted):
    """Running a cell shows; only make and an explicit call write files."""
    for figure in (ROOT / "figures").glob("*.*"):
        assert (converted / "figures" / figure.name).read_bytes() == figure.read_bytes()
    assert not (converted / "figures/mine").exists()


@pytest.mark.slow
@each
def test_the_same_notebook_reads_as_chinese(path, chinese):
    book = json.loads(chinese[path.stem])
    for cell in book["cells"]:
        for output in cell.get("outputs", ()):
            text = "".join(output["data"].get("text/markdown", ()))
            prose = re.sub(r"`[^`]*`|<http[^>]*>|\]\([^)]*\)|\|.*\||JSON|GDP|PM2\.5|JupyterLab", "", text)
            assert not re.search(r"[A-Za-z]{4,}", prose), prose


def test_imports_run_in_no_circle_and_forms_know_no_words():
    """tables → frames → analysis → page → charts, export."""
    package = ROOT / "notebooks/workreport"
    names = {path.relative_to(package).with_suffix("").as_posix(): path for path in package.rglob("*.py")}
    graph = {}
    for name, path in names.items():
        graph[name] = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.level:
                base = "/".join([*name.split("/")[: -node.level], *(node.module or "").split(".")]).strip("/")
                graph[name] |= {base, *(f"{base}/{a.name}".strip("/") for a in node.names)} & set(names)
    assert "charts/base" in graph["charts/rows"] and "style" in graph["charts/base"]
    TopologicalSorter(graph).prepare()  # refuses a circle
    for name, needs in graph.items():
        if name.startswith("charts/"):
            assert not [n for n in needs if n in ("words", "page", "tables") or n.startswith("analysis")], name
        if name.startswith("analysis/"):
            assert "style" not in needs, name
