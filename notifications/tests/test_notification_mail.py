from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils import timezone

from notifications import actions, due, kinds, tasks
from notifications.events import QUIET_HOURS_OVER
from notifications.kinds import BROWSER, MAIL, ROLE_CHANGED, Area, Kind
from notifications.models import Notification, OutgoingEmail
from workspaces import actions as workspace_actions
from workspaces.events import event_emitted
from workspaces.models import Membership
from workspaces.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def outbox_of_our_own(settings: Any) -> None:
    settings.EMAIL_BACKEND = "notifications.backends.OutboxBackend"
    settings.DELIVERY_EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"


@pytest.fixture
def clock(monkeypatch: Any) -> Iterator[Any]:
    """A clock that stands until it is moved: half past four in the afternoon in Bangkok."""

    class Clock:
        now = datetime(2026, 11, 29, 9, 30, tzinfo=UTC)

        def forward(self, **by: int) -> None:
            self.now += timedelta(**by)

    clock = Clock()
    monkeypatch.setattr(timezone, "now", lambda: clock.now)
    yield clock


def tell(membership: Membership, by: str = "Ana", kind: Kind = ROLE_CHANGED) -> Notification:
    to = membership.workspace.memberships.filter(pk=membership.pk)
    [row] = actions.notify(kind, to, data={"by": by, "role": "admin"})
    return row


def mails() -> list[OutgoingEmail]:
    return list(OutgoingEmail.unscoped.order_by("created_at"))


def quiet_nights(membership: Membership) -> None:
    actions.save_settings(
        membership, choices={}, is_quiet=True, quiet_from=time(22), quiet_until=time(7), timezone="Asia/Bangkok"
    )


def test_what_is_not_read_within_two_minutes_is_mailed_once(omar_member: Membership, clock: Any) -> None:
    tell(omar_member)
    clock.forward(minutes=1)
    tasks.send_due()
    assert mails() == []
    clock.forward(minutes=1)
    tasks.send_due()
    tasks.send_due()
    [mail] = mails()
    assert mail.to == ["omar@acme.test"]
    assert mail.subject == "Ana changed your role: you are now Admin."
    assert f"{settings.BASE_URL}/w/acme/settings/team/" in mail.text and "Hello Omar Haddad," in mail.text


def test_what_was_read_is_not_mailed(omar_member: Membership, clock: Any) -> None:
    row, other = tell(omar_member), tell(omar_member, "Adam")
    actions.mark_read(omar_member, [row.pk])
    clock.forward(minutes=3)
    tasks.send_due()
    [mail] = mails()
    assert mail.subject.startswith("Adam")
    assert not Notification.unscoped.filter(mail_due_at__isnull=False).exists()
    assert other.pk != row.pk


def test_the_mail_speaks_the_readers_language(omar_member: Membership, clock: Any) -> None:
    omar_member.user.locale = "th"
    omar_member.user.save()
    tell(omar_member)
    tell(omar_member, "Adam")
    clock.forward(minutes=3)
    tasks.send_due()
    [mail] = mails()
    assert mail.subject == "การแจ้งเตือน 2 รายการจาก Acme"
    assert "29 พ.ย. 2569 16:30: Adam เปลี่ยนบทบาทของคุณ" in mail.text
    assert 'lang="th"' in mail.html


def test_in_quiet_hours_mails_wait_and_become_one(omar_member: Membership, clock: Any) -> None:
    quiet_nights(omar_member)
    clock.now = datetime(2026, 11, 29, 16, 0, tzinfo=UTC)  # 23:00 in Bangkok
    rows = [tell(omar_member, name) for name in ("Ana", "Adam", "Vera")]
    assert all(row.in_app for row in rows), "the bell goes on"
    for _ in range(7):
        clock.forward(hours=1)
        tasks.send_due()
    assert mails() == []
    actions.mark_read(omar_member, [rows[1].pk])
    clock.forward(hours=1)  # 07:00
    tasks.send_due()
    [mail] = mails()
    assert mail.subject == "2 notifications from Acme"
    assert "Ana changed" in mail.text and "Vera changed" in mail.text and "Adam changed" not in mail.text


def test_all_read_in_the_night_means_no_mail(omar_member: Membership, clock: Any) -> None:
    quiet_nights(omar_member)
    clock.now = datetime(2026, 11, 29, 16, 0, tzinfo=UTC)
    tell(omar_member)
    actions.mark_all_read(omar_member)
    clock.forward(hours=9)
    tasks.send_due()
    assert mails() == []


def test_quiet_hours_that_begin_meanwhile_are_kept(omar_member: Membership, clock: Any) -> None:
    quiet_nights(omar_member)
    clock.now = datetime(2026, 11, 29, 14, 59, tzinfo=UTC)  # 21:59
    tell(omar_member)
    clock.forward(minutes=3)
    tasks.send_due()
    assert mails() == []
    clock.now = datetime(2026, 11, 30, 0, 0, tzinfo=UTC)
    tasks.send_due()
    assert len(mails()) == 1


def test_SR09_who_has_left_meanwhile_gets_no_mail(ana_member: Membership, omar_member: Membership, clock: Any) -> None:
    tell(omar_member)
    workspace_actions.deactivate_member(omar_member, by=ana_member)
    clock.forward(minutes=3)
    tasks.send_due()
    assert [mail for mail in mails() if mail.to == ["omar@acme.test"]] == []
    assert due.for_mail() == []


