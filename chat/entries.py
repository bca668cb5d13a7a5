"""The index of messages follows the messages: in their transaction, in the same trip to the database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, Model, OuterRef, Q

from chat.models import Attachment, Kind, Message, MessageEntry
from minichat.lib import postings, roundtrips, searching

BATCH = 500


def follow(new: Iterable[Message], changed: Sequence[Message]) -> list[roundtrips.Statement]:
    """What has to be written so that new rows are found, changed ones by their new words, and deleted ones no more."""
    texts = [row for row in (*new, *changed) if is_text(row)]
    return [*_gone(changed), *roundtrips.insert([entry_of(row) for row in texts])]


def entry_of(row: Message, model: type[Any] = MessageEntry, names: Iterable[str] | None = None) -> Any:
    """By what was said, and by the names of the files that came with it (None: `row.files` knows them)."""
    files = [file.name for file in row.files] if names is None else names
    text = searching.folded("\n".join([row.body, *files]))
    numbers = searching.keys(row.workspace_id, searching.tokens(text))
    return model(workspace_id=row.workspace_id, message_id=row.pk, at=row.created_at, text=text, tokens=numbers)


def is_text(row: Message) -> bool:
    return row.kind != Kind.EVENT and row.deleted_at is None and bool(row.body or row.files)


def _gone(rows: Sequence[Message]) -> list[roundtrips.Statement]:
    table = connection.ops.quote_name(MessageEntry._meta.db_table)
    key = MessageEntry._meta.get_field("message")
    params = [key.get_db_prep_save(row.pk, connection) for row in rows]
    holes = ", ".join(["%s"] * len(params))
    return [(f"DELETE FROM {table} WHERE message_id IN ({holes})", params)] if params else []  # noqa: S608


def tidy() -> None:
    postings.tidy(MessageEntry)


def forget() -> None:
    """Empty the index, some rows at a time."""
    while keys := list(MessageEntry.unscoped.order_by("pk").values_list("pk", flat=True)[: BATCH * 10]):
        MessageEntry.unscoped.filter(pk__in=keys)._raw_delete("default")


def fill(
    messages: type[Model] = Message, entries: type[Model] = MessageEntry, files: type[Model] | None = Attachment
) -> int:
    """Make the entries that are missing, some at a time, oldest first; how many. May be cut off and run again.

    The arguments are for migrations, whose models are of their time; there were no files at first.
    """
    made, last = 0, None
    while True:
        with transaction.atomic():
            says_something: Any = ~Q(body="")
            if files is not None:
                says_something |= Exists(files._base_manager.filter(message=OuterRef("pk")))
            rows = messages._base_manager.exclude(kind=Kind.EVENT).filter(says_something, deleted_at=None)
            missing = rows.filter(~Exists(entries._base_manager.filter(message=OuterRef("pk")))).order_by("pk")
            if last is not None:
                missing = missing.filter(pk__gt=last)
            # Under lock: an edit or a deletion that is on its way comes after us, and corrects what we wrote.
            batch: list[Any] = list(missing.select_for_update(of=("self",), no_key=True)[:BATCH])
            if not batch:
                return made
            names = _names(files, batch)
            made_now = [entry_of(row, entries, names.get(row.pk, [])) for row in batch]
            entries._base_manager.bulk_create(made_now, ignore_conflicts=True)
        made, last = made + len(batch), batch[-1].pk


def fill_anew(messages: type[Model], entries: type[Model], files: type[Model]) -> None:
    """Entries of messages with files, which did not know their names."""
    named = files._base_manager.filter(message=OuterRef("message"))
    keys = list(entries._base_manager.filter(Exists(named)).values_list("pk", flat=True))
    for at in range(0, len(keys), BATCH):
        entries._base_manager.filter(pk__in=keys[at : at + BATCH])._raw_delete("default")
    fill(messages, entries, files)


def _names(files: type[Model] | None, batch: Sequence[Any]) -> dict[Any, list[str]]:
    found: dict[Any, list[str]] = {}
    if files is not None:
        rows = files._base_manager.filter(message__in=[row.pk for row in batch]).order_by("position")
        for key, name in rows.values_list("message", "name"):
            found.setdefault(key, []).append(name)
    return found
