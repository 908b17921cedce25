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
from matplotlib.text import Text
from PIL import Image
from workreport import Page, charts, collection, export, files, frame, style
from workreport import lines as lines_of
from workreport.page import Record, recording
from workreport.tables import DEFAULT_REPORT, load_report

SVG = "{http://www.w3.org/2000/svg}"


def small(report, **changes):
    """A chart of one row."""
    chart = page_with_a_chart(report, changes.pop("data", growth(report))).charts["small"]
    for part, value in changes.items():
        setattr(chart, part, value)
    return chart


def growth(report, **changes):
    return frame(report, "growth").head(1)[["indicator_id", "quantity"]].assign(**changes)


def page_with_a_chart(report, data, form=charts.bars, **options):
    with recording(Record("00", "en")):
        page = Page("00", report)
    text = page.phrase("Growth", "增速")
    page.chart("small", form, data, value="quantity", row="indicator_id", title=text, subtitle=text, alt=text, least=1, **options)
    return page


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """Two charts of a notebook, exported by another process in another zone, locale and seed."""
    folder = tmp_path_factory.mktemp("figures")
    code = (
        "from pathlib import Path; from workreport import collection, export\n"
        f"for c in [*collection.run('01-growth').charts.values()][:2]: print(export.export(c, '01-growth', folder=Path(r'{folder}')))"
    )
    settings = {"TZ": "Asia/Shanghai", "PYTHONHASHSEED": "1", "LC_ALL": "C", "MPLCONFIGDIR": str(tmp_path_factory.mktemp("fresh"))}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT / "notebooks", env=os.environ | settings, check=True, capture_output=True, text=True)
    return folder, done.stdout.split()


def card_of(path):
    stem, _, rest = path.stem.removesuffix("-portrait").rpartition("-")
    return json.loads((path.parent / f"{stem}.json").read_text(encoding="utf-8")), rest


def test_every_chart_has_every_file_and_no_other(exported):
    folder, stems = exported
    endings = (".png", "-portrait.png", ".svg", ".pdf")
    expected = {f"{s}-{lang}{ending}" for s in stems for lang in ("en", "zh") for ending in endings}
    assert {p.name for p in folder.iterdir()} == expected | {f"{s}.{kind}" for s in stems for kind in ("csv", "json")}


def test_another_process_zone_locale_and_seed_give_the_bytes_of_git(exported):
    for path in exported[0].iterdir():
        if path.suffix not in (".json", ".pdf"):  # the card cites; PDFs are made by make and stay out of git
            assert (ROOT / "figures" / path.name).read_bytes() == path.read_bytes(), f"{path.name} is stale: run make"


@pytest.mark.slow
def test_this_process_writes_the_same_pdf(exported):
    folder, stems = exported
    made, _ = export._render(next(iter(collection.run("01-growth").charts.values())), "zh")
    assert made["zh.pdf"] == (folder / f"{stems[0]}-zh.pdf").read_bytes()


def test_png_size_and_metadata(exported):
    for path in exported[0].glob("*.png"):
        card, lang = card_of(path)
        with Image.open(path) as image:
            assert image.size == ((1080, 1350) if path.stem.endswith("portrait") else (1600, 1000))
            assert image.convert("RGB").getpixel((0, 0)) == (255, 255, 255), "a paper one step darker is a grey box on a slide"
            found = [image.text[part] for part in ("Title", "Description", "Source")]
        assert found == [card[part][lang] for part in ("title", "alt", "source")]


def test_svg_is_outlined_and_described(exported):
    for path in exported[0].glob("*.svg"):
        text, (card, lang) = path.read_text(encoding="utf-8"), card_of(path)
        root = ET.fromstring(text)
        names = root.get("aria-labelledby").split()
        assert root.get("role") == "img" and [root.find(f"{SVG}{tag}").get("id") for tag in ("title", "desc")] == names
        assert (root.find(f"{SVG}title").text, root.find(f"{SVG}desc").text) == (card["title"][lang], card["alt"][lang])
        assert not list(root.iter(f"{SVG}text")), "text must be outlines"
        assert card["source"][lang] in text.replace("&amp;", "&") and "Date" not in text


