"""From a text to proven tables: what a draft proposes, keeps, refuses, and when it is accepted. Made-up texts alone."""

import csv
import io
import json
import re
import shutil

import pytest
from workreport.entry import accept, card, draft, entries, sheet
from workreport.files import Busy, as_csv, only_one
from workreport.proof import check
from workreport.tables import DATA, FIGURE_TABLES

NAME = "jingshan-2024"
TEXT = """2024年京山市人民政府工作报告
——2024年1月20日在京山市第七届人民代表大会第四次会议上
各位代表：
现在，我代表市人民政府报告工作，请予审议。
一、2023年工作回顾
过去一年，全市地区生产总值增长6.5%，高于荆门市0.4个百分点，增速居荆门市第1位；固定资产投资增长8.2%；社会消费品零售总额完成210.5亿元，增长9.1%。新建“共享茶亭”35座，共享茶亭全覆盖。
二、2024年工作安排
今年的主要预期目标是：地区生产总值增长7%以上；固定资产投资增长9%左右。
上一篇：春茶上市
"""
PAVILIONS = {
    "indicator_id": "tea_pavilions", "name_en": "shared tea pavilions", "definition_zh": "供人饮茶歇脚的亭子",
    "definition_en": "Pavilions where tea is served", "better": "higher", "theme": "culture",
}  # fmt: skip
PLACE = {"parent": "jingmen", "type_zh": "县级市", "type_en": "county-level city", "kind": "county", "short_zh": "京山"}
CARD = {
    "publisher_zh": "京山市人民政府", "publisher_en": "People's Government of Jingshan", "read_at": "https://example.org/",
    "covers": ["headline", "1b", "targets"],
}  # fmt: skip


class Desk:
    """A person at work on a draft, in a folder of its own."""

    def __init__(self, folder, text=TEXT):
        self.folder, self.data, self.drafts = folder, folder / "data", folder / "drafts"
        self.path, self.here = folder / "原文 text.txt", self.drafts / NAME
        if text is not None:
            shutil.copytree(DATA, self.data)
            self.path.write_text(text, encoding="utf-8")

    def make(self):
        return draft.make_draft(NAME, self.path, self.drafts, self.data)

    def accept(self):
        return accept.accept(NAME, self.path, self.drafts, self.data)

    def rows(self, table):
        return list(csv.DictReader(io.StringIO((self.here / f"{table}.csv").read_text(encoding="utf-8"))))

    def write(self, name, content):
        (self.here / name).write_text(content, encoding="utf-8")

    def put(self, table, rows):
        self.write(f"{table}.csv", as_csv(rows[0], rows))

    def change(self, table, at, **cells):
        rows = self.rows(table)
        rows[at] |= cells
        self.put(table, rows)

    def card(self, **entries):
        old = json.loads((self.here / "report.json").read_text(encoding="utf-8"))
        self.write("report.json", json.dumps(old | entries))

    def mark(self, state="accepted", **changes):
        """What the proof sheet would save: every item with a state; ``changes`` of one cell by token."""
        shown = sheet.data(self.make())
        items = {i["key"]: {k: i[k] for k in ("seen", "role", "rows")} | {"state": state} for i in shown["items"]}
        for item in shown["items"]:
            for row in item["rows"]:
                row["cells"].update(changes.get(f"n{item['token'].replace('.', '_')}", {}))
        self.write("marks.json", json.dumps({"sha256": shown["sha256"], "items": items | shown["aside"]}))

    def second(self):
        """A second reading that says the same, from the tables as they stand."""
        numerals = {row["numeral_id"]: row | {"table": ""} for row in self.rows("numerals")}
        figures = [(name, row) for name in FIGURE_TABLES for row in self.rows(name)]
        places = [row if name == "claims" else numerals[row["numeral_id"]] for name, row in figures]
        at = {row["figure_id"]: place["offset"] for (_, row), place in zip(figures, places, strict=True)}
        said = []
        for (name, row), place in zip(figures, places, strict=True):
            known = {"offset": place["offset"], "section": place["section"], "table": name, "role": place.get("role", "")}
            pointers = {f"{column}_offset": at.get(row.get(column), "") for column in ("subject", "counted")}
            said.append(row | known | pointers | {"token": place.get("token", place.get("term"))})
        told = {row["offset"] for row in said if row["table"] != "claims"}
        said += [row for row in numerals.values() if row["offset"] not in told]
        columns = self.rows("second-reading")[0]
        self.put("second-reading", sorted(({c: row.get(c, "") for c in columns} for row in said), key=lambda row: int(row["offset"])))

    def bytes(self):
        files = (path for path in self.folder.rglob("*") if path.is_file() and path.name != "lock")
        return {path.relative_to(self.folder): path.read_bytes() for path in files}


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def make_ready(desk):
    """Do everything that a person does, until a draft can be accepted."""
    desk.make()
    desk.card(**CARD)
    desk.change("areas", 0, **PLACE)
    desk.make()
    desk.change("indicators", 0, **PAVILIONS)
    desk.make()
    desk.change("claims", 0, claim_zh="茶亭覆盖全部村庄，未给出数量", claim_en="Pavilions in every village; no number given")
    desk.mark()
    desk.make()
    desk.second()
    return desk


