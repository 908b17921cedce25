"""The rules that propose rows: for each a made-up sentence in which it speaks, and one in which it must not."""

import ast
import re

import pytest
from conftest import ROOT
from workreport.entry import card, rules

RULES = ROOT / "notebooks/workreport/entry/rules.py"
REVIEW, PLAN = "一、2023年工作回顾\n", "二、2024年工作安排\n"
GOALS = "今年的主要预期目标是："
# Rule, column (``role``, ``table``, ``claim`` or a column), a sentence in which the rule speaks of what is in 【】, what it
# says there, and a sentence in which it must not.
CASES = (
    ("neighbours say so", "role", "【2021】年动工，次年建成", "year", "全市建成农家书屋【2021】个"),
    ("neighbours say so", "role", "茶农人数增加〔【1】〕", "other", "茶农人数增加【1】万"),
    ("a congress of the Party", "role", "深入学习党的【二十】大精神", "name", "举办庙会【二十】场"),
    ("behind letters", "role", "开通A【5】专线", "name", "开通专线【5】条"),
    ("in quotation marks", "role", "推行“【3】加1”工作法", "name", "推行“先办后补”，惠及【3】万人"),
    ("a rank", "role", "增速居荆门市第【2】位", "figure", "举办第【2】届茶会"),
    ("an ordinal that is no rank", "role", "举办第【2】届茶会", "other", "增速居荆门市第【2】位"),
    ("a class of size", "role", "引进【亿】元级企业6家", "threshold", "引进资金6【亿】元"),
    ("a bound on what is counted", "role", "【5000】万元以上项目完成12个", "threshold", "完成投资【5000】万元，开工12个"),
    ("how many are ranked", "role", "总量居【六】县市第2位", "figure", "走访【六】县市，学到不少"),
    ("a bound", "role", "蔬菜年销售额过【亿】", "figure", "【亿】竿垂钓基地开园"),
    ("behind the class of a road", "role", "改造国道【999】沿线", "road", "改造国道沿线【99】公里"),
    ("a month and a day", "role", "自【3】月15日起施行", "date", "工期【3】月，15日验收"),
    ("an age", "role", "为【80】周岁以上老人体检", "threshold", "走访【80】位老人"),
    ("before letters", "role", "开通【5】G网络", "name", "架设线路【35】公里"),
    ("how many points follow", "role", "着力做好以下【八】个方面", "other", "茶事涉及【八】个村"),
    ("a numeral without a unit", "role", "一事【一】议", "name", "建成驿站【一】座"),
    ("part of a name", "role", "开展【三】年行动", "name", "干旱持续【三】年"),
    ("a list of the strongest", "role", "入围百强县市【100】强", "name", "植树【100】万株"),
    ("a span of years", "role", "经过【三】年打磨", "other", "连续【三】年增长"),
    ("a version", "role", "启用【2.0】版平台", "name", "启用平台【2.0】万户"),
    ("a number without a unit", "role", "编号【315】", "name", "受理投诉【315】件"),
    ("a number with a unit", "role", "修复石桥【12】座", "figure", "修桥铺路【一】以贯之"),
    ("in the sentence of the targets", "table", GOALS + "地区生产总值增长【7】%", "targets", "地区生产总值增长【7】%"),
    ("a place among others", "table", "增速居荆门市第【2】位", "rankings", "增速比荆门市高【2】个百分点"),
    ("points or places beyond something", "table", "地区生产总值增长6%，高于全省【0.5】个百分点", "gaps", "地区生产总值增长【0.5】%"),
    ("beyond a target", "table", "出口增长9%，快于年度目标【3】%", "gaps", "出口增长【9】%，快于年度目标"),
    ("more or less than in a year before", "table", "游客比上年增加【3】万人次", "gaps", "游客比上年增长【3】%"),
    ("behind the targets", "table", PLAN + "新建茶亭【30】座", "targets", PLAN + "目前已有茶亭【30】座"),
    ("a share or a rate", "table", "农村自来水普及率达到【98】%", "shares", "自来水用量增长【98】%"),
    ("a word for growth before per cent", "table", "出口增长【8】%", "growth", "森林覆盖率为【8】%"),
    ("per cent without a word for growth", "table", "全市【80】%的村通公交", "shares", "全市公交客运量增长【80】%"),
    ("times", "table", "茶叶产量是五年前的【3】倍", "growth", "茶叶产量达到【3】吨"),
    ("names in the order of the numbers", "indicator_id", "城镇居民人均可支配收入、农村居民人均可支配收入分别增长5%、【7】%", "rural_income", "农村居民人均可支配收入增长【7】%"),
    ("names in the order of the numbers", "indicator_id", "城镇和农村居民人均可支配收入分别增长【5】%、7%", "urban_income", None),
    ("the order of the numbers before", "indicator_id", "固定资产投资、社会消费品零售总额分别完成80亿元、9亿元，分别增长5%、【7】%", "retail_sales", "固定资产投资完成80亿元，增长【7】%"),
    ("two things, one rate", "indicator_id", "饮用水水源水质达标率和河流断面水质达标率均达【98】%", "drinking_water", "饮用水水源水质达标率达【98】%"),
    ("named before", "indicator_id", "地区生产总值增长【6】%", "gdp", "茶亭客流增长【6】%"),
    ("named behind", "indicator_id", "争取【3】亿元新增债券资金", "new_bond_funds", "争取新增债券资金【3】亿元"),
    ("what the sentence is about", "indicator_id", "固定资产投资完成80亿元，增长【7】%", "fixed_asset_investment", "出口稳定，茶亭增长【7】%"),
    ("what the sentence is about", "indicator_id", "固定资产投资增长8%，社会消费品零售总额增长7%，增速均居全省第【2】位", "fixed_asset_investment", None),
    ("named earlier in the sentence", "indicator_id", "固定资产投资稳步回升，全年增长【7】%", "fixed_asset_investment", "固定资产投资回升，茶亭客流大幅增长【7】%"),
    ("not in the codebook", "indicator_id", "修建石拱茶亭【12】座", "NEW:石拱茶亭", "固定资产投资完成【12】亿元"),
    ("the numeral", "value", "出口增长【8.10】%", "8.10", "出口下降【8.10】%"),
    ("下降 before it", "value", "出口下降【8.1】%", "-8.1", "出口由降转增，增长【8.1】%"),
    ("the unit behind it", "unit", "出口完成【9】亿元", "亿元", None),
    ("the words around it", "qualifier", "新增绿地不少于【9】万平方米", "at_least", None),
    ("a bound behind the list", "qualifier", GOALS + "出口、进口增长【5】%和7%以上", "at_least", GOALS + "出口增长【5】%以上"),
    ("among the first", "qualifier", "增速居荆门市前【2】位", "at_most", "增速居荆门市第【2】位"),
    ("behind the targets", "period", PLAN + "新建茶亭【30】座", "2024", "新建茶亭【30】座"),
    ("the year by which it is to be reached", "period", PLAN + "到2027年，茶亭建成【30】座", "2027", PLAN + "2027年规划已定，新建茶亭【30】座"),
    ("a five-year plan before it", "period", "“十三五”期间修建茶亭【30】座", "2016-2020", "编制“十四五”规划，修建茶亭【30】座"),
    ("a total of several years", "period", "过去五年，累计修建茶亭【30】座", "", "过去五年，出口年均增长【8】%"),
    ("a note of the report", "period", "出口增长8%。\n" + PLAN + "修路。\n名词解释\n茶亭：每座占地【30】平方米", "", PLAN + "新建茶亭【30】座"),
    ("where it moved from", "period", "茶价由每斤【30】元提高到50元", "", "茶价提高到【50】元"),
    ("the quarter before it", "period", "一季度出口增长【8】%", "2023Q1", "全年出口增长【8】%"),
    ("the year before it", "period", "2019年出口增长【8】%", "2019", "出口比2019年增长【8】%"),
    ("an average over the years", "period", "五年来出口年均增长【8】%", "2019-2023", "出口增长【8】%"),
    ("the year reviewed", "period", "出口增长【8】%", "2023", "2019年出口增长【8】%"),
    ("a place named in the sentence", "area", "雁口镇出口增长【8】%", "yankou", "出口增长【8】%"),
    ("the report's own place", "area", "出口增长【8】%", "jingshan", "雁口镇出口增长【8】%"),
    ("the words before it", "estimate", "预计出口增长【8】%", "yes", None),
    ("the codebook", "price_basis", "地区生产总值增长【8】%", "real", "茶亭客流增长【8】%"),
    ("growth of a ratio", "price_basis", "全社会研发投入强度3%，同比增长【8】%", "unknown", "出口完成9亿元，同比增长【8】%"),
    ("what it is a share of", "of_zh", "茶园占耕地的【8】%", "耕地", None),
    ("a completion has a plan", "plan", "茶亭建设完成率【80】%", "not stated", None),
    ("高于 before it", "direction", "地区生产总值增长6%，高于全省【0.5】个百分点", "above", "地区生产总值增长6%，低于全省【0.5】个百分点"),
    ("no word for a side", "direction", "茶亭满意度【0.5】个百分点", "", "茶亭满意度提高【0.5】个百分点"),
    ("the last figure of it", "subject", "地区生产总值增长6%，高于全省【0.5】个百分点", "6", "茶亭满意度提高【0.5】个百分点"),
    ("the last figure of it", "subject", "固定资产投资增长6%，完成80亿元，高于全省【0.5】个百分点", "6", None),
    ("no figure of it before", "subject", "茶亭满意度提高【0.5】个百分点", "", "地区生产总值增长6%，高于全省【0.5】个百分点"),
    ("the place before it", "comparator", "地区生产总值增长6%，高于全省【0.5】个百分点", "hubei", "地区生产总值增长6%，提高【0.5】个百分点"),
    ("no place before it", "comparator", "茶亭满意度提高【0.5】个百分点", "", "茶亭满意度高于全省【0.5】个百分点"),
    ("a year before it", "comparator", "单产比上年提高【0.5】个百分点", "own_2022", "单产比全省高【0.5】个百分点"),
    ("the schedule before it", "comparator", "投资完成60%，超时序进度【10】个百分点", "schedule", "投资完成60%，高于全省【10】个百分点"),
    ("a target before it", "comparator", "出口增长9%，超省定目标【3】个百分点", "target_of_hubei", "出口增长9%，高于全省【3】个百分点"),
    ("no place before it", "scope", "地区生产总值增长6%，居西北地区第【2】位", "", "地区生产总值增长6%，居全省第【2】位"),
    ("how many are ranked", "out_of", "地区生产总值增长6%，居六县市第【2】位", "六", "地区生产总值增长6%，居全省第【2】位"),
    ("none told", "out_of", "地区生产总值增长6%，居全省第【2】位", "", "地区生产总值增长6%，居六县市第【2】位"),
    ("what stands before it", "aspect", "地区生产总值增长6%，居全省第【2】位", "growth", "营商环境指数居全省第【2】位"),
    ("what is counted", "indicator_id", "引进【亿】元级企业", "", "引进【亿】元级企业6家"),
    ("the next figure", "counted", "【5000】万元以上项目完成12个", "12", None),
    ("the figure of the year reviewed", "outcome", "出口增长8%。\n" + PLAN + GOALS + "出口增长【9】%", "8", GOALS + "出口增长【9】%"),
    ("no figure of the year reviewed", "outcome", GOALS + "出口增长【9】%", "", "出口增长8%。\n" + PLAN + GOALS + "出口增长【9】%"),
    ("a term of claims", "claim", "农村电网改造【全覆盖】", "claim", "农村电网改造【全】面起步"),
    ("a claim has no number", "value", "茶叶产量创【新高】", "not stated", "茶叶产量【9】吨"),
    ("the term", "kind", "茶叶产量创【新高】", "record", None),
    ("for a person to say", "claim_zh", "茶叶产量创【新高】", "", None),
)  # fmt: skip


