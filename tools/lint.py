"""`make lint`: everything is looked at, then all that was found is shown; nothing is changed."""

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

STEPS = [
    ("ruff check", [BIN / "ruff", "check", "."]),
    ("ruff format", [BIN / "ruff", "format", "--check", "."]),
    ("types", [BIN / "mypy", "minichat", "accounts", "workspaces", "notifications", "contacts", "chat", "ai"]),
    ("layers", [BIN / "lint-imports"]),
    ("templates", [BIN / "djlint", "--lint", "--quiet", "templates"]),
    ("migrations", [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"]),
]
# Enough for manage.py to look at the models; nothing is opened.
ENVIRONMENT = {"MINICHAT_MODE": "local", "SECRET_KEY": "lint-only-0123456789-abcdefghijklmnopqrstuv"}


def main() -> int:
    red = [name for name, command in STEPS if not passes(name, command)]
    print(f"lint: {len(STEPS) - len(red)} passed, {len(red)} failed" + (f" ({', '.join(red)})" if red else ""))
    return int(bool(red))


def passes(name: str, command: list) -> bool:
    began = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True)
    print(f"{name:<12} {'ok' if done.returncode == 0 else 'FAILED'}  {time.monotonic() - began:.0f} s", flush=True)
    if done.returncode:
        print(done.stdout + done.stderr)
    return done.returncode == 0


def environment() -> dict[str, str]:
    import os

    return {**os.environ, **ENVIRONMENT}


if __name__ == "__main__":
    sys.exit(main())
