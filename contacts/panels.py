"""What the rooms above show on the page of a contact or a lead: they know what was said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from contacts.models import Contact, Lead
from workspaces.decorators import MemberRequest


@dataclass(frozen=True)
class Panel:
    """A template, drawn with `panel` being `context`."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)


of_contacts: list[Callable[[MemberRequest, Contact], Panel]] = []
of_leads: list[Callable[[MemberRequest, Lead], Panel]] = []
