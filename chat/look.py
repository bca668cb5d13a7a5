"""The owner's colour on the widget: readable in light and dark, whatever was chosen."""

from __future__ import annotations

import re
from dataclasses import dataclass

DEFAULT = "#00745c"
# What the settings offer beside a colour of one's own.
PRESETS = {
    "jade": DEFAULT,
    "ocean": "#1f5fbf",
    "ruby": "#b3261e",
    "violet": "#6d3fc0",
    "amber": "#e0a100",
    "ink": "#2f3a37",
}

COLOR = re.compile(r"#[0-9a-f]{6}")
# The page of the widget, as static/widget/widget.css has it.
LIGHT_PAGE, DARK_PAGE = "#ffffff", "#161b19"
WHITE, BLACK = "#ffffff", "#000000"
# WCAG 1.4.3: text. Everything drawn in the colour carries text or is text.
READABLE = 4.5
STEP = 0.04

Rgb = tuple[float, float, float]


@dataclass(frozen=True)
class Shades:
    """`fill` carries text in `on`; `ink` is text on the page."""

    fill: str
    on: str
    ink: str


def light(color: str) -> Shades:
    """Exactly the colour that was chosen; as text it gets darker until it can be read on white."""
    return Shades(fill=color, on=text_on(color), ink=_until_readable(color, LIGHT_PAGE, toward=BLACK))


def dark(color: str) -> Shades:
    """Lighter until it stands out from the dark page."""
    fill = _until_readable(color, DARK_PAGE, toward=WHITE)
    return Shades(fill=fill, on=text_on(fill), ink=fill)


def text_on(color: str) -> str:
    return max((WHITE, BLACK), key=lambda text: contrast(text, color))


def contrast(one: str, other: str) -> float:
    """WCAG's ratio, 1 to 21."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


# Beside the colours: what a preset changes of the widget's own sheet, which comes before.
STYLES = {
    "": "",
    "minimal": (
        ".b,.card,.composer,.jump,.logo{border-radius:4px!important}.send{border-radius:4px}"
        ".avs,.op>.av{display:none!important}.op{grid-template-columns:minmax(0,1fr)}"
        "[data-view=home] .bar{background:var(--bg);color:var(--tx);border-bottom:1px solid var(--line)}"
        "[data-view=home] .on{color:var(--tx-2)}"
    ),
    "corporate": (
        ".bar,[data-view=home] .bar{background:var(--mc);color:var(--on-mc);border:0}"
        ".bar .on{color:inherit}.bar .ib:hover{background:none;box-shadow:inset 0 0 0 1px}"
        ".bar :focus-visible{outline-color:currentColor}"
        ".b,.card,.composer,.jump{border-radius:8px!important}.send{border-radius:8px}"
    ),
}


def stylesheet(color: str, style: str = "") -> str:
    """For the widget's page, which names these three properties."""
    return f":root{_rule(light(color))}:root[data-theme=dark]{_rule(dark(color))}{STYLES[style]}"


def _rule(shades: Shades) -> str:
    return f"{{--mc:{shades.fill};--on-mc:{shades.on};--mc-ink:{shades.ink}}}"


def _until_readable(color: str, page: str, *, toward: str) -> str:
    share = 0.0
    mixed = color
    while contrast(mixed, page) < READABLE and share < 1:
        share += STEP
        mixed = _mix(color, toward, share)
    return mixed


def _mix(color: str, other: str, share: float) -> str:
    parts = zip(_rgb(color), _rgb(other), strict=True)
    return "#" + "".join(f"{round((a + (b - a) * share) * 255):02x}" for a, b in parts)


def _luminance(color: str) -> float:
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _rgb(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _rgb(color: str) -> Rgb:
    red, green, blue = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue
