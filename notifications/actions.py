from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import connection
from django.db.models import QuerySet
from django.db.models.sql import UpdateQuery
from django.utils import timezone

from accounts.models import User
from minichat.lib.roundtrips import Statement
from minichat.lib.transactions import action
from notifications import mails
from notifications.events import NOTIFICATIONS_READ, NOTIFIED, QUIET_HOURS_OVER
from notifications.kinds import Area, Channel, Kind, all_kinds
from notifications.models import Notification, NotificationSettings
from notifications.quiet import quiet_until, settings_of
from workspaces.access import still_active
from workspaces.events import emit
from workspaces.models import Membership, Workspace

# A stranger can make a whole team be told: the colleagues who were here last are enough of them.
MOST_TOLD = 100
READ = {"mail_due_at": None, "browser_due_at": None}


# --- Telling ----------------------------------------------------------------------------------------------------------


@action
def notify(
    kind: Kind,
    to: QuerySet[Membership],
    *,
    data: dict[str, Any],
    target: str = "",
    by: Membership | None = None,
) -> list[Notification]:
    """Tell the members of `to`, but never `by` of their own doing. In the caller's transaction: no change, no word."""
    rows = rows_for(kind, told(to, by=by), target=target, data=data)
    Notification.unscoped.bulk_create(rows)
    announce(rows)
    return rows


@action
def notify_person(kind: Kind, user: User, *, data: dict[str, Any]) -> list[Notification]:
    """Tell somebody what concerns their account, in each of their workspaces: reading it in one reads it in all."""
    to = Membership.unscoped.filter(user=user).exclude(workspace__status__in=Workspace.SHUT)
    return notify(kind, to, target=uuid4().hex, data=data)


def told(to: QuerySet[Membership], *, by: Membership | None = None) -> list[Membership]:
    """Who of `to` is still here, with everything that decides on their channels."""
    here = to.filter(deactivated_at=None, user__is_active=True).order_by("-last_used_at", "pk")
    here = here.exclude(pk=by.pk) if by else here
    return list(here.select_related("user", "workspace", "notification_settings")[:MOST_TOLD])


def rows_for(
    kind: Kind, members: Iterable[Membership], *, target: str, data: dict[str, Any], now: datetime | None = None
) -> list[Notification]:
    """The rows to write, not yet written. Whoever wants to hear nothing of this kind gets none."""
    now = now or timezone.now()
    rows = (_row(kind, membership, target, data, now) for membership in members)
    return [row for row in rows if row.in_app or row.mails_at_once or row.mail_due_at or _shows(row)]


def announce(rows: list[Notification]) -> None:
    """The rows are written: urgent mails go into the outbox, and the rooms above hear of it."""
    for row in rows:
        if row.mails_at_once:
            _mail(row.membership, [row])
    if rows:
        emit(NOTIFIED, rows[0], rows=rows)


def _row(kind: Kind, membership: Membership, target: str, data: dict[str, Any], now: datetime) -> Notification:
    own = settings_of(membership)
    waits_until = None if kind.is_urgent else quiet_until(membership, now)
    by_mail = own.wants(kind, Channel.MAIL) and not kind.mailed_elsewhere
    row = Notification(
        workspace_id=membership.workspace_id,
        membership=membership,
        kind=kind.name,
        data=data,
        target=target,
        in_app=own.wants(kind, Channel.IN_APP),
        mail_due_at=max(now + kind.patience, waits_until or now) if by_mail and not kind.is_urgent else None,
        browser_due_at=waits_until,
    )
    row.mails_at_once = by_mail and kind.is_urgent
    row.shows_at_once = own.wants(kind, Channel.BROWSER) and waits_until is None
    if not own.wants(kind, Channel.BROWSER):
        row.browser_due_at = None
    return row


def _shows(row: Notification) -> bool:
    return row.shows_at_once or row.browser_due_at is not None


# --- Reading ----------------------------------------------------------------------------------------------------------


@action
def mark_read(membership: Membership, ids: Collection[UUID]) -> int:
    """One's own alone, whatever ids were sent. What waited for its mail is not mailed any more."""
    rows = list(membership.notifications.filter(pk__in=ids, read_at=None))
    membership.notifications.filter(pk__in=[row.pk for row in rows]).update(read_at=timezone.now(), **READ)
    shared = {row.target for row in rows if row.kind in _of_the_person()}
    if shared:
        _read_elsewhere(membership, shared)
    if rows:
        emit(NOTIFICATIONS_READ, membership, membership=membership, ids=[row.pk for row in rows])
    return len(rows)


@action
def mark_all_read(membership: Membership) -> int:
    rows = membership.notifications.filter(read_at=None)
    shared = set(rows.filter(kind__in=_of_the_person()).values_list("target", flat=True))
    n = rows.update(read_at=timezone.now(), **READ)
    if shared:
        _read_elsewhere(membership, shared)
    if n:
        emit(NOTIFICATIONS_READ, membership, membership=membership, ids=None)
    return n


