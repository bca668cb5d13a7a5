"""What every template keeps to, whoever wrote it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

pytestmark = pytest.mark.pure

ROOT = settings.BASE_DIR / "templates"
TEMPLATES = sorted(str(path.relative_to(ROOT)) for path in ROOT.rglob("*") if path.suffix in {".html", ".txt"})
# Mails style themselves inline, because no reader of mail loads a stylesheet.
PAGES = [name for name in TEMPLATES if name.endswith(".html") and not name.startswith("emails/")]
ROOMS = ["accounts", "ai", "chat", "contacts", "minichat", "notifications", "workspaces"]
SPRITE = (settings.BASE_DIR / "static/icons/sprite.svg").read_text()
SYMBOLS = set(re.findall(r'<symbol id="([^"]+)"', SPRITE))

# What a strict Content-Security-Policy refuses, or what would let a stranger's text become markup.
FORBIDDEN = {
    "an inline style": r"\sstyle\s*=",
    "a <style> element": r"<style\b",
    "a script without src": r"<script(?![^>]*\ssrc=)[^>]*>",
    "an event attribute": r"<[^>{]*\son[a-z]+\s*=",
    "hx-on": r"\bhx-on\b",
    "a js: expression": r"[\"']js:",
    "a javascript: address": r"javascript:",
    "an unescaped value": r"\|\s*safe\b|{%\s*autoescape\s+off",
    "an empty link": r"href=[\"']#[\"']",
}


def source(name: str) -> str:
    return (ROOT / name).read_text()


def uncommented(name: str) -> str:
    text = re.sub(r"{%\s*comment\b.*?{%\s*endcomment\s*%}", "", source(name), flags=re.DOTALL)
    return re.sub(r"{#.*?#}", "", text)


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_compiles(name: str) -> None:
    assert get_template(name)


@pytest.mark.parametrize("name", TEMPLATES)
def test_what_a_template_extends_or_includes_exists(name: str) -> None:
    for target in re.findall(r'{%\s*(?:extends|include)\s+"([^"]+)"', uncommented(name)):
        assert get_template(target), f"{name} names {target}"


@pytest.mark.parametrize("name", PAGES)
def test_every_icon_is_in_the_sprite(name: str) -> None:
    named = set(re.findall(r"""{%\s*icon\s+["']([^"']+)["']""", source(name)))
    assert named <= SYMBOLS, "Add it: python tools/icons.py <folder of lucide-static icons> <name>"


def test_no_icon_is_shipped_for_nothing() -> None:
    """Named in a template, or handed to one by a view or a script."""
    base = Path(settings.BASE_DIR)
    folders = ["templates", "static/js", *(f"{room}" for room in ROOMS)]
    files = [
        path for folder in folders for path in (base / folder).rglob("*") if path.suffix in {".html", ".py", ".js"}
    ]
    text = "\n".join(path.read_text() for path in files if "tests" not in path.parts)
    named = set(re.findall(r"""["'`]([a-z0-9-]+)["'`]""", text))
    assert SYMBOLS - named == set(), "Take it out of static/icons/sprite.svg"


@pytest.mark.parametrize("name", PAGES)
def test_an_icon_handed_to_a_component_is_in_the_sprite(name: str) -> None:
    handed = set(re.findall(r"""\b(?:glyph|act)=["']([a-z0-9-]+)["']""", uncommented(name)))
    assert handed <= SYMBOLS


@pytest.mark.parametrize("name", PAGES)
def test_nothing_inline_and_nothing_unescaped(name: str) -> None:
    text = uncommented(name)
    found = [what for what, pattern in FORBIDDEN.items() if re.search(pattern, text)]
    assert not found, f"{name} has {', '.join(found)}"


@pytest.mark.parametrize(
    ("what", "bad"),
    [
        ("an inline style", '<p style="color:red">'),
        ("a <style> element", "<style>p{}</style>"),
        ("a script without src", "<script>alert(1)</script>"),
        ("an event attribute", '<a href="/" onclick="go()">'),
        ("hx-on", '<a hx-on:click="go()">'),
        ("a js: expression", "hx-vals='js:{}'"),
        ("a javascript: address", '<a href="javascript:go()">'),
        ("an unescaped value", "{{ body|safe }}"),
        ("an empty link", '<a href="#">'),
    ],
)
def test_the_search_finds_what_it_looks_for(what: str, bad: str) -> None:
    assert re.search(FORBIDDEN[what], bad)


def test_the_sprite_holds_shapes_only() -> None:
    assert len(SYMBOLS) > 40
    assert not re.search(r"<script|\son[a-z]+=|href|style=", SPRITE)


def test_every_static_file_named_in_a_template_exists() -> None:
    static = Path(settings.BASE_DIR / "static")
    named = {(name, file) for name in PAGES for file in re.findall(r"""{%\s*static\s+["']([^"']+)["']""", source(name))}
    missing = [f"{name}: {file}" for name, file in sorted(named) if not (static / file).is_file()]
    assert not missing
