"""What leaves the house: where markup may be made, what is escaped, what may be kept by a cache."""

# ruff: noqa: F811 (fixtures of the matrix are used here)
from __future__ import annotations

import json
import re
import uuid
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from ai.models import Chunk, Posting
from chat import actions
from chat.models import MessageEntry, Visitor
from minichat.tests.matrix import TABLE, Everybody, Members, SignedIn
from minichat.tests.test_doors import ROOMS, TENANTS
from minichat.tests.test_matrix import clients, places, routes  # noqa: F401
from workspaces.tenancy import WorkspaceOwned

# A text becomes markup in these places alone.
MARKUP_IN_PYTHON = re.compile(r"\b(mark_safe|SafeString\(|SafeText|autoescape=False)\b")
MARKUP_IN_SCRIPTS = re.compile(
    r"\.(innerHTML|outerHTML|srcdoc)\b|insertAdjacentHTML|document\.write|createContextualFragment"
    r"|\beval\(|new Function"
)
PARSES = re.compile(r"DOMParser|Document\.parseHTMLUnsafe|setHTMLUnsafe")
PARSERS = {"static/js/inbox/html.js", "static/js/dashboard/palette.js"}
HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script> {{ 7|add:7 }} javascript:alert(3) \"'>"


def sources(pattern: str, *folders: str) -> list[Path]:
    found = [path for folder in folders for path in (settings.BASE_DIR / folder).rglob(pattern)]
    return [path for path in found if not {"tests", "migrations", "dist", "vendor"} & set(path.parts)]


def where(paths: list[Path], what: re.Pattern[str]) -> set[str]:
    return {str(path.relative_to(settings.BASE_DIR)) for path in paths if what.search(path.read_text())}


def test_SR39_python_makes_no_markup_of_a_text() -> None:
    scanned = sources("*.py", *ROOMS)
    assert len(scanned) > 100
    assert where(scanned, MARKUP_IN_PYTHON) == set()


def test_SR39_scripts_make_no_markup_of_a_text() -> None:
    scanned = sources("*.js", "static/js", "static/widget")
    assert len(scanned) > 50
    assert where(scanned, MARKUP_IN_SCRIPTS) == set()
    assert where(scanned, PARSES) == PARSERS, "what our own server has escaped is parsed in one place"


@pytest.mark.django_db
def test_SR39_what_a_visitor_writes_is_text_on_every_page(ana_client: Client, vic: Visitor) -> None:
    vic.contact.name = HOSTILE[:60]
    vic.contact.save()
    posted = actions.post_visitor_message(vic, body=HOSTILE, client_id=uuid.uuid4())
    thread = f"/w/acme/conversations/{posted.message.conversation_id}/"
    for page in ("/w/acme/conversations/", thread, f"{thread}details/"):
        shown = ana_client.get(page).content.decode()
        assert "<img src=x" not in shown and "<script>alert" not in shown
        assert "&lt;img src=x" in shown and "14" not in re.findall(r"\{\{ 7\|add:7 \}\}|>14<", shown)
    [row] = [row for row in ana_client.get(f"{thread}changes/").json()["rows"] if "onerror" in row["html"]]
    assert "<img src=x" not in row["html"] and 'href="javascript:' not in row["html"]
    raw = ana_client.get(f"{thread}changes/").content
    assert json.loads(raw) and ana_client.get(f"{thread}changes/")["Content-Type"] == "application/json"


# Rows of an index that no address, page or frame names; SQLite's full text wants a number, and the number of a chunk
# breaks ties between those that answer equally well.
NEVER_NAMED = {MessageEntry, Chunk, Posting}


@pytest.mark.pure
@pytest.mark.parametrize("model", [one for one in TENANTS if one not in NEVER_NAMED], ids=lambda model: model.__name__)
def test_SR05_a_row_is_named_by_chance(model: type[WorkspaceOwned]) -> None:
    """No counter that tells how many there are, or where the next one is; and no key that is given twice."""
    key = model._meta.pk
    assert key.get_internal_type() == "UUIDField" and not key.editable
    made = {key.get_default() for _ in range(50)}
    assert len({str(one)[14:] for one in made}) == 50, "version 4, or 74 random bits behind the time of version 7"


# A size, and allauth's number of one of one's own passkeys, which is looked for among them alone.
NUMBERS = (
    "<int:size>.webp",
    "accounts/2fa/webauthn/keys/<int:pk>/edit/",
    "accounts/2fa/webauthn/keys/<int:pk>/remove/",
)


@pytest.mark.pure
def test_SR05_no_address_counts() -> None:
    of_product = [place for place, _ in routes() if not place.startswith(("admin/", "dev/"))]
    assert [place for place in of_product if "<int:" in place and not place.endswith(NUMBERS)] == []


READS = [(name, rule) for name, rules in sorted(TABLE.items()) for rule in rules if rule.method == "get"]


@pytest.mark.django_db
def test_SR42_what_is_personal_is_kept_by_no_cache(clients: dict[str, Client], places: dict[str, str]) -> None:
    seen = 0
    for name, rule in READS:
        if isinstance(rule, Members | SignedIn):
            response = clients["ana"].get(places[name])
            if response.status_code != 200:
                continue  # on the way to a confirmation: there is nothing on it
            kept = response.get("Cache-Control", "")
            assert "no-store" in kept or "private" in kept, f"{name}: {kept}"
            seen += 1
    assert seen > 20


@pytest.mark.django_db
def test_SR42_what_is_for_everybody_begins_no_session(clients: dict[str, Client], places: dict[str, str]) -> None:
    for name, rule in READS:
        if isinstance(rule, Everybody):
            response = clients["anonymous"].get(places[name])
            if "public" in response.get("Cache-Control", ""):
                assert not response.cookies, f"{name} sets {list(response.cookies)}"
                assert "Cookie" not in response.get("Vary", ""), f"{name} depends on a cookie"
