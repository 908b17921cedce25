"""What the words around a numeral say, on a text of our own, so that it is tried where the report's text is absent."""

import copy

import pytest
from workreport.printed import printed_faults
from workreport.tables import Report, Table

TEXT = """某市2022年报告(20220108)
    一、2022年工作回顾
    (一)产业。全市地区生产总值完成100.5亿元,增长5%左右,在六县市列第2位,比全国、全省水平快1.1、0.9个百分点;重点项目快于时序进度7.5个百分点;工业税收增长8%,比全省水平快2个百分点。
    园区工业增加值完成30亿元;G327改建,“三个一批”项目走在前列,营商环境较2020年前移6位。一是差距仍在。
"""


def rows(columns, *cells):
    names = columns.split()
    return [dict(zip(names, line.split(","), strict=True)) for line in cells]


def table(name, found):
    return Table(name, f"{name}.csv", list(found[0]), found, list(range(2, 2 + len(found))))


def at(word, token="", after=0):
    return str(TEXT.index(word + token, after) + len(word))


@pytest.fixture
def stated():
    ledger = [
        ("n01", at("某市", "2022"), "2022", "year"), ("n02", at("(", "2022"), "20220108", "date"), ("n03", at("    ", "一"), "一", "list_marker"),
        ("n04", at("一、", "2022"), "2022", "year"), ("n05", at("(", "一"), "一", "list_marker"), ("n06", at("完成", "100"), "100.5", "figure"),
        ("n07", at("增长", "5"), "5", "figure"), ("n08", at("在", "六"), "六", "figure"), ("n09", at("第", "2"), "2", "figure"), ("n10", at("快", "1.1"), "1.1", "figure"),
        ("n11", at("快1.1、", "0.9"), "0.9", "figure"), ("n12", at("进度", "7.5"), "7.5", "figure"), ("n13", at("增长", "8"), "8", "figure"),
        ("n14", at("快", "2"), "2", "figure"), ("n15", at("完成", "30"), "30", "figure"), ("n16", at("G", "327"), "327", "road"), ("n17", at("“", "三"), "三", "name"),
        ("n18", at("个", "一"), "一", "name"), ("n19", at("较", "2020"), "2020", "year"), ("n20", at("前移", "6"), "6", "figure"), ("n21", at("。", "一"), "一", "list_marker"),
    ]  # fmt: skip
    common = "figure_id numeral_id indicator_id value unit qualifier area "
    tables = {
        "numerals": rows("numeral_id offset token role", *(",".join(row) for row in ledger)),
        "indicators": rows(
            "indicator_id name_zh short_zh printed_zh", "gdp,地区生产总值,,", "value_added,工业税收总额,工业税收,", "park_value_added,开发区工业增加值,,工业增加值",
            "projects,重点项目数,,重点工程/重点项目", "three_batches,“三个一批”项目,,", "environment,营商环境,,",
        ),
        "areas": rows("area_id name_zh short_zh printed_zh", "china,全国,,", "henan,河南省,全省,", "jiaozuo,焦作市,,", "six,六县市,,", "city,某市,,", "park,某市开发区,,园区/经开区"),
        "levels": rows(common, "L1,n06,gdp,100.5,亿元,,city", "L2,n15,park_value_added,30,亿元,,park"),
        "growth": rows(common, "G1,n07,gdp,5,%,about,city", "G2,n13,value_added,8,%,,city"),
        "rankings": rows(common + "scope", "R1,n09,gdp,2,位,,city,six"),
        "gaps": rows(
            common + "comparator", "D1,n10,gdp,1.1,个百分点,,city,china", "D2,n11,gdp,0.9,个百分点,,city,henan", "D3,n12,projects,7.5,个百分点,,city,schedule",
            "D4,n14,value_added,2,个百分点,,city,henan", "D5,n20,environment,6,位,,city,own_2020",
        ),
        "claims": rows("figure_id indicator_id offset term kind area", f"C1,three_batches,{at('走在', '前列')},前列,leading,city"),
        **dict.fromkeys(("shares", "targets", "thresholds"), [{"figure_id": "", "numeral_id": "none"}]),
    }  # fmt: skip
    return Report("own", {"area": "city"}, {name: table(name, found) for name, found in tables.items()})


def named(report):
    return [(fault.file, fault.row, fault.column) for fault in printed_faults(report, TEXT)]


def test_what_agrees_with_the_words_has_no_fault(stated):
    assert named(stated) == []


@pytest.mark.parametrize(
    ("name", "row", "column", "new", "said"),
    [
        ("levels", 0, "unit", "万元", "'亿元', as the text prints it"),
        ("growth", 0, "qualifier", "", "'about', as the text prints it"),
        ("growth", 1, "qualifier", "at_least", "'', as the text prints it"),
        ("levels", 0, "indicator_id", "value_added", "one of its names in that clause of the text: 工业税收总额/工业税收"),
        ("gaps", 2, "indicator_id", "gdp", "add the words that the report prints to printed_zh of indicators.csv"),
        ("levels", 0, "area", "park", "one of its names in that sentence of the text: 某市开发区/园区/经开区"),
        ("rankings", 0, "scope", "jiaozuo", "'six', as the text names it before the number"),
        ("gaps", 0, "comparator", "henan", "'china', as the text names it before the number"),
        ("gaps", 1, "comparator", "china", "'henan', as the text names it before the number"),
        ("gaps", 2, "comparator", "provincial_target", "'another', as the text names it"),
        ("gaps", 2, "comparator", "jiaozuo", "'none', as the text names it"),
        ("gaps", 3, "comparator", "china", "'henan', as the text names it"),
        ("gaps", 4, "comparator", "own_2019", "'another', as the text names it"),
        ("claims", 0, "kind", "only", "'leading', which the term '前列' says"),
        ("claims", 0, "indicator_id", "gdp", "one of its names in that clause"),
        ("claims", 0, "area", "six", "one of its names in that sentence"),
        ("numerals", 0, "role", "figure", "'year', as the words around the numeral say"),
        ("numerals", 1, "role", "name", "'date', as"),
        ("numerals", 2, "role", "name", "'list_marker', as"),
        ("numerals", 4, "role", "name", "'list_marker', as"),
        ("numerals", 15, "role", "name", "'road', as"),
        ("numerals", 16, "role", "list_marker", "'another', as"),
        ("numerals", 17, "role", "road", "'another', as"),
        ("numerals", 20, "role", "name", "'list_marker', as"),
    ],
)
def test_each_cell_that_the_words_contradict_is_named(stated, name, row, column, new, said):
    stated.tables[name].rows[row][column] = new
    assert named(stated) == [(f"{name}.csv", row + 2, column)]
    assert said in str(next(iter(printed_faults(stated, TEXT))))


def test_a_word_added_to_the_codebook_is_enough_for_another_wording(stated):
    other = TEXT.replace("重点项目", "重大项目")
    assert [f.column for f in printed_faults(stated, other)] == ["indicator_id"]
    stated.tables["indicators"].rows[3]["printed_zh"] += "/重大项目"
    assert not list(printed_faults(stated, other))


@pytest.mark.parametrize("offset", ["", "²", "-1", "9" * 400, "100000", "x"])
def test_an_offset_outside_the_text_is_left_to_the_loader(stated, offset):
    other = copy.deepcopy(stated)
    other.tables["numerals"].rows[5]["offset"] = offset
    assert named(other) == []
