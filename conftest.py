"""The cast of every test, and the walls around it: no network beyond this machine, nothing shared between tests.

Acme is on the business plan: Ana owns it, Adam administers, Omar answers, Vera looks on. Globex is on the free plan;
its owner Gil must never see Acme. Vic is a visitor of Acme with one conversation; Stella is staff of the platform.
"""

from __future__ import annotations

import ipaddress
import socket
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import serializers
from django.db import transaction
from django.db.backends.base.creation import BaseDatabaseCreation
from django.db.models import Model
from django.test import Client
from django_ratelimit import core as ratelimit

from accounts.models import User
from ai import context
from chat import actions as chat_actions
from chat.models import Conversation, Inbox, Visitor
from chat.widget.access import new_visitor
from minichat.lib.files import folders
from workspaces import actions as workspace_actions
from workspaces.models import Membership, Workspace
from workspaces.roles import Role

PASSWORD = "correct horse battery staple"
SHOP = "https://shop.acme.test"


# --- Walls ------------------------------------------------------------------------------------------------------------


class NetworkBlocked(RuntimeError):
    """A test tried to leave this machine."""


def is_this_machine(host: Any) -> bool:
    if isinstance(host, bytes):
        host = host.decode()
    if host in (None, "", "localhost", "0.0.0.0"):  # noqa: S104
        return True
    try:
        return ipaddress.ip_address(str(host).partition("%")[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """Names are not looked up and addresses not dialled, unless they are this machine's."""
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not is_this_machine(address[0]):
            raise NetworkBlocked(f"connect to {address[0]}")
        return connect(self, address)

    def guarded_look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
        if not is_this_machine(host):
            raise NetworkBlocked(f"look up {host!r}")
        return look_up(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket, "getaddrinfo", guarded_look_up)
        yield


@pytest.fixture(autouse=True)
def own_cache(settings: Any) -> None:
    """Each test has keys of its own, in memory and in a Redis that others may be using: nothing is flushed."""
    default = settings.CACHES["default"]
    settings.CACHES = {"default": {**default, "KEY_PREFIX": f"test-{uuid.uuid4().hex}"}}


@pytest.fixture(autouse=True)
def nothing_grows_old(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is looked up once in a while is not looked up again in the middle of a test that counts, however slow."""
    monkeypatch.setattr(context, "KEPT_SECONDS", 3600)


@pytest.fixture(autouse=True)
def windows_begin_with_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """Attempts are counted in stretches of the clock: none ends in the middle of a test that counts to a limit."""
    began = int(time.time())

    def window(value: str, period: int) -> int:
        return began + period * (1 + (int(time.time()) - began) // period)

    monkeypatch.setattr(ratelimit, "_get_window", window)


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    """Files of this test's own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.FILE_UPLOAD_TEMP_DIR = settings.MEDIA_ROOT / "incoming"
    folders.prepare()
    return settings.MEDIA_ROOT


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each test that commits for real what the migrations wrote (plans, content types) when its turn comes.

    Such a test empties the tables when it ends. One that did not ask for the rows back would leave its followers a
    database that is neither empty nor whole.
    """
    for item in items:
        marker = item.get_closest_marker("django_db")
        commits = marker is not None and marker.kwargs.get("transaction")
        if commits or "transactional_db" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.django_db(transaction=True, serialized_rollback=True), append=False)


@pytest.fixture(autouse=True, scope="session")
def rows_come_back_in_bulk() -> Iterator[None]:
    """What the migrations wrote comes back with a statement for each model, not with two for each row."""
    found: dict[str, dict[type[Model], list[Model]]] = {}

    def restore(creation: BaseDatabaseCreation, data: str) -> None:
        alias = creation.connection.alias
        if alias not in found:
            found[alias] = grouped = defaultdict(list)
            for row in serializers.deserialize("json", data, using=alias):
                assert not row.m2m_data, "a row of several tables"
                grouped[type(row.object)].append(row.object)
        with transaction.atomic(using=alias), creation.connection.constraint_checks_disabled():
            for model, rows in found[alias].items():
                others = [field.name for field in model._meta.concrete_fields if not field.primary_key]
                # The first such test of a process finds what the migrations wrote still there.
                model._base_manager.using(alias).bulk_create(
                    rows, update_conflicts=True, unique_fields=[model._meta.pk.name], update_fields=others
                )

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseCreation, "deserialize_db_from_string", restore)
        yield


# --- People -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def make_user(db: None) -> Callable[..., User]:
    """A person whose address is confirmed."""

    def make(email: str, name: str, **fields: Any) -> User:
        user = User.objects.create_user(email, PASSWORD, name=name, **fields)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        return user

    return make


@pytest.fixture
def ana(make_user: Callable[..., User]) -> User:
    return make_user("ana@acme.test", "Ana Srisuk")


@pytest.fixture
def acme(ana: User) -> Workspace:
    return workspace_actions.create_workspace(ana, name="Acme", slug="acme", plan="business")


@pytest.fixture
def gil(make_user: Callable[..., User]) -> User:
    return make_user("gil@globex.test", "Gil Novak")


@pytest.fixture
def globex(gil: User) -> Workspace:
    return workspace_actions.create_workspace(gil, name="Globex", slug="globex", plan="free")


@pytest.fixture
def add_member(acme: Workspace, make_user: Callable[..., User]) -> Callable[..., Membership]:
    def add(email: str, name: str, role: Role) -> Membership:
        return workspace_actions.add_member(acme, user=make_user(email, name), role=role)

    return add


@pytest.fixture
def ana_member(acme: Workspace, ana: User) -> Membership:
    return acme.memberships.get(user=ana)


@pytest.fixture
def adam_member(add_member: Callable[..., Membership]) -> Membership:
    return add_member("adam@acme.test", "Adam Berg", Role.ADMIN)


@pytest.fixture
def omar_member(add_member: Callable[..., Membership]) -> Membership:
    return add_member("omar@acme.test", "Omar Haddad", Role.OPERATOR)


@pytest.fixture
def vera_member(add_member: Callable[..., Membership]) -> Membership:
    return add_member("vera@acme.test", "Vera Lind", Role.VIEWER)


@pytest.fixture
def gil_member(globex: Workspace, gil: User) -> Membership:
    return globex.memberships.get(user=gil)


@pytest.fixture
def adam(adam_member: Membership) -> User:
    return adam_member.user


@pytest.fixture
def omar(omar_member: Membership) -> User:
    return omar_member.user


@pytest.fixture
def vera(vera_member: Membership) -> User:
    return vera_member.user


@pytest.fixture
def stella(make_user: Callable[..., User]) -> User:
    return make_user("staff@minichat.test", "Stella Falk", is_staff=True, is_superuser=True)


# --- The visitor ------------------------------------------------------------------------------------------------------


@pytest.fixture
def inbox(acme: Workspace, ana_member: Membership) -> Inbox:
    """Acme's widget, allowed on its shop."""
    return chat_actions.set_allowed_origins(acme.inboxes.get(), origins=[SHOP], by=ana_member)


@pytest.fixture
def inbox_page(inbox: Inbox) -> Callable[[str], str]:
    """The address of a tab of its settings."""
    return lambda tab: f"/w/acme/settings/inboxes/{inbox.pk}/{tab}/"


@pytest.fixture
def vic_with_token(inbox: Inbox) -> tuple[Visitor, str]:
    return new_visitor(inbox, origin=SHOP, language="en")


@pytest.fixture
def vic(vic_with_token: tuple[Visitor, str]) -> Visitor:
    return vic_with_token[0]


@pytest.fixture
def vic_token(vic_with_token: tuple[Visitor, str]) -> str:
    return vic_with_token[1]


@pytest.fixture
def conversation(vic: Visitor) -> Conversation:
    """Vic asked something and waits."""
    posted = chat_actions.post_visitor_message(vic, body="Do you ship to Chiang Mai?", client_id=uuid.uuid4())
    return posted.message.conversation


# --- Their browsers ---------------------------------------------------------------------------------------------------


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def anonymous_client(db: None) -> Client:
    return Client()


@pytest.fixture
def ana_client(acme: Workspace, ana: User) -> Client:
    return signed_in(ana)


@pytest.fixture
def adam_client(adam: User) -> Client:
    return signed_in(adam)


@pytest.fixture
def omar_client(omar: User) -> Client:
    return signed_in(omar)


@pytest.fixture
def vera_client(vera: User) -> Client:
    return signed_in(vera)


@pytest.fixture
def gil_client(globex: Workspace, gil: User) -> Client:
    return signed_in(gil)


@pytest.fixture
def staff_client(stella: User) -> Client:
    """Stella has passed her second step."""
    Authenticator.objects.create(user=stella, type=Authenticator.Type.TOTP, data={"secret": "unused"})
    client = signed_in(stella)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "type": "totp", "at": time.time()}]
    session["account_authentication_methods_user"] = str(stella.pk)
    session.save()
    return client


@pytest.fixture
def vic_client(vic_token: str) -> Client:
    """The widget's calls when no socket is open: a bearer credential, no cookies."""
    return Client(headers={"Authorization": f"Bearer {vic_token}"})
