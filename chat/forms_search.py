from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chat.models import Kind, Status
from chat.models.conversation import ConversationQuerySet
from chat.models.message import ANSWERS
from workspaces.finding import LONGEST
from workspaces.forms import PlainWorkspaceForm
from workspaces.forms_audit import DayField, LineField
from workspaces.models import Membership

BY = {
    "visitor": (Kind.VISITOR,),
    "team": ANSWERS,
    "note": (Kind.NOTE,),
}


class SearchForm(PlainWorkspaceForm):
    """What is searched for, and where."""

    q = LineField(
        label=_("Search messages and contacts"),
        required=False,
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "enterkeyhint": "search"}),
    )
    by = forms.ChoiceField(
        label=_("Written by"),
        required=False,
        choices=[
            ("", _("Everybody")),
            ("visitor", _("Visitors")),
            ("team", _("The team")),
            ("note", _("Private notes")),
        ],
    )
    state = forms.ChoiceField(
        label=pgettext_lazy("conversation", "Status"),
        required=False,
        choices=[("", pgettext_lazy("conversations", "All")), *Status.choices],
    )
    where: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        None, label=_("Inbox"), required=False, empty_label=_("All inboxes")
    )
    since = DayField(label=_("From"), required=False, input_formats=["%Y-%m-%d"])
    until = DayField(label=_("To"), required=False, input_formats=["%Y-%m-%d"])

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, workspace=member.workspace, **kwargs)
        inboxes = self.workspace.inboxes.visible_to(member).oldest_first()
        self.fields["where"].queryset = inboxes  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            self.add_error("until", _("This day is before the first one."))
        return cleaned

    @property
    def is_narrow(self) -> bool:
        return any(self.cleaned_data.get(name) for name in self.fields if name != "q")

    def conversations(self, rows: ConversationQuerySet) -> ConversationQuerySet:
        """Those of `rows` that are searched."""
        wanted = Q()
        if self.cleaned_data["state"]:
            wanted &= Q(status=self.cleaned_data["state"])
        if self.cleaned_data["where"]:
            wanted &= Q(inbox=self.cleaned_data["where"])
        return rows.filter(wanted)

    def messages(self) -> dict[str, Any]:
        """What is said of the messages themselves. Days are the workspace's, both included."""
        since, until = self.cleaned_data["since"], self.cleaned_data["until"]
        return {
            "kinds": BY.get(self.cleaned_data["by"], ()),
            "since": since and timezone.make_aware(datetime.combine(since, time.min)),
            "until": until and timezone.make_aware(datetime.combine(until + timedelta(days=1), time.min)),
        }
