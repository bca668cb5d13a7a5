"""The install page and the list of sites that may load the widget."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from chat.models import Inbox
from workspaces.models import AuditEntry, Membership, Workspace


@pytest.fixture
def page(inbox_page: Callable[[str], str]) -> str:
    return inbox_page("install")


def saved(inbox: Inbox) -> list[str]:
    inbox.refresh_from_db()
    return inbox.allowed_origins


def test_the_line_to_paste(ana_client: Client, inbox: Inbox, settings: Any, page: str) -> None:
    settings.BASE_URL = "https://chat.example.com"
    html = ana_client.get(page, headers={"Host": "localhost"})
    expected = f'<script async src="https://chat.example.com/widget.js" data-key="{inbox.widget_key}"></script>'
    assert html.context["snippet"] == expected
    assert b"&lt;script async" in html.content


def test_an_admin_saves_sites(adam_client: Client, inbox: Inbox, adam_member: Membership, page: str) -> None:
    text = "shop.example\r\n\r\n  https://SHOP.example/ \r\nhttp://localhost:3000\r\n"
    answer = adam_client.post(page, {"allowed_domains": text})
    assert answer.url == page
    assert saved(inbox) == ["https://shop.example", "http://localhost:3000"]
    line = AuditEntry.unscoped.filter(action="inbox.changed").latest("at")
    assert (line.actor, line.data["allowed_origins"]) == (adam_member, saved(inbox))


def test_saving_twice_is_saving_once(ana_client: Client, inbox: Inbox, page: str) -> None:
    before = AuditEntry.unscoped.filter(action="inbox.changed").count()
    for _ in range(2):
        assert ana_client.post(page, {"allowed_domains": "https://shop.example"}).status_code == 302
    assert AuditEntry.unscoped.filter(action="inbox.changed").count() == before + 1


def test_nothing_means_nobody(ana_client: Client, inbox: Inbox, page: str) -> None:
    ana_client.post(page, {"allowed_domains": " \n"})
    assert saved(inbox) == []


def test_a_wrong_line_is_named_and_the_text_is_kept(ana_client: Client, inbox: Inbox, page: str) -> None:
    before = saved(inbox)
    text = "https://good.example\nhttps://bad.example/path"
    answer = ana_client.post(page, {"allowed_domains": text})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Line 2 (https://bad.example/path)" in html
    assert "https://good.example\nhttps://bad.example/path" in html
    assert saved(inbox) == before


def test_fifty_sites_and_no_more(ana_client: Client, inbox: Inbox, page: str) -> None:
    sites = [f"https://s{number}.example" for number in range(51)]
    assert ana_client.post(page, {"allowed_domains": "\n".join(sites[:50])}).status_code == 302
    assert ana_client.post(page, {"allowed_domains": "\n".join(sites)}).status_code == 422
    assert len(saved(inbox)) == 50


@pytest.mark.parametrize("text", ["\x00", "https://a.example\x00", "<script>alert(1)</script>", "a" * 20_000])
def test_odd_input_is_refused_calmly(ana_client: Client, inbox: Inbox, text: str, page: str) -> None:
    before = saved(inbox)
    assert ana_client.post(page, {"allowed_domains": text}).status_code in {302, 422}
    assert set(saved(inbox)) <= {*before, "https://a.example"}


def test_typed_markup_comes_back_as_text(ana_client: Client, inbox: Inbox, page: str) -> None:
    html = ana_client.post(page, {"allowed_domains": "<img src=x>"}).content.decode()
    assert "<img src=x>" not in html
    assert "&lt;img src=x&gt;" in html


@pytest.mark.parametrize("who", ["omar_client", "vera_client"])
def test_operators_and_viewers_get_403(request: pytest.FixtureRequest, inbox: Inbox, who: str, page: str) -> None:
    client, before = request.getfixturevalue(who), saved(inbox)
    assert client.get(page).status_code == 403
    assert client.post(page, {"allowed_domains": "https://evil.example"}).status_code == 403
    assert client.post(f"{page}allow/", {"origin": "https://evil.example"}).status_code == 403
    assert saved(inbox) == before


def test_gil_gets_404(gil_client: Client, inbox: Inbox, page: str) -> None:
    before = saved(inbox)
    assert gil_client.get("/w/globex/settings/widget/", follow=True).status_code == 200
    assert gil_client.get(page).status_code == 404
    assert gil_client.post(page, {"allowed_domains": "https://evil.example"}).status_code == 404
    assert saved(inbox) == before


def test_nobody_is_sent_to_sign_in(anonymous_client: Client, acme: Workspace, page: str) -> None:
    assert anonymous_client.get(page).url == f"/accounts/login/?next={page}"
    assert anonymous_client.post(page, {"allowed_domains": ""}).status_code == 401
    assert anonymous_client.get(page, headers={"HX-Request": "true"}).status_code == 401


def test_other_methods(ana_client: Client, inbox: Inbox, page: str) -> None:
    assert ana_client.put(page).status_code == 405
    assert ana_client.get(f"{page}allow/").status_code == 405


def test_a_form_from_elsewhere_is_refused(inbox: Inbox, ana_client: Client, page: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = ana_client.cookies
    assert strict.post(page, {"allowed_domains": ""}).status_code == 403
    assert saved(inbox) != []
