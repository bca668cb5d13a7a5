"""What people write, as HTML: links, and in the team's words bold, code and lists too.

`static/widget/more/rich.js` draws the same, and both are held to `minichat/tests/rich.json`. Whatever is not well
formed stays text. Every pattern is linear, and nothing nests deeper than a link in bold in a list: no text is slow to
draw.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString

from minichat.lib.snippets import units

# Directional and invisible characters end an address: they could make it look like another one.
_ADDRESS = (
    r"(?P<address>(?:(?ai:https?://|mailto:|tel:|www\.)"
    r"[^\s<>\"'`\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+"
    r"|[A-Za-z0-9_.+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z0-9-]{1,63}))"
)
_LINK = re.compile(_ADDRESS)
_PIECE = re.compile(r"`(?P<code>[^`\n]+)`|\*\*(?P<bold>[^\s*](?:[^*\n]*[^\s*])?)\*\*|" + _ADDRESS)
# Of the signs a host has dots, hyphens and underscores alone: in front of an @ stands another host than it seems.
_WEB = re.compile(r"(?ai:https?://|www\.)[^\x00-,/:-@\[-^`{-\x7f]+(?::[0-9]{1,5})?(?:[/?#].*)?")
_MAIL = re.compile(r"[A-Za-z0-9_.+-]+@[A-Za-z0-9.-]+")
_SPOKEN = re.compile(r"(?ai:mailto|tel):")
_IN_WORD = re.compile(r"[A-Za-z0-9]")
_ITEM = re.compile(r"(?:[-*]|([0-9]{1,4})[.)]) (.+)")
_FENCE = "```"
_TRAILING = ".,;:!?*…ฯๆ"
_BRACKETS = {")": "(", "]": "[", "}": "{"}

_TAGS = {
    "a": '<a href="{}" target="_blank" rel="noopener noreferrer nofollow">{}</a>',
    "strong": "<strong>{1}</strong>",
    "code": "<code>{1}</code>",
    "pre": "<pre>{1}</pre>",
    "p": "<p>{1}</p>",
    "li": "<li>{1}</li>",
    "ul": "<ul>{1}</ul>",
    "ol": '<ol start="{}">{}</ol>',
}


class Words(NamedTuple):
    """A part of the text that is drawn as it stands, by its place."""

    start: int
    end: int


@dataclass(frozen=True)
class Element:
    tag: str
    inside: list[Node]
    value: str = ""  # the address of a link, the first number of a list


Node = Element | Words


def nodes(text: str, *, only_links: bool = False) -> list[Node]:
    """The markup of a text; `only_links`: it is a visitor's."""
    whole = Words(0, len(text))
    if only_links:
        return _inline(text, whole, _LINK)
    blocks = _blocks(text)
    if len(blocks) == 1 and blocks[0].tag == "p":
        return _inline(text, blocks[0].parts[0])
    return [_drawn(text, block) for block in blocks] or [whole]  # empty fences are nothing to see


def html(text: str, pieces: Sequence[Node], words: Callable[[str], SafeString] = escape) -> SafeString:
    """The `nodes` of a text as HTML. `words` makes it of what stands between them, and must escape."""
    return format_html_join("", "{}", ((_one(text, piece, words),) for piece in pieces))


def is_web(address: str) -> bool:
    """Whether the whole of it is the address of a page, as it would be linked."""
    return _WEB.fullmatch(address) is not None and _LINK.fullmatch(address) is not None


def shown(pieces: Sequence[Node]) -> Iterator[Words]:
    """What of the text is seen, in its order."""
    for piece in pieces:
        if isinstance(piece, Words):
            yield piece
        else:
            yield from shown(piece.inside)


def moved(text: str, spans: Sequence[tuple[int, int]], seen: Sequence[Words]) -> list[tuple[int, int]]:
    """Places in `text` where they stand in what is `shown` of it; both in UTF-16 units, as browsers count."""
    starts = [(units(text[: part.start]), units(text[part.start : part.end])) for part in seen]

    def place(at: int) -> int:
        return sum(min(max(0, at - start), length) for start, length in starts)

    found = [(place(begin), place(end)) for begin, end in spans]
    return [(begin, end) for begin, end in found if begin < end]


# --- Blocks ---------------------------------------------------------------------------------------------------------


@dataclass
class _Block:
    """Lines that belong together: a text (`p`), the inside of a fence (`pre`), a list."""

    tag: str
    parts: list[Words] = field(default_factory=list)
    first: str = ""


