"""What the finance and banking figures say: who pays, on what basis revenue grew, how deep banking is."""

from . import charts, finance, growth
from .growth_story import TEXTS as GROWTH
from .numbers import compare, direction
from .prose import money, number, percent
from .sources import caveats
from .story import Texts, each, in_percent, interval_percent, join, name_of, noun_of, place_of, printed, signed

NOTEBOOK = "05-finance"
TEXTS = Texts("finance")
COMMON = Texts("common")
SCALE = {"en": 10**9, "zh": 10**8}  # billion yuan, 亿元
AMOUNTS = ("budget_revenue", "livelihood_spending", "vat_refunds", "special_bond_funds")
PAIRS = (("loans", "deposits"), ("deposits", "gdp"), ("loans", "gdp"))


def _year(report):
    return report.meta["year_reviewed"]


def _ends(quantity, decimals):
    return {"low": number(quantity.low * 100, decimals), "high": number(quantity.high * 100, decimals)}


def _money(quantity, decimals=1):
    return each(lambda lang: money(quantity, lang, decimals))


def _in_yuan(quantity, decimals=1):
    """Value, low, high and label by language, in billion yuan and 亿元, for the rows of a chart."""
    ends = {
        part: {lang: round(float(getattr(quantity, part)) / one, 6) for lang, one in SCALE.items()} for part in ("value", "low", "high")
    }
    return ends | {
        "label": {lang: number(quantity.value / one, decimals + (lang == "en")) for lang, one in SCALE.items()},
        "unit": TEXTS.get("budget.unit"),
    }


def _revenue_ids(report):
    return [finance.level(report, "budget_revenue").id, *finance.implied_ids(report)]


def opening(report):
    """What the notebook asks and what decides it."""
    return TEXTS.say("opening", year=_year(report))


def coverage(report):
    """How much of the implied expenditure own revenue covers, against the province."""
    share, other = finance.coverage(report), finance.published_coverage(report)
    key = "alone" if other is None else {"holds": "above", "fails": "below"}.get(compare(share, ">", other.quantity), "within_rounding")
    facts = {"other": printed(other)} if other else {}
    ids = [*_revenue_ids(report), *([other.id] if other else [])]
    return TEXTS.finding(
        f"coverage.{key}",
        "revenue / (livelihood spending / its share)",
        ids,
        "outside data" if other else "whole interval",
        share=percent(share, 0),
        year=_year(report),
        **facts,
    )


def shortfall(report):
    """What own revenue leaves open."""
    gap, share = finance.shortfall(report), finance.coverage(report)
    key = "shortfall.above" if direction(gap) == "above" else "shortfall.other"
    return TEXTS.finding(
        key,
        "livelihood spending / its share − revenue",
        _revenue_ids(report),
        "whole interval" if key.endswith("above") else "within rounding",
        gap=_money(gap),
        **_ends(share, 1),
    )


def refunds(report):
    """The size of the VAT refunds against revenue."""
    ratio, paid = finance.ratio(report, "vat_refunds", "budget_revenue"), finance.level(report, "vat_refunds")
    key = "refunds.above" if ratio.low > 1 else "refunds.below"
    return TEXTS.finding(
        key,
        "refunds / revenue",
        [paid.id, finance.level(report, "budget_revenue").id],
        "whole interval",
        refunds=_money(paid.quantity),
        **_ends(ratio, 1),
    )


def bases(report):
    """Whether the verdict on the growth of revenue depends on its basis."""
    own, found = report.one("growth", indicator_id="budget_revenue"), finance.growth_by_basis(report)
    verdicts = finance.verdicts(report)
    every = {
        basis: TEXTS.get(f"every.{next(iter(sides))}") if len(sides) == 1 else _sides(report, found[basis])
        for basis, sides in verdicts.items()
    }
    parts = [TEXTS.say("basis.part", side=every[basis], basis=TEXTS.get(f"bases.{basis}")) for basis in found]
    key = "basis.none" if not found else "basis.same" if len({frozenset(v) for v in verdicts.values()}) == 1 else "basis.open"
    ids = [own.id, *(f.id for figures in found.values() for f in figures)]
    return TEXTS.finding(
        key, "own − published, within one basis", ids, "outside data", **({"parts": join(parts, {"en": ", ", "zh": "，"})} if parts else {})
    )


