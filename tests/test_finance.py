"""Finance and banking, recomputed by a second route: the standard library, straight from the CSV."""

import csv
from decimal import ROUND_HALF_UP, Decimal

import pytest
from workreport import finance, finance_story
from workreport.tables import DATA, DataError, load_report

CHARTS = ["budget_chart", "growth_chart", "banking_chart"]


def rows(file):
    with (DATA / file).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def span(printed):
    """A printed number with the ends of its rounding interval."""
    half = Decimal(1).scaleb(Decimal(printed).as_tuple().exponent) / 2
    return Decimal(printed), Decimal(printed) - half, Decimal(printed) + half


def over(a, b):
    return a[0] / b[0], a[1] / b[2], a[2] / b[1]


def less(a, b):
    return a[0] - b[0], a[1] - b[2], a[2] - b[1]


def rounded(number, digits):
    return str(Decimal(number).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


def ends(quantity, scale=1):
    return [float(getattr(quantity, part) / scale) for part in ("value", "low", "high")]


LEVELS = {r["indicator_id"]: span(r["value"]) for r in rows("qinyang-2023/levels.csv") if r["unit"] == "亿元" and r["area"] == "qinyang"}
SHARE = span(next(r["value"] for r in rows("qinyang-2023/shares.csv") if r["indicator_id"] == "livelihood_share"))
SPENT = tuple(100 * x for x in over(LEVELS["livelihood_spending"], SHARE))
COVER = over(LEVELS["budget_revenue"], SPENT)
PUBLISHED = rows("published.csv")
OWN = span(next(r["value"] for r in rows("qinyang-2023/growth.csv") if r["indicator_id"] == "budget_revenue"))


def texts(report, lang):
    return [f.text[lang] for f in finance_story.answer(report)]


def test_implied_expenditure_cover_and_shortfall(report):
    assert ends(finance.implied_expenditure(report), 10**8) == pytest.approx([float(x) for x in SPENT])
    assert ends(finance.coverage(report)) == pytest.approx([float(x) for x in COVER])
    assert ends(finance.shortfall(report), 10**8) == pytest.approx([float(x) for x in less(SPENT, LEVELS["budget_revenue"])])


def test_the_budget_sentences(report):
    (henan,) = (r["value"] for r in PUBLISHED if (r["indicator_id"], r["area"], r["period"]) == ("self_sufficiency", "henan", "2022"))
    assert COVER[1] > span(henan)[2] / 100
    assert rounded(COVER[1] * 100, 0) == rounded(COVER[0] * 100, 0) == "62"
    first = f"Budget revenue covered about {rounded(COVER[0] * 100, 0)}% of implied expenditure in 2022, above the {henan}% published for Henan."
    assert texts(report, "en")[0] == first
    assert texts(report, "zh")[0] == f"2022年一般公共预算收入约占推算支出的{rounded(COVER[0] * 100, 0)}%，高于全省公布的{henan}%。"
    assert finance_story.budget_chart(report).title["en"] == first[:-1]
    gap = less(SPENT, LEVELS["budget_revenue"])
    assert gap[1] > 0
    assert texts(report, "en")[1].startswith(
        f"With rounding, {rounded(COVER[1] * 100, 1)} to {rounded(COVER[2] * 100, 1)}%. The other {rounded(gap[0] / 10, 2)}\u00a0billion yuan"
    )
    assert texts(report, "zh")[1].startswith(
        f"计入舍入，为{rounded(COVER[1] * 100, 1)}%至{rounded(COVER[2] * 100, 1)}%。其余{rounded(gap[0], 1)}亿元"
    )


def test_the_refunds_sentence(report):
    _, low, high = (rounded(x * 100, 1) for x in over(LEVELS["vat_refunds"], LEVELS["budget_revenue"]))
    paid = LEVELS["vat_refunds"][0]
    assert texts(report, "en")[2].startswith(
        f"VAT credit refunds of {rounded(paid / 10, 2)}\u00a0billion yuan equal {low} to {high}% of budget revenue, in size;"
    )
    assert texts(report, "zh")[2].startswith(f"留抵退税{paid}亿元，规模相当于一般公共预算收入的{low}%至{high}%；")


def test_the_growth_sentence(report):
    found = {}
    for r in PUBLISHED:
        if (
            (r["indicator_id"], r["measure"], r["period"]) == ("budget_revenue", "growth", "2022")
            and r["area"] in ("china", "henan")
            and r["status"] == "printed"
        ):
            gap = less(OWN, span(r["value"]))
            found.setdefault(r["variant"].split(", ")[-1], set()).add(
                "above" if gap[1] > 0 else "below" if gap[2] < 0 else "within_rounding"
            )
    assert found == {"as reported": {"above"}, "without VAT refunds": {"below"}} == finance.verdicts(report)
    expected = "Budget revenue growth is above all published rates if as reported, below all published rates if without VAT refunds; the report states no basis."
    assert texts(report, "en")[3] == expected
    assert texts(report, "zh")[3] == "一般公共预算收入增速若为自然口径则高于各公布值，若为扣除留抵退税口径则低于各公布值；报告未说明口径。"
    assert finance_story.growth_chart(report).title["en"] == expected[:-1]


def test_the_banking_sentence(report):
    pairs = [("loans", "deposits"), ("deposits", "gdp"), ("loans", "gdp")]
    ratio, deposits, loans = (over(LEVELS[a], LEVELS[b]) for a, b in pairs)
    for (a, b), expected in zip(pairs, (ratio, deposits, loans), strict=True):
        assert ends(finance.ratio(report, a, b)) == pytest.approx([float(x) for x in expected])
    r, d, n = (rounded(x[0] * 100, 0) for x in (ratio, deposits, loans))
    expected = f"Banks lent about {r}% of what they held in deposits; deposits equal about {d}% of a year's GDP, loans about {n}%."
    assert texts(report, "en")[4] == expected
    assert texts(report, "zh")[4] == f"贷款约为存款的{r}%；存款余额约相当于一年地区生产总值的{d}%，贷款约{n}%。"
    assert finance_story.banking_chart(report).title["en"] == expected[:-1]
    gap = less(LEVELS["deposits"], LEVELS["loans"])[0]
    assert f"exceed loans by {rounded(gap / 10, 2)}\u00a0billion yuan" in finance_story.banking_block(report).finding["en"]


def test_jiaozuo_in_another_year(report):
    held = {
        r["indicator_id"]: span(r["value"])
        for r in PUBLISHED
        if (r["area"], r["period"], r["measure"]) == ("jiaozuo", "2021", "level") and r["indicator_id"].startswith("budget_")
    }
    share = over(held["budget_revenue"], held["budget_expenditure"])
    assert share[2] < COVER[1]
    assert f"covered {rounded(share[0] * 100, 0)}% of its expenditure in 2021, less than" in finance_story.nearer(report)["en"]
    assert f"2021年焦作市公布的收入占支出的{rounded(share[0] * 100, 0)}%，低于" in finance_story.nearer(report)["zh"]


def everything(report, lang):
    blocks = [getattr(finance_story, f"{name}_block")(report) for name in ("budget", "growth", "banking")]
    plain = [f.text[lang] for f in finance_story.answer(report)] + [b.chart.title[lang] for b in blocks]
    plain += [b.finding[lang] for b in blocks] + [str(row) for b in blocks for row in b.table[lang]]
    return " ".join(plain + [t[lang] for t in finance_story.changes(report) + finance_story.limits(report)])


def row_of(report, table, key, cell):
    return next(i for i, r in enumerate(report.tables[table].rows) if r[key] == cell)


@pytest.mark.parametrize(
    ("table", "key", "cell", "new", "en", "zh"),
    [
        ("published", "published_id", "P047", "70.00", "below the 70.00% published for Henan", "低于全省公布的70.00%"),
        (
            "published",
            "published_id",
            "P047",
            "62.50",
            "within rounding of the 62.50% published for Henan",
            "在舍入范围内等同于全省公布的62.50%",
        ),
        ("published", "published_id", "P074", "200.00", "not less than the share implied", "不低于2022年推算的沁阳比例"),
        ("levels", "figure_id", "L03", "30.6", "may have covered all of the expenditure", "可能足以覆盖支出"),
        ("levels", "figure_id", "L23", "20.1", "exceed budget revenue", "规模超过一般公共预算收入"),
        ("levels", "figure_id", "L60", "290.5", "lent more than they held", "贷款超过存款"),
        ("growth", "figure_id", "G05", "9.5", "On either basis the comparison is the same", "两种口径结果相同"),
        ("growth", "figure_id", "G05", "7.3", "within rounding of Henan", "在舍入范围内等同于全省"),
        (
            "growth",
            "figure_id",
            "G05",
            "0.1",
            "above Henan and all local governments and below the nation if as reported",
            "高于全省和全国地方本级",
        ),
    ],
)
def test_words_turn_with_the_data(data, edit, report, table, key, cell, new, en, zh):
    edit(f"{table}.csv", row_of(report, table, key, cell), "value", new)
    other = load_report(data=data)
    for lang, phrase in (("en", en), ("zh", zh)):
        assert phrase not in everything(report, lang)
        assert phrase in everything(other, lang)


@pytest.mark.parametrize(
    ("figure", "file"),
    [("L03", "levels"), ("L81", "levels"), ("S15", "shares"), ("L23", "levels"), ("G05", "growth"), ("L59", "levels"), ("L01", "levels")],
)
def test_a_removed_figure_is_named(data, figure, file):
    path = data / f"qinyang-2023/{file}.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    name = next(line.split(",")[2] for line in lines if line.startswith(figure + ","))
    path.write_text("".join(line for line in lines if not line.startswith(figure + ",")), encoding="utf-8")
    with pytest.raises(DataError, match=f"indicator_id = {name}|'{figure}'"):
        finance_story.answer(load_report(data=data))


def test_without_published_statistics_the_answer_stands_alone(data, report):
    path = data / "published.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    drop = tuple(
        r["published_id"]
        for r in PUBLISHED
        if r["indicator_id"] in ("self_sufficiency", "budget_expenditure")
        or (r["indicator_id"], r["measure"]) == ("budget_revenue", "growth")
    )
    path.write_text("".join(line for line in lines if not line.startswith(drop)), encoding="utf-8")
    other = load_report(data=data)
    assert texts(other, "en")[0] == "Budget revenue covered about 62% of implied expenditure in 2022."
    assert texts(other, "en")[3] == "No published growth of budget revenue was found to compare with."
    assert finance_story.nearer(other)["en"] == "No share for Jiaozuo was found to compare with."
    assert finance_story.changes(other) == []


def test_two_levels_are_compared_in_the_latest_year_that_has_both(data):
    path = data / "published.csv"
    head, *lines = path.read_text(encoding="utf-8").splitlines()
    more = [line.replace("P072", "P972").replace("P074", "P974").replace(",2021,", ",2019,") for line in lines if line[:4] in ("P072", "P074")]
    later = [line.replace("P072", "P973").replace(",2021,", ",2022,") for line in lines if line[:4] == "P072"]
    path.write_text("\n".join([head, *later, *lines, *more]) + "\n", encoding="utf-8")
    report = load_report(data=data)
    assert len(report.find("published", area="jiaozuo", indicator_id="budget_revenue", measure="level")) == 3
    assert finance.level_ratio(report, "jiaozuo", "budget_revenue", "budget_expenditure")[0] == "2021"
    assert finance.level_ratio(report, "jiaozuo", "budget_revenue", "gdp_of_nowhere") is None
