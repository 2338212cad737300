from django.db import migrations

# One function recounts; triggers call it for the plans and years that a statement touched. The plan's row is locked
# first and the count is a statement of its own, so that of two transactions on one plan the second counts what the
# first committed.
RETALLY = """
CREATE FUNCTION reporting_retally(plan_ids bigint[], years smallint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF plan_ids IS NULL THEN
        RETURN;
    END IF;
    PERFORM 1 FROM projects_plan WHERE id = ANY (plan_ids) ORDER BY id FOR NO KEY UPDATE;
    WITH fresh AS (
        SELECT plan.lao_id, year.fiscal_year, length.months, project.dimension_id,
               count(*) AS projects,
               count(*) FILTER (WHERE report.status = 'COMPLETED') AS completed,
               count(*) FILTER (WHERE report.status = 'IN_PROGRESS') AS in_progress,
               count(*) FILTER (WHERE report.status = 'NOT_FEASIBLE') AS not_feasible,
               count(*) FILTER (WHERE report.in_ordinance) AS in_ordinance,
               coalesce(sum(year.plan_budget), 0) AS plan_budget,
               coalesce(sum(report.ordinance_budget), 0) AS ordinance_budget,
               coalesce(sum(report.disbursed), 0) AS disbursed
          FROM projects_plan AS plan
          JOIN projects_project AS project
            ON project.plan_id = plan.id AND project.deleted_at IS NULL AND project.review_state <> 'REJECTED'
          JOIN projects_projectyear AS year ON year.project_id = project.id
         CROSS JOIN (VALUES (6::smallint), (12::smallint)) AS length(months)
          LEFT JOIN LATERAL (
                SELECT said.status, said.in_ordinance, said.ordinance_budget, said.disbursed
                  FROM reporting_progressreport AS said
                 WHERE said.project_year_id = year.id AND said.months <= length.months
                 ORDER BY said.months DESC
                 LIMIT 1
               ) AS report ON true
         WHERE plan.id = ANY (plan_ids) AND (years IS NULL OR year.fiscal_year = ANY (years))
         GROUP BY plan.lao_id, year.fiscal_year, length.months, project.dimension_id
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
        plan_budget, ordinance_budget, disbursed
    )
    SELECT lao_id, fiscal_year, months, dimension_id, projects, completed, in_progress, not_feasible, in_ordinance,
           plan_budget, ordinance_budget, disbursed
      FROM fresh
        ON CONFLICT (fiscal_year, months, lao_id, dimension_id) DO UPDATE
       SET projects = excluded.projects, completed = excluded.completed, in_progress = excluded.in_progress,
           not_feasible = excluded.not_feasible, in_ordinance = excluded.in_ordinance,
           plan_budget = excluded.plan_budget, ordinance_budget = excluded.ordinance_budget,
           disbursed = excluded.disbursed
     WHERE (tally.projects, tally.completed, tally.in_progress, tally.not_feasible, tally.in_ordinance,
            tally.plan_budget, tally.ordinance_budget, tally.disbursed)
           IS DISTINCT FROM
           (excluded.projects, excluded.completed, excluded.in_progress, excluded.not_feasible, excluded.in_ordinance,
            excluded.plan_budget, excluded.ordinance_budget, excluded.disbursed);
END
$$;
"""

PROJECTS_CHANGED = """
CREATE FUNCTION reporting_projects_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM reporting_retally(array_agg(DISTINCT plan_id), NULL)
       FROM (
            SELECT after.plan_id FROM changed AS after JOIN was AS before ON before.id = after.id
             WHERE (after.plan_id, after.dimension_id, after.review_state = 'REJECTED', after.deleted_at IS NULL)
                   IS DISTINCT FROM
                   (before.plan_id, before.dimension_id, before.review_state = 'REJECTED', before.deleted_at IS NULL)
            UNION
            SELECT before.plan_id FROM changed AS after JOIN was AS before ON before.id = after.id
             WHERE before.plan_id <> after.plan_id
       ) AS touched;
    RETURN NULL;
END
$$;
CREATE TRIGGER retally_updated AFTER UPDATE ON projects_project REFERENCING OLD TABLE AS was NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION reporting_projects_changed();
"""

YEARS_CHANGED = """
CREATE FUNCTION reporting_years_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM reporting_retally(array_agg(DISTINCT project.plan_id), array_agg(DISTINCT changed.fiscal_year))
       FROM changed JOIN projects_project AS project ON project.id = changed.project_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER retally_inserted AFTER INSERT ON projects_projectyear REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION reporting_years_changed();
CREATE TRIGGER retally_updated AFTER UPDATE ON projects_projectyear REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION reporting_years_changed();
CREATE TRIGGER retally_deleted AFTER DELETE ON projects_projectyear REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION reporting_years_changed();
"""

# A project year stays what it is: another year is another row.
YEAR_STAYS = """
CREATE FUNCTION reporting_year_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a project year keeps its project and its fiscal year'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'project_year_stays';
END
$$;
CREATE TRIGGER year_stays BEFORE UPDATE ON projects_projectyear FOR EACH ROW
    WHEN ((new.project_id, new.fiscal_year) IS DISTINCT FROM (old.project_id, old.fiscal_year))
    EXECUTE FUNCTION reporting_year_stays();
"""

REPORTS_CHANGED = """
CREATE FUNCTION reporting_reports_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM reporting_retally(array_agg(DISTINCT project.plan_id), array_agg(DISTINCT year.fiscal_year))
       FROM changed
       JOIN projects_projectyear AS year ON year.id = changed.project_year_id
       JOIN projects_project AS project ON project.id = year.project_id;
    RETURN NULL;
END
$$;
CREATE FUNCTION reporting_report_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a report keeps its project year and its round'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'report_stays';
END
$$;
CREATE TRIGGER report_stays BEFORE UPDATE ON reporting_progressreport FOR EACH ROW
    WHEN ((new.project_year_id, new.months) IS DISTINCT FROM (old.project_year_id, old.months))
    EXECUTE FUNCTION reporting_report_stays();
CREATE TRIGGER retally_inserted AFTER INSERT ON reporting_progressreport REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION reporting_reports_changed();
CREATE TRIGGER retally_updated AFTER UPDATE ON reporting_progressreport REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION reporting_reports_changed();
CREATE TRIGGER retally_deleted AFTER DELETE ON reporting_progressreport REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION reporting_reports_changed();
"""


def three(table):
    """The SQL that drops the three triggers of a table."""
    return "".join(f"DROP TRIGGER retally_{what} ON {table};" for what in ("inserted", "updated", "deleted"))


class Migration(migrations.Migration):
    dependencies = [("projects", "0003_first_period"), ("reporting", "0001_initial")]
    operations = [
        migrations.RunSQL(RETALLY, "DROP FUNCTION reporting_retally(bigint[], smallint[])"),
        migrations.RunSQL(
            PROJECTS_CHANGED,
            "DROP TRIGGER retally_updated ON projects_project; DROP FUNCTION reporting_projects_changed()",
        ),
        migrations.RunSQL(
            YEARS_CHANGED, three("projects_projectyear") + "DROP FUNCTION reporting_years_changed()"
        ),
        migrations.RunSQL(
            YEAR_STAYS, "DROP TRIGGER year_stays ON projects_projectyear; DROP FUNCTION reporting_year_stays()"
        ),
        migrations.RunSQL(
            REPORTS_CHANGED,
            three("reporting_progressreport") + "DROP FUNCTION reporting_reports_changed();"
            "DROP TRIGGER report_stays ON reporting_progressreport; DROP FUNCTION reporting_report_stays()",
        ),
    ]
