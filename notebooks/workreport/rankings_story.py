"""What the places say, and what is left out: the charts and sentences of the third notebook."""

from . import charts, rankings
from .comparators_story import COMMA, words
from .growth_story import SEMICOLON
from .prose import money, number, percent
from .sources import caveats
from .story import Texts, each, join, name_of, noun_of, place_of, printed

NOTEBOOK = "03-rankings"
TEXTS = Texts("rankings")
COMMON = Texts("common")
NAMED = ("water_works_quality", "performance_assessment")  # assessments whose body or entrant differs


def ordinal(n, lang):
    """A place: ``1st`` or ``第1位``."""
    ending = "th" if n % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{ending}" if lang == "en" else f"第{n}位"


def _place(figure):
    return each(lambda lang: ordinal(rankings.place(figure), lang))


def _ids(figures):
    return [i for f in figures for i in (f.id, f.row["subject"]) if i]


def _year(report):
    return report.meta["year_reviewed"]


def _what(figure):
    """What is ranked: size, growth, or which assessment."""
    indicator = figure.row["indicator_id"]
    return TEXTS.get(f"aspect.{indicator if indicator in NAMED else figure.row['aspect']}")


def _entry(report, figure):
    """An indicator and what of it is ranked, as it stands in a sentence."""
    aspect = figure.row["aspect"]
    return (
        noun_of(report, figure.row["indicator_id"])
        if aspect == "assessment"
        else TEXTS.say(f"entry.{aspect}", name=noun_of(report, figure.row["indicator_id"]))
    )


def _by_scope(figures):
    return {scope: part for scope in rankings.SCOPES if (part := [f for f in figures if f.row["scope"] == scope])}


def opening(report):
    """What the notebook asks and what decides it."""
    return TEXTS.say("opening", year=_year(report))


def _pair_parts(report):
    return join(
        [
            TEXTS.say("pair", name=noun_of(report, p.level.row["indicator_id"]), level=_place(p.level), growth=_place(p.growth))
            for p in rankings.pairs(report)
        ]
    )


def _where(figures):
    return join([TEXTS.get(f"scope.{scope}") for scope in _by_scope(figures)])


def size_or_growth(report, key="pairs"):
    """Whether the place by level is better than the place by growth, and how often; `key` chooses the wording."""
    found = rankings.pairs(report)
    size, growth = (sum(p.better == word for p in found) for word in ("size", "growth"))
    case = "size" if size == len(found) else "growth" if growth == len(found) else "mixed"
    facts = {"parts": _pair_parts(report), "where": _where(p.level for p in found)} if key == "pairs" else {}
    return TEXTS.finding(
        f"{key}.{case}", "place by level − place by growth, each indicator", _ids(f for p in found for f in (p.level, p.growth)), "exact",
        n=words(len(found)), size=words(size) if size else TEXTS.say("zero"), growth=words(growth) if growth else TEXTS.say("zero"), **facts,
    )  # fmt: skip


def firsts(report):
    """How many places are firsts, and in which scope."""
    found = rankings.ranks(report)
    first = [f for f in found if rankings.place(f) == 1]
    parts = [TEXTS.say(f"count.{scope}", n=words(len(part))) for scope, part in _by_scope(first).items()]
    return TEXTS.finding(
        "firsts.some" if first else "firsts.none",
        "place == 1",
        _ids(found),
        "stated",
        n=str(len(found)),
        k=words(len(first)),
        parts=join(parts, COMMA) if parts else "–",
    )


def lowest(report):
    """The lowest place of each scope."""
    found, parts = rankings.ranks(report), []
    for scope, part in _by_scope(found).items():
        last = rankings.place(part[-1])
        parts.append(
            TEXTS.say(f"last.{scope}", place=_place(part[-1]), names=join([_entry(report, f) for f in part if rankings.place(f) == last]))
        )
    return TEXTS.finding("lowest", "largest place of each scope", _ids(found), "stated", parts=join(parts, SEMICOLON))


def sizes(report):
    """How many places say out of how many."""
    found = rankings.ranks(report)
    known = [f for f in found if rankings.out_of(f)]
    key = "sizes.all" if len(known) == len(found) else "sizes.some" if known else "sizes.none"
    where = _where(known) if known else "–"
    return TEXTS.finding(key, "out_of is printed", _ids(found), "stated", n=str(len(found)), k=words(len(known)), where=where)


