from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from workspaces.tenancy import WorkspaceOwned


class IdentityKeyQuerySet(models.QuerySet["IdentityKey"]):
    def live(self) -> IdentityKeyQuerySet:
        return self.filter(revoked_at=None)


class IdentityKey(WorkspaceOwned):
    """A secret that this inbox shares with its owner's server, for vouching for visitors (SR-34)."""

    inbox = models.ForeignKey("chat.Inbox", models.CASCADE)
    kid = models.CharField(max_length=40, unique=True)
    # Encrypted: a copy of the database alone vouches for nobody.
    secret = models.TextField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    unscoped: ClassVar[Any] = IdentityKeyQuerySet.as_manager()

    class Meta:
        default_related_name = "identity_keys"

    def __str__(self) -> str:
        return self.kid


class CredentialQuerySet(models.QuerySet["Credential"]):
    def live(self) -> CredentialQuerySet:
        """Not run out, and of a verified visitor only those that were issued on a vouching which still holds."""
        now = timezone.now()
        return self.filter(
            Q(expires_at=None) | Q(expires_at__gt=now),
            Q(visitor__verified_at=None) | Q(key__isnull=False, key__revoked_at=None),
        )


class Credential(WorkspaceOwned):
    """What one browser shows to be a visitor again: an opaque token, of which only the hash is kept (SR-33)."""

    visitor = models.ForeignKey("chat.Visitor", models.CASCADE)
    token_hash = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField(default=timezone.now)
    # Set once there is a newer one: for a while both work, so that no tab is thrown out.
    expires_at = models.DateTimeField(null=True, blank=True)
    # With which the visitor was vouched for; null: nobody has.
    key = models.ForeignKey(IdentityKey, models.CASCADE, null=True, blank=True)

    unscoped: ClassVar[Any] = CredentialQuerySet.as_manager()

    class Meta:
        default_related_name = "credentials"

    def __str__(self) -> str:
        return f"credential of {self.visitor_id}"


class UsedToken(WorkspaceOwned):
    """The name (`jti`) of a signed token that may be shown once, until it would have run out anyway."""

    inbox = models.ForeignKey("chat.Inbox", models.CASCADE)
    jti = models.CharField(max_length=64)
    expires_at = models.DateTimeField()

    class Meta:
        default_related_name = "used_tokens"
        constraints = [models.UniqueConstraint(fields=["inbox", "jti"], name="a_token_is_used_once")]

    def __str__(self) -> str:
        return self.jti
