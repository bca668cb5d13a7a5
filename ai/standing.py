"""How a workspace's models stand: its chain with who is paused, and its keys with what providers said of them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ai import breaker, chain, keys, money
from ai.breaker import Standing
from ai.models import ChainLink, ModelOffer, ProviderCredential
from ai.naming import NAMES, UNREADABLE, problem_of, provider_name
from ai.providers import catalogue
from ai.providers.ollama import Ollama
from workspaces.models import Workspace


@dataclass(frozen=True)
class Line:
    """A link as the page shows it. `note`: why it is passed over; `pause`: why it is not asked just now."""

    link: ChainLink
    name: str
    price: str
    is_first: bool
    is_last: bool
    is_own: bool
    note: str = ""
    pause: str = ""

    @property
    def provider(self) -> str | Promise:
        return provider_name(self.link.provider)


@dataclass(frozen=True)
class KeyLine:
    """A provider, and whose key it is asked with."""

    provider: str
    row: ProviderCredential | None
    is_included: bool
    is_here: bool

    @property
    def name(self) -> str | Promise:
        return provider_name(self.provider)

    @property
    def problem(self) -> str | Promise:
        if self.row is None:
            return ""
        return problem_of(UNREADABLE if keys.access_by(self.row) is None else self.row.problem)


def lines(workspace: Workspace) -> list[Line]:
    links = list(workspace.ai_chain.all())
    if not links:
        return []
    offers = {(one.provider, one.model): one for one in chain.offers()}
    known, included = keys.accesses(workspace), chain.included_models(workspace)
    asked = {one.link.pk for one in chain.usable(workspace)}
    stands = _stands([link for link in links if link.pk in asked])
    found = []
    for place, link in enumerate(links):
        access, offer = known.get(link.provider), offers.get((link.provider, link.model))
        found.append(
            Line(
                link,
                offer.name if offer else link.model,
                _price(link, offer),
                is_first=place == 0,
                is_last=place == len(links) - 1,
                is_own=access is not None and access.is_own,
                note="" if link.pk in asked else _note(access, (link.provider, link.model) in included),
                pause=stands.get(link.pk, ""),
            )
        )
    return found


def key_lines(workspace: Workspace) -> list[KeyLine]:
    own = keys.own(workspace)
    ours = {provider for provider, _model in chain.included_models(workspace)}
    known = keys.accesses(workspace)
    return [
        KeyLine(name, own.get(name), name in known and name in ours and name not in own, name == Ollama.name)
        for name in NAMES
        if name in catalogue.offered()
    ]


def key_line(workspace: Workspace, provider: str) -> KeyLine | None:
    return next((line for line in key_lines(workspace) if line.provider == provider and not line.is_here), None)


def pause_of(name: str, standing: Standing, instead: str, now: datetime) -> str:
    """One calm line: who rests, until when, and who answers meanwhile; without `instead` nobody but the built-in."""
    state = standing.state
    if state.kind == breaker.HALF_OPEN:
        return _("%(name)s was paused and is tried again with the next question.") % {"name": name}
    if state.kind != breaker.OPEN:
        return ""
    meanwhile = (
        _("%(name)s answers meanwhile.") % {"name": instead} if instead else _("The built-in answers take over.")
    )
    if state.until is None:
        return _("%(name)s is stopped: %(why)s %(meanwhile)s") % {
            "name": name,
            "why": problem_of(state.reason),
            "meanwhile": meanwhile,
        }
    seconds = max(1, math.ceil((state.until - now).total_seconds()))
    said = ngettext(
        "%(name)s is paused, next try in %(n)d second. %(meanwhile)s",
        "%(name)s is paused, next try in %(n)d seconds. %(meanwhile)s",
        seconds,
    )
    return said % {"name": name, "n": seconds, "meanwhile": meanwhile}


# --- Inside -----------------------------------------------------------------------------------------------------------


def _stands(links: Sequence[ChainLink]) -> dict[UUID, str]:
    breakers = [chain.breaker_of(link) for link in links]
    times = Counter(link.provider for link in links)
    names = [_short(link, times) for link in links]
    now = timezone.now()
    found = {}
    for link, name, standing in zip(links, names, breaker.standings(breakers), strict=True):
        instead = names[breakers.index(standing.instead)] if standing.instead else ""
        found[link.pk] = pause_of(name, standing, instead, now)
    return found


def _short(link: ChainLink, times: Counter[str]) -> str:
    """A provider that has two links is called by its model."""
    return link.model if times[link.provider] > 1 else str(provider_name(link.provider))


def _price(link: ChainLink, offer: ModelOffer | None) -> str:
    if link.provider == Ollama.name:
        return _("free")
    if offer is None:
        return _("price unknown")
    return _("%(price_in)s / %(price_out)s for a million tokens in / out") % {
        "price_in": money.per_million(offer.price_in),
        "price_out": money.per_million(offer.price_out),
    }


def _note(access: keys.Access | None, is_included: bool) -> str:
    if access is None:
        return _("Passed over: there is no key for this provider.")
    return "" if is_included else _("Passed over: your plan does not include this model. Add a key of your own.")
