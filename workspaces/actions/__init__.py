from workspaces.actions.branding import remove_logo, set_logo
from workspaces.actions.invitations import accept, invite, resend, revoke
from workspaces.actions.lifecycle import announce_end, close, restore, resume, suspend
from workspaces.actions.members import (
    add_member,
    change_role,
    deactivate_member,
    leave,
    mark_seen,
    mark_used,
    reactivate_member,
    remove_member,
)
from workspaces.actions.ownership import accept_ownership, end_ownership_offer, offer_ownership
from workspaces.actions.pin import check_pin, has_pin, remove_pin, set_pin
from workspaces.actions.records import note_audit_export
from workspaces.actions.spaces import change_settings, create_another, create_workspace

__all__ = [
    "accept",
    "accept_ownership",
    "add_member",
    "announce_end",
    "change_role",
    "change_settings",
    "check_pin",
    "close",
    "create_another",
    "create_workspace",
    "deactivate_member",
    "end_ownership_offer",
    "invite",
    "has_pin",
    "leave",
    "mark_seen",
    "mark_used",
    "note_audit_export",
    "offer_ownership",
    "reactivate_member",
    "remove_logo",
    "remove_member",
    "resend",
    "revoke",
    "remove_pin",
    "restore",
    "resume",
    "set_logo",
    "set_pin",
    "suspend",
]
