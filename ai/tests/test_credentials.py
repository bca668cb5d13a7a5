"""A workspace's own keys: who sets them, where they are kept, and that they never come out again."""

from __future__ import annotations

import logging
import time
from typing import Any

import pytest
from django.test import Client

from ai import actions, keys
from ai.breaker import OPEN, Pass
from ai.chain import breaker_of
from ai.forms_models import KeyForm
from ai.models import ProviderCredential
from ai.naming import PROBLEMS, UNREADABLE, problem_of
from ai.providers import errors
from minichat.lib import crypto
from tests.fakes.ai_server import AiServer
from workspaces.models import AuditEntry, Membership, Workspace

pytestmark = pytest.mark.django_db
PAGE = "/w/acme/ai/models/"
KEY_PAGE = "/w/acme/ai/keys/groq/"
GOOD, WRONG = "gsk-good-0123456789abcd", "gsk-wrong-0123456789wxyz"


def confirm(client: Client, ago: float = 0) -> None:
    """As the page that asks who it is leaves it."""
    session = client.session
    record = {"method": "password", "at": time.time() - ago, "reauthenticated": True}
    session["account_authentication_methods"] = [record]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()


@pytest.fixture
def owner(ana_client: Client, playing: AiServer) -> Client:
    confirm(ana_client)
    return ana_client


def page_of(client: Client, where: str = PAGE) -> str:
    return client.get(where).content.decode()


# --- Setting one ------------------------------------------------------------------------------------------------------


def test_an_owner_sets_a_key_and_sees_its_end_alone(owner: Client, acme: Workspace, playing: AiServer) -> None:
    assert owner.post(KEY_PAGE, {"key": f" {GOOD} "}).url == PAGE
    row = acme.ai_credentials.get()
    assert (row.provider, row.hint, row.problem) == ("groq", "abcd", "") and row.verified_at
    assert keys.read(row) == GOOD
    assert playing.asked[-1].headers["authorization"] == f"Bearer {GOOD}"
    page = page_of(owner) + page_of(owner, KEY_PAGE)
    assert "Your key ends in abcd." in page and GOOD not in page and row.encrypted_key not in page


def test_SR55_it_is_nowhere_to_be_read(
    owner: Client, acme: Workspace, caplog: pytest.LogCaptureFixture, adam_client: Client
) -> None:
    caplog.set_level(logging.DEBUG)
    owner.post(KEY_PAGE, {"key": WRONG})
    owner.post(f"{KEY_PAGE}check/", {"from": "key"})
    row = acme.ai_credentials.get()
    written = [str(entry.__dict__) for entry in AuditEntry.unscoped.all()]
    shown = [page_of(client, where) for client in (owner, adam_client) for where in (PAGE, "/w/acme/ai/costs/")]
    everything = [
        *written,
        *shown,
        page_of(owner, KEY_PAGE),
        caplog.text,
        repr(row),
        str(row),
        repr(keys.access_by(row)),
    ]
    assert "Ana Srisuk" in "".join(everything)
    for text in everything:
        assert WRONG not in text
    assert WRONG not in str(ProviderCredential.unscoped.values_list())


def test_a_wrong_key_is_kept_and_said_to_be_wrong(owner: Client, acme: Workspace) -> None:
    """The provider may be away, or the key not be active yet."""
    assert owner.post(KEY_PAGE, {"key": WRONG}).url == KEY_PAGE
    assert acme.ai_credentials.get().problem == "auth_failed"
    for where in (KEY_PAGE, PAGE):
        assert "The provider refuses this key." in page_of(owner, where)


def test_another_key_takes_its_place(owner: Client, acme: Workspace) -> None:
    owner.post(KEY_PAGE, {"key": WRONG})
    owner.post(KEY_PAGE, {"key": GOOD})
    row = acme.ai_credentials.get()
    assert (keys.read(row), row.problem) == (GOOD, "")
    said = [entry.action for entry in AuditEntry.unscoped.filter(action__startswith="models.")]
    assert said == ["models.key_set"] * 2


def test_of_a_short_key_nothing_is_shown(ana_member: Membership) -> None:
    assert actions.set_key(ana_member, provider="groq", key="123456789").hint == ""


@pytest.mark.parametrize("key", ["", "  ", "gsk key", "gsk-กุญแจ", "gsk\x00key", "x" * 501])
def test_what_is_no_key(owner: Client, acme: Workspace, key: str) -> None:
    response = owner.post(KEY_PAGE, {"key": key})
    assert response.status_code == 422 and 'class="err"' in response.content.decode()
    assert not acme.ai_credentials.exists()


def test_removed_it_is_gone(owner: Client, acme: Workspace) -> None:
    owner.post(KEY_PAGE, {"key": GOOD})
    assert owner.post(f"{KEY_PAGE}remove/").url == PAGE
    assert not acme.ai_credentials.exists()
    assert owner.post(f"{KEY_PAGE}remove/").status_code == owner.post(f"{KEY_PAGE}check/").status_code == 404


