"""Run notebooks on a few kernels, which each run several, one after the other in a clean namespace.

What is stale, and what becomes of the text of a notebook that was run, is decided elsewhere: `rerun`.
"""

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

ROOT = Path(__file__).resolve().parents[2]
KERNELS = os.cpu_count() or 1
LIFE = 240  # notebooks of one kernel, whose memory grows by a few MiB a report
TIME_LIMIT = int(os.environ.get("TIME_LIMIT", 600))
WIDGET = "application/vnd.jupyter.widget-view+json"
# What JupyterLab writes itself, without the version of Python, which differs between machines.
LANGUAGE_INFO = {
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
}
# Before the first cell and after the last; neither leaves a trace in the notebook. Python looks for garbage after every
# 700 objects, a picture makes many times as many: a twentieth less time.
CLEAN = (
    "get_ipython().reset(new_session=True); __import__('gc').set_threshold(50_000); "
    "__import__('workreport.tables').tables.ASKED.clear(); "
    "__import__('os').environ['WORKREPORT_FIGURES'] = {!r}"
)
ASKED = (
    "__import__('json').dumps([sorted(__import__('workreport.tables').tables.ASKED), sorted(module.__file__ for name, module "
    "in __import__('sys').modules.items() if name.partition('.')[0] == 'workreport' and module.__file__), "
    "__import__('workreport.page').page.finding_rows(page.report, page.notebook, page.claims) if 'page' in globals() else []])"
)


class RerunError(Exception):
    """A notebook that did not run to its end."""


def execute_all(jobs, *, finished=lambda job, text, asked, seconds: None, kernels=KERNELS, figures=None):
    """Run notebooks on a few kernels, the largest first; their files are not touched.

    Parameters
    ----------
    jobs : list of tuple
        Notebook and, if they are not what its cell of parameters says, language and report.
    finished : callable
        Called as each ends, with the job, the text, what it asked for (see `Pool.run`) and the seconds it took.
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
    texts = {}

    def ended(job, text, asked, seconds):
        texts[job] = text
        finished(job, text, asked, seconds)

    async def run():
        async with Pool(kernels) as pool:
            await pool.run(sorted(jobs, key=lambda job: -job[0].stat().st_size), ended, lambda job: figures)

    asyncio.run(run())
    return texts


class Pool:
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
        """Run notebooks, begun in the order given, each with its figures where ``figures(job)`` says.

        ``finished`` is given what each asked for: names of tables, and the files of the package that its kernel had
        loaded; with these, what it found: see `workreport.page.finding_rows`.
        """
        errors = []

        async def one(job):
            kernel = await self.free.get()
            try:
                if not errors:
                    if kernel is None:
                        kernel = Kernel(job[0].parent)
                        await kernel.start()
                        self.alive[kernel] = 0
                    begin = time.monotonic()
                    text, asked = await kernel.run(*job, figures=figures(job))
                    finished(job, text, asked, time.monotonic() - begin)
                    self.alive[kernel] += 1
                    if self.alive[kernel] >= LIFE:
                        kernel = await self._end(kernel)
            except (RerunError, OSError) as error:
                errors.append(str(error))
                kernel = await self._end(kernel)  # it may be dead, or still at work on what took too long
            finally:
                self.free.put_nowait(kernel)

        await asyncio.gather(*map(one, jobs))
        if errors:
            raise RerunError("\n".join(errors))

    async def _end(self, kernel):
        if self.alive.pop(kernel, None) is not None:
            await kernel.stop()


class Kernel:
    """A kernel that runs one notebook after the other."""

    def __init__(self, folder):
        self.folder = folder

    async def start(self):
        """Begin the process; of the reader's own settings none reaches it."""
        # A 1.5 s import of format checkers that notebooks do not use; jsonschema does without where it is absent.
        sys.modules.setdefault("rfc3987_syntax", None)
        from jupyter_client.kernelspec import KernelSpecManager
        from jupyter_client.manager import AsyncKernelManager

        self.sockets = tempfile.mkdtemp(prefix=f"{_prefix()}{os.getpid()}-", dir=_temporary())
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
        """End the process and what its cells have started."""
        await self.manager.shutdown_kernel(now=True)
        self.client.stop_channels()
        shutil.rmtree(self.sockets, ignore_errors=True)

    async def run(self, notebook, language=None, report=None, *, figures=None):
        """Text of a notebook after its run, and what it asked for."""
        import nbformat
        from nbclient.exceptions import CellExecutionError, DeadKernelError

        book = nbformat.reads(notebook.read_text(encoding="utf-8"), as_version=4)
        for name, value in (("language", language), ("report_name", report)):
            if value:
                set_parameter(book, notebook, name, value)
        client, place = self._client(book), f"{notebook.name}: "
        try:
            await self._aside(CLEAN.format(str(figures or "")))
            for index, cell in enumerate(book.cells):
                place = f"{notebook.name}, cell {index + 1}: "
                await client.async_execute_cell(cell, index, execution_count=client.code_cells_executed + 1)
            asked = await self._aside(ASKED)
        except CellExecutionError as error:
            line = next((t for t in error.traceback.splitlines() if "-->" in t), "").strip()
            raise RerunError(f"{place}{error.ename}: {error.evalue}\n  {re.sub(chr(27) + r'[^m]*m', '', line)}") from None
        except TimeoutError:
            raise RerunError(f"{place}took longer than {TIME_LIMIT} s (make TIME_LIMIT=… allows more)") from None
        except (DeadKernelError, RuntimeError):
            raise RerunError(f"{place}its kernel died; run make again") from None
        _without_traces(book)
        return nbformat.writes(book).rstrip("\n") + "\n", json.loads(ast.literal_eval(asked[0].data["text/plain"]))

    def _client(self, book):
        from nbclient import NotebookClient

        client = NotebookClient(book, km=self.manager, timeout=TIME_LIMIT, record_timing=False)
        client.kc = self.client
        return client

    async def _aside(self, code):
        """Outputs of code that is no cell of the notebook."""
        import nbformat.v4 as v4

        cell = v4.new_code_cell(code)
        await self._client(v4.new_notebook(cells=[cell])).async_execute_cell(cell, 0, store_history=False)
        return cell.outputs


def _without_traces(book):
    """Remove what other runners leave in a notebook: controls, which are nothing without their kernel, and times."""
    book.metadata.pop("widgets", None)
    book.metadata["language_info"] = LANGUAGE_INFO
    for cell in book.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", ()):
            output.get("data", {}).pop(WIDGET, None)


def set_parameter(book, notebook, name, value):
    """Put a value into the cell of parameters of a notebook that was read."""
    cell = next((c for c in book.cells if "parameters" in c.metadata.get("tags", ())), {"source": ""})
    cell["source"], found = re.subn(rf'^{name} = "[^"]*"', f'{name} = "{value}"', cell["source"], flags=re.M)
    if not found:
        raise RerunError(f'{notebook.name}: no cell tagged parameters sets {name} = "…": add one')


def _temporary():
    """Where sockets go: the path of one may have 100 characters at most."""
    return "/tmp" if os.name == "posix" and len(tempfile.gettempdir()) > 60 else None


def _prefix():
    """How the names of this project's folders of sockets begin."""
    return f"kernel-{hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]}-"


def clear_sockets():
    """Remove the sockets of runs that were killed; those of the living are left alone."""
    for path in Path(_temporary() or tempfile.gettempdir()).glob(f"{_prefix()}*"):
        if Path("/proc/self").exists() and not Path(f"/proc/{path.name.split('-')[2]}").exists():
            shutil.rmtree(path, ignore_errors=True)
