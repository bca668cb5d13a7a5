"""What visitors of an inbox are asked, in the file of settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from chat.config_values import is_one_of
from chat.forms_asking import CHOICES, OFF, AskingForm, initial
from chat.models import Inbox
from contacts.models import FieldKind
from minichat.lib.errors import Invalid
from workspaces.config import Reading

TEXTS = ("question", "consent")
YES_OR_NO = ("makes_leads", "asks_when_away")


def form_of(inbox: Inbox) -> dict[str, Any]:
    return initial(inbox)


def read_form(value: Any, path: str, reading: Reading, was: Mapping[str, Any]) -> dict[str, Any]:
    """The page's own form reads it; what the file does not name stays as it is."""
    if not reading.is_object(value, path, set(was)):
        return dict(was)
    before = len(reading.problems)
    for kind in [kind for kind in FieldKind.values if kind in value]:
        is_one_of(value[kind], [choice for choice, _label in CHOICES], f"{path}.{kind}", reading)
    for name in [name for name in YES_OR_NO if name in value]:
        is_one_of(value[name], (True, False), f"{path}.{name}", reading)
    for name in [name for name in TEXTS if not isinstance(value.get(name, ""), str)]:
        reading.problem(f"{path}.{name}", _("A text in quotes is expected here."))
    if len(reading.problems) > before:
        return dict(was)
    form = AskingForm({**was, **value})
    for name, errors in form.errors.items():
        for error in errors:
            reading.problem(f"{path}.{name}", str(error))
    return dict(was) if form.errors else {**was, **_kept(form)}


def verb_of(value: Mapping[str, Any]) -> dict[str, Any]:
    """What `set_inbox_form` is told."""
    form = AskingForm(value)
    if not form.is_valid():
        raise Invalid
    return form.wanted()


def _kept(form: AskingForm) -> dict[str, Any]:
    """As it will be written again: a question that is not asked is not kept."""
    data = form.cleaned_data
    return {**data, "question": data["question"] if data["text"] != OFF else ""}
