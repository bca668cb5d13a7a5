"""Who is asked for a workspace's answers, and in which order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from ai import budgets, router
from ai.breaker import Breaker
from ai.keys import Access, accesses
from ai.models import ChainLink, ModelOffer
from ai.providers.ollama import Ollama
from workspaces.models import Workspace


@dataclass(frozen=True)
class Usable:
    """A link that can be asked now, and how."""

    link: ChainLink
    access: Access

    @property
    def is_ours(self) -> bool:
        """Asked with a key of ours, at our cost."""
        return not self.access.is_own and self.link.provider != Ollama.name


def chain_for(workspace: Workspace) -> list[router.Link]:
    """What `router.stream` goes down. The built-in answerer comes after these: it has no row, and is always asked last.

    Left out are links without a key, models that the plan does not include any more, and all of ours once what the plan
    allows for them is used up.
    """
    found = usable(workspace)
    if any(one.is_ours for one in found) and not budgets.plan_has_room(workspace):
        found = [one for one in found if not one.is_ours]
    return [router.link_to(str(workspace.pk), one.access.open(), one.link.model) for one in found]


def usable(workspace: Workspace) -> list[Usable]:
    """In their order."""
    links = list(workspace.ai_chain.all())
    if not links:
        return []
    known = accesses(workspace)
    found = [Usable(link, known[link.provider]) for link in links if link.provider in known]
    included = included_models(workspace) if any(one.is_ours for one in found) else set()
    return [one for one in found if not one.is_ours or (one.link.provider, one.link.model) in included]


def included_models(workspace: Workspace) -> set[tuple[str, str]]:
    """The models that the plan lets a workspace use with a key of ours."""
    plan = workspace.entitlements.plan.slug
    return {(row.provider, row.model) for row in offers() if plan in row.plans}


def offers() -> Sequence[ModelOffer]:
    """Those that can be chosen today."""
    return list(ModelOffer.objects.on(timezone.now().date()).filter(is_offered=True))


def breaker_of(link: ChainLink) -> Breaker:
    return Breaker(str(link.workspace_id), link.provider, link.model)
