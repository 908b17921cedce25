"""Prove the tables: schema, ledger, second reading, arithmetic, errata, seal, and the text.

Run as ``python -m workreport.check [--text PATH] [--seal]`` with `notebooks` on the path, or ``make check``.
"""

import argparse
import hashlib
import re
import sys
from collections import Counter
from decimal import Decimal, InvalidOperation
from pathlib import Path

from . import second_reading
from .expressions import evaluate
from .numbers import ForbiddenOperation, read_numeral
from .printed import NOWHERE, place, printed_faults
from .seal import seal_faults, write_seal
from .tables import DATA, FIGURE_TABLES, NOT_STATED, Fault, decode, figure_of, printed_unit, read_report
from .tokeniser import find_numerals
from .units import UnknownUnit


def check_data(name, data=DATA):
    """List every fault of a report's tables that can be seen without its text.

    Parameters
    ----------
    name : str
        Folder below `data`.

    Returns
    -------
    report : Report or None
        None where the tables cannot be read at all.
    faults : list of Fault
    """
    report, faults = read_report(name, data=data)
    if report is None:
        return None, faults
    faults += ledger_faults(report)
    faults += second_reading.faults(report)
    if not any(fault.column in ("value", "unit", "qualifier") for fault in faults):
        faults += figure_faults(report)
    named = {(fault.file, fault.row, fault.column) for fault in faults}
    faults += [fault for fault in seal_faults(report, data) if (fault.file, fault.row, fault.column) not in named]
    return report, faults


def ledger_faults(report):
    """Ledger against tables, both ways: places, tokens, roles and references.

    Every figure has a numeral with its token and its role; every numeral of role figure or
    threshold has a figure or is the number ranked; sections follow `report.json`.
    """
    ledger = report.tables["numerals"]
    used = {}
    for name in FIGURE_TABLES:
        table = report.tables[name]
        for i, row in enumerate(table.rows):
            yield from _figure_row_faults(report, table, i, row)
            used.setdefault(row["numeral_id"], name)
            used.setdefault(row.get("out_of_numeral_id", ""), name)
    before = -1
    for i, row in enumerate(ledger.rows):
        offset = place(row)
        if offset == NOWHERE:
            continue
        if offset <= before:
            yield ledger.fault(
                i,
                "offset",
                str(offset),
                f"more than {before}, the end of the numeral before",
                "put the row in reading order or correct the offset",
            )
        before = offset + len(row["token"]) - 1
        section = _section_at(report.meta, offset)
        if row["section"] != section:
            yield ledger.fault(
                i, "section", f"'{row['section']}'", f"'{section}', the section at offset {offset}", "correct the section or the offset"
            )
        if row["numeral_id"] != f"n{i + 1:03d}":
            yield ledger.fault(i, "numeral_id", f"'{row['numeral_id']}'", f"n{i + 1:03d}", "number the rows in reading order")
        role, table = row["role"], used.get(row["numeral_id"])
        if role in ("figure", "threshold") and table is None:
            yield ledger.fault(
                i, "role", f"'{role}' but no figure refers to {row['numeral_id']}", "a figure", "add the figure, or correct the role"
            )
        elif table and role != ("threshold" if table == "thresholds" else "figure"):
            yield ledger.fault(
                i,
                "role",
                f"'{role}' but {table} has a figure of {row['numeral_id']}",
                "the role figure (threshold for thresholds)",
                "correct the role",
            )
    if ledger.rows and before >= report.meta["break_offset"]:
        yield ledger.fault(
            len(ledger.rows) - 1,
            "offset",
            str(before),
            f"less than {report.meta['break_offset']}, where the recovered part breaks off",
            "remove the row",
        )


