"""How a widget looks, in typed tokens: a choice, a number in its range, a short text. Never CSS of an owner (SR-38)."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar

from django.conf import settings

TEXTS = ("title", "greeting", "offline")
LONGEST = {"title": 60, "greeting": 500, "offline": 500, "label": 30}


@dataclass(frozen=True)
class Appearance:
    """What is kept of a choice; whatever is not one of these falls back to its default."""

    PRESETS: ClassVar = ("auto", "light", "dark", "minimal", "corporate")
    SIDES: ClassVar = ("right", "left")
    LAUNCHERS: ClassVar = ("shown", "none")
    ICONS: ClassVar = ("chat", "help")
    SIZES: ClassVar = (48, 56, 64)
    GAPS: ClassVar = range(4, 81)

    preset: str = "auto"
    side: str = "right"
    gap: int = 20
    launcher: str = "shown"
    icon: str = "chat"
    size: int = 56
    label: str = ""
    home: bool = True
    # Shown although the plan would take it away.
    branding: bool = False
    # Whether a visitor may switch a sound on.
    sound: bool = False

    @property
    def theme(self) -> str:
        """Light or dark whatever the visitor's system says, or nothing."""
        return self.preset if self.preset in ("light", "dark") else ""

    @property
    def style(self) -> str:
        """Which rules the stylesheet of the colours brings along."""
        return self.preset if self.preset in ("minimal", "corporate") else ""

    def kept(self) -> dict[str, Any]:
        """Only what differs from the defaults: those may change with us."""
        return {name: value for name, value in asdict(self).items() if value != getattr(DEFAULT, name)}

    def attributes(self) -> dict[str, str]:
        """What has to be known before the widget's page is asked for anything: attributes of the script tag."""
        chosen = {
            "position": self.side,
            "gap": self.gap,
            "launcher": "" if self.launcher == "shown" else self.launcher,
            "icon": self.icon,
            "size": self.size,
            "label": self.label,
        }
        usual = {"position": "right", "gap": 20, "icon": "chat", "size": 56}
        return {name: str(value) for name, value in chosen.items() if value and value != usual.get(name)}


DEFAULT = Appearance()
_CHOICES: dict[str, Any] = {
    "preset": Appearance.PRESETS,
    "side": Appearance.SIDES,
    "launcher": Appearance.LAUNCHERS,
    "icon": Appearance.ICONS,
    "size": Appearance.SIZES,
    "gap": Appearance.GAPS,
    "home": (True, False),
    "branding": (True, False),
    "sound": (True, False),
}


def read(stored: Any) -> Appearance:
    """From a column that may have been written by an older or a newer version of us."""
    given = stored if isinstance(stored, dict) else {}
    return Appearance(**{field.name: given[field.name] for field in fields(Appearance) if _is_valid(field.name, given)})


def _is_valid(name: str, given: dict[str, Any]) -> bool:
    if name not in given:
        return False
    value = given[name]
    if name == "label":
        return isinstance(value, str) and len(value) <= LONGEST["label"]
    return type(value) is type(getattr(DEFAULT, name)) and value in _CHOICES[name]


def words(stored: Any, language: str, general: dict[str, str]) -> dict[str, str]:
    """The owner's texts in this language, else those for all languages; empty: ours are shown."""
    own = stored.get(language, {}) if isinstance(stored, dict) else {}
    return {name: own.get(name) or general.get(name, "") for name in TEXTS}


LANGUAGES = tuple(code for code, _name in settings.VISITOR_LANGUAGES)
