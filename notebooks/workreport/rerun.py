"""Rerun the notebooks, all or what changed, and export their figures: ``make``.

Each of a few kernels runs several notebooks one after the other in a clean namespace, so that imports are paid
once per kernel. A notebook is stale if its cells, the package, a table it asked for, or what it left has changed.
With ``--report`` the notebooks run for other reports, into ``reports/``; each report is held by one process.
"""

import argparse
import ast
import asyncio
import hashlib
import json
import os
import re
import shutil
import sys
import tempfile
import textwrap
import time
from collections import defaultdict
from functools import lru_cache
from pathlib import Path

from . import _HOME
from .files import chart_stem, only_one, sweep, write_atomically
from .tables import DEFAULT_REPORT, report_names
from .words import LANGUAGES

ROOT = Path(__file__).resolve().parents[2]
KERNELS = os.cpu_count() or 1
LIFE = 240  # notebooks of one kernel, whose memory grows by a few MiB a report
TIME_LIMIT = int(os.environ.get("TIME_LIMIT", 600))
WIDGET = "application/vnd.jupyter.widget-view+json"
# Before the first cell and after the last; neither leaves a trace in the notebook.
CLEAN = (
    "get_ipython().reset(new_session=True); __import__('workreport.tables').tables.ASKED.clear(); "
    "__import__('os').environ['WORKREPORT_FIGURES'] = {!r}"
)
ASKED = "__import__('json').dumps(sorted(__import__('workreport.tables').tables.ASKED))"


class RerunError(Exception):
    """A notebook that did not run to its end."""


def digest(*files):
    """One digest of the names and contents of files; a missing one counts as such."""
    found = (b"%s %s" % (f.name.encode(), _sum(f, at.st_mtime_ns, at.st_size) if (at := _stat(f)) else b"") for f in files)
    return hashlib.sha256(b"\0".join(found)).hexdigest()


def _stat(file):
    return file.stat() if file.is_file() else None


@lru_cache(10_000)
def _sum(file, changed, size):
    return hashlib.sha256(file.read_bytes()).digest()


def package(root=ROOT, notebook=None):
    """Digest of what a notebook depends on besides tables: `modules`, fonts, words, the lock, the Python; without one, of the whole package."""
    home = root / "notebooks/workreport"
    files = modules(notebook, home) if notebook else home.rglob("*.py")
    always = (p for p in home.rglob("*") if p.suffix in (".toml", ".mplstyle", ".ttf"))
    return digest(*sorted(files), *sorted(always), root / "requirements.lock") + sys.version


def modules(notebook, home):
    """Files of the package that the cells of a notebook import, and those that these import."""
    code = ("".join(cell["source"]) for cell in _cells(notebook) if cell["cell_type"] == "code")
    wanted, found = [file for text in code for file in _imported(text, home, home)], set()
    wanted += [file for file in (home / "__init__.py", home / "tables.py") if file.is_file()]
    while wanted:
        file = wanted.pop()
        if file not in found:
            found.add(file)
            wanted += _imported(file.read_text(encoding="utf-8"), file.parent, home)
    return found


_IMPORT = re.compile(r"^\s*(?:from\s+(\.*)([\w.]*)\s+import\s+(\([^)]*\)|[^\n#]+)|import\s+([\w., ]+))", re.M)


@lru_cache(1000)
def _imported(code, folder, home):
    """Files of the package that code in a folder of it imports."""
    places = []
    for dots, module, names, whole in _IMPORT.findall(code):
        inside = [name.strip().split(".")[1:] for name in whole.split(",") if name.strip().startswith(f"{home.name}.")]
        places += [home.joinpath(*names) for names in inside]
        parts = module.split(".") if module else []
        if dots or parts[:1] == [home.name]:
            base = (folder, *folder.parents)[len(dots) - 1].joinpath(*parts) if dots else home.joinpath(*parts[1:])
            given = re.findall(r"(\w+)(?:\s+as\s+\w+)?", names)
            places += [base, *(base / name for name in given)]
            if base == home:  # what the package hands out, whatever module it is in
                places += [home / place / name if place == "analysis" else home / place for name in given if (place := _HOME.get(name))]
    return [file for place in places for file in (place.with_suffix(".py"), place / "__init__.py") if file.is_file()]


