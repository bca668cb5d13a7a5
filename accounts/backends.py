from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend

from accounts.addresses import normalise
from accounts.models import User


class PasswordBackend(AuthenticationBackend):
    """Looks an address up in the one form it is stored in, with one query whether it is known or not (SR-20)."""

    def _authenticate_by_email(self, email: str, password: str) -> User | None:
        user = User.objects.filter(email=normalise(email)).first()
        return self._check_password(user, password)  # type: ignore[return-value]
