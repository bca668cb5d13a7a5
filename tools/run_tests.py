"""`make test`: three legs, and at the end a line for each.

    embedded   SQLite and memory, as `make run` serves; with coverage
    servers    Postgres and Redis, thrown up for this run on free ports in a temporary folder, or the ones named by
               TEST_DATABASE_URL and TEST_REDIS_URL; leaves out tests marked `pure`
    browser    tests marked `browser`, where Playwright and a Chromium are found

A leg whose programs are missing is left out and said so; --require-all-legs makes that a failure. The last line counts
the tests of all legs.
"""

import argparse
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from test_servers import Missing, chromium, postgres, redis

ROOT = Path(__file__).resolve().parent.parent
COVERAGE_FLOOR = 85
WORKERS = "2"
NOTHING_COLLECTED = 5
CONFIGURES_US = {
    "DATABASE_URL",
    "REDIS_URL",
    "BASE_URL",
    "ALLOWED_HOSTS",
    "MINICHAT_MODE",
    "SECRET_KEY",
    "PORT",
    "HOST",
}
COMMON = ["-q", "-p", "no:cacheprovider"]


@dataclass
class Result:
    leg: str
    outcome: str
    seconds: float = 0.0
    failed: bool = False
    missing: bool = False
    counts: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        return f"{self.leg:<9} {self.outcome}" + (f"  {self.seconds:.0f} s" if self.seconds else "")


def main() -> int:
    options = parse()
    # A TERM must end the servers we started, as Ctrl-C does.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="minichat-test-")))
        # Postgres runs as another user where we are root.
        folder.chmod(0o755)
        collect()
        results = [leg(options, folder) for leg in chosen(options)]
    report(results)
    return int(any(result.failed or (options.require_all_legs and result.missing) for result in results))


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fast", action="store_true", help="the embedded leg only, without coverage")
    parser.add_argument("--legs", default="embedded,servers,browser", help="comma list")
    parser.add_argument("--require-all-legs", action="store_true")
    parser.add_argument("paths", nargs="*", help="handed to pytest")
    return parser.parse_args()


def chosen(options: argparse.Namespace) -> list:
    if options.fast:
        return [embedded]
    legs = {"embedded": embedded, "servers": servers, "browser": browser}
    return [legs[name] for name in options.legs.split(",")]


COLLECT = "import django; django.setup(); from minichat.prepare import collect_static; collect_static()"


def collect() -> None:
    """Tests that start the server itself get what it serves: collected files, as `make run` and a deployment have."""
    own = {"DJANGO_SETTINGS_MODULE": "minichat.settings", "MINICHAT_MODE": "local"}
    own["SECRET_KEY"] = secrets.token_urlsafe(50)
    subprocess.run([sys.executable, "-c", COLLECT], cwd=ROOT, env={**clean_environment(), **own}, check=True)


# --- Legs -------------------------------------------------------------------------------------------------------------


def embedded(options: argparse.Namespace, folder: Path) -> Result:
    arguments = ["-n", WORKERS, "-m", "not browser"]
    if not (options.fast or options.paths):
        arguments += ["--cov", "--cov-report=term", f"--cov-fail-under={COVERAGE_FLOOR}"]
    return pytest("embedded", arguments, options, folder, {})


def servers(options: argparse.Namespace, folder: Path) -> Result:
    with ExitStack() as stack:
        try:
            urls = {
                "DATABASE_URL": os.environ.get("TEST_DATABASE_URL") or stack.enter_context(postgres(folder)),
                "REDIS_URL": os.environ.get("TEST_REDIS_URL") or stack.enter_context(redis(folder)),
            }
        except Missing as error:
            return Result("servers", f"left out: {error}", missing=True)
        arguments = ["-n", WORKERS, "-m", "not pure and not browser"]
        return pytest("servers", arguments, options, folder, urls)


def browser(options: argparse.Namespace, folder: Path) -> Result:
    try:
        program = chromium()
    except Missing as error:
        return Result("browser", f"left out: {error}", missing=True)
    # Much of their time is waiting, so two run side by side.
    arguments = ["-n", WORKERS, "--dist", "loadgroup", "-m", "browser"]
    return pytest("browser", arguments, options, folder, {"CHROMIUM": program})


# --- Running ----------------------------------------------------------------------------------------------------------


def pytest(leg: str, arguments: list[str], options: argparse.Namespace, folder: Path, extra: dict[str, str]) -> Result:
    print(f"\n=== {leg} ===", flush=True)
    began = time.monotonic()
    tally = folder / f"{leg}.xml"
    command = [sys.executable, "-m", "pytest", *COMMON, f"--junit-xml={tally}", *arguments, *options.paths]
    code = call(command, {**clean_environment(), "TMPDIR": str(folder), **extra})
    seconds = time.monotonic() - began
    if code == NOTHING_COLLECTED:
        return Result(leg, "has no tests", seconds, missing=True)
    return Result(leg, "passed" if code == 0 else "FAILED", seconds, failed=code != 0, counts=counted(tally))


def counted(tally: Path) -> Counter[str]:
    """How many tests passed, failed and were skipped, from what pytest wrote."""
    counts: Counter[str] = Counter()
    for suite in ElementTree.parse(tally).iter("testsuite") if tally.exists() else ():  # noqa: S314
        failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped = int(suite.get("skipped", 0))
        passed = int(suite.get("tests", 0)) - failed - skipped
        counts.update(passed=passed, failed=failed, skipped=skipped)
    return counts


def clean_environment() -> dict[str, str]:
    """Ours without what configures a real installation: tests never reach a server they were not given."""
    return {name: value for name, value in os.environ.items() if name not in CONFIGURES_US}


def call(command: list[str], environment: dict[str, str]) -> int:
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        return process.wait()
    except BaseException:
        # pytest hears Ctrl-C itself; give it the time to tidy up before its servers go.
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
        raise


def report(results: list[Result]) -> None:
    print("\n" + "\n".join(str(result) for result in results))
    counts = sum((result.counts for result in results), Counter())
    seconds = sum(result.seconds for result in results)
    print(
        f"{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped in {seconds:.0f} s",
        flush=True,
    )


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
