"""What the targets say: how ambitious they are, what they add, and what became of them."""

from . import charts, targets
from .growth_story import SEMICOLON
from .growth_story import TEXTS as GROWTH
from .numbers import direction
from .prose import count_word, money, number
from .sources import caveats
from .story import Texts, each, in_percent, interval_percent, join, name_of, noun_of, place_of, printed, signed

NOTEBOOK = "04-targets"
TEXTS = Texts("targets")
COMMON = Texts("common")
COMMA = {"en": ", ", "zh": "，"}


def _years(report):
    return {"past": report.meta["year_reviewed"], "year": report.meta["year_planned"]}


def _ids(ambitions):
    return [i for a in ambitions for i in (a.target.id, a.outcome.id)]


def qualified(target, text=None):
    """A target, or another text about it, with the word that qualifies it, by language."""
    return TEXTS.say(f"qualified.{target.row['qualifier'] or 'point'}", value=text or printed(target))


def _yuan(increment):
    return qualified(increment.ambition.target, each(lambda lang: money(increment.needed, lang)))


def _in_yuan(quantity):
    """Value, low and high by language, in billion yuan and 亿元, for the rows of a chart."""
    scale = {"en": 10**9, "zh": 10**8}
    return {
        part: {lang: round(float(getattr(quantity, part)) / one, 6) for lang, one in scale.items()} for part in ("value", "low", "high")
    }


def _figures(quantity):
    """Yuan as a bare number by language, in billion yuan and 亿元, as `money` prints it."""
    return {"en": number(quantity.value / 10**9, 2), "zh": number(quantity.value / 10**8, 1)}


def _names(report, ambitions):
    return join([noun_of(report, a.indicator) for a in ambitions])


def opening(report):
    """What the notebook asks and what decides it."""
    return TEXTS.say("opening", **_years(report))


def overall(report):
    """How many targets are above the outcome, and which are not."""
    found = targets.ambitions(report)
    sides = {side: [a for a in found if a.verdict == side] for side in ("above", "below", "within_rounding", "equal")}
    k, n = len(sides["above"]), len(found)
    key = {n: "ambition.all", 0: "ambition.none", 1: "ambition.one"}.get(k, "ambition.many")
    rest = [TEXTS.say(f"ambition.{side}", names=_names(report, part)) for side, part in sides.items() if part and side != "above"]
    return TEXTS.finding(
        key,
        "target − outcome, over its interval",
        _ids(found),
        "within rounding" if sides["within_rounding"] else "whole interval",
        k=each(lambda lang: count_word(k, lang).capitalize()),
        n=each(lambda lang: count_word(n, lang)),
        **({"rest": join(rest, SEMICOLON)} if rest else {}),
        **_years(report),
    )


def steps(report):
    """The largest step up and the largest step down."""
    found = targets.ambitions(report)
    up, down = max(found, key=lambda a: a.step.value), min(found, key=lambda a: a.step.value)
    key = "steps.up_only" if down.verdict != "below" else "steps.down_only" if up.verdict != "above" else "steps.up_down"
    return TEXTS.finding(
        key,
        "target − outcome",
        _ids([up, down]),
        "whole interval",
        up=noun_of(report, up.indicator),
        down=noun_of(report, down.indicator),
        **_years(report),
        to_up=qualified(up.target),
        from_up=printed(up.outcome),
        to_down=qualified(down.target),
        from_down=printed(down.outcome),
    )


def rising(report):
    """Whether each level down sets a higher GDP target than the level above."""
    rungs = targets.ladder(report, "gdp")
    asked = [targets.asked(found[0]) for _, found in rungs]
    climbs = all(direction(b - a) == "above" for a, b in zip(asked, asked[1:], strict=False))
    listed = join([TEXTS.say("ladder.rung", area=place_of(report, area), rate=qualified(found[0])) for area, found in rungs])
    ids = [f.id for _, found in rungs for f in found]
    return TEXTS.finding(
        "ladder.rising" if climbs else "ladder.mixed",
        "target of each level > target of the level above",
        ids,
        "outside data",
        rungs=listed,
        **_years(report),
    )


