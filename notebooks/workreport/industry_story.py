"""What industry, the projects and innovation amount to: the charts and sentences of the sixth notebook."""

import math
from fractions import Fraction

from . import charts, industry
from .numbers import Quantity, compare, direction
from .prose import count_word, direction_word, money, number, percent
from .sources import caveats
from .story import Texts, each, in_percent, interval_percent, join, name_of, noun_of, place_of, printed, signed

NOTEBOOK = "06-industry"
TEXTS = Texts("industry")
COMMON = Texts("common")
ADDITIONS = (
    "new_hightech_firms", "new_tech_smes", "new_srdi_firms", "innovation_teams", "laboratories", "technology_transfers", "engineering_centres",
    "technology_centres",
)  # fmt: skip


def million(quantity, lang, decimals=0):
    """Yuan as ``65 million yuan`` or ``0.65亿元``; `decimals` counts those of the million."""
    if lang == "zh":
        return number(quantity.value / 10**8, decimals + 2) + "亿元"
    return number(quantity.value / 10**6, decimals) + "\u00a0million yuan"


def range_of(quantity, lang, decimals=1):
    """The interval of an amount: ``65.0 to 65.3`` million yuan or ``0.650至0.653`` 亿元."""
    unit, extra, word = (10**6, 0, " to ") if lang == "en" else (10**8, 2, "至")
    return number(quantity.low / unit, decimals + extra) + word + number(quantity.high / unit, decimals + extra)


def floor_percent(value, decimals=1):
    """The largest printable percentage not above a value, for floors of shares."""
    return number(Fraction(math.floor(value * 100 * 10**decimals), 10**decimals), decimals) + "%"


def _level(report, indicator):
    return report.one("levels", indicator_id=indicator)


def opening(report):
    """What the notebook asks and what decides it."""
    return TEXTS.say("opening", year=report.meta["year_reviewed"])


def growing(report):
    """Park against the whole city in real terms; the fastest in nominal terms."""
    by_basis = industry.rates_by_basis(report)
    park, city = (report.one("growth", indicator_id=i) for i in ("park_value_added", "industrial_value_added"))
    gap, first = park.quantity - city.quantity, by_basis["nominal"][0]
    return TEXTS.finding(
        "growing", "park value added − industrial value added; the largest nominal rate", [f.id for fs in by_basis.values() for f in fs], "within rounding"
        if direction(gap) == "within_rounding" else "whole interval",
        park=printed(park), city=printed(city), word=each(direction_word, gap), first=noun_of(report, first.row["indicator_id"]), rate=printed(first),
    )  # fmt: skip


def tax_ratio(report):
    """Chain tax over chain output, this year and the year before; park value added over output and GDP."""
    pairs = (("chain_tax", "chain_output"), ("park_value_added", "park_output"), ("park_value_added", "gdp"))
    rate, added, weight = (industry.ratio(report, *pair) for pair in pairs)
    before = industry.level_before(report, "chain_tax") / industry.level_before(report, "chain_output")
    ids = [
        f.id for i in ("park_value_added", "park_output", "gdp", "chain_tax", "chain_output") for f in report.find("levels", indicator_id=i)
    ]
    ids += [report.one("growth", indicator_id=i).id for i in ("chain_tax", "chain_output")]
    return TEXTS.finding(
        "ratios", "value added / output; value added / GDP; tax / output; (tax / (1 + growth)) / (output / (1 + growth))", ids,
        "whole interval" if direction(rate - before) != "within_rounding" else "within rounding",
        added=percent(added), weight=percent(weight), rate=percent(rate, 2), before=percent(before, 2), word=each(direction_word, rate - before),
    )  # fmt: skip


