"""Rerun the notebooks, all or what changed, and export their figures: ``make``.

Each of a few kernels runs several notebooks one after the other in a clean namespace, so that imports are paid
once per kernel. A notebook is stale if its cells, the package, a table it asked for, or what it left has changed.
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
import time
from pathlib import Path

from .files import only_one, sweep, write_atomically
from .words import LANGUAGES

ROOT = Path(__file__).resolve().parents[2]
KERNELS = os.cpu_count() or 1
TIME_LIMIT = int(os.environ.get("TIME_LIMIT", 600))
WIDGET = "application/vnd.jupyter.widget-view+json"
# Before the first cell and after the last; neither leaves a trace in the notebook.
CLEAN = "get_ipython().reset(new_session=True); __import__('workreport.tables').tables.ASKED.clear()"
ASKED = "__import__('json').dumps(sorted(__import__('workreport.tables').tables.ASKED))"


class RerunError(Exception):
    """A notebook that did not run to its end."""


def digest(*files):
    """One digest of the names and contents of files; a missing one counts as such."""
    found = (b"%s %s" % (f.name.encode(), hashlib.sha256(f.read_bytes()).digest() if f.is_file() else b"") for f in files)
    return hashlib.sha256(b"\0".join(found)).hexdigest()


def package(root=ROOT):
    """Digest of what every notebook depends on: the package with its fonts and words, the lock, the Python."""
    files = [p for p in sorted((root / "notebooks/workreport").rglob("*")) if p.suffix in (".py", ".toml", ".mplstyle", ".ttf")]
    for_readers = ("pages.py", "site.py", "workbook.py", "rerun.py")  # no notebook imports these, nor proof/
    kept = (p for p in files if "proof" not in p.parts and p.name not in for_readers)
    return digest(*kept, root / "requirements.lock") + sys.version


def sources_of(notebook):
    """Digest of the cells of a notebook without their outputs, and of the title of the next one."""
    cells = [[cell["cell_type"], "".join(cell["source"]), cell["metadata"]] for cell in _cells(notebook)]
    later = [path for path in sorted(notebook.parent.glob("[0-9][0-9]-*.ipynb")) if path.stem > notebook.stem][:1]
    following = [[path.name, "".join(_cells(path)[0]["source"])] for path in later]
    return hashlib.sha256(json.dumps([cells, following]).encode()).hexdigest()


def _cells(notebook):
    try:
        return [{key: cell[key] for key in ("cell_type", "source", "metadata")} for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]]
    except (ValueError, KeyError, TypeError) as error:
        raise RerunError(f"{notebook.name} is no notebook ({error!r}): restore it with git checkout -- notebooks/{notebook.name}") from None


def tables(root=ROOT):
    """Digest of each file of tables, by path below ``data/``."""
    return {p.relative_to(root / "data").as_posix(): digest(p) for p in sorted((root / "data").rglob("*")) if p.suffix in (".csv", ".json")}


def left_by(notebook, root=ROOT):
    """Digest of what a notebook has left: its own outputs and its figures."""
    return digest(notebook, *sorted((root / "figures").glob(f"{notebook.stem}-*")))


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
    return asyncio.run(_execute_all(list(jobs), finished, kernels, figures))


async def _execute_all(jobs, finished, kernels, figures):
    texts, errors = {}, []
    waiting = sorted(jobs, key=lambda job: -job[0].stat().st_size)

    async def work():
        async with _Kernel(waiting[0][0].parent, figures) as kernel:
            while waiting and not errors:
                job, begin = waiting.pop(0), time.monotonic()
                try:
                    texts[job], asked = await kernel.run(*job)
                    finished(job, texts[job], asked, time.monotonic() - begin)
                except (RerunError, OSError) as error:
                    errors.append(str(error))

    if waiting:
        await asyncio.gather(*(work() for _ in range(min(kernels, len(jobs)))))
    if errors:
        raise RerunError("\n".join(errors))
    return texts


class _Kernel:
    """A kernel that runs one notebook after the other."""

    def __init__(self, folder, figures):
        self.folder, self.figures = folder, figures

    async def __aenter__(self):
        # A 1.5 s import of format checkers that notebooks do not use; jsonschema does without where it is absent.
        sys.modules.setdefault("rfc3987_syntax", None)
        from jupyter_client.kernelspec import KernelSpecManager
        from jupyter_client.manager import AsyncKernelManager

        self.sockets = tempfile.mkdtemp(prefix=f"{kernels_prefix()}{os.getpid()}-", dir=_temporary())
        self.manager = AsyncKernelManager(connection_file=f"{self.sockets}/connection.json")
        if os.name == "posix":  # sockets in a folder of our own: no race for ports, no port open to others
            self.manager.transport, self.manager.ip = "ipc", f"{self.sockets}/k"
        self.manager.kernel_spec_manager = KernelSpecManager(kernel_dirs=[])  # that of this environment
        own = {"IPYTHONDIR": self.sockets, "MPLCONFIGDIR": str(ROOT / ".venv/matplotlib"), "WORKREPORT_FIGURES": str(self.figures or "")}
        await self.manager.start_kernel(cwd=str(self.folder), env=os.environ | own)
        self.client = self.manager.client()
        self.client.start_channels()
        try:
            await self.client.wait_for_ready(timeout=60)
        except RuntimeError:
            raise RerunError("a kernel did not start; run make again") from None
        return self

    async def __aexit__(self, *_):
        await self.manager.shutdown_kernel(now=True)
        self.client.stop_channels()
        shutil.rmtree(self.sockets, ignore_errors=True)

    async def run(self, notebook, language=None, report=None):
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
            await self._ask(client, CLEAN)
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
    code, data = package(root), tables(root)  # from before the run: what changes while it runs counts as changed
    prints = {notebook: [sources_of(notebook), code] for notebook in notebooks}
    data |= {f"notebook {notebook.stem}": prints[notebook][0] for notebook in notebooks}  # some run others in process

    def fresh(notebook):
        kept = recorded(notebook.stem, root)
        if not isinstance(kept, dict) or kept.get("print") != prints[notebook]:
            return False
        return all(data.get(f) == d for f, d in kept["data"].items()) and kept["left"] == left_by(notebook, root)

    stale, done = [n for n in notebooks if force or not fresh(n)], []

    def finished(job, text, asked, seconds):
        notebook = job[0]
        if sources_of(notebook) != prints[notebook][0]:
            raise RerunError(f"{notebook.name} was changed while it ran, and is left as it is now; run make again")
        if text != notebook.read_text(encoding="utf-8"):
            write_atomically(notebook.parent, {notebook.name: text.encode()})
        own = data if asked is None else {f: data.get(f) for f in data if f in asked or f.endswith(".json")}
        record(notebook.stem, {"print": prints[notebook], "data": own, "left": left_by(notebook, root)}, root)
        done.append(notebook)
        say(f"[{len(done)}/{len(stale)}] {notebook.name} {seconds:.0f} s")

    execute_all([(notebook,) for notebook in stale], finished=finished, kernels=kernels, figures=root / "figures")
    return len(done)


def rerun_report(name, *, root=ROOT, say=print, kernels=KERNELS):
    """Run every notebook for one report in both languages, into ``reports/NAME/``, which git ignores; returns how many.

    Parameters
    ----------
    name : str
        Folder below ``data/``.
    root : Path
    say : callable
        Takes one line of progress.
    kernels : int
    """
    folder, notebooks = root / "reports" / name, notebooks_of(root)
    jobs = [(path, language, name) for path in notebooks for language in LANGUAGES]

    def finished(job, text, asked, seconds):
        path, language, _ = job
        write_atomically(folder, {f"{path.stem}-{language}.ipynb": text.encode()})
        say(f"{name}: {path.name} ({language}) {seconds:.0f} s")

    return len(execute_all(jobs, finished=finished, kernels=kernels, figures=folder / "figures"))


def notebooks_of(root=ROOT):
    """The notebooks of the collection, in order; a reader's own, named otherwise, are left alone."""
    return sorted((root / "notebooks").glob("[0-9][0-9]-*.ipynb"))


