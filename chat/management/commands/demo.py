from __future__ import annotations

from io import StringIO
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from chat.demo.seed import seed


class Command(BaseCommand):
    help = "Makes the demo workspaces Acme and Globex with people and conversations. Local mode only; safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        # The accounts share one known password: nothing like this may exist where strangers can reach it.
        if not (settings.LOCAL or settings.TESTING):
            raise CommandError("The demo exists in local mode only (make run).")
        if not settings.DEMO_PASSWORD:
            raise CommandError("Set DEMO_PASSWORD: all demo accounts sign in with it.")
        counts = seed(settings.DEMO_PASSWORD)
        call_command("check_tenancy", stdout=StringIO())
        self.stdout.write("Demo: " + ", ".join(f"{name} {count} conversations" for name, count in counts.items()) + ".")
