"""From the first minute of a workspace to its first answer.

Rooms name the steps; what really happens ticks them off: an event, or a look at what is there. Three of the steps are
pages that a new owner is led through, and all of them stand in the inbox as a list until they are done or put away.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise

from minichat.lib.transactions import action
from workspaces import events
from workspaces.events import Event, emit
from workspaces.models import Membership, Setup, Workspace
from workspaces.roles import Role


@dataclass(frozen=True)
class Step:
    """`ticked_by`: events that mean it is done, if they changed `field` where one is named. `has_happened`: asked while
    it is not, where an event would cost the busiest path a statement. `is_page`: a new owner is led through it."""

    key: str
    title: Promise
    text: Promise
    icon: str
    url_name: str
    ticked_by: tuple[Event, ...] = ()
    field: str = ""
    has_happened: Callable[[Workspace], bool] | None = None
    is_page: bool = False


@dataclass(frozen=True)
class Item:
    step: Step
    url: str
    is_done: bool


@dataclass(frozen=True)
class Checklist:
    items: list[Item]

    @property
    def done(self) -> int:
        return sum(item.is_done for item in self.items)

    @property
    def is_complete(self) -> bool:
        return self.done == len(self.items)


_steps: list[Step] = []


def register(*steps: Step) -> None:
    """In the order in which they are shown; rooms do it when they are ready, the lower ones first."""
    _steps.extend(step for step in steps if step not in _steps)


def pages() -> list[Step]:
    return [step for step in _steps if step.is_page]


def way_on(key: str) -> str:
    """The name of the address after this page."""
    step = _after(key)
    return step.url_name if step else "inbox"


def page_context(key: str, **context: Any) -> dict[str, Any]:
    """What the frame of the pages (`workspaces/setup/layout.html`) draws around one of them."""
    number = [step.key for step in pages()].index(key) + 1
    return {**context, "pages": pages(), "page": pages()[number - 1], "number": number, "next_page": _after(key)}


def _after(key: str) -> Step | None:
    keys = [step.key for step in pages()]
    rest = pages()[keys.index(key) + 1 :]
    return rest[0] if rest else None


def first_open_page(workspace: Workspace) -> Step:
    """Where somebody who left in the middle goes on."""
    done = _of(workspace).done
    return next((step for step in pages() if step.key not in done), pages()[-1])


def awaits(membership: Membership) -> bool:
    """Whether this person is to be led through the pages: the owner, until they have been there or passed on."""
    return membership.role == Role.OWNER and membership.workspace.setups.filter(left_at=None).exists()


def checklist(workspace: Workspace) -> Checklist | None:
    """What stands in the inbox; None once it was put away. Costs one statement, and one more for each open question."""
    row = workspace.setups.filter(hidden_at=None).first()
    if row is None:
        return None
    happened = [
        step.key for step in _steps if step.key not in row.done and step.has_happened and step.has_happened(workspace)
    ]
    if happened:
        row = tick(workspace, *happened)
    return Checklist(
        [Item(step, reverse(step.url_name, args=[workspace.slug]), step.key in row.done) for step in _steps]
    )


@action
def tick(workspace: Workspace, *keys: str) -> Setup:
    """Under the row's lock: two steps that are done at once must not undo each other."""
    row = _of(workspace, lock=True)
    fresh = [key for key in keys if key not in row.done]
    if fresh:
        row.done = {**row.done, **dict.fromkeys(fresh, timezone.now().isoformat())}
        row.save(update_fields=["done"])
    return row


def ticked_by(event: Event, fields: Sequence[str] = ()) -> list[str]:
    """The keys of the steps that this event means. Asked on every event, so it looks at the list of steps alone."""
    return [step.key for step in _steps if event in step.ticked_by and (not step.field or step.field in fields)]


@action
def leave(workspace: Workspace) -> None:
    """The pages were walked through, or passed over. They can still be opened from the list."""
    workspace.setups.filter(left_at=None).update(left_at=timezone.now())


@action
def hide(workspace: Workspace, *, by: Membership) -> None:
    now = timezone.now()
    if workspace.setups.filter(hidden_at=None).update(hidden_at=now, left_at=now):
        emit(events.SETUP_HIDDEN, workspace, actor=by)


def _of(workspace: Workspace, *, lock: bool = False) -> Setup:
    """Workspaces from before there were steps get their row when one is needed, put away: nobody is led anywhere."""
    rows = workspace.setups.select_for_update() if lock else workspace.setups.all()
    row = rows.first()
    if row is None:
        now = timezone.now()
        row, _ = workspace.setups.get_or_create(defaults={"left_at": now, "hidden_at": now})
    return row
