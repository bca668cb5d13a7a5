"""Two subsets, Latin and Thai: small, and with every letter that we write in either language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

from minichat.tests.woff2 import characters

pytestmark = pytest.mark.pure

BASE = Path(settings.BASE_DIR)
FACES = re.findall(r"@font-face \{(.*?)\}", (BASE / "static/css/fonts.css").read_text(), flags=re.DOTALL)
LATIN, THAI = "inter-var-latin.woff2", "thai-var.woff2"
LARGEST = {LATIN: 26_000, THAI: 13_000}
THAI_LETTERS = set(range(0x0E01, 0x0E3B)) | set(range(0x0E3F, 0x0E5C))
ENGLISH = set(range(0x20, 0x7F))


def face(name: str) -> str:
    [found] = [text for text in FACES if name in text]
    return found


def declared(name: str) -> set[int]:
    """The characters for which a browser fetches the font."""
    parts = re.search(r"unicode-range: ([^;]+);", face(name))[1].split(",")  # type: ignore[index]
    found: set[int] = set()
    for part in parts:
        first, _, last = part.strip().removeprefix("U+").partition("-")
        found |= set(range(int(first, 16), int(last or first, 16) + 1))
    return found


def written() -> set[int]:
    """Every character of our sentences, in both languages."""
    catalogue = (BASE / "locale/th/LC_MESSAGES/django.po").read_text(encoding="utf-8")
    return {ord(char) for text in re.findall(r'"(.*)"', catalogue) for char in text}


@pytest.mark.parametrize(("name", "least"), [(LATIN, ENGLISH), (THAI, THAI_LETTERS)])
def test_a_subset_has_its_whole_alphabet(name: str, least: set[int]) -> None:
    assert least <= characters(BASE / "static/fonts" / name)
    assert least <= declared(name)


@pytest.mark.parametrize("name", [LATIN, THAI])
def test_a_font_draws_what_it_is_fetched_for(name: str) -> None:
    """A character that is declared and not drawn would cost a download and come from another font anyway."""
    wanted = written() & declared(name)
    missing = {hex(code) for code in wanted - characters(BASE / "static/fonts" / name)}
    assert len(wanted) > 50
    assert missing == set()


def test_every_letter_that_we_write_is_in_a_subset() -> None:
    letters = {code for code in written() if chr(code).isalpha()}
    assert {chr(code) for code in letters - declared(LATIN) - declared(THAI)} == set()


@pytest.mark.parametrize("name", [LATIN, THAI])
def test_a_subset_is_small_and_shown_late_rather_than_not(name: str) -> None:
    assert (BASE / "static/fonts" / name).stat().st_size <= LARGEST[name]
    assert "font-display: swap" in face(name)


def test_a_letter_that_is_missing_would_be_found() -> None:
    assert 0x0E01 not in characters(BASE / "static/fonts" / LATIN)
    assert ord("ß") not in characters(BASE / "static/fonts" / THAI)
