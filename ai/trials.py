"""A second version beside the one in force: which conversations it has, and how both do."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.db.models import Avg, Count, Q, Sum

from ai import chance, money
from ai.models import Assistant, AssistantVersion, Outcome, Purpose
from ai.persona import Persona, restored
from chat.models import Conversation
from workspaces.models import Workspace

SHARES = (10, 20, 30, 40, 50)


@dataclass(frozen=True)
class Voice:
    """Who speaks in a conversation; without a version the standard settings do."""

    persona: Persona
    version: AssistantVersion | None = None


@dataclass(frozen=True)
class Side:
    """How one version does, in the conversations since the trial began."""

    version: AssistantVersion
    conversations: int
    answered: int
    """Those in which it answered and handed nothing over."""
    handed_off: int
    good: int
    poor: int
    ratings: int
    rating: float | None
    microusd: int

    @property
    def answered_percent(self) -> int:
        return _percent(self.answered, self.conversations)

    @property
    def handed_off_percent(self) -> int:
        return _percent(self.handed_off, self.conversations)

    @property
    def cost(self) -> str:
        return money.usd(self.microusd)


@dataclass(frozen=True)
class Trial:
    assistant: Assistant
    first: Side
    second: Side

    @property
    def sides(self) -> tuple[Side, Side]:
        return self.first, self.second

    @cached_property
    def verdict(self) -> chance.Verdict:
        """Of the second, by how many conversations it answers itself."""
        first, second = self.sides
        return chance.verdict(first.answered, first.conversations, second.answered, second.conversations)

    @property
    def is_judged(self) -> bool:
        """Whether anybody has said of an answer what it was worth."""
        return any(side.good or side.poor for side in self.sides)


def voice_of(conversation: Conversation) -> Voice:
    """The same for as long as the trial goes on."""
    row = conversation.inbox.workspace.assistants.select_related("published", "trial").first()
    version = row and (row.trial if is_tried_in(row, conversation) else row.published)
    return Voice(restored(version.settings), version) if version else Voice(Persona())


def is_tried_in(assistant: Assistant, conversation: Conversation) -> bool:
    """One that was there before the trial stays as it was."""
    if assistant.trial_id is None or assistant.trial_began_at is None:
        return False
    return conversation.created_at >= assistant.trial_began_at and place(conversation.pk) < assistant.trial_share


def place(conversation: UUID) -> int:
    """Of a hundred places always the same one, and each as likely as the other."""
    return int.from_bytes(hashlib.sha256(conversation.bytes).digest()[:8]) % 100


def has_passed(version: AssistantVersion, among: Sequence[AssistantVersion]) -> bool:
    """Whether it went through the gate with test questions, itself or as the one that it repeats."""
    known = {one.number: one for one in among}
    while (again := version.checked.get("again")) in known and again < version.number:
        version = known[again]
    return bool(version.checked.get("total"))


def candidates(workspace: Workspace, assistant: Assistant | None) -> list[AssistantVersion]:
    """What can be tried beside what is in force, newest first; the same settings are nothing to try."""
    if assistant is None or assistant.published is None:
        return []
    rows = list(workspace.assistant_versions.order_by("-number"))
    now = restored(assistant.published.settings)
    return [row for row in rows if has_passed(row, rows) and restored(row.settings) != now]


def trial_of(assistant: Assistant | None) -> Trial | None:
    if assistant is None or assistant.trial is None or assistant.published is None:
        return None
    return Trial(assistant, _side(assistant, assistant.published), _side(assistant, assistant.trial))


# --- Inside -----------------------------------------------------------------------------------------------------------


def _side(assistant: Assistant, version: AssistantVersion) -> Side:
    workspace = assistant.workspace
    answers = workspace.ai_answers.filter(version=version, conversation__created_at__gte=assistant.trial_began_at)
    answers = answers.exclude(outcome=Outcome.LATE)
    handed = answers.filter(outcome=Outcome.HANDED_OFF).values("conversation")
    told = answers.aggregate(
        conversations=Count("conversation", distinct=True),
        answered=Count("conversation", distinct=True, filter=Q(outcome=Outcome.ANSWERED) & ~Q(conversation__in=handed)),
        handed_off=Count("conversation", distinct=True, filter=Q(outcome=Outcome.HANDED_OFF)),
        good=Count("pk", filter=Q(was_helpful=True)),
        poor=Count("pk", filter=Q(was_helpful=False)),
    )
    in_them = workspace.conversations.filter(pk__in=answers.values("conversation"))
    rated = in_them.aggregate(ratings=Count("rating"), rating=Avg("rating"))
    calls = workspace.ai_calls.filter(purpose=Purpose.ANSWER, message__in=answers.values("question"))
    spent = calls.aggregate(cost=Sum("cost_microusd"))["cost"] or 0
    return Side(version, **told, **rated, microusd=spent)


def _percent(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0
