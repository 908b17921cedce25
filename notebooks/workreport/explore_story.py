"""What the explorer has to offer: how many choices, how many charts, how many comparisons."""

from .explore import choices, drawn
from .story import Texts

NOTEBOOK = "08-explore"
TEXTS = Texts("explore")


def opening(report):
    """What the notebook offers."""
    return TEXTS.get("opening")


def examples(report):
    """What the choices below the controls are."""
    return TEXTS.get("examples")


def answer(report):
    """How many choices there are, how many are drawn, and how many can be compared."""
    offered = choices(report)
    kinds = [drawn(report, i, m) for indicators in offered.values() for i, measures in indicators.items() for m in measures]
    told = kinds.count([])
    return [
        TEXTS.finding(
            "count", "rows of the figure tables by indicator and table", (), "exact", choices=str(len(kinds)),
            indicators=str(sum(map(len, offered.values()))), themes=str(len(offered)), drawn=str(len(kinds) - told), told=str(told),
        ),
        TEXTS.finding("comparable", "rows of gaps and published by indicator, measure and year", (), "outside data",
                      n=str(sum(not {"rebuilt", "published"}.isdisjoint(k) for k in kinds))),
    ]  # fmt: skip
