"""Rerun the notebooks, all or what changed: ``make``, or ``python -m workreport.rerun`` from `notebooks/`."""

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
from .kernels import Nursery

ROOT = Path(__file__).resolve().parents[2]
KERNELS = os.cpu_count() or 1
TIME_LIMIT = int(os.environ.get("TIME_LIMIT", 600))
WIDGET = "application/vnd.jupyter.widget-view+json"
# What the kernel is asked, before the first cell and after the last; neither leaves a trace in the notebook.
WATCH = "__import__('workreport.inputs').inputs.watch()"
READ = "__import__('workreport.inputs').inputs.read()"


def _digest(files):
    return hashlib.sha256(
        b"\0".join(b"%s %s" % (f.name.encode(), hashlib.sha256(f.read_bytes()).digest()) for f in files if f.is_file())
    ).hexdigest()


def shared_inputs(root=ROOT):
    """Digest of what every notebook depends on: this runner, the list of stories, the lock, the Python."""
    package = root / "notebooks/workreport"
    stories = " ".join(sorted(path.name for path in package.glob("*_story.py")))
    return f"{_digest([package / 'rerun.py', package / 'kernels.py', root / 'requirements.lock'])} {stories} {sys.version}"


def own_inputs(root=ROOT):
    """Digest of every file that a notebook may read: the package with its texts and fonts, the tables.

    Returns
    -------
    dict of str to str
        By path below the project.
    """
    folders = root / "notebooks/workreport", root / "data"
    files = [
        p for folder in folders for p in sorted(folder.rglob("*")) if p.suffix in (".py", ".mplstyle", ".ttf", ".toml", ".csv", ".json")
    ]
    return {path.relative_to(root).as_posix(): _digest([path]) for path in files}


def fingerprint(notebook, shared):
    """Digest of what a notebook's result depends on whatever it reads.

    Parameters
    ----------
    notebook : Path
    shared : str
        As `shared_inputs` returns it.

    Returns
    -------
    str
        Of its cells, without their outputs, of the title of the next notebook, and of what is shared.
    """
    cells = [[cell["cell_type"], "".join(cell["source"])] for cell in _cells(notebook)]
    later = [path for path in sorted(notebook.parent.glob("[0-9]*.ipynb")) if path.stem > notebook.stem][:1]
    following = [[path.name, "".join(_cells(path)[0]["source"])] for path in later]
    return hashlib.sha256(json.dumps([cells, following, shared]).encode()).hexdigest()


def _cells(notebook):
    return json.loads(notebook.read_text(encoding="utf-8"))["cells"]


def results(notebook, root=ROOT):
    """Digest of what a notebook has left: its own outputs and its figures."""
    return _digest([notebook, *sorted((root / "figures").glob(f"{notebook.stem}-*"))])


class RerunError(Exception):
    """A notebook that did not run to its end."""


def execute(notebook, language=None):
    """Run a notebook in its own folder and return the text of the executed notebook.

    Parameters
    ----------
    notebook : Path
        The file is not touched; the figures it exports are.
    language : {"en", "zh"}, optional
        Instead of the one in its cell of parameters.

    Raises
    ------
    RerunError
        Naming the notebook, the cell, the line and the exception.
    """
    return execute_all([(notebook, language)])[notebook, language]


def execute_all(jobs, *, finished=lambda job, text, read, seconds: None, kernels=KERNELS):
    """Run notebooks side by side, each in a kernel of its own, the largest first.

    Parameters
    ----------
    jobs : list of (Path, str or None)
        Notebook and language, as `execute` takes them.
    finished : callable
        Called as each ends, with the job, the text, the files it read (None if it could not be
        asked) and the seconds it took.
    kernels : int
        How many run at once.

    Returns
    -------
    dict of (Path, str or None) to str
        Text of the executed notebook by job.

    Raises
    ------
    RerunError
        Naming every failure. What was running beside it has ended; nothing new was begun.
    """
    return asyncio.run(_execute_all(jobs, finished, kernels))


async def _execute_all(jobs, finished, kernels):
    texts, errors = {}, []
    waiting = sorted(jobs, key=lambda job: -job[0].stat().st_size)

    async def work(nursery):
        while waiting and not errors:
            job, start = waiting.pop(0), time.monotonic()
            try:
                texts[job], read = await _execute(*job, nursery)
                finished(job, texts[job], read, time.monotonic() - start)
            except (RerunError, OSError) as error:
                errors.append(str(error))

    if not waiting:
        return texts
    with Nursery(_environment(tempfile.gettempdir())) as nursery:
        await asyncio.gather(*(work(nursery) for _ in range(min(kernels, len(jobs)))))
    if errors:
        raise RerunError("\n".join(errors))
    return texts


