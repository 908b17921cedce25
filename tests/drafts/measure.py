"""How often the rules of a draft are right: ``PYTHONPATH=notebooks .venv/bin/python tests/drafts/measure.py FOLDER…``.

Takes folders with texts of reports. A text whose report is in ``data/`` is compared with its proven tables, cell by cell;
of all texts it says what was left open. Writes ``README.md`` beside itself.
"""

import csv
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path

from workreport.entry import card, rules
from workreport.proof import text as proof_text
from workreport.tables import FIGURE_TABLES, load_report, report_names

HERE = Path(__file__).resolve().parent
AIMS = {"numerals": 99.9, "role": 98, "unit": 99, "qualifier": 99, "table": 96, "comparator": 95, "scope": 95, "subject": 95, "indicator_id": 90}
MOST_SURE_WRONG = 1
POINTING = ("subject", "outcome", "counted")


def texts(folders):
    """Path and text of every report in some folders; line ends written as characters are made line ends."""
    for path in sorted(path for folder in folders for path in Path(folder).glob("*.txt")):
        yield path, path.read_text(encoding="utf-8-sig").replace("\r\n", "\n").replace("\\r\\n", "\n")


def compared(report, items):
    """Every proposed cell beside the proven one.

    Yields
    ------
    tuple of str
        Table, column, verdict (``right``, ``wrong``, ``open``) and how sure the rule was.
    """
    ledger = {int(row["offset"]): row for row in report.tables["numerals"].rows}
    offset = {row["numeral_id"]: int(row["offset"]) for row in ledger.values()}
    proven, place = defaultdict(list), {}
    for table in FIGURE_TABLES:
        for row in report.tables[table].rows:
            at = int(row["offset"]) if table == "claims" else offset[row["numeral_id"]]
            proven[at, table == "claims"].append((table, row))
            place[row["figure_id"]] = at, row["indicator_id"]
    mine = {(item.offset, item.role.value == "claim"): item for item in items}
    where = {id(row): item.offset for item in items for row in item.rows}
    for at, row in ledger.items():
        item = mine.get((at, False))
        yield "numerals", "numerals", "right" if item and item.token == row["token"] else "wrong", ""
        if item:
            yield "numerals", "role", verdict(item.role, row["role"]), item.role.sure
    for key in sorted({*proven, *mine}):
        have = list(mine[key].rows) if key in mine else []
        for table, row in proven.get(key, ()):
            same = [h for h in have if h.table == table]
            best = next((h for h in same if h.cells["indicator_id"].value == row["indicator_id"]), same[0] if same else None)
            yield table, "table", "right" if best else "wrong", (best or next(iter(have), None) or rules.Cell("", "", "open")).sure
            if best is None:
                continue
            have.remove(best)
            for column, cell in best.cells.items():
                if column not in row or (table == "claims" and column.startswith("claim")):
                    continue
                value, told = cell.value, row[column]
                if isinstance(value, rules.Row):  # the same figure, if it stands at the same place
                    value = where[id(value)]
                    told = place[told][0] if told in place else told
                if isinstance(value, rules.Numeral):
                    value, told = value.offset, offset.get(told, told)
                yield table, column, verdict(cell._replace(value=value), told), cell.sure
        for row in have:
            yield row.table, "row too many", "wrong", row.sure


def verdict(cell, told):
    if str(cell.value) == str(told):
        return "right"
    return "open" if cell.sure == "open" else "wrong"


def left_open(text, name, report):
    """What the rules leave to a person in a text of which nothing else is known: counts by kind."""
    meta = card.card(text, name)
    items = rules.propose(text, meta, rules.Codebook(report.indicators, report.areas, meta["area"]))
    count = Counter()
    for item in items:
        claim = item.role.value == "claim"
        count["claims" if claim else "numerals"] += 1
        count["figures"] += 0 if claim else len(item.rows)
        if not claim and item.role.sure != "sure":
            count["a numeral whose role is likely"] += 1
        if item.role.value in ("figure", "threshold") and not item.rows and item.role.rule != "how many are ranked":
            count["a figure without a proposed row"] += 1
        for row in item.rows:
            if not claim:
                count["a figure whose table is likely"] += row.sure != "sure"
            for column, cell in row.cells.items():
                if cell.sure == "open" and not column.startswith("claim_"):
                    count[f"`{column}`: {cell.rule}"] += 1
    return count


def percent(part, whole):
    return f"{100 * part / whole:.1f}" if whole else "–"


def measured(folders):
    """Verdicts on the proven reports, counts of all texts, and the seconds that all took."""
    known = {load_report(name).meta["sha256"]: name for name in report_names()}
    first, cells, counts, names, begun = load_report(), [], Counter(), [], time.perf_counter()
    found = list(texts(folders))
    for path, text in found:
        year = path.stem.rpartition("-")[2]
        counts += left_open(text, f"somewhere-{year if len(year) == 4 and year.isdigit() else 2020}", first)
    seconds = time.perf_counter() - begun
    for _, text in found:
        if name := known.get(proof_text.digest(text)):
            report = load_report(name)
            book = rules.Codebook(report.indicators, report.areas, report.meta["area"])
            cells += compared(report, rules.propose(text, report.meta, book))
            names.append(name)
    return {"cells": cells, "counts": counts, "texts": len(found), "reports": sorted(names), "seconds": seconds}


