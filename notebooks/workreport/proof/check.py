"""Prove the tables of every report: ``python -m workreport.proof.check [--text PATH]``, or ``make check``.

Runs schema, ledger, second reading and relations, and the text where it is given, and prints every fault.
"""

import argparse
import os
import sys
from collections import Counter
from pathlib import Path

from ..tables import DATA, SHARED_TABLES, Fault, read_report, report_names
from . import ledger, readings, relations, text


def check_data(name, data=DATA):
    """List every fault of a report's tables that can be seen without its text.

    Parameters
    ----------
    name : str
        Folder below `data`.
    data : Path
        Folder with `datapackage.json`.

    Returns
    -------
    report : Report or None
        None where the tables cannot be read at all.
    faults : list of Fault
    """
    report, faults = read_report(name, data=data)
    if report is None:
        return None, faults
    return report, [*faults, *contradictions(report, faults)]


def contradictions(report, known=()):
    """List where ledger, second reading and figures contradict each other; relations only where every value can be read."""
    faults = [*ledger.faults(report), *readings.faults(report)]
    if not any(fault.column in ("value", "unit", "qualifier") for fault in (*known, *faults)):
        faults += relations.faults(report)
    return faults


def main(arguments=None):
    """Command line; returns the exit status, 1 if anything is at fault."""
    parser = argparse.ArgumentParser(prog="workreport.proof.check", description="Prove the tables of every report.")
    said = "path of a report's text, to prove its tables against it"
    parser.add_argument("--text", default=os.environ.get("REPORT") or os.environ.get("TEXT") or None, help=said)
    parser.add_argument("--quiet", action="store_true", help="print faults only")
    parser.add_argument("--data", type=Path, default=DATA, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    names = report_names(options.data)
    if not names:
        print("data: found no report, expected a folder with report.json, restore it: git checkout -- data")
        return 1
    words = text.read(options.text)[0] if options.text else None
    texts = {}
    wanted, wrong, proven, refused = words is not None and text.digest(words), False, False, False
    for name in names:
        report, faults = check_data(name, options.data)
        refused |= report is None
        if report and (other := texts.setdefault(report.meta["sha256"], name)) != name:
            found, do = f"the text of {other}", "remove one of the two folders, or correct the hash"
            faults.append(Fault(f"{name}/report.json", None, "sha256", found, "a text of its own", do))
        # One text is of one report; with one report alone, what differs in the text is worth saying.
        mine = report and options.text and (len(names) == 1 or report.meta["sha256"] == wanted)
        if mine:
            named, proven = {(fault.file, fault.row, fault.column) for fault in faults}, True
            faults += [f for f in text.faults(report, options.text) if (f.file, f.row, f.column) not in named]
        for line in map(str, faults):
            print(line)
        if faults:
            print(f"{name}: {len(faults)} fault{'s' * (len(faults) > 1)}")
            wrong = True
        elif not options.quiet:
            print("\n".join(_summary(report, mine, () if name == names[0] else SHARED_TABLES)))
    if options.text and not proven and not refused:  # it may be the text of tables that could not be read
        expected = f"expected the text of one of {', '.join(names)}, give its path"
        print(f"{options.text}: found no text of a report here, {expected}")
        wrong = True
    return int(wrong)


def _summary(report, proven, said_before=()):
    """A line per table that was not said before, and whether the text was checked."""
    tables = {name: table for name, table in report.tables.items() if name not in said_before}
    rates = readings.rates(report)
    roles = Counter(row["role"] for row in tables["numerals"].rows).most_common()
    kinds = Counter(row["kind"] for row in tables["identities"].rows).most_common()
    cells, differed = (sum(rate[part] for rate in rates) for part in ("cells", "differed"))
    extra = {
        "numerals": ", ".join(f"{n} {role}" for role, n in roles),
        "second-reading": f"{cells} cells compared, " + (f"{differed} differed and are settled" if differed else "all agree"),
        "identities": ", ".join(f"{n} {kind}" for kind, n in kinds) + ", all as expected",
        "errata": "all still stand",
    }
    for name, table in tables.items():
        yield f"{table.file}: {len(table.rows)} rows" + (f": {extra[name]}" if name in extra and table.rows else "")
    numerals, covers = len(tables["numerals"].rows), report.meta["covers"]
    whole = len(covers) == len(report.meta["sections"])
    part = "the readable part" if whole else f"the sections covered ({', '.join(covers)})"
    said = f"the text was checked: {numerals} of {numerals} numerals of {part} are in the ledger, in place"
    yield f"{report.name}: " + (
        said if proven else "the text was not checked (make check REPORT=path/to/text checks it)"
    )


if __name__ == "__main__":
    sys.exit(main())