async def _execute(notebook, language, nursery):
    # A 1.5 s import of format checkers that notebooks do not use; jsonschema does without where it is absent.
    sys.modules.setdefault("rfc3987_syntax", None)
    import nbformat
    from jupyter_client.kernelspec import KernelSpecManager
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, DeadKernelError
    from traitlets.config import Config

    book = nbformat.read(notebook, as_version=4)
    if language:
        _set_language(book, notebook, language)
    config = Config()
    sockets = tempfile.mkdtemp(prefix=f"{_kernels()}{os.getpid()}-", dir=_temporary())
    config.KernelManager.connection_file = f"{sockets}/connection.json"
    if os.name == "posix":  # sockets in a folder of our own: no race for ports, no port open to others
        config.KernelManager.transport = "ipc"
        config.KernelManager.ip = f"{sockets}/k"
    client = NotebookClient(
        book, timeout=TIME_LIMIT, record_timing=False, config=config, resources={"metadata": {"path": str(notebook.parent)}}
    )
    place = f"{notebook.name}: "
    try:
        # Not client.async_execute(): its signal handlers know one kernel only.
        client.create_kernel_manager()
        # The kernel of this environment, whatever goes by its name elsewhere.
        client.km.kernel_spec_manager = KernelSpecManager(kernel_dirs=[])
        if nursery:
            client.km.provisioner = nursery.provisioner(client.km)
        await client.async_start_new_kernel(env=_environment(sockets))
        await client.async_start_new_kernel_client()
        await _ask(client, WATCH)
        for index, cell in enumerate(book.cells):
            place = f"{notebook.name}, cell {index + 1}: "
            await client.async_execute_cell(cell, index, execution_count=client.code_cells_executed + 1)
        reply = await _ask(client, "", user_expressions={"read": READ})
    except CellExecutionError as error:
        line = next((t for t in error.traceback.splitlines() if "-->" in t), "").strip()
        raise RerunError(f"{place}{error.ename}: {error.evalue}\n  {_plain(line)}") from None
    except TimeoutError:
        raise RerunError(f"{place}took longer than {TIME_LIMIT} s (make TIME_LIMIT=… allows more)") from None
    except (DeadKernelError, RuntimeError):
        raise RerunError(f"{place}its kernel died; run make again") from None
    finally:
        if client.km:
            await client.km.shutdown_kernel(now=True)
        if client.kc:
            client.kc.stop_channels()
        shutil.rmtree(sockets, ignore_errors=True)
    for output in (output for cell in book.cells for output in cell.get("outputs", ())):
        output.get("data", {}).pop(WIDGET, None)  # a control without its kernel shows nothing but an error
    # The version of Python would differ between machines.
    book.metadata["language_info"] = {"name": "python"}
    return nbformat.writes(book).rstrip("\n") + "\n", _read_files(reply)


async def _ask(client, code, **what):
    """The kernel's reply to what leaves no trace in the notebook; a kernel that has died is not waited for."""
    from nbclient.exceptions import DeadKernelError

    reply = asyncio.ensure_future(client.kc.execute(code, silent=True, store_history=False, reply=True, timeout=TIME_LIMIT, **what))
    while not (await asyncio.wait([reply], timeout=1))[0]:
        if not await client.km.is_alive():
            reply.cancel()
            raise DeadKernelError(client.km.kernel_id)
    return reply.result()


def _temporary():
    """Where sockets go: the path of one may have 100 characters at most."""
    return "/tmp" if os.name == "posix" and len(tempfile.gettempdir()) > 60 else None


def _kernels():
    """How the names of this project's folders of sockets begin."""
    return f"kernel-{hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]}-"


def _environment(folder):
    """What a kernel is told of its surroundings: the reader's own settings of IPython and matplotlib are not among them."""
    return os.environ | {"IPYTHONDIR": folder, "MPLCONFIGDIR": str(ROOT / ".venv/matplotlib")}


def clear(root=ROOT):
    """Remove what killed runs left; to be called by who holds the project."""
    sweep(root, root / "notebooks", root / "data", *(root / "data").glob("*/"), root / "figures", root / ".venv/rerun")
    for path in Path(_temporary() or tempfile.gettempdir()).glob(f"{_kernels()}*"):
        if Path("/proc/self").exists() and not _alive(path.name.split("-")[2]):
            shutil.rmtree(path, ignore_errors=True)


