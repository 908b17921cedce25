"""Draft the tables of a report from its text: ``make draft TEXT=path NAME=area-year``; run again, it reads back what was marked.

A draft is a folder below ``drafts/``, which git ignores: the tables in the form of ``data/``, with every cell proposed by
a rule; which rule, and how sure it is, in ``proposals.csv``; new places and indicators in ``areas.csv`` and
``indicators.csv``; a blank form for the second reading; and the proof sheet. Tables edited by hand stay as they are.
"""

import argparse
import contextlib
import json
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from ..files import WriteError, as_csv, only_one, write_atomically
from ..proof import text as proof_text
from ..tables import DATA, DEFAULT_REPORT, FIGURE_TABLES, Tables, meta_faults, read_descriptor, read_json, read_table
from . import marks, rules, sheet
from .card import card
from .entries import figures, from_tables, proposed, to_rows

DRAFTS = DATA.parent / "drafts"
NEW_TABLES = ("areas", "indicators")
PROPOSALS = ("offset", "token", "table", "row", "column", "proposed", "rule", "sure")
_LONGEST, _LARGEST = 40, 2_000_000  # characters of a numeral, and of a text
_MARKUP = re.compile(r"<(?:html|body|div|p|span|table|script)\b", re.I)


class DraftError(Exception):
    """What keeps a draft from being made or accepted, said so that a person can mend it; nothing was changed."""


@dataclass
class Draft:
    """A draft as it stands.

    Parameters
    ----------
    name, text : str
    meta : dict
    entries : list of Entry
        In reading order, of the sections covered.
    reasons : dict
        As of `proposed`; a cell that a person changed has none.
    states : dict of str
        ``accepted`` or ``wrong`` by key, of entries as they stand.
    shared : Tables
        Areas and indicators, those of the draft included.
    new : dict of list of dict
        Rows of the draft's own ``areas.csv`` and ``indicators.csv``.
    second : list of dict
        The second reading.
    aside : dict of tuple
        What was marked or changed outside the sections covered; kept in the marks.
    said : list of str
        What a person should know of how this was put together.
    """

    name: str
    text: str
    meta: dict
    entries: list
    reasons: dict
    states: dict
    shared: Tables
    new: dict
    second: list
    aside: dict
    said: list

    def open(self):
        """Entries that nobody has accepted."""
        return [entry for entry in self.entries if self.states.get(entry.key) != "accepted"]


def columns_of(data):
    """Names of the columns of every table."""
    return {r["name"]: [field["name"] for field in r["schema"]["fields"]] for r in read_descriptor(data)["resources"]}


def check_text(path):
    """The text of a report, or `DraftError` where it cannot be one."""
    words, fault = proof_text.read(path)
    if fault:
        if "not UTF-8" in fault.found:
            with contextlib.suppress(UnicodeDecodeError):
                Path(path).read_bytes().decode("gb18030")
                fault = f"{path}: found text in GB 18030, expected UTF-8, convert it: iconv -f GB18030 -t UTF-8 {path!s}"
        raise DraftError(str(fault))

    def refuse(found, do=""):
        raise DraftError(f"{path}: found {found}, expected the text of a report{do}")

    if not words.strip():
        refuse("an empty text", ", save it again")
    if len(_MARKUP.findall(words)) > 3:
        refuse("a page of HTML", ", open it in a browser and save what it shows as text")
    if len(words) > _LARGEST:
        refuse(f"{len(words):,} characters", f", of at most {_LARGEST:,}")
    numerals = rules.find_numerals(words)
    if longest := next((n for n in numerals if len(n.token) > _LONGEST), None):
        refuse(f"a number of {len(longest.token):,} digits at offset {longest.offset}", ", correct it")
    if not numerals:
        refuse("no numeral", ": a scan has to be read as text (OCR) first")
    return words


