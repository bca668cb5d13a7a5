"""What the assistant would say to a visitor, or that it gives up. Nothing is written here, and nobody is told."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from ai import ledger, modelled, moderation, outcomes, prompts, screening
from ai.assistant import Hours, Persona
from ai.knowledge.citing import title_of
from ai.knowledge.decide import Decision, Verdict, decide
from ai.knowledge.extract import extract
from ai.knowledge.ranking import Hit
from ai.knowledge.search import search
from ai.knowledge.terms import language_of, normalise
from ai.modelled import Show, unseen
from ai.models import AssistantVersion, Chunk, Outcome
from ai.outcomes import Kind, before_search
from ai.providers.base import Message as Spoken
from ai.trying import spoken
from chat import handoffs
from chat.models import Handler, Message
from chat.models.conversation import Conversation
from workspaces.models import Workspace

logger = logging.getLogger(__name__)

QUOTE = 300
# What fits on a button of the chat.
LONGEST_SUGGESTION = 80
# Somebody who was answered by a person is left to people, unless this is a question of its own.
_ASKS = re.compile(
    r"\?|\b(help|who|what|when|where|why|how|which|can|do|does|is|are)\b"
    "|ช่วย|สอบถาม|ไหม|มั้ย|มั๊ย|หรือเปล่า|หรือยัง|เท่าไ|เท่าไหร่|กี่|ยังไง|อย่างไร|อะไร|ที่ไหน|เมื่อไ|ทำไม|ใคร"
)


@dataclass(frozen=True)
class Turn:
    """A visitor's message that waits for the assistant. `earlier`: what they wrote before, oldest first."""

    question: Message
    conversation: Conversation
    persona: Persona
    earlier: tuple[str, ...] = ()
    # The last turns of both sides, their question at the end.
    talk: tuple[Spoken, ...] = ()
    # It has asked back already, and was not understood.
    asked_back: bool = False
    # Whose persona it is.
    version: AssistantVersion | None = None

    @property
    def workspace(self) -> Workspace:
        return self.conversation.inbox.workspace

    @property
    def language(self) -> str:
        """Of the answer: Thai for Thai; else the visitor's own, for whatever is not Thai counts as English."""
        found = language_of(self.question.body)
        spoken = self.conversation.visitor.language
        return found if found == "th" or spoken in ("", "th") else spoken

    @property
    def name(self) -> str:
        with translation.override(self.language):
            return self.persona.name or _("AI assistant")


@dataclass(frozen=True)
class Say:
    outcome: Outcome
    body: str
    sources: tuple[dict[str, Any], ...] = ()
    quick_replies: tuple[str, ...] = ()
    confidence: float = 0.0
    hits: tuple[Hit, ...] = ()
    # The model that said it, if one did: {"provider", "model", "cost"}.
    by: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class GiveUp:
    reason: str
    confidence: float = 0.0
    hits: tuple[Hit, ...] = ()
    by: dict[str, Any] = field(default_factory=dict)
    # The name of the rule that called for a person, if one did.
    rule: str = ""


Thought = Say | GiveUp


Reserve = Callable[[int], ledger.Reservation]


def think(turn: Turn, show: Show = unseen) -> Thought:
    """`show`: is given what a model has written so far, a few times a second."""
    return _without_looking(turn) or from_knowledge(turn, partial(_reserve, turn), show)


def _without_looking(turn: Turn) -> Thought | None:
    text, persona = turn.question.body, turn.persona
    if turn.conversation.inbox.answered_by != Handler.AI:
        return GiveUp(handoffs.SWITCHED_OFF)
    if not _is_on_duty(turn):
        return GiveUp(handoffs.HOURS)
    if not text.strip():
        return GiveUp(handoffs.FILE)
    if first := before_search(text, persona):
        return _said_at_once(first)
    if turn.conversation.first_replied_at and not _ASKS.search(normalise(text)):
        return GiveUp(handoffs.CONTINUED)
    return None


def _said_at_once(first: outcomes.Outcome) -> Thought:
    if first.kind == Kind.MODERATED:
        return GiveUp(handoffs.MODERATED, rule=first.rule)
    return GiveUp(handoffs.ASKED) if first.kind == Kind.PERSON else Say(Outcome.REPLIED, first.text)


