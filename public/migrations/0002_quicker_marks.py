from django.db import migrations

# Asked at every request for a project's page; a function keeps its plan, a query of its own is planned anew each time.
SCOPE_OF_PROJECT = """
CREATE FUNCTION public_scope_of_project(project bigint) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT 'lao:' || code FROM lao_lao WHERE id = (
            SELECT lao_id FROM projects_plan WHERE id = (
                SELECT plan_id FROM projects_project WHERE id = project)));
END
$$;
"""
TOUCH_LAOS = """
CREATE OR REPLACE FUNCTION public_touch_laos(laos bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    {first}PERFORM public_touch(array_agg(DISTINCT scope))
       FROM lao_lao AS lao
       JOIN lao_district AS district ON district.id = lao.district_id
      CROSS JOIN LATERAL (
            VALUES ('lao:' || lao.code), ('province:' || district.province_id), ('nation')
           ) AS named(scope)
      WHERE lao.id = ANY (laos)
     HAVING count(*) > 0;
END
$$;
"""
# Most of the triggers that a save fires find that nothing of theirs has changed.
UNLESS_EMPTY = "IF laos IS NULL THEN RETURN; END IF;\n    "


class Migration(migrations.Migration):
    dependencies = [("public", "0001_versions")]
    operations = [
        migrations.RunSQL(SCOPE_OF_PROJECT, "DROP FUNCTION public_scope_of_project(bigint)"),
        migrations.RunSQL(TOUCH_LAOS.format(first=UNLESS_EMPTY), TOUCH_LAOS.format(first="")),
        # A tally stays with its LAO.
        migrations.RunSQL(
            "DROP TRIGGER touch_left ON reporting_tally",
            "CREATE TRIGGER touch_left AFTER UPDATE ON reporting_tally REFERENCING OLD TABLE AS changed "
            "FOR EACH STATEMENT EXECUTE FUNCTION public_changed_of_lao()",
        ),
    ]
