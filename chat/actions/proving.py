"""A visitor proves that a mailbox is theirs: a code goes to it, and comes back through the chat.

Nobody is told whether we know an address: asking for a code looks at nothing and answers alike (SR-20, SR-33).
"""

from __future__ import annotations

from django.db.models import F
from django.utils.crypto import constant_time_compare, get_random_string, salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.addresses import normalise
from chat import emails, events
from chat.models import AddressProof, Visitor
from chat.models.address_proof import MOST_TRIES
from contacts.models import Contact
from minichat.lib.errors import Conflict, Invalid
from minichat.lib.transactions import action
from workspaces.events import emit

# Its own: a code that was mailed for anything else opens nothing here (SR-16).
SALT = "chat.address_proof"


class WrongCode(Invalid):
    code = "wrong_code"
    message = _("This code does not fit, or it is too old.")


class NotHere(Conflict):
    code = "not_here"
    message = _("An address cannot be confirmed in this chat. Ask the team.")


@action
def ask_proof(visitor: Visitor, *, email: str, mails: bool = True) -> None:
    """Mails a code; one that was asked for before is void. `mails` false: everything but the mail happens."""
    _contact_of(visitor)
    code = get_random_string(6, "0123456789")
    visitor.workspace.address_proofs.filter(visitor=visitor).delete()
    visitor.workspace.address_proofs.create(visitor=visitor, email=email, digest=_digest(visitor, email, code))
    if mails:
        emails.address_code(visitor, email, code).send()


def prove(visitor: Visitor, *, code: str) -> None:
    """The address is proven from now on. Raises `WrongCode`; after five of them only a new code helps."""
    # In a transaction of its own: of a hundred guesses at once five are heard, and a refusal gives none back.
    if not (_spend_try(visitor) and _take(visitor, code)):
        raise WrongCode


@action
def _spend_try(visitor: Visitor) -> bool:
    rows = visitor.workspace.address_proofs.good().filter(visitor=visitor, tries__lt=MOST_TRIES)
    return bool(rows.update(tries=F("tries") + 1))


@action
def _take(visitor: Visitor, code: str) -> bool:
    contact = _contact_of(visitor)
    row = visitor.workspace.address_proofs.select_for_update(of=("self",)).good().filter(visitor=visitor).first()
    if row is None or not constant_time_compare(row.digest, _digest(visitor, row.email, "".join(code.split()))):
        return False
    row.delete()
    contact.proven_email = row.email
    contact.save(update_fields=["proven_email"])
    emit(events.ADDRESS_PROVEN, contact)
    return True


def forget_old() -> int:
    """Addresses that nobody has proven are not kept."""
    return AddressProof.unscoped.old().delete()[0]


def _contact_of(visitor: Visitor) -> Contact:
    """The contact under its lock. What mails go to is the contact's: whoever shares one with browsers for which nobody
    has vouched, or whose address the website has told, does not turn the mails to another mailbox from here."""
    contact: Contact = visitor.workspace.contacts.select_for_update(of=("self",)).get(pk=visitor.contact_id)
    others = contact.visitors.exclude(pk=visitor.pk)
    if visitor.verified_at is not None:
        others = others.filter(verified_at=None)
    is_told = "email" in contact.proven or (contact.external_id and visitor.verified_at is None)
    if is_told or others.exists():
        raise NotHere
    return contact


def _digest(visitor: Visitor, email: str, code: str) -> str:
    return salted_hmac(SALT, f"{visitor.pk}:{normalise(email)}:{code}", algorithm="sha256").hexdigest()
