"""Files on their way into a message: received first, taken along by one message later, or swept (SR-48)."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import IO, Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chat.models import Attachment, Conversation, Visitor
from chat.shelf import ATTACHMENTS
from minichat.lib.errors import Conflict, Invalid, NotFound
from minichat.lib.files import Taken, names, take
from minichat.lib.files.refusals import FileRefused, NoRoom
from minichat.lib.transactions import action
from workspaces import usage
from workspaces.models import Membership, Workspace

STORED_BYTES = "stored_bytes"
# What one visitor may bring in a day, and what anybody may leave unsent.
VISITOR_BYTES_A_DAY = 200 * 1024 * 1024
MOST_UNSENT = 20
# Chat texts go on when files cannot: this part of the disk stays free.
FREE_PART = 0.1
FREE_BYTES = 1024**3


class TooManyUnsent(FileRefused):
    code = "too_many_unsent"
    message = _("Many files of yours are waiting to be sent. Send or remove some of them first.")


@dataclass(frozen=True)
class Sender:
    """Who uploads: a visitor, or a member for one conversation."""

    workspace: Workspace
    key: str
    visitor: Visitor | None = None
    membership: Membership | None = None
    conversation: Conversation | None = None


def visiting(visitor: Visitor) -> Sender:
    return Sender(visitor.workspace, visitor.sender_key, visitor=visitor)


def answering(membership: Membership, conversation: Conversation) -> Sender:
    return Sender(membership.workspace, f"m:{membership.pk}", membership=membership, conversation=conversation)


def upload(sender: Sender, *, client_id: UUID, file: IO[bytes], name: str) -> tuple[Attachment, bool]:
    """Receive a file: the row, and whether it was there already under this `client_id`. Raises a `FileRefused`.

    Decoding takes seconds, so it comes before the transaction; what is refused after all is taken away again.
    """
    known = _known(sender, client_id)
    if known is not None:
        return known, True
    ask_for_room()
    taken = take(file)
    key = ATTACHMENTS.store(taken.files)
    try:
        return _add(sender, client_id=client_id, key=key, taken=taken, name=names.shown(name, taken.extension)), False
    except IntegrityError:
        ATTACHMENTS.remove(key)
        twin = _known(sender, client_id)
        if twin is None:
            raise
        return twin, True
    except BaseException:
        ATTACHMENTS.remove(key)
        raise


@action
def _add(sender: Sender, *, client_id: UUID, key: str, taken: Taken, name: str) -> Attachment:
    # Everybody who adds to this workspace's files counts under this lock, one after the other.
    counter = usage.locked(sender.workspace, STORED_BYTES, usage.FOR_EVER)
    if counter.used + taken.kept > settings.STORAGE_PER_WORKSPACE:
        raise NoRoom
    theirs = sender.workspace.attachments.filter(sender_key=sender.key)
    if theirs.unsent().count() >= MOST_UNSENT:
        raise TooManyUnsent
    if sender.visitor is not None and _today(theirs) + taken.kept > VISITOR_BYTES_A_DAY:
        raise NoRoom
    row = sender.workspace.attachments.create(
        conversation=sender.conversation,
        visitor=sender.visitor,
        membership=sender.membership,
        sender_key=sender.key,
        client_id=client_id,
        key=key,
        name=name,
        **row_of(taken),
    )
    counter.used += taken.kept
    counter.save(update_fields=["used"])
    return row


def row_of(taken: Taken) -> dict[str, Any]:
    """What a row says of its file."""
    fields = ("kept", "kind", "content_type", "size", "width", "height", "pages")
    return {field: getattr(taken, field) for field in fields}


@action
def discard(sender: Sender, pk: UUID) -> None:
    """Take an upload back that no message has. Twice is once; raises `NotFound` for what is not theirs to take back."""
    rows = sender.workspace.attachments.filter(sender_key=sender.key, pk=pk)
    row = rows.select_for_update(of=("self",)).first()
    if row is None:
        return
    if row.message_id is not None:
        raise NotFound
    row.delete()


def of_ids(workspace: Workspace, ids: Sequence[UUID]) -> dict[UUID, Attachment]:
    """Under their lock, always in the same order: of two messages that want one upload the second finds it taken."""
    if not ids:
        return {}
    rows = workspace.attachments.filter(pk__in=ids).order_by("pk")
    return {row.pk: row for row in rows.select_for_update(of=("self",), no_key=True)}


def sendable(
    found: Mapping[UUID, Attachment], ids: Sequence[UUID], *, sender_key: str, conversation: Conversation | None
) -> list[Attachment]:
    """The uploads of `ids`, in the order they were named. Whose it is, where it may go and whether it was sent already
    are one answer: nobody learns which of them it was.
    """
    rows = [found.get(pk) for pk in ids]
    for row in rows:
        is_theirs = row is not None and row.sender_key == sender_key and row.message_id is None
        if row is None or not is_theirs or (row.conversation_id and row.conversation_id != _pk(conversation)):
            raise gone()
    return [row for row in rows if row is not None]


def gone() -> Invalid:
    sentence = str(_("A file is no longer there to be sent. Add it again."))
    return Invalid(sentence, errors={"attachments": [sentence]})


@action
def sweep_unsent() -> int:
    """What was uploaded and never sent. How many there were."""
    rows = Attachment.unscoped.left_behind().order_by("pk").select_for_update(of=("self",), skip_locked=True)
    found = list(rows[:500])
    for row in found:
        row.delete()
    return len(found)


def give_back(row: Attachment) -> None:
    """A row was deleted, whoever did it: its files and its part of the quota go with it."""
    ATTACHMENTS.drop(row.key)
    usage.give_back(row.workspace_id, STORED_BYTES, row.kept)


def _known(sender: Sender, client_id: UUID) -> Attachment | None:
    row = sender.workspace.attachments.filter(sender_key=sender.key, client_id=client_id).first()
    if row is not None and sender.conversation is not None and row.conversation_id != sender.conversation.pk:
        raise Conflict(client_id=str(client_id))
    return row


def _today(rows: Any) -> int:
    day = timezone.now() - timedelta(days=1)
    return rows.filter(created_at__gte=day).aggregate(sum=Sum("kept"))["sum"] or 0


def ask_for_room() -> None:
    """Raise `NoRoom` when this machine's disk is nearly full."""
    disk = shutil.disk_usage(settings.MEDIA_ROOT)
    if disk.free < min(disk.total * FREE_PART, FREE_BYTES):
        raise NoRoom


def _pk(conversation: Conversation | None) -> UUID | None:
    return conversation.pk if conversation else None