def rules(root=ROOT):
    """Digest of what proves tables: the code of the package, `proof` with it, and its lists of words."""
    return digest(*(p for p in sorted((root / "notebooks/workreport").rglob("*")) if p.suffix in (".py", ".txt")))


def sources_of(notebook):
    """Digest of the cells of a notebook without their outputs, and of the title of the next one."""
    cells = [[cell["cell_type"], "".join(cell["source"]), cell["metadata"]] for cell in _cells(notebook)]
    later = [path for path in sorted(notebook.parent.glob("[0-9][0-9]-*.ipynb")) if path.stem > notebook.stem][:1]
    following = [[path.name, "".join(_cells(path)[0]["source"])] for path in later]
    return hashlib.sha256(json.dumps([cells, following]).encode()).hexdigest()


def _cells(notebook):
    try:
        found = [{key: cell[key] for key in ("cell_type", "source", "metadata")} for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]]
        return [cell | {"metadata": {k: v for k, v in cell["metadata"].items() if k != "execution"}} for cell in found]  # times of a run
    except (ValueError, KeyError, TypeError) as error:
        raise RerunError(f"{notebook.name} is no notebook ({error!r}): restore it with git checkout -- notebooks/{notebook.name}") from None


def tables(root=ROOT):
    """Digest of each file of tables, by path below ``data/``, and of the names of the reports."""
    data = root / "data"
    found = sorted(p for p in data.rglob("*") if p.suffix in (".csv", ".json"))
    return {"reports": _names(root)} | {p.relative_to(data).as_posix(): digest(p) for p in found}


def _names(root):
    return hashlib.sha256("\n".join(report_names(root / "data")).encode()).hexdigest()


class _Tables(dict):
    """As `tables`, each digest made when it is first asked for: of the files of other reports few ever are."""

    def __init__(self, root):
        super().__init__(reports=_names(root))
        self.data = root / "data"

    def __missing__(self, file):
        self[file] = digest(self.data / file)
        return self[file]

    def of(self, report):
        """Files that all reports share, and those of one."""
        found = sorted([*self.data.glob("*"), *(self.data / report).glob("*")])
        return [p.relative_to(self.data).as_posix() for p in found if p.suffix in (".csv", ".json")]


def left_by(notebook, root=ROOT):
    """Digest of what a notebook has left: its own outputs and its figures."""
    return digest(notebook, *sorted((root / "figures").glob(chart_stem(notebook.stem, "*"))))


def execute(notebook, language=None, report=None):
    """Run a notebook in its own folder and return the text of the executed notebook; the file is not touched."""
    return execute_all([(notebook, language, report)])[notebook, language, report]


def execute_all(jobs, *, finished=lambda job, text, asked, seconds: None, kernels=KERNELS, figures=None):
    """Run notebooks on a few kernels, the largest first.

    Parameters
    ----------
    jobs : list of tuple
        Notebook and, if they are not what its cell of parameters says, language and report.
    finished : callable
        Called as each ends, with the job, the text, the tables it asked for and the seconds it took.
    kernels : int
        How many run at once.
    figures : Path, optional
        Where charts are exported to; nowhere if None.

    Returns
    -------
    dict of tuple to str
        Text of the executed notebook by job.

    Raises
    ------
    RerunError
        Naming every failure: notebook, cell, line and exception. Nothing new was begun after the first.
    """
    texts, jobs = {}, sorted(jobs, key=lambda job: -job[0].stat().st_size)

    def ended(job, text, asked, seconds):
        texts[job] = text
        finished(job, text, asked, seconds)

    async def run():
        async with _Kernels(kernels) as pool:
            await pool.run(jobs, ended, lambda job: figures)

    asyncio.run(run())
    return texts


class _Kernels:
    """A few kernels, begun as they are needed; first come, first served."""

    def __init__(self, most):
        self.free, self.alive = asyncio.LifoQueue(), {}  # how many notebooks each ran
        for _ in range(most):
            self.free.put_nowait(None)

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        await asyncio.gather(*(kernel.stop() for kernel in self.alive))

    async def run(self, jobs, finished, figures):
        """Run notebooks, each with its figures where ``figures`` says; nothing new begins after a failure."""
        errors = []

        async def one(job):
            kernel = await self.free.get()
            try:
                if not errors:
                    kernel = kernel or await self._begin(job)
                    begin = time.monotonic()
                    text, asked = await kernel.run(*job, figures=figures(job))
                    finished(job, text, asked, time.monotonic() - begin)
                    self.alive[kernel] += 1
                    if self.alive[kernel] >= LIFE:
                        kernel = await self._end(kernel)
            except (RerunError, OSError) as error:
                errors.append(str(error))
                if kernel:  # it may be dead, or still at work on what took too long
                    kernel = await self._end(kernel)
            finally:
                self.free.put_nowait(kernel)

        await asyncio.gather(*map(one, jobs))
        if errors:
            raise RerunError("\n".join(errors))

    async def _begin(self, job):
        kernel = _Kernel(job[0].parent)
        await kernel.start()
        self.alive[kernel] = 0
        return kernel

    async def _end(self, kernel):
        del self.alive[kernel]
        await kernel.stop()


