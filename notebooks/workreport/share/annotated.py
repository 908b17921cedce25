"""The report as its reader sees it: the text from his own copy, every numeral marked, with all that is known of it.

``make read TEXT=path`` builds the site of one report with its text in ``read/``, which git ignores. Only there do the
sentences of a report stand; `site` has no text.
"""

import argparse
import os
import sys
from collections import Counter, defaultdict
from itertools import count
from pathlib import Path

from .. import collection, rerun, sources
from ..analysis import growth, ledger, published
from ..files import only_one
from ..numbers import ForbiddenOperation
from ..page import Page
from ..proof import check
from ..proof import text as proof_text
from ..proof.ledger import covered, end_of
from ..proof.tokeniser import find_numerals
from ..tables import DATA, DEFAULT_REPORT, FIGURE_TABLES, DataError, report_names
from ..words import LANGUAGES, vocabulary
from . import catalogue, site
from .catalogue import in_language
from .pages import cards, notebook_of

ROLES = {
    "figure": ("figure", "数据"), "threshold": ("class boundary", "门槛"), "year": ("year", "年份"), "date": ("date", "日期"),
    "name": ("part of a name", "名称的一部分"), "road": ("number of a road", "道路编号"), "list_marker": ("number of a list", "序号"),
    "role": ("number of people in a role", "职务人数"), "other": ("other", "其他"),
}  # fmt: skip
BARE, OUTSIDE = "bare", "outside"  # a numeral without a row: of what is entered, or of the rest
KINDS = {
    "plain": ("no figure: year, name, list", "非数据：年份、名称、序号"),
    BARE: ("without a row", "缺行"), OUTSIDE: ("not entered", "未录入的部分"),
}  # fmt: skip
# What of `catalogue.FIGURES` a note says; its heading says the rest.
_SAID = ("measure:measure", "printed", "range", "period:period", "area:label", "note")


class ReadError(Exception):
    """A text that cannot be shown with the tables: what is wrong, and what to do."""


def marks(report, text):
    """Places of a text that are marked.

    Parameters
    ----------
    report : Report
    text : str

    Returns
    -------
    list of dict
        In the order of the text: ``start`` and ``end`` (characters), ``ids`` of figures and claims there, ``numeral`` (row
        of the ledger, or None) and ``kind``: a table, ``plain`` of a numeral that states nothing, `BARE` or `OUTSIDE` of one
        without a row. Claims that meet a numeral share its mark.
    """
    figures, found = {}, []
    for table in FIGURE_TABLES[:-1]:
        for row in report.tables[table].rows:
            figures.setdefault(row["numeral_id"], []).append((table, row["figure_id"]))
    rows = {int(row["offset"]): row for row in report.tables["numerals"].rows if row["offset"].isdecimal()}
    counted = {row["out_of_numeral_id"] for row in report.tables["rankings"].rows}

    def mark(start, token, kind, ids=(), numeral=None):
        found.append({"start": start, "end": start + len(token), "ids": [*ids], "numeral": numeral, "kind": kind})

    for numeral in find_numerals(text[: end_of(report.meta)]):  # what a website added is no text of the report
        if numeral.offset not in rows:
            mark(numeral.offset, numeral.token, BARE if covered(report.meta, numeral.offset) else OUTSIDE)
    for at, row in rows.items():
        if text.startswith(row["token"], at):
            own = figures.get(row["numeral_id"], [])
            # How many are ranked is said with the rank.
            kind = own[0][0] if own else "rankings" if row["numeral_id"] in counted else "plain"
            mark(at, row["token"], kind, [i for _, i in own], row)
    for row in report.tables["claims"].rows:
        if _stands(text, row, "term"):
            at, end = int(row["offset"]), int(row["offset"]) + len(row["term"])
            if same := next((m for m in found if m["start"] < end and at < m["end"]), None):
                same["ids"].append(row["figure_id"])
                same["end"] = max(same["end"], end)
            else:
                mark(at, row["term"], "claims", [row["figure_id"]])
    found.sort(key=lambda m: m["start"])
    return [m for one, m in zip([None, *found], found, strict=False) if one is None or m["start"] >= one["end"]]


