"""Rerun the notebooks, all or what changed, and export their figures: ``make``.

A notebook is stale if its cells, a table it asked for, a module that was loaded, or what it left has changed. With
``--report`` the notebooks run for other reports, into ``reports/``; each report is held by one process.
"""

import argparse
import asyncio
import hashlib
import json
import re
import shutil
import sys
import textwrap
import time
from pathlib import Path

from .files import chart_stem, only_one, sweep, write_atomically
from .kernels import KERNELS, ROOT, Pool, RerunError, clear_sockets
from .tables import DEFAULT_REPORT, report_names
from .words import LANGUAGES

PACKAGE = "notebooks/workreport"
NO_NOTEBOOK = "notebooks/ holds no notebook: restore it with git checkout -- notebooks"
# Generated, beside the notebooks and figures.
WRITTEN = ("README.md", "README.zh-CN.md", "CITATION.cff", "data/README.md", "figures/README.md", "figures/findings.csv", f"figures/{DEFAULT_REPORT}.xlsx")


def digest(*files):
    """One digest of the names and contents of files; a missing one counts as such."""
    found = (b"%s %s" % (f.name.encode(), hashlib.sha256(f.read_bytes()).digest() if f.is_file() else b"") for f in files)
    return hashlib.sha256(b"\0".join(found)).hexdigest()


def sources_of(notebook):
    """Digest of the cells of a notebook without their outputs, and of the title of the next one."""
    cells = [[cell["cell_type"], "".join(cell["source"]), cell["metadata"]] for cell in _cells(notebook)]
    later = [path for path in notebooks_of(notebook.parents[1]) if path.stem > notebook.stem][:1]
    following = [[path.name, "".join(_cells(path)[0]["source"])] for path in later]
    return hashlib.sha256(json.dumps([cells, following]).encode()).hexdigest()


def _cells(notebook):
    try:
        found = [{key: cell[key] for key in ("cell_type", "source", "metadata")} for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]]
        return [cell | {"metadata": {k: v for k, v in cell["metadata"].items() if k != "execution"}} for cell in found]  # times of a run
    except (ValueError, KeyError, TypeError) as error:
        raise RerunError(f"{notebook.name} is no notebook ({error!r}): restore it with git checkout -- notebooks/{notebook.name}") from None


def notebooks_of(root=ROOT):
    """The notebooks of the collection, in order; a reader's own, named otherwise, are left alone."""
    return sorted((root / "notebooks").glob("[0-9][0-9]-*.ipynb"))


def about_all(notebook):
    """Whether a notebook sets all reports side by side, so that ``make`` runs it once, and no report runs it again."""
    return any("reports.every()" in "".join(cell["source"]) for cell in _cells(notebook))


class Inputs(dict):
    """Digest of all that a notebook may depend on, by the name it is asked for; what changes later counts as changed.

    Tables are named below ``data/``, files of the package below the project, the cells of a notebook ``notebook 01-growth``;
    ``reports`` are the names of all reports, ``always`` what no notebook asks for and each depends on.
    """

    def __init__(self, root, *reports):
        self.root, data = root, root / "data"
        found = [p for p in sorted((root / PACKAGE).rglob("*")) if p.is_file()]
        self |= {p.relative_to(root).as_posix(): digest(p) for p in found if p.suffix == ".py"}
        always = digest(*(p for p in found if p.suffix in (".toml", ".mplstyle", ".ttf")), root / "requirements.lock")
        rules = digest(*(p for p in found if p.suffix in (".py", ".txt")))
        self |= {"always": always + sys.version, "rules": rules, "reports": hashlib.sha256("\n".join(report_names(data)).encode()).hexdigest()}
        self |= {f"notebook {path.stem}": sources_of(path) for path in notebooks_of(root)}
        for folder in (data, *(data / report for report in reports)):
            self.add(folder)

    def add(self, folder):
        """The tables of a folder."""
        self |= {p.relative_to(self.root / "data").as_posix(): digest(p) for p in sorted(folder.glob("*")) if p.suffix in (".csv", ".json")}

    def of(self, names):
        """One digest of some inputs, a missing one counting as such."""
        return hashlib.sha256(json.dumps([(name, self.get(name)) for name in names]).encode()).hexdigest()

    def tables(self, report=None):
        """Names of the tables that all reports share and those of one, or of every report, and of the rules that prove them."""
        return ["rules", *(n for n in self if n.endswith((".csv", ".json")) and (report is None or n.rpartition("/")[0] in ("", report)))]


