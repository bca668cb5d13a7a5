"""What the team does to conversations: each verb knows how to do it to one, and how to take it back.

A verb works on conversations that its caller has locked, and says what it changed as plain values. Taking back restores
exactly that, and nothing where somebody changed the same thing since (`chat/actions/triage.py` runs them).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.utils.dateparse import parse_datetime
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from chat import alarms, append, audience, events
from chat.append import Appender
from chat.models import Conversation, Kind, Label, Labelling, Status
from minichat.lib import roundtrips
from minichat.lib.errors import Conflict, Invalid
from workspaces.models import Membership, Workspace

Values = dict[str, Any]
# What it was, what it became.
Change = tuple[Values, Values]


class Verb:
    name: ClassVar[str]

    def __init__(self, by: Membership, params: Values) -> None:
        self.by, self.params = by, params

    def lock(self, conversations: Sequence[str]) -> None:
        """Lock what has to be locked before these conversations."""

    def prepare(self, changes: Sequence[Values]) -> None:
        """Read what all of them need, before they are done; `changes`: what an undo will restore."""

    def finish(self, appender: Appender) -> None:
        """Write what all of them need, after they were done."""

    def do(self, appender: Appender, conversation: Conversation) -> Change | None:
        """None: it is so already, or cannot be done to this one."""
        raise NotImplementedError

    def undo(self, appender: Appender, conversation: Conversation, was: Values, became: Values) -> bool:
        """False: somebody changed it since."""
        raise NotImplementedError


class Close(Verb):
    name = "close"

    def do(self, appender: Appender, conversation: Conversation) -> Change | None:
        if conversation.status == Status.RESOLVED:
            return None
        was = _standing(conversation)
        close(appender, conversation, by=self.by)
        return was, _standing(conversation)

    def undo(self, appender: Appender, conversation: Conversation, was: Values, became: Values) -> bool:
        if _standing(conversation) != became:
            return False
        append.reopen(appender, conversation, by=self.by)
        if was["status"] == Status.SNOOZED:
            snooze(appender, conversation, _moment(was["snoozed_until"]), by=self.by)
        conversation.waiting_since = _moment(was["waiting_since"])
        alarms.returned(conversation, appender.now)
        return True


class Open(Verb):
    """A closed one opens again, a snoozed one comes back now."""

    name = "open"

    def do(self, appender: Appender, conversation: Conversation) -> Change | None:
        if conversation.status == Status.OPEN:
            return None
        was = _standing(conversation)
        reopen(appender, conversation, by=self.by)
        return was, _standing(conversation)

    def undo(self, appender: Appender, conversation: Conversation, was: Values, became: Values) -> bool:
        if _standing(conversation) != became:
            return False
        if was["status"] == Status.SNOOZED:
            snooze(appender, conversation, _moment(was["snoozed_until"]), by=self.by)
        else:
            close(appender, conversation, by=self.by)
            conversation.resolved_at = _moment(was["resolved_at"])
        conversation.waiting_since = _moment(was["waiting_since"])
        return True


class Snooze(Verb):
    """`until`: an ISO moment. What is closed is not put aside."""

    name = "snooze"

    def do(self, appender: Appender, conversation: Conversation) -> Change | None:
        until = _moment(self.params["until"])
        if conversation.status == Status.RESOLVED or conversation.snoozed_until == until:
            return None
        was = _standing(conversation)
        snooze(appender, conversation, until, by=self.by)
        return was, _standing(conversation)

    def undo(self, appender: Appender, conversation: Conversation, was: Values, became: Values) -> bool:
        if _standing(conversation) != became:
            return False
        if was["status"] == Status.SNOOZED:
            snooze(appender, conversation, _moment(was["snoozed_until"]), by=self.by)
        else:
            append.bring_back(appender, conversation, "member", by=self.by)
        return True


class Assign(Verb):
    """`assignee`: a member's id, or None for nobody. `seen`: who had it when that was decided, where it matters.

    Where that member does not answer, nothing changes; `alone` (it is about one conversation): that is refused.
    """

    name = "assign"

    def prepare(self, changes: Sequence[Values]) -> None:
        wanted = {change["assignee"] for change in changes} | {self.params["assignee"]}
        found = self.by.workspace.memberships.select_related("user").filter(pk__in=wanted - {None})
        self.members: dict[str, Membership] = {
            str(row.pk): row for row in found if row.deactivated_at is None and row.can_reply()
        }
        self.inboxes = audience.seen_by(self.members.values())

    def do(self, appender: Appender, conversation: Conversation) -> Change | None:
        wanted = self.params["assignee"]
        if "seen" in self.params and _id(conversation.assignee_id) not in (self.params["seen"], wanted):
            raise taken(conversation)
        if _id(conversation.assignee_id) == wanted:
            return None
        if wanted and not self._may_have(conversation, wanted):
            if self.params.get("alone"):
                raise Invalid(_("This colleague does not answer in this inbox."))
            return None
        was = {"assignee": _id(conversation.assignee_id)}
        give(appender, conversation, self.members[wanted] if wanted else None, by=self.by)
        return was, {"assignee": wanted}

    def undo(self, appender: Appender, conversation: Conversation, was: Values, became: Values) -> bool:
        if _id(conversation.assignee_id) != became["assignee"]:
            return False
        # Whoever had it and may answer no more does not get it back.
        before = was["assignee"]
        again = self.members[before] if before and self._may_have(conversation, before) else None
        give(appender, conversation, again, by=self.by)
        return True

    def _may_have(self, conversation: Conversation, member_id: str) -> bool:
        member = self.members.get(member_id)
        return member is not None and conversation.inbox_id in self.inboxes[member.pk]


class Prioritise(Verb):
    """`priority`: 1 to 4."""

    name = "priority"

    def do(self, appender: Appender, conversation: Conversation) -> Change | None:
        was, wanted = conversation.priority, self.params["priority"]
        if was == wanted:
            return None
        self._set(appender, conversation, wanted)
        return {"priority": was}, {"priority": wanted}

    def undo(self, appender: Appender, conversation: Conversation, was: Values, became: Values) -> bool:
        if conversation.priority != became["priority"]:
            return False
        self._set(appender, conversation, was["priority"])
        return True

    def _set(self, appender: Appender, conversation: Conversation, priority: int) -> None:
        conversation.priority = priority
        appender.event(conversation, "prioritised", by=self.by, public=False, to=priority)
        appender.tell(events.CONVERSATION_PRIORITISED, conversation, by=self.by, priority=priority)


class Mark(Verb):
    """`add` and `remove`: ids of labels."""

    name = "label"

    def prepare(self, changes: Sequence[Values]) -> None:
        wanted = {pk for change in [self.params, *changes] for pk in (*change["add"], *change["remove"])}
        self.labels = locked_labels(self.by.workspace, wanted)
        self.made: list[Labelling] = []

    def finish(self, appender: Appender) -> None:
        appender.extra += roundtrips.insert(self.made)

    def do(self, appender: Appender, conversation: Conversation) -> Change | None:
        return self._change(appender, conversation, self.params["add"], self.params["remove"])

    def undo(self, appender: Appender, conversation: Conversation, was: Values, became: Values) -> bool:
        return self._change(appender, conversation, was["add"], was["remove"]) is not None

    def _change(
        self, appender: Appender, conversation: Conversation, add: Sequence[str], remove: Sequence[str]
    ) -> Change | None:
        known = [[self.labels[pk] for pk in ids if pk in self.labels] for ids in (add, remove)]
        made, taken_off = mark(appender, conversation, by=self.by, add=known[0], remove=known[1])
        if not made and not taken_off:
            return None
        self.made += made
        added, removed = [str(one.label_id) for one in made], [str(row.pk) for row in taken_off]
        # An undo puts back what was taken, and the other way round.
        return {"add": removed, "remove": added}, {"add": added, "remove": removed}


# --- What one conversation becomes, under its lock -------------------------------------------------------------------


def close(appender: Appender, conversation: Conversation, *, by: Membership) -> None:
    conversation.status, conversation.resolved_at = Status.RESOLVED, appender.now
    conversation.waiting_since = conversation.snoozed_until = None
    alarms.closed(conversation)
    appender.event(conversation, "resolved", by=by, public=True)
    appender.tell(events.CONVERSATION_RESOLVED, conversation, by=by)


def reopen(appender: Appender, conversation: Conversation, *, by: Membership) -> None:
    """Of whatever is not open. Who was answered last does not wait; who was not, does from now on."""
    if conversation.status == Status.SNOOZED:
        append.bring_back(appender, conversation, "member", by=by)
        return
    append.reopen(appender, conversation, by=by)
    if conversation.last_message_kind == Kind.VISITOR:
        conversation.people_take_it()
        conversation.waiting_since = appender.now
        alarms.visitor_wrote(conversation, appender.now)


def snooze(appender: Appender, conversation: Conversation, until: datetime | None, *, by: Membership) -> None:
    """Away from the open ones until then. How long its visitor has waited is kept for its return."""
    assert until is not None
    conversation.status, conversation.snoozed_until = Status.SNOOZED, until
    appender.event(conversation, "snoozed", by=by, public=False, until=until.isoformat())
    appender.tell(events.CONVERSATION_SNOOZED, conversation, by=by, until=until)


def give(appender: Appender, conversation: Conversation, assignee: Membership | None, *, by: Membership) -> None:
    """The line in the thread is the team's alone."""
    conversation.give_to(assignee)
    if assignee is not None:
        conversation.people_take_it()
    appender.event(conversation, "assigned", by=by, public=False, to=assignee.name if assignee else None)
    data = {"assignee": assignee and assignee.pk, "assignee_name": assignee and assignee.name}
    appender.tell(events.CONVERSATION_ASSIGNED, conversation, by=by, **data)