def _stands(text, row, column):
    """Whether what a row quotes stands where it says."""
    return row["offset"].isdecimal() and text.startswith(row[column], int(row["offset"]))


def astray(report, text):
    """Rows whose numeral or term does not stand where they say: table, id, what should stand there, and the offset."""
    for table, key, column in (("numerals", "numeral_id", "token"), ("claims", "figure_id", "term")):
        for row in report.tables[table].rows:
            if not _stands(text, row, column):
                yield table, row[key], row[column], row["offset"]
    known = {row["numeral_id"] for row in report.tables["numerals"].rows}
    for table in FIGURE_TABLES[:-1]:
        for row in report.tables[table].rows:
            if row["numeral_id"] not in known:
                yield table, row["figure_id"], row["value"], ""


def notes(report, lang, held, register, root):
    """What is known of each figure, in words.

    Parameters
    ----------
    report : Report
        Proven without its text.
    lang : {"en", "zh"}
    held : dict
        Cards of the charts that are there.
    register : dict
        As of `collection.findings`.
    root : Path

    Returns
    -------
    dict of dict
        By id of the figure: ``title``, ``facts`` (pairs of heading and text), ``findings`` (triples of text, address and
        notebook) and ``charts`` (pairs of address and title).
    """
    t, page, made = in_language(lang), Page("catalogue", report, lang), {}
    data = catalogue.every_figure(page)
    shown = catalogue.rows(page, data, [spec for spec in catalogue.FIGURES if spec[0] in _SAID])
    beside, relations, read = _beside(page, lang), _relations(report, lang), _readings(report, lang)
    differed, by_claim = _differed(report, t), defaultdict(list)
    for book, claims in register.items():
        for claim in claims.values():
            for figure in claim.ids:
                by_claim[figure].append((claim.text(lang), f"{book}.html", book[:2]))
    for row, figure in zip(shown, data.itertuples(), strict=True):
        indicator = report.indicators[figure.indicator]
        facts = [(head, text) for head, text in row.items() if text and text != "–"]
        if figure.measure == "claims":
            kind = report.rows[figure.figure_id][1]["kind"]
            claimed = (t("Claim", "表述"), figure.note.text(lang)), (t("Kind of claim", "表述类别"), vocabulary()["claim"][kind][lang])
            facts = [facts[0], *claimed, *facts[2:-1]]
        else:
            values = dict.fromkeys(figure.value.text(one) for one in (lang, *LANGUAGES))
            facts.insert(1, (t("Value", "数值"), " · ".join(values)))
        facts += beside[figure.figure_id] + relations[figure.figure_id]
        facts += [(t("Doubt", "存疑"), said) for said in sources.caveats(report, [figure.figure_id], lang)]
        facts += read[figure.figure_id] + differed[str(figure.offset), figure.measure]
        if indicator[f"definition_{lang}"]:
            source = f" ({indicator['definition_source']})" if lang == "en" and indicator["definition_source"] else ""
            facts.append((t("Definition", "定义"), indicator[f"definition_{lang}"] + source))
        stems = catalogue.charts_of(held, figure.figure_id)
        charts = [(f"{notebook_of(stem, root)}.html#{stem}", held[stem]["title"][lang]) for stem in stems]
        uses = {"findings": by_claim[figure.figure_id], "charts": charts}
        made[figure.figure_id] = {"title": indicator[f"name_{lang}"], "facts": facts} | uses
    return made


def _beside(page, lang):
    """The benchmark that a lead implies, and what others published of the same thing, by id of the figure."""
    report, t, found = page.report, in_language(lang), defaultdict(list)
    for row in published.checks(report, growth.comparisons(report, None)).itertuples():
        words = page.phrase(
            "{a} grew by {q:worded} ({own:worded}, less the lead or plus the lag)", "{a}增长{q:worded}（由本地{own:worded}和差距推算）",
            a=row.area, q=row.implied, own=row.own,
        )  # fmt: skip
        told = [(t("Implied", "推算"), words.text(lang))]
        if row.status in ("agrees", "differs"):
            told.append((t("Published for that area", "该地区公布数"), _published(page, row, lang)))
        for figure in row.lead.ids:
            found[figure] += told
    for row in published.elsewhere(report).itertuples():
        for figure in row.own.ids:
            found[figure].append((t("Published elsewhere", "他处公布"), _published(page, row, lang)))
    return found