@pytest.mark.parametrize("provider", ["ollama", "nobody", "built_in"])
def test_not_everything_has_a_key(owner: Client, provider: str) -> None:
    assert owner.get(f"/w/acme/ai/keys/{provider}/").status_code == 404


# --- Who may ----------------------------------------------------------------------------------------------------------


def test_SR55_only_owners_change_it_and_admins_check_it(
    ana_member: Membership, adam_client: Client, omar_client: Client, playing: AiServer
) -> None:
    actions.set_key(ana_member, provider="groq", key=GOOD)
    confirm(adam_client)
    assert adam_client.get(KEY_PAGE).status_code == adam_client.post(KEY_PAGE, {"key": WRONG}).status_code == 403
    assert adam_client.post(f"{KEY_PAGE}remove/").status_code == 403
    page = page_of(adam_client)
    assert "Check key" in page and KEY_PAGE + '"' not in page and "Owners set and remove keys" in page
    assert adam_client.post(f"{KEY_PAGE}check/").url == PAGE
    assert omar_client.get(PAGE).status_code == omar_client.post(f"{KEY_PAGE}check/").status_code == 403


def test_SR55_an_owner_proves_to_be_one_first(ana_client: Client, acme: Workspace, playing: AiServer) -> None:
    for ago in (None, 6 * 60):
        if ago is not None:
            confirm(ana_client, ago)
        assert "reauthenticate" in ana_client.get(KEY_PAGE).url
        assert ana_client.post(KEY_PAGE, {"key": GOOD}).url == KEY_PAGE
    assert not acme.ai_credentials.exists()


def test_SR55_a_key_that_came_too_late_does_not_wait_in_the_session(ana_client: Client, playing: AiServer) -> None:
    ana_client.post(KEY_PAGE, {"key": GOOD})
    ana_client.get(KEY_PAGE)
    assert GOOD not in str(dict(ana_client.session))


def test_a_strangers_key_is_none(ana_member: Membership, gil_client: Client, gil_member: Membership) -> None:
    actions.set_key(ana_member, provider="groq", key=GOOD)
    confirm(gil_client)
    assert "abcd" not in page_of(gil_client, "/w/globex/ai/models/")
    assert gil_client.post("/w/globex/ai/keys/groq/check/").status_code == 404
    assert "groq" not in keys.accesses(gil_member.workspace)


# --- Where it is kept -------------------------------------------------------------------------------------------------


def test_SR55_it_is_unreadable_anywhere_else(ana_member: Membership, globex: Workspace) -> None:
    """Whoever can write into the database cannot move a key to where it can be used."""
    row = actions.set_key(ana_member, provider="groq", key=GOOD)
    assert GOOD not in row.encrypted_key
    for stolen in (
        ProviderCredential(workspace=globex, provider="groq", encrypted_key=row.encrypted_key),
        ProviderCredential(workspace=row.workspace, provider="openai", encrypted_key=row.encrypted_key),
    ):
        with pytest.raises(crypto.Unreadable):
            keys.read(stolen)


def test_with_another_secret_key_it_has_to_be_typed_anew(
    owner: Client, ana_member: Membership, settings: Any, playing: AiServer
) -> None:
    row = actions.set_key(ana_member, provider="groq", key=GOOD)
    actions.add_link(ana_member, provider="groq", model="llama-3.1-8b-instant")
    acme = ana_member.workspace
    broken = row.encrypted_key[:-8] + "AAAAAAA="
    acme.ai_credentials.update(encrypted_key=broken)
    assert "groq" not in keys.accesses(acme)
    assert str(PROBLEMS[UNREADABLE]) in page_of(owner)
    row.refresh_from_db()
    assert actions.check_key(row) == UNREADABLE
    assert not playing.asked


# --- Checking ---------------------------------------------------------------------------------------------------------


def test_a_check_says_what_the_provider_says(ana_member: Membership, playing: AiServer, settings: Any) -> None:
    for provider in ("groq", "openai", "openrouter", "anthropic", "gemini"):
        good = actions.set_key(ana_member, provider=provider, key=GOOD)
        assert actions.check_key(good) == "", provider
        wrong = actions.set_key(ana_member, provider=provider, key=WRONG)
        assert actions.check_key(wrong) == "auth_failed", provider
    settings.AI_ADDRESSES = {**settings.AI_ADDRESSES, "groq": "http://127.0.0.1:1/v1"}
    assert actions.check_key(actions.set_key(ana_member, provider="groq", key=GOOD)) == "unreachable"


