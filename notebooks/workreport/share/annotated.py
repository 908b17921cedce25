"""The report as its reader sees it: the text from his own copy, every numeral marked, with all that is known of it.

``make read TEXT=path`` builds the site of one report with its text in ``read/``, which git ignores. Only there do the
sentences of a report stand; `site` has no text.
"""

import argparse
import os
import sys
from pathlib import Path

from .. import collection, rerun, sources
from ..analysis import growth, ledger, published
from ..files import WriteError, only_one
from ..numbers import ForbiddenOperation
from ..page import Page
from ..proof import check
from ..proof import text as proof_text
from ..proof.ledger import covered, end_of
from ..proof.tokeniser import find_numerals
from ..tables import DATA, DEFAULT_REPORT, FIGURE_TABLES, DataError, report_names
from ..words import LANGUAGES, vocabulary
from . import catalogue, site
from .pages import cards, notebook_of

ROLES = {
    "figure": ("figure", "数据"), "threshold": ("class boundary", "门槛"), "year": ("year", "年份"), "date": ("date", "日期"), "name": ("part of a name", "名称的一部分"),
    "road": ("number of a road", "道路编号"), "list_marker": ("number of a list", "序号"), "role": ("number of people in a role", "职务人数"), "other": ("other", "其他"),
}  # fmt: skip
BARE, OUTSIDE = "bare", "outside"  # a numeral without a row: of what is entered, or of the rest
KINDS = {
    "plain": ("no figure: year, name, list", "非数据：年份、名称、序号"), BARE: ("without a row", "缺行"), OUTSIDE: ("not entered", "未录入的部分"),
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
    figures = {}
    for table in FIGURE_TABLES[:-1]:
        for row in report.tables[table].rows:
            figures.setdefault(row["numeral_id"], []).append((table, row["figure_id"]))
    rows = {int(row["offset"]): row for row in report.tables["numerals"].rows if row["offset"].isdecimal()}
    counted = {row["out_of_numeral_id"]: row["figure_id"] for row in report.tables["rankings"].rows if row["out_of_numeral_id"]}
    found = []
    for numeral in find_numerals(text[: end_of(report.meta)]):  # what a website added is no text of the report
        if numeral.offset not in rows:
            found.append({"start": numeral.offset, "end": numeral.offset + len(numeral.token), "ids": [], "numeral": None, "kind": BARE if covered(report.meta, numeral.offset) else OUTSIDE})
    for at, row in rows.items():
        if text.startswith(row["token"], at):
            own = figures.get(row["numeral_id"], [])
            other = [counted[row["numeral_id"]]] if row["numeral_id"] in counted else []  # how many are ranked is said with the rank
            kind = own[0][0] if own else "rankings" if other else "plain"
            found.append({"start": at, "end": at + len(row["token"]), "ids": [i for _, i in own], "numeral": row, "kind": kind})
    for row in report.tables["claims"].rows:
        if row["offset"].isdecimal() and text.startswith(row["term"], at := int(row["offset"])):
            same = [m for m in found if m["start"] < at + len(row["term"]) and at < m["end"]]
            if same:
                same[0]["ids"].append(row["figure_id"])
                same[0]["end"] = max(same[0]["end"], at + len(row["term"]))
            else:
                found.append({"start": at, "end": at + len(row["term"]), "ids": [row["figure_id"]], "numeral": None, "kind": "claims"})
    found.sort(key=lambda m: m["start"])
    return [m for one, m in zip([None, *found], found, strict=False) if one is None or m["start"] >= one["end"]]


def astray(report, text):
    """Rows whose numeral or term does not stand where they say: table, id, what should stand there, and the offset."""
    for row in report.tables["numerals"].rows:
        if not (row["offset"].isdecimal() and text.startswith(row["token"], int(row["offset"]))):
            yield "numerals", row["numeral_id"], row["token"], row["offset"]
    known = {row["numeral_id"] for row in report.tables["numerals"].rows}
    for table in FIGURE_TABLES:
        for row in report.tables[table].rows:
            if table == "claims":
                if not (row["offset"].isdecimal() and text.startswith(row["term"], int(row["offset"]))):
                    yield table, row["figure_id"], row["term"], row["offset"]
            elif row["numeral_id"] not in known:
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
    t, page = (lambda en, zh: {"en": en, "zh": zh}[lang]), Page("catalogue", report, lang)
    data = catalogue.every_figure(page)
    columns = [spec for spec in catalogue.FIGURES if spec[0] in _SAID]
    shown = catalogue.rows(page, data, [(way, en or zh, zh or en) for way, en, zh in columns])
    beside, relations, read = _beside(page, lang), _relations(report, lang), _readings(report, lang)
    differed = _differed(report, t)
    by_claim = {}
    for book, claims in register.items():
        for claim in claims.values():
            for figure in claim.ids:
                by_claim.setdefault(figure, []).append((claim.text(lang), f"{book}.html", book[:2]))
    made = {}
    for row, figure in zip(shown, data.itertuples(), strict=True):
        indicator = report.indicators[figure.indicator]
        facts = [(head, text) for head, text in row.items() if text and text != "–"]
        if figure.measure == "claims":
            kind = report.rows[figure.figure_id][1]["kind"]
            facts = [facts[0], (t("Claim", "表述"), figure.note.text(lang)), (t("Kind of claim", "表述类别"), page.phrase("{k:claim}", "{k:claim}", k=kind).text(lang)), *facts[2:-1]]
        else:
            facts.insert(1, (t("Value", "数值"), " · ".join(dict.fromkeys(figure.value.text(one) for one in (lang, *LANGUAGES)))))
        facts += beside.get(figure.figure_id, [])
        facts += relations.get(figure.figure_id, [])
        facts += [(t("Doubt", "存疑"), said) for said in sources.caveats(report, [figure.figure_id], lang)]
        facts += read.get(figure.figure_id, [])
        facts += differed.get((str(figure.offset), figure.measure), [])
        if indicator[f"definition_{lang}"]:
            source = f" ({indicator['definition_source']})" if lang == "en" and indicator["definition_source"] else ""
            facts.append((t("Definition", "定义"), indicator[f"definition_{lang}"] + source))
        charts = [(f"{notebook_of(stem, root)}.html#{stem}", held[stem]["title"][lang]) for stem in catalogue.charts_of(held, figure.figure_id)]
        made[figure.figure_id] = {"title": indicator[f"name_{lang}"], "facts": facts, "findings": by_claim.get(figure.figure_id, []), "charts": charts}
    return made


def _beside(page, lang):
    """The benchmark that a lead implies, and what others published of the same thing, by id of the figure."""
    report, found = page.report, {}
    chain = growth.comparisons(report, None)
    for row in published.checks(report, chain).itertuples():
        words = page.phrase(
            "{a} grew by {q:worded} ({own:worded}, less the lead or plus the lag)", "{a}增长{q:worded}（由本地{own:worded}和差距推算）", a=row.area, q=row.implied, own=row.own
        )
        told = [({"en": "Implied", "zh": "推算"}[lang], words.text(lang))]
        if row.status in ("agrees", "differs"):
            told.append(({"en": "Published for that area", "zh": "该地区公布数"}[lang], _published(page, row, lang)))
        for figure in row.lead.ids:
            found.setdefault(figure, []).extend(told)
    for row in published.elsewhere(report).itertuples():
        for figure in row.own.ids:
            found.setdefault(figure, []).append(({"en": "Published elsewhere", "zh": "他处公布"}[lang], _published(page, row, lang)))
    return found


def _published(page, row, lang):
    """A published value, whether it agrees, who published it, and the kind of source."""
    office = next(s for s in page.report.tables["sources"].rows if s["source_id"] == row.source_id)
    parts = [page.phrase(office["publisher_en"], office["publisher_zh"]), page.phrase("{k:quality}", "{k:quality}", k=row.quality)]
    named = dict.fromkeys(part.text(lang) for part in parts)
    value = page.phrase("{q:worded} ({s:status})", "{q:worded}（{s:status}）", q=row.published, s=row.status)
    return {"en": "; ", "zh": "；"}[lang].join((value.text(lang), *named))


def _relations(report, lang):
    """Relations that a figure takes part in, with the verdict over whole intervals, by its id."""
    heads = {True: ("Must hold", "必须成立"), False: ("Need not hold", "不必成立")}
    colon, found = {"en": ": ", "zh": "："}[lang], {}
    for row in ledger.relations(report).itertuples():
        said = f"{getattr(row, f'statement_{lang}')}{colon}{vocabulary()['verdict'][row.verdict][lang]}"
        for figure in dict.fromkeys((*row.left.ids, *row.right.ids)):
            found.setdefault(figure, []).append((heads[row.kind == "constraint"][LANGUAGES.index(lang)], said))
    return found


def _readings(report, lang):
    """Readings taken and not taken, with their reasons, by id of the figure."""
    heads, found = {"en": ("Read as", "Could be read as"), "zh": ("取", "也可理解为")}[lang], {}
    stop = {"en": ". ", "zh": "。"}[lang]
    for choice in ledger.choices(report).itertuples():
        told = [(head, f"{row[f'reading_{lang}']}{stop}{row[f'reason_{lang}']}") for head, rows in zip(heads, (choice.used, choice.others), strict=True) for row in rows]
        for figure in choice.ids:
            found.setdefault(figure, []).extend(told)
    return found


def _differed(report, t):
    """Where two readers differed, and what the text settled, by offset and table."""
    found, none = {}, t("nothing", "空")
    for row in report.tables["discrepancies"].rows:
        one, other, settled = (row[c] or none for c in ("first_reading", "second_reading", "settled"))
        said = t(f"{row['field']}: {one} or {other}; settled: {settled}. {row['reason']}", f"{row['field']}：{one}或{other}，依原文定为{settled}")
        found.setdefault((row["offset"], row["table"]), []).append((t("Two readers differed", "两次阅读不同"), said))
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
    for n, section in enumerate(sections):
        at, end = section["start"], sections[n + 1]["start"] if n + 1 < len(sections) else len(text)
        lines = [(section[f"name_{lang}"], f"section-{section['id']}")]
        for line in text[at:end].split("\n"):
            here, behind, pieces = at, at + len(line), []
            while waiting and waiting[0]["start"] < behind:
                mark = waiting.pop(0)
                pieces += [text[here : mark["start"]], mark]
                here = mark["end"]
            if line.strip():
                heading, anchor = lines.pop() if lines else ("", "")
                inside = at < stop and covered(report.meta, at)
                made.append({"heading": heading, "anchor": anchor, "inside": inside, "pieces": [*pieces, text[here:behind]]})
            at = behind + 1
    return made


def facts(report, text, lang, held, register, faults, root):
    """Everything that the page of the text says, for its template."""
    found = marks(report, text)
    known = notes(report, lang, held, register, root) if not faults else {}
    rows = {row[table.columns[0]]: row for table in report.tables.data.values() if table and table.name in FIGURE_TABLES for row in table.rows}
    number = 0
    for mark in found:
        number += bool(mark["ids"])
        mark["number"] = number if mark["ids"] else None  # of its note, in print
        mark["key"] = (mark["ids"] or [mark["numeral"]["numeral_id"] if mark["numeral"] else f"at-{mark['start']}"])[0]
        mark["text"] = text[mark["start"] : mark["end"]]
        mark["role"] = ROLES.get(mark["numeral"]["role"], (mark["numeral"]["role"],) * 2)[LANGUAGES.index(lang)] if mark["numeral"] else ""
        mark["notes"] = [(i, known.get(i) or {"title": "", "facts": [(c, v) for c, v in rows[i].items() if v], "findings": [], "charts": []}) for i in mark["ids"]]
    labels = {k: vocabulary()["measure"][k][lang] for k in FIGURE_TABLES} | {k: both[LANGUAGES.index(lang)] for k, both in KINDS.items()}
    counts = {}
    for mark in found:
        counts[mark["kind"]] = counts.get(mark["kind"], 0) + 1
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
    name, report, faults = _of(text, path, data)
    faults += proof_text.faults(report, path)
    held, register, books, figures = {}, {}, {}, root / "figures"
    if not faults:
        notebooks = sorted((root / "notebooks").glob("[0-9][0-9]-*.ipynb"))
        register = collection.findings(report)
        if name == DEFAULT_REPORT:
            books = site.executed(notebooks, root, say)
        else:
            rerun.rerun_reports([name], root=root, say=say)
            figures = root / "reports" / name / "figures"
            paths = {(p.stem, lang): root / "reports" / name / f"{p.stem}-{lang}.ipynb" for p in notebooks for lang in LANGUAGES}
            books = {key: p.read_text(encoding="utf-8") for key, p in paths.items() if p.is_file()}
        held = cards(figures)
    told = {lang: facts(report, text, lang, held, register, faults, root) for lang in LANGUAGES}
    site.publish(site.with_text(report, books, told, root=root, figures=figures), root / "read")
    return report, told["en"]


def _of(text, path, data):
    """Name of the report whose text this is, its tables, and what is wrong with them."""
    names, wanted = report_names(data), proof_text.digest(text)
    for name in names:
        report, faults = check.check_data(name, data)
        if report is None and f'"{wanted}"' in (data / name / "report.json").read_text(encoding="utf-8", errors="replace"):
            raise ReadError("\n".join([*map(str, faults), f"{name}: its tables cannot be read: mend them (make check), then read again"]))
        if report and report.meta["sha256"] == wanted:
            return name, report, list(faults)
    raise ReadError(f"{path}: found no text of a report here, expected the text of one of {', '.join(names)}, give its path, or begin it: make draft NAME=area-year TEXT={path}")


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
    except (ReadError, WriteError, OSError, KeyError, ForbiddenOperation, DataError, rerun.RerunError, collection.NotebookError) as error:
        print(error)
        return 1
    except KeyboardInterrupt:
        print("Stopped. What was in read/ is kept.")
        return 130
    print(f"{report.name}: {len(told['marks'])} marks, {len(told['bare'])} numerals without a row, {len(told['astray'])} rows without a numeral.")
    if told["faults"]:
        print(f"{len(told['faults'])} faults stand on the page, which has no findings and charts until they are mended.")
    print("Open read/index.html in a browser. It holds the text: keep it to yourself if the text is not yours to publish.")
    return int(bool(told["faults"]))


if __name__ == "__main__":
    sys.exit(main())
