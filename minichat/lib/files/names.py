"""What a file is called when somebody saves it (SR-43)."""

from __future__ import annotations

import re
import unicodedata

from minichat.lib.text import clean_line

LONGEST = 200  # bytes: file systems take 255, and a Thai letter has three
# What Windows and shells read as something else than a letter of a name.
_NOT_IN_NAMES = re.compile(r'[<>:"|?*\x00-\x1f]')


def shown(name: str, extension: str, *, otherwise: str = "file") -> str:
    """The sender's name without its folders, without what cannot be seen, and with the ending that is true."""
    name = re.split(r"[/\\]", name)[-1]
    visible = "".join(letter for letter in clean_line(name) if unicodedata.category(letter)[0] != "C")
    visible = _NOT_IN_NAMES.sub("", visible)
    stem = visible.rpartition(".")[0] or visible
    stem = " ".join(stem.split()).strip(". ")
    stem = stem.encode()[:LONGEST].decode(errors="ignore").strip(". ")
    return f"{stem or otherwise}{extension}"
