"""Folding and tokens, without a database."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minichat.lib.searching import fold, folded, question, tokens
from minichat.lib.snippets import snippet

pytestmark = pytest.mark.pure
LETTERS = st.text(alphabet="aZé กิน้ำํเเแ๐๙09-,'.()ひカﾞｶ漢İßﬁ\u200b\u0301#\n", max_size=60)


@given(LETTERS)
def test_the_folding_with_places_is_the_folding(text: str) -> None:
    folding = fold(text)
    assert folding.text == folded(text)
    assert len(folding.at) == len(folding.text)
    assert all(0 <= place < len(text) for place in folding.at)


@given(LETTERS, st.integers(0, 59), st.integers(1, 12))
def test_what_matches_has_the_tokens(text: str, begin: int, length: int) -> None:
    asked = question(text[begin : begin + length])
    if asked.matches(folded(text)):
        assert asked.tokens <= tokens(folded(text))


@given(LETTERS, st.integers(0, 59), st.integers(1, 12))
def test_a_snippet_is_a_part_of_the_text(text: str, begin: int, length: int) -> None:
    shown = "".join(piece.text for piece in snippet(text, question(text[begin : begin + length]))).strip("…")
    assert " ".join(shown.split()) in " ".join(text.split())


def hits(text: str, asked: str) -> list[str]:
    return [piece.text for piece in snippet(text, question(asked)) if piece.is_hit]


def test_hits_are_whole_characters() -> None:
    assert hits("ขอน้ำ", "นํ้า") == ["น้ำ"]
    assert hits("Un CAFE\u0301 noir", "cafe") == ["CAFE\u0301"]
    assert hits("โทร ๐๘๑-๒๓๔-๕๖๗๘", "0812345678") == ["๐๘๑-๒๓๔-๕๖๗๘"]
    assert hits("apart from art", "art") == ["art"]


def test_a_long_text_is_shown_around_its_first_hit() -> None:
    pieces = snippet("word " * 100 + "parcel " + "word " * 100, question("parcel"))
    assert pieces[0].text == pieces[-1].text == "…"
    assert [piece.text for piece in pieces if piece.is_hit] == ["parcel"]
    assert sum(len(piece.text) for piece in pieces) < 200


def test_tokens_are_few() -> None:
    assert tokens(folded("parcel")) == {"pa", "par", "parc", "parcel"}
    assert tokens(folded("กินข้าว")) >= {"กิ", "กิน", "ข้", "ข้า"}
