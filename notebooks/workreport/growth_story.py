"""What the growth figures say: the charts and sentences of the first notebook."""

from . import charts, growth
from .numbers import compare, direction
from .prose import count_word, direction_word, number, percent, point_range, points
from .sources import caveats
from .story import Texts, each, in_percent, interval_percent, join, name_of, noun_of, place_of, printed, signed

NOTEBOOK = "01-growth"
TEXTS = Texts("growth")
COMMON = Texts("common")
SEMICOLON = {"en": "; ", "zh": "；"}


def _ids(compared):
    return [i for c in compared for i in (c.own.id, c.gap.id)]


def _year(report):
    return report.meta["year_reviewed"]


def _complete(report):
    """Indicators whose lead can be split, with their comparisons from the widest area to the nearest."""
    return {i: growth.comparisons(report, (i,)) for i in growth.HEADLINE if growth.premium_decomposition(report, i) is not None}


def _shares(report):
    return {i: s for i in _complete(report) if (s := growth.own_share(report, i)) is not None}


def opening(report):
    """What the notebook asks and what decides it."""
    return TEXTS.say("opening", year=_year(report))


def overall(report):
    """In how many comparisons the own rate is above, below, or neither."""
    compared = growth.comparisons(report)
    above, below = (sum(c.verdict == word for c in compared) for word in ("above", "below"))
    low, high = (f([c.lead for c in compared], key=lambda q: q.value) for f in (min, max))
    rest = len(compared) - above - below
    key = "overall.all" if above == len(compared) else "overall.some"
    return TEXTS.finding(
        key, "every gap > 0 over its interval", _ids(compared), "within rounding" if rest else "whole interval",
        year=_year(report), low=number(low.value * 100, 1), high=each(lambda lang: points(high, lang, long=True)), n=len(compared), above=str(above), below=str(below), rest=str(rest),
    )  # fmt: skip


def gdp(report):
    """Own growth of GDP against the rebuilt rates."""
    compared = growth.comparisons(report, ("gdp",))
    one = len({c.verdict for c in compared}) == 1
    return TEXTS.finding(
        "gdp", "own − gap", _ids(compared), "whole interval" if one and compared[0].verdict != "within_rounding" else "within rounding",
        own=printed(compared[0].own), word=each(lambda lang: direction_word(compared[0].lead, lang)) if one else TEXTS.say("mixed"),
        areas=join([place_of(report, c.area) for c in compared]), rates=join([percent(c.rebuilt) for c in compared]),
    )  # fmt: skip


def own_shares(report):
    """The city's own part of each lead over the nation."""
    parts = [
        TEXTS.say("share", name=noun_of(report, i), share=percent(s, 0), low=number(s.low * 100, 0), high=number(s.high * 100, 0))
        for i, s in sorted(_shares(report).items(), key=lambda item: -item[1].value)
    ]
    ids = [i for cs in _complete(report).values() for i in _ids(cs)]
    return TEXTS.finding("shares", "(own − jiaozuo) / (own − china)", ids, "whole interval", parts=join(parts))


def narrowest(report):
    """The smallest lead, and whether it survives rounding."""
    least = min(growth.comparisons(report), key=lambda c: c.lead.value)
    return TEXTS.finding(
        "narrowest", f"{least.gap.id} > 0", _ids([least]), "within rounding" if least.verdict == "within_rounding" else "whole interval",
        name=noun_of(report, least.indicator), area=place_of(report, least.area), lead=signed(least.lead),
        range=each(lambda lang: point_range(least.lead, lang)), word=each(lambda lang: direction_word(least.lead, lang)),
    )  # fmt: skip


def checked(report):
    """How many rebuilt rates the published ones confirm, contradict or leave open."""
    found = growth.benchmarks(report)
    differs, agrees = (sum(b.status == s for b in found) for s in ("differs", "agrees"))
    without = len(found) - differs - agrees
    n = differs + agrees
    word = str(n) if differs else each(lambda lang: count_word(n, lang))
    ids = _ids([b.comparison for b in found]) + [f.id for b in found for f in b.published]
    key = "checked.none" if not n else ("checked.some" if differs else "checked.all") + ("_found" if without else "")
    return TEXTS.finding(
        key,
        "published ∈ own − gap",
        ids,
        "outside data",
        checked=word,
        differs=str(differs),
        without=each(lambda lang: count_word(without, lang)),
    )


