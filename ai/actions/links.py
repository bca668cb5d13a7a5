"""The order in which providers are asked."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ai import chain, events
from ai.models import MOST_LINKS, ChainLink
from minichat.lib.errors import Conflict
from minichat.lib.transactions import action
from workspaces import seats
from workspaces.events import emit
from workspaces.models import Membership


@action
def add_link(by: Membership, *, provider: str, model: str) -> ChainLink:
    """At the end. Raises `Conflict` for one too many, and for one that is there."""
    seats.locked(by.workspace)
    links = list(by.workspace.ai_chain.all())
    if any((link.provider, link.model) == (provider, model) for link in links):
        raise Conflict(_("This model is in your list already."))
    if len(links) >= MOST_LINKS:
        raise Conflict(_("At most four models: remove one first."))
    link = by.workspace.ai_chain.create(provider=provider, model=model, position=len(links))
    _order([*links, link])
    chain.breaker_of(link).reset()
    emit(events.MODEL_ADDED, link, actor=by)
    return link


@action
def move_link(link: ChainLink, *, by: Membership, up: bool) -> None:
    """Past its neighbour. At the end of the list nothing happens."""
    seats.locked(by.workspace)
    links = list(by.workspace.ai_chain.all())
    place = links.index(link) if link in links else -1
    other = place - 1 if up else place + 1
    if place < 0 or not 0 <= other < len(links):
        return
    links[place], links[other] = links[other], links[place]
    _order(links)
    emit(events.MODELS_ORDERED, by.workspace, actor=by)


@action
def remove_link(link: ChainLink, *, by: Membership) -> None:
    seats.locked(by.workspace)
    emit(events.MODEL_REMOVED, link, actor=by)
    by.workspace.ai_chain.filter(pk=link.pk).delete()
    _order(list(by.workspace.ai_chain.all()))


def _order(links: list[ChainLink]) -> None:
    for position, link in enumerate(links):
        if link.position != position:
            link.position = position
            link.save(update_fields=["position"])
