from django.db import migrations

# Who acts is told to the database by lao.audit.acting(); a change that came past the application bears the database
# role's name. The first argument of the trigger finds the LAO of a row; the second lists columns that are never shown.
AUDIT_ROW = """
CREATE FUNCTION audit_row() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    old_row jsonb;
    new_row jsonb;
    of_lao bigint;
    secret text;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        old_row := to_jsonb(OLD) - 'sort_key' - 'updated_at';
    END IF;
    IF TG_OP <> 'DELETE' THEN
        new_row := to_jsonb(NEW) - 'sort_key' - 'updated_at';
    END IF;
    IF TG_OP = 'UPDATE' THEN
        SELECT coalesce(jsonb_object_agg(o.key, o.value), '{}'), coalesce(jsonb_object_agg(o.key, new_row -> o.key), '{}')
          INTO old_row, new_row
          FROM jsonb_each(old_row) AS o
         WHERE new_row -> o.key IS DISTINCT FROM o.value;
        IF old_row = '{}' THEN
            RETURN NULL;
        END IF;
    END IF;
    FOREACH secret IN ARRAY string_to_array(TG_ARGV[1], ',') LOOP
        IF old_row ? secret THEN
            old_row := jsonb_set(old_row, ARRAY[secret], '"***"');
        END IF;
        IF new_row ? secret THEN
            new_row := jsonb_set(new_row, ARRAY[secret], '"***"');
        END IF;
    END LOOP;
    IF TG_OP = 'DELETE' THEN
        EXECUTE TG_ARGV[0] INTO of_lao USING OLD;
    ELSE
        EXECUTE TG_ARGV[0] INTO of_lao USING NEW;
    END IF;
    INSERT INTO lao_auditentry (at, actor_id, actor_name, request_id, action, table_name, row_id, lao_id, before, after)
    VALUES (
        clock_timestamp(),
        nullif(current_setting('eplan.actor_id', true), '')::bigint,
        coalesce(nullif(current_setting('eplan.actor_name', true), ''), session_user),
        coalesce(current_setting('eplan.request_id', true), ''),
        TG_OP,
        TG_TABLE_NAME,
        CASE WHEN TG_OP = 'DELETE' THEN to_jsonb(OLD) ->> TG_ARGV[2] ELSE to_jsonb(NEW) ->> TG_ARGV[2] END,
        of_lao,
        old_row,
        new_row
    );
    RETURN NULL;
END
$$;
"""

APPEND_ONLY = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON lao_auditentry
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON lao_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

AUDITED = {
    "lao_lao": ("SELECT ($1).id", "", "id"),
    "lao_formercode": ("SELECT ($1).lao_id", "", "id"),
    "lao_laoprofile": ("SELECT ($1).lao_id", "", "lao_id"),
    "lao_user": ("SELECT ($1).lao_id", "password", "id"),
    "lao_activationcode": ("SELECT lao_id FROM lao_user WHERE id = ($1).user_id", "secret_hash", "id"),
    "lao_temporarypassword": ("SELECT lao_id FROM lao_user WHERE id = ($1).user_id", "secret_hash", "id"),
}


def audit_trigger(table, find_lao, secrets, key):
    """The operation that puts `table` under the trail."""
    return migrations.RunSQL(
        f"CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION audit_row('{find_lao}', '{secrets}', '{key}')",
        f"DROP TRIGGER audit ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [("lao", "0002_initial")]
    operations = [
        migrations.RunSQL(AUDIT_ROW, "DROP FUNCTION audit_row()"),
        migrations.RunSQL(
            APPEND_ONLY,
            "DROP TRIGGER append_only ON lao_auditentry; DROP TRIGGER never_emptied ON lao_auditentry; "
            "DROP FUNCTION refuse_change()",
        ),
        *(audit_trigger(table, *arguments) for table, arguments in AUDITED.items()),
    ]
