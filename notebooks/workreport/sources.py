"""Where a statement comes from: offices, footers, citations, caveats."""

from .frames import areas_above
from .tables import DEFAULT_REPORT, load, read_descriptor
from .words import day


def compact_ids(ids):
    """Ids in short: ``G01–G05, D01``; those of several reports by report.

    Examples
    --------
    >>> compact_ids(["D03", "G04", "D01", "D02"])
    'D01–D03, G04'
    >>> compact_ids(["jingmen-2024:D01", "jingmen-2024:G06", "P001"])
    'P001; jingmen-2024: D01, G06'
    """
    by_report = {}
    for one in ids:
        by_report.setdefault(one.rpartition(":")[0], []).append(one.rpartition(":")[2])
    if set(by_report) - {""}:
        return "; ".join((f"{name}: " if name else "") + compact_ids(some) for name, some in sorted(by_report.items()))
    runs = []
    for figure_id in sorted(set(ids)):
        letter, n = figure_id[0], int(figure_id[1:])
        if runs and runs[-1][0] == letter and runs[-1][2] == n - 1:
            runs[-1][2:] = [n, figure_id]
        else:
            runs.append([letter, figure_id, n, figure_id])
    return ", ".join(first if first == last else f"{first}–{last}" for _, first, _, last in runs)


def place(report, lang):
    """Where the report's area lies, for a reader who has never heard of it."""
    own, above = report.areas[report.meta["area"]], areas_above(report)
    chain = [report.areas[a] for a in above if report.areas[a]["kind"] != "nation" or len(above) == 1]
    names = [area[f"name_{lang}"] for area in chain]
    if lang == "en":
        return f"{own['name_en']} ({own['name_zh']}) is a {own['type_en']} in {', '.join(reversed(names))}." if names else ""
    return f"{own['name_zh']}是{''.join(names)}的{own['type_zh']}。" if names else ""


def offices(report, ids):
    """The offices whose published figures are among some ids, each once, as rows of ``sources``."""
    by_id, wanted = {row["source_id"]: row for row in report.tables["sources"].rows}, set(ids)
    rows = [by_id[row["source_id"]] for row in report.tables["published"].rows if row["published_id"] in wanted and row["source_id"]]
    return list({row["publisher_en"]: row for row in rows}.values())


def footer(report, ids, derived, lang):
    """What stands under a picture for strangers: where the place is, sources by name, that the copy is incomplete, project, licence.

    Parameters
    ----------
    report : Report
    ids : collection of str
        Figures drawn.
    derived : bool
        Whether anything drawn was calculated.
    lang : {"en", "zh"}
    """
    package, meta, en = read_descriptor(), report.meta, lang == "en"
    others = [row[f"publisher_{lang}"] for row in offices(report, ids)]
    if len(others) > 4:
        others = [*others[:3], f"{len(others) - 3} more"] if en else [*others[:2], f"{others[2]}等{len(others)}家"]
    if several := sorted({i.rpartition(":")[0] for i in ids if ":" in i}):
        where, own = "", [_reports(several, lang)]
    else:
        where, date = place(report, lang), day(meta["delivered"], lang)
        if meta.get("recovered_part"):
            date += ", incomplete copy" if en else "，文本不完整"
        elif not report.whole:
            date += ", entered in part" if en else "，部分录入"
        name = report.areas[meta["area"]]["name_en"]
        own = [f"government work report of {name} ({date})" if en else f"{meta['title_zh']}（{date}）"]
        if ids and all(i.startswith("P") for i in ids):  # nothing of the report's own
            own = []
    told = own + others + (["own calculations" if en else "本项目计算"] if derived else [])
    if en:
        return f"{where} Source: {'; '.join(told)}. {package['title_short']}, CC BY 4.0.".lstrip()
    return f"{where}资料来源：{'；'.join(told)}。{package['title_short_zh']}，CC BY 4.0。"