def _figure_row_faults(report, table, i, row):
    numeral = report.numerals.get(row["numeral_id"])
    if numeral and numeral["token"] != row["value"]:
        yield table.fault(
            i, "value", f"'{row['value']}'", f"'{numeral['token']}', the token of {row['numeral_id']}", "correct one of them from the text"
        )
    ranked = report.numerals.get(row.get("out_of_numeral_id") or None)
    if ranked and ranked["token"] != row["out_of"]:
        yield table.fault(
            i,
            "out_of",
            f"'{row['out_of']}'",
            f"'{ranked['token']}', the token of {row['out_of_numeral_id']}",
            "correct one of them from the text",
        )
    if bool(row.get("out_of")) != bool(row.get("out_of_numeral_id")):
        yield table.fault(
            i, "out_of", f"'{row['out_of']}' with numeral '{row['out_of_numeral_id']}'", "both or neither", "fill in the other"
        )
    wanted = {"growth": "growth", "level": "levels"}.get(row.get("aspect"))
    for column in ("subject", "outcome", "counted", "plan"):
        target = row.get(column)
        if target and target != NOT_STATED:
            figure = _row_of(report, target)
            if figure is None:
                yield table.fault(i, column, f"'{target}'", "the id of a figure", "correct it")
            elif figure["indicator_id"] != row["indicator_id"]:
                yield table.fault(
                    i, column, f"{target}, which is about {figure['indicator_id']}", f"a figure of {row['indicator_id']}", "correct it"
                )
            elif column == "subject" and wanted and report.rows[target][0] != wanted:
                yield table.fault(
                    i, column, f"{target} under the aspect {row['aspect']}", f"a figure of {wanted}", "correct the aspect or the subject"
                )
            elif column == "subject" and row.get("aspect") == "assessment":
                yield table.fault(i, "aspect", f"'assessment' of {target}", "'level' or 'growth', or no subject", "correct one of them")
    indicator = report.indicators.get(row["indicator_id"], {})
    unknown = "unknown" if row["note"] else "unknown, with a note that says why"
    if table.name == "growth" and indicator and row["price_basis"] not in (indicator["price_basis"], unknown):
        yield table.fault(
            i,
            "price_basis",
            f"'{row['price_basis']}'",
            f"'{indicator['price_basis']}', as indicators.csv defines {row['indicator_id']}, or {unknown}",
            "correct one of them",
        )
    if "subject" in row and not row["subject"]:
        of = "growth" if table.name == "gaps" else wanted
        rows = report.rows_by(report.tables[of], "indicator_id").get(row["indicator_id"], ()) if of else ()
        if own := [r["figure_id"] for r in rows if r["area"] == row["area"] and r["period"] == row["period"]]:
            yield table.fault(i, "subject", "''", f"what is compared or ranked: {' or '.join(own)}", "fill it in")
        elif wanted and indicator.get("kind") not in ("flow", "stock"):
            yield table.fault(
                i, "aspect", f"'{row['aspect']}' of {row['indicator_id']}, which has no amount", "'assessment', or a subject", "correct it"
            )
    if table.name == "shares" and (row["kind"] == "completion") != bool(row["plan"]):
        yield table.fault(
            i, "plan", f"'{row['plan']}' of a {row['kind']}", "a plan of every completion, and of nothing else", "correct one of them"
        )
    column = {"levels": "flow_or_stock", "shares": "kind"}.get(table.name)
    if column and indicator and row[column] != indicator["kind"]:
        yield table.fault(
            i, column, f"'{row[column]}'", f"'{indicator['kind']}', as indicators.csv says of {row['indicator_id']}", "correct one of them"
        )
    if table.name == "claims" and row["section"] != _section_at(report.meta, place(row)):
        yield table.fault(i, "section", f"'{row['section']}'", "the section at its offset", "correct the section or the offset")


def _row_of(report, figure_id):
    return report.rows.get(figure_id, (None, None))[1]


def _section_at(meta, offset):
    return [s["id"] for s in meta["sections"] if s["start"] <= offset][-1]


def figure_faults(report):
    """What the values themselves must satisfy: bounds, identities, errata guards, derived values."""
    try:
        figures = report.figures
        ranked = {row["figure_id"]: read_numeral(row["out_of"])[0] for row in report.tables["rankings"].rows if row["out_of"]}
    except ValueError:
        yield from _unreadable(report)
        return
    for name in ("shares", "rankings"):
        table = report.tables[name]
        for i, row in enumerate(table.rows):
            value = figures[row["figure_id"]].quantity.value
            if row.get("kind") in ("share", "rate") and value > 1:
                yield table.fault(
                    i, "value", f"{row['value']} %", f"at most 100 %, being a {row['kind']}", "correct it, or call it a completion rate"
                )
            if value > ranked.get(row["figure_id"], value):
                yield table.fault(
                    i, "value", f"place {row['value']} of {row['out_of']}", "a place among those ranked", "correct one of them"
                )
    yield from _reading_faults(report)
    yield from _verdict_faults(report, "identities", "expression", lambda row: row["expected"])
    yield from _verdict_faults(report, "errata", "guard", lambda row: "holds")
    published = report.tables["published"]
    for i, row in enumerate(published.rows):
        if (row["value"] == "not found") != (row["status"] == "not_found"):
            yield published.fault(
                i,
                "status",
                f"'{row['status']}' with the value '{row['value']}'",
                "not_found exactly where nothing was found",
                "correct one of them",
            )
        if row["status"] == "derived":
            formula = re.search(r"P\d+ [-+*/] P\d+", row["note"])
            try:
                right = formula and evaluate(formula.group(), figures).value == figures[row["published_id"]].quantity.value
            except (KeyError, ForbiddenOperation):
                right = False
            if not right:
                yield published.fault(
                    i,
                    "value",
                    f"'{row['value']}'",
                    f"the result of the formula in its note ({formula and formula.group()})",
                    "correct the value or the formula",
                )


