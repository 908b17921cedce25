"""What the growth figures say: the charts and sentences of the first notebook."""

import pandas as pd

from . import charts, growth
from .export import Chart
from .notebook import Block
from .numbers import compare, direction
from .prose import LANGUAGES, count_word, direction_word, listing, number, percent, point_range, points, say
from .sources import area_name, caveats, indicator_name, source_line


def _chart(report, name, form, rows, ids, title, subtitle, alt, **more):
    ids = sorted(dict.fromkeys(ids))
    return Chart(
        name, form, pd.DataFrame(rows), title, subtitle, alt,
        {lang: source_line(report, ids, lang) for lang in LANGUAGES}, ids,
        caveats={lang: caveats(report, ids, lang) for lang in LANGUAGES}, **more,
    )  # fmt: skip


def _ids(compared):
    return [i for c in compared for i in (c.own.id, c.gap.id)]


def _printed(figure):
    return percent(figure.quantity, figure.decimals)


def rates_chart(report):
    """Own rates against the rebuilt ones: dot plot."""
    compared = growth.comparisons(report)
    own = report.meta["area"]
    rows = []
    for indicator in dict.fromkeys(c.indicator for c in compared):
        part = [c for c in compared if c.indicator == indicator]
        names = {f"group_{x}": indicator_name(report, indicator, x) for x in LANGUAGES}
        figure = part[0].own
        entries = [(own, figure.quantity, "stated", _printed(figure), figure.id)]
        entries += [(c.area, c.rebuilt, "rebuilt", percent(c.rebuilt), f"{c.own.id} {c.gap.id}") for c in reversed(part)]
        for series, q, mark, label, ids in entries:
            rows.append(names | {f"series_label_{x}": area_name(report, series, x, start=True) for x in LANGUAGES} | {
                "series": series, "value": float(q.value * 100), "low": float(q.low * 100), "high": float(q.high * 100),
                "unit": "%", "label": label, "mark": mark, "ids": ids,
            })  # fmt: skip
    year = compared[0].own.row["period"]
    title = {lang: _overall(report, compared, lang, year) for lang in LANGUAGES}
    lead = max(compared, key=lambda c: c.lead.value)
    alt = {
        "en": f"Dot plot: growth in {year} of {len({c.indicator for c in compared})} indicators, Qinyang against rebuilt rates of its yardsticks. Widest lead: {indicator_name(report, lead.indicator, 'en')}, {points(lead.lead, 'en')} over {area_name(report, lead.area, 'en')}.",
        "zh": f"点图：{year}年{len({c.indicator for c in compared})}项指标的增速，沁阳与推算的参照地区比较。领先最多：{indicator_name(report, lead.indicator, 'zh')}，高出{area_name(report, lead.area, 'zh')}{points(lead.lead, 'zh')}。",
    }
    subtitle = {
        "en": f"Growth in {year}, %. Filled: printed in the report. Hollow: rebuilt, own rate minus printed gap. Lines: rounding",
        "zh": f"{year}年同比增速，%。实心：报告印出；空心：以本地增速减去高出幅度推算；横线：舍入区间",
    }
    return _chart(report, "rates", charts.dot_plot, rows, _ids(compared), title, subtitle, alt,
                  formulas={"rebuilt": "own rate − gap"})  # fmt: skip


def _overall(report, compared, lang, year):
    """The headline: in how many comparisons the own rate is above, below, or neither."""
    above = [c for c in compared if c.verdict == "above"]
    low, high = (f([c.lead for c in compared], key=lambda q: q.value) for f in (min, max))
    if len(above) == len(compared):
        return say(
            {
                "en": "Qinyang outgrew every yardstick the report names in {year}, by {low} to {high}",
                "zh": "{year}年沁阳增速全部高于报告所列的参照，高出{low}至{high}",
            }[lang],
            year=year, low=number(low.value * 100, 1), high=points(high, lang, long=True),
        )  # fmt: skip
    below = sum(c.verdict == "below" for c in compared)
    rest = len(compared) - len(above) - below
    return {
        "en": f"Of {len(compared)} comparisons for {year}, Qinyang is above in {len(above)}, below in {below}, within rounding in {rest}",
        "zh": f"{year}年{len(compared)}项比较中，沁阳高于参照{len(above)}项，低于{below}项，在舍入范围内{rest}项",
    }[lang]