@pytest.fixture(scope="module")
def made_ready(tmp_path_factory):
    return make_ready(Desk(tmp_path_factory.mktemp("ready")))


@pytest.fixture
def ready(made_ready, tmp_path):
    """A draft with nothing left to do, to spoil."""
    shutil.copytree(made_ready.folder, tmp_path / "ready")
    return Desk(tmp_path / "ready", None)


def section(text, key):
    return next(s for s in card.card(text, NAME)["sections"] if s["id"] == key)["start"]


def test_a_card_tells_title_day_sections_and_where_the_website_begins():
    told = card.card(TEXT, NAME)
    assert told["title_zh"] == "2024年京山市人民政府工作报告" and told["delivered"] == "2024-01-20"
    assert (told["year_reviewed"], told["year_planned"], told["area"]) == ("2023", "2024", "jingshan")
    starts = {s["id"]: TEXT[s["start"] :][:6] for s in told["sections"]}
    assert starts["headline"] == "过去一年，全" and starts["targets"] == "今年的主要预" and starts["back"] == "上一篇：春茶"
    assert {"front", "back"}.isdisjoint(told["covers"]) and {"headline", "targets"} <= set(told["covers"])


def test_what_is_no_report_is_set_apart_and_five_years_are_no_headline():
    for line, key in (("名 词 解 释\n1.茶亭：供人歇脚", "notes"), ("附件：\n2024年民生实事", "notes"), ("责任编辑：张三\n", "back")):
        text = TEXT.replace("上一篇：春茶上市\n", line)
        assert section(text, key) == text.index(line) and key not in card.card(text, NAME)["covers"]
    text = TEXT.replace("各位代表：\n", "各位代表：\n扫一扫\n")
    assert section(text, "back") == text.index("上一篇"), "only behind the report a website speaks"
    text = TEXT.partition("\n上一篇")[0]
    assert all(s["start"] < len(text) for s in card.card(text, NAME)["sections"])
    text = TEXT.replace("过去一年，", "五年来，地区生产总值年均增长9%，固定资产投资年均增长8%。\n过去一年，")
    assert text[section(text, "headline") :].startswith("过去一年")


def test_a_draft_has_every_table_and_a_rule_for_each_cell(desk):
    made = desk.make()
    assert [(r["token"], r["role"]) for r in desk.rows("numerals")][2:5] == [("6.5", "figure"), ("0.4", "figure"), ("1", "figure")]
    assert desk.rows("growth")[0] | {"note": ""} == desk.rows("growth")[0]
    assert desk.rows("gaps")[0]["subject"] == "G01" == desk.rows("targets")[0]["outcome"]
    proposals = desk.rows("proposals")
    said = {(r["offset"], r["table"], r["column"]): r["proposed"] for r in proposals}
    for entry in made.entries:
        for table, cells in entry.rows:
            assert all(said[str(entry.offset), table, column] == cell for column, cell in cells.items())
    assert all(r["rule"] and r["sure"] in ("sure", "likely", "open") for r in proposals)
    assert not (desk.data / NAME).exists(), "a draft writes nothing into data/"


