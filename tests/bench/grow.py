"""Make larger projects out of this one, to see how the cost of each step grows."""

import csv
import json
import re
import shutil
from pathlib import Path

_OFFSETS = ("offset", "subject_offset", "counted_offset")


def more_rows(data, report, times, target):
    """Copy a report into a folder with every row `times` over, each copy about indicators and places of its own.

    Parameters
    ----------
    data : Path
        Folder with `datapackage.json`.
    report : str
    times : int
    target : Path
        Made; becomes a folder like `data`.
    """
    descriptor = json.loads((data / "datapackage.json").read_text(encoding="utf-8"))
    meta = json.loads((data / report / "report.json").read_text(encoding="utf-8"))
    (target / report).mkdir(parents=True)
    tables = {r["name"]: _read(data / _file(r, report)) for r in descriptor["resources"]}
    length, section = meta["break_offset"], meta["sections"][-1]["id"]
    ids = {row[0] for name, (_, rows) in tables.items() for row in rows if name not in ("indicators", "areas")}
    ids = {i for i in ids if re.fullmatch(r"[A-Za-z]+\d+", i)}
    indicators = {row[0] for row in tables["indicators"][1]}
    numerals = len(tables["numerals"][1])
    step = 10 ** max(len(i.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")) for i in ids)

    def renamed(cell, copy):
        if cell in indicators:
            return f"{cell}_{copy}"

        def rename(match):
            letters, digits = match.groups()
            if match.group() not in ids:
                return match.group()
            return f"{letters}{int(digits) + copy * (numerals if letters == 'n' else step):03d}"

        return re.sub(r"\b([A-Za-z]+)(\d+)\b", rename, cell)

    for resource in descriptor["resources"]:
        head, rows = tables[resource["name"]]
        # Areas are few; trying a reading computes every finding again, so more readings are more work by themselves.
        shared = resource["name"] in ("areas", "readings")
        with (target / _file(resource, report)).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(head)
            writer.writerows(rows)
            for copy in range(1, 1 if shared else times):
                for row in rows:
                    cells = dict(zip(head, (renamed(cell, copy) for cell in row), strict=True))
                    for column in _OFFSETS:
                        if cells.get(column, "").isdigit():
                            cells[column] = str(int(cells[column]) + copy * length)
                    if "section" in cells:
                        cells["section"] = section
                    writer.writerow(cells.values())
        for field in resource["schema"]["fields"]:  # a pattern that no cell of so many breaks
            if "pattern" in field.get("constraints", {}):
                field["constraints"]["pattern"] = ".*"
    meta["break_offset"] = length * times
    (target / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    (target / report / "report.json").write_text(json.dumps(meta), encoding="utf-8")


def more_reports(data, report, times, target):
    """Copy the tables with `times` reports in it, each in a folder of its own."""
    shutil.copytree(data, target)
    for copy in range(1, times):
        shutil.copytree(data / report, target / f"{report}-{copy}")


def _file(resource, report):
    return f"{report}/{Path(resource['path']).name}" if "/" in resource["path"] else resource["path"]


def _read(path):
    with path.open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    return head, rows
