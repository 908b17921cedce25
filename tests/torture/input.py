"""Hostile and broken tables, JSON and notebooks; and what of it could reach a reader past the loader, which refuses."""

import ast
import csv
import json
import random
import re
import tempfile
import xml.etree.ElementTree as ET
from functools import reduce
from multiprocessing import get_context
from operator import getitem
from pathlib import Path
from unittest import mock

from conftest import moved
from workreport import collection, export, page, tables
from workreport.proof import check

from . import SEED, WORKERS
from .data import FILES, REPORT, Memory, remember, spoiled

META, STEM = f"{tables.DEFAULT_REPORT}/report.json", "93-worked-example"
HOSTILE = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</title><svg onload=alert(1)>", "-2+3", "@SUM(A1)", "[x](javascript:alert(1))",
    "![x](http://127.0.0.1)", "[x]: //x", "[x][y]", "www.example.com", "$\\frac{1}{0}$", "\\input{x}", '=HYPERLINK("http://127.0.0.1")',
    "+1+cmd|' /C calc'!A0", "＝1+1", "\tx", "a\rb", "a\nb", "{{ 7*7 }}", "{% x %}", "{value}", "{0.__class__}", "`rm -rf`", "**bold**", "_em_",
    "~~gone~~", "| a |", "# head", "&lt;b&gt;", "a\x00b", "a\x1b[31mb", "a\u202eb", "a\u200bb", "a\u2028b", "\ufeffa",
)  # fmt: skip
WRONG = (None, -1, 1.5, "", "<b>x</b>", "a\nb", [], {}, [[]])
# What may happen to a file, of its bytes before and behind a comma; the first two change nothing.
DAMAGES = {
    "a mark before": lambda a, b: b"\xef\xbb\xbf" + a + b, "CRLF": lambda a, b: (a + b).replace(b"\n", b"\r\n"),
    "UTF-16": lambda a, b: (a + b).decode().encode("utf-16"), "GBK": lambda a, b: (a + b).decode().encode("gb18030"),
    "cut": lambda a, b: a, "empty": lambda a, b: b"", "two": lambda a, b: (a + b) * 2, "0": lambda a, b: a + b"\0" + b,
    "0xff": lambda a, b: a + b"\xff" + b, "a quote": lambda a, b: a + b'"' + b, "a comma": lambda a, b: a + b"," + b,
    "a conflict": lambda a, b: a + b"\n<<<<<<< HEAD\n" + b, "huge": lambda a, b: a + b"9" * 200_000 + b,
    "a list": lambda a, b: b"[]", "deep": lambda a, b: b"[" * 100_000, "a number": lambda a, b: b"9" * 5000,
    "an object": lambda a, b: b'{"resources": [{"name": "levels"}]}', "gone": lambda a, b: FileNotFoundError(2, "gone"),
    "a folder": lambda a, b: IsADirectoryError(21, "a folder"), "locked": lambda a, b: PermissionError(13, "locked"),
}  # fmt: skip
EDITS = ("a name misspelt", "float('nan')", "gone", "emptied", "cut", "twice", "late", "a word misspelt", "None", "[]")
PROMISES = (
    ("Hostile or broken tables, bytes, JSON: a message with its place, and nothing else", "恶意或损坏的数据：只给出指明位置的提示"),
    ("A notebook half edited ends well, or says which cell and why", "笔记本改到一半：或正常结束，或指明单元格和原因"),
    ("Past the loader, a hostile name stays a text in every file of a chart", "即使绕过加载，恶意名称在图表各文件中仍只是文字"),
)  # fmt: skip
NOTES = ("", "", "")


def cell(table, column, hostile):  # of each case: whether the promise is kept, and where
    faults = tables.read_report(data=spoiled([(table, 0, column, hostile)]))[1]
    place = f"{table}.csv:" + f"2:{column}:" * (hostile != "a\rb")  # a line end begins a row
    return any(place in str(fault) for fault in faults), f"{table}.{column}: {hostile!r}"


def damage(file, name):
    plain = [m.start() for m in re.finditer(rb'(?m)^[^"\n]*?,' if file.endswith("csv") else b",", FILES[file])]
    at = FILES[file].index(b",", random.Random(f"{SEED} {file} {name}").choice(plain)) + 1
    bad = DAMAGES[name](FILES[file][:at], FILES[file][at:])
    report = file.rpartition("/")[0] or tables.DEFAULT_REPORT  # the tables that all reports share are read with any
    faults = check.check_data(report, Memory(FILES | {file: bad}))[1]
    same = bad == FILES[file] or name in list(DAMAGES)[:2]
    return same != any(file in str(fault) for fault in faults), f"{file}: {name}"


def entry(path, wrong):
    meta = json.loads(FILES[META])
    reduce(getitem, path[:-1], meta)[path[-1]] = wrong
    faults = check.check_data(tables.DEFAULT_REPORT, Memory(FILES | {META: json.dumps(meta).encode()}))[1]
    return any(META in str(fault) for fault in faults), f"{path[0]}: {wrong!r}"


