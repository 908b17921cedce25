"""Every ambiguous figure under each reading, and whether a headline changes."""

from . import charts, findings
from .prose import number
from .story import Texts, in_percent, interval_percent, join, name_of, noun_of
from .units import quantity_of

NOTEBOOK = "91-other-readings"
TEXTS = Texts("readings")


def opening(report):
    """What is tried."""
    return TEXTS.get("opening")


def _headlines(report):
    """Every finding of the other notebooks."""
    return [f for found in findings.findings(report, without=NOTEBOOK).values() for f in found]


def _changed(before, after):
    """Names of the findings that read differently."""
    before, after = ({f.name: f.text for f in found} for found in (before, after))
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))


def trials(report):
    """Every reading with the findings that use its figure and the headlines it changes.

    Returns
    -------
    list of dict
        ``reading`` (row of readings.csv), ``used_by`` (names), ``changes`` (names, or None where
        the reading is not one of value).
    """
    found, result = _headlines(report), []
    for row in report.tables["readings"].rows:
        used = [f.name for f in found if row["figure_id"] in f.figure_ids]
        changes = _changed(found, _headlines(report.under_reading(row["reading_id"]))) if row["field"] == "value" else None
        result.append({"reading": row, "used_by": used, "changes": changes})
    return result


def answer(report):
    """How many readings change a headline."""
    tried = [t for t in trials(report) if t["changes"] is not None and t["reading"]["adopted"] == "no"]
    changed = [t for t in tried if t["changes"]]
    meant = [row for row in report.tables["readings"].rows if row["field"] != "value"]
    ids = [t["reading"]["figure_id"] for t in tried]
    return [
        TEXTS.finding(
            "tried.some" if changed else "tried.none",
            "all findings computed again",
            ids,
            "exact",
            tried=str(len(tried)),
            changed=str(len(changed)),
        ),
        TEXTS.finding(
            "open",
            "readings of basis or concept",
            [r["figure_id"] for r in meant],
            "exact",
            open=str(len(meant)),
            figures=str(len({r["figure_id"] for r in meant})),
        ),
    ]


def _values(report):
    return [row for row in report.tables["readings"].rows if row["field"] == "value"]


def intervals_chart(report):
    """Interval of every reading of a value: dot plot."""
    rows = []
    for row in _values(report):
        figure = report.figures[row["figure_id"]]
        other = report.under_reading(row["reading_id"]).figures[figure.id]
        rows.append({
            "group": name_of(report, figure.row["indicator_id"]), "series": "qinyang" if row["adopted"] == "yes" else "other", "series_label": TEXTS.get(f"label.{row['adopted']}"), **in_percent(other.quantity),
            "unit": "%", "label": interval_percent(other.quantity), "mark": "stated" if row["adopted"] == "yes" else "rebuilt", "ids": figure.id,
        })  # fmt: skip
    first, second = _values(report)[:2]
    figure = report.figures[first["figure_id"]]
    one = quantity_of("1", figure.row["unit"]).value
    widths = [
        number((q.high - q.low) / one, 1)
        for q in (report.under_reading(r["reading_id"]).figures[figure.id].quantity for r in (first, second))
    ]
    title = TEXTS.finding(
        "widest",
        "high − low under each reading",
        [figure.id],
        "exact",
        name=noun_of(report, figure.row["indicator_id"]),
        width=widths[0],
        other=widths[1],
    )
    return TEXTS.chart(report, "intervals", charts.dot_plot, rows, title, year=figure.row["period"], alt={"n": str(len(rows))})


def intervals_block(report):
    """How wide each reading is."""
    return TEXTS.block("intervals", chart=intervals_chart(report))


def table_block(report):
    """Every reading and what it changes."""
    table = []
    for t in trials(report):
        row = t["reading"]
        listed = (
            join([f"`{n}`" for n in t["changes"]]) if t["changes"] else TEXTS.get("none") if t["changes"] is not None else TEXTS.get("same")
        )
        table.append(
            (
                row["reading_id"],
                row["figure_id"],
                {"en": row["reading_en"], "zh": row["reading_zh"]},
                TEXTS.get(f"used.{row['adopted']}"),
                str(len(t["used_by"])),
                listed,
            )
        )
    return TEXTS.block("table", table=table)
