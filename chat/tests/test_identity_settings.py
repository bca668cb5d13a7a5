"""The tab "Identity": secrets are made, shown once, changed and revoked by those who just proved who they are."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from chat import actions, identity
from chat.models import IdentityKey, Inbox
from chat.tests.vouching import secret
from contacts.actions import Identity
from workspaces.models import AuditEntry, Membership
from workspaces.tests.test_team_page import confirm

pytestmark = pytest.mark.django_db
__all__ = ["secret"]


@pytest.fixture
def page(inbox: Inbox) -> str:
    return f"/w/acme/settings/inboxes/{inbox.pk}/identity/"


def make(client: Client, page: str) -> Any:
    return client.post(f"{page}keys/", follow=True)


def test_SR34_a_secret_is_shown_once_and_kept_locked_up(ana_client: Client, page: str, inbox: Inbox) -> None:
    confirm(ana_client)
    first = make(ana_client, page).content.decode()
    key = inbox.identity_keys.get()
    assert "mis_" in first and key.kid in first and inbox.widget_key in first
    secret = first.partition('id="secret">')[2].partition("<")[0]
    assert secret.startswith("mis_") and len(secret) >= 43
    again = ana_client.get(page)
    assert secret not in again.content.decode() and key.kid in again.content.decode()
    assert "no-store" in again["Cache-Control"]
    assert secret not in str(IdentityKey.unscoped.values().get()) + str(list(ana_client.session.items()))
    assert secret not in str(list(AuditEntry.unscoped.values_list("data", flat=True)))


def test_the_code_for_python_makes_a_token_that_is_taken(
    ana_client: Client, page: str, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it stands on the page, with the secret that was shown with it."""
    confirm(ana_client)
    made = make(ana_client, page)
    [code] = [sample["code"] for sample in made.context["samples"] if sample["name"] == "Python"]
    monkeypatch.setenv("MINICHAT_IDENTITY_SECRET", made.context["secret"])
    theirs: dict[str, Any] = {}
    exec(code, theirs)  # noqa: S102
    user = SimpleNamespace(id=7, name="Nok", email="nok@example.com")
    claim = identity.read(inbox, theirs["minichat_token"](user))
    assert claim.identity == Identity("7", {"name": "Nok", "email": "nok@example.com"})


def test_every_sample_names_the_inbox_and_the_key(ana_client: Client, page: str, inbox: Inbox) -> None:
    confirm(ana_client)
    for sample in make(ana_client, page).context["samples"]:
        assert inbox.widget_key in sample["code"] and inbox.identity_keys.get().kid in sample["code"]
        assert "HS256" in sample["code"] and "mis_" not in sample["code"]


def test_two_at_most_then_one_goes(ana_client: Client, page: str, inbox: Inbox) -> None:
    confirm(ana_client)
    make(ana_client, page)
    make(ana_client, page)
    third = make(ana_client, page).content.decode()
    assert inbox.identity_keys.count() == 2 and "Revoke the old one" in third and 'id="secret"' not in third
    old = inbox.identity_keys.order_by("created_at")[0]
    gone = ana_client.post(f"{page}keys/{old.pk}/delete/", follow=True).content.decode()
    assert old.kid in gone and inbox.identity_keys.live().count() == 1
    ana_client.post(f"{page}keys/{old.pk}/delete/")
    assert AuditEntry.unscoped.filter(action="inbox.identity_key_revoked").count() == 1


def test_SR17_nothing_without_a_fresh_confirmation(
    ana_client: Client, page: str, inbox: Inbox, secret: tuple[IdentityKey, str]
) -> None:
    for address in ("keys/", f"keys/{secret[0].pk}/delete/", "enforcement/"):
        asked = ana_client.post(page + address, {"enforced": "1"})
        assert asked.status_code == 302 and asked["Location"].startswith("/accounts/reauthenticate/")
    inbox.refresh_from_db()
    assert inbox.identity_keys.live().count() == 1 and not inbox.enforces_identity


def test_enforcing_needs_a_secret(ana_client: Client, page: str, inbox: Inbox, ana_member: Membership) -> None:
    confirm(ana_client)
    ana_client.post(f"{page}enforcement/", {"enforced": "1"})
    inbox.refresh_from_db()
    assert not inbox.enforces_identity
    actions.make_identity_key(inbox, by=ana_member)
    for wanted in ("1", "1", "0"):
        ana_client.post(f"{page}enforcement/", {"enforced": wanted})
        inbox.refresh_from_db()
        assert inbox.enforces_identity is (wanted == "1")
    entries = AuditEntry.unscoped.filter(action__startswith="inbox.identity_").exclude(action__contains="key")
    assert sorted(entries.values_list("action", flat=True)) == ["inbox.identity_enforced", "inbox.identity_optional"]


def test_a_key_of_elsewhere_is_not_found(
    ana_client: Client, page: str, globex: Any, gil_member: Membership, gil_client: Client
) -> None:
    foreign, _ = actions.make_identity_key(globex.inboxes.get(), by=gil_member)
    confirm(ana_client)
    assert ana_client.post(f"{page}keys/{foreign.pk}/delete/").status_code == 404
    assert gil_client.get(page).status_code == 404
    foreign.refresh_from_db()
    assert foreign.revoked_at is None
