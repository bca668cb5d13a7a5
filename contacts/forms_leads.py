from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contacts import audience
from contacts.models import Contact, LeadStatus
from workspaces.forms import PlainWorkspaceForm
from workspaces.models import Membership
from workspaces.roles import Role


class StatusForm(forms.Form):
    status = forms.ChoiceField(choices=LeadStatus.choices)

    def clean_status(self) -> LeadStatus:
        return LeadStatus(self.cleaned_data["status"])


class AssigneeForm(PlainWorkspaceForm):
    """Who looks after it: a member who may reply and may see the contact, or nobody."""

    assignee = forms.ModelChoiceField(
        Membership.unscoped.select_related("user").filter(deactivated_at=None).exclude(role=Role.VIEWER),
        label=_("Looked after by"),
        required=False,
        empty_label=_("Nobody"),
    )

    def __init__(self, *args: Any, contact: Contact | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["assignee"]
        field.label_from_instance = lambda member: member.name
        if contact is not None:
            field.queryset = field.queryset.filter(pk__in=audience.answering(contact).values("pk"))
