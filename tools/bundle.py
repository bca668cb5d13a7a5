"""Join the files that every page needs: static/css/<surface>.css and static/js/vendor.js → static/dist/.

Plain Python, so a change of style needs no Node. The files named here are lists of imports and nothing else. The order
of stylesheets does not matter beyond `layers.css` coming first, because every rule lives in a cascade layer.
"""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATIC, DIST = ROOT / "static", ROOT / "static/dist"
BUNDLES = (
    "css/dashboard.css",
    "css/public.css",
    "css/inbox.css",
    "css/gallery.css",
    "css/costs.css",
    "css/designer.css",
    "css/visitors.css",
    "js/vendor.js",
)


def bundle(listing: str) -> str:
    path = STATIC / listing
    names = re.findall(r'import "([^"]+)";', path.read_text())
    wrap = WRAPS[path.suffix]
    return "".join(wrap((path.parent / name).read_text()) for name in names)


def _squeeze(css: str) -> str:
    """Comments, indentation, empty lines and spaces that say nothing go; a line stays a line, so a rule can still be
    found in the browser."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    lines = (_tight(line.strip()) for line in css.splitlines())
    return "".join(f"{line}\n" for line in lines if line)


def _tight(line: str) -> str:
    """Outside of what is quoted."""
    parts = re.split(r"""("[^"]*"|'[^']*')""", line)
    parts[::2] = [re.sub(r" *([{};,]) *|: +", lambda found: found[1] or ":", part) for part in parts[::2]]
    return "".join(parts)


# Others' scripts stay as they came: what they define at the top is for everybody.
WRAPS = {".js": "{};\n".format, ".css": _squeeze}


def main() -> None:
    DIST.mkdir(exist_ok=True)
    for listing in BUNDLES:
        output = DIST / Path(listing).name
        output.write_text(bundle(listing))
        print(output.relative_to(ROOT))


if __name__ == "__main__":
    main()