def test_two_figures_of_one_numeral_have_places_and_ids_of_their_own():
    second = ("growth", {"subject": entries.place(3, "growth", 0)})
    entry = entries.Entry(3, "98", "figure", rows=[("growth", {}), second])
    assert entries.ids([entry]) == {"@3/numerals/0": "n001", "@3/growth/0": "G01", "@3/growth/1": "G02"}
    assert [entries.pointing_by(entries.ids([entry]), cells) for _, cells in entry.rows] == [{}, {"subject": "G01"}]


def test_the_same_text_gives_the_same_draft_twice_and_elsewhere(desk, tmp_path):
    desk.make()
    first = desk.bytes()
    desk.make()
    assert desk.bytes() == first
    other = Desk(tmp_path / "elsewhere")
    other.make()
    assert other.bytes() == first


def test_what_a_person_changed_stays_and_the_rest_is_proposed_anew(desk):
    desk.make()
    desk.change("growth", 1, value="8.3", note="looked at twice")
    desk.change("areas", 0, **PLACE)
    made = desk.make()
    assert desk.rows("growth")[1] | {"value": "8.3"} == desk.rows("growth")[1]
    assert desk.rows("gaps")[0]["comparator"] == "jingmen"
    offset = desk.rows("numerals")[5]["offset"]
    ruled = {(row["offset"], row["column"], row["table"]) for row in desk.rows("proposals")}
    assert (offset, "value", "growth") not in ruled and (offset, "unit", "growth") in ruled, "a cell by hand has no rule"
    assert made.said == []


def test_an_indicator_gets_its_id_wherever_its_name_was_proposed(desk):
    desk.make()
    assert desk.rows("levels")[1]["indicator_id"] == "NEW:共享茶亭" and desk.rows("indicators")[0]["printed_zh"] == "共享茶亭"
    desk.mark()
    desk.make()
    desk.change("indicators", 0, **PAVILIONS)
    made = desk.make()
    row = desk.rows("levels")[1]
    assert row["indicator_id"] == "tea_pavilions" and row["flow_or_stock"] == "flow" and not made.open(), "marks hold"


def test_a_row_of_the_codebook_in_work_is_kept_and_may_be_renamed(desk):
    """As long as the report's own word stays."""
    desk.make()
    desk.change("indicators", 0, name_en="shared tea pavilions", better="higher")
    desk.make()
    assert [row["name_en"] for row in desk.rows("indicators")] == ["shared tea pavilions"]
    desk.change("indicators", 0, **PAVILIONS | {"name_zh": "公益茶亭"})
    desk.make()
    assert desk.rows("levels")[1]["indicator_id"] == "tea_pavilions" and len(desk.rows("indicators")) == 1


def test_the_usual_words_for_areas_above_are_written_down_once_they_are_known(desk):
    desk.path.write_text(TEXT.replace("增速居荆门市", "完成省定目标，增速居全省"), encoding="utf-8")
    assert "names" not in desk.make().meta
    desk.change("areas", 0, **PLACE)
    assert desk.make().meta["names"] == {"hubei": ["全省"], "target_of_hubei": ["省定目标"]}
    desk.card(names={"hubei": ["我省"]})
    assert desk.make().meta["names"] == {"hubei": ["我省"]}, "what a person wrote stays"


def test_a_bound_behind_a_list_can_be_read_either_way(tmp_path):
    """增长7%和9%以上: the bound of the last, or of both."""
    goals = "地区生产总值增长7%以上；固定资产投资增长9%左右"
    assert goals in TEXT
    desk = make_ready(Desk(tmp_path, TEXT.replace(goals, "地区生产总值、固定资产投资分别增长7%和9%以上")))
    made = desk.make()
    assert [r["qualifier"] for r in desk.rows("targets")] == ["at_least", "at_least"]
    key = next(e.key for e in made.entries if e.token == "7")
    assert made.reasons[key, 0, "qualifier"] == ("a bound behind the list", "likely")
    for bound in ("at_least", ""):
        desk.change("targets", 0, qualifier=bound)
        desk.mark()
        made = desk.make()
        desk.second()
        assert accept.missing(desk.make(), desk.here, desk.path, desk.data)[0] == []


