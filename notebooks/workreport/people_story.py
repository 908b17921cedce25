"""What the report says of environment, farming, livelihoods and jobs: the seventh notebook."""

import math
from fractions import Fraction

from . import charts, industry, people
from .industry_story import million
from .numbers import INFINITY, Quantity, direction
from .prose import direction_word, number, percent
from .sources import caveats
from .story import Texts, each, in_percent, join, name_of, noun_of, place_of, printed

NOTEBOOK = "07-people"
TEXTS = Texts("people")
COMMON = Texts("common")
WHOLE = Quantity.exact(1)


def _level(report, indicator):
    return report.one("levels", indicator_id=indicator)


def _both(text):
    return text if isinstance(text, dict) else {"en": text, "zh": text}


def _section(report, section):
    return next({lang: s[f"name_{lang}"] for lang in ("en", "zh")} for s in report.meta["sections"] if s["id"] == section)


def opening(report):
    """What the notebook asks and what decides it."""
    return TEXTS.say("opening", year=report.meta["year_reviewed"])


def kinds(report):
    """How many statements on environment and livelihoods are values, bounds, ranks, claims."""
    found = people.statements(report)
    by_kind = {k: [i for s in people.SECTIONS for i in found.get(s, {}).get(k, [])] for k in people.KINDS}
    counts = {k: str(len(ids)) for k, ids in by_kind.items()}
    ids = [i for found in by_kind.values() for i in found]
    return TEXTS.finding("kinds", "rows of the tables by section", ids, "exact", n=str(len(ids)), **counts)


def full(report):
    """How many rates are printed as the whole, and the ceiling that is no rate."""
    found, ceiling = people.rates(report), report.one("shares", indicator_id="unemployment")
    whole = [f for f in found if f.quantity.value == 1]
    key = "full.rates" if ceiling.row["qualifier"] == "at_most" else "full.plain"
    return TEXTS.finding(
        key, "rates and completion rates of shares.csv equal to 100", [f.id for f in found] + [ceiling.id], "stated",
        k=str(len(whole)), n=str(len(found)), ceiling=printed(ceiling), whole=percent(WHOLE, 0),
    )  # fmt: skip


def air(report):
    """Days of good air against the days of the year and the implied target."""
    days, target, year = _level(report, "good_air_days"), people.air_target(report), people.days_of_year(report)
    gap = report.one("gaps", indicator_id="good_air_days", comparator="provincial_target")
    return TEXTS.finding(
        f"good.{gap.row['direction']}", "good days / days of the year; good days − days above the target", [days.id, gap.id], "exact",
        days=number(days.quantity.value, 0), n=number(year.value, 0), share=percent(days.quantity / year, 0), gap=number(gap.quantity.value, 0),
        target=number(target.value, 0),
    )  # fmt: skip


def _against(report, indicator):
    """Own growth, what it is above or below, and the figures behind it."""
    own, others = report.one("growth", indicator_id=indicator), people.beside(report, indicator)
    parts = [
        TEXTS.say("beside_part", word=each(direction_word, own.quantity - q), area=place_of(report, a), rate=percent(q))
        for a, q, *_ in others
    ]
    parts = join(parts, {"en": " and ", "zh": "，"}) if parts else TEXTS.get("nothing")
    return own, parts, [own.id, *(i for o in others for i in o[3].split())]


def income(report):
    """Growth of the income of people lifted out of poverty, against Henan and the nation."""
    own, parts, ids = _against(report, "lifted_income")
    level = _level(report, "lifted_income")
    text = {"en": yuan(level.quantity, "en"), "zh": level.row["value"] + level.row["unit"]}
    return TEXTS.finding(
        "income", "own − gap; own − published", [*ids, level.id], "outside data", own=printed(own), level=text, parts=parts
    )


def grain(report):
    """Growth of grain output, against Henan and the nation, and the flood in the base."""
    own, parts, ids = _against(report, "grain_output")
    before = str(int(report.meta["year_reviewed"]) - 1)
    flood = [
        f
        for f in report.find("published", indicator_id="autumn_grain", area="henan", period=before, measure="growth")
        if f.quantity.high < 0
    ]
    fall = number(-flood[0].quantity.value * 100, 1) + "%" if flood else "–"
    key = "grain.flood" if flood else "grain.plain"
    return TEXTS.finding(
        key, "own − published", [*ids, *(f.id for f in flood)], "outside data", own=printed(own), parts=parts, fall=fall, year=before
    )