def complete(report, key="complete"):
    """Which headline indicators state everything, and what the others lack; for the title, how much one of them lacks."""
    cells = rankings.stated(report)
    lacking = {i: [TEXTS.get(f"lacking.{c}") for (k, c), f in cells.items() if k == i and f is None] for i, _ in cells}
    full = [noun_of(report, i) for i, missing in lacking.items() if not missing]
    open_ = sorted((i for i in lacking if lacking[i]), key=lambda i: -len(lacking[i]))
    if key == "complete":
        parts = [TEXTS.say("lacks.cells", name=noun_of(report, i), cells=join(lacking[i])) for i in open_]
    else:
        parts = [
            TEXTS.say("lacks.number", name=noun_of(report, i), k=words(len(lacking[i])), n=words(len(rankings.STATED))) for i in open_[:1]
        ]
    case = "all" if not open_ else "some" if full else "none"
    return TEXTS.finding(
        f"{key}.{case}", "level, growth, place by each, gap to the nation, Henan and Jiaozuo, target: stated or not",
        [f.id for f in cells.values() if f], "stated",
        n=words(len(lacking)), names=join(full) if full else "–", parts=join(parts, SEMICOLON) if parts else "–",
    )  # fmt: skip


def answer(report):
    """The answer of the notebook: findings in the order to read them."""
    return [size_or_growth(report), firsts(report), lowest(report), sizes(report), complete(report)]


def _row(group, name, figure, label, out_of=None):
    place = float(rankings.place(figure))
    return {
        "group": group,
        "series_label": name,
        "value": place,
        "low": place,
        "high": place,
        "unit": "place",
        "out_of": float(out_of or "nan"),
        "label": label,
        "ids": " ".join(_ids([figure])),
    }


def pairs_chart(report):
    """Place by size above place by growth: strip."""
    found = rankings.pairs(report)
    rows = [
        _row(name_of(report, f.row["indicator_id"]), TEXTS.get(f"aspect.{f.row['aspect']}"), f, _printed_subject(report, f), rankings.out_of(f))
        for p in found for f in (p.level, p.growth)
    ]  # fmt: skip
    return TEXTS.chart(
        report,
        "pairs",
        charts.rank_strip,
        rows,
        size_or_growth(report, "title"),
        year=_year(report),
        where=_where(p.level for p in found),
        alt={"parts": _pair_parts(report)},
    )


def _printed_subject(report, figure):
    """The level or the growth that is ranked, as printed."""
    subject = report.figures[figure.row["subject"]]
    return (
        each(lambda lang: money(subject.quantity, lang, subject.decimals))
        if subject.table == "levels"
        else each(lambda lang: percent(subject.quantity, subject.decimals))
    )


def pairs_block(report):
    """Big or fast."""
    found = rankings.pairs(report)
    table = [
        (
            name_of(report, p.level.row["indicator_id"]),
            _place(p.level),
            _printed_subject(report, p.level),
            _place(p.growth),
            _printed_subject(report, p.growth),
            TEXTS.get(f"better.{p.better}"),
            f"{p.level.id}, {p.growth.id}",
        )
        for p in found
    ]
    return TEXTS.block("pairs", table=table, chart=pairs_chart(report), finding=size_or_growth(report).text)


def _others(report):
    drawn = {f.id for p in rankings.pairs(report) for f in (p.level, p.growth)}
    return [f for f in rankings.ranks(report, rankings.WITHIN) if f.id not in drawn]


def others(report):
    """Firsts and the lowest of the places within Jiaozuo that are not drawn in pairs."""
    found = _others(report)
    last = max(found, key=rankings.place)
    low = [_entry(report, f) for f in found if rankings.place(f) == rankings.place(last)]
    first = sum(rankings.place(f) == 1 for f in found)
    key = "others.all" if first == len(found) else "others.some"
    return TEXTS.finding(key, "place == 1", _ids(found), "stated", n=str(len(found)), k=words(first), place=_place(last), names=join(low))


