from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client


@pytest.fixture
def browser(db: None) -> Callable[[], Client]:
    """A browser of its own each time."""
    return Client
