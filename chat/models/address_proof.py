from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from workspaces.tenancy import WorkspaceOwned

LIFE = timedelta(minutes=10)
MOST_TRIES = 5


class AddressProofQuerySet(models.QuerySet["AddressProof"]):
    def good(self) -> AddressProofQuerySet:
        return self.filter(created_at__gt=timezone.now() - LIFE)

    def old(self) -> AddressProofQuerySet:
        return self.filter(created_at__lte=timezone.now() - LIFE)


class AddressProof(WorkspaceOwned):
    """A code is on its way to an address that a visitor has typed. A newer one takes its place."""

    visitor = models.OneToOneField("chat.Visitor", models.CASCADE, related_name="address_proof")
    email = models.EmailField()
    # Of the code, keyed and bound to visitor and address.
    digest = models.CharField(max_length=64)
    tries = models.PositiveSmallIntegerField(default=0)

    unscoped: ClassVar[Any] = AddressProofQuerySet.as_manager()

    class Meta:
        default_related_name = "address_proofs"

    def __str__(self) -> str:
        return str(self.visitor_id)
