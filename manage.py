#!/usr/bin/env python
"""Every command of the project. Outside production, without DATABASE_URL, it brings its own PostgreSQL."""

import contextlib
import os
import sys

from eplan.home import default_home, demonstration_database, signs_of_production, test_database
from eplan.postgres import PostgresError

WITHOUT_DATABASE = {"", "help", "version", "check", "collectstatic", "makemigrations", "demo"}
# What makes tables, or switches their triggers off for a bulk load; all else has the rights of the application.
AS_OWNER = {"migrate", "prepare_demo", "load_demonstration", "flush"}


def main(words):
    """Run the command `words`; returns the exit code or the sentence to leave with."""
    command = words[0] if words else ""
    if command == "demo":
        signs = signs_of_production(os.environ)
        if signs:
            return f"{signs}: the demonstration, with its open accounts, does not run with production settings."
        os.environ.setdefault("EPLAN_MODE", "demonstration")
    if command == "test":
        os.environ["EPLAN_MODE"] = "test"
    if command in AS_OWNER:
        os.environ["EPLAN_AS_OWNER"] = "1"
    try:
        with database_for(command):
            return run_tests(words[1:]) if command == "test" else run_command()
    except PostgresError as problem:
        return str(problem)


def database_for(command):
    """The context in which `command` finds a database: the one of DATABASE_URL, else an embedded one where allowed."""
    if os.environ.get("DATABASE_URL"):
        return contextlib.nullcontext()
    if command == "test":
        return test_database()
    if os.environ.get("EPLAN_MODE") == "demonstration" and not (command in WITHOUT_DATABASE or command.startswith("-")):
        return demonstration_database(default_home())
    return contextlib.nullcontext()


def run_command():
    """Let Django run the command line."""
    from django.core.management import execute_from_command_line

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eplan.settings")
    execute_from_command_line(sys.argv)


def run_tests(words):
    """Run pytest with `words`, or everything on every core; returns its exit code."""
    import pytest

    return int(pytest.main(words or ["-n", "auto", "--dist", "loadgroup"]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