def _alive(pid):
    """Whether a process runs; one that has ended stays listed until somebody asks how."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _set_language(book, notebook, language):
    cell = next((c for c in book.cells if "parameters" in c.metadata.get("tags", ())), {"source": ""})
    cell["source"], found = re.subn(r'^language = "\w+"', f'language = "{language}"', cell["source"], flags=re.M)
    if not found:
        raise RerunError(f'{notebook.name}: no cell tagged parameters sets language = "…": add one')


def _read_files(reply):
    answer = reply["content"].get("user_expressions", {}).get("read", {})
    return json.loads(ast.literal_eval(answer["data"]["text/plain"])) if answer.get("status") == "ok" else None


def _plain(text):
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def rerun(notebooks, *, root=ROOT, force=False, say=print, kernels=KERNELS):
    """Rerun every notebook whose inputs or results changed.

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

    Returns
    -------
    int
        How many were rerun.
    """
    # Digests from before the run: what changes while it runs counts as changed.
    files, shared = own_inputs(root), shared_inputs(root)
    prints = {notebook: fingerprint(notebook, shared) for notebook in notebooks}
    stale = [
        notebook
        for notebook in notebooks
        if force or not _up_to_date(recorded(notebook.stem, root), prints[notebook], files, notebook, root)
    ]
    done = []

    def finished(job, text, read, seconds):
        notebook = job[0]
        if fingerprint(notebook, shared) != prints[notebook]:
            raise RerunError(f"{notebook.name} was changed while it ran, and is left as it is now; run make again")
        if text != notebook.read_text(encoding="utf-8"):
            write_atomically(notebook.parent, {notebook.name: text.encode()})
        own = files if read is None else {file: files.get(file) for file in read}
        record(notebook.stem, {"print": prints[notebook], "read": own, "results": results(notebook, root)}, root)
        done.append(notebook)
        say(f"[{len(done)}/{len(stale)}] {notebook.name} {seconds:.0f} s")

    execute_all([(notebook, None) for notebook in stale], finished=finished, kernels=kernels)
    return len(done)


def _up_to_date(record, own, files, notebook, root):
    if not isinstance(record, dict) or record.get("print") != own:
        return False
    return all(files.get(file) == digest for file, digest in record["read"].items()) and record["results"] == results(notebook, root)


def recorded(name, root=ROOT):
    """What was recorded under a name, None where nothing was."""
    try:
        return json.loads((root / ".venv/rerun" / f"{name}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def record(name, state, root=ROOT):
    """Keep a state under a name until the environment is removed."""
    write_atomically(root / ".venv/rerun", {f"{name}.json": json.dumps(state).encode()})


def renew_pages(notebooks, root=ROOT):
    """Write the generated pages that are stale; returns how many."""

    def state():
        names = ("README.md", "README.zh-CN.md", "CITATION.cff", "data/README.md", "figures/README.md", "figures/findings.csv")
        files = [*(root / name for name in names), *sorted((root / "figures").glob("*.json"))]
        return [shared_inputs(root), own_inputs(root), _digest([*notebooks, *files])]

    if recorded("pages", root) == state():
        return 0
    from . import pages

    written = pages.write_all()
    record("pages", state(), root)
    return written


def main(arguments=None):
    """Command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="workreport.rerun", description="Rerun the notebooks and export every figure.")
    parser.add_argument("--force", action="store_true", help="rerun what is unchanged too")
    parser.add_argument("--kernels", type=int, default=KERNELS, help="how many notebooks run at once (one per core)")
    options = parser.parse_args(arguments)
    start = time.monotonic()
    try:
        with only_one(ROOT / ".venv/rerun"):
            clear()
            status = _main(options, start)
    except (RerunError, OSError) as error:
        print(error)
        status = 1
    except KeyboardInterrupt:
        print("Stopped. What had ended is kept, nothing is half-written; make goes on from here.")
        status = 130
    return status


def _main(options, start):
    from . import check

    if check.main(["--quiet"]):
        print("The tables are at fault, so nothing was rerun and nothing was changed.")
        return 1
    notebooks = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
    if not notebooks:
        print("notebooks/ holds no notebook: restore it with git checkout -- notebooks")
        return 1
    say = print if sys.stdout.isatty() else lambda line: None
    done = rerun(notebooks, force=options.force, say=say, kernels=options.kernels)
    written = renew_pages(notebooks)
    if not done and not written:
        print(f"Nothing to do: {len(notebooks)} notebook{'s' * (len(notebooks) > 1)} and every figure are up to date.")
    else:
        took = f"{time.monotonic() - start:.0f} s"
        print(f"{done} of {len(notebooks)} notebooks rerun, {len(notebooks) - done} unchanged, in {took}; figures are in figures/.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
