"""What was given up is visible to staff and can be sent again; what it said is not."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from notifications import outbox
from notifications.models import OutgoingEmail
from notifications.tests.conftest import Post

LIST = "/admin/notifications/outgoingemail/"
Make = Callable[..., OutgoingEmail]


def send_again(client: Client, *mails: OutgoingEmail) -> None:
    answer = client.post(LIST, {"action": "send_again", "_selected_action": [str(mail.pk) for mail in mails]})
    assert answer.status_code == 302


def test_staff_see_the_reason_and_send_again(staff_client: Client, make_mail: Make, mail_server: Post) -> None:
    mail = make_mail(status="failed", attempts=8, last_error="refused: 550")
    assert "refused: 550" in staff_client.get(LIST).content.decode()
    send_again(staff_client, mail)
    mail.refresh_from_db()
    assert (mail.status, mail.attempts) == ("queued", 0)
    assert outbox.deliver(mail.pk)


def test_only_what_was_given_up_is_sent_again(staff_client: Client, make_mail: Make) -> None:
    sent = make_mail(status="sent")
    send_again(staff_client, sent)
    sent.refresh_from_db()
    assert sent.status == "sent"


def test_codes_and_links_are_not_shown(staff_client: Client, make_mail: Make) -> None:
    mail = make_mail(status="failed", subject="482913 is your code", text="482913", html="482913")
    for address in (LIST, f"{LIST}{mail.pk}/change/"):
        answer = staff_client.get(address)
        assert answer.status_code == 200
        assert "482913" not in answer.content.decode()


def test_nobody_makes_or_deletes_a_mail_by_hand(staff_client: Client, mail: OutgoingEmail) -> None:
    assert staff_client.get(f"{LIST}add/").status_code == 403
    assert staff_client.post(f"{LIST}{mail.pk}/delete/", {"post": "yes"}).status_code == 403
    assert OutgoingEmail.unscoped.filter(pk=mail.pk).exists()


def test_others_do_not_see_the_list(ana_client: Client, anonymous_client: Client) -> None:
    for client in (ana_client, anonymous_client):
        assert client.get(LIST).status_code in (302, 403)
