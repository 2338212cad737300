"""How long the database takes for any three letters that a citizen may look for.

    DATABASE_URL=… EPLAN_MODE=demonstration python -m tests.bench.search [--vary]

On national data. `--vary` first gives every project a name of its own, for good, so point it at a copy: the
demonstration's names are 116 sentences, real ones hardly repeat. Of each search the fastest of `TURNS` counts, since
other work shares the machine; all its queries together.
"""

import os
import random
import statistics
import sys
import time
from collections import Counter
from contextlib import contextmanager

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eplan.settings")
django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from lao.models import Lao  # noqa: E402
from projects.models import Project  # noqa: E402

TURNS = 3
THAI = (*range(0x0E01, 0x0E2F), *range(0x0E30, 0x0E33), *range(0x0E34, 0x0E3A), *range(0x0E40, 0x0E45))
LETTERS = list(map(chr, THAI))
# Names as different as real ones: each says where and for whom, which its LAO and a number do here.
VARY = [
    "SET session_replication_role = replica",
    """
    UPDATE projects_project AS project
       SET name = project.name || ' ' || lao.name || ' ครั้งที่ ' || project.id % 97 || '/' || project.id
      FROM projects_plan AS plan JOIN lao_lao AS lao ON lao.id = plan.lao_id
     WHERE plan.id = project.plan_id
    """,
    "VACUUM FULL ANALYZE projects_project",
]


@contextmanager
def database_time():
    """A list that holds the milliseconds of each query asked inside."""
    taken = []

    def timed(execute, sql, params, many, context):
        start = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            taken.append((time.perf_counter() - start) * 1000)

    with connection.execute_wrapper(timed):
        yield taken


def samples(dice):
    """{kind of sample: texts to look for}."""
    names = [*Project.objects.order_by("?").values_list("loose_name", flat=True)[:5000]]
    names += Lao.objects.values_list("loose_name", flat=True)
    parts = Counter(name[start : start + 3] for name in names for start in range(len(name) - 2))
    parts = Counter({part: number for part, number in parts.items() if " " not in part})
    return {
        "the 100 most common": [part for part, _ in parts.most_common(100)],
        "200 that occur": dice.sample(sorted(parts), min(200, len(parts))),
        "200 of any letters": ["".join(dice.choices(LETTERS, k=3)) for _ in range(200)],
        "50 of two letters": ["".join(dice.choices(LETTERS, k=2)) for _ in range(50)],
        "50 of two words": [" ".join(dice.sample(sorted(parts), 2)) for _ in range(50)],
        "50 with a province": [f"{dice.choice(sorted(parts))} กระบี่" for _ in range(50)],
    }


def measure():
    """Print a row for each kind of sample."""
    client = Client()
    client.get("/public/search/", {"q": "อุ่นเครื่อง"})
    print(f"{'sample':<24}{'searches':>9}{'median':>9}{'95 %':>9}{'longest':>9}{'page':>9}  ms")
    for kind, texts in samples(random.Random(2562)).items():
        taken, pages, slowest = [], [], (0, "")
        for text in texts:
            turns = [_turn(client, text) for _ in range(TURNS)]
            taken.append(min(database for database, _ in turns))
            pages.append(min(page for _, page in turns))
            slowest = max(slowest, (taken[-1], text))
        ninety_fifth = sorted(taken)[int(len(taken) * 0.95)]
        figures = (statistics.median(taken), ninety_fifth, max(taken), statistics.median(pages))
        print(f"{kind:<24}{len(texts):>9}" + "".join(f"{figure:>9.1f}" for figure in figures), f" ({slowest[1]})")


def _turn(client, text):
    """Milliseconds of the database and of the whole page."""
    start = time.perf_counter()
    with database_time() as queries:
        client.get("/public/search/", {"q": text})
    return sum(queries), (time.perf_counter() - start) * 1000


if __name__ == "__main__":
    if "--vary" in sys.argv:
        with connection.cursor() as cursor:
            for statement in VARY:
                cursor.execute(statement)
    measure()
