"""Compile locale/*/LC_MESSAGES/*.po to .mo where the .mo is missing or older. Plain Python: gettext may be missing.

The .mo files are not checked in. Entries marked fuzzy, empty or obsolete are left out, as msgfmt does.
"""

import ast
import struct
import sys
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MAGIC = 0x950412DE
CONTEXT_END, PLURAL_END = "\x04", "\x00"


@dataclass
class Entry:
    fuzzy: bool = False
    context: str | None = None
    key: str = ""
    plural: str | None = None
    texts: dict[int, str] = field(default_factory=dict)

    @property
    def message_id(self) -> str:
        key = self.key if self.plural is None else self.key + PLURAL_END + self.plural
        return key if self.context is None else self.context + CONTEXT_END + key

    @property
    def text(self) -> str:
        return PLURAL_END.join(self.texts[number] for number in sorted(self.texts))

    @property
    def is_usable(self) -> bool:
        return bool(self.texts) and all(self.texts.values()) and not self.fuzzy


def parse(source: str) -> list[Entry]:
    """The entries of a .po file, in order."""
    entries: list[Entry] = []
    for block in source.replace("\r\n", "\n").split("\n\n"):
        entry = parse_entry(block.split("\n"))
        if entry is not None:
            entries.append(entry)
    return entries


def parse_entry(lines: list[str]) -> Entry | None:
    entry, keyword, seen = Entry(), "", False
    for line in lines:
        line = line.strip()
        if line.startswith("#"):
            entry.fuzzy |= line.startswith("#,") and "fuzzy" in line
        elif line:
            if not line.startswith('"'):
                keyword, _, line = line.partition(" ")
                seen = True
            append(entry, keyword, ast.literal_eval(line.strip()))
    return entry if seen else None


def append(entry: Entry, keyword: str, text: str) -> None:
    if keyword == "msgctxt":
        entry.context = (entry.context or "") + text
    elif keyword == "msgid":
        entry.key += text
    elif keyword == "msgid_plural":
        entry.plural = (entry.plural or "") + text
    elif keyword.startswith("msgstr"):
        number = int(keyword[7:-1]) if "[" in keyword else 0
        entry.texts[number] = entry.texts.get(number, "") + text
    else:
        raise ValueError(f"unknown keyword {keyword}")


def compiled(entries: list[Entry]) -> bytes:
    """The .mo format: a header, two tables of (length, offset), then all ids and all texts, each ended by NUL."""
    pairs = sorted((entry.message_id.encode(), entry.text.encode()) for entry in entries if entry.is_usable)
    ids = b"".join(key + b"\0" for key, _ in pairs)
    texts = b"".join(text + b"\0" for _, text in pairs)
    header, size = 28, len(pairs)
    id_table, text_table = [], []
    id_at = header + 16 * size
    text_at = id_at + len(ids)
    for key, text in pairs:
        id_table += [len(key), id_at]
        text_table += [len(text), text_at]
        id_at += len(key) + 1
        text_at += len(text) + 1
    start = struct.pack("<7I", MAGIC, 0, size, header, header + 8 * size, 0, 0)
    return start + struct.pack(f"<{4 * size}I", *id_table, *text_table) + ids + texts


def main() -> int:
    for source in sorted(ROOT.glob("locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.is_file() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        try:
            target.write_bytes(compiled(parse(source.read_text(encoding="utf-8"))))
        except (ValueError, SyntaxError) as error:
            print(f"{source.relative_to(ROOT)}: {error}", file=sys.stderr)
            return 1
        print(f"Compiled {source.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