def _published(page, row, lang):
    """A published value, whether it agrees, who published it, and the kind of source."""
    office = next(s for s in page.report.tables["sources"].rows if s["source_id"] == row.source_id)
    named = dict.fromkeys((office[f"publisher_{lang}"], vocabulary()["quality"][row.quality][lang]))
    value = page.phrase("{q:worded} ({s:status})", "{q:worded}（{s:status}）", q=row.published, s=row.status)
    return in_language(lang)("; ", "；").join((value.text(lang), *named))


def _relations(report, lang):
    """Relations that a figure takes part in, with the verdict over whole intervals, by its id."""
    t, found = in_language(lang), defaultdict(list)
    for row in ledger.relations(report).itertuples():
        head = t("Must hold", "必须成立") if row.kind == "constraint" else t("Need not hold", "不必成立")
        said = getattr(row, f"statement_{lang}") + t(": ", "：") + vocabulary()["verdict"][row.verdict][lang]
        for figure in dict.fromkeys((*row.left.ids, *row.right.ids)):
            found[figure].append((head, said))
    return found


def _readings(report, lang):
    """Readings taken and not taken, with their reasons, by id of the figure."""
    t, found = in_language(lang), defaultdict(list)
    for choice in ledger.choices(report).itertuples():
        taken, other = (
            [row[f"reading_{lang}"] + t(". ", "。") + row[f"reason_{lang}"] for row in rows] for rows in (choice.used, choice.others)
        )
        for figure in choice.ids:
            found[figure] += [(t("Read as", "取"), said) for said in taken]
            found[figure] += [(t("Could be read as", "也可理解为"), said) for said in other]
    return found


def _differed(report, t):
    """Where two readers differed, and what the text settled, by offset and table."""
    found, none = defaultdict(list), t("nothing", "空")
    for row in report.tables["discrepancies"].rows:
        one, other, settled = (row[c] or none for c in ("first_reading", "second_reading", "settled"))
        said = t(f": {one} or {other}; settled: {settled}. {row['reason']}", f"：{one}或{other}，依原文定为{settled}")
        found[row["offset"], row["table"]].append((t("Two readers differed", "两次阅读不同"), row["field"] + said))
    return found


def paragraphs(report, text, found, lang):
    """The text as the page shows it, section by section; a section may begin inside a line.

    Returns
    -------
    list of dict
        ``heading`` (name of the section that begins here, or empty), ``anchor``, ``inside`` (whether it is part of what is
        entered) and ``pieces``: texts and marks in turn.
    """
    sections = sorted(report.meta["sections"], key=lambda s: s["start"])
    made, waiting, stop = [], list(found), end_of(report.meta)
    ends = [*(section["start"] for section in sections[1:]), len(text)]
    for section, end in zip(sections, ends, strict=True):
        at, headings = section["start"], [(section[f"name_{lang}"], f"section-{section['id']}")]
        for line in text[at:end].split("\n"):
            here, behind, pieces = at, at + len(line), []
            while waiting and waiting[0]["start"] < behind:
                mark = waiting.pop(0)
                pieces += [text[here : mark["start"]], mark]
                here = mark["end"]
            if line.strip():
                heading, anchor = headings.pop() if headings else ("", "")
                paragraph = {"heading": heading, "anchor": anchor, "inside": at < stop and covered(report.meta, at)}
                made.append(paragraph | {"pieces": [*pieces, text[here:behind]]})
            at = behind + 1
    return made


