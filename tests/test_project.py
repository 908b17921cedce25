"""The project as a whole: generated pages are fresh, nothing is left over, the two commands are README's."""

import ast
import doctest
import importlib
import json
import os
import re
import shutil
import subprocess
import sys

import pytest
from conftest import ROOT
from workreport import pages
from workreport.tables import load_report

MODULES = sorted((ROOT / "notebooks/workreport").glob("*.py"))


def tracked():
    result = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, encoding="utf-8"
    )
    if result.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in result.stdout.split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("path", ["data/README.md", "figures/README.md", "figures/findings.csv", "README.md", "README.zh-CN.md", "CITATION.cff"])
def test_generated_pages_are_fresh(path):
    assert pages.pages(load_report())[ROOT / path] == (ROOT / path).read_text(encoding="utf-8"), f"{path} is stale: run make"


def test_figures_hold_no_orphan_no_duplicate_and_stay_small():
    folder = ROOT / "figures"
    expected = {"README.md", "findings.csv"}
    for stem, card in pages.cards().items():
        assert any(stem.startswith(n.stem + "-") for n in (ROOT / "notebooks").glob("[0-9]*.ipynb")), (
            f"{stem} belongs to no notebook: delete its files"
        )
        expected |= {f"{stem}.json", *card["files"]}
    found = {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()}
    assert set(found) == expected, "delete what no card names, or run make"
    assert len(set(found.values())) == len(found), "two files are the same"
    assert sum(map(len, found.values())) < 8 * 2**20


def test_no_path_of_a_machine_and_no_host_of_a_registry_is_named():
    for path in tracked():
        if path.suffix in (".png", ".pdf", ".ttf", ".lock") or "test_" in path.name:
            continue
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"(?<![\w.])/(home|root|Users|work|farm|tmp)/[A-Za-z.]", text), path
        assert not re.search(r"pypi\.(org|python)|pythonhosted|npmjs|debian\.org", text), path


def test_the_sentences_of_the_report_are_not_here(text):
    """No run of fourteen characters of the report's sentences stands in any text file."""
    words = text.read_text(encoding="utf-8")[:6553]
    runs = {words[i : i + 14] for i in range(len(words) - 14)}
    runs = {run for run in runs if len(re.findall(r"[\u4e00-\u9fff]", run)) >= 11}
    for path in tracked():
        if path.suffix in (".csv", ".json", ".md", ".py", ".ipynb"):
            content = path.read_text(encoding="utf-8")
            found = [run for run in runs if run in content]
            assert not found, (path.name, found[:3])


def test_every_public_name_has_a_docstring():
    for path in MODULES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert path.stem == "__init__" or ast.get_docstring(tree), path.name
        for node in tree.body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
                assert ast.get_docstring(node), f"{path.name}: {node.name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.stem)
def test_examples_in_docstrings_hold(path):
    module = importlib.import_module(f"workreport.{path.stem}" if path.stem != "__init__" else "workreport")
    result = doctest.testmod(module, extraglobs={"load_report": load_report})
    assert result.failed == 0


def test_no_import_goes_round():
    """Modules import only what stands before them: tables → analysis → charts and prose → export."""
    uses = {}
    for path in MODULES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        imported = [n for n in tree.body if isinstance(n, ast.ImportFrom) and n.level]
        uses[path.stem] = {n.module for n in imported if n.module} | {a.name for n in imported if not n.module for a in n.names}
    done = set()
    while len(done) < len(uses):
        ready = {name for name, needs in uses.items() if name not in done and needs <= done}
        assert ready, f"a circle among {sorted(set(uses) - done)}"
        done |= ready


def test_only_who_draws_or_runs_notebooks_waits_for_their_libraries():
    code = "import sys, workreport.check, workreport.rerun, workreport.findings as f; f.stories(); print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT / "notebooks", env=os.environ | {"PYTHONPATH": ""}, capture_output=True, text=True, check=True
    ).stdout.split()
    assert "workreport.growth_story" in loaded and "pandas" in loaded
    assert not {"matplotlib", "seaborn", "PIL", "IPython", "nbclient", "nbconvert", "nbformat", "ipywidgets"} & set(loaded)


