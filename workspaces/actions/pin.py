"""The supervisor PIN: set, change, remove, and check with tries that are counted in the database."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from minichat.lib.errors import Forbidden, RateLimited
from minichat.lib.transactions import action
from workspaces import emails, events
from workspaces.models import Membership, SupervisorPin, Workspace

# 10,000 PINs of four digits: five tries, then a quarter of an hour, then twice as long after each wrong one, up to a
# day. Whoever guesses on is at it for years.
FREE_TRIES = 5
FIRST_WAIT = timedelta(minutes=15)
LONGEST_WAIT = timedelta(hours=24)


class PinWrong(Forbidden):
    code = "pin_wrong"


class PinLocked(RateLimited):
    code = "pin_locked"


@action
def set_pin(workspace: Workspace, *, digits: str, by: Membership) -> SupervisorPin:
    """The first PIN or another one. Everybody starts again with all their tries."""
    values = {"hash": make_password(digits), "length": len(digits), "changed_at": timezone.now()}
    pin, is_first = SupervisorPin.unscoped.update_or_create(workspace=workspace, defaults=values)
    workspace.pin_tries.all().delete()
    events.emit(events.PIN_SET if is_first else events.PIN_CHANGED, workspace, actor=by)
    emails.tell_owners(workspace, "pin-set" if is_first else "pin-changed", by=by.name)
    return pin


@action
def remove_pin(workspace: Workspace, *, by: Membership) -> None:
    removed, _each = SupervisorPin.unscoped.filter(workspace=workspace).delete()
    workspace.pin_tries.all().delete()
    if removed:
        events.emit(events.PIN_REMOVED, workspace, actor=by)
        emails.tell_owners(workspace, "pin-removed", by=by.name)


def has_pin(workspace: Workspace) -> bool:
    return SupervisorPin.unscoped.filter(workspace=workspace).exists()


def check_pin(membership: Membership, *, entered: str) -> None:
    """Raise `PinWrong` or `PinLocked` unless this is the PIN of the workspace, or there is none.

    The try is spent before the PIN is looked at, and given back when it was right: whoever sends a hundred at once gets
    five. Not inside another transaction, which would take the count back with it.
    """
    pin = SupervisorPin.unscoped.filter(workspace=membership.workspace_id).first()
    if pin is None:
        return
    left = _spend_try(membership)
    if not check_password(entered, pin.hash):
        raise _wrong(left)
    membership.workspace.pin_tries.filter(membership=membership).update(failures=0, locked_until=None)


@action
def _spend_try(membership: Membership) -> int:
    """Returns how many more are free; from none on the next has to wait."""
    now = timezone.now()
    membership.workspace.pin_tries.get_or_create(membership=membership)
    tries = membership.workspace.pin_tries.select_for_update(no_key=True).get(membership=membership)
    if tries.locked_until is not None and tries.locked_until > now:
        raise _locked(tries.locked_until - now)
    tries.failures += 1
    tries.locked_until = _next(tries.failures, now)
    tries.save(update_fields=["failures", "locked_until"])
    if tries.failures == FREE_TRIES:
        events.emit(events.PIN_LOCKED, membership, actor=membership)
    return max(0, FREE_TRIES - tries.failures)


def _next(failures: int, now: datetime) -> datetime | None:
    if failures < FREE_TRIES:
        return None
    return now + min(FIRST_WAIT * 2 ** min(failures - FREE_TRIES, 10), LONGEST_WAIT)


def _wrong(left: int) -> PinWrong:
    if not left:
        return PinWrong(_("That is not the PIN. You have no more tries for now."))
    rest = ngettext("That is not the PIN. %(n)d more try.", "That is not the PIN. %(n)d more tries.", left)
    return PinWrong(rest % {"n": left})


def _locked(wait: timedelta) -> PinLocked:
    seconds = int(wait.total_seconds()) + 1
    minutes = -(-seconds // 60)
    if minutes < 120:
        text = ngettext(
            "Too many wrong PINs. Try again in %(n)d minute.",
            "Too many wrong PINs. Try again in %(n)d minutes.",
            minutes,
        )
        return PinLocked(text % {"n": minutes}, retry_after=seconds)
    hours = -(-minutes // 60)
    text = ngettext(
        "Too many wrong PINs. Try again in %(n)d hour.", "Too many wrong PINs. Try again in %(n)d hours.", hours
    )
    return PinLocked(text % {"n": hours}, retry_after=seconds)
