"""Pages made from the tables, cards and findings: codebook, gallery, register, parts of README."""

import csv
import io
import json
import re
from pathlib import Path

from . import second_reading
from .export import FORMATS
from .files import write_atomically
from .findings import findings
from .notebook import title_of
from .prose import LANGUAGES
from .sources import citations
from .story import Texts
from .tables import load_report, read_descriptor

ROOT = Path(__file__).resolve().parents[2]
READMES = {"en": ROOT / "README.md", "zh": ROOT / "README.zh-CN.md"}
SITE = Texts("site")
HEADLINES = ("growth.overall", "rankings.title", "targets.ambition")


def codebook(report):
    """Text of `data/README.md`: every table and column in both languages, and how the figures were verified."""
    descriptor = read_descriptor()
    lines = [
        "# Codebook 编码表",
        "",
        "Generated from `datapackage.json` and the tables by `make`; do not edit. 由 `make` 生成，请勿手改。",
        "",
        f"{descriptor['description']} {descriptor['description_zh']}",
        "",
        "## What counts as a numeral 何为数字",
        "",
        *_numeral_rule(),
        "",
        "## How far the readings differ 两次阅读的差异",
        "",
        "Two readings were made independently. `discrepancies.csv` logs every difference and what the text settled; the rates below are from before that. "
        "Upper bound: one-sided 95 % Clopper-Pearson. 两次阅读各自独立；差异及裁定见 `discrepancies.csv`，下列比率为裁定之前的差异。",
        "",
        "| field 字段 | cells 单元格 | differed 不同 | rate 比率 | upper bound 95 % 上限 |",
        "|:---|---:|---:|---:|---:|",
    ]
    rates = second_reading.discrepancy_rates(report)
    cells, differed = (sum(r[k] for r in rates) for k in ("cells", "differed"))
    rates.append(
        {
            "field": "**all 全部**",
            "cells": cells,
            "differed": differed,
            "rate": differed / cells,
            "upper": second_reading.upper_bound(differed, cells),
        }
    )
    lines += [f"| {r['field']} | {r['cells']} | {r['differed']} | {r['rate']:.2%} | {r['upper']:.2%} |" for r in rates]
    for resource in descriptor["resources"]:
        lines += [
            "",
            f"## {resource['name']}: {resource['title']} {resource['title_zh']}",
            "",
            f"`{resource['path']}`: {resource['description']}. {resource['description_zh']}。",
            "",
        ]
        lines += ["| column 列 | type 类型 | meaning 含义 | rules 规则 |", "|:---|:---|:---|:---|"]
        for column in resource["schema"]["fields"]:
            meaning = f"{column['title']} {column['title_zh']}: {column['description']}. {column['description_zh']}。"
            lines.append(f"| `{column['name']}` | {column['type']} | {meaning} | {_rules(column, resource)} |")
    return "\n".join(lines) + "\n"


def _numeral_rule():
    from . import tokeniser

    text = re.search(r"The rule\n-+\n(.*)", tokeniser.__doc__, re.S).group(1).strip()
    words = "、".join(tokeniser.ORDINARY_WORDS)
    return [
        re.sub(r"``(.+?)``", r"`\1`", text).replace("`ORDINARY_WORDS`", "these").replace("`these`", "these"),
        "",
        f"Ordinary words 普通词语：{words}。",
    ]


def _rules(column, resource):
    rules = column.get("constraints", {})
    parts = ["required"] if rules.get("required") else []
    parts += ["unique"] if rules.get("unique") else []
    parts += ["one of " + ", ".join(f"`{v}`" for v in rules["enum"])] if "enum" in rules else []
    parts += [f"form `{rules['pattern']}`".replace("|", "\\|")] if rules.get("pattern") else []
    parts += [f"at least {rules['minimum']}"] if "minimum" in rules else []
    parts += [f"in {column['unit']}"] if "unit" in column else []
    keys = resource["schema"].get("foreignKeys", ())
    parts += [f"an id of {k['reference']['resource'] or resource['name']}" for k in keys if k["fields"] == column["name"]]
    return "; ".join(parts)


def cards(folder=None):
    """Cards of all exported charts by stem."""
    folder = folder or ROOT / "figures"
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))}


