"""What the widget weighs: bytes as a browser fetches them, and how small brotli makes them."""

from __future__ import annotations

import re
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import brotli

from benchmarks import sites
from benchmarks.messages import stores
from benchmarks.table import show

LOADER_BUDGET, TOTAL_BUDGET = 5 * 1024, 20 * 1024
ASSET = re.compile(r'(?:href|src)="(/static/[^"]+)"')


@dataclass(frozen=True)
class Piece:
    name: str
    raw: int
    packed: int
    on_wire: int


def run() -> None:
    with stores() as where, sites.minichat("weight", where, embedded=True) as site:
        loader = fetch(site.base, "/widget.js", "loader (before the first open)")
        page = f"/widget/{site.environment['BENCH_KEY']}/?o={quote(site.environment['BENCH_ORIGIN'], safe='')}&l=en"
        frame = fetch(site.base, page, "frame HTML")
        assets = [fetch(site.base, path, Path(path).name) for path in ASSET.findall(body(site.base, page).decode())]
    pieces = [loader, frame, *assets]
    rows = [(one.name, one.raw, one.packed, one.on_wire, "") for one in pieces]
    rows[0] = (*rows[0][:4], f"<= {LOADER_BUDGET}")
    total = [sum(getattr(one, key) for one in pieces) for key in ("raw", "packed", "on_wire")]
    show(
        "Widget, bytes",
        ("", "raw", "brotli 11", "on the wire", "budget"),
        [*rows, ("all", *total, f"<= {TOTAL_BUDGET}")],
    )


def fetch(base: str, path: str, name: str) -> Piece:
    raw = body(base, path)
    return Piece(name, len(raw), len(brotli.compress(raw)), len(body(base, path, encoding="br, gzip")))


def body(base: str, path: str, encoding: str = "identity") -> bytes:
    request = urllib.request.Request(base + path, headers={"Accept-Encoding": encoding})
    with urllib.request.urlopen(request, timeout=10) as response:
        return response.read()
