from django.utils.translation import gettext_lazy as _

from workspaces.events import Event, name_group

name_group("message", _("Messages"))
name_group("conversation", _("Conversations"))
name_group("inbox", _("Inboxes"))
name_group("canned_response", _("Canned responses"))
name_group("visitor", _("Visitors"))
name_group("label", _("Labels"))

MESSAGE_CREATED = Event("message.created", audited=False, public=True)
MESSAGE_EDITED = Event("message.edited", audited=True, public=True, says=_("%(actor)s edited a message."))
MESSAGE_DELETED = Event("message.deleted", audited=True, public=True, says=_("%(actor)s deleted a message."))
CONVERSATION_ASSIGNED = Event(
    "conversation.assigned",
    audited=True,
    public=True,
    says=_("%(actor)s assigned conversation %(target)s to %(assignee_name)s."),
)
CONVERSATION_RESOLVED = Event(
    "conversation.resolved", audited=True, public=True, says=_("%(actor)s closed conversation %(target)s.")
)
CONVERSATION_REOPENED = Event(
    "conversation.reopened", audited=True, public=True, says=_("%(actor)s reopened conversation %(target)s.")
)
CONVERSATION_MAILED = Event(
    "conversation.mailed",
    audited=True,
    public=False,
    says=_("%(actor)s sent conversation %(target)s by email."),
)
ADDRESS_PROVEN = Event(
    "contact.address_proven",
    audited=True,
    public=False,
    says=_("%(target)s confirmed an email address in the chat."),
)
CONVERSATION_HANDED_OFF = Event("conversation.handed_off", audited=False, public=True)
CONVERSATION_HANDED_BACK = Event("conversation.handed_back", audited=False, public=True)
CONVERSATION_RATED = Event("conversation.rated", audited=False, public=True)
CONVERSATION_SNOOZED = Event("conversation.snoozed", audited=False, public=True)
CONVERSATION_RETURNED = Event("conversation.returned", audited=False, public=True)
CONVERSATION_PRIORITISED = Event("conversation.prioritised", audited=False, public=True)
CONVERSATION_LABELLED = Event("conversation.labelled", audited=False, public=True)
LABEL_CREATED = Event("label.created", audited=True, public=False, says=_("%(actor)s created the label %(target)s."))
LABEL_CHANGED = Event("label.changed", audited=True, public=False, says=_("%(actor)s changed the label %(target)s."))
LABEL_DELETED = Event("label.deleted", audited=True, public=False, says=_("%(actor)s deleted the label %(target)s."))
INBOX_CREATED = Event("inbox.created", audited=True, public=False, says=_("%(actor)s created the inbox %(target)s."))
INBOX_CHANGED = Event("inbox.changed", audited=True, public=False, says=_("%(actor)s changed the inbox %(target)s."))
INBOX_MEMBERS_CHANGED = Event(
    "inbox.members_changed",
    audited=True,
    public=False,
    says=_("%(actor)s changed who sees the inbox %(target)s."),
)
INBOX_CLOSED = Event("inbox.closed", audited=True, public=False, says=_("%(actor)s closed the inbox %(target)s."))
INBOX_REOPENED = Event(
    "inbox.reopened", audited=True, public=False, says=_("%(actor)s opened the inbox %(target)s again.")
)
INBOX_LOOK_CHANGED = Event(
    "inbox.look_changed", audited=True, public=False, says=_("%(actor)s changed the look of %(target)s.")
)
INBOX_FORM_CHANGED = Event(
    "inbox.form_changed",
    audited=True,
    public=False,
    says=_("%(actor)s changed what visitors of %(target)s are asked."),
)
INBOX_INSTALLED = Event(
    "inbox.installed",
    audited=True,
    public=False,
    says=_("The chat was opened on a website for the first time: %(origin)s"),
)
VISITOR_BLOCKED = Event("visitor.blocked", audited=True, public=False, says=_("%(actor)s blocked %(target)s."))
VISITOR_UNBLOCKED = Event("visitor.unblocked", audited=True, public=False, says=_("%(actor)s unblocked %(target)s."))
CANNED_RESPONSE_CREATED = Event(
    "canned_response.created", audited=True, public=False, says=_("%(actor)s wrote the canned response %(target)s.")
)
CANNED_RESPONSE_CHANGED = Event(
    "canned_response.changed", audited=True, public=False, says=_("%(actor)s changed the canned response %(target)s.")
)
CANNED_RESPONSE_DELETED = Event(
    "canned_response.deleted", audited=True, public=False, says=_("%(actor)s deleted the canned response %(target)s.")
)
CANNED_RESPONSES_IMPORTED = Event(
    "canned_response.imported", audited=True, public=False, says=_("%(actor)s imported canned responses.")
)
IDENTITY_KEY_CREATED = Event(
    "inbox.identity_key_created",
    audited=True,
    public=False,
    says=_("%(actor)s made a secret for verified visitors of %(target)s."),
)
IDENTITY_KEY_REVOKED = Event(
    "inbox.identity_key_revoked",
    audited=True,
    public=False,
    says=_("%(actor)s revoked a secret for verified visitors of %(target)s."),
)
IDENTITY_ENFORCED = Event(
    "inbox.identity_enforced", audited=True, public=False, says=_("%(actor)s closed %(target)s to unverified visitors.")
)
IDENTITY_OPTIONAL = Event(
    "inbox.identity_optional", audited=True, public=False, says=_("%(actor)s opened %(target)s to unverified visitors.")
)