def _complete(report):
    """Indicators whose lead can be split, with their comparisons from the widest area to the nearest."""
    return {
        i: growth.comparisons(report, (i,))
        for i in growth.HEADLINE
        if growth.premium_decomposition(report, i) is not None
    }  # fmt: skip


def lead_chart(report):
    """The lead as the yardstick comes nearer: slope."""
    compared = growth.comparisons(report)
    rows = [
        {f"group_{x}": indicator_name(report, c.indicator, x) for x in LANGUAGES}
        | {f"step_{x}": {"en": f"over {area_name(report, c.area, 'en')}", "zh": f"对{area_name(report, c.area, 'zh')}"}[x] for x in LANGUAGES}
        | {"value": float(c.lead.value * 100), "low": float(c.lead.low * 100), "high": float(c.lead.high * 100), "unit": "pp", "label": number(c.lead.value * 100, c.gap.decimals), "ids": c.gap.id}
        for area in growth.YARDSTICKS
        for c in compared
        if c.area == area
    ]
    complete = _complete(report)
    fall = {i: cs[0].lead.value - cs[-1].lead.value for i, cs in complete.items()}
    top = max(fall, key=fall.get)
    first, last = complete[top][0], complete[top][-1]
    shrinking = all(
        compare(a.lead, ">=", b.lead) == "holds" or a.lead.value >= b.lead.value
        for cs in complete.values()
        for a, b in zip(cs, cs[1:], strict=False)
    )
    facts = {
        lang: {
            "name": indicator_name(report, top, lang) if lang == "zh" else indicator_name(report, top, lang).lower(),
            "first": number(first.lead.value * 100, 1), "last": points(last.lead, lang, long=True),
        }
        for lang in LANGUAGES
    }  # fmt: skip
    template = {
        True: {"en": "The nearer the yardstick, the smaller the lead: in {name} it falls from {first} to {last}", "zh": "参照越近，领先越小：{name}由{first}降至{last}"},
        False: {"en": "The lead changes with the yardstick: in {name} it goes from {first} to {last}", "zh": "领先幅度因参照而异：{name}由{first}变为{last}"},
    }[shrinking]
    title = {lang: say(template[lang], **facts[lang]) for lang in LANGUAGES}
    year = first.own.row["period"]
    slack = number(max(c.lead.high - c.lead.value for c in compared) * 100, 2)
    subtitle = {
        "en": f"Lead of Qinyang's growth in {year} over each yardstick, percentage points, as printed (each ±{slack})",
        "zh": f"{year}年沁阳增速高出各参照的幅度，个百分点，照印（各±{slack}）",
    }
    alt = {
        "en": f"Slope chart of Qinyang's lead over the nation, Henan and Jiaozuo, {len({c.indicator for c in compared})} indicators. Largest: {facts['en']['name']}, {facts['en']['first']} over the nation, {facts['en']['last']} over Jiaozuo.",
        "zh": f"斜率图：沁阳增速对全国、全省、焦作市的领先幅度，共{len({c.indicator for c in compared})}项指标。最大为{facts['zh']['name']}对全国{facts['zh']['first']}个百分点，对焦作市为{facts['zh']['last']}。",
    }
    highlight = {f"highlight_{x}": [indicator_name(report, top, x)] for x in LANGUAGES}
    return _chart(report, "lead", charts.slope, rows, _ids(compared), title, subtitle, alt, options=highlight)


