"""What a draft holds, numeral by numeral, and the same as tables: places instead of ids until the order is settled."""

import hashlib
from collections import Counter
from dataclasses import dataclass, field

from ..proof.ledger import section_at
from ..tables import FIGURE_TABLES
from . import rules

LETTERS = dict(zip(FIGURE_TABLES, "LGDRSTHC", strict=True))
# Columns that name another figure, or a numeral.
POINTING = ("subject", "outcome", "counted", "plan", "out_of_numeral_id")


@dataclass
class Entry:
    """A numeral or a claim as a draft holds it.

    Parameters
    ----------
    offset : int
    token : str
    role : str
        Of the ledger; ``claim`` of a claim.
    note : str
    rows : list of tuple
        Table and cells of each figure; a cell that points holds `place` of what it points to.
    """

    offset: int
    token: str
    role: str
    note: str = ""
    rows: list = field(default_factory=list)

    @property
    def key(self):
        """Place in a draft: a claim may begin where a numeral does."""
        return self.offset, self.role == "claim"

    def digest(self):
        """Of everything a person looks at before accepting it."""
        rows = [(table, sorted((c, v) for c, v in cells.items() if v)) for table, cells in self.rows]
        return hashlib.sha256(repr((self.token, self.role, rows)).encode()).hexdigest()[:12]


def place(offset, table, n=0):
    """What a cell that points holds until ids are given: the offset, the table, and which of its figures there."""
    return f"@{offset}/{table}/{n}"


def figures(entries):
    """Place, entry, table and cells of every figure of some entries."""
    for entry in entries:
        seen = Counter()
        for table, cells in entry.rows:
            yield place(entry.offset, table, seen[table]), entry, table, cells
            seen[table] += 1


def pointing_by(known, cells):
    """Cells whose pointers are put otherwise: ids for places, or places for ids."""
    return {c: known.get(v, v) if v and c in POINTING else v for c, v in cells.items()}


def proposed(text, meta, shared):
    """Entries as the rules propose them, and rule and sureness of each cell.

    Parameters
    ----------
    text : str
    meta : dict
    shared : Tables
        With ``indicators`` and ``areas``.

    Returns
    -------
    entries : dict of Entry
        By key.
    reasons : dict
        Rule and sureness by key, row and column; row ``None`` for the role, column ``table`` for the row being there.
    """
    rows = ({row[f"{name[:-1]}_id"]: row for row in shared[name].rows} for name in ("indicators", "areas"))
    items = rules.propose(text, meta, rules.Codebook(*rows, meta["area"], meta.get("names", {})))
    entries, reasons, at = {}, {}, {}
    for item in items:
        entry = Entry(item.offset, item.token, item.role.value, rows=[(row.table, {}) for row in item.rows])
        entries[entry.key] = entry
        at |= {id(row): where for row, (where, *_) in zip(item.rows, figures([entry]), strict=True)}
    for entry, item in zip(entries.values(), items, strict=True):
        reasons[entry.key, None, "role"] = item.role[1:]
        for n, row in enumerate(item.rows):
            reasons[entry.key, n, "table"] = row.rule, row.sure
            for column, (value, *reason) in row.cells.items():
                if isinstance(value, rules.Row):
                    value = at[id(value)]
                elif isinstance(value, rules.Numeral):
                    value = place(value.offset, "numerals")
                entry.rows[n][1][column] = value or ""
                reasons[entry.key, n, column] = tuple(reason)
    return entries, reasons


def ids(entries):
    """Ids of numerals and figures in reading order, by place."""
    numerals = (entry for entry in entries if entry.role != "claim")
    found = {place(entry.offset, "numerals"): f"n{n:03d}" for n, entry in enumerate(numerals, 1)}
    count = Counter()
    for at, _, table, _ in figures(entries):
        count[table] += 1
        found[at] = f"{LETTERS[table]}{count[table]:02d}"
    return found


def to_rows(entries, meta, columns):
    """The tables of some entries.

    Parameters
    ----------
    entries : list of Entry
        In reading order.
    meta : dict
    columns : dict of list of str
        By table.

    Returns
    -------
    dict of list of dict
        Rows by table.
    """
    known, made = ids(entries), {name: [] for name in ("numerals", *FIGURE_TABLES)}

    def add(table, entry, **cells):
        row = {"offset": str(entry.offset), "section": section_at(meta, entry.offset), "token": entry.token, "term": entry.token}
        if table != "claims":
            row["numeral_id"] = known.get(place(entry.offset, "numerals"), "")
        row |= cells
        made[table].append({c: row.get(c, "") for c in columns[table]})

    for entry in entries:
        if entry.role != "claim":
            add("numerals", entry, role=entry.role, note=entry.note)
    for at, entry, table, cells in figures(entries):
        add(table, entry, figure_id=known[at], **pointing_by(known, cells))
    return made


def from_tables(tables):
    """The entries of some tables by key, the ids of what they point to made places; and every place by id."""
    entries, places, offsets = {}, {}, {}
    for row in tables["numerals"].rows:
        entry = Entry(int(row["offset"]), row["token"], row["role"], row["note"])
        entries[entry.key] = entry
        offsets[row["numeral_id"]] = entry.offset
        places[row["numeral_id"]] = place(entry.offset, "numerals")
    for name in FIGURE_TABLES:
        for row in tables[name].rows:
            claim = name == "claims"
            offset = int(row["offset"]) if claim else offsets[row["numeral_id"]]
            entry = entries.setdefault((offset, claim), Entry(offset, row.get("term", ""), "claim"))
            places[row["figure_id"]] = place(offset, name, sum(table == name for table, _ in entry.rows))
            known = {c: v for c, v in row.items() if c not in ("figure_id", "numeral_id", "offset", "section", "term")}
            entry.rows.append((name, known))
    for entry in entries.values():
        entry.rows = [(table, pointing_by(places, cells)) for table, cells in entry.rows]
    return entries, places


def same(one, other):
    """Whether two entries say the same."""
    return one is not None and other is not None and one.digest() == other.digest()
