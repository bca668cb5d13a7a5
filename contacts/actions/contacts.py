from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from contacts import events
from contacts.attributes import proof_of
from contacts.models import Contact
from contacts.models.contact import MOST_ATTRIBUTES
from minichat.lib.errors import Conflict, NotFound
from minichat.lib.transactions import action
from workspaces import usage
from workspaces.events import emit
from workspaces.models import Membership, Workspace

TYPED = ("name", "email", "phone", "company")
# Seen again sooner than this is no news.
SEEN_PATIENCE = timedelta(minutes=1)


@action
def new_contact(workspace: Workspace, *, name: str = "", language: str = "") -> Contact:
    number = usage.next_number(workspace, "contacts")
    return workspace.contacts.create(name=name, language=language, number=number)


def mark_seen(contact: Contact) -> None:
    """They are here now: a column of the list, so no event."""
    now = timezone.now()
    if now - contact.last_seen_at > SEEN_PATIENCE:
        contact.last_seen_at = now
        contact.save(update_fields=["last_seen_at"])


@action
def change_contact(contact: Contact, *, by: Membership, **fields: str) -> Contact:
    """What a colleague knows better: `fields` are name, email, phone, company."""
    contact = locked(by.workspace, contact)
    changed = [name for name, value in fields.items() if getattr(contact, name) != value]
    if changed:
        for name in changed:
            setattr(contact, name, fields[name])
        _no_longer_proven(contact, changed)
        contact.save(update_fields=[*changed, "folded", "proven"])
        emit(events.CONTACT_CHANGED, contact, actor=by, fields=changed)
    return contact


@action
def learn(contact: Contact, *, typed: Mapping[str, str], answers: Mapping[str, str] | None = None) -> Contact:
    """Keep what a visitor typed about themselves, where nothing was known: it proves nothing, and replaces nothing.

    `typed` are name, email, phone, company; `answers` go to the attributes under the words of their question.
    """
    contact = locked(contact.workspace, contact)
    known = dict(contact.attributes)
    news = [name for name in TYPED if typed.get(name) and not getattr(contact, name)]
    for name in news:
        setattr(contact, name, typed[name])
    for key, value in (answers or {}).items():
        if len(known) < MOST_ATTRIBUTES:
            known.setdefault(key, value)
    if known != contact.attributes:
        contact.attributes = known
        news.append("attributes")
    if news:
        contact.save(update_fields=[*news, "folded"])
        emit(events.CONTACT_LEARNED, contact)
    return contact


@action
def set_attribute(contact: Contact, *, by: Membership, key: str, value: str) -> Contact:
    contact = locked(by.workspace, contact)
    if contact.attributes.get(key) == value:
        return contact
    if key not in contact.attributes and len(contact.attributes) >= MOST_ATTRIBUTES:
        raise Conflict(format_lazy(_("There is room for {limit} attributes."), limit=MOST_ATTRIBUTES))
    contact.attributes = {**contact.attributes, key: value}
    _no_longer_proven(contact, [proof_of(key)])
    contact.save(update_fields=["attributes", "proven"])
    emit(events.CONTACT_CHANGED, contact, actor=by, fields=["attributes"])
    return contact


@action
def delete_attribute(contact: Contact, *, by: Membership, key: str) -> Contact:
    contact = locked(by.workspace, contact)
    if key in contact.attributes:
        contact.attributes = {name: value for name, value in contact.attributes.items() if name != key}
        _no_longer_proven(contact, [proof_of(key)])
        contact.save(update_fields=["attributes", "proven"])
        emit(events.CONTACT_CHANGED, contact, actor=by, fields=["attributes"])
    return contact


@action
def note_contacts_export(workspace: Workspace, *, by: Membership, lines: int) -> None:
    """What leaves the house is written down."""
    emit(events.CONTACTS_EXPORTED, workspace, actor=by, lines=lines)


def _no_longer_proven(contact: Contact, names: Iterable[str]) -> None:
    """What a colleague writes over is no longer what the customer's server has vouched for."""
    contact.proven = [name for name in contact.proven if name not in names]


def locked(workspace: Workspace, contact: Contact) -> Contact:
    found = workspace.contacts.select_for_update(of=("self",)).filter(pk=contact.pk).first()
    if found is None:
        raise NotFound
    return found
