"""Pages made from tables, cards and findings: codebook, gallery, register, citation, parts of both READMEs."""

import json
import re
from pathlib import Path

from .. import collection, page, sources
from ..files import MARK, as_csv, chart_stem, write_atomically
from ..proof import readings, tokeniser
from ..style import ENDINGS
from ..tables import DEFAULT_REPORT, load, read_descriptor
from ..words import LANGUAGES
from .catalogue import in_language

ROOT = Path(__file__).resolve().parents[3]
READMES = {"en": ROOT / "README.md", "zh": ROOT / "README.zh-CN.md"}
# Notebook, claim and chart of what a newspaper would print.
HEADLINES = (
    ("01-growth", "own", "decomposition"),
    ("03-budget", "covered", "hundred"),
    ("04-targets", "outcome", "tiers"),
)
VERIFIED = {
    "en": (
        "{reach} is in a ledger with its position (`numerals.csv`).",
        "Every figure was read twice, the second time from the text and the codebook alone; every difference is logged "
        "with what settled it.",
        "`make check` holds the tables against their schema, the ledger, the second reading and each other; "
        "`make check REPORT=path/to/text` holds every position against your copy of the text.",
        "Doubtful figures are listed in `errata.csv`, every choice between two readings in `readings.csv`. A value "
        "keeps the digits it was stated with, and the range that rounding leaves.",
        "What was published elsewhere is named with its publisher and the kind of source; what was searched for and "
        "not found is listed too.",
    ),
    "zh": (
        "{reach}逐一登记位置（`numerals.csv`）。",
        "每项数据读了两遍，第二遍只凭原文和编码表；每处差异及其依据均有记录。",
        "`make check` 核对格式、数字台账、两次阅读和表间关系；`make check REPORT=原文路径` 用你手中的原文逐处核对。",
        "存疑的数据列于 `errata.csv`，两种理解之间的取舍列于 `readings.csv`。数值保留报告原有位数，并给出四舍五入误差范围。",
        "公开数据注明发布机构和来源性质；查而未得的也列出。",
    ),
}  # fmt: skip


def verified(report, lang):
    """How the data of a report was checked, a line each; the first says which numerals are in its ledger."""
    t = in_language(lang)
    if report.meta.get("recovered_part"):
        reach = t("The text is an incomplete copy: it breaks off after the targets. Every numeral up to there", "所见文本不完整，在目标之后中断。中断处之前的数字")
    elif report.whole:
        reach = t("Every numeral of the text", "原文中的数字")
    else:
        reach = t("Only some sections of the report are entered; every numeral of these", "报告只录入了部分章节，其中的数字")
    return [line.replace("{reach}", reach) for line in VERIFIED[lang]]


def codebook(report):
    """Text of ``data/README.md``: every table and column in both languages, and how far two readings differed."""
    descriptor = read_descriptor()
    rates = readings.rates(report)
    everything = {"field": "**all 全部**"} | {k: sum(r[k] for r in rates) for k in ("cells", "differed")}
    lines = [
        "# Codebook 编码表", "",
        "Generated from `datapackage.json` and the tables by `make`; do not edit. 由 `make` 生成，请勿手改。", "",
        f"{descriptor['description']} {descriptor['description_zh']}", "",
        "## What counts as a numeral 何为数字", "", *_numeral_rule(), "",
        "## How far two readings differed 两次阅读的差异", "",
        "Cells compared, and cells that differed before the text settled them (`discrepancies.csv`). "
        "比较的单元格数，以及依原文裁定之前不同的单元格数。", "",
        "| column 列 | cells 单元格 | differed 不同 |", "|:---|---:|---:|",
        *(f"| {r['field']} | {r['cells']} | {r['differed']} |" for r in [*rates, everything]),
    ]  # fmt: skip
    for resource in descriptor["resources"]:
        lines += ["", f"## {resource['name']}: {resource['title']} {resource['title_zh']}", ""]
        lines += [f"`{resource['path']}`: {resource['description']}. {resource['description_zh']}。", ""]
        lines += ["| column 列 | type 类型 | meaning 含义 | rules 规则 |", "|:---|:---|:---|:---|"]
        for column in resource["schema"]["fields"]:
            said = f"{column['title']} {column['title_zh']}: {column['description']}. {column['description_zh']}。"
            lines.append(f"| `{column['name']}` | {column['type']} | {said} | {_rules(column, resource)} |")
    return "\n".join(lines) + "\n"


def _numeral_rule():
    text = re.search(r"The rule\n-+\n(.*)", tokeniser.__doc__, re.S).group(1).strip()
    text = re.sub(r"``(.+?)``", r"`\1`", text).replace("`ORDINARY_WORDS`", "these")
    return [text, "", f"Ordinary words 普通词语：{'、'.join(tokeniser.ORDINARY_WORDS)}。"]


def _rules(column, resource):
    rules = column.get("constraints", {})
    parts = [name for name in ("required", "unique") if rules.get(name)]
    parts += ["one of " + ", ".join(f"`{v}`" for v in rules["enum"])] if "enum" in rules else []
    parts += [f"form `{rules['pattern']}`".replace("|", "\\|")] if rules.get("pattern") else []
    parts += [f"at least {rules['minimum']}"] if "minimum" in rules else []
    parts += [f"in {column['unit']}"] if "unit" in column else []
    keys = [k for k in resource["schema"].get("foreignKeys", ()) if k["fields"] == column["name"]]
    return "; ".join(parts + [f"an id of {k['reference']['resource'] or resource['name']}" for k in keys])


