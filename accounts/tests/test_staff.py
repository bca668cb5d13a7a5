"""The admin opens for staff who have passed a second step, and for nobody else (SR-62)."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from accounts.models import User
from accounts.tests.conftest import Clock
from accounts.tests.steps import confirm, second_step, set_up_app, sign_in, totp_code
from conftest import signed_in

ADMIN = ["/admin/", "/admin/accounts/user/", "/admin/workspaces/plan/"]
pytestmark = pytest.mark.usefixtures("clock")


@pytest.mark.parametrize("path", ADMIN)
def test_SR62_without_a_second_step_staff_are_led_to_set_one_up(path: str, stella: User) -> None:
    client = signed_in(stella)
    page = client.get(path, follow=True)
    assert page.redirect_chain[-1][0] == "/accounts/2fa/"
    assert "Staff pages need a second step." in page.content.decode()
    assert client.post(path).status_code == 302


def test_SR62_a_session_that_has_not_passed_it_is_asked(stella: User, clock: Clock) -> None:
    first, other = signed_in(stella), signed_in(stella)
    secret = set_up_app(first)
    clock.forward(60)
    question = other.get("/admin/accounts/user/", follow=True).redirect_chain[-1][0]
    assert question == "/accounts/2fa/reauthenticate/?next=%2Fadmin%2Faccounts%2Fuser%2F"
    confirm(other)
    assert other.get("/admin/").status_code == 302
    led = other.post(question, {"code": totp_code(secret), "next": "/admin/accounts/user/"})
    assert led.url == "/admin/accounts/user/"
    assert other.get(led.url).status_code == 200


def test_SR62_signing_in_with_it_opens_the_pages(stella: User, client: Client, clock: Clock) -> None:
    secret = set_up_app(signed_in(stella))
    clock.forward(60)
    client.post("/accounts/login/?next=/admin/", {"login": stella.email, "password": "correct horse battery staple"})
    assert client.get("/admin/").status_code == 302
    assert second_step(client, totp_code(secret)).url == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_SR62_a_factor_that_was_removed_no_longer_counts(staff_client: Client) -> None:
    assert staff_client.get("/admin/").status_code == 200
    Authenticator.objects.all().delete()
    assert staff_client.get("/admin/").status_code == 302


def test_SR62_a_second_step_makes_nobody_staff(ana_client: Client, clock: Clock) -> None:
    secret = set_up_app(ana_client)
    clock.forward(60)
    client = Client()
    sign_in(client, "ana@acme.test")
    second_step(client, totp_code(secret))
    assert client.get("/admin/", follow=True).status_code == 403


def test_nobody_looks_at_factors_in_the_admin(staff_client: Client) -> None:
    assert staff_client.get("/admin/mfa/authenticator/").status_code == 404