def yuan(quantity, lang):
    """An income as ``15,000 yuan`` or ``15,000元``."""
    return number(quantity.value, 0) + {"en": "\u00a0yuan", "zh": "元"}[lang]


def yuan_range(quantity, lang):
    """The interval of an income."""
    low, high = number(quantity.low, 0), number(quantity.high, 0)
    return f"{low} to {high}\u00a0yuan" if lang == "en" else f"{low}至{high}元"


def widest(report):
    """The area that rounding leaves the least known."""
    found = people.levels(report, people.LAND)
    figure = max(found, key=lambda f: (f.quantity.high - f.quantity.low) / f.quantity.value if f.quantity.value else INFINITY)
    low, high = (number(getattr(people.in_hectares(figure.quantity), end), 0) for end in ("low", "high"))
    return TEXTS.finding(
        "widest", f"{figure.id} in hectares, interval", [figure.id], "whole interval", name=noun_of(report, figure.row["indicator_id"]), low=low, high=high,
        value={"en": mu(figure), "zh": figure.row["value"] + figure.row["unit"]},
    )  # fmt: skip


def mu(figure):
    """A printed area in English: ``10,000 mu`` or ``1,040 hectares``."""
    scale = 10**4 if figure.row["unit"].startswith("万") else 1
    word = "hectares" if figure.row["unit"].endswith("公顷") else "mu"
    return number(Fraction(figure.row["value"]) * scale, 0 if scale > 1 else figure.decimals) + "\u00a0" + word


def offered(report):
    """Jobs on offer at fairs against new urban jobs."""
    times = people.offered_per_job(report)
    bound = _level(report, "jobs_offered").row["qualifier"] in people.BOUNDS
    return TEXTS.finding(
        "offered.bound" if bound else "offered.plain", "posts offered / new urban jobs, low end", [_level(report, i).id for i in ("jobs_offered", "new_urban_jobs")],
        "whole interval" if bound else "within rounding",
        times=number(Fraction(math.floor(times.low * 10), 10) if bound else times.value, 1),
    )  # fmt: skip


def answer(report):
    """The answer of the notebook: findings in the order to read them."""
    return [kinds(report), full(report), air(report), income(report), grain(report), offered(report)]


def statements_block(report):
    """Statements by section and kind."""
    table = []
    for section, by_kind in people.statements(report).items():
        if section.startswith("1.") and any(by_kind.values()):
            table.append((_section(report, section), *(str(len(by_kind[k])) for k in people.KINDS), str(sum(map(len, by_kind.values())))))
    return TEXTS.block("statements", table=table, finding=kinds(report).text)


def air_chart(report):
    """Days of good air and the others, each with the target and the days of the year: bullet."""
    days, target, year = _level(report, "good_air_days"), people.air_target(report), people.days_of_year(report)
    ids = " ".join(air(report).figure_ids)
    rows = [
        {"group": TEXTS.get(f"days.{key}"), "value": float(q.value), "low": float(q.low), "high": float(q.high), "unit": "days", "label": number(q.value, 0),
         "target": float(t.value), "target_label": TEXTS.say(f"target.{key}", days=number(t.value, 0)),
         "end": float(year.value), "end_label": number(year.value, 0), "ids": ids}
        for key, q, t in (("good", days.quantity, target), ("other", year - days.quantity, year - target))
    ]  # fmt: skip
    return TEXTS.chart(
        report,
        "air",
        charts.bullet,
        rows,
        air(report),
        year=report.meta["year_reviewed"],
        formulas={"target": "good days − days above it", "other": "days of the year − good days"},
    )


def air_block(report):
    """Days of good air, and the ranks and claims beside them."""
    found = people.statements(report)["1.5"]
    table = []
    for f in (report.figures[i] for i in found["rank"]):
        table.append(
            (
                name_of(report, f.row["indicator_id"]),
                TEXTS.say("rank", place=f.row["value"], area=place_of(report, f.row["scope"], start=True)),
                f.id,
            )
        )
    for r in report.tables["claims"].rows:
        if r["figure_id"] in found["claim"]:
            table.append(({lang: r[f"claim_{lang}"] for lang in ("en", "zh")}, TEXTS.get("no_number"), r["figure_id"]))
    return TEXTS.block("air", table=table, chart=air_chart(report))


