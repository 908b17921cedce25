"""Campaigns against the promises: PROMISES, NOTES, and ``run``, which yields of each case its promise, whether it was kept, where."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEXT = ROOT.parent / "shared/source/qinyang-2023.txt"
SEED, WORKERS = 2023, 2
