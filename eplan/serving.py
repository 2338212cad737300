"""How gunicorn serves the system: `gunicorn --config python:eplan.serving eplan.wsgi`. The command line wins."""

import gc
import os
from pathlib import Path

from eplan.home import end_with_launcher

workers = int(os.environ.get("WEB_CONCURRENCY") or max(2, min(os.cpu_count() or 1, 8)))
worker_class = "eplan.workers.RankedWorker"
threads = 8
preload_app = True
timeout = 60
graceful_timeout = 5
keepalive = 5
accesslog = None
errorlog = "-"
loglevel = "warning"
control_socket_disable = True
sendfile = False  # it would wait for ever for a reader who has stalled (eplan.workers.STALLED_AFTER)
# The heartbeat of a worker must not wait for a disk.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108


def when_ready(server):
    """Before the processes are made: leave what they share out of their search for garbage. Under the demonstration's
    launcher, end with it."""
    gc.collect()
    gc.freeze()
    if os.environ.get("EPLAN_LAUNCHED"):
        end_with_launcher()