def decomposition_chart(report):
    """The lead over the nation, split along the nesting: stacked bars."""
    complete = _complete(report)
    rows, ids = [], []
    for indicator, cs in sorted(complete.items(), key=lambda item: -item[1][0].lead.value):
        gap_ids = " ".join(c.gap.id for c in cs)
        ids += _ids(cs)
        for series, part in growth.premium_decomposition(report, indicator):
            rows.append({f"group_{x}": indicator_name(report, indicator, x) for x in LANGUAGES} | {
                "series": series, "value": float(part.value * 100), "low": float(part.low * 100), "high": float(part.high * 100), "unit": "pp",
                "label": number(part.value * 100, 1), "total_label": number(cs[0].lead.value * 100, 1), "ids": gap_ids,
            })  # fmt: skip
    shares = {i: s for i in complete if (s := growth.own_share(report, i)) is not None}
    most, least = max(shares, key=lambda i: shares[i].value), min(shares, key=lambda i: shares[i].value)
    title, alt = {}, {}
    for lang in LANGUAGES:
        names = [indicator_name(report, i, lang) for i in (most, least)]
        names = [n if lang == "zh" or n.isupper() else n.lower() for n in names]
        facts = {"a": names[0], "b": names[1], "pa": percent(shares[most], 0), "pb": percent(shares[least], 0)}
        title[lang] = say({
            "en": "Of the {a} lead over the nation about {pa} is Qinyang's own; of the {b} lead, {pb}",
            "zh": "对全国的领先中属于沁阳自身的：{a}约占{pa}，{b}约占{pb}",
        }[lang], **facts)  # fmt: skip
    year = next(iter(complete.values()))[0].own.row["period"]
    slack = number(max((p.high - p.low) / 2 for i in complete for _, p in growth.premium_decomposition(report, i)) * 100, 1)
    subtitle = {
        "en": f"Lead over national growth in {year}, percentage points. The parts add up exactly; rounding can move each by {slack} at most",
        "zh": f"{year}年增速高出全国的幅度，个百分点。各段恰好相加；因舍入，每段误差至多{slack}",
    }
    for lang in LANGUAGES:
        sizes = [f"{indicator_name(report, i, lang)} {number(cs[0].lead.value * 100, 1)}" for i, cs in complete.items()]
        alt[lang] = {
            "en": f"Stacked bars: lead over the nation in points, {listing(sizes, 'en')}. {title['en']}.",
            "zh": f"堆叠条形图：高出全国的百分点，{listing(sizes, 'zh')}。{title['zh']}。",
        }[lang]
    key = [
        ("qinyang", {"en": "Qinyang over Jiaozuo", "zh": "沁阳高出焦作"}),
        ("jiaozuo", {"en": "Jiaozuo over Henan", "zh": "焦作高出全省"}),
        ("henan", {"en": "Henan over the nation", "zh": "全省高出全国"}),
    ]
    return _chart(report, "decomposition", charts.stacked_decomposition, rows, ids, title, subtitle, alt, key=key,
                  formulas={"Jiaozuo over Henan": "gap over Henan − gap over Jiaozuo", "Henan over the nation": "gap over the nation − gap over Henan"})  # fmt: skip


