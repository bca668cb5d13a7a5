from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from chat import entries


class Command(BaseCommand):
    help = "Makes messages findable that are not in the index of search; with --anew all of them, after a change of it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--anew", action="store_true", help="forget the index first; until the end less is found")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["anew"]:
            entries.forget()
        self.stdout.write(f"{entries.fill()} message(s) can be found now that could not be before.")
