"""Hostile cells: nothing in a table becomes markup, a formula, a template or a command; no output tells of the machine.

The loader refuses by name; behind it, each medium is tried with the refusal set aside.
"""

import csv
import getpass
import html.parser
import io
import json
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

from workreport import export, growth_story, notebook, prose, seal, tables

from . import ROOT, Row
from .data import NAME, Memory, Slip, _report, remember, spoiled

HOSTILE = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</title><svg onload=alert(1)>", "[x](javascript:alert(1))",
    "![x](http://127.0.0.1/x.png)", "[x]: http://127.0.0.1", "[x][y]", "http://127.0.0.1", "www.example.com", "$\\frac{1}{0}$", "$$x$$", "\\input{x}",
    '=HYPERLINK("http://127.0.0.1")', "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "＝1+1", "\tx", "a\rb", "a\nb", "{{ 7*7 }}", "{% x %}",
    "{value}", "{0.__class__}", "`rm -rf`", "**bold**", "_em_", "~~gone~~", "| a | b |", "# head", "&lt;b&gt;", "a\x00b", "a\x1b[31mb", "a\u202eb", "a\u200bb",
    "%(value)s", "javascript:alert(1)", "__import__('os').system('x')", "a\u2028b", "\ufeffa",
)  # fmt: skip
# Said as they are: words, with no meaning to any medium that they reach.
HARMLESS = {"%(value)s", "javascript:alert(1)"}


def text_columns():
    """Every column of a table that takes any text, and every text of report.json."""
    for resource in tables.read_descriptor()["resources"]:
        for column in resource["schema"]["fields"]:
            yield resource["name"], column["name"]
    for path, value in seal._flat(_report().meta):
        if isinstance(value, str):
            yield "report.json", path


def run(short=False):
    """Rows of this campaign."""
    return [refused(short), *shown(HOSTILE[::12] if short else HOSTILE), *outputs(), locked(), *([] if short else [wrong_hash(), token()])]


def refused(short=False):
    row = Row("Markup, a formula, a template, a control character in any cell or text is refused by name")
    remember()
    for i, (table, column) in enumerate(text_columns()):
        for hostile in HOSTILE[i % 40 :: 40] if short else HOSTILE:
            if hostile in HARMLESS or (column in ("url", "read_at") and hostile.startswith("http")):
                continue
            _, faults = tables.read_report(NAME, data=Memory(spoiled(Slip("cell", [(table, 0, column, hostile)]))))
            # A line end outside quotes ends the row: then a row is named, this one or the rest of it.
            place = f"report.json:{column}:" if table == "report.json" else f"{_report().tables[table].file}:"
            place += f"2:{column}:" if table != "report.json" and hostile != "a\rb" else ""
            row.case(any(place in str(fault) for fault in faults), f"cell: {table}.{column}: {hostile!r}")
    return row


class _Tags(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.alt = [], None

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, sorted(name for name, _ in attributes)))
        self.alt = dict(attributes).get("alt", self.alt)


def shown(hostiles):
    """Each medium with the loader's refusal set aside: the words come out as they went in."""
    svg, markup, rows, sentence = (
        Row(f"Past the loader: a hostile name in {medium} stays a text")
        for medium in ("an SVG", "the HTML of a notebook", "the CSV of a chart", "a sentence")
    )
    first = growth_story.rates_chart(_report())
    known = {element.tag for element in ET.fromstring(export._render(first, "en")["svg"]).iter()}
    for hostile in hostiles:
        both = {"en": hostile, "zh": hostile}
        said = prose.say("{a} {b}", a=hostile, b="b")
        sentence.case(said == f"{hostile} b", f"sentence: {hostile!r}")
        chart = replace(first, title=both, subtitle=both, alt=both, source=both)
        chart.rows = first.rows.assign(group_en=[hostile, *first.rows["group_en"][1:]])
        with tempfile.TemporaryDirectory() as folder:
            try:
                stem = export.export(chart, "00", folder=Path(folder))
            except (export.ExportError, ValueError) as error:  # refused: a glyph that no font of ours has, a text that does not fit
                kept = not list(Path(folder).iterdir())
                for row in (svg, markup, rows):
                    row.case(kept, f"medium: {hostile!r}: {type(error).__name__}")
                continue
            content = (Path(folder) / f"{stem}-en.svg").read_text(encoding="utf-8")
            tree = ET.fromstring(content)
            desc = next(e for e in tree.iter() if e.tag.endswith("}desc"))
            svg.case(
                {e.tag for e in tree.iter()} <= known and desc.text == hostile and "onload" not in _attributes(tree), f"svg: {hostile!r}"
            )
            parser = _Tags()
            parser.feed(export.saved_figure(stem, "en", folder=Path(folder)))
            markup.case([t for t, _ in parser.tags] == ["figure", "img", "figcaption"] and parser.alt == hostile, f"html: {hostile!r}")
            with (Path(folder) / f"{stem}.csv").open(encoding="utf-8", newline="") as file:
                cell = next(csv.DictReader(file))["group_en"]
            rows.case(cell == hostile and cell[0] not in "=+-@\t\r", f"csv: {hostile!r}")
    cell = notebook.markdown_table([{"a": "x | y\nz"}]).splitlines()
    markup.case(cell[-1] == "| x \\| y z |", "html: a table cell with a bar and a line end")
    return [svg, markup, rows, sentence]


