from django.db import migrations

# Also in a session that plays a replica (session_replication_role), whose other triggers rest.
KEEP = "ALTER TABLE lao_auditentry ENABLE ALWAYS TRIGGER append_only, ENABLE ALWAYS TRIGGER never_emptied"
KEEP_USUALLY = "ALTER TABLE lao_auditentry ENABLE TRIGGER append_only, ENABLE TRIGGER never_emptied"


class Migration(migrations.Migration):
    dependencies = [("lao", "0014_lao_by_part_of_name")]
    operations = [migrations.RunSQL(KEEP, KEEP_USUALLY)]
