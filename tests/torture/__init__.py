"""Campaigns that try to break what the project promises: modules with PROMISES in both languages, NOTES on them, and
``run``, which yields of each case the number of its promise, whether it was kept, and where it was tried."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEXT = ROOT.parent / "shared/source/qinyang-2023.txt"
SEED, WORKERS = 2023, 2