def _attributes(tree):
    return " ".join(name for element in tree.iter() for name in element.attrib)


def outputs():
    """Every file that the project hands out."""
    formulas = Row("No cell of a CSV or workbook handed out is a formula")
    private = Row("No absolute path, user name, host name or key in a file handed out")
    own = {str(ROOT), str(Path.home()), socket.gethostname(), f"/{getpass.getuser()}/"} - {"/"}
    pattern = re.compile(
        "|".join(
            [re.escape(name) for name in own if len(name) > 3]
            + [r"/(?:home|Users|tmp|root)/\w", r"[A-Z]:\\\\?Users", "BEGIN [A-Z ]*PRIVATE KEY", r"token=[0-9a-f]{20}"]
        )
    )
    folders = [ROOT / name for name in ("figures", "data", "site", "notebooks") if (ROOT / name).is_dir()]
    for path in sorted(
        p
        for folder in folders
        for p in folder.rglob("*")
        if p.is_file() and "__pycache__" not in p.parts and p.suffix not in (".ttf", ".py")
    ):
        content = path.read_bytes()
        text = re.sub(r"[A-Za-z0-9+/=]{2000,}", "", content.decode("utf-8", "ignore"))  # pictures inside a page
        found = pattern.search(text)
        private.case(not found, f"private: {path.relative_to(ROOT)}: {found and found.group()}")
        if path.suffix == ".csv" and path.parent.name == "figures":
            for cells in csv.reader(io.StringIO(text)):
                for cell in cells:
                    formulas.case(not export.FORMULA.match(cell), f"formula: {path.name}: {cell}")
        if path.suffix == ".xlsx":
            import openpyxl

            for sheet in openpyxl.load_workbook(path):
                for cell in (cell for cells in sheet.iter_rows() for cell in cells if cell.value is not None):
                    formulas.case(cell.data_type != "f", f"formula: {path.name}: {sheet.title}!{cell.coordinate}")
    return [formulas, private]


def locked():
    """Every package is pinned with a hash, and installed with hash checking."""
    row = Row("Every package is pinned with its hashes and installed with hash checking only")
    for lock in (ROOT / "requirements.lock", ROOT / "tests/requirements.lock"):
        for block in re.split(r"\n(?=\S)", lock.read_text(encoding="utf-8").strip()):
            row.case(re.match(r"[\w.-]+==\S+", block) and "--hash=sha256:" in block, f"lock: {block[:40]}")
    make = (ROOT / "Makefile").read_text(encoding="utf-8")
    row.case(re.search(r"PIP_INSTALL := .*--require-hashes --no-deps", make), "lock: Makefile")
    for line in re.findall(r"^\t.*pip (?:install|download).*$", make, re.M):
        row.case("--require-hashes" in line or "pip install --quiet --disable-pip-version-check uv" in line, f"lock: {line.strip()}")
    return row


def wrong_hash():
    row = Row("A package whose hash is another one is refused", note="One package of the lock, its hashes changed.")
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    block = next(b for b in re.split(r"\n(?=\S)", lock) if b.startswith("uniseg=="))
    with tempfile.TemporaryDirectory() as folder:
        spoilt = Path(folder) / "spoilt.txt"
        spoilt.write_text(re.sub(r"sha256:[0-9a-f]{64}", "sha256:" + "0" * 64, block), encoding="utf-8")
        command = [sys.executable, "-m", "pip", "download", "--require-hashes", "--no-deps", "-d", folder, "-r", str(spoilt)]
        result = subprocess.run(command, capture_output=True, text=True)
        row.case(result.returncode != 0 and "DO NOT MATCH THE HASHES" in result.stdout + result.stderr, "hash: uniseg")
    return row


def _wait_for(port):
    """Until something listens at the port, or half a minute."""
    for _ in range(300):
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)


def token():
    row = Row("JupyterLab answers nobody without its token", note="The server that `make lab` starts, asked for its files and a kernel.")
    with tempfile.TemporaryDirectory() as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        command = [sys.executable, "-m", "jupyterlab", "--no-browser", f"--port={port}", f"--notebook-dir={folder}"]
        server = subprocess.Popen(command + ["--allow-root"], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        try:
            for line in server.stderr:
                if "is running at" in line:
                    break
            _wait_for(port)
            for path, method in (("api/contents", "GET"), ("api/kernels", "POST"), ("api/terminals", "POST"), ("api/sessions", "GET")):
                request = urllib.request.Request(f"http://127.0.0.1:{port}/{path}", method=method)
                try:
                    status = urllib.request.urlopen(request, timeout=20).status
                except urllib.error.HTTPError as error:
                    status = error.code
                row.case(status == 403, f"token: {path}: {status}")
        finally:
            server.terminate()
            server.wait()
    make = (ROOT / "Makefile").read_text(encoding="utf-8")
    row.case("token=" not in make and "password=" not in make and "disable_check_xsrf" not in make, "token: Makefile")
    configuration = "".join(p.read_text(encoding="utf-8") for p in (ROOT / ".jupyter").rglob("*") if p.is_file())
    row.case(json.dumps(configuration).find("token") < 0, "token: .jupyter")
    return row
