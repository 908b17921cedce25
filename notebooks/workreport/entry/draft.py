"""Draft the tables of a report from its text: ``make draft TEXT=path NAME=area-year``; run again, it reads back what was marked.

A draft is a folder below ``drafts/``, which git ignores: the tables in the form of ``data/``, with every cell proposed by
a rule; which rule, and how sure it is, in ``proposals.csv``; new places and indicators in ``areas.csv`` and
``indicators.csv``; a blank form for the second reading; and the proof sheet. Tables edited by hand stay as they are.
"""

import argparse
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
from .entries import from_tables, ids_of, proposed, to_rows

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


def check_text(path):
    """The text of a report, or `DraftError` where it cannot be one."""
    words, fault = proof_text.read(path)
    if fault:
        if "not UTF-8" in fault.found:
            try:
                Path(path).read_bytes().decode("gb18030")
                raise DraftError(f"{path}: found text in GB 18030, expected UTF-8, convert it: iconv -f GB18030 -t UTF-8 {path!s}")
            except UnicodeDecodeError:
                pass
        raise DraftError(str(fault))
    expected = "expected the text of a report"
    if not words.strip():
        raise DraftError(f"{path}: found an empty text, {expected}, save it again")
    if len(_MARKUP.findall(words)) > 3:
        raise DraftError(f"{path}: found a page of HTML, {expected}, open it in a browser and save what it shows as text")
    if len(words) > _LARGEST:
        raise DraftError(f"{path}: found {len(words):,} characters, {expected}, of at most {_LARGEST:,}")
    numerals = rules.find_numerals(words)
    if longest := next((n for n in numerals if len(n.token) > _LONGEST), None):
        raise DraftError(f"{path}: found a number of {len(longest.token):,} digits at offset {longest.offset}, {expected}, correct it")
    if not numerals:
        raise DraftError(f"{path}: found no numeral, {expected}: a scan has to be read as text (OCR) first")
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
    here, resources, faults = folder / name, {r["name"]: r for r in read_descriptor(data)["resources"]}, []
    begun = (here / "report.json").exists()
    meta = read_json(folder, f"{name}/report.json", faults) if begun else card(text, name)
    if meta is not None:
        if covers and isinstance(meta.get("sections"), list):
            meta["covers"] = list(covers)
        faults += [fault for fault in meta_faults(f"drafts/{name}/report.json", meta) if fault.found not in ("''", "[]")]
    _stop(faults, here)
    if proof_text.digest(text) != meta["sha256"]:
        where = proof_text.first_difference(meta, text)
        raise DraftError(f"drafts/{name}/ was begun from another text ({where}): give that text again, or begin a draft with another name; nothing was changed")
    shared, new = Tables(), {}
    for table in ("units", *NEW_TABLES):
        shared[table] = read_table(data, resources[table], name, faults)
        if begun and table in NEW_TABLES:
            added = read_table(folder, resources[table] | {"path": f"{name}/{table}.csv"}, name, structure := [])
            faults += [f for f in structure if added is None]
            new[table] = added.rows if added else []
            shared[table].rows += [row for row in new[table] if row[f"{table[:-1]}_id"]]
    _stop(faults, here)
    columns = {n: [f["name"] for f in r["schema"]["fields"]] for n, r in resources.items()}
    if not begun:
        new = _new_places(meta, shared, columns)
        shared["areas"].rows += new["areas"]
    if "names" not in meta and (names := rules.usual_names(text, meta["area"], {row["area_id"]: row for row in shared["areas"].rows})):
        meta["names"] = names
    fresh, reasons = proposed(text, meta, shared)
    entries, states, second, aside, said = fresh, {}, [], {}, []
    if begun:
        tables = _tables(folder, name, resources, text, faults)
        _stop(faults, here)
        standing = from_tables(tables)
        marked = marks.read(folder, name, meta["sha256"], fresh | standing, ids_of(tables), faults)
        _stop(faults, here)
        entries, states, aside, said = marks.merged(standing, marks.proposals(here / "proposals.csv"), fresh, marked, meta)
        second = tables["second-reading"].rows
    _give_ids(entries, new["indicators"])
    reasons = {k: v for k, v in reasons.items() if _as_proposed(entries.get(k[0]), fresh.get(k[0]), k)}
    draft = Draft(name, text, meta, sorted(entries.values(), key=lambda e: e.key), reasons, states, shared, new, second, aside, said)
    draft.new = _new_rows(draft, columns)
    draft.second = _form(draft, columns)
    return draft


