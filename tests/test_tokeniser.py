"""Every clause of the rule of `tokeniser`, with what it takes and what it leaves."""

import csv
import dataclasses
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from workreport.tables import DATA, decode
from workreport.tokeniser import CHINESE_DIGITS, ORDINARY_WORDS, find_numerals

quick = settings(deadline=None, max_examples=100)


def tokens(text):
    return [n.token for n in find_numerals(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # 1. Arabic digits with their decimal part
        ("总值344.3亿元", "344.3"),
        ("2021—2035年", "2021 2035"),
        ("2021-2035", "2021 2035"),
        ("PM2.5、PM10", "2.5 10"),
        ("达到30.", "30"),
        ("1.2.3", "1.2 3"),
        ("1,000", "1 000"),
        ("３．５亿和１２个", "３．５ １２"),
        ("３.５", "３.５"),
        ("٣和²", ""),
        # 2. runs of Chinese numerals
        ("二十二个", "二十二"),
        ("二〇二三年", "二〇二三"),
        ("两千户", "两千"),
        ("一、回顾（二）", "一 二"),
        ("十四五规划", "十四五"),
        ("“三零”创建", "三零"),
        ("投资超亿元", "亿"),
        ("亿元以上项目", "亿"),
        ("百亿级集群", "百亿"),
        ("双提升，半年，廿日，壹元", ""),
        # 2a. multipliers behind an Arabic numeral
        ("344.3亿元", "344.3"),
        ("7300余万元", "7300"),
        ("10多亿、10几万", "10 10"),
        ("２０余万", "２０"),
        ("5亿三千", "5"),
        ("3.5%，亿元", "3.5 亿"),
        ("5个亿", "5 亿"),
        ("5 万", "5 万"),
        ("三十余万", "三十 万"),
        ("几万、余亿", "万 亿"),
        ("5余多万", "5 万"),
        # 2b. ordinary words
        ("1.8个百分点", "1.8"),
        ("百分之五", "五"),
        ("零售总额", ""),
        ("进一步统一", ""),
        ("一批产业", ""),
        ("建成一批、开工两批", "两"),
        ("三个一批", "三 一"),
        ("一年来", ""),
        ("三十一年", "三十一"),
        ("红十字会", ""),
        ("二十字", "二十"),
        ("百姓", ""),
        ("八百姓氏", "八百"),
        ("一体化", ""),
        ("一体", "一"),
        ("", ""),
        ("没有数字。", ""),
    ],
)
def test_the_rule(text, expected):
    assert tokens(text) == expected.split()


@pytest.mark.parametrize("word", ORDINARY_WORDS)
def test_each_ordinary_word_is_left_out_and_ends_where_it_ends(word):
    assert tokens(f"这是{word}，那是") == []
    assert tokens(f"5个{word}") == (["5", "一"] if word == "一批" else ["5"])
    assert tokens(f"{word}：三") == ["三"]


def test_offsets_count_characters():
    found = find_numerals("😀社会消费品零售总额，1.8个百分点，第二")
    assert [(n.offset, n.token) for n in found] == [(11, "1.8"), (20, "二")]


pieces = st.one_of(
    st.sampled_from([*CHINESE_DIGITS, *ORDINARY_WORDS, *"0123456789０９.．余多几个第，。—% \n", "三个一批", "亿元"]),
    st.characters(),
)
texts = st.lists(pieces, max_size=40).map("".join)


@quick
@given(st.one_of(st.text(), texts))
def test_tokens_stand_where_they_say_and_never_overlap(text):
    end = 0
    for numeral in find_numerals(text):
        assert numeral.offset >= end
        assert numeral.token
        end = numeral.offset + len(numeral.token)
        assert text[numeral.offset : end] == numeral.token


@quick
@given(st.one_of(st.text(), texts))
def test_nothing_but_multipliers_and_words_is_left_out(text):
    taken = {n.offset + i for n in find_numerals(text) for i in range(len(n.token))}
    words = {m.start() + i for w in ORDINARY_WORDS for m in re.finditer(f"(?={w})", text) for i in range(len(w))}
    for i, character in enumerate(text):
        if character in "0123456789０１２３４５６７８９":
            assert i in taken
        elif character not in CHINESE_DIGITS:
            assert i not in taken or character in ".．"
        elif i not in taken:
            before = text[: i + 1].rstrip(CHINESE_DIGITS)
            assert i in words or re.search(r"[0-9０-９][余多几]?\Z", before), (text, i)


@pytest.mark.parametrize(
    ("piece", "times", "count"),
    [
        ("1", 10**6, 1), ("一", 10**6, 1), ("1.", 5 * 10**5, 25 * 10**4), ("1万", 5 * 10**5, 5 * 10**5),
        ("一，", 5 * 10**5, 5 * 10**5), ("个一批", 3 * 10**5, 3 * 10**5), ("一般", 5 * 10**5, 0),
        ("统一", 5 * 10**5, 0),
    ],
)  # fmt: skip
def test_a_megabyte_is_read_to_its_end(piece, times, count):
    assert len(find_numerals(piece * times)) == count


def test_the_ledger_holds_every_numeral_of_the_report(text, meta):
    """Needs the text of the report; skipped with a reason where it is not present."""
    printed = decode(text.read_bytes())[: meta["break_offset"]]
    with (DATA / "qinyang-2023/numerals.csv").open(encoding="utf-8", newline="") as handle:
        ledger = [(int(row["offset"]), row["token"]) for row in csv.DictReader(handle)]
    assert [(n.offset, n.token) for n in find_numerals(printed)] == ledger


@pytest.mark.parametrize(("text", "tokens"), [("第一批", ["一"]), ("三分之一", ["三", "一"]), ("统一一般", []), ("引进一批项目", [])])
def test_words_behind_words_and_numerals(text, tokens):
    assert [n.token for n in find_numerals(text)] == tokens


# Words in a sentence, written out here once more: a word lost from the list of the module is a numeral too many.
IN_SENTENCES = (
    "一般公共预算 进一步完善 统一部署 还有一些问题 一批产业 一份答卷 一年来 唯一一家 重点之一 一体化发展 面貌一新 一系列举措 一定差距 保持一致 "
    "一直以来 一律公开 一切为了 一旦发生 一方面看 结构单一 百姓 想方设法、千方百计 千家万户 个百分点 百分之 零售总额 零工市场 零部件 零散用地 红十字会"
)


@pytest.mark.parametrize("sentence", IN_SENTENCES.split())
def test_words_with_a_numeral_character_hold_no_numeral(sentence):
    assert tokens(sentence) == (["一"] if sentence == "唯一一家" else [])


def test_a_numeral_cannot_be_changed_after_it_was_found():
    (numeral,) = find_numerals("344.3亿元")
    with pytest.raises(dataclasses.FrozenInstanceError):
        numeral.token = "344.8"


def test_a_letter_is_no_numeral():
    assert [n.token for n in find_numerals("X三X5XX")] == ["三", "5"]


def test_no_ordinary_word_begins_with_another():
    """The first that fits is then the whole, in whatever order they are tried."""
    assert len(set(ORDINARY_WORDS)) == len(ORDINARY_WORDS)
    assert not [(short, long) for short in ORDINARY_WORDS for long in ORDINARY_WORDS if long != short and long.startswith(short)]