def recorded(name, root=ROOT):
    """What was recorded under a name, None where nothing was."""
    try:
        return json.loads((root / ".venv/rerun" / f"{name}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def record(name, state, root=ROOT):
    """Keep a state under a name until the environment is removed."""
    write_atomically(root / ".venv/rerun", {f"{name}.json": json.dumps(state).encode()})


def main(arguments=None):
    """Command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="workreport.rerun", description="Rerun the notebooks and export every figure.")
    parser.add_argument("--force", action="store_true", help="rerun what is unchanged too")
    parser.add_argument("--report", action="append", default=[], help="run all notebooks for this report into reports/ (again for more; all: every report)")
    parser.add_argument("--kernels", type=int, default=KERNELS, help="how many notebooks run at once (one per core)")
    options = parser.parse_args(arguments)
    begin = time.monotonic()
    try:
        with only_one(ROOT / ".venv/rerun"):
            clear()
            return _main(options, begin)
    except (RerunError, OSError) as error:
        print(error)
        return 1
    except KeyboardInterrupt:
        print("Stopped. What had ended is kept, nothing is half-written; make goes on from here.")
        return 130


def _main(options, begin):
    from .proof import check

    if check.main(["--quiet"]):
        print("The tables are at fault, so nothing was rerun and nothing was changed.")
        return 1
    notebooks = notebooks_of()
    if not notebooks:
        print("notebooks/ holds no notebook: restore it with git checkout -- notebooks")
        return 1
    say = print if sys.stdout.isatty() else lambda line: None
    if options.report:
        known = sorted(path.parent.name for path in (ROOT / "data").glob("*/report.json"))
        names = known if "all" in options.report else options.report
        if unknown := [name for name in names if name not in known]:
            print(f"data/{unknown[0]}/ holds no report: choose one of {', '.join(known)}")
            return 1
        for name in names:
            made = rerun_report(name, say=say, kernels=options.kernels)
            print(f"{name}: {made} notebooks in reports/{name}/, figures in reports/{name}/figures/.")
        return 0
    done = rerun(notebooks, force=options.force, say=say, kernels=options.kernels)
    state = [digest(*notebooks, *sorted((ROOT / "figures").glob("*.json")), *(ROOT / f for f in WRITTEN)), tables(), package()]
    written = 0
    if done or recorded("pages") != state:
        from .share import pages

        written = pages.write_all()
        state[0] = digest(*notebooks, *sorted((ROOT / "figures").glob("*.json")), *(ROOT / f for f in WRITTEN))
        record("pages", state)
    if not done and not written:
        print(f"Nothing to do: {len(notebooks)} notebooks and every figure are up to date.")
    else:
        took = f"{time.monotonic() - begin:.0f} s"
        print(f"{done} of {len(notebooks)} notebooks rerun, {len(notebooks) - done} unchanged, in {took}; figures are in figures/.")
    return 0


# Generated, beside the notebooks and figures.
WRITTEN = ("README.md", "README.zh-CN.md", "CITATION.cff", "data/README.md", "figures/README.md", "figures/findings.csv")

if __name__ == "__main__":
    sys.exit(main())