def _is_on_duty(turn: Turn) -> bool:
    inbox, wanted = turn.conversation.inbox, turn.persona.hours
    is_open = inbox.hours.is_open(timezone.now(), turn.workspace.timezone)
    return wanted == Hours.ALWAYS or is_open == (wanted == Hours.INSIDE)


def from_knowledge(turn: Turn, reserve: Reserve, show: Show = unseen) -> Thought:
    """`reserve`: who pays for a model, if one is asked."""
    hits = search(turn.workspace, turn.question.body, history=turn.earlier)
    return _in_own_words(turn, hits, reserve, show) or _word_by_word(turn, hits)


def _in_own_words(turn: Turn, hits: Sequence[Hit], reserve: Reserve, show: Show) -> Thought | None:
    """Of a model. None: there is none, it failed, or nothing stands for what it said."""
    decision = decide(hits, turn.persona.style, by_model=True)
    if decision.verdict == Verdict.HAND_OFF or not turn.workspace.ai_chain.exists():
        return None
    if screening.objects(turn.workspace, turn.persona, turn.question.body):
        return GiveUp(handoffs.MODERATED, decision.confidence, tuple(hits), rule=handoffs.PROVIDER)
    prompt = prompts.build(
        turn.persona, name=turn.name, shop=turn.workspace.name, language=turn.language, talk=turn.talk, hits=hits
    )
    reply = modelled.ask(prompt, reserve, partial(_show_clean, turn.persona, show))
    if reply is None or (reply.grounded is None and not reply.gives_up):
        return None
    if reply.grounded is None:
        return GiveUp(handoffs.UNKNOWN, decision.confidence, tuple(hits), reply.by)
    if moderation.ruling(reply.grounded.text, turn.persona):
        logger.warning("a model's answer breaks a rule of moderation")
        return None
    sources = tuple(cited(hit.chunk) for hit in reply.grounded.hits)
    return Say(Outcome.ANSWERED, reply.grounded.text, sources, (), decision.confidence, tuple(hits), reply.by)


async def _show_clean(persona: Persona, show: Show, text: str) -> None:
    """What breaks a rule is not seen while it is being written either."""
    if not moderation.ruling(text, persona):
        await show(text)


def _reserve(turn: Turn, tokens: int) -> ledger.Reservation:
    return ledger.reserve(
        turn.workspace,
        tokens=tokens,
        conversation=turn.conversation,
        message=turn.question,
        visitor_key=turn.conversation.visitor_id,
    )


def _word_by_word(turn: Turn, hits: Sequence[Hit]) -> Thought:
    decision = decide(hits, turn.persona.style)
    if decision.verdict == Verdict.ANSWER and (found := extract(turn.question.body, hits)):
        return Say(Outcome.ANSWERED, found.text, (cited(found.chunk),), (), decision.confidence, tuple(hits))
    if decision.verdict == Verdict.DID_YOU_MEAN and not turn.asked_back:
        return _ask_back(turn, decision, hits)
    return GiveUp(handoffs.UNKNOWN, decision.confidence, tuple(hits))


def _ask_back(turn: Turn, decision: Decision, hits: Sequence[Hit]) -> Thought:
    titles = [hit.chunk.titles[0] for hit in decision.suggestions]
    fitting = tuple(dict.fromkeys(title for title in titles if len(title) <= LONGEST_SUGGESTION))
    if not fitting:
        return GiveUp(handoffs.UNKNOWN, decision.confidence, tuple(hits))
    with translation.override(turn.language):
        return Say(Outcome.ASKED_BACK, _("Is it one of these?"), (), fitting, decision.confidence, tuple(hits))


def cited(chunk: Chunk) -> dict[str, Any]:
    """A source as it is kept with the message: it stays what it was when the knowledge changes."""
    return {
        "title": title_of(chunk),
        "url": chunk.url,
        "page": chunk.page,
        "quote": chunk.text[:QUOTE] + ("…" if len(chunk.text) > QUOTE else ""),
        "source": str(chunk.document.source_id),
    }


def told(question: str, hits: Sequence[Hit]) -> list[dict[str, Any]]:
    """Hits as they are kept with the answer, for whoever asks why."""
    return [
        {
            "title": title_of(hit.chunk),
            "source": str(hit.chunk.document.source_id),
            "points": round(100 * hit.score),
            "words": spoken(question, hit.matched),
        }
        for hit in hits
    ]
