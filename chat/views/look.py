"""The widget designer; and the same preview on the way of a new owner."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from chat import actions
from chat.appearance import LANGUAGES
from chat.forms_design import DesignForm, LogoForm, design_of
from chat.forms_look import LookForm
from chat.look import PRESETS
from chat.models import Inbox
from chat.snippet import snippet
from chat.views.doors import inbox_for
from chat.views.inbox_tabs import tab_page
from minichat.lib import throttle
from minichat.lib.bodies import takes_files
from workspaces.decorators import MemberRequest, member
from workspaces.roles import Role

LOGO_SIZE = 256
LOGOS_PER_QUARTER = 30


@member(Role.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def look(request: MemberRequest, inbox: UUID) -> HttpResponse:
    row = inbox_for(request, inbox)
    form = _form(request, row)
    if not form.is_valid():
        return _page(request, row, form, LogoForm(), status=422 if form.errors else 200)
    before = snippet(row)
    row = actions.set_look(row, by=request.membership, **form.wanted())
    messages.success(request, _("Saved."))
    if snippet(row) != before:
        messages.warning(request, _("Your line of code has changed: put the new one on your website."))
        return redirect("inbox-install", request.workspace.slug, row.pk)
    return redirect("inbox-look", request.workspace.slug, row.pk)


@takes_files
@member(Role.ADMIN)
@require_POST
def create_logo(request: MemberRequest, inbox: UUID) -> HttpResponse:
    throttle.hit("logo", str(request.membership.pk), LOGOS_PER_QUARTER, 15 * 60)
    row, logo = inbox_for(request, inbox), LogoForm(request.POST, request.FILES)
    if not logo.is_valid():
        return _page(request, row, _form(request, row, bound=False), logo, status=422)
    actions.set_inbox_logo(row, picture=logo.cleaned_data["logo"], by=request.membership)
    messages.success(request, _("The new picture is in place."))
    return redirect("inbox-look", request.workspace.slug, row.pk)


@member(Role.ADMIN)
@require_POST
def delete_logo(request: MemberRequest, inbox: UUID) -> HttpResponse:
    row = actions.set_inbox_logo(inbox_for(request, inbox), picture=None, by=request.membership)
    messages.success(request, _("The picture has been removed."))
    return redirect("inbox-look", request.workspace.slug, row.pk)


def save(request: MemberRequest, inbox: Inbox, form: LookForm) -> None:
    """What a new owner was asked; the rest stays."""
    data = form.cleaned_data
    wanted = {name: data[name] for name in ("color", "greeting", "language")}
    actions.set_look(inbox, by=request.membership, **wanted)


def look_context(request: MemberRequest, inbox: Inbox, form: LookForm) -> dict[str, object]:
    return {
        "form": form,
        "inbox": inbox,
        "presets": PRESETS,
        "usual": _usual(inbox),
        # The page around the preview is ours: its own address, as this browser knows it.
        "preview_origin": f"{request.scheme}://{request.get_host()}",
        "preview_language": inbox.language or get_language(),
        "saved": {"title": inbox.title, **_saved(inbox)},
    }


def _form(request: MemberRequest, inbox: Inbox, *, bound: bool = True) -> DesignForm:
    data = request.POST if bound and request.method == "POST" else None
    removes = inbox.workspace.entitlements.removes_branding
    return DesignForm(data, initial=design_of(inbox), removes_branding=removes)


def _page(request: MemberRequest, inbox: Inbox, form: DesignForm, logo: LogoForm, status: int) -> HttpResponse:
    context = {
        **look_context(request, inbox, form),
        "logo_form": logo,
        "own_logo": inbox.logo_url(LOGO_SIZE) if inbox.logo else None,
        "here": "inbox-look",
    }
    return tab_page(request, inbox, "chat/inboxes/look.html", context, status=status)


def _usual(inbox: Inbox) -> dict[str, dict[str, str]]:
    """What an empty field stands for, by language: the preview shows it."""
    usual = {}
    for code in LANGUAGES:
        with translation.override(code):
            usual[code] = {
                "title": inbox.workspace.name,
                "greeting": _("Hello! How can we help?"),
                "offline": _("We are away at the moment. Leave a message and the answer will appear here."),
            }
    return usual


def _saved(inbox: Inbox) -> dict[str, object]:
    """What the page of a new owner has no fields for, so that its preview is right all the same."""
    looks = inbox.looks
    removes = inbox.workspace.entitlements.removes_branding
    return {
        "preset": looks.preset,
        "home": looks.home,
        "offline": inbox.offline_text,
        "branding": looks.branding or not removes,
        "texts": inbox.texts,
    }