def revenue(report):
    """What the basis of revenue growth decides."""
    rows = revenue_bases(report)
    own = report.one("growth", indicator_id="budget_revenue")
    words = {figure.id: direction(own.quantity - figure.quantity) for figure in rows}
    key = "revenue.none" if not rows else "revenue.same" if len(set(words.values())) == 1 else "revenue.open"
    word = each(lambda lang: direction_word(own.quantity - rows[0].quantity, lang)) if rows else ""
    return TEXTS.finding(key, "own − published", [own.id, *words], "outside data", word=word)


def revenue_bases(report):
    """National growth of budget revenue as published, one figure per basis."""
    year = report.one("growth", indicator_id="budget_revenue").row["period"]
    return report.find("published", indicator_id="budget_revenue", area="china", period=year, measure="growth")


def answer(report):
    """The answer of the notebook: findings in the order to read them."""
    return [overall(report), gdp(report), own_shares(report), narrowest(report), checked(report), revenue(report)]


def rates_chart(report):
    """Own rates against the rebuilt ones: dot plot."""
    compared = growth.comparisons(report)
    rows = []
    for indicator in dict.fromkeys(c.indicator for c in compared):
        part = [c for c in compared if c.indicator == indicator]
        own = part[0].own
        entries = [(report.meta["area"], own.quantity, "stated", printed(own), own.id)]
        entries += [(c.area, c.rebuilt, "rebuilt", percent(c.rebuilt), f"{c.own.id} {c.gap.id}") for c in reversed(part)]
        rows += [
            {
                "group": name_of(report, indicator),
                "series": series,
                "series_label": place_of(report, series, start=True),
                **in_percent(q),
                "unit": "%",
                "label": label,
                "mark": mark,
                "ids": ids,
            }
            for series, q, mark, label, ids in entries
        ]
    return TEXTS.chart(
        report, "rates", charts.dot_plot, rows, overall(report), year=_year(report), formulas={"rebuilt": "own rate − gap"},
        alt={"n": str(len({c.indicator for c in compared}))},
    )  # fmt: skip


def rates_block(report):
    """Own rates against rebuilt rates."""
    compared = growth.comparisons(report)
    table = [
        (
            name_of(report, c.indicator),
            place_of(report, c.area, start=True),
            printed(c.own),
            signed(c.lead, c.gap.decimals),
            percent(c.rebuilt),
            interval_percent(c.rebuilt),
            f"{c.own.id}, {c.gap.id}",
        )
        for c in compared
    ]
    certain = sum(c.verdict != "within_rounding" for c in compared)
    finding = TEXTS.say("certain.all" if certain == len(compared) else "certain.some", n=str(len(compared)), certain=str(certain))
    return TEXTS.block("rates", table=table, chart=rates_chart(report), finding=finding)


def shrinking(report):
    """Whether the lead shrinks as the yardstick comes nearer, and where most."""
    complete = _complete(report)
    top = max(complete, key=lambda i: complete[i][0].lead.value - complete[i][-1].lead.value)
    falls = all(a.lead.value >= b.lead.value for cs in complete.values() for a, b in zip(cs, cs[1:], strict=False))
    first, last = complete[top][0].lead, complete[top][-1].lead
    finding = TEXTS.finding(
        "shrinking.yes" if falls else "shrinking.no", "gap over china ≥ gap over henan ≥ gap over jiaozuo, as printed", [c.gap.id for cs in complete.values() for c in cs], "stated",
        name=noun_of(report, top), first=number(first.value * 100, 1), last=each(lambda lang: points(last, lang, long=True)),
    )  # fmt: skip
    return top, finding


def lead_chart(report):
    """The lead as the yardstick comes nearer: slope."""
    compared = growth.comparisons(report)
    rows = [
        {
            "group": name_of(report, c.indicator),
            "step": TEXTS.say("lead.step", area=place_of(report, c.area)),
            **in_percent(c.lead),
            "unit": "pp",
            "label": number(c.lead.value * 100, c.gap.decimals),
            "ids": c.gap.id,
        }
        for area in growth.YARDSTICKS
        for c in compared
        if c.area == area
    ]
    top, title = shrinking(report)
    slack = number(max(c.lead.high - c.lead.value for c in compared) * 100, 2)
    return TEXTS.chart(
        report, "lead", charts.slope, rows, title, year=_year(report), slack=slack, options={"highlight": {lang: [text] for lang, text in name_of(report, top).items()}},
        alt={"n": str(len({c.indicator for c in compared}))},
    )  # fmt: skip