def _reports(names, lang):
    """Whose reports, and of which years."""
    years = {}
    for report in map(load, names):
        years.setdefault(report.areas[report.meta["area"]][f"name_{lang}"], []).append(report.meta["year_planned"])
    if lang == "en":
        whose = ", ".join(f"{place} ({', '.join(told)})" for place, told in years.items())
        return f"government work reports of {whose if len(years) < 5 else f'{len(years)} places'}"
    whose = "、".join(f"{place}（{'、'.join(told)}年）" for place, told in years.items())
    return f"{whose if len(years) < 5 else f'{len(years)}个地区'}政府工作报告"


def missing(report, lang):
    """What of a report is not here: where the copy breaks off, or which sections alone are entered."""
    if report.meta.get("recovered_part"):
        return report.meta[f"break_note_{lang}"]
    if report.whole:
        return ""
    sections = [s[f"name_{lang}"] for s in report.meta["sections"] if s["id"] in report.meta["covers"]]
    return {"en": f"Entered are only these sections: {'; '.join(sections)}.", "zh": f"只录入了以下部分：{'；'.join(sections)}。"}[lang]


def caveats(report, ids, lang):
    """What the errata say about any of the figures: finding and treatment, one text each."""
    wanted = set(ids)
    stop, comma, colon = {"en": (". ", ", ", ": "), "zh": ("。", "、", "：")}[lang]
    return [
        f"{row['figure_ids'].replace(' ', comma)}{colon}{row[f'finding_{lang}']}{stop}{row[f'treatment_{lang}']}{stop.strip()}"
        for row in report.tables["errata"].rows
        if wanted & set(row["figure_ids"].split())
    ]


def caption(title, subtitle, source, lang):
    """What to write under a chart, sentence by sentence."""
    stop = {"en": ". ", "zh": "。"}[lang]
    return stop.join(text.rstrip(".。") for text in (title, subtitle)) + stop + source


def citations(report):
    """How to cite the collection, and how to cite the report.

    Returns
    -------
    dict of str to str
        ``en``: in English; ``zh``: by GB/T 7714; ``bibtex``. The collection first, then the report;
        the day of reading is for the reader to fill in.
    """
    package, meta = read_descriptor(), report.meta
    authors, year = package["contributors"][0], package["created"][:4]
    if report.name != DEFAULT_REPORT:  # the collection is called after its first report
        short = package["title_short"], package["title_short_zh"]
        authors = {"title": f"Contributors to {short[0]}", "title_zh": f"{short[1]}贡献者"}
        package = package | {"title": f"{short[0]}: {meta['title_en']}", "title_zh": f"{short[1]}：{meta['title_zh']}"}
    delivered, address = meta["delivered"], meta["read_at"]
    return {
        "en": f"{authors['title']} ({year}). {package['title']}: data and charts. Version {package['version']}. CC BY 4.0.\n"
        f"{meta['publisher_en']} ({delivered}). {meta['title_en']} [{meta['title_zh']}]. {address} (read on YYYY-MM-DD).",
        "zh": f"{authors['title_zh']}. {package['title_zh']}：数据与图表[DS]. {package['version']}版. {year}. CC BY 4.0.\n"
        f"{meta['publisher_zh']}. {meta['title_zh']}[R/OL]. ({delivered})[引用日期]. {address}.",
        "bibtex": f"@misc{{{meta['area']}{delivered[:4]}figures,\n  author = {{{{{authors['title']}}}}},\n  title = {{{package['title']}: data and charts}},\n"
        f"  year = {{{year}}},\n  note = {{Version {package['version']}, CC BY 4.0}}\n}}\n"
        f"@techreport{{{meta['area']}{delivered[:4]}report,\n  author = {{{{{meta['publisher_en']}}}}},\n  title = {{{meta['title_zh']} [{meta['title_en']}]}},\n"
        f"  institution = {{{meta['publisher_zh']}}},\n  year = {{{delivered[:4]}}},\n  url = {{{address}}}\n}}",
    }
