"""The install page and the list of sites that may load the widget."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from chat.models import Inbox
from workspaces.models import AuditEntry, Membership, Workspace

PAGE = "/w/acme/settings/widget/"


def saved(inbox: Inbox) -> list[str]:
    inbox.refresh_from_db()
    return inbox.allowed_origins


def test_the_line_to_paste(ana_client: Client, inbox: Inbox, settings: Any) -> None:
    settings.BASE_URL = "https://chat.example.com"
    page = ana_client.get(PAGE, headers={"Host": "localhost"})
    expected = f'<script async src="https://chat.example.com/widget.js" data-key="{inbox.widget_key}"></script>'
    assert page.context["snippet"] == expected
    assert b"&lt;script async" in page.content


def test_an_admin_saves_sites(adam_client: Client, inbox: Inbox, adam_member: Membership) -> None:
    text = "shop.example\r\n\r\n  https://SHOP.example/ \r\nhttp://localhost:3000\r\n"
    answer = adam_client.post(PAGE, {"allowed_domains": text})
    assert answer.url == PAGE
    assert saved(inbox) == ["https://shop.example", "http://localhost:3000"]
    line = AuditEntry.unscoped.filter(action="inbox.changed").latest("at")
    assert (line.actor, line.data["allowed_origins"]) == (adam_member, saved(inbox))


def test_saving_twice_is_saving_once(ana_client: Client, inbox: Inbox) -> None:
    before = AuditEntry.unscoped.filter(action="inbox.changed").count()
    for _ in range(2):
        assert ana_client.post(PAGE, {"allowed_domains": "https://shop.example"}).status_code == 302
    assert AuditEntry.unscoped.filter(action="inbox.changed").count() == before + 1


def test_nothing_means_nobody(ana_client: Client, inbox: Inbox) -> None:
    ana_client.post(PAGE, {"allowed_domains": " \n"})
    assert saved(inbox) == []


def test_a_wrong_line_is_named_and_the_text_is_kept(ana_client: Client, inbox: Inbox) -> None:
    before = saved(inbox)
    text = "https://good.example\nhttps://bad.example/path"
    answer = ana_client.post(PAGE, {"allowed_domains": text})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Line 2 (https://bad.example/path)" in page
    assert "https://good.example\nhttps://bad.example/path" in page
    assert saved(inbox) == before


def test_fifty_sites_and_no_more(ana_client: Client, inbox: Inbox) -> None:
    sites = [f"https://s{number}.example" for number in range(51)]
    assert ana_client.post(PAGE, {"allowed_domains": "\n".join(sites[:50])}).status_code == 302
    assert ana_client.post(PAGE, {"allowed_domains": "\n".join(sites)}).status_code == 422
    assert len(saved(inbox)) == 50


@pytest.mark.parametrize("text", ["\x00", "https://a.example\x00", "<script>alert(1)</script>", "a" * 20_000])
def test_odd_input_is_refused_calmly(ana_client: Client, inbox: Inbox, text: str) -> None:
    before = saved(inbox)
    assert ana_client.post(PAGE, {"allowed_domains": text}).status_code in {302, 422}
    assert set(saved(inbox)) <= {*before, "https://a.example"}


def test_typed_markup_comes_back_as_text(ana_client: Client, inbox: Inbox) -> None:
    page = ana_client.post(PAGE, {"allowed_domains": "<img src=x>"}).content.decode()
    assert "<img src=x>" not in page
    assert "&lt;img src=x&gt;" in page


@pytest.mark.parametrize("who", ["omar_client", "vera_client"])
def test_operators_and_viewers_get_403(request: pytest.FixtureRequest, inbox: Inbox, who: str) -> None:
    client, before = request.getfixturevalue(who), saved(inbox)
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, {"allowed_domains": "https://evil.example"}).status_code == 403
    assert client.post(f"{PAGE}allow/", {"origin": "https://evil.example"}).status_code == 403
    assert saved(inbox) == before


def test_gil_gets_404(gil_client: Client, inbox: Inbox) -> None:
    before = saved(inbox)
    assert gil_client.get("/w/globex/settings/widget/").status_code == 200
    assert gil_client.get(PAGE).status_code == 404
    assert gil_client.post(PAGE, {"allowed_domains": "https://evil.example"}).status_code == 404
    assert saved(inbox) == before


def test_nobody_is_sent_to_sign_in(anonymous_client: Client, acme: Workspace) -> None:
    assert anonymous_client.get(PAGE).url == f"/accounts/login/?next={PAGE}"
    assert anonymous_client.post(PAGE, {"allowed_domains": ""}).status_code == 401
    assert anonymous_client.get(PAGE, headers={"HX-Request": "true"}).status_code == 401


def test_other_methods(ana_client: Client, inbox: Inbox) -> None:
    assert ana_client.put(PAGE).status_code == 405
    assert ana_client.get(f"{PAGE}allow/").status_code == 405


def test_a_form_from_elsewhere_is_refused(inbox: Inbox, ana_client: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = ana_client.cookies
    assert strict.post(PAGE, {"allowed_domains": ""}).status_code == 403
    assert saved(inbox) != []