class _Runs:
    """What is run for the collection itself: the notebooks where they stand, their figures beside them."""

    records, name = ".", DEFAULT_REPORT

    def __init__(self, notebooks, root, inputs, say):
        self.root, self.inputs, self.say, self.figures = root, inputs, say, root / "figures"
        self.jobs, self.stale, self.done = [(path,) for path in notebooks], [], 0

    async def rerun(self, pool, force):
        """Run what is stale; returns how many that were."""
        self.stale = sorted((job for job in self.jobs if force or not self._fresh(job)), key=self._took, reverse=True)
        await pool.run(self.stale, self._finished, self._drawn_into)
        return self.done

    def _file(self, job):
        return job[0]

    def _drawn_into(self, job):
        return self.figures

    def _left(self, job):
        """Digest of what a job has left: the text of its notebook and its figures."""
        drawn = self.figures.glob(chart_stem(job[0].stem, "*")) if self._drawn_into(job) else ()
        return digest(self._file(job), *sorted(drawn))

    def _record(self, job):
        return f"{self.records}/{self._file(job).stem}"

    def _took(self, job):
        """Seconds of the last run, then size: the longest begin first, so that all kernels end together."""
        return self._kept(job).get("seconds", 0), job[0].stat().st_size

    def _kept(self, job):
        kept = recorded(self._record(job), self.root)
        return kept if isinstance(kept, dict) else {}

    def _fresh(self, job):
        kept = self._kept(job)
        return kept.get("of") == self.inputs.of(kept.get("asked", ())) and kept["left"] == self._left(job)

    def _finished(self, job, text, asked, seconds):
        own = f"notebook {job[0].stem}"
        if sources_of(job[0]) != self.inputs[own]:
            raise RerunError(f"{job[0].name} was changed while it ran, and is left as it is now; run make again")
        self._write(job, text)
        tables, modules, findings = asked
        reports = {self.name, *(name.partition("/")[0] for name in tables if "/" in name)}
        files = [Path(module).relative_to(self.root).as_posix() for module in modules if Path(module).is_relative_to(self.root)]
        asked = sorted({"always", own, "datapackage.json", *(f"{name}/report.json" for name in reports), *tables, *files})
        record(self._record(job), {"asked": asked, "of": self.inputs.of(asked), "left": self._left(job), "findings": findings, "seconds": seconds}, self.root)
        self.done += 1
        self._tell(job, seconds)

    def _write(self, job, text):
        if text != job[0].read_text(encoding="utf-8"):
            write_atomically(job[0].parent, {job[0].name: text.encode()})

    def _tell(self, job, seconds):
        self.say(f"[{self.done}/{len(self.stale)}] {job[0].name} {seconds:.0f} s")