def _blocks(text: str) -> list[_Block]:
    lines = list(_lines(text))
    fences = [at for at, line in enumerate(lines) if text.startswith(_FENCE, line.start, line.end)]
    blocks: list[_Block] = []
    at = 0
    while at < len(lines):
        if fences and at == fences[0]:
            if len(fences) == 1:  # never closed: a text, to the end
                _add_text(blocks, Words(lines[at].start, len(text)))
                break
            opened, closed, *fences = fences
            if closed > opened + 1:
                blocks.append(_Block("pre", [Words(lines[opened + 1].start, lines[closed - 1].end)]))
            else:
                blocks.append(_Block("pre", [Words(lines[closed].start, lines[closed].start)]))
            at = closed + 1
        else:
            _add_line(blocks, text, lines[at])
            at += 1
    for block in blocks:
        block.parts = [_trimmed(text, part) if block.tag == "p" else part for part in block.parts]
    return [block for block in blocks if any(part.start < part.end for part in block.parts)]


def _lines(text: str) -> Iterator[Words]:
    start = 0
    for line in text.split("\n"):
        yield Words(start, start + len(line))
        start += len(line) + 1


def _add_line(blocks: list[_Block], text: str, line: Words) -> None:
    item = _ITEM.fullmatch(text, line.start, line.end)
    if not item:
        _add_text(blocks, line)
        return
    tag = "ol" if item[1] else "ul"
    if not blocks or blocks[-1].tag != tag:
        blocks.append(_Block(tag, first=item[1] or ""))
    blocks[-1].parts.append(Words(*item.span(2)))


def _add_text(blocks: list[_Block], line: Words) -> None:
    if blocks and blocks[-1].tag == "p":
        blocks[-1].parts[0] = Words(blocks[-1].parts[0].start, line.end)
    else:
        blocks.append(_Block("p", [line]))


def _trimmed(text: str, part: Words) -> Words:
    """Blank lines beside a block are its margin."""
    inside = text[part.start : part.end]
    start = part.start + len(inside) - len(inside.lstrip("\n"))
    return Words(start, max(start, part.start + len(inside.rstrip("\n"))))


def _drawn(text: str, block: _Block) -> Element:
    if block.tag == "pre":
        return Element("pre", [Element("code", [*block.parts])])
    if block.tag == "p":
        return Element("p", _inline(text, block.parts[0]))
    return Element(block.tag, [Element("li", _inline(text, part)) for part in block.parts], block.first)


# --- Inside a line --------------------------------------------------------------------------------------------------


def _inline(text: str, part: Words, pattern: re.Pattern[str] = _PIECE) -> list[Node]:
    found: list[Node] = []
    end = part.start
    for match in pattern.finditer(text, part.start, part.end):
        piece, stop = _piece(text, match)
        if piece:
            found += [Words(end, match.start()), piece]
            end = stop
    found.append(Words(end, part.end))
    return [one for one in found if isinstance(one, Element) or one.start < one.end]


def _piece(text: str, match: re.Match[str]) -> tuple[Element | None, int]:
    kind = str(match.lastgroup)
    if kind == "code":
        return Element("code", [Words(*match.span("code"))]), match.end()
    if match.start() and _IN_WORD.match(text[match.start() - 1]):
        return None, 0
    if kind == "bold":
        return Element("strong", _inline(text, Words(*match.span("bold")))), match.end()
    address = _without_sentence(match["address"])
    return _link(address, match.start()), match.start() + len(address)


def _link(address: str, start: int) -> Element | None:
    spoken = _SPOKEN.match(address)
    skipped = spoken.end() if spoken else 0
    if spoken:
        href = address
    elif _WEB.fullmatch(address):
        href = f"https://{address}" if address[:1] in "wW" else address
    else:
        href = f"mailto:{address}" if _MAIL.fullmatch(address) else ""
    if not href or skipped == len(address):
        return None
    return Element("a", [Words(start + skipped, start + len(address))], href)


def _without_sentence(raw: str) -> str:
    """Punctuation after an address belongs to the sentence, and so does a bracket that was opened before it."""
    extra = {close: raw.count(close) - raw.count(opened) for close, opened in _BRACKETS.items()}
    end = len(raw)
    while end and (raw[end - 1] in _TRAILING or extra.get(raw[end - 1], 0) > 0):
        end -= 1
        if raw[end] in extra:
            extra[raw[end]] -= 1
    return raw[:end]


def _one(text: str, piece: Node, words: Callable[[str], SafeString]) -> SafeString:
    if isinstance(piece, Words):
        return words(text[piece.start : piece.end])
    return format_html(_TAGS[piece.tag], piece.value, html(text, piece.inside, words))
