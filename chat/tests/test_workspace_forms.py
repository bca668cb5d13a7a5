"""SR-03: a form offers and accepts rows of its own workspace only."""

from __future__ import annotations

import pytest
from django import forms

from chat.models import Conversation
from workspaces.forms import PlainWorkspaceForm, WorkspaceForm
from workspaces.models import Membership, Workspace


class HandOver(WorkspaceForm):
    class Meta:
        model = Conversation
        fields = ["assignee"]


class Choose(PlainWorkspaceForm):
    member = forms.ModelChoiceField(Membership.unscoped.all())
    members = forms.ModelMultipleChoiceField(Membership.unscoped.all(), required=False)


class Unnarrowed(forms.Form):
    member = forms.ModelChoiceField(Membership.unscoped.all())


def test_without_the_house_form_strangers_are_on_offer(ana_member: Membership, gil_member: Membership) -> None:
    """What the parent class is there for; were this to fail, the tests below would prove nothing."""
    assert Unnarrowed({"member": gil_member.pk}).is_valid()


def test_sr03_a_strangers_row_is_no_choice(
    acme: Workspace, omar_member: Membership, gil_member: Membership, conversation: Conversation
) -> None:
    assert HandOver({"assignee": omar_member.pk}, workspace=acme, instance=conversation).is_valid()
    form = HandOver({"assignee": gil_member.pk}, workspace=acme, instance=conversation)
    assert form.errors["assignee"].as_data()[0].code == "invalid_choice"


@pytest.mark.parametrize("field", ["member", "members"])
def test_sr03_in_forms_that_save_nothing_as_well(
    acme: Workspace, omar_member: Membership, gil_member: Membership, field: str
) -> None:
    mine, theirs = {"member": omar_member.pk}, {"member": omar_member.pk, field: gil_member.pk}
    assert Choose(mine, workspace=acme).is_valid()
    assert field in Choose(theirs, workspace=acme).errors


def test_what_a_form_saves_belongs_to_the_workspace(acme: Workspace) -> None:
    assert HandOver(workspace=acme).instance.workspace == acme