def rates_chart(report):
    """Rates that are not the whole, with one bar for all that are, and the ceiling as a bound."""
    found, ceiling = people.rates(report), report.one("shares", indicator_id="unemployment")
    whole = [f for f in found if f.quantity.value == 1]
    rows = [
        {
            "group": name_of(report, f.row["indicator_id"]),
            "series": "qinyang",
            **in_percent(f.quantity),
            "unit": "%",
            "label": _both(printed(f)),
            "qualifier": "",
            "ids": f.id,
        }
        for f in found
        if f.quantity.value != 1
    ]
    if whole:
        row = {
            "group": TEXTS.say("each_whole", k=str(len(whole))),
            "series": "other",
            "value": 100.0,
            "low": 100.0,
            "high": 100.0,
            "unit": "%",
            "label": _both(printed(whole[0])),
            "qualifier": "",
            "ids": " ".join(f.id for f in whole),
        }
        rows.insert(sum(r["value"] > 100 for r in rows), row)
    text = TEXTS.say("ceiling", value=printed(ceiling)) if ceiling.row["qualifier"] else printed(ceiling)
    rows.append(
        {
            "group": TEXTS.get("unemployment"),
            "series": "target",
            **in_percent(ceiling.quantity),
            "unit": "%",
            "label": _both(text),
            "qualifier": ceiling.row["qualifier"],
            "ids": ceiling.id,
        }
    )
    return TEXTS.chart(report, "rates", charts.bars_with_bounds, rows, full(report), year=report.meta["year_reviewed"])


def rates_block(report):
    """Every rate with what it is of."""
    ceiling = report.one("shares", indicator_id="unemployment")
    bound = TEXTS.say("ceiling", value=printed(ceiling)) if ceiling.row["qualifier"] else printed(ceiling)
    entries = [(f, printed(f), TEXTS.get(f"sort.{f.row['kind']}")) for f in people.rates(report)] + [
        (ceiling, bound, TEXTS.get("sort.bound"))
    ]
    table = [
        (name_of(report, f.row["indicator_id"]), text, {lang: f.row[f"of_{lang}"] for lang in ("en", "zh")}, sort, f.id)
        for f, text, sort in entries
    ]
    return TEXTS.block("rates", table=table, chart=rates_chart(report))


def beside_chart(report):
    """Growth of income and of grain, own against Henan and the nation: dot plot."""
    rows = []
    for i in ("lifted_income", "grain_output"):
        own = report.one("growth", indicator_id=i)
        for area, q, mark, ids in [(report.meta["area"], own.quantity, "stated", own.id), *people.beside(report, i)]:
            rows.append({
                "group": name_of(report, i), "series": area, "series_label": place_of(report, area, start=True), **in_percent(q), "unit": "%",
                "label": percent(q), "mark": mark, "ids": ids,
            })  # fmt: skip
    return TEXTS.chart(
        report,
        "beside",
        charts.dot_plot,
        rows,
        income(report),
        year=report.meta["year_reviewed"],
        alt={"n": str(len(rows))},
        formulas={"rebuilt": "own rate − gap"},
    )


def beside_block(report):
    """Levels and growth of income and grain, and the levels that growth implies for the year before."""
    level, before = _level(report, "lifted_income"), industry.level_before(report, "lifted_income")
    year = report.meta["year_reviewed"]
    table = [
        (name_of(report, "lifted_income"), year, each(yuan, level.quantity), each(yuan_range, level.quantity), level.id),
        (
            name_of(report, "lifted_income"),
            str(int(year) - 1),
            each(yuan, before),
            each(yuan_range, before),
            f"{level.id}, {report.one('growth', indicator_id='lifted_income').id}",
        ),
    ]
    for f in report.find("published", indicator_id="lifted_income", area="china", period=year, measure="level"):
        table.append(
            (TEXTS.say("nation", name=name_of(report, "lifted_income")), year, each(yuan, f.quantity), each(yuan_range, f.quantity), f.id)
        )
    return TEXTS.block("beside", table=table, chart=beside_chart(report), finding=grain(report).text)


def land_chart(report):
    """Areas in hectares, with their rounding: bars."""
    rows = []
    for f in people.levels(report, people.LAND):
        q = people.in_hectares(f.quantity)
        label = number(q.value, 0)
        if q.high - q.low > q.value / 50:
            label = TEXTS.say("between", value=label, low=number(q.low, 0), high=number(q.high, 0))
        rows.append(
            {
                "group": name_of(report, f.row["indicator_id"]),
                "series": "qinyang",
                "value": float(q.value),
                "low": float(q.low),
                "high": float(q.high),
                "unit": "ha",
                "label": _both(label),
                "qualifier": f.row["qualifier"],
                "ids": f.id,
            }
        )
    return TEXTS.chart(
        report, "land", charts.bars_with_bounds, rows, widest(report), year=report.meta["year_reviewed"], formulas={"hectares": "mu / 15"}
    )