def test_marks_are_read_back_and_a_changed_row_loses_its_mark(desk):
    desk.make()
    desk.mark(n8_2={"value": "8.4"})
    made = desk.make()
    assert not made.open() and desk.rows("growth")[1]["value"] == "8.4"
    desk.change("growth", 1, value="8.2")
    made = desk.make()
    assert [e.token for e in made.open()] == ["8.2"] and desk.rows("growth")[1]["value"] == "8.2"
    assert "its mark was dropped" in made.said[0]
    assert desk.make().said == []


def test_a_claim_that_was_taken_out_stays_out(desk):
    desk.make()
    assert [r["term"] for r in desk.rows("claims")] == ["全覆盖"]
    desk.write("claims.csv", ",".join(desk.rows("claims")[0]) + "\n")
    for _ in range(3):
        desk.make()
        assert desk.rows("claims") == []


def test_what_was_done_outside_the_sections_covered_comes_back_with_them(desk):
    desk.make()
    desk.mark(n8_2={"value": "8.4"})
    made = desk.make()
    desk.card(covers=["targets"])
    assert len(desk.make().entries) == 2 and not desk.rows("growth")
    desk.mark()  # the sheet saves what it does not show, too
    desk.make()
    desk.card(covers=made.meta["covers"])
    made = desk.make()
    assert not made.open() and desk.rows("growth")[1]["value"] == "8.4"


def test_a_draft_is_accepted_when_nothing_is_left(ready):
    """A second reader may name what the codebook lacks, and differences settled by the text do not stand in the way."""
    readings, reason = ready.rows("second-reading"), "As the codebook has it"
    at = next(i for i, row in enumerate(readings) if row["indicator_id"] == "tea_pavilions")
    ready.change("second-reading", at, indicator_id="NEW:茶亭")
    ready.change("second-reading", 3, price_basis="unknown")
    columns = "offset,table,field,first_reading,second_reading,settled,reason"
    ready.write("discrepancies.csv", f"{columns}\n{readings[3]['offset']},growth,price_basis,nominal,unknown,nominal,{reason}\n")
    ready.make()  # leaves the differences that were settled
    before = (ready.data / "indicators.csv").read_text(encoding="utf-8")
    assert ready.accept() == len(list((ready.data / NAME).iterdir())) + 2
    assert check.check_data(NAME, ready.data)[1] == []
    assert check.main(["--data", str(ready.data), "--text", str(ready.path), "--quiet"]) == 0
    after = (ready.data / "indicators.csv").read_text(encoding="utf-8")
    assert after.startswith(before) and len(after.splitlines()) == len(before.splitlines()) + 1
    assert reason in (ready.data / NAME / "discrepancies.csv").read_text(encoding="utf-8")
    assert not ready.here.exists(), "what is in data/ is no draft any more"
    with pytest.raises(draft.DraftError, match="is no draft"):
        ready.accept()


@pytest.mark.parametrize(
    "spoil, said",
    [
        (lambda d: (d.here / "marks.json").unlink(), "10 entries to accept"),
        (lambda d: d.mark("wrong"), "'6.5' (wrong)"),
        (lambda d: (d.data / NAME).mkdir(), "data/jingshan-2024/ is there already"),
        (lambda d: d.card(publisher_en=""), "publisher_en: a text"),
        (lambda d: d.write("second-reading.csv", ",".join(d.rows("second-reading")[0]) + "\n"), "the second reading leaves blank"),
        (lambda d: d.change("second-reading", 3, value="8.9"), "settle it by the text in discrepancies.csv"),
        (lambda d: (d.change("growth", 1, value="8.20"), d.mark(), d.make(), d.second()), "drafts/jingshan-2024/growth.csv:3:value"),
        (lambda d: (d.change("gaps", 0, comparator="hubei"), d.mark(), d.make(), d.second()), "as the text names it before the number"),
        (lambda d: d.change("indicators", 0, theme="tea"), "drafts/jingshan-2024/indicators.csv:2:theme: found 'tea'"),
        (lambda d: d.change("areas", 0, parent=""), "which has no parent in areas.csv"),
        (lambda d: (d.change("levels", 1, indicator_id="NEW:茶亭"), d.mark(), d.make()), "'茶亭'"),
    ],
)
def test_a_draft_is_not_accepted_while_something_is_missing(ready, spoil, said):
    spoil(ready)
    before = ready.bytes()
    with pytest.raises(draft.DraftError) as error:
        ready.accept()
    assert said in str(error.value) and "nothing was changed" in str(error.value)
    assert ready.bytes() == before