def _give_ids(entries, indicators):
    """Put ids where the codebook lacked a name and now has it, also into rows that were marked, with what follows from it."""
    known = [row for row in indicators if row["indicator_id"]]
    given = {f"NEW:{name}": row for row in known for name in (row["name_zh"], *row["printed_zh"].split("/")) if name}
    for table, cells in (row for entry in entries.values() for row in entry.rows):
        if known := given.get(cells.get("indicator_id")):
            cells["indicator_id"] = known["indicator_id"]
            for column, of in {"levels": {"flow_or_stock": "kind"}, "growth": {"price_basis": "price_basis"}}.get(table, {}).items():
                cells[column] = cells.get(column) or known[of]


def _tables(folder, name, resources, text, faults):
    """Tables of a draft that was begun; `faults` takes what would otherwise be lost."""
    tables = Tables()
    for table in ("numerals", *FIGURE_TABLES, "second-reading"):
        read = tables[table] = read_table(folder, resources[table], name, structure := [])
        faults += structure if read is None else [f for f in structure if f.found.endswith(" cells") or "again (first" in f.found]
    if faults:
        return tables
    numerals = {row["numeral_id"] for row in tables["numerals"].rows}
    for table in tables.data.values():
        for i, row in enumerate(table.rows):
            if "offset" not in row:
                if row["numeral_id"] not in numerals:
                    faults.append(table.fault(i, "numeral_id", f"'{row['numeral_id']}'", "the id of a row of numerals.csv", "correct it, or remove the row"))
            elif not row["offset"].isdecimal() or not text.startswith(row.get("token", row.get("term")), int(row["offset"])):
                found = f"'{row.get('token', row.get('term'))}' at offset '{row['offset']}'"
                faults.append(table.fault(i, "offset", found, "words of the text there", "correct it, or remove the row"))
    return tables


def _stop(faults, here):
    if faults:
        lines = "\n".join(str(fault) for fault in faults)
        raise DraftError(f"{lines}\ndrafts/{here.name}/: mend this, or move the folder away and begin again; nothing was changed")


def _as_proposed(entry, fresh, reason):
    """Whether a cell still is what its rule proposed."""
    _, n, column = reason
    if entry is None or fresh is None:
        return False
    if n is None:
        return entry.role == fresh.role
    if n >= len(entry.rows) or n >= len(fresh.rows) or entry.rows[n][0] != fresh.rows[n][0]:
        return False
    return column == "table" or entry.rows[n][1].get(column, "") == fresh.rows[n][1].get(column, "")


def _new_places(meta, shared, columns):
    """A row for the report's own place, if the table of areas lacks it."""
    known = {row["area_id"] for row in shared["areas"].rows}
    if meta["area"] in known:
        return {"areas": [], "indicators": []}
    named = re.search("(?:年)?([一-鿿]{2,8}?(?:省|市|县|区|旗|自治州|盟))", meta["title_zh"])
    name = named[1] if named else ""
    kind = {"省": "province", "县": "county", "旗": "county", "区": "district", "州": "prefecture", "盟": "prefecture"}.get(name[-1:], "")
    row = {"area_id": meta["area"], "name_zh": name, "name_en": meta["area"].replace("_", " ").title(), "kind": kind, "type_zh": name[-1:] if kind else "", "type_en": kind}
    return {"areas": [{c: row.get(c, "") for c in columns["areas"]}], "indicators": []}


def _new_rows(draft, columns):
    """The draft's own areas and indicators: those entered, and a row without id for each name the codebook lacks."""
    entered, wanted = [row for row in draft.new["indicators"] if row["indicator_id"] or row["name_en"]], {}
    begun = {row["name_zh"]: row for row in entered if not row["indicator_id"]}
    for entry in draft.entries:
        for table, cells in entry.rows:
            if (name := cells.get("indicator_id", "")).startswith("NEW:"):
                unit = "" if table in ("growth", "gaps", "rankings") else cells.get("unit", "")  # that of the amount, not of its growth
                wanted.setdefault(name[4:], {
                    "name_zh": name[4:], "printed_zh": name[4:], "definition_source": "Wording of the report", "unit": unit,
                    "price_basis": "nominal" if unit.endswith("元") else "plain" if unit else "",
                    "kind": {"levels": "flow", "shares": cells.get("kind", "")}.get(table, ""),
                })  # fmt: skip
    fresh = [{c: row.get(c, "") for c in columns["indicators"]} for name, row in wanted.items() if name not in begun]
    return {"areas": draft.new["areas"], "indicators": [*entered, *fresh]}


