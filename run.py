#!/usr/bin/env python3
"""Sets the project up and runs it, with nothing but Python's standard library.

    python3 run.py                  the demonstration, at http://127.0.0.1:8000
    python3 run.py demo --help      its options
    python3 run.py test [...]       the tests; what follows goes to pytest
    python3 run.py <command> [...]  any other command of manage.py

The virtual environment lies in `.eplan/venv-<hash>`; the hash is that of the lock file and of the Python that made
it, so that a changed lock or another Python gets a fresh one. This file is kept readable for old Pythons (3.6), which
must reach the sentence that turns them away.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.abspath(__file__))
STATE = os.path.join(ROOT, ".eplan")
OLDEST = (3, 11)


class SetupError(Exception):
    """Something is missing on this machine; the text is the sentence to show."""


def main(words):
    """Prepare the environment that `words` need and become the command; returns only on failure, with the sentence."""
    if sys.version_info < OLDEST:
        return "e-PlanNACC needs Python 3.11 or newer; {} is Python {}.{}.".format(sys.executable, *sys.version_info)
    started = time.time()
    testing = words[:1] == ["test"]
    try:
        python = environment("requirements-dev.txt" if testing else "requirements.txt")
    except SetupError as problem:
        return str(problem)
    except KeyboardInterrupt:
        return "Stopped before the environment was ready; the next start begins it again."
    except OSError as problem:
        return f"The environment could not be made in {STATE}: {problem.strerror}."
    variables = dict(os.environ, PYTHONUTF8="1", PYTHONUNBUFFERED="1")
    variables.pop("PYTHONHOME", None)
    variables.setdefault("EPLAN_MODE", "test" if testing else "demonstration")
    variables["EPLAN_STARTED"] = str(started)
    command = [python, os.path.join(ROOT, "manage.py")]
    if not words or words[0].startswith("-"):  # such as --port
        command.append("demo")
    command.extend(words)
    os.chdir(ROOT)
    os.execve(python, command, variables)  # noqa: S606 the process becomes the command, so signals reach it directly


def environment(lock_file):
    """The path of the Python that has everything in `lock_file` installed, made first where it is missing."""
    folder = os.path.join(STATE, "venv-" + fingerprint(lock_file))
    python = os.path.join(folder, "bin", "python")
    finished = os.path.join(folder, "finished")
    if os.path.exists(finished):
        return python
    import fcntl  # not on Windows, which this project does not serve

    os.makedirs(STATE, exist_ok=True)
    with open(os.path.join(STATE, "venv.lock"), "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another start is preparing the environment; waiting for it ...")
            fcntl.flock(lock, fcntl.LOCK_EX)
        if not os.path.exists(finished):
            began = time.time()
            say(f"Preparing the environment ({lock_file}) ...")
            shutil.rmtree(folder, ignore_errors=True)  # what is there was interrupted half-way
            make(folder, python, os.path.join(ROOT, lock_file))
            with open(finished, "w") as mark:
                mark.write(lock_file + "\n")
            say(f"Environment ready in {time.time() - began:.0f} s.")
    return python


def fingerprint(lock_file):
    """Sixteen hexadecimal digits that change with the lock file, the Python, the machine and the project's place."""
    digest = hashlib.sha256()
    with open(os.path.join(ROOT, lock_file), "rb") as lock:
        digest.update(lock.read())
    base = os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)
    for part in (sys.version, base, " ".join(os.uname()[0::4]), ROOT):
        digest.update(part.encode())
    return digest.hexdigest()[:16]


def make(folder, python, lock_path):
    """Make the virtual environment in `folder` and install the hash-pinned lock into it, with uv where it is."""
    import venv

    uv = shutil.which("uv")
    if uv:
        venv.create(folder, symlinks=True)
        if run([uv, "pip", "install", "--quiet", "--python", python, "--require-hashes", "--no-deps", "-r", lock_path]):
            return
        say("uv could not install the packages; trying pip.")
    need_ensurepip()
    venv.create(folder, symlinks=True, clear=True, with_pip=True)
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "--no-compile"]
    if not run([*pip, "--require-hashes", "--no-deps", "-r", lock_path]):
        raise SetupError(
            "The packages could not be installed (pip's own words are above): "
            "check the network, the free space of the disk, and that this machine is Linux or macOS."
        )


def need_ensurepip():
    """See that virtual environments can be made with pip in them; as root on Debian, install what is missing."""
    if has_ensurepip():
        return
    package = "python{}.{}-venv".format(*sys.version_info)
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say(f"Installing {package} ...")
        install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", package]
        if run(install) or (run(["apt-get", "update", "-qq"]) and run(install)):
            return
    raise SetupError(f"Python's venv and ensurepip modules are missing: install them (Debian: apt install {package}).")


def has_ensurepip():
    """Whether this Python can put pip into a new environment; Debian splits that off."""
    probe = [sys.executable, "-c", "import ensurepip, venv"]
    return subprocess.call(probe, stderr=subprocess.DEVNULL) == 0


def run(command):
    """Whether `command` succeeded; its words are shown only where it did not."""
    variables = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    variables.pop("PYTHONHOME", None)
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=variables)
    if done.returncode:
        say(done.stdout.decode(errors="replace").rstrip())
    return done.returncode == 0


def say(text):
    """One line for the person who waits."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