def locked_labels(workspace: Workspace, ids: Iterable[str]) -> dict[str, Label]:
    """Under their locks: none of them is deleted between here and the commit. Before the conversations'."""
    rows = workspace.labels.select_for_update(no_key=True).filter(pk__in=list(ids)).order_by("pk")
    return {str(row.pk): row for row in rows}


def mark(
    appender: Appender,
    conversation: Conversation,
    *,
    by: Membership | None,
    add: Sequence[Label],
    remove: Sequence[Label] = (),
) -> tuple[list[Labelling], list[Label]]:
    """What it got, for its caller to insert, and what it lost. `by` is None where the assistant does it."""
    has = conversation.label_ids
    added = [row for row in add if str(row.pk) not in has]
    removed = [row for row in remove if str(row.pk) in has]
    if not added and not removed:
        return [], []
    gone = [str(row.pk) for row in removed]
    conversation.label_ids = [pk for pk in has if pk not in gone] + [str(row.pk) for row in added]
    names = {"added": [row.name for row in added], "removed": [row.name for row in removed]}
    appender.event(conversation, "labelled", by=by, public=False, **names)
    appender.tell(events.CONVERSATION_LABELLED, conversation, by=by, **names)
    if removed:
        appender.extra.append(roundtrips.delete(conversation.labellings.filter(label__in=removed)))
    workspace_id = conversation.workspace_id
    return [Labelling(workspace_id=workspace_id, conversation=conversation, label=row) for row in added], removed


def taken(conversation: Conversation) -> Conflict:
    name = conversation.assignee_name
    if conversation.assignee_id is None:
        return Conflict(_("A colleague was faster: nobody has this conversation now."), taken_by=None)
    return Conflict(format_lazy(_("{name} was faster and has this conversation."), name=name), taken_by=name)


def _standing(conversation: Conversation) -> Values:
    return {
        "status": str(conversation.status),
        "waiting_since": _iso(conversation.waiting_since),
        "snoozed_until": _iso(conversation.snoozed_until),
        "resolved_at": _iso(conversation.resolved_at),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _moment(text: str | None) -> datetime | None:
    return parse_datetime(text) if text else None


def _id(pk: UUID | None) -> str | None:
    return str(pk) if pk else None
