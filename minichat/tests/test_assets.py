"""What visitors download: built from the sources that are checked in, and small."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType, SimpleNamespace

import brotli
import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from chat.widget.views.more import menu_words, more, more_words

pytestmark = pytest.mark.pure

BASE = Path(settings.BASE_DIR)
DIST = BASE / "static" / "dist"
LOADER_BUDGET = 5 * 1024
WIDGET_BUDGET = 20 * 1024
# What is fetched when it is needed, with its look and its words: nobody needs all of it.
MORE_BUDGET = 15 * 1024

# Looked up by a variable; all others are named where they are asked for.
STATES = {"sending", "stored", "delivered", "read", "failed"}
EVENTS = {"joined", "resolved", "reopened", "ended", "handed_off", "handed_off_wait", "handed_off_away"}
# Asked for by the page and fetched with what comes later: many conversations have none of it.
LATER = {*EVENTS, "joinedUnnamed", "edited", "deleted", "rated", "closed", "gone", "left", "team", "signIn"}


@pytest.fixture(scope="module")
def builder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_assets", BASE / "tools/build_assets.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("part", ["sources", "outputs"])
def test_the_widget_is_built_from_its_sources(builder: ModuleType, part: str) -> None:
    noted = json.loads((DIST / "manifest.json").read_text())
    assert noted[part] == builder.manifest()[part], "run make assets"
    assert len(noted[part]) >= len(builder.BUNDLES)


def test_a_changed_source_would_be_noticed(
    builder: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "static" / "widget" / "loader.js"
    source.parent.mkdir(parents=True)
    monkeypatch.setattr(builder, "ROOT", tmp_path)
    source.write_text("one")
    before = builder.hashes([source])
    source.write_text("two")
    assert builder.hashes([source]) != before


def test_the_lock_file_names_no_registry() -> None:
    """Which registry serves a package is the machine's business; the integrity hashes say what must arrive."""
    lock = (BASE / "package-lock.json").read_text()
    assert '"resolved"' not in lock
    assert '"integrity"' in lock


def test_the_loader_is_small() -> None:
    assert 0 < compressed((DIST / "widget.js").read_bytes()) <= LOADER_BUDGET


@pytest.mark.parametrize("language", ["en", "th", "ja"])
def test_the_whole_widget_is_small(language: str) -> None:
    files = [(DIST / name).read_bytes() for name in ("widget.js", "frame.js", "widget.css")]
    assert sum(map(compressed, [*files, frame(language).encode()])) <= WIDGET_BUDGET


def test_names_are_shortened_where_nobody_else_calls_them(builder: ModuleType) -> None:
    widget = BASE / "static" / "widget"
    inside = "".join(path.read_text() for path in [widget / "frame.js", *(widget / "frame").glob("*.js")])
    later = [widget / f"{name}.js" for name in ("files", "emoji", "nudge", "person", "more", "menu")]
    later += [*(widget / "more").glob("*.js"), *(widget / "menu").glob("*.js")]
    outside = "".join(path.read_text() for path in later)
    names = builder.SHORTENED.split("|")
    assert [name for name in names if not re.search(rf"\b{name}\b", inside)] == [], "of no use any more"
    assert [name for name in names if re.search(rf"\b{name}\b", outside)] == []


@pytest.mark.parametrize("language", ["en", "th", "ja"])
def test_what_is_fetched_later_is_small_too(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    pieces = {name: (DIST / name).read_bytes() for name in ("files.js", "emoji.js", "more.js", "menu.js", "more.css")}
    pieces["words"] = more(RequestFactory().get("/"), language).content
    weights = {name: compressed(content) for name, content in pieces.items()}
    with capsys.disabled():
        print(f"\n{language}: fetched when it is needed {weights}")
    assert sum(weights.values()) <= MORE_BUDGET


@pytest.mark.parametrize("language", ["en", "th", "ja"])
def test_the_frame_has_exactly_the_words_its_script_asks_for(language: str) -> None:
    """A missing word would be an empty label, and nobody would see an error."""
    given = {camel(name) for name in re.findall(r'data-([a-z-]+)="[^"]+"', frame(language).split('id="words"')[1])}
    at_once = (words_asked_for("frame.js", "frame/*.js") | STATES) - LATER
    assert given == at_once
    assert set(more_words()) == (words_asked_for("more.js", "more/*.js") | LATER) - at_once


def test_the_menu_has_exactly_the_words_its_script_asks_for() -> None:
    folder = BASE / "static" / "widget"
    sources = "\n".join(path.read_text() for path in [folder / "menu.js", *(folder / "menu").glob("*.js")])
    assert set(menu_words()) == set(re.findall(r"\bsay\('(\w+)'", sources))


def test_the_frame_has_every_element_its_script_asks_for() -> None:
    asked = set(re.findall(r"get\('([\w-]+)'\)", (BASE / "static/widget/frame.js").read_text()))
    assert len(asked) > 10
    assert asked <= set(re.findall(r'id="([\w-]+)"', frame("en")))


def frame(language: str) -> str:
    context = {
        "inbox": SimpleNamespace(
            name="Web", widget_key="wk_" + "8f2a" * 6, greeting="Hello!", offline_text="Back soon."
        ),
        "workspace": SimpleNamespace(name="Baan Kafae"),
        "lang": language,
        "ticket": "x" * 160,
        "origin": "https://shop.example",
        "socket_url": "wss://chat.example/ws/widget/wk_8f2a/",
        "api_url": "/widget/wk_8f2a/",
        "operators": [
            {"name": "Omar", "initials": "O", "avatar": f"/media/avatars/{'8f2a' * 8}/64.webp"},
            {"name": "นก", "initials": "น", "avatar": None},
        ],
        "logo": f"/media/logos/{'8f2a' * 8}/128.webp",
        "online": True,
        "assistant": True,
        "branding": True,
    }
    with translation.override(language):
        return render_to_string("chat/widget/frame.html", context)


def words_asked_for(*patterns: str) -> set[str]:
    sources = [path.read_text() for pattern in patterns for path in (BASE / "static" / "widget").glob(pattern)]
    calls = re.findall(r"\bword\(([^()]*)", "\n".join(sources))
    return {name for call in calls for name in re.findall(r"'(\w+)'", call)} - {"visitor"}


def camel(name: str) -> str:
    first, *rest = name.split("-")
    return first + "".join(part.title() for part in rest)


def compressed(content: bytes) -> int:
    return len(brotli.compress(content))
