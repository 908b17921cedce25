"""Every figure as a person looks it up: what it is, as printed and in international units, how precise, where, in which charts."""

from .prose import LANGUAGES, MINUS, international
from .story import Texts, each, name_of, place_of
from .tables import FIGURE_TABLES, NOT_STATED, printed_unit

TEXTS = Texts("figures")


def ordered(report):
    """Rows of every figure and claim of the report, in the order of the text.

    Returns
    -------
    list of (str, dict)
        Table and row.
    """
    rows = [(name, row) for name in FIGURE_TABLES for row in report.tables[name].rows]
    return sorted(rows, key=lambda item: (_offset(report, item[1]), item[1]["figure_id"]))


def _offset(report, row):
    return int(row["offset"] if "offset" in row else report.numerals[row["numeral_id"]]["offset"])


def printed(row):
    """A figure as printed, with its unit and qualifier, by language."""
    if row["value"] == NOT_STATED:
        return TEXTS.get("printed.not_stated")
    value = row["value"].replace("-", MINUS)
    amount = {"en": f"{value}\u00a0{row['unit']}".replace("\u00a0%", "%").rstrip(), "zh": value + row["unit"]}
    return TEXTS.say(f"printed.{row['qualifier'] or 'none'}", amount=amount)


def in_international_units(row):
    """A figure in international units, as `prose.international`; amounts without a unit are yuan."""
    return international(row["value"], row["unit"] or "元")


def interval(figure):
    """What a figure may stand for, in its printed unit, by language."""
    low, high = (printed_unit(figure, end) for end in ("low", "high"))
    key = "exact" if low == high else "range" if high.is_finite() else "above"
    return TEXTS.say(f"interval.{key}", low=f"{low:,f}", high=f"{high:,f}" if high.is_finite() else "∞")


def _against(report, table, row):
    """What a figure is measured against, by language; None where it stands alone."""
    if table == "gaps":
        comparator = row["comparator"]
        name = place_of(report, comparator) if comparator in report.areas else TEXTS.get(f"comparator.{comparator}")
        return TEXTS.say(f"against.{row['direction']}", area=name)
    if table == "rankings":
        return TEXTS.say(f"against.{row['aspect']}", area=place_of(report, row["scope"]))
    if table == "shares" and row["of_en"]:
        return TEXTS.say("against.share", of={"en": row["of_en"], "zh": row["of_zh"]})
    if table == "targets":
        return TEXTS.say("against.outcome", id=row["outcome"])
    if table == "thresholds":
        return TEXTS.say("against.counted", id=row["counted"])
    return {"en": row["claim_en"], "zh": row["claim_zh"]} if table == "claims" else None


def catalogue(report, cards):
    """Every figure and claim of the report, in the order of the text.

    Parameters
    ----------
    report : Report
    cards : dict of str to dict
        Cards of the exported charts by stem, as `pages.cards` reads them.

    Returns
    -------
    list of dict
        ``id``, ``theme``, ``table``, ``section``, ``offset``, ``period``, ``international``, the list
        ``charts`` of stems (those with the fewest figures first), and by language ``what``, ``kind``, ``printed``, ``interval``, ``area``,
        ``against``, ``place``.
    """
    sections = {s["id"]: s for s in report.meta["sections"]}
    narrowest = sorted(cards, key=lambda stem: len(cards[stem]["figure_ids"]))
    rows = []
    for table, row in ordered(report):
        offset = _offset(report, row)
        section = row["section"] if "section" in row else report.numerals[row["numeral_id"]]["section"]
        figure = report.figures.get(row["figure_id"])
        nothing = dict.fromkeys(LANGUAGES, "")
        rows.append(
            {
                "id": row["figure_id"],
                "table": table,
                "theme": report.indicators[row["indicator_id"]]["theme"],
                "what": name_of(report, row["indicator_id"]),
                "kind": TEXTS.get(f"kind.{table}"),
                "printed": printed(row),
                "international": in_international_units(row),
                "order": float(figure.quantity.value) if figure else "",
                "interval": interval(figure) if figure else nothing,
                "period": row["period"],
                "area": place_of(report, row["area"], start=True),
                "against": _against(report, table, row) or nothing,
                "section": section,
                "offset": offset,
                "place": each(lambda lang, s=section, at=offset: f"{sections[s][f'name_{lang}']} ({s}) · {at}"),
                "charts": [stem for stem in narrowest if row["figure_id"] in cards[stem]["figure_ids"]],
            }
        )
    return rows


def published(report):
    """Every published statistic that was found, in the order of the table.

    Returns
    -------
    list of dict
        ``id``, ``period``, ``international``, ``order``, ``publisher``, ``title``, ``date``, ``url``, and by
        language ``what``, ``kind``, ``printed``, ``area``.
    """
    return [
        {
            "id": row["published_id"],
            "what": name_of(report, row["indicator_id"]),
            "kind": TEXTS.get(f"measure.{row['measure']}"),
            "printed": printed(row),
            "international": international(row["value"], row["unit"]),
            "order": float(report.figures[row["published_id"]].quantity.value),
            "period": row["period"],
            "area": place_of(report, row["area"], start=True),
            "publisher": row["publisher"],
            "title": row["title"],
            "date": row["published_date"],
            "url": row["url"],
        }
        for row in report.tables["published"].rows
        if row["published_id"] in report.figures
    ]
