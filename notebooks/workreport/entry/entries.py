"""What a draft holds, numeral by numeral, and the same as tables: places instead of ids until the order is settled."""

import hashlib
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
        return hashlib.sha256(repr((self.token, self.role, [(t, sorted((c, v) for c, v in cells.items() if v)) for t, cells in self.rows])).encode()).hexdigest()[:12]


def place(offset, table, n=0):
    """What a cell that points holds until ids are given: the offset, the table, and which of its figures there."""
    return f"@{offset}/{table}/{n}"


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
    book = rules.Codebook(*(({r[f"{name[:-1]}_id"]: r for r in shared[name].rows}) for name in ("indicators", "areas")), meta["area"], meta.get("names", {}))
    items = rules.propose(text, meta, book)
    at = {}
    for item in items:
        count = {}
        for row in item.rows:
            at[id(row)] = place(item.offset, row.table, count.setdefault(row.table, 0))
            count[row.table] += 1
    entries, reasons = {}, {}
    for item in items:
        entry = Entry(item.offset, item.token, item.role.value)
        entries[entry.key] = entry
        reasons[entry.key, None, "role"] = item.role[1:]
        for n, row in enumerate(item.rows):
            cells = {}
            reasons[entry.key, n, "table"] = row.rule, row.sure
            for column, cell in row.cells.items():
                value = cell.value
                cells[column] = at[id(value)] if isinstance(value, rules.Row) else place(value.offset, "numerals") if isinstance(value, rules.Numeral) else value or ""
                reasons[entry.key, n, column] = cell[1:]
            entry.rows.append((row.table, cells))
    return entries, reasons


def ids(entries):
    """Ids of numerals and figures in reading order, by place."""
    found, count = {}, dict.fromkeys(LETTERS, 0)
    for n, entry in enumerate((e for e in entries if e.role != "claim"), 1):
        found[place(entry.offset, "numerals")] = f"n{n:03d}"
    for entry in entries:
        seen = {}
        for table, _ in entry.rows:
            count[table] += 1
            found[place(entry.offset, table, seen.setdefault(table, 0))] = f"{LETTERS[table]}{count[table]:02d}"
            seen[table] += 1
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
    for entry in entries:
        numeral, seen = known.get(place(entry.offset, "numerals"), ""), {}
        here = {"offset": str(entry.offset), "section": section_at(meta, entry.offset), "token": entry.token, "term": entry.token}
        if entry.role != "claim":
            made["numerals"].append({"numeral_id": numeral, "role": entry.role, "note": entry.note, **here})
        for table, cells in entry.rows:
            at = place(entry.offset, table, seen.setdefault(table, 0))
            seen[table] += 1
            told = {c: known.get(v, v) if c in POINTING else v for c, v in cells.items()}
            made[table].append({"figure_id": known[at], "numeral_id": "" if table == "claims" else numeral, **here, **told})
    return {name: [{c: row.get(c, "") for c in columns[name]} for row in rows] for name, rows in made.items()}


def from_tables(tables):
    """The entries of some tables, the ids of what they point to made places."""
    numerals = {row["numeral_id"]: row for row in tables["numerals"].rows}
    entries = {(int(r["offset"]), False): Entry(int(r["offset"]), r["token"], r["role"], r["note"]) for r in numerals.values() if r["offset"].isdecimal()}
    where, pointing = {n: place(row["offset"], "numerals") for n, row in numerals.items()}, []
    for name in FIGURE_TABLES:
        for row in tables[name].rows:
            offset = row["offset"] if name == "claims" else numerals.get(row["numeral_id"], {}).get("offset", "")
            if not offset.isdecimal():
                continue
            key = int(offset), name == "claims"
            entry = entries.setdefault(key, Entry(key[0], row.get("term", ""), "claim" if key[1] else "other"))
            where[row["figure_id"]] = place(offset, name, sum(t == name for t, _ in entry.rows))
            cells = {c: v for c, v in row.items() if c not in ("figure_id", "numeral_id", "offset", "section", "term")}
            entry.rows.append((name, cells))
            pointing.append(cells)
    for cells in pointing:
        cells.update({c: where.get(cells[c], cells[c]) for c in POINTING if cells.get(c)})
    return entries


def same(one, other):
    """Whether two entries say the same."""
    return one is not None and other is not None and one.digest() == other.digest()


def ids_of(tables):
    """Place by id, of tables as they stand."""
    found, seen = {}, {}
    numerals = {row["numeral_id"]: row["offset"] for row in tables["numerals"].rows}
    found |= {n: place(offset, "numerals") for n, offset in numerals.items()}
    for name in FIGURE_TABLES:
        for row in tables[name].rows:
            offset = row["offset"] if name == "claims" else numerals.get(row["numeral_id"], "")
            n = seen.setdefault((offset, name), 0)
            seen[offset, name] += 1
            found[row["figure_id"]] = place(offset, name, n)
    return found
