"""Reads every workbook of both folders, each in a process of its own that may take 5 seconds and 100 MB more.

Prints one JSON object a line: file, the sentence with which it was refused ("" for none), seconds and megabytes.
"""

import json
import os
import resource
import time
from pathlib import Path
from unittest.mock import patch

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eplan.settings")
django.setup()

from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402  models need the set-up above

from eplan.workbooks import WorkbookError  # noqa: E402
from projects.imports import read_projects  # noqa: E402
from projects.models import Dimension  # noqa: E402
from reporting.imports import read_reports  # noqa: E402
from tests.workbooks.build import lao_and_plan  # noqa: E402

SECONDS, MEGABYTES = 5, 100


def read(path):
    """Read one file as its page would; the sentence with which it is refused, "" for none."""
    lao, plan = lao_and_plan()
    file = SimpleUploadedFile(path.name, path.read_bytes())
    try:
        if path.name.startswith("reports"):
            read_reports(file, lao=lao, fiscal_year=2562, months=6, rows=[])
        else:
            dimensions = [Dimension(pk=number, number=number, name=f"ชื่อมิติ {number}") for number in range(1, 5)]
            with patch("projects.imports.projects_of", return_value=[]):
                read_projects(file, lao=lao, plan=plan, dimensions=dimensions)
    except WorkbookError as refusal:
        return str(refusal)
    return ""


def measured(path):
    """What `read` says, within the limits; the process is killed by the system beyond them."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    room = pages * resource.getpagesize() + MEGABYTES * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (room, room))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    sentence = read(path)
    taken, grown = time.process_time() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    told = {"file": path.name, "sentence": sentence, "seconds": round(taken, 2), "megabytes": round(grown / 1024, 1)}
    print(json.dumps(told, ensure_ascii=False), flush=True)


def main():
    """Measure one file after the other."""
    for path in sorted(Path(__file__).parent.glob("*/*")):
        if path.name == "expected.json" or path.parent.name not in ("pass", "fail"):
            continue
        child = os.fork()
        if child == 0:
            measured(path)
            os._exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main()
