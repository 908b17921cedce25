"""What published statistics say about the report: the charts and sentences of the second notebook."""

from . import charts, comparators, growth
from .growth_story import COMMON, SEMICOLON
from .growth_story import TEXTS as GROWTH
from .numbers import direction
from .prose import count_word, direction_word, money, number, percent
from .sources import caveats
from .story import Texts, each, in_percent, interval_percent, join, name_of, noun_of, place_of, printed

NOTEBOOK = "02-comparators"
TEXTS = Texts("comparators")
COMMA = {"en": ", ", "zh": "，"}
VERDICTS = ("above", "below", "within_rounding", "equal", "open")


def words(n):
    """A count in a sentence: a word in English, digits in Chinese."""
    return {"en": count_word(n, "en"), "zh": str(n)}


def _year(report):
    return report.meta["year_reviewed"]


def _ids(omissions):
    return [i for o in omissions for i in (o.own.id, *(f.id for f in o.published))]


def _shown(figure):
    """A value as printed, by language: an amount, a count or a rate."""
    if figure.quantity.kind in ("rate", "count"):
        return each(lambda lang: printed(figure) if figure.quantity.kind == "rate" else number(figure.quantity.value, 0))
    return each(lambda lang: money(figure.quantity, lang, figure.decimals))


def _clauses(parts):
    """Texts by language as a list: with "and" in English, with commas in Chinese."""
    return join(parts) | {"zh": join(parts, COMMA)["zh"]}


def _verdict_word(own, figure):
    return TEXTS.get(f"side.{direction(own.quantity - figure.quantity)}")


def _basis(figure):
    """The basis of a published figure by language, or None."""
    variant = figure.row["variant"]
    return TEXTS.get(f"basis.{variant}") if variant else None


def _source_cells(report, figure):
    """Publisher, date against the report's delivery, quality of the copy, id."""
    date = TEXTS.say(f"dated.{comparators.dating(report, figure)}", date=figure.row["published_date"] or "–")
    return figure.row["publisher"], date, GROWTH.get(f"quality.{figure.row['quality']}"), figure.id


def _rate(figure):
    """A published rate; one that was only derived is called so."""
    return GROWTH.say("derived", text=printed(figure)) if figure.row["status"] == "derived" else printed(figure)


def opening(report):
    """What the notebook asks and what decides it."""
    return TEXTS.say("opening", date=report.meta["delivered"])


def rebuilt(report):
    """How many rebuilt rates, headline or not, the published ones confirm, contradict or leave open."""
    found = comparators.benchmarks(report)
    agrees, differs = (sum(b.status == s for b in found) for s in ("agrees", "differs"))
    ids = [i for b in found for i in (b.comparison.own.id, b.comparison.gap.id, *(f.id for f in b.published))]
    key = "rebuilt.unseen" if not agrees + differs else "rebuilt.differs" if differs else "rebuilt.agrees"
    return TEXTS.finding(
        key, "published ∈ own − gap", ids, "outside data",
        n=str(len(found)), seen=words(agrees + differs), differs=words(differs), without=words(len(found) - agrees - differs),
    )  # fmt: skip


def copies(report):
    """How good the copies are, and how many are dated after the report's delivery."""
    found = [f for b in comparators.benchmarks(report) for f in b.published]
    official = sum(f.row["quality"] == "official page" for f in found)
    dates = [comparators.dating(report, f) for f in found]
    return TEXTS.finding(
        "copies.some" if official else "copies.none", "published_date < delivered", [f.id for f in found], "outside data",
        n=str(len(found)), official=words(official), **{word: words(dates.count(word)) for word in ("before", "after", "undated")},
    )  # fmt: skip


def agreeing(report, key="elsewhere"):
    """How many figures published elsewhere agree with the report within rounding."""
    found = comparators.elsewhere(report)
    good = sum(e.agrees for e in found)
    facts = {"names": join([_measure(report, e) for e in found])} if key == "elsewhere" else {}
    return TEXTS.finding(
        f"{key}.{'all' if good == len(found) else 'some'}", "published − printed within half the last digit of each",
        [f.id for e in found for f in (e.own, e.published)], "outside data", n=words(len(found)), k=words(good), **facts,
    )  # fmt: skip


