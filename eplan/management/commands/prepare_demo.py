"""Brings the demonstration's tables, static files and data up to date: what `manage.py demo` does before it serves."""

import hashlib
import json
import os
import shutil
from pathlib import Path

import psycopg2
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from eplan.demonstration.accounts import ready_accounts
from eplan.home import end_with_launcher
from eplan.postgres import write_secret
from lao.models import Lao

NATION = 1000  # organisations; the small set has fewer, the nation many more
DISK_FULL = 16 * 1024 * 1024  # bytes; PostgreSQL writes its log in pieces of this size


class Command(BaseCommand):
    """`manage.py prepare_demo HOME [--nation]`, for `manage.py demo`."""

    help = "Prepare the database of DATABASE_URL and the folder HOME for the demonstration."
    requires_system_checks = []

    def add_arguments(self, parser):
        """Take the home folder and the size."""
        parser.add_argument("home", type=Path)
        parser.add_argument("--nation", action="store_true")

    def handle(self, *, home, nation, **options):
        """Prepare all; a full disk gets a sentence."""
        if settings.PRODUCTION:
            raise CommandError("The demonstration does not run with production settings.")
        if os.environ.get("EPLAN_LAUNCHED"):
            end_with_launcher()
        try:
            self.prepare(home, nation=nation)
        except (OSError, DatabaseError, psycopg2.Error) as problem:  # COPY speaks to the driver itself
            places = [place for place in (home, (home / "data").resolve()) if place.exists()]
            if "No space left" not in str(problem) and min(map(free, places)) > DISK_FULL:
                raise
            raise CommandError(
                f"The disk that holds {home} is full: free some space, or choose another folder with --home."
            ) from None

    def prepare(self, home, *, nation):
        """Tables, static files, data and the list of accounts; what is already there stays."""
        call_command("migrate", interactive=False, verbosity=0)
        collect_static(home)
        if not Lao.objects.exists():
            self.stdout.write("Loading the demonstration data ...")
            call_command("load_demonstration", nation=nation)
        elif nation and Lao.objects.count() < NATION:
            raise CommandError(f"{home} holds the small demonstration: add --reset to replace it by the nation.")
        accounts = json.dumps(ready_accounts(), ensure_ascii=False, indent=2)
        write_secret(home / "accounts.json", accounts)


def free(place):
    """The bytes free on the disk that holds `place`."""
    return shutil.disk_usage(place).free


def static_is_current(home):
    """Whether the static files of `home` were collected from what lies here now."""
    stamp = home / "static.stamp"
    return stamp.exists() and stamp.read_text() == static_fingerprint()


def collect_static(home):
    """Collect the static files into STATIC_ROOT, unless they are those of the last time."""
    if static_is_current(home):
        return
    stamp = home / "static.stamp"
    stamp.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(static_fingerprint())


def static_fingerprint():
    """A text that changes with every file below `static/`, the finders and the packages that bring files."""
    digest = hashlib.sha256((settings.BASE_DIR / "requirements.txt").read_bytes())
    digest.update((settings.BASE_DIR / "eplan" / "finders.py").read_bytes())
    for folder in settings.STATICFILES_DIRS:
        for file in sorted(path for path in Path(folder).rglob("*") if path.is_file()):
            digest.update(f"{file} {file.stat().st_mtime_ns} {file.stat().st_size}".encode())
    return digest.hexdigest()
