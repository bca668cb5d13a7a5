"""What the agent knows: FAQs, texts, files and web pages. Everybody in the team reads them, admins change them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ai import actions, listing, pace
from ai.forms import FaqForm, FileForm, PageForm, TextForm
from ai.from_replies import from_reply
from ai.models import Source, SourceKind
from ai.models.answer import AnswerQuerySet
from ai.models.source import MOST_OTHER_WAYS
from ai.phrasings import phrasings
from chat.models import Handler, Inbox
from chat.models import Kind as MessageKind
from minichat.lib import rich
from minichat.lib.errors import Conflict
from workspaces.decorators import MemberRequest, member
from workspaces.roles import Role

LONGEST_SEARCH = 100
Form = FaqForm | TextForm | FileForm | PageForm


@dataclass(frozen=True)
class Sort:
    """How one sort of source is written: FAQ, text, file or web page."""

    kind: SourceKind
    list_name: str
    form: type[Form]
    add: Callable[..., Source]
    change: Callable[..., None]
    leads: str
    """The field that a conflict is about."""
    is_read: bool = False
    """It lies elsewhere and is read from there; how far that is, its pages show."""


FAQ = Sort(SourceKind.FAQ, "knowledge", FaqForm, actions.add_faq, actions.change_faq, "question")
TEXT = Sort(SourceKind.TEXT, "knowledge-texts", TextForm, actions.add_text, actions.change_text, "title")
FILE = Sort(SourceKind.FILE, "knowledge-files", FileForm, actions.add_file, actions.change_file, "title", is_read=True)
PAGE = Sort(SourceKind.PAGE, "knowledge-pages", PageForm, actions.add_page, actions.change_page, "url", is_read=True)
SORTS = {sort.kind: sort for sort in (FAQ, TEXT, FILE, PAGE)}


@require_safe
@member(Role.VIEWER)
def faqs(request: MemberRequest) -> HttpResponse:
    return _list(request, FAQ)


@require_safe
@member(Role.VIEWER)
def texts(request: MemberRequest) -> HttpResponse:
    return _list(request, TEXT)


@require_safe
@member(Role.VIEWER)
def files(request: MemberRequest) -> HttpResponse:
    return _list(request, FILE)


@require_safe
@member(Role.VIEWER)
def pages(request: MemberRequest) -> HttpResponse:
    return _list(request, PAGE)


@require_safe
@member(Role.VIEWER)
def show(request: MemberRequest, pk: UUID) -> HttpResponse:
    source = source_for(request, pk)
    if SORTS[SourceKind(source.kind)].is_read:
        return _reading(request, source)
    answer = rich.html(source.text, rich.nodes(source.text)) if source.kind == SourceKind.FAQ else ""
    context = {"line": listing.Line(source), "source": source, "answer": answer, "may_change": may_change(request)}
    return render(request, "ai/source.html", {**context, "list_name": SORTS[SourceKind(source.kind)].list_name})


@require_http_methods(["GET", "HEAD", "POST"])
@member(Role.ADMIN)
def create_faq(request: MemberRequest) -> HttpResponse:
    if "phrasings" in request.POST:
        return _suggested(request)
    return _create(request, FAQ, initial=_begun(request))


@require_http_methods(["GET", "HEAD", "POST"])
@member(Role.ADMIN)
def create_text(request: MemberRequest) -> HttpResponse:
    return _create(request, TEXT, initial={})


@require_http_methods(["GET", "HEAD", "POST"])
@member(Role.ADMIN)
def create_page(request: MemberRequest) -> HttpResponse:
    return _create(request, PAGE, initial={})


@require_http_methods(["GET", "HEAD", "POST"])
@member(Role.ADMIN)
def edit(request: MemberRequest, pk: UUID) -> HttpResponse:
    source = source_for(request, pk)
    sort = SORTS[SourceKind(source.kind)]
    if sort is FAQ and "phrasings" in request.POST:
        return _suggested(request, source)
    form = _form(request, sort, sort.form.initial_of(source))
    if form.is_valid() and _done(form, sort, lambda: sort.change(source, by=request.membership, **form.cleaned_data)):
        return _saved(request, sort)
    return _page(request, sort, form, source)


@require_POST
@member(Role.ADMIN)
def delete(request: MemberRequest, pk: UUID) -> HttpResponse:
    source = source_for(request, pk)
    actions.delete_source(source, by=request.membership)
    messages.success(request, _("“%(title)s” is deleted.") % {"title": source.title})
    return redirect(SORTS[SourceKind(source.kind)].list_name, request.workspace.slug)


def answers_of(request: MemberRequest) -> AnswerQuerySet:
    """What was answered, in conversations that this member sees (SR-10)."""
    seen = request.workspace.conversations.visible_to(request.membership)
    rows: AnswerQuerySet = request.workspace.ai_answers.filter(conversation__in=seen)
    return rows


def gaps_of(request: MemberRequest) -> AnswerQuerySet:
    """Questions without an answer, or with a poor one."""
    return answers_of(request).unanswered()


def may_change(request: MemberRequest) -> bool:
    return request.membership.may(Role.ADMIN) and not request.workspace.is_suspended


def source_for(request: MemberRequest, pk: UUID) -> Source:
    return get_object_or_404(request.workspace.knowledge_sources.filter(kind__in=SORTS), pk=pk)


# --- Inside -----------------------------------------------------------------------------------------------------------


def _begun(request: MemberRequest) -> dict[str, Any]:
    """With a question; or with what a colleague replied to a visitor (`?reply=`), which is never in the address."""
    try:
        pk = UUID(request.GET.get("reply", ""))
    except ValueError:
        return {"question": request.GET.get("question", "")}
    seen = request.workspace.conversations.visible_to(request.membership)
    replies = request.workspace.messages.filter(conversation__in=seen, kind=MessageKind.OPERATOR, deleted_at=None)
    return from_reply(get_object_or_404(replies.select_related("conversation"), pk=pk))


def _list(request: MemberRequest, sort: Sort) -> HttpResponse:
    words = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    after = request.GET.get("after", "")
    rows = request.workspace.knowledge_sources.of_kind(sort.kind)
    lines, following = listing.page(rows.containing(words), sort.kind, after=after)
    kept = {"q": words} if words else {}
    context: dict[str, Any] = {
        "lines": lines,
        "kind": sort.kind.value,
        "list_name": sort.list_name,
        "counts": {**listing.counts(request.workspace), "gaps": gaps_of(request).count()},
        "q": words,
        "next": following and urlencode({**kept, "after": following}),
        "is_first": not after,
        "may_change": may_change(request),
        "silent_in": _silent_in(request) if lines and may_change(request) else None,
    }
    if not sort.is_read:
        return render(request, "ai/list.html", context)
    context["is_waiting"] = any(line.is_waiting for line in lines)
    return render(request, _template(request, "readings"), context)


def _silent_in(request: MemberRequest) -> Inbox | None:
    """It knows something and nobody hears it: the first inbox, where it answers in none."""
    inboxes = list(request.workspace.inboxes.open().oldest_first())
    answers = any(inbox.answered_by == Handler.AI for inbox in inboxes)
    return None if answers or not inboxes else inboxes[0]


def _reading(request: MemberRequest, source: Source) -> HttpResponse:
    line = listing.Line(source, listing.progress_of([source]).get(source.pk))
    context: dict[str, Any] = {
        "line": line,
        "source": source,
        "is_waiting": line.is_waiting,
        "may_change": may_change(request),
        "list_name": SORTS[SourceKind(source.kind)].list_name,
    }
    if source.kind == SourceKind.FILE:
        context |= listing.pieces_of(source)
    else:
        context["pages"] = listing.pages_of(source)
    return render(request, _template(request, "reading"), context)


def _template(request: MemberRequest, name: str) -> str:
    """The part of it that asks again while something is being read, or all of it."""
    return f"ai/_{name}.html" if request.headers.get("HX-Request") else f"ai/{name}.html"


def _create(request: MemberRequest, sort: Sort, *, initial: dict[str, Any]) -> HttpResponse:
    form = _form(request, sort, initial)
    if form.is_valid() and _done(form, sort, lambda: sort.add(request.membership, **form.cleaned_data)):
        return _saved(request, sort)
    return _page(request, sort, form)


def _form(request: MemberRequest, sort: Sort, initial: dict[str, Any]) -> Form:
    return sort.form(request.POST if request.method == "POST" else None, initial=initial)


def _done(form: Form, sort: Sort, work: Callable[[], object]) -> bool:
    """A conflict stands beside the field that caused it; the limit of a plan has a page of its own."""
    try:
        work()
    except Conflict as error:
        form.add_error(sort.leads, error.detail)
        return False
    return True


def _saved(request: MemberRequest, sort: Sort) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect(sort.list_name, request.workspace.slug)


def _suggested(request: MemberRequest, source: Source | None = None) -> HttpResponse:
    """Other ways to ask go into the form for whoever writes it. Nothing is saved."""
    form = FaqForm.typed(request.POST)
    question, known = form.asked()
    room = MOST_OTHER_WAYS - len(known)
    if not question:
        return _page(request, FAQ, form, source, no_ways="question")
    if room <= 0:
        return _page(request, FAQ, form, source, no_ways="room")
    pace.spend(request.membership)
    ways = phrasings(request.workspace, question, known)[:room]
    form.initial["other_ways"] = "\n".join([*known, *ways])
    return _page(request, FAQ, form, source, ways=ways, no_ways="" if ways else "model")


def _page(request: MemberRequest, sort: Sort, form: Form, source: Source | None = None, **more: Any) -> HttpResponse:
    context = {"form": form, "source": source, "kind": sort.kind.value, "list_name": sort.list_name, **more}
    if sort is FAQ:
        context["categories"] = listing.categories(request.workspace)
    return render(request, "ai/form.html", context, status=422 if form.errors else 200)
