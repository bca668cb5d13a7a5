"""An FAQ out of what a colleague replied: the next visitor need not wait for them."""

from __future__ import annotations

from chat.models import Kind, Message
from minichat.lib.text import clean_line


def from_reply(reply: Message) -> dict[str, str]:
    """What the form begins with: the visitor's words before the reply, and the reply."""
    asked = reply.conversation.messages.filter(kind=Kind.VISITOR, deleted_at=None, position__lt=reply.position)
    question = asked.exclude(body="").order_by("-position").first()
    return {"question": clean_line(question.body) if question else "", "answer": reply.body}
