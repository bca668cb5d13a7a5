"""What the assistant does for colleagues who have a conversation open: a reply to begin with, their own in other
words, and why it said what it said."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ai import actions, explaining, pace, suggesting
from ai.forms import JudgementForm, RewritingForm
from ai.rewriting import Way, rewrite
from ai.views.sources import answers_of, may_change
from chat.bodies import sent
from chat.models import Conversation, Handler, Status
from minichat.lib.errors import Conflict, Invalid
from workspaces.decorators import MemberRequest, member
from workspaces.roles import Role


@require_safe
@member(Role.OPERATOR)
def bar(request: MemberRequest) -> HttpResponse:
    """The bar above the field, empty: fetched once, when somebody first calls for it."""
    return render(request, "ai/_bar.html")


@require_POST
@member(Role.OPERATOR)
def suggestion(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Never sent by itself: the browser shows it, and a person takes it or does not."""
    conversation = _conversation(request, pk)
    _require_people(conversation)
    pace.spend(request.membership)
    found = suggesting.suggest(conversation)
    if found is None:
        return JsonResponse({"text": "", "detail": _("Nothing in your knowledge is sure enough to suggest here.")})
    return JsonResponse({"text": found.text, "sources": [_link(request, source) for source in found.sources]})


@require_POST
@member(Role.OPERATOR)
def rewriting(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Of what stands in the field; only where there is a model to ask."""
    conversation = _conversation(request, pk)
    form = RewritingForm(sent(request))
    if not form.is_valid():
        raise Invalid(str(next(iter(form.errors.values()))[0]))
    pace.spend(request.membership)
    text = rewrite(conversation, form.cleaned_data["text"], Way(form.cleaned_data["way"]))
    return JsonResponse(
        {
            "text": text,
            "detail": "" if text else _("No model answered with a text that says the same. Yours is as it was."),
        }
    )


@require_safe
@member(Role.VIEWER)
def why(request: MemberRequest, message: UUID) -> HttpResponse:
    """A fragment below an answer. Only of a conversation that this member sees."""
    seen = request.workspace.conversations.visible_to(request.membership)
    row = get_object_or_404(request.workspace.messages.filter(conversation__in=seen), pk=message)
    context = {"why": explaining.why(row), "may_change": may_change(request), "may_judge": _may_judge(request)}
    return render(request, "ai/_why.html", context)


@require_POST
@member(Role.OPERATOR)
def judge(request: MemberRequest, message: UUID) -> HttpResponse:
    """What a colleague thinks of it. Only of a conversation that this member sees."""
    form = JudgementForm(sent(request))
    if not form.is_valid():
        raise Invalid
    answers = answers_of(request).filter(message__deleted_at=None)
    answer = actions.judge(get_object_or_404(answers, message=message), by=request.membership, helpful=form.helpful)
    return JsonResponse({"helpful": answer.was_helpful})


# --- Inside -----------------------------------------------------------------------------------------------------------


def _require_people(conversation: Conversation) -> None:
    if conversation.status == Status.RESOLVED:
        raise Conflict(_("This conversation is closed."))
    if conversation.handler == Handler.AI:
        raise Conflict(_("The AI assistant answers here. Take the conversation over first."))


def _may_judge(request: MemberRequest) -> bool:
    return request.membership.may(Role.OPERATOR) and not request.workspace.is_suspended


def _link(request: MemberRequest, source: dict[str, str]) -> dict[str, str]:
    url = reverse("knowledge-source", args=[request.workspace.slug, source["source"]])
    return {"title": source["title"], "url": url}


def _conversation(request: MemberRequest, pk: UUID) -> Conversation:
    """One that this member sees (SR-10)."""
    seen = request.workspace.conversations.visible_to(request.membership)
    found: Conversation = get_object_or_404(seen.select_related("contact", "visitor", "inbox__workspace"), pk=pk)
    return found