def land_block(report):
    """Areas as printed and in hectares; they may overlap."""
    table = []
    for f in people.levels(report, people.LAND):
        q = people.in_hectares(f.quantity)
        table.append(
            (
                name_of(report, f.row["indicator_id"]),
                {"en": mu(f), "zh": f.row["value"] + f.row["unit"]},
                number(q.value, 1),
                TEXTS.say("range", low=number(q.low, 1), high=number(q.high, 1)),
                f.id,
            )
        )
    return TEXTS.block("land", table=table, chart=land_chart(report))


def jobs_chart(report):
    """Jobs and people, each of its own kind: bars, the bound open."""
    rows = []
    for f in people.levels(report, people.JOBS):
        q, bound = f.quantity, f.row["qualifier"] in people.BOUNDS
        label = _both(TEXTS.say("more", value=number(q.value, 0)) if bound else number(q.value, 0))
        rows.append(
            {
                "group": TEXTS.get(f"job.{f.row['indicator_id']}"),
                "series": "qinyang",
                "value": float(q.value),
                "low": float(q.low),
                "high": float(q.high),
                "unit": "number",
                "label": label,
                "qualifier": f.row["qualifier"],
                "ids": f.id,
            }
        )
    return TEXTS.chart(report, "jobs", charts.bars_with_bounds, rows, offered(report), year=report.meta["year_reviewed"])


def jobs_block(report):
    """Jobs and the money lent to make them."""
    lent = [f for i in ("startup_loans", "interest_free_loans") for f in report.find("levels", indicator_id=i)]
    table = []
    for f in people.levels(report, people.JOBS) + lent:
        text = each(million, f.quantity) if f in lent else number(f.quantity.value, 0)
        bound = f.row["qualifier"] in people.BOUNDS
        table.append(
            (
                name_of(report, f.row["indicator_id"]),
                TEXTS.say("more", value=text) if bound else text,
                TEXTS.get("sort.bound" if bound else "sort.value"),
                f.id,
            )
        )
    return TEXTS.block("jobs", table=table, chart=jobs_chart(report))


def claims_block(report):
    """Claims without a numeral, by kind, in words of our own."""
    rows = report.tables["claims"].rows
    order = list(dict.fromkeys(r["kind"] for r in rows))
    table = [
        (TEXTS.get(f"claims_of.{r['kind']}"), {lang: r[f"claim_{lang}"] for lang in ("en", "zh")}, _section(report, r["section"]), r["figure_id"])
        for r in sorted(rows, key=lambda r: order.index(r["kind"]))
    ]  # fmt: skip
    most = max(order, key=lambda k: sum(r["kind"] == k for r in rows))
    finding = TEXTS.say("claimed", n=str(len(rows)), k=str(sum(r["kind"] == most for r in rows)), kind=TEXTS.get(f"claims_of.{most}"))
    return TEXTS.block("claims", table=table, finding=finding)


def changes(report):
    """What would change the answer: the reading of the unemployment ceiling."""
    id_ = report.one("shares", indicator_id="unemployment").id
    others = [r for r in report.tables["readings"].rows if r["figure_id"] == id_ and r["adopted"] == "no"]
    texts = [TEXTS.say("reading", id=r["reading_id"], reading={"en": r["reading_en"], "zh": r["reading_zh"]}) for r in others]
    word = {
        direction(report.one("growth", indicator_id="lifted_income").quantity - q) for _, q, *_ in people.beside(report, "lifted_income")
    }
    return texts + ([TEXTS.say("mixed_income")] if len(word) > 1 else [])


def limits(report):
    """Caveats of the figures used, and what holds for all of them."""
    used = [i for c in (air_chart, rates_chart, beside_chart, land_chart, jobs_chart) for i in c(report).figure_ids]
    by_lang = each(lambda lang: caveats(report, used, lang))
    texts = [COMMON.say("limits.preliminary"), *(TEXTS.get(f"limit.{key}") for key in ("overlap", "whole", "days", "water", "secondary"))]
    return texts + [{lang: by_lang[lang][k] for lang in by_lang} for k in range(len(by_lang["en"]))]