def _sides(report, figures):
    """On which side of the published rates the own one lies, by language: ``above Henan``."""
    own, sides = report.one("growth", indicator_id="budget_revenue").quantity, {}
    for f in figures:
        sides.setdefault(direction(own - f.quantity), []).append(_place(report, f))
    return join([TEXTS.say(f"side.{side}", names=join(names)) for side, names in sides.items()])


def _place(report, figure, *, start=False):
    if figure.row["variant"].startswith("local"):
        return TEXTS.get("labels.local" if start else "bases.local")
    return place_of(report, figure.row["area"], start=start)


def banking(report):
    """The loan-to-deposit ratio and the weight of both against GDP."""
    ratio, deposits, loans = (finance.ratio(report, *pair) for pair in PAIRS)
    key = "banking.above" if ratio.low > 1 else "banking.below"
    ids = [finance.level(report, i).id for i in ("loans", "deposits", "gdp")]
    return TEXTS.finding(
        key,
        "loans / deposits; deposits / GDP; loans / GDP",
        ids,
        "whole interval",
        ratio=percent(ratio, 0),
        deposits=percent(deposits, 0),
        loans=percent(loans, 0),
    )


def answer(report):
    """The answer of the notebook: findings in the order to read them."""
    return [coverage(report), shortfall(report), refunds(report), bases(report), banking(report)]


def budget_chart(report):
    """Revenue beside implied expenditure and other money: bars."""
    rows = []
    for indicator in AMOUNTS:
        figure = finance.level(report, indicator)
        series = report.meta["area"] if indicator == "budget_revenue" else "other"
        name = TEXTS.get("budget.part") if indicator == "livelihood_spending" else name_of(report, indicator)
        rows.append(
            {
                "group": name,
                "series": series,
                **_in_yuan(figure.quantity, figure.decimals),
                "qualifier": figure.row["qualifier"],
                "ids": figure.id,
            }
        )
    implied = {
        "group": TEXTS.get("budget.implied"),
        "series": "other",
        **_in_yuan(finance.implied_expenditure(report)),
        "qualifier": "",
        "ids": " ".join(finance.implied_ids(report)),
    }
    rows.insert(1, implied)
    return TEXTS.chart(
        report,
        "budget",
        charts.bars_with_bounds,
        rows,
        coverage(report),
        year=_year(report),
        alt={"n": str(len(rows))},
        formulas={"implied expenditure": "livelihood spending / its share of expenditure", "covered": "revenue / implied expenditure"},
    )


def _interval(quantity, decimals=1):
    low, high = (
        {lang: number(end / one, decimals + 1 + (lang == "en")) for lang, one in SCALE.items()} for end in (quantity.low, quantity.high)
    )
    return TEXTS.say("budget.interval", low=low, high=high)


def budget_block(report):
    """Revenue against the expenditure that the report implies."""
    table = [
        (
            name_of(report, f.row["indicator_id"]),
            _money(f.quantity, f.decimals),
            _interval(f.quantity, f.decimals),
            TEXTS.get(f"kind.{f.row['indicator_id']}"),
            f.id,
        )
        for f in (finance.level(report, i) for i in AMOUNTS)
    ]
    implied = finance.implied_expenditure(report)
    table.insert(
        1,
        (
            TEXTS.get("budget.implied"),
            _money(implied),
            _interval(implied),
            TEXTS.get("kind.budget_expenditure"),
            ", ".join(finance.implied_ids(report)),
        ),
    )
    return TEXTS.block("budget", table=table, chart=budget_chart(report), finding=nearer(report))


def nearer(report):
    """The share of the prefecture in another year, as a sentence."""
    other = finance.level_ratio(report, "jiaozuo", "budget_revenue", "budget_expenditure")
    if other is None:
        return TEXTS.get("jiaozuo.none")
    year, share = other
    key = "above" if compare(finance.coverage(report), ">", share) == "holds" else "other"
    return TEXTS.say(f"jiaozuo.{key}", share=percent(share, 0), past=year, year=_year(report))


def growth_chart(report):
    """Own growth of revenue against published rates, by basis: dot plot."""
    own, rows = report.one("growth", indicator_id="budget_revenue"), []
    for basis, figures in finance.growth_by_basis(report).items():
        entries = [(report.meta["area"], place_of(report, report.meta["area"], start=True), own, "rebuilt")]
        entries += [(f.row["area"], _place(report, f, start=True), f, "stated") for f in figures]
        rows += [
            {
                "group": TEXTS.get(f"labels.{basis}"),
                "series": series,
                "series_label": label,
                **in_percent(f.quantity),
                "unit": "%",
                "label": printed(f),
                "mark": mark,
                "ids": f.id,
            }
            for series, label, f, mark in entries
        ]
    return TEXTS.chart(
        report, "growth", charts.dot_plot, rows, bases(report), year=_year(report), alt={"n": str(len(finance.growth_by_basis(report)))}
    )