def lead_block(report):
    """The lead as the yardstick comes nearer."""
    complete = _complete(report)
    smaller = [noun_of(report, i) for i, cs in complete.items() if compare(cs[-1].lead, "<", cs[0].lead) == "holds"]
    finding = TEXTS.say("smaller", k=str(len(smaller)), n=str(len(complete)), names=join(smaller) if smaller else TEXTS.say("none"))
    return TEXTS.block("lead", chart=lead_chart(report), finding=finding)


def decomposition_chart(report):
    """The lead over the nation, split along the nesting: stacked bars."""
    complete = _complete(report)
    rows = [
        {
            "group": name_of(report, i),
            "series": series,
            **in_percent(part),
            "unit": "pp",
            "label": number(part.value * 100, 1),
            "total_label": number(cs[0].lead.value * 100, 1),
            "ids": " ".join(c.gap.id for c in cs),
        }
        for i, cs in sorted(complete.items(), key=lambda item: -item[1][0].lead.value)
        for series, part in growth.premium_decomposition(report, i)
    ]
    shares = _shares(report)
    most, least = max(shares, key=lambda i: shares[i].value), min(shares, key=lambda i: shares[i].value)
    title = TEXTS.finding(
        "own", "(own − jiaozuo) / (own − china), point value", [c.gap.id for i in (most, least) for c in complete[i]], "within rounding",
        a=noun_of(report, most), b=noun_of(report, least), pa=percent(shares[most], 0), pb=percent(shares[least], 0),
    )  # fmt: skip
    slack = number(max((q.high - q.low) / 2 for i in complete for _, q in growth.premium_decomposition(report, i)) * 100, 1)
    sizes = join(
        [{lang: f"{text} {number(complete[i][0].lead.value * 100, 1)}" for lang, text in name_of(report, i).items()} for i in complete]
    )
    return TEXTS.chart(
        report, "decomposition", charts.stacked_decomposition, rows, title, year=_year(report), slack=slack, alt={"sizes": sizes},
        legend=[(area, TEXTS.get(f"parts.{area}")) for area in ("qinyang", "jiaozuo", "henan")],
        formulas={"Jiaozuo over Henan": "gap over Henan − gap over Jiaozuo", "Henan over the nation": "gap over the nation − gap over Henan"},
    )  # fmt: skip


def decomposition_block(report):
    """The exact split of the lead over the nation."""
    table, open_parts = [], []
    for i, cs in _complete(report).items():
        cells = []
        for area, part in growth.premium_decomposition(report, i):
            side = TEXTS.get(f"side.{direction(part)}")
            cells.append({lang: f"{text} ({side[lang]})" for lang, text in signed(part).items()})
            if direction(part) == "within_rounding":
                open_parts.append(join([name_of(report, i), TEXTS.get(f"parts.{area}")], {"en": ", ", "zh": "："}))
        share = growth.own_share(report, i)
        own = (
            TEXTS.say("own_cell", share=percent(share, 0), low=number(share.low * 100, 0), high=number(share.high * 100, 0))
            if share
            else TEXTS.say("undefined")
        )
        table.append((name_of(report, i), signed(cs[0].lead), *cells, own))
    finding = TEXTS.say("uncertain.some", parts=join(open_parts, SEMICOLON)) if open_parts else TEXTS.say("uncertain.none")
    return TEXTS.block("decomposition", table=table, chart=decomposition_chart(report), finding=finding)


def _verdict(benchmark):
    """What is printed beside a rebuilt rate: the published one and whether it agrees."""
    words = TEXTS.get(f"status.{benchmark.status}")
    if not benchmark.published:
        return words
    if all(f.row["status"] == "derived" for f in benchmark.published):
        words = TEXTS.say("derived", text=words)
    return {lang: f"{printed(benchmark.published[0])}  {text}" for lang, text in words.items()}


