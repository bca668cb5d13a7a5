from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts.first_sign_in import one_time_url, person


class Command(BaseCommand):
    help = "Makes a member of the platform's own staff and prints a link to choose a password (one use, one hour)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        try:
            user = person(email, is_staff=True, is_superuser=True)
        except ValidationError as error:
            raise CommandError(f"{email}: {error.messages[0]}") from error
        self.stdout.write(f"{user.email} may open /admin/. Choose a password within an hour:\n{one_time_url(user)}")