def growth_block(report):
    """Growth of revenue by basis."""
    own = report.one("growth", indicator_id="budget_revenue")
    table = [
        (
            TEXTS.get(f"labels.{basis}"),
            _place(report, f, start=True),
            printed(f),
            signed(own.quantity - f.quantity),
            TEXTS.get(f"verdict.{direction(own.quantity - f.quantity)}"),
            f.row["publisher"],
            GROWTH.get(f"quality.{f.row['quality']}"),
            f"{own.id}, {f.id}",
        )
        for basis, figures in finance.growth_by_basis(report).items()
        for f in figures
    ]
    stated = growth.comparisons(report, ("budget_revenue",), ("jiaozuo",))
    finding = TEXTS.say("printed", lead=signed(stated[0].lead)) if stated else TEXTS.get("unprinted")
    return TEXTS.block("growth", table=table, chart=growth_chart(report), finding=finding)


def banking_chart(report):
    """Deposits and loans beside GDP: bars."""
    rows = []
    for indicator in ("gdp", "deposits", "loans"):
        figure = finance.level(report, indicator)
        series = "other" if indicator == "gdp" else report.meta["area"]
        rows.append(
            {
                "group": TEXTS.get(f"group.{indicator}"),
                "series": series,
                **_in_yuan(figure.quantity, figure.decimals),
                "qualifier": figure.row["qualifier"],
                "ids": figure.id,
            }
        )
    return TEXTS.chart(
        report,
        "banking",
        charts.bars_with_bounds,
        rows,
        banking(report),
        year=_year(report),
        alt={"n": str(len(rows))},
        formulas={"ratio": "loans / deposits"},
    )


def banking_block(report):
    """Balances against each other and against GDP."""
    table = [
        (
            TEXTS.say("banking.over", over=name_of(report, over), under=noun_of(report, under)),
            percent(q := finance.ratio(report, over, under), 2),
            interval_percent(q),
            ", ".join(finance.level(report, i).id for i in (over, under)),
        )
        for over, under in PAIRS
    ]
    left = finance.level(report, "deposits").quantity - finance.level(report, "loans").quantity
    finding = (
        TEXTS.say("banking.finding", gap=_money(left))
        if left.low > 0
        else TEXTS.say("banking.excess", gap=_money(finance.level(report, "loans").quantity - finance.level(report, "deposits").quantity))
    )
    return TEXTS.block("banking", table=table, chart=banking_chart(report), finding=finding)


def changes(report):
    """What would change the answer: each reading of the basis of revenue growth."""
    own, sentences = report.one("growth", indicator_id="budget_revenue"), []
    rows = [r for r in report.tables["readings"].rows if r["figure_id"] == own.id and r["field"] == "basis"]
    for row in rows:
        figures = finance.growth_by_basis(report).get(finance.BASES[0] if row["reading_en"].startswith("As reported") else finance.BASES[1])
        if not figures:
            continue
        reading = {"en": row["reading_en"], "zh": row["reading_zh"]}
        sentences.append(
            TEXTS.say(
                "reading",
                id=row["reading_id"],
                name=noun_of(report, "budget_revenue"),
                reading=reading,
                rate=printed(own),
                words=_sides(report, figures),
            )
        )
    return sentences


def limits(report):
    """Caveats of the figures used, and what holds for all of them."""
    ids = [
        *_revenue_ids(report),
        report.one("growth", indicator_id="budget_revenue").id,
        *(finance.level(report, i).id for i in ("gdp", "deposits", "loans", *AMOUNTS)),
    ]
    by_lang = each(lambda lang: caveats(report, ids, lang))
    texts = [
        COMMON.say("limits.preliminary"),
        TEXTS.say("limit.livelihood", share=printed(report.one("shares", indicator_id="livelihood_share"))),
    ]
    texts += [TEXTS.get(f"limit.{key}") for key in ("secondary", "bonds", "banking")]
    return texts + [{lang: by_lang[lang][k] for lang in by_lang} for k in range(len(by_lang["en"]))]