def read_draft(name, text, folder=DRAFTS, data=DATA, covers=()):
    """Put a draft together: what is in its folder, or a new one, with proposals for what nobody has changed.

    Parameters
    ----------
    name : str
    text : str
    folder : Path
        With one folder for each draft.
    data : Path
    covers : collection of str
        As of `make_draft`.

    Returns
    -------
    Draft

    Raises
    ------
    DraftError
        If the folder is of another text or cannot be read.
    """
    here, faults, columns = folder / name, [], columns_of(data)
    resources = {r["name"]: r for r in read_descriptor(data)["resources"]}
    begun = (here / "report.json").exists()
    meta = read_json(folder, f"{name}/report.json", faults) if begun else card(text, name)
    if meta is not None:
        if covers and isinstance(meta.get("sections"), list):
            meta["covers"] = list(covers)
        faults += [fault for fault in meta_faults(f"drafts/{name}/report.json", meta) if fault.found not in ("''", "[]")]
    _stop(faults, here)
    if proof_text.digest(text) != meta["sha256"]:
        where = proof_text.first_difference(meta, text)
        do = "give that text again, or begin a draft with another name; nothing was changed"
        raise DraftError(f"drafts/{name}/ was begun from another text ({where}): {do}")
    shared, new = Tables({table: read_table(data, resources[table], name, faults) for table in ("units", *NEW_TABLES)}), {}
    for table in NEW_TABLES if begun else ():
        added = read_table(folder, resources[table] | {"path": f"{name}/{table}.csv"}, name, structure := [])
        faults += [fault for fault in structure if added is None]
        new[table] = added.rows if added else []
    _stop(faults, here)
    new = new or {"areas": list(_new_places(meta, shared, columns["areas"])), "indicators": []}
    for table in NEW_TABLES:
        shared[table].rows += [row for row in new[table] if row[f"{table[:-1]}_id"]]
    areas = {row["area_id"]: row for row in shared["areas"].rows}
    if "names" not in meta and (names := rules.usual_names(text, meta["area"], areas)):
        meta["names"] = names
    fresh, reasons = proposed(text, meta, shared)
    entries, states, second, aside, said = fresh, {}, [], {}, []
    if begun:
        tables = _tables(folder, name, resources, text, faults)
        _stop(faults, here)
        standing, places = from_tables(tables)
        marked = marks.read(folder, name, meta["sha256"], fresh | standing, places, faults)
        _stop(faults, here)
        old = marks.proposals(here / "proposals.csv")
        entries, states, aside, said = marks.merged(standing, old, fresh, marked, meta)
        second = tables["second-reading"].rows
    _give_ids(entries, new["indicators"])
    reasons = {key: reason for key, reason in reasons.items() if _as_proposed(entries.get(key[0]), fresh[key[0]], *key[1:])}
    entries = sorted(entries.values(), key=lambda entry: entry.key)
    new["indicators"] = _new_indicators(new["indicators"], entries, columns["indicators"])
    second = _form(second, entries, columns["second-reading"])
    return Draft(name, text, meta, entries, reasons, states, shared, new, second, aside, said)


def _give_ids(entries, indicators):
    """Put ids where the codebook lacked a name and now has it, also into rows that were marked, with what follows from it."""
    known = [row for row in indicators if row["indicator_id"]]
    given = {f"NEW:{name}": row for row in known for name in (row["name_zh"], *row["printed_zh"].split("/")) if name}
    follows = {"levels": ("flow_or_stock", "kind"), "growth": ("price_basis", "price_basis")}
    for table, cells in (row for entry in entries.values() for row in entry.rows):
        if known := given.get(cells.get("indicator_id")):
            cells["indicator_id"] = known["indicator_id"]
            if table in follows:
                column, of = follows[table]
                cells[column] = cells.get(column) or known[of]


def _tables(folder, name, resources, text, faults):
    """Tables of a draft that was begun; `faults` takes what would otherwise be lost."""
    tables = Tables()
    for table in ("numerals", *FIGURE_TABLES, "second-reading"):
        read = tables[table] = read_table(folder, resources[table], name, structure := [])
        faults += [f for f in structure if read is None or f.found.endswith(" cells") or "again (first" in f.found]
    if faults:
        return tables
    numerals = {row["numeral_id"] for row in tables["numerals"].rows}
    for table in tables.data.values():
        for i, row in enumerate(table.rows):
            if "offset" not in row:
                column, found, expected = "numeral_id", f"'{row['numeral_id']}'", "the id of a row of numerals.csv"
                right = row["numeral_id"] in numerals
            else:
                words = row.get("token", row.get("term"))
                column, found, expected = "offset", f"'{words}' at offset '{row['offset']}'", "words of the text there"
                right = row["offset"].isdecimal() and text.startswith(words, int(row["offset"]))
            if not right:
                faults.append(table.fault(i, column, found, expected, "correct it, or remove the row"))
    return tables


