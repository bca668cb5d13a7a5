"""Build static/icons/sprite.svg: only the Lucide icons that the product draws.

    npm pack lucide-static@1.62.0 && tar xzf lucide-static-1.62.0.tgz
    python tools/icons.py package/icons [name …]

Names already in the sprite stay in it; the names given are added.
"""

import re
import sys
from pathlib import Path

SPRITE = Path(__file__).resolve().parent.parent / "static/icons/sprite.svg"
HEADER = '<svg xmlns="http://www.w3.org/2000/svg"><!-- Lucide icons, ISC licence, https://lucide.dev -->'


def symbol(folder: Path, name: str) -> str:
    svg = (folder / f"{name}.svg").read_text()
    shapes = re.findall(r"<(?:path|circle|rect|line|polyline|polygon|ellipse)\b[^>]*/>", svg)
    drawing = "".join(re.sub(r"\s+", " ", shape).replace(" />", "/>") for shape in shapes)
    return f'<symbol id="{name}" viewBox="0 0 24 24">{drawing}</symbol>'


def main(folder: Path, wanted: list[str]) -> None:
    present = re.findall(r'<symbol id="([^"]+)"', SPRITE.read_text()) if SPRITE.exists() else []
    names = sorted({*present, *wanted})
    SPRITE.write_text("\n".join([HEADER, *(symbol(folder, name) for name in names), "</svg>\n"]))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
