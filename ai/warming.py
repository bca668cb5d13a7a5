"""Workers have the dictionary (and the model of meaning, if it is on) before anybody asks: loading takes a second.

A process that does everything (no Redis) loads it with its first Thai text: 80 MB that an English shop never needs.
"""

from __future__ import annotations

from typing import Any

from ai.knowledge import meaning, terms


def in_worker(**_signal: Any) -> None:
    """Before a worker takes jobs, and before its processes are forked: they share what was loaded."""
    terms.warm()
    meaning.warm()
