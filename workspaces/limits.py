"""Refusals of a plan, each with its sentence and the plan that lifts it."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from minichat.lib.errors import PlanLimit
from workspaces.models import Entitlements, Membership, Plan, Workspace
from workspaces.roles import Role


def reached(column: str, *, current: int, limit: int, wanted: int = 1) -> PlanLimit:
    """The refusal to make one more row, or `wanted` ones, of what `column` of the plan counts."""
    lifting = plan_with_more(column, current + wanted - 1)
    error = PlanLimit(_sentence(column, limit), current=current, limit=limit, column=column)
    if lifting is not None:
        error.fields |= {"plan": lifting.slug, "plan_name": lifting.name, "offer": _offer(column, lifting)}
    return error


def plan_with_more(column: str, current: int) -> Plan | None:
    """The first plan on the price list that allows another one."""
    for plan in Plan.objects.filter(is_public=True):
        allowed = getattr(plan, column)
        if allowed is None or allowed > current:
            return plan
    return None


def may_create_workspaces(user: User) -> bool:
    """Where people come by invitation only, those who run a workspace may open another; guests of one may not."""
    return settings.SIGNUPS == "open" or user.is_staff or _owned(user).exists()


def lock_owner(user: User) -> None:
    """The person's row is the lock: two workspaces made at once are counted one after the other."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)


def check_workspaces(user: User, *, returning: Workspace | None = None) -> None:
    """Raise `PlanLimit` when this person owns all the workspaces that the best of their plans includes.

    A workspace that is about to return brings its own plan along.
    """
    current, limit = owned_workspaces(user, returning=returning)
    if limit is not None and current >= limit:
        raise reached("workspaces", current=current, limit=limit)


def owned_workspaces(user: User, *, returning: Workspace | None = None) -> tuple[int, int | None]:
    """How many workspaces a person owns, and how many they may. A closed one does not count, nor does its plan."""
    owned = Q(workspace__in=_owned(user).values("workspace"))
    limits = list(Entitlements.unscoped.filter(owned).values_list("workspaces", flat=True))
    current = len(limits)
    if returning is not None:
        limits.append(returning.entitlements.workspaces)
    known = [limit for limit in limits if limit is not None]
    if len(known) < len(limits):
        return current, None
    return current, max(known) if known else Plan.objects.get(slug="free").workspaces


def _owned(user: User) -> QuerySet[Membership]:
    rows = Membership.unscoped.filter(user=user, role=Role.OWNER, deactivated_at=None)
    return rows.exclude(workspace__status__in=Workspace.SHUT)


def _sentence(column: str, limit: int) -> str:
    """Whole sentences, one per column: words put together from parts read badly in every language."""
    sentences = {
        "workspaces": ngettext("Your plan includes %(n)d workspace.", "Your plan includes %(n)d workspaces.", limit),
        "inboxes": ngettext("Your plan includes %(n)d inbox.", "Your plan includes %(n)d inboxes.", limit),
        "seats": ngettext(
            "Your plan includes %(n)d seat besides the owner.",
            "Your plan includes %(n)d seats besides the owner.",
            limit,
        ),
        "faqs": ngettext("Your plan includes %(n)d FAQ.", "Your plan includes %(n)d FAQs.", limit),
        "passages": ngettext(
            "Your plan includes %(n)d passage of knowledge; a text has one for every few sentences.",
            "Your plan includes %(n)d passages of knowledge; a text has one for every few sentences.",
            limit,
        ),
    }
    return sentences[column] % {"n": limit} if column in sentences else str(PlanLimit.message)


def _offer(column: str, plan: Plan) -> str:
    allowed = getattr(plan, column)
    if allowed is None:
        return _("The plan %(plan)s has no such limit.") % {"plan": plan.name}
    return _("The plan %(plan)s includes %(n)d.") % {"plan": plan.name, "n": allowed}
