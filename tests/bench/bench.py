"""Measure reruns on a copy of the project, beside what people would run notebooks with instead: ``make bench``."""

import json
import math
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from functools import partial
from importlib.metadata import distributions
from pathlib import Path
from statistics import median

import grow

PAGE, PY = Path(__file__).resolve().with_name("README.md"), sys.executable
ROOT = PAGE.parents[2]
SIZES = {"rows 行数": (1, 10), "reports 报告": (1, 5)}
# Whole reports so many times over: one entered in full, one for its main indicators and targets.
REPORTS = {"qinyang-2023": (1,), "laiyuan-2022": (1, 3)}
COUNTIES = 3000
INSTALLED = {d.name: d.version for d in distributions()}
PEERS = ("matplotlib", "nbconvert", "nbclient", "ipykernel", "papermill", "nbmake", "pytest-xdist", "jupyter-cache")
CACHE = """
from pathlib import Path
from jupyter_cache import get_cache, executors
cache = get_cache(Path(".cache").resolve())
for path in sorted(Path("notebooks").glob("[0-9]*.ipynb")):
    cache.add_nb_to_project(str(path.resolve()))
result = executors.load_executor("local-parallel", cache).run_and_cache(timeout=600)
assert not (result.excepted or result.errored)
"""
FLOOR = """
import json, multiprocessing, os, sys
import IPython.display
from workreport import page
IPython.display.display = lambda *shown, **how: type("Handle", (), {"update": print})()
def run(name):
    space = {"__name__": "__main__"}
    for cell in json.load(open(name, encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), space)
with multiprocessing.get_context("fork").Pool(2) as pool:
    pool.map(run, sorted(sys.argv[1:], key=os.path.getsize, reverse=True), chunksize=1)
"""
STEPS = """
import json, time
from pathlib import Path
from workreport import collection, export, tables
from workreport.proof import check
folder, spent = Path("figures"), dict.fromkeys(("load", "check", "analyse", "draw"), 0)
def work(name):
    report = tables.load_report(name)
    yield "load"
    assert not check.check_data(name)[1]
    yield "check"
    collection.findings(report)
    yield "analyse"
    export.export(*collection.run("93-worked-example", report).charts.values(), "x", folder=folder)
    yield "draw"
export.export(*collection.run("93-worked-example").charts.values(), "warm", folder=folder)
for name in tables.report_names():
    begin = time.perf_counter()
    for step in work(name):
        spent[step] += time.perf_counter() - begin
        begin = time.perf_counter()
print(json.dumps(spent))
"""
# Of what, in what unit, at least or at most how much.
GOALS = (
    ("nbconvert, notebook by notebook", "times make 倍于 make", "≥", 3.5),
    ("nbconvert, one call", "times make 倍于 make", "≥", 2.2),
    ("make", "times the floor 倍于下限", "≤", 1.4),
    ("nothing changed", "seconds 秒", "≤", 0.5),
    ("a cell of a notebook changed", "notebooks rerun 重跑的笔记本", "≤", 1),
)


def run(project, *commands):
    """Seconds that commands take one after the other, and what the last prints; figures are exported whoever runs."""
    own = {"PYTHONPATH": f"{project}/notebooks", "WORKREPORT_FIGURES": f"{project}/figures", "MPLBACKEND": "agg"}
    begin = time.perf_counter()
    for command in commands:
        ended = subprocess.run(command, cwd=project, env=os.environ | own, capture_output=True, encoding="utf-8")
        if ended.returncode:
            raise SystemExit(f"{command} ended with {ended.returncode}:\n{ended.stdout}{ended.stderr}")
    return time.perf_counter() - begin, ended.stdout


