from __future__ import annotations

from functools import partial
from typing import Any

from workspaces import actions
from workspaces.config.sections import Reading, Section
from workspaces.forms_settings import GeneralForm
from workspaces.models import Workspace

NAMES = ("name", "timezone", "currency", "locale", "era")


class WithoutAddress(GeneralForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["slug"]


class General(Section):
    """Name, time zone, currency, language, era. Not the address: two workspaces cannot have the same."""

    name = "workspace"

    def export(self, workspace: Workspace) -> dict[str, Any]:
        return {name: str(getattr(workspace, name)) for name in NAMES}

    def read(self, workspace: Workspace, value: Any, reading: Reading) -> None:
        if not reading.is_object(value, self.name, set(NAMES)):
            return
        wanted = reading.through(WithoutAddress(value, workspace=workspace), self.name, value)
        if differs := reading.compare(self.name, self.export(workspace), wanted):
            reading.verbs.append(partial(_change, workspace, differs))


def _change(workspace: Workspace, settings: dict[str, Any], by: Any) -> None:
    actions.change_settings(workspace, by=by, **settings)
