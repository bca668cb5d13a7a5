"""An address for one private file, for five minutes (SR-47). Whoever hands it out has asked who may have it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from minichat.lib.errors import NotFound
from minichat.lib.files.pictures import CONTENT_TYPE

LINK_LIFE = timedelta(minutes=5)
# Its own: a token that was signed for anything else opens nothing here.
SALT = "minichat.files.link"


@dataclass(frozen=True)
class Linked:
    """What a link opens: one object of the storage, under a name for people. `inline`: in the page, not saved."""

    path: str
    name: str
    content_type: str
    inline: bool


def link_to(path: str, *, name: str, content_type: str, inline: bool = False) -> str:
    """The caller has asked whether its reader may have this object: past this line nobody asks again."""
    if inline and content_type != CONTENT_TYPE:
        raise ValueError("Only pictures that we drew ourselves are shown in the page.")
    return reverse("file", args=[signing.dumps([path, name, content_type, inline], salt=SALT, compress=True)])


def opened(token: str) -> Linked:
    """The same answer for what was forged, changed, signed for something else, or has grown old."""
    try:
        return Linked(*signing.loads(token, salt=SALT, max_age=LINK_LIFE))
    except signing.BadSignature as error:
        raise NotFound(_("This link no longer works. Open the file again from the page where you found it.")) from error
