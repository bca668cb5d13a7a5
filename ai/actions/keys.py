"""A workspace's own keys."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.utils import timezone

from ai import chain, events, keys, screening
from ai.models import ProviderCredential
from minichat.lib.transactions import action
from workspaces import seats
from workspaces.events import emit
from workspaces.models import Membership, Workspace


@action
def set_key(by: Membership, *, provider: str, key: str, address: str = "") -> ProviderCredential:
    """In place of the one that was there. Nothing is asked yet: see `check_key`."""
    seats.locked(by.workspace)
    row = by.workspace.ai_credentials.filter(provider=provider).first()
    row = row or ProviderCredential(workspace=by.workspace, provider=provider)
    keys.write(row, key)
    row.base_url, row.verified_at, row.problem = address, None, ""
    row.save()
    emit(events.KEY_SET, row, actor=by)
    transaction.on_commit(partial(try_again, by.workspace, provider), robust=True)
    return row


@action
def remove_key(credential: ProviderCredential, *, by: Membership) -> None:
    """Its models stay in the chain, and are passed over until there is a key again."""
    emit(events.KEY_REMOVED, credential, actor=by)
    by.workspace.ai_credentials.filter(pk=credential.pk).delete()


def check_key(credential: ProviderCredential) -> str:
    """Ask the provider; the code of what is wrong, or nothing. The answer is kept beside the key."""
    problem = keys.asked(keys.access_by(credential))
    kept = {"problem": problem} if problem else {"problem": "", "verified_at": timezone.now()}
    # Somebody may have put another key there while this one was on its way.
    rows = credential.workspace.ai_credentials.filter(pk=credential.pk, encrypted_key=credential.encrypted_key)
    if rows.update(**kept) and not problem:
        try_again(credential.workspace, credential.provider)
    return problem


def try_again(workspace: Workspace, provider: str) -> None:
    """Its models are asked again at once."""
    for link in workspace.ai_chain.filter(provider=provider):
        chain.breaker_of(link).reset()
    if provider == screening.breaker_of(workspace).provider:
        screening.breaker_of(workspace).reset()
