"""`make lock`: pin requirements*.txt anew from requirements*.in, with hashes, for every platform and Python ≥ 3.11."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# --universal: Debian's Python 3.11.2 needs packages that newer ones do not. --no-header: paths would get in.
# --no-strip-extras: an older pip looks for `twisted[tls]` apart from `twisted` and takes a newer one than is hashed.
OPTIONS = [
    "--universal",
    "--python-version",
    "3.11",
    "--generate-hashes",
    "--no-strip-extras",
    "--no-header",
    "--quiet",
]


def main() -> int:
    if shutil.which("uv") is None:
        print("uv is missing: pip install uv", file=sys.stderr)
        return 1
    for name, *more in (["requirements"], ["requirements-dev"], ["requirements-semantic", "--no-deps"]):
        command = ["uv", "pip", "compile", *OPTIONS, *more, f"{name}.in", "--output-file", f"{name}.txt"]
        if subprocess.run(command, cwd=ROOT).returncode:
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
