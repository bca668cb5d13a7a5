from contacts.models.contact import Contact, narrowings
from contacts.models.form import FieldKind, LeadField, LeadForm
from contacts.models.lead import Lead, LeadAnswer, LeadStatus, Source
from contacts.models.note import Note

__all__ = [
    "Contact",
    "FieldKind",
    "Lead",
    "LeadAnswer",
    "LeadField",
    "LeadForm",
    "LeadStatus",
    "Note",
    "Source",
    "narrowings",
]
