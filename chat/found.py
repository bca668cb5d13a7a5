"""What a member finds: contacts, conversations by their number, messages. The inbox and the palette ask here."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.http import urlencode

from chat.models import Message
from chat.models.conversation import ConversationQuerySet
from minichat.lib.searching import Question
from minichat.lib.snippets import Piece, snippet
from workspaces.models import Membership, Workspace

LARGEST_NUMBER = 2**31 - 1


def people(membership: Membership, text: str, conversations: ConversationQuerySet) -> QuerySet[Any]:
    """Contacts by what is known of them, those who were here last first; `latest`: their newest of `conversations`."""
    latest = conversations.filter(contact=OuterRef("pk")).newest_first().values("pk")[:1]
    found: Any = membership.workspace.contacts.visible_to(membership).matching(text)
    return found.annotate(latest=Subquery(latest)).last_seen_first()


def numbered(text: str, conversations: ConversationQuerySet) -> ConversationQuerySet:
    """ "12" and "#12" are the conversation of that number."""
    digits = text.strip().removeprefix("#")
    is_number = digits.isascii() and digits.isdigit() and int(digits) <= LARGEST_NUMBER
    return conversations.filter(number=int(digits)) if is_number else conversations.none()


def place(workspace: Workspace, message: Message, **query: str) -> str:
    """The thread, opened at this message."""
    thread = reverse("thread", args=[workspace.slug, message.conversation_id])
    return f"{thread}?{urlencode({**query, 'at': str(message.position)})}#m-{message.pk}"


class Shown(NamedTuple):
    """What is shown of a message: of its words, or the name of the file that was asked for."""

    pieces: list[Piece]
    is_file: bool = False


def shown(row: Any, asked: Question) -> Shown:
    """`row` as search finds it: with the names of its files."""
    words = snippet(row.body, asked)
    named = [snippet(name, asked) for name in (row.file_names or "").splitlines()]
    if not row.body or not any(piece.is_hit for piece in words):
        hit = next((name for name in named if any(piece.is_hit for piece in name)), None)
        if hit or (named and not row.body):
            return Shown(hit or named[0], is_file=True)
    return Shown(words)
