"""What one save of a report costs, by the form and by a row of the grid, and the pages that come before and after it.

    DATABASE_URL=… EPLAN_MODE=demonstration python -m tests.bench.saves

on a COPY of a database loaded with `manage.py load_demonstration --nation`: it writes. All in one process, the whole
middleware chain included. Prints a Markdown table: median milliseconds of a request, milliseconds of this process's
processor, milliseconds spent waiting for PostgreSQL, and queries (the beginning and end of a transaction among them).
"""

import os
import statistics
import time
import uuid
from itertools import count, cycle

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eplan.settings")
RUNS = 100
YEAR = 2564  # whose rounds are open


class Measured:
    """Requests of a clerk, one kind after the other."""

    def __init__(self, client):
        self.client = client
        self.waited = 0.0

    def run(self, name, sends):
        """Print the row of `name`: an endless iterator of functions that send one request each."""
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        for _ in range(5):
            self.send(next(sends))
        asked = next(sends)
        with CaptureQueriesContext(connection) as captured:
            self.send(asked)
        queries, times, busy, waited = len(captured), [], [], []
        with connection.execute_wrapper(self.clocked):
            for _ in range(RUNS):
                asked, self.waited = next(sends), 0.0
                start, worked = time.perf_counter(), time.process_time()
                self.send(asked)
                times.append(time.perf_counter() - start)
                busy.append(time.process_time() - worked)
                waited.append(self.waited)
        figures = [statistics.median(each) * 1000 for each in (times, busy, waited)]
        print(f"| {name} | {' | '.join(f'{each:.1f}' for each in figures)} | {queries} |")

    def send(self, asked):
        """Send one request, as a browser that has read its messages."""
        self.client.cookies.pop("messages", None)
        answer = asked()
        assert answer.status_code == 200, answer.status_code

    def clocked(self, execute, *args):
        """Run a statement and add up how long it took."""
        start = time.perf_counter()
        try:
            return execute(*args)
        finally:
            self.waited += time.perf_counter() - start


def main():
    """Measure everything and print the table."""
    django.setup()
    from django.test import Client

    from lao.models import User
    from projects.models import ProjectYear

    clerk = (
        User.objects.with_area()
        .filter(lao__district__province="30", claimed_at__isnull=False, lao__plans__passed_in=2561)
        .first()
    )
    of_lao = ProjectYear.objects.counted().filter(project__plan__lao=clerk.lao, fiscal_year=YEAR)
    # Figures that nothing is doubted about, as most are.
    years = list(of_lao.filter(plan_budget__isnull=False, reports__months=6).values_list("pk", "plan_budget"))
    client = Client(headers={"host": "localhost"})
    client.force_login(clerk)
    versions = dict(of_lao.filter(reports__months=6).values_list("pk", "reports__version"))
    number = count()

    def answers(year, budget, prefix=""):
        said = {
            "version": versions[year], "status": "COMPLETED", "remark": f"ครั้งที่ {next(number)} {uuid.uuid4()}",
            "in_ordinance": "on", "ordinance_budget": str(budget), "disbursed": str(budget),
        }  # fmt: skip
        versions[year] += 1
        return {f"{prefix}{name}": value for name, value in said.items()}

    def by_form(year, budget):
        sent = {"form_account": clerk.mark, "form_token": uuid.uuid4(), **answers(year, budget)}
        return lambda: client.post(f"/reports/{year}/6/", sent, headers={"X-Keep": "1"})

    def by_grid(year, budget):
        sent = {"form_account": clerk.mark, f"{year}-shown": "", **answers(year, budget, f"{year}-")}
        address = f"/reports/grid/?year={YEAR}&months=6"
        return lambda: client.post(address, sent, headers={"Accept": "application/json"})

    measured = Measured(client)
    print(f"Load {os.getloadavg()[0]:.1f}.\n\n| request | ms | processor ms | PostgreSQL ms | queries |")
    print("|---|---:|---:|---:|---:|")
    measured.run("a report saved by its form", (by_form(*year) for year in cycle(years)))
    measured.run("a row of the grid saved", (by_grid(*year) for year in cycle(years)))
    for name, address in (
        (f"the list after it ({of_lao.count()} projects)", f"/reports/?year={YEAR}"),
        ("a report's form", f"/reports/{years[0][0]}/12/"),  # not the one with a hundred saves in its history
        ("the grid", f"/reports/grid/?year={YEAR}&months=6"),
    ):
        measured.run(name, cycle([lambda a=address: client.get(a)]))


if __name__ == "__main__":
    main()