def _unreadable(report):
    for name in (*FIGURE_TABLES, "published"):
        table = report.tables[name]
        for i, row in enumerate(table.rows):
            try:
                if row["value"] not in (NOT_STATED, "not found"):
                    figure_of(table, row)
                if row.get("out_of"):
                    read_numeral(row["out_of"])
            except ValueError as error:
                column = "unit" if isinstance(error, UnknownUnit) else "value"
                yield table.fault(i, column, str(error), "a printed number with a unit of units.py", "correct the cell")


def _reading_faults(report):
    """A reading has the figure's own interval, but for another reading of the value, which holds the value."""
    table = report.tables["readings"]
    for i, row in enumerate(table.rows):
        figure = report.figures.get(row["figure_id"])
        if figure is None:
            yield table.fault(i, "figure_id", f"'{row['figure_id']}'", "the id of a figure", "correct it")
            continue
        try:
            ends = [Decimal(row[end]) for end in ("low", "high")]
        except InvalidOperation:
            continue  # named by the loader
        own = [printed_unit(figure, end) for end in ("low", "high")]
        point = printed_unit(figure, "value")
        if row["field"] == "value" and row["adopted"] == "no":
            fits, expected = ends[0] <= point <= ends[1], f"an interval that holds {point}"
        else:
            fits, expected = ends == own, f"{own[0]} to {own[1]}, as {row['figure_id']} is printed"
        if not fits:
            yield table.fault(i, "low", f"{row['low']} to {row['high']}", expected, "correct the interval")


def _verdict_faults(report, name, column, expected):
    table = report.tables[name]
    for i, row in enumerate(table.rows):
        for figure_id in row.get("figure_ids", "").split():
            if _row_of(report, figure_id) is None:
                yield table.fault(i, "figure_ids", f"'{figure_id}'", "the id of a figure", "correct it")
        try:
            verdict = evaluate(row[column], report.figures)
        except (ValueError, KeyError, ForbiddenOperation) as error:
            yield table.fault(i, column, f"'{row[column]}' ({error})", "an expression over figures", "correct it")
            continue
        if verdict != expected(row):
            yield table.fault(
                i,
                column,
                f"'{row[column]}' {verdict}",
                f"that it {expected(row)}",
                "correct the figures from the text, or the row if the source was mended",
            )


def text_faults(report, path):
    """Prove the tables against the text: its identity, every place, token, unit and qualifier, completeness.

    Parameters
    ----------
    report : Report
    path : Path
        The report's text; UTF-8 with or without byte order mark, LF or CRLF.

    Returns
    -------
    faults : list of Fault
        One alone where the text is another one.
    """
    ledger, meta = report.tables["numerals"], report.meta
    try:
        text = decode(Path(path).read_bytes())
    except OSError as error:
        return [
            Fault(
                str(path),
                None,
                None,
                f"no readable file ({error.strerror})",
                "the text of the report",
                "give its path: make check REPORT=path/to/text",
            )
        ]
    except UnicodeDecodeError as error:
        return [Fault(str(path), None, None, f"a byte that is not UTF-8 at byte {error.start}", "UTF-8 text", "convert it to UTF-8")]
    digest = hashlib.sha256(text.encode()).hexdigest()
    if digest != meta["sha256"]:
        return [
            Fault(
                str(path),
                None,
                None,
                f"SHA-256 {digest[:12]}…, {_first_difference(meta, text)}",
                f"the text with SHA-256 {meta['sha256'][:12]}… ({meta['characters']} characters)",
                f"use the copy read at {meta['read_at']}",
            )
        ]
    found = {n.offset: n.token for n in find_numerals(text[: meta["break_offset"]])}
    faults = []
    for i, row in enumerate(ledger.rows):
        token = found.pop(place(row), None)
        if token != row["token"]:
            faults.append(
                ledger.fault(
                    i,
                    "token" if token else "offset",
                    f"'{row['token']}' at offset {row['offset']}",
                    f"'{token}'" if token else "a numeral of the text there",
                    "correct it from the text",
                )
            )
    for offset, token in found.items():
        faults.append(
            Fault(ledger.file, None, "offset", f"no row for '{token}' at offset {offset}", "every numeral of the text", "add the row")
        )
    faults += printed_faults(report, text)
    claims = report.tables["claims"]
    for i, row in enumerate(claims.rows):
        if not text.startswith(row["term"], place(row)):
            faults.append(
                claims.fault(
                    i,
                    "term",
                    f"'{row['term']}' at offset {row['offset']}",
                    "the term at that place of the text",
                    "correct the term or the offset",
                )
            )
    return faults


