"""With which key a workspace asks a provider: its own, else one of ours, where its plan includes that."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from django.conf import settings

from ai.models import ProviderCredential
from ai.models.credential import HINT
from ai.naming import UNREADABLE
from ai.providers import catalogue, web
from ai.providers.base import Provider, ProviderError, Unreachable
from ai.providers.ollama import Ollama
from ai.providers.speaking import HttpProvider
from minichat.lib import crypto, http
from workspaces.models import Workspace


@dataclass(frozen=True)
class Access:
    """`is_own`: the workspace pays the provider itself."""

    provider: str
    is_own: bool
    key: str = field(default="", repr=False)
    address: str = ""

    def open(self) -> HttpProvider:
        return catalogue.provider(self.provider, key=self.key, address=self.address)


def own(workspace: Workspace) -> dict[str, ProviderCredential]:
    return {row.provider: row for row in workspace.ai_credentials.order_by("created_at", "id")}


def accesses(workspace: Workspace) -> dict[str, Access]:
    """By provider; whoever cannot be asked is not in it. What a plan includes of ours is a question of each model
    (`ai/chain.py`)."""
    found = {name: access for name in catalogue.offered() if (access := _ours(name))}
    for name, row in own(workspace).items():
        found.pop(name, None)
        if name in catalogue.offered() and (access := access_by(row)):
            found[name] = access
    return found


def access_by(row: ProviderCredential) -> Access | None:
    """None for a key that cannot be read any more."""
    try:
        return Access(row.provider, True, read(row), row.base_url)
    except crypto.Unreadable:
        return None


def write(row: ProviderCredential, key: str) -> None:
    row.encrypted_key = crypto.encrypt(key, purpose=_purpose(row)) if key else ""
    # Of a short key four characters would be too much.
    row.hint = key[-HINT:] if len(key) >= HINT * 4 else ""


def read(row: ProviderCredential) -> str:
    return crypto.decrypt(row.encrypted_key, purpose=_purpose(row)) if row.encrypted_key else ""


def asked(access: Access | None) -> str:
    """Ask once, at no cost, whether the key is any good: the code of what is wrong, or nothing. Waits for it."""
    if access is None:
        return UNREADABLE
    try:
        # A loop of its own: a client of the server's loop must not end with this question.
        asyncio.run(_checked(access.open()))
    except ProviderError as error:
        return error.code
    except http.NotAnAddress:
        return Unreachable.code
    return ""


async def _checked(provider: Provider) -> None:
    try:
        await provider.check()
    finally:
        await web.close_client()


def _ours(name: str) -> Access | None:
    key = settings.AI_KEYS.get(name, "")
    return Access(name, False, key) if key or name == Ollama.name else None


def _purpose(row: ProviderCredential) -> str:
    """A row that is put into another workspace, or under another provider, is unreadable there."""
    return f"ai-key:{row.workspace_id}:{row.provider}"