@pytest.fixture(scope="module")
def book(report):
    """A codebook that knows a made-up town of the report's own place."""
    areas = dict(report.areas)
    own = {"area_id": "jingshan", "name_zh": "京山市", "kind": "county", "parent": "jingmen"}
    town = {"area_id": "yankou", "name_zh": "雁口镇", "kind": "town", "parent": "jingshan"}
    for row in (own, town):
        areas[row["area_id"]] = dict.fromkeys(next(iter(report.areas.values())), "") | row
    return rules.Codebook(report.indicators, areas, "jingshan")


def proposed(book, sentence):
    """The items at what is in 【】 of a sentence in a made-up report."""
    text = "2024年京山市政府工作报告\n各位代表：\n" + REVIEW + sentence + "。\n"
    at, text = text.index("【"), text.replace("【", "").replace("】", "")
    meta = card.card(text, "jingshan-2024")
    items = rules.propose(text, meta | {"covers": [section["id"] for section in meta["sections"]]}, book)
    return [item for item in items if item.offset == at]


def spoken(items):
    """What is said of some items, by column and rule."""
    said = {}
    for item in items:
        said["role", item.role.rule] = said["claim", item.role.rule] = item.role.value
        for row in item.rows:
            cells = {"table": rules.Cell(row.table, row.rule)} | row.cells
            for column, cell in cells.items():
                value = cell.value.cells["value"].value if isinstance(cell.value, rules.Row) else cell.value
                said.setdefault((column, cell.rule), value)
    return said