def sizes(report):
    """Average of what is promised and of what is done."""
    found = industry.averages(report)
    promised, done = (next(a for a in found if a.money.row["indicator_id"] == i) for i in ("signed_planned", "key_projects_investment"))
    return TEXTS.finding(
        "sizes", "; ".join(f"{a.money.id} / {a.projects.id}" for a in (promised, done)), [f.id for a in (promised, done) for f in (a.money, a.projects)], "whole interval",
        promised=each(million, promised.quantity), done=each(million, done.quantity),
    )  # fmt: skip


def largest(report):
    """How much of the signed sum lies in the few largest projects."""
    (part, others), count, total = industry.largest_signed(report), _level(report, "signed_projects_5bn"), _level(report, "signed_projects")
    boundary = report.one("thresholds", indicator_id="signed_projects_5bn")
    half = "most" if compare(part, ">", Quantity.exact(Fraction(1, 2))) == "holds" else "part"
    return TEXTS.finding(
        f"largest.{half}", "large × boundary / sum, low end; (sum − large × boundary) / (projects − large), high end",
        [count.id, boundary.id, _level(report, "signed_planned").id, total.id], "whole interval",
        share=floor_percent(part.low), k=each(count_word, int(count.quantity.value)), n=number(total.quantity.value, 0),
        rest=each(million, Quantity.exact(math.ceil(others.high / 10**6) * 10**6)),
        size={"en": number(boundary.quantity.value / 10**9, 0), "zh": number(boundary.quantity.value / 10**8, 0)},
    )  # fmt: skip


def meaning(report):
    """What the completion rate of flood recovery is, and is not."""
    first = industry.completions(report)[0]
    share = industry.ratio(report, "recovery_done", "recovery_planned")
    verdict = "same" if compare(first.rate.quantity, "==", share) == "holds" else "other"
    return TEXTS.finding(
        f"meaning.{verdict}", "completion rate against done / planned", [first.rate.id, first.done.id, _level(report, "recovery_planned").id],
        "whole interval" if verdict == "other" else "within rounding",
        rate=printed(first.rate), share=percent(share, 0),
    )  # fmt: skip


def implied(report):
    """The plan of the year that the completion rate implies."""
    first = industry.completions(report)[0]
    plan, whole = first.plan, _level(report, "recovery_planned")
    return TEXTS.finding(
        "implied", "done / completion rate; that / planned", [first.rate.id, first.done.id, whole.id], "whole interval",
        plan=each(money, plan), part=percent(plan / whole.quantity, 0), rate=printed(first.rate), whole=each(money, whole.quantity),
    )  # fmt: skip


def intensity(report):
    """R&D intensity against the published ones of Henan and the nation."""
    own, found = report.one("shares", indicator_id="rd_intensity"), industry.rd_published(report)
    parts = []
    for area in dict.fromkeys(f.row["area"] for f in found):
        rows = [f for f in found if f.row["area"] == area]
        words = {direction(own.quantity - f.quantity) for f in rows}
        word = each(direction_word, own.quantity - rows[0].quantity) if len(words) == 1 else TEXTS.say("mixed")
        ends = sorted({f.quantity.value: printed(f) for f in rows}.items())
        values = ends[0][1] if len(ends) == 1 else TEXTS.say("ends", low=ends[0][1].rstrip("%"), high=ends[-1][1])
        parts.append(TEXTS.say("beside", word=word, area=place_of(report, area), values=values))
    key = "intensity.beside" if parts else "intensity.alone"
    return TEXTS.finding(
        key,
        "own intensity − published",
        [own.id, *(f.id for f in found)],
        "outside data",
        own=printed(own),
        parts=join(parts, {"en": " and ", "zh": "，"}) if parts else "–",
    )


def before(report):
    """R&D of the year before under each reading of its growth."""
    readings, rate, gdp = industry.rd_before(report), report.one("growth", indicator_id="rd_intensity"), industry.gdp_before(report)
    spent = industry.rd_expenditure(report)
    return TEXTS.finding(
        "before", "intensity / (1 + growth); intensity × GDP / (1 + growth) / GDP of the year before; intensity × GDP",
        [report.one("shares", indicator_id="rd_intensity").id, rate.id, _level(report, "gdp").id, gdp.id], "outside data",
        rate=printed(rate), a=percent(readings["A04a"][0], 2), b=percent(readings["A04b"][0], 2), year=gdp.row["period"],
        spent=each(range_of, spent, decimals=0),
    )  # fmt: skip


