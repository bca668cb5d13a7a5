from __future__ import annotations

import csv
import io

import pytest

from minichat.lib import sheets

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1+1",
        "-1+1",
        "@SUM(A1)",
        "|calc",
        "%0A",
        "＝1",
        "＠x",
        " =1",
        "\t=1",
        "\n=1",
        "\r\n@x",
        "\x00=1",
        "\u200b=1",
        "\ufeff=1",
        "\u202e=1",
        "'=1",
        '"=1',
        "\u00a0-x",
        "−1+x",
        "+66-81-234-5678",
        "=cmd|' /C calc'!A0",
    ],
)
def test_SR59_a_formula_becomes_text_whatever_precedes_it(text: str) -> None:
    assert sheets.cell(text).startswith("'")


@pytest.mark.parametrize(
    "text", ["+66812345678", "+66 81 234 5678", "-5", "-12.50", "081-234-5678", "a=1", "ราคา -5", "", "5%"]
)
def test_SR59_what_computes_nothing_stays_as_it_is(text: str) -> None:
    assert sheets.cell(text) == text


def test_SR59_nothing_opens_another_cell_or_line() -> None:
    values = ['a","=1', "b;=1", "c\r\n=1", "d\u2028=1", None, 5]
    [row] = csv.reader(io.StringIO(sheets.line(values)))
    assert row == ['a","=1', "b;=1", "c =1", "d =1", "", "5"]


def test_SR59_a_hundred_thousand_signs_are_read_in_no_time() -> None:
    import time

    began = time.perf_counter()
    sheets.cell(" \u200b'" * 33_000 + "x")
    assert time.perf_counter() - began < 0.2
