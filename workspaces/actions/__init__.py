from workspaces.actions.branding import remove_logo, set_logo
from workspaces.actions.members import (
    add_member,
    change_role,
    deactivate_member,
    mark_seen,
    mark_used,
    reactivate_member,
    remove_member,
)
from workspaces.actions.spaces import create_workspace, rename

__all__ = [
    "add_member",
    "change_role",
    "create_workspace",
    "deactivate_member",
    "mark_seen",
    "mark_used",
    "reactivate_member",
    "remove_logo",
    "remove_member",
    "rename",
    "set_logo",
]
