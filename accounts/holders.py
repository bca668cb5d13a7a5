"""Who keeps something about a person, across the house (SR-61).

This room is below all others and imports none of them: `settings.PERSONAL_DATA` names a module per room, and each has

    sections(user)   what it keeps, for the export: name → a value, or an iterator where it may be long
    objections(user) why the account cannot be closed yet, in sentences
    forget(user)     what goes when it is closed, inside that transaction
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any, Protocol, cast

from django.conf import settings

from accounts.models import User


class Holder(Protocol):
    def sections(self, user: User) -> dict[str, Any]: ...

    def objections(self, user: User) -> list[str]: ...

    def forget(self, user: User) -> None: ...


def holders() -> list[Holder]:
    return [cast(Holder, import_module(name)) for name in settings.PERSONAL_DATA]


def sections(user: User) -> Iterator[tuple[str, Any]]:
    for holder in holders():
        yield from holder.sections(user).items()


def objections(user: User) -> list[str]:
    return [reason for holder in holders() for reason in holder.objections(user)]


def forget(user: User) -> None:
    """The upper rooms first: they may still need what the lower ones keep."""
    for holder in reversed(holders()):
        holder.forget(user)
