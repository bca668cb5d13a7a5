from workspaces.actions.branding import remove_logo, set_logo
from workspaces.actions.members import add_member, change_role, deactivate_member, mark_used
from workspaces.actions.spaces import create_workspace, rename

__all__ = [
    "add_member",
    "change_role",
    "create_workspace",
    "deactivate_member",
    "mark_used",
    "remove_logo",
    "rename",
    "set_logo",
]
