"""Read the tables of a report as `data/datapackage.json` describes them."""

import contextlib
import csv
import datetime
import io
import json
import re
import unicodedata
from collections import UserDict
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import cached_property, partial
from pathlib import Path

from .numbers import Interval, Quantity, read_numeral
from .units import quantity_of

DATA = Path(__file__).resolve().parents[2] / "data"
DEFAULT_REPORT = "qinyang-2023"
SHARED_TABLES = ("units", "indicators", "areas", "sources", "published")
FIGURE_TABLES = ("levels", "growth", "gaps", "rankings", "shares", "targets", "thresholds", "claims")
NOT_STATED = "not stated"
# What a cell could do to a medium it is shown in: markup of HTML, Markdown, LaTeX or a template, a link, a formula.
_MARKUP = re.compile(r"[<>`|$\\{}*#~^@=]|\][(\[:]|&#?\w+;|(?<!\w)_|_(?!\w)|://|\bwww\.|^[+＝＋－＠]|^-(?![0-9.]+\Z)", re.ASCII)
_URL = r"https?://[-./0-9:=?%&A-Za-z_\u4e00-\u9fff]+"


@dataclass(frozen=True, slots=True)
class Fault:
    """One wrong cell, row or file, said so that a person can mend it.

    Parameters
    ----------
    file : str
        Path below `data/`.
    row : int or None
        Line of the file, the header being line 1.
    column : str or None
        Name of the column.
    found, expected, do : str
        What is there, what should be, and what to do.
    """

    file: str
    row: int | None
    column: str | None
    found: str
    expected: str
    do: str

    def __str__(self):
        place = ":".join(str(part) for part in (self.file, self.row, self.column) if part is not None)
        return f"{place}: found {self.found}, expected {self.expected}, {self.do}"


