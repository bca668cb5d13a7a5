"""`python -m minichat.prepare`: what `make run` does between installing and serving. Each step is done once."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minichat.settings")
    import django
    from django.core.management import CommandError
    from django.db import Error

    try:
        django.setup()
        migrate()
        collect_static()
        seed()
    except (ImproperlyConfigured, CommandError) as error:
        return _fail(str(error))
    except Error as error:
        return _fail(f"The database cannot be used: {error}\nCheck DATABASE_URL, and that its folder can be written.")
    return 0


def _fail(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return 1


def migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)


def seed() -> None:
    """The demo, unless DEMO=0. The command itself leaves alone what is there."""
    from django.conf import settings
    from django.core.management import call_command

    if settings.DEMO:
        call_command("demo")


def collect_static() -> None:
    from django.conf import settings
    from django.core.management import call_command

    stamp = Path(settings.STATIC_ROOT) / ".sources"
    wanted = static_fingerprint()
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    sys.stdout.write("Collecting static files\n")
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(wanted)


def static_fingerprint() -> str:
    """Names, sizes and times of everything that would be collected, and Django's version for the admin's files."""
    import django
    from django.contrib.staticfiles import finders

    lines = [django.__version__]
    for finder in finders.get_finders():
        for name, storage in finder.list([]):
            stat = Path(storage.path(name)).stat()
            lines.append(f"{name} {stat.st_size} {stat.st_mtime_ns}")
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
