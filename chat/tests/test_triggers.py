"""The rules by which the chat speaks up: kept as typed values, told to the frame in the visitor's language."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from chat.models import Inbox
from chat.snippet import snippet
from chat.triggers import Rule, read
from workspaces.models import AuditEntry

pytestmark = pytest.mark.django_db
ONE = {
    "on": "time",
    "value": "15",
    "page": "any",
    "address": "",
    "once": "visit",
    "then": "say",
    "text_en": "Need a hand?",
    "text_th": "ให้ช่วยไหม",
}


@pytest.fixture
def page(inbox_page: Any) -> str:
    return inbox_page("triggers")


def sent(*rules: dict[str, str], known: int = 0) -> dict[str, str]:
    form = {f"rule-{at}-{name}": value for at, rule in enumerate(rules) for name, value in rule.items()}
    return {"rule-TOTAL_FORMS": str(len(rules)), "rule-INITIAL_FORMS": str(known), **form}


def told(client: Client, inbox: Inbox, language: str = "en") -> Any:
    query = {"o": inbox.allowed_origins[0], "l": language}
    html = client.get(f"/widget/{inbox.widget_key}/", query).content.decode()
    found = re.search(r' data-rules="(.*?)"', html)
    assert bool(found) is ("data-nudge=" in html)
    return json.loads(unescape(found[1])) if found else None


def test_a_rule_is_told_in_the_visitors_language(
    ana_client: Client, anonymous_client: Client, inbox: Inbox, page: str
) -> None:
    assert told(anonymous_client, inbox) is None and "data-preload" not in snippet(inbox)
    assert ana_client.post(page, sent(ONE)).url.endswith("/install/"), "the line of code has changed"
    inbox.refresh_from_db()
    [english], [thai], [japanese] = (told(anonymous_client, inbox, language) for language in ("en", "th", "ja"))
    assert english == {**english, "on": "time", "value": 15, "once": "visit", "then": "say", "text": "Need a hand?"}
    assert (thai["text"], japanese["text"], thai["id"]) == ("ให้ช่วยไหม", "Need a hand?", english["id"])
    assert 'data-preload="true"' in snippet(inbox)


def test_saving_again_keeps_its_name_and_removing_takes_it_away(ana_client: Client, inbox: Inbox, page: str) -> None:
    ana_client.post(page, sent(ONE))
    inbox.refresh_from_db()
    [before] = inbox.rules
    again = {**ONE, "id": before.id}
    for _ in range(2):
        ana_client.post(page, sent(again, known=1))
    inbox.refresh_from_db()
    assert inbox.rules[0] == before
    lines = AuditEntry.unscoped.filter(action="inbox.changed").count()
    ana_client.post(page, sent(again, known=1))
    assert AuditEntry.unscoped.filter(action="inbox.changed").count() == lines
    ana_client.post(page, sent({**again, "DELETE": "on"}, known=1))
    inbox.refresh_from_db()
    assert inbox.rules == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"on": "hover"},
        {"value": "-1"},
        {"value": ""},
        {"on": "scroll", "value": "0"},
        {"on": "scroll", "value": "101"},
        {"page": "contains", "address": ""},
        {"page": "regex", "address": "x"},
        {"then": "eval"},
        {"once": "always"},
        {"text_en": "", "text_th": ""},
        {"text_en": "x" * 81},
    ],
)
def test_SR38_what_is_no_rule_is_refused_beside_its_field(
    ana_client: Client, inbox: Inbox, page: str, wrong: dict[str, str]
) -> None:
    answer = ana_client.post(page, sent({**ONE, **wrong}))
    inbox.refresh_from_db()
    assert answer.status_code == 422 and inbox.triggers == []


def test_five_and_no_more(ana_client: Client, inbox: Inbox, page: str) -> None:
    assert ana_client.post(page, sent(*[ONE] * 6)).status_code == 422
    assert ana_client.post(page, sent(*[ONE] * 5)).status_code == 302
    assert "rule-5-" not in ana_client.get(page).content.decode()


def test_a_text_is_text(ana_client: Client, anonymous_client: Client, inbox: Inbox, page: str) -> None:
    ana_client.post(page, sent({**ONE, "text_en": "</script><b>Hi"}))
    inbox.refresh_from_db()
    [rule] = told(anonymous_client, inbox)
    assert rule["text"] == "</script><b>Hi"


@pytest.mark.parametrize(
    "stored", [None, {}, ["x"], [{"id": "a", "on": "x"}], [{"on": "time"}], [{"id": "a", "evil": 1}]]
)
def test_what_is_no_rule_is_not_read(stored: Any) -> None:
    assert read(stored) == []
    assert read([{"id": "a"}]) == [Rule("a")]


@pytest.mark.parametrize(("who", "code"), [("omar_client", 403), ("vera_client", 403)])
def test_operators_and_viewers_get_403(
    request: pytest.FixtureRequest, inbox: Inbox, page: str, who: str, code: int
) -> None:
    assert request.getfixturevalue(who).post(page, sent(ONE)).status_code == code


def test_gil_gets_404(gil_client: Client, globex: Any, inbox: Inbox) -> None:
    assert gil_client.get(f"/w/globex/settings/inboxes/{inbox.pk}/triggers/").status_code == 404
