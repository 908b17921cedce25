"""Mutants of the code: one node of a module or a cell changed; a fast test that concerns the file must fail."""

import ast
import hashlib
import json
import os
import shutil
import signal
import sys
import tempfile
from collections import Counter
from multiprocessing import get_context
from pathlib import Path

from . import ROOT, SEED, WORKERS

EACH, LIMIT, BETWEEN = 2, 90, "\n'%%'\n"  # mutants of a file; seconds of its tests, a hang is a failure; between cells
# Fast tests of each folder or module; those of the same name come first, for a notebook those about it alone.
TESTS = {
    "numbers": "expressions", "units": "printed", "tables": "traps frames", "frames": "growth", "lines": "export",
    "words": "notebooks", "page": "notebooks export", "style": "charts export", "export": "charts", "sources": "export",
    "collection": "notebooks", "files": "rerun export", "rerun": "project", "kernels": "rerun", "charts": "charts export", "proof": "check", "entry": "rules draft", "annotated": "read", "trace": "deck",
    "published": "growth", "reports": "reports", "whole": "start", "share": "project takeaway explore", "notebooks": "perturbations notebooks"
}  # fmt: skip
SPARED = "not (megabyte or room or sentences)"  # seconds each, and about nothing that others do not see
PAIRS = ("Lt LtE", "Gt GtE", "Eq NotEq", "In NotIn", "Is IsNot", "Add Sub", "Mult Div", "And Or", "FloorDiv Mod")
SWAPPED = {getattr(ast, a): getattr(ast, b) for pair in PAIRS for a, b in (pair.split(), pair.split()[::-1])}
NAMES = {"min": "max", "max": "min", "any": "all", "all": "any", "sorted": "list", "ceil": "floor", "floor": "ceil"}
PROMISES = (("A wrong operator, number, name, condition in any module or cell: a fast test fails", "代码或单元格改错：快速测试失败"),)
NOTES = (f"{EACH} mutants of each module and notebook; a line gives the same ones whatever changes around it.",)


def changes(node):
    """What may be changed in a node: name of the part, and what it becomes."""
    match node:
        case ast.Compare(ops=[op]) if type(op) in SWAPPED:
            yield "ops", [SWAPPED[type(op)]()]
        case ast.BinOp(op=op) | ast.BoolOp(op=op) | ast.AugAssign(op=op) if type(op) in SWAPPED:
            yield "op", SWAPPED[type(op)]()
        case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test):
            yield "test", ast.UnaryOp(ast.Not(), test)
        case ast.Constant(value=int(value) | float(value)):
            yield "value", not value if isinstance(value, bool) else value + 1
        case ast.Constant(value=str(value)) if value.isidentifier() and value.isascii():
            yield "value", value + "x"
        case ast.Name(id=name) if name in NAMES:
            yield "id", NAMES[name]
        case ast.Return(value=ast.AST()):
            yield "value", ast.Constant(None)


def mutants(source):
    """Each mutant of a source as line, kind and text; docstrings, decorators and messages stay as they are."""
    nodes = list(ast.walk(tree := ast.parse(source)))
    kept = [node for node in nodes if isinstance(node, (ast.Raise, ast.JoinedStr))]
    kept += [node for node in nodes if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)]
    kept += [decorator for node in nodes for decorator in getattr(node, "decorator_list", ())]
    skipped = {id(node) for part in kept for node in ast.walk(part)}
    for node in nodes:
        for name, new in changes(node) if id(node) not in skipped else ():
            old = getattr(node, name)
            setattr(node, name, new)
            yield node.lineno, f"{type(node).__name__}.{name}", ast.unparse(tree)
            setattr(node, name, old)


def code(path, source=None):
    """The code of a file, of a notebook what stands in its cells; with another source, the text of the whole file."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return source or text
    book = json.loads(text)
    cells = [cell for cell in book["cells"] if cell["cell_type"] == "code"]
    for cell, part in zip(cells, source.split(BETWEEN) if source else (), strict=bool(source)):
        cell["source"] = part
    return json.dumps(book, ensure_ascii=False) if source else BETWEEN.join("".join(cell["source"]) for cell in cells)


def files():
    """Every module of the package but what builds the fonts, and every notebook, with its tests."""
    for path in sorted([*ROOT.glob("notebooks/[0-9][0-9]-*.ipynb"), *ROOT.glob("notebooks/workreport/**/*.py")]):
        folder, stem = path.parent.name, path.stem.partition("-")[2] or path.stem
        if stem not in ("__init__", "build"):
            names = dict.fromkeys([stem, *TESTS.get(stem, TESTS.get(folder, "")).split()])
            found = [f"tests/test_{name}.py" for name in names if (ROOT / f"tests/test_{name}.py").exists()]
            chosen = ["-k", "named or see or language", "-m", ""] if stem == "kernels" else ["-k", stem if path.suffix == ".ipynb" else SPARED]
            yield path, [*found, *chosen]  # what runs kernels has no fast test


def fails(folder, tests):
    if not (child := os.fork()):
        signal.alarm(LIMIT)
        os.chdir(folder)
        for stream in (0, 1, 2):
            os.dup2(os.open(os.devnull, os.O_RDWR), stream)
        for name in [name for name in sys.modules if name.partition(".")[0] in ("workreport", "conftest")]:
            del sys.modules[name]
        sys.dont_write_bytecode = True
        import pytest

        status = pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-m", "not slow", *tests])
        os._exit(status % 5 or not Path(sys.modules["workreport"].__file__).is_relative_to(folder))  # 5: no test to run
    return os.waitpid(child, 0)[1] != 0


def tried(case):
    """What is changed in a file, and whether its tests fail; they must pass before, on the file written anew."""
    path, tests = case
    source, ranked, seen = code(path), [], Counter()
    for line, kind, mutated in mutants(source):
        what = f"{path.name}: {kind}: {source.splitlines()[line - 1].strip()}"
        seen[what] += 1
        ranked.append((hashlib.sha256(f"{SEED} {what} {seen[what]}".encode()).digest(), what, mutated))
    with tempfile.TemporaryDirectory(prefix="code-") as folder:
        ignored = shutil.ignore_patterns(".git", ".venv", "site", "__pycache__")
        copy = Path(shutil.copytree(ROOT, folder, ignore=ignored, dirs_exist_ok=True), path.relative_to(ROOT))
        found = []
        for _, what, new in [*sorted(ranked)[:EACH], (0, "", ast.unparse(ast.parse(source)))]:
            if what or all(failed for _, failed in found):  # where a mutant survives, the tests pass without one
                copy.write_text(code(path, new), encoding="utf-8")
                found.append((what, fails(folder, tests)))
        if ("", True) in found:
            return [(f"{path.name}: these fail before anything is changed: {' '.join(tests)}", False)]
        return [one for one in found if one[0]]


def run(short=False):
    import matplotlib.backends.backend_svg  # noqa: F401 imported once, for every process
    import pytest  # noqa: F401
    import seaborn  # noqa: F401

    with get_context("fork").Pool(WORKERS) as pool:
        for found in pool.imap(tried, [case for case in files() if not short or case[0].stem == "units"]):
            yield from ((0, failed, what) for what, failed in found)
