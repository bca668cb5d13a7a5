from __future__ import annotations

import re
from datetime import time
from typing import Any

import pytest
from django.test import Client

from notifications.kinds import BROWSER, IN_APP, MAIL, MEMBER_JOINED, PASSWORD_CHANGED, ROLE_CHANGED, Channel, kinds_for
from notifications.models import NotificationSettings
from notifications.quiet import settings_of
from workspaces.models import Membership
from workspaces.roles import Role

pytestmark = pytest.mark.django_db
PAGE = "/w/acme/settings/notifications/"
QUIET = {"quiet_from": "22:00", "quiet_until": "07:00", "timezone": "Asia/Bangkok"}


def everything(role: Role, *but: str) -> dict[str, str]:
    """A form with all boxes ticked except those named."""
    boxes = {f"{kind.name}:{channel.value}" for kind in kinds_for(role) for channel in Channel}
    return {**QUIET, **dict.fromkeys(boxes - set(but), "on")}


def own(membership: Membership) -> NotificationSettings:
    return settings_of(Membership.unscoped.get(pk=membership.pk))


def test_what_is_chosen_is_kept_and_shown(ana_client: Client, ana_member: Membership) -> None:
    sent = {**everything(Role.OWNER, "member.role_changed:mail"), "is_quiet": "on", "quiet_until": "06:30"}
    response = ana_client.post(PAGE, sent, follow=True)
    assert "Saved." in response.content.decode()
    kept = own(ana_member)
    assert not kept.wants(ROLE_CHANGED, MAIL) and kept.wants(ROLE_CHANGED, IN_APP) and kept.wants(MEMBER_JOINED, MAIL)
    assert kept.is_quiet and kept.quiet_until == time(6, 30)
    assert kept.choices[ROLE_CHANGED.name] == {"mail": False} and kept.choices[MEMBER_JOINED.name] == {"mail": True}
    assert PASSWORD_CHANGED.name not in kept.choices, "what everybody gets is not kept"
    content = ana_client.get(PAGE).content.decode()
    assert 'value="06:30"' in content
    assert not re.search(r'name="member.role_changed:mail"[^>]*checked', content)
    assert re.search(r'name="member.joined:mail"[^>]*checked', content)


def test_security_mails_cannot_be_switched_off(ana_client: Client, ana_member: Membership) -> None:
    without = everything(Role.OWNER, *[f"{PASSWORD_CHANGED.name}:{channel.value}" for channel in Channel])
    assert ana_client.post(PAGE, without).status_code == 302
    kept = own(ana_member)
    assert kept.wants(PASSWORD_CHANGED, MAIL) and kept.wants(PASSWORD_CHANGED, IN_APP)
    assert not kept.wants(PASSWORD_CHANGED, BROWSER), "what is not for safety is up to them"
    box = re.search(r'<input[^>]*name="account.password_changed:mail"[^>]*>', ana_client.get(PAGE).content.decode())
    assert box and "disabled" in box[0] and "checked" in box[0]
    kept.choices = {PASSWORD_CHANGED.name: {"mail": False}}
    assert kept.wants(PASSWORD_CHANGED, MAIL), "not even by a row that says so"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("timezone", "Mars/Olympus", "Select a valid choice"),
        ("timezone", "../../etc/passwd", "Select a valid choice"),
        ("quiet_from", "25:00", "Enter a valid time."),
        ("quiet_until", "", "This field is required."),
        ("quiet_until", "22:00", "Quiet hours need an end that differs from their beginning."),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_nothing_is_lost(
    ana_client: Client, ana_member: Membership, field: str, value: str, sentence: str
) -> None:
    sent: dict[str, Any] = {**everything(Role.OWNER, "member.joined:browser"), "is_quiet": "on", field: value}
    response = ana_client.post(PAGE, sent)
    content = response.content.decode()
    assert response.status_code == 422 and sentence in content
    assert f'id="id_{field}_error"' in content and 'aria-invalid="true"' in content
    assert not re.search(r'name="member.joined:browser"[^>]*checked', content)
    assert re.search(r'name="is_quiet"[^>]*checked', content)
    assert not NotificationSettings.unscoped.exists()


def test_everybody_is_offered_what_they_can_be_told(vera_client: Client, ana_client: Client) -> None:
    vera, ana = vera_client.get(PAGE).content.decode(), ana_client.get(PAGE).content.decode()
    assert "conversation.waiting:mail" in ana and "member.joined:mail" in ana
    assert "conversation.waiting:mail" not in vera and "member.joined:mail" not in vera
    assert "member.role_changed:mail" in vera


def test_what_somebody_is_not_offered_they_cannot_set(vera_client: Client, vera_member: Membership) -> None:
    vera_client.post(PAGE, {**everything(Role.VIEWER), "member.joined:mail": "on", "workspace": "x"})
    assert own(vera_member).choices == {}


def test_settings_are_of_one_workspace(ana_client: Client, ana_member: Membership, globex: Any) -> None:
    there = globex.memberships.create(user=ana_member.user, role=Role.VIEWER)
    ana_client.post(PAGE, everything(Role.OWNER, "member.role_changed:mail"))
    assert not own(ana_member).wants(ROLE_CHANGED, MAIL)
    assert own(there).wants(ROLE_CHANGED, MAIL)


def test_an_old_spelling_of_a_zone_stays(ana_client: Client, ana_member: Membership) -> None:
    ana_member.workspace.timezone = "Etc/GMT-7"
    ana_member.workspace.save()
    content = ana_client.get(PAGE).content.decode()
    assert re.search(r'<option value="Etc/GMT-7" selected>', content)
    assert ana_client.post(PAGE, {**everything(Role.OWNER), "timezone": "Etc/GMT-7"}).status_code == 302