def notebook_of(stem):
    """Stem of the notebook that exports a chart."""
    return next((n.stem for n in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb")) if stem.startswith(n.stem + "-")), "")


def headlines(register):
    """The findings that stand first in README and on the site, as pairs of notebook and finding."""
    return [(book, f) for book, found in register.items() for f in found if {f.name, f.name.rpartition(".")[0]} & set(HEADLINES)]


def gallery(folder=None):
    """Text of `figures/README.md`: every chart with its alt text, caption, formats, rows and notebook."""
    lines = ["# Gallery 图库", "", "Generated from the cards by `make`; do not edit. 由 `make` 生成，请勿手改。"]
    for stem, card in cards(folder).items():
        notebook = notebook_of(stem)
        lines += ["", f"## {card['title']['en']}", "", f"**{card['title']['zh']}**", ""]
        for lang in LANGUAGES:
            formats = " · ".join(f"[{kind.upper()}]({stem}-{lang}.{kind})" for kind in FORMATS)
            lines += [f"![{card['alt'][lang]}]({stem}-{lang}.png)", "", f"{card['subtitle'][lang]}. {card['source'][lang]} {formats}", ""]
        lines += [
            f"Rows 数据: [{stem}.csv]({stem}.csv) · Card 说明卡: [{stem}.json]({stem}.json) · Notebook: [{notebook}](../notebooks/{notebook}.ipynb)"
        ]
    return "\n".join(lines) + "\n"


def findings_table(report, register):
    """Text of `figures/findings.csv`: every finding in both languages, with its derivation."""
    rows = [{"notebook": notebook, **finding.row(report)} for notebook, found in register.items() for finding in found]
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, rows[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()


def readme(text, lang, report, register):
    """A README with its generated parts renewed: headlines, notebooks, verification, how to cite.

    Parameters
    ----------
    text : str
        The file as it is, each part between two comments.
    lang : {"en", "zh"}
    report : Report
    register : dict
        As `findings.findings` returns it.
    """
    cites = citations(report)
    parts = {
        "findings": [f"- **{finding.text[lang].rstrip('.。')}**" for _, finding in headlines(register)],
        "notebooks": ["| | |", "|---|---|"]
        + [f"| [{p.stem[:2]}](notebooks/{p.name}) | {title_of(p)[lang]} |" for p in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))],
        "verification": [f"{n}. {line}" for n, line in enumerate(SITE.get("verified")[lang], 1)],
        "cite": ["```text", *cites["en"].splitlines(), "", *cites["zh"].splitlines(), "```", "", "```bibtex", *cites["bibtex"].splitlines(), "```"],
    }
    for name, lines in parts.items():
        text = filled(text, name, lines)
    return text


def filled(text, name, lines):
    """A page with the lines between the two comments of a generated part renewed."""
    pattern = rf"(<!-- {name} -->\n).*?(<!-- end of {name} -->)"
    return re.sub(pattern, lambda m: m[1] + "\n".join(lines) + "\n" + m[2], text, flags=re.S)


def citation_file(report):
    """Text of `CITATION.cff`: the collection, and the report it analyses."""
    package, meta = read_descriptor(), report.meta
    quoted = lambda text: json.dumps(text, ensure_ascii=False)  # noqa: E731 a JSON string is a YAML one
    return f"""# Generated from data/datapackage.json by make; do not edit.
cff-version: 1.2.0
message: {quoted("Cite the collection, and the report it analyses.")}
type: dataset
title: {quoted(package["title"])}
abstract: {quoted(package["description"])}
authors:
  - name: {quoted(package["contributors"][0]["title"])}
version: {quoted(package["version"])}
date-released: {quoted(package["created"][:10])}
license:
  - CC-BY-4.0
  - MIT
references:
  - type: report
    title: {quoted(f"{meta['title_zh']} [{meta['title_en']}]")}
    authors:
      - name: {quoted(meta["publisher_zh"])}
    institution:
      name: {quoted(meta["publisher_en"])}
    date-published: {quoted(meta["delivered"])}
    url: {quoted(meta["read_at"])}
"""


def pages(report):
    """Every generated page: path to text."""
    register = findings(report)
    for path in READMES.values():
        if not path.is_file():
            raise FileNotFoundError(f"{path.name} is missing: restore it with git checkout -- {path.name}")
    return {
        ROOT / "data/README.md": codebook(report),
        ROOT / "figures/README.md": gallery(),
        ROOT / "figures/findings.csv": findings_table(report, register),
        ROOT / "CITATION.cff": citation_file(report),
        **{path: readme(path.read_text(encoding="utf-8"), lang, report, register) for lang, path in READMES.items()},
    }


def write_all():
    """Write the pages that changed; returns how many."""
    stale = {path: text for path, text in pages(load_report()).items() if not path.is_file() or path.read_text(encoding="utf-8") != text}
    for path, text in stale.items():
        write_atomically(path.parent, {path.name: text.encode()})
    return len(stale)