def published_chart(report):
    """Rebuilt intervals against published rates: interval plot, centred on the rebuilt rate."""
    rows = []
    for b in growth.benchmarks(report):
        q = b.comparison.rebuilt
        rows.append({
            "group": name_of(report, b.comparison.indicator), "series": b.comparison.area, "series_label": place_of(report, b.comparison.area, start=True),
            "value": 0.0, "low": float((q.low - q.value) * 100), "high": float((q.high - q.value) * 100), "unit": "pp",
            "published": float((b.published[0].quantity - q).value * 100) if b.published else float("nan"), "label": percent(q), "verdict": _verdict(b),
            "ids": " ".join([b.comparison.own.id, b.comparison.gap.id, *(f.id for f in b.published)]),
        })  # fmt: skip
    return TEXTS.chart(
        report, "published", charts.interval_plot, rows, checked(report), year=_year(report), alt={"n": str(len(rows))}, options={"columns": TEXTS.get("published.columns")},
        formulas={"rebuilt": "own rate − gap, each ± half its last digit", "published": "published rate − rebuilt rate"},
    )  # fmt: skip


def published_block(report):
    """Rebuilt rates against published ones."""
    table, found = [], growth.benchmarks(report)
    for b in found:
        c = b.comparison
        head = (name_of(report, c.indicator), place_of(report, c.area, start=True), interval_percent(c.rebuilt))
        for f in b.published:
            rate = TEXTS.say("derived", text=printed(f)) if f.row["status"] == "derived" else printed(f)
            table.append((*head, rate, f.row["publisher"], TEXTS.get(f"quality.{f.row['quality']}"), f.id))
        if not b.published:
            table.append((*head, TEXTS.get(f"status.{b.status}"), "–", "–", "–"))
    seen = [b for b in found if b.published]
    same = sum(all(f.quantity.value == b.comparison.rebuilt.value for f in b.published) for b in seen)
    finding = TEXTS.say("same.some" if seen else "same.none", same=str(same), n=str(len(seen)))
    return TEXTS.block("published", table=table, chart=published_chart(report), finding=finding)


def changes(report):
    """What would change the answer: other readings of a rate, and other bases of revenue."""

    def verdicts(one):
        return [(c.verdict, b.status) for c, b in zip(growth.comparisons(one), growth.benchmarks(one), strict=True)]

    before, own_ids, sentences = verdicts(report), {c.own.id for c in growth.comparisons(report)}, []
    for row in report.tables["readings"].rows:
        if row["field"] == "value" and row["adopted"] == "no" and row["figure_id"] in own_ids:
            changed = sum(a != b for a, b in zip(before, verdicts(report.under_reading(row["reading_id"])), strict=True))
            sentences.append(TEXTS.say(
                "reading.changed" if changed else "reading.unchanged", id=row["reading_id"], name=noun_of(report, report.figures[row["figure_id"]].row["indicator_id"]),
                reading={"en": row["reading_en"], "zh": row["reading_zh"]}, changed=str(changed), n=str(len(before)),
            ))  # fmt: skip
    own, bases = report.one("growth", indicator_id="budget_revenue"), revenue_bases(report)
    if bases:
        texts = [
            TEXTS.say(
                "revenue.basis",
                basis=TEXTS.get(f"revenue.names.{f.row['variant']}"),
                rate=printed(f),
                id=f.id,
                word=each(lambda lang, f=f: direction_word(own.quantity - f.quantity, lang)),
            )
            for f in bases
        ]
        sentences.append(TEXTS.say("revenue.bases", first=revenue(report).text, own=printed(own), bases=join(texts, SEMICOLON)))
    return sentences


def limits(report):
    """Caveats of the figures used, and what holds for all of them."""
    lacking = [
        noun_of(report, i)
        for i in growth.HEADLINE
        if report.find("growth", indicator_id=i) and growth.premium_decomposition(report, i) is None
    ]
    texts = [COMMON.say("limits.preliminary"), TEXTS.say("limit.bases")]
    texts += [TEXTS.say("limit.lacking", names=join(lacking))] if lacking else []
    by_lang = each(lambda lang: caveats(report, _ids(growth.comparisons(report)), lang))
    return texts + [{lang: by_lang[lang][k] for lang in by_lang} for k in range(len(by_lang["en"]))]
