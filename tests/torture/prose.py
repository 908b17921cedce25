"""Sentences, titles and alt texts against moved figures: what depends on a figure must turn with it, in both languages.

For every answer and every chart title of the register, each of its figures is moved far down, far up
and by one unit of its last digit, and taken away, in memory; the sentence is made again. A sentence that cannot be
made any more, with an error that names why, has turned too.
"""

import random
from dataclasses import replace
from decimal import Decimal

from workreport import export, findings
from workreport.tables import DataError, Figures, figure_of, printed_unit

from . import SEED, Row
from .data import _report

FACTORS = (Decimal(0), Decimal("0.1"), Decimal("0.5"), Decimal(2), Decimal(10), Decimal(100))
REFUSALS = (DataError, KeyError, ValueError, ZeroDivisionError, export.ExportError)


def moved(report, figure_id):
    """The report with one figure at each of its other values."""
    figure = report.figures[figure_id]
    value, last = printed_unit(figure, "value"), Decimal(1).scaleb(-figure.decimals)
    table = report.tables[figure.table]
    at = next(i for i, r in enumerate(table.rows) if r[table.columns[0]] == figure_id)
    others = [(value * factor).quantize(last) for factor in FACTORS] + [value - last, value + last]
    others += [-10 * value] if figure.table == "published" else []
    for other in dict.fromkeys(abs(o) if figure.table != "published" else o for o in others):
        if other == value:
            continue
        row = figure.row | {"value": f"{other:f}"}
        if not report.figures[figure_id].row["value"][:1].isascii() and row["unit"] == "" and figure.table == "thresholds":
            continue  # the name of a class
        changed = replace(
            report, tables={**report.tables, figure.table: replace(table, rows=[*table.rows[:at], row, *table.rows[at + 1 :]])}
        )
        changed.figures = Figures({**report.figures, figure_id: figure_of(table, row)}, changed.tables)
        yield other, changed
    rest, lines = ([*items[:at], *items[at + 1 :]] for items in (table.rows, table.lines))
    yield "nothing", replace(report, tables={**report.tables, figure.table: replace(table, rows=rest, lines=lines)})


def said(story, report):
    """What a story claims, by slot: answers by their order, charts by their name with title and alt text."""
    slots = {slot_of(f): [f.text] for f in story.answer(report)}
    return slots | {c.name: [c.title, c.alt] for c in findings.charts_of(story, report)}


def slot_of(finding):
    """What a finding answers, whichever of its sentences it takes: ``growth.checked`` of ``growth.checked.all_found``."""
    return ".".join(finding.name.split(".")[:2])


def figures_of(story, report):
    """Figures behind each slot."""
    slots = {slot_of(f): (f.name, f.figure_ids) for f in story.answer(report)}
    return slots | {c.name: (f"{c.claim.name} (chart)", c.claim.figure_ids) for c in findings.charts_of(story, report) if c.claim}


def run(short=False):
    """Rows of this campaign."""
    report, chance = _report(), random.Random(SEED)
    turns = Row("Each figure behind a sentence, title or alt text turns it when it moves far enough, in both languages")
    together = Row("When a figure moves, the English and the Chinese sentence turn together")
    alt = Row("A title that turns turns its alt text too")
    for story in findings.stories().values():
        if story.NOTEBOOK.startswith("91"):
            continue  # computes every other story again, under other readings
        before, slots = said(story, report), figures_of(story, report)
        used = sorted({i for _, ids in slots.values() for i in ids if i in report.figures})
        for figure_id in chance.sample(used, min(len(used), 2)) if short else used:
            turned = {slot: {"en": False, "zh": False} for slot, (_, ids) in slots.items() if figure_id in ids}
            for value, other in moved(report, figure_id):
                try:
                    after = said(story, other)
                except REFUSALS:
                    for seen in turned.values():
                        seen["en"] = seen["zh"] = True
                    continue
                for slot, texts in before.items():
                    now = after.get(slot, [{}] * len(texts))
                    changed = [{lang: new.get(lang) != old[lang] for lang in old} for old, new in zip(texts, now, strict=True)]
                    where = f"{slots.get(slot, (slot,))[0]} by {figure_id} at {value}"
                    if any(changed[0].values()):
                        together.case(all(changed[0].values()), f"together: {where}")
                        if len(changed) > 1:
                            alt.case(all(changed[1].values()), f"alt: {where}")
                    if slot in turned:
                        for lang, yes in changed[0].items():
                            turned[slot][lang] |= yes
            for slot, seen in turned.items():
                turns.case(seen["en"] and seen["zh"], f"turn: {slots[slot][0]} by {figure_id}")
    return [turns, together, alt]
