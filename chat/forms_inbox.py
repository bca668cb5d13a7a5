from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chat.models import Handler, Inbox
from minichat.lib.text import clean_line
from workspaces.forms import PlainWorkspaceForm
from workspaces.models import Membership
from workspaces.roles import Role


class InboxForm(forms.Form):
    """What the team calls an inbox. Visitors never see it."""

    name = forms.CharField(
        label=_("Name"),
        help_text=_("Only your team sees it."),
        max_length=Inbox._meta.get_field("name").max_length,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_name(self) -> str:
        name = clean_line(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(self.fields["name"].error_messages["required"], code="required")
        return name


class GeneralForm(InboxForm):
    """What is general about an inbox that exists."""

    answered_by = forms.ChoiceField(
        label=_("Who answers first"),
        help_text=_(
            "The assistant answers from what stands under Knowledge. What it does not know, and whoever asks for a "
            "person, it hands over to the team."
        ),
        choices=[(Handler.PEOPLE, _("The team")), (Handler.AI, _("The AI assistant"))],
        widget=forms.RadioSelect,
    )


class People(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class InboxMembersForm(PlainWorkspaceForm):
    """The whole team, or chosen operators and viewers. Owners and admins are not asked about: they see every inbox."""

    EVERYBODY, CHOSEN = "everybody", "chosen"

    audience = forms.ChoiceField(
        label=_("Who sees this inbox"),
        choices=[(EVERYBODY, _("The whole team")), (CHOSEN, _("Only chosen members"))],
        widget=forms.RadioSelect,
    )
    members = People(
        Membership.unscoped.filter(deactivated_at=None, role__in=(Role.OPERATOR, Role.VIEWER))
        .select_related("user")
        .order_by("user__name", "pk"),
        label=_("Members"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    @property
    def is_private(self) -> bool:
        return bool(self.cleaned_data["audience"] == self.CHOSEN)


def audience_of(inbox: Inbox) -> dict[str, Any]:
    return {
        "audience": InboxMembersForm.CHOSEN if inbox.is_private else InboxMembersForm.EVERYBODY,
        "members": [row.membership_id for row in inbox.inbox_members.all()],
    }
