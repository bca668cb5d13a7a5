from chat.actions.canned_responses import (
    add_canned_response,
    change_canned_response,
    delete_canned_response,
    import_canned_responses,
)
from chat.actions.conversations import assign, mark_got, mark_read, mark_visitor, reopen, resolve, take_over
from chat.actions.corrections import EDIT_TIME, delete_message, edit_message
from chat.actions.inboxes import (
    change_inbox,
    create_inbox,
    note_installed,
    note_refused_origin,
    set_allowed_origins,
    set_look,
)
from chat.actions.messages import Posted, post_operator_message
from chat.actions.visitor_messages import VisitorPost, post_visitor_message, post_visitor_messages

__all__ = [
    "EDIT_TIME",
    "Posted",
    "VisitorPost",
    "add_canned_response",
    "assign",
    "change_canned_response",
    "change_inbox",
    "create_inbox",
    "delete_canned_response",
    "delete_message",
    "edit_message",
    "import_canned_responses",
    "mark_got",
    "mark_read",
    "mark_visitor",
    "note_installed",
    "note_refused_origin",
    "post_operator_message",
    "post_visitor_message",
    "post_visitor_messages",
    "reopen",
    "resolve",
    "set_allowed_origins",
    "set_look",
    "take_over",
]
