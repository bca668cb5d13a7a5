"""Who owns the workspace, and handing it over."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.addresses import normalise
from accounts.fresh import ask, is_fresh
from minichat.lib.errors import Conflict, Forbidden, PlanLimit
from workspaces import actions
from workspaces.decorators import MemberRequest, member
from workspaces.forms import PlainWorkspaceForm
from workspaces.models import Membership, OwnershipOffer
from workspaces.roles import Role


class OfferForm(PlainWorkspaceForm):
    """To whom: by address, because a list of ten thousand is no choice."""

    email = forms.EmailField(
        label=gettext_lazy("Email address of the new owner"),
        help_text=gettext_lazy("Somebody who is on the team already."),
    )

    def clean_email(self) -> Membership:
        rows = self.workspace.memberships.active().select_related("user", "workspace")
        member = rows.filter(user__email=normalise(self.cleaned_data["email"])).first()
        if member is None:
            raise forms.ValidationError(_("Nobody on the team has this address."))
        if member.role == Role.OWNER:
            raise forms.ValidationError(_("They are an owner already."))
        return member


@member(Role.VIEWER)
@require_http_methods(["GET", "HEAD", "POST"])
def ownership(request: MemberRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request, OfferForm(workspace=request.workspace, initial={"email": request.GET.get("to", "")}))
    if request.membership.role != Role.OWNER:
        raise Forbidden
    form = OfferForm(request.POST, workspace=request.workspace)
    if not form.is_valid():
        return _page(request, form, status=422)
    if not is_fresh(request):
        return ask(request)
    try:
        offer = actions.offer_ownership(form.cleaned_data["email"], by=request.membership)
    except Conflict as refusal:
        form.add_error("email", refusal.detail)
        return _page(request, form, status=refusal.status)
    messages.success(request, _("%(name)s has been asked by mail.") % {"name": offer.offered_to.name})
    return redirect("ownership", request.workspace.slug)


@member(Role.VIEWER)
@require_POST
def accept(request: MemberRequest) -> HttpResponse:
    offer = _mine(request)
    if offer.offered_to_id != request.membership.pk:
        raise Forbidden
    if not is_fresh(request):
        return ask(request)
    try:
        actions.accept_ownership(offer, by=request.membership)
    except (Conflict, PlanLimit) as refusal:
        return _page(request, OfferForm(workspace=request.workspace), status=refusal.status, problem=refusal.detail)
    messages.success(request, _("%(workspace)s is yours now.") % {"workspace": request.workspace})
    return redirect("ownership", request.workspace.slug)


@member(Role.VIEWER)
@require_POST
def end(request: MemberRequest) -> HttpResponse:
    actions.end_ownership_offer(_mine(request), by=request.membership)
    messages.success(request, _("The offer is withdrawn. Nothing has changed."))
    return redirect("ownership", request.workspace.slug)


def _mine(request: MemberRequest) -> OwnershipOffer:
    """The open offer, for the two whom it concerns; anybody else may not even learn that there is one."""
    offer, me = _open(request), request.membership
    if me.role != Role.OWNER and (offer is None or offer.offered_to_id != me.pk):
        raise Forbidden
    if offer is None:
        raise Conflict(_("This offer is no longer open."))
    return offer


def _open(request: MemberRequest) -> OwnershipOffer | None:
    rows = request.workspace.ownership_offers.open().select_related("offered_by__user", "offered_to__user")
    return rows.first()


def _page(request: MemberRequest, form: OfferForm, *, status: int = 200, problem: str = "") -> HttpResponse:
    offer, me = _open(request), request.membership
    concerns = offer is not None and (me.role == Role.OWNER or offer.offered_to_id == me.pk)
    owners = request.workspace.memberships.owners().select_related("user").order_by("created_at")
    context = {
        "form": form,
        "problem": problem,
        "owners": owners[:20],
        "offer": offer if concerns else None,
        "is_for_me": concerns and offer is not None and offer.offered_to_id == me.pk,
        "is_owner": me.role == Role.OWNER,
    }
    return render(request, "workspaces/ownership.html", context, status=status)
