"""What a person marked or changed in a draft, and how that is kept when its tables are proposed anew.

The tables win over the marks, the marks over the proposals: what was changed by hand stays, and a mark holds as long as
its row is the one that was looked at.
"""

import csv
import io

from ..proof.ledger import covered
from ..tables import FIGURE_TABLES, Fault, read_json
from .entries import Entry, ids, pointing_by, same

STATES = ("", "accepted", "wrong")


def proposals(path):
    """What was proposed when the tables were written: entries by key, none where the file cannot be read.

    Without it everything in the tables counts as a person's.
    """
    entries = {}
    try:
        for row in csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))):
            claim = row["table"] == "claims"
            key = int(row["offset"]), claim
            entry = entries.setdefault(key, Entry(key[0], row["token"], "claim" if claim else ""))
            if row["column"] == "role":
                entry.role = row["proposed"]
                continue
            n = int(row["row"])
            entry.rows += [(row["table"], {}) for _ in range(n + 1 - len(entry.rows))]
            if row["column"] != "table":
                entry.rows[n][1][row["column"]] = row["proposed"]
    except (OSError, KeyError, ValueError, TypeError, UnicodeDecodeError, csv.Error):
        return {}
    return entries


def read(folder, name, sha256, known, places, faults):
    """Marks of a draft by key: the state, the digest of what was looked at, and the entry as it was marked.

    Parameters
    ----------
    folder : Path
        With the folders of all drafts.
    name, sha256 : str
        Of the draft and of its text.
    known : dict of Entry
        By key; of these a mark need not say token and note.
    places : dict of str
        Place by id, of the tables that were marked.
    faults : list of Fault
        Takes what is wrong with the file.

    Returns
    -------
    dict of tuple
    """
    file, found = f"{name}/marks.json", {}
    if not (folder / file).exists() or (marks := read_json(folder, file, faults)) is None:
        return {}
    if marks.get("sha256") != sha256:
        told, expected = f"'{marks.get('sha256')!s:.12}'", f"'{sha256[:12]}…', the text of this draft"
        faults.append(Fault(f"drafts/{file}", None, "sha256", told, expected, "save the marks of this draft's own sheet"))
        return {}
    try:
        for at, mark in marks["items"].items():
            key = int(at.removesuffix("c")), at.endswith("c")
            rows = [(row["table"], {str(c): str(v) for c, v in row["cells"].items() if v}) for row in mark["rows"]]
            if strange := [table for table, _ in rows if table not in FIGURE_TABLES]:
                raise ValueError(f"'{strange[0]}', which is no table")
            if mark["state"] not in STATES:
                raise ValueError(f"'{mark['state']}', which is no state")
            said = known.get(key)
            token, note = mark.get("token", said and said.token), mark.get("note", said.note if said else "")
            if token is not None:
                rows = [(table, pointing_by(places, cells)) for table, cells in rows]
                found[key] = mark["state"], mark["seen"], Entry(key[0], str(token), str(mark["role"]), str(note), rows)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        told = f"marks that cannot be read ({error!s:.60})"
        faults.append(Fault(f"drafts/{file}", None, None, told, "what the proof sheet saves", "save them again"))
    return found


def merged(entries, old, fresh, marks, meta):
    """Put tables, marks and new proposals together.

    Parameters
    ----------
    entries, old, fresh : dict of Entry
        Of the tables as they stand, as they were proposed, and as they would be proposed now, by key.
    marks : dict of tuple
        As of `read`.
    meta : dict
        As in `report.json`; only sections that are covered go into the tables.

    Returns
    -------
    made : dict of Entry
    states : dict of str
        By key.
    aside : dict of tuple
        State and entry of what a person marked or changed outside the sections covered; the marks keep it.
    said : list of str
        Marks that no longer hold.
    """
    made, states, aside, said = {}, {}, {}, []
    for key in sorted({*entries, *fresh, *marks}):
        entry, new, mark = entries.get(key), fresh.get(key), marks.get(key)
        state, seen, marked = mark or ("", "", None)
        if entry is None and mark:
            chosen = marked
        elif entry is None:  # a claim that was proposed and is gone was taken out by hand
            gone = key[1] and key in old
            chosen, state = (Entry(key[0], new.token, "claim"), "accepted") if gone else (new, "")
        elif mark and (seen == entry.digest() or same(marked, entry)):
            chosen = marked
        else:
            if state == "accepted":
                why = "the table was changed after the sheet was made, so its mark was dropped: look at it again"
                said.append(f"'{entry.token}' at offset {entry.offset}: {why}")
            chosen, state = new if new and same(entry, old.get(key)) else entry, ""
        if covered(meta, key[0]):
            made[key] = chosen
            states |= {key: state} if state else {}
        elif mark or (entry and not same(entry, old.get(key))):
            aside[key] = state, chosen
    return made, states, aside, said


def to_json(entries, states, aside, sha256):
    """Content of `marks.json`: every state, and what each entry was when it was marked."""
    known, items = ids(entries), {}
    marked = [(entry.key, states[entry.key], entry) for entry in entries if entry.key in states]
    for key, state, entry in (*marked, *((key, *kept) for key, kept in aside.items())):
        cells = ((table, pointing_by(known, cells)) for table, cells in entry.rows)
        rows = [{"table": table, "cells": {c: v for c, v in told.items() if v}} for table, told in cells]
        mark = {"state": state, "seen": entry.digest(), "role": entry.role, "token": entry.token, "note": entry.note, "rows": rows}
        items[f"{key[0]}{'c' * key[1]}"] = mark
    return {"sha256": sha256, "items": items}