@pytest.mark.parametrize("rule, column, holds, says, not_here", CASES, ids=["{}: {}: {}".format(*case) for case in CASES])
def test_a_rule_speaks_where_it_holds_and_nowhere_else(book, rule, column, holds, says, not_here):
    assert spoken(proposed(book, holds))[column, rule] == says
    assert not not_here or (column, rule) not in spoken(proposed(book, not_here))


def test_every_rule_has_its_examples():
    """The names of rules are read from the code, so that none is added without a sentence in which it holds."""
    told = {rule for rule, *_ in CASES}
    assert {rule for rule, *_ in rules._ROLES} <= told
    for node in ast.walk(ast.parse(RULES.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Cell", "_known"):
            said = node.args[1 if node.func.id == "Cell" else 2]
            if isinstance(said, (ast.Constant, ast.IfExp)):
                names = {c.value for c in ast.walk(said) if isinstance(c, ast.Constant) and isinstance(c.value, str)} - {" before it"}
                assert names <= told, f"{names - told}: no example in CASES"


def test_rules_hold_no_sentence_of_a_text(text):
    """Rules are words of the genre: no run of eight characters of the code stands in the report."""
    words = re.findall("[一-鿿]{8,}", RULES.read_text(encoding="utf-8"))
    said = text.read_text(encoding="utf-8-sig")
    assert words and not [word for word in words if word in said]
