"""Bad input by the thousand: a message that names the place, or success; never another exception, never a hang.

`make torture ONLY=fuzz` tries many more of the same (FUZZ_EXAMPLES).
"""

import json
import os
import tracemalloc
from decimal import Decimal
from fractions import Fraction
from unittest import mock

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from mpmath import iv, mpf
from torture.data import NAME, Memory, _files
from workreport import check, prose
from workreport.expressions import evaluate
from workreport.numbers import ForbiddenOperation, Interval, Quantity, read_numeral
from workreport.tables import DataError, load_report, unsafe
from workreport.tokeniser import CHINESE_DIGITS, find_numerals
from workreport.units import parse_unit, quantity_of

N = int(os.environ.get("FUZZ_EXAMPLES", "25"))
REPORT = load_report()
FILES = sorted(_files())
fuzz = settings(max_examples=N, deadline=None, suppress_health_check=list(HealthCheck), derandomize=N <= 25, database=None)
PIECES = st.sampled_from(
    [
        '"',
        '""',
        ",",
        "\n",
        "\r",
        "\r\n",
        "\x00",
        "\ufeff",
        "９",
        "〇",
        "=1+1",
        "<b>",
        "9" * 5000,
        "x" * 200_000,
        "-",
        "1e999",
        "NaN",
        "Infinity",
        "",
        " ",
    ]
)
TEXTS = st.text(alphabet=st.characters(codec="utf-8"), max_size=60) | PIECES


def survives(files):
    """Load and check files: every fault has a place and says what to do; nothing else is raised."""
    data = Memory(files)
    try:
        load_report(NAME, data=data)
    except DataError as error:
        assert error.faults and all(f.file and f.found and f.expected and f.do for f in error.faults)
    _, faults = check.check_data(NAME, data)
    assert all(f.file and f.found and f.expected and f.do for f in faults)
    return faults


@fuzz
@given(st.sampled_from(FILES), st.binary(max_size=400))
@example("qinyang-2023/levels.csv", b"")
@example("qinyang-2023/report.json", b"[]")
@example("qinyang-2023/report.json", b"null")
@example("datapackage.json", b"null")
@example("datapackage.json", b"[1]")
@example("datapackage.json", b"{}")
@example("datapackage.json", b"[" * 20000)
@example("qinyang-2023/report.json", b"9" * 5000)
@example("seal.json", b"[]")
@example("seal.json", b'{"qinyang-2023/levels.csv": 1}')
@example("seal.json", b"9" * 5000)
def test_any_bytes_in_place_of_a_file(file, content):
    assert survives(_files() | {file: content})


@fuzz
@given(st.sampled_from([f for f in FILES if f.endswith(".csv")]), st.floats(0, 1), TEXTS, st.integers(0, 40))
def test_any_text_put_into_a_table(file, share, text, drop):
    content = _files()[file].decode()
    at = int(share * len(content))
    spoiled = (content[:at] + text + content[at + drop :]).encode("utf-8", "surrogatepass")
    assume(spoiled != _files()[file])
    survives(_files() | {file: spoiled})


@fuzz
@given(st.sampled_from([f for f in FILES if f.endswith(".csv")]), st.floats(0, 1), st.binary(min_size=1, max_size=6))
def test_any_bytes_put_into_a_table(file, share, piece):
    content = _files()[file]
    at = int(share * len(content))
    survives(_files() | {file: content[:at] + piece + content[at:]})


@fuzz
@given(st.sampled_from([t for t in REPORT.tables]), st.integers(0, 300), st.integers(0, 30), TEXTS)
def test_any_text_as_a_cell(table, row, column, text):
    import csv
    import io

    source = REPORT.tables[table]
    rows = [source.columns, *(list(r.values()) for r in source.rows)]
    rows[1 + row % len(source.rows)][column % len(source.columns)] = text
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    survives(_files() | {source.file: buffer.getvalue().encode("utf-8", "surrogatepass")})


@fuzz
@given(st.data())
def test_any_value_in_the_report_card(data):
    meta = json.loads(_files()[f"{NAME}/report.json"])
    key = data.draw(st.sampled_from(sorted(meta)))
    value = data.draw(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | st.text(max_size=20)
        | st.lists(st.integers() | st.text(max_size=5) | st.just({}), max_size=3)
    )
    assume(value != meta[key])
    assert survives(_files() | {f"{NAME}/report.json": json.dumps(meta | {key: value}).encode()})


@fuzz
@given(st.binary(max_size=300))
def test_any_bytes_as_the_text_of_the_report(content):
    class File:
        def read_bytes(self):
            return content

    with mock.patch.object(check, "Path", return_value=File()):
        faults = check.text_faults(REPORT, "text.txt")
    assert len(faults) == 1 and faults[0].do


NUMERAL_LIKE = (
    st.text(alphabet=CHINESE_DIGITS + "0123456789.-９．", max_size=12)
    | st.text(max_size=8)
    | st.sampled_from(["9" * 5000, "九" * 5000, "千" * 3000, "千万亿", "一千万亿", "万亿亿", "两千零二"])
)


