"""The workspace's logo: who may change it, where it is shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from chat.models import Inbox
from chat.tests.test_visitor_messages import at_once
from minichat.lib.files import Picture
from minichat.lib.files.sweep import sweep
from minichat.lib.tests import pictures
from minichat.lib.tests.pictures import upload
from minichat.lib.tests.test_shelves import grow_old, kept
from workspaces import actions
from workspaces.models import Membership, Workspace
from workspaces.shelf import LOGOS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
PAGE = "/w/acme/settings/branding/"
LOGO, REMOVE = f"{PAGE}logo/", f"{PAGE}logo/delete/"
DRAWN = Picture(dict.fromkeys(LOGOS.recipe.sizes, b"drawn"))


def post(client: Client, data: bytes | None = None) -> Any:
    return client.post(LOGO, {"logo": upload(data or pictures.picture())})


def logo_of(workspace: Workspace) -> str:
    workspace.refresh_from_db()
    return workspace.logo


def audited(workspace: Workspace) -> list[tuple[str, str]]:
    found = workspace.audit_entries.filter(action__startswith="workspace.logo").order_by("pk")
    return list(found.values_list("action", "actor_label"))


def test_an_admin_changes_the_logo(adam_client: Client, acme: Workspace, adam_member: Membership, media: Path) -> None:
    answer = post(adam_client)
    assert (answer.status_code, answer.url) == (302, PAGE)
    assert kept(media) == {logo_of(acme)}
    assert audited(acme) == [("workspace.logo_changed", str(adam_member))]
    page = adam_client.get(PAGE).content.decode()
    assert f'src="{acme.logo_url(256)}"' in page and "The new logo is in place." in page


def test_it_is_shown_in_the_menu_and_to_visitors(
    vera_client: Client, anonymous_client: Client, ana_client: Client, acme: Workspace, inbox: Inbox
) -> None:
    post(ana_client)
    logo_of(acme)
    frame = f"/widget/{inbox.widget_key}/?o={inbox.allowed_origins[0]}"
    for client, path in [(vera_client, "/w/acme/conversations/"), (anonymous_client, frame)]:
        assert f'src="{acme.logo_url()}"' in client.get(path).content.decode()
    shown = anonymous_client.get(acme.logo_url())
    assert pictures.opened(shown.content).size == (128, 128)
    assert shown["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_without_one_the_widget_shows_the_first_letter(anonymous_client: Client, inbox: Inbox) -> None:
    frame = anonymous_client.get(f"/widget/{inbox.widget_key}/?o={inbox.allowed_origins[0]}").content.decode()
    assert "<img" not in frame and 'aria-hidden="true">A</span>' in frame


def test_it_is_removed_once_however_often(
    ana_client: Client, acme: Workspace, media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    post(ana_client)
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            assert ana_client.post(REMOVE).url == PAGE
    assert (logo_of(acme), kept(media)) == ("", set())
    assert [name for name, _ in audited(acme)] == ["workspace.logo_changed", "workspace.logo_removed"]


def test_the_old_one_goes(
    ana_client: Client, acme: Workspace, media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    post(ana_client)
    old = logo_of(acme)
    with django_capture_on_commit_callbacks(execute=True):
        post(ana_client)
    assert kept(media) == {logo_of(acme)} != {old}


@pytest.mark.parametrize(("data", "sentence"), [(b"<svg/>", "not a picture"), (pictures.png_bomb(), "25 megapixels")])
def test_SR44_what_cannot_be_used_is_said_beside_the_field(
    ana_client: Client, acme: Workspace, data: bytes, sentence: str
) -> None:
    answer = post(ana_client, data)
    assert answer.status_code == 422 and sentence in answer.content.decode()
    assert (logo_of(acme), audited(acme)) == ("", [])


def test_nothing_changes_by_looking(ana_client: Client) -> None:
    assert ana_client.get(LOGO).status_code == ana_client.get(REMOVE).status_code == 405


@pytest.mark.parametrize("who", ["omar_client", "vera_client"])
def test_too_little_role(who: str, request: pytest.FixtureRequest, acme: Workspace) -> None:
    client = request.getfixturevalue(who)
    assert client.get(PAGE).status_code == post(client).status_code == client.post(REMOVE).status_code == 403
    assert logo_of(acme) == ""


def test_gil_gets_404(gil_client: Client, acme: Workspace, globex: Workspace) -> None:
    assert gil_client.get("/w/globex/settings/branding/").status_code == 200
    assert (
        gil_client.get(PAGE).status_code == post(gil_client).status_code == gil_client.post(REMOVE).status_code == 404
    )
    assert logo_of(acme) == ""


def test_nobody_keeps_the_machine_busy_with_logos(ana_client: Client) -> None:
    for _ in range(30):
        assert post(ana_client, b"x").status_code == 422
    assert post(ana_client).status_code == 429


def test_a_logo_goes_with_its_workspace(
    globex: Workspace, gil_member: Membership, media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    actions.set_logo(globex, picture=DRAWN, by=gil_member)
    assert kept(media) == {globex.logo}
    with django_capture_on_commit_callbacks(execute=True):
        globex.delete()
    assert kept(media) == set()


def test_SR48_the_sweep_leaves_logos_that_a_workspace_has(acme: Workspace, ana_member: Membership, media: Path) -> None:
    actions.set_logo(acme, picture=DRAWN, by=ana_member)
    LOGOS.put(DRAWN)
    grow_old(media)
    assert sweep() == 1
    assert kept(media) == {acme.logo}


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_SR48_of_two_logos_at_once_one_stays_and_no_orphan(
    acme: Workspace, ana_member: Membership, media: Path
) -> None:
    at_once(lambda number: actions.set_logo(Workspace.objects.get(pk=acme.pk), picture=DRAWN, by=ana_member))
    assert kept(media) == {logo_of(acme)}
    assert len(audited(acme)) == 4
