"""Another version is tried beside the one in force, until somebody publishes or has seen enough."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ai import events, trials
from ai.actions.assistant import end_trial_of, locked
from ai.models import Assistant, AssistantVersion
from minichat.lib.errors import Conflict
from minichat.lib.transactions import action
from workspaces.events import emit
from workspaces.models import Membership


@action
def begin_trial(version: AssistantVersion, *, by: Membership, share: int) -> Assistant:
    """In `share` of a hundred conversations that begin from now on. Raises `Conflict` for a version that has not passed
    its check, and while another one is tried."""
    row = locked(by.workspace)
    if row.trial_id is not None:
        raise Conflict(_("Another version is being tried already."))
    if version not in trials.candidates(by.workspace, row):
        raise Conflict(_("This version cannot be tried: it has not passed a check, or it is in force already."))
    if share not in trials.SHARES:
        raise Conflict(_("Choose a share between 10 % and 50 %."))
    row.trial, row.trial_share, row.trial_began_at = version, share, timezone.now()
    row.save(update_fields=["trial", "trial_share", "trial_began_at", "updated_at"])
    emit(events.TRIAL_BEGUN, version, actor=by, share=share)
    return row


@action
def end_trial(by: Membership) -> None:
    """What is in force has all conversations again. Stopped twice is stopped once."""
    end_trial_of(locked(by.workspace), by=by)
