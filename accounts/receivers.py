"""A photo goes with its person, and be it by a cascade; sessions are listed as they begin and end."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.http import HttpRequest

from accounts import sessions
from accounts.models import User
from accounts.shelf import AVATARS


@receiver(post_delete, sender=User, dispatch_uid="accounts.drop_avatar")
def drop_avatar(sender: Any, instance: User, **kwargs: Any) -> None:
    AVATARS.drop(instance.avatar)


@receiver(user_logged_in, dispatch_uid="accounts.record_session")
def record_session(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    sessions.record(request, user)


@receiver([password_changed, password_set], dispatch_uid="accounts.end_other_sessions")
def end_other_sessions(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Django no longer believes them once the password is new; their rows go too. This one has a new key (SR-15)."""
    sessions.record(request, user)
    sessions.end_all(user, but=request.session)


@receiver(password_reset, dispatch_uid="accounts.end_all_sessions")
def end_all_sessions(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    sessions.end_all(user)
