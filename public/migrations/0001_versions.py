from django.db import migrations, models

# A change takes a row of its scope that nobody holds, or adds one: two LAOs that save at once never wait for each other,
# although both change what the page of their province and that of the nation show.
TOUCH = """
CREATE FUNCTION public_touch(touched text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    one text;
    free bigint;
    fresh bigint;
BEGIN
    FOREACH one IN ARRAY touched LOOP
        fresh := ('x' || left(md5(gen_random_uuid()::text), 16))::bit(64)::bigint;
        SELECT id INTO free FROM public_version WHERE scope = one LIMIT 1 FOR UPDATE SKIP LOCKED;
        IF FOUND THEN
            UPDATE public_version SET stamp = fresh WHERE id = free;
        ELSE
            INSERT INTO public_version (scope, stamp) VALUES (one, fresh);
        END IF;
    END LOOP;
END
$$;
CREATE FUNCTION public_touch_laos(laos bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM public_touch(array_agg(DISTINCT scope))
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

# One function for each way from a row to its LAO. `changed` is what a statement inserted, updated or deleted.
FUNCTIONS = {
    "public_changed_of_lao": "PERFORM public_touch_laos(array_agg(DISTINCT lao_id)) FROM changed;",
    "public_changed_of_plan": """
    PERFORM public_touch_laos(array_agg(DISTINCT plan.lao_id))
       FROM changed JOIN projects_plan AS plan ON plan.id = changed.plan_id;""",
    "public_changed_of_project": """
    PERFORM public_touch_laos(array_agg(DISTINCT plan.lao_id))
       FROM changed
       JOIN projects_project AS project ON project.id = changed.project_id
       JOIN projects_plan AS plan ON plan.id = project.plan_id;""",
    "public_changed_of_year": """
    PERFORM public_touch_laos(array_agg(DISTINCT plan.lao_id))
       FROM changed
       JOIN projects_projectyear AS year ON year.id = changed.project_year_id
       JOIN projects_project AS project ON project.id = year.project_id
       JOIN projects_plan AS plan ON plan.id = project.plan_id;""",
    "public_changed_for_all": """
    IF TG_OP = 'TRUNCATE' THEN
        PERFORM public_touch(ARRAY['reference']);
        RETURN NULL;
    END IF;
    PERFORM public_touch(ARRAY['reference']) FROM (SELECT FROM changed LIMIT 1) AS anything;""",
}
# Accounts change at every sign-in; to citizens it matters only whether what an LAO entered is withheld.
WITHHELD = """
CREATE FUNCTION public_withheld_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM public_touch_laos(ARRAY[OLD.lao_id, NEW.lao_id]);
    RETURN NULL;
END
$$;
CREATE TRIGGER touch_updated AFTER UPDATE ON lao_user FOR EACH ROW
    WHEN ((old.lao_id, old.withheld_since) IS DISTINCT FROM (new.lao_id, new.withheld_since))
    EXECUTE FUNCTION public_withheld_changed();
CREATE TRIGGER touch_inserted AFTER INSERT ON lao_user FOR EACH ROW WHEN (new.lao_id IS NOT NULL)
    EXECUTE FUNCTION public_withheld_changed();
CREATE TRIGGER touch_deleted AFTER DELETE ON lao_user FOR EACH ROW WHEN (old.lao_id IS NOT NULL)
    EXECUTE FUNCTION public_withheld_changed();
"""
COVERED = {
    "lao_laoprofile": "public_changed_of_lao",
    "projects_plan": "public_changed_of_lao",
    "reporting_tally": "public_changed_of_lao",
    "projects_project": "public_changed_of_plan",
    "evaluation_score": "public_changed_of_plan",
    "evaluation_scorechange": "public_changed_of_plan",
    "projects_projectyear": "public_changed_of_project",
    "projects_reviewdecision": "public_changed_of_project",
    "reporting_progressreport": "public_changed_of_year",
    **dict.fromkeys(
        (
            "lao_region",
            "lao_province",
            "lao_district",
            "lao_lao",
            "lao_formercode",
            "projects_planperiod",
            "projects_dimension",
            "reporting_reportinground",
            "reporting_extension",
            "reporting_levelcutoff",
            "evaluation_periodstandard",
            "evaluation_dimensionstandard",
        ),
        "public_changed_for_all",
    ),
}


def triggers(table, function):
    """The SQL that lets `function` know of every change of `table`: of both ends, where a row moves to another LAO."""
    statements = {
        "inserted": ("INSERT", "REFERENCING NEW TABLE AS changed"),
        "updated": ("UPDATE", "REFERENCING NEW TABLE AS changed"),
        "left": ("UPDATE", "REFERENCING OLD TABLE AS changed"),
        "deleted": ("DELETE", "REFERENCING OLD TABLE AS changed"),
    }
    if function in ("public_changed_of_year", "public_changed_for_all") or table == "projects_projectyear":
        del statements["left"]  # a report and a project year stay where they are, and all is all
    made = "".join(
        f"CREATE TRIGGER touch_{name} AFTER {event} ON {table} {rows} FOR EACH STATEMENT EXECUTE FUNCTION {function}();"
        for name, (event, rows) in statements.items()
    )
    return made + emptied(table)


def emptied(table):
    """The SQL of the trigger for a table that is emptied at once."""
    return (
        f"CREATE TRIGGER touch_emptied AFTER TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION public_changed_for_all();"
    )


def forget(table):
    """The SQL that drops the triggers of `table`."""
    names = ("inserted", "updated", "left", "deleted", "emptied")
    return "".join(f"DROP TRIGGER IF EXISTS touch_{name} ON {table};" for name in names)


def function(name, body):
    """The operation that makes a trigger function."""
    return migrations.RunSQL(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NULL; END $$;",
        f"DROP FUNCTION {name}()",
    )


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("lao", "0009_rare_actions"),
        ("projects", "0008_excel_uploads"),
        ("reporting", "0008_excel_uploads"),
        ("evaluation", "0005_uploads"),
    ]
    operations = [
        migrations.CreateModel(
            name="Version",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("scope", models.CharField(max_length=20)),
                ("stamp", models.BigIntegerField()),
            ],
            options={"indexes": [models.Index(fields=["scope"], name="version_by_scope")]},
        ),
        # Rows are rewritten again and again; with room on the page no index has to follow.
        migrations.RunSQL("ALTER TABLE public_version SET (fillfactor = 50)", migrations.RunSQL.noop),
        migrations.RunSQL(TOUCH, "DROP FUNCTION public_touch_laos(bigint[]); DROP FUNCTION public_touch(text[])"),
        *(function(name, body) for name, body in FUNCTIONS.items()),
        migrations.RunSQL(
            WITHHELD + emptied("lao_user"), forget("lao_user") + "DROP FUNCTION public_withheld_changed()"
        ),
        *(migrations.RunSQL(triggers(table, name), forget(table)) for table, name in COVERED.items()),
    ]
