"""`/dev/components/` exists in local mode alone, and shows all that there is to show."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse

from minichat import gallery

CSS = Path(django_settings.BASE_DIR) / "static/css/components"
# Classes that a script or a state of the browser sets, and pieces of a whole that are shown in it.
SET_ELSEWHERE = {"is-leaving", "is-picked", "htmx-request", "rail", "ws-mini", "is-live", "is-round", "is-tile"}
# The shell, and what belongs to one page each: both are walked themselves.
SHELL = {"nav.css", "picture.css", "look.css", "designer.css", "notifications.css", "todo.css"}


@pytest.fixture
def page(client: Client, db: None) -> str:
    return client.get(reverse("dev-components")).content.decode()


def test_every_section_is_shown(page: str) -> None:
    for name, _title in gallery.SECTIONS:
        assert f'<section id="{name}"' in page
    assert 'aria-invalid="true"' in page


LOOK = """
import django; django.setup()
from django.urls import NoReverseMatch, reverse
try: print(reverse("dev-components"))
except NoReverseMatch: print("no page")
"""


@pytest.mark.parametrize(("mode", "answer"), [("local", "/dev/components/"), ("selfhost", "no page")])
def test_it_exists_in_local_mode_only(mode: str, answer: str) -> None:
    """In a process of its own: which pages exist is decided when the project starts."""
    environment = {
        **os.environ,
        "MINICHAT_MODE": mode,
        "SECRET_KEY": "0123456789-for-this-one-question-abcdefghijk",
        "BASE_URL": "http://127.0.0.1:8000",
        "ALLOWED_HOSTS": "127.0.0.1",
        "DJANGO_SETTINGS_MODULE": "minichat.settings",
        "REDIS_URL": "",
        "DATABASE_URL": "sqlite://:memory:",
    }
    done = subprocess.run([sys.executable, "-c", LOOK], env=environment, capture_output=True, text=True, timeout=60)
    assert done.stdout.split("\n")[0] == answer, done.stderr


@pytest.mark.parametrize("sheet", sorted({path.name for path in CSS.glob("*.css")} - SHELL))
def test_every_component_with_a_style_is_shown(page: str, sheet: str) -> None:
    """A class that no sample wears is a state that nobody looks at."""
    shown = {name for names in re.findall(r'class="([^"]*)"', page) for name in names.split()}
    assert classes(sheet) - shown - SET_ELSEWHERE == set()


def classes(sheet: str) -> set[str]:
    rules = re.sub(r"/\*.*?\*/", "", (CSS / sheet).read_text(), flags=re.DOTALL)
    selectors = re.findall(r"([^{}]+)\{", rules)
    return {name for selector in selectors for name in re.findall(r"\.([a-z][\w-]*)", selector)}