def _stop(faults, here):
    if faults:
        do = "mend this, or move the folder away and begin again; nothing was changed"
        raise DraftError("\n".join([*map(str, faults), f"drafts/{here.name}/: {do}"]))


def _as_proposed(entry, fresh, n, column):
    """Whether a cell still is what its rule proposed."""
    if entry is None or n is None:
        return entry is not None and entry.role == fresh.role
    if n >= len(entry.rows):
        return False
    (table, cells), (proposed_table, proposed_cells) = entry.rows[n], fresh.rows[n]
    return table == proposed_table and (column == "table" or cells.get(column, "") == proposed_cells.get(column, ""))


def _new_places(meta, shared, columns):
    """A row for the report's own place, if the table of areas lacks it."""
    if meta["area"] in {row["area_id"] for row in shared["areas"].rows}:
        return
    named = re.search("(?:年)?([一-鿿]{2,8}?(?:省|市|县|区|旗|自治州|盟))", meta["title_zh"])
    name = named[1] if named else ""
    kinds = {"省": "province", "县": "county", "旗": "county", "区": "district", "州": "prefecture", "盟": "prefecture"}
    kind = kinds.get(name[-1:], "")
    row = {"area_id": meta["area"], "name_zh": name, "name_en": meta["area"].replace("_", " ").title()}
    row |= {"kind": kind, "type_zh": name[-1:] if kind else "", "type_en": kind}
    yield {column: row.get(column, "") for column in columns}


def _new_indicators(rows, entries, columns):
    """The draft's own indicators: those entered, and a row without id for each name the codebook lacks."""
    entered, wanted = [row for row in rows if row["indicator_id"] or row["name_en"]], {}
    begun = {row["name_zh"] for row in entered if not row["indicator_id"]}
    for _, _, table, cells in figures(entries):
        name = cells.get("indicator_id", "")
        if name.startswith("NEW:") and name[4:] not in begun:
            # The unit is that of the amount, not of its growth.
            unit = "" if table in ("growth", "gaps", "rankings") else cells.get("unit", "")
            wanted.setdefault(name[4:], {
                "name_zh": name[4:], "printed_zh": name[4:], "definition_source": "Wording of the report", "unit": unit,
                "price_basis": "nominal" if unit.endswith("元") else "plain" if unit else "",
                "kind": {"levels": "flow", "shares": cells.get("kind", "")}.get(table, ""),
            })  # fmt: skip
    return [*entered, *({column: row.get(column, "") for column in columns} for row in wanted.values())]


def _form(second, entries, columns):
    """The second reading: rows that were filled in, and a blank one for each numeral that has none."""
    places, filled = {str(e.offset) for e in entries}, {row["offset"] for row in second if row["table"] != "claims"}
    kept = [row for row in second if row["offset"] in places or any(row[c] for c in row if c not in ("offset", "token"))]
    blank = dict.fromkeys(columns, "")
    open_yet = [e for e in entries if e.role != "claim" and str(e.offset) not in filled]
    added = [blank | {"offset": str(e.offset), "token": e.token} for e in open_yet]
    return sorted([*kept, *added], key=lambda row: (int(row["offset"]), row["table"] == "claims"))