def edited(stem, kind):
    """A notebook half edited."""
    cells, chance, read = collection.cells(stem), random.Random(f"{SEED} {stem} {kind}"), collection.cells
    at = chance.randrange(1, len(cells))
    number, code, tags = cells[at]
    nodes = list(ast.walk(tree := ast.parse(code)))
    found = {type(node): [other for other in nodes if type(other) is type(node)] for node in nodes}
    texts = [node for node in found.get(ast.Constant, ()) if isinstance(node.value, str)]
    if kind == "a name misspelt":
        chance.choice(found[ast.Name]).id += "x"
    elif kind == "a word misspelt" and texts:
        chance.choice(texts).value += "{x"
    elif kind in ("float('nan')", "None", "[]") and ast.keyword in found:
        chance.choice(found[ast.keyword]).value = ast.parse(kind).body[0].value
    code = {"emptied": "\n", "cut": code[: chance.randrange(len(code))]}.get(kind, ast.unparse(tree))
    new = {"gone": [], "twice": [cells[at]] * 2, "late": []}.get(kind, [(number, code, tags)])
    others = [*cells[:at], *new, *cells[at + 1 :], *([cells[at]] if kind == "late" else [])]
    try:
        with mock.patch.object(collection, "cells", lambda name: others if name == stem else read(name)):
            collection.run(stem)
    except collection.NotebookError as error:
        return re.match(rf"{stem}\.ipynb, cell \d+", str(error)), f"{stem}, cell {number} {kind}: {str(error)[:200]}"
    return True, ""


def medium(hostile):
    """A name that the loader would have refused: it stays a text, or the chart is refused and nothing written."""
    named = [("indicators", i) for i in REPORT.indicators] + [("areas", i) for i in REPORT.areas]
    changes = [(*row, column, hostile) for row in named for column in ("name_en", "name_zh", "short_en", "short_zh")]
    with tempfile.TemporaryDirectory() as folder:
        try:
            chart = next(iter(collection.run(STEM, moved(REPORT, *changes)).charts.values()))
            name = Path(folder, export.export(chart, STEM, folder=Path(folder)))
        except (collection.NotebookError, export.ExportError) as error:
            return not list(Path(folder).iterdir()), f"{hostile!r}: {error}"
        rows = csv.reader(Path(f"{name}.csv").read_text(encoding="utf-8-sig").splitlines())
        wrong = [cell for row in rows for cell in row if export.FORMULA.match(cell)]
        json.loads(Path(f"{name}.json").read_bytes())
        for lang in ("en", "zh"):
            tree = list(ET.parse(f"{name}-{lang}.svg").iter())
            wrong += {e.tag.rpartition("}")[2] for e in tree} & {"script", "image", "a", "foreignObject", "text"}
            wrong += [attribute for e in tree for attribute in e.attrib if attribute.startswith("on")]
            with mock.patch("IPython.display.display") as shown:
                page.Page(STEM, REPORT, lang)._show_picture(chart, b"")
            markup = re.sub(r'"[^"]*"', '""', shown.call_args.args[0]["text/html"])
            wrong += set(re.findall(r"<\w+|\bon\w+(?=[^<>]*>)", markup)) - {"<figure", "<img", "<figcaption", "<a", "<details", "<summary", "<p"}
    return not wrong, f"{hostile!r}: {wrong}"


def cases(chance):
    """Number of the promise, function and arguments of each case."""
    columns = [(r["name"], c["name"]) for r in tables.read_descriptor()["resources"] for c in r["schema"]["fields"]]
    yield from ((0, cell, (*column, hostile)) for column in columns for hostile in chance.sample(HOSTILE, 10))
    yield from ((0, damage, (file, name)) for file in FILES for name in DAMAGES)
    paths = [(key,) for key in REPORT.meta] + [("sections", 0, key) for key in REPORT.meta["sections"][0]]
    yield from ((0, entry, (path, wrong)) for path in [*paths, ("block_sha256", 0)] for wrong in WRONG)
    for stem in collection.stems():  # the last ones run all the others
        yield from ((1, edited, (stem, kind)) for kind in EDITS[: 3 if stem.startswith("9") else None])
    yield from ((2, medium, (hostile,)) for hostile in HOSTILE[1::3])


def judge(case):
    n, work, arguments = case
    try:
        kept, where = work(*arguments)
    except Exception as error:  # that nobody meant
        kept, where = False, f"{arguments!r:.200}: {error!r:.200}"
    return n, bool(kept), f"{work.__name__}: {where}"


def run(short=False):
    work = list(cases(chance := random.Random(SEED)))
    work = chance.sample(work[:-12], 100) + work[-1:] if short else work
    with get_context("fork").Pool(1 if short else WORKERS, remember) as pool:
        yield from pool.imap(judge, work, 10)
