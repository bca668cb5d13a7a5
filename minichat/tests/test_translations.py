"""Thai is complete: every sentence of the tree has one, and each keeps its placeholders."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

from tools.compile_messages import Entry, parse
from tools.messages import CATALOGUE, extract

pytestmark = pytest.mark.pure

_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
_TAG = re.compile(r"</?\w+[^>]*>")


def entries(path: Path = CATALOGUE) -> list[Entry]:
    return [entry for entry in parse(path.read_text(encoding="utf-8")) if entry.key]


def name(entry: Entry) -> str:
    return entry.message_id.replace("\x04", " | ").replace("\x00", " / ")


def test_nothing_is_empty() -> None:
    assert [name(entry) for entry in entries() if not entry.texts or not all(entry.texts.values())] == []


def test_nothing_is_fuzzy_or_obsolete() -> None:
    assert [name(entry) for entry in entries() if entry.fuzzy] == []
    assert "#~" not in CATALOGUE.read_text(encoding="utf-8")


def test_placeholders_and_markup_are_the_same() -> None:
    """A lost `%(name)s` is a crash or a gap in a sentence; a lost tag is a broken page."""
    for entry in entries():
        originals = [entry.key] if entry.plural is None else [entry.key, entry.plural]
        for text in entry.texts.values():
            assert parts(text) in [parts(original) for original in originals], name(entry)


def parts(text: str) -> Counter[str]:
    return Counter(_PLACEHOLDER.findall(text) + _TAG.findall(text))


def test_nothing_speaks_like_a_shop_assistant() -> None:
    """The interface is neutral; particles are for people. ("ค่ะ" also ends no other word we use.)"""
    spoken = re.compile(r"ครับ|ค่ะ|คะ(?=\s|$)")
    assert [name(entry) for entry in entries() if any(spoken.search(text) for text in entry.texts.values())] == []


def test_spaces_and_line_breaks_at_the_edges_survive() -> None:
    for entry in entries():
        for text in entry.texts.values():
            assert edges(text) == edges(entry.key), name(entry)


def edges(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


@pytest.mark.skipif(not shutil.which("xgettext"), reason="needs gettext to read the sentences out of the tree")
def test_every_sentence_of_the_tree_is_in_the_catalogue(tmp_path: Path) -> None:
    found = {name(entry) for entry in entries(extract(tmp_path))}
    known = {name(entry) for entry in entries()}
    assert len(found) > 100, "the extraction itself failed"
    assert sorted(found - known) == [], "run tools/messages.py and translate these"
    assert sorted(known - found) == [], "no longer said anywhere: run tools/messages.py"
