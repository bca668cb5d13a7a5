"""The loader: the version of today, and those that customers' pages have pinned (SR-38).

A pinned address says by its hash what it serves, so it may be kept for ever and checked by the browser. A version is
written down when an owner is first shown its address; from then on it is served, whatever comes after it.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from chat.models import PublishedLoader
from minichat.lib.packing import Packed

LOADER = Path(settings.BASE_DIR) / "static" / "dist" / "widget.js"


@dataclass(frozen=True)
class Version:
    packed: Packed
    digest: str
    integrity: str


@lru_cache(maxsize=1)
def current() -> Version:
    return _version(LOADER.read_bytes())


def find(digest: str) -> Version | None:
    """A version that is served now, or was published once."""
    if digest == current().digest:
        return current()
    return _published(digest) if PublishedLoader.objects.filter(pk=digest).exists() else None


def publish() -> Version:
    """The version of today, kept from now on."""
    version = current()
    PublishedLoader.objects.get_or_create(pk=version.digest, defaults={"source": version.packed.source.decode()})
    return version


@lru_cache(maxsize=16)
def _published(digest: str) -> Version:
    return _version(PublishedLoader.objects.get(pk=digest).source.encode())


def _version(source: bytes) -> Version:
    seal = base64.b64encode(hashlib.sha384(source).digest()).decode()
    return Version(Packed(source), hashlib.sha256(source).hexdigest(), f"sha384-{seal}")
