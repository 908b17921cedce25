"""Every figure of the recovered part with its place, theme by theme."""

from collections import Counter

from .catalogue import TEXTS, interval, ordered, printed
from .start_story import TEXTS as START
from .story import Block, name_of

NOTEBOOK = "92-every-figure"


def _figures(report):
    """Every figure of the report, in the order of the text."""
    return [report.figures[row["figure_id"]] for _, row in ordered(report) if row["figure_id"] in report.figures]


def opening(report):
    """What the tables show."""
    return TEXTS.get("opening")


def answer(report):
    """How many figures there are, and how precisely they are known."""
    figures = _figures(report)
    numerals = Counter(figure.row["numeral_id"] for figure in figures)
    exact = sum(figure.quantity.low == figure.quantity.high for figure in figures)
    bounds = sum(
        figure.row["qualifier"] in ("at_least", "at_most", "more_than") and figure.table not in ("targets", "thresholds")
        for figure in figures
    )
    return [
        TEXTS.finding(
            "count",
            "rows of the figure tables by numeral",
            (),
            "exact",
            n=str(len(figures)),
            numerals=str(len(numerals)),
            shared=str(sum(n > 1 for n in numerals.values())),
        ),
        TEXTS.finding(
            "soft",
            "rows of the figure tables by interval",
            (),
            "exact",
            exact=str(exact),
            rounded=str(len(figures) - exact - bounds),
            bounds=str(bounds),
        ),
    ]


def theme_blocks(report):
    """One block per theme with a table of its figures.

    Returns
    -------
    list of Block
    """
    themes = {}
    for figure in _figures(report):
        numeral = report.numerals[figure.row["numeral_id"]]
        row = figure.row
        themes.setdefault(report.indicators[row["indicator_id"]]["theme"], []).append(
            (
                figure.id,
                name_of(report, row["indicator_id"]),
                TEXTS.get(f"kind.{figure.table}"),
                printed(row),
                interval(figure),
                f"{numeral['section']} · {numeral['offset']}",
            )
        )
    return [Block(START.get(f"theme.{theme}"), TEXTS.get("theme.method"), TEXTS.table("theme", rows)) for theme, rows in themes.items()]