def judged():
    """Verdicts of readers who saw proposals of texts that no table holds: counts by sample, column, verdict and how sure."""
    count = Counter()
    for row in csv.DictReader((HERE / "judged.csv").open(encoding="utf-8")):
        count[row["sample"], row["column"], row["verdict"], row["sure"]] += int(row["cells"])
    return count


def page(found):
    """Text of the page of a measurement."""
    by_column, by_table, sure = defaultdict(Counter), defaultdict(Counter), Counter()
    for table, column, said, how in found["cells"]:
        by_column[column][said] += 1
        by_table[table, column][said] += 1
        if how == "sure":
            sure[said] += 1
    lines = [
        "# How often the rules of a draft are right", "",
        "`make draft` proposes every cell by rules of the genre and says how sure each rule is. Made by `tests/drafts/measure.py`, which takes folders with "
        "texts; the texts themselves are not part of the project.", "",
        f"## Against {len(found['reports'])} proven reports", "",
        f"{', '.join(found['reports'])}: what the rules propose, beside what two readers and the text settled. *Open* is a cell that the rule leaves to a person. "
        "The rules were written with these reports at hand; how they do on others stands below.", "",
        f"Of {sum(sure.values()):,} cells that a rule calls *sure*, {sure['wrong']} are wrong ({percent(sure['wrong'], sum(sure.values()))} %; aim: under {MOST_SURE_WRONG} %).", "",
        "| column | right | wrong | open | right, % | aim |", "|:---|---:|---:|---:|---:|---:|",
    ]  # fmt: skip
    for column, count in by_column.items():
        total = sum(count.values())
        lines.append(f"| {column} | {count['right']} | {count['wrong']} | {count['open']} | {percent(count['right'], total) if column != 'row too many' else ''} | {AIMS.get(column, '')} |")
    lines += ["", "By table:", "", "| table | column | right | wrong | open |", "|:---|:---|---:|---:|---:|"]
    lines += [f"| {table} | {column} | {c['right']} | {c['wrong']} | {c['open']} |" for (table, column), c in by_table.items()]
    lines += ["", "## On texts that no table holds", ""]
    seen = judged()
    samples = sorted({sample for sample, *_ in seen})
    lines += [
        f"{len(samples)} samples of 150 numerals drawn at random from all other texts, each proposal judged by a reader who knew the codebook and not the rules; "
        "[judged.csv](judged.csv) has every verdict that is not *right* with its place. The kinds of slips in one sample were mended before the next was drawn; "
        "the last one is of the rules as they are.", "",
        "| sample | cells | sure | of these wrong | % | likely | of these wrong | % |", "|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]  # fmt: skip
    for sample in samples:
        of = {how: sum(n for (s, _, _, h), n in seen.items() if (s, h) == (sample, how)) for how in ("sure", "likely")}
        wrong = {how: sum(n for (s, _, v, h), n in seen.items() if (s, v, h) == (sample, "W", how)) for how in of}
        told = " | ".join(f"{of[how]} | {wrong[how]} | {percent(wrong[how], of[how])}" for how in of)
        lines.append(f"| {sample} | {sum(n for (s, *_), n in seen.items() if s == sample)} | {told} |")
    lines += ["", "By column, in the last sample (*untold*: the words shown to the reader do not tell):", "", "| column | right | wrong | open | untold |", "|:---|---:|---:|---:|---:|"]
    for column in dict.fromkeys(column for sample, column, *_ in seen if sample == samples[-1]):
        said = [sum(n for (s, c, v, _), n in seen.items() if (s, c, v) == (samples[-1], column, verdict)) for verdict in "RWOX"]
        lines.append(f"| {column} | {' | '.join(map(str, said))} |")
    counts, took = found["counts"], "under ten seconds" if found["seconds"] < 10 else f"{found['seconds']:.0f} seconds"
    lines += [
        "", f"## What is left to a person in {found['texts']} texts", "",
        f"{counts['numerals']:,} numerals and {counts['claims']:,} terms of claims, with {counts['figures']:,} figures, of reports of the nation, provinces, prefectures and counties, "
        f"with the codebook as it is; all texts in {took}, none crashed.", "",
        "| left open | how often |", "|:---|---:|",
        *(f"| {kind} | {n:,} |" for kind, n in counts.most_common() if kind not in ("numerals", "claims", "figures") and n),
        "", "What the codebook lacks is mostly what one report alone counts; of the main indicators it knows the names that reports use.", "",
        *(HERE / "trial.md").read_text(encoding="utf-8").splitlines(),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    if not sys.argv[1:]:
        sys.exit("give folders with texts of reports: measure.py FOLDER…")
    result = measured(sys.argv[1:])
    if missing := sorted(set(report_names()) - set(result["reports"])):
        sys.exit(f"no text of {', '.join(missing)} in these folders: the page is left as it was")
    (HERE / "README.md").write_text(page(result), encoding="utf-8")
    print(f"{result['texts']} texts in {result['seconds']:.1f} s; the page is tests/drafts/README.md")
