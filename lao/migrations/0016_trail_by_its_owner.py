from django.db import migrations

# The trail is written with the rights of its owner, so that whom the application signs in as needs none. Names are
# looked up in the schema of the tables alone: a temporary table of the same name would be found first otherwise. Nobody
# else may put the trigger on a table of theirs, since its first argument is carried out.
OWNED = """
DO $$
BEGIN
    EXECUTE format(
        'ALTER FUNCTION audit_row() SECURITY DEFINER SET search_path = %I, pg_temp', current_schema()
    );
END
$$;
REVOKE EXECUTE ON FUNCTION audit_row() FROM PUBLIC;
"""
NOT_OWNED = """
ALTER FUNCTION audit_row() SECURITY INVOKER RESET search_path;
GRANT EXECUTE ON FUNCTION audit_row() TO PUBLIC;
"""

# What leaves no changed row behind is noted by this function. It never passes for the change of a row.
NOTE = """
CREATE FUNCTION audit_note(
    what text, by_id bigint, by_name text, request text, of_account bigint, of_lao bigint, said jsonb
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    IF what IN ('INSERT', 'UPDATE', 'DELETE') THEN
        RAISE EXCEPTION '% is said by the changed row itself', what USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO lao_auditentry (at, actor_id, actor_name, request_id, action, table_name, row_id, lao_id, after)
    VALUES (
        clock_timestamp(), by_id, by_name, request, what, 'lao_user', coalesce(of_account::text, ''), of_lao, said
    );
END
$$;
DO $$
BEGIN
    EXECUTE format(
        'ALTER FUNCTION audit_note(text, bigint, text, text, bigint, bigint, jsonb) SET search_path = %I, pg_temp',
        current_schema()
    );
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("lao", "0015_trail_always_kept")]
    operations = [
        migrations.RunSQL(OWNED, NOT_OWNED),
        migrations.RunSQL(NOTE, "DROP FUNCTION audit_note(text, bigint, text, text, bigint, bigint, jsonb)"),
    ]
