"""Rebuild the widget and the inbox in static/dist (`make assets`); the only step that needs Node.

The result is checked in, so that running and testing need Python alone. `manifest.json` notes the
sha256 of every source and output: a test compares them and so catches a forgotten rebuild.
"""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "static"
FOLDERS = ("widget", "js/inbox", "js/live")
DIST = ROOT / "static" / "dist"
MANIFEST = DIST / "manifest.json"
ESBUILD = ROOT / "node_modules" / ".bin" / "esbuild"

# Entry -> output. The loader's public name is widget.js; it is served at /widget.js.
BUNDLES = {
    "widget/loader.js": "widget.js",
    "widget/frame.js": "frame.js",
    "widget/widget.css": "widget.css",
    "js/inbox/main.js": "inbox.js",
    "js/live/main.js": "live.js",
}
# Safari 15.4 is the oldest browser the widget promises to work in.
OPTIONS = ["--bundle", "--minify", "--charset=utf8", "--legal-comments=none", "--target=es2020,safari15"]


def main() -> int:
    if not ESBUILD.exists():
        print("esbuild is missing. Run: npm ci", file=sys.stderr)
        return 1
    DIST.mkdir(exist_ok=True)
    for entry, output in BUNDLES.items():
        build(STATIC / entry, DIST / output)
    MANIFEST.write_text(json.dumps(manifest(), indent=2) + "\n")
    return 0


def build(entry: Path, output: Path) -> None:
    form = [] if entry.suffix == ".css" else ["--format=iife"]
    subprocess.run([ESBUILD, entry, *OPTIONS, *form, f"--outfile={output}", "--log-level=warning"], check=True)
    print(f"{output.relative_to(ROOT)}  {output.stat().st_size} bytes")


def manifest() -> dict[str, dict[str, str]]:
    return {"sources": hashes(sources()), "outputs": hashes([DIST / name for name in BUNDLES.values()])}


def sources() -> list[Path]:
    """Everything that decides what the bundles look like, the pinned build tool included."""
    code = [path for folder in FOLDERS for path in (STATIC / folder).rglob("*") if path.suffix in {".js", ".css"}]
    return sorted([*code, ROOT / "package-lock.json"])


def hashes(paths: list[Path]) -> dict[str, str]:
    return {path.relative_to(ROOT).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


if __name__ == "__main__":
    sys.exit(main())
