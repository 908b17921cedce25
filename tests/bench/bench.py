"""Measure reruns against what people would use instead, and how the cost of each step grows: ``make bench``.

Everything runs on a copy of the project in a temporary folder, all ways in turn, so that a busy
machine slows them alike. Nothing here is a test: times are printed beside the goals, and fail nothing.
"""

import argparse
import json
import math
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import grow
import psutil

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.append(str(HERE.parent))
import browser  # noqa: E402
import lab  # noqa: E402

PAGE = HERE / "README.md"
PY = sys.executable
CORES = 2
COUNTIES = 3000  # a round number of counties, for scale
PACKAGES = ("matplotlib", "nbconvert", "nbclient", "ipykernel", "papermill", "nbmake", "pytest-xdist", "jupyter-cache", "jupyter-book")
RUN_ALL = "Run All in JupyterLab, the slowest notebook"
LIMIT = 1200  # seconds that a size may be expected to take; larger ones are left out


def copy(folder):
    """The project without its history and its environment."""
    for name in ("notebooks", "data", "figures"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints"))
    for name in ("requirements.lock", "README.md", "README.zh-CN.md"):
        shutil.copy(ROOT / name, folder)
    return folder


def run(project, *commands, **environment):
    """Seconds that commands take one after the other, the largest memory of one process in MiB, and what they print."""
    peak, over = [0], threading.Event()

    def watch():
        own = psutil.Process()
        while not over.wait(0.1):
            for process in own.children(recursive=True):
                try:
                    peak[0] = max(peak[0], process.memory_info().rss)
                except psutil.Error:
                    pass

    watcher = threading.Thread(target=watch)
    watcher.start()
    env = os.environ | {"PYTHONPATH": str(project / "notebooks"), "MPLBACKEND": "agg"} | environment
    start, printed = time.perf_counter(), ""
    try:
        for command in commands:
            result = subprocess.run(command, cwd=project, env=env, capture_output=True, text=True, encoding="utf-8")
            printed += result.stdout
            if result.returncode:
                raise SystemExit(f"{' '.join(map(str, command))} ended with {result.returncode}:\n{result.stdout}{result.stderr}")
        seconds = time.perf_counter() - start
    finally:
        over.set()
        watcher.join()
    return seconds, peak[0] / 2**20, printed


def rerun(*arguments):
    """The command that ``make`` runs."""
    return [PY, "-m", "workreport.rerun", *arguments]


def ways(notebooks):
    """Name to commands: every way to run all notebooks of a copy."""
    names = [f"notebooks/{path.name}" for path in notebooks]
    convert = [PY, "-m", "jupyter", "nbconvert", "--log-level", "ERROR", "--to", "notebook", "--execute", "--inplace"]
    found = {
        "make": [rerun("--force", "--kernels", str(CORES))],
        "nbconvert, notebook by notebook": [[*convert, name] for name in names],
        "nbconvert, one call": [[*convert, *names]],
        "floor": [[PY, HERE / "floor.py", str(CORES)]],
    }
    if _installed("papermill"):
        found["papermill, notebook by notebook"] = [[PY, "-m", "papermill", "--no-progress-bar", "--cwd", "notebooks", n, n] for n in names]
    if _installed("nbmake"):
        found[f"pytest with nbmake, {CORES} workers"] = [
            [PY, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbmake", "-n", str(CORES), *names]
        ]
    if _installed("jupyter-cache"):
        found["jupyter-cache, all stale"] = [[PY, "-c", "import shutil; shutil.rmtree('.cache', True)"], [PY, HERE / "cache.py"]]
    if _installed("jupyter-book"):
        found["Jupyter Book, with its pages"] = [[PY, HERE / "book.py"]]
    if shutil.which("quarto"):
        found["Quarto, notebook by notebook"] = [
            ["quarto", "render", name, "--execute", "--to", "ipynb", "--output", "-"] for name in names
        ]
    return found


def _installed(name):
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def collection(project, chosen, runs):
    """Seconds and memory of every way: name to (times, largest memory)."""
    measured = {name: ([], [0.0]) for name in chosen}
    run(project, rerun("--force"))
    for i in range(runs):
        for name, commands in chosen.items():
            seconds, memory, _ = run(project, *commands)
            measured[name][0].append(seconds)
            measured[name][1][0] = max(measured[name][1][0], memory)
            say(f"run {i + 1} of {runs}: {name} {seconds:.1f} s")
    return measured


def cold(project, chosen):
    """Seconds of every way without font cache and bytecode, once each."""
    found = {}
    for name, commands in chosen.items():
        with tempfile.TemporaryDirectory() as empty:
            found[name] = run(project, *commands, MPLCONFIGDIR=f"{empty}/a", PYTHONPYCACHEPREFIX=f"{empty}/b")[0]
            say(f"cold: {name} {found[name]:.1f} s")
    return found


def changes(project, notebooks, runs):
    """Rows of what a rerun takes after one change: what, seconds, what it says."""
    seal = [PY, "-m", "workreport.check", "--seal"]
    middle, table = project / "notebooks" / notebooks[len(notebooks) // 2].name, project / "data/qinyang-2023/discrepancies.csv"
    run(project, rerun())
    nothing = [run(project, rerun()) for _ in range(5 if runs > 1 else 1)]
    found = [("nothing changed", statistics.median(seconds for seconds, *_ in nothing), nothing[0][2])]
    book = json.loads(middle.read_text(encoding="utf-8"))
    book["cells"][-1]["source"] = [*book["cells"][-1]["source"], "\n# changed"]
    middle.write_text(json.dumps(book), encoding="utf-8")
    seconds, _, printed = run(project, rerun())
    found.append((f"a cell of {middle.name}", seconds, printed))
    table.write_text(re.sub(r"[^,\n]*\n\Z", "another reason\n", table.read_text(encoding="utf-8")), encoding="utf-8")
    run(project, seal)
    seconds, _, printed = run(project, rerun())
    found.append((f"a cell of {table.name}", seconds, printed))
    if _installed("jupyter-cache"):
        cache = [PY, HERE / "cache.py"]
        run(project, cache)
        seconds, _, printed = run(project, cache)
        found.append(("nothing changed, jupyter-cache", seconds, printed))
    return found


def single(project, runs):
    """Rows of single commands: what, median seconds."""

    def median(code):
        return statistics.median(run(project, [PY, "-c", code])[0] for _ in range(5 if runs > 1 else 1))

    pandas = median("import pandas")
    main = "import pandas, workreport.check, workreport.findings as f; f.stories()"
    return [
        ("import workreport, beyond pandas", median("import pandas, workreport") - pandas),
        ("import of every module but those that draw, beyond pandas", median(main) - pandas),
        ("import of all that a notebook imports, matplotlib included, beyond pandas", median("import pandas, workreport.notebook") - pandas),
        ("make check", statistics.median(run(project, [PY, "-m", "workreport.check"])[0] for _ in range(5 if runs > 1 else 1))),
    ]


def run_all(notebooks):
    """Seconds of Run All in JupyterLab, in Chromium, by notebook; nothing where either is missing."""
    if not (_installed("playwright") and browser.chromium_path()):
        say("JupyterLab's Run All was not measured: Chromium is not here (Debian: apt install chromium)")
        return {}
    found = {}
    with tempfile.TemporaryDirectory() as folder, lab.serving(Path(folder)) as (address, _), browser.start() as chromium:
        for path in notebooks:
            page = chromium.new_page()
            page.set_default_timeout(lab.LIMIT * 1000)
            lab.open_notebook(page, address.format(path.stem))
            found[path.name] = lab.run_all(page)
            page.close()
            say(f"Run All: {path.name} {found[path.name]:.1f} s")
    return found


_STEPS = """
import json, sys, time
from pathlib import Path
data, names, charts = Path(sys.argv[1]), json.loads(sys.argv[2]), json.loads(sys.argv[3])
from workreport import check, export, figures_story, findings, second_reading, seal, tables
spent, counts = dict.fromkeys(("load", "check", "analyse", "draw"), 0.0), {}
stories = [s for s in findings.stories().values() if s.__name__ != "workreport.readings_story"]
export.export(stories[0].themes_chart(tables.load_report()), "warm", folder=Path(sys.argv[4]))
def size(chart):
    return [len(chart.rows), len(chart.figure_ids)]
def lap(step, work):
    start = time.perf_counter()
    result = work()
    spent[step] += time.perf_counter() - start
    return result
for name in names:
    report, faults = lap("load", lambda: tables.read_report(name, data=data))
    faults += lap("check", lambda: [*check.ledger_faults(report), *second_reading.faults(report), *check.figure_faults(report)])
    lap("check", lambda: seal.make_seal([report]))
    made = lap("analyse", lambda: [(s.answer(report), findings.charts_of(s, report)) for s in stories])
    lap("analyse", lambda: figures_story.theme_blocks(report))
    drawn = [c for _, found in made for c in found if charts.setdefault(c.name, size(c)) == size(c)]
    counts |= {c.name: size(c) for c in drawn}
    for chart in drawn[: int(sys.argv[5])]:
        lap("draw", lambda: export.export(chart, "x", folder=Path(sys.argv[4])))
print(json.dumps([spent, len(faults), counts]))
"""


def growth(project, kind, sizes):
    """Seconds of each step by size: size to step to seconds; a step that would take too long ends the series."""
    found, charts = {}, {}
    for size in sizes:
        before = list(found.values())[-1:]
        if before and 10 * (sum(before[0].values()) - before[0]["draw"]) > LIMIT:
            say(f"{kind} ×{size}: left out, it would take about {10 * (sum(before[0].values()) - before[0]['draw']):.0f} s")
            break
        with tempfile.TemporaryDirectory() as folder:
            data = Path(folder) / "data"
            (grow.more_rows if kind == "rows" else grow.more_reports)(project / "data", "qinyang-2023", size, data)
            names = ["qinyang-2023"] + [f"qinyang-2023-{i}" for i in range(1, size if kind == "reports" else 1)]
            drawn = "1" if kind == "reports" else "4"
            arguments = [str(data), json.dumps(names), json.dumps(charts), folder, drawn]
            _, memory, printed = run(project, [PY, "-c", _STEPS, *arguments])
        spent, faults, counts = json.loads(printed)
        charts = charts or counts
        if faults:
            raise SystemExit(f"the generated tables have {faults} faults")
        found[size] = spent
        say(f"{kind} ×{size}: " + ", ".join(f"{step} {seconds:.2f} s" for step, seconds in spent.items()) + f"; {memory:.0f} MiB")
    return found


def slope(series, step):
    """Slope of a step's seconds over size, both as logarithms, between the last two sizes."""
    (low, before), (high, after) = list(series.items())[-2:]
    return math.log(after[step] / before[step]) / math.log(high / low)


def machine():
    """Rows of what this was measured on."""
    info = Path("/proc/cpuinfo")
    names = re.findall(r"model name\s*: (.*)", info.read_text()) if info.is_file() else []
    versions = ", ".join(f"{name} {_installed(name)}" for name in PACKAGES if _installed(name))
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    return [
        f"{names[0] if names else platform.processor()}, {os.cpu_count()} cores, {psutil.virtual_memory().total / 2**30:.0f} GiB, "
        f"{platform.system()} {platform.release()}; load before the first run {load}",
        f"Python {platform.python_version()}, {versions}" + ("" if shutil.which("quarto") else "; Quarto was not there"),
    ]


# What is asked of it: of which measure, at least or at most how much, and the digits worth printing.
GOALS = (
    ("nbconvert, notebook by notebook", "times make 倍于 make", ">=", 3.5, 2),
    ("nbconvert, one call", "times make 倍于 make", ">=", 2, 2),
    ("make", "times the floor 倍于下限", "<=", 1.8, 2),
    ("make", "MiB of the largest process 最大进程内存", "<=", 300, 0),
    ("nothing changed", "seconds 秒", "<=", 1, 2),
    ("import workreport, beyond pandas", "seconds 秒", "<=", 0.15, 2),
    ("make check", "seconds 秒", "<=", 2, 2),
    (RUN_ALL, "seconds 秒", "<=", 10, 1),
)


def goals(measured, changed, commands):
    """Rows of each goal that was measured: what, measure, bound, and how it came out."""
    middle = {name: statistics.median(times) for name, (times, _) in measured.items()}
    found = {(name, "times make 倍于 make"): seconds / middle["make"] for name, seconds in middle.items()}
    found |= {("make", "times the floor 倍于下限"): middle["make"] / middle["floor"]}
    found |= {("make", "MiB of the largest process 最大进程内存"): measured["make"][1][0]}
    found |= {(name, "seconds 秒"): seconds for name, seconds, *_ in (*changed, *commands)}
    for name, measure, side, bound, digits in GOALS:
        if (name, measure) in found:
            value = found[name, measure]
            met = value >= bound if side == ">=" else value <= bound
            verdict = "met 达到" if met else "not met 未达到"
            yield f"| {name} | {measure} | {'≥' if side == '>=' else '≤'} {bound:g} | {value:.{digits}f} | {verdict} |"


def page(host, measured, chilled, changed, commands, grown, runs):
    """Text of the page of results."""
    ours = statistics.median(measured["make"][0])
    lines = [
        "# How fast it reruns 重跑有多快",
        "",
        "Generated by `make bench`; do not edit. Everybody can repeat it. 由 `make bench` 生成，请勿手改；人人可以重复。",
        "",
        *(f"- {line}" for line in host),
        f"- {runs} run{'s' * (runs > 1)} of each way in turn, on {CORES} cores; medians; every chart in PNG, SVG and PDF, in both languages",
        "",
        "## Goals 目标",
        "",
        "| of 对象 | measure 量 | goal 目标 | measured 实测 | |",
        "|:---|:---|---:|---:|:---|",
        *goals(measured, changed, commands),
        "",
        "## The whole collection 整套笔记本",
        "",
        "The floor runs the same cells as plain Python in one process with two forked workers: no kernels, no executed notebooks. "
        "下限：同样的代码，一个进程、两个分支，不启动内核。",
        "",
        "| way 方式 | seconds 秒 | fastest–slowest 最快至最慢 | times make 倍数 | cold 冷启动 | MiB of the largest process 最大进程内存 |",
        "|:---|---:|---:|---:|---:|---:|",
    ]
    for name, (times, memory) in measured.items():
        middle = statistics.median(times)
        first = f"{chilled[name]:.1f}" if name in chilled else ""
        lines.append(f"| {name} | {middle:.1f} | {min(times):.1f}–{max(times):.1f} | {middle / ours:.2f} | {first} | {memory[0]:.0f} |")
    lines += ["", "Cold: no font cache, no bytecode; once. 冷启动：没有字体缓存和字节码，一次。", "", "## After a change 改动之后", ""]
    lines += ["| change 改动 | seconds 秒 | what it says 输出 |", "|:---|---:|:---|"]
    lines += [f"| {what} | {seconds:.2f} | {printed.strip().splitlines()[-1]} |" for what, seconds, printed in changed]
    lines += ["", "## Single commands 单个命令", "", "| command 命令 | seconds 秒 |", "|:---|---:|"]
    lines += [f"| {what} | {seconds:.2f} |" for what, seconds in commands]
    lines += [
        "",
        "## How cost grows 开销如何增长",
        "",
        "Rows: every table so many times over, each copy about indicators of its own; the four charts drawn are among those that show no more than before. "
        "Reports: so many folders beside the first; one chart drawn of each. The slope is that of the last step on logarithmic scales: 1 is linear. "
        "行数：每张表成倍增加；报告：并列多份。斜率为双对数坐标下最后一段，1 为线性。",
    ]
    for kind, series in grown.items():
        steps = list(next(iter(series.values())))
        lines += ["", f"| {kind} {'行数' if kind == 'rows' else '报告'} | " + " | ".join(f"{step}, s" for step in steps) + " |"]
        lines += ["|:---|" + "---:|" * len(steps)]
        lines += [f"| ×{size:,} | " + " | ".join(f"{spent[step]:.2f}" for step in steps) + " |" for size, spent in series.items()]
        if len(series) > 1:
            lines += ["| slope 斜率 | " + " | ".join(f"{slope(series, step):.2f}" for step in steps) + " |"]
    lines += [
        "",
        "Trying every doubtful figure under another reading computes all findings again for each, so its cost is readings × findings: "
        "the copies above keep the readings at their number. 逐一换读法时，每种读法都要重算全部结论，因此上表不增加读法的数目。",
        "",
        "## A thousand reports, every county 一千份报告，每一个县",
        "",
        f"At {ours:.1f} s a report, this machine takes {ours * 1000 / 3600:.1f} hours for a thousand reports, {ours * COUNTIES / 3600:.1f} hours for one of each "
        f"of {COUNTIES:,} counties (a round number), and {ours * COUNTIES * 1000 / 86400 / 365:.1f} years for a thousand of each. Reports do not depend on each other, so machines divide the time: "
        "[Snakemake](https://snakemake.readthedocs.io) runs the same command once per report on a cluster, with one rule and no change of this code (not tried here). "
        f"按每份{ours:.1f}秒计：一千份{ours * 1000 / 3600:.1f}小时，{COUNTIES:,}个县（取整数）各一份{ours * COUNTIES / 3600:.1f}小时，各一千份{ours * COUNTIES * 1000 / 86400 / 365:.1f}年；报告之间互不依赖，可用 Snakemake 分到多台机器。",
    ]
    return "\n".join(lines) + "\n"


def say(line):
    """A line of progress."""
    print(line, flush=True)


def main(arguments=None):
    """Command line; returns the exit status."""
    parser = argparse.ArgumentParser(description="Measure reruns and growth of cost; writes tests/bench/README.md.")
    parser.add_argument("--runs", type=int, default=3, help="runs of each way")
    parser.add_argument("--quick", action="store_true", help="one run of make and of the floor, small growth; writes no page")
    parser.add_argument("--notebooks", default="[0-9]*", help="which notebooks, as a pattern")
    options = parser.parse_args(arguments)
    host, runs = machine(), 1 if options.quick else options.runs
    print("\n".join(host))
    with tempfile.TemporaryDirectory() as folder:
        project = copy(Path(folder))
        for path in (project / "notebooks").glob("*.ipynb"):
            if not path.match(f"{options.notebooks}.ipynb"):
                path.unlink()
        notebooks = sorted((project / "notebooks").glob("*.ipynb"))
        chosen = ways(notebooks)
        if options.quick:
            chosen = {name: chosen[name] for name in ("make", "floor")}
        sizes = {"rows": (1, 10), "reports": (1, 2)} if options.quick else {"rows": (1, 10, 100, 1000), "reports": (1, 10, 100)}
        grown = {kind: growth(project, kind, size) for kind, size in sizes.items()}
        measured = collection(project, chosen, runs)
        chilled = {} if options.quick else cold(project, {n: c for n, c in chosen.items() if n == "make" or n.startswith("nbconvert")})
        changed, commands = changes(project, notebooks, runs), single(project, runs)
        lab_runs = {} if options.quick else run_all(notebooks)
        if lab_runs:
            commands.append((RUN_ALL, max(lab_runs.values())))
            commands.append((f"Run All in JupyterLab, the median of {len(lab_runs)} notebooks", statistics.median(lab_runs.values())))
    text = page(host, measured, chilled, changed, commands, grown, runs)
    print(f"\n{text}")
    if not options.quick:
        PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