class DataError(Exception):
    """The tables cannot be used; `faults` says where and why."""

    def __init__(self, faults):
        self.faults = list(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


@dataclass
class Table:
    """Rows of one CSV file, each cell as printed.

    Parameters
    ----------
    name, file : str
        Name in the descriptor, path below `data/`.
    columns : list of str
    rows : list of dict of str to str
    lines : list of int
        Line of the file on which each row begins.
    """

    name: str
    file: str
    columns: list
    rows: list = field(default_factory=list)
    lines: list = field(default_factory=list)

    def fault(self, index, column, found, expected, do):
        """A `Fault` at row number `index` (from 0) of this table."""
        return Fault(self.file, self.lines[index], column, found, expected, do)


@dataclass(frozen=True)
class Figure:
    """One figure of the report, or one published statistic.

    Parameters
    ----------
    id, table : str
    row : dict of str to str
        Its cells as printed.
    quantity : Quantity
        Its value in base units with its interval.
    decimals : int
        Digits printed after the decimal point.
    """

    id: str
    table: str
    row: dict
    quantity: Quantity
    decimals: int


# What was asked for in this process: files of tables, below `data/`, and notebooks run within; what a notebook depends on.
ASKED = set()


class Tables(UserDict):
    """Tables by name; one that is asked for is noted."""

    def __getitem__(self, name):
        table = super().__getitem__(name)
        ASKED.add(table.file)
        return table


class Figures(Mapping):
    """Figures by id; a missing one is named, and the table of one that is asked for counts as read.

    Parameters
    ----------
    found : dict of str to Figure
    tables : Tables
    """

    def __init__(self, found, tables):
        self.found, self.tables = found, tables

    def __getitem__(self, key):
        if key not in self.found:
            self._note_all()
            raise KeyError(f"figure {key} is in none of the tables")
        self.tables[self.found[key].table]
        return self.found[key]

    def __iter__(self):
        self._note_all()
        return iter(self.found)

    def __len__(self):
        self._note_all()
        return len(self.found)

    def _note_all(self):
        for name in (*FIGURE_TABLES, "published"):
            self.tables[name]


@dataclass
class Report:
    """A report with its tables.

    Parameters
    ----------
    name : str
        Folder below `data/`.
    meta : dict
        Content of its `report.json`.
    tables : dict of str to Table
        By name in the descriptor.
    """

    name: str
    meta: dict
    tables: dict

    def __post_init__(self):
        if not isinstance(self.tables, Tables):
            self.tables = Tables(self.tables)

    @property
    def whole(self):
        """Whether the tables cover every section of the report, up to where a recovered one breaks off."""
        return {section["id"] for section in self.meta["sections"]} == set(self.meta["covers"])

    @cached_property
    def figures(self):
        """All figures and published statistics by id."""
        tables = [self.tables.data[name] for name in (*FIGURE_TABLES, "published")]
        found = [figure_of(table, row) for table in tables for row in table.rows if row["value"] not in (NOT_STATED, "not found")]
        return Figures({figure.id: figure for figure in found}, self.tables)

    @cached_property
    def rows(self):
        """Table name and row of everything the report states, by figure id."""
        return {row["figure_id"]: (name, row) for name in reversed(FIGURE_TABLES) for row in reversed(self.tables[name].rows)}

    @cached_property
    def _groups(self):
        return {}

    @cached_property
    def indicators(self):
        """Rows of the codebook by indicator id."""
        return {row["indicator_id"]: row for row in self.tables["indicators"].rows}

    @cached_property
    def areas(self):
        """Rows of the areas by area id."""
        return {row["area_id"]: row for row in self.tables["areas"].rows}

    @cached_property
    def sources(self):
        """Rows of the sources by source id."""
        return {row["source_id"]: row for row in self.tables["sources"].rows}

    @cached_property
    def numerals(self):
        """Rows of the ledger by numeral id."""
        return {row["numeral_id"]: row for row in self.tables["numerals"].rows}

    def find(self, table, **cells):
        """Figures of one table whose cells have the given text.

        Returns
        -------
        list of Figure
            In the order of the table; empty where the report states none.

        Examples
        --------
        >>> [f.id for f in load_report().find("growth", indicator_id="gdp")]
        ['G01']
        """
        source = self.tables[table]
        rows = min((self.rows_by(source, column).get(text, ()) for column, text in cells.items()), key=len, default=source.rows)
        keys = [row[source.columns[0]] for row in rows if cells.items() <= row.items()]
        return [self.figures[key] for key in keys if key in self.figures.found]

    def rows_by(self, table, column):
        """Rows of a `Table` by the text of one column."""
        if (table.name, column) not in self._groups:
            groups = self._groups[table.name, column] = {}
            for row in table.rows:
                groups.setdefault(row[column], []).append(row)
        return self._groups[table.name, column]

    def under_reading(self, reading_id):
        """This report with one ambiguous figure taken under another reading.

        Parameters
        ----------
        reading_id : str
            A row of `readings.csv` that reads a value.

        Returns
        -------
        Report
            A copy; only the interval of that figure differs.

        Raises
        ------
        KeyError
            If there is no such reading.
        ValueError
            If it reads no value, so that no number changes.
        """
        reading = next((row for row in self.tables["readings"].rows if row["reading_id"] == reading_id), None)
        if reading is None:
            raise KeyError(f"reading {reading_id} is not in readings.csv")
        if reading["field"] != "value":
            raise ValueError(f"reading {reading_id} is about the {reading['field']}, so no number changes under it")
        figure = self.figures[reading["figure_ids"]]
        low, high = (Fraction(reading[end]) * figure.quantity.factor for end in ("low", "high"))
        other = replace(self)
        changed = replace(figure, quantity=replace(figure.quantity, interval=Interval(low, high)))
        other.figures = Figures(self.figures.found | {figure.id: changed}, self.tables)
        return other


def printed_unit(figure, end):
    """One end of a figure's interval in the unit it was printed in, as a Decimal."""
    number = figure.quantity.in_unit(getattr(figure.quantity, end))
    if isinstance(number, float):
        return Decimal("Infinity")
    return (Decimal(number.numerator) / Decimal(number.denominator)).normalize() + 0


def figure_of(table, row):
    """The figure that a row of a table states.

    Raises
    ------
    ValueError
        If its value is no numeral or its unit is unknown.
    """
    name = table.name
    ASKED.add("units.csv")
    unit = row["unit"] or {"levels": "元", "thresholds": "元", "rankings": "位"}.get(name, "")
    # A boundary is exact whatever its qualifier says about the things it bounds; a target is set, not measured.
    qualifier = "" if name == "thresholds" else row["qualifier"]
    key = row[table.columns[0]]
    exact = name in ("thresholds", "targets") or row.get("measure") == "target"
    quantity = quantity_of(row["value"], unit, qualifier, exact, (key,))
    if quantity.kind == "rank" and (name == "gaps" or row.get("measure") == "gap"):
        quantity = replace(quantity, kind="places")
    elif quantity.kind == "rank" and name == "levels":  # 12位院士: the same word counts people
        quantity = replace(quantity, kind="count")
    return Figure(key, name, row, quantity, read_numeral(row["value"])[1])


_given = ContextVar("given reports", default={})  # noqa: B039 never changed in place


@contextlib.contextmanager
def given_report(report):
    """Within, `load` returns this report under its name, whatever the files say; others that were given stay so."""
    token = _given.set({**_given.get(), report.name: report})
    try:
        yield
    finally:
        _given.reset(token)


def report_names(data=DATA):
    """Names of the reports of the collection: the folders below `data` with a ``report.json``, sorted."""
    ASKED.add("reports")
    return sorted(path.parent.name for path in Path(data).glob("*/report.json"))


def load(name=DEFAULT_REPORT):
    """A report of the collection, ready to analyse; see `load_report`."""
    return _given.get().get(name) or load_report(name)


def load_report(name=DEFAULT_REPORT, *, data=DATA):
    """Load a report's tables, refusing any that breaks its schema.

    Parameters
    ----------
    name : str
        Folder below `data`.
    data : Path
        Folder with `datapackage.json`.

    Returns
    -------
    Report

    Raises
    ------
    DataError
        If a file is missing or a cell breaks the schema; every fault is listed.
    """
    report, faults = read_report(name, data=data)
    if faults:
        raise DataError(faults)
    return report


def read_report(name=DEFAULT_REPORT, *, data=DATA):
    """Read a report's tables and list what breaks their schema.

    Returns
    -------
    report : Report or None
        None where a file or a header is unusable.
    faults : list of Fault
    """
    faults, tables, card = [], {}, f"{name}/report.json"
    meta = read_json(data, card, faults)
    wrong = [] if meta is None else list(meta_faults(card, meta))
    descriptor = read_descriptor(data, faults)
    usable = meta is not None and not wrong
    faults += wrong
    try:
        resources = () if descriptor is None else descriptor["resources"]
        for resource in resources:
            table = tables[resource["name"]] = read_table(data, resource, name, faults)
            usable = usable and table is not None
        for resource in resources if usable else ():
            faults += _foreign_key_faults(tables, resource)
    except (KeyError, TypeError, AttributeError, re.error) as error:
        do = "restore it: git checkout -- data/datapackage.json"
        faults.append(Fault("datapackage.json", None, None, f"no usable descriptor ({error!r})", "a tabular data package", do))
        usable = False
    if not usable or not tables:
        return None, faults
    report = Report(name, meta, tables)
    return report, faults + list(_place_faults(card, meta, {row["area_id"]: row for row in tables["areas"].rows}))


_META = {
    **dict.fromkeys(("title_zh", "title_en", "area", "publisher_zh", "publisher_en", "sha256"), str),
    **dict.fromkeys(("year_reviewed", "year_planned", "delivered", "read_at"), str),
    **dict.fromkeys(("characters", "block_characters"), int),
    **dict.fromkeys(("sections", "covers", "block_sha256"), list),
}
# Of a text that breaks off, which `recovered_part` says.
_BROKEN = {"break_offset": int, "break_note_zh": str, "break_note_en": str}
_META_FORMS = {"year_reviewed": r"[0-9]{4}", "year_planned": r"[0-9]{4}", "delivered": r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?", "read_at": _URL}
_SECTION = {"id": str, "start": int, "name_zh": str, "name_en": str}
_PROBLEM = {"name_zh": str, "name_en": str, "figures": list}
_KINDS = {str: "a text", int: "a whole number", list: "a list", dict: "an object", bool: "true or false"}
_BENCHMARK = re.compile(r"schedule|plan|own_[0-9]{4}|target_of_([a-z][a-z_]*)|([a-z][a-z_]*)")


def meta_faults(file, meta):
    """What is missing in `report.json`, of another type, or no plain text."""

    def wrong(where, found, expected):
        return Fault(file, None, where, found, expected, f"mend it or restore it: git checkout -- data/{file}")

    def listed(key):
        return meta[key] if isinstance(meta.get(key), list) else []

    optional = {"names": dict, "recovered_part": bool, "problems": list}
    entries = [("", meta, _META | (_BROKEN if meta.get("recovered_part") else {}), optional)]
    entries += [(f"sections[{i}].", section, _SECTION, {"end": int, "about": str}) for i, section in enumerate(listed("sections"))]
    entries += [(f"problems[{i}].", problem, _PROBLEM, {}) for i, problem in enumerate(listed("problems"))]
    for where, entry, needed, more in entries:
        kinds = needed | {key: kind for key, kind in more.items() if isinstance(entry, dict) and key in entry}
        if not isinstance(entry, dict):
            yield wrong(where.rstrip("."), f"{entry!r:.60}", f"an object with {', '.join(kinds)}")
            continue
        for key, kind in kinds.items():
            value = entry.get(key)
            if type(value) is not kind or (value in ("", []) and key != "figures") or (kind is int and value < 0):
                yield wrong(where + key, f"{value!r:.60}", _KINDS[kind])
            elif key in _META_FORMS and not re.fullmatch(_META_FORMS[key], value):
                yield wrong(where + key, f"'{value:.60}'", f"the form {_META_FORMS[key]}")
            elif kind is str and key not in _META_FORMS and (found := unsafe(value)):
                yield wrong(where + key, f"{found!r} in a text", "plain words without markup")
    for i, digest in enumerate(listed("block_sha256")):
        if not isinstance(digest, str) or not re.fullmatch("[0-9a-f]{12}", digest):
            yield wrong(f"block_sha256[{i}]", f"{digest!r:.60}", "the form [0-9a-f]{12}")
    for key, words in meta["names"].items() if isinstance(meta.get("names"), dict) else ():
        plain = isinstance(words, list) and all(isinstance(word, str) and word and not unsafe(word) for word in words)
        if not plain or not words:
            yield wrong(f"names.{key}", f"{words!r:.60}", "a list of plain words of the report")
    sections = [section for section in listed("sections") if isinstance(section, dict)]
    ids = [section.get("id") for section in sections]
    for i, section in enumerate(ids):
        if section in ids[:i]:
            yield wrong(f"sections[{i}].id", f"'{section}' again", "each id once")
    for i, one in enumerate(listed("covers")):
        if one not in ids:
            yield wrong(f"covers[{i}]", f"{one!r:.60}", f"an id of sections: {', '.join(map(str, ids))}")
    if all(type(s.get("start")) is int and type(s.get("end", 0)) is int for s in sections):
        yield from _order_faults(sections, meta.get("characters"), wrong)


def _order_faults(sections, characters, wrong):
    """Sections out of order or over each other."""
    starts = [section["start"] for section in sections]
    for i, (before, start) in enumerate(zip([-1, *starts], starts, strict=False)):
        if not i and start:
            yield wrong("sections[0].start", str(start), "0, the beginning of the text")
        elif start <= before:  # either of the two may be the wrong one
            yield wrong(f"sections[{i}].start", str(start), f"more than {before}, the start of the section before")
            yield wrong(f"sections[{i - 1}].start", str(before), f"less than {start}, the start of the section after")
    for i, (section, after) in enumerate(zip(sections, [*starts[1:], characters], strict=False)):
        if "end" in section and type(after) is int and not section["start"] < section["end"] <= after:
            yield wrong(f"sections[{i}].end", str(section["end"]), f"more than {section['start']} and at most {after}")


def _place_faults(file, meta, areas):
    """An area that does not exist or lies nowhere, and names of what is no area and no benchmark."""
    area = areas.get(meta["area"])
    if area is None:
        yield Fault(file, None, "area", f"'{meta['area']}'", "an id of areas.csv", "correct it")
    elif not area["parent"] and area["kind"] != "nation":
        found = f"'{meta['area']}', which has no parent in areas.csv"
        yield Fault(file, None, "area", found, "an area that lies in another", "add its parent there")
    for key in meta.get("names", ()):
        if not is_benchmark(key, areas):
            yield Fault(file, None, f"names.{key}", f"'{key}'", BENCHMARKS, "correct it")


BENCHMARKS = "an id of areas.csv, target_of_ before one, own_ before a year, schedule or plan"


def is_benchmark(told, areas):
    """Whether a figure can be compared with it: an area, the target of one, an own year, the schedule or a plan."""
    known = _BENCHMARK.fullmatch(told)
    return bool(known) and all(place is None or place in areas for place in known.groups())


def read_descriptor(data=DATA, faults=None):
    """Content of `datapackage.json`, or None with a fault added."""
    return read_json(data, "datapackage.json", [] if faults is None else faults)


def table_file(resource, report):
    """Path below `data/` of a descriptor's resource, for one report."""
    path = resource["path"]
    return path if resource["name"] in SHARED_TABLES else f"{report}/{path.partition('/')[2]}"


def decode(raw):
    """Text of UTF-8 bytes, with or without a byte order mark, every line end made LF."""
    return raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")


def _read_text(data, file, faults):
    try:
        return decode((data / file).read_bytes())
    except FileNotFoundError:
        faults.append(Fault(file, None, None, "no such file", "a file of the data package", f"restore it: git checkout -- data/{file}"))
    except UnicodeDecodeError as error:
        faults.append(Fault(file, None, None, f"a byte that is not UTF-8 at byte {error.start}", "UTF-8", "save the file again as UTF-8"))
    except OSError as error:
        faults.append(Fault(file, None, None, f"a file that cannot be read ({error.strerror})", "a readable file", "mend its permissions"))
    return None


def read_json(data, file, faults):
    """An object from a file of JSON, or None with what is wrong added to `faults`."""
    text = _read_text(data, file, faults)
    if text is None:
        return None
    do = f"mend it or restore it: git checkout -- data/{file}"
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        line, why = getattr(error, "lineno", None), getattr(error, "msg", "a number too long or brackets too deep")
        faults.append(Fault(file, line, None, f"broken JSON ({why})", "valid JSON", do))
        return None
    if not isinstance(content, dict):
        faults.append(Fault(file, None, None, f"{content!r:.60}", "an object in braces", do))
        return None
    return content


def read_table(data, resource, report, faults):
    """A `Table` as `datapackage.json` describes it, or None if it is not there or no such table; what is wrong is added to `faults`."""
    file = table_file(resource, report)
    fields = resource["schema"]["fields"]
    columns = [f["name"] for f in fields]
    text = _read_text(data, file, faults)
    if text is None:
        return None
    reader = csv.reader(io.StringIO(text), strict=True)
    table = Table(resource["name"], file, columns)
    try:
        header = next(reader, [])
        if header != columns:
            faults += _header_faults(file, header, columns)
            return None
        line = reader.line_num + 1
        for cells in reader:
            if len(cells) != len(columns):
                do = "add or remove commas, or quote a cell that holds one"
                faults.append(Fault(file, line, None, f"{len(cells)} cells", f"{len(columns)}", do))
            else:
                table.rows.append(dict(zip(columns, cells, strict=True)))
                table.lines.append(line)
            line = reader.line_num + 1
    except csv.Error as error:
        faults.append(Fault(file, reader.line_num, None, f"a line that is not CSV ({error})", "comma-separated values", "mend the quotes"))
        return None
    if not table.rows and table.name in SHARED_TABLES:  # a report may state no ranks
        faults.append(Fault(file, None, None, "no rows", "at least one", f"restore it: git checkout -- data/{file}"))
    for column in fields:
        faults += _column_faults(table, column)
    if isinstance(key := resource["schema"]["primaryKey"], list):
        faults += _key_faults(table, key)
    return table


def _header_faults(file, header, columns):
    missing = [c for c in columns if c not in header]
    unknown = [c for c in header if c not in columns]
    told = ", ".join(columns)
    for column in missing:
        yield Fault(file, 1, column, "no such column", f"the columns {told}", "add or rename the column")
    for column in unknown:
        yield Fault(file, 1, column, "an unknown column", f"the columns {told}", "remove or rename the column")
    if not missing and not unknown:
        at = next((i for i, pair in enumerate(zip(header, columns, strict=False)) if pair[0] != pair[1]), len(columns))
        yield Fault(file, 1, header[at], "columns in another order or twice", told, "reorder the columns")


def _column_faults(table, column):
    name, rules = column["name"], column.get("constraints", {})
    free = column["type"] == "string" and not rules.keys() & {"enum", "pattern"}
    source = "correct it from the source"
    seen = {}
    for i, row in enumerate(table.rows):
        cell, fault = row[name], partial(table.fault, i, name)
        if cell == "":
            if rules.get("required"):
                yield fault("an empty cell", "a value", "fill it in from the source")
            continue
        if cell != cell.strip():
            yield fault(f"'{cell}' with a space at an end", "no space there", "remove it")
        if not _is_of_type(cell, column["type"]):
            yield fault(f"'{cell}'", _TYPES[column["type"]], source)
            continue
        if len(cell) > rules.get("maxLength", len(cell)):
            yield fault(f"'{cell}'", "an empty cell", "empty it")
        if "enum" in rules and cell not in rules["enum"]:
            yield fault(f"'{cell}'", f"one of {', '.join(rules['enum'])}", "use one of these, or extend datapackage.json")
        if "pattern" in rules and not re.fullmatch(rules["pattern"], cell):
            yield fault(f"'{cell}'", f"the form {rules['pattern']}", source)
        if free and (found := unsafe(cell)):
            yield fault(f"{found!r} in a text", "plain words without markup", "write it without this character")
        if rules.get("unique") and (first := seen.setdefault(cell, table.lines[i])) != table.lines[i]:
            yield fault(f"'{cell}' again (first on line {first})", "each value once", "give the row its own")


def unsafe(text):
    """The first thing in a text that is no plain word: a control or invisible character, markup, a formula; None if there is none.

    Examples
    --------
    >>> unsafe("R&D [2022]"), unsafe("<b>"), unsafe("=1+1")
    (None, '<', '=')
    """
    found = next((c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp")), None)
    if found is None and (markup := _MARKUP.search(text)):
        found = markup.group()
    return found


_TYPES = {"integer": "a whole number", "number": "a number", "date": "a date as 2023-02-08"}


def _is_of_type(cell, kind):
    try:
        if kind == "integer":
            return cell.isascii() and cell.isdigit() and str(int(cell)) == cell
        if kind == "number":
            return cell.isascii() and Decimal(cell).is_finite()
        if kind == "date":
            return str(datetime.date.fromisoformat(cell)) == cell
    except (ValueError, InvalidOperation):
        return False
    return True


def _key_faults(table, columns):
    """Rows with the cells of another row in several columns; a single one is unique by its own rule."""
    seen = {}
    for i, row in enumerate(table.rows):
        cells = tuple(row[c] for c in columns)
        if (first := seen.setdefault(cells, table.lines[i])) != table.lines[i]:
            found = f"the key {' / '.join(cells)} again (first on line {first})"
            yield table.fault(i, columns[0], found, "each key once", "remove or correct one row")


def _foreign_key_faults(tables, resource):
    table = tables[resource["name"]]
    for key in resource["schema"].get("foreignKeys", ()):
        target = tables[key["reference"]["resource"] or resource["name"]]
        known = {row[key["reference"]["fields"]] for row in target.rows}
        for i, row in enumerate(table.rows):
            cell = row[key["fields"]]
            if cell and cell not in known:
                yield table.fault(i, key["fields"], f"'{cell}'", f"an id of {target.file}", "correct it, or add the row there")
