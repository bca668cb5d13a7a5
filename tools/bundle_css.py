"""Join the stylesheets of each surface into one file: static/css/<surface>.css → static/dist/<surface>.css.

Plain Python, so a change of style needs no Node. A surface's file is a list of `@import`s, nothing else; the order of
the lines does not matter beyond `layers.css` coming first, because every rule lives in a cascade layer.
"""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES, DIST = ROOT / "static/css", ROOT / "static/dist"
SURFACES = ("dashboard", "public")


def bundle(surface: str) -> str:
    names = re.findall(r'@import "([^"]+)";', (SOURCES / f"{surface}.css").read_text())
    return "".join(_squeeze((SOURCES / name).read_text()) for name in names)


def _squeeze(css: str) -> str:
    """Comments, indentation and empty lines go; nothing cleverer, so a rule can still be found in the browser."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    lines = (line.strip() for line in css.splitlines())
    return "".join(f"{line}\n" for line in lines if line)


def main() -> None:
    DIST.mkdir(exist_ok=True)
    for surface in SURFACES:
        (DIST / f"{surface}.css").write_text(bundle(surface))
        print(f"static/dist/{surface}.css")


if __name__ == "__main__":
    main()
