from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from minichat.lib.errors import MiniChatError
from minichat.lib.text import clean_line
from workspaces import actions
from workspaces.models import Workspace


class Command(BaseCommand):
    help = "Suspends a workspace: its team reads, visitors are told that the chat rests. --resume lifts it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--reason", default="", help="told to the owners by mail")
        parser.add_argument("--resume", action="store_true")

    def handle(self, *args: Any, slug: str, reason: str, resume: bool, **options: Any) -> None:
        workspace = Workspace.objects.filter(slug=slug).first()
        if workspace is None:
            raise CommandError(f"There is no workspace {slug}.")
        if not resume and not clean_line(reason):
            raise CommandError("Say why: --reason '…'. The owners read it.")
        try:
            if resume:
                workspace = actions.resume(workspace)
            else:
                workspace = actions.suspend(workspace, reason=clean_line(reason)[:500])
        except MiniChatError as error:
            raise CommandError(error.detail) from error
        self.stdout.write(f"{workspace.slug} is {workspace.status} now.")