@fuzz
@given(NUMERAL_LIKE)
def test_any_text_as_a_numeral_or_a_value(token):
    try:
        value, decimals = read_numeral(token)
    except ValueError:
        return
    assert isinstance(value, Fraction) and decimals >= 0 and token
    if token.lstrip("-")[:1].isascii():
        assert value == Fraction(Decimal(token)) if len(token) < 4000 else True
    quantity = quantity_of(token, "亿元")
    assert quantity.low <= quantity.value <= quantity.high


@fuzz
@given(st.text(alphabet="%个百分点位万亿元美亩公顷平方米斤吨天年家户人 x", max_size=6) | st.text(max_size=6))
def test_any_text_as_a_unit(unit):
    try:
        dimension, kind, factor, exact = parse_unit(unit)
    except ValueError:
        return
    assert factor > 0 and kind in ("", "rate", "points", "rank", "count") and isinstance(exact, bool)


ENDS = st.fractions(min_value=-1000, max_value=1000, max_denominator=1000)


def _iv(interval):
    return iv.mpf([mpf(interval.low.numerator) / interval.low.denominator, mpf(interval.high.numerator) / interval.high.denominator])


@fuzz
@given(ENDS, ENDS, ENDS, ENDS, st.sampled_from("+-*/"))
def test_intervals_agree_with_mpmath(a, b, c, d, operator):
    left, right = Interval(min(a, b), max(a, b)), Interval(min(c, d), max(c, d))
    functions = {"+": lambda x, y: x + y, "-": lambda x, y: x - y, "*": lambda x, y: x * y, "/": lambda x, y: x / y}
    try:
        ours = functions[operator](left, right)
    except ForbiddenOperation:
        assert operator == "/" and right.low <= 0 <= right.high
        return
    theirs = functions[operator](_iv(left), _iv(right))
    slack = 1e-9 * (1 + abs(float(ours.low)) + abs(float(ours.high)))
    assert abs(float(ours.low) - float(theirs.a)) < slack and abs(float(ours.high) - float(theirs.b)) < slack


ANY = st.text(alphabet=st.characters() | st.sampled_from(CHINESE_DIGITS + "0123456789０９．.余多几第个分之一般"), max_size=200)


@fuzz
@given(ANY)
def test_the_tokeniser_over_any_text(text):
    found = find_numerals(text)
    offsets = [n.offset for n in found]
    assert offsets == sorted(set(offsets))
    assert all(n.token and text.startswith(n.token, n.offset) for n in found)
    assert all(b.offset >= a.offset + len(a.token) for a, b in zip(found, found[1:], strict=False))


@pytest.mark.parametrize("piece", ["9", "九", "９", "千万亿", "一般", "第一", "1.", "9余", "三分之一", "统一一般", "a", "1、"])
def test_the_tokeniser_takes_steps_and_memory_in_proportion_to_the_text(piece):
    """Counted in memory at its peak, not in seconds: sixteen times the text, about sixteen times the memory."""
    peaks = []
    for size in (2**12, 2**16):
        text = piece * (size // len(piece))
        tracemalloc.start()
        find_numerals(text)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 24 * peaks[0] + 2**16
    assert find_numerals(piece * (2**20 // len(piece))) is not None


EXPRESSIONS = st.text(alphabet="LG01 H9+-*/()<>=.whole day\"'_[]{}:,lambda", max_size=40) | st.sampled_from(
    [
        "9**9**9", "L01**9999999", "__import__('os').system('x')", "(lambda: 1)()", "[x for x in ()]", "L01.__class__", "L01.row == 1", "f'{L01}'",
        "(" * 400, "-" * 400 + "1", "1/0", "L01/(L01-L01)", "whole(whole(1))", "day*day*day", "9" * 490, "x:=1", "L01 if 1 else 2", "1e308*10", "L01.value == 1", "L01\x00", "yield", "await L01", "*L01",
    ]
)  # fmt: skip


@fuzz
@given(EXPRESSIONS | st.text(max_size=30))
def test_any_text_as_an_expression(expression):
    try:
        result = evaluate(expression, REPORT.figures)
    except (ValueError, KeyError):
        return
    assert isinstance(result, Quantity) or result in ("holds", "fails", "within_rounding")


@fuzz
@given(st.text(max_size=40))
@example("{value}")
@example("{0.__class__}")
@example("{{x}}")
def test_a_fact_is_said_as_it_is(text):
    assume(text not in ("", "nan", "None"))
    assert prose.say("{a}|{b}", a=text, b="b") == f"{text}|b"


@fuzz
@given(st.text(max_size=30))
def test_what_is_not_refused_has_no_markup(text):
    if unsafe(text) is None:
        assert not set(text) & set("<>`|$\\{}*#~^@=") and text[:1] not in ("+", "-") and text.isprintable() or not text.isprintable()
