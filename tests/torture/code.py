"""Mutants of the code: one node of a module or a cell changed; a test that concerns the file must fail."""

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
from types import SimpleNamespace

import pytest
from workreport import export  # noqa: F401 (with all that it takes long to import, once for every process)

from . import ROOT, SEED, WORKERS

EACH, LIMIT, BETWEEN = 2, 200, "\n'%%'\n"  # mutants of a file; seconds of its tests, a hang is a failure; between cells
# Tests of each folder or module behind those of the same name, a + where slow ones are among them.
TESTS = {
    "numbers": "expressions", "units": "printed", "tables": "traps frames", "frames": "growth", "lines": "export", "words": "notebooks",
    "page": "notebooks export", "style": "charts export", "export": "charts", "sources": "export", "collection": "notebooks start",
    "files": "rerun export", "rerun": "workflow+", "kernels": "rerun+", "charts": "charts export", "proof": "check", "grammar": "check rules",
    "entry": "rules draft", "annotated": "read+", "trace": "deck+", "deck": "deck+", "published": "growth ledger+", "ledger": "check ledger+",
    "reports": "reports+", "whole": "start charts", "explorer": "explore+", "catalogue": "explore+", "workbook": "takeaway+", "site": "read+", "share": "project",
    "notebooks": "notebooks perturbations+"
}  # fmt: skip
# What takes long and is about nothing that others do not see, needs a browser, or looks at how code is written.
SPARED = "megabyte or room or sentences or linted or nbconvert or reads_as_chinese or page_in_a_browser or accessible or killed_job or committed or asked_for_it"
PAIRS = ("Lt LtE", "Gt GtE", "Eq NotEq", "In NotIn", "Is IsNot", "Add Sub", "Mult Div", "And Or", "FloorDiv Mod")
SWAPPED = {getattr(ast, a): getattr(ast, b) for pair in PAIRS for a, b in (pair.split(), pair.split()[::-1])}
NAMES = {"min": "max", "max": "min", "any": "all", "all": "any", "sorted": "list", "ceil": "floor", "floor": "ceil"}
PROMISES = (("A wrong operator, number, name, condition in any module or cell: a test fails", "代码或单元格改错：测试失败"),)
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
            wanted = TESTS.get(stem if path.suffix == ".py" else folder, TESTS.get(folder, ""))
            found = dict.fromkeys(f"tests/test_{name}.py" for name in (stem, *wanted.rstrip("+").split()))
            found = [name for name in found if (ROOT / name).exists()]
            about = f"{stem} and " if path.suffix == ".ipynb" else ""
            goes = [[*found, "-k", f"{about}not ({SPARED})", "-m", "" if wanted.endswith("+") else "not slow"]]
            yield path, [["tests/test_notebooks.py", "-k", f"{about}what_git_holds"], *goes] if about else goes  # in a second most are caught


def failing(folder, tests):
    """What to give pytest to see the first failure again; nothing where all pass."""
    (begun := folder.with_name("begun")).write_text("")
    if not (child := os.fork()):
        signal.alarm(LIMIT), os.chdir(folder), os.closerange(0, 3)
        os.dup2(os.dup(os.open(os.devnull, os.O_RDWR)), 2)  # the lowest numbers are given first: 0 and 1
        for name in [name for name in sys.modules if name.partition(".")[0] in ("workreport", "conftest")]:
            del sys.modules[name]
        sys.dont_write_bytecode = True
        last = SimpleNamespace(pytest_runtest_logstart=lambda nodeid: begun.write_text(nodeid, encoding="utf-8"))
        status = pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", f"--rootdir={folder}", *tests], plugins=[last])
        os._exit(status % 5 or not Path(sys.modules["workreport"].__file__).is_relative_to(folder))  # 5: no test to run
    failed, last = os.waitpid(child, 0)[1], begun.read_text(encoding="utf-8")
    return ([last] if last else ["--collect-only", *tests]) if failed else []


def tried(case):
    """What is changed in a file, and whether a test fails; it must pass before, on the file written anew."""
    (path, tests), ranked, seen, found = case, [], Counter(), []
    source = code(path)
    for line, kind, mutated in mutants(source):
        what = f"{path.name}: {kind}: {source.splitlines()[line - 1].strip()}"
        seen[what] += 1
        ranked.append((hashlib.sha256(f"{SEED} {what} {seen[what]}".encode()).digest(), what, mutated))
    with tempfile.TemporaryDirectory(prefix="code-") as above:
        folder, ignored = Path(above, "project"), shutil.ignore_patterns(".git", ".venv", "site", "__pycache__")
        copy = Path(shutil.copytree(ROOT, folder, ignore=ignored), path.relative_to(ROOT))
        Path(above, "shared").symlink_to(ROOT.parent / "shared")  # with the text, which many tests read
        for _, what, new in sorted(ranked)[:EACH]:
            copy.write_text(code(path, new), encoding="utf-8")
            found.append((what, next(filter(None, (failing(folder, go) for go in tests)), [])))
        copy.write_text(code(path, ast.unparse(ast.parse(source))), encoding="utf-8")
        before = [again for _, again in found if again and failing(folder, again)]
    return [(f"{path.name}: fails before anything is changed: {again[0]}", False) for again in before] or [(what, bool(again)) for what, again in found]


def run(short=False):
    cases = sorted(files(), key=lambda case: "not slow" in case[1][-1])  # the longest first
    with get_context("fork").Pool(WORKERS) as pool:
        for found in pool.imap(tried, [case for case in cases if not short or case[0].stem == "units"]):
            yield from ((0, failed, what) for what, failed in found)
