"""The tables against the text of the report: its identity, every numeral, and the words around each.

Words by which a report names an indicator or an area stand in the tables (`name_zh`, `short_zh`, `printed_zh`)
and under ``names`` in its `report.json`, so that a new report needs new rows and no code. The language of the genre
is in `grammar`.
"""

import hashlib
from pathlib import Path

from ..tables import FIGURE_TABLES, Fault, decode
from . import grammar
from .ledger import covered, end_of, offset_of, section_at
from .tokeniser import WORDS, find_numerals, plain


def read(path):
    """Text of a file, or None and the `Fault` that says why not."""
    try:
        text = decode(Path(path).read_bytes())
    except OSError as error:
        do = "give its path: make check REPORT=path/to/text"
        return None, Fault(str(path), None, None, f"no readable file ({error.strerror})", "the text of the report", do)
    except UnicodeDecodeError as error:
        found = f"a byte that is not UTF-8 at byte {error.start}"
        return None, Fault(str(path), None, None, found, "UTF-8 text", "convert it to UTF-8")
    if (at := text.find("\\r\\n")) < 0:
        return text, None
    found = f"a line end written as four characters, \\r\\n, at offset {at}"
    return None, Fault(str(path), None, None, found, "line ends", "replace each by a line end; nothing else changes")


