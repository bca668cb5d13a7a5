from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from workspaces.strays import find_strays, links


class Command(BaseCommand):
    help = "Looks for rows that hang off another workspace's row. Fails when there is one."

    def handle(self, *args: Any, **options: Any) -> None:
        strays = 0
        for stray in find_strays():
            strays += 1
            self.stdout.write(str(stray))
        if strays:
            raise CommandError(f"{strays} row(s) point into another workspace.")
        self.stdout.write(f"Checked {len(links())} kinds of links: every row stays in its workspace.")
