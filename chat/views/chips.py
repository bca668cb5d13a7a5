"""What narrows a list, in words, each with the address of the list without it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chat import labels
from chat.filters import ME, NOBODY, USUAL, Wanted
from chat.models import Priority
from workspaces.decorators import MemberRequest


def chips(request: MemberRequest, wanted: Wanted, known: labels.Known) -> list[dict[str, Any]]:
    """A row that is not theirs, or not there any more, is called "Deleted"."""
    found = [
        *[_chip(wanted, "label", pk, **_label(known, pk)) for pk in wanted.label],
        *[_chip(wanted, "priority", name, name=str(Priority[name.upper()].label)) for name in wanted.priority],
        *[_chip(wanted, "inbox", pk, name=_inbox(request, pk)) for pk in wanted.inbox],
    ]
    if wanted.assignee:
        found.append({"name": _assignee(request, wanted.assignee), "query": wanted._replace(assignee="").query})
    if wanted.language:
        name = str(dict(settings.VISITOR_LANGUAGES)[wanted.language])
        found.append({"name": name, "query": wanted._replace(language="").query})
    if wanted.unread:
        found.append({"name": _("Unread only"), "query": wanted._replace(unread=False).query})
    usual = USUAL.get(wanted.tab, "newest")
    if wanted.sort != usual and wanted.tab not in ("snoozed", "closed"):
        found.append({"name": _sort(wanted.sort), "query": wanted._replace(sort=usual).query})
    return found


def cleared(wanted: Wanted) -> str:
    return Wanted(tab=wanted.tab, sort=USUAL.get(wanted.tab, "newest")).query


def _chip(wanted: Wanted, field: str, value: str, **words: Any) -> dict[str, Any]:
    rest = tuple(other for other in getattr(wanted, field) if other != value)
    fewer: dict[str, Any] = {field: rest}
    return {**words, "query": wanted._replace(**fewer).query}


def _label(known: labels.Known, pk: str) -> dict[str, Any]:
    row = known.get(pk)
    return {"name": row.name, "hue": row.hue} if row else {"name": _("Deleted label")}


def _inbox(request: MemberRequest, pk: str) -> str:
    row = request.workspace.inboxes.visible_to(request.membership).filter(pk=pk).first()
    return row.name if row else _("Deleted inbox")


def _assignee(request: MemberRequest, value: str) -> str:
    if value in (ME, NOBODY):
        return _("Assigned to me") if value == ME else _("Assigned to nobody")
    row = request.workspace.memberships.select_related("user").filter(pk=value).first()
    return row.name if row else pgettext("somebody", "Not in the team")


def _sort(sort: str) -> str:
    words = {"waiting": _("Longest waiting first"), "priority": _("Highest priority first")}
    return words.get(sort, _("Newest first"))
