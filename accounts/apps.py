from allauth.usersessions.apps import UserSessionsConfig
from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    default = True

    def ready(self) -> None:
        from accounts import receivers  # noqa: F401


class SessionsConfig(UserSessionsConfig):
    """allauth's table of sessions, which we fill ourselves: its receivers want a request with a user."""

    def ready(self) -> None:
        pass
