from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from accounts.addresses import normalise
from minichat.lib.text import clean, clean_line
from workspaces import roster
from workspaces.forms import PlainWorkspaceForm
from workspaces.models import Membership
from workspaces.roles import Role

MOST_AT_ONCE = 100
ADDRESS_LENGTH = 254
WHAT_ROLES_DO = {
    Role.OWNER: _("Everything, also closing the workspace and handing it over."),
    Role.ADMIN: _("Runs the workspace: team, widget and all settings."),
    Role.OPERATOR: _("Answers visitors."),
    Role.VIEWER: _("Reads along without answering."),
}


class RosterForm(forms.Form):
    """What a list's address says. Nonsense in it is no error: the list is shown as if it were not there."""

    q = forms.CharField(required=False, max_length=100)
    sort = forms.ChoiceField(choices=[(sign + name, "") for name in roster.SORTS for sign in ("", "-")], required=False)
    after = forms.CharField(required=False)

    def wishes(self) -> dict[str, str]:
        self.is_valid()
        return {
            "search": clean_line(self.cleaned_data.get("q", "")),
            "sort": self.cleaned_data.get("sort") or "role",
            "after": self.cleaned_data.get("after", ""),
        }


class RoleForm(forms.Form):
    """One of the roles that whoever asks may grant."""

    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, by: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role.value, role.label) for role in roster.grantable(by)]  # type: ignore[attr-defined]

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


MOST_ADDRESSES = 50
_BETWEEN = re.compile(r"[,;\n]")
_IN_BRACKETS = re.compile(r"<([^<>]*)>")


class InviteForm(PlainWorkspaceForm):
    """Addresses as people have them: a list, a column, "Omar <omar@acme.test>"."""

    emails = forms.CharField(
        label=_("Email addresses"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocapitalize": "none"}),
        help_text=_("One on each line, or with commas between them. Each gets a mail of their own."),
    )
    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, by: Membership, **kwargs: Any) -> None:
        super().__init__(*args, workspace=by.workspace, **kwargs)
        self.roles = [role for role in roster.grantable(by) if role != Role.OWNER]
        self.fields["role"].choices = [(role.value, role.label) for role in self.roles]  # type: ignore[attr-defined]

    def clean_emails(self) -> list[str]:
        """All problems at once, each with the address it is about."""
        typed = [part.strip() for part in _BETWEEN.split(clean(self.cleaned_data["emails"])) if part.strip()]
        found = [_address(part) for part in typed]
        unreadable = [part for part, address in zip(typed, found, strict=True) if not address]
        errors = [_("“%(text)s” is not an email address.") % {"text": text[:100]} for text in unreadable[:5]]
        addresses = list(dict.fromkeys(address for address in found if address))
        if len(addresses) > MOST_ADDRESSES:
            errors.append(_("Please invite at most %(most)s addresses at once.") % {"most": MOST_ADDRESSES})
        else:
            errors += self._known(addresses)
        if not typed:
            errors.append(str(self.fields["emails"].error_messages["required"]))
        if errors:
            raise forms.ValidationError([str(error) for error in errors])
        return addresses

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])

    def _known(self, addresses: list[str]) -> Iterator[str]:
        """Only what the team page says anyway: whether somebody has an account elsewhere is never asked."""
        team = self.workspace.memberships.on_the_team().select_related("user").filter(user__email__in=addresses)
        for member in team:
            words = (
                _("%(email)s is on the team.")
                if member.deactivated_at is None
                else _("%(email)s is deactivated: let them in again on the list of members.")
            )
            yield words % {"email": member.user.email}
        for invitation in self.workspace.invitations.open().filter(email__in=addresses):
            yield _("%(email)s has an open invitation: you can send it again below.") % {"email": invitation.email}


def _address(part: str) -> str:
    """The one form of an address, or nothing when this is none."""
    inside = _IN_BRACKETS.search(part)
    address = normalise(inside[1] if inside else part)
    try:
        validate_email(address)
    except forms.ValidationError:
        return ""
    return address if len(address) <= ADDRESS_LENGTH else ""


class BulkForm(PlainWorkspaceForm):
    """One verb for everybody who is ticked."""

    VERBS = ("role", "deactivate", "reactivate", "remove")

    verb = forms.ChoiceField(choices=[(verb, verb) for verb in VERBS])
    role = forms.ChoiceField(choices=Role.choices, required=False)
    who = forms.ModelMultipleChoiceField(
        Membership.unscoped.select_related("user"), error_messages={"required": _("Choose somebody first.")}
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("verb") == "role" and not data.get("role"):
            self.add_error("role", _("Choose a role first."))
        return data
