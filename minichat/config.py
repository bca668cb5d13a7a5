"""Reading the environment: every value typed, every problem listed at once."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured


class Config:
    """A typed reader of environment variables that collects problems instead of stopping at the first.

    `problems` holds one sentence per variable: its name and what is expected. A variable of the environment wins over
    the same line of the file. The environment itself is left as it is.
    """

    def __init__(self, env_file: Path | None = None, environment: Mapping[str, str] | None = None) -> None:
        self.given = dict(os.environ if environment is None else environment)
        self.problems: list[str] = []
        self.warnings: list[str] = []
        self.env = type("Environment", (environ.Env,), {"ENVIRON": dict(self.given)})()
        if env_file is not None and env_file.is_file():
            self.env.read_env(str(env_file))

    def text(self, name: str, default: str = "") -> str:
        return self._read(name, self.env.str, default, "text")

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.text(name).strip().lower()
        if value and value not in ("1", "0", "on", "off", "true", "false", "yes", "no"):
            # environ reads whatever it does not know as False, and a switch that was meant to be on stays off.
            self.complain(name, "must be on or off")
        return value in ("1", "on", "true", "yes") if value else default

    def number(self, name: str, default: int, *, minimum: int = 0) -> int:
        value = self._read(name, self.env.int, default, "a whole number")
        if value < minimum:
            self.complain(name, f"must be at least {minimum}")
        return value

    def names(self, name: str, default: Sequence[str] = ()) -> list[str]:
        return [item.strip() for item in self._read(name, self.env.list, list(default), "a comma list") if item.strip()]

    def choice(self, name: str, choices: Sequence[str], default: str) -> str:
        value = self.text(name, default)
        if value not in choices:
            self.complain(name, "must be one of " + ", ".join(choices))
            return default
        return value

    def pair(self, name: str, secret: str) -> tuple[str, str]:
        """An id and its secret: both or neither."""
        values = self.text(name).strip(), self.text(secret).strip()
        if values[0] and not values[1]:
            self.complain(secret, f"is missing, but {name} is set; set both or neither")
        if values[1] and not values[0]:
            self.complain(name, f"is missing, but {secret} is set; set both or neither")
        return values if all(values) else ("", "")

    def database(self, name: str, default: str) -> dict[str, Any]:
        value = self._read(name, lambda key, default: self.env.db(key, default=default), default, "a database URL")
        if not value.get("ENGINE", "").endswith((".sqlite3", ".postgresql")):
            self.complain(name, "must begin with postgres:// or sqlite:///")
            return self.env.db_url_config(default)
        return value

    def complain(self, name: str, expected: str) -> None:
        """One sentence per variable: what follows from the first problem is not worth reading."""
        if not any(problem.startswith(f"{name}:") for problem in self.problems):
            self.problems.append(f"{name}: {expected}")

    def warn(self, name: str, advice: str) -> None:
        self.warnings.append(f"{name}: {advice}")

    def check(self) -> None:
        """Stop with all problems in one message."""
        if self.problems:
            lines = "\n".join(f"  - {problem}" for problem in self.problems)
            raise ImproperlyConfigured(f"The configuration has {len(self.problems)} problem(s):\n{lines}")

    def _read(self, name: str, read: Callable[..., Any], default: Any, expected: str) -> Any:
        # An empty value is what `NAME=` in a file means: not set.
        if not self.env.ENVIRON.get(name, "").strip():
            self.env.ENVIRON.pop(name, None)
        try:
            return read(name, default=default)
        except (ValueError, ImproperlyConfigured):
            self.complain(name, f"must be {expected}")
            # A URL default is parsed by environ as well: hand back the parsed form of the default.
            return self.env.db_url_config(default) if expected == "a database URL" else default