def scopes_chart(report):
    """The other places within Jiaozuo, by scope: strip."""
    rows = [
        _row(TEXTS.get(f"label.{f.row['scope']}"), name_of(report, f.row["indicator_id"]), f, _what(f), rankings.out_of(f))
        for f in _others(report)
    ]
    return TEXTS.chart(report, "scopes", charts.rank_strip, rows, others(report), year=_year(report), alt={"n": str(len(rows))})


def scopes_block(report):
    """Every printed place: of what, among whom, out of how many."""
    table = [
        (_place(f), name_of(report, f.row["indicator_id"]), _what(f), TEXTS.get(f"label.{f.row['scope']}"),
         str(rankings.out_of(f) or "") or TEXTS.get("not_stated"), f.id)
        for f in rankings.ranks(report)
    ]  # fmt: skip
    return TEXTS.block("scopes", table=table, chart=scopes_chart(report), finding=sizes(report).text)


def beyond(report):
    """The span of the places outside Jiaozuo, and whether they say out of how many."""
    found = sorted(rankings.ranks(report, ("henan", "china")), key=rankings.place)
    key = "beyond.some" if any(rankings.out_of(f) for f in found) else "beyond.none"
    return TEXTS.finding(
        key, "least and largest place", _ids(found), "stated", best=_place(found[0]), last=_place(found[-1]), year=_year(report)
    )


def beyond_chart(report):
    """Places in Henan and the nation, with the earlier place where the gain is printed: strip."""
    rows, moved = [], {}
    for rank, gap, earlier in rankings.earlier_places(report):
        moved.setdefault(rank.id, []).append((gap, earlier))
    for f in rankings.ranks(report, ("henan", "china")):
        group = TEXTS.get(f"label.{f.row['scope']}")
        rows.append(_row(group, name_of(report, f.row["indicator_id"]), f, _what(f), rankings.out_of(f)))
        for gap, earlier in moved.get(f.id, ()):
            value, year = float(earlier.value), gap.row["comparator"].removeprefix("own_")
            rows.append(
                rows[-1]
                | {
                    "series_label": TEXTS.say("in_year", name=name_of(report, f.row["indicator_id"]), year=year),
                    "value": value,
                    "low": value,
                    "high": value,
                    "label": TEXTS.get("rebuilt"),
                    "ids": f"{f.id} {gap.id}",
                }
            )
    return TEXTS.chart(
        report,
        "beyond",
        charts.rank_strip,
        rows,
        beyond(report),
        year=_year(report),
        formulas={"earlier place": "place + places gained"},
        alt={"n": str(len(rows))},
    )


def beyond_block(report):
    """Places outside Jiaozuo, and the one whose change is printed."""
    parts = [
        TEXTS.say(
            f"moved.{gap.row['direction']}", name=noun_of(report, rank.row["indicator_id"]), now=_place(rank),
            then=each(lambda lang, e=earlier: ordinal(int(e.value), lang)), year=gap.row["comparator"].removeprefix("own_"), n=gap.row["value"],
        )
        for rank, gap, earlier in rankings.earlier_places(report)
    ]  # fmt: skip
    return TEXTS.block(
        "beyond", chart=beyond_chart(report), finding=join(parts, {"en": " ", "zh": ""}) if parts else TEXTS.get("moved.none")
    )


def _cell(figure):
    """A cell of the matrix, by language: empty where nothing is stated."""
    if figure is None:
        return {"en": "", "zh": ""}
    if figure.table == "levels":
        value, decimals = figure.quantity.value, figure.decimals
        return TEXTS.say("cell.level", level={"en": number(value / 10**9, decimals + 1), "zh": number(value / 10**8, decimals)})
    if figure.table == "rankings":
        return TEXTS.say("cell.place", place=_place(figure))
    if figure.table == "gaps":
        return TEXTS.say(f"cell.{figure.row['direction']}", gap=number(figure.quantity.value * 100, figure.decimals))
    return TEXTS.say(f"cell.{figure.row['qualifier'] or 'exact'}", rate=printed(figure))


def stated_chart(report):
    """What is stated of the headline indicators and what is not: matrix."""
    rows = [
        {"group": name_of(report, i), "column": TEXTS.say(f"column.{c}", year=report.meta["year_planned"]), "label": _cell(f),
         "unit": f.row["unit"] if f else "", "ids": f.id if f else ""}
        for (i, c), f in rankings.stated(report).items()
    ]  # fmt: skip
    missing = sum(f is None for f in rankings.stated(report).values())
    return TEXTS.chart(
        report,
        "stated",
        charts.stated_matrix,
        rows,
        complete(report, "matrix"),
        year=_year(report),
        alt={"n": str(len(rows)), "missing": str(missing)},
    )


