from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts.first_sign_in import one_time_url, person
from accounts.models import User
from minichat.lib.text import clean_line
from workspaces import access
from workspaces.actions import create_workspace
from workspaces.models import Workspace
from workspaces.roles import Role


class Command(BaseCommand):
    help = "Makes a person with a workspace of their own and prints a link to choose a password (one use, one hour)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--workspace", default="", help="its name; without it, the part before the @")

    def handle(self, *args: Any, email: str, workspace: str, **options: Any) -> None:
        try:
            user = person(email)
        except ValidationError as error:
            raise CommandError(f"{email}: {error.messages[0]}") from error
        owned = _owned(user, clean_line(workspace))
        self.stdout.write(f"{user.email} owns {owned.name}. Choose a password within an hour:\n{one_time_url(user)}")


def _owned(user: User, name: str) -> Workspace:
    """The workspace of this name that the person owns, or any when no name was given; made when there is none."""
    mine = [row.workspace for row in access.memberships_of(user) if row.role == Role.OWNER]
    fitting = [workspace for workspace in mine if not name or workspace.name == name]
    return fitting[0] if fitting else create_workspace(user, name=(name or user.display_name)[:80])
