"""Who somebody is: what the customer's server vouches for, and what is only said (SR-33, SR-34)."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from contacts import attributes as gate
from contacts.actions.contacts import new_contact
from contacts.models import Contact
from minichat.lib.merging import repoint
from minichat.lib.transactions import action
from workspaces.models import Workspace

WRITTEN = [
    *gate.TRAITS,
    "folded",
    "language",
    "attributes",
    "proven",
    "external_id",
    "verified_at",
    "last_seen_at",
    "proven_email",
]


@dataclass(frozen=True)
class Identity:
    """A verified claim: the customer's own name for the person, and what they know of them. All of it clean."""

    subject: str
    traits: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)
    language: str = ""


@action
def recognise(workspace: Workspace, *, identity: Identity, known: Contact | None = None) -> Contact:
    """The contact of this claim, with what the claim says of them.

    `known` is who they were before, if nobody had vouched for them: that contact becomes the new one, or is taken into
    the one that there is. Typed addresses and names find nobody.
    """
    # In the order of their keys, as `merge` does.
    wanted = Q(external_id=identity.subject) | Q(pk=known.pk if known else None)
    rows = list(workspace.contacts.select_for_update(of=("self",)).filter(wanted).order_by("pk"))
    contact = next((row for row in rows if row.external_id == identity.subject), None)
    known = next((row for row in rows if row != contact), None)
    if contact is None:
        contact = _first_time(workspace, identity, known)
    elif known is not None:
        _take_in(contact, known)
    _write(contact, identity.traits, identity.attributes, is_proven=True)
    contact.language = identity.language or contact.language
    contact.verified_at = contact.last_seen_at = timezone.now()
    contact.save(update_fields=WRITTEN)
    return contact


@action
def describe(contact: Contact, *, traits: dict[str, str] | None = None, attributes: dict[str, str]) -> Contact:
    """What the page says about its visitor, unsigned. It never overwrites what was vouched for."""
    contact = contact.workspace.contacts.select_for_update().get(pk=contact.pk)
    _write(contact, traits or {}, attributes, is_proven=False)
    contact.save(update_fields=WRITTEN)
    return contact


def _first_time(workspace: Workspace, identity: Identity, known: Contact | None) -> Contact:
    contact = known or new_contact(workspace, language=identity.language)
    contact.external_id = identity.subject
    contact.proven_email = ""  # whoever used this browser before may have proven a mailbox of their own
    try:
        with transaction.atomic():
            contact.save(update_fields=["external_id"])
    except IntegrityError:
        # Vouched for at the same moment through another inbox.
        contact.external_id = None
        found = workspace.contacts.get(external_id=identity.subject)
        _take_in(found, contact)
        return found
    return contact


def _take_in(contact: Contact, other: Contact) -> None:
    """`other` was this contact all along: what was typed fills gaps, what hangs on it moves."""
    for name in gate.TRAITS:
        setattr(contact, name, getattr(contact, name) or getattr(other, name))
    contact.attributes = gate.fitting(contact.attributes, other.attributes)
    contact.first_seen_at = min(contact.first_seen_at, other.first_seen_at)
    contact.save(update_fields=["first_seen_at"])
    repoint(other, contact)
    other.delete()


def _write(contact: Contact, traits: dict[str, str], attributes: dict[str, str], *, is_proven: bool) -> None:
    if not is_proven:
        traits = {name: text for name, text in traits.items() if name not in contact.proven}
        attributes = {name: text for name, text in attributes.items() if gate.proof_of(name) not in contact.proven}
    for name, text in traits.items():
        setattr(contact, name, text)
    if not is_proven:
        contact.attributes = gate.merged(contact.attributes, attributes)
        return
    # What was vouched for before has room before what was only typed.
    older = sorted(contact.attributes.items(), key=lambda one: gate.proof_of(one[0]) not in contact.proven)
    left = {name: text for name, text in older if name not in attributes}
    contact.attributes = gate.fitting({name: text for name, text in attributes.items() if text}, left)
    contact.proven = gate.proven_of(contact, {*contact.proven, *traits, *map(gate.proof_of, attributes)})
    contact.proven_email = traits.get("email", contact.proven_email)