class _Report(_Runs):
    """What is run for one report, which this process holds: every notebook in both languages."""

    def __init__(self, name, notebooks, root, inputs, say):
        super().__init__(notebooks, root, inputs, say)
        self.name, self.records = name, f"reports/{name}"
        self.folder, self.figures, self.new = root / self.records, root / self.records / "figures", root / ".venv/rerun" / self.records / "figures"
        self.jobs = [(path, language, name) for path in notebooks for language in LANGUAGES]

    async def rerun(self, pool, force):
        sweep(self.folder, self.figures, self.new.parent)
        shutil.rmtree(self.new, ignore_errors=True)
        self.inputs.add(self.root / "data" / self.name)
        self._check()
        if force or not all(map(self._fresh, self.jobs)):
            (self.folder / "made.json").unlink(missing_ok=True)
        await super().rerun(pool, force)
        self._end()
        return self.done

    def _check(self):
        """Refuse tables that are at fault; those that were proven already, by the rules as they are, are not read again."""
        from .proof import check

        own = self.inputs.of(self.inputs.tables(self.name))
        if recorded(f"{self.records}/proven", self.root) != own:
            if faults := check.check_data(self.name, self.root / "data")[1]:
                raise RerunError("\n".join(map(str, faults)) + "\nits tables are at fault, so nothing was run for it")
            record(f"{self.records}/proven", own, self.root)

    def _file(self, job):
        return self.folder / f"{job[0].stem}-{job[1]}.ipynb"

    def _drawn_into(self, job):
        """Every export is in all languages, so that of one language is enough."""
        return self.new / job[0].stem if job[1] == LANGUAGES[0] else None

    def _write(self, job, text):
        if drawn := self._drawn_into(job):
            new = {path.name: path.read_bytes() for path in sorted(drawn.glob("*"))}
            write_atomically(self.figures, new)
            for path in self.figures.glob(chart_stem(job[0].stem, "*")):
                if path.name not in new:
                    path.unlink()
            shutil.rmtree(drawn, ignore_errors=True)
        write_atomically(self.folder, {self._file(job).name: self._linked(text, job[1]).encode()})

    def _tell(self, job, seconds):
        self.say(f"{self.name}: {job[0].name} ({job[1]}) {seconds:.0f} s")

    def _linked(self, text, language):
        """The text of a notebook with links to the others of its report and language; to the collection's where a page is about all reports."""
        stems = {path.stem for path, *_ in self.jobs}

        def place(found):
            return f"]({found[1]}-{language}.ipynb)" if found[1] in stems else f"](../../notebooks/{found[1]}.ipynb)"

        return re.sub(r"\]\((\d\d-[\w-]+)\.ipynb\)", place, text)

    def _end(self):
        """Remove what notebooks left that are no more, and say that the report is whole."""
        stems, made = tuple(chart_stem(path.stem, "") for path, *_ in self.jobs), {}
        for path in sorted([*self.folder.glob("[0-9][0-9]-*.ipynb"), *self.figures.glob("[0-9][0-9]-*")]):
            if path.name.startswith(stems):
                made[path.relative_to(self.folder).as_posix()] = hashlib.sha256(path.read_bytes()).hexdigest()
            else:
                path.unlink()
        write_atomically(self.folder, {"made.json": (json.dumps(made, indent=1) + "\n").encode()})


def rerun(notebooks, *, root=ROOT, force=False, say=print, kernels=KERNELS):
    """Rerun every notebook whose inputs or results changed; returns how many.

    Parameters
    ----------
    notebooks : list of Path
    root : Path
    force : bool
        Rerun even what is unchanged.
    say : callable
        Takes one line of progress.
    kernels : int
        How many run at once.

    Raises
    ------
    RerunError
        Naming every failure; what had ended before is kept.
    """

    async def run():
        async with Pool(kernels) as pool:
            return await _Runs(notebooks, root, Inputs(root, *report_names(root / "data")), say).rerun(pool, force)

    return asyncio.run(run())


def rerun_reports(names, *, root=ROOT, force=False, say=print, ended=lambda name, made: None, kernels=KERNELS):
    """Run what changed of reports in both languages, each into its folder ``reports/NAME/``, which git ignores.

    The notebooks of all reports wait for the same kernels. A whole report has a file ``made.json`` with a digest of
    each file; it is removed before anything is made anew, so that no part passes for the whole.

    Parameters
    ----------
    names : list of str
        Folders below ``data/``.
    root : Path
    force : bool
        Run even what is unchanged.
    say : callable
        Takes one line of progress.
    ended : callable
        Called as each report is whole, with its name and how many notebooks were run for it.
    kernels : int
        How many notebooks run at once.

    Raises
    ------
    RerunError
        Naming every fault with its report; the other reports are whole.
    """
    inputs, errors = Inputs(root), []
    notebooks = [path for path in notebooks_of(root) if not about_all(path)]

    async def one(name, pool, turn):
        async with turn:
            try:
                with only_one(root / ".venv/rerun/reports" / name):
                    ended(name, await _Report(name, notebooks, root, inputs, say).rerun(pool, force))
            except (RerunError, OSError) as error:
                errors.append(textwrap.indent(str(error), f"{name}: "))

    async def run():
        # Enough open at once to keep every kernel at work; one lock is one open file.
        turn = asyncio.Semaphore(kernels + 1)
        async with Pool(kernels) as pool:
            await asyncio.gather(*(one(name, pool, turn) for name in names))

    asyncio.run(run())
    if errors:
        raise RerunError("\n".join(errors))


