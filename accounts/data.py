"""One's own data: a copy of all of it, and closing the account."""

from __future__ import annotations

import logging
from functools import partial
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions, holders, limits, tasks
from accounts.addresses import normalise
from accounts.fresh import fresh
from accounts.models import DataExport, User
from accounts.pages import AccountRequest, signed_in
from minichat.lib.errors import Conflict, NotFound

logger = logging.getLogger(__name__)


@signed_in
@require_safe
def show(request: AccountRequest) -> HttpResponse:
    export = next((one for one in DataExport.objects.filter(user=request.user) if not _is_over(one)), None)
    return TemplateResponse(request, "account/data.html", {"export": export})


@fresh
@require_POST
def create(request: AccountRequest) -> HttpResponse:
    limits.count_export(request)
    export = actions.ask_for_export(request.user)
    transaction.on_commit(partial(_hurry, str(export.pk)))
    return redirect("account_data")


@fresh
@require_safe
def download(request: AccountRequest, pk: UUID) -> HttpResponse:
    """Whose it is, is asked again here; the address it leads to lives for five minutes (SR-61)."""
    export = DataExport.objects.filter(pk=pk, user=request.user).first()
    if export is None or not export.can_be_had:
        raise NotFound(_("This copy is no longer kept. Ask for a new one."))
    return redirect(actions.hand_out_export(export))


class CloseForm(forms.Form):
    """The address typed once more: nobody closes an account with a slip of the finger."""

    email = forms.CharField(
        label=gettext_lazy("Your email address"),
        max_length=320,
        help_text=gettext_lazy("Type it to confirm that you want to close the account."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "email", "spellcheck": "false"}),
    )

    def __init__(self, *args: object, user: User, **kwargs: object) -> None:
        self.user = user
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]

    def clean_email(self) -> str:
        typed = normalise(self.cleaned_data["email"])
        if typed != self.user.email:
            raise forms.ValidationError(_("This is not the address of this account."))
        return typed


@fresh
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: AccountRequest) -> HttpResponse:
    objections = holders.objections(request.user)
    form = CloseForm(request.POST if request.method == "POST" else None, user=request.user)
    if not objections and form.is_valid():
        try:
            actions.close_account(request.user)
        except Conflict:
            # Another owner left between the look and the leap.
            objections = holders.objections(request.user)
        else:
            logout(request)
            messages.success(request, _("Your account has been closed."))
            return redirect("account_login")
    status = 409 if objections and request.method == "POST" else 200
    context = {"form": form, "objections": objections}
    return TemplateResponse(request, "account/close.html", context, status=status)


def _is_over(export: DataExport) -> bool:
    return export.ready_at is not None and not export.can_be_had


def _hurry(pk: str) -> None:
    """A broker that is away changes nothing: the sweep finds the row."""
    try:
        tasks.build_export.delay(pk)
    except Exception as error:
        logger.warning("the queue is away, the sweep will build %s: %s", pk, type(error).__name__)
