"""SR-63: what is installed is what was looked at, and not older than what is known to be safe."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import pytest
from django.conf import settings
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from minichat.expectations import SEMANTIC_PACKAGES

pytestmark = pytest.mark.pure

BASE = Path(settings.BASE_DIR)
LOCKS = ["requirements.txt", "requirements-dev.txt"]
FLOORS = {
    "django": "5.2.17",
    "daphne": "4.2.2",
    "django-allauth": "65.19.4",
    "redis": "4.5.5",
    "pillow": "12.3",
    "pyjwt": "2.10.1",
    "pypdf": "6.10.2",
    "weasyprint": "68",
    "strawberry-graphql": "0.312.3",
}
# An entry: its name, its exact version, perhaps a marker, then its hashes.
ENTRY = re.compile(r"^(?P<name>[a-z0-9._-]+)(\[[^\]]*\])?==(?P<version>[^\s;]+)(\s*;[^\\\n]*)?\s*(?P<rest>.*)$")


def entries(lock: str) -> dict[str, tuple[str, int]]:
    """Name → version and number of hashes."""
    found = {}
    for text in re.sub(r"\\\n\s*", " ", (BASE / lock).read_text()).splitlines():
        if text and not text.lstrip().startswith("#"):
            match = ENTRY.match(text)
            assert match, f"{lock}: not pinned: {text}"
            found[match["name"]] = (match["version"], text.count("--hash=sha256:"))
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_is_pinned_and_hashed(lock: str) -> None:
    assert len(entries(lock)) > 30
    assert not [name for name, (_, hashes) in entries(lock).items() if hashes == 0]


def test_the_optional_extra_is_pinned_and_hashed() -> None:
    pinned = entries("requirements-semantic.txt")
    assert set(pinned) == {canonicalize_name(name) for name in SEMANTIC_PACKAGES}
    assert all(hashes for _, hashes in pinned.values())


@pytest.mark.parametrize("lock", LOCKS)
def test_sr_63_nothing_is_older_than_its_floor(lock: str) -> None:
    pinned = entries(lock)
    assert {"django", "daphne", "django-allauth", "redis"} <= set(pinned)
    for name in FLOORS.keys() & pinned.keys():
        assert Version(pinned[name][0]) >= Version(FLOORS[name]), name


def test_development_uses_the_versions_that_run() -> None:
    base, dev = entries("requirements.txt"), entries("requirements-dev.txt")
    assert {name: dev.get(name, ("missing", 0))[0] for name in base} == {name: pin for name, (pin, _) in base.items()}


@pytest.mark.parametrize("name", ["django", "channels", "daphne", "celery", "redis", "django-allauth", "psycopg"])
def test_what_is_installed_is_what_is_locked(name: str) -> None:
    assert version(name) == entries("requirements.txt")[name][0]


@pytest.mark.parametrize("lock", LOCKS)
def test_extras_are_locked_by_their_name(lock: str) -> None:
    """pip before 23.3 pins `twisted` and `twisted[tls]` apart: an extra that is not in the lock breaks the day a newer
    version of its package comes out."""
    text = (BASE / lock).read_text()
    locked = {match[1]: extras_of(match[2]) for match in re.finditer(r"^([a-z0-9._-]+)(\[[^\]]*\])?==", text, re.M)}
    asked = [wish for name in locked for wish in wishes_of(name, locked[name]) if wish.extras]
    assert asked
    missing = [str(wish) for wish in asked if not wish.extras <= locked.get(canonicalize_name(wish.name), set())]
    assert not missing, "make lock keeps extras: --no-strip-extras"


def extras_of(brackets: str | None) -> set[str]:
    return {extra.strip() for extra in (brackets or "").strip("[]").split(",")} - {""}


def wishes_of(name: str, extras: set[str]) -> list[Requirement]:
    """What the installed package `name` needs here, with those extras."""
    try:
        wishes = [Requirement(text) for text in requires(name) or []]
    except PackageNotFoundError:  # locked for another platform
        return []
    return [
        wish for wish in wishes if not wish.marker or any(wish.marker.evaluate({"extra": e}) for e in extras | {""})
    ]


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_other_place(lock: str) -> None:
    """Paths and indexes of the machine that made it would be asked by every other."""
    text = (BASE / lock).read_text()
    assert not re.search(r"^(-i|--index-url|--extra-index-url|--find-links|-f)\b", text, re.MULTILINE)
    assert "file:" not in text


def test_every_wish_is_locked() -> None:
    wishes = re.findall(r"^([A-Za-z0-9._-]+)", (BASE / "requirements.in").read_text(), re.MULTILINE)
    assert {name.lower().replace("_", "-") for name in wishes} <= set(entries("requirements.txt"))


def test_sr_63_tasks_travel_as_json_only() -> None:
    assert settings.CELERY_ACCEPT_CONTENT == ["json"]
    assert settings.CELERY_TASK_SERIALIZER == "json"
    assert not hasattr(settings, "SESSION_SERIALIZER") or "Pickle" not in settings.SESSION_SERIALIZER
