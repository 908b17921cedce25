"""The proof sheet of a draft: one offline page, the text on one side, the rows of each sentence on the other.

What is marked there is saved as ``marks.json``, which `draft` reads back; the page itself writes nothing else.
"""

import json
from pathlib import Path

from ..proof import grammar
from ..tables import FIGURE_TABLES, read_descriptor
from . import marks
from .entries import figures, ids, pointing_by

TEMPLATES = Path(__file__).with_name("templates")
_LEFT_OUT = ("figure_id", "numeral_id", "offset", "section", "term", "note")


def page(draft):
    """The proof sheet of a `Draft`, as one page of HTML."""
    import jinja2

    loader = jinja2.FileSystemLoader(TEMPLATES)
    environment = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    markup = jinja2.utils.markupsafe.Markup
    content = json.dumps(data(draft), ensure_ascii=False).replace("<", "\\u003c")
    css, js = (markup((TEMPLATES / f"proof.{name}").read_text(encoding="utf-8")) for name in ("css", "js"))
    return environment.get_template("proof.html.j2").render(
        name=draft.name, title=draft.meta["title_zh"] or draft.name, data=markup(content), tables=FIGURE_TABLES, css=css, js=js
    )


def data(draft):
    """What the page shows: the text in pieces, the items, the columns of each table and the choices for a cell."""
    fields = {resource["name"]: resource["schema"]["fields"] for resource in read_descriptor()["resources"]}
    shown = {name: [f for f in fields[name] if f["name"] not in _LEFT_OUT] for name in fields if name in FIGURE_TABLES}
    return {
        "name": draft.name,
        "sha256": draft.meta["sha256"],
        "text": draft.text,
        "items": list(_items(draft)),
        "columns": {name: [field["name"] for field in of] for name, of in shown.items()},
        "enums": {
            f"{name}.{field['name']}": field["constraints"]["enum"]
            for name, of in shown.items()
            for field in of
            if "enum" in field.get("constraints", {})
        },
        "roles": next(field["constraints"]["enum"] for field in fields["numerals"] if field["name"] == "role"),
        "sections": [section for section in draft.meta["sections"] if section["id"] in draft.meta["covers"]],
        "all": draft.meta["sections"],
        "aside": marks.to_json([], {}, draft.aside, "")["items"],
        "choices": {
            "indicator_id": {r["indicator_id"]: r["name_zh"] for r in draft.shared["indicators"].rows if r["indicator_id"]},
            "area": {r["area_id"]: r["name_zh"] for r in draft.shared["areas"].rows if r["area_id"]},
        },
    }


def _items(draft):
    """Every entry with its rows, and why each cell is as it is."""
    known, sentences = ids(draft.entries), grammar.Parts(draft.text, grammar.SENTENCE)
    for entry in draft.entries:
        role = draft.reasons.get((entry.key, None, "role"), ("by hand", "sure"))
        rows, sureness = [], [role[1]]
        for n, (at, _, table, cells) in enumerate(figures([entry])):
            why = {c: reason for c in ("table", *cells) if (reason := draft.reasons.get((entry.key, n, c)))}
            sureness += [sure for _, sure in why.values()]
            rows.append({"id": known[at], "table": table, "cells": pointing_by(known, cells), "why": why})
        yield {
            "key": f"{entry.offset}{'c' * (entry.role == 'claim')}",
            "at": entry.offset,
            "end": entry.offset + len(entry.token),
            "token": entry.token,
            "role": entry.role,
            "rows": rows,
            "state": draft.states.get(entry.key, ""),
            "seen": entry.digest(),
            "unsure": max(map(("sure", "likely", "open").index, sureness)),
            "why": role,
            "sentence": sentences.begin(entry.offset),
        }
