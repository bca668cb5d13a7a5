"""Files in conversations, good ones without the work of drawing them."""

from __future__ import annotations

import uuid
from typing import Any

from chat import actions
from chat.actions.uploads import Sender
from chat.models import Attachment, Conversation
from chat.shelf import ATTACHMENTS

FILES = {"image": {"full.webp": b"full", "thumb.webp": b"thumb"}, "pdf": {"file.pdf": b"%PDF-1.4"}}
TYPES = {"image": "image/webp", "pdf": "application/pdf"}


def uploaded(sender: Sender, kind: str = "image", name: str = "photo.webp", **fields: Any) -> Attachment:
    """A file that waits to be sent."""
    size = {"width": 640, "height": 480} if kind == "image" else {"pages": 2}
    values = {
        "workspace": sender.workspace,
        "sender_key": sender.key,
        "visitor": sender.visitor,
        "membership": sender.membership,
        "conversation": sender.conversation,
        "client_id": uuid.uuid4(),
        "key": ATTACHMENTS.store(FILES[kind]),
        "kept": 9,
        "kind": kind,
        "content_type": TYPES[kind],
        "name": name,
        "size": 4,
        **size,
        **fields,
    }
    return Attachment.unscoped.create(**values)


def sent_file(conversation: Conversation, **fields: Any) -> Attachment:
    """A file in a message of the conversation's visitor."""
    row = uploaded(actions.visiting(conversation.visitor), **fields)
    posted = actions.post_visitor_message(
        conversation.visitor, body="", client_id=uuid.uuid4(), attachments=[row.pk], conversation_id=conversation.pk
    )
    assert posted.message.files == [row]
    row.refresh_from_db()
    return row
