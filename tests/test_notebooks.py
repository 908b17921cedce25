"""Notebooks: computed prose, short cells, outputs made by a machine, and reruns that change nothing."""

import json
import os
import re
import subprocess
import sys

import pytest
from conftest import ROOT, copy_of_project

NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
each = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
TYPED = re.compile(r"(?<![\w#-])\d+(\.\d+)?\s*(%|亿|万|个百分点|percent|pp\b)")


def cells(path, kind):
    return [c for c in json.loads(path.read_text(encoding="utf-8"))["cells"] if c["cell_type"] == kind]


def source(cell):
    return "".join(cell["source"])


def test_there_are_notebooks():
    assert NOTEBOOKS


@each
def test_no_quantity_is_typed_into_markdown(path):
    assert not [source(c) for c in cells(path, "markdown") if TYPED.search(source(c))]


def test_a_typed_quantity_would_be_seen():
    assert TYPED.search("GDP grew 4.8% in the year") and TYPED.search("增长4.8个百分点") and not TYPED.search("in 2022")


@each
def test_cells_are_short_and_hold_no_settings(path):
    for cell in cells(path, "code"):
        assert len(source(cell).splitlines()) <= 12
        assert not re.search(r"rcParams|filterwarnings|set_theme|read_csv|^\s*#.*\)$", source(cell))


@each
def test_outputs_were_made_top_to_bottom_without_error(path):
    code = cells(path, "code")
    assert [c["execution_count"] for c in code] == list(range(1, len(code) + 1))
    outputs = [o for c in code for o in c["outputs"]]
    assert outputs and not [o for o in outputs if o["output_type"] in ("error", "stream")]
    text = json.dumps(outputs, ensure_ascii=False)
    assert not re.search(r"\b(nan|NaN|None)\b", text)
    assert not re.search(r"/(home|root|Users|tmp|work)/", text)


@each
def test_parameters_are_tagged(path):
    tagged = [c for c in cells(path, "code") if "parameters" in c["metadata"].get("tags", ())]
    assert len(tagged) == 1 and "language" in source(tagged[0])


@each
def test_images_have_alt_text(path):
    html = [o["data"]["text/html"] for c in cells(path, "code") for o in c["outputs"] if "text/html" in o.get("data", {})]
    images = re.findall(r"<img[^>]*>", "".join("".join(h) for h in html))
    assert all(re.search(r'alt="[^"]{20,250}"', image) for image in images)


@pytest.fixture(scope="module")
def converted(tmp_path_factory):
    """A copy of the project in which plain nbconvert has run every notebook, called from another folder."""
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    project = copy_of_project(elsewhere / "a folder 沁阳")
    environment = os.environ | {"JUPYTER_CONFIG_PATH": str(project / ".jupyter")}
    command = [sys.executable, "-m", "jupyter", "nbconvert", "--to", "notebook", "--execute", "--inplace"]
    notebooks = sorted(str(path) for path in (project / "notebooks").glob("[0-9]*.ipynb"))
    subprocess.run([*command, *notebooks], cwd=elsewhere, env=environment, check=True, capture_output=True)
    return project


@pytest.mark.slow
@each
def test_plain_nbconvert_from_elsewhere_leaves_the_same_bytes(path, converted):
    assert (converted / "notebooks" / path.name).read_bytes() == path.read_bytes(), "stale: run make"


@pytest.mark.slow
def test_plain_nbconvert_from_elsewhere_leaves_the_same_figures(converted):
    for figure in (ROOT / "figures").glob("*.*"):
        assert (converted / "figures" / figure.name).read_bytes() == figure.read_bytes(), f"{figure.name} is stale: run make"


@pytest.mark.slow
@each
def test_the_same_notebook_reads_as_chinese(path, chinese):
    book = json.loads(chinese[path.stem])
    for cell in book["cells"]:
        for output in cell.get("outputs", ()):
            text = "".join(output["data"].get("text/markdown", ()))
            prose = re.sub(r"`[^`]*`|<http[^>]*>|\(\S+\.ipynb\)|\|.*\||JSON", "", text)
            assert not re.search(r"[A-Za-z]{4,}", prose), prose


def test_numbers_stand_to_the_right_dates_and_words_to_the_left():
    from workreport.notebook import markdown_table

    rows = [{"rate": "−0.2%", "dated": "2023-01-17, before", "what": "GDP"}, {"rate": "–", "dated": "2023-02-28, after", "what": "8 parks or more"}]
    assert markdown_table(rows).splitlines()[1] == "|---:|:---|:---|"
