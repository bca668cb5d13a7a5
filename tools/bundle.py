"""Join the files that every page needs: static/css/<surface>.css and static/js/{base,dashboard}.js → static/dist/.

Plain Python, so a change of style needs no Node. The files named here are lists of imports and nothing else. The order
of stylesheets does not matter beyond `layers.css` coming first, because every rule lives in a cascade layer; the parts
of scripts import nothing and export nothing, so a block around each keeps its names to itself.
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
    "js/base.js",
    "js/dashboard.js",
    "js/vendor.js",
)


def bundle(listing: str) -> str:
    path = STATIC / listing
    names = re.findall(r'import "([^"]+)";', path.read_text())
    wrap = WRAPS.get(path.stem) or WRAPS[path.suffix]
    return "".join(wrap((path.parent / name).read_text()) for name in names)


def _squeeze(css: str) -> str:
    """Comments, indentation and empty lines go; nothing cleverer, so a rule can still be found in the browser."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    lines = (line.strip() for line in css.splitlines())
    return "".join(f"{line}\n" for line in lines if line)


# Others' scripts (vendor) stay as they came: what they define at the top is for everybody.
WRAPS = {"vendor": "{};\n".format, ".js": "{{\n{}}}\n".format, ".css": _squeeze}


def main() -> None:
    DIST.mkdir(exist_ok=True)
    for listing in BUNDLES:
        output = DIST / Path(listing).name
        output.write_text(bundle(listing))
        print(output.relative_to(ROOT))


if __name__ == "__main__":
    main()
