"""Just enough of WOFF2 to ask a font which characters it draws (https://www.w3.org/TR/WOFF2/)."""

from __future__ import annotations

import struct
from pathlib import Path

import brotli

HEADER = 48
CMAP, GLYF, LOCA, ANY_TAG = 0, 10, 11, 63


def characters(path: Path) -> set[int]:
    """The code points that the font has a glyph for."""
    return _mapped(_cmap(path.read_bytes()))


def _cmap(content: bytes) -> bytes:
    assert content[:4] == b"wOF2"
    (tables,) = struct.unpack_from(">H", content, 12)
    (packed,) = struct.unpack_from(">I", content, 20)
    place, start, found = HEADER, 0, (0, 0)
    for _ in range(tables):
        kind, transform = content[place] & 0x3F, content[place] >> 6
        place += 5 if kind == ANY_TAG else 1
        length, place = _number(content, place)
        # Outlines are always transformed unless they say 3, everything else only if it says so.
        if transform != 3 if kind in (GLYF, LOCA) else transform:
            length, place = _number(content, place)
        if kind == CMAP:
            found = (start, start + length)
        start += length
    return brotli.decompress(content[place : place + packed])[slice(*found)]


def _number(content: bytes, place: int) -> tuple[int, int]:
    """A number in base 128, most significant group first."""
    value = 0
    while True:
        value = value << 7 | content[place] & 0x7F
        place += 1
        if not content[place - 1] & 0x80:
            return value, place


def _mapped(cmap: bytes) -> set[int]:
    (subtables,) = struct.unpack_from(">H", cmap, 2)
    offsets = {struct.unpack_from(">HHI", cmap, 4 + 8 * number)[2] for number in range(subtables)}
    found: set[int] = set()
    for offset in offsets:
        (form,) = struct.unpack_from(">H", cmap, offset)
        if form == 4:
            found |= _segments(cmap[offset:])
        elif form == 12:
            found |= _groups(cmap[offset:])
    return found


def _segments(table: bytes) -> set[int]:
    """Format 4. A segment that leads to no glyph (the last one: 0xFFFF) is left out by its end."""
    count = struct.unpack_from(">H", table, 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", table, 14)
    starts = struct.unpack_from(f">{count}H", table, 16 + 2 * count)
    return {code for start, end in zip(starts, ends, strict=True) if end != 0xFFFF for code in range(start, end + 1)}


def _groups(table: bytes) -> set[int]:
    (count,) = struct.unpack_from(">I", table, 12)
    groups = (struct.unpack_from(">III", table, 16 + 12 * number) for number in range(count))
    return {code for start, end, _glyph in groups for code in range(start, end + 1)}
