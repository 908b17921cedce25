"""Export: every file, the same bytes, its own source; nothing half written, nothing broken leaves."""

import json
import os
import re
import subprocess
import sys
import unicodedata
import xml.etree.ElementTree as ET

import matplotlib.pyplot as plt
import pandas as pd
import pypdf
import pytest
from conftest import ROOT
from PIL import Image
from workreport import charts, export, files, findings, growth_story, style

CHARTS = ["rates_chart", "lead_chart", "decomposition_chart", "published_chart"]


def small(**changes):
    rows = pd.DataFrame({
        "group_en": ["GDP"], "group_zh": ["地区生产总值"], "series": ["qinyang"], "series_label_en": ["Qinyang"], "series_label_zh": ["沁阳市"],
        "value": [4.8], "low": [4.75], "high": [4.85], "label": ["4.8%"], "mark": ["stated"], "ids": ["G01"],
    })  # fmt: skip
    both = {"en": "Growth", "zh": "增速"}
    return export.Chart(
        **(
            {
                "name": "small",
                "form": charts.dot_plot,
                "rows": rows,
                "title": both,
                "subtitle": both,
                "alt": both,
                "source": both,
                "figure_ids": ["G01"],
            }
            | changes
        )
    )


@pytest.fixture(scope="module")
def exported(tmp_path_factory, report):
    folder = tmp_path_factory.mktemp("figures")
    stems = [export.export(getattr(growth_story, name)(report), "01-growth", folder=folder) for name in CHARTS]
    return folder, stems


def test_every_chart_has_every_file_and_no_other(exported):
    folder, stems = exported
    expected = {f"{s}-{lang}.{kind}" for s in stems for lang in ("en", "zh") for kind in ("png", "svg", "pdf")} | {
        f"{s}.{kind}" for s in stems for kind in ("csv", "json")
    }
    assert {p.name for p in folder.iterdir()} == expected


def test_the_committed_figures_are_these_bytes(exported):
    folder, _ = exported
    for path in folder.glob("*.*"):
        committed = ROOT / "figures" / path.name
        if path.suffix != ".json":
            assert committed.read_bytes() == path.read_bytes(), f"{path.name} is stale: run make"


@pytest.mark.slow
@pytest.mark.parametrize(
    "setting",
    [
        {"TZ": "Asia/Shanghai", "PYTHONHASHSEED": "1", "LC_ALL": "C"},
        {"TZ": "America/New_York", "PYTHONHASHSEED": "2", "LC_ALL": "C.UTF-8", "MPLCONFIGDIR": "fresh"},
    ],
)
def test_another_process_zone_locale_and_seed_give_the_same_bytes(exported, tmp_path, setting):
    folder, _ = exported
    code = (
        "from pathlib import Path; from workreport import export, growth_story as s; from workreport.tables import load_report; r = load_report()\n"
        f"for name in {CHARTS!r}: export.export(getattr(s, name)(r), '01-growth', folder=Path(r'{tmp_path}/out'))"
    )
    environment = os.environ | setting
    if "MPLCONFIGDIR" in setting:
        environment["MPLCONFIGDIR"] = str(tmp_path / "fresh")
    subprocess.run([sys.executable, "-c", code], cwd=ROOT / "notebooks", env=environment, check=True)
    for path in folder.iterdir():
        assert (tmp_path / "out" / path.name).read_bytes() == path.read_bytes(), path.name


def test_png_size_and_metadata(exported):
    folder, stems = exported
    for path in folder.glob("*.png"):
        image = Image.open(path)
        assert image.size == (1600, 1000)
        lang = path.stem[-2:]
        card = json.loads((folder / f"{path.stem[:-3]}.json").read_text(encoding="utf-8"))
        assert (image.text["Title"], image.text["Description"], image.text["Source"]) == (
            card["title"][lang],
            card["alt"][lang],
            card["source"][lang],
        )


def test_svg_is_outlined_and_described(exported):
    folder, _ = exported
    for path in folder.glob("*.svg"):
        root = ET.fromstring(path.read_text(encoding="utf-8"))
        card = json.loads((folder / f"{path.stem[:-3]}.json").read_text(encoding="utf-8"))
        lang = path.stem[-2:]
        tag = "{http://www.w3.org/2000/svg}"
        assert root.get("role") == "img" and root.get("aria-labelledby") == "title desc"
        assert root.find(f"{tag}title").text == card["title"][lang]
        assert root.find(f"{tag}desc").text == card["alt"][lang]
        assert not list(root.iter(f"{tag}text")), "text must be outlines"
        assert card["source"][lang] in path.read_text(encoding="utf-8").replace("&amp;", "&")
        assert "Date" not in path.read_text(encoding="utf-8")


