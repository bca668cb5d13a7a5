"""Whether the plan has room for more knowledge."""

from __future__ import annotations

from django.db.models import Sum

from ai.models import Source, SourceKind
from workspaces import seats
from workspaces.limits import reached
from workspaces.models import Workspace

# Pages of one site: for every plan, and at the most.
USUAL_PAGES, MOST_PAGES = 50, 500
PASSAGES_PER_PAGE = 40


def room_for_faqs(workspace: Workspace, more: int = 1) -> None:
    """Raise `PlanLimit` unless the plan includes `more` further FAQs. Lists that grow at once take turns here."""
    limit = seats.locked(workspace).faqs
    count = workspace.knowledge_sources.of_kind(SourceKind.FAQ).count()
    if limit is not None and count + more > limit:
        raise reached("faqs", current=count, limit=limit, wanted=more)


def room_for_passages(workspace: Workspace, more: int, *, instead_of: Source | None = None) -> None:
    """The same for the pieces of everything that is no FAQ, whether it is switched on or not."""
    limit = seats.locked(workspace).passages
    others = workspace.knowledge_sources.exclude(kind=SourceKind.FAQ)
    if instead_of is not None:
        others = others.exclude(pk=instead_of.pk)
    count = others.aggregate(sum=Sum("passages"))["sum"] or 0
    if limit is not None and count + more > limit:
        raise reached("passages", current=count, limit=limit, wanted=more)


def pages_of_a_site(workspace: Workspace) -> int:
    """How many pages of one site are read. A plan with room for more passages has room for more pages."""
    passages = workspace.entitlements.passages
    return MOST_PAGES if passages is None else max(USUAL_PAGES, min(MOST_PAGES, passages // PASSAGES_PER_PAGE))
