"""What the server says when it is up."""

from __future__ import annotations

from django.conf import settings

DEMO_ACCOUNTS = [
    ("ana@acme.test", "owner of Acme"),
    ("omar@acme.test", "operator of Acme"),
    ("vera@acme.test", "viewer of Acme"),
    ("gil@globex.test", "owner of Globex"),
    ("staff@minichat.test", "staff"),
]


def greeting(port: int) -> str:
    if not settings.LOCAL:
        return f"MiniChat serves port {port}.\n"
    lines = ["", f"  Dashboard   http://127.0.0.1:{port}/"]
    if settings.DEMO:
        lines += [f"  Demo shop   http://localhost:{port}/demo/", "", *_accounts()]
    lines += [f"  Mail        http://127.0.0.1:{port}/dev/mail/", "", "  Ctrl-C stops.", ""]
    return "\n".join(lines) + "\n"


def _accounts() -> list[str]:
    rows = [f"  {address:<22}{role}" for address, role in DEMO_ACCOUNTS]
    return [*rows, f"  Password for all: {settings.DEMO_PASSWORD}", ""]
