"""What the words around a numeral say, on a text of our own, so that it is tried where the report's text is absent."""

import pytest
from workreport.proof import grammar
from workreport.proof import text as proof_text
from workreport.proof.text import word_faults
from workreport.proof.tokeniser import find_numerals
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
        ("n01", at("某市", "2022"), "2022", "year"), ("n02", at("(", "2022"), "20220108", "date"),
        ("n03", at("    ", "一"), "一", "list_marker"),
        ("n04", at("一、", "2022"), "2022", "year"), ("n05", at("(", "一"), "一", "list_marker"), ("n06", at("完成", "100"), "100.5", "figure"),
        ("n07", at("增长", "5"), "5", "figure"), ("n08", at("在", "六"), "六", "figure"), ("n09", at("第", "2"), "2", "figure"),
        ("n10", at("快", "1.1"), "1.1", "figure"),
        ("n11", at("快1.1、", "0.9"), "0.9", "figure"), ("n12", at("进度", "7.5"), "7.5", "figure"), ("n13", at("增长", "8"), "8", "figure"),
        ("n14", at("快", "2"), "2", "figure"), ("n15", at("完成", "30"), "30", "figure"),
        ("n16", at("G", "327"), "327", "road"), ("n17", at("“", "三"), "三", "name"),
        ("n18", at("个", "一"), "一", "name"), ("n19", at("较", "2020"), "2020", "year"), ("n20", at("前移", "6"), "6", "figure"),
        ("n21", at("。", "一"), "一", "list_marker"),
    ]  # fmt: skip
    common = "figure_id numeral_id indicator_id value unit qualifier period area "
    tables = {
        "numerals": rows("numeral_id offset token role", *(",".join(row) for row in ledger)),
        "indicators": rows(
            "indicator_id name_zh short_zh printed_zh", "gdp,地区生产总值,,", "value_added,工业税收总额,工业税收,", "park_value_added,开发区工业增加值,,工业增加值",
            "projects,重点项目数,,重点工程/重点项目", "three_batches,“三个一批”项目,,", "environment,营商环境,,",
        ),
        "areas": rows(
            "area_id name_zh short_zh printed_zh", "china,全国,,", "henan,河南省,全省,", "jiaozuo,焦作市,,", "six,六县市,,", "city,某市,,",
            "park,某市开发区,,园区/经开区",
        ),
        "levels": rows(common, "L1,n06,gdp,100.5,亿元,,2022,city", "L2,n15,park_value_added,30,亿元,,2022,park"),
        "growth": rows(common, "G1,n07,gdp,5,%,about,2022,city", "G2,n13,value_added,8,%,,2022,city"),
        "rankings": rows(common + "scope", "R1,n09,gdp,2,位,,2022,city,six"),
        "gaps": rows(
            common + "comparator direction", "D1,n10,gdp,1.1,个百分点,,2022,city,china,above",
            "D2,n11,gdp,0.9,个百分点,,2022,city,henan,above", "D3,n12,projects,7.5,个百分点,,2022,city,schedule,above",
            "D4,n14,value_added,2,个百分点,,2022,city,henan,above", "D5,n20,environment,6,位,,2022,city,own_2020,above",
        ),
        "claims": rows("figure_id indicator_id offset term kind area", f"C1,three_batches,{at('走在', '前列')},前列,leading,city"),
        **dict.fromkeys(("shares", "targets", "thresholds"), [{"figure_id": "", "numeral_id": "none"}]),
    }  # fmt: skip
    return Report("own", {"area": "city"}, {name: table(name, found) for name, found in tables.items()})


def named(report):
    return [(fault.file, fault.row, fault.column) for fault in word_faults(report, TEXT)]


def test_what_agrees_with_the_words_has_no_fault(stated):
    assert named(stated) == []