class _Kernel:
    """A kernel that runs one notebook after the other."""

    def __init__(self, folder):
        self.folder = folder

    async def start(self):
        # A 1.5 s import of format checkers that notebooks do not use; jsonschema does without where it is absent.
        sys.modules.setdefault("rfc3987_syntax", None)
        from jupyter_client.kernelspec import KernelSpecManager
        from jupyter_client.manager import AsyncKernelManager

        self.sockets = tempfile.mkdtemp(prefix=f"{kernels_prefix()}{os.getpid()}-", dir=_temporary())
        self.manager = AsyncKernelManager(connection_file=f"{self.sockets}/connection.json")
        if os.name == "posix":  # sockets in a folder of our own: no race for ports, no port open to others
            self.manager.transport, self.manager.ip = "ipc", f"{self.sockets}/k"
        self.manager.kernel_spec_manager = KernelSpecManager(kernel_dirs=[])  # that of this environment
        own = {"IPYTHONDIR": self.sockets, "MPLCONFIGDIR": str(ROOT / ".venv/matplotlib")}
        await self.manager.start_kernel(cwd=str(self.folder), env=os.environ | own)
        self.client = self.manager.client()
        self.client.start_channels()
        try:
            await self.client.wait_for_ready(timeout=60)
        except RuntimeError:
            await self.stop()
            raise RerunError("a kernel did not start; run make again") from None

    async def stop(self):
        await self.manager.shutdown_kernel(now=True)
        self.client.stop_channels()
        shutil.rmtree(self.sockets, ignore_errors=True)

    async def run(self, notebook, language=None, report=None, *, figures=None):
        import nbformat
        from nbclient import NotebookClient
        from nbclient.exceptions import CellExecutionError, DeadKernelError

        book = nbformat.reads(notebook.read_text(encoding="utf-8"), as_version=4)
        for name, value in (("language", language), ("report_name", report)):
            if value:
                set_parameter(book, notebook, name, value)
        client = NotebookClient(book, km=self.manager, timeout=TIME_LIMIT, record_timing=False)
        client.kc = self.client
        place = f"{notebook.name}: "
        try:
            await self._ask(client, CLEAN.format(str(figures or "")))
            for index, cell in enumerate(book.cells):
                place = f"{notebook.name}, cell {index + 1}: "
                await client.async_execute_cell(cell, index, execution_count=client.code_cells_executed + 1)
            reply = await self._ask(client, "", user_expressions={"asked": ASKED})
        except CellExecutionError as error:
            line = next((t for t in error.traceback.splitlines() if "-->" in t), "").strip()
            raise RerunError(f"{place}{error.ename}: {error.evalue}\n  {re.sub(chr(27) + r'[^m]*m', '', line)}") from None
        except TimeoutError:
            raise RerunError(f"{place}took longer than {TIME_LIMIT} s (make TIME_LIMIT=… allows more)") from None
        except (DeadKernelError, RuntimeError):
            raise RerunError(f"{place}its kernel died; run make again") from None
        for output in (output for cell in book.cells for output in cell.get("outputs", ())):
            output.get("data", {}).pop(WIDGET, None)  # a control without its kernel shows nothing but an error
        # Without what other runners leave: times, the state of controls.
        book.metadata.pop("widgets", None)
        for cell in book.cells:
            cell.metadata.pop("execution", None)
        # What JupyterLab writes itself, without the version of Python, which differs between machines.
        book.metadata["language_info"] = LANGUAGE_INFO
        return nbformat.writes(book).rstrip("\n") + "\n", _asked(reply)

    async def _ask(self, client, code, **what):
        """The kernel's reply to what leaves no trace in the notebook; a kernel that has died is not waited for."""
        from nbclient.exceptions import DeadKernelError

        reply = asyncio.ensure_future(self.client.execute(code, silent=True, store_history=False, reply=True, timeout=TIME_LIMIT, **what))
        while not (await asyncio.wait([reply], timeout=1))[0]:
            if not await self.manager.is_alive():
                reply.cancel()
                raise DeadKernelError()
        return reply.result()


