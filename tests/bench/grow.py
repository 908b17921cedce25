"""Make larger projects out of this one, to see how the cost of each step grows."""

import csv
import json
import re
import shutil

# Areas, sources and units are few whatever the report; more readings are more work by themselves.
SHARED = ("areas", "sources", "units", "readings")


def more_rows(data, report, times, target):
    """Copy a report into a folder with every row so many times over, each copy about indicators of its own."""
    descriptor, meta = (json.loads((data / f).read_bytes()) for f in ("datapackage.json", f"{report}/report.json"))
    (target / report).mkdir(parents=True)
    files = {r["name"]: (data / r["path"]).read_text(encoding="utf-8") for r in descriptor["resources"]}
    tables = {name: list(csv.DictReader(text.splitlines())) for name, text in files.items()}
    length, indicators = meta["break_offset"], {row["indicator_id"] for row in tables["indicators"]}
    ids = {next(iter(row.values())) for name, rows in tables.items() if name not in SHARED for row in rows}
    step = 10 ** max(len(re.sub(r"\D", "", i)) for i in ids if re.fullmatch(r"[A-Za-z]+\d+", i))

    def moved(column, cell, copy):
        def renamed(match):
            by = copy * (len(tables["numerals"]) if match[1] == "n" else step)
            return f"{match[1]}{int(match[2]) + by:03d}" if match[0] in ids else match[0]

        if column == "section":
            return meta["sections"][-1]["id"]
        if column.endswith("offset") and cell:
            return str(int(cell) + copy * length)
        return f"{cell}_{copy}" if cell in indicators else re.sub(r"\b([A-Za-z]+)(\d+)\b", renamed, cell)

    for resource in descriptor["resources"]:
        rows = tables[resource["name"]]
        with (target / resource["path"]).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0], lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
            for copy in range(1, 1 if resource["name"] in SHARED else times):
                writer.writerows({c: moved(c, cell, copy) for c, cell in row.items()} for row in rows)
        for column in resource["schema"]["fields"]:  # a pattern that no cell of so many breaks
            column.get("constraints", {}).update({"pattern": ".*"} if "pattern" in str(column) else {})
    (target / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    (target / report / "report.json").write_text(json.dumps(meta | {"break_offset": length * times}), encoding="utf-8")


def more_reports(data, report, times, target, *, alone=False):
    """Copy a folder with one report so many times over; alone leaves out the other reports, to see growth."""
    others = [path.parent.name for path in data.glob("*/report.json") if alone and path.parent.name != report]
    shutil.copytree(data, target, ignore=shutil.ignore_patterns(*others))
    for copy in range(1, times):
        shutil.copytree(data / report, target / f"{report}-{copy}")
