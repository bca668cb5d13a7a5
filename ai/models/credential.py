from __future__ import annotations

from django.db import models

from ai.models.source import LONGEST_URL
from ai.naming import provider_name
from workspaces.tenancy import WorkspaceOwned

LONGEST_KEY = 500
HINT = 4


class ProviderCredential(WorkspaceOwned):
    """A workspace's own key for a provider. Written, used and replaced; never shown again but for its last characters.

    For a compatible server the address belongs to it: a key goes to the place that it was typed for (SR-55).
    """

    provider = models.CharField(max_length=20)
    # By minichat/lib/crypto.py; see ai/keys.py.
    encrypted_key = models.TextField(blank=True)
    base_url = models.CharField(max_length=LONGEST_URL, blank=True)
    hint = models.CharField(max_length=HINT, blank=True)
    # When the provider last said yes, and the word for what it said instead (`ai/naming.py` has the sentences).
    verified_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=40, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        default_related_name = "ai_credentials"
        constraints = [models.UniqueConstraint(fields=["workspace", "provider"], name="one_key_per_provider")]

    def __str__(self) -> str:
        return str(provider_name(self.provider))