def test_shortened_outlines_are_the_same_outlines():
    outline = "M 80 161 \nL 240 160 \nQ 320 160 320 243 \nL 80 240 \nz\nM 0 0 \nL 40 -40 \nz\n"
    x = y = 0
    start = points = None
    points = []
    for command, arguments in re.findall(r"([mlqzhv])([^mlqzhv]*)", export._relative(outline)):
        numbers = [int(n) for n in re.findall(r"-?\d+", arguments)]
        numbers = {"h": [*numbers, 0], "v": [0, *numbers]}.get(command, numbers)
        ends = [(x + a, y + b) for a, b in zip(numbers[::2], numbers[1::2], strict=True)]
        x, y = ends[-1] if ends else start
        start = (x, y) if command == "m" else start
        points += ends
    assert points == [(10, 20), (30, 20), (40, 20), (40, 30), (10, 30), (0, 0), (5, -5)]


def test_pdf_embeds_its_fonts_and_carries_title_and_source(exported):
    folder, _ = exported
    for path in folder.glob("*.pdf"):
        book = pypdf.PdfReader(path)
        card = json.loads((folder / f"{path.stem[:-3]}.json").read_text(encoding="utf-8"))
        lang = path.stem[-2:]
        assert (book.metadata["/Title"], book.metadata["/Subject"], book.metadata["/Keywords"]) == (
            card["title"][lang],
            card["alt"][lang],
            card["source"][lang],
        )
        assert "/CreationDate" not in book.metadata
        fonts = book.pages[0]["/Resources"]["/Font"].values()
        names = [str(f.get_object()["/BaseFont"]) for f in fonts]
        assert names and all("WorkreportSans" in n for n in names)


def test_rows_carry_ids_intervals_and_units(exported, report):
    folder, stems = exported
    for stem in stems:
        rows = pd.read_csv(folder / f"{stem}.csv")
        assert {"ids", "value", "low", "high", "unit"} <= set(rows)
        used = {i for cell in rows["ids"] for i in cell.split()}
        card = json.loads((folder / f"{stem}.json").read_text(encoding="utf-8"))
        assert used <= set(card["figure_ids"])
        assert all(i in report.figures for i in card["figure_ids"])


def test_the_card_says_what_a_reader_of_the_chart_needs(exported):
    folder, stems = exported
    for stem in stems:
        card = json.loads((folder / f"{stem}.json").read_text(encoding="utf-8"))
        for part in ("title", "subtitle", "alt", "description", "source"):
            for lang in ("en", "zh"):
                text = card[part][lang]
                assert text and not re.search(r"\b(nan|None)\b", text)
                assert bool(re.search(r"[\u4e00-\u9fff]", text)) == (lang == "zh"), (part, text)
        assert all(len(card["alt"][lang]) <= 250 for lang in ("en", "zh"))
        assert card["licence"] == "CC BY 4.0"
        assert all((folder / name).is_file() for name in card["files"])


def test_the_long_description_holds_every_value(exported, report):
    chart = growth_story.rates_chart(report)
    for lang in ("en", "zh"):
        text = export.long_description(chart, lang)
        assert all(label in text for label in chart.rows["label"])


def every_chart():
    return [(story, name) for story, module in findings.stories().items() for name in vars(module) if name.endswith("_chart")]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(("story", "name"), every_chart())
def test_nothing_is_clipped_and_nothing_overlaps(report, story, name, lang):
    with style.house_style():
        fig = export.draw(getattr(findings.stories()[story], name)(report), lang)
        assert export.layout_faults(fig) == []
        plt.close(fig)


def test_clipping_and_overlap_are_seen():
    with style.house_style():
        fig = plt.figure()
        fig.text(0.98, 0.5, "clipped at the edge")
        fig.text(0.2, 0.2, "first")
        fig.text(0.21, 0.2, "second")
        ax = fig.add_axes((0.5, 0.6, 0.3, 0.3))
        ax.plot([0.5], [0.5], marker="o")
        ax.text(0.5, 0.5, "under the mark", ha="center", va="center")
        fig.draw_without_rendering()
        found = "\n".join(export.layout_faults(fig))
        plt.close(fig)
    for fault in ("'clipped at the edge' is clipped", "'first' overlaps 'second'", "a mark covers 'under the mark'"):
        assert fault in found


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"rows": small().rows.iloc[:0]}, "the selection is empty"),
        ({"title": {"en": "Growth"}}, "the title has no text in 'zh'"),
        ({"alt": {"en": "x" * 251, "zh": "增速"}}, "alt text of 251 characters"),
        ({"subtitle": {"en": " ", "zh": "增速"}}, "an empty text in 'en'"),
        ({"rows": small().rows.drop(columns="group_zh")}, "'group' has no text in 'zh'"),
        ({"options": {"unit_en": "%"}}, "'unit' has no text in 'zh'"),
        ({"title": {"en": "Growth \u0e01", "zh": "增速"}}, "no glyph for \u0e01"),
        ({"source": {"en": "Source: G01, " * 900, "zh": "来源"}}, "leave no room for the chart"),
    ],
)
def test_a_chart_that_is_not_fit_leaves_nothing(tmp_path, changes, said):
    (tmp_path / "t-small.csv").write_text("old", encoding="utf-8")
    with pytest.raises(export.ExportError, match=re.escape(said)):
        export.export(small(**changes), "t", folder=tmp_path)
    assert [(p.name, p.read_text(encoding="utf-8")) for p in tmp_path.iterdir()] == [("t-small.csv", "old")]
    assert not plt.get_fignums()


