"""Bring locale/th and locale/ja up to date with the tree: new sentences come in empty, old ones leave. Needs gettext.

    .venv/bin/python tools/messages.py

Translate what it lists, then run it again. minichat/tests/test_translations.py fails until nothing is left.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "locale" / "th" / "LC_MESSAGES" / "django.po"
JAPANESE = ROOT / "locale" / "ja" / "LC_MESSAGES" / "django.po"
# Japanese is for visitors: what the widget says and answers, and mails. What else there is, they never see.
VISITORS = [
    "templates/chat/widget/*",
    "templates/emails/*",
    "templates/account/email/*",
    "minichat/lib/errors.py",
    "chat/frames.py",
    "chat/asking.py",
    "contacts/answers.py",
    "chat/identity.py",
    "chat/actions/proving.py",
    "chat/emails.py",
    "chat/actions/uploads.py",
    "ai/agent.py",
    "ai/small_talk.py",
    "chat/views/received.py",
    "chat/widget/views/*",
    "minichat/lib/files/refusals.py",
]
FOLDERS = ["accounts", "ai", "chat", "contacts", "minichat", "notifications", "templates", "workspaces"]
NOT_SAID = shutil.ignore_patterns("tests", "migrations", "__pycache__")
# Names of files, without line numbers: a moved line is no change of the catalogue.
MAKE = ["makemessages", "-l", "th", "-e", "py,html,txt", "--add-location", "file", "--no-wrap", "-v", "0"]

STAMPS = ('"POT-Creation-Date', '"Report-Msgid-Bugs-To')


def extract(folder: Path) -> Path:
    """The empty catalogue of everything the tree says, made in a copy of it so that nothing else is read."""
    for part in FOLDERS:
        shutil.copytree(ROOT / part, folder / part, ignore=NOT_SAID)
    (folder / "locale").mkdir()
    subprocess.run([sys.executable, "-m", "django", *MAKE], cwd=folder, check=True, capture_output=True, timeout=120)
    return folder / "locale" / "th" / "LC_MESSAGES" / "django.po"


def for_visitors(fresh: Path) -> Path:
    """The part of the empty catalogue that Japanese has."""
    part = fresh.with_name("visitors.po")
    places = [option for place in VISITORS for option in ("--location", place)]
    subprocess.run(["msggrep", "--no-wrap", *places, "--output-file", part, fresh], check=True)
    return part


def merge(catalogue: Path, fresh: Path) -> None:
    """No guessing: a similar old sentence is not offered as a fuzzy translation of a new one."""
    merged = fresh.with_name("merged.po")
    options = ["--quiet", "--no-fuzzy-matching", "--no-wrap", "--output-file", merged]
    subprocess.run(["msgmerge", *options, catalogue, fresh], check=True)
    clean = subprocess.run(["msgattrib", "--no-obsolete", "--no-wrap", merged], check=True, capture_output=True)
    lines = clean.stdout.decode().splitlines(keepends=True)
    # A date would change the file on every run.
    catalogue.write_text("".join(line for line in lines if not line.startswith(STAMPS)), encoding="utf-8")


def missing(catalogue: Path) -> str:
    found = subprocess.run(["msgattrib", "--untranslated", "--no-wrap", catalogue], capture_output=True, text=True)
    return found.stdout


def main() -> int:
    if not shutil.which("msgmerge"):
        print("Install gettext first (Debian: apt-get install gettext).", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        fresh = extract(Path(folder))
        merge(CATALOGUE, fresh)
        merge(JAPANESE, for_visitors(fresh))
    print(missing(JAPANESE) or "Every sentence for visitors has its Japanese.")
    print(missing(CATALOGUE) or "Every sentence has its Thai.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