LANGUAGE_INFO = {
    "codemirror_mode": {"name": "ipython", "version": 3}, "file_extension": ".py", "mimetype": "text/x-python",
    "name": "python", "nbconvert_exporter": "python", "pygments_lexer": "ipython3",
}  # fmt: skip


def _asked(reply):
    answer = reply["content"].get("user_expressions", {}).get("asked", {})
    return json.loads(ast.literal_eval(answer["data"]["text/plain"])) if answer.get("status") == "ok" else None


def set_parameter(book, notebook, name, value):
    """Put a value into the cell of parameters of a notebook that was read."""
    cell = next((c for c in book.cells if "parameters" in c.metadata.get("tags", ())), {"source": ""})
    cell["source"], found = re.subn(rf'^{name} = "[^"]*"', f'{name} = "{value}"', cell["source"], flags=re.M)
    if not found:
        raise RerunError(f'{notebook.name}: no cell tagged parameters sets {name} = "…": add one')


def _temporary():
    """Where sockets go: the path of one may have 100 characters at most."""
    return "/tmp" if os.name == "posix" and len(tempfile.gettempdir()) > 60 else None


def kernels_prefix():
    """How the names of this project's folders of sockets begin."""
    return f"kernel-{hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]}-"


def clear(root=ROOT):
    """Remove what killed runs left; to be called by who holds the project."""
    sweep(root, root / "notebooks", root / "data", *(root / "data").glob("*/"), root / "figures", root / ".venv/rerun")
    clear_sockets()