def _first_difference(meta, text):
    size = meta["block_characters"]
    for i, expected in enumerate(meta["block_sha256"]):
        block = text[i * size : (i + 1) * size]
        if hashlib.sha256(block.encode()).hexdigest()[:12] != expected:
            return f"first different between characters {i * size} and {i * size + size - 1} (section {_section_at(meta, i * size)})"
    return f"the same up to character {meta['characters']} and longer after it"


def _digest_of(path):
    try:
        return hashlib.sha256(decode(Path(path).read_bytes()).encode()).hexdigest()
    except (OSError, UnicodeDecodeError):
        return None


def _summary(report):
    for name, table in report.tables.items():
        extra = ""
        if name == "numerals":
            roles = Counter(row["role"] for row in table.rows)
            extra = ": " + ", ".join(f"{n} {role}" for role, n in roles.most_common())
        elif name == "second-reading":
            cells, differing = second_reading.totals(report)
            extra = f": {cells} cells compared, {differing} differed and are settled"
        elif name == "identities":
            verdicts = Counter(row["expected"] for row in table.rows)
            extra = ": " + ", ".join(f"{n} {verdict}" for verdict, n in verdicts.most_common()) + ", all as expected"
        elif name == "errata":
            extra = ", all guards hold"
        yield f"{table.file}: {len(table.rows)} rows{extra}"


def main(arguments=None):
    """Command line; returns the exit status, 1 if anything is at fault."""
    parser = argparse.ArgumentParser(prog="workreport.check", description="Check the tables of every report.")
    parser.add_argument("--text", help="path of the report's text, to prove places and completeness")
    parser.add_argument("--seal", action="store_true", help="renew data/seal.json after an intended change, if nothing else is at fault")
    parser.add_argument("--quiet", action="store_true", help="print faults only")
    parser.add_argument("--data", type=Path, default=DATA, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    names = sorted(path.parent.name for path in options.data.glob("*/report.json"))
    if not names:
        print(f"no report below {options.data.name}/: expected a folder with report.json, restore it: git checkout -- data")
        return 1
    status, reports, wanted = 0, [], _digest_of(options.text) if options.text else None
    for name in names:
        report, faults = check_data(name, options.data)
        if options.seal:
            faults = [fault for fault in faults if not fault.found.startswith("a cell that differs from the seal")]
        # One text is of one report; with one report alone, what differs in the text is worth saying.
        proven = report and options.text and (len(names) == 1 or wanted == report.meta["sha256"])
        if proven:
            named = {(fault.file, fault.row, fault.column) for fault in faults}
            faults += [fault for fault in text_faults(report, options.text) if (fault.file, fault.row, fault.column) not in named]
        for fault in faults:
            print(fault)
        if faults:
            print(f"{name}: {len(faults)} fault{'s' * (len(faults) > 1)}")
            status = 1
            continue
        reports.append(report)
        if options.quiet:
            continue
        print("\n".join(_summary(report)))
        ledger = len(report.tables["numerals"].rows)
        if proven:
            print(
                f"{name}: the text was checked: {ledger} of {ledger} numerals of the recovered part are in the ledger (100 %), each at its place"
            )
        else:
            print(f"{name}: the text was not checked (make check REPORT=path/to/text checks it too)")
    if options.text and len(names) > 1 and not any(report.meta["sha256"] == wanted for report in reports):
        print(
            f"{options.text}: found no text of a report that is without fault, expected the text of one of {', '.join(names)}, give its path"
        )
        status = 1
    if options.seal and not status:
        write_seal(reports, options.data)
        print("data/seal.json renewed")
    return status


if __name__ == "__main__":
    sys.exit(main())
