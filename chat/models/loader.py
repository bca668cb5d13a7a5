from __future__ import annotations

from django.db import models
from django.utils import timezone


class PublishedLoader(models.Model):
    """A version of the loader that some page may have pinned by its hash: it is served for ever, as it was.

    No workspace's: everybody's pages load the same script.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    source = models.TextField()
    published_at = models.DateTimeField(default=timezone.now)

    objects = models.Manager()

    def __str__(self) -> str:
        return self.digest
