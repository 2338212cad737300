from importlib import import_module

from django.db import migrations

# What an LAO has entered counts once an officer has confirmed who claimed its account. The counting itself becomes a
# function of its own, which the LAO's own pages ask for what the tallies leave out.
COUNT = """
CREATE FUNCTION reporting_count(plan_ids bigint[], years smallint[]) RETURNS TABLE (
    lao_id bigint, fiscal_year smallint, months smallint, dimension_id bigint, projects bigint, completed bigint,
    in_progress bigint, not_feasible bigint, in_ordinance bigint, settled bigint, plan_budget numeric,
    ordinance_budget numeric, disbursed numeric
) LANGUAGE sql STABLE AS $$
    SELECT plan.lao_id, year.fiscal_year, length.months, project.dimension_id,
           count(*),
           count(*) FILTER (WHERE report.status = 'COMPLETED'),
           count(*) FILTER (WHERE report.status = 'IN_PROGRESS'),
           count(*) FILTER (WHERE report.status = 'NOT_FEASIBLE'),
           count(*) FILTER (WHERE report.in_ordinance),
           count(*) FILTER (WHERE report.months = length.months OR report.status = 'COMPLETED'),
           coalesce(sum(year.plan_budget), 0),
           coalesce(sum(report.ordinance_budget), 0),
           coalesce(sum(report.disbursed), 0)
      FROM projects_plan AS plan
      JOIN projects_project AS project
        ON project.plan_id = plan.id AND project.deleted_at IS NULL AND project.review_state <> 'REJECTED'
      JOIN projects_projectyear AS year ON year.project_id = project.id
     CROSS JOIN (VALUES (6::smallint), (12::smallint)) AS length(months)
      LEFT JOIN LATERAL (
            SELECT said.months, said.status, said.in_ordinance, said.ordinance_budget, said.disbursed
              FROM reporting_progressreport AS said
             WHERE said.project_year_id = year.id AND said.months <= length.months
             ORDER BY said.months DESC
             LIMIT 1
           ) AS report ON true
     WHERE plan.id = ANY (plan_ids) AND (years IS NULL OR year.fiscal_year = ANY (years))
     GROUP BY plan.lao_id, year.fiscal_year, length.months, project.dimension_id
$$;
"""
RETALLY = """
CREATE OR REPLACE FUNCTION reporting_retally(plan_ids bigint[], years smallint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF plan_ids IS NULL THEN
        RETURN;
    END IF;
    PERFORM 1 FROM projects_plan WHERE id = ANY (plan_ids) ORDER BY id FOR NO KEY UPDATE;
    WITH fresh AS (
        SELECT counted.*
          FROM reporting_count(plan_ids, years) AS counted
         WHERE NOT EXISTS (
                SELECT 1 FROM lao_user AS account
                 WHERE account.lao_id = counted.lao_id AND account.withheld_since IS NOT NULL
               )
    ), gone AS (
        DELETE FROM reporting_tally AS tally
         USING projects_plan AS plan, projects_planperiod AS period
         WHERE plan.id = ANY (plan_ids) AND period.id = plan.period_id AND tally.lao_id = plan.lao_id
           AND tally.fiscal_year BETWEEN period.first_year AND period.last_year
           AND (years IS NULL OR tally.fiscal_year = ANY (years))
           AND NOT EXISTS (
                SELECT 1 FROM fresh
                 WHERE (fresh.lao_id, fresh.fiscal_year, fresh.months, fresh.dimension_id)
                     = (tally.lao_id, tally.fiscal_year, tally.months, tally.dimension_id)
           )
    )
    INSERT INTO reporting_tally AS tally (
        lao_id, fiscal_year, months, dimension_id, projects, completed, in_progress, not_feasible, in_ordinance,
        settled, plan_budget, ordinance_budget, disbursed
    )
    SELECT lao_id, fiscal_year, months, dimension_id, projects, completed, in_progress, not_feasible, in_ordinance,
           settled, plan_budget, ordinance_budget, disbursed
      FROM fresh
        ON CONFLICT (fiscal_year, months, lao_id, dimension_id) DO UPDATE
       SET projects = excluded.projects, completed = excluded.completed, in_progress = excluded.in_progress,
           not_feasible = excluded.not_feasible, in_ordinance = excluded.in_ordinance, settled = excluded.settled,
           plan_budget = excluded.plan_budget, ordinance_budget = excluded.ordinance_budget,
           disbursed = excluded.disbursed
     WHERE (tally.projects, tally.completed, tally.in_progress, tally.not_feasible, tally.in_ordinance,
            tally.settled, tally.plan_budget, tally.ordinance_budget, tally.disbursed)
           IS DISTINCT FROM
           (excluded.projects, excluded.completed, excluded.in_progress, excluded.not_feasible, excluded.in_ordinance,
            excluded.settled, excluded.plan_budget, excluded.ordinance_budget, excluded.disbursed);
END
$$;
"""
# The LAO's row is locked first: a plan that is being made at this moment is waited for, and counted with the others.
WITHHELD_CHANGED = """
CREATE FUNCTION reporting_withheld_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM lao_lao WHERE id = coalesce(NEW.lao_id, OLD.lao_id) FOR UPDATE;
    PERFORM reporting_retally(array_agg(id), NULL) FROM projects_plan WHERE lao_id IN (NEW.lao_id, OLD.lao_id);
    RETURN NULL;
END
$$;
CREATE TRIGGER retally_updated AFTER UPDATE ON lao_user FOR EACH ROW
    WHEN ((old.lao_id, old.withheld_since IS NULL) IS DISTINCT FROM (new.lao_id, new.withheld_since IS NULL))
    EXECUTE FUNCTION reporting_withheld_changed();
CREATE TRIGGER retally_inserted AFTER INSERT ON lao_user FOR EACH ROW WHEN (new.withheld_since IS NOT NULL)
    EXECUTE FUNCTION reporting_withheld_changed();
CREATE TRIGGER retally_deleted AFTER DELETE ON lao_user FOR EACH ROW WHEN (old.withheld_since IS NOT NULL)
    EXECUTE FUNCTION reporting_withheld_changed();
"""
FORGET = (
    "".join(f"DROP TRIGGER retally_{what} ON lao_user;" for what in ("inserted", "updated", "deleted"))
    + "DROP FUNCTION reporting_withheld_changed()"
)
BEFORE = import_module("reporting.migrations.0005_settled").RETALLY


class Migration(migrations.Migration):
    dependencies = [("lao", "0007_claims_and_reset_codes"), ("reporting", "0006_reminders")]
    operations = [
        migrations.RunSQL(COUNT, "DROP FUNCTION reporting_count(bigint[], smallint[])"),
        migrations.RunSQL(RETALLY, BEFORE),
        migrations.RunSQL(WITHHELD_CHANGED, FORGET),
    ]
