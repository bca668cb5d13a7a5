"""Every token opens its own door and no other (SR-16): all sorts of tokens at all doors that take one.

Each sort is a function: it prepares its door for somebody new, and answers with a token that is good at this moment
and with the door itself, which says whether what it was handed opened it.
"""

from __future__ import annotations

import itertools
import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cached_property
from typing import Any
from urllib.parse import quote

import jwt
import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.mail import EmailMessage
from django.test import Client, RequestFactory

from accounts import devices
from accounts.first_sign_in import one_time_url
from accounts.models import User
from accounts.tests.steps import code_of, sign_in, sign_up, totp_code
from chat.actions import make_identity_key
from chat.emails import stop_token
from chat.models import IdentityKey, Inbox
from chat.widget.access import issue_ticket, new_visitor
from minichat.lib.errors import MiniChatError
from minichat.lib.files import link_to
from minichat.lib.keyset import _read, _write
from minichat.tests.test_matrix import routes
from notifications import unsubscribe
from notifications.kinds import all_kinds
from workspaces.models import Workspace

Door = Callable[[str], bool]
MakeUser = Callable[..., User]
APP = "/accounts/2fa/totp/activate/"


class House:
    """Somebody new each time, in a browser and a network of their own, so that no limit and no rest of an earlier try
    is what closes a door."""

    def __init__(self, acme: Workspace, inbox: Inbox, make_user: MakeUser, mails: list[EmailMessage]) -> None:
        self.acme, self.inbox, self.make_user, self.mails = acme, inbox, make_user, mails
        self.numbers = itertools.count(1)

    def browser(self) -> Client:
        return Client(REMOTE_ADDR=f"10.{next(self.numbers) // 250}.7.{next(self.numbers) % 250}")

    def person(self) -> User:
        return self.make_user(f"person{next(self.numbers)}@x.test", "Somebody")

    @cached_property
    def identity_key(self) -> tuple[IdentityKey, str]:
        return make_identity_key(self.inbox, by=self.acme.memberships.owners().get())

    def mailed_code(self) -> str:
        return code_of(self.mails[-1])


def verify_code(house: House) -> tuple[str, Door]:
    client, address = house.browser(), f"new{next(house.numbers)}@x.test"
    sign_up(client, address)

    def door(token: str) -> bool:
        client.post("/accounts/confirm-email/", {"code": token})
        return "_auth_user_id" in client.session

    return house.mailed_code(), door


def login_code(house: House) -> tuple[str, Door]:
    client = house.browser()
    client.post("/accounts/login/code/", {"email": house.person().email})

    def door(token: str) -> bool:
        client.post("/accounts/login/code/confirm/", {"code": token})
        return "_auth_user_id" in client.session

    return house.mailed_code(), door


def confirm_code(house: House) -> tuple[str, Door]:
    client, user = house.browser(), house.person()
    user.set_unusable_password()
    user.save()
    client.force_login(user)
    client.post("/accounts/reauthenticate/mail/")

    def door(token: str) -> bool:
        client.post("/accounts/reauthenticate/mail/", {"code": token})
        return client.get(APP).status_code == 200

    return house.mailed_code(), door


def second_step(house: House, user: User) -> Door:
    client = house.browser()
    sign_in(client, user.email)

    def door(token: str) -> bool:
        client.post("/accounts/2fa/authenticate/", {"code": token})
        return "_auth_user_id" in client.session

    return door


def app_code(house: House) -> tuple[str, Door]:
    user, secret = house.person(), generate_totp_secret()
    TOTP.activate(user, secret)
    return totp_code(secret), second_step(house, user)


def recovery_code(house: House) -> tuple[str, Door]:
    user = house.person()
    TOTP.activate(user, generate_totp_secret())
    return RecoveryCodes.activate(user).get_unused_codes()[0], second_step(house, user)


