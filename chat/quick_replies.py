"""Quick replies: short answers under a reply, of which the visitor sends one with a tap."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from minichat.lib.errors import Invalid
from minichat.lib.text import clean_body, clean_line

MOST = 6
LONGEST = 40


def cleaned(values: Sequence[str]) -> list[str]:
    """Each once, in their order. Raises `Invalid` for too many, too long ones and those of which nothing is seen."""
    found = list(dict.fromkeys(clean_body(clean_line(value)) for value in values))
    if len(found) > MOST:
        raise Invalid(_("At most %(limit)d quick replies fit under one message.") % {"limit": MOST})
    if not all(0 < len(reply) <= LONGEST for reply in found):
        raise Invalid(_("A quick reply has 1 to %(limit)d characters.") % {"limit": LONGEST})
    return found


def lines(text: str) -> list[str]:
    """`cleaned`, of a text with one in each line."""
    return cleaned([line for line in text.splitlines() if line.strip()])
