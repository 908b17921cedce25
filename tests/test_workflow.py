"""Many reports: each is run for itself, whatever befalls another; what is unchanged is not run; Snakemake does the same."""

import asyncio
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time

import pytest
from conftest import ROOT, copy_of_project
from workreport import kernels, rerun, tables
from workreport.files import only_one
from workreport.proof import check

pytestmark = pytest.mark.slow

SNAKEMAKE = shutil.which("snakemake") or next(map(str, ROOT.glob(".venv/workflow/bin/snakemake")), None)
REPORTS = tables.report_names()
PARAMETERS = f'report_name = "{REPORTS[0]}"\nlanguage = "en"'
ASKS = "levels.csv"


def book(project, stem, *sources):
    """A notebook with parameters and one cell for each source."""
    import nbformat.v4 as v4

    cells = [v4.new_markdown_cell(f"# {stem}", id="title"), v4.new_code_cell(PARAMETERS, id="p", metadata={"tags": ["parameters"]})]
    cells += [v4.new_code_cell(source, id=f"c{i}") for i, source in enumerate(sources)]
    path = project / f"notebooks/{stem}.ipynb"
    path.parent.mkdir(exist_ok=True)
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    path.write_text(json.dumps(v4.new_notebook(cells=cells, metadata=metadata)), encoding="utf-8")
    return path


class Kernel:
    """Runs nothing: draws one figure, says which report and language, and fails where it is told to."""

    fails, running, most, begun, jobs = {}, 0, 0, 0, []

    def __init__(self, folder):
        type(self).begun += 1

    async def start(self):
        pass

    async def stop(self):
        pass

    async def run(self, notebook, language=None, report=None, *, figures=None):
        kind = type(self)
        kind.running += 1
        kind.most = max(kind.most, kind.running)
        try:
            await asyncio.sleep(0)
            if error := kind.fails.get((report, notebook.stem, language)):
                if error is signal.SIGINT:
                    signal.raise_signal(error)
                    await asyncio.sleep(60)
                raise error
            if figures:
                figures.mkdir(parents=True)
                (figures / f"{notebook.stem}-chart-{report}.png").write_text(f"drawn of {report}", encoding="utf-8")
            kind.jobs.append((report, notebook.stem, language))
            return f"{report} {notebook.stem} {language}", ([f"{report}/{ASKS}", "units.csv"], [], [])
        finally:
            kind.running -= 1


@pytest.fixture
def project(data, monkeypatch):
    """A project with all tables and two small notebooks, whose kernels run nothing."""
    for stem in ("00-a", "01-b"):
        book(data.parent, stem)
    for name, value in {"fails": {}, "running": 0, "most": 0, "begun": 0, "jobs": []}.items():
        monkeypatch.setattr(Kernel, name, value)
    monkeypatch.setattr(kernels, "Kernel", Kernel)
    return data.parent


def run(project, names=REPORTS, **options):
    """How many notebooks were run by report that is whole, and what was at fault."""
    made, faults = {}, ""
    try:
        rerun.rerun_reports(names, root=project, say=lambda line: None, ended=made.__setitem__, **options)
    except rerun.RerunError as error:
        faults = str(error)
    return made, faults


def state(project):
    """Bytes of everything in reports/."""
    return {p.relative_to(project).as_posix(): p.read_bytes() for p in sorted((project / "reports").rglob("*")) if p.is_file()}


EACH = 4  # two notebooks in two languages


def test_what_is_unchanged_is_not_run_again(project):
    assert run(project) == (dict.fromkeys(REPORTS, EACH), "")
    before = state(project)
    assert run(project) == (dict.fromkeys(REPORTS, 0), "") and state(project) == before
    assert run(project, REPORTS[:1], force=True) == ({REPORTS[0]: EACH}, "") and state(project) == before


def test_a_changed_table_reruns_its_report_and_no_other(project):
    run(project)
    for file, again in ((f"{REPORTS[1]}/{ASKS}", EACH), (f"{REPORTS[1]}/report.json", EACH), (f"{REPORTS[1]}/shares.csv", 0)):
        path = project / "data" / file
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))  # a line end is read as any other
        assert run(project)[0] == dict.fromkeys(REPORTS, 0) | {REPORTS[1]: again}, file
    path = project / "data/units.csv"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert run(project)[0] == dict.fromkeys(REPORTS, EACH)


def test_a_changed_notebook_and_a_lost_file_are_run_again_alone(project):
    run(project)
    before = state(project)
    (project / f"reports/{REPORTS[0]}/00-a-zh.ipynb").unlink()
    assert run(project)[0] == dict.fromkeys(REPORTS, 0) | {REPORTS[0]: 1}
    (project / f"reports/{REPORTS[0]}/figures/00-a-chart-{REPORTS[0]}.png").unlink()
    assert run(project)[0] == dict.fromkeys(REPORTS, 0) | {REPORTS[0]: 1}
    assert state(project) == before
    book(project, "01-b", "1 + 1")
    assert run(project)[0] == dict.fromkeys(REPORTS, 2)


def test_a_fault_in_one_report_is_named_and_the_others_are_whole(project):
    bad = REPORTS[1]
    Kernel.fails[bad, "00-a", "zh"] = rerun.RerunError("00-a.ipynb, cell 3: ZeroDivisionError: division by zero")
    made, faults = run(project, kernels=1)
    assert faults == f"{bad}: 00-a.ipynb, cell 3: ZeroDivisionError: division by zero"
    assert made == dict.fromkeys([name for name in REPORTS if name != bad], EACH)
    assert [name for name in REPORTS if not (project / f"reports/{name}/made.json").exists()] == [bad]
    assert Kernel.begun == 2, "a kernel that failed is not used again"
    ended = sum(report == bad for report, *_ in Kernel.jobs)
    Kernel.fails.clear()
    assert run(project)[0] == dict.fromkeys(REPORTS, 0) | {bad: EACH - ended}


def test_tables_at_fault_stop_their_report_alone(project, edit):
    edit(f"../{REPORTS[0]}/growth.csv", 0, "value", "4.x")
    made, faults = run(project)
    assert f"{REPORTS[0]}: {REPORTS[0]}/growth.csv:2:value: found" in faults and "nothing was run for it" in faults
    assert made == dict.fromkeys(REPORTS[1:], EACH) and not (project / "reports" / REPORTS[0]).exists()


def test_tables_proven_by_other_rules_are_proven_again(project, monkeypatch):
    run(project)
    asked = []
    monkeypatch.setattr(check, "check_data", lambda name, data: asked.append(name) or (None, []))
    run(project)
    assert asked == []
    rule = project / "notebooks/workreport/proof/ledger.py"
    rule.parent.mkdir(parents=True)
    rule.write_text("# another rule", encoding="utf-8")
    run(project)
    assert sorted(asked) == REPORTS


def test_a_report_is_held_by_one_process_and_the_project_by_none(project):
    with only_one(project / ".venv/rerun/reports" / REPORTS[0]), only_one(project / ".venv/rerun"):
        made, faults = run(project)
    assert faults.startswith(f"{REPORTS[0]}: another make is at work") and made == dict.fromkeys(REPORTS[1:], EACH)


def test_make_beside_it_sweeps_nothing_of_a_report(project, monkeypatch):
    """What a run of make removes first is never what a report is being written with."""
    kept = [project / ".venv/rerun/reports" / REPORTS[0] / name for name in (".new-x", "figures/00-a/00-a-x.png")]
    kept += [project / "reports" / REPORTS[0] / name for name in (".new-x", "figures/.new-x")]
    for path in kept:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    rerun.clear(project)
    assert all(path.exists() for path in kept)
    run(project, REPORTS[:1])
    assert not any(path.exists() for path in kept), "who holds the report sweeps it"


def test_a_killed_run_goes_on_where_it_was(project):
    run(project)
    whole = state(project)
    shutil.rmtree(project / "reports")
    Kernel.fails[REPORTS[0], "01-b", "en"] = signal.SIGINT
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # some shells start their jobs deaf to it
    try:
        with pytest.raises(KeyboardInterrupt):
            run(project, kernels=1)
    finally:
        signal.signal(signal.SIGINT, before)
    part = state(project)
    assert part and part.items() < whole.items() and f"reports/{REPORTS[0]}/made.json" not in part
    Kernel.fails.clear()
    made, faults = run(project)
    assert faults == "" and 0 < made[REPORTS[0]] < EACH and state(project) == whole


def test_every_kernel_is_kept_at_work_across_reports(project):
    (project / "notebooks/01-b.ipynb").unlink()
    run(project, kernels=4)
    assert Kernel.most == 4 and Kernel.begun == 4, "one report has two jobs only"


