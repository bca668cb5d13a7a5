"""A version of the loader that a page has pinned stays what it was, whatever comes after it (SR-38)."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any

import pytest
from django.test import Client

from chat.models import Inbox, PublishedLoader
from chat.widget import loaders

pytestmark = pytest.mark.django_db


def shown(client: Client, inbox: Inbox) -> tuple[str, str]:
    """Address and hash as the install page shows them."""
    page = client.get(f"/w/acme/settings/inboxes/{inbox.pk}/install/").content.decode()
    [(path, integrity)] = re.findall(
        r"(/widget/v1/[0-9a-f]{64}\.js)&quot;.*?integrity=&quot;(sha384-[^&]+)&quot;", page
    )
    return path, integrity


def test_SR38_the_address_is_for_ever_and_its_hash_is_published(
    ana_client: Client, anonymous_client: Client, inbox: Inbox
) -> None:
    path, integrity = shown(ana_client, inbox)
    answer = anonymous_client.get(path)
    assert answer.content == anonymous_client.get("/widget.js").content
    assert integrity == "sha384-" + base64.b64encode(hashlib.sha384(answer.content).digest()).decode()
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin" and answer["Access-Control-Allow-Origin"] == "*"
    assert "immutable" in answer["Cache-Control"] and "max-age=31536000" in answer["Cache-Control"]
    assert answer["Content-Type"].startswith("text/javascript") and not answer.cookies


def test_SR38_an_old_version_is_served_after_a_new_one_has_come(
    ana_client: Client, anonymous_client: Client, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, _ = shown(ana_client, inbox)
    before = anonymous_client.get(path).content
    tomorrow = loaders._version(b"(()=>{})()")
    monkeypatch.setattr(loaders, "current", lambda: tomorrow)
    assert anonymous_client.get("/widget.js").content == tomorrow.packed.source
    assert anonymous_client.get(path).content == before
    assert shown(ana_client, inbox)[0] != path
    assert PublishedLoader.objects.count() == 2


@pytest.mark.parametrize("digest", ["0" * 64, "x", "..%2Fframe"])
def test_what_was_never_published_is_not_there(anonymous_client: Client, digest: Any) -> None:
    assert anonymous_client.get(f"/widget/v1/{digest}.js").status_code == 404
