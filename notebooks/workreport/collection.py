"""Run notebooks of the collection in process, and gather their findings.

A notebook is a function of a report: `run` executes its cells in this process, in a fraction of a second if
nothing is drawn, and returns what they said, claimed and drew. What readers run, they run with a kernel.
"""

import ast
import json
import traceback
from pathlib import Path

from .page import Record, finding_rows, recording
from .tables import ASKED, given_report, load

NOTEBOOKS = Path(__file__).resolve().parents[1]


class NotebookError(Exception):
    """A notebook that did not run to its end: which cell, which line, and why."""


def stems():
    """Stems of the notebooks, in order."""
    return [path.stem for path in sorted(NOTEBOOKS.glob("[0-9][0-9]-*.ipynb"))]


def cells(stem):
    """Code cells of a notebook, with their place in it.

    Returns
    -------
    list of (int, str, list of str)
        Number of the cell from 1, its code, its tags.

    Raises
    ------
    NotebookError
        If there is no such notebook, or it is none.
    """
    path = NOTEBOOKS / f"{stem}.ipynb"
    ASKED.add(f"notebook {stem}")
    try:
        book = json.loads(path.read_text(encoding="utf-8"))
        numbered = [(n, cell) for n, cell in enumerate(book["cells"], 1) if cell["cell_type"] == "code"]
        return [(n, "".join(cell["source"]), cell["metadata"].get("tags", [])) for n, cell in numbered]
    except FileNotFoundError:
        raise NotebookError(f"there is no notebook {path.name}: choose one of {', '.join(stems())}") from None
    except (ValueError, KeyError, TypeError) as error:
        raise NotebookError(f"{path.name} is no notebook ({error!r}): restore it with git checkout -- notebooks/{path.name}") from None


def run(stem, report=None, language="en"):
    """Run a notebook in this process, drawing nothing.

    Parameters
    ----------
    stem : str
        Such as ``01-growth``.
    report : Report, optional
        Instead of the one that the notebook would load.
    language : {"en", "zh"}

    Returns
    -------
    Record

    Raises
    ------
    NotebookError
        Naming the notebook, the cell, the line and the reason.
    """
    report = report if report is not None else load()
    kept, path = vars(report).setdefault("_runs", {}), NOTEBOOKS / f"{stem}.ipynb"
    key = stem, language, path.stat().st_mtime_ns if path.is_file() else 0
    if key not in kept:
        kept[key] = _run(stem, report, language)
    return kept[key]


def _run(stem, report, language):
    space = {"__name__": "__main__"}
    with recording(Record(stem, language)) as record, given_report(report):
        for number, code, tags in cells(stem):
            place = f"{stem}.ipynb, cell {number}"
            try:
                tree = ast.parse(code, place)
                last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
                exec(compile(tree, place, "exec"), space)
                if last is not None and (value := eval(compile(ast.Expression(last.value), place, "eval"), space)) is not None:
                    record.frames.append(value)
            except Exception as error:
                lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == place]
                line = lines[-1] if lines else getattr(error, "lineno", None)
                at = f", line {line}: {code.splitlines()[line - 1].strip()[:80]}" if line else ""
                raise NotebookError(f"{place}{at}\n  {type(error).__name__}: {error}") from error
            if "parameters" in tags:
                space |= {"language": language, "report_name": report.name}
    return record


def findings(report=None):
    """Every claim of the collection.

    Returns
    -------
    dict of str to dict of str to Sentence
        By notebook and name, in the order they are made.
    """
    report = report if report is not None else load()
    return {stem: run(stem, report).claims for stem in stems()}


def rows_of_findings(report):
    """Rows of ``figures/findings.csv``; `make` has them from the kernels that ran the notebooks."""
    return [row for stem, claims in findings(report).items() for row in finding_rows(report, stem, claims)]
