"""The assistant's settings: worked on as a draft, put in force as a version that never changes."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from ai import events, gate
from ai.models import Assistant, AssistantVersion
from ai.persona import Persona, kept
from minichat.lib.errors import Conflict
from minichat.lib.transactions import action
from workspaces.events import emit
from workspaces.models import Membership, Workspace


class GateClosed(Conflict):
    """`fields["failing"]`: the cases that the draft gets wrong, if it was checked."""

    message = _("This draft has not passed its check.")


def locked(workspace: Workspace) -> Assistant:
    """Its row under the lock; made when it is first needed. Whoever changes draft or version takes turns here."""
    workspace.assistants.get_or_create(workspace=workspace)
    return workspace.assistants.select_related("published", "trial").select_for_update(of=("self",)).get()


@action
def save_draft(by: Membership, persona: Persona) -> Assistant:
    """Work on it without anybody noticing: visitors get what is in force. The same as that is no draft."""
    row = locked(by.workspace)
    before = gate.draft_of(row)
    row.draft = None if persona == gate.in_force(row) else kept(persona)
    row.save(update_fields=["draft", "updated_at"])
    if persona != before:
        emit(events.ASSISTANT_DRAFT_SAVED, row, actor=by)
    return row


@action
def discard_draft(by: Membership) -> None:
    row = locked(by.workspace)
    if row.draft is None:
        return
    row.draft = None
    row.save(update_fields=["draft", "updated_at"])
    emit(events.ASSISTANT_DRAFT_DISCARDED, row, actor=by)


@action
def publish(by: Membership, *, agreed: str, note: str = "", unchecked: bool = False) -> AssistantVersion:
    """Put the draft in force. `agreed` names what the person looked at (`gate.against`).

    It has to have passed its check. Where there are no golden questions there is nothing to check, and `unchecked` says
    that the person knows. Raises `GateClosed`, and `Conflict` if anything was changed meanwhile.
    """
    row = locked(by.workspace)
    if row.draft is None:
        raise Conflict(_("There is no draft to publish."))
    golden = list(by.workspace.golden_questions.all())
    if gate.against(row, golden) != agreed:
        raise Conflict(_("The draft was changed meanwhile. Look at it once more."))
    checked = _checked(by.workspace, agreed) if golden else {}
    if not golden and not unchecked:
        raise GateClosed(_("Say that you want to publish without a check."))
    version = _put(row, gate.draft_of(row), by=by, note=note, checked=checked)
    emit(events.ASSISTANT_PUBLISHED if golden else events.ASSISTANT_PUBLISHED_UNCHECKED, version, actor=by)
    return version


@action
def roll_back(version: AssistantVersion, *, by: Membership) -> AssistantVersion:
    """Put an older version in force again, at once and without a check: it was in force before. A draft stays."""
    row = locked(by.workspace)
    if row.published_id == version.pk:
        raise Conflict(_("This version is in force already."))
    draft = row.draft
    again = _put(row, gate.restored(version.settings), by=by, note="", checked={"again": version.number})
    if draft is not None and draft != again.settings:
        row.draft = draft
        row.save(update_fields=["draft"])
    emit(events.ASSISTANT_ROLLED_BACK, again, actor=by, old=version.number)
    return again


@action
def set_labelling(by: Membership, *, is_on: bool) -> None:
    """Whether it puts labels on conversations. In force at once; the same again is no change."""
    row = locked(by.workspace)
    if row.labels_conversations == is_on:
        return
    row.labels_conversations = is_on
    row.save(update_fields=["labels_conversations", "updated_at"])
    emit(events.LABELLING_ON if is_on else events.LABELLING_OFF, row, actor=by)


# --- Inside -----------------------------------------------------------------------------------------------------------


def _checked(workspace: Workspace, agreed: str) -> dict[str, Any]:
    if run := gate.passed_run(workspace, agreed):
        return gate.tally(run).kept()
    run = workspace.gate_runs.filter(against=agreed, state="done").order_by("-created_at").first()
    wrong = gate.failing(run) if run else []
    raise GateClosed(failing=[{name: case[name] for name in ("question", "expects", "draft")} for case in wrong])


def _put(row: Assistant, persona: Persona, *, by: Membership, note: str, checked: dict[str, Any]) -> AssistantVersion:
    versions = row.workspace.assistant_versions
    last = versions.order_by("-number").values_list("number", flat=True).first() or 0
    version = versions.create(number=last + 1, settings=kept(persona), note=note, created_by=by, checked=checked)
    end_trial_of(row, by=by)
    row.published, row.draft = version, None
    row.save(update_fields=["published", "draft", "updated_at"])
    return version


def end_trial_of(row: Assistant, *, by: Membership) -> None:
    """Under its lock. The numbers are those of two versions side by side: a third one in force ends it."""
    version, row.trial, row.trial_share, row.trial_began_at = row.trial, None, 0, None
    if version is not None:
        row.save(update_fields=["trial", "trial_share", "trial_began_at", "updated_at"])
        emit(events.TRIAL_ENDED, version, actor=by)
