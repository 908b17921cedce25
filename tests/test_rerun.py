"""The runner: side by side as one by one, only what a change touches, and a plain word for every failure."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time

import pytest
from conftest import ROOT, copy_of_project, moved
from workreport import collection, rerun
from workreport.files import Busy, WriteError, only_one

slow = pytest.mark.slow
posix = pytest.mark.skipif(os.name != "posix", reason="signals and terminals of POSIX")


def notebook(folder, name, *sources, tags=()):
    """A small notebook with one code cell for each source."""
    import nbformat.v4 as v4

    cells = [
        v4.new_markdown_cell(f"# {name}", id="title"),
        *(v4.new_code_cell(s, id=f"c{i}", metadata={"tags": list(tags)}) for i, s in enumerate(sources)),
    ]
    path = folder / f"{name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    path.write_text(json.dumps(v4.new_notebook(cells=cells, metadata=metadata)), encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path):
    """Folder for notebooks of a project without tables and package."""
    return tmp_path / "notebooks"


def quiet(line):
    """Say nothing."""


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy of the project, rerun once."""
    project = copy_of_project(tmp_path_factory.mktemp("project"))
    (project / "figures").rename(project / "figures before")
    (project / "figures").mkdir()
    assert make(project).returncode == 0
    return project


def make(project, *arguments, **environment):
    """What ``make`` runs, in another folder."""
    environment = os.environ | {"PYTHONPATH": str(project / "notebooks"), "MPLBACKEND": "agg"} | environment
    command = [sys.executable, "-m", "workreport.rerun", *arguments]
    return subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, encoding="utf-8")


def state(project):
    """Bytes of everything that a rerun leaves."""
    kept = [*(project / "notebooks").glob("*.ipynb"), *(project / "figures").iterdir(), project / "README.md", project / "data/README.md"]
    return {path.name if path.parent.name == "figures" else str(path): path.read_bytes() for path in kept}


def last_records(project):
    """When each notebook was last rerun."""
    return {path.stem: path.stat().st_mtime_ns for path in (project / ".venv/rerun").glob("[0-9]*.json")}


@slow
def test_a_fresh_run_leaves_the_committed_bytes(project):
    for path in [*(ROOT / "notebooks").glob("[0-9][0-9]-*.ipynb"), *(ROOT / "figures").glob("[0-9]*.*")]:
        assert (project / path.relative_to(ROOT)).read_bytes() == path.read_bytes(), f"{path.name} is stale: run make"
    assert make(project).stdout.startswith("Nothing to do")


@slow
def test_a_changed_table_reruns_who_asked_for_it_and_back_again(project):
    table, before, left = project / "data/qinyang-2023/readings.csv", last_records(project), state(project)
    text = table.read_bytes()
    for changed in (text.replace(b"A value is kept as stated", b"A value stays as stated"), text):
        table.write_bytes(changed)
        done, after = make(project), last_records(project)
        assert re.fullmatch(r"1 of \d+ notebooks rerun, \d+ unchanged, in \d+ s; figures are in figures/\.\n", done.stdout)
        assert {name for name in after if after[name] != before[name]} == {"91-readings"}
        before = after
        assert (state(project) == left) == (changed == text)


@slow
@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("[0-9][0-9]-*.ipynb")), ids=lambda p: p.stem)
def test_a_notebook_that_does_not_ask_for_a_table_does_not_depend_on_it(path, project, report):
    asked = json.loads((project / f".venv/rerun/{path.stem}.json").read_text(encoding="utf-8"))["data"]
    before = collection.run(path.stem, report)
    for name, table in report.tables.data.items():
        if table.file not in asked:
            empty = moved(report, *((name, row[table.columns[0]], "-", "") for row in table.rows))
            after = collection.run(path.stem, empty)
            assert (after.said, after.tables) == (before.said, before.tables), f"{path.stem} depends on {name}, but make does not know it"


def test_a_notebook_depends_on_the_modules_it_imports(tmp_path):
    home = copy_of_project(tmp_path) / "notebooks/workreport"
    books = {path.stem: path for path in rerun.notebooks_of(tmp_path)}

    def touched_by(file):
        before = {stem: rerun.package(tmp_path, path) for stem, path in books.items()}
        with (home / file).open("a", encoding="utf-8") as handle:
            handle.write("\n# changed\n")
        rerun._sum.cache_clear()
        return {stem for stem, path in books.items() if rerun.package(tmp_path, path) != before[stem]}

    assert touched_by("analysis/people.py") == {"06-people"}
    assert touched_by("page.py") == touched_by("vocabulary.toml") == touched_by("tables.py") == set(books)
    assert "01-growth" in touched_by("charts/rows.py") and "90-published" not in touched_by("charts/rows.py")
    assert not touched_by("entry/rules.py") and not touched_by("share/site.py")