def clear_sockets():
    """Remove the sockets of runs that were killed; those of the living are left alone."""
    for path in Path(_temporary() or tempfile.gettempdir()).glob(f"{kernels_prefix()}*"):
        if Path("/proc/self").exists() and not Path(f"/proc/{path.name.split('-')[2]}").exists():
            shutil.rmtree(path, ignore_errors=True)


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
    """
    data = tables(root)  # from before the run: what changes while it runs counts as changed
    prints = {notebook: [sources_of(notebook), package(root, notebook)] for notebook in notebooks}
    data |= {f"notebook {notebook.stem}": prints[notebook] for notebook in notebooks}  # some run others in process

    def fresh(notebook):
        return _fresh(recorded(notebook.stem, root), prints[notebook], defaultdict(str, data), left_by(notebook, root))

    stale, done = [n for n in notebooks if force or not fresh(n)], []

    def finished(job, text, asked, seconds):
        notebook = job[0]
        _not_changed(notebook, prints[notebook])
        if text != notebook.read_text(encoding="utf-8"):
            write_atomically(notebook.parent, {notebook.name: text.encode()})
        own = data if asked is None else {f: data.get(f) for f in data if f in asked or f.endswith(".json")}
        record(notebook.stem, {"print": prints[notebook], "data": own, "left": left_by(notebook, root)}, root)
        done.append(notebook)
        say(f"[{len(done)}/{len(stale)}] {notebook.name} {seconds:.0f} s")

    execute_all([(notebook,) for notebook in stale], finished=finished, kernels=kernels, figures=root / "figures")
    return len(done)


def _fresh(kept, state, data, left):
    """Whether a record says that a notebook ran as it is, on the tables as they are, and left what is there."""
    if not isinstance(kept, dict) or kept.get("print") != state or kept["left"] != left:
        return False
    return all(data[file] == found for file, found in kept["data"].items())


def _not_changed(notebook, state):
    if sources_of(notebook) != state[0]:
        raise RerunError(f"{notebook.name} was changed while it ran, and is left as it is now; run make again")


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
    data, errors = _Tables(root), []  # from before the run, as in `rerun`
    prints = {notebook: [sources_of(notebook), package(root, notebook)] for notebook in notebooks_of(root)}
    data |= {f"notebook {notebook.stem}": state for notebook, state in prints.items()} | {"rules": rules(root)}
    prints = {notebook: state for notebook, state in prints.items() if not about_all(notebook)}

    async def one(name, pool, turn):
        async with turn:
            try:
                with only_one(root / ".venv/rerun/reports" / name):
                    ended(name, await _Report(name, root, prints, data, say).rerun(pool, force))
            except (RerunError, OSError) as error:
                errors.append(textwrap.indent(str(error), f"{name}: "))

    async def run():
        # Enough open at once to keep every kernel at work; one lock is one open file.
        turn = asyncio.Semaphore(kernels + 1)
        async with _Kernels(kernels) as pool:
            await asyncio.gather(*(one(name, pool, turn) for name in names))

    asyncio.run(run())
    if errors:
        raise RerunError("\n".join(errors))


class _Report:
    """All notebooks of one report, which this process holds."""

    def __init__(self, name, root, prints, data, say):
        self.name, self.root, self.prints, self.data, self.say = name, root, prints, data, say
        self.folder, self.figures = root / "reports" / name, root / "reports" / name / "figures"
        self.records, self.new = f"reports/{name}", root / ".venv/rerun/reports" / name / "figures"
        self.jobs = [(path, language, name) for path in prints for language in LANGUAGES]

    async def rerun(self, pool, force):
        sweep(self.folder, self.figures, self.root / ".venv/rerun" / self.records)
        shutil.rmtree(self.new, ignore_errors=True)
        self._check()
        stale = [job for job in self.jobs if force or not self._fresh(job)]
        if stale:
            (self.folder / "made.json").unlink(missing_ok=True)
            stale.sort(key=lambda job: -job[0].stat().st_size)
            await pool.run(stale, self._finished, self._drawn_into)
        self._end()
        return len(stale)

    def _check(self):
        """Refuse tables that are at fault; those that were proven already, by the rules as they are, are not read again."""
        from .proof import check

        own = {file: self.data[file] for file in ["rules", *self.data.of(self.name)]}
        if recorded(f"{self.records}/proven", self.root) != own:
            if faults := check.check_data(self.name, self.root / "data")[1]:
                raise RerunError("\n".join(map(str, faults)) + "\nits tables are at fault, so nothing was run for it")
            record(f"{self.records}/proven", own, self.root)

    def _file(self, job):
        return self.folder / f"{job[0].stem}-{job[1]}.ipynb"

    def _drawn_into(self, job):
        """Where a job exports its charts to: every export is in all languages, so one language is enough."""
        return self.new / job[0].stem if job[1] == LANGUAGES[0] else None

    def _left(self, job):
        drawn = self.figures.glob(chart_stem(job[0].stem, "*")) if self._drawn_into(job) else ()
        return digest(self._file(job), *sorted(drawn))

    def _fresh(self, job):
        kept = recorded(f"{self.records}/{self._file(job).stem}", self.root)
        return _fresh(kept, self.prints[job[0]], self.data, self._left(job))

    def _finished(self, job, text, asked, seconds):
        _not_changed(job[0], self.prints[job[0]])
        if drawn := self._drawn_into(job):
            new = {path.name: path.read_bytes() for path in sorted(drawn.glob("*"))}
            write_atomically(self.figures, new)
            for path in self.figures.glob(chart_stem(job[0].stem, "*")):
                if path.name not in new:
                    path.unlink()
            shutil.rmtree(drawn, ignore_errors=True)
        write_atomically(self.folder, {self._file(job).name: self._linked(text, job[1]).encode()})
        state = {"print": self.prints[job[0]], "data": self._read(asked), "left": self._left(job)}
        record(f"{self.records}/{self._file(job).stem}", state, self.root)
        self.say(f"{self.name}: {job[0].name} ({job[1]}) {seconds:.0f} s")

    def _linked(self, text, language):
        """The text of a notebook with links to the others of its report and language; to the collection's where a page is about all reports."""
        stems = {path.stem for path in self.prints}

        def place(found):
            return f"]({found[1]}-{language}.ipynb)" if found[1] in stems else f"](../../notebooks/{found[1]}.ipynb)"

        return re.sub(r"\]\((\d\d-[\w-]+)\.ipynb\)", place, text)

    def _read(self, asked):
        """Digests of what a notebook asked for, and of the descriptions, which are read with any table."""
        if asked is None:
            return {file: self.data[file] for file in [*self.data, *self.data.of(self.name)]}
        told = {"datapackage.json", f"{self.name}/report.json"}
        told |= {f"{file.partition('/')[0]}/report.json" for file in asked if "/" in file}
        return {file: self.data[file] for file in sorted({*asked, *told})}

    def _end(self):
        """Remove what notebooks left that are no more, and say that the report is whole."""
        stems, made = tuple(chart_stem(path.stem, "") for path in self.prints), {}
        for path in sorted([*self.folder.glob("[0-9][0-9]-*.ipynb"), *self.figures.glob("[0-9][0-9]-*")]):
            if path.name.startswith(stems):
                made[path.relative_to(self.folder).as_posix()] = hashlib.sha256(path.read_bytes()).hexdigest()
            else:
                path.unlink()
        write_atomically(self.folder, {"made.json": (json.dumps(made, indent=1) + "\n").encode()})


