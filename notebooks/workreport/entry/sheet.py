"""The proof sheet of a draft: one offline page, the text on one side, the rows of each sentence on the other.

What is marked there is saved as ``marks.json``, which `draft` reads back; the page itself writes nothing else.
"""

import json
from pathlib import Path

from ..proof import grammar
from ..tables import FIGURE_TABLES, read_descriptor
from . import marks
from .entries import POINTING, ids, place

TEMPLATES = Path(__file__).with_name("templates")
_LEFT_OUT = ("figure_id", "numeral_id", "offset", "section", "term", "note")
_WEIGHT = {"sure": 0, "likely": 1, "open": 2}


def page(draft):
    """The proof sheet of a `Draft`, as one page of HTML."""
    import jinja2

    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    content = json.dumps(data(draft), ensure_ascii=False).replace("<", "\\u003c")
    parts = {name: (TEMPLATES / f"proof.{name}").read_text(encoding="utf-8") for name in ("css", "js")}
    markup = jinja2.utils.markupsafe.Markup
    return environment.get_template("proof.html.j2").render(
        name=draft.name, title=draft.meta["title_zh"] or draft.name, data=markup(content), tables=FIGURE_TABLES, css=markup(parts["css"]), js=markup(parts["js"])
    )


def data(draft):
    """What the page shows: the text in pieces, the items, the columns of each table and the choices for a cell."""
    known = ids(draft.entries)
    sentences = grammar.Parts(draft.text, grammar.SENTENCE)
    items = []
    for entry in draft.entries:
        rows, seen, worst = [], {}, _weight(draft.reasons.get((entry.key, None, "role")))
        for n, (table, cells) in enumerate(entry.rows):
            told = {c: known.get(v, v) if c in POINTING else v for c, v in cells.items()}
            why = {c: list(reason) for c in ("table", *cells) if (reason := draft.reasons.get((entry.key, n, c)))}
            at = place(entry.offset, table, seen.setdefault(table, 0))
            seen[table] += 1
            worst = max([worst, *(_weight(reason) for reason in why.values())])
            rows.append({"id": known[at], "table": table, "cells": told, "why": why})
        items.append({
            "key": f"{entry.offset}{'c' * (entry.role == 'claim')}", "at": entry.offset, "end": entry.offset + len(entry.token), "token": entry.token,
            "role": entry.role, "rows": rows, "state": draft.states.get(entry.key, ""), "seen": entry.digest(), "unsure": worst,
            "why": list(draft.reasons.get((entry.key, None, "role"), ("by hand", "sure"))), "sentence": sentences.begin(entry.offset),
        })  # fmt: skip
    columns, enums, roles = {}, {}, ()
    for resource in read_descriptor()["resources"]:
        if resource["name"] == "numerals":
            roles = next(f["constraints"]["enum"] for f in resource["schema"]["fields"] if f["name"] == "role")
        if resource["name"] in FIGURE_TABLES:
            fields = [f for f in resource["schema"]["fields"] if f["name"] not in _LEFT_OUT]
            columns[resource["name"]] = [f["name"] for f in fields]
            enums |= {f"{resource['name']}.{f['name']}": f["constraints"]["enum"] for f in fields if "enum" in f.get("constraints", {})}
    return {
        "name": draft.name, "sha256": draft.meta["sha256"], "text": draft.text, "items": items, "columns": columns, "enums": enums, "roles": roles,
        "sections": [s for s in draft.meta["sections"] if s["id"] in draft.meta["covers"]], "all": draft.meta["sections"],
        "aside": marks.to_json([], {}, draft.aside, "")["items"],
        "choices": {
            "indicator_id": {r["indicator_id"]: r["name_zh"] for r in draft.shared["indicators"].rows if r["indicator_id"]},
            "area": {r["area_id"]: r["name_zh"] for r in draft.shared["areas"].rows if r["area_id"]},
        },
    }  # fmt: skip


def _weight(reason):
    return _WEIGHT[reason[1]] if reason else 0
