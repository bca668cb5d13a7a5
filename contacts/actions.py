from __future__ import annotations

from contacts.models import Contact
from minichat.lib.transactions import action
from workspaces import usage
from workspaces.models import Workspace


@action
def new_contact(workspace: Workspace, *, name: str = "", language: str = "") -> Contact:
    number = usage.next_number(workspace, "contacts")
    return workspace.contacts.create(name=name, language=language, number=number)
