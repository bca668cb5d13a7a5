"""What a part of the file brings: how it is written, read, and put in place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from django import forms
from django.utils.translation import gettext as _

from workspaces.config.changes import Change, Problem
from workspaces.models import Membership, Workspace

Apply = Callable[[Membership], object]


@dataclass
class Reading:
    """What reading a file has found so far: problems with their places, changes, and the verbs that make them."""

    problems: list[Problem] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    verbs: list[Apply] = field(default_factory=list)

    def problem(self, path: str, text: str) -> None:
        self.problems.append(Problem(path, text))

    def compare(self, path: str, before: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
        """Write down where `wanted` differs, and return that part."""
        differs = {name: value for name, value in wanted.items() if before.get(name) != value}
        self.changes += [Change(f"{path}.{name}", before.get(name), value) for name, value in differs.items()]
        return differs

    def is_object(self, value: Any, path: str, known: set[str]) -> bool:
        """Whether `value` is an object; a name in it that is not known is a problem where it stands."""
        if not isinstance(value, dict):
            self.problem(path, _("An object in braces is expected here."))
            return False
        for name in value.keys() - known:
            self.problem(f"{path}.{name}"[:200], _("This setting is not known."))
        return True

    def through(self, form: forms.Form, path: str, value: Mapping[str, Any]) -> dict[str, Any]:
        """The fields of `form` that stand in `value`, as the page of the same settings would take them."""
        for name, one in value.items():
            if name in form.fields and not isinstance(one, str):
                self.problem(f"{path}.{name}", _("A text in quotes is expected here."))
                return {}
        for name, errors in form.errors.items():
            if name in value:
                for error in errors:
                    self.problem(f"{path}.{name}", str(error))
        return {name: cleaned for name, cleaned in form.cleaned_data.items() if name in value}


class Section(Protocol):
    """One top-level name of the file."""

    name: str

    def export(self, workspace: Workspace) -> Any:
        """What the file says under that name, as JSON can hold it."""

    def read(self, workspace: Workspace, value: Any, reading: Reading) -> None:
        """Only looks; the verbs it leaves in `reading` run in one transaction."""


# In the order of the rooms, which is the order in which they are put in place.
sections: list[Section] = []
