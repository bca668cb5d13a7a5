from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from contacts import events
from contacts.actions.contacts import TYPED
from contacts.attributes import fitting, proof_of, proven_of
from contacts.models import Contact
from minichat.lib.errors import Conflict, NotFound
from minichat.lib.transactions import action
from workspaces.events import emit
from workspaces.models import Membership


class TwoIdentities(Conflict):
    """Both were vouched for by the customer's own server, as two different people: nobody here knows better."""

    message = _("These are two verified people with different IDs. They cannot be merged.")


@action
def merge(primary: Contact, duplicate: Contact, *, by: Membership) -> Contact:
    """Two rows are one person, somebody on the team decided. The primary's words stay, gaps are filled from the other;
    what the customer's server has vouched for goes before what was typed (`words_of`).

    Everything of the duplicate moves; the rooms above re-point their rows when they hear `CONTACT_MERGED`. What a
    visitor's credential opens does not change by it (SR-33).
    """
    if primary.pk == duplicate.pk:
        raise Conflict(_("That is the same contact."))
    # In the order of their keys, so that two merges do not wait for each other.
    rows = by.workspace.contacts.select_for_update(of=("self",)).filter(pk__in=[primary.pk, duplicate.pk])
    found = {row.pk: row for row in rows.order_by("pk")}
    if len(found) < 2:
        raise NotFound
    primary, duplicate = found[primary.pk], found[duplicate.pk]
    refuse_two_identities(primary, duplicate)
    label = str(duplicate)
    emit(events.CONTACT_MERGED, primary, actor=by, duplicate=duplicate.pk, duplicate_label=label)
    duplicate.notes.update(contact=primary)
    duplicate.leads.update(contact=primary)
    duplicate.delete()
    _take_over(primary, duplicate)
    primary.save()
    return primary


def refuse_two_identities(primary: Contact, duplicate: Contact) -> None:
    """A verified identity never moves to another one."""
    ids = {primary.external_id, duplicate.external_id} - {None}
    if len(ids) > 1:
        raise TwoIdentities


def words_of(primary: Contact, duplicate: Contact) -> dict[str, str]:
    """Name, address, number and company of the one that stays. At most one of the two was ever vouched for."""
    rows = {name: (duplicate, primary) if name in duplicate.proven else (primary, duplicate) for name in TYPED}
    return {name: getattr(first, name) or getattr(then, name) for name, (first, then) in rows.items()}


def _proven(primary: Contact, duplicate: Contact) -> str:
    """What the website vouched for, or what both have proven. Otherwise nothing: whoever typed a customer's name and
    proved a mailbox of their own would be sent the customer's mails, once somebody takes the two for one (SR-33)."""
    for row in (primary, duplicate):
        if row.external_id:
            return row.proven_email
    return primary.proven_email if primary.proven_email == duplicate.proven_email else ""


def _take_over(primary: Contact, duplicate: Contact) -> None:
    primary.proven_email = _proven(primary, duplicate)
    proven = {*primary.proven, *duplicate.proven}
    for name, text in words_of(primary, duplicate).items():
        setattr(primary, name, text)
    for name in ("external_id", "verified_at", "mail_off_at", "language"):
        setattr(primary, name, getattr(primary, name) or getattr(duplicate, name))
    vouched = {key: text for key, text in duplicate.attributes.items() if proof_of(key) in duplicate.proven}
    primary.attributes = fitting(fitting(vouched, primary.attributes), duplicate.attributes)
    primary.proven = proven_of(primary, proven)
    primary.first_seen_at = min(primary.first_seen_at, duplicate.first_seen_at)
    primary.last_seen_at = max(primary.last_seen_at, duplicate.last_seen_at)
