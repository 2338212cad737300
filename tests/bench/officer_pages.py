"""Times the summaries and lists of officers against the best plain SQL for the same rows plus their rendering.

    DATABASE_URL=… EPLAN_MODE=demonstration python -m tests.bench.officer_pages

on a database loaded with `manage.py load_demonstration --nation`. Prints a Markdown table: median milliseconds of
server time (the whole middleware chain, session and account included), queries, milliseconds of a page without rows
(what every page takes: session, account, choice of year), of the SQL, and of rendering the page's own templates with
everything ready; last, page ÷ (without rows + SQL + rendering), which shall not exceed 1.5. All are timed in turns, so
that whatever else the machine does falls on each alike.
"""

import os
import statistics
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eplan.settings")

RUNS = 20
WITHOUT_ROWS = "/summary/"

# The rows of each page as somebody would fetch them who writes SQL for this page alone.
ROUND = "tally.fiscal_year = 2562 AND tally.months = 6"
COUNTS = "sum(tally.projects), sum(tally.completed), sum(tally.in_progress)"
PLACED = """
  FROM lao_lao AS lao
  JOIN lao_district AS district ON district.id = lao.district_id
  JOIN lao_province AS province ON province.code = district.province_id
"""
TALLIES = f"LEFT JOIN reporting_tally AS tally ON tally.lao_id = lao.id AND {ROUND}"
BY_DIMENSION = """
SELECT tally.dimension_id, sum(projects), sum(completed), sum(in_progress), sum(not_feasible), sum(in_ordinance),
       sum(plan_budget), sum(ordinance_budget), sum(disbursed)
"""


def areas(key, where="true"):
    """The pooled counts of areas, and the same LAOs by dimension."""
    dimensions = f"FROM reporting_tally AS tally WHERE {ROUND} GROUP BY 1"
    if where != "true":
        dimensions = (
            f"{PLACED} JOIN reporting_tally AS tally ON tally.lao_id = lao.id AND {ROUND} WHERE {where} GROUP BY 1"
        )
    return [f"SELECT {key}, {COUNTS} {PLACED} {TALLIES} WHERE {where} GROUP BY {key}", f"{BY_DIMENSION} {dimensions}"]


LAOS = "lao.code, lao.kind, lao.name, district.name"
PROGRESS = """
SELECT date_trunc('week', report.reported_at AT TIME ZONE 'Asia/Bangkok'), count(*)
  FROM lao_lao AS lao
  JOIN lao_district AS district ON district.id = lao.district_id
  JOIN projects_plan AS plan ON plan.lao_id = lao.id
  JOIN projects_project AS project
    ON project.plan_id = plan.id AND project.deleted_at IS NULL AND project.review_state <> 'REJECTED'
  JOIN projects_projectyear AS year ON year.project_id = project.id AND year.fiscal_year = 2562
  JOIN reporting_progressreport AS report ON report.project_year_id = year.id AND report.months = 6
 WHERE {} GROUP BY 1
"""
PROJECTS = """
SELECT project.id, project.name, dimension.number, year.plan_budget, report.months, report.status,
       report.ordinance_budget, report.disbursed
  FROM projects_plan AS plan
  JOIN projects_project AS project ON project.plan_id = plan.id AND project.deleted_at IS NULL
  JOIN projects_dimension AS dimension ON dimension.id = project.dimension_id
  JOIN projects_projectyear AS year ON year.project_id = project.id AND year.fiscal_year = 2562
  LEFT JOIN reporting_progressreport AS report ON report.project_year_id = year.id
 WHERE plan.lao_id = {} ORDER BY project.id
"""


def pages(lao):
    """(name, address, statements) of each page; `lao` is one of the province."""
    chosen = "year=2562&months=6"
    district = f"district.id = {lao.district_id}"
    province = "district.province_id = '30'"
    return [
        ("nation by region", f"/summary/nation/?{chosen}", areas("province.region_id")),
        ("nation by province", f"/summary/nation/?{chosen}&by=province", areas("province.code")),
        ("region by province", f"/summary/regions/3/?{chosen}", areas("province.code", "province.region_id = 3")),
        ("province (334 LAOs)", f"/summary/province/?province=30&{chosen}", areas(LAOS, province)),
        (
            "province by district",
            f"/summary/province/?province=30&{chosen}&by=district",
            areas("district.id", province),
        ),
        (
            "district",
            f"/summary/districts/{lao.district_id}/?{chosen}",
            [*areas(LAOS, district), PROGRESS.format(district)],
        ),
        (
            "one LAO and its projects",
            f"/summary/laos/{lao.code}/?{chosen}",
            [areas("lao.id", f"lao.id = {lao.pk}")[1], PROGRESS.format(f"lao.id = {lao.pk}"), PROJECTS.format(lao.pk)],
        ),
        (
            "province with its weeks",
            f"/summary/province/?province=30&{chosen}&progress=show",
            [*areas(LAOS, province), PROGRESS.format(province)],
        ),
        (
            "nation with its weeks",
            f"/summary/nation/?{chosen}&progress=show",
            [*areas("province.region_id"), PROGRESS.format("true")],
        ),
    ]


def main():
    """Measure every page and print the table."""
    django.setup()
    from django.db import connection
    from django.template import engines
    from django.test import Client
    from django.test.utils import CaptureQueriesContext, setup_test_environment

    from lao.models import Lao, User

    setup_test_environment()
    officer = User.objects.filter(role=User.Role.CENTRAL).first()
    lao = Lao.objects.filter(district__province="30", plans__passed_in=2561).first()
    client = Client(headers={"host": "localhost"})
    client.force_login(officer)

    def medians(*acts):
        """The median time of each act in milliseconds, all of them in turns, after three turns that don't count."""
        times = [[] for _ in acts]
        for turn in range(RUNS + 3):
            for act, taken in zip(acts, times, strict=True):
                start = time.perf_counter()
                act()
                if turn >= 3:
                    taken.append((time.perf_counter() - start) * 1000)
        return [statistics.median(taken) for taken in times]

    def fetch(statements):
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
                cursor.fetchall()

    print(
        "| page | ms | queries | without rows ms | SQL ms | rendering ms | ratio |\n|---|---:|---:|---:|---:|---:|---:|"
    )
    for name, address, statements in pages(lao):
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(address)
        queries = len(captured)  # now: the next request empties the log
        assert answer.status_code == 200, (address, answer.status_code)
        template = engines["django"].get_template(answer.templates[0].name).template
        context = answer.context[0]
        page, without, sql, rendering = medians(
            lambda a=address: client.get(a),
            lambda: client.get(WITHOUT_ROWS),
            lambda s=statements: fetch(s),
            lambda t=template, c=context: t.render(c),
        )
        figures = " | ".join(f"{ms:.1f}" for ms in (without, sql, rendering))
        print(f"| {name} | {page:.1f} | {queries} | {figures} | {page / (without + sql + rendering):.2f} |")


if __name__ == "__main__":
    main()
