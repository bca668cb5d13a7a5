"""`/admin/` is for our own staff, behind the same sign-in as everything else."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.test import Client

from workspaces.models import Membership, Plan, Workspace

PAGES = [
    f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
    for model in admin.site._registry
    if model._meta.app_label in {"workspaces", "chat"}
]


def test_staff_see_the_index(staff_client: Client) -> None:
    assert staff_client.get("/admin/").status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_staff_see_every_list(staff_client: Client, acme: Workspace, path: str) -> None:
    assert staff_client.get(path).status_code == 200


def test_staff_see_a_workspace_and_its_people(staff_client: Client, acme: Workspace, omar_member: Membership) -> None:
    page = staff_client.get(f"/admin/workspaces/workspace/{acme.pk}/change/")
    assert page.status_code == 200
    assert "Omar Haddad" in page.content.decode()


def test_everybody_signs_in_at_one_place(anonymous_client: Client) -> None:
    first = anonymous_client.get("/admin/")
    assert first.url.startswith("/admin/login/")
    assert anonymous_client.get(first.url).url.startswith("/accounts/login/?next=")


def test_staff_without_a_workspace_are_shown_the_way(staff_client: Client) -> None:
    assert 'href="/admin/"' in staff_client.get("/w/").content.decode()


def test_there_is_one_page_to_change_a_password(staff_client: Client) -> None:
    assert staff_client.get("/admin/password_change/").url == "/accounts/password/change/"


def test_an_owner_is_no_staff(ana_client: Client) -> None:
    assert ana_client.get("/admin/login/").status_code == 403
    assert ana_client.get("/admin/workspaces/workspace/").status_code == 302


def test_tenants_rows_are_only_read(staff_client: Client, acme: Workspace) -> None:
    path = f"/admin/workspaces/workspace/{acme.pk}"
    assert staff_client.post(f"{path}/change/", {"name": "Mine now"}).status_code == 403
    assert staff_client.post(f"{path}/delete/", {"post": "yes"}).status_code == 403
    assert staff_client.get("/admin/workspaces/workspace/add/").status_code == 403
    acme.refresh_from_db()
    assert acme.name == "Acme"


def test_the_price_list_is_staffs_to_edit(staff_client: Client) -> None:
    plan = Plan.objects.get(slug="starter")
    assert staff_client.get(f"/admin/workspaces/plan/{plan.pk}/change/").status_code == 200


def test_what_is_said_in_a_chat_is_not_registered() -> None:
    assert not {"message", "conversation", "contact"} & {model._meta.model_name for model in admin.site._registry}