@slow
@pytest.mark.parametrize("stem", ["01-growth", "07-explore", "90-published"])
def test_a_notebook_loads_no_module_that_make_does_not_know(stem):
    code = f"import sys; from workreport import collection; collection.run({stem!r}); print(*sorted(m.__file__ for n, m in sys.modules.items() if n.startswith('workreport')), sep='\\n')"
    done = subprocess.run([sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": str(ROOT / "notebooks")}, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split("\n")[:-1]) - {str(ROOT / "notebooks/workreport/collection.py")}
    known = {str(path) for path in rerun.modules(ROOT / f"notebooks/{stem}.ipynb", ROOT / "notebooks/workreport")}
    assert len(loaded) > 8 and not {path for path in loaded - known if not path.endswith("__init__.py")}


@slow
def test_only_what_changed_is_rerun(tmp_path, folder):
    path, other = notebook(folder, "00-small", "1 + 1"), notebook(folder, "01-next", "2 + 2")
    said = []

    def again():
        said.clear()
        rerun.rerun([path, other], root=tmp_path, say=said.append)
        return {re.search(r"(\S+)\.ipynb \d+ s$", line).group(1) for line in said}

    assert again() == {"00-small", "01-next"}
    assert [line[:5] for line in said] == ["[1/2]", "[2/2]"]
    assert again() == set()
    path.write_text(path.read_text(encoding="utf-8").replace("1 + 1", "1 + 2"), encoding="utf-8")
    assert again() == {"00-small"}
    other.write_text(other.read_text(encoding="utf-8").replace("# 01-next", "# Another title"), encoding="utf-8")
    assert again() == {"00-small", "01-next"}, "a notebook names the next one by its title"
    (tmp_path / ".venv/rerun/00-small.json").write_text("[1, 2]", encoding="utf-8")
    assert again() == {"00-small"}, "a record that cannot be read counts as none"


@slow
def test_what_another_runner_left_is_gone_after_a_run(tmp_path, folder):
    path = notebook(folder, "00-small", "1 + 1")
    rerun.rerun([path], root=tmp_path, say=quiet)
    left = path.read_bytes()
    book = json.loads(left)
    book["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {}}}
    book["cells"][1]["metadata"]["execution"] = {"iopub.execute_input": "2026-01-01T00:00:00Z"}
    path.write_text(json.dumps(book), encoding="utf-8")
    assert rerun.rerun([path], root=tmp_path, say=quiet) == 1 and path.read_bytes() == left
    assert rerun.rerun([path], root=tmp_path, say=quiet) == 0


def test_a_deleted_or_changed_figure_is_noticed(tmp_path):
    (tmp_path / "figures").mkdir()
    (tmp_path / "01-a.ipynb").write_text("{}")
    (tmp_path / "figures/01-a-x.png").write_text("x")
    before = rerun.left_by(tmp_path / "01-a.ipynb", tmp_path)
    (tmp_path / "figures/01-a-x.png").write_text("y")
    changed = rerun.left_by(tmp_path / "01-a.ipynb", tmp_path)
    (tmp_path / "figures/01-a-x.png").unlink()
    assert len({before, changed, rerun.left_by(tmp_path / "01-a.ipynb", tmp_path)}) == 3


@slow
def test_a_failing_cell_is_named_and_nothing_is_lost(tmp_path, folder):
    bad, good = notebook(folder, "00-bad", "1 + 1", "value = 1\nvalue / 0"), notebook(folder, "01-good", "1 + 2" + " " * 9999)
    before = bad.read_bytes()
    with pytest.raises(rerun.RerunError, match=r"00-bad.ipynb, cell 3: ZeroDivisionError: division by zero\n.*value / 0"):
        rerun.rerun([bad, good], root=tmp_path, say=quiet, kernels=1)
    assert bad.read_bytes() == before
    assert '"3"' in good.read_text(encoding="utf-8"), "what ran before it is kept"
    notebook(folder, "00-bad", "1 + 1")
    assert rerun.rerun([bad, good], root=tmp_path, say=quiet) == 1


@slow
def test_nothing_new_begins_after_a_failure(tmp_path, folder):
    paths = [notebook(folder, "00-bad", "0 / 0" + " " * 9999), notebook(folder, "01-good", "1 + 2")]
    with pytest.raises(rerun.RerunError, match="00-bad.ipynb, cell 2"):
        rerun.rerun(paths, root=tmp_path, say=quiet, kernels=1)
    assert '"3"' not in paths[1].read_text(encoding="utf-8")


@slow
def test_every_failure_is_named(tmp_path, folder):
    paths = [notebook(folder, f"0{i}-bad", f"import time; time.sleep(2); {i} / 0") for i in (1, 2)]
    with pytest.raises(rerun.RerunError, match=r"(?s)0[12]-bad.ipynb, cell 2: ZeroDiv.*\n.*0[12]-bad.ipynb, cell 2: ZeroDiv"):
        rerun.rerun(paths, root=tmp_path, say=quiet, kernels=2)


@slow
def test_a_cell_that_never_ends_meets_the_limit(tmp_path, folder, monkeypatch):
    monkeypatch.setattr(rerun, "TIME_LIMIT", 2)
    path = notebook(folder, "00-long", "import time", "while True:\n    time.sleep(1)")
    with pytest.raises(rerun.RerunError, match=r"00-long.ipynb, cell 3: took longer than 2 s \(make TIME_LIMIT=… allows more\)"):
        rerun.rerun([path], root=tmp_path, say=quiet)


@slow
def test_a_kernel_that_dies_is_named(tmp_path, folder):
    path = notebook(folder, "00-dead", "import os", "os._exit(1)")
    with pytest.raises(rerun.RerunError, match="00-dead.ipynb, cell 3: its kernel died"):
        rerun.rerun([path], root=tmp_path, say=quiet)


@slow
def test_notebooks_of_one_kernel_do_not_see_each_other(folder):
    first, second = notebook(folder, "00-a", "secret = 1"), notebook(folder, "01-b", "'secret' in dir()")
    texts = rerun.execute_all([(first, None), (second, None)], kernels=1)
    assert "False" in texts[second, None] and '"execution_count": 1' in texts[second, None]


@slow
def test_a_notebook_of_the_readers_own_is_left_alone(project):
    own = project / "notebooks/mine.ipynb"
    own.write_text("no notebook at all", encoding="utf-8")
    assert make(project).returncode == 0 and own.read_text(encoding="utf-8") == "no notebook at all"
    bad = project / "notebooks/95-mine.ipynb"
    bad.write_text("no notebook at all", encoding="utf-8")
    done = make(project)
    bad.unlink()
    assert done.returncode == 1 and "95-mine.ipynb is no notebook" in done.stdout


def test_nothing_to_run_starts_no_kernel(monkeypatch):
    monkeypatch.setattr(rerun, "_Kernel", None)
    assert rerun.execute_all([]) == {}


def test_another_language_leaves_the_notebook_alone(folder):
    path = notebook(folder, "00-small", 'language = "en"', "language")
    with pytest.raises(rerun.RerunError, match="no cell tagged parameters sets language"):
        rerun.execute(path, "zh")
    path = notebook(folder, "00-small", 'language = "en"', "language", tags=["parameters"])
    before = path.read_bytes()
    texts = rerun.execute_all([(path, "zh"), (path, "en")])
    assert path.read_bytes() == before
    assert "'zh'" in texts[path, "zh"] and 'language = \\"zh\\"' in texts[path, "zh"] and "'en'" in texts[path, "en"]


def test_a_second_make_says_so_and_changes_nothing(tmp_path):
    with only_one(tmp_path / "work"), pytest.raises(Busy, match="another make is at work in this folder"), only_one(tmp_path / "work"):
        pytest.fail("two at once")
    with only_one(tmp_path / "work"):
        pass


def test_the_lock_ends_with_its_process(tmp_path):
    code = f"import os, sys; sys.path.insert(0, {str(ROOT / 'notebooks')!r})\nfrom pathlib import Path\nfrom workreport.files import only_one\n"
    code += f"with only_one(Path({str(tmp_path)!r})): os._exit(9)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 9
    with only_one(tmp_path):
        pass


def test_make_beside_make_ends_with_status_1(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(rerun, "ROOT", tmp_path)
    with only_one(tmp_path / ".venv/rerun"):
        assert rerun.main([]) == 1
    assert capsys.readouterr().out.startswith("another make is at work")
    assert os.listdir(tmp_path) == [".venv"]


LIVING = r"""
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell without a terminal starts its jobs deaf to it
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from workreport import rerun
path = Path(sys.argv[2])
rerun.ROOT = path.parents[1]
(rerun.ROOT / "data").mkdir(exist_ok=True)
rerun.rerun([path], root=rerun.ROOT)
"""


def running(path, seconds=30):
    """Process id that a cell has left in a file."""
    for _ in range(seconds * 10):
        if path.is_file() and path.read_text():
            return int(path.read_text())
        time.sleep(0.1)
    pytest.fail("the kernel did not start")


def ends(pid, seconds=30):
    for _ in range(seconds * 10):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        if "State:\tZ" in (open(f"/proc/{pid}/status").read() if os.path.exists(f"/proc/{pid}/status") else ""):
            return True
        time.sleep(0.1)
    return False


@slow
@posix
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda s: s.name)
def test_no_kernel_outlives_its_runner(folder, how):
    path = notebook(folder, "00-long", "import os, time\nopen('pid', 'w').write(str(os.getpid()))", "time.sleep(600)")
    before = path.read_bytes()
    runner = subprocess.Popen([sys.executable, "-c", LIVING, str(ROOT / "notebooks"), str(path)], stderr=subprocess.DEVNULL)
    kernel = running(folder / "pid")
    runner.send_signal(how)
    assert runner.wait(30) != 0
    assert ends(kernel)
    assert path.read_bytes() == before


@slow
@posix
@pytest.mark.parametrize("end", ["pass", "1 / 0", "os._exit(1)"])
def test_what_a_cell_has_started_ends_with_its_kernel(folder, end):
    child = "import os, subprocess\nchild = subprocess.Popen(['sleep', '600'])\nopen('pid', 'w').write(str(child.pid))"
    with contextlib.suppress(rerun.RerunError):
        rerun.execute(notebook(folder, "00-a", child, end))
    assert ends(running(folder / "pid"))


@slow
@posix
def test_progress_is_for_terminals(project):
    (project / ".venv/rerun/93-worked-example.json").unlink()
    import pty

    own, its = pty.openpty()
    environment = os.environ | {"PYTHONPATH": str(project / "notebooks"), "MPLBACKEND": "agg"}
    subprocess.run([sys.executable, "-m", "workreport.rerun"], cwd=project, env=environment, stdout=its, check=True)
    os.close(its)
    assert re.match(r"\[1/1\] 93-worked-example\.ipynb \d+ s\r\n1 of ", os.read(own, 9999).decode())
    os.close(own)


@slow
def test_a_notebook_saved_while_it_runs_keeps_what_was_saved(tmp_path, folder):
    save = "from pathlib import Path\np = Path('00-small.ipynb')\np.write_text(p.read_text().replace('# 00-small', '# Mine'))"
    path = notebook(folder, "00-small", save)
    with pytest.raises(rerun.RerunError, match="00-small.ipynb was changed while it ran, and is left as it is now; run make again"):
        rerun.rerun([path], root=tmp_path, say=quiet)
    assert "# Mine" in path.read_text(encoding="utf-8") and '"execution_count": null' in path.read_text(encoding="utf-8")
    assert rerun.recorded("00-small", tmp_path) is None


@slow
def test_no_setting_of_the_reader_reaches_a_kernel(tmp_path, folder, monkeypatch):
    home = tmp_path / "home"
    for name, text in {
        "profile_default/startup/00-first.py": "import builtins\nbuiltins.hostile = True\n",
        "profile_default/ipython_config.py": "c = get_config()\nc.InteractiveShell.ast_node_interactivity = 'all'\n",
        "kernels/python3/kernel.json": '{"argv": ["false"], "display_name": "Another", "language": "python"}',
        "matplotlibrc": "figure.dpi: 37\n",
    }.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(text, encoding="utf-8")
    for variable in ("IPYTHONDIR", "JUPYTER_PATH", "MPLCONFIGDIR"):
        monkeypatch.setenv(variable, str(home))
    text = rerun.execute(notebook(folder, "00-small", "import matplotlib\n'first'\n'hostile' in dir(__builtins__), matplotlib.rcParams['figure.dpi']"))
    assert "(False, 100.0)" in text and "'first'\"" not in text


@slow
@posix
def test_a_long_folder_for_temporary_files_does_not_stop_a_kernel(tmp_path, folder, monkeypatch):
    long = tmp_path / ("long" * 30)
    long.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(long))
    assert '"3"' in rerun.execute(notebook(folder, "00-small", "1 + 2"))


@pytest.mark.skipif(not os.path.exists("/proc/self"), reason="asks /proc who is alive")
def test_what_a_killed_run_left_is_swept(tmp_path, monkeypatch):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    monkeypatch.setattr(rerun, "_temporary", lambda: str(tmp_path / "t"))
    left = [tmp_path / name for name in ("figures/.new-x", "notebooks/.new-x", "data/.new-x", "data/report/.new-x", ".venv/rerun/.new-x")]
    kept = [tmp_path / name for name in ("figures/01-a.png", f"t/{rerun.kernels_prefix()}{os.getpid()}-a/k-1", f"t/kernel-other-{ended.pid}-a/k-1")]
    left.append(tmp_path / f"t/{rerun.kernels_prefix()}{ended.pid}-a/k-1")
    for path in left + kept:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    rerun.clear(tmp_path)
    assert not [path for path in left if path.exists()]
    assert all(path.exists() for path in kept)


def test_a_folder_that_cannot_be_held_is_named(tmp_path):
    (tmp_path / "work").mkdir()
    (tmp_path / "work/lock").mkdir()
    with pytest.raises(WriteError, match=r"cannot write to .*mend its permissions; nothing was changed"), only_one(tmp_path / "work"):
        pytest.fail("held")