def files_of(draft, data=DATA):
    """Every file of a draft, as bytes by name; of the differences between two readings the empty form."""
    columns = columns_of(data)
    tables = to_rows(draft.entries, draft.meta, columns) | draft.new | {"second-reading": draft.second, "discrepancies": []}
    made = {f"{name}.csv": as_csv(columns[name], rows) for name, rows in tables.items()}
    made["proposals.csv"] = as_csv(PROPOSALS, _proposal_rows(draft))
    marked = marks.to_json(draft.entries, draft.states, draft.aside, draft.meta["sha256"])
    made["marks.json"] = json.dumps(marked, ensure_ascii=False, indent=0) + "\n"
    made["report.json"] = json.dumps(draft.meta, ensure_ascii=False, indent=1) + "\n"
    made["proof.html"] = sheet.page(draft)
    return {name: content.encode() for name, content in made.items()}


def _proposal_rows(draft):
    for entry in draft.entries:
        told = [("", "numerals", "role", entry.role)]
        for n, (table, cells) in enumerate(entry.rows):
            told += [(n, table, column, value) for column, value in ({"table": table} | cells).items()]
        for n, table, column, value in told:
            if rule := draft.reasons.get((entry.key, None if n == "" else n, column)):
                table = "claims" if entry.role == "claim" else table
                yield dict(zip(PROPOSALS, (entry.offset, entry.token, table, n, column, value, *rule), strict=True))


def make_draft(name, path, folder=DRAFTS, data=DATA, covers=()):
    """Make or renew a draft; returns it.

    Parameters
    ----------
    name : str
    path : Path
    folder, data : Path
    covers : collection of str
        Ids of the sections to be entered, instead of those in ``report.json``.

    Raises
    ------
    DraftError
        If the name has another form or is taken, the text is none of a report, or the folder cannot be read.
    """
    if not re.fullmatch(r"[a-z][a-z_]*-[0-9]{4}", name):
        raise DraftError(f"NAME is '{name}', expected the form area-year, such as {DEFAULT_REPORT}: give it so")
    if (data / name).exists():
        raise DraftError(f"data/{name}/ is there already: go on with its tables (make check REPORT=…), or move it away")
    text = check_text(path)
    with only_one(folder / name):
        draft = read_draft(name, text, folder, data, covers)
        files = files_of(draft, data)
        if (folder / name / "discrepancies.csv").exists():
            del files["discrepancies.csv"]
        write_atomically(folder / name, files)
    return draft


def main(arguments=None):
    """Command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="workreport.entry.draft", description="Draft the tables of a report from its text.")
    parser.add_argument("--name", default=os.environ.get("NAME", ""))
    parser.add_argument("--text", default=os.environ.get("TEXT", ""))
    parser.add_argument("--covers", default=os.environ.get("COVERS", ""))
    options = parser.parse_args(arguments)
    try:
        draft = make_draft(options.name, Path(options.text), covers=options.covers.replace(",", " ").split())
    except (DraftError, WriteError, OSError) as error:
        print(error)
        return 1
    print("\n".join([*draft.said, *summary(draft)]))
    return 0


def summary(draft):
    """What a draft holds, and what to do next."""
    done, folder = len(draft.entries) - len(draft.open()), f"drafts/{draft.name}"
    new = [row["name_zh"] for row in draft.new["indicators"] if not row["indicator_id"]]
    yield f"{folder}/: {len(draft.entries)} numerals and claims of {len(draft.meta['covers'])} sections, {done} accepted."
    if len(draft.meta["covers"]) > 2 and not done:
        sections = ", ".join(f"{s['id']} ({s['name_zh']})" for s in draft.meta["sections"])
        alone = 'To enter the main indicators and the targets alone, run this again with COVERS="headline targets".'
        yield f"{alone} Sections: {sections}"
    if any(not row["parent"] for row in draft.new["areas"]):
        do = f"complete its row in {folder}/areas.csv (the place above it is its parent), and run this again"
        yield f"The place is not in data/areas.csv: {do}: what is said of 全市 or 全省 can then be read."
    if new:
        do = f"Each has a row in {folder}/indicators.csv: fill it in, or correct the cell in the proof sheet."
        yield f"Not in the codebook: {len(new)}. {do}"
    accept = f"make accept NAME={draft.name}"
    if draft.open():
        yield f"Open {folder}/proof.html, mark, save the marks into that folder, and run this again; then {accept}."
    else:
        yield f"Nothing is open: {accept} says what else is missing."


if __name__ == "__main__":
    sys.exit(main())
