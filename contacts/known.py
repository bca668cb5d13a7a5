"""What is known about a person, and what of it the customer's server has vouched for (SR-33)."""

from __future__ import annotations

from typing import Any

from contacts.attributes import TRAITS, proof_of
from contacts.models import Contact


def known_of(contact: Contact) -> dict[str, Any]:
    """`typed`: something is said that nobody vouches for; of a verified person each such thing is marked by itself."""
    verified = contact.is_verified
    said = {name for name in TRAITS if getattr(contact, name)} | {proof_of(name) for name in contact.attributes}
    typed = said - set(contact.proven)
    return {
        "verified": verified,
        "external_id": contact.external_id,
        "typed": bool(typed) and not verified,
        **{name: verified and name in typed for name in TRAITS},
        "attributes": [
            {"name": name, "text": text, "typed": verified and proof_of(name) in typed}
            for name, text in sorted(contact.attributes.items())
        ],
    }
