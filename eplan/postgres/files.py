"""Locks, secrets and private folders of the embedded PostgreSQL, and the sentences for what goes wrong with them."""

import contextlib
import errno
import fcntl
import os
import shutil
import tempfile
from pathlib import Path


class PostgresError(RuntimeError):
    """The server cannot run; the text is the sentence to show, without a traceback."""


@contextlib.contextmanager
def locked(path):
    """Hold the lock file `path`, waiting for it."""
    with open(path, "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def write_secret(path, text):
    """Write `text` to `path`, readable by its owner alone from the first moment on."""
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text + "\n")


@contextlib.contextmanager
def explained(home):
    """Turn the errors of a folder that cannot be written into sentences."""
    try:
        yield
    except OSError as problem:
        raise PostgresError(explain(problem, home)) from problem


def explain(problem, home):
    """The sentence for the OSError `problem` with the folder `home`."""
    if problem.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk that holds {home} is full: free some space, or choose another folder with --home."
    if problem.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return f"{problem.filename or home} cannot be written: choose another folder with --home."
    return f"{problem.filename or home}: {problem.strerror}."


def failure(what, words, place):
    """The PostgresError for a program that failed with `words`; a full disk is named as such."""
    if "No space left on device" in words:
        return PostgresError(explain(OSError(errno.ENOSPC, ""), place))
    lines = [line for line in words.splitlines() if "FATAL" in line or "error" in line or "PANIC" in line]
    return PostgresError(f"{what}: {(lines or words.strip().splitlines() or ['it said nothing'])[-1].strip()}")


def first_line(problem):
    """The first line of what the exception `problem` says."""
    return (str(problem).strip().splitlines() or [type(problem).__name__])[0]


def give(path, account):
    """Make `account` the owner of `path`; nothing to do for our own."""
    if account:
        os.chown(path, account.pw_uid, account.pw_gid)


def shared_folder(path):
    """Make our own folder `path`, open for passing through whatever root's umask says."""
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o755)


@contextlib.contextmanager
def private_folder(account, *, keep=False):
    """A new folder with a short name that only `account` and root may enter; deleted at the end unless `keep`."""
    base = Path("/tmp")  # noqa: S108 TMPDIR may be long or closed; mkdtemp makes a private folder of its own
    folder = Path(tempfile.mkdtemp(prefix="eplan-", dir=base if os.access(base, os.W_OK | os.X_OK) else None))
    give(folder, account)
    try:
        yield folder
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)