def nearest(report):
    """The own targets against those of the prefecture, where one is known."""
    pairs = [
        (a, steps[-1])
        for a in targets.ambitions(report)
        if (steps := targets.steps_above(report, a.indicator)) and steps[-1][0] == "jiaozuo"
    ]
    sides = {side: [a for a, (_, step) in pairs if direction(step) == side] for side in ("above", "equal", "within_rounding", "below")}
    parts = [TEXTS.say(f"nearest.{side}", names=_names(report, part)) for side, part in sides.items() if part]
    ids = [i for a, _ in pairs for i in (a.target.id, *(f.id for f in targets.published_target(report, a.indicator, "jiaozuo")))]
    return TEXTS.finding(
        "nearest.text", "own target − target of jiaozuo", ids, "outside data", parts=join(parts, COMMA), area=place_of(report, "jiaozuo")
    )


def retail(report):
    """What retail sales must add, and how often what they added before."""
    target = report.one("targets", indicator_id="retail_sales")
    report.one("levels", indicator_id="retail_sales")  # named if it is missing
    one = next(i for i in targets.increments(report) if i.ambition.target == target)
    times = targets.times_added(report, one)
    facts = {"name": noun_of(report, "retail_sales"), "needed": _yuan(one), **_years(report)}
    more = {"low": number(times.low, 1), "high": number(times.high, 1)} if times else {}
    return TEXTS.finding(
        "retail.times" if times else "retail.plain",
        "level × target; target / (1 − 1 / (1 + growth))",
        [one.level.id, *_ids([one.ambition])],
        "whole interval",
        **facts,
        **more,
    )


def _own_outcome(report):
    return next((o for o in targets.outcomes(report) if o[0] == report.meta["area"]), None)


def _source(figure):
    """What kind of source a published figure has, by language."""
    kind = (
        "encyclopedia"
        if figure.row["note"].startswith("Encyclopedia")
        else "secondary"
        if figure.row["quality"] == "secondary"
        else "official"
    )
    return TEXTS.get(f"source.{kind}")


def outcome(report):
    """GDP growth published since, against the own target."""
    own = _own_outcome(report)
    if own is None:
        return TEXTS.finding("outcome.none", "", [report.one("targets", indicator_id="gdp").id], "outside data", **_years(report))
    _, target, grown, gap = own
    facts = {"rate": printed(grown), "target": qualified(target), "source": _source(grown)}
    return TEXTS.finding(
        f"outcome.{direction(gap)}", "published growth − target", [target.id, grown.id], "outside data", **facts, **_years(report)
    )


def answer(report):
    """The answer of the notebook: findings in the order to read them."""
    return [overall(report), steps(report), rising(report), retail(report), outcome(report)]


def ambition_chart(report):
    """From the outcome of last year to the target: dumbbell."""
    found = targets.ambitions(report)
    rows = [
        {
            "group": name_of(report, a.indicator),
            **in_percent(a.outcome.quantity),
            "label": printed(a.outcome),
            "to": float(a.target.quantity.value * 100),
            "to_label": qualified(a.target),
            "qualifier": a.target.row["qualifier"],
            "unit": "%",
            "ids": f"{a.target.id} {a.outcome.id}",
        }
        for a in found
    ]
    return TEXTS.chart(
        report,
        "ambition",
        charts.dumbbell,
        rows,
        overall(report),
        alt={"n": str(len(found))},
        legend=[("qinyang", TEXTS.say("key.outcome", **_years(report))), ("target", TEXTS.say("key.target", **_years(report)))],
        **_years(report),
    )


def ambition_block(report):
    """Targets against the outcome of the year before."""
    table = [
        (
            name_of(report, a.indicator),
            printed(a.outcome),
            interval_percent(a.outcome.quantity),
            qualified(a.target),
            signed(a.step),
            TEXTS.get(f"side.{a.verdict}"),
            f"{a.outcome.id}, {a.target.id}",
        )
        for a in targets.ambitions(report)
    ]
    return TEXTS.block("ambition", table=table, chart=ambition_chart(report), finding=steps(report).text, **_years(report))


