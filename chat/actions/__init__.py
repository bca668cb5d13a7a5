from chat.actions.about_visitors import describe_visitor, track
from chat.actions.assistant import Late, hand_back, hand_off, mark, post_ai_message, sort_in
from chat.actions.blocks import block, unblock
from chat.actions.canned_responses import (
    add_canned_response,
    change_canned_response,
    delete_canned_response,
    import_canned_responses,
)
from chat.actions.closing import close_inbox, reopen_inbox
from chat.actions.conversations import assign, mark_got, mark_read, mark_visitor, reopen, resolve, take_over
from chat.actions.corrections import EDIT_TIME, delete_message, edit_message
from chat.actions.drafts import save_draft
from chat.actions.identity import identify
from chat.actions.identity_keys import MOST_KEYS, enforce_identity, make_identity_key, revoke_identity_key
from chat.actions.inbox_form import set_inbox_form
from chat.actions.inbox_members import set_inbox_members
from chat.actions.inboxes import (
    change_inbox,
    create_inbox,
    note_installed,
    note_refused_origin,
    set_allowed_origins,
    set_inbox_logo,
    set_look,
    set_triggers,
)
from chat.actions.labels import MOST_LABELS, change_label, create_label, delete_label
from chat.actions.messages import Posted, post_card, post_operator_message
from chat.actions.pages import note_page
from chat.actions.proving import ask_proof, prove
from chat.actions.ratings import rate
from chat.actions.saved_views import add_view, change_view, delete_view, may_change_view
from chat.actions.snoozes import bring_back_some
from chat.actions.starting import start_conversation
from chat.actions.transcripts import mail_transcript
from chat.actions.triage import perform, take_back
from chat.actions.uploads import Sender, answering, discard, sweep_unsent, upload, visiting
from chat.actions.visitor_messages import VisitorPost, post_visitor_message, post_visitor_messages
from chat.actions.word import Filled, acknowledged, take_form

__all__ = [
    "EDIT_TIME",
    "MOST_KEYS",
    "MOST_LABELS",
    "Filled",
    "Late",
    "Posted",
    "Sender",
    "VisitorPost",
    "acknowledged",
    "add_canned_response",
    "add_view",
    "answering",
    "ask_proof",
    "assign",
    "block",
    "bring_back_some",
    "change_canned_response",
    "change_inbox",
    "change_label",
    "change_view",
    "close_inbox",
    "create_inbox",
    "create_label",
    "delete_canned_response",
    "delete_label",
    "delete_message",
    "delete_view",
    "describe_visitor",
    "discard",
    "edit_message",
    "enforce_identity",
    "hand_back",
    "hand_off",
    "identify",
    "import_canned_responses",
    "mail_transcript",
    "make_identity_key",
    "mark",
    "mark_got",
    "mark_read",
    "mark_visitor",
    "may_change_view",
    "note_installed",
    "note_page",
    "note_refused_origin",
    "perform",
    "post_ai_message",
    "post_card",
    "post_operator_message",
    "post_visitor_message",
    "post_visitor_messages",
    "prove",
    "rate",
    "reopen",
    "reopen_inbox",
    "resolve",
    "revoke_identity_key",
    "save_draft",
    "set_allowed_origins",
    "set_inbox_form",
    "set_inbox_logo",
    "set_inbox_members",
    "set_look",
    "set_triggers",
    "sort_in",
    "start_conversation",
    "sweep_unsent",
    "take_back",
    "take_form",
    "take_over",
    "track",
    "unblock",
    "upload",
    "visiting",
]