def _form(draft, columns):
    """The second reading: rows that were filled in, and a blank one for each numeral that has none."""
    filled = {(row["offset"], row["table"] == "claims") for row in draft.second}
    blank = dict.fromkeys(columns["second-reading"], "")
    added = [blank | {"offset": str(e.offset), "token": e.token} for e in draft.entries if e.role != "claim" and (str(e.offset), False) not in filled]
    places = {str(entry.offset) for entry in draft.entries}
    kept = [row for row in draft.second if row["offset"] in places or any(row[c] for c in row if c not in ("offset", "token"))]
    return sorted([*kept, *added], key=lambda row: (int(row["offset"]), row["table"] == "claims"))


def files_of(draft, data=DATA):
    """Every file of a draft, as bytes by name; of the differences between two readings the empty form."""
    columns = {r["name"]: [f["name"] for f in r["schema"]["fields"]] for r in read_descriptor(data)["resources"]}
    tables = to_rows(draft.entries, draft.meta, columns) | draft.new | {"second-reading": draft.second}
    made = {f"{name}.csv": as_csv(columns[name], rows).encode() for name, rows in tables.items()}
    made["discrepancies.csv"] = as_csv(columns["discrepancies"], []).encode()
    made["proposals.csv"] = as_csv(PROPOSALS, _proposal_rows(draft)).encode()
    marked = marks.to_json(draft.entries, draft.states, draft.aside, draft.meta["sha256"])
    made["marks.json"] = (json.dumps(marked, ensure_ascii=False, indent=0) + "\n").encode()
    made["report.json"] = (json.dumps(draft.meta, ensure_ascii=False, indent=1) + "\n").encode()
    made["proof.html"] = sheet.page(draft).encode()
    return made


def _proposal_rows(draft):
    for entry in draft.entries:
        told = [(None, "numerals", "role", entry.role)]
        for n, (table, cells) in enumerate(entry.rows):
            told += [(n, table, "table", table), *((n, table, column, value) for column, value in cells.items())]
        for n, table, column, value in told:
            if rule := draft.reasons.get((entry.key, n, column)):
                table = "claims" if entry.role == "claim" else table
                yield dict(zip(PROPOSALS, (entry.offset, entry.token, table, "" if n is None else n, column, value, *rule), strict=True))


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
    print("\n".join(draft.said + summary(draft)))
    return 0


def summary(draft):
    """What a draft holds, and what to do next."""
    done = len(draft.entries) - len(draft.open())
    new = [row["name_zh"] for row in draft.new["indicators"] if not row["indicator_id"]]
    sections = [f"{s['id']} ({s['name_zh']})" for s in draft.meta["sections"]]
    lines = [f"drafts/{draft.name}/: {len(draft.entries)} numerals and claims of {len(draft.meta['covers'])} sections, {done} accepted."]
    if len(draft.meta["covers"]) > 2 and not done:
        lines.append(f"To enter the main indicators and the targets alone, run this again with COVERS=\"headline targets\". Sections: {', '.join(sections)}")
    if any(not row["parent"] for row in draft.new["areas"]):
        lines.append(f"The place is not in data/areas.csv: complete its row in drafts/{draft.name}/areas.csv (the place above it is its parent), and run this again: what is said of 全市 or 全省 can then be read.")
    if new:
        lines.append(f"Not in the codebook: {len(new)}. Each has a row in drafts/{draft.name}/indicators.csv: fill it in, or correct the cell in the proof sheet.")
    if not draft.open():
        lines.append(f"Nothing is open: make accept NAME={draft.name} says what else is missing.")
        return lines
    lines.append(f"Open drafts/{draft.name}/proof.html, mark, save the marks into that folder, and run this again; then make accept NAME={draft.name}.")
    return lines


if __name__ == "__main__":
    sys.exit(main())
