"""Reading the environment: every value typed, every problem listed at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured


class Config:
    """A typed reader of environment variables that collects problems instead of stopping at the first.

    `problems` holds one sentence per variable: its name and what is expected.
    """

    def __init__(self, env_file: Path | None = None) -> None:
        self.env = environ.Env()
        self.problems: list[str] = []
        if env_file is not None and env_file.is_file():
            self.env.read_env(str(env_file))

    def str(self, name: str, default: str = "") -> str:
        return self._read(name, self.env.str, default, "text")

    def bool(self, name: str, default: bool = False) -> bool:
        return self._read(name, self.env.bool, default, "on or off")

    def int(self, name: str, default: int, *, minimum: int = 0) -> int:
        value = self._read(name, self.env.int, default, "a whole number")
        if value < minimum:
            self.complain(name, f"must be at least {minimum}")
        return value

    def float(self, name: str, default: float) -> float:
        return self._read(name, self.env.float, default, "a number")

    def list(self, name: str, default: Sequence[str] = ()) -> list[str]:
        return [item.strip() for item in self._read(name, self.env.list, list(default), "a comma list") if item.strip()]

    def choice(self, name: str, choices: Sequence[str], default: str) -> str:
        value = self.str(name, default)
        if value not in choices:
            self.complain(name, "must be one of " + ", ".join(choices))
            return default
        return value

    def database(self, name: str, default: str) -> dict[str, Any]:
        return self._read(name, lambda key, default: self.env.db(key, default=default), default, "a database URL")

    def complain(self, name: str, expected: str) -> None:
        self.problems.append(f"{name}: {expected}")

    def check(self) -> None:
        """Stop with all problems in one message."""
        if self.problems:
            lines = "\n".join(f"  - {problem}" for problem in self.problems)
            raise ImproperlyConfigured(f"The configuration has {len(self.problems)} problem(s):\n{lines}")

    def _read(self, name: str, read: Callable[..., Any], default: Any, expected: str) -> Any:
        try:
            return read(name, default=default)
        except (ValueError, ImproperlyConfigured):
            self.complain(name, f"must be {expected}")
            # A URL default is parsed by environ as well: hand back the parsed form of the default.
            return self.env.db_url_config(default) if expected == "a database URL" else default
