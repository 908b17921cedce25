"""Where a statement comes from: offices, footers, citations, caveats."""

from .frames import areas_above
from .tables import read_descriptor
from .words import day


def compact_ids(ids):
    """Ids in short: ``G01–G05, D01``.

    Examples
    --------
    >>> compact_ids(["D03", "G01", "D01", "D02"])
    'D01–D03, G01'
    """
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
    own = report.areas[report.meta["area"]]
    chain = [report.areas[a] for a in areas_above(report) if report.areas[a]["kind"] != "nation"]
    names = [area[f"name_{lang}"] for area in chain]
    if lang == "en":
        return f"{own['name_en']} ({own['name_zh']}) is a {own['type_en']} in {', '.join(reversed(names))}." if names else ""
    return f"{own['name_zh']}是{''.join(names)}的{own['type_zh']}。" if names else ""


def offices(report, ids):
    """The offices whose published figures are among some ids, each once, as rows of ``sources``."""
    by_id = {row["source_id"]: row for row in report.tables["sources"].rows}
    wanted = set(ids)
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
    package, meta = read_descriptor(), report.meta
    others = [row[f"publisher_{lang}"] for row in offices(report, ids)]
    more = {"en": f"{len(others) - 3} more", "zh": f"等{len(others)}家"}[lang]
    others = others[:3] + [more] if len(others) > 4 else others
    date = day(meta["delivered"], lang)
    stated = not ids or any(not i.startswith("P") for i in ids)
    if lang == "en":
        incomplete = ", incomplete copy" if meta.get("recovered_part") else ""
        own = [f"government work report of {report.areas[meta['area']]['name_en']} ({date}{incomplete})"]
        text = "; ".join((own if stated else []) + others + (["own calculations"] if derived else []))
        return f"{place(report, lang)} Source: {text}. {package['title_short']}, CC BY 4.0."
    incomplete = "，文本不完整" if meta.get("recovered_part") else ""
    own = [f"{meta['title_zh']}（{date}{incomplete}）"] if stated else []
    text = "；".join(own + others + (["本项目计算"] if derived else []))
    return f"{place(report, lang)}资料来源：{text}。{package['title_short_zh']}，CC BY 4.0。"


def caveats(report, ids, lang):
    """What the errata say about any of the figures: finding and treatment, one text each."""
    wanted = set(ids)
    stop, comma, colon = {"en": (". ", ", ", ": "), "zh": ("。", "、", "：")}[lang]
    return [
        f"{row['figure_ids'].replace(' ', comma)}{colon}{row[f'finding_{lang}']}{stop}{row[f'treatment_{lang}']}{stop.strip()}"
        for row in report.tables["errata"].rows
        if wanted & set(row["figure_ids"].split())
    ]


def citations(report):
    """How to cite the collection, and how to cite the report.

    Parameters
    ----------
    report : Report

    Returns
    -------
    dict of str to str
        ``en``: in English; ``zh``: by GB/T 7714; ``bibtex``. The collection first, then the report;
        the day of reading is for the reader to fill in.
    """
    package, meta = read_descriptor(), report.meta
    authors, year = package["contributors"][0], package["created"][:4]
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