def stated_block(report):
    """What the report leaves out."""
    cells = rankings.stated(report)
    return TEXTS.block(
        "stated",
        chart=stated_chart(report),
        finding=TEXTS.say("missing", missing=str(sum(f is None for f in cells.values())), n=str(len(cells))),
    )


def claims_block(report):
    """Claims of standing without a place."""
    found = rankings.standing_claims(report)
    table = [
        (TEXTS.get(f"kind.{kind}"), {lang: row[f"claim_{lang}"] for lang in ("en", "zh")}, row["figure_id"])
        for kind, rows in found.items()
        for row in rows
    ]
    parts = [TEXTS.say(f"kinds.{kind}", n=words(len(rows))) for kind, rows in found.items() if rows]
    return TEXTS.block(
        "claims",
        table=table,
        finding=TEXTS.say("claimed", n=words(len(table)), parts=join(parts, COMMA)) if parts else TEXTS.get("claimed_none"),
    )


def _value(figure):
    """A published or printed value by language: a place, an amount or a rate."""
    if figure.quantity.kind == "rank":
        return TEXTS.say("cell.place", place=_place(figure))
    text = (
        each(lambda lang: percent(figure.quantity, figure.decimals))
        if figure.quantity.kind == "rate"
        else each(lambda lang: money(figure.quantity, lang, figure.decimals))
    )
    return TEXTS.say("cell.more_than", value=text) if figure.row["qualifier"] == "more_than" else text


def neighbours_block(report):
    """Places against what neighbours published: consistency checks, secondary."""
    found = rankings.neighbours(report)
    table = [
        (name_of(report, n.rank.row["indicator_id"]), _what(n.rank), TEXTS.say("cell.place", place=_place(n.rank)), _value(n.own),
         place_of(report, n.published.row["area"], start=True), _value(n.published), TEXTS.get(f"status.{n.status}"), f"{n.rank.id}, {n.published.id}")
        for n in found
    ]  # fmt: skip
    wrong = sum(n.status == "contradicts" for n in found)
    lacking = [place_of(report, area) for area in rankings.without_level(report, "gdp")]
    text = [TEXTS.say("fits.some" if wrong else "fits.all", n=words(len(found)), wrong=words(wrong)) if found else TEXTS.get("fits.none")]
    text += [TEXTS.say("unseen", names=join(lacking))] if lacking else []
    lead = {m: report.find("published", area=report.meta["area"], indicator_id="gdp", measure=m) for m in ("rank", "gap")}
    if all(lead.values()):
        rank, gap = lead["rank"][0], lead["gap"][0]
        text.append(
            TEXTS.say(
                "earlier",
                year=rank.row["period"],
                place=_place(rank),
                gap=each(lambda lang: money(gap.quantity, lang, gap.decimals)),
                ids=f"{rank.id}, {gap.id}",
            )
        )
    return TEXTS.block("neighbours", table=table, finding=join(text, {"en": " ", "zh": ""}))


def changes(report):
    """What would change the answer: a place after a growth rate read as a place of the level."""
    found = rankings.pairs(report)
    unlike = sum(p.better != "neither" for p in found)
    return (
        [
            TEXTS.say(
                "reading.all" if unlike == len(found) else "reading.some",
                names=join([noun_of(report, p.level.row["indicator_id"]) for p in found]),
                k=words(unlike),
                n=words(len(found)),
            )
        ]
        if found
        else []
    )


def limits(report):
    """Caveats of the figures used, and what holds for all places."""
    ids = _ids(rankings.ranks(report)) + [f.id for f in rankings.stated(report).values() if f]
    by_lang = each(lambda lang: caveats(report, ids, lang))
    return [COMMON.say("limits.preliminary"), TEXTS.say("limit.scopes"), TEXTS.say("limit.entry"), TEXTS.say("limit.gaps")] + [
        {lang: by_lang[lang][k] for lang in by_lang} for k in range(len(by_lang["en"]))
    ]