def cards(folder=None):
    """Cards of all exported charts by stem, in the order of the notebooks."""
    folder = folder or ROOT / "figures"
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))}


def notebook_of(stem, root=ROOT):
    """Stem of the notebook that exports a chart."""
    books = sorted((root / "notebooks").glob("[0-9]*.ipynb"))
    return next((book.stem for book in books if stem.startswith(chart_stem(book.stem, ""))), "")


def title_of(stem, root=ROOT):
    """Title of a notebook by language."""
    return page.title_of(root / f"notebooks/{stem}.ipynb")


def caption(card, lang):
    """What to write under a chart of which the card is known: title, measure, source."""
    return sources.caption(*(card[part][lang] for part in ("title", "subtitle", "source")), lang)


def headlines(found):
    """The findings that stand first in README and on the site.

    Parameters
    ----------
    found : collection of (str, str)
        Notebook and name of every finding.

    Returns
    -------
    list of (str, str, str)
        Notebook, name of the finding, stem of its chart.

    Raises
    ------
    KeyError
        If no notebook makes one of them any more.
    """
    if gone := [f"'{name}' of {stem}" for stem, name, _ in HEADLINES if (stem, name) not in found]:
        raise KeyError(f"README begins with the claim {gone[0]}, which is made no more: correct HEADLINES")
    return [(stem, name, chart_stem(stem, chart)) for stem, name, chart in HEADLINES]


def gallery(folder=None):
    """Text of ``figures/README.md``: every chart in both shapes with a caption to copy, its files and its notebook."""
    lines = ["# Gallery 图库", "", "Generated from the cards by `make`; do not edit. 由 `make` 生成，请勿手改。"]
    alt = {"en": "Alt text: ", "zh": "替代文字："}
    for stem, card in cards(folder).items():
        notebook = notebook_of(stem)
        lines += ["", f"## {card['title']['en']}", "", f"**{card['title']['zh']}**"]
        for lang in LANGUAGES:
            files = [f"{stem}-{lang}{ending}" for ending in ENDINGS if not ending.endswith("pdf")]
            shown = [f"![{card['alt'][lang]}]({name})" for name in files if name.endswith("png")]
            links = " · ".join(f"[{name.removeprefix(f'{stem}-{lang}').lstrip('-.')}]({name})" for name in files)
            lines += ["", "|" + " |" * len(shown), "|" + "---|" * len(shown), f"| {' | '.join(shown)} |"]
            lines += ["", f"> {caption(card, lang)}", "", alt[lang] + card["alt"][lang], "", links]
        lines += [
            "",
            f"Numbers 数据: [{stem}.csv]({stem}.csv) · All numbers 全部数据: [{DEFAULT_REPORT}.xlsx]({DEFAULT_REPORT}.xlsx) · Card 说明卡: [{stem}.json]({stem}.json) · "
            f"Notebook 专题: [{notebook}](../notebooks/{notebook}.ipynb)",
        ]
    return "\n".join(lines) + "\n"


def findings_table(found):
    """Text of ``figures/findings.csv``, of its rows."""
    return MARK.decode() + as_csv(found[0], found)


def readme(text, lang, report, found):
    """A README with its generated parts renewed: findings, notebooks, verification, how to cite.

    Parameters
    ----------
    text : str
        The file as it is, each part between two comments.
    lang : {"en", "zh"}
    report : Report
    found : list of dict
        Rows of findings.
    """
    texts = {(row["notebook"], row["name"]): row[f"claim_{lang}"] for row in found}
    cites = sources.citations(report)
    heads = {"en": "| | question |", "zh": "| | 问题 |"}
    parts = {
        "findings": [
            f"- **{texts[stem, name]}** ([{stem[:2]}](notebooks/{stem}.ipynb))" for stem, name, _ in headlines(texts)
        ],
        "notebooks": [heads[lang], "|---|---|"]
        + [f"| [{stem[:2]}](notebooks/{stem}.ipynb) | {title_of(stem)[lang]} |" for stem in collection.stems()],
        "verification": [f"{n}. {line}" for n, line in enumerate(verified(report, lang), 1)],
        "cite": ["```text", *cites["en"].splitlines(), "", *cites["zh"].splitlines(), "```", "", "```bibtex"]
        + [*cites["bibtex"].splitlines(), "```"],
    }
    for name, lines in parts.items():
        text = filled(text, name, lines)
    return text


def filled(text, name, lines):
    """A page with the lines between the two comments of a generated part renewed."""
    pattern = rf"(<!-- {name} -->\n).*?(<!-- end of {name} -->)"
    return re.sub(pattern, lambda m: m[1] + "\n".join(lines) + "\n" + m[2], text, flags=re.S)


def citation_file(report):
    """Text of ``CITATION.cff``: the collection, and the report it analyses."""
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


def pages(report, found):
    """Every generated page, of a report and the rows of its findings: path to text."""
    for path in READMES.values():
        if not path.is_file():
            raise FileNotFoundError(f"{path.name} is missing: restore it with git checkout -- {path.name}")
    return {
        ROOT / "data/README.md": codebook(report),
        ROOT / "figures/README.md": gallery(),
        ROOT / "figures/findings.csv": findings_table(found),
        ROOT / "CITATION.cff": citation_file(report),
        **{path: readme(path.read_text(encoding="utf-8"), lang, report, found) for lang, path in READMES.items()},
    }


def write_all(found):
    """Write the pages that changed, with these rows of findings; returns how many."""
    written = 0
    for path, text in pages(load(), found).items():
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            write_atomically(path.parent, {path.name: text.encode()})
            written += 1
    return written