def _later(report):
    """Areas whose target was set after the report was delivered."""
    rungs = targets.ladder(report, "gdp")
    return [place_of(report, area) for area, found in rungs if any("after the report" in f.row["note"] for f in found)]


def ladder_chart(report):
    """The same target at each level of government: ladder."""
    rows = [
        {
            "group": name_of(report, a.indicator),
            "series": area,
            "series_label": place_of(report, area, start=True),
            "value": float(f[0].quantity.value * 100),
            "label": printed(f[0]),
            "qualifier": f[0].row["qualifier"],
            "unit": "%",
            "ids": " ".join(x.id for x in f),
        }
        for a in targets.ambitions(report)
        if len(rungs := targets.ladder(report, a.indicator)) > 1
        for area, f in rungs
    ]
    later = _later(report)
    note = TEXTS.say("ladder.later", areas=join(later)) if later else TEXTS.get("ladder.before")
    return TEXTS.chart(report, "ladder", charts.ladder, rows, rising(report), note=note, **_years(report))


def ladder_block(report):
    """Targets of the levels of government."""
    own, table = (TEXTS.get("ladder.own"), report.meta["delivered"]), []
    for a in targets.ambitions(report):
        for area, found in targets.ladder(report, a.indicator):
            for f in found:
                source = (f.row["publisher"], f.row["published_date"] or TEXTS.get("ladder.undated")) if f.table == "published" else own
                table.append((name_of(report, a.indicator), place_of(report, area, start=True), qualified(f), *source, f.id))
    alone = [noun_of(report, a.indicator) for a in targets.ambitions(report) if len(targets.ladder(report, a.indicator)) == 1]
    lacking = join(alone) if alone else TEXTS.get("none")
    return TEXTS.block("ladder", table=table, chart=ladder_chart(report), finding=nearest(report).text, lacking=lacking, **_years(report))


def increment_chart(report):
    """Yuan that the targets add: bars with bounds."""
    rows = []
    for i in sorted(targets.increments(report), key=lambda i: -i.needed.value):
        key = "increment.real" if i.real else "increment.nominal"
        ids = f"{i.level.id} {i.ambition.target.id}"
        rows.append(
            {
                "group": TEXTS.say(key, name=name_of(report, i.ambition.indicator), **_years(report)),
                "series": "target",
                **_in_yuan(i.needed),
                "label": qualified(i.ambition.target, _figures(i.needed)),
                "qualifier": i.ambition.target.row["qualifier"],
                "unit": TEXTS.get("increment.unit"),
                "ids": ids,
            }
        )
        if i.added:
            rows.append(
                {
                    "group": TEXTS.say("increment.added", name=name_of(report, i.ambition.indicator), **_years(report)),
                    "series": "qinyang",
                    **_in_yuan(i.added),
                    "label": _figures(i.added),
                    "qualifier": "",
                    "unit": TEXTS.get("increment.unit"),
                    "ids": f"{i.level.id} {i.ambition.outcome.id}",
                }
            )
    return TEXTS.chart(
        report,
        "increment",
        charts.bars_with_bounds,
        rows,
        retail(report),
        alt={"n": str(len(rows))},
        legend=[("target", TEXTS.say("key.needed", **_years(report))), ("qinyang", TEXTS.say("key.added", **_years(report)))],
        formulas={"to be added": "level × target", "added": "level × (1 − 1 / (1 + growth)), nominal growth only"},
        **_years(report),
    )


def increment_block(report):
    """What must be added in yuan."""
    found = targets.increments(report)
    yuan = lambda q: each(lambda lang: money(q, lang))  # noqa: E731
    table = [
        (
            name_of(report, i.ambition.indicator),
            yuan(i.level.quantity),
            qualified(i.ambition.target),
            _yuan(i),
            TEXTS.get("prices.real" if i.real else "prices.nominal"),
            yuan(i.added) if i.added else TEXTS.get("prices.unknown"),
            f"{i.level.id}, {i.ambition.target.id}",
        )
        for i in found
    ]
    lacking = [a for a in targets.ambitions(report) if a.indicator not in {i.ambition.indicator for i in found}]
    finding = TEXTS.say("increment.lacking", names=_names(report, lacking)) if lacking else TEXTS.get("increment.complete")
    return TEXTS.block("increment", table=table, chart=increment_chart(report), finding=finding, **_years(report))


