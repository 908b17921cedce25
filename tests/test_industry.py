"""Industry and projects, recomputed by a second route: the standard library, straight from the CSV."""

import csv
import math
import re
from decimal import ROUND_HALF_UP, Decimal

import matplotlib.pyplot as plt
import pytest
from workreport import export, industry, industry_story, style
from workreport.numbers import ForbiddenOperation
from workreport.tables import DATA, DataError, load_report

CHARTS = ["growth_chart", "averages_chart", "completion_chart", "innovation_chart"]


def rows(name, folder=DATA):
    path = next(p for p in (folder / f"{name}.csv", folder / f"qinyang-2023/{name}.csv") if p.is_file())
    with path.open(encoding="utf-8", newline="") as handle:
        return {next(iter(r.values())): r for r in csv.DictReader(handle)}


def cell(name):
    table = {"L": "levels", "G": "growth", "S": "shares", "H": "thresholds", "P": "published"}[name[0]]
    return rows(table)[name]["value"]


def ends(name):
    """A printed number with the half unit of its last digit below and above."""
    printed = cell(name)
    half = Decimal(1).scaleb(Decimal(printed).as_tuple().exponent) / 2
    return Decimal(printed) - half, Decimal(printed), Decimal(printed) + half


def text(value, decimals):
    return f"{value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):f}"


def index(report, table, figure):
    return next(i for i, r in enumerate(report.tables[table].rows) if figure in (r.get("figure_id"), r.get("published_id")))


def words(report, lang="en"):
    titles = [getattr(industry_story, name)(report).title for name in CHARTS]
    blocks = [getattr(industry_story, name.replace("chart", "block"))(report).finding for name in CHARTS]
    parts = (
        [f.text for f in industry_story.answer(report)] + industry_story.changes(report) + industry_story.limits(report) + titles + blocks
    )
    return " ".join(part[lang] for part in [*parts, industry_story.additions_block(report).finding])


def test_the_answer_by_hand(report):
    _, g02, _ = ends("G02")
    low, g07, _ = ends("G07")
    assert low > g02
    nominal = max(
        (r for r in rows("growth").values() if r["indicator_id"] in industry.GROWTH and r["price_basis"] == "nominal"),
        key=lambda r: Decimal(r["value"]),
    )
    added, weight = (Decimal(cell("L19")) / Decimal(cell(x)) * 100 for x in ("L18", "L01"))
    rate = Decimal(cell("L30")) / Decimal(cell("L29")) * 100
    before = rate / (1 + Decimal(cell("G11")) / 100) * (1 + Decimal(cell("G10")) / 100)
    signed, done = (Decimal(cell(a)) * 100 / Decimal(cell(b)) for a, b in (("L51", "L50"), ("L05", "L04")))
    least = Decimal(cell("L52")) * Decimal(cell("H07"))
    part = math.floor(least / ends("L51")[2] * 1000) / 10
    others = math.ceil((ends("L51")[2] - least) * 100 / (Decimal(cell("L50")) - Decimal(cell("L52"))))
    share = Decimal(cell("L11")) / Decimal(cell("L10")) * 100
    expected = [
        (f"grew {g07}%, above the {g02}%", f"chain tax grew fastest, {nominal['value']}%"),
        (
            f"is {text(added, 1)}% of its gross output and equals {text(weight, 1)}% of",
            f"is {text(rate, 2)}% of their output, above the {text(before, 2)}%",
        ),
        (f"promises {text(signed, 0)}\u00a0million yuan", f"had {text(done, 0)}\u00a0million yuan"),
        (
            f"At least {part}% of the sum signed, so most",
            f"of the {cell('L50')} projects, each of 5 billion",
            f"average {others}\u00a0million yuan at most",
        ),
        (f"not {cell('S01')}% complete", f"is {text(share, 0)}% of the total planned"),
        (
            f"{cell('S04')}% is above Henan's published {cell('P050')}% and below the nation's published {cell('P013')}\u00a0to\u00a0{cell('P012')}%",
        ),
    ]
    found = industry_story.answer(report)
    assert nominal["indicator_id"] == "chain_tax" and part > 50 and len(found) == len(expected)
    for finding, phrases in zip(found, expected, strict=True):
        for phrase in phrases:
            assert phrase in finding.text["en"]
        numbers = [re.findall(r"[\d.]+%", finding.text[lang]) for lang in ("en", "zh")]
        assert finding.name == "industry.intensity.beside" or numbers[0] == numbers[1]


def test_chart_titles_are_findings_of_the_answer(report):
    found = {f.text["en"].rstrip(".") for f in industry_story.answer(report)}
    assert all(getattr(industry_story, name)(report).title["en"] in found for name in CHARTS)


def test_averages_and_their_intervals_by_hand(report):
    for a in industry.averages(report):
        low, point, high = ends(a.money.id)
        n = Decimal(a.projects.row["value"])
        assert [float(x / 10**8) for x in (a.quantity.value, a.quantity.low, a.quantity.high)] == pytest.approx(
            [float(x / n) for x in (point, low, high)]
        )
    assert [a.quantity.value for a in industry.averages(report)] == sorted(
        (a.quantity.value for a in industry.averages(report)), reverse=True
    )


