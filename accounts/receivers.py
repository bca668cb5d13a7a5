"""Whoever deletes a person, and be it by a cascade, deletes their photo."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete
from django.dispatch import receiver

from accounts.models import User
from accounts.shelf import AVATARS


@receiver(post_delete, sender=User, dispatch_uid="accounts.drop_avatar")
def drop_avatar(sender: Any, instance: User, **kwargs: Any) -> None:
    AVATARS.drop(instance.avatar)