def digest(text):
    """SHA-256 of a text, in hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def faults(report, path):
    """Prove the tables against the text: its identity, every numeral, and the words around each.

    Parameters
    ----------
    report : Report
    path : Path
        The report's text; UTF-8 with or without byte order mark, LF or CRLF.

    Returns
    -------
    list of Fault
        One alone where the text is another one.
    """
    text, fault = read(path)
    if fault:
        return [fault]
    meta, ledger = report.meta, report.tables["numerals"]
    if digest(text) != meta["sha256"]:
        found = f"SHA-256 {digest(text)[:12]}…, {first_difference(meta, text)}"
        expected = f"the text with SHA-256 {meta['sha256'][:12]}… ({meta['characters']} characters)"
        return [Fault(str(path), None, None, found, expected, f"use the copy read at {meta['read_at']}")]
    # A section that is not covered has its numerals, and the ledger has none of them.
    tokens = {n.offset: n.token for n in find_numerals(text[: end_of(meta)]) if covered(meta, n.offset)}
    found = []
    for i, row in enumerate(ledger.rows):
        at = offset_of(row)
        word = row["token"] if row["token"] in WORDS and text.startswith(row["token"], at) else None
        token = tokens.pop(at, word)
        if token != row["token"]:
            expected = f"'{token}'" if token else "a numeral of the text there"
            at = f"'{row['token']}' at offset {row['offset']}"
            found.append(ledger.fault(i, "token" if token else "offset", at, expected, "correct it from the text"))
    for offset, token in tokens.items():
        missing = f"no row for '{token}' at offset {offset}"
        found.append(Fault(ledger.file, None, "offset", missing, "every numeral of the text", "add the row"))
    return found + list(word_faults(report, text))


def first_difference(meta, text):
    """Where a text is the first time another than the one that the tables were read from, by the hashes of its blocks."""
    size = meta["block_characters"]
    for i, expected in enumerate(meta["block_sha256"]):
        if digest(text[i * size : (i + 1) * size])[:12] != expected:
            section = section_at(meta, i * size)
            return f"first different between characters {i * size} and {i * size + size - 1} (section {section})"
    return f"the same up to character {meta['characters']} and longer after it"


def word_faults(report, text):
    """Cells of a `Report` that the words around their numeral contradict, as `Fault`; its offsets count in the text."""
    clauses, sentences = grammar.Parts(text, grammar.CLAUSE), grammar.Parts(text, grammar.SENTENCE)
    ends = {n.offset: n.end for n in find_numerals(text[: end_of(report.meta)])}
    for name in FIGURE_TABLES:
        table = report.tables[name]
        for i, row in enumerate(table.rows):
            start = offset_of(row if name == "claims" else report.numerals.get(row["numeral_id"], {"offset": ""}))
            if start >= len(text):  # named by the loader
                continue
            part = {"clause": clauses.around(start), "sentence": sentences.around(start), "end": ends.get(start, "")}
            part["before"] = text[clauses.begin(start) : start]
            for column, expected, do in _contradictions(report, table, row, text, start, part):
                yield table.fault(i, column, f"'{row[column]}'", expected, do or "correct it from the text")
    ledger = report.tables["numerals"]
    for i, row in enumerate(ledger.rows):
        role = grammar.role(row["token"], offset_of(row), text)
        if row["role"] != role and (role or row["role"] in grammar.PLAIN_ROLES):
            expected = f"'{role or 'another'}', as the words around the numeral say"
            yield ledger.fault(i, "role", f"'{row['role']}'", expected, "correct it from the text")


def _contradictions(report, table, row, text, start, part):
    """Column, what the text says, and what to do if there is more than one way."""
    if table.name == "claims":
        if not text.startswith(row["term"], start):
            yield "term", f"the term at offset {row['offset']} of the text", "correct the term or the offset"
        if (kind := grammar.kind_of_claim(row["term"])) not in (None, row["kind"]):
            yield "kind", f"'{kind}', which the term '{row['term']}' says", None
    else:
        token = report.numerals[row["numeral_id"]]["token"]
        for column, said in grammar.unit_and_qualifier(text, start, token, part["end"], table.name):
            known = {said, plain(said)}
            if column == "qualifier" and not said:
                known.add(grammar.of_the_list(text, start, token))
            if row[column] not in known:
                yield column, f"'{said}', as the text states it", None
        if vague := grammar.vague(text, start, token):
            yield "value", f"no figure: the text says {vague}, which is not this number", "leave the row out"
        if said := _sign(report, table.name, row, part["before"]):
            yield "value", said, "correct it from the text"
    for column, known, file, where in (
        ("indicator_id", report.indicators, "printed_zh of indicators.csv", "clause"),
        ("area", report.areas, "names of report.json", "sentence"),
    ):
        words = grammar.names_of(known.get(row[column], {})) + (_names(report, row[column]) if column == "area" else [])
        own = column == "area" and row[column] == report.meta["area"]
        if words and not own and not any(word in part[where] for word in words):
            do = f"correct it, or add the words that the report uses to {file}"
            yield column, f"one of its names in that {where} of the text: {'/'.join(words)}", do
    for column in ("comparator", "scope"):
        if column in row and (said := _benchmark(report, row, row[column], part)) != row[column]:
            yield column, f"'{said}', as the text names it before the number", None
    for column in grammar.SAID_BEFORE:
        if column in row and (said := grammar.said_before(column, part["before"])) != row[column]:
            yield column, f"'{said}', as the words before the number say", None
    if "direction" in row:
        words = list(grammar.SIDE.finditer(part["before"]))
        side, word = ("above" if words[-1][1] else "below", words[-1][0]) if words else ("none", "no word for a side")
        if side != row["direction"]:
            yield "direction", f"'{side}': the text says {word} before the number", None


def _names(report, key):
    """Words by which this report names an area or a benchmark."""
    return report.meta.get("names", {}).get(key, [])


def _sign(report, table, row, before):
    """What a value should be by the last word for a rise or a fall before it; None if it is so."""
    if table not in ("levels", "growth", "shares", "targets"):
        return None
    fall = grammar.fall_before(before, grammar.names_of(report.indicators.get(row["indicator_id"], {})))
    if row["value"].startswith("-"):
        return None if fall else f"'{row['value'][1:]}': the text has no word for a fall before it"
    # What was cut may be told as an amount (减税5亿元); what fell by a rate has the rate.
    moves = table == "growth" or (table == "targets" and row["unit"] in ("%", "％", "‰", "个百分点"))
    if fall and (grammar.SIGN.search(before) or moves) and row["value"].strip("0."):
        return f"'-{row['value']}': the text says {fall} before it"
    return None


def _benchmark(report, row, told, part):
    """The comparator or scope that the text names; several in a row (全国、全省、焦作市) go with as many numerals in a row."""
    before, clause, own = part["before"], part["clause"], report.meta["area"]
    if told.startswith("own_"):
        year, now = told.removeprefix("own_"), row["period"][:4]
        last = ["上年", "去年", "同期", "同比"] if now.isdigit() and int(now) - 1 == int(year) else []
        return told if any(word in clause for word in (f"{year}年", *last, *_names(report, told))) else "another"
    kind = "target" if told.startswith("target_of_") or told.endswith("_target") else told
    if kind in grammar.BENCHMARKS:
        return told if any(word in clause for word in _names(report, told) or grammar.BENCHMARKS[kind]) else "another"
    named = {word: area for area, other in report.areas.items() if area != own for word in grammar.names_of(other)}
    named |= {word: area for area in report.areas if area != own for word in _names(report, area)}
    return grammar.benchmark(named, before) or "none"


