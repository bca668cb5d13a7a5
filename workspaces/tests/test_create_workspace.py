from __future__ import annotations

import re

from accounts.models import User
from workspaces.actions import create_workspace
from workspaces.models import AuditEntry, Workspace
from workspaces.roles import Role


def test_the_maker_owns_it_and_has_the_plans_limits(ana: User) -> None:
    workspace = create_workspace(ana, name="Corner Café")
    assert workspace.slug == "corner-cafe"
    assert workspace.memberships.get().role == Role.OWNER
    assert (workspace.entitlements.plan.slug, workspace.entitlements.visitor_messages) == ("free", 250)
    assert AuditEntry.unscoped.filter(workspace=workspace, action="workspace.created").count() == 1


def test_a_taken_slug_gets_a_tail(ana: User, gil: User) -> None:
    first, second = create_workspace(ana, name="Shop"), create_workspace(gil, name="Shop")
    assert first.slug == "shop"
    assert re.fullmatch(r"shop-[a-z0-9]{6}", second.slug)
    assert second.name == "Shop"


def test_a_thai_name_has_no_ascii_form(ana: User) -> None:
    first, second = create_workspace(ana, name="ร้านกาแฟ"), create_workspace(ana, name="ร้านหนังสือ")
    assert first.name == "ร้านกาแฟ"
    assert re.fullmatch(r"shop(-[a-z0-9]{6})?", first.slug)
    assert first.slug != second.slug


def test_a_long_name_fits(ana: User) -> None:
    create_workspace(ana, name="a" * 80)
    again = create_workspace(ana, name="a" * 80)
    assert len(again.slug) <= Workspace._meta.get_field("slug").max_length
