"""Thai is complete: every sentence of the tree has one, and each keeps its placeholders."""

from __future__ import annotations

import os
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from tools.compile_messages import Entry, parse
from tools.messages import CATALOGUE, JAPANESE, extract, for_visitors

pytestmark = pytest.mark.pure

_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
_TAG = re.compile(r"</?\w+[^>]*>")


def entries(path: Path = CATALOGUE) -> list[Entry]:
    return [entry for entry in parse(path.read_text(encoding="utf-8")) if entry.key]


def said(catalogue: Path) -> list[Entry]:
    return [entry for entry in entries(catalogue) if entry.is_usable]


def name(entry: Entry) -> str:
    return entry.message_id.replace("\x04", " | ").replace("\x00", " / ")


def test_nothing_is_empty() -> None:
    assert [name(entry) for entry in entries() if not entry.texts or not all(entry.texts.values())] == []


def test_nothing_is_fuzzy_or_obsolete() -> None:
    assert [name(entry) for entry in entries() if entry.fuzzy] == []
    assert "#~" not in CATALOGUE.read_text(encoding="utf-8")


@pytest.mark.parametrize("catalogue", [CATALOGUE, JAPANESE], ids=["th", "ja"])
def test_placeholders_and_markup_are_the_same(catalogue: Path) -> None:
    """A lost `%(name)s` is a crash or a gap in a sentence; a lost tag is a broken page."""
    for entry in said(catalogue):
        originals = [entry.key] if entry.plural is None else [entry.key, entry.plural]
        for text in entry.texts.values():
            assert parts(text) in [parts(original) for original in originals], name(entry)


def parts(text: str) -> Counter[str]:
    return Counter(_PLACEHOLDER.findall(text) + _TAG.findall(text))


def test_nothing_speaks_like_a_shop_assistant() -> None:
    """The interface is neutral; particles are for people. ("ค่ะ" also ends no other word we use.)"""
    spoken = re.compile(r"ครับ|ค่ะ|คะ(?=\s|$)")
    assert [name(entry) for entry in entries() if any(spoken.search(text) for text in entry.texts.values())] == []


@pytest.mark.parametrize("catalogue", [CATALOGUE, JAPANESE], ids=["th", "ja"])
def test_one_form_stands_for_every_number(catalogue: Path) -> None:
    """Neither language bends its words to a number; English does, so each number that is said has both its forms."""
    assert "nplurals=1; plural=0;" in catalogue.read_text(encoding="utf-8")
    counted = [entry for entry in said(catalogue) if entry.plural is not None]
    assert counted and all(set(entry.texts) == {0} for entry in counted)


@pytest.mark.parametrize("catalogue", [CATALOGUE, JAPANESE], ids=["th", "ja"])
def test_spaces_and_line_breaks_at_the_edges_survive(catalogue: Path) -> None:
    for entry in said(catalogue):
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


# --- Japanese: for visitors -------------------------------------------------------------------------------------------

_SAID = re.compile(r"""{%\s*translate\s+(?:"([^"]+)"|'([^']+)')""")


def test_everything_the_widget_says_has_its_japanese() -> None:
    """A mail that is new falls back to English until somebody translates it; a visitor's chat never does."""
    sources = [path.read_text() for path in (settings.BASE_DIR / "templates/chat/widget").glob("*.html")]
    asked = {one or other for source in sources for one, other in _SAID.findall(source)}
    known = {entry.key for entry in said(JAPANESE)}
    assert len(asked) > 30
    assert asked - known == set()


def test_the_loader_speaks_every_language_of_visitors() -> None:
    words = (settings.BASE_DIR / "static/widget/loader/words.js").read_text()
    assert set(re.findall(r"^  (\w\w): \[", words, re.M)) == {code for code, _ in settings.VISITOR_LANGUAGES}
    for line in re.findall(r"^  \w\w: \[(.*)\],$", words, re.M):
        assert len(re.findall(r"'[^']+'", line)) == len(["open", "close", "frame", "failed", "retry", "unread"]), line


@pytest.mark.parametrize("mail", ["account/email/login_code_message.txt", "emails/welcome-body.txt"])
def test_a_mail_can_be_japanese(mail: str) -> None:
    with translation.override("ja"):
        text = render_to_string(mail, {"code": "123456", "user": {"display_name": "Aoi"}, "workspace": {"name": "Aoi"}})
    assert re.search(r"[ぁ-ん]", text)


@pytest.mark.skipif(
    not (shutil.which("xgettext") or os.environ.get("CI")),
    reason="needs gettext to read the sentences out of the tree; the whole check has it",
)
def test_the_japanese_catalogue_is_that_of_the_tree(tmp_path: Path) -> None:
    found = {name(entry) for entry in entries(for_visitors(extract(tmp_path)))}
    assert sorted(found ^ {name(entry) for entry in entries(JAPANESE)}) == [], "run tools/messages.py"