def benchmark_chart(report):
    """Rebuilt intervals against published rates: interval plot."""
    found = growth.benchmarks(report)
    words = {
        "en": {"agrees": "agrees", "differs": "differs", "not found": "not found", "several bases": "several bases"},
        "zh": {"agrees": "一致", "differs": "不一致", "not found": "未找到", "several bases": "口径不一"},
    }
    rows, ids = [], []
    for b in found:
        c = b.comparison
        derived = b.published and all(f.row["status"] == "derived" for f in b.published)
        verdict = {x: words[x][b.status] + ({"en": " (derived)", "zh": "（推算）"}[x] if derived else "") for x in LANGUAGES}
        if b.published:
            verdict = {x: f"{percent(b.published[0].quantity, b.published[0].decimals)}  {verdict[x]}" for x in LANGUAGES}
        used = [c.own.id, c.gap.id, *(f.id for f in b.published)]
        ids += used
        difference = float((b.published[0].quantity - c.rebuilt).value * 100) if b.published else float("nan")
        rows.append({f"group_{x}": indicator_name(report, c.indicator, x) for x in LANGUAGES} | {f"series_label_{x}": area_name(report, c.area, x, start=True) for x in LANGUAGES} | {
            "series": c.area, "value": 0.0, "low": float((c.rebuilt.low - c.rebuilt.value) * 100), "high": float((c.rebuilt.high - c.rebuilt.value) * 100), "unit": "pp",
            "published": difference, "label": percent(c.rebuilt), "ids": " ".join(used),
        } | {f"verdict_{x}": verdict[x] for x in LANGUAGES})  # fmt: skip
    title = {lang: benchmark_sentence(report, lang).rstrip(".。") for lang in LANGUAGES}
    year = found[0].comparison.own.row["period"]
    subtitle = {
        "en": f"Growth in {year}: distance from the rebuilt rate, percentage points. Bars: rounding interval. Diamonds: published rate",
        "zh": f"{year}年增速与推算值之差，个百分点。色条：推算值的舍入区间；菱形：公布值",
    }
    alt = {
        "en": f"Interval plot of {len(found)} rebuilt growth rates and the published ones. {title['en']}.",
        "zh": f"区间图：{len(found)}个推算增速与公布值。{title['zh']}。",
    }
    return _chart(report, "published", charts.interval_plot, rows, ids, title, subtitle, alt, options={"columns_en": ("Rebuilt", "Published"), "columns_zh": ("推算", "公布")},
                  formulas={"rebuilt": "own rate − gap, each ± half its last digit", "published": "published rate − rebuilt rate"})  # fmt: skip


def benchmark_sentence(report, lang):
    """How many rebuilt rates the published ones confirm, contradict or leave open."""
    found = growth.benchmarks(report)
    counts = {s: sum(b.status == s for b in found) for s in ("agrees", "differs", "not found", "several bases")}
    checked = counts["agrees"] + counts["differs"]
    without = len(found) - checked
    if checked == 0:
        return {"en": "None of the rebuilt rates could be checked against a published one.", "zh": "推算的增速都没有公布值可供核对。"}[lang]
    if counts["differs"] == 0:
        first = {"en": f"All {count_word(checked, 'en')} rebuilt rates that can be checked agree with published ones", "zh": f"可核对的{count_word(checked, 'zh')}个推算增速全部与公布值一致"}[lang]
    else:
        first = {"en": f"Of {checked} rebuilt rates that can be checked, {counts['differs']} differ from published ones", "zh": f"可核对的{checked}个推算增速中，{counts['differs']}个与公布值不一致"}[lang]
    rest = {"en": f"; for {count_word(without, 'en')} nothing was found", "zh": f"，另有{count_word(without, 'zh')}个未找到公布值"}[lang] if without else ""
    return first + rest + {"en": ".", "zh": "。"}[lang]


def answer(report, lang):
    """The answer of the notebook, three to five sentences.

    Parameters
    ----------
    report : Report
    lang : {"en", "zh"}

    Returns
    -------
    list of str
    """
    compared = growth.comparisons(report)
    year = compared[0].own.row["period"]
    stop = {"en": ".", "zh": "。"}[lang]
    sentences = [_overall(report, compared, lang, year) + stop]
    gdp = [c for c in compared if c.indicator == "gdp"]
    sentences.append(say(
        {"en": "GDP grew {own}, {word} the rebuilt rates of {areas} ({rates}).", "zh": "地区生产总值增长{own}，{word}推算的{areas}增速（{rates}）。"}[lang],
        own=_printed(gdp[0].own), word=_common_direction(gdp, lang), areas=listing([area_name(report, c.area, lang) for c in gdp], lang),
        rates=listing([percent(c.rebuilt) for c in gdp], lang),
    ))  # fmt: skip
    shares = {i: s for i in _complete(report) if (s := growth.own_share(report, i)) is not None}
    parts = [
        {"en": f"{_lower(indicator_name(report, i, 'en'))} {percent(s, 0)}", "zh": f"{indicator_name(report, i, 'zh')}{percent(s, 0)}"}[lang] + _share_range(s, lang)
        for i, s in sorted(shares.items(), key=lambda item: -item[1].value)
    ]
    sentences.append(say(
        {"en": "The part of the lead over the nation that is Qinyang's own, not Jiaozuo's or Henan's: {parts}.", "zh": "对全国的领先中，不属于焦作市和全省、而属于沁阳自身的部分：{parts}。"}[lang],
        parts=listing(parts, lang),
    ))  # fmt: skip
    least = min(compared, key=lambda c: c.lead.value)
    sentences.append(say(
        {"en": "The narrowest lead is {name} over {area}: {lead} ({range} with rounding), so growth is {word} {area}.", "zh": "领先最少的是{name}对{area}：{lead}（舍入区间{range}），即{word}{area}。"}[lang],
        name=_lower(indicator_name(report, least.indicator, lang)), area=area_name(report, least.area, lang), lead=points(least.lead, lang),
        range=point_range(least.lead, lang), word=direction_word(least.lead, lang),
    ))  # fmt: skip
    sentences.append(benchmark_sentence(report, lang) + {"en": " ", "zh": ""}[lang] + revenue_sentence(report, lang))
    return sentences


