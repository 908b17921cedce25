"""Tables as data frames, and what a column of quantities can do.

Here: any table of a report as a frame with its quantities, the areas above a report's own, and the
accessor ``.q``. Not here: what follows from the figures (`analysis`), and words.
"""

import math
import numbers
from operator import attrgetter

import pandas as pd

from .numbers import ForbiddenOperation, Missing, MissingFigure, Quantity, direction
from .tables import FIGURE_TABLES, NOT_STATED, figure_of


class Printed(str):
    """A number with its unit as the report prints it: text that nobody adds up or draws."""

    def _refuse(self, *_):
        raise ForbiddenOperation(f"'{self}' is a printed cell: take the column 'quantity' to count with it")

    __add__ = __radd__ = __mul__ = __rmul__ = __float__ = __int__ = _refuse


numbers.Number.register(Printed)  # so that seaborn asks for a float, and is refused with a sentence

_WHOLE = ("period", "offset", "out_of", "start")


def frame(report, table):
    """A table of a report as a data frame.

    Parameters
    ----------
    report : Report
    table : str
        Name in ``datapackage.json``: ``levels``, ``growth``, ``gaps``, ``rankings``, ``shares``,
        ``targets``, ``thresholds``, ``claims``, ``published``, ``indicators``, ``areas``, …

    Returns
    -------
    pandas.DataFrame
        The columns of the codebook, years and offsets as whole numbers. A table of figures has
        ``quantity`` (a `Quantity`, or `Missing` where nothing is stated or found) and ``printed``
        (a `Printed` text, number and unit as printed) in place of ``value`` and ``unit``. ``published`` has the columns of its sources too.

    Raises
    ------
    KeyError
        If there is no such table, naming those there are.

    Examples
    --------
    >>> growth = frame(load(), "growth")
    >>> print(growth.loc[growth["indicator_id"] == "gdp", "quantity"].item())
    4.8% [4.75, 4.85]
    """
    if table not in report.tables:
        raise KeyError(f"there is no table '{table}': choose one of {', '.join(sorted(report.tables))}")
    source = report.tables[table]
    kept = vars(report).setdefault("_frames", {})
    if table not in kept:
        kept[table] = _made(report, table, source)
    return kept[table].copy()


def _made(report, table, source):
    rows = [row for row in source.rows if table != "published" or row["source_id"] not in own_sources(report)]
    made = pd.DataFrame(rows, columns=source.columns)
    for column in [c for c in _WHOLE if c in made]:
        cells = [int(cell) if cell.isdecimal() else cell or None for cell in made[column]]
        whole = all(isinstance(cell, int) or cell is None for cell in cells)
        made[column] = pd.Series(cells, dtype="Int64" if whole else object)  # 2023, but 2016-2020 and 2023Q1 stay texts
    if table in (*FIGURE_TABLES, "published"):
        at = made.columns.get_loc("value")
        made.insert(at, "quantity", pd.Series([_quantity(report, source, row) for row in rows], dtype=object))
        printed = [row["value"] if row["value"] in (NOT_STATED, "not found") else row["value"] + row["unit"] for row in rows]
        made.insert(at, "printed", pd.Series([Printed(text) for text in printed], dtype=object))
        made = made.drop(columns=["value", "unit"])
    if table == "published":
        sources = pd.DataFrame(report.tables["sources"].rows, columns=report.tables["sources"].columns)
        made = made.merge(sources, on="source_id", how="left").fillna(dict.fromkeys(sources.columns, ""))
    return made


def stated(report, table, indicator, **cells):
    """The one figure of a table that is about an indicator, and has the given cells.

    Parameters
    ----------
    report : Report
    table : str
        ``levels``, ``growth``, … of the year reviewed (``targets``: planned) unless a ``period`` is given; or
        ``published``, which wants ``area``, ``period`` and ``measure`` too, and takes the figures without a basis of
        their own (``variant=""``) unless one is named.
    indicator : str
    **cells
        Column to value.

    Returns
    -------
    Quantity or Missing
        The first if there are several, of targets the first firm one; `Missing` where there is none.
    """
    source = report.tables[table]
    usual = {"variant": ""} if table == "published" else {"period": report.meta["year_planned" if table == "targets" else "year_reviewed"]}
    wanted = {"indicator_id": indicator, **usual, **{k: str(v) for k, v in cells.items()}}
    rows = [row for row in report.rows_by(source, "indicator_id").get(indicator, ()) if all(row[k] == v for k, v in wanted.items())]
    rows = [row for row in rows if table != "published" or row["source_id"] not in own_sources(report)]
    if rows:  # a target that is firm before one that is hoped for
        return _quantity(report, source, min(rows, key=lambda row: bool(row.get("aim"))))
    asked = ", ".join(v for k, v in wanted.items() if v and k != "indicator_id" and (k in cells or k not in usual))
    return Missing("not looked up" if table == "published" else "not stated", f"{indicator} in {table}" + (f" ({asked})" if asked else ""))


