"""Texts: both languages at every key, the same facts in both, and refusals."""

import re
import tomllib

import pytest
from workreport import story

FILES = sorted(story.FOLDER.glob("*.toml"))


def entries(tree, path=""):
    for key, value in tree.items():
        if isinstance(value, dict):
            if "en" in value or "zh" in value:
                yield f"{path}{key}", value
            yield from entries({k: v for k, v in value.items() if isinstance(v, dict)}, f"{path}{key}.")


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_every_text_is_in_both_languages_with_the_same_facts(file):
    found = list(entries(tomllib.loads(file.read_text(encoding="utf-8"))))
    assert found
    for key, text in found:
        assert set(text) >= {"en", "zh"}, key
        if isinstance(text["en"], list):
            assert len(text["en"]) == len(text["zh"]), key
        else:
            facts = [set(re.findall(r"{(\w+)}", text[lang])) for lang in ("en", "zh")]
            assert facts[0] == facts[1], key
            assert not re.search(r"[\u4e00-\u9fff]", text["en"]), key
            assert not re.search(r"[,;!?](?!\d)|\.\s*$", re.sub(r"`[^`]*`|{\w+}", "", text["zh"])), f"{key}: Western punctuation in Chinese"


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_no_quantity_is_typed_into_a_text(file):
    for key, text in entries(tomllib.loads(file.read_text(encoding="utf-8"))):
        for lang in ("en", "zh"):
            words = " ".join(text[lang]) if isinstance(text[lang], list) else text[lang]
            assert not re.search(r"\d+(\.\d+)?\s*(%|亿|万|个百分点|percent|pp\b|yuan)", words), key


def test_every_text_is_used():
    code = "".join(p.read_text(encoding="utf-8") for p in story.FOLDER.parent.glob("*.py"))
    for file in FILES:
        for key, _ in entries(tomllib.loads(file.read_text(encoding="utf-8"))):
            assert any(part in code for part in (f'"{key}"', f'"{key.split(".")[0]}', "headings.{")), f"{file.name}: {key} is used nowhere"


def test_a_missing_text_or_language_is_named(tmp_path, monkeypatch):
    (tmp_path / "one.toml").write_text('[a]\nen = "A {x}"\n', encoding="utf-8")
    monkeypatch.setattr(story, "FOLDER", tmp_path)
    with pytest.raises(KeyError, match="texts/one.toml has no b.c"):
        story.Texts("one").say("b.c")
    with pytest.raises(KeyError, match="a has no text in 'zh'"):
        story.Texts("one").say("a", x="1")


def test_names_inside_an_english_sentence():
    assert story.lower("Retail sales") == "retail sales"
    assert (story.lower("GDP"), story.lower("R&D intensity"), story.lower("Jiaozuo key projects")) == (
        "GDP",
        "R&D intensity",
        "Jiaozuo key projects",
    )


def test_an_unknown_strength_is_refused():
    with pytest.raises(ValueError, match="'certain' is none of"):
        story.Finding("a.b", {"en": "A", "zh": "甲"}, "x", (), "certain")