def _lower(name):
    return name if name.isupper() else name.lower()


def _share_range(share, lang):
    low, high = number(share.low * 100, 0), number(share.high * 100, 0)
    return {"en": f" ({low} to {high}%)", "zh": f"（{low}%至{high}%）"}[lang]


def _common_direction(compared, lang):
    verdicts = {c.verdict for c in compared}
    if len(verdicts) == 1:
        return direction_word(compared[0].lead, lang)
    return {"en": "partly above and partly not above", "zh": "部分高于、部分不高于"}[lang]


def revenue_bases(report, lang):
    """Whether the revenue growth is above the nation's under each basis of the published rate.

    Returns
    -------
    list of dict
        One row per published national rate: id, basis, rate, and the direction of the own rate.
    """
    own = report.one("growth", indicator_id="budget_revenue")
    basis = {"as reported": "自然口径", "without VAT refunds": "扣除留抵退税", "local governments, as reported": "地方本级，自然口径"}
    rows = []
    for figure in report.find("published", indicator_id="budget_revenue", area="china", period=own.row["period"], measure="growth"):
        name = figure.row["variant"]
        rows.append({"id": figure.id, "basis": name if lang == "en" else basis[name], "rate": _printed(figure), "qinyang": _printed(own),
                     "difference": points(own.quantity - figure.quantity, lang), "verdict": direction_word(own.quantity - figure.quantity, lang)})  # fmt: skip
    return rows


def revenue_sentence(report, lang):
    """What the basis of revenue growth decides: one sentence."""
    rows = revenue_bases(report, lang)
    if not rows:
        return {"en": "No national rate of budget revenue was found to compare with.", "zh": "未找到可比的全国一般公共预算收入增速。"}[lang]
    words = {row["verdict"] for row in rows}
    if len(words) == 1:
        (word,) = words
        return {"en": f"Budget revenue growth is {word} the national rate on every published basis.", "zh": f"按各种公布口径，一般公共预算收入增速均{word}全国。"}[lang]
    return {
        "en": "Whether budget revenue grew faster than the nation's depends on the basis, which the report does not state.",
        "zh": "一般公共预算收入是否快于全国取决于口径，而报告未说明口径。",
    }[lang]


def opening(report, lang):
    """What the notebook asks and what decides it."""
    year = report.meta["year_reviewed"]
    return {
        "en": (
            f"The report prints Qinyang's own growth in {year} and, for most indicators, by how many percentage points it was above the nation, Henan and Jiaozuo. "
            "It prints none of their rates. They can be rebuilt: **own rate − gap**. Every printed number stands for plus or minus half its last digit, and a "
            "comparison counts as *above* or *below* only if it holds over the whole interval; otherwise it is *within rounding*."
        ),
        "zh": (
            f"报告印出沁阳{year}年的增速，并就多数指标印出高于全国、全省、焦作市的百分点，却没有印出后者的增速。后者可以推算：**本地增速 − 高出幅度**。"
            "印出的数各代表末位正负半个单位的区间；只有在整个区间上都成立，才称“高于”或“低于”，否则称“在舍入范围内”。"
        ),
    }[lang]


