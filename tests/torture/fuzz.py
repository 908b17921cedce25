"""Bad input by the thousand: `tests/test_fuzz.py` with many more examples, chosen anew in each run."""

import os
import re
import subprocess
import sys

from . import ROOT, Row

EXAMPLES = 1000


def run(short=False):
    """One row: a test of test_fuzz.py is a property, tried with so many examples."""
    examples = 25 if short else EXAMPLES
    row = Row(
        f"Any bytes, texts, numerals, units, expressions: a message with its place or success (properties, each tried with {examples} inputs)"
    )
    command = [sys.executable, "-m", "pytest", "-q", "-rA", "--no-header", "tests/test_fuzz.py"]
    result = subprocess.run(command, cwd=ROOT, env=os.environ | {"FUZZ_EXAMPLES": str(examples)}, capture_output=True, text=True)
    for verdict, name in re.findall(r"^(PASSED|FAILED|ERROR) \S+::(\S+)", result.stdout, re.M):
        row.case(verdict == "PASSED", f"fuzz: {name}")
    return [row]
