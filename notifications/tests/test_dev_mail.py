"""`/dev/mail/`: what would have been mailed, to be read on this machine only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from notifications.checks import mail_is_readable_in_local_mode_only
from notifications.models import OutgoingEmail

Make = Callable[..., OutgoingEmail]


def test_the_newest_is_on_top_with_its_code(client: Client, make_mail: Make) -> None:
    make_mail(subject="Older", created_at=timezone.now() - timedelta(minutes=1))
    make_mail(subject="Newer", text="Your code:\n\n482913\n\nMiniChat")
    page = client.get("/dev/mail/").content.decode()
    assert page.index("Newer") < page.index("Older")
    assert "482913" in page


def test_without_mails_it_says_so(client: Client, db: None) -> None:
    assert client.get("/dev/mail/").status_code == 200


def test_one_mail_shows_everything(client: Client, make_mail: Make) -> None:
    mail = make_mail(text="Hello\n\n482913", html="<p>Hello</p>")
    page = client.get(f"/dev/mail/{mail.pk}/").content.decode()
    assert "ana@acme.test" in page
    assert page.count("482913") >= 2
    assert f'src="/dev/mail/{mail.pk}/html/"' in page
    assert "sandbox" in page


def test_text_of_a_mail_is_no_markup_of_the_page(client: Client, make_mail: Make) -> None:
    mail = make_mail(subject="<b>x</b>", text="<script>alert(1)</script>")
    for address in ("/dev/mail/", f"/dev/mail/{mail.pk}/"):
        page = client.get(address).content.decode()
        assert "<b>x</b>" not in page
        assert "<script>alert" not in page


def test_the_html_part_is_locked_in(client: Client, make_mail: Make) -> None:
    mail = make_mail(html="<p style='color:red'>Hello</p>")
    answer = client.get(f"/dev/mail/{mail.pk}/html/")
    policy = answer["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "script-src 'none'" in policy
    assert "style-src 'unsafe-inline'" in policy
    assert "frame-ancestors 'self'" in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"


def test_the_pages_are_read_only(client: Client, mail: OutgoingEmail) -> None:
    for address in ("/dev/mail/", f"/dev/mail/{mail.pk}/", f"/dev/mail/{mail.pk}/html/"):
        assert client.post(address).status_code == 405


def test_an_unknown_mail_is_not_found(client: Client, db: None) -> None:
    assert client.get("/dev/mail/01902bd4-1111-7222-8333-444455556666/").status_code == 404
    assert client.get("/dev/mail/x/").status_code == 404


def test_the_page_that_waits_for_a_code_leads_here(client: Client, db: None) -> None:
    client.post("/accounts/signup/", {"email": "malee@x.test", "password1": "jasmine on the balcony"})
    assert b'href="/dev/mail/"' in client.get("/accounts/confirm-email/").content


@pytest.mark.parametrize(("local", "errors"), [(True, []), (False, ["minichat.E003"])])
def test_a_check_tells_when_it_is_routed_elsewhere(settings: Any, local: bool, errors: list[str]) -> None:
    settings.LOCAL = local
    assert [error.id for error in mail_is_readable_in_local_mode_only(None)] == errors


def test_the_check_is_content_where_it_is_not_routed(settings: Any) -> None:
    settings.LOCAL = False
    settings.ROOT_URLCONF = "accounts.urls"
    assert mail_is_readable_in_local_mode_only(None) == []