def test_a_kernel_is_renewed_before_it_grows(project, monkeypatch):
    monkeypatch.setattr(kernels, "LIFE", 2 * EACH)
    run(project, kernels=1)
    assert Kernel.begun == -(-len(REPORTS) // 2)


def test_what_notebooks_left_that_are_no_more_is_removed(project):
    run(project)
    own = project / f"reports/{REPORTS[0]}/mine.ipynb"
    own.write_text("a reader's own", encoding="utf-8")
    (project / "notebooks/01-b.ipynb").unlink()
    run(project)
    made = json.loads((project / f"reports/{REPORTS[0]}/made.json").read_text(encoding="utf-8"))
    assert sorted(made) == ["00-a-en.ipynb", "00-a-zh.ipynb", f"figures/00-a-chart-{REPORTS[0]}.png"]
    assert own.exists() and not list((project / "reports").glob("*/01-b*")) + list((project / "reports").glob("*/figures/01-b*"))


def test_a_notebook_about_all_reports_is_not_run_for_each(project):
    book(project, "02-all", "every = reports.every()")
    assert run(project)[0] == dict.fromkeys(REPORTS, EACH)


def test_the_command_names_what_was_done_and_what_was_not(project, monkeypatch, capsys):
    monkeypatch.setattr(rerun, "ROOT", project)
    monkeypatch.setattr(rerun.rerun_reports, "__kwdefaults__", rerun.rerun_reports.__kwdefaults__ | {"root": project})
    monkeypatch.setattr(rerun.notebooks_of, "__defaults__", (project,))
    assert rerun.main(["--report", "none"]) == 1
    assert capsys.readouterr().out == f"data/none/ holds no report: choose one of {', '.join(REPORTS)}\n"
    Kernel.fails[REPORTS[0], "00-a", "en"] = rerun.RerunError("00-a.ipynb, cell 1: broken")
    assert rerun.main(["--report", "all"]) == 1
    said = capsys.readouterr().out.splitlines()
    assert len(said) == len(REPORTS) and said[-1] == f"{REPORTS[0]}: 00-a.ipynb, cell 1: broken"
    Kernel.fails.clear()
    assert rerun.main(["--report", "all"]) == 0
    assert f"1 of {len(REPORTS)} reports rerun, {len(REPORTS) - 1} unchanged" in capsys.readouterr().out
    assert rerun.main(["--report", "all"]) == 0
    assert capsys.readouterr().out == f"Nothing to do: {len(REPORTS)} reports, every notebook is up to date.\n"


def test_the_workflow_is_pinned_and_says_how_to_run_it():
    text = (ROOT / "workflow/Snakefile").read_text(encoding="utf-8")
    pinned = re.search(r"^snakemake==[\d.]+$", (ROOT / "workflow/requirements.txt").read_text(encoding="utf-8"), re.M)
    assert pinned and pinned[0] in (ROOT / "workflow/requirements.lock").read_text(encoding="utf-8")
    assert "-m workreport.rerun --report {wildcards.name} --kernels 1" in text


SLOW_CELL = """
import os, time
open(f"../begun-{report_name}-{language}", "w").write(str(os.getpid()))
while os.path.exists("../hold"):
    time.sleep(0.1)
"""


@pytest.fixture
def small(tmp_path):
    """A copy of the project with all reports and two notebooks that take a moment."""
    project = copy_of_project(tmp_path / "project")
    shutil.copytree(ROOT / "workflow", project / "workflow")
    for path in (project / "notebooks").glob("*.ipynb"):
        path.unlink()
    book(project, "00-a", "from workreport import load\nlen(load(report_name).tables['levels'].rows), language")
    book(project, "01-b", SLOW_CELL)
    return project


def command(project, *words):
    environment = os.environ | {"PYTHONPATH": str(project / "notebooks"), "MPLBACKEND": "agg"}
    return subprocess.Popen(words, cwd=project, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)


def ended(process):
    said = process.communicate(timeout=300)[0]
    assert process.returncode == 0, said
    return said


@pytest.mark.slow
@pytest.mark.skipif(SNAKEMAKE is None or os.name != "posix", reason="Snakemake is not here (make workflow installs it)")
def test_snakemake_leaves_what_make_leaves_and_a_killed_job_goes_on(small):
    make = [sys.executable, "-m", "workreport.rerun", "--report", "all", "--kernels", "2"]
    snake = [SNAKEMAKE, "--cores", "2", "--config", f"python={sys.executable}"]
    ended(command(small, *make))
    whole = state(small)
    shutil.rmtree(small / "reports")
    shutil.rmtree(small / ".venv/rerun")
    for path in small.glob("begun-*"):
        path.unlink()
    (small / "hold").touch()
    killed = command(small, *snake)
    try:
        for _ in range(600):
            if len(list(small.glob("begun-*"))) == 2:
                break
            time.sleep(0.1)
        assert len({path.name.rsplit("-", 1)[0] for path in small.glob("begun-*")}) == 2, "two reports at once"
    finally:
        os.killpg(killed.pid, signal.SIGKILL)
        killed.communicate()
    part = state(small)
    assert part.items() < whole.items() and not any(name.endswith("made.json") for name in part)
    (small / "hold").unlink()
    said = ended(command(small, *snake))
    assert state(small) == whole
    assert "Nothing to be done" in ended(command(small, *snake))
    assert "Nothing to do" in ended(command(small, *make))
    again = sum(int(n) for n in re.findall(r": (\d+) notebooks in reports/", said))
    assert again == 4 * len(REPORTS) - sum(name.endswith(".ipynb") for name in part)
