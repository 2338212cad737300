from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("lao", "0016_trail_by_its_owner")]
    operations = [
        migrations.AddIndex(
            "auditentry", models.Index(fields=["table_name", "-id"], name="audit_by_table")
        ),
    ]
