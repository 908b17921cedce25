"""What the report is, what is missing from it, and how sure the collection is of its figures."""

from collections import Counter

from . import charts, second_reading
from .expressions import evaluate, measured
from .prose import number
from .story import Texts, join, lower
from .tables import FIGURE_TABLES, NOT_STATED

NOTEBOOK = "00-start"
TEXTS = Texts("start")
GLOSSARY = (
    "gdp", "industrial_value_added", "fixed_asset_investment", "retail_sales", "budget_revenue", "budget_expenditure", "vat_refunds", "park_output",
    "rd_intensity", "market_entities", "outside_funds", "unemployment", "registered_unemployment", "lifted_income",
)  # fmt: skip


def _figures(report):
    return [row for name in FIGURE_TABLES for row in report.tables[name].rows if row["value"] != NOT_STATED]


def opening(report):
    """What the report is and where the recovered part ends."""
    meta = report.meta
    return TEXTS.say(
        "opening", publisher={lang: meta[f"publisher_{lang}"] for lang in ("en", "zh")}, date=meta["delivered"], figures=str(len(_figures(report))),
        claims=str(len(report.tables["claims"].rows)), break_note={lang: meta[f"break_note_{lang}"] for lang in ("en", "zh")}, url=meta["read_at"],
    )  # fmt: skip


def _roles(report):
    return Counter(row["role"] for row in report.tables["numerals"].rows)


def answer(report):
    """How complete, how consistent and how doubtful the figures are."""
    roles, n = _roles(report), len(report.tables["numerals"].rows)
    cells, differed = second_reading.totals(report)
    verdicts = Counter(row["expected"] for row in report.tables["identities"].rows)
    status = Counter(row["status"] for row in report.tables["published"].rows)
    official = sum(row["quality"] == "official page" for row in report.tables["published"].rows)
    ambiguous = len({row["figure_id"] for row in report.tables["readings"].rows})
    others = n - roles["figure"] - roles["threshold"]
    upper = number(second_reading.upper_bound(differed, cells) * 100, 1) + "%"
    return [
        TEXTS.finding(
            "coverage",
            "rows of numerals.csv by role",
            (),
            "exact",
            numerals=str(n),
            figures=str(roles["figure"]),
            thresholds=str(roles["threshold"]),
            others=str(others),
        ),
        TEXTS.finding(
            "readings",
            "rows of discrepancies.csv over cells compared",
            (),
            "exact",
            cells=str(cells),
            differed=str(differed),
            rate=number(100 * differed / cells, 1) + "%",
            confidence=number(second_reading.CONFIDENCE * 100, 0) + "%",
            upper=upper,
        ),
        TEXTS.finding(
            "arithmetic",
            "rows of identities.csv by verdict",
            (),
            "whole interval",
            n=str(sum(verdicts.values())),
            holds=str(verdicts["holds"]),
            fails=str(verdicts["fails"]),
        ),
        TEXTS.finding(
            "doubts",
            "rows of errata.csv, figures in readings.csv",
            (),
            "exact",
            errata=str(len(report.tables["errata"].rows)),
            ambiguous=str(ambiguous),
        ),
        TEXTS.finding(
            "elsewhere",
            "rows of published.csv by status",
            (),
            "outside data",
            found=str(status["printed"] + status["derived"]),
            official=str(official),
            lacking=str(status["not_found"]),
        ),
    ]


def _noun(key):
    """A label as it stands inside a sentence."""
    return {lang: lower(text) if lang == "en" else text for lang, text in TEXTS.get(key).items()}


def _bars(names, counts, ids):
    return [
        {
            "group": name,
            "series": "qinyang",
            "value": float(count),
            "low": float(count),
            "high": float(count),
            "unit": "count",
            "label": str(count),
            "qualifier": "",
            "ids": i,
        }
        for name, count, i in zip(names, counts, ids, strict=True)
    ]