@action
def read_about(membership: Membership, target: str) -> None:
    """The member has opened what these notifications are about."""
    mine = membership.notifications.filter(target=target, read_at=None)
    ids = list(mine.values_list("pk", flat=True))
    if ids:
        mark_read(membership, ids)


@action
def supersede(kind: Kind, workspace_id: UUID, target: str) -> None:
    """A weightier word about the same thing follows: this one is read, and its mail is not written."""
    _about([kind], workspace_id, [target]).update(read_at=timezone.now(), **READ)


def settling(kinds: Iterable[Kind], workspace_id: UUID, targets: Collection[str]) -> Statement:
    """The statement that marks as read, for the whole team, what somebody has taken care of."""
    rows = _about(kinds, workspace_id, targets)
    query = rows.query.chain(UpdateQuery)
    query.add_update_values({"read_at": timezone.now(), **READ})  # type: ignore[attr-defined]
    return query.get_compiler(connection=connection).as_sql()


def _about(kinds: Iterable[Kind], workspace_id: UUID, targets: Collection[str]) -> QuerySet[Notification]:
    names = [kind.name for kind in kinds]
    return Notification.unscoped.filter(
        workspace=workspace_id, kind__in=names, target__in=list(targets), read_at__isnull=True
    )


def _of_the_person() -> set[str]:
    return {kind.name for kind in all_kinds() if kind.area == Area.SECURITY}


def _read_elsewhere(membership: Membership, targets: set[str]) -> None:
    same = Notification.unscoped.filter(
        membership__user=membership.user_id, target__in=targets, read_at=None, kind__in=_of_the_person()
    )
    for other in Membership.unscoped.filter(pk__in=set(same.values_list("membership", flat=True))):
        ids = list(same.filter(membership=other).values_list("pk", flat=True))
        other.notifications.filter(pk__in=ids).update(read_at=timezone.now(), **READ)
        emit(NOTIFICATIONS_READ, other, membership=other, ids=ids)


# --- Choosing ---------------------------------------------------------------------------------------------------------


@action
def save_settings(
    membership: Membership, *, choices: dict[tuple[Kind, Channel], bool], **quiet_hours: Any
) -> NotificationSettings:
    own = _locked_settings(membership)
    for (kind, channel), wanted in choices.items():
        own.choose(kind, channel, wanted)
    for name, value in quiet_hours.items():
        setattr(own, name, value)
    own.save()
    return own


@action
def turn_off_mail(membership: Membership, kinds: Iterable[Kind]) -> None:
    """Doing it twice is doing it once: mail programs repeat themselves."""
    own = _locked_settings(membership)
    for kind in kinds:
        own.choose(kind, Channel.MAIL, False)
    own.save(update_fields=["choices"])


def _locked_settings(membership: Membership) -> NotificationSettings:
    """Under a lock: an unsubscribe link and the form may change the same row at once."""
    NotificationSettings.unscoped.get_or_create(
        membership=membership, defaults={"workspace_id": membership.workspace_id}
    )
    return NotificationSettings.unscoped.select_for_update().get(membership=membership)


# --- When the time has come -------------------------------------------------------------------------------------------


@action
def send_due_mail(membership_id: UUID) -> bool:
    """One mail with everything of a member that is due and still unread; says whether one was written.

    Asks again who this is and what they want (SR-09): between the cause and now they may have left, turned it off, or
    begun their quiet hours.
    """
    now = timezone.now()
    due = Notification.unscoped.filter(membership=membership_id, mail_due_at__lte=now)
    # The rows' locks: of two sweeps one sends, the other finds them done.
    rows = list(due.select_for_update(of=("self",)).order_by("created_at", "pk"))
    membership = still_active(str(membership_id))
    waits_until = membership and quiet_until(membership, now)
    if waits_until:
        due.update(mail_due_at=waits_until)
        return False
    due.update(mail_due_at=None)
    if membership is None:
        return False
    own = settings_of(membership)
    return _mail(membership, [row for row in rows if row.read_at is None and _wants_mail(own, row)])


@action
def show_held(membership_id: UUID) -> None:
    """The quiet hours are over: what a browser was not told is told in one."""
    now = timezone.now()
    due = Notification.unscoped.filter(membership=membership_id, browser_due_at__lte=now, read_at=None)
    rows = list(due.select_for_update(of=("self",)).order_by("created_at", "pk"))
    membership = still_active(str(membership_id))
    waits_until = membership and quiet_until(membership, now)
    if waits_until:
        due.update(browser_due_at=waits_until)
        return
    due.update(browser_due_at=None)
    if membership and rows:
        emit(QUIET_HOURS_OVER, membership, membership=membership, rows=rows)


def _mail(membership: Membership, rows: list[Notification]) -> bool:
    if not rows:
        return False
    mails.message_about(membership, rows).send()
    return True


def _wants_mail(own: NotificationSettings, row: Notification) -> bool:
    kind = mails.kind_of(row.kind)
    return kind is not None and own.wants(kind, Channel.MAIL)