def test_a_name_that_leaves_no_room_is_refused(tmp_path):
    rows = small().rows.assign(group_en="An indicator whose name goes on and on " * 6)
    long = pd.concat([rows, rows.assign(series="henan", series_label_en="Henan")])
    with pytest.raises(export.ExportError, match="clipped|overlaps|constrained_layout not applied"):
        export.export(small(rows=long), "t", folder=tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_long_name_that_fits_is_a_good_chart(tmp_path):
    export.export(small(rows=small().rows.assign(group_en="General public budget revenue of the county-level city")), "t", folder=tmp_path)


def test_one_row_and_a_far_value_are_charts(tmp_path):
    assert export.export(small(), "t", folder=tmp_path) == "t-small"
    rows = pd.concat([small().rows, small().rows.assign(value=9000.0, low=8999.5, high=9000.5, label="9000%")])
    export.export(small(rows=rows), "t", folder=tmp_path)


def test_an_unwritable_folder_loses_nothing(tmp_path, monkeypatch):
    old = {"a.png": b"old", "b.png": b"old"}
    for name, content in old.items():
        (tmp_path / name).write_bytes(content)
    original, calls = os.fdopen, []

    def full(*arguments):
        calls.append(1)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")
        return original(*arguments)

    monkeypatch.setattr(files.os, "fdopen", full)
    with pytest.raises(files.WriteError, match="No space left on device.*unchanged"):
        files.write_atomically(tmp_path, {"a.png": b"new", "b.png": b"new"})
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == old


def test_a_file_in_place_of_the_folder_is_an_error(tmp_path):
    (tmp_path / "figures").write_text("")
    with pytest.raises(files.WriteError, match="cannot write to figures/"):
        files.write_atomically(tmp_path / "figures", {"a": b""})


def test_an_unchanged_file_is_not_touched(tmp_path):
    files.write_atomically(tmp_path, {"a.png": b"same"})
    before = (tmp_path / "a.png").stat().st_mtime_ns
    files.write_atomically(tmp_path, {"a.png": b"same"})
    assert (tmp_path / "a.png").stat().st_mtime_ns == before


def test_lines_break_by_the_rules_of_both_scripts():
    width = lambda text: sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)  # noqa: E731
    zh = "二〇二二年增速全部高于参照，高出7.9个百分点；完成344.3亿元，占83.1%。"
    for room in range(14, 50):
        lines = export.wrap(zh, room, width).split("\n")
        assert "".join(lines) == zh
        assert not any(line[0] in "，。；％%、）》" for line in lines)
        assert any("7.9个百分点" in line for line in lines) and any("344.3亿元" in line for line in lines)
    en = "Qinyang outgrew every yardstick by 7.9\u00a0percentage points"
    for room in range(24, 60):
        lines = export.wrap(en, room, width).split("\n")
        assert " ".join(lines) == en
        assert all(width(line) <= room for line in lines)


def test_the_shown_figure_is_the_saved_file(exported):
    import base64

    folder, stems = exported
    shown = export.saved_figure(stems[0], "zh", folder=folder)
    image = re.search(r"base64,([^\"]+)", shown).group(1)
    assert base64.b64decode(image) == (folder / f"{stems[0]}-zh.png").read_bytes()
    assert re.search(r'alt="[^"]+"', shown)


def test_the_paper_is_white():
    """A paper one step darker shows as a grey box on a white slide."""
    for path in sorted((ROOT / "figures").glob("*.png")):
        with Image.open(path) as image:
            assert image.convert("RGB").getpixel((0, 0)) == (255, 255, 255), f"{path.name}: run make"


def test_a_formula_does_not_leave_and_mathematics_is_not_set(tmp_path):
    rows = small().rows.assign(group_en=["=1+1"])
    with pytest.raises(export.ExportError, match="'=1\\+1' would be a formula"):
        export.export(small(rows=rows), "00", folder=tmp_path)
    assert list(tmp_path.iterdir()) == []
    with style.house_style():
        assert plt.rcParams["text.parse_math"] is False
