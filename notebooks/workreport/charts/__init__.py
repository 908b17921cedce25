"""Chart forms in seaborn's manner: data first, columns by name, ``ax=None``, the Axes returned.

Every form takes a data frame whose column of values holds quantities (`frames.frame`, `analysis`), draws
their intervals where rounding is wider than the mark, and computes nothing but positions. One meaning per
mark: filled is stated in the report, hollow is implied or derived, a diamond is published elsewhere, purple is
a target. Arguments that forms share:

``palette``
    Value of the column that colours to colour.
``names``
    Id to the words printed, as ``Words(report).labels("en")``; an id without a name is printed as it is.
``label``
    How a quantity is written: a function from quantity to text.
``notes``
    Row to a remark drawn at it, for what the reader would miss.
``highlight``
    The one row, line or part that is set off.
``ax``
    Where to draw; the current Axes if None.

An empty frame or a missing column raises ValueError.
"""

from .order import matrix, pairs, ranks, swarm
from .parts import fan, panels, parts, stacked, strip, waffle
from .rows import bars, dot_plot, dumbbell, range_plot, tiers
from .whole import barcode, glance, numbers, poster, tally

__all__ = [
    "barcode", "bars", "dot_plot", "dumbbell", "fan", "glance", "matrix", "numbers", "pairs", "panels", "parts", "poster",
    "range_plot", "ranks", "stacked", "strip", "swarm", "tally", "tiers", "waffle",
]
