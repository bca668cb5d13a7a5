from django.utils.translation import gettext_lazy as _

from workspaces.events import Event, name_group

name_group("message", _("Messages"))
name_group("conversation", _("Conversations"))
name_group("inbox", _("Inboxes"))
name_group("canned_response", _("Canned responses"))
name_group("visitor", _("Visitors"))

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
INBOX_CREATED = Event("inbox.created", audited=True, public=False, says=_("%(actor)s created the inbox %(target)s."))
INBOX_CHANGED = Event("inbox.changed", audited=True, public=False, says=_("%(actor)s changed the inbox %(target)s."))
INBOX_LOOK_CHANGED = Event(
    "inbox.look_changed", audited=True, public=False, says=_("%(actor)s changed the look of %(target)s.")
)
INBOX_INSTALLED = Event(
    "inbox.installed",
    audited=True,
    public=False,
    says=_("The chat was opened on a website for the first time: %(origin)s"),
)
VISITOR_BLOCKED = Event("visitor.blocked", audited=True, public=False, says=_("%(actor)s blocked %(target)s."))
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
