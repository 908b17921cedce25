"""Campaigns that try to break what the project promises; ``make torture`` runs them and prints the table."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
TEXT = ROOT.parent / "shared/source/qinyang-2023.txt"
SEED = 2023


@dataclass
class Row:
    """One promise and how it fared.

    Parameters
    ----------
    promise : str
    tried : int
        Cases tried.
    survivors : Counter
        What was not kept, by where it happened, with how many cases.
    note : str
        What a reader needs to know besides: a sample, a measure, what could not be tried.
    """

    promise: str
    tried: int = 0
    survivors: Counter = field(default_factory=Counter)
    note: str = ""

    def case(self, kept, where):
        """Count one case."""
        self.tried += 1
        if not kept:
            self.survivors[where] += 1
