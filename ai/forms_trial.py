"""Which version is tried beside the one in force, and how much of the talk it gets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ai.models import AssistantVersion
from ai.trials import SHARES


class TrialForm(forms.Form):
    share = forms.TypedChoiceField(
        label=gettext_lazy("Its share of new conversations"),
        choices=[(share, f"{share} %") for share in SHARES],
        coerce=int,
        initial=SHARES[-1],
    )

    def __init__(self, *args: Any, candidates: Sequence[AssistantVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = {str(row.pk): row for row in candidates}
        self.fields["version"] = forms.TypedChoiceField(
            label=_("Version to try"),
            choices=[(key, _named(row)) for key, row in known.items()],
            coerce=known.__getitem__,
        )


def _named(version: AssistantVersion) -> str:
    name = _("Version %(number)d") % {"number": version.number}
    return f"{name}: {version.note}" if version.note else name
