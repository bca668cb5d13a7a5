"""The team's labels: their page, their names, and conversations that wear them."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chat import actions
from chat.models import Conversation, Hue, Inbox, Label
from chat.widget.access import new_visitor
from minichat.lib.errors import Conflict, PlanLimit
from workspaces.models import AuditEntry, Membership

pytestmark = pytest.mark.django_db
PAGE = "/w/acme/settings/labels/"


@pytest.fixture
def label(omar_member: Membership) -> Label:
    return actions.create_label(omar_member, name="Quotation", hue=Hue.GREEN)


def put_on(conversation: Conversation, by: Membership, *rows: Label) -> None:
    actions.perform(by, "label", {"add": [str(row.pk) for row in rows], "remove": []}, [conversation.pk])


@pytest.mark.parametrize("name", ["quotation", "QUOTATION", "  Quotation "])
def test_one_name_is_one_label(label: Label, omar_client: Client, omar_member: Membership, name: str) -> None:
    answer = omar_client.post(PAGE, {"name": name, "hue": 1})
    assert answer.status_code == 422 and "There is a label" in answer.content.decode()
    assert f'value="{name}"' in answer.content.decode(), "nothing typed is lost"
    assert omar_member.workspace.labels.count() == 1


def test_names_are_compared_however_they_were_typed(omar_member: Membership) -> None:
    actions.create_label(omar_member, name="Mo\u0308bel")
    with pytest.raises(Conflict):
        actions.create_label(omar_member, name="M\u00d6BEL")


def test_other_workspaces_have_their_own(label: Label, gil_member: Membership) -> None:
    assert actions.create_label(gil_member, name="Quotation").workspace_id == gil_member.workspace_id


def test_there_is_room_for_two_hundred(label: Label, omar_member: Membership) -> None:
    rows = [Label(workspace=omar_member.workspace, name=f"n{n}", key=f"n{n}") for n in range(actions.MOST_LABELS - 1)]
    Label.unscoped.bulk_create(rows)
    with pytest.raises(PlanLimit):
        actions.create_label(omar_member, name="one more")


@pytest.mark.parametrize("name", ["", "   ", "\u200b", "x" * 41])
def test_senseless_names(omar_client: Client, omar_member: Membership, name: str) -> None:
    assert omar_client.post(PAGE, {"name": name, "hue": 1}).status_code == 422
    assert not omar_member.workspace.labels.exists()


def test_the_page_says_on_how_many_it_is(
    label: Label, adam_client: Client, conversation: Conversation, omar_member: Membership
) -> None:
    put_on(conversation, omar_member, label)
    assert "On 1 conversation<" in adam_client.get(PAGE).content.decode()
    assert "1 conversation loses it" in adam_client.get(f"{PAGE}{label.pk}/").content.decode()


def test_admins_rename_colour_and_delete(
    label: Label, adam_client: Client, conversation: Conversation, omar_member: Membership, omar_client: Client
) -> None:
    put_on(conversation, omar_member, label)
    saved = adam_client.post(f"{PAGE}{label.pk}/", {"name": "Offer", "hue": Hue.PINK})
    assert saved.status_code == 302
    row = omar_client.get("/w/acme/conversations/").content.decode()
    assert f'chip-label h6" data-label="{label.pk}"' in row and "<span>Offer</span>" in row
    assert adam_client.post(f"{PAGE}{label.pk}/delete/").status_code == 302
    row = omar_client.get("/w/acme/conversations/").content.decode()
    assert "Offer" not in row
    assert list(AuditEntry.unscoped.filter(action__startswith="label").values_list("action", flat=True)) == [
        "label.created",
        "label.changed",
        "label.deleted",
    ]
    actions.perform(omar_member, "priority", {"priority": 4}, [conversation.pk])


def test_renaming_to_a_name_in_use_is_refused(label: Label, adam_client: Client, omar_member: Membership) -> None:
    other = actions.create_label(omar_member, name="Offer")
    answer = adam_client.post(f"{PAGE}{other.pk}/", {"name": "QUOTATION", "hue": 1})
    assert answer.status_code == 422
    same = adam_client.post(f"{PAGE}{other.pk}/", {"name": "OFFER", "hue": 1})
    assert same.status_code == 302, "its own name in other letters is fine"


def test_operators_make_them_and_admins_keep_them(label: Label, omar_client: Client, vera_client: Client) -> None:
    place = "/w/acme/conversations/labels/"
    made = omar_client.post(place, json.dumps({"name": "ขายส่ง"}), content_type="application/json")
    assert made.status_code == 201 and made.json()["name"] == "ขายส่ง"
    assert omar_client.post(f"{PAGE}{label.pk}/", {"name": "x", "hue": 1}).status_code == 403
    assert omar_client.post(f"{PAGE}{label.pk}/delete/").status_code == 403
    assert vera_client.post(place, json.dumps({"name": "x"}), content_type="application/json").status_code == 403
    assert vera_client.get(PAGE).status_code == 403


def test_a_new_one_gets_the_rarest_colour(omar_member: Membership) -> None:
    made = [actions.create_label(omar_member, name=str(n)).hue for n in range(7)]
    assert sorted(made[:6]) == Hue.values and made[6] == made[0]


def test_SR03_others_labels_are_not_found(label: Label, gil_client: Client) -> None:
    assert gil_client.get(f"/w/globex/settings/labels/{label.pk}/").status_code == 404
    assert gil_client.post(f"/w/globex/settings/labels/{label.pk}/delete/").status_code == 404


def test_rows_ask_nothing_for_their_labels(omar_client: Client, omar_member: Membership, inbox: Inbox) -> None:
    rows = [actions.create_label(omar_member, name=f"label {n}") for n in range(4)]

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            omar_client.get("/w/acme/conversations/", headers={"HX-Request": "true"})
        return len(asked)

    few: Any = None
    for index in range(12):
        visitor, _ = new_visitor(inbox)
        posted = actions.post_visitor_message(visitor, body=str(index), client_id=uuid.uuid4())
        put_on(posted.message.conversation, omar_member, *rows)
        few = few or queries()
    assert queries() == few