def notebooks_of(root=ROOT):
    """The notebooks of the collection, in order; a reader's own, named otherwise, are left alone."""
    return sorted((root / "notebooks").glob("[0-9][0-9]-*.ipynb"))


def about_all(notebook):
    """Whether a notebook sets all reports side by side, so that ``make`` runs it once, and no report runs it again."""
    return any("reports.every()" in "".join(cell["source"]) for cell in _cells(notebook))


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
    begin = time.monotonic()
    try:
        if options.report:
            return _main_reports(options, begin)
        with only_one(ROOT / ".venv/rerun"):
            clear()
            return _main(options, begin)
    except (RerunError, OSError) as error:
        print(error)
        return 1
    except KeyboardInterrupt:
        print("Stopped. What had ended is kept, nothing is half-written; make goes on from here.")
        return 130


NO_NOTEBOOK = "notebooks/ holds no notebook: restore it with git checkout -- notebooks"


def _main_reports(options, begin):
    known = report_names(ROOT / "data")
    names = known if "all" in options.report else [*dict.fromkeys(options.report)]
    if unknown := [name for name in names if name not in known]:
        print(f"data/{unknown[0]}/ holds no report: choose one of {', '.join(known)}")
        return 1
    if not notebooks_of():
        print(NO_NOTEBOOK)
        return 1
    clear_sockets()
    run = []

    def ended(name, made):
        if made:
            run.append(name)
            print(f"{name}: {made} notebooks in reports/{name}/, figures in reports/{name}/figures/.", flush=True)

    say = print if sys.stdout.isatty() else lambda line: None
    rerun_reports(names, force=options.force, say=say, ended=ended, kernels=options.kernels)
    if not run:
        print(f"Nothing to do: {names[0] if len(names) == 1 else f'{len(names)} reports'}, every notebook is up to date.")
    elif len(names) > 1:
        took = f"{time.monotonic() - begin:.0f} s"
        print(f"{len(run)} of {len(names)} reports rerun, {len(names) - len(run)} unchanged, in {took}.")
    return 0


def _main(options, begin):
    from .proof import check

    proven = {"rules": rules(), **tables()}  # by the rules as they are: not read again
    if recorded("proven") != proven:
        if check.main(["--quiet"]):
            print("The tables are at fault, so nothing was rerun and nothing was changed.")
            return 1
        record("proven", proven)
    notebooks = notebooks_of()
    if not notebooks:
        print(NO_NOTEBOOK)
        return 1
    say = print if sys.stdout.isatty() else lambda line: None
    done = rerun(notebooks, force=options.force, say=say, kernels=options.kernels)
    state = [digest(*notebooks, *sorted((ROOT / "figures").glob("*.json")), *(ROOT / f for f in WRITTEN)), tables(), package()]
    written = 0
    if done or recorded("pages") != state:
        from .share import pages, workbook

        written = pages.write_all() + workbook.write()
        state[0] = digest(*notebooks, *sorted((ROOT / "figures").glob("*.json")), *(ROOT / f for f in WRITTEN))
        record("pages", state)
    if not done and not written:
        print(f"Nothing to do: {len(notebooks)} notebooks and every figure are up to date.")
    else:
        took = f"{time.monotonic() - begin:.0f} s"
        print(f"{done} of {len(notebooks)} notebooks rerun, {len(notebooks) - done} unchanged, in {took}; figures are in figures/.")
    return 0


# Generated, beside the notebooks and figures.
WRITTEN = ("README.md", "README.zh-CN.md", "CITATION.cff", "data/README.md", "figures/README.md", "figures/findings.csv", f"figures/{DEFAULT_REPORT}.xlsx")

if __name__ == "__main__":
    sys.exit(main())
