"""What Thai script asks of a page: room for its marks, no spacing between letters, no slant, breaks between words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.pure

STATIC = Path(settings.BASE_DIR) / "static"
SHEETS = sorted([*(STATIC / "css").rglob("*.css"), STATIC / "widget/widget.css"])
# Below this, tone marks of one line touch the vowels of the line above.
TIGHTEST = 1.28
# One line by nature: numbers, initials, keys.
SINGLE_LINES = re.compile(r"kbd|count|\.av\b|cite-n|\.kpi \.v|\.price b|\.pr\b|tab-n|badge")


def rules(sheet: Path) -> Iterator[tuple[str, str]]:
    css = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)
    for selector, body in re.findall(r"([^{};]+)\{([^{}]*)\}", css):
        yield " ".join(selector.split()), body


def line_height(body: str) -> float | None:
    found = re.search(r"line-height:\s*([\d.]+)\s*(?:;|$)", body) or re.search(r"font:[^;]*/([\d.]+)\s", body)
    return float(found[1]) if found else None


def too_tight(sheet: Path) -> list[str]:
    """Literal line-heights that no `:lang(th)` rule of the same sheet opens again."""
    tight = [(selector, line_height(body)) for selector, body in rules(sheet)]
    opened = " ".join(selector for selector, height in tight if ":lang(th)" in selector and (height or 0) >= TIGHTEST)
    return [
        f"{sheet.name}: {selector}"
        for selector, height in tight
        if height is not None
        and height < TIGHTEST
        and not SINGLE_LINES.search(selector)
        and re.split(r"[\s,]", selector)[-1].split(":")[0] not in opened
    ]


def test_no_component_is_too_tight_for_thai() -> None:
    assert [finding for sheet in SHEETS for finding in too_tight(sheet)] == []


def test_a_tight_rule_would_be_found(tmp_path: Path) -> None:
    sheet = tmp_path / "x.css"
    sheet.write_text(".card p { line-height: 1.1; } .title { line-height: 1.1 } .title:lang(th) { line-height: 1.4 }")
    assert too_tight(sheet) == ["x.css: .card p"]


def test_the_leading_of_thai_is_that_of_the_design() -> None:
    tokens = dict(re.findall(r"(--lh-\w+):\s*([\d.]+)", thai_rule()))
    assert tokens == {"--lh-tight": "1.38", "--lh-ui": "1.6", "--lh-body": "1.72"}


def test_thai_is_never_spaced_slanted_or_capitalised() -> None:
    rule = thai_rule()
    for declaration in ("letter-spacing: 0", "font-style: normal", "text-transform: none"):
        assert f"{declaration} !important" in rule
    # An important rule wins over those of later layers, unless they are outside of layers or inline.
    assert "@layer base" in (STATIC / "css/base.css").read_text()
    widget = (STATIC / "widget/widget.css").read_text()
    assert not re.search(r"letter-spacing|italic|text-transform", widget)


def test_thai_breaks_between_words() -> None:
    rule = thai_rule()
    assert "line-break: strict" in rule and "word-break: normal" in rule and "overflow-wrap: anywhere" in rule


def test_the_fonts_are_subsets() -> None:
    faces = (STATIC / "css/fonts.css").read_text()
    assert "U+0E01-0E5B" in faces and faces.count("font-display: swap") == 2
    sizes = {path.name: path.stat().st_size for path in (STATIC / "fonts").glob("*.woff2")}
    assert sizes.keys() == {"inter-var-latin.woff2", "thai-var.woff2"}
    assert sizes["inter-var-latin.woff2"] <= 26_000 and sizes["thai-var.woff2"] <= 13_000


def thai_rule() -> str:
    [body] = [
        body
        for selector, body in rules(STATIC / "css/base.css")
        if selector.endswith(":lang(th)") and "--lh-tight:" in body
    ]
    return body
