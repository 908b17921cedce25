"""Slips in the tables against ``make check``; the same slip in both readings against ``make check`` with the text.

Other legal values of a cell come from the descriptor, the codebook and what it points to, not from the rows at hand.
"""

import csv
import io
import random
from collections import defaultdict, namedtuple
from functools import cache, lru_cache
from multiprocessing import get_context

from workreport import tables
from workreport.proof import check, readings, text
from workreport.tables import DATA, DEFAULT_REPORT, FIGURE_TABLES

from . import SEED, TEXT, WORKERS

A_COLUMN, SHAPES, BOTH = 12, 500, 2  # slips of each column, in shape, and every so many of those in both readings
STRIDE = 83  # of a sample: every so many cases
DIGITS, CHINESE = "0123456789", "一二三四五六七八九十"
POINTING = {"subject": "subject_offset", "counted": "counted_offset"}
# Cells that two readings hold, or that follow from the place in the text.
TWICE = {"numerals": {"offset", *readings.LEDGER_FIELDS}, "claims": {"offset", *readings.CLAIM_FIELDS}} | dict.fromkeys(
    FIGURE_TABLES[:-1], {*readings.FIGURE_FIELDS, "numeral_id", *POINTING}
)
# What kind, and the cells or rows it changes: (table, row, column, new); row -1 is the header, no column a whole row.
Slip, File = namedtuple("Slip", "kind edits"), namedtuple("File", "read_bytes")
PROMISES = (
    ("A slip in a cell that two readings hold (ledger, figures, claims): `make check` refuses it", "两次阅读均有的单元格出错：拒收"),
    ("A slip in a cell with one source (codebook, published): refused if something contradicts it", "单一来源的单元格出错：矛盾则拒收"),
    ("A row dropped, doubled, swapped; a column renamed, swapped: `make check` refuses it", "行、列缺失或错位：`make check` 拒收"),
    ("The same slip in both readings and the ledger: `make check REPORT=…` refuses it", "两次阅读和台账同样出错：对照原文时拒收"),
)
NOTES = (*[f"{A_COLUMN} slips of each column."] * 2, f"A sample of {SHAPES}.", f"One in {BOTH} of all cells, if the text is at hand.")


class Memory(dict):
    """A data folder in memory, read as a `Path` is; content may be an error to be raised."""

    def __truediv__(self, name):
        return File(lambda: self.content(self.get(name, FileNotFoundError(2, "No such file"))))

    def content(self, found):
        if isinstance(found, Exception):
            raise found
        return found


FILES = Memory((p.relative_to(DATA).as_posix(), p.read_bytes()) for p in DATA.rglob("*.*") if p.suffix != ".md")
REPORT = tables.load_report()
TABLES = REPORT.tables.data


def remember():
    """Keep what every case would work out again; for a process of its own."""
    for name in ("quantity_of", "read_numeral", "unsafe"):
        setattr(tables, name, lru_cache(None)(getattr(tables, name)))
    read, kept = tables.read_table, {}

    def read_table(data, resource, name, faults):
        file = tables.table_file(resource, name)
        if isinstance(data, Memory) and data.get(file) is FILES.get(file) and file in kept:
            return kept[file]
        kept[file if data is FILES else None] = table = read(data, resource, name, faults)
        return table

    tables.read_table = read_table
    tables.read_report(data=FILES)


def spoiled(edits):
    """The files of the data with cells or rows changed."""
    changed, found = {}, Memory(FILES)
    for table, row, column, new in edits:
        columns, rows = TABLES[table].columns, TABLES[table].rows
        cells = changed.setdefault(table, [list(columns), *(list(r.values()) for r in rows)])
        if column is None:  # how many rows, and what stands in their place
            cells[row + 1 : row + 1 + new[0]] = new[1]
        else:
            cells[row + 1][columns.index(column)] = new
    for table, cells in changed.items():
        csv.writer(buffer := io.StringIO(), lineterminator="\n").writerows(cells)
        found[TABLES[table].file] = buffer.getvalue().encode()
    return found


def judge(slip):
    """Whether a slip is refused, and the error where the check breaks."""
    data = spoiled(slip.edits)
    try:
        other = tables.read_report(data=data)[0] if slip.kind == "both" else None
        found = (text.faults(other, TEXT) if other else []) or check.check_data(DEFAULT_REPORT, data)[1]
    except Exception as error:
        return False, f" breaks the check: {error!r}"
    return bool(found), ""


@cache
def legal():
    """Values that a column may take, by table and column; for the second reading by column, since it has no rules."""
    found, everywhere = {}, defaultdict(set)
    own = dict.fromkeys(("subject", "outcome", "counted", "plan"), {i for i in REPORT.rows if i[0] in "LG"})
    own |= {"unit": {r["unit"] for r in TABLES["units"].rows}, "section": {s["id"] for s in REPORT.meta["sections"]}}
    for resource in tables.read_descriptor()["resources"]:
        keys = {k["fields"]: k["reference"] for k in resource["schema"].get("foreignKeys", ())}
        for name, rules in ((c["name"], c.get("constraints", {})) for c in resource["schema"]["fields"]):
            values = set(rules.get("enum", ())) | own.get(name, set())
            if name in keys:
                values |= {r[keys[name]["fields"]] for r in TABLES[keys[name]["resource"] or resource["name"]].rows}
            everywhere[name] |= values
            found[resource["name"], name] = values | ({""} if values and not rules.get("required") else set())
    second = {("second-reading", c): everywhere[c] | {""} for c in TABLES["second-reading"].columns}
    return found | second | {("second-reading", "table"): {"", *FIGURE_TABLES}}


