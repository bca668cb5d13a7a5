from django.utils.translation import gettext_lazy as _

from workspaces.events import Event, name_group

name_group("contact", _("Contacts"))
name_group("lead", _("Leads"))
name_group("note", _("Notes"))

CONTACT_CHANGED = Event(
    "contact.changed", audited=True, public=True, says=_("%(actor)s changed the contact %(target)s.")
)
# A visitor typed who they are; the team did nothing, so the log says nothing.
CONTACT_LEARNED = Event("contact.learned", audited=False, public=False)
CONTACT_MERGED = Event(
    "contact.merged",
    audited=True,
    public=True,
    says=_("%(actor)s merged the contact %(duplicate_label)s into %(target)s."),
)
CONTACTS_EXPORTED = Event(
    "export.contacts", audited=True, public=False, says=_("%(actor)s exported the contacts (%(lines)s lines).")
)
LEAD_CAPTURED = Event("lead.captured", audited=False, public=True)
LEAD_MOVED = Event(
    "lead.moved",
    audited=True,
    public=True,
    says=_("%(actor)s changed the status of the lead %(target)s."),
)
LEAD_ASSIGNED = Event(
    "lead.assigned", audited=True, public=True, says=_("%(actor)s assigned the lead %(target)s to %(assignee_name)s.")
)
NOTE_ADDED = Event("note.added", audited=True, public=False, says=_("%(actor)s wrote a note about %(target)s."))
NOTE_CHANGED = Event("note.changed", audited=True, public=False, says=_("%(actor)s changed a note about %(target)s."))
NOTE_DELETED = Event("note.deleted", audited=True, public=False, says=_("%(actor)s deleted a note about %(target)s."))
