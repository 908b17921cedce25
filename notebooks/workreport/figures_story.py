"""Every figure of the recovered part with its place, theme by theme."""

from collections import Counter

from .start_story import TEXTS as START
from .story import Block, Texts, name_of
from .tables import FIGURE_TABLES, printed_unit

NOTEBOOK = "92-every-figure"
TEXTS = Texts("figures")


def _figures(report):
    """Every figure of the report, in the order of the text."""
    found = [figure for figure in report.figures.values() if figure.table in FIGURE_TABLES]
    return sorted(found, key=lambda figure: (int(report.numerals[figure.row["numeral_id"]]["offset"]), figure.id))


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


def _interval(figure):
    low, high = (printed_unit(figure, end) for end in ("low", "high"))
    key = "exact" if low == high else "range" if high.is_finite() else "above"
    return TEXTS.say(f"interval.{key}", low=f"{low:,f}", high=f"{high:,f}" if high.is_finite() else "∞")


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
        key = row["qualifier"] or ("none" if row["unit"] else "bare")
        printed = TEXTS.say(f"printed.{key}", value=row["value"], unit=row["unit"] or "–")
        themes.setdefault(report.indicators[row["indicator_id"]]["theme"], []).append(
            (
                figure.id,
                name_of(report, row["indicator_id"]),
                TEXTS.get(f"kind.{figure.table}"),
                printed,
                _interval(figure),
                f"{numeral['section']} · {numeral['offset']}",
            )
        )
    return [Block(START.get(f"theme.{theme}"), TEXTS.get("theme.method"), TEXTS.table("theme", rows)) for theme, rows in themes.items()]
