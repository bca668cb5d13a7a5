"""Hears what happens in the rooms below."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from contacts import actions
from workspaces.events import MEMBER_DEACTIVATED, MEMBER_ROLE_CHANGED, Event, event_emitted


@receiver(event_emitted, dispatch_uid="contacts.release_leads")
def release_leads(sender: Any, event: Event, subject: Any, **data: Any) -> None:
    if event in (MEMBER_DEACTIVATED, MEMBER_ROLE_CHANGED) and (subject.deactivated_at or not subject.can_reply()):
        actions.release_leads(subject)
