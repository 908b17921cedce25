"""The second route to a number: the standard library alone, straight from the CSV."""

import csv
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from workreport import collection
from workreport.tables import DATA

WORDS = "no one two three four five six seven eight nine ten eleven twelve".split()


def rows(name):
    """Rows of a table of the first report, or of one that all reports share."""
    path = next(p for p in (DATA / f"{name}.csv", DATA / f"qinyang-2023/{name}.csv") if p.is_file())
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def values(*names):
    """Values as printed of the first report's tables, by indicator."""
    return {row["indicator_id"]: row["value"] for name in names for row in rows(name)}


def half(text):
    return Fraction(1, 2 * 10 ** len(text.partition(".")[2]))


def ends(text):
    """What a printed number can stand for: half a unit of its last digit either way."""
    return Fraction(text) - half(text), Fraction(text) + half(text)


def shown(value, places=0, rounding=ROUND_HALF_UP):
    """A number as a sentence shows it."""
    exact = Decimal(value.numerator) / Decimal(value.denominator) if isinstance(value, Fraction) else Decimal(value)
    return f"{exact.quantize(Decimal(1).scaleb(-places), rounding):,}".replace("-", "−")


def claims(report, stem):
    """English text of every claim of a notebook, by name."""
    return {name: sentence.text("en").replace("\u00a0", " ") for name, sentence in collection.run(stem, report).claims.items()}
