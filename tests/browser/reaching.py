"""MiniChat as it is, but that its crawler may reach one port of this machine: `python reaching.py <port>`."""

from __future__ import annotations

import runpy
import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minichat.settings")
    from ai.reading import web

    port = int(sys.argv[1])
    web.LIMITS = replace(web.LIMITS, ports=frozenset({port}), may_reach=lambda address: address.is_loopback)
    sys.argv = [sys.argv[0]]
    runpy.run_module("minichat.serve", run_name="__main__")