def answer(report):
    """The answer of the notebook: findings in the order to read them."""
    return [growing(report), tax_ratio(report), sizes(report), largest(report), meaning(report), intensity(report)]


def growth_chart(report):
    """Rates of growth by price basis: dot plot."""
    rows = []
    for basis, found in industry.rates_by_basis(report).items():
        for f in found:
            i = f.row["indicator_id"]
            whole = i == "industrial_value_added"
            name = TEXTS.say("whole_city", name=name_of(report, i)) if whole else name_of(report, i)
            rows.append(
                {
                    "group": TEXTS.get(f"basis.{basis}"),
                    "series": "qinyang" if whole else "part",
                    "series_label": name,
                    **in_percent(f.quantity),
                    "unit": "%",
                    "label": printed(f),
                    "mark": "stated",
                    "ids": f.id,
                }
            )
    slack = number(Fraction(max(row["high"] - row["value"] for row in rows)), 1)
    return TEXTS.chart(
        report, "growth", charts.dot_plot, rows, growing(report), year=report.meta["year_reviewed"], slack=slack, alt={"n": str(len(rows))}
    )


def growth_block(report):
    """Growth by price basis, with the ratios that levels give."""
    table = []
    for basis, found in industry.rates_by_basis(report).items():
        for f in found:
            i = f.row["indicator_id"]
            level = report.find("levels", indicator_id=i)
            text = each(money, level[0].quantity) if level else TEXTS.say("not_stated")
            table.append(
                (
                    name_of(report, i),
                    TEXTS.get(f"basis.{basis}"),
                    text,
                    printed(f),
                    interval_percent(f.quantity),
                    join([g.id for g in (*level, f)], {"en": ", ", "zh": "、"}),
                )
            )
    return TEXTS.block("growth", table=table, chart=growth_chart(report), finding=tax_ratio(report).text)


def averages_chart(report):
    """Average amount per project: bars in million yuan or 亿元."""
    found = industry.averages(report)
    rows = []
    for a in found:
        q, scale = a.quantity, {"en": 10**6, "zh": 10**8}
        ends = {k: {lang: float(getattr(q, k) / scale[lang]) for lang in scale} for k in ("value", "low", "high")}
        label = {"en": number(q.value / 10**6, 0), "zh": number(q.value / 10**8, 2)}
        rows.append({"group": TEXTS.get(f"average.{a.money.row['indicator_id']}"), "series": "qinyang" if a.kind in ("done", "received") else "part", **ends,
            "unit": {"en": "million yuan", "zh": "亿元"}, "label": label, "qualifier": "", "ids": f"{a.money.id} {a.projects.id}"})  # fmt: skip
    slack = Quantity.exact(math.ceil(max(a.quantity.high - a.quantity.value for a in found) / 10**6) * 10**6)
    return TEXTS.chart(
        report, "averages", charts.bars_with_bounds, rows, sizes(report), year=report.meta["year_reviewed"], slack=each(million, slack),
        alt={"n": str(len(rows))}, legend=[("qinyang", TEXTS.get("arrived")), ("part", TEXTS.get("expected"))], formulas={"average": "money / projects"},
    )  # fmt: skip


def averages_block(report):
    """Average amount per project by kind of money."""
    table = [
        (name_of(report, a.money.row["indicator_id"]), TEXTS.get(f"kind.{a.kind}"), each(money, a.money.quantity, decimals=a.money.decimals),
         number(a.projects.quantity.value, 0), each(million, a.quantity), each(range_of, a.quantity), f"{a.money.id}, {a.projects.id}")
        for a in industry.averages(report)
    ]  # fmt: skip
    return TEXTS.block("averages", table=table, chart=averages_chart(report), finding=largest(report).text)


