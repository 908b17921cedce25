"""What things are called and where a statement comes from: names, source lines, citations, caveats."""

from .tables import read_descriptor

_WORDS = {
    "en": ("Source: {title} (delivered {date}), {ids}", "; published statistics {ids}", ". Own calculations."),
    "zh": ("资料来源：《{title}》（{date}），{ids}", "；公布数据{ids}", "。作者计算。"),
}  # fmt: skip


def indicator_name(report, indicator, lang):
    """Short name of an indicator, or its full one, from the codebook."""
    row = report.indicators[indicator]
    return row[f"short_{lang}"] or row[f"name_{lang}"]


def area_name(report, area, lang, *, start=False):
    """Short name of an area as it stands in a sentence or, with `start`, in a label."""
    row = report.areas[area]
    name = row[f"short_{lang}"] or row[f"name_{lang}"]
    return name.removeprefix("the ").capitalize() if start and name.startswith("the ") else name


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


def source_line(report, ids, lang):
    """The source line of a chart or a table: report, date, ids."""
    own = [i for i in ids if not i.startswith("P")]
    published = [i for i in ids if i.startswith("P")]
    first, second, last = _WORDS[lang]
    what = {"en": "figures ", "zh": "数据"}[lang] + compact_ids(own) if own else {"en": "all numerals", "zh": "全部数字"}[lang]
    line = first.format(title=report.meta[f"title_{lang}"], date=report.meta["delivered"], ids=what)
    separator = {"en": ", ", "zh": "、"}[lang]
    line += second.format(ids=compact_ids(published)) if published else ""
    return (line + last).replace(", ", separator) if lang == "zh" else line + last


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