BAD = {
    "blank": (b" \n\n", "found an empty text"),
    "a scan": ("图片图片图片\n".encode(), "found no numeral"),
    "another encoding": ("京山市增长8%".encode("gb18030"), "iconv -f GB18030 -t UTF-8"),
    "bytes": (b"\xff\xfe\x00\x81" * 9, "not UTF-8"),
    "a web page": (b"<html><body>" + "<p>增长8%</p>".encode() * 9 + b"</body></html>", "found a page of HTML"),
    "digits": (b"9" * 10_000, "found a number of 10,000 digits at offset 0"),
    "too much": ("增长8%。".encode() * 500_000, "of at most 2,000,000"),
    "escaped line ends": ("增长8%。\\r\\n".encode(), "four characters"),
    "a folder": (None, "no readable file"),
}


@pytest.mark.parametrize("content, said", BAD.values(), ids=BAD)
def test_what_is_no_text_of_a_report_is_said(tmp_path, content, said):
    path = tmp_path / "text.txt"
    path.mkdir() if content is None else path.write_bytes(content)
    with pytest.raises(draft.DraftError, match=re.escape(said)):
        draft.check_text(path)


def test_a_name_that_cannot_be_or_no_text_is_said_and_nothing_is_written(desk):
    for name, said in (("Jingshan", "expected the form"), ("../x-2024", "expected the form"), ("jingmen-2024", "is there already")):
        with pytest.raises(draft.DraftError, match=re.escape(said)):
            draft.make_draft(name, desk.path, desk.drafts, desk.data)
    desk.path.write_text("", encoding="utf-8")
    with pytest.raises(draft.DraftError, match="found an empty text"):
        desk.make()
    assert not desk.drafts.exists()


MARK = {"state": "accepted", "seen": "", "role": "figure", "rows": [{"table": "x", "cells": {}}]}
UNKNOWN_TABLE = json.dumps({"sha256": card.card(TEXT, NAME)["sha256"], "items": {"3": MARK}})
NONSENSE = {
    "no JSON": (lambda d: d.write("report.json", "{"), "report.json"),
    "card of lists": (lambda d: d.card(sections=3), "report.json"),
    "an unknown section": (lambda d: d.card(covers=["x"]), "report.json"),
    "columns gone": (lambda d: d.write("growth.csv", "figure_id,value\nG01,3\n"), "growth.csv"),
    "cells too many": (lambda d: (d.here / "growth.csv").open("a").write("G99" + "," * 40 + "\n"), "growth.csv"),
    "a table gone": (lambda d: (d.here / "growth.csv").unlink(), "growth.csv"),
    "an id twice": (lambda d: d.change("growth", 1, figure_id="G01"), "growth.csv:3:figure_id"),
    "a numeral of nowhere": (lambda d: d.change("growth", 1, numeral_id="n999"), "growth.csv:3:numeral_id: found 'n999'"),
    "an offset of nowhere": (lambda d: d.change("numerals", 3, offset="1"), "numerals.csv:5:offset"),
    "an offset of letters": (lambda d: d.change("numerals", 3, offset="ten"), "numerals.csv:5:offset"),
    "a reading of nowhere": (lambda d: d.change("second-reading", 3, offset="ten"), "second-reading.csv:5:offset"),
    "no UTF-8": (lambda d: (d.here / "gaps.csv").write_bytes(b"\xff"), "gaps.csv"),
    "marks of another text": (lambda d: d.write("marks.json", '{"sha256": "x", "items": {}}'), "marks.json:sha256"),
    "marks that are none": (lambda d: d.write("marks.json", '{"sha256": 3}'), "marks.json"),
    "marks of an unknown table": (lambda d: d.write("marks.json", UNKNOWN_TABLE), "which is no table"),
    "marks of an unknown state": (lambda d: d.mark("done"), "which is no state"),
}  # fmt: skip


