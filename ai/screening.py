"""A second opinion on what a visitor wrote: the moderation of the one provider whose is free, with a key of the
workspace's own. Nobody is left without an answer because it could not be had."""

from __future__ import annotations

import logging

from ai import keys
from ai.breaker import Breaker
from ai.moderation import for_models
from ai.persona import Persona
from ai.providers.base import ProviderError
from ai.providers.openai_style import MODERATION, OpenAI
from minichat.lib import loop
from workspaces.models import Workspace

logger = logging.getLogger(__name__)


def is_possible(workspace: Workspace) -> bool:
    return _provider(workspace) is not None


def objects(workspace: Workspace, persona: Persona, text: str) -> bool:
    """Waits for it, two seconds at most. False as well if it is not wanted, or nobody knows."""
    provider = _provider(workspace) if persona.asks_provider else None
    if provider is None:
        return False
    breaker = breaker_of(workspace)
    leave = breaker.admit()
    if leave is None:
        logger.info("the provider's moderation is paused")
        return False
    try:
        found = loop.run(provider.objects(for_models(text, persona)))
    except ProviderError as error:
        breaker.failed(leave, error)
        logger.warning("the provider's moderation was not heard: %s", error.code)
        return False
    except Exception as error:
        # Its text may hold what was asked.
        breaker.given_up(leave)
        logger.error("the provider's moderation failed in a way of its own: %s", type(error).__name__)  # noqa: TRY400
        return False
    breaker.succeeded(leave)
    return found


def breaker_of(workspace: Workspace) -> Breaker:
    return Breaker(str(workspace.pk), OpenAI.name, MODERATION)


def _provider(workspace: Workspace) -> OpenAI | None:
    """With a key of its own: those of the installation are for answers."""
    access = keys.accesses(workspace).get(OpenAI.name)
    provider = access.open() if access is not None and access.is_own else None
    return provider if isinstance(provider, OpenAI) else None