HEADINGS = {
    "en": {"answer": "The answer", "change": "What would change this answer", "limits": "Limits", "written": "What was written"},
    "zh": {"answer": "结论", "change": "什么会改变结论", "limits": "局限", "written": "输出文件"},
}


def rates_block(report, lang):
    """Own rates against rebuilt rates."""
    head = {"en": ("Indicator", "Yardstick", "Own rate", "Printed gap", "Rebuilt rate", "Interval", "Figures"), "zh": ("指标", "参照", "本地增速", "印出的差距", "推算增速", "区间", "数据")}[lang]
    table = [
        dict(zip(head, (
            indicator_name(report, c.indicator, lang), area_name(report, c.area, lang, start=True), _printed(c.own), points(c.lead, lang, c.gap.decimals),
            percent(c.rebuilt), _percent_range(c.rebuilt, lang), f"{c.own.id}, {c.gap.id}",
        ), strict=True))
        for c in growth.comparisons(report)
    ]  # fmt: skip
    return Block(
        {"en": "Did Qinyang grow faster?", "zh": "沁阳增长得更快吗？"}[lang],
        {"en": "Rebuilt rate = own rate − printed gap; the interval is the worst case of both roundings.", "zh": "推算增速 = 本地增速 − 印出的差距；区间取两者舍入的最坏情形。"}[lang],
        table, rates_chart(report), _certainty(growth.comparisons(report), lang),
    )  # fmt: skip


def _certainty(compared, lang):
    """How many of the comparisons hold over the whole interval."""
    certain = sum(c.verdict != "within_rounding" for c in compared)
    if certain == len(compared):
        return {"en": f"All {len(compared)} comparisons keep their sign over the whole rounding interval.", "zh": f"{len(compared)}项比较在整个舍入区间上均不变号。"}[lang]
    return {"en": f"{certain} of {len(compared)} comparisons keep their sign over the whole rounding interval; the others are within rounding.", "zh": f"{len(compared)}项比较中有{certain}项在整个舍入区间上不变号，其余在舍入范围内。"}[lang]


def _percent_range(quantity, lang):
    low, high = number(quantity.low * 100, 2), number(quantity.high * 100, 2)
    return {"en": f"{low} to {high}%", "zh": f"{low}%至{high}%"}[lang]


def lead_block(report, lang):
    """The lead as the yardstick comes nearer."""
    chart = lead_chart(report)
    return Block(
        {"en": "Does the lead hold as the yardstick comes nearer?", "zh": "参照越近，领先还在吗？"}[lang],
        {"en": "The lead is the printed gap, first over the nation, then over the province, then over the prefecture that Qinyang belongs to.", "zh": "领先幅度即印出的差距，依次对全国、全省和沁阳所属的焦作市。"}[lang],
        chart=chart, finding=_shrinkage(report, lang),
    )  # fmt: skip


def _shrinkage(report, lang):
    """In how many indicators the lead over the nearest yardstick is certainly smaller than over the widest."""
    complete = _complete(report)
    smaller = [i for i, cs in complete.items() if compare(cs[-1].lead, "<", cs[0].lead) == "holds"]
    names = listing([indicator_name(report, i, lang) if lang == "zh" else _lower(indicator_name(report, i, lang)) for i in smaller], lang) if smaller else {"en": "none", "zh": "无"}[lang]
    return {
        "en": f"Beyond rounding, the lead over Jiaozuo is smaller than over the nation in {len(smaller)} of {len(complete)} indicators with all three gaps: {names}.",
        "zh": f"三项差距齐全的{len(complete)}项指标中，对焦作市的领先小于对全国的领先、且超出舍入误差的有{len(smaller)}项：{names}。",
    }[lang]