def completion_chart(report):
    """Completion rates and done over planned, against the whole: bullet."""
    share = industry.ratio(report, "recovery_done", "recovery_planned")
    done, planned = (_level(report, i) for i in ("recovery_done", "recovery_planned"))
    found = [
        (TEXTS.get(f"completed.{c.rate.row['indicator_id']}"), c.rate.quantity, printed(c.rate), f"{c.rate.id}")
        for c in industry.completions(report)
    ]
    found.insert(1, (TEXTS.get("completed.total"), share, percent(share, 0), f"{done.id} {planned.id}"))
    rows = [
        {"group": name, **in_percent(q), "unit": "%", "label": label, "target": 100.0, "target_label": TEXTS.get("whole") if k == 0 else {"en": "", "zh": ""},
            "end": float("nan"), "end_label": "", "ids": ids}
        for k, (name, q, label, ids) in enumerate(found)
    ]  # fmt: skip
    return TEXTS.chart(
        report,
        "completion",
        charts.bullet,
        rows,
        meaning(report),
        year=report.meta["year_reviewed"],
        formulas={"of the total": "done / planned"},
    )


def completion_block(report):
    """Completion rates, what they are of, and the plans they imply."""
    table = []
    for c in industry.completions(report):
        plan, dimension = c.plan, dict(c.plan.dimension)
        text = (
            each(money, plan)
            if dimension
            else TEXTS.say("about", low=number(math.ceil(plan.low), 0), high=number(math.floor(plan.high), 0))
        )
        done = each(money, c.done.quantity, decimals=c.done.decimals) if dimension else number(c.done.quantity.value, 0)
        of = {lang: c.rate.row[f"of_{lang}"] for lang in ("en", "zh")}
        table.append((name_of(report, c.rate.row["indicator_id"]), printed(c.rate), of, done, text, f"{c.rate.id}, {c.done.id}"))
    for gap in report.find("gaps", comparator="schedule"):
        ahead = TEXTS.say("ahead", points=signed(gap.quantity, gap.decimals))
        table.append((name_of(report, gap.row["indicator_id"]), TEXTS.say("not_stated"), ahead, "–", "–", gap.id))
    return TEXTS.block("completion", table=table, chart=completion_chart(report), finding=implied(report).text)


def innovation_chart(report):
    """R&D intensity: own, published, and own of the year before under each reading: dot plot."""
    own, rate = report.one("shares", indicator_id="rd_intensity"), report.one("growth", indicator_id="rd_intensity")
    year, area, gdp = report.meta["year_reviewed"], report.meta["area"], industry.gdp_before(report)
    rows = [
        {
            "group": year,
            "series": area,
            "series_label": place_of(report, area, start=True),
            **in_percent(own.quantity),
            "unit": "%",
            "label": printed(own),
            "mark": "stated",
            "ids": own.id,
        }
    ]
    for f in sorted(industry.rd_published(report), key=lambda f: -f.quantity.value):
        late = f.row["published_date"] > report.meta["delivered"]
        label = TEXTS.say("late" if late else "early", area=place_of(report, f.row["area"], start=True), date=f.row["published_date"][:7])
        rows.append(
            {
                "group": year,
                "series": f.row["area"],
                "series_label": label,
                **in_percent(f.quantity),
                "unit": "%",
                "label": printed(f),
                "mark": "published",
                "ids": f.id,
            }
        )
    for reading, (q, _) in industry.rd_before(report).items():
        ids = f"{own.id} {rate.id}" + (f" {_level(report, 'gdp').id} {gdp.id}" if reading == "A04b" else "")
        rows.append(
            {
                "group": gdp.row["period"],
                "series": area,
                "series_label": TEXTS.say(f"grew.{reading}", area=place_of(report, area, start=True)),
                **in_percent(q),
                "unit": "%",
                "label": percent(q, 2),
                "mark": "rebuilt",
                "ids": ids,
            }
        )
    return TEXTS.chart(
        report, "innovation", charts.dot_plot, rows, intensity(report), rate=printed(rate), year=year, alt={"n": str(len(rows))},
        formulas={"if the intensity grew": "intensity / (1 + growth)", "if the expenditure grew": "intensity × GDP / (1 + growth) / GDP of the year before"},
    )  # fmt: skip


