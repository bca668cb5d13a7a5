from contacts.actions.contacts import (
    change_contact,
    delete_attribute,
    learn,
    mark_seen,
    new_contact,
    note_contacts_export,
    set_attribute,
)
from contacts.actions.forms import FieldWish, set_form
from contacts.actions.identity import Identity, describe, recognise
from contacts.actions.leads import (
    NOWHERE,
    Answer,
    Origin,
    assign_lead,
    capture_lead,
    move_lead,
    release_leads,
    take_answers,
)
from contacts.actions.merging import TwoIdentities, merge, refuse_two_identities, words_of
from contacts.actions.notes import add_note, change_note, delete_note

__all__ = [
    "NOWHERE",
    "Answer",
    "FieldWish",
    "Identity",
    "Origin",
    "TwoIdentities",
    "add_note",
    "assign_lead",
    "capture_lead",
    "change_contact",
    "change_note",
    "delete_attribute",
    "delete_note",
    "describe",
    "learn",
    "mark_seen",
    "merge",
    "move_lead",
    "new_contact",
    "note_contacts_export",
    "recognise",
    "refuse_two_identities",
    "release_leads",
    "set_attribute",
    "set_form",
    "take_answers",
    "words_of",
]
