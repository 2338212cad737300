"""Adds to a copy of the nation's database what officers' lists hold after years: a long trail, reminders, extensions.

    DATABASE_URL=… EPLAN_MODE=demonstration python -m tests.bench.officer_data

1.2 million entries of the trail (every project, and a million reports in the order in which they came, each fifth a
change), a reminder of one round to each LAO, 300 extensions. Run once, before `tests.bench.officer_pages`.
"""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eplan.settings")

REPORTS = 1_000_000
# The LAO's own account did it. An entry is numbered after its moment, as in life.
TRAIL = """
INSERT INTO lao_auditentry (at, actor_id, actor_name, request_id, action, table_name, row_id, lao_id, before, after)
SELECT at, account.id, account.username, md5(row_id), action, table_name, row_id, plan.lao_id, before, after
  FROM (
        SELECT project.created_at AS at, plan_id, 'INSERT' AS action, 'projects_project' AS table_name,
               project.id::text AS row_id, NULL::jsonb AS before,
               jsonb_build_object('name', name, 'kind', kind, 'plan_id', plan_id, 'dimension_id', dimension_id) AS after
          FROM projects_project AS project
         UNION ALL
        (SELECT report.reported_at, project.plan_id, CASE WHEN mod(report.id, 5) = 0 THEN 'UPDATE' ELSE 'INSERT' END,
                'reporting_progressreport', report.id::text,
                CASE WHEN mod(report.id, 5) = 0 THEN jsonb_build_object('status', 'IN_PROGRESS') END,
                jsonb_build_object('status', report.status)
           FROM reporting_progressreport AS report
           JOIN projects_projectyear AS year ON year.id = report.project_year_id
           JOIN projects_project AS project ON project.id = year.project_id
          ORDER BY report.id LIMIT %(reports)s)
       ) AS done
  JOIN projects_plan AS plan ON plan.id = done.plan_id
  JOIN lao_user AS account ON account.lao_id = plan.lao_id
 ORDER BY at, row_id
"""
REMINDERS = """
INSERT INTO reporting_reminderlog
       (kind, day, outcome, queued_at, attempts, sent_at, problem, lao_id, reporting_round_id)
SELECT 'BEFORE_7', closes_on, 'SENT', now(), 1, now(), '', lao.id, known.id
  FROM lao_lao AS lao, reporting_reportinground AS known
 WHERE known.fiscal_year = 2562 AND known.months = 12 ORDER BY lao.id
"""
EXTENSIONS = """
INSERT INTO reporting_extension (until, reason, lao_id, reporting_round_id)
SELECT closes_on + 30, 'น้ำท่วม', lao.id, known.id
  FROM (SELECT id FROM lao_lao ORDER BY id LIMIT 300) AS lao, reporting_reportinground AS known
 WHERE known.fiscal_year = 2561 AND known.months = 6 ORDER BY lao.id
"""


def main():
    """Add all of it."""
    django.setup()
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        for statement in (TRAIL, REMINDERS, EXTENSIONS):
            cursor.execute(statement, {"reports": REPORTS})
            print(f"{cursor.rowcount:,} rows")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE lao_auditentry, reporting_reminderlog, reporting_extension")


if __name__ == "__main__":
    main()