@pytest.mark.parametrize(
    ("name", "row", "column", "new", "said"),
    [
        ("levels", 0, "unit", "万元", "'亿元', as the text states it"),
        ("growth", 0, "qualifier", "", "'about', as the text states it"),
        ("growth", 1, "qualifier", "at_least", "'', as the text states it"),
        ("levels", 0, "indicator_id", "value_added", "one of its names in that clause of the text: 工业税收总额/工业税收"),
        ("gaps", 2, "indicator_id", "gdp", "add the words that the report uses to printed_zh of indicators.csv"),
        ("levels", 0, "area", "park", "one of its names in that sentence of the text: 某市开发区/园区/经开区"),
        ("rankings", 0, "scope", "jiaozuo", "'six', as the text names it before the number"),
        ("gaps", 0, "comparator", "henan", "'china', as the text names it before the number"),
        ("gaps", 1, "comparator", "china", "'henan', as the text names it before the number"),
        ("gaps", 2, "comparator", "provincial_target", "'another', as the text names it"),
        ("gaps", 2, "comparator", "jiaozuo", "'none', as the text names it"),
        ("gaps", 3, "comparator", "china", "'henan', as the text names it"),
        ("gaps", 4, "comparator", "own_2019", "'another', as the text names it"),
        ("gaps", 1, "direction", "below", "'above': the text says 快 before the number"),
        ("gaps", 2, "direction", "below", "'above': the text says 快于 before the number"),
        ("gaps", 4, "direction", "below", "'above': the text says 前移 before the number"),
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
    assert said in str(next(iter(word_faults(stated, TEXT))))


def test_a_word_added_to_the_codebook_is_enough_for_another_wording(stated):
    other = TEXT.replace("重点项目", "重大项目")
    assert [f.column for f in word_faults(stated, other)] == ["indicator_id"]
    stated.tables["indicators"].rows[3]["printed_zh"] += "/重大项目"
    assert not list(word_faults(stated, other))


def test_an_offset_outside_the_text_is_left_to_the_loader(stated):
    for offset in ["", "²", "-1", "9" * 400, "100000", "x"]:
        stated.tables["numerals"].rows[5]["offset"] = offset
        assert named(stated) == []


@pytest.mark.parametrize(
    ("words", "side"),
    [("低于", "below"), ("慢于", "below"), ("低", "below"), ("超", "above"), ("高出", "above"), ("不低于", "none"), ("与", "none")],
)
def test_the_side_of_a_gap_is_proven_by_the_word_before_it(stated, words, side):
    """Whatever both readings hold: the last word for a side in the clause before the number decides."""
    other = TEXT.replace("快于时序进度", f"{words}时序进度")
    shift = len(words) - len("快于")
    for row in stated.tables["numerals"].rows:
        row["offset"] = str(int(row["offset"]) + (shift if int(row["offset"]) > TEXT.index("快于") else 0))
    stated.tables["claims"].rows[0]["offset"] = str(int(stated.tables["claims"].rows[0]["offset"]) + shift)
    wrong = [f for f in word_faults(stated, other) if f.column == "direction"]
    assert [f.row for f in wrong] == ([] if side == "above" else [4])
    assert all(f"'{side}'" in f.expected for f in wrong)


def around(marked):
    """Text and numeral of a text in which the numeral stands in ⟦⟧."""
    text, start = marked.replace("⟦", "").replace("⟧", ""), marked.index("⟦")
    return text, start, marked[start + 1 : marked.index("⟧")], {n.offset: n.end for n in find_numerals(text)}.get(start, "")


UNITS_AND_BOUNDS = """
    增长⟦8⟧%以上 % at_least; 达⟦40⟧公里以上 公里 at_least; ⟦35⟧微克/立方米以下 微克/立方米 at_most; 控制在⟦3⟧%以内 % at_most; 增长⟦8⟧％左右 ％ about; ⟦2⟧万余个 万个 more_than
    超过⟦10⟧亿元 亿元 more_than; 逾⟦10⟧亿元 亿元 more_than; 超⟦10⟧亿元 亿元 more_than; 突破⟦5⟧万亿元 万亿元 more_than; 高于⟦8⟧% % more_than
    不低于⟦8⟧% % at_least; 不少于⟦5⟧个 个 at_least; 至少⟦5⟧家 家 at_least; 不超过⟦5⟧% % at_most; 不高于⟦5⟧% % at_most
    约⟦1.6⟧万人 万人 about; 近⟦57⟧% % about; 接近⟦5⟧成 成 about; 将近⟦5⟧千人 千人 about; 节约⟦5⟧亿元 亿元; 签约⟦5⟧个 个; 最近⟦3⟧年 年; 近⟦5⟧年来 年; 附近⟦3⟧公里 公里
    年营收过⟦百亿⟧元 元 more_than; 突破⟦百亿⟧大关 - more_than; 产值过⟦5⟧亿元企业 亿元 more_than; 走过⟦5⟧万公里 万公里; 通过⟦5⟧亿元贷款 亿元; 查过⟦5⟧家 家
    ⟦4.5⟧-5% % at_least; 4.5-⟦5⟧% % at_most; ⟦6⟧%－6.5% % at_least; ⟦10⟧—50万元 万元 at_least
    13%、⟦15⟧% %; ⟦26.2⟧和17.5个百分点 个百分点; ⟦4⟧万亿、5万亿两个台阶 万亿
    增加⟦10⟧万农业人口 万; 翻⟦一⟧番 番; 百分之⟦五⟧ 百分之; 三分之⟦一⟧以上 分之 at_least; 与上年基本⟦持平⟧ % about; 与上年⟦持平⟧ %; 居全省⟦首位⟧ 位; 第⟦2⟧位 位
    ⟦20⟧户及以上 户 at_least; ⟦10⟧蒸吨及以下锅炉 蒸吨 at_most; ⟦20⟧户及时搬迁 户; 至少建成⟦2⟧所 所 at_least; 至少两个⟦三⟧级站 -; 每村至少，建成⟦2⟧所 所
    首次破⟦百万⟧人次 人次 more_than; 首破⟦300⟧亿元 亿元 more_than; 侦破⟦30⟧起 起; 打破⟦3⟧项纪录 项; 带动投资上⟦亿⟧元 元 at_least; 新上⟦亿⟧元项目 元; 网上⟦3⟧亿元 亿元
    增长⟦一⟧倍多 倍 more_than; 用时⟦两⟧年多 年 more_than; ⟦三⟧年多措并举 年; ⟦2023⟧年多次 年; ⟦两⟧个多功能厅 个
    党的⟦二十⟧大精神 -; ⟦十二⟧大任务 大; G⟦3⟧铜陵段 -; 新车X⟦7⟧成功 -; 5G基站⟦7⟧座 座; GDP⟦7⟧成 成; 四险⟦一⟧金 -; 夺得⟦三⟧金一银 金; 三金⟦一⟧银 银; 获⟦5⟧金 金
    第⟦一⟧方阵 -; ⟦2.0⟧方案 -; 清淤⟦13⟧万方 万方; “⟦三⟧升两减” -; ⟦30⟧升 升; ⟦三⟧位一体 -; ⟦一⟧对一帮扶 -; ⟦三⟧对 对; ⟦百亿⟧项目 -; ⟦五⟧项目标 项; 市第⟦二⟧人民医院 -
    ⟦二十四⟧节气 -; ⟦八⟧节课 节; ⟦一⟧本招生 -; ⟦三⟧本书 本; ⟦十四五⟧期间 -; ⟦二⟧期工程 期; ⟦3.5⟧元/立方米左右 元/立方米 about; ⟦900⟧元/年/户 元/年/户; ⟦3⟧家/5家 家
    ⟦一⟧刻钟生活圈 刻钟; 下降⟦20⟧个BP 个BP; ⟦20⟧个基地 个; 前移⟦3⟧个位次 个位次; ⟦5⟧膛 -
"""


def test_units_and_bounds_as_reports_print_them():
    for case in UNITS_AND_BOUNDS.replace("\n", ";").split(";"):
        if case.strip():
            marked, unit, qualifier = [*case.split(), ""][:3]
            assert dict(grammar.unit_and_qualifier(*around(marked))) == {"unit": unit.strip("-"), "qualifier": qualifier}, case
    assert dict(grammar.unit_and_qualifier(*around("约⟦17.3⟧ 万平方米"))) == {"unit": "万平方米", "qualifier": "about"}
    for marked, qualifier in [("居全省前⟦三⟧", "at_most"), ("前⟦10⟧位", "at_most"), ("第⟦三⟧", ""), ("目前⟦3⟧位", "")]:
        assert dict(grammar.unit_and_qualifier(*around(marked), "rankings"))["qualifier"] == qualifier


def test_a_vague_number_is_refused_by_name():
    refused = {"数⟦百⟧家企业": "数百", "几⟦十⟧个": "几十", "历时⟦两⟧年半": "两年半", "⟦5⟧个半小时": "5个半", "压减⟦一⟧半以上": "一半"}
    for marked in ["新上⟦亿⟧元", "人数⟦百⟧", "⟦3⟧个半导体项目", "⟦一⟧半导体基地", "第⟦四⟧代半导体", "⟦百⟧余家", "⟦12⟧个", *refused]:
        assert grammar.vague(*around(marked)[:3]) == refused.get(marked)


@pytest.mark.parametrize(
    ("marked", "table", "value", "said"),
    [
        ("地区生产总值下降⟦1.2⟧%", "growth", "1.2", "'-1.2': the text says 下降"), ("地区生产总值下降⟦1.2⟧%", "growth", "-1.2", None),
        ("地区生产总值增长⟦1.2⟧%", "growth", "-1.2", "'1.2': the text has no word for a fall"), ("地区生产总值增长⟦1.2⟧%", "growth", "1.2", None),
        ("地区生产总值负增长⟦1.2⟧%", "growth", "1.2", "负增长"), ("地区生产总值减少⟦1.2⟧%", "growth", "1.2", "减少"), ("地区生产总值同比降⟦1.2⟧%", "growth", "1.2", "降"),
        ("地区生产总值增长-⟦3.8⟧%", "growth", "3.8", "'-3.8': the text says 长-"), ("地区生产总值增长-⟦3.8⟧%", "growth", "-3.8", None),
        ("地区生产总值回落⟦1.2⟧%", "growth", "1.2", "回落"), ("地区生产总值下滑⟦1.2⟧%", "growth", "1.2", "下滑"), ("地区生产总值降低⟦1.2⟧%", "growth", "1.2", "降低"),
        ("能耗下降,地区生产总值⟦5⟧%", "growth", "5", None), ("能耗下降3%,税收增长⟦5⟧%", "growth", "5", None), ("分别下降3%、⟦2⟧%", "growth", "2", "下降"),
        ("地区生产总值下降到⟦5⟧%", "growth", "5", None), ("地区生产总值与上年⟦持平⟧", "growth", "0", None), ("地区生产总值下降⟦0.0⟧%", "growth", "0.0", None),
        ("能耗下降⟦3⟧%", "targets", "3", "'-3'"), ("能耗下降⟦3⟧%", "targets", "-3", None), ("失业率控制在⟦5⟧%", "targets", "5", None),
        ("居民消费价格涨幅⟦3⟧%", "targets", "3", None),
        ("减少税费⟦5⟧亿元", "levels", "5", None), ("净减少⟦5⟧亿元", "levels", "-5", None),
        ("净利润⟦5⟧亿元", "levels", "-5", "no word for a fall"), ("下降⟦5⟧%", "gaps", "5", None),
    ],
)  # fmt: skip
def test_a_fall_is_a_fall(stated, marked, table, value, said):
    text, start, _, _ = around(marked)
    found = proof_text._sign(stated, table, {"indicator_id": "gdp", "value": value, "unit": "%" if "%" in marked else "亿元"}, text[:start])
    assert (said in found) if said else found is None


def test_words_for_the_side_of_a_gap_or_of_a_change_of_rank():
    sides = {"above": ["提高", "前移", "上升", "高于全省"], "below": ["下降", "后移", "回落", "低于全省"]}
    for side, words in sides.items():
        for word in words:
            last = list(grammar.SIDE.finditer(f"较上年{word}"))[-1]
            assert ("above" if last[1] else "below") == side, word


def test_roles_that_the_neighbours_make_plain():
    roles = {
        "year": "（⟦2016⟧—2020年） 2016-⟦2020⟧年 ⟦2016⟧-2020 ⟦2023⟧年", "name": "“⟦十四五⟧”规划 ⟦十三五⟧时期", "other": "两区同建〔⟦27⟧〕 规定[⟦11⟧] 六保（⟦5⟧）任务",
        "list_marker": "\n（⟦5⟧）任务 \n⟦1⟧.聚力项目 \n（⟦二⟧）产业 \n⟦一⟧是项目", "date": "⟦20230208⟧", "road": "G⟦327⟧",
        None: "⟦2000⟧—3000元 办法（⟦2018⟧） \n⟦5⟧、6个 \n⟦2.4⟧% 增长⟦5⟧% G⟦8.5⟧代",
    }  # fmt: skip
    for role, cases in roles.items():
        for marked in cases.split(" "):
            text, start, token, _ = around(marked)
            assert grammar.role(token, start, text) == role, marked


@pytest.mark.parametrize(
    ("told", "clause", "names", "said"),
    [
        ("henan", "快于全区", {"henan": ["全区"]}, "henan"), ("henan", "快于全区", {}, "none"), ("own_2021", "较上年提高", {}, "own_2021"),
        ("own_2020", "较上年提高", {}, "another"),
        ("own_2020", "较2020年提高", {}, "own_2020"), ("plan", "超年度计划", {}, "plan"), ("plan", "超目标", {}, "another"),
        ("target_of_henan", "超省定目标", {}, "target_of_henan"),
        ("target_of_henan", "超省考线", {"target_of_henan": ["省考线"]}, "target_of_henan"),
        ("target_of_henan", "快于全省", {}, "another"), ("schedule", "快于序时进度", {}, "schedule"),
        ("city", "快于全市", {"city": ["全市"]}, "none"), ("jiaozuo", "快于全市", {"jiaozuo": ["全市"]}, "jiaozuo"),
        ("henan", "分别高于全国和全省1.1和", {}, "henan"), ("china", "分别高于全国和全省", {}, "china"),
    ],
)  # fmt: skip
def test_what_a_figure_is_compared_with(stated, told, clause, names, said):
    stated.meta["names"] = names
    assert proof_text._benchmark(stated, {"period": "2022"}, told, {"before": clause, "clause": clause}) == said


def test_a_word_for_an_area_may_be_the_report_s_own(stated):
    stated.tables["areas"].rows[5]["printed_zh"] = ""
    assert [f.column for f in word_faults(stated, TEXT)] == ["area"]
    stated.meta["names"] = {"park": ["园区"]}
    assert not list(word_faults(stated, TEXT))
