"""Starts the whole demonstration: database, data, production server; and stops all of it."""

import contextlib
import json
import os
import time
import unicodedata
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from eplan.home import alone_in, default_home
from eplan.launcher import (
    HOST,
    LaunchError,
    await_answer,
    check_port,
    database,
    prepare,
    stopping_on_signals,
    watch,
    web_server,
)
from eplan.management.commands.prepare_demo import static_is_current
from eplan.postgres import PostgresError, explained

HEADINGS = {"role": "บทบาท", "username": "ชื่อผู้ใช้งาน", "password": "รหัสผ่าน", "area": "พื้นที่", "note": "หมายเหตุ"}


class Command(BaseCommand):
    """`manage.py demo [--port N] [--home FOLDER] [--nation] [--reset]`."""

    help = "Start the demonstration, with a PostgreSQL of its own unless DATABASE_URL is set. Ctrl-C stops all of it."
    requires_system_checks = []

    def add_arguments(self, parser):
        """Take the place, the port and the size."""
        parser.add_argument("--port", type=int, default=8000, help="where it answers on 127.0.0.1 (%(default)s)")
        parser.add_argument("--home", type=Path, default=default_home(), help="the folder of its data (%(default)s)")
        parser.add_argument("--nation", action="store_true", help="load the whole nation: 7,850 LAOs; takes minutes")
        parser.add_argument("--reset", action="store_true", help="erase its database and begin anew")

    def handle(self, *, port, home, nation, reset, **options):
        """Bring everything up in order, wait, and take everything down in the opposite order."""
        if settings.PRODUCTION:
            raise CommandError("The demonstration, with its open accounts, does not run with production settings.")
        started = float(os.environ.pop("EPLAN_STARTED", time.time()))
        try:
            self.run(home.absolute(), port, nation=nation, reset=reset, started=started)
        except (LaunchError, PostgresError) as problem:
            raise CommandError(str(problem)) from None
        except KeyboardInterrupt:
            self.stdout.write("\nStopped. The data stays for the next start.")

    def run(self, home, port, *, nation, reset, started):
        """Everything between the first lock and the last; leaves only by an exception."""
        with contextlib.ExitStack() as stack:
            stack.enter_context(explained(home))
            stack.enter_context(stopping_on_signals())
            home.mkdir(parents=True, exist_ok=True)
            stack.enter_context(alone_in(home))
            check_port(port)
            server, environment = stack.enter_context(database(home, reset=reset))
            # The second time the server may load while the rest is looked through: /readyz waits for the migrations.
            early = static_is_current(home) and stack.enter_context(web_server(port, environment))
            prepare(home, environment, nation=nation)
            child = early or stack.enter_context(web_server(port, environment))
            await_answer(port, child)
            accounts = json.loads((home / "accounts.json").read_text())
            seconds = time.time() - started
            self.stdout.write(f"{table_of(accounts)}\n\nData and accounts.json: {home}")
            self.stdout.write(f"http://{HOST}:{port}/ ready in {seconds:.1f} s. Ctrl-C stops it.")
            watch(child, server)


def table_of(accounts):
    """The accounts as lines of aligned columns, for a terminal."""
    rows = [HEADINGS, *({**account, "password": account["password"] or "(ไม่ต้องกรอก)"} for account in accounts)]
    widths = {name: max(columns(row[name]) for row in rows) for name in HEADINGS}
    return "\n".join(
        "  ".join(row[name] + " " * (widths[name] - columns(row[name])) for name in HEADINGS).rstrip() for row in rows
    )


def columns(text):
    """How many columns `text` takes on a terminal: Thai vowels above and below the line and tone marks take none."""
    return sum(unicodedata.category(letter) != "Mn" for letter in text)
