"""Every kind that any room has declared, so that a new one is looked at without anybody thinking of it."""

from __future__ import annotations

import re
import uuid

import pytest
from django.conf import settings
from django.utils import translation

from notifications.kinds import BROWSER, IN_APP, MAIL, Area, Kind, all_kinds, kind_of, kinds_for
from workspaces.roles import Role

pytestmark = pytest.mark.pure

KINDS = all_kinds()
THAI = re.compile("[\u0e00-\u0e7f]")
SPRITE = (settings.BASE_DIR / "static/icons/sprite.svg").read_text()


def test_there_are_kinds_of_every_room() -> None:
    assert {"conversation.assigned", "member.joined", "account.password_changed"} <= {kind.name for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_kind_speaks_both_languages(kind: Kind) -> None:
    for language in ("en", "th"):
        with translation.override(language):
            label, sentence = str(kind.label), kind.say(kind.example)
        assert "…" not in sentence and "%(" not in sentence, "its example lacks a word of its sentence"
        assert bool(THAI.search(label)) == bool(THAI.search(sentence)) == (language == "th")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_kind_has_an_icon_channels_and_a_place(kind: Kind) -> None:
    assert f'id="{kind.icon}"' in SPRITE
    assert IN_APP in kind.channels, "the bell is where everything is found again"
    assert kind.always <= kind.channels
    assert kind.link("acme", str(uuid.uuid4()) if kind.page in ("thread", "lead") else "").startswith("/")
    assert len(kind.name) <= 60


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.area == Area.SECURITY], ids=lambda kind: kind.name)
def test_security_cannot_be_turned_off(kind: Kind) -> None:
    assert {IN_APP, MAIL} <= kind.always


def test_a_name_is_given_once() -> None:
    taken = KINDS[0]
    with pytest.raises(ValueError, match=taken.name):
        Kind(taken.name, "label", "sentence", "bell", Area.TEAM, "members")
    assert kind_of(taken.name) is taken


def test_whoever_cannot_answer_is_not_asked_about_conversations() -> None:
    assert "conversation.waiting" in {kind.name for kind in kinds_for(Role.OPERATOR)}
    assert "conversation.waiting" not in {kind.name for kind in kinds_for(Role.VIEWER)}
    assert "member.joined" not in {kind.name for kind in kinds_for(Role.OPERATOR)}


def test_a_row_that_lacks_a_word_is_still_a_sentence() -> None:
    kind = kind_of("member.role_changed")
    assert kind is not None
    assert kind.say({"by": "100% Ana"}) == "100% Ana changed your role: you are now …."
    assert kind.say({"by": "Ana", "role": "viewer"}).endswith("Viewer.")
    assert BROWSER in kind.channels
