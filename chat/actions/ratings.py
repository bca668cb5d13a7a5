"""What a visitor thought of a conversation: one tap when it is closed, a day to think again."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chat import events
from chat.append import Appender, locked
from chat.models import Conversation, Kind, Status, Visitor
from minichat.lib.errors import Conflict
from minichat.lib.transactions import action
from workspaces.events import emit

RATED = "rated"
# Long enough to think again, too short to be talked into another opinion.
RATING_TIME = timedelta(days=1)


@action
def rate(visitor: Visitor, conversation: Conversation, *, rating: int, comment: str = "") -> Conversation:
    """`rating` is 1 to 5; the same again is no change. The thread keeps one line of it, which changes with it.

    Raises `Conflict` while the conversation is open, and a day after it was first rated.
    """
    conversation = locked(visitor.workspace, conversation.pk)
    if conversation.rated_at is None and conversation.status != Status.RESOLVED:
        raise Conflict(_("A conversation can be rated once it is closed."))
    if conversation.rated_at is not None and timezone.now() - conversation.rated_at > RATING_TIME:
        raise Conflict(_("A rating can be changed for a day."))
    if (conversation.rating, conversation.rating_comment) == (rating, comment):
        return conversation
    with Appender() as appender:
        conversation.rating, conversation.rating_comment = rating, comment
        if conversation.rated_at is None:
            conversation.rated_at = appender.now
            appender.event(conversation, RATED, public=True, rating=rating, comment=comment)
        else:
            rows = conversation.messages.with_authors().with_files()
            row = rows.get(kind=Kind.EVENT, event__name=RATED)
            event = {**(row.event or {}), "rating": rating, "comment": comment}
            appender.change(conversation, row, event=event)
        emit(events.CONVERSATION_RATED, conversation, rating=rating)
    return conversation
