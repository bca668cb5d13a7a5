from workspaces.events import Event

MESSAGE_CREATED = Event("message.created", audited=False, public=True)
MESSAGE_EDITED = Event("message.edited", audited=True, public=True)
MESSAGE_DELETED = Event("message.deleted", audited=True, public=True)
CONVERSATION_ASSIGNED = Event("conversation.assigned", audited=True, public=True)
CONVERSATION_RESOLVED = Event("conversation.resolved", audited=True, public=True)
CONVERSATION_REOPENED = Event("conversation.reopened", audited=True, public=True)
INBOX_CREATED = Event("inbox.created", audited=True, public=False)
INBOX_CHANGED = Event("inbox.changed", audited=True, public=False)
INBOX_LOOK_CHANGED = Event("inbox.look_changed", audited=True, public=False)
INBOX_INSTALLED = Event("inbox.installed", audited=True, public=False)
VISITOR_BLOCKED = Event("visitor.blocked", audited=True, public=False)