def reset_link(house: House) -> tuple[str, Door]:
    client, user = house.browser(), house.person()
    token = one_time_url(user).rstrip("/").rpartition("/")[2]
    whose = token.partition("-")[0]

    def door(token: str) -> bool:
        for one in (token, f"{whose}-{token}"):
            with suppress(Exception):
                led = client.get(f"/accounts/password/reset/key/{quote(one)}/")
                form = {"password1": "jasmine on the balcony 9", "password2": "jasmine on the balcony 9"}
                client.post(led.headers.get("Location", "/"), form)
        user.refresh_from_db()
        return user.check_password("jasmine on the balcony 9")

    return token, door


def invitation(house: House) -> tuple[str, Door]:
    host = house.browser()
    host.force_login(house.acme.memberships.owners().first().user)
    guest = house.person()
    host.post("/w/acme/settings/team/invitations/", {"emails": guest.email, "role": "operator"})
    token = re.search(r"/invitations/([^/\s]+)/", str(house.mails[-1].body))[1]  # type: ignore[index]
    client = house.browser()
    client.force_login(guest)

    def door(token: str) -> bool:
        client.get(f"/invitations/{quote(token)}/")
        client.post("/invitation/acceptance/")
        return house.acme.memberships.filter(user=guest).exists()

    return token, door


def unsubscribe_link(house: House) -> tuple[str, Door]:
    membership = house.acme.memberships.owners().get()
    token = unsubscribe.token_for(membership, unsubscribe.optional(all_kinds()))
    return token, lambda token: house.browser().get(f"/unsubscribe/{quote(token)}/").status_code == 200


def file_link(house: House) -> tuple[str, Door]:
    path = default_storage.save("private/one.txt", ContentFile(b"x"))
    link = link_to(path, name="one.txt", content_type="text/plain")
    return link.split("/")[2], lambda token: house.browser().get(f"/files/{quote(token)}/").status_code == 200


def widget_ticket(house: House) -> tuple[str, Door]:
    def door(token: str) -> bool:
        body = json.dumps({"ticket": token})
        place = f"/widget/{house.inbox.widget_key}/visitor/"
        return house.browser().post(place, body, content_type="application/json").status_code < 300

    return issue_ticket(house.inbox, house.inbox.allowed_origins[0]), door


def widget_credential(house: House) -> tuple[str, Door]:
    def door(token: str) -> bool:
        place = f"/widget/{house.inbox.widget_key}/state/"
        return house.browser().get(place, headers={"Authorization": f"Bearer {token}"}).status_code == 200

    return new_visitor(house.inbox)[1], door


def vouching(house: House) -> tuple[str, Door]:
    """A token with which the customer's server vouches for somebody."""
    key, secret = house.identity_key
    claims = {"sub": "customer-7", "aud": house.inbox.widget_key, "exp": int(time.time()) + 600}

    def door(token: str) -> bool:
        ticket = issue_ticket(house.inbox, house.inbox.allowed_origins[0])
        body = json.dumps({"ticket": ticket, "identity": token})
        place = f"/widget/{house.inbox.widget_key}/visitor/"
        return house.browser().post(place, body, content_type="application/json").json()["refused"] is None

    return jwt.encode(claims, secret, algorithm="HS256", headers={"kid": key.kid}), door


def session(house: House) -> tuple[str, Door]:
    owner = house.browser()
    owner.force_login(house.acme.memberships.owners().first().user)

    def door(token: str) -> bool:
        client = house.browser()
        client.cookies[settings.SESSION_COOKIE_NAME] = token
        return client.get("/w/acme/conversations/").status_code == 200

    return str(owner.session.session_key), door


def known_browser(house: House) -> tuple[str, Door]:
    client, user = house.browser(), house.person()
    sign_in(client, user.email)

    def door(token: str) -> bool:
        request = RequestFactory().get("/")
        request.COOKIES[devices.cookie_name()] = token
        return devices.is_known(request, user.email)

    return client.cookies[devices.cookie_name()].value, door


def end_of_visitor_mails(house: House) -> tuple[str, Door]:
    contact = new_visitor(house.inbox, origin=house.inbox.allowed_origins[0], language="en")[0].contact

    def door(token: str) -> bool:
        return house.browser().post(f"/unsubscribe/chat/{quote(token)}/").status_code == 200

    return stop_token(contact), door


