"""What people write as HTML: links, bold, code and lists. The widget's script is held to the same table (SR-39)."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

from minichat.lib import rich

pytestmark = pytest.mark.pure

CASES = json.loads((Path(__file__).parent / "rich.json").read_text())
TAG = re.compile(
    r"</?(p|ul|ol|li|pre|code|strong)>|<ol start=\"\d{1,4}\">|</a>|"
    + (r"<a href=\"(https?://|mailto:|tel:)[^\"<>]+\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">"),
    re.IGNORECASE,
)


def drawn(text: str, *, only_links: bool = False) -> str:
    return rich.html(text, rich.nodes(text, only_links=only_links))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:30])
def test_SR39_the_table(case: dict[str, str]) -> None:
    assert drawn(case["text"]) == case["team"]
    assert drawn(case["text"], only_links=True) == case["visitor"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:30])
def test_SR39_no_tag_but_ours(case: dict[str, str]) -> None:
    for html in (case["team"], case["visitor"]):
        assert not re.search("[<>\"']", TAG.sub("", html)), html


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:30])
def test_what_is_shown_is_in_the_text(case: dict[str, str]) -> None:
    text = case["text"]
    seen = "".join(escape(text[part.start : part.end]) for part in rich.shown(rich.nodes(text)))
    assert seen == TAG.sub("", case["team"])


@pytest.mark.parametrize(
    "bomb",
    ["**", "**a", "`", "- ", "```\n", "http://", "http://a.b(", "a@", "a@b.", "www.", "\n", "** ", "1. x\n", "[("],
)
def test_SR64_no_text_is_slow_or_much_larger(bomb: str) -> None:
    """A message has a tenth of this; a pattern that looks again and again would not come back from it."""
    text = (bomb * 100_000)[:100_000]
    pieces = rich.nodes(text)
    assert len(rich.html(text, pieces)) < 60 * len(text)
    seen = list(rich.shown(pieces))
    assert all(one.end <= other.start for one, other in zip(seen, seen[1:], strict=False))


def test_words_between_the_markup_may_be_drawn() -> None:
    def shout(words: str) -> SafeString:
        return format_html("{}", words.upper())

    text = "a **b <i>** `c`"
    assert rich.html(text, rich.nodes(text), shout) == "A <strong>B &lt;I&gt;</strong> <code>C</code>"


@pytest.mark.parametrize(
    ("text", "span", "words"),
    [
        ("**bold** word", (9, 13), "word"),
        ("**bold** word", (0, 8), "bold"),
        ("👍 **ก👍** x", (3, 8), "ก👍"),
        ("- one\n- two", (8, 11), "two"),
        ("- one\n- two", (2, 11), "onetwo"),
        ("a **b**", (2, 4), ""),
    ],
)
def test_a_place_in_the_text_is_found_in_what_is_shown(text: str, span: tuple[int, int], words: str) -> None:
    seen = list(rich.shown(rich.nodes(text)))
    shown = "".join(text[part.start : part.end] for part in seen).encode("utf-16-le")
    found = [shown[2 * begin : 2 * end].decode("utf-16-le") for begin, end in rich.moved(text, [span], seen)]
    assert found == ([words] if words else [])
