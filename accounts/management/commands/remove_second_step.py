from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import actions
from accounts.addresses import normalise
from accounts.models import User


class Command(BaseCommand):
    help = (
        "Removes the app, the passkeys and the recovery codes of somebody who has lost all of them. Make sure that it "
        "is them who asks: afterwards the password alone opens the account. They are told by mail."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        user = User.objects.filter(email=normalise(email)).first()
        if user is None:
            raise CommandError(f"Nobody here has the address {email}.")
        count = actions.remove_second_step(user)
        if not count:
            raise CommandError(f"{user.email} has no second step.")
        self.stdout.write(f"{user.email} now signs in with the password alone, and has been told by mail.")
