"""The runner: side by side as one by one, only what a change touches, and a plain word for every failure."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import replace
from types import SimpleNamespace

import pytest
from conftest import ROOT, copy_of_project
from workreport import rerun
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
def test_side_by_side_leaves_the_bytes_of_one_by_one(project):
    """One by one is how plain nbconvert leaves them: `test_notebooks` compares that with the same files."""
    for path in [*(ROOT / "notebooks").glob("*.ipynb"), *(ROOT / "figures").glob("[0-9]*")]:
        assert (project / path.relative_to(ROOT)).read_bytes() == path.read_bytes(), f"{path.name} is stale: run make"
    assert make(project).stdout.startswith("Nothing to do")


@slow
def test_a_changed_table_leaves_the_bytes_of_a_full_run(project):
    """One table in earnest; `test_a_notebook_that_does_not_read_a_table_does_not_depend_on_it` tries them all."""
    table, before = project / "data/qinyang-2023/discrepancies.csv", last_records(project)
    head, *rows = table.read_text(encoding="utf-8").splitlines()
    table.write_text("\n".join([head, *rows[:-1], rows[-1].rpartition(",")[0] + ",another reason"]) + "\n", encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(project / "notebooks")}
    subprocess.run([sys.executable, "-m", "workreport.check", "--seal"], cwd=project, env=environment, check=True, capture_output=True)
    assert make(project).returncode == 0
    after = last_records(project)
    assert {name for name in after if after[name] != before[name]} == {"00-start", "91-other-readings"}
    skipped = state(project)
    assert make(project, "--force").returncode == 0
    assert state(project) == skipped


def outcome(path, report, monkeypatch):
    """All that a notebook shows and draws, without drawing it; the error where it cannot."""
    seen = []
    monkeypatch.setattr("workreport.tables.load_report", lambda name: report)
    monkeypatch.setattr("workreport.notebook.display", lambda shown: seen.append(shown.data))
    monkeypatch.setattr("workreport.notebook.saved_figure", lambda stem, lang, folder: stem)
    monkeypatch.setattr(
        "workreport.notebook.export", lambda chart, notebook, cite, folder: seen.append([vars(chart), chart.rows.to_csv(), cite])
    )
    space = {}
    try:
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                exec("".join(cell["source"]), space)
                seen.append(repr([space.get(name) for name in ("figure", "numeral")]))
    except Exception as error:
        seen.append(repr(error))
    return re.sub(r" at 0x[0-9a-f]+", "", repr(seen))


def spoilt(report, table):
    """The report with every cell of one table changed but keys and units."""
    tables = dict(report.tables.data)
    source = tables[table]
    keep = ("unit", "qualifier", source.columns[0])

    def spoil(column, cell):
        if column == "value":
            return cell + "1" if cell[-1:].isdigit() else cell
        return cell if column in keep else cell + " changed"

    tables[table] = replace(source, rows=[{column: spoil(column, cell) for column, cell in row.items()} for row in source.rows])
    return replace(report, tables=tables)


@slow
@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("[0-9]*.ipynb")), ids=lambda p: p.stem)
def test_a_notebook_that_does_not_read_a_table_does_not_depend_on_it(path, project, report, monkeypatch):
    read = json.loads((project / f".venv/rerun/{path.stem}.json").read_text(encoding="utf-8"))["read"]
    before, differ = outcome(path, report, monkeypatch), 0
    for name, table in report.tables.data.items():
        after = outcome(path, spoilt(report, name), monkeypatch)
        if f"data/{table.file}" not in read:
            assert after == before, f"{path.stem} reads {name}, but make does not know it"
        differ += after != before
    assert differ, "no change of any table was seen"


@slow
def test_a_changed_story_or_sentence_reruns_its_users_only(project):
    before = last_records(project)
    for file in ("people_story.py", "texts/figures.toml"):
        with (project / "notebooks/workreport" / file).open("a", encoding="utf-8") as end:
            end.write("\n# changed\n")
    assert make(project).returncode == 0
    after = last_records(project)
    assert {name for name in after if after[name] != before[name]} == {
        "00-start",
        "07-people",
        "08-explore",
        "91-other-readings",
        "92-every-figure",
    }


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
    (tmp_path / "data").mkdir()
    (tmp_path / "data/new.csv").write_text("a", encoding="utf-8")
    assert again() == set(), "nothing reads a table"
    (tmp_path / ".venv/rerun/00-small.json").write_text("[1, 2]", encoding="utf-8")
    assert again() == {"00-small"}, "a record that cannot be read counts as none"


@slow
def test_a_table_that_a_cell_opens_by_itself_counts_as_read(tmp_path):
    project = copy_of_project(tmp_path)
    path = notebook(project / "notebooks", "08-own", "len(open('../data/areas.csv', encoding='utf-8').read()) > 0")
    for file, reruns in {"areas.csv": 1, "indicators.csv": 0}.items():
        rerun.rerun([path], root=project, say=quiet)
        with (project / "data" / file).open("a", encoding="utf-8") as table:
            table.write("\n")
        assert rerun.rerun([path], root=project, say=quiet) == reruns


def test_a_deleted_or_changed_figure_is_noticed(tmp_path):
    (tmp_path / "figures").mkdir()
    (tmp_path / "01-a.ipynb").write_text("{}")
    (tmp_path / "figures/01-a-x.png").write_text("x")
    before = rerun.results(tmp_path / "01-a.ipynb", tmp_path)
    (tmp_path / "figures/01-a-x.png").write_text("y")
    changed = rerun.results(tmp_path / "01-a.ipynb", tmp_path)
    (tmp_path / "figures/01-a-x.png").unlink()
    assert len({before, changed, rerun.results(tmp_path / "01-a.ipynb", tmp_path)}) == 3


@slow
def test_a_failing_cell_is_named_and_nothing_is_lost(tmp_path, folder):
    bad, good = notebook(folder, "00-bad", "1 + 1", "value = 1\nvalue / 0"), notebook(folder, "01-good", "1 + 2")
    before = bad.read_bytes()
    with pytest.raises(rerun.RerunError, match=r"00-bad.ipynb, cell 3: ZeroDivisionError: division by zero\n.*value / 0"):
        rerun.rerun([bad, good], root=tmp_path, say=quiet, kernels=2)
    assert bad.read_bytes() == before
    assert '"3"' in good.read_text(encoding="utf-8"), "what ran beside it has ended"
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
@pytest.mark.parametrize("moment", ["watch", "read"])
def test_a_kernel_that_dies_while_no_cell_runs_is_named_at_once(folder, moment):
    """What is asked of a kernel before and after the cells is answered by `workreport.inputs`, here by one that dies of it."""
    path = notebook(folder, "00-a", "1")
    (folder / "workreport").mkdir()
    inputs = f"import os\nwatch, read = lambda: None, lambda: '[]'\n{moment} = lambda: os._exit(1)\n"
    (folder / "workreport/inputs.py").write_text(inputs, encoding="utf-8")
    start = time.monotonic()
    with pytest.raises(rerun.RerunError, match=r"00-a\.ipynb.*: its kernel died; run make again"):
        rerun.execute(path)
    assert time.monotonic() - start < rerun.TIME_LIMIT / 2


@slow
@pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux only")
def test_a_forked_kernel_finds_what_one_that_jupyter_starts_finds(folder, monkeypatch):
    cell = "import os, signal, sys\nprint(os.getcwd(), sys.path.index(''), [m for m in sys.modules if m.startswith('workreport.')], sys.stdin.read(), signal.getsignal(signal.SIGCHLD))"
    path = notebook(folder, "00-a", cell, "import subprocess\nprint(subprocess.run(['false']).returncode)")
    forked = rerun.execute(path)
    monkeypatch.setattr("workreport.kernels.sys", SimpleNamespace(platform="another"))
    assert rerun.execute(path) == forked
    assert f"{folder} " in forked and "site-packages" not in forked


@pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux only")
def test_when_nothing_is_left_to_fork_from_the_notebook_is_named(folder):
    first = notebook(folder, "00-a", "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)")
    second = notebook(folder, "01-b", "1")
    with pytest.raises(rerun.RerunError, match=r"ipynb.*: its kernel died; run make again"):
        rerun.execute_all([(first, None), (second, None)], kernels=1)


def test_nothing_to_run_starts_no_process(folder, monkeypatch):
    made = []
    monkeypatch.setattr(rerun, "Nursery", lambda environment: made.append(environment) or contextlib.nullcontext())
    assert rerun.execute_all([]) == {} and not made
    rerun.execute_all([(notebook(folder, "00-a", "1"), None)])
    assert made, "and one for a notebook would have been seen"


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
    (project / ".venv/rerun/92-every-figure.json").unlink()
    piped = make(project)
    assert re.fullmatch(r"1 of \d+ notebooks rerun, \d+ unchanged, in \d+ s; figures are in figures/\.\n", piped.stdout)
    (project / ".venv/rerun/92-every-figure.json").unlink()
    import pty

    own, its = pty.openpty()
    environment = os.environ | {"PYTHONPATH": str(project / "notebooks"), "MPLBACKEND": "agg"}
    subprocess.run([sys.executable, "-m", "workreport.rerun"], cwd=project, env=environment, stdout=its, check=True)
    os.close(its)
    assert re.match(r"\[1/1\] 92-every-figure\.ipynb \d+ s\r\n1 of ", os.read(own, 9999).decode())
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
    unasked = subprocess.Popen([sys.executable, "-c", ""], stdout=subprocess.PIPE)
    unasked.stdout.read()  # it ends, and is still listed
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "t"))
    monkeypatch.setattr(rerun, "_temporary", lambda: str(tmp_path / "t"))
    left = [tmp_path / name for name in ("figures/.new-x", "notebooks/.new-x", "data/.new-x", "data/report/.new-x", ".venv/rerun/.new-x")]
    kept = [tmp_path / name for name in ("figures/01-a.png", ".new-site/index.html", f"t/{rerun._kernels()}{os.getpid()}-a/k-1", f"t/kernel-other-{ended.pid}-a/k-1")]
    left += [tmp_path / f"t/{rerun._kernels()}{pid}-a/k-1" for pid in (ended.pid, unasked.pid)]
    for path in left + kept:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    while rerun._alive(unasked.pid):
        time.sleep(0.01)
    rerun.clear(tmp_path)
    unasked.wait()
    assert not [path for path in left if path.exists()]
    assert all(path.exists() for path in kept)


def test_a_folder_that_cannot_be_held_is_named(tmp_path):
    (tmp_path / "work").mkdir()
    (tmp_path / "work/lock").mkdir()
    with pytest.raises(WriteError, match=r"cannot write to .*mend its permissions; nothing was changed"), only_one(tmp_path / "work"):
        pytest.fail("held")
