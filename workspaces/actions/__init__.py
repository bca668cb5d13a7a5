from workspaces.actions.branding import remove_logo, set_logo
from workspaces.actions.invitations import accept, invite, resend, revoke
from workspaces.actions.members import (
    add_member,
    change_role,
    deactivate_member,
    mark_seen,
    mark_used,
    reactivate_member,
    remove_member,
)
from workspaces.actions.ownership import accept_ownership, end_ownership_offer, offer_ownership
from workspaces.actions.spaces import create_workspace

__all__ = [
    "accept",
    "accept_ownership",
    "add_member",
    "change_role",
    "create_workspace",
    "deactivate_member",
    "end_ownership_offer",
    "invite",
    "mark_seen",
    "mark_used",
    "offer_ownership",
    "reactivate_member",
    "remove_logo",
    "remove_member",
    "resend",
    "revoke",
    "set_logo",
]