def outcome_chart(report):
    """GDP targets against the growth published since: dot plot."""
    rows, own = [], _own_outcome(report)
    for area, target, grown, _ in reversed(targets.outcomes(report)):
        common = {"group": place_of(report, area, start=True), "unit": "%"}
        rows.append(
            common
            | {
                "series": "target",
                "series_label": TEXTS.get("outcome.target"),
                **in_percent(targets.asked(target)),
                "label": qualified(target),
                "mark": "stated",
                "ids": target.id,
            }
        )
        rows.append(
            common
            | {
                "series": area,
                "series_label": TEXTS.get("outcome.outcome"),
                **in_percent(grown.quantity),
                "label": TEXTS.say("qualified.point", value=printed(grown)),
                "mark": "stated",
                "ids": grown.id,
            }
        )
    return TEXTS.chart(
        report,
        "outcome",
        charts.dot_plot,
        rows,
        outcome(report),
        alt={"n": str(len(rows) // 2)},
        source=_source(own[2]) if own else TEXTS.get("none"),
        **_years(report),
    )


def outcome_block(report):
    """What became of the targets."""
    table = [
        (
            place_of(report, area, start=True),
            qualified(target),
            printed(grown),
            signed(gap),
            TEXTS.get(f"met.{direction(gap)}"),
            grown.row["publisher"],
            GROWTH.get(f"quality.{grown.row['quality']}"),
            f"{target.id}, {grown.id}",
        )
        for area, target, grown, gap in reversed(targets.outcomes(report))
    ]
    known = {area for area, *_ in targets.outcomes(report)}
    open_areas = [place_of(report, area) for area, _ in targets.ladder(report, "gdp") if area not in known]
    missing = targets.not_found(report)
    finding = TEXTS.say("outcome.missing", names=join([noun_of(report, i) for i in missing])) if missing else TEXTS.get("outcome.found")
    return TEXTS.block(
        "outcome",
        table=table,
        chart=outcome_chart(report),
        finding=finding,
        lacking=join(open_areas) if open_areas else TEXTS.get("none"),
        **_years(report),
    )


def changes(report):
    """What would change the answer: other readings of an outcome, and how soft a soft target is."""
    before, sentences = [a.verdict for a in targets.ambitions(report)], []
    outcomes = {a.outcome.id: a.indicator for a in targets.ambitions(report)}
    for row in report.tables["readings"].rows:
        if row["field"] == "value" and row["adopted"] == "no" and row["figure_id"] in outcomes:
            after = [a.verdict for a in targets.ambitions(report.under_reading(row["reading_id"]))]
            key = "reading.unchanged" if after == before else "reading.changed"
            sentences.append(
                TEXTS.say(
                    key,
                    id=row["reading_id"],
                    name=noun_of(report, outcomes[row["figure_id"]]),
                    reading={"en": row["reading_en"], "zh": row["reading_zh"]},
                )
            )
    soft = [
        (a, min(abs(a.step.low), abs(a.step.high)))
        for a in targets.ambitions(report)
        if a.target.row["qualifier"] == "about" and a.verdict in ("above", "below")
    ]
    parts = [TEXTS.say("soft.part", name=noun_of(report, a.indicator), width=number(width * 100, 1)) for a, width in soft]
    return sentences + ([TEXTS.say("soft.text", parts=join(parts, COMMA))] if parts else [])


def limits(report):
    """Caveats of the figures used, and what holds for all of them."""
    ids = [*_ids(targets.ambitions(report)), *(i.level.id for i in targets.increments(report))]
    by_lang = each(lambda lang: caveats(report, ids, lang))
    own = _own_outcome(report)
    texts = [COMMON.say("limits.preliminary"), *([TEXTS.say("limit.published", source=_source(own[2]), **_years(report))] if own else [])]
    texts += [TEXTS.say(f"limit.{key}", **_years(report)) for key in ("levels", "bases", "sum")]
    return texts + [{lang: by_lang[lang][k] for lang in by_lang} for k in range(len(by_lang["en"]))]