def test_implied_plans_by_hand(report):
    for c in industry.completions(report):
        (low, _, high), done = ends(c.rate.id), Decimal(c.done.row["value"]) * (10**8 if c.done.row["unit"] == "亿元" else 1)
        half = Decimal("0.05") * 10**8 if c.done.row["unit"] == "亿元" else 0
        assert (float(c.plan.low), float(c.plan.high)) == pytest.approx(
            (float((done - half) / high * 100), float((done + half) / low * 100))
        )


def test_rd_of_the_year_before_by_hand(report):
    share, grew, gdp, before = (Decimal(cell(x)) for x in ("S04", "G13", "L01", "P091"))
    found = industry.rd_before(report)
    intensity, spent = share / (1 + grew / 100), share * gdp / (1 + grew / 100)
    assert [float(q.value) for q in found["A04a"]] == pytest.approx([float(intensity / 100), float(intensity * before * 10**6)])
    assert [float(q.value) for q in found["A04b"]] == pytest.approx([float(spent / before / 100), float(spent * 10**6)])
    low, high = (ends("S04")[k] * ends("L01")[k] for k in (0, 2))
    assert f"{text(low, 0)} to {text(high, 0)} million yuan" in industry_story.before(report).text["en"]
    assert f"{text(intensity, 2)}% in 2021; if the expenditure, {text(spent / before, 2)}%" in industry_story.before(report).text["en"]


def test_what_is_real_gives_no_level_of_the_year_before(report):
    with pytest.raises(ForbiddenOperation, match="not last year's level"):
        industry.level_before(report, "park_value_added")
    assert float(industry.level_before(report, "chain_tax").value / 10**8) == pytest.approx(10.9 / 1.593)


def test_kinds_of_money_are_never_added(report):
    chart = industry_story.averages_chart(report)
    assert len(chart.rows) == len(industry.MONEY) and "total" not in chart.rows
    assert {a.kind for a in industry.averages(report)} == {"promised", "planned", "received", "done"}


@pytest.mark.parametrize(
    ("table", "figure", "value", "en", "zh"),
    [
        ("growth", "G07", "6.5", "grew 6.5%, below the 7.7%", "增长6.5%，低于全市"),
        ("growth", "G07", "8", "grew 8%, within rounding of the 7.7%", "增长8%，在舍入范围内等同于全市"),
        ("growth", "G08", "70.1", "park revenue grew fastest, 70.1%", "增长最快的是园区主营收入，为70.1%"),
        ("growth", "G11", "10.0", "of their output, below the 4.43%", "占产值的4.06%，低于"),
        ("levels", "L52", "1", "At least 27.3% of the sum signed lies in one of", "签约总额的27.3%以上集中于20个项目中的一个"),
        ("shares", "S01", "76", "76%, agrees with investment done", "76%与当年完成投资占总投资的比重76%一致"),
        ("shares", "S04", "2.7", "and above the nation's published", "，高于全国公布的"),
        ("shares", "S04", "1.9", "within rounding of Henan's published", "在舍入范围内等同于全省公布的"),
        ("published", "P013", "2.30", "partly above and partly not above the nation's", "部分高于、部分不高于全国"),
        ("levels", "L43", None, "for 1 of them both", "两者兼备的有1项"),
    ],
)  # fmt: skip
def test_words_turn_with_the_data(data, edit, report, table, figure, value, en, zh):
    assert en not in words(report) and zh not in words(report, "zh")
    at = index(report, table, figure)
    edit(f"{table}.csv", at, "value" if value else "indicator_id", value or "new_hightech_firms")
    other = load_report(data=data)
    assert en in words(other) and zh in words(other, "zh")


def test_another_reading_of_the_park_is_weighed(data, edit, report):
    assert "Under it the park stands to the city as before" in words(report)
    edit("growth.csv", index(report, "growth", "G02"), "value", "11.8")
    assert "Under it the park stands to the city differently" in words(load_report(data=data))


def test_without_published_intensities_nothing_is_compared(data):
    path = data / "published.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if "2022,rd_intensity" not in line), encoding="utf-8")
    assert "nothing published was found to compare with" in words(load_report(data=data))


@pytest.mark.parametrize("figure", ["L51", "L50", "S01", "L11", "G13", "S04", "L30", "G07"])
def test_a_removed_figure_is_named(data, report, figure):
    table = {"L": "levels", "G": "growth", "S": "shares"}[figure[0]]
    path = data / f"qinyang-2023/{table}.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith(f"{figure},")), encoding="utf-8")
    with pytest.raises(DataError, match=f"0 rows with indicator_id = {report.figures[figure].row['indicator_id']}"):
        words(load_report(data=data))


def test_nothing_is_not_a_number(report):
    for lang in ("en", "zh"):
        assert not re.search(r"\b(nan|None)\b", words(report, lang))


def test_the_bars_are_the_averages(report):
    with style.house_style():
        fig = export.draw(industry_story.averages_chart(report), "zh")
        widths = [bar.get_width() for bar in fig.axes[0].patches]
        assert widths == pytest.approx([float(a.quantity.value / 10**8) for a in industry.averages(report)])
        plt.close(fig)


def test_rates_by_basis_by_hand(report):
    theme = {"industrial_value_added", "park_value_added", "park_output", "park_revenue", "chain_output", "chain_tax"}
    for basis, figures in industry.rates_by_basis(report).items():
        expected = [r for r in report.tables["growth"].rows if r["indicator_id"] in theme and r["price_basis"] == basis]
        expected.sort(key=lambda r: -float(r["value"]))
        assert [f.id for f in figures] == [r["figure_id"] for r in expected]
        assert figures