def ledger_block(report):
    """Every table with its count of rows."""
    from .tables import read_descriptor

    described = {r["name"]: {"en": r["description"], "zh": r["description_zh"]} for r in read_descriptor()["resources"]}
    table = [(f"`{t.file}`", str(len(t.rows)), described[name]) for name, t in report.tables.items()]
    roles = [{lang: f"{text} {count}" for lang, text in _noun(f"role.{role}").items()} for role, count in _roles(report).most_common()]
    return TEXTS.block("ledger", table=table, finding=TEXTS.say("share", roles=join(roles)))


def themes_chart(report):
    """Figures by theme: bars."""
    ids = {}
    for row in _figures(report):
        ids.setdefault(report.indicators[row["indicator_id"]]["theme"], []).append(row["figure_id"])
    order = sorted(ids, key=lambda theme: -len(ids[theme]))
    rows = _bars([TEXTS.get(f"theme.{t}") for t in order], [len(ids[t]) for t in order], [" ".join(sorted(ids[t])) for t in order])
    first, second = order[:2]
    title = TEXTS.finding(
        "most", "figures per theme of the codebook", (), "exact", first=_noun(f"theme.{first}"), second=_noun(f"theme.{second}"),
        a=str(len(ids[first])), b=str(len(ids[second])), n=str(len(_figures(report))),
    )  # fmt: skip
    alt = {
        key: {lang: f"{text} {len(ids[t])}" for lang, text in _noun(f"theme.{t}").items()}
        for key, t in (("top", order[0]), ("last", order[-1]))
    }
    return TEXTS.chart(report, "themes", charts.bars_with_bounds, rows, title, alt=alt)


def themes_block(report):
    """What the report is about, counted in figures."""
    return TEXTS.block("themes", chart=themes_chart(report))


def _span(interval):
    digits = 1 if interval.high >= 100 else 3
    low, high = number(interval.low, digits), number(interval.high, digits)
    return low if low == high else TEXTS.say("span", low=low, high=high)


def checks_block(report):
    """Every internal check with its rounding interval and its verdict."""
    table = []
    for row in report.tables["identities"].rows:
        verdict = TEXTS.get(f"verdict.{evaluate(row['expression'], report.figures)}")
        table.append(
            (
                {"en": row["statement_en"], "zh": row["statement_zh"]},
                f"`{row['expression']}`",
                _span(measured(row["expression"], report.figures)),
                verdict,
                {"en": row["reason_en"], "zh": row["reason_zh"]},
            )
        )
    return TEXTS.block("checks", table=table)


def doubt_block(report):
    """Every doubt about the source and its treatment."""
    table = [
        (
            row["figure_ids"].replace(" ", ", "),
            {"en": row["finding_en"], "zh": row["finding_zh"]},
            {"en": row["treatment_en"], "zh": row["treatment_zh"]},
        )
        for row in report.tables["errata"].rows
    ]
    return TEXTS.block("doubt", table=table)


def glossary_block(report):
    """The terms that the notebooks use most."""
    table = []
    for indicator in GLOSSARY:
        row = report.indicators[indicator]
        names = {"en": row["name_en"], "zh": row["name_zh"]}
        table.append((names, {"en": names["zh"], "zh": names["en"]}, {"en": row["definition_en"], "zh": row["definition_zh"]}))
    return TEXTS.block("glossary", table=table)


def map_block(register):
    """Every notebook with the first sentence of its answer.

    Parameters
    ----------
    register : dict of str to list of Finding
        As `findings.findings` returns it.
    """
    table = [(f"[{notebook}]({notebook}.ipynb)", found[0].text) for notebook, found in register.items() if notebook != NOTEBOOK]
    return TEXTS.block("map", table=table)


def register_block(report, register):
    """Every finding with its derivation and strength."""
    table = []
    for found in register.values():
        for finding in found:
            row = finding.row(report)
            table.append(
                (
                    finding.text,
                    f"`{row['expression']}`" if row["expression"] else "",
                    row["figure_ids"],
                    TEXTS.get(f"strength.{finding.strength}"),
                    row["caveats"],
                )
            )
    return TEXTS.block("register", table=table)


def limits(report):
    """What holds for every figure."""
    return [TEXTS.get("limit.self")]