def facts(report, text, lang, held, register, faults, root):
    """Everything that the page of the text says, for its template."""
    found = marks(report, text)
    known = notes(report, lang, held, register, root) if not faults else {}
    tables = [table for table in report.tables.data.values() if table and table.name in FIGURE_TABLES]
    bare = {
        row[table.columns[0]]: {"title": "", "facts": [(c, v) for c, v in row.items() if v], "findings": [], "charts": []}
        for table in tables for row in table.rows
    }  # fmt: skip
    number, t = count(1), in_language(lang)
    for mark in found:
        numeral, ids = mark["numeral"], mark["ids"]
        mark["number"] = next(number) if ids else None  # of its note, in print
        mark["key"] = ids[0] if ids else numeral["numeral_id"] if numeral else f"at-{mark['start']}"
        mark["text"] = text[mark["start"] : mark["end"]]
        mark["role"] = t(*ROLES.get(numeral["role"], (numeral["role"],) * 2)) if numeral else ""
        mark["notes"] = [(i, known.get(i) or bare[i]) for i in ids]
    labels = {k: vocabulary()["measure"][k][lang] for k in FIGURE_TABLES} | {k: t(*both) for k, both in KINDS.items()}
    counts = Counter(mark["kind"] for mark in found)
    return {
        "marks": found, "paragraphs": paragraphs(report, text, found, lang), "counts": counts, "bare": [m for m in found if m["kind"] == BARE],
        "astray": list(astray(report, text)), "faults": [str(f) for f in faults],
        "kinds": [(kind, label) for kind, label in labels.items() if kind in counts],
    }  # fmt: skip


def build(path, *, root=site.ROOT, data=DATA, say=print):
    """Build ``read/`` for the report that a text is of.

    Parameters
    ----------
    path : Path
    root, data : Path
    say : callable
        Takes one line of progress.

    Returns
    -------
    report : Report
    page : dict
        What the page of the text says, in English.

    Raises
    ------
    ReadError
        If no report here is of this text, or its tables cannot be read.
    """
    text, fault = proof_text.read(path)
    if fault:
        raise ReadError(str(fault))
    report, faults = _of(text, path, data)
    faults += proof_text.faults(report, path)
    held, register, books, figures = {}, {}, {}, root / "figures"
    if not faults:
        register = collection.findings(report)
        if report.name == DEFAULT_REPORT:
            books = site.executed(rerun.notebooks_of(root), root, say)
        else:
            rerun.rerun_reports([report.name], root=root, say=say)
            figures, books = root / f"reports/{report.name}/figures", site.books_of(report.name, root)
        held = cards(figures)
    told = {lang: facts(report, text, lang, held, register, faults, root) for lang in LANGUAGES}
    site.publish(site.with_text(report, books, told, root=root, figures=figures), root / "read")
    return report, told["en"]


def _of(text, path, data):
    """The report whose text this is, and what is wrong with its tables."""
    names, wanted = report_names(data), proof_text.digest(text)
    for name in names:
        report, faults = check.check_data(name, data)
        if report is None and f'"{wanted}"' in (data / name / "report.json").read_text(encoding="utf-8", errors="replace"):
            told = f"{name}: its tables cannot be read: mend them (make check), then read again"
            raise ReadError("\n".join([*map(str, faults), told]))
        if report and report.meta["sha256"] == wanted:
            return report, list(faults)
    raise ReadError(
        f"{path}: found no text of a report here, expected the text of one of {', '.join(names)}, give its path, "
        f"or begin it: make draft NAME=area-year TEXT={path}"
    )


def main(arguments=None):
    """Command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="workreport.share.annotated", description="Build the report with its figures marked, in read/.")
    parser.add_argument("--text", default=os.environ.get("TEXT", ""))
    options = parser.parse_args(arguments)
    if not options.text:
        print("TEXT is missing: make read TEXT=path/to/text")
        return 1
    try:
        with only_one(site.ROOT / ".venv/rerun"):
            report, told = build(Path(options.text), say=print if sys.stdout.isatty() else lambda line: None)
    except (ReadError, OSError, KeyError, ForbiddenOperation, DataError, rerun.RerunError, collection.NotebookError) as error:
        print(error)
        return 1
    except KeyboardInterrupt:
        print("Stopped. What was in read/ is kept.")
        return 130
    marked, bare, astray = (len(told[part]) for part in ("marks", "bare", "astray"))
    print(f"{report.name}: {marked} marks, {bare} numerals without a row, {astray} rows without a numeral.")
    if told["faults"]:
        print(f"{len(told['faults'])} faults stand on the page, which has no findings and charts until they are mended.")
    print("Open read/index.html in a browser. It holds the text: keep it to yourself if the text is not yours to publish.")
    return int(bool(told["faults"]))


if __name__ == "__main__":
    sys.exit(main())
