"""The list of what was found, in the place of the inbox's list."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from chat import found, partials, search, snapshots
from chat.forms_search import SearchForm
from chat.models import Conversation, Message
from contacts.models import Contact
from minichat.lib import throttle
from minichat.lib.keyboards import other_layout
from minichat.lib.searching import question
from workspaces.decorators import MemberRequest, member
from workspaces.finding import SEARCHES, SECONDS
from workspaces.roles import Role

FEW = 5


@require_GET
@member(Role.VIEWER)
def show(request: MemberRequest) -> HttpResponse:
    """The fragment for the browser that asks while somebody types; anybody else gets the whole page."""
    if not request.headers.get("HX-Request"):
        return redirect(f"{_inbox(request)}?{request.GET.urlencode()}")
    context = context_for(request)
    form = context["search"]
    template = "chat/_found_messages.html" if request.GET.get("after") else "chat/_found.html"
    return render(request, template, context, status=200 if form.is_valid() else 422)


def context_for(request: MemberRequest) -> dict[str, Any]:
    """The form; and what it finds, if it asks for something."""
    form = SearchForm(request.GET, member=request.membership)
    if not form.is_valid() or not form.cleaned_data["q"]:
        return {"search": form}
    throttle.hit("find", str(request.membership.pk), SEARCHES, SECONDS)
    text = form.cleaned_data["q"]
    results = _results(request, form, text)
    meant = other_layout(text)
    if meant and not results["something"]:
        # Typed with the other keyboard layout.
        other = _results(request, form, meant)
        results = {**other, "meant": meant} if other["something"] else results
    return {"search": form, "found": results}


def _results(request: MemberRequest, form: SearchForm, text: str) -> dict[str, Any]:
    mine = form.conversations(request.workspace.conversations.visible_to(request.membership))
    asked = question(text)
    after = request.GET.get("after", "")
    page = search.find(request.workspace, search.Wanted(asked, mine, after=after, **form.messages()))
    people = (
        []
        if after or not _asks_for_people(form)
        else list(found.people(request.membership, text, mine).exclude(latest=None)[:FEW])
    )
    numbered = [] if after else list(found.numbered(text, mine).select_related("contact"))
    shown = {**{name: str(request.GET[name]) for name in form.fields if request.GET.get(name)}, "q": text}
    return {
        "text": text,
        "people": [_person(request, row, shown) for row in people],
        "conversations": [_conversation(request, row, shown) for row in numbered],
        "messages": [_message(request, row, asked, shown) for row in page.rows],
        "more": page.next and urlencode({**shown, "after": page.next}),
        "looked_until": page.looked_until,
        "too_short": not asked.is_long_enough,
        "something": bool(people or numbered or page.rows or page.next),
    }


def _asks_for_people(form: SearchForm) -> bool:
    """Whoever asks for notes, or for messages of a day, does not look for a person."""
    return not any(form.cleaned_data[name] for name in ("by", "since", "until"))


def _person(request: MemberRequest, row: Any, shown: dict[str, str]) -> dict[str, Any]:
    thread = reverse("thread", args=[request.workspace.slug, row.latest])
    hint = " · ".join(text for text in (row.email, row.phone, row.company) if text)
    return {
        "contact": _contact(row),
        "url": f"{thread}?{urlencode(shown)}",
        "conversation": str(row.latest),
        "hint": hint,
    }


def _conversation(request: MemberRequest, row: Conversation, shown: dict[str, str]) -> dict[str, Any]:
    thread = reverse("thread", args=[request.workspace.slug, row.pk])
    return {
        "conversation": str(row.pk),
        "number": row.number,
        "contact": _contact(row.contact),
        "url": f"{thread}?{urlencode(shown)}",
        "at": row.last_message_at,
        "preview": row.last_message_preview,
    }


def _message(request: MemberRequest, row: Message, asked: Any, shown: dict[str, str]) -> dict[str, Any]:
    conversation = row.conversation
    return {
        "id": str(row.pk),
        "url": found.place(request.workspace, row, **shown),
        "conversation": str(conversation.pk),
        "position": row.position,
        "contact": _contact(conversation.contact),
        "author": row.author_name,
        "kind": str(row.kind),
        "at": row.created_at,
        "status": str(conversation.status),
        "inbox_name": conversation.inbox.name,
        **found.shown(row, asked)._asdict(),
    }


def _contact(row: Contact) -> dict[str, Any]:
    return partials.readable({"contact": snapshots.contact(row)})["contact"]


def _inbox(request: MemberRequest) -> str:
    return reverse("inbox", args=[request.workspace.slug])
