"""The tab "Identity" of an inbox: secrets with which the owner's server vouches for visitors (SR-34)."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.fresh import fresh
from chat import actions, frames
from chat.identity import SAMPLES
from chat.models import Inbox
from chat.views.doors import inbox_for
from chat.views.inbox_tabs import tab_page
from minichat.lib import crypto
from minichat.lib.errors import Conflict
from workspaces.decorators import MemberRequest, member
from workspaces.roles import Role

# Between making a secret and the page that shows it, it waits in the session, locked up.
WAITING = "identity.shown_once"


@member(Role.ADMIN)
@require_safe
def identity(request: MemberRequest, inbox: UUID) -> HttpResponse:
    return _page(request, inbox_for(request, inbox))


@member(Role.ADMIN)
@require_POST
@fresh
def make_key(request: MemberRequest, inbox: UUID) -> HttpResponse:
    row = inbox_for(request, inbox)
    try:
        key, secret = actions.make_identity_key(row, by=request.membership)
    except Conflict as error:
        messages.error(request, error.detail)
    else:
        request.session[WAITING] = {"key": str(key.pk), "secret": crypto.encrypt(secret, purpose=WAITING)}
    return redirect("inbox-identity", request.workspace.slug, row.pk)


@member(Role.ADMIN)
@require_POST
@fresh
def revoke_key(request: MemberRequest, inbox: UUID, identity_key: UUID) -> HttpResponse:
    row = inbox_for(request, inbox)
    key = actions.revoke_identity_key(get_object_or_404(row.identity_keys, pk=identity_key), by=request.membership)
    messages.success(request, _("%(kid)s vouches for nobody any more.") % {"kid": key.kid})
    return redirect("inbox-identity", request.workspace.slug, row.pk)


@member(Role.ADMIN)
@require_POST
@fresh
def enforce(request: MemberRequest, inbox: UUID) -> HttpResponse:
    row = inbox_for(request, inbox)
    try:
        actions.enforce_identity(row, enforced=frames.flag(request.POST.get("enforced")), by=request.membership)
    except Conflict as error:
        messages.error(request, error.detail)
    else:
        messages.success(request, _("Saved."))
    return redirect("inbox-identity", request.workspace.slug, row.pk)


def _page(request: MemberRequest, inbox: Inbox) -> HttpResponse:
    keys = list(inbox.identity_keys.live().order_by("created_at"))
    waiting = request.session.pop(WAITING, None)
    shown = next((key for key in keys if waiting and str(key.pk) == waiting["key"]), None)
    context = {
        "keys": keys,
        "shown": shown,
        "secret": crypto.decrypt(waiting["secret"], purpose=WAITING) if shown else "",
        "may_make": len(keys) < actions.MOST_KEYS,
        "samples": [{"name": name, "code": _filled(code, inbox, keys)} for name, code in SAMPLES],
        "page_sample": PAGE_SAMPLE,
        "base": settings.BASE_URL,
    }
    return tab_page(request, inbox, "chat/inboxes/identity.html", context)


def _filled(code: str, inbox: Inbox, keys: list) -> str:
    return code.replace("WIDGET_KEY", inbox.widget_key).replace("KEY_ID", keys[-1].kid if keys else "ik_…")


PAGE_SAMPLE = "MiniChat('identify', { token: theTokenFromYourServer });"