def decomposition_block(report, lang):
    """The exact split of the lead over the nation."""
    head = {"en": ("Indicator", "Lead over the nation", "Qinyang over Jiaozuo", "Jiaozuo over Henan", "Henan over the nation", "Own share"), "zh": ("指标", "高出全国", "沁阳高出焦作", "焦作高出全省", "全省高出全国", "自身占比")}[lang]
    table = []
    for indicator, cs in _complete(report).items():
        parts = [points(q, lang) + f" ({_side(q, lang)})" for _, q in growth.premium_decomposition(report, indicator)]
        share = growth.own_share(report, indicator)
        own = percent(share, 0) + _share_range(share, lang) if share else {"en": "not defined", "zh": "无意义"}[lang]
        table.append(dict(zip(head, (indicator_name(report, indicator, lang), points(cs[0].lead, lang), *parts, own), strict=True)))
    chart = decomposition_chart(report)
    return Block(
        {"en": "How much of the lead is Qinyang's own?", "zh": "领先有多少属于沁阳自身？"}[lang],
        {
            "en": "Lead over the nation = (Qinyang − Jiaozuo) + (Jiaozuo − Henan) + (Henan − nation), exactly. The first part is Qinyang's own; the others it shares with the area around it. In brackets: the sign over the whole rounding interval.",
            "zh": "对全国的领先 = (沁阳 − 焦作) + (焦作 − 全省) + (全省 − 全国)，恒等。第一段属于沁阳自身，其余与所在地区共有。括号内为整个舍入区间上的符号。",
        }[lang],
        table, chart, _uncertain_parts(report, lang),
    )  # fmt: skip


def _uncertain_parts(report, lang):
    """Which parts of the decomposition may be zero."""
    names = {"jiaozuo": {"en": "Jiaozuo over Henan", "zh": "焦作高出全省"}, "henan": {"en": "Henan over the nation", "zh": "全省高出全国"}, "qinyang": {"en": "Qinyang over Jiaozuo", "zh": "沁阳高出焦作"}}
    found = [
        f"{indicator_name(report, i, lang)}{ {'en': ', ', 'zh': '：'}[lang] }{names[area][lang]}"
        for i in _complete(report)
        for area, part in growth.premium_decomposition(report, i)
        if direction(part) == "within_rounding"
    ]
    if not found:
        return {"en": "Every part keeps its sign over the whole rounding interval.", "zh": "各段在整个舍入区间上均不变号。"}[lang]
    return {"en": f"Within rounding, so perhaps nothing at all: {'; '.join(found)}.", "zh": f"在舍入范围内、可能为零的：{'；'.join(found)}。"}[lang]


def _side(quantity, lang):
    words = {"en": {"above": "ahead", "below": "behind", "within_rounding": "within rounding", "equal": "level"}, "zh": {"above": "领先", "below": "落后", "within_rounding": "舍入范围内", "equal": "持平"}}
    return words[lang][direction(quantity)]


def benchmark_block(report, lang):
    """Rebuilt rates against published ones."""
    head = {"en": ("Indicator", "Area", "Rebuilt", "Published", "Publisher", "Copy", "Ids"), "zh": ("指标", "地区", "推算", "公布", "发布者", "副本", "编号")}[lang]
    quality = {"official page": "官方页面", "official text mirrored": "官方文本转载", "secondary": "二手"}
    none = {"en": "not found", "zh": "未找到"}[lang]
    table = []
    for b in growth.benchmarks(report):
        c = b.comparison
        base = (indicator_name(report, c.indicator, lang), area_name(report, c.area, lang, start=True), _percent_range(c.rebuilt, lang))
        for f in b.published:
            text = _printed(f) + ({"en": " (derived)", "zh": "（推算）"}[lang] if f.row["status"] == "derived" else "")
            copy = f.row["quality"] if lang == "en" else quality[f.row["quality"]]
            table.append(dict(zip(head, (*base, text, f.row["publisher"], copy, f.id), strict=True)))
        if not b.published:
            table.append(dict(zip(head, (*base, none, "–", "–", "–"), strict=True)))
    return Block(
        {"en": "Do the rebuilt rates agree with published statistics?", "zh": "推算的增速与公布的统计一致吗？"}[lang],
        {"en": "A published rate agrees if its own rounding interval overlaps the rebuilt one. Most copies are mirrors or press reports and are called so.", "zh": "公布值的舍入区间与推算区间相交即为一致。多数副本为转载或媒体报道，均已注明。"}[lang],
        table, benchmark_chart(report), _point_agreement(report, lang),
    )  # fmt: skip


