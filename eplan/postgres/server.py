"""Starting, attaching to, stopping and recovering the embedded PostgreSQL of a home folder."""

import contextlib
import errno
import fcntl
import hashlib
import os
import secrets
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from eplan.postgres.binaries import (
    OUTSIDE,
    as_account,
    find_binaries,
    locale_options,
    reachable,
    run_as,
    server_account,
    version_of,
)
from eplan.postgres.files import (
    PostgresError,
    explained,
    failure,
    first_line,
    give,
    locked,
    private_folder,
    shared_folder,
    write_secret,
)

SUPERUSER = "eplan"
APPLICATION = "eplan_application"
PORT = 5432
SPACE_NEEDED = 200 * 1024 * 1024
START_TIMEOUT = 300  # seconds; replaying the log of a killed national database takes a while
STOP_TIMEOUT = 60

SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "log_checkpoints": "off",
}
# For tests: nothing is worth waiting for the disk.
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class Postmaster:
    """What `postmaster.pid` says of a server: its process, the folder of its socket, whether it takes connections."""

    pid: int
    socket_folder: str
    ready: bool


class EmbeddedPostgres:
    """The PostgreSQL server of one home folder.

    `start()` starts it, or attaches to it where it already runs; `stop()` stops it unless somebody else still uses it.
    `durable=False` trades safety on disk for speed, for tests.
    """

    def __init__(self, home, *, durable=True):
        self.home = Path(home).absolute()
        self.durable = durable
        self.process = None
        self.use = None

    def __enter__(self):
        return self.start()

    def __exit__(self, *exception):
        self.stop()

    @property
    def data(self):
        """The real path of the data folder; the home holds a link to it where the server cannot reach the home."""
        return (self.home / "data").resolve()

    def start(self):
        """Start or attach; returns self. Raises PostgresError with a sentence for the user."""
        with explained(self.home):
            self.home.mkdir(parents=True, exist_ok=True)
            with locked(self.home / "server.lock"):
                try:
                    self._bring_up()
                except BaseException:
                    if self.process is not None:
                        self._shut_down()
                    raise
                self.use = open(self.home / "users.lock", "a")  # noqa: SIM115 held until stop()
                fcntl.flock(self.use, fcntl.LOCK_SH)
        return self

    def stop(self):
        """Leave the server; the last to leave shuts it down, with every connection ended and all data on disk."""
        if self.use is None:
            return
        with locked(self.home / "server.lock"), self.use:
            with contextlib.suppress(BlockingIOError):  # then somebody else still uses it
                fcntl.flock(self.use, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self._shut_down()
            self.use = None

    def url(self, database):
        """The URL of `database` on this server, password included, as DATABASE_URL takes it."""
        return self._url(SUPERUSER, "database_password", database)

    def application_url(self, database):
        """The same for the role that the application signs in as, which owns nothing; made where it is absent."""
        if not (self.home / "application_password").exists():
            write_secret(self.home / "application_password", secrets.token_urlsafe(24))
        url = self._url(APPLICATION, "application_password", database)
        create_role(url, by=self.url(database))
        return url

    def _url(self, role, password_file, database):
        password = (self.home / password_file).read_text().strip()
        folder = quote(read_postmaster(self.data).socket_folder, safe="")
        return f"postgres://{role}:{password}@{folder}:{PORT}/{quote(database, safe='')}"

    def alive(self):
        """Whether the server's process lives; one killed but not yet buried (a zombie) does not."""
        found = read_postmaster(self.data)
        return found is not None and serves(found.pid, self.data)

    def erase(self):
        """Delete the database for good. Raises PostgresError while somebody uses it."""
        with explained(self.home):
            if not self.home.is_dir():
                return
            with locked(self.home / "server.lock"), open(self.home / "users.lock", "a") as use:
                try:
                    fcntl.flock(use, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    raise PostgresError(
                        f"The database in {self.home} is in use; stop the other program first."
                    ) from None
                self._shut_down()
                place = self.home / "data"
                if place.exists():
                    shutil.rmtree(place.resolve())
                if place.is_symlink():
                    place.unlink()

    # -- inside the lock ----------------------------------------------------------------------------------------

    def _bring_up(self):
        """Leave a server that takes connections: the running one, or a new one."""
        if self.alive():
            self._await_ready()
            return
        account = server_account(self.data)
        binaries = find_binaries(account)
        if not (self.data / "PG_VERSION").exists():
            self._initialise(binaries, account)
        self._check_version(binaries)
        self._launch(binaries, account)

    def _initialise(self, binaries, account):
        """Make the data folder: under another name first, so that a killed attempt leaves nothing half-made."""
        if shutil.disk_usage(self.home).free < SPACE_NEEDED:
            raise OSError(errno.ENOSPC, "")
        place = self.home / "data"
        if account and not reachable(self.home, account):
            shared_folder(OUTSIDE)
            target = OUTSIDE / hashlib.sha256(str(self.home).encode()).hexdigest()[:16]
            shutil.rmtree(target, ignore_errors=True)  # no link leads to it any more: its home was deleted
        else:
            target = place
        part = target.with_name(target.name + ".part")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(mode=0o700)
        give(part, account)
        password = secrets.token_urlsafe(24)
        write_secret(self.home / "database_password", password)
        with private_folder(account) as folder:
            # initdb reads it under the server's account, which may not see into the home.
            write_secret(folder / "password", password)
            give(folder / "password", account)
            command = [binaries / "initdb", "-D", part, "-U", SUPERUSER, "-E", "UTF8", "-A", "scram-sha-256"]
            command += ["--pwfile", folder / "password", *locale_options(version_of(binaries, account))]
            made = run_as(account, command if self.durable else [*command, "--no-sync"])
        if made.returncode:
            raise failure("The database could not be made", made.stderr, self.home)
        part.rename(target)
        if target != place:
            if place.is_symlink():
                place.unlink()
            place.symlink_to(target)

    def _check_version(self, binaries):
        made_by = int((self.data / "PG_VERSION").read_text())
        version = version_of(binaries, server_account(self.data))
        if made_by != version:
            raise PostgresError(
                f"The data in {self.home} was made by PostgreSQL {made_by}, but the one found here is {version}: "
                "use another home folder, or erase the data with `demo --reset`."
            )

    def _launch(self, binaries, account):
        """Start the server on the data folder and wait until it takes connections."""
        settings = SETTINGS | ({} if self.durable else CARELESS)
        deadline = time.monotonic() + 15
        while True:
            self._clear_remains()
            with private_folder(account, keep=True) as folder:
                options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
                options += ["-c", f"unix_socket_directories={folder}"]
            log = self.home / "postgres.log"
            offset = log.stat().st_size if log.exists() else 0
            with open(log, "ab") as output:
                self.process = subprocess.Popen(
                    [binaries / "postgres", "-D", self.data, *options],
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    start_new_session=True,  # Ctrl-C is for the program that uses it, which then stops it in order
                    **as_account(account),
                )
            try:
                self._await_ready()
                return
            except PostgresError as problem:
                with open(log, errors="replace") as output:
                    output.seek(offset)
                    words = output.read()
                # A killed server's own children need a moment to notice; until then the new one rightly refuses.
                if "still in use" not in words or time.monotonic() > deadline:
                    raise failure("PostgreSQL did not start", words or str(problem), self.home) from None
                time.sleep(0.2)
            finally:
                if not self.alive():
                    shutil.rmtree(folder, ignore_errors=True)

    def _await_ready(self):
        """Wait until the server takes connections. Raises PostgresError when it ends instead, or takes too long."""
        deadline = time.monotonic() + START_TIMEOUT
        while time.monotonic() < deadline:
            if self.process is not None and self.process.poll() is not None:
                break
            found = read_postmaster(self.data)
            if found and found.ready and (self.process is None or found.pid == self.process.pid):
                return
            if self.process is None and not self.alive():
                break
            time.sleep(0.02)
        raise PostgresError(f"PostgreSQL did not get ready; its log is {self.home / 'postgres.log'}.")

    def _clear_remains(self):
        """After kill -9: drop the old socket's folder, and make the old `postmaster.pid` acceptable to the new server.

        The file is not deleted, because it also names the shared memory by which PostgreSQL sees that children of the
        dead server still write. Only the process number could be wrong (a zombie, or long another program's), and a
        number equal to its parent's, ours, is what PostgreSQL itself takes for stale.
        """
        found = read_postmaster(self.data)
        if found is None:
            return
        if Path(found.socket_folder).name.startswith("eplan-"):
            shutil.rmtree(found.socket_folder, ignore_errors=True)
        file = self.data / "postmaster.pid"
        lines = file.read_text().splitlines(keepends=True)
        file.write_text("".join([f"{os.getpid()}\n", *lines[1:]]))

    def _shut_down(self):
        """Stop the server, whoever started it: in order, or by force when it does not listen."""
        found = read_postmaster(self.data)
        for signal_number, patience in ((signal.SIGINT, STOP_TIMEOUT), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
            if not self.alive():
                break
            with contextlib.suppress(ProcessLookupError):
                os.kill(found.pid, signal_number)
            deadline = time.monotonic() + patience
            while self.alive() and time.monotonic() < deadline:
                time.sleep(0.02)
        if self.process is not None:
            self.process.wait(STOP_TIMEOUT)  # its last breath comes a little after the file that names it is gone
        if found:
            shutil.rmtree(found.socket_folder, ignore_errors=True)


def read_postmaster(data):
    """What the `postmaster.pid` of the folder `data` says, or None where there is none (or a torn one)."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        return Postmaster(int(lines[0]), lines[4].strip(), len(lines) > 7 and lines[7].strip() == "ready")
    except (OSError, IndexError, ValueError):
        return None


def serves(pid, data):
    """Whether process `pid` is a living server of `data`: a zombie has no command line, another program another."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_text(errors="replace").replace("\0", " ")
    except OSError:
        if Path("/proc/self").exists():
            return False
        ps = ["/bin/ps", "-ww", "-o", "command=", "-p", str(pid)]  # macOS
        command = subprocess.run(ps, capture_output=True, text=True, check=False).stdout
    return f"postgres -D {data} " in command


def create_database(url):
    """Create the database that `url` names where it is absent. Raises PostgresError when the server refuses."""
    import psycopg2
    from psycopg2 import sql

    parts = urlsplit(url)
    name = unquote(parts.path.lstrip("/"))
    try:
        psycopg2.connect(url).close()
        return
    except psycopg2.OperationalError as problem:
        if "does not exist" not in str(problem):
            raise PostgresError(f"The database of DATABASE_URL does not answer: {first_line(problem)}") from None
    try:
        connection = psycopg2.connect(urlunsplit(parts._replace(path="/postgres")))
        connection.autocommit = True
        with contextlib.closing(connection), connection.cursor() as cursor:
            cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    except psycopg2.Error as problem:
        raise PostgresError(
            f"The database {name} does not exist and cannot be created: {first_line(problem)}"
        ) from None


def create_role(url, *, by):
    """Create the role that `url` names, or give it its password, where it can't sign in; `by` is a superuser's URL."""
    import psycopg2
    from psycopg2 import errors, sql

    try:
        psycopg2.connect(url).close()
        return
    except psycopg2.OperationalError:
        connection = psycopg2.connect(by)
    connection.autocommit = True
    parts = urlsplit(url)
    role = sql.Identifier(parts.username)
    with contextlib.closing(connection), connection.cursor() as cursor:
        with contextlib.suppress(errors.DuplicateObject):
            cursor.execute(sql.SQL("CREATE ROLE {}").format(role))
        cursor.execute(sql.SQL("ALTER ROLE {} LOGIN PASSWORD %s").format(role), [unquote(parts.password)])
