"""Proves that the tallies, from which every table is made, say what the projects and reports say."""

from time import monotonic

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

# Counted from the rows themselves and in another way than the triggers do it, so that a fault in one shows up against
# the other. One statement: both sides are seen at the same moment, whatever is being saved meanwhile.
FRESH = """
WITH said AS (
    SELECT months, project_year_id, status, in_ordinance, ordinance_budget, disbursed
      FROM reporting_progressreport
     WHERE months = 6
    UNION ALL
    (SELECT DISTINCT ON (project_year_id)
            12, project_year_id, status, in_ordinance, ordinance_budget, disbursed
       FROM reporting_progressreport
      ORDER BY project_year_id, months DESC)
), settling AS (
    SELECT months, project_year_id FROM reporting_progressreport
     UNION
    SELECT 12, project_year_id FROM reporting_progressreport WHERE status = 'COMPLETED'
), counted AS (
    SELECT plan.lao_id, year.fiscal_year, project.dimension_id, year.id AS project_year_id, year.plan_budget
      FROM projects_projectyear AS year
      JOIN projects_project AS project ON project.id = year.project_id
      JOIN projects_plan AS plan ON plan.id = project.plan_id
     WHERE project.deleted_at IS NULL AND project.review_state <> 'REJECTED'
       AND plan.lao_id NOT IN (SELECT lao_id FROM lao_user WHERE lao_id IS NOT NULL AND withheld_since IS NOT NULL)
), fresh AS (
    SELECT lao_id, fiscal_year, months, dimension_id,
           count(*) AS projects,
           coalesce(sum((status = 'COMPLETED')::int), 0) AS completed,
           coalesce(sum((status = 'IN_PROGRESS')::int), 0) AS in_progress,
           coalesce(sum((status = 'NOT_FEASIBLE')::int), 0) AS not_feasible,
           coalesce(sum(in_ordinance::int), 0) AS in_ordinance,
           count(settling.project_year_id) AS settled,
           coalesce(sum(plan_budget), 0) AS plan_budget,
           coalesce(sum(ordinance_budget), 0) AS ordinance_budget,
           coalesce(sum(disbursed), 0) AS disbursed
      FROM counted
     CROSS JOIN (VALUES (6), (12)) AS length(months)
      LEFT JOIN said USING (project_year_id, months)
      LEFT JOIN settling USING (project_year_id, months)
     GROUP BY lao_id, fiscal_year, months, dimension_id
)
"""
COMPARE = f"""
{FRESH}
SELECT lao_id, fiscal_year, months, dimension_id,
       ARRAY[tally.projects, tally.completed, tally.in_progress, tally.not_feasible, tally.in_ordinance,
             tally.settled, tally.plan_budget, tally.ordinance_budget, tally.disbursed] AS stored,
       ARRAY[fresh.projects, fresh.completed, fresh.in_progress, fresh.not_feasible, fresh.in_ordinance,
             fresh.settled, fresh.plan_budget, fresh.ordinance_budget, fresh.disbursed] AS counted
  FROM reporting_tally AS tally
  FULL JOIN fresh USING (lao_id, fiscal_year, months, dimension_id)
"""  # noqa: S608
SUMMED = f"""
SELECT count(stored[1]), count(counted[1]), coalesce(sum(stored[1]), 0), coalesce(sum(counted[1]), 0),
       count(*) FILTER (WHERE stored IS DISTINCT FROM counted)
  FROM ({COMPARE}) AS pair
"""  # noqa: S608  made of the constant above alone
DIFFERENT = f"SELECT * FROM ({COMPARE}) AS pair WHERE stored IS DISTINCT FROM counted ORDER BY 1, 2, 3, 4 LIMIT %s"  # noqa: S608
# Weeks: by another way to the settling report, and to its Monday.
WEEKS = f"""
{FRESH}, settled_by AS (
    SELECT 6 AS months, project_year_id, reported_at FROM reporting_progressreport WHERE months = 6
    UNION ALL
    (SELECT DISTINCT ON (project_year_id) 12, project_year_id, reported_at
       FROM reporting_progressreport
      WHERE months = 12 OR status = 'COMPLETED'
      ORDER BY project_year_id, months)
), local AS (
    SELECT months, project_year_id, (reported_at AT TIME ZONE 'Asia/Bangkok')::date AS day FROM settled_by
), fresh_weeks AS (
    SELECT lao_id, fiscal_year, months, day - (extract(isodow FROM day)::int - 1) AS week, count(*) AS settled
      FROM counted JOIN local USING (project_year_id)
     GROUP BY 1, 2, 3, 4
)
SELECT lao_id, fiscal_year, months, week, kept.settled, fresh_weeks.settled
  FROM reporting_week AS kept
  FULL JOIN fresh_weeks USING (lao_id, fiscal_year, months, week)
 WHERE kept.settled IS DISTINCT FROM fresh_weeks.settled
 ORDER BY 1, 2, 3, 4
"""  # noqa: S608  made of the constant above alone
SHOWN = 20
NAMES = (
    "projects", "completed", "in_progress", "not_feasible", "in_ordinance", "settled",
    "plan_budget", "ordinance_budget", "disbursed",
)  # fmt: skip


class Command(BaseCommand):
    """Compare every stored tally with a fresh count; exit with 1 where they differ."""

    help = "พิสูจน์ว่ายอดสรุปที่เก็บไว้ (tally) ตรงกับโครงการและรายงานทุกแถว"

    def handle(self, **options):
        """Print the figures of both sides, and where they differ the first differences."""
        began = monotonic()
        with connection.cursor() as cursor:
            cursor.execute(SUMMED)
            stored, counted, stored_sum, counted_sum, different = cursor.fetchone()
            cursor.execute(DIFFERENT, [SHOWN if different else 0])
            examples = cursor.fetchall()
            cursor.execute(WEEKS)
            weeks = cursor.fetchall()
        self.stdout.write(f"ยอดสรุปที่เก็บไว้ {stored:,} แถว รวม {stored_sum:,.0f} โครงการตามปี รอบ และมิติ")
        self.stdout.write(f"นับใหม่จากข้อมูล {counted:,} แถว รวม {counted_sum:,.0f} โครงการตามปี รอบ และมิติ")
        for lao, year, months, dimension, old, new in examples:
            pairs = zip(NAMES, old or [None] * len(NAMES), new or [None] * len(NAMES), strict=True)
            told = ", ".join(f"{name} {was} → {becomes}" for name, was, becomes in pairs if was != becomes)
            self.stdout.write(f"lao_id {lao} ปี {year} รอบ {months} dimension_id {dimension}: {told}")
        for lao, year, months, week, old, new in weeks[:SHOWN]:
            self.stdout.write(f"lao_id {lao} ปี {year} รอบ {months} สัปดาห์ {week}: {old} → {new}")
        if different or weeks:
            raise CommandError(f"ไม่ตรงกัน {different + len(weeks):,} แถว (แสดงไม่เกินอย่างละ {SHOWN} แถวแรก)")
        self.stdout.write(f"ตรงกันทุกแถว ใช้เวลา {monotonic() - began:.1f} วินาที")
