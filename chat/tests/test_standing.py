"""A suspended or closed workspace is one at every door: frame, visitor's calls, verbs, sockets."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client

from chat import actions as chat_actions
from chat.models import Conversation, Inbox
from chat.widget.access import issue_ticket
from minichat.lib.errors import NotFound
from workspaces import actions
from workspaces.models import Membership, Workspace
from workspaces.standing import Suspended

STANDINGS = ["suspended", "closed"]


def put(workspace: Workspace, standing: str) -> None:
    if standing == "suspended":
        actions.suspend(workspace, reason="Spam")
    else:
        actions.close(workspace, by=workspace.memberships.get(role="owner"))


@pytest.fixture(params=STANDINGS)
def standing(request: pytest.FixtureRequest, inbox: Inbox, conversation: Conversation) -> str:
    put(inbox.workspace, request.param)
    return request.param


@pytest.mark.django_db
def test_the_frame_says_it_calmly(anonymous_client: Client, inbox: Inbox, standing: str) -> None:
    answer = anonymous_client.get(f"/widget/{inbox.widget_key}/?o={inbox.allowed_origins[0]}")
    page = answer.content.decode()
    sentence = {"suspended": "You cannot write here at the moment.", "closed": "This chat no longer exists."}[standing]
    assert answer.status_code == 200
    assert f'role="status">{sentence}</p>' in page
    assert 'dir="auto" disabled' in page and 'id="away" hidden' in page
    assert inbox.allowed_origins[0] in answer["Content-Security-Policy"]


@pytest.mark.django_db
def test_a_frame_that_works_has_none_of_that(anonymous_client: Client, inbox: Inbox) -> None:
    page = anonymous_client.get(f"/widget/{inbox.widget_key}/?o={inbox.allowed_origins[0]}").content.decode()
    assert 'role="status" hidden></p>' in page and 'dir="auto" disabled' not in page


@pytest.mark.django_db
def test_while_it_is_deleted_the_frame_is_gone(anonymous_client: Client, inbox: Inbox) -> None:
    Workspace.objects.update(status=Workspace.Status.PURGING)
    assert anonymous_client.get(f"/widget/{inbox.widget_key}/?o={inbox.allowed_origins[0]}").status_code == 404


@pytest.mark.django_db
def test_no_visitor_is_let_in(
    anonymous_client: Client, vic_client: Client, inbox: Inbox, conversation: Conversation, standing: str
) -> None:
    base = f"/widget/{inbox.widget_key}/"
    ticket = {"ticket": issue_ticket(inbox, inbox.allowed_origins[0])}
    made = anonymous_client.post(f"{base}visitor/", ticket, content_type="application/json")
    assert made.status_code == {"suspended": 403, "closed": 404}[standing]
    body = {"client_id": str(uuid.uuid4()), "body": "hello?", "conversation": None}
    assert vic_client.post(f"{base}messages/", body, content_type="application/json").status_code == 403
    assert vic_client.get(f"{base}state/").status_code == 403
    assert vic_client.get(f"{base}conversations/{conversation.pk}/changes/").status_code == 403
    assert conversation.messages.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("verb", ["messages", "assignment", "takeover", "resolution", "resolution/delete"])
def test_an_operators_verbs_are_refused(
    omar_client: Client, inbox: Inbox, conversation: Conversation, standing: str, verb: str
) -> None:
    body = {"client_id": str(uuid.uuid4()), "body": "x", "assignee": ""}
    answer = omar_client.post(f"/w/acme/conversations/{conversation.pk}/{verb}/", body)
    assert answer.status_code == {"suspended": 403, "closed": 404}[standing]
    assert conversation.messages.count() == 1


@pytest.mark.django_db
def test_a_verb_that_passed_the_door_before_is_refused_too(
    omar_member: Membership, conversation: Conversation, standing: str
) -> None:
    error = {"suspended": Suspended, "closed": NotFound}[standing]
    with pytest.raises(error):
        chat_actions.post_operator_message(conversation, by=omar_member, body="x", client_id=uuid.uuid4())
    with pytest.raises(error):
        chat_actions.resolve(conversation, by=omar_member)


@pytest.mark.django_db
def test_reading_on_is_remembered(omar_client: Client, omar_member: Membership, conversation: Conversation) -> None:
    put(conversation.workspace, "suspended")
    page = f"/w/acme/conversations/{conversation.pk}/"
    shown = omar_client.get(page).content.decode()
    assert "you can read, but not answer" in shown and 'class="composer"' not in shown
    answer = omar_client.post(f"{page}marks/", {"read": 1}, content_type="application/json")
    assert answer.status_code == 204
    assert omar_member.workspace.conversation_reads.get(membership=omar_member).position == 1
