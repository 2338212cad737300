"""The production server as the benchmarks run it: on a free port, with the database of DATABASE_URL."""

import contextlib
import os
import socket
import subprocess
import sys
import time


def free_port():
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def server(**environment):
    """Run the server for the length of the block, `environment` added to ours; gives its port."""
    port = free_port()
    words = ["-m", "gunicorn", "--config", "python:eplan.serving", "--bind", f"127.0.0.1:{port}", "eplan.wsgi"]
    child = subprocess.Popen([sys.executable, *words], env=os.environ | environment)
    try:
        for _ in range(200):
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            time.sleep(0.1)
        yield port
    finally:
        child.terminate()
        child.wait()