def stated_rows(report, table, **cells):
    """Rows of a table's `frame` that state a quantity and have the given cells; of a list, any of its members.

    Examples
    --------
    >>> stated_rows(load(), "growth", indicator_id=["gdp", "retail_sales"])["figure_id"].tolist()
    ['G01', 'G04']
    """
    found = frame(report, table)
    for column, wanted in cells.items():
        found = found[found[column].isin(wanted) if isinstance(wanted, (list, tuple)) else found[column].eq(wanted)]
    return found[found["quantity"].q.stated]


def known(*found):
    """Whether none of some figures is missing."""
    return not any(isinstance(q, Missing) for q in found)


def _quantity(report, table, row):
    key = row[table.columns[0]]
    if row["value"] in (NOT_STATED, "not found"):
        what = f"{key} ({row.get('measure') or table.name} of {row['indicator_id']}, {row['area']}, {row['period']})"
        return Missing(row["value"], what, (key,))
    return report.figures[key].quantity if key in report.figures else figure_of(table, row).quantity


def own_sources(report):
    """Ids of sources that are this very report: what it says is no second source."""
    if "_own_sources" not in vars(report):
        rows = report.tables["sources"].rows
        report._own_sources = {row["source_id"] for row in rows if row["title"] == report.meta["title_zh"]}
    return report._own_sources


def areas_above(report, area=None):
    """The areas that an area lies in, from the widest to the nearest; groups are no level of government.

    Examples
    --------
    >>> areas_above(load())
    ['china', 'henan', 'jiaozuo']
    """
    chain, at = [], report.areas[area or report.meta["area"]]["parent"]
    while at:
        if report.areas[at]["kind"] != "group":
            chain.insert(0, at)
        at = report.areas[at]["parent"]
    return chain


@pd.api.extensions.register_series_accessor("q")
class Quantities:
    """What a column of quantities can do: ``frame["quantity"].q.value``.

    Numbers come as floats in the unit of the column (`unit`), for seaborn, matplotlib and numpy;
    a column that mixes measures has no such numbers and says so, and so does a missing figure.
    """

    def __init__(self, series):
        for at, found in series.items():
            if isinstance(found, (Quantity, Missing)):
                continue
            absent = isinstance(found, float) and math.isnan(found)
            what = "no quantity (NaN): a merge found no partner" if absent else f"{found!r}, which is no quantity"
            raise AttributeError(f"column '{series.name}', row {at}: {what}; .q needs a column of quantities")
        self._series = series

    def _quantities(self):
        for at, value in self._series.items():
            if isinstance(value, Missing):
                what = f"{value.what or 'the figure'} is {value.why}"
                raise MissingFigure(f"column '{self._series.name}', row {at}: {what}: keep the rows with .q.stated first")
        return list(self._series)

    def _first(self):
        found = self._quantities()
        for other in found[1:]:
            if (other.dimension, other.kind) != (found[0].dimension, found[0].kind):
                raise ForbiddenOperation(f"column '{self._series.name}' mixes {found[0]} with {other}: select rows of one measure first")
        return found[0] if found else None

    def _floats(self, part):
        first = self._first()
        return self._column((float(first.in_unit(part(q))) for q in self._series), name=self._series.name, dtype=float)

    def _column(self, values, **options):
        return pd.Series(list(values), index=self._series.index, **options)

    @property
    def unit(self):
        """Unit of the numbers that `value`, `low` and `high` give: that of the first quantity."""
        first = self._first()
        return first.unit if first else ""

    @property
    def value(self):
        """Point values."""
        return self._floats(attrgetter("value"))

    @property
    def low(self):
        """Lower ends of the intervals."""
        return self._floats(attrgetter("low"))

    @property
    def high(self):
        """Upper ends of the intervals; infinite for ``at least``."""
        return self._floats(attrgetter("high"))

    @property
    def side(self):
        """Side of zero over the whole interval: ``above``, ``below``, ``within_rounding`` or ``equal``."""
        return self._column(map(direction, self._quantities()))

    @property
    def stated(self):
        """Whether there is a figure."""
        return self._column((isinstance(q, Quantity) for q in self._series), dtype=bool)

    @property
    def ids(self):
        """Ids of the figures each rests on."""
        return self._column(" ".join(q.ids) for q in self._series)

    @property
    def formula(self):
        """How each follows from the figures."""
        return self._column(q.formula for q in self._quantities())

    def largest(self):
        """Label of the row with the largest point value, the first of equals."""
        return self._extreme(max)

    def smallest(self):
        """Label of the row with the smallest point value, the first of equals."""
        return self._extreme(min)

    def _extreme(self, which):
        if self._first() is None:
            raise MissingFigure(f"column '{self._series.name}' is empty: nothing is {which.__name__}imal")
        return which(self._series.items(), key=lambda item: item[1].value)[0]
