"""Notes about a contact: written by the team, once, kept by their authors."""

from __future__ import annotations

import uuid

import pytest

from contacts import actions
from contacts.models import Contact, Note
from minichat.lib.errors import Conflict, Forbidden, NotFound
from workspaces.models import AuditEntry, Membership, Workspace

pytestmark = pytest.mark.django_db


@pytest.fixture
def mali(acme: Workspace) -> Contact:
    return actions.new_contact(acme, name="Mali")


def test_a_note_has_its_author(mali: Contact, omar_member: Membership) -> None:
    note = actions.add_note(mali, by=omar_member, body="ชอบคั่วอ่อน")
    assert (note.author, note.author_name, note.workspace) == (omar_member, "Omar Haddad", mali.workspace)
    assert list(mali.notes.newest_first()) == [note]


def test_sent_twice_is_written_once(mali: Contact, omar_member: Membership, ana_member: Membership) -> None:
    name = uuid.uuid4()
    first = actions.add_note(mali, by=omar_member, body="once", client_id=name)
    assert actions.add_note(mali, by=omar_member, body="once", client_id=name) == first
    assert AuditEntry.unscoped.filter(action="note.added").count() == 1
    with pytest.raises(Conflict):
        actions.add_note(mali, by=omar_member, body="another text", client_id=name)
    with pytest.raises(Conflict):
        actions.add_note(mali, by=ana_member, body="once", client_id=name)
    assert Note.unscoped.count() == 1


def test_only_its_author_changes_it(mali: Contact, omar_member: Membership, ana_member: Membership) -> None:
    note = actions.add_note(mali, by=omar_member, body="before")
    with pytest.raises(Forbidden):
        actions.change_note(note, by=ana_member, body="after")
    assert actions.change_note(note, by=omar_member, body="before").edited_at is None
    changed = actions.change_note(note, by=omar_member, body="after")
    assert changed.body == "after" and changed.edited_at


def test_who_may_delete_it(mali: Contact, omar_member: Membership, ana_member: Membership) -> None:
    ana_s = actions.add_note(mali, by=ana_member, body="Ana's")
    with pytest.raises(Forbidden):
        actions.delete_note(ana_s, by=omar_member)
    actions.delete_note(actions.add_note(mali, by=omar_member, body="own"), by=omar_member)
    actions.delete_note(actions.add_note(mali, by=omar_member, body="a colleague's"), by=ana_member)
    assert list(Note.unscoped.all()) == [ana_s]
    with pytest.raises(NotFound):
        actions.delete_note(Note(pk=uuid.uuid4(), contact=mali), by=ana_member)


def test_SR01_a_strangers_member_finds_no_note(mali: Contact, omar_member: Membership, gil_member: Membership) -> None:
    note = actions.add_note(mali, by=omar_member, body="ours")
    for verb in (actions.delete_note, lambda row, by: actions.change_note(row, by=by, body="theirs")):
        with pytest.raises(NotFound):
            verb(note, by=gil_member)  # type: ignore[operator]


def test_the_log_tells_of_it_without_its_words(mali: Contact, omar_member: Membership) -> None:
    note = actions.add_note(mali, by=omar_member, body="secret words")
    actions.change_note(note, by=omar_member, body="other words")
    actions.delete_note(note, by=omar_member)
    lines = AuditEntry.unscoped.filter(action__startswith="note.").order_by("pk")
    assert [line.action for line in lines] == ["note.added", "note.changed", "note.deleted"]
    assert {line.target_label for line in lines} == {"Mali"}
    assert not any("words" in str(line.data) for line in lines)
