"""What is done to one conversation or to many at once, its progress, and its undo. JSON in and out."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET, require_POST

from chat import actions, filters, forms_triage, frames, pace, paging, snooze, tasks
from chat.bodies import json_body
from chat.forms_labels import name_of
from chat.labels import picture
from chat.models import TriageAct
from minichat.lib.errors import Invalid
from workspaces.decorators import MemberRequest, member
from workspaces.roles import Role

MOST = 500
# A list of which a filter leaves next to nothing is looked through so far.
MOST_WINDOWS = 10


@require_POST
@member(Role.OPERATOR)
def perform(request: MemberRequest) -> JsonResponse:
    sent = frames.read(json_body(request), {"verb": frames.line(12), "value": _any, "ids": _ids, "list": _query})
    pace.members.spend(str(request.membership.pk))
    params = forms_triage.params(sent["verb"], sent["value"], request.membership)
    chosen = sent["ids"] or in_list(request, sent["list"])
    return _answer(actions.perform(request.membership, sent["verb"], params, chosen))


@require_POST
@member(Role.OPERATOR)
def undo(request: MemberRequest, act: UUID) -> JsonResponse:
    return _answer(actions.take_back(_mine(request, act), by=request.membership))


@require_GET
@member(Role.OPERATOR)
def progress(request: MemberRequest, act: UUID) -> JsonResponse:
    return _told(_mine(request, act))


@require_GET
@member(Role.OPERATOR)
def times(request: MemberRequest) -> JsonResponse:
    """Until when one may snooze, by the clock of now; with `at`, a local time of one's own, as a moment."""
    if "at" in request.GET:
        return JsonResponse({"until": snooze.moment(request.GET["at"]).isoformat()})
    return JsonResponse({"rows": snooze.offered()})


@require_POST
@member(Role.OPERATOR)
def new_label(request: MemberRequest) -> HttpResponse:
    """From the picker of a conversation."""
    name = frames.read(json_body(request), {"name": name_of})["name"]
    return JsonResponse(picture(actions.create_label(request.membership, name=name)), status=201)


def in_list(request: MemberRequest, query: str | None) -> list[UUID]:
    """All that a list holds, as far as an act reaches: looking on while windows of it are empty."""
    if query is None:
        raise Invalid
    wanted, cursor = filters.read(QueryDict(query)), ""
    found: list[UUID] = []
    for _ in range(MOST_WINDOWS):
        rows, cursor = paging.page(request.membership, wanted, cursor, MOST - len(found))
        found += [row.pk for row in rows]
        if not cursor or len(found) >= MOST:
            break
    return found


def _mine(request: MemberRequest, act: UUID) -> TriageAct:
    return get_object_or_404(
        request.workspace.triage_acts.select_related("workspace"), pk=act, membership=request.membership
    )


def _answer(act: TriageAct) -> JsonResponse:
    if act.is_running:
        tasks.run_act.delay(str(act.workspace_id), str(act.pk))
        act.refresh_from_db()
    return _told(act)


def _told(act: TriageAct) -> JsonResponse:
    return JsonResponse(
        {
            "id": str(act.pk),
            "verb": act.verb,
            "state": act.state,
            "total": act.total,
            "done": act.total - len(act.pending),
            "changed": len(act.changed),
            "kept": act.kept,
        }
    )


def _any(value: object) -> object:
    return value


def _ids(value: object) -> list[UUID]:
    return [] if value is None else forms_triage.ids(value)


def _query(value: object) -> str | None:
    return value[:2000] if isinstance(value, str) else None
