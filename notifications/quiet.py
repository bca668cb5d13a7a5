"""Quiet hours: when a member's mails and browser notifications wait."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from notifications.models import NotificationSettings
from workspaces.models import Membership


def settings_of(membership: Membership) -> NotificationSettings:
    """The member's own, or what applies to somebody who never chose (not saved)."""
    try:
        return membership.notification_settings
    except NotificationSettings.DoesNotExist:
        return NotificationSettings(membership=membership, workspace_id=membership.workspace_id)


def zone_of(membership: Membership) -> str:
    return settings_of(membership).timezone or membership.user.timezone or membership.workspace.timezone


def quiet_until(membership: Membership, now: datetime) -> datetime | None:
    """When the quiet hours that `now` falls into end; None outside of them.

    They are said in the member's own time and may pass midnight. A clock that is put forward or back in between moves
    the end with it.
    """
    own = settings_of(membership)
    if not own.is_quiet or own.quiet_from == own.quiet_until:
        return None
    zone = ZoneInfo(zone_of(membership))
    local = now.astimezone(zone)
    # The hours that began today, and those that began yesterday and reach into today.
    for day in (local.date(), local.date() - timedelta(days=1)):
        begins = datetime.combine(day, own.quiet_from, zone)
        passes_midnight = own.quiet_until < own.quiet_from
        ends = datetime.combine(day + timedelta(days=passes_midnight), own.quiet_until, zone)
        if begins <= now < ends:
            return ends
    return None
