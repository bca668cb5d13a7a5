"""Rebuild the widget and the dashboard's scripts in static/dist (`make assets`); the only step that needs Node.

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
FOLDERS = ("widget", "js/inbox", "js/live", "js/base", "js/dashboard")
DIST = ROOT / "static" / "dist"
MANIFEST = DIST / "manifest.json"
ESBUILD = ROOT / "node_modules" / ".bin" / "esbuild"
TERSER = ROOT / "node_modules" / ".bin" / "terser"

# Entry -> output. The loader's public name is widget.js; it is served at /widget.js.
BUNDLES = {
    "js/base.js": "base.js",
    "js/dashboard.js": "dashboard.js",
    "widget/loader.js": "widget.js",
    "widget/frame.js": "frame.js",
    "widget/widget.css": "widget.css",
    "widget/files.js": "files.js",
    "widget/emoji.js": "emoji.js",
    "widget/preview.js": "preview.js",
    "widget/nudge.js": "nudge.js",
    "widget/person.js": "person.js",
    "widget/menu.js": "menu.js",
    "widget/more.js": "more.js",
    "widget/more.css": "more.css",
    "js/inbox/main.js": "inbox.js",
    "js/inbox/later/bar.js": "bar.js",
    "js/live/main.js": "live.js",
}
# What a page loads by `import()`, when somebody needs it.
MODULES = {"files.js", "emoji.js", "more.js", "preview.js", "nudge.js", "person.js", "menu.js", "bar.js"}
# Names that the frame's own parts call each other by. They are in no page, no frame of the wire and no other bundle,
# so that one letter does as well. Whoever calls one of them from another bundle takes it out here.
SHORTENED = (
    "giveBack|isLoaded|isBehind|setOlder|hasOlder|isUp|isOn|moveTo|toEnd|onChange|onDoubt|ensureVisitor|repeatMarks"
    "|inFlight|stateOf|isAtEnd|hurry|keeping|prepend|newVisitor|setLimit|isFull|onSend|onTyping|onDraft|onRetry|onJump"
    "|onShow|onOlder|onEnd|onFrame|onDown|onStop|canRead|isSeen|retryAfter|isEmpty|answered|holds|adopt|offer"
    "|pump|wake|saw|heard|theirs|cursor|expect|resync|incoming|arrived|stopped|settle|stored|outbox|delivery"
    "|sync|forget|route|become|meet|takeFiles|hasFiles|hasMore|redraw|presence|doubt|learn|isHere|restore|rename|isOnline"
    "|hello|disable|print|repeat|mark"
)
# Safari 15.4 is the oldest browser the widget promises to work in.
OPTIONS = ["--bundle", "--minify", "--charset=utf8", "--legal-comments=none", "--target=es2020,safari15"]
# What esbuild has joined, written shorter: 4 % of the widget's first load. Nothing that changes what the code does.
SHORTER = ["--compress", "passes=3,ecma=2020", "--mangle", "--ecma", "2020"]


def main() -> int:
    if not (ESBUILD.exists() and TERSER.exists()):
        print("esbuild or terser is missing. Run: npm ci", file=sys.stderr)
        return 1
    DIST.mkdir(exist_ok=True)
    for entry, output in BUNDLES.items():
        build(STATIC / entry, DIST / output)
    MANIFEST.write_text(json.dumps(manifest(), indent=2) + "\n")
    return 0


def build(entry: Path, output: Path) -> None:
    form = [] if entry.suffix == ".css" else [f"--format={'esm' if entry.name in MODULES else 'iife'}"]
    names = [f"--mangle-props=^({SHORTENED})$"] if output.name == "frame.js" else []
    subprocess.run([ESBUILD, entry, *OPTIONS, *form, *names, f"--outfile={output}", "--log-level=warning"], check=True)
    if entry.suffix == ".js":
        module = ["--module"] if entry.name in MODULES else []
        subprocess.run([TERSER, output, *SHORTER, *module, "--output", output], check=True)
    print(f"{output.relative_to(ROOT)}  {output.stat().st_size} bytes")


def manifest() -> dict[str, dict[str, str]]:
    return {"sources": hashes(sources()), "outputs": hashes([DIST / name for name in BUNDLES.values()])}


def sources() -> list[Path]:
    """Everything that decides what the bundles look like, the pinned build tool included."""
    code = [path for folder in FOLDERS for path in (STATIC / folder).rglob("*") if path.suffix in {".js", ".css"}]
    listings = [STATIC / entry for entry in BUNDLES]
    return sorted({*code, *listings, ROOT / "package-lock.json"})


def hashes(paths: list[Path]) -> dict[str, str]:
    return {path.relative_to(ROOT).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


if __name__ == "__main__":
    sys.exit(main())
