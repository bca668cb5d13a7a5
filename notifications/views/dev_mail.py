"""`/dev/mail/`: what would have been mailed, readable in local mode only."""

from __future__ import annotations

import re
from uuid import UUID

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from notifications.models import OutgoingEmail

CODE = re.compile(r"(?m)^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4}|\d{6})\s*$")


@require_safe
def dev_mail(request: HttpRequest) -> HttpResponse:
    mails = list(OutgoingEmail.unscoped.order_by("-created_at")[:50])
    return render(request, "notifications/dev_mail.html", {"mails": [(mail, code_in(mail)) for mail in mails]})


@require_safe
def dev_mail_one(request: HttpRequest, pk: UUID) -> HttpResponse:
    mail = get_object_or_404(OutgoingEmail.unscoped, pk=pk)
    return render(request, "notifications/dev_mail_one.html", {"mail": mail, "code": code_in(mail)})


@require_safe
@xframe_options_sameorigin
@csp_replace(  # type: ignore[arg-type]
    {"style-src": ["'unsafe-inline'"], "script-src": ["'none'"], "frame-ancestors": ["'self'"], "sandbox": True}
)
def dev_mail_html(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The HTML part alone, in a sandbox: mails style themselves inline, pages may not."""
    return HttpResponse(get_object_or_404(OutgoingEmail.unscoped, pk=pk).html)


def code_in(mail: OutgoingEmail) -> str:
    found = CODE.search(mail.text)
    return found[1] if found else ""