def _measure(report, one):
    """What a figure published elsewhere measures, as it stands in a sentence."""
    return TEXTS.say(f"measure.{one.own.table}", name=noun_of(report, one.own.row["indicator_id"]))


def omitted(report):
    """In how many growth comparisons that the report leaves out Qinyang is above, below or neither."""
    found = comparators.left_out(report)
    parts = [TEXTS.say(f"omitted.{word}", k=words(k)) for word in VERDICTS if (k := sum(o.verdict == word for o in found))]
    return TEXTS.finding("omitted.count", "own − published", _ids(found), "outside data", n=words(len(found)), parts=_clauses(parts))


def omitted_which(report):
    """Which comparisons those are, by verdict."""
    found = comparators.left_out(report)
    groups = {}
    for o in sorted(found, key=lambda o: VERDICTS.index(o.verdict)):
        groups.setdefault((o.verdict, o.indicator), []).append(place_of(report, o.area))
    parts = [TEXTS.say(f"which.{word}", name=noun_of(report, indicator), areas=join(areas)) for (word, indicator), areas in groups.items()]
    dated = sum(any(comparators.dating(report, f) == "before" for f in o.published) for o in found)
    return TEXTS.finding(
        "which.text",
        "own − published, each basis",
        _ids(found),
        "outside data",
        parts=_clauses(parts),
        n=words(len(found)),
        dated=words(dated),
    )


def intensity(report):
    """R&D intensity, a share, against published shares."""
    found = comparators.left_out(report, "shares", "share")
    parts = []
    for o in found:
        word = (
            TEXTS.get("mixed")
            if o.verdict == "open"
            else each(lambda lang, o=o: direction_word(o.own.quantity - o.published[0].quantity, lang))
        )
        values = sorted({f.quantity.value: printed(f) for f in o.published}.items())
        parts.append(
            TEXTS.say("share", word=word, area=place_of(report, o.area), values=join([text for _, text in values], TEXTS.get("to")))
        )
    if not found:
        return TEXTS.finding("intensity_none", "no published share", [], "outside data")
    own = found[0].own
    return TEXTS.finding(
        "intensity_text",
        "own − published",
        _ids(found),
        "outside data",
        name=name_of(report, own.row["indicator_id"]),
        own=printed(own),
        parts=_clauses(parts),
    )


def answer(report):
    """The answer of the notebook: findings in the order to read them."""
    return [rebuilt(report), agreeing(report), omitted(report), omitted_which(report), intensity(report)]


def rebuilt_block(report):
    """Every rebuilt rate with the status of each published one."""
    table = []
    for b in comparators.benchmarks(report):
        c = b.comparison
        head = (name_of(report, c.indicator), place_of(report, c.area, start=True), percent(c.rebuilt), interval_percent(c.rebuilt))
        table += [(*head, _rate(f), GROWTH.get(f"status.{b.status}"), *_source_cells(report, f)) for f in b.published]
        table += [] if b.published else [(*head, "–", GROWTH.get(f"status.{b.status}"), "–", "–", "–", "–")]
    return TEXTS.block("rebuilt_rates", table=table, finding=copies(report).text)


def levels_chart(report):
    """Figures of the report against the same ones published elsewhere: interval plot in halves of the last digit."""
    rows = []
    for e in comparators.elsewhere(report):
        q = e.own.quantity
        verdict = GROWTH.get("status.agrees" if e.agrees else "status.differs")
        rows.append({
            "group": name_of(report, e.own.row["indicator_id"]), "series": report.meta["area"], "series_label": TEXTS.get(f"kind.{q.kind or 'amount'}"),
            "value": 0.0, "low": float((q.low - q.value) / e.half), "high": float((q.high - q.value) / e.half),
            "unit": "half of the last printed digit", "published": float(e.distance),
            "label": _shown(e.own), "verdict": join([_shown(e.published), verdict], {"en": "  ", "zh": "  "}), "ids": f"{e.own.id} {e.published.id}",
        })  # fmt: skip
    return TEXTS.chart(
        report, "levels", charts.interval_plot, rows, agreeing(report, "levels_title"), year=_year(report), alt={"n": str(len(rows))},
        options={"columns": TEXTS.get("levels.columns")}, formulas={"distance": "(published − printed) ÷ half the last printed digit"},
    )  # fmt: skip


