from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from contacts.models import FieldKind, LeadForm
from minichat.lib.transactions import action
from workspaces.models import Workspace


@dataclass(frozen=True)
class FieldWish:
    """One field of a form, as it shall be."""

    kind: FieldKind
    required: bool
    label: str = ""


@action
def set_form(
    workspace: Workspace,
    form: LeadForm | None,
    *,
    fields: Sequence[FieldWish],
    consent: str,
    makes_leads: bool,
    asks_when_away: bool = False,
) -> LeadForm:
    """The form as it shall be, in the order of `fields`; made if there is none. A field that stays keeps its answers.

    The caller says that it changed: a form belongs to something of the rooms above.
    """
    form = form or LeadForm(workspace=workspace)
    form.consent, form.makes_leads, form.asks_when_away = consent, makes_leads, asks_when_away
    form.save()
    kept = {field.kind: field for field in form.fields.all()}
    for position, wish in enumerate(fields):
        field = kept.pop(wish.kind, None)
        if field is None:
            form.fields.create(workspace=workspace, position=position, **vars(wish))
            continue
        field.label, field.required, field.position = wish.label, wish.required, position
        field.save(update_fields=["label", "required", "position"])
    form.fields.filter(pk__in=[field.pk for field in kept.values()]).delete()
    return form
