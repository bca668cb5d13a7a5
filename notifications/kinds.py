"""What a member may be told about: one `Kind` each. A room above adds its own beside its events, one line each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from workspaces.roles import Role

# Whoever is looking reads it in the bell meanwhile, and gets no mail about it.
MAIL_PATIENCE = timedelta(minutes=2)
_registry: dict[str, Kind] = {}


class Channel(models.TextChoices):
    IN_APP = "in_app", _("In MiniChat")
    MAIL = "mail", _("Email")
    BROWSER = "browser", _("Browser")


class Area(models.TextChoices):
    CONVERSATIONS = "conversations", _("Conversations")
    TEAM = "team", _("Team")
    PLAN = "plan", _("Plan")
    SECURITY = "security", _("Security")


IN_APP, MAIL, BROWSER = Channel.IN_APP, Channel.MAIL, Channel.BROWSER
EVERYWHERE = frozenset({IN_APP, MAIL, BROWSER})


@dataclass(frozen=True, eq=False)
class Kind:
    """`sentence` is filled with the row's data in the reader's language, when it is read; `example` shows its fields.

    `words` adds what has to be found at that moment.
    `page` is the URL name of where it leads: it takes the slug and, if the row has one, its target.
    `role`: who is ever told, so to whom the choice is offered. `always`: channels that nobody can turn off.
    `mailed_elsewhere`: the room that knows of it writes its own mail, so ours would be the second.
    `patience`: how long its mail waits for somebody to read it in the bell.
    """

    name: str
    label: str | Promise
    sentence: str | Promise
    icon: str
    area: Area
    page: str
    channels: frozenset[Channel] = frozenset({IN_APP, BROWSER})
    role: Role = Role.VIEWER
    always: frozenset[Channel] = frozenset()
    mailed_elsewhere: bool = False
    patience: timedelta = MAIL_PATIENCE
    words: Callable[[dict[str, Any]], dict[str, Any]] = dict
    example: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.name in _registry:
            raise ValueError(f"There are two kinds called {self.name}.")
        _registry[self.name] = self

    @property
    def is_urgent(self) -> bool:
        """Security does not wait for the morning."""
        return self.area == Area.SECURITY

    def say(self, data: dict[str, Any]) -> str:
        return str(self.sentence) % _Gaps({key: _label(value) for key, value in self.words(data).items()})

    def link(self, slug: str, target: str) -> str:
        return reverse(self.page, args=_arguments(self.page, slug, target))


def kind_of(name: str) -> Kind | None:
    """None for a row whose kind the running version no longer knows."""
    return _registry.get(name)


def all_kinds() -> list[Kind]:
    """In the order of the areas, then as they were declared."""
    areas = list(Area)
    return sorted(_registry.values(), key=lambda kind: areas.index(kind.area))


def kinds_for(role: Role) -> list[Kind]:
    return [kind for kind in all_kinds() if role.includes(kind.role)]


class _Gaps(dict[str, str]):
    """A row that an older version wrote may lack a word; the rest of the sentence is still worth reading."""

    def __missing__(self, key: str) -> str:
        return "…"


def _label(value: Any) -> str:
    """Roles are kept by their name and read in the reader's language."""
    text = str(value)
    return str(Role(text).label) if text in Role.values else text


def _arguments(page: str, slug: str, target: str) -> list[str]:
    if page.startswith(("account_", "mfa_")):
        return []
    return [slug, target] if target else [slug]


MEMBER_JOINED = Kind(
    "member.joined",
    _("Somebody joins the team"),
    _("%(name)s joined the team."),
    "user-round-plus",
    Area.TEAM,
    "members",
    role=Role.ADMIN,
    example={"name": "Omar"},
)
ROLE_CHANGED = Kind(
    "member.role_changed",
    _("My role changes"),
    _("%(by)s changed your role: you are now %(role)s."),
    "shield-check",
    Area.TEAM,
    "members",
    EVERYWHERE,
    example={"by": "Ana", "role": Role.ADMIN.value},
)
INVITATION_ACCEPTED = Kind(
    "invitation.accepted",
    _("Somebody accepts my invitation"),
    _("%(name)s accepted your invitation and is on the team now."),
    "user-round-check",
    Area.TEAM,
    "members",
    role=Role.ADMIN,
    example={"name": "Omar"},
)
LIMIT_NEAR = Kind(
    "plan.limit_near",
    _("The visitor messages of the month are nearly used up"),
    _("%(used)s of the %(limit)s visitor messages of this month are used."),
    "gauge",
    Area.PLAN,
    "settings",
    EVERYWHERE,
    role=Role.ADMIN,
    example={"used": 225, "limit": 250},
)
LIMIT_REACHED = Kind(
    "plan.limit_reached",
    _("The visitor messages of the month are used up"),
    _("All %(limit)s visitor messages of this month are used. Until the next month visitors cannot write."),
    "gauge",
    Area.PLAN,
    "settings",
    EVERYWHERE,
    role=Role.ADMIN,
    example={"used": 250, "limit": 250},
)
NEW_SIGN_IN = Kind(
    "account.new_sign_in",
    _("A new browser signs in to my account"),
    _("A browser that you had not used before signed in to your account. If that was not you, end its session."),
    "monitor",
    Area.SECURITY,
    "account_sessions",
    EVERYWHERE,
    always=frozenset({IN_APP, MAIL}),
    mailed_elsewhere=True,
)
SECOND_STEP_CHANGED = Kind(
    "account.second_step_changed",
    _("The second step of my sign-in changes"),
    _("The second step of your sign-in was changed. If that was not you, look at it now."),
    "shield-check",
    Area.SECURITY,
    "mfa_index",
    EVERYWHERE,
    always=frozenset({IN_APP, MAIL}),
    mailed_elsewhere=True,
)
PASSWORD_CHANGED = Kind(
    "account.password_changed",
    _("My password changes"),
    _("Your password was changed. If that was not you, choose a new one now."),
    "key-round",
    Area.SECURITY,
    "account_change_password",
    EVERYWHERE,
    always=frozenset({IN_APP, MAIL}),
    mailed_elsewhere=True,
)
EMAIL_CHANGED = Kind(
    "account.email_changed",
    _("My email address changes"),
    _("Your email address is now %(email)s."),
    "mail",
    Area.SECURITY,
    "account_email",
    EVERYWHERE,
    always=frozenset({IN_APP, MAIL}),
    mailed_elsewhere=True,
    example={"email": "ana@acme.test"},
)