def test_two_pictures_in_one_page_share_an_id_only_for_the_same_thing(exported):
    """Inlined in one web page, the second picture must not take letters or names from the first."""
    seen = {}
    for path in exported[0].glob("*.svg"):
        for element in ET.fromstring(path.read_text(encoding="utf-8")).iter():
            if element.get("id") and element.tag in (f"{SVG}path", f"{SVG}title", f"{SVG}desc", f"{SVG}clipPath"):
                content = ET.tostring(element)
                assert seen.setdefault(element.get("id"), content) == content, (path.name, element.get("id"))
    assert len(seen) > 100


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
    for path in exported[0].glob("*.pdf"):
        book, (card, lang) = pypdf.PdfReader(path), card_of(path)
        assert [book.metadata[key] for key in ("/Title", "/Subject", "/Keywords")] == [card[part][lang] for part in ("title", "alt", "source")]
        assert "/CreationDate" not in book.metadata
        names = [str(f.get_object()["/BaseFont"]) for f in book.pages[0]["/Resources"]["/Font"].values()]
        assert names and all("WorkreportSans" in n for n in names)


def test_rows_carry_ids_intervals_and_units(exported, report):
    folder, stems = exported
    for stem in stems:
        rows = pd.read_csv(folder / f"{stem}.csv", encoding="utf-8-sig", keep_default_na=False)
        card = json.loads((folder / f"{stem}.json").read_text(encoding="utf-8"))
        for part in ("_low", "_high", "_unit_en", "_unit_zh", "_period", "_ids"):
            assert any(c.endswith(part) for c in rows)
        used = {i for c in rows if c.endswith("_ids") for cell in rows[c] for i in cell.split()}
        assert used and used <= set(card["figure_ids"]) and all(i in report.figures for i in card["figure_ids"])
    assert small(report).description["en"] == "GDP, 4.8% [4.75, 4.85]"


@pytest.mark.parametrize("name", ["04-ambition.csv", "04-tiers.csv", "08-levels.csv"])
def test_a_row_says_of_which_periods_its_figures_are(name):
    rows = pd.read_csv(ROOT / "figures" / name, encoding="utf-8-sig", dtype=str, keep_default_na=False)
    for column in [c.removesuffix("_ids") for c in rows if c.endswith("_ids")]:
        for ids, period, value in zip(rows[f"{column}_ids"], rows[f"{column}_period"], rows[column], strict=True):
            of = [(place or DEFAULT_REPORT, one) for place, _, one in (i.rpartition(":") for i in ids.split())] if value else []
            assert period.split() == sorted({load_report(place).figures[one].row["period"] for place, one in of}), (ids, period)


def test_a_csv_that_is_handed_out_begins_with_the_mark_by_which_spreadsheets_know_utf_8():
    for path in (ROOT / "figures").glob("*.csv"):
        assert path.read_bytes().startswith(b"\xef\xbb\xbf"), path.name


def test_the_card_says_what_a_reader_of_the_chart_needs(exported):
    folder, stems = exported
    for stem in stems:
        card = json.loads((folder / f"{stem}.json").read_text(encoding="utf-8"))
        for part in ("title", "subtitle", "alt", "description", "source"):
            for lang in ("en", "zh"):
                text = card[part][lang]
                assert text and not re.search(r"\b(nan|None)\b", text)
                assert lang == "en" or re.search(r"[\u4e00-\u9fff]", text), (part, text)
        assert card["licence"] == "CC BY 4.0" and all((folder / name).is_file() for name in card["files"])


@pytest.mark.slow
@pytest.mark.parametrize("stem", collection.stems())
def test_a_title_is_short(stem):
    """Clipped and overlapping texts are refused by whoever draws; a fresh run draws every chart."""
    for chart in collection.run(stem).charts.values():
        assert len(chart.title["zh"]) <= 24 * 1.15 and len(chart.title["en"]) <= 70 * 1.15, chart.title


@pytest.mark.parametrize("shape", style.SHAPES)
def test_a_remark_on_the_largest_value_has_its_room(report, shape):
    data, notes = frame(report, "growth").iloc[:3][["indicator_id", "quantity"]], {"fixed_asset_investment": "a remark that is as long as the picture is wide"}
    chart = page_with_a_chart(report, data, charts.dot_plot, notes=notes).charts["small"]
    with style.house_style(shape):
        texts = {t.get_text(): t.get_window_extent() for t in export.draw(chart, "en", shape).findobj(Text)}
    value, remark = texts["13%"], texts[notes["fixed_asset_investment"]]
    assert remark.y1 < value.y1 if shape.name else remark.x0 > value.x1


def test_no_line_ends_inside_the_licence():
    with style.house_style():
        foot = export.draw(collection.run("06-people").charts["income"], "zh").texts[2].get_text()
    assert foot.endswith("\nCC BY 4.0。"), foot


