"""Build static/emoji.json, what the pickers of both composers offer, from tools/emoji.txt and Unicode's own names.

    .venv/bin/python tools/emoji.py

A row is [sign, words, Thai words]. The words are those of the sign's Unicode name and those beside it in the list, each
once, in lower case: what is typed is looked for at the beginning of each.
"""

import json
import sys
import unicodedata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT / "tools" / "emoji.txt"
FILE = ROOT / "static" / "emoji.json"
# Signs that only say how, or with whom: their names would be found, and nobody looks for them.
JOINERS = {"\u200d", "\ufe0f"}
# A flag is two letters of a country; its name says neither.
LETTERS = range(0x1F1E6, 0x1F200)
NO_WORDS = {"with", "of", "and", "the", "sign", "symbol", "face", "black", "white", "heavy"}


def text() -> str:
    """The file as it should be."""
    rows = [row(line) for line in LIST.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return "[\n" + ",\n".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in rows) + "\n]\n"


def row(line: str) -> list[str]:
    sign, english, thai = (part.strip() for part in line.split("|"))
    words = dict.fromkeys([*names(sign), *english.split()])
    return [sign, " ".join(words), thai]


def names(sign: str) -> list[str]:
    parts = [unicodedata.name(one) for one in sign if one not in JOINERS and ord(one) not in LETTERS]
    found = [word for part in parts for word in part.lower().replace("-", " ").split()]
    return [word for word in found if word not in NO_WORDS]


def main() -> int:
    FILE.write_text(text(), encoding="utf-8")
    print(f"{FILE.relative_to(ROOT)}: {text().count('[') - 1} signs")
    return 0


if __name__ == "__main__":
    sys.exit(main())
