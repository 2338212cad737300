from django.db import migrations

# What a single row's constraint can't say. Each refusal bears a constraint's name, like any other.
SCORE_FITS_ITS_PLAN = """
CREATE FUNCTION evaluation_score_fits_its_plan() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_period bigint;
    highest numeric;
BEGIN
    SELECT period_id INTO of_period FROM projects_plan WHERE id = NEW.plan_id;
    IF NEW.dimension_id IS NULL THEN
        SELECT highest_total INTO highest FROM evaluation_periodstandard WHERE period_id = of_period;
    ELSE
        IF NOT EXISTS (SELECT 1 FROM projects_dimension WHERE id = NEW.dimension_id AND period_id = of_period) THEN
            RAISE EXCEPTION 'dimension % belongs to another period', NEW.dimension_id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'score_dimension_of_the_period';
        END IF;
        SELECT standard.highest INTO highest FROM evaluation_dimensionstandard AS standard
         WHERE standard.dimension_id = NEW.dimension_id;
    END IF;
    IF NEW.points > highest THEN
        RAISE EXCEPTION '% points, of at most %', NEW.points, highest
            USING ERRCODE = 'check_violation', CONSTRAINT = 'score_not_above_highest';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER score_fits_its_plan BEFORE INSERT OR UPDATE ON evaluation_score
    FOR EACH ROW EXECUTE FUNCTION evaluation_score_fits_its_plan();
"""

CHANGES_APPEND_ONLY = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON evaluation_scorechange
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON evaluation_scorechange
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

AUDITED = {"evaluation_periodstandard": "period_id", "evaluation_dimensionstandard": "dimension_id"}


class Migration(migrations.Migration):
    dependencies = [("lao", "0003_audit_trail"), ("evaluation", "0003_versions_and_standards")]
    operations = [
        migrations.RunSQL(
            SCORE_FITS_ITS_PLAN,
            "DROP TRIGGER score_fits_its_plan ON evaluation_score; DROP FUNCTION evaluation_score_fits_its_plan()",
        ),
        migrations.RunSQL(
            CHANGES_APPEND_ONLY,
            "DROP TRIGGER append_only ON evaluation_scorechange; DROP TRIGGER never_emptied ON evaluation_scorechange",
        ),
        *(
            migrations.RunSQL(
                f"CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION audit_row('SELECT NULL::bigint', '', '{key}')",
                f"DROP TRIGGER audit ON {table}",
            )
            for table, key in AUDITED.items()
        ),
    ]