def test_a_check_of_a_key_that_was_changed_meanwhile_says_nothing_of_the_new_one(
    ana_member: Membership, playing: AiServer
) -> None:
    old = actions.set_key(ana_member, provider="groq", key=WRONG)
    actions.set_key(ana_member, provider="groq", key=GOOD)
    assert actions.check_key(old) == "auth_failed"
    assert ana_member.workspace.ai_credentials.get().problem == ""


def test_a_new_key_is_asked_at_once(
    ana_member: Membership, playing: AiServer, django_capture_on_commit_callbacks: Any
) -> None:
    breaker = breaker_of(actions.add_link(ana_member, provider="groq", model="m"))

    def stop() -> None:
        breaker.failed(Pass(), errors.AuthFailed())
        assert breaker.state().kind == OPEN

    stop()
    with django_capture_on_commit_callbacks(execute=True):
        row = actions.set_key(ana_member, provider="groq", key=GOOD)
    assert breaker.state().kind != OPEN
    stop()
    actions.check_key(row)
    assert breaker.state().kind != OPEN


def test_checks_are_counted(owner: Client, ana_member: Membership, playing: AiServer) -> None:
    actions.set_key(ana_member, provider="groq", key=GOOD)
    answers = {owner.post(f"{KEY_PAGE}check/").status_code for _ in range(21)}
    assert answers == {302, 429} and len(playing.asked) == 20


def test_there_is_a_sentence_for_everything() -> None:
    """A word that no sentence stands for would be shown as "did not answer as it should"."""
    kinds = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, errors.ProviderError)]
    codes = {kind.code for kind in kinds} - {"failed", "timeout"}
    codes |= {f"timeout_{wait}" for wait in ("connect", "first_token", "total")}
    assert codes <= PROBLEMS.keys()
    assert problem_of("") == "" and problem_of("who knows")


# --- Compatible servers -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://llm.example.com/v1", "plain http"),
        ("http://8.8.8.8/v1", "plain http"),
        ("http://127.0.0.1:11434/v1", "machine that MiniChat runs on"),
        ("https://localhost/v1", "machine that MiniChat runs on"),
        ("https://llm.example.com:8443/v1", "443"),
        ("https://llm.example.com/v1?key=1", "question mark"),
        ("ftp://llm.example.com", ""),
        ("https://user:secret@llm.example.com/v1", ""),
        ("not an address", ""),
        ("", "required"),
    ],
)
def test_SR49_an_address_that_would_not_be_asked_is_refused_with_a_reason(address: str, said: str) -> None:
    form = KeyForm({"key": GOOD, "base_url": address}, provider="compatible")
    assert not form.is_valid() and said in str(form.errors["base_url"])


def test_SR55_an_address_belongs_to_its_key(ana_member: Membership) -> None:
    form = KeyForm({"key": GOOD, "base_url": " llm.example.com/v1/ "}, provider="compatible")
    assert form.is_valid() and form.cleaned_data["base_url"] == "https://llm.example.com/v1"
    row = actions.set_key(ana_member, provider="compatible", key=GOOD, address=form.cleaned_data["base_url"])
    access = keys.accesses(ana_member.workspace)["compatible"]
    assert (access.address, access.key, access.is_own) == ("https://llm.example.com/v1", GOOD, True)
    actions.set_key(ana_member, provider="compatible", key="", address="https://other.example.com/v1")
    row.refresh_from_db()
    assert keys.read(row) == "", "a key does not go along to another address"


def test_SR49_what_is_typed_is_judged_when_it_is_asked(ana_member: Membership) -> None:
    row = actions.set_key(ana_member, provider="compatible", key=GOOD, address="https://10.0.0.7/v1")
    assert actions.check_key(row) == "unreachable"


def test_the_address_is_filled_in_and_the_key_is_not(owner: Client, ana_member: Membership) -> None:
    actions.set_key(ana_member, provider="compatible", key=GOOD, address="https://llm.example.com/v1")
    page = page_of(owner, "/w/acme/ai/keys/compatible/")
    assert 'value="https://llm.example.com/v1"' in page and GOOD not in page


# --- Ours -------------------------------------------------------------------------------------------------------------


def test_our_keys_are_used_and_not_shown(adam_client: Client, acme: Workspace, settings: Any) -> None:
    settings.AI_KEYS = {"groq": "gsk-of-the-house-4711"}
    access = keys.accesses(acme)["groq"]
    assert (access.key, access.is_own) == ("gsk-of-the-house-4711", False)
    page = page_of(adam_client)
    assert "Included in your plan" in page and "4711" not in page and "4711" not in repr(access)


def test_the_own_key_comes_first(ana_member: Membership, settings: Any) -> None:
    settings.AI_KEYS = {"groq": "gsk-of-the-house-4711"}
    actions.set_key(ana_member, provider="groq", key=GOOD)
    assert keys.accesses(ana_member.workspace)["groq"].key == GOOD
