"""What Lighthouse makes of the landing page and the inbox, as a phone on a slow line sees them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from benchmarks import sites
from benchmarks.messages import stores
from benchmarks.table import median, show
from tests.faults.engine import ROOT

PROGRAM = ROOT / "node_modules" / ".bin" / "lighthouse"
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-background-networking"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
# The inbox is no page for search engines, so it has no score for them.
NAMES = ("", "performance", "accessibility", "best practices", "SEO", "LCP s", "TBT ms", "CLS", "KB", "requests")
SECONDS = 180


def run(*, rounds: int) -> None:
    missing = what_is_missing()
    if missing:
        print(f"\nLighthouse is left out: {missing}.\n", flush=True)
        return
    with stores() as where, sites.minichat("lighthouse", where, embedded=True) as site:
        inbox = f"{site.base}/w/{site.environment['BENCH_SLUG']}/conversations/"
        pages = [("landing", f"{site.base}/", ""), ("inbox", inbox, site.environment["BENCH_COOKIE"])]
        rows = [(name, *middle([look(url, cookie) for _ in range(rounds)])) for name, url, cookie in pages]
    show(f"Lighthouse, medians of {rounds}", NAMES, rows)


def what_is_missing() -> str:
    if not shutil.which("node"):
        return "Node is not installed"
    if not PROGRAM.exists():
        return "it is not installed (npm ci)"
    return "" if chromium() else "no Chromium was found"


def chromium() -> str | None:
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def look(url: str, cookie: str) -> list[float | None]:
    with tempfile.TemporaryDirectory(prefix="minichat-lighthouse-") as name:
        headers = Path(name) / "headers.json"
        headers.write_text(json.dumps({"Cookie": cookie} if cookie else {}))
        options = ["--output=json", "--output-path=stdout", "--quiet", f"--chrome-flags={FLAGS}"]
        done = subprocess.run(
            [PROGRAM, url, *options, f"--extra-headers={headers}", f"--only-categories={','.join(CATEGORIES)}"],
            env={**sites.plain_environment(), "CHROME_PATH": chromium() or ""},
            capture_output=True,
            timeout=SECONDS,
        )
    if done.returncode:
        raise RuntimeError(done.stderr.decode()[-1500:])
    return numbers(json.loads(done.stdout))


def numbers(report: dict[str, Any]) -> list[float | None]:
    scores = [report["categories"][one]["score"] for one in CATEGORIES]
    audits = {name: report["audits"][name].get("numericValue") for name in AUDITS}
    requests = report["audits"]["network-requests"]["details"]["items"]
    return [
        *[None if score is None else round(score * 100) for score in scores],
        audits["largest-contentful-paint"] / 1000,
        audits["total-blocking-time"],
        audits["cumulative-layout-shift"],
        sum(one.get("transferSize", 0) for one in requests) / 1000,
        len([one for one in requests if one["url"].startswith("http")]),
    ]


AUDITS = ("largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift")


def middle(looks: list[list[float | None]]) -> list[float | None]:
    return [median(column) for column in zip(*looks, strict=True)]