def address_code(house: House) -> tuple[str, Door]:
    visitor, credential = new_visitor(house.inbox)
    client = house.browser()
    place = f"/widget/{house.inbox.widget_key}/address/"

    def send(where: str, **body: str) -> int:
        headers = {"Authorization": f"Bearer {credential}"}
        return client.post(where, json.dumps(body), content_type="application/json", headers=headers).status_code

    send(place, email=f"visitor{next(house.numbers)}@x.test")

    def door(token: str) -> bool:
        send(f"{place}proof/", code=token)
        visitor.contact.refresh_from_db()
        return bool(visitor.contact.proven_email)

    return house.mailed_code(), door


def page_of_a_list(house: House) -> tuple[str, Door]:
    def door(token: str) -> bool:
        try:
            return bool(_read(token, ["name", "id"]))
        except MiniChatError:
            return False

    return _write(["a", 1], ["name", "id"]), door


SORTS = {
    sort.__name__: sort
    for sort in (
        verify_code,
        login_code,
        confirm_code,
        app_code,
        recovery_code,
        reset_link,
        invitation,
        unsubscribe_link,
        end_of_visitor_mails,
        address_code,
        file_link,
        widget_ticket,
        widget_credential,
        vouching,
        session,
        known_browser,
        page_of_a_list,
    )
}
# What changes something is good for one time; the others are good as long as they live.
USED_UP = {"verify_code", "login_code", "confirm_code", "app_code", "recovery_code", "reset_link", "address_code"}
# After three wrong codes the right one is dead too: each foreign token meets a door of its own.
COUNTS_TRIES = {"verify_code", "login_code", "confirm_code", "app_code", "recovery_code", "address_code"}


@pytest.fixture
def house(
    acme: Workspace, inbox: Inbox, make_user: MakeUser, mailoutbox: list[EmailMessage], media: Any
) -> Iterator[House]:
    yield House(acme, inbox, make_user, mailoutbox)


@pytest.mark.parametrize("name", SORTS)
def test_SR16_each_token_opens_its_own_door_and_no_other_does(name: str, house: House) -> None:
    own, door = SORTS[name](house)
    for other in SORTS.keys() - {name}:
        foreign, _ = SORTS[other](house)
        assert not door(foreign), f"{other} opened the door of {name}"
        if name in COUNTS_TRIES:
            own, door = SORTS[name](house)
    assert door(own), f"the door of {name} does not open at all"


@pytest.mark.parametrize("name", sorted(USED_UP))
def test_SR16_what_was_used_opens_nothing_more(name: str, house: House) -> None:
    """Not in another browser either, at the same door."""
    own, door = SORTS[name](house)
    _, elsewhere = SORTS[name](house)
    assert door(own)
    assert not elsewhere(own)


@pytest.mark.parametrize("name", [*sorted(COUNTS_TRIES), "invitation"])
def test_SR16_what_was_passed_on_opens_nobody_elses_door(name: str, house: House) -> None:
    own, _ = SORTS[name](house)
    _, elsewhere = SORTS[name](house)
    assert not elsewhere(own)


# Routes that take a token in their address. Those of pictures take names that are no secret, as the key of a widget is.
DOORS = {
    "account_reset_password_from_key": reset_link,
    "invitation-link": invitation,
    "unsubscribe": unsubscribe_link,
    "stop-visitor-mail": end_of_visitor_mails,
    "file": file_link,
}
NO_TOKENS = {"picture", "widget-theme", "widget-more", "pinned-loader"}


def test_SR16_no_route_with_a_token_is_missing() -> None:
    found = {
        name
        for where, name in routes()
        if not where.startswith("admin/") and re.search(r"<str:(?!key>)|\(\?P<(key|token)>", where)
    }
    assert found - DOORS.keys() - NO_TOKENS == set(), "Add its sort to SORTS, or say that it takes none."
