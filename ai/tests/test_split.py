"""How a document is cut into pieces that can be answers."""

from __future__ import annotations

import pytest

from ai.knowledge.sentences import sentences
from ai.knowledge.split import LEAST, MOST, faq_piece, split_text

pytestmark = pytest.mark.pure

ENGLISH = " ".join(f"This is sentence number {number} about parcels and their ways." for number in range(80))
THAI = " ".join(f"ร้านของเราส่งสินค้าทั่วประเทศไทยภายในสามวันทำการสำหรับคำสั่งซื้อที่ {number} ของลูกค้า" for number in range(60))


@pytest.mark.parametrize("text", [ENGLISH, THAI, ENGLISH.replace(". ", ".\n\n"), "x" * 5_000, "ก" * 5_000])
def test_long_texts_become_pieces_of_a_good_size(text: str) -> None:
    pieces = split_text(text)
    assert len(pieces) > 2
    assert all(LEAST <= len(piece.text) <= MOST for piece in pieces)


def test_a_short_text_is_one_piece() -> None:
    assert [piece.text for piece in split_text("We ship in two days.")] == ["We ship in two days."]


@pytest.mark.parametrize("text", ["", "  \n\n ", "# A heading and nothing else"])
def test_nothing_is_no_piece(text: str) -> None:
    assert split_text(text) == []


def test_nothing_is_lost_and_a_sentence_is_said_twice() -> None:
    pieces = split_text(ENGLISH)
    for number in range(80):
        assert any(f"number {number} about" in piece.text for piece in pieces)
    for one, next_one in zip(pieces, pieces[1:], strict=False):
        assert sentences(next_one.text)[0] == sentences(one.text)[-1]


def test_headings_part_and_are_remembered() -> None:
    pieces = split_text(
        "Intro.\n# Shipping\nTwo days.\n## Abroad\nTen days.\n# Returns\nWithin a month.", title="Help", url="/help"
    )
    assert [(piece.title_path, piece.text) for piece in pieces] == [
        ("Help", "Intro."),
        ("Help › Shipping", "Two days."),
        ("Help › Shipping › Abroad", "Ten days."),
        ("Help › Returns", "Within a month."),
    ]
    assert {piece.url for piece in pieces} == {"/help"}


def test_the_title_is_not_said_twice() -> None:
    assert split_text("# Help\nAsk us.", title="Help")[0].title_path == "Help"


def test_a_piece_says_its_language_and_page() -> None:
    (piece,) = split_text("ส่งฟรีทั่วประเทศ", page=3)
    assert (piece.language, piece.page) == ("th", 3)


def test_an_faq_is_one_piece_with_every_way_to_ask() -> None:
    piece = faq_piece("Do you ship?", "Yes. " * 400, other_ways=["Is there delivery?", "", "Do  you ship?"])
    assert piece.title_path == "Do you ship?\nIs there delivery?"
    assert len(piece.text) == len("Yes. " * 400) - 1


def test_a_database_can_store_it() -> None:
    assert (
        "\x00"
        not in split_text("a\x00b")[0].text + faq_piece("a\x00", "b\x00").text + faq_piece("a\x00b", "").title_path
    )


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("We ship. You pay.", ["We ship.", "You pay."]),
        ("Mr. Smith paid. He left.", ["Mr. Smith paid.", "He left."]),
        ("It costs 3.50 today. Really!", ["It costs 3.50 today.", "Really!"]),
        ('He said "no." Then he left.', ['He said "no."', "Then he left."]),
        ("Ask J. R. Tolkien. He knows.", ["Ask J. R. Tolkien.", "He knows."]),
        ("one\ntwo", ["one", "two"]),
    ],
)
def test_english_sentences(text: str, units: list[str]) -> None:
    assert sentences(text) == units


def test_thai_phrases_are_joined_until_they_say_something() -> None:
    units = sentences(THAI)
    assert len(units) > 10
    assert all(len(unit) >= 60 for unit in units[:-1])


def test_thai_is_not_parted_at_numbers_and_in_brackets() -> None:
    long = "ร้านของเราเปิดให้บริการลูกค้าทุกวันไม่เว้นวันหยุดนักขัตฤกษ์ตั้งแต่เวลา"
    assert sentences(f"{long} 9 นาฬิกา") == [f"{long} 9 นาฬิกา"]
    assert sentences(f"{long}ประมาณ (เช้า ถึง เย็น) นะ")[0].endswith("เย็น)")
