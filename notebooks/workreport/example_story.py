"""One figure followed by hand from its place in the report to a sentence and a chart."""

from . import charts, growth
from .numbers import direction
from .prose import percent
from .story import Texts, in_percent, interval_percent, name_of, place_of, printed, signed

NOTEBOOK = "90-worked-example"
TEXTS = Texts("example")


def _case(report):
    """The comparison followed: growth of GDP against the prefecture, and its published rate."""
    gap = report.one("gaps", indicator_id="gdp", comparator="jiaozuo")
    comparison = next(c for c in growth.comparisons(report, ("gdp",)) if c.gap.id == gap.id)
    published = report.one("published", indicator_id="gdp", area="jiaozuo", period=comparison.own.row["period"], measure="growth")
    return comparison, published


def opening(report):
    """What is followed."""
    return TEXTS.get("opening")


def steps(report):
    """From the ledger to the rebuilt rate: one text per step."""
    case, _ = _case(report)
    numeral = report.numerals[case.own.row["numeral_id"]]
    section = next(s for s in report.meta["sections"] if s["id"] == numeral["section"])
    second = next(row for row in report.tables["second-reading"].rows if row["offset"] == numeral["offset"])
    own, rebuilt = interval_percent(case.own.quantity), interval_percent(case.rebuilt)
    low, high = own["en"].removesuffix("%").split(" to ")
    worst, best = rebuilt["en"].removesuffix("%").split(" to ")
    return [
        TEXTS.say("place", token=numeral["token"], offset=numeral["offset"], section=numeral["section"], name={lang: section[f"name_{lang}"] for lang in ("en", "zh")}, numeral=numeral["numeral_id"], figure=case.own.id),
        TEXTS.say("meaning", what=name_of(report, "gdp"), value=case.own.row["value"], unit=case.own.row["unit"], low=f"{low}%", high=f"{high}%"),
        TEXTS.say("second", token=second["token"], table=second["table"], indicator=second["indicator_id"]),
        TEXTS.say("arithmetic", own=printed(case.own), gap=signed(case.lead), rate=percent(case.rebuilt), low=f"{worst}%", high=f"{best}%"),
    ]  # fmt: skip


def answer(report):
    """The sentence at the end of the way."""
    case, published = _case(report)
    key = {"above": "above", "below": "below"}.get(direction(case.lead), "open")
    strength = "outside data"
    ids = [case.own.id, case.gap.id, published.id]
    return [
        TEXTS.finding(
            f"sentence.{key}",
            f"{case.own.id} - {case.gap.id}",
            ids,
            strength,
            own=printed(case.own),
            gap=signed(case.lead),
            rate=percent(case.rebuilt),
            range=interval_percent(case.rebuilt),
            published=printed(published),
        )
    ]


def rates_chart(report):
    """The printed, the rebuilt and the published rate: dot plot."""
    case, published = _case(report)
    group = name_of(report, "gdp")
    entries = [
        (
            report.meta["area"],
            place_of(report, report.meta["area"], start=True),
            case.own.quantity,
            "stated",
            printed(case.own),
            case.own.id,
        ),
        (case.area, TEXTS.get("chart.rebuilt"), case.rebuilt, "rebuilt", percent(case.rebuilt), f"{case.own.id} {case.gap.id}"),
        (case.area, TEXTS.get("chart.published"), published.quantity, "published", printed(published), published.id),
    ]
    rows = [
        {"group": group, "series": s, "series_label": label, **in_percent(q), "unit": "%", "label": text, "mark": mark, "ids": ids}
        for s, label, q, mark, text, ids in entries
    ]
    title = TEXTS.finding(
        "title",
        f"{case.own.id} - {case.gap.id}",
        [case.own.id, case.gap.id, published.id],
        "outside data",
        rate=percent(case.rebuilt),
        published=printed(published),
    )
    return TEXTS.chart(
        report, "chart", charts.dot_plot, rows, title, year=case.own.row["period"], formulas={"rebuilt": f"{case.own.id} − {case.gap.id}"}
    )


def chart_block(report):
    """The chart of the example."""
    return TEXTS.block("chart", chart=rates_chart(report))