@pytest.mark.parametrize("spoil, said", NONSENSE.values(), ids=NONSENSE)
def test_a_draft_edited_into_nonsense_is_named_and_left_as_it_is(desk, spoil, said):
    desk.make()
    spoil(desk)
    before = desk.bytes()
    with pytest.raises(draft.DraftError, match=re.escape(said)) as error:
        desk.make()
    assert "drafts/jingshan-2024/" in str(error.value)
    assert desk.bytes() == before


def test_what_stops_a_make_leaves_the_draft_that_was_there(desk, monkeypatch):
    """Another text, another make at the same time, a full disk."""
    desk.make()
    desk.card(covers=["targets"])
    before = desk.bytes()
    desk.path.write_text(TEXT.replace("8.2", "8.3"), encoding="utf-8")
    with pytest.raises(draft.DraftError, match="begun from another text .first different between characters"):
        desk.make()
    desk.path.write_text(TEXT, encoding="utf-8")
    with only_one(desk.here), pytest.raises(Busy):
        desk.make()
    with monkeypatch.context() as patch:
        patch.setattr("os.replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        with pytest.raises(OSError, match="No space left"):
            desk.make()
    assert desk.bytes() == before
    assert desk.make().aside == {}, "what nobody touched is proposed anew"
    assert desk.bytes() != before


def test_the_command_line_says_what_is_there_and_what_to_do(desk, ready, monkeypatch, capsys):
    make, take = draft.make_draft, accept.accept

    monkeypatch.setenv("NAME", NAME)

    def said(main, at, *more):
        monkeypatch.setattr(draft, "make_draft", lambda name, path, covers: make(name, path, at.drafts, at.data, covers))
        monkeypatch.setattr(accept, "accept", lambda name, path: take(name, path, at.drafts, at.data))
        monkeypatch.setenv("TEXT", str(at.path))
        return main([*more]), capsys.readouterr().out

    status, out = said(draft.main, desk)
    assert status == 0 and all(part in out for part in ("14 numerals and claims", 'COVERS="headline targets"', "proof.html", "parent"))
    out = said(draft.main, desk, "--covers", "headline,targets")[1]
    assert out.startswith("drafts/jingshan-2024/: 8 numerals and claims of 2 sections")
    status, out = said(draft.main, desk, "--covers", "elsewhere")
    assert status == 1 and "report.json" in out
    assert said(accept.main, desk)[0] == 1
    assert "Nothing is open: make accept" in said(draft.main, ready)[1]
    status, out = said(accept.main, ready)
    assert status == 0 and "files in data/. Run make report NAME=jingshan-2024" in out


@pytest.mark.slow
def test_the_page_of_the_measurement_says_what_is_measured(text):
    """Where the texts are: aims are met, and the page has the counts as they are now; no text crashes the rules."""
    import importlib.util

    from conftest import ROOT

    spec = importlib.util.spec_from_file_location("measure", ROOT / "tests/drafts/measure.py")
    spec.loader.exec_module(measure := importlib.util.module_from_spec(spec))
    found = measure.measured([ROOT.parent / "shared/texts", ROOT.parent / "shared/source"])
    if found["texts"] < 40:
        pytest.skip("the texts of other reports are not here")
    page = measure.page(found | {"seconds": 1})
    assert page == (ROOT / "tests/drafts/README.md").read_text(encoding="utf-8"), "run tests/drafts/measure.py again"
    for column, aim in measure.AIMS.items():
        said = [verdict for _, name, verdict, _ in found["cells"] if name == column]
        assert said and 100 * said.count("right") / len(said) >= aim, column
    sure = [verdict for *_, verdict, how in found["cells"] if how == "sure"]
    assert 100 * sure.count("wrong") / len(sure) < measure.MOST_SURE_WRONG
    worse = [(table, column, "wrong", how) for table, column, _, how in found["cells"]]
    assert measure.page(found | {"cells": worse}) != page, "the page can fail"
