"""`python -m tests.faults.seed`, with the settings of the house: its people and its widget. Prints them as JSON."""

from __future__ import annotations

import json
import os
import sys

PASSWORD = "fault-runs-only-4711"
SHOP = "https://shop.acme.test"
OPERATORS = {"omar@acme.test": "Omar Haddad", "olga@acme.test": "Olga Lund"}
STRANGER = "gil@globex.test"


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minichat.settings")
    import django

    django.setup()
    sys.stdout.write(json.dumps(seed()))


def seed() -> dict[str, object]:
    from chat import actions as chat
    from workspaces import actions
    from workspaces.roles import Role

    acme = actions.create_workspace(_person("ana@acme.test", "Ana"), name="Acme", slug="acme", plan="business")
    for email, name in OPERATORS.items():
        actions.add_member(acme, user=_person(email, name), role=Role.OPERATOR)
    actions.create_workspace(_person(STRANGER, "Gil"), name="Globex", slug="globex", plan="business")
    inbox = acme.inboxes.get()
    chat.set_allowed_origins(inbox, origins=[SHOP], by=acme.memberships.get(role=Role.OWNER))
    return {"slug": acme.slug, "key": inbox.widget_key, "operators": list(OPERATORS), "stranger_slug": "globex"}


def _person(email: str, name: str):  # noqa: ANN202
    from allauth.account.models import EmailAddress

    from accounts.models import User

    user = User.objects.create_user(email, PASSWORD, name=name)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


if __name__ == "__main__":
    main()
