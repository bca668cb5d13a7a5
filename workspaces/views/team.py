"""The team: who is on it, and what each of them may do."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from accounts import fresh
from minichat.lib.errors import Conflict, Forbidden, PlanLimit
from workspaces import actions, roster, seats
from workspaces.decorators import MemberRequest, member
from workspaces.forms_team import MOST_AT_ONCE, WHAT_ROLES_DO, BulkForm, RoleForm, RosterForm
from workspaces.models import Membership
from workspaces.roles import Role

# What is said afterwards: of one person, of several.
SAID = {
    "role": (_("%(name)s has another role now."), _("%(n)s people have another role now.")),
    "deactivate": (_("%(name)s is deactivated."), _("%(n)s people are deactivated.")),
    "reactivate": (_("%(name)s is active again."), _("%(n)s people are active again.")),
    "remove": (_("%(name)s is no longer on the team."), _("%(n)s people are no longer on the team.")),
}


@member(Role.VIEWER)
@require_safe
def show(request: MemberRequest) -> HttpResponse:
    return _list(request)


@member(Role.ADMIN)
@require_safe
def show_member(request: MemberRequest, pk: UUID) -> HttpResponse:
    member = _find(request, pk)
    return _member(request, member, RoleForm(initial={"role": member.role}, by=request.membership))


@member(Role.ADMIN)
@require_POST
def change_role(request: MemberRequest, pk: UUID) -> HttpResponse:
    member = _find(request, pk)
    form = RoleForm(request.POST, by=request.membership)
    if not form.is_valid():
        return _member(request, member, form, status=422)
    role = form.cleaned_data["role"]
    if _concerns_owners(role, member) and not fresh.is_fresh(request):
        return fresh.ask(request)
    return _done(request, "role", [member], role=role)


@member(Role.ADMIN)
@require_POST
def deactivate(request: MemberRequest, pk: UUID) -> HttpResponse:
    return _one(request, "deactivate", pk)


@member(Role.ADMIN)
@require_POST
def reactivate(request: MemberRequest, pk: UUID) -> HttpResponse:
    return _one(request, "reactivate", pk)


@member(Role.ADMIN)
@require_POST
def remove(request: MemberRequest, pk: UUID) -> HttpResponse:
    return _one(request, "remove", pk)


@member(Role.ADMIN)
@require_POST
def bulk(request: MemberRequest) -> HttpResponse:
    """The same verb for many: each person on their own, so that one who cannot be changed holds up nobody."""
    form = BulkForm(request.POST, workspace=request.workspace)
    if not form.is_valid():
        return _list(request, errors=[str(error) for errors in form.errors.values() for error in errors], status=422)
    people = list(form.cleaned_data["who"][:MOST_AT_ONCE])
    role = Role(form.cleaned_data["role"]) if form.cleaned_data["role"] else None
    if _concerns_owners(role, *people) and not fresh.is_fresh(request):
        return fresh.ask(request)
    return _done(request, form.cleaned_data["verb"], people, role=role)


@member(Role.VIEWER, while_suspended=True)
@require_POST
def leave(request: MemberRequest) -> HttpResponse:
    try:
        actions.leave(request.membership)
    except Conflict as refusal:
        return _list(request, errors=[refusal.detail], status=refusal.status)
    messages.success(request, _("You have left %(workspace)s.") % {"workspace": request.workspace})
    return redirect("home-workspace")


def _one(request: MemberRequest, verb: str, pk: UUID) -> HttpResponse:
    member = _find(request, pk)
    if _concerns_owners(None, member) and not fresh.is_fresh(request):
        return fresh.ask(request)
    return _done(request, verb, [member])


def _done(request: MemberRequest, verb: str, people: list[Membership], *, role: Role | None = None) -> HttpResponse:
    """Do it for each, say what became of it, and lead back to a list that offers to take it back."""
    were = {person.role for person in people}
    changed = []
    for person in people:
        try:
            changed.append(_verb(verb, role)(person, by=request.membership))
        except (Conflict, Forbidden, PlanLimit) as refusal:
            messages.error(request, f"{person.name}: {refusal.detail}")
    query = {"done": verb, "who": [str(person.pk) for person in changed], "was": were.pop() if len(were) == 1 else ""}
    place = reverse("members", args=[request.workspace.slug])
    return redirect(f"{place}?{urlencode(query, doseq=True)}" if changed else place)


def _verb(verb: str, role: Role | None) -> Callable[..., Membership]:
    if verb == "role":
        assert role is not None
        return partial(actions.change_role, role=role)
    return {
        "deactivate": actions.deactivate_member,
        "reactivate": actions.reactivate_member,
        "remove": actions.remove_member,
    }[verb]


def _find(request: MemberRequest, pk: UUID) -> Membership:
    return get_object_or_404(request.workspace.memberships.select_related("user", "workspace"), pk=pk)


def _concerns_owners(role: Role | None, *people: Membership) -> bool:
    """Whoever found an open session must not take a workspace over with it (SR-17)."""
    return Role.OWNER in (role, *[person.role for person in people])


def _member(request: MemberRequest, member: Membership, form: RoleForm, status: int = 200) -> HttpResponse:
    context = {
        "person": member,
        "form": form,
        "may_change": roster.may_change(request.membership, member),
        "roles": [(role, WHAT_ROLES_DO[role]) for role in roster.grantable(request.membership)],
        "what_role_does": WHAT_ROLES_DO[Role(member.role)],
    }
    return render(request, "workspaces/member.html", context, status=status)


def _list(request: MemberRequest, errors: Sequence[str] = (), status: int = 200) -> HttpResponse:
    form = RosterForm(request.GET)
    wishes = form.wishes()
    context = {
        "roster": roster.of(request.workspace, reader=request.membership, **wishes),
        "search": wishes["search"],
        "is_first": not wishes["after"],
        "seats": seats.of(request.workspace),
        "roles": roster.grantable(request.membership),
        "errors": errors,
        "offer": request.workspace.ownership_offers.open().filter(offered_to=request.membership).exists(),
        "done": _what_was_done(request),
    }
    return render(request, "workspaces/team.html", context, status=status)


def _what_was_done(request: MemberRequest) -> dict[str, Any] | None:
    """The sentence about the last change, and what takes it back: told from the address and from how things stand."""
    verb, was = request.GET.get("done", ""), request.GET.get("was", "")
    who = [pk for pk in request.GET.getlist("who")[:MOST_AT_ONCE] if _is_uuid(pk)]
    if verb not in SAID or not who or not request.membership.can_manage():
        return None
    people = list(request.workspace.memberships.select_related("user").filter(pk__in=who))
    undo = {"deactivate": "reactivate", "remove": "reactivate", "role": "role" if was in Role else ""}.get(verb)
    if not people:
        return None
    words = SAID[verb][len(people) > 1] % {"n": len(people), "name": people[0].name}
    return {"words": words, "undo": undo, "was": was, "people": people}


def _is_uuid(text: str) -> bool:
    with contextlib.suppress(ValueError):
        return bool(UUID(text))
    return False
