"""What a website tells about its visitor, and how the team sees what is proven and what is not."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from chat.models import Conversation, Inbox, Visitor, VisitorEvent
from chat.tests.vouching import Vouch, fresh_pace, secret, send, vouch

pytestmark = pytest.mark.django_db
__all__ = ["fresh_pace", "secret", "vouch"]


@pytest.fixture
def api(inbox: Inbox) -> str:
    return f"/widget/{inbox.widget_key}/"


def test_attributes_are_set_changed_and_taken_away(vic: Visitor, vic_client: Client, api: str) -> None:
    assert send(vic_client, f"{api}update/", attributes={"plan": "pro", "seats": 3}).status_code == 204
    assert send(vic_client, f"{api}update/", attributes={"plan": None, "mood": "fine"}).status_code == 204
    vic.contact.refresh_from_db()
    assert vic.contact.attributes == {"seats": "3", "mood": "fine"}


@pytest.mark.parametrize("attributes", [None, [], {"a": {}}, {"a": [1]}, {"$": 1}, {f"a{n}": n for n in range(51)}])
def test_SR64_other_shapes_are_refused(vic_client: Client, api: str, attributes: Any) -> None:
    answer = send(vic_client, f"{api}update/", attributes=attributes)
    assert answer.status_code == 422 and "attributes" in answer.json()["errors"]


def test_more_than_a_contact_may_have(vic: Visitor, vic_client: Client, api: str) -> None:
    assert send(vic_client, f"{api}update/", attributes={f"a{n}": n for n in range(50)}).status_code == 204
    assert send(vic_client, f"{api}update/", attributes={"one": "more"}).status_code == 422
    vic.contact.refresh_from_db()
    assert len(vic.contact.attributes) == 50


def test_events_are_kept_the_newest_fifty(vic_client: Client, api: str) -> None:
    for number in range(53):
        assert send(vic_client, f"{api}track/", name=f"step {number}", data={"n": number}).status_code == 204
    assert VisitorEvent.unscoped.count() == 50
    assert VisitorEvent.unscoped.order_by("-at").first().data == {"n": "52"}  # type: ignore[union-attr]
    assert not VisitorEvent.unscoped.filter(name="step 2").exists()


@pytest.mark.parametrize("body", [{}, {"name": ""}, {"name": 7}, {"name": "x", "data": "y"}, {"name": "x", "more": 1}])
def test_an_event_has_a_name(vic_client: Client, api: str, body: dict[str, Any]) -> None:
    assert send(vic_client, f"{api}track/", **body).status_code == 422


def test_the_team_sees_what_is_proven_and_what_is_not(
    vic_client: Client, api: str, conversation: Conversation, omar_client: Client, vouch: Vouch
) -> None:
    address = f"/w/acme/conversations/{conversation.pk}/"
    send(vic_client, f"{api}identify/", traits={"name": "Nok", "email": "nok@typed.example", "plan": "gold"})
    send(vic_client, f"{api}track/", name="Added to cart", data={"sku": "K-MAX"})
    page = omar_client.get(address).content.decode()
    assert "Not verified" in page and ">Verified<" not in page
    assert "nok@typed.example" in page and "Added to cart" in page and "K-MAX" in page and "gold" in page
    send(vic_client, f"{api}identify/", identity=vouch(email="nok@signed.example", attributes={"plan": "free"}))
    page = omar_client.get(address).content.decode()
    assert ">Verified<" in page and "nok@signed.example" in page and "customer-7" in page
    assert "signed in on your site as" in page


def test_a_page_of_details_asks_a_fixed_number_of_questions(
    vic_client: Client, api: str, conversation: Conversation, omar_client: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        send(vic_client, f"{api}track/", name=f"step {number}")
    address = f"/w/acme/conversations/{conversation.pk}/"
    omar_client.get(address)
    with django_assert_max_num_queries(40):
        page = omar_client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert page.count("step ") == 10, "the newest ten"
