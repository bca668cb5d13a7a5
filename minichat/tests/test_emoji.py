"""What the emoji pickers offer is made from its list, and can be found in both languages."""

from __future__ import annotations

import json
import re
import runpy

import pytest
from django.conf import settings

pytestmark = pytest.mark.pure
TOOL = runpy.run_path(str(settings.BASE_DIR / "tools" / "emoji.py"))
ROWS = json.loads((settings.BASE_DIR / "static" / "emoji.json").read_text(encoding="utf-8"))


def test_the_file_is_made_from_the_list() -> None:
    assert (settings.BASE_DIR / "static" / "emoji.json").read_text(encoding="utf-8") == TOOL["text"](), (
        "Run .venv/bin/python tools/emoji.py"
    )


def test_each_sign_is_there_once_with_words_in_both_languages() -> None:
    signs = [sign for sign, _, _ in ROWS]
    assert len(set(signs)) == len(signs) and 100 <= len(signs) <= 160
    for sign, english, thai in ROWS:
        assert re.fullmatch(r"[a-z0-9 ]+", english), sign
        assert re.fullmatch("[\u0e01-\u0e5b ]+", thai), sign


@pytest.mark.parametrize(
    ("word", "sign"),
    [("thumbs", "👍"), ("ไหว้", "🙏"), ("parcel", "📦"), ("กาแฟ", "☕"), ("thai", "🇹🇭"), ("heart", "❤️")],
)
def test_what_one_would_type_finds_it(word: str, sign: str) -> None:
    found = [one for one, english, thai in ROWS if word in f"{english} {thai}".split()]
    assert sign in found
