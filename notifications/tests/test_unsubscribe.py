from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core import signing
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from chat.models import Inbox
from chat.widget.access import issue_ticket
from minichat.lib.files import link_to
from notifications import actions, unsubscribe
from notifications.kinds import MAIL, MEMBER_JOINED, PASSWORD_CHANGED, ROLE_CHANGED
from notifications.quiet import settings_of
from notifications.views import unsubscribe as view
from workspaces import actions as workspace_actions
from workspaces.models import Membership

pytestmark = pytest.mark.django_db
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def link(membership: Membership, *kinds: Any) -> str:
    return reverse("unsubscribe", args=[unsubscribe.token_for(membership, kinds or [ROLE_CHANGED])])


def wants(membership: Membership, kind: Any = ROLE_CHANGED) -> bool:
    return settings_of(Membership.unscoped.get(pk=membership.pk)).wants(kind, MAIL)


def test_RFC8058_one_click_needs_no_session_and_no_csrf_token(omar_member: Membership) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post(link(omar_member), ONE_CLICK, headers={"Origin": "https://mail.example"})
    assert response.status_code == 200
    assert "minichat_session" not in response.cookies
    assert not wants(omar_member)


def test_looking_asks_and_changes_nothing(anonymous_client: Client, omar_member: Membership) -> None:
    """Scanners of mail programs open every link."""
    place = link(omar_member)
    content = anonymous_client.get(place).content.decode()
    assert "Stop these emails?" in content and "My role changes" in content and '<form method="post"' in content
    assert anonymous_client.head(place).status_code == 200
    assert wants(omar_member)
    assert "You get no more of these emails" in anonymous_client.post(place).content.decode()
    assert not wants(omar_member)


def test_only_the_kinds_of_that_mail(anonymous_client: Client, ana_member: Membership) -> None:
    actions.save_settings(ana_member, choices={(MEMBER_JOINED, MAIL): True})
    anonymous_client.post(link(ana_member, ROLE_CHANGED))
    assert not wants(ana_member) and wants(ana_member, MEMBER_JOINED)


def test_it_works_after_signing_out_and_for_whoever_is_signed_in(gil_client: Client, omar_member: Membership) -> None:
    gil_client.post(link(omar_member), ONE_CLICK)
    assert not wants(omar_member)


def test_twice_is_once(anonymous_client: Client, omar_member: Membership) -> None:
    place = link(omar_member)
    assert [anonymous_client.post(place, ONE_CLICK).status_code for _ in range(2)] == [200, 200]
    assert not wants(omar_member)


def test_it_speaks_the_readers_language(anonymous_client: Client, omar_member: Membership) -> None:
    omar_member.user.locale = "th"
    omar_member.user.save()
    assert "หยุดรับอีเมลเหล่านี้ไหม" in anonymous_client.get(link(omar_member)).content.decode()


def test_SR41_the_page_is_kept_nowhere_and_its_address_told_to_nobody(
    anonymous_client: Client, omar_member: Membership
) -> None:
    response = anonymous_client.get(link(omar_member))
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["Referrer-Policy"] == "same-origin"


def test_SR16_a_link_ends_after_ninety_days(
    anonymous_client: Client, omar_member: Membership, monkeypatch: Any
) -> None:
    place, now = link(omar_member), time.time()
    monkeypatch.setattr(signing.time, "time", lambda: now + unsubscribe.LIFETIME.total_seconds() - 60)
    assert anonymous_client.get(place).status_code == 200
    monkeypatch.setattr(signing.time, "time", lambda: now + unsubscribe.LIFETIME.total_seconds() + 60)
    assert anonymous_client.post(place, ONE_CLICK).status_code == 404
    assert wants(omar_member)


def test_SR16_a_link_dies_when_its_owner_turns_the_mails_on_again(
    anonymous_client: Client, omar_member: Membership, monkeypatch: Any
) -> None:
    place = link(omar_member)
    anonymous_client.post(place, ONE_CLICK)
    now = time.time()
    monkeypatch.setattr("notifications.models.timezone.now", lambda: _moment(now + 5))
    actions.save_settings(omar_member, choices={(ROLE_CHANGED, MAIL): True})
    assert anonymous_client.post(place, ONE_CLICK).status_code == 404
    assert wants(omar_member)
    monkeypatch.setattr(unsubscribe.time, "time", lambda: now + 6)
    anonymous_client.post(link(omar_member), ONE_CLICK)
    assert not wants(omar_member), "the link of a later mail works"


def test_SR16_a_link_dies_with_the_membership(
    anonymous_client: Client, ana_member: Membership, omar_member: Membership
) -> None:
    place = link(omar_member)
    workspace_actions.deactivate_member(omar_member, by=ana_member)
    assert anonymous_client.get(place).status_code == 404


def test_SR16_tokens_of_other_purposes_are_refused(
    anonymous_client: Client, omar_member: Membership, inbox: Inbox
) -> None:
    stands_for = {"m": omar_member.pk.hex, "k": [ROLE_CHANGED.name], "t": int(time.time())}
    others = [
        signing.dumps(stands_for),
        signing.dumps(stands_for, salt="accounts.device"),
        signing.dumps(stands_for, salt="minichat.lib.files"),
        issue_ticket(inbox, inbox.allowed_origins[0]),
        link_to("private/one.txt", name="one.txt", content_type="text/plain").rstrip("/").rpartition("/")[2],
        unsubscribe.token_for(omar_member, [ROLE_CHANGED])[:-2],
        "x",
    ]
    for token in others:
        assert anonymous_client.post(f"/unsubscribe/{token}/", ONE_CLICK).status_code == 404, token
    assert wants(omar_member)


def test_SR16_it_opens_nothing_else(anonymous_client: Client, omar_member: Membership, inbox: Inbox) -> None:
    token = unsubscribe.token_for(omar_member, [ROLE_CHANGED])
    frame = reverse("widget-frame", args=[inbox.widget_key])
    file = link_to("private/one.txt", name="one.txt", content_type="text/plain")
    prefix = file.rstrip("/").rpartition("/")[0]
    assert anonymous_client.get(f"{prefix}/{token}/").status_code in (403, 404, 410)
    ticket = {"ticket": token, "page": {}, "lang": "en"}
    answer = anonymous_client.post(f"{frame}visitor/", ticket, content_type="application/json")
    assert answer.status_code in (401, 403, 422)
    assert anonymous_client.get("/w/acme/notifications/").status_code == 302


def test_security_mails_have_no_way_out(anonymous_client: Client, omar_member: Membership) -> None:
    assert anonymous_client.post(link(omar_member, PASSWORD_CHANGED), ONE_CLICK).status_code == 404
    anonymous_client.post(link(omar_member, PASSWORD_CHANGED, ROLE_CHANGED), ONE_CLICK)
    assert wants(omar_member, PASSWORD_CHANGED) and not wants(omar_member)


def test_guessing_is_limited_and_the_honest_are_not(anonymous_client: Client, omar_member: Membership) -> None:
    cache.clear()
    place = link(omar_member)
    for _ in range(view.WRONG_PER_QUARTER + 10):
        assert anonymous_client.get(place).status_code == 200
    for _ in range(view.WRONG_PER_QUARTER):
        assert anonymous_client.get("/unsubscribe/guess/").status_code == 404
    assert anonymous_client.get("/unsubscribe/guess/").status_code == 429


def _moment(seconds: float) -> Any:
    return datetime.fromtimestamp(seconds, UTC)