def clear(root=ROOT):
    """Remove what killed runs left; to be called by who holds the project."""
    sweep(root, root / "notebooks", root / "data", *(root / "data").glob("*/"), root / "figures", root / ".venv/rerun")
    clear_sockets()


def recorded(name, root=ROOT):
    """What was recorded under a name, None where nothing was."""
    try:
        return json.loads((root / ".venv/rerun" / f"{name}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def record(name, state, root=ROOT):
    """Keep a state under a name until the environment is removed."""
    path = root / ".venv/rerun" / f"{name}.json"
    write_atomically(path.parent, {path.name: json.dumps(state).encode()})


def main(arguments=None):
    """Command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="workreport.rerun", description="Rerun the notebooks and export every figure.")
    parser.add_argument("--force", action="store_true", help="rerun what is unchanged too")
    parser.add_argument("--report", action="append", default=[], help="run all notebooks for this report into reports/ (again for more; all: every report)")
    parser.add_argument("--kernels", type=int, default=KERNELS, help="how many notebooks run at once (one per core)")
    options = parser.parse_args(arguments)
    begin, say = time.monotonic(), print if sys.stdout.isatty() else lambda line: None
    known = report_names(ROOT / "data")
    try:
        if not notebooks_of():
            print(NO_NOTEBOOK)
            return 1
        if unknown := [name for name in options.report if name not in (*known, "all")]:
            print(f"data/{unknown[0]}/ holds no report: choose one of {', '.join(known)}")
            return 1
        if options.report:
            names = known if "all" in options.report else [*dict.fromkeys(options.report)]
            print(_main_reports(names, options, say, begin))
            return 0
        with only_one(ROOT / ".venv/rerun"):
            clear()
            said = _main(options, say, begin)
            print(said or "The tables are at fault, so nothing was rerun and nothing was changed.")
            return int(not said)
    except (RerunError, OSError) as error:
        print(error)
        return 1
    except KeyboardInterrupt:
        print("Stopped. What had ended is kept, nothing is half-written; make goes on from here.")
        return 130


def _main_reports(names, options, say, begin):
    clear_sockets()
    run = []

    def ended(name, made):
        if made:
            run.append(name)
            print(f"{name}: {made} notebooks in reports/{name}/, figures in reports/{name}/figures/.", flush=True)

    rerun_reports(names, force=options.force, say=say, ended=ended, kernels=options.kernels)
    if not run:
        return f"Nothing to do: {names[0] if len(names) == 1 else f'{len(names)} reports'}, every notebook is up to date."
    return f"{len(run)} of {len(names)} reports rerun, {len(names) - len(run)} unchanged, in {time.monotonic() - begin:.0f} s."


def _main(options, say, begin):
    """What was done for the collection, None where its tables are at fault."""
    from .proof import check

    inputs, notebooks = Inputs(ROOT, *report_names(ROOT / "data")), notebooks_of()
    proven = inputs.of(inputs.tables())  # by the rules as they are: not read again
    if recorded("proven") != proven:
        if check.main(["--quiet"]):
            return None
        record("proven", proven)
    done = rerun(notebooks, force=options.force, say=say, kernels=options.kernels)
    written = 0
    if done or recorded("pages") != _pages(inputs):
        from .share import pages, workbook

        found = [row for path in notebooks for row in recorded(path.stem)["findings"]]
        written = pages.write_all(found) + workbook.write(found)
        record("pages", _pages(inputs))
    if not done and not written:
        return f"Nothing to do: {len(notebooks)} notebooks and every figure are up to date."
    took = f"{time.monotonic() - begin:.0f} s"
    return f"{done} of {len(notebooks)} notebooks rerun, {len(notebooks) - done} unchanged, in {took}; figures are in figures/."


def _pages(inputs):
    """Digest of all that the pages are made of, and of the pages."""
    return inputs.of(inputs) + digest(*notebooks_of(), *sorted((ROOT / "figures").glob("*.json")), *(ROOT / name for name in WRITTEN))


if __name__ == "__main__":
    sys.exit(main())
