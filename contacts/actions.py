from __future__ import annotations

from minichat.lib.transactions import action
from workspaces import usage
from workspaces.models import Workspace

from contacts.models import Contact


@action
def new_contact(workspace: Workspace, *, name: str = "", language: str = "") -> Contact:
    number = usage.next_number(workspace, "contacts")
    return workspace.contacts.create(name=name, language=language, number=number)
