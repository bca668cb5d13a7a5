"""`python -m minichat.serve`: web, sockets and, without Redis, jobs and clock in one process."""

from __future__ import annotations

import argparse
import errno
import logging
import os
import socket
import sys
from typing import IO

from django.core.exceptions import ImproperlyConfigured

LOOPBACK = ("127.0.0.1", "::1")
EVERYWHERE = ("0.0.0.0",)  # noqa: S104  a proxy or a container's port mapping stands in front

logger = logging.getLogger(__name__)


def main(arguments: list[str] | None = None) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minichat.settings")
    try:
        settings = _settings()
        options = parse(arguments, settings.PORT)
        hosts = choose_hosts(options.host, local=settings.LOCAL)
        require_free(hosts, options.port)
        lock = _claim(settings)
    except (ImproperlyConfigured, Refused) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return run(hosts, options.port, lock)


class Refused(Exception):
    """Why we do not start, in a sentence that says what to do."""


def _settings():  # noqa: ANN202
    """The settings, checked: a problem is told in one list, not in a traceback."""
    import django
    from django.conf import settings
    from django.core import checks

    django.setup()
    errors = [message for message in checks.run_checks() if message.level >= checks.ERROR]
    if errors:
        lines = (f"  - {error.id}: {error.msg} {error.hint or ''}".rstrip() for error in errors)
        raise ImproperlyConfigured("\n".join(lines))
    logger.info("configuration validated")
    return settings


def parse(arguments: list[str] | None, port: int) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m minichat.serve", description=__doc__)
    parser.add_argument("--host", default=os.environ.get("HOST", ""), help="address to listen at")
    parser.add_argument("--port", type=int, default=port, help="default: PORT, else 8000")
    return parser.parse_args(arguments)


def choose_hosts(host: str, *, local: bool) -> list[str]:
    """The addresses to listen at. `localhost` may mean either loopback address, so both are ours where both exist."""
    if local and host not in ("", "localhost", *LOOPBACK):
        raise Refused(
            f"Local mode listens on this machine only, not on {host}. Leave out --host, or use MINICHAT_MODE=selfhost."
        )
    if local or host == "localhost":
        return [address for address in LOOPBACK if _exists(address)]
    return [host] if host else list(EVERYWHERE)


def _exists(address: str) -> bool:
    try:
        with _listener(address) as listener:
            listener.bind((address, 0))
        return True
    except OSError:
        return False


def require_free(hosts: list[str], port: int) -> None:
    for host in hosts:
        try:
            with _listener(host) as listener:
                listener.bind((host, port))
        except OSError as error:
            raise Refused(_why_not(host, port, error)) from error


def _listener(host: str) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    return listener


def _why_not(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is in use. Stop what runs there, or choose another port: make run PORT={port + 1}"
    if error.errno == errno.EACCES:
        return f"Port {port} may not be opened by this user. Choose one above 1023, for example PORT=8000."
    return f"Cannot listen at {host} port {port}: {error.strerror}. Check --host and PORT."


def _claim(settings) -> IO[str] | None:  # noqa: ANN001
    from minichat.embedded import AlreadyRunning, claim_database

    database = settings.DATABASES["default"]
    if settings.REDIS_URL or "sqlite" not in database["ENGINE"]:
        return None
    try:
        return claim_database(database["NAME"])
    except AlreadyRunning as error:
        raise Refused(
            f"MiniChat already runs on {error}. Stop the other process, or set REDIS_URL to run several."
        ) from error
    except OSError as error:
        raise Refused(
            f"Cannot write beside {database['NAME']}: {error.strerror}. Check the folder's rights."
        ) from error


def run(hosts: list[str], port: int, lock: IO[str] | None) -> int:
    from daphne.endpoints import build_endpoint_description_strings
    from django.conf import settings

    from minichat.server import ChatServer  # installs the reactor, so before the application

    # isort: split
    from minichat.asgi import application
    from minichat.banner import greeting
    from minichat.embedded import Jobs

    endpoints = [text for host in hosts for text in build_endpoint_description_strings(host=host, port=port)]
    jobs = None if settings.REDIS_URL else Jobs()

    def ready() -> None:
        if jobs:
            jobs.start()
        sys.stdout.write(greeting(port))
        sys.stdout.flush()

    server = ChatServer(application, endpoints, ready=ready, stopped=jobs.stop if jobs else lambda: None)
    server.run()
    if lock is not None:
        lock.close()
    if server.failure:
        sys.stderr.write(f"Cannot listen: {server.failure}\n")
    return 1 if server.failure else 0


if __name__ == "__main__":
    sys.exit(main())