def test_SR09_a_choice_made_meanwhile_counts(omar_member: Membership, clock: Any) -> None:
    tell(omar_member)
    actions.save_settings(omar_member, choices={(ROLE_CHANGED, MAIL): False})
    clock.forward(minutes=3)
    tasks.send_due()
    assert mails() == []


def test_a_mail_and_its_mark_go_together(omar_member: Membership, clock: Any) -> None:
    """A sweep that dies before its commit has sent nothing and forgotten nothing."""
    tell(omar_member)
    clock.forward(minutes=3)
    with pytest.raises(RuntimeError), transaction.atomic():
        actions.send_due_mail(omar_member.pk)
        raise RuntimeError
    assert mails() == []
    tasks.send_due()
    assert len(mails()) == 1


def test_one_broken_member_does_not_hold_up_the_others(
    omar_member: Membership, ana_member: Membership, clock: Any, monkeypatch: Any
) -> None:
    tell(omar_member)
    clock.forward(seconds=1)
    tell(ana_member, "Adam")
    clock.forward(minutes=3)
    whole = actions._mail

    def breaks_for_omar(membership: Membership, rows: list[Notification]) -> bool:
        if membership.pk == omar_member.pk:
            raise RuntimeError
        return whole(membership, rows)

    monkeypatch.setattr(actions, "_mail", breaks_for_omar)
    tasks.send_due()
    assert [mail.to for mail in mails()] == [["ana@acme.test"]]
    monkeypatch.undo()


def test_a_long_night_is_a_short_mail(omar_member: Membership, clock: Any) -> None:
    for n in range(25):
        tell(omar_member, f"Person{n}")
    clock.forward(minutes=3)
    tasks.send_due()
    [mail] = mails()
    assert mail.text.count("changed your role") == 20 and "and 5 more." in mail.text


def test_a_sentence_of_a_stranger_adds_no_header(omar_member: Membership, clock: Any) -> None:
    tell(omar_member, "Ana\r\nBcc: all@acme.test")
    clock.forward(minutes=3)
    tasks.send_due()
    [mail] = mails()
    assert "\n" not in mail.subject and "Bcc" not in mail.headers


def test_RFC8058_the_headers_of_one_click(omar_member: Membership, clock: Any) -> None:
    tell(omar_member)
    clock.forward(minutes=3)
    tasks.send_due()
    [mail] = mails()
    sent = EmailMultiAlternatives(mail.subject, mail.text, mail.from_email, mail.to, headers=mail.headers)
    on_the_wire = message_from_bytes(sent.message().as_bytes(), policy=default)
    link = on_the_wire["List-Unsubscribe"].strip()  # a long line was folded after its name
    assert link.startswith(f"<{settings.BASE_URL}/unsubscribe/") and link.endswith("/>") and " " not in link
    assert on_the_wire["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link.strip("<>") in mail.text


def test_urgent_mails_go_at_once_and_offer_no_way_out(omar_member: Membership, clock: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(kinds, "_registry", dict(kinds._registry))
    alarm = Kind(
        "test.alarm",
        "Alarm",
        "%(by)s rang the bell.",
        "bell",
        Area.SECURITY,
        "account_email",
        kinds.EVERYWHERE,
        always=frozenset({MAIL}),
    )
    quiet_nights(omar_member)
    clock.now = datetime(2026, 11, 29, 16, 0, tzinfo=UTC)
    row = tell(omar_member, kind=alarm)
    [mail] = mails()
    assert mail.subject == "Ana rang the bell." and mail.headers == {}
    assert "/unsubscribe/" not in mail.text
    assert row.shows_at_once
    clock.forward(hours=10)
    tasks.send_due()
    assert len(mails()) == 1


def test_what_another_room_mails_is_not_mailed_twice(omar_member: Membership, clock: Any) -> None:
    actions.notify_person(kinds.PASSWORD_CHANGED, omar_member.user, data={})
    clock.forward(hours=1)
    tasks.send_due()
    assert mails() == []


def test_browsers_are_told_after_the_night(omar_member: Membership, clock: Any, monkeypatch: Any) -> None:
    heard: list[tuple[Any, list[Notification]]] = []

    def listen(sender: Any, event: Any, subject: Any, **data: Any) -> None:
        if event == QUIET_HOURS_OVER:
            heard.append((data["membership"], data["rows"]))

    event_emitted.connect(listen)
    try:
        quiet_nights(omar_member)
        clock.now = datetime(2026, 11, 29, 16, 0, tzinfo=UTC)
        rows = [tell(omar_member), tell(omar_member, "Adam"), tell(omar_member, "Vera")]
        assert not any(row.shows_at_once for row in rows)
        actions.mark_read(omar_member, [rows[0].pk])
        tasks.send_due()
        assert heard == []
        clock.now = datetime(2026, 11, 30, 0, 0, tzinfo=UTC)
        tasks.send_due()
        tasks.send_due()
    finally:
        event_emitted.disconnect(listen)
    [(membership, told)] = heard
    assert membership == omar_member and {row.pk for row in told} == {rows[1].pk, rows[2].pk}


def test_by_day_browsers_are_told_at_once(omar_member: Membership) -> None:
    assert tell(omar_member).shows_at_once
    actions.save_settings(omar_member, choices={(ROLE_CHANGED, BROWSER): False})
    assert not tell(omar_member).shows_at_once
    assert Role(omar_member.role) == Role.OPERATOR