def ways(names):
    """Every way to run all notebooks, as commands by name."""
    convert = [PY, "-m", "jupyter", "nbconvert", "--log-level", "ERROR", "--to", "notebook", "--execute", "--inplace"]
    return {
        "make": [[PY, "-m", "workreport.rerun", "--force", "--kernels", "2"]],
        "floor": [[PY, "-c", FLOOR, *names]],
        "nbconvert, notebook by notebook": [[*convert, name] for name in names],
        "nbconvert, one call": [[*convert, *names]],
        "papermill": [[PY, "-m", "papermill", "--no-progress-bar", "--cwd", "notebooks", name, name] for name in names],
        "nbmake": [[PY, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbmake", "-n", "2", *names]],
        "jupyter-cache": [[PY, "-c", CACHE]],
    }


def measure(project):
    """Seconds of each way; the first two again after every other one, so that ratios are of neighbours in time."""
    chosen = ways([f"notebooks/{path.name}" for path in sorted((project / "notebooks").glob("[0-9]*.ipynb"))])
    run(project, *chosen["make"])  # so that all files are there
    times = {way: [] for way in chosen}
    for way in ("make", "floor", *list(chosen)[2:4], "make", "floor", *list(chosen)[4:], "make", "floor"):
        times[way].append(run(project, *chosen[way])[0])
        print(f"{way} {times[way][-1]:.1f} s", flush=True)
    return times


def changes(project):
    """What was changed, the seconds that make takes then, and what it says."""
    rerun, table = [PY, "-m", "workreport.rerun"], project / "data/qinyang-2023/discrepancies.csv"
    book = sorted((project / "notebooks").glob("*.ipynb"))[0]
    run(project, rerun)
    found = [("nothing changed", *sorted(run(project, rerun) for _ in range(3))[1])]
    content = json.loads(book.read_text(encoding="utf-8"))
    content["cells"][-1]["source"] = [*content["cells"][-1]["source"], "\n# changed"]
    book.write_text(json.dumps(content), encoding="utf-8")
    found.append(("a cell of a notebook changed", *run(project, rerun)))
    table.write_text(re.sub(r'("?)\n\Z', r"x\1\n", table.read_text(encoding="utf-8")), encoding="utf-8")
    found.append((f"a cell of {table.name} changed", *run(project, rerun)))
    return [*found, ("make check", *run(project, [PY, "-m", "workreport.proof.check"]))]


def growth(project, kind, sizes):
    """Seconds of each step by how many times the rows or the reports are there."""
    found, more = {}, grow.more_rows if kind.startswith("rows") else partial(grow.more_reports, alone=True)
    for size in sizes:
        shutil.rmtree(project / "data")
        more(ROOT / "data", "qinyang-2023", size, project / "data")
        found[size] = json.loads(run(project, [PY, "-c", STEPS])[1])
        print(f"{kind} ×{size}: {found[size]}", flush=True)
    return found


def whole_reports(project):
    """Seconds, processor seconds, seconds where nothing changed and MiB of reports, every notebook in both languages, on one core."""
    rerun, found = [PY, "-m", "workreport.rerun", "--report", "all", "--kernels", "1"], {}
    for name, size in ((name, size) for name, sizes in REPORTS.items() for size in sizes):
        for folder in ("data", "reports"):
            shutil.rmtree(project / folder, ignore_errors=True)
        grow.more_reports(ROOT / "data", name, size, project / "data", alone=True)
        before = os.times()
        seconds, after = run(project, rerun)[0], os.times()
        left = sum(path.stat().st_size for path in (project / "reports").rglob("*")) / 2**20
        found[name, size] = seconds, sum(after[2:4]) - sum(before[2:4]), run(project, rerun)[0], left
        print(f"{name} ×{size}: {found[name, size]}", flush=True)
    return found


def slopes(few, many, times):
    """On logarithmic scales: 1 is linear."""
    return [math.log(more / less) / math.log(times) for less, more in zip(few, many, strict=True)]


def goals(times, changed):
    """Rows of each goal: of what, unit, bound, measured, and how it came out."""
    middle = {way: median(seconds) for way, seconds in times.items()}
    found = {(way, GOALS[0][1]): seconds / middle["make"] for way, seconds in middle.items()}
    found[GOALS[2][:2]] = middle["make"] / middle["floor"]
    for what, seconds, said in changed:
        found |= {(what, GOALS[3][1]): seconds, (what, GOALS[4][1]): int(re.match(r"\d*", said)[0] or 0)}
    for what, unit, side, bound in GOALS:
        if (value := found.get((what, unit))) is not None:
            met = value >= bound if side == "≥" else value <= bound
            yield f"| {what} | {unit} | {side} {bound:g} | {value:.3g} | {'met 达到' if met else 'not met 未达到'} |"


def page(times, changed, grown, reports):
    """The page, of what was measured."""
    versions = ", ".join(f"{name} {INSTALLED[name]}" for name in PEERS if name in INSTALLED)
    lines = [
        "# How fast it reruns 重跑有多快", "", "Generated by `make bench`; do not edit. 由 `make bench` 生成，请勿手改。", "",
        f"- {os.cpu_count()} cores, {platform.system()} {platform.release()}; load in the end {os.getloadavg()[0]:.1f}",
        f"- Python {platform.python_version()}, {versions}",
        "- Every chart in two shapes and two languages; PNG, SVG, PDF. 每图两种版式、两种语言、三种格式。", "",
        "| goal 目标 | measure 量 | bound 界 | measured 实测 | |", "|:---|:---|---:|---:|:---|",
        *goals(times, changed), "",
        "The floor runs the same cells as plain Python in two forked workers. 下限：同样的代码，纯 Python，两个分支进程。", "",
        "| way 方式 | median seconds 中位秒数 | all 各次 | times make 倍数 |", "|:---|---:|:---|---:|",
    ]  # fmt: skip
    for way, seconds in times.items():
        ratio = median(seconds) / median(times["make"])
        lines.append(f"| {way} | {median(seconds):.1f} | {' '.join(f'{s:.0f}' for s in seconds)} | {ratio:.2f} |")
    lines += ["", "| change 改动 | seconds 秒 | what it says 输出 |", "|:---|---:|:---|"]
    lines += [f"| {what} | {seconds:.2f} | {said.strip().splitlines()[-1]} |" for what, seconds, said in changed]
    lines += ["", "How cost grows; the slope on logarithmic scales, 1 is linear. 开销增长；双对数斜率，1 为线性。"]
    for kind, series in grown.items():
        low, high = list(series)[-2:]
        lines += ["", f"| {kind} | " + " | ".join(f"{step}, s" for step in series[1]) + " |", "|:---|---:|---:|---:|---:|"]
        measured = [(f"×{size}", spent.values()) for size, spent in series.items()]
        for name, values in (*measured, ("slope 斜率", slopes(series[low].values(), series[high].values(), high / low))):
            lines.append(f"| {name} | " + " | ".join(f"{value:.2f}" for value in values) + " |")
    return "\n".join([*lines, "", *every_county(reports)]) + "\n"


def every_county(found):
    """Lines on whole reports."""
    lines = [
        "All notebooks of a report in both languages, every chart drawn, on one core. 每份报告的全部笔记本，两种语言，画出全部图，一个核。", "",
        "| reports 报告 | seconds 秒 | processor seconds 处理器秒 | nothing changed 未改动 | MiB |", "|:---|---:|---:|---:|---:|",
    ]  # fmt: skip
    lines += [f"| {name} ×{size} | {a:.1f} | {b:.1f} | {c:.2f} | {d:.1f} |" for (name, size), (a, b, c, d) in found.items()]
    (few, low), (many, high) = [(n, values) for n, values in found.items() if n[0] == list(REPORTS)[-1]]
    lines.append("| slope 斜率 | {:.2f} | {:.2f} | {:.2f} | {:.2f} |".format(*slopes(low, high, many[1] / few[1])))
    full, part = (found[name, sizes[-1]][1] / sizes[-1] * COUNTIES / 3600 for name, sizes in REPORTS.items())
    lines += [
        "",
        f"So {COUNTIES:,} counties (a round number) take one core {full:.0f} hours if every report is entered in full, as the first, and {part:.0f} if "
        "for its main indicators and targets, as the second. Reports do not wait for each other, so cores divide the time; `make workflow` runs one job "
        f"per report by [Snakemake](https://snakemake.readthedocs.io). {COUNTIES:,}个县（取整数）各一份：全文录入，一个核{full:.0f}小时；只录主要指标和"
        f"目标，{part:.0f}小时。报告之间互不等待，`make workflow` 用 Snakemake 每份报告跑一个任务。",
    ]
    return lines


def main():
    """Measure everything, print the page and write it."""
    with tempfile.TemporaryDirectory() as folder:
        ignored = ".git", ".venv", ".snakemake", "site", "mine", "__pycache__", "tests", "reports"
        project = Path(shutil.copytree(ROOT, Path(folder, "project"), ignore=shutil.ignore_patterns(*ignored)))
        times, changed = measure(project), changes(project)
        text = page(times, changed, {kind: growth(project, kind, sizes) for kind, sizes in SIZES.items()}, whole_reports(project))
    print(text)
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
