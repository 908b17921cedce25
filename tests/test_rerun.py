"""The runner: side by side as one by one, only what a change touches, and a plain word for every failure."""

import asyncio
import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from types import SimpleNamespace

import pytest
from conftest import ROOT, copy_of_project, moved
from workreport import collection, kernels, rerun, tables
from workreport.files import Busy, WriteError, only_one
from workreport.tables import load

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


KEPT = ("01-growth", "03-budget", "04-targets", "93-worked-example")  # what README begins with, and a small one


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy of the project with a few notebooks and no figure, rerun once."""
    project = copy_of_project(tmp_path_factory.mktemp("project"))
    for path in [*(project / "notebooks").glob("[0-9]*.ipynb"), *(project / "figures").iterdir()]:
        if path.stem not in KEPT:
            path.unlink()
    (project / "notebooks/mine.ipynb").write_text("a reader's own, and no notebook at all", encoding="utf-8")
    assert make(project).returncode == 0
    return project


def make(project, *arguments, **environment):
    """What ``make`` runs, in another folder."""
    environment = os.environ | {"PYTHONPATH": str(project / "notebooks"), "MPLBACKEND": "agg"} | environment
    command = [sys.executable, "-m", "workreport.rerun", *arguments]
    return subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, encoding="utf-8")


def state(project):
    """Bytes of everything that a rerun leaves, by path."""
    kept = [*(project / "notebooks").glob("*.ipynb"), *(project / "figures").iterdir(), project / "README.md", project / "data/README.md"]
    return {path.relative_to(project).as_posix(): path.read_bytes() for path in kept}


def rerun_of(project):
    """Notebooks that ``make`` reruns now, and what it says."""
    records = {path: path.stat().st_mtime_ns for path in (project / ".venv/rerun").glob("[0-9]*.json")}
    said = make(project).stdout
    return {path.stem for path, time in records.items() if path.stat().st_mtime_ns != time}, said


@slow
def test_a_fresh_run_leaves_the_committed_bytes(project):
    """Of all notebooks plain nbconvert leaves them too, and of all figures the run in Chinese."""
    left = state(project)
    for stem in ("03-budget", "93-worked-example"):  # the others name a next one, which is not here
        assert left[f"notebooks/{stem}.ipynb"] == (ROOT / f"notebooks/{stem}.ipynb").read_bytes(), f"{stem} is stale: run make"
    made = [name for name in left if name.startswith(tuple(f"figures/{stem[:2]}-" for stem in KEPT))]
    assert len(made) > 80
    for name in made:
        if (ROOT / name).exists():
            assert left[name] == (ROOT / name).read_bytes(), f"{name} is stale: run make"
    assert rerun_of(project) == (set(), f"Nothing to do: {len(KEPT)} notebooks and every figure are up to date.\n")
    bad = project / "notebooks/95-mine.ipynb"
    bad.write_text(left["notebooks/mine.ipynb"].decode(), encoding="utf-8")
    said = rerun_of(project)[1]
    bad.unlink()
    assert said.startswith("95-mine.ipynb is no notebook") and state(project) == left


@slow
def test_a_run_in_another_language_leaves_the_committed_figures_and_touches_no_notebook(drawn):
    for path in [*(ROOT / "notebooks").glob("[0-9][0-9]-*.ipynb"), *(ROOT / "figures").glob("[0-9]*.*")]:
        if path.suffix != ".pdf":
            assert (drawn / path.relative_to(ROOT)).read_bytes() == path.read_bytes(), f"{path.name} is stale: run make"


@slow
def test_a_changed_table_reruns_who_asked_for_it(project):
    table, left = project / "data/qinyang-2023/shares.csv", state(project)
    text = table.read_bytes()
    assert b"funds received" in text
    table.write_bytes(text.replace(b"funds received", b"funds that came in"))
    done, said = rerun_of(project)
    assert done == {"03-budget"} and state(project) != left
    assert re.fullmatch(r"1 of 4 notebooks rerun, 3 unchanged, in \d+ s; figures are in figures/\.\n", said)
    assert stale(project) == set()
    table.write_bytes(text)
    assert stale(project) == {"03-budget"}


def stale(project):
    """Notebooks that ``make`` would rerun."""
    runs = rerun._Runs(rerun.notebooks_of(project), project, rerun.Inputs(project, *tables.report_names()), quiet)
    return {path.stem for path, in runs.jobs if not runs._fresh((path,))}


@slow
@pytest.mark.parametrize(("file", "wanted"), [("entry/rules.py", set()), ("analysis/budget.py", {"03-budget"}), ("page.py", set(KEPT)), ("vocabulary.toml", set(KEPT))])
def test_a_changed_module_makes_stale_who_had_it_loaded(file, wanted, project):
    path, before = project / "notebooks/workreport" / file, stale(project)
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "\n# changed\n", encoding="utf-8")
    found = stale(project) - before
    path.write_text(text, encoding="utf-8")
    assert found >= wanted - before and (wanted or not found)


@slow
@pytest.mark.parametrize("path", rerun.notebooks_of(), ids=lambda p: p.stem)
def test_a_notebook_that_does_not_ask_for_a_table_does_not_depend_on_it(path):
    """Nor does one that is run for a report ask for another: each would cost more the more reports there are."""
    before, asked = asked_for(path, load())
    if any(name.startswith("notebook ") for name in asked - {f"notebook {path.stem}"}):
        pytest.skip("runs others, which are asked themselves")
    unasked = [(name, table) for name, table in load().tables.data.items() if table.file not in asked]
    empty = moved(load(), *((name, row[table.columns[0]], "-", "") for name, table in unasked for row in table.rows))
    after = collection.run(path.stem, empty)
    assert (after.said, after.tables) == (before.said, before.tables), f"{path.stem} depends on one of {[name for name, _ in unasked]}"
    if not rerun.about_all(path):
        _, asked = asked_for(path, load("laiyuan-2022"))
        assert not {name for name in asked if "/" in name and not name.startswith("laiyuan-2022/")} and "reports" not in asked


def asked_for(path, report):
    tables.ASKED.clear()
    return collection.run(path.stem, report), set(tables.ASKED)


@slow
def test_only_what_changed_is_rerun_and_what_another_runner_left_is_gone(tmp_path, folder):
    path, other, said = notebook(folder, "00-small", "1 + 1"), notebook(folder, "01-next", "2 + 2"), []

    def again():
        said.clear()
        rerun.rerun([path, other], root=tmp_path, say=said.append)
        return {re.search(r"(\S+)\.ipynb \d+ s$", line).group(1) for line in said}

    def change(book, old, new):
        book.write_text(book.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")

    assert again() == {"00-small", "01-next"} and [line[:5] for line in said] == ["[1/2]", "[2/2]"]
    left = path.read_bytes()
    assert again() == set()
    change(path, '"metadata": {\n  "kernelspec"', '"metadata": {"widgets": {"state": {}},\n  "kernelspec"')
    change(path, '"metadata": {},', '"metadata": {"execution": {"iopub.execute_input": "2026-01-01T00:00:00Z"}},')
    assert path.read_bytes() != left and again() == {"00-small"} and path.read_bytes() == left
    change(other, "# 01-next", "# Another title")
    assert again() == {"00-small", "01-next"}, "a notebook names the next one by its title"
    (tmp_path / ".venv/rerun/00-small.json").write_text("[1, 2]", encoding="utf-8")
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures/01-a.png").write_text("x")
    assert again() == {"00-small", "01-next"}, "a record that cannot be read counts as none; a figure that came or went counts"


@slow
def test_a_failing_cell_is_named_what_ran_before_is_kept_and_nothing_new_begins(tmp_path, folder):
    good = notebook(folder, "00-good", "1 + 2" + " " * 9999)  # the largest runs first
    bad, late = notebook(folder, "01-bad", "1 + 1", "value = 1\nvalue / 0"), notebook(folder, "02-late", "1 + 2")
    before = bad.read_bytes()
    with pytest.raises(rerun.RerunError, match=r"^01-bad.ipynb, cell 3: ZeroDivisionError: division by zero\n.*value / 0$"):
        rerun.rerun([late, bad, good], root=tmp_path, say=quiet, kernels=1)
    assert bad.read_bytes() == before and '"3"' not in late.read_text(encoding="utf-8")
    assert '"3"' in good.read_text(encoding="utf-8")
    notebook(folder, "01-bad", "1 + 1")
    assert rerun.rerun([late, bad, good], root=tmp_path, say=quiet) == 2


@slow
def test_a_cell_that_never_ends_and_a_kernel_that_dies_are_both_named(tmp_path, folder, monkeypatch):
    monkeypatch.setattr(kernels, "TIME_LIMIT", 3)
    long = notebook(folder, "00-long", "import time", "while True:\n    time.sleep(1)")
    dead = notebook(folder, "01-dead", "import os, time", "time.sleep(1); os._exit(1)")
    with pytest.raises(rerun.RerunError) as raised:
        rerun.rerun([long, dead], root=tmp_path, say=quiet, kernels=2)
    assert sorted(str(raised.value).splitlines()) == [
        "00-long.ipynb, cell 3: took longer than 3 s (make TIME_LIMIT=… allows more)",
        "01-dead.ipynb, cell 3: its kernel died; run make again",
    ]


@slow
def test_notebooks_of_one_kernel_do_not_see_each_other_nor_the_settings_of_the_reader(tmp_path, folder, monkeypatch):
    home = tmp_path / ("long" * 30)  # too long for the path of a socket
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
    monkeypatch.setattr("tempfile.tempdir", str(home))
    ask = "import matplotlib\n'first'\n'hostile' in dir(__builtins__), matplotlib.rcParams['figure.dpi'], 'secret' in dir()"
    first, second = notebook(folder, "00-a", "secret = 1" + " " * 9999), notebook(folder, "01-b", ask)
    text = kernels.execute_all([(first,), (second,)], kernels=1)[second,]
    assert "(False, 100.0, False)" in text and "'first'\"" not in text and '"execution_count": 1' in text


@slow
def test_another_language_leaves_the_notebook_alone(folder):
    path = notebook(folder, "00-small", 'language = "en"', "language")
    with pytest.raises(rerun.RerunError, match="no cell tagged parameters sets language"):
        kernels.execute_all([(path, "zh")])
    path = notebook(folder, "00-small", 'language = "en"', "language", tags=["parameters"])
    before = path.read_bytes()
    texts = kernels.execute_all([(path, "zh"), (path, "en")])
    assert path.read_bytes() == before
    assert "'zh'" in texts[path, "zh"] and 'language = \\"zh\\"' in texts[path, "zh"] and "'en'" in texts[path, "en"]


def test_what_took_longest_last_time_begins_first_then_what_is_largest(folder):
    paths = [notebook(folder, name, source) for name, source in (("00-a", "1"), ("01-b", "2"), ("02-c", "3" * 999))]
    rerun.record("01-b", {"seconds": 9.5}, folder.parent)
    begun = []

    async def run(jobs, *_):
        begun.extend(path.stem for (path,) in jobs)

    asyncio.run(rerun._Runs(paths, folder.parent, {}, quiet).rerun(SimpleNamespace(run=run), True))
    assert begun == ["01-b", "02-c", "00-a"]


def test_nothing_to_run_starts_no_kernel(monkeypatch):
    monkeypatch.setattr(kernels, "Kernel", None)
    assert kernels.execute_all([]) == {}


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
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL], ids=lambda s: s.name)
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
@pytest.mark.parametrize("end", ["pass", "os._exit(1)"])
def test_what_a_cell_has_started_ends_with_its_kernel(folder, end):
    child = "import os, subprocess\nchild = subprocess.Popen(['sleep', '600'])\nopen('pid', 'w').write(str(child.pid))"
    with contextlib.suppress(rerun.RerunError):
        kernels.execute_all([(notebook(folder, "00-a", child, end),)])
    assert ends(running(folder / "pid"))


@slow
def test_a_notebook_saved_while_it_runs_keeps_what_was_saved(tmp_path, folder):
    save = "from pathlib import Path\np = Path('00-small.ipynb')\np.write_text(p.read_text().replace('# 00-small', '# Mine'))"
    path = notebook(folder, "00-small", save)
    with pytest.raises(rerun.RerunError, match="00-small.ipynb was changed while it ran, and is left as it is now; run make again"):
        rerun.rerun([path], root=tmp_path, say=quiet)
    assert "# Mine" in path.read_text(encoding="utf-8") and '"execution_count": null' in path.read_text(encoding="utf-8")
    assert rerun.recorded("00-small", tmp_path) is None


@pytest.mark.skipif(not os.path.exists("/proc/self"), reason="asks /proc who is alive")
def test_what_a_killed_run_left_is_swept(tmp_path, monkeypatch):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    monkeypatch.setattr(kernels, "_temporary", lambda: str(tmp_path / "t"))
    left = [tmp_path / name for name in ("figures/.new-x", "notebooks/.new-x", "data/.new-x", "data/report/.new-x", ".venv/rerun/.new-x")]
    kept = [tmp_path / name for name in ("figures/01-a.png", f"t/{kernels._prefix()}{os.getpid()}-a/k-1", f"t/kernel-other-{ended.pid}-a/k-1")]
    left.append(tmp_path / f"t/{kernels._prefix()}{ended.pid}-a/k-1")
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