def innovation_block(report):
    """R&D this year and under each reading the year before."""
    own, rate = report.one("shares", indicator_id="rd_intensity"), report.one("growth", indicator_id="rd_intensity")
    gdp, level, spent = industry.gdp_before(report), _level(report, "gdp"), industry.rd_expenditure(report)

    def cells(q, amount):
        return percent(q, 2), interval_percent(q), each(million, amount), each(range_of, amount)

    table = [(report.meta["year_reviewed"], TEXTS.say("stated"), printed(own), *cells(own.quantity, spent)[1:], f"{own.id}, {level.id}")]
    for reading, (q, amount) in industry.rd_before(report).items():
        ids = [own.id, rate.id, *([level.id] if reading == "A04b" else []), gdp.id]
        table.append((gdp.row["period"], TEXTS.say(f"reads.{reading}", id=reading), *cells(q, amount), ", ".join(ids)))
    return TEXTS.block("innovation", table=table, chart=innovation_chart(report), finding=before(report).text, year=gdp.row["period"])


def additions_block(report):
    """What was added in the year against what there is: the report gives one or the other."""
    found = [f for i in ADDITIONS for f in report.find("levels", indicator_id=i)]
    flow, stock = ([f for f in found if f.row["flow_or_stock"] == word] for word in ("flow", "stock"))
    none = TEXTS.say("not_stated")
    table = [
        (name_of(report, f.row["indicator_id"]), *((f.row["value"], none) if f in flow else (none, f.row["value"])), f.id)
        for f in flow + stock
    ]
    both = {f.row["indicator_id"] for f in flow} & {f.row["indicator_id"] for f in stock}
    finding = TEXTS.say("both.some" if both else "both.none", flow=str(len(flow)), stock=str(len(stock)), both=str(len(both)))
    return TEXTS.block("additions", table=table, finding=finding)


def changes(report):
    """What would change the answer: the other reading of a rate, the readings of R&D growth."""
    sentences, word = [], direction_of(report)
    for row in report.tables["readings"].rows:
        if row["figure_id"] == report.one("growth", indicator_id="park_value_added").id and row["adopted"] == "no":
            same = direction_of(report.under_reading(row["reading_id"])) == word
            reading = {"en": row["reading_en"], "zh": row["reading_zh"]}
            sentences.append(TEXTS.say("reading.same" if same else "reading.other", id=row["reading_id"], reading=reading))
    return sentences + [before(report).text]


def direction_of(report):
    """Side on which the park's real growth stands to the city's."""
    return direction(
        report.one("growth", indicator_id="park_value_added").quantity
        - report.one("growth", indicator_id="industrial_value_added").quantity
    )


def limits(report):
    """Caveats of the figures used, and what holds for all of them."""
    used = [i for c in (growth_chart, averages_chart, completion_chart, innovation_chart) for i in c(report).figure_ids]
    used += [f.id for f in report.find("gaps", comparator="schedule")]
    by_lang = each(lambda lang: caveats(report, used, lang))
    texts = [
        COMMON.say("limits.preliminary"),
        TEXTS.say("limit.bases"),
        TEXTS.say("limit.kinds"),
        TEXTS.say("limit.firms"),
        TEXTS.say("limit.secondary"),
    ]
    return texts + [{lang: by_lang[lang][k] for lang in by_lang} for k in range(len(by_lang["en"]))]
