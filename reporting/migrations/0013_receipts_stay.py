from django.db import migrations

APPEND_ONLY = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON reporting_receipt
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON reporting_receipt
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON reporting_receipt
    FOR EACH ROW EXECUTE FUNCTION audit_row('SELECT ($1).lao_id', 'code', 'id');
"""


class Migration(migrations.Migration):
    dependencies = [("lao", "0003_audit_trail"), ("reporting", "0012_receipts")]
    operations = [
        migrations.RunSQL(
            APPEND_ONLY,
            "DROP TRIGGER audit ON reporting_receipt; DROP TRIGGER never_emptied ON reporting_receipt; "
            "DROP TRIGGER append_only ON reporting_receipt",
        )
    ]