def _point_agreement(report, lang):
    """In how many cases the published rate is the rebuilt point value itself."""
    checked = [b for b in growth.benchmarks(report) if b.published]
    same = sum(all(f.quantity.value == b.comparison.rebuilt.value for f in b.published) for b in checked)
    if not checked:
        return {"en": "Nothing could be checked.", "zh": "没有可核对的增速。"}[lang]
    return {
        "en": f"In {same} of {len(checked)} cases the published rate is the rebuilt one to the decimal printed.",
        "zh": f"{len(checked)}例中有{same}例，公布值与推算值在印出的位数上完全相同。",
    }[lang]


def changes(report, lang):
    """What would change the answer: other readings and other bases.

    Returns
    -------
    list of str
        One sentence per reading of a growth rate and one for the basis of revenue.
    """
    sentences = []
    before = [(c.verdict, b.status) for c, b in zip(growth.comparisons(report), growth.benchmarks(report), strict=True)]
    for reading in report.tables["readings"].rows:
        if reading["field"] != "value" or reading["adopted"] == "yes" or reading["figure_id"] not in {c.own.id for c in growth.comparisons(report)}:
            continue
        other = report.under_reading(reading["reading_id"])
        after = [(c.verdict, b.status) for c, b in zip(growth.comparisons(other), growth.benchmarks(other), strict=True)]
        changed = sum(a != b for a, b in zip(before, after, strict=True))
        name = _lower(indicator_name(report, report.figures[reading["figure_id"]].row["indicator_id"], lang))
        sentences.append({
            "en": f"Reading {reading['reading_id']} ({name}): {reading['reading_en']}. Under it, " + ("no comparison and no agreement with published rates changes." if not changed else f"{changed} of {len(before)} verdicts change."),
            "zh": f"读法{reading['reading_id']}（{name}）：{reading['reading_zh']}。按此读法，" + ("各项比较和与公布值的一致性均不变。" if not changed else f"{len(before)}项结论中有{changed}项改变。"),
        }[lang])  # fmt: skip
    bases = [
        {"en": f"{row['basis']}: {row['rate']} ({row['id']}), {row['verdict']} it", "zh": f"{row['basis']}{row['rate']}（{row['id']}），沁阳{row['verdict']}该值"}[lang]
        for row in revenue_bases(report, lang)
    ]
    if bases:
        sentences.append(revenue_sentence(report, lang) + {"en": f" National rates against Qinyang's {revenue_bases(report, lang)[0]['qinyang']}: ", "zh": f"全国增速与沁阳的{revenue_bases(report, lang)[0]['qinyang']}相比："}[lang] + {"en": "; ", "zh": "；"}[lang].join(bases) + {"en": ".", "zh": "。"}[lang])
    return sentences


def limits(report, lang):
    """Caveats of the figures used, and what holds for all of them."""
    compared = growth.comparisons(report)
    lacking = [indicator_name(report, i, lang) for i in growth.HEADLINE if report.find("growth", indicator_id=i) and growth.premium_decomposition(report, i) is None]
    general = {
        "en": ["All figures of the report are its own and preliminary; published rates were printed before or after it and may have been revised since.",
               "Rates of GDP and industrial value added are real, the others nominal: they are compared across areas, never with each other."],
        "zh": ["报告数据均为自报的初步数；公布值的发布有先有后，此后可能修订。", "地区生产总值和工业增加值的增速为实际增速，其余为名义增速：只在地区之间比较，不在指标之间比较。"],
    }[lang]  # fmt: skip
    if lacking:
        general.append({"en": f"For {listing([_lower(n) for n in lacking], 'en')} the report does not state all three gaps, so the lead cannot be split.", "zh": f"{listing(lacking, 'zh')}的三项差距未全部印出，其领先不能分解。"}[lang])
    return general + caveats(report, _ids(compared), lang)