def test_clipping_and_overlap_are_seen():
    with style.house_style():
        fig = plt.figure()
        fig.text(0.98, 0.5, "clipped at the edge")
        fig.text(0.01, 0.8, "left of the title")
        fig.text(0.2, 0.2, "first")
        fig.text(0.21, 0.2, "second")
        ax = fig.add_axes((0.5, 0.6, 0.3, 0.3))
        ax.plot([0.5], [0.5], marker="o")
        ax.text(0.5, 0.5, "under the mark", ha="center", va="center")
        fig.draw_without_rendering()
        found = "\n".join(export.layout_faults(fig))
        plt.close(fig)
    for fault in ("'clipped at the edge' is clipped", "'left of the title' runs into the margin", "'first' overlaps 'second'", "a mark covers 'under the mark'"):
        assert fault in found


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"rows": pd.DataFrame()}, "the selection is empty"),
        ({"title": {"en": "Growth"}}, "the title has no text in 'zh'"),
        ({"alt": {"en": "x" * 251, "zh": "增速"}}, "alt text of 251 characters"),
        ({"subtitle": {"en": " ", "zh": "增速"}}, "an empty text in 'en'"),
        ({"title": {"en": "Growth \u0e01", "zh": "增速"}}, "no glyph for \u0e01"),
        ({"title": {"en": "Growth of everything everywhere " * 4, "zh": "增速"}}, "small (en): the title takes more than 2 lines: shorten"),
        ({"title": {"en": "Growth of everything everywhere in the year of the report, said", "zh": "增速" * 27}}, "small (zh, portrait): the title takes more than 3 lines"),
        ({"source": {"en": "Source: G01, " * 400, "zh": "来源"}}, "leave no room for the chart"),
        ({"plot": lambda ax, lang: [ax.text(0.5, 0.5, said) for said in ("first", "second")]}, "'first' overlaps 'second'"),
    ],
)
def test_a_chart_that_is_not_fit_leaves_nothing(tmp_path, report, changes, said):
    (tmp_path / "t-small.csv").write_text("old", encoding="utf-8")
    with pytest.raises(export.ExportError, match=re.escape(said)):
        export.export(small(report, **changes), "t", folder=tmp_path)
    assert [(p.name, p.read_text(encoding="utf-8")) for p in tmp_path.iterdir()] == [("t-small.csv", "old")]
    assert not plt.get_fignums()


def test_a_name_that_leaves_no_room_is_refused(tmp_path, report):
    rows = growth(report, indicator_id="An indicator whose name goes on and on " * 6)
    with pytest.raises(export.ExportError, match="clipped|overlaps|constrained_layout not applied"):
        export.export(small(report, data=rows), "t", folder=tmp_path)
    assert not list(tmp_path.iterdir())


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
    zh = "五项增速全部领先，固定资产投资只比焦作市高0.1个百分点；完成344.3亿元，占83.1%。"
    for room in range(20, 50):
        lines = lines_of.wrap(zh, room, width, ("固定资产投资", "焦作市")).split("\n")
        assert "".join(lines) == zh
        assert not any(line[0] in "，。；％%、）》" for line in lines)
        for whole in ("0.1个百分点", "344.3亿元", "固定资产投资", "焦作市", "增速", "领先"):
            assert any(whole in line for line in lines), (whole, lines)
    en = "Ahead of all it is compared with by 7.9\u00a0percentage points"
    for room in range(24, 60):
        lines = lines_of.wrap(en, room, width).split("\n")
        assert " ".join(lines) == en and all(width(line) <= room for line in lines)


def test_a_formula_does_not_leave_and_mathematics_is_not_set(tmp_path, report):
    with pytest.raises(export.ExportError, match="'=1\\+1' would be a formula"):
        export.export(small(report, data=growth(report, indicator_id="=1+1")), "00", folder=tmp_path)
    assert list(tmp_path.iterdir()) == []
    with style.house_style():
        assert plt.rcParams["text.parse_math"] is False


def test_a_reader_saves_where_git_does_not_look(report):
    page = page_with_a_chart(report, growth(report))
    folder = ROOT / "figures/mine"
    try:
        assert page.save("small") == "figures/mine/00-small-…" and (folder / "00-small-en.png").is_file()
        assert "figures/mine/" in (ROOT / ".gitignore").read_text(encoding="utf-8")
    finally:
        for path in folder.glob("00-small*"):
            path.unlink()
        if not list(folder.iterdir()):
            folder.rmdir()