def others(table, column, cell, chance):
    """Three other values for a cell: legal ones where the column has such, its digits in disorder, or its words cut."""
    if values := sorted(legal()[table, column] - {cell}):
        return chance.sample(values, min(3, len(values)))
    if column == "period" and cell:
        return [str(int(cell) + step) for step in (-1, 1)]
    if places := [k for k, c in enumerate(cell) if c in DIGITS]:
        k = chance.choice(places)
        a, digit, b = cell[:k], cell[k], cell[k + 1 :]
        made = {a + chance.choice(DIGITS) + b, a + b, a + digit + digit + b, a + b[:1] + digit + b[1:], "-" + cell}
        return chance.sample(sorted(made - {cell}), 3)
    return [chance.choice(CHINESE.replace(cell[0], "")) + cell[1:]] if cell[:1] in [*CHINESE] else [cell[:-1] or "x"]


def cell_slips():
    for name, table in TABLES.items():
        for column in table.columns:
            chance, rows = random.Random(f"{SEED} {name} {column}"), enumerate(table.rows)
            made = [(name, i, column, new) for i, row in rows for new in others(name, column, row[column], chance)]
            yield from (Slip("cell", [edit]) for edit in chance.sample(made, min(A_COLUMN, len(made))))


def shape_slips():
    for name, table in TABLES.items():
        rows = [list(row.values()) for row in table.rows]
        for i, cells in enumerate(rows):
            yield Slip("row dropped", [(name, i, None, (1, []))])
            yield Slip("row doubled", [(name, i, None, (1, [cells, cells]))])
            if i and cells != rows[i - 1]:
                yield Slip("row swapped", [(name, i - 1, None, (2, [cells, rows[i - 1]]))])
        for column, after in zip(table.columns, [*table.columns[1:], table.columns[0]], strict=True):
            for edits in ([(column, column + "s")], [(column, after), (after, column)]):
                yield Slip("column changed", [(name, -1, *edit) for edit in edits])


def both_slips():
    """The same slip in a table, in the ledger's token where it has one, and in every row of the second reading."""
    chance, second, ledger = random.Random(SEED), TABLES["second-reading"].rows, TABLES["numerals"].rows
    at = {row["numeral_id"]: i for i, row in enumerate(ledger)}
    place = {i: ledger[at[row["numeral_id"]]]["offset"] for i, (_, row) in REPORT.rows.items() if row["numeral_id"]}
    used = {row["numeral_id"] for _, row in REPORT.rows.values()}
    for name, i, row in ((table, n, one) for table in TWICE for n, one in enumerate(TABLES[table].rows)):
        key = row.get("offset") or place[row["figure_id"]], name, row.get("indicator_id")
        read = [j for j, r in enumerate(second) if r["offset"] == key[0] and r["table"] != "claims"]
        mine = [j for j, r in enumerate(second) if (r["offset"], r["table"], r["indicator_id"]) == key]
        for column in sorted(TWICE[name] & row.keys() - {"offset", "numeral_id"}):
            if column == "token" and row["numeral_id"] in used:
                continue  # tried from its figure
            theirs = {"term": "token", **POINTING}.get(column, column)
            for new in others(name, column, row[column], chance):
                told = place.get(new, "") if column in POINTING else new
                edits = [("second-reading", j, theirs, told) for j in (read if name == "numerals" else mine)]
                if column == "value":
                    edits += [("second-reading", j, "token", new) for j in read]
                    edits.append(("numerals", at[row["numeral_id"]], "token", new))
                yield Slip("both", [(name, i, column, new), *edits])


def run(short=False):
    assert not check.check_data(DEFAULT_REPORT)[1], "the tables are at fault before anything is spoiled: run make check"
    cells, both = list(cell_slips()), list(both_slips())[::BOTH] if TEXT.is_file() else []
    twice = [slip for slip in cells if slip.edits[0][2] in TWICE.get(slip.edits[0][0], ())]
    shapes = random.Random(SEED).sample(list(shape_slips()), SHAPES)
    made = enumerate((twice, [slip for slip in cells if slip not in twice], shapes, both))
    work = [(n, slip) for n, slips in made for slip in slips][:: STRIDE if short else 1]
    with get_context("fork").Pool(1 if short else WORKERS, remember) as pool:
        for (n, slip), (kept, error) in zip(work, pool.imap(judge, [slip for _, slip in work], 50), strict=True):
            table, _, column, _ = slip.edits[0]
            yield n, kept, f"{slip.kind}: {table}" + f".{column}" * (slip.kind in ("cell", "both")) + error