def test_requirements_are_exact_and_locked_with_hashes():
    for folder in (ROOT, ROOT / "tests", ROOT / "tests/bench", ROOT / "tests/torture"):
        lines = (folder / "requirements.txt").read_text(encoding="utf-8").splitlines()
        wanted = [line for line in lines if line and not line.startswith(("#", "-r"))]
        lock = (folder / "requirements.lock").read_text(encoding="utf-8")
        assert all(re.fullmatch(r"[a-z0-9-]+==[0-9.]+(post[0-9]+)?", line) for line in wanted)
        assert all(f"{line} " in lock or f"{line}\n" in lock for line in wanted), "run make lock"
        blocks = re.split(r"\n(?=\S)", lock.strip())
        assert all("--hash=sha256:" in block for block in blocks)
        assert "index-url" not in lock and "find-links" not in lock
    user, *others = ((ROOT / p / "requirements.lock").read_text(encoding="utf-8") for p in (".", "tests", "tests/bench", "tests/torture"))
    pins = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", user, re.M))
    for other in others:
        assert pins.items() <= dict(re.findall(r"^([a-z0-9-]+)==(\S+)", other, re.M)).items()


def test_readme_gives_the_commands_that_ci_runs():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "\nmake " in readme and "\nmake test" in readme
    assert (ROOT / ".ci/run").read_text(encoding="utf-8").rstrip().endswith("make test")


def test_code_is_linted():
    result = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--config", "tests/ruff.toml", "notebooks/workreport", "tests"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stdout


needs_make = pytest.mark.skipif(shutil.which("make") is None or shutil.which("sh") is None, reason="make is not here")


def set_up(folder, **environment):
    return subprocess.run(
        ["sh", str(ROOT / ".ci/set-up"), str(folder / "venv")], env=os.environ | environment, capture_output=True, text=True
    )


@needs_make
def test_an_old_python_gets_one_sentence(tmp_path):
    old = tmp_path / "python3.9"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    result = set_up(tmp_path, PYTHON=str(old))
    assert result.returncode == 1
    assert result.stdout.count("\n") == 1 and "Python 3.11 or newer is needed" in result.stdout


@needs_make
def test_a_missing_venv_module_gets_one_sentence(tmp_path):
    python = tmp_path / "python3.11"
    python.write_text('#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\nexit 0\n')
    python.chmod(0o755)
    result = set_up(tmp_path, PYTHON=str(python))
    assert result.returncode == 1
    assert result.stdout.count("\n") == 1 and "apt install python3-venv" in result.stdout


@needs_make
@pytest.mark.slow
def test_no_network_gets_one_sentence(tmp_path):
    for name in ("Makefile", "requirements.lock", ".jupyter", ".ci"):
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, tmp_path / name)
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "VIRTUAL_ENV"))}
    environment |= {
        "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
        "PIP_RETRIES": "0",
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_CACHE_DIR": "1",
        "PYTHON": sys.executable,
    }
    result = subprocess.run(["make"], cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert result.returncode != 0
    assert "connect to the network, or set pip to a mirror you can reach" in result.stdout
    assert not (tmp_path / ".venv/ready").exists()


@needs_make
def test_help_lists_every_target():
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True).stdout
    targets = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M).group(1).split()
    for target in set(targets) - {"all", "help"}:
        assert f"make {target}" in listed


def test_faults_in_the_tables_stop_a_rerun(data, monkeypatch, capsys, edit):
    """Bad input never yields a chart: rerun ends before any notebook runs."""
    from workreport import check, rerun

    edit("growth.csv", 0, "value", "4.x")
    main = check.main
    monkeypatch.setattr(check, "main", lambda arguments: main([*arguments, "--data", str(data)]))
    monkeypatch.setattr(rerun, "rerun", lambda *a, **k: pytest.fail("a notebook was rerun"))
    assert rerun.main([]) == 1
    assert "growth.csv:2:value" in capsys.readouterr().out


def test_cards_and_gallery_agree():
    text = (ROOT / "figures/README.md").read_text(encoding="utf-8")
    for stem, card in pages.cards().items():
        for part in (card["title"], card["alt"]):
            assert all(part[lang] in text for lang in ("en", "zh"))
        assert all(f"({name})" in text for name in (*card["files"], f"{stem}.json"))
    assert json.dumps(pages.cards())


def test_no_figure_of_this_report_is_named_in_the_code():
    """A second report needs no change of code: stories ask for indicators, not for ids."""
    for path in [*(ROOT / "notebooks/workreport").glob("*_story.py"), *(ROOT / "notebooks/workreport/texts").glob("*.toml")]:
        assert not re.search(r"\b[LGDRSTH][0-9]{2}\b|\bP[0-9]{3}\b", path.read_text(encoding="utf-8")), path.name
