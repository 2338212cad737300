"""Times each page of a clerk, and the province table, against the best plain SQL that fetches the same rows.

    DATABASE_URL=… EPLAN_MODE=demonstration python -m tests.bench.clerk_pages

on a database loaded with `manage.py load_demonstration --nation`. Prints a Markdown table: median milliseconds of
server time (the whole middleware chain, session and account included), queries, milliseconds of the SQL, ratio; then
the page's size, and what of it goes over the line, as browsers ask for it.
"""

import gzip
import os
import statistics
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eplan.settings")
RUNS = 30

LAO_ROWS = """
SELECT project.id, project.name, project.kind, dimension.number, year.fiscal_year, year.plan_budget
  FROM projects_plan AS plan
  JOIN projects_project AS project ON project.plan_id = plan.id AND project.deleted_at IS NULL
  JOIN projects_dimension AS dimension ON dimension.id = project.dimension_id
  JOIN projects_projectyear AS year ON year.project_id = project.id
 WHERE plan.lao_id = %(lao)s ORDER BY project.id, year.fiscal_year
"""
REPORT_ROWS = """
SELECT project.id, project.name, dimension.number, year.plan_budget, report.months, report.status,
       report.ordinance_budget, report.disbursed
  FROM projects_plan AS plan
  JOIN projects_project AS project ON project.plan_id = plan.id AND project.deleted_at IS NULL
  JOIN projects_dimension AS dimension ON dimension.id = project.dimension_id
  JOIN projects_projectyear AS year ON year.project_id = project.id AND year.fiscal_year = 2562
  LEFT JOIN reporting_progressreport AS report ON report.project_year_id = year.id
 WHERE plan.lao_id = %(lao)s ORDER BY project.id
"""
ONE_REPORT = """
SELECT project.*, year.*, report.*
  FROM projects_projectyear AS year
  JOIN projects_project AS project ON project.id = year.project_id
  LEFT JOIN reporting_progressreport AS report ON report.project_year_id = year.id
 WHERE year.id = %(year)s
"""
OWN_TALLIES = """
SELECT dimension_id, months, projects, completed, in_progress, not_feasible, in_ordinance, plan_budget,
       ordinance_budget, disbursed
  FROM reporting_tally WHERE lao_id = %(lao)s AND fiscal_year = 2562
"""
PROVINCE_ROWS = """
SELECT lao.code, lao.kind, lao.name, district.name, sum(tally.projects), sum(tally.completed), sum(tally.in_progress)
  FROM lao_lao AS lao
  JOIN lao_district AS district ON district.id = lao.district_id
  LEFT JOIN reporting_tally AS tally ON tally.lao_id = lao.id AND tally.fiscal_year = 2562 AND tally.months = 6
 WHERE district.province_id = '30' GROUP BY lao.id, district.id
"""
PROVINCE_AFRESH = """
SELECT lao.id, count(year.id), count(*) FILTER (WHERE report.status = 'COMPLETED'),
       count(*) FILTER (WHERE report.status = 'IN_PROGRESS')
  FROM lao_lao AS lao
  JOIN lao_district AS district ON district.id = lao.district_id
  JOIN projects_plan AS plan ON plan.lao_id = lao.id
  JOIN projects_project AS project
    ON project.plan_id = plan.id AND project.deleted_at IS NULL AND project.review_state <> 'REJECTED'
  JOIN projects_projectyear AS year ON year.project_id = project.id AND year.fiscal_year = 2562
  LEFT JOIN reporting_progressreport AS report ON report.project_year_id = year.id AND report.months = 6
 WHERE district.province_id = '30' GROUP BY lao.id
"""
SCORE_ROWS = """
SELECT score.source, score.dimension_id, score.points FROM evaluation_score AS score
  JOIN projects_plan AS plan ON plan.id = score.plan_id WHERE plan.lao_id = %(lao)s
"""
FOUND_CODES = """
SELECT lao.code, lao.name, district.name, province.name
  FROM lao_lao AS lao
  JOIN lao_district AS district ON district.id = lao.district_id
  JOIN lao_province AS province ON province.code = district.province_id
 WHERE lao.name LIKE '%%หนอง%%' ORDER BY lao.sort_key LIMIT 50
"""


def median_ms(act):
    """The median time of `act()` in milliseconds over the runs, after three that don't count."""
    times = []
    for run in range(RUNS + 3):
        start = time.perf_counter()
        act()
        if run >= 3:
            times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def main():
    """Measure every page and print the table."""
    django.setup()
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from lao.models import User
    from projects.models import ProjectYear

    clerk = (
        User.objects.with_area()
        .filter(lao__district__province="30", claimed_at__isnull=False, lao__plans__passed_in=2561)
        .first()
    )
    year = ProjectYear.objects.counted().filter(project__plan__lao=clerk.lao, fiscal_year=2562).first()
    values = {"lao": clerk.lao_id, "year": year.pk}
    client = Client(headers={"host": "localhost", "accept-encoding": "gzip"})
    client.force_login(clerk)
    pages = [
        ("home", "/home/?year=2562", REPORT_ROWS),
        ("projects (25)", "/projects/", LAO_ROWS),
        ("one project's form", f"/projects/{year.project_id}/edit/", ONE_REPORT),
        ("reports of a year (25)", "/reports/?year=2562", REPORT_ROWS),
        ("one report's form", f"/reports/{year.pk}/6/", ONE_REPORT),
        ("scores", "/scores/?first_year=2561", SCORE_ROWS),
        ("own summary", "/summary/own/?year=2562", OWN_TALLIES),
        ("province table (334 LAOs)", "/summary/province/?year=2562&months=6", PROVINCE_ROWS),
        ("find the code", "/find-code/?q=หนอง", FOUND_CODES),
    ]

    def fetch(sql):
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall()

    print("| page | ms | queries | plain SQL ms | ratio | kB | kB sent |\n|---|---:|---:|---:|---:|---:|---:|")
    for name, address, sql in pages:
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(address)
        queries = len(captured)  # now: the next request empties the log
        assert answer.status_code == 200, (address, answer.status_code)
        page_ms, sql_ms = median_ms(lambda a=address: client.get(a)), median_ms(lambda s=sql: fetch(s))
        kilobytes, sent = len(gzip.decompress(answer.content)) / 1000, len(answer.content) / 1000
        print(
            f"| {name} | {page_ms:.1f} | {queries} | {sql_ms:.2f} | {page_ms / sql_ms:.1f} |"
            f" {kilobytes:.0f} | {sent:.1f} |"
        )
    tallied, afresh = median_ms(lambda: fetch(PROVINCE_ROWS)), median_ms(lambda: fetch(PROVINCE_AFRESH))
    print(f"\nThe province's counts: {tallied:.2f} ms from tallies, {afresh:.2f} ms counted afresh.")
    size = fetch("SELECT pg_size_pretty(pg_database_size(current_database()))")[0][0]
    print(f"Database size: {size}.")


if __name__ == "__main__":
    main()
