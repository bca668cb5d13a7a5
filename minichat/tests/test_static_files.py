"""What is checked in is what its sources say."""

from __future__ import annotations

import hashlib
import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest
from django.conf import settings

pytestmark = pytest.mark.pure

BASE = Path(settings.BASE_DIR)
FOLDERS = ("static/vendor", "tests/browser/vendor")
VENDORED = [
    (folder, entry) for folder in FOLDERS for entry in json.loads((BASE / folder / "versions.json").read_text())
]


@pytest.fixture(scope="module")
def bundler() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bundle", BASE / "tools/bundle.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


LISTINGS = [
    "css/dashboard.css",
    "css/public.css",
    "css/inbox.css",
    "css/gallery.css",
    "css/costs.css",
    "css/designer.css",
    "css/visitors.css",
    "js/vendor.js",
]


@pytest.mark.parametrize("listing", LISTINGS)
def test_the_bundle_is_fresh(bundler: ModuleType, listing: str) -> None:
    bundle = (BASE / "static/dist" / Path(listing).name).read_text()
    assert bundle == bundler.bundle(listing), "run python tools/bundle.py"
    assert len(bundle) > 1000


def test_every_bundle_is_looked_at(bundler: ModuleType) -> None:
    assert sorted(LISTINGS) == sorted(bundler.BUNDLES)


def test_the_parts_of_scripts_stand_alone() -> None:
    """They tell each other what happened by events, and nothing else."""
    for part in (path for folder in ("base", "dashboard") for path in (BASE / "static/js" / folder).glob("*.js")):
        assert not [line for line in part.read_text().splitlines() if line.startswith(("import ", "export "))], part


@pytest.mark.parametrize(("folder", "entry"), VENDORED)
def test_a_vendored_file_is_the_one_we_looked_at(folder: str, entry: dict[str, str]) -> None:
    content = (BASE / folder / entry["file"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == entry["sha256"]
    assert (BASE / folder / entry["licence_file"]).is_file()


def test_everything_vendored_is_listed() -> None:
    listed = {(folder, entry["file"]) for folder, entry in VENDORED}
    there = {(folder, path.name) for folder in FOLDERS for path in (BASE / folder).glob("*.js")}
    assert there == listed