def levels_block(report):
    """Figures of the report against the same ones published elsewhere."""
    table = [
        (name_of(report, e.own.row["indicator_id"]), _shown(e.own), _shown(e.published),
         GROWTH.get("status.agrees" if e.agrees else "status.differs"), *_source_cells(report, e.published)[:3], f"{e.own.id}, {e.published.id}")
        for e in comparators.elsewhere(report)
    ]  # fmt: skip
    return TEXTS.block("levels", table=table, chart=levels_chart(report), finding=agreeing(report).text)


def left_out_chart(report):
    """Own growth against published growth that the report does not compare it with: dot plot."""
    found, rows, groups = comparators.left_out(report), [], {}
    for o in found:
        groups.setdefault(o.indicator, []).append(o)
    for indicator, left in groups.items():
        own = left[0].own
        entries = [(report.meta["area"], None, own.quantity, "stated", printed(own), own.id)]
        for area in reversed(growth.YARDSTICKS):
            entries += [
                (area, None, c.rebuilt, "rebuilt", percent(c.rebuilt), f"{c.own.id} {c.gap.id}")
                for c in growth.comparisons(report, (indicator,), (area,))
            ]
            entries += [
                (area, _basis(same[0]), same[0].quantity, "published", printed(same[0]), " ".join(f.id for f in same))
                for o in left
                if o.area == area
                for same in o.bases
            ]
        for area, basis, q, mark, label, ids in entries:
            place = place_of(report, area, start=True)
            name = join([place, basis], COMMA) if basis else place
            rows.append(
                {
                    "group": name_of(report, indicator),
                    "series": area,
                    "series_label": name,
                    **in_percent(q),
                    "unit": "%",
                    "label": label,
                    "mark": mark,
                    "ids": ids,
                }
            )
    return TEXTS.chart(
        report,
        "left_out",
        charts.dot_plot,
        rows,
        omitted(report),
        year=_year(report),
        formulas={"rebuilt": "own rate − gap"},
        alt={"n": str(len(found))},
    )


def _omission_rows(report, found):
    for o in found:
        for f in o.published:
            word = _verdict_word(o.own, f)
            yield (
                name_of(report, o.indicator),
                printed(o.own),
                place_of(report, o.area, start=True),
                printed(f),
                _basis(f) or "–",
                word,
                *_source_cells(report, f),
            )


def left_out_block(report):
    """Comparisons of growth that the report leaves out."""
    return TEXTS.block(
        "left_out",
        table=list(_omission_rows(report, comparators.left_out(report))),
        chart=left_out_chart(report),
        finding=omitted_which(report).text,
    )


def intensity_block(report):
    """R&D intensity beside published shares."""
    return TEXTS.block(
        "intensity", table=list(_omission_rows(report, comparators.left_out(report, "shares", "share"))), finding=intensity(report).text
    )


def changes(report):
    """What would change the answer: the basis of published figures that disagree."""
    sentences = []
    for o in (o for o in comparators.left_out(report) if o.verdict == "open"):
        parts = [
            TEXTS.say("basis_part", basis=_basis(f) or TEXTS.get("no_basis"), rate=printed(f), word=_verdict_word(o.own, f))
            for f in o.published
        ]
        sentences.append(
            TEXTS.say(
                "basis_text",
                name=name_of(report, o.indicator),
                own=printed(o.own),
                area=place_of(report, o.area),
                parts=join(parts, SEMICOLON),
            )
        )
    return sentences


def limits(report):
    """Caveats of the figures used, and what holds for all published ones."""
    ids = _ids(comparators.left_out(report) + comparators.left_out(report, "shares", "share")) + list(rebuilt(report).figure_ids)
    by_lang = each(lambda lang: caveats(report, ids, lang))
    return [COMMON.say("limits.preliminary"), TEXTS.say("limit.copies"), TEXTS.say("limit.search")] + [
        {lang: by_lang[lang][k] for lang in by_lang} for k in range(len(by_lang["en"]))
    ]
