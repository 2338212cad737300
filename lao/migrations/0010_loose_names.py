from importlib import import_module

import django.db.models
import lao.models.register
from django.db import migrations

AUDIT_ROW = import_module("lao.migrations.0003_audit_trail").AUDIT_ROW.replace("CREATE", "CREATE OR REPLACE", 1)

# Names as they are searched; eplan.thai.thai_loose is the same rule in Python. Letters of the first list without a
# partner in the second are dropped: phinthu, ็, the tone marks, ์, nikhahit and yamakkan.
THAI_LOOSE = """
CREATE FUNCTION thai_loose(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN translate(
    lower(value),
    '๐๑๒๓๔๕๖๗๘๙' || chr(3642) || chr(3655) || chr(3656) || chr(3657) || chr(3658) || chr(3659) || chr(3660) || chr(3661)
        || chr(3662),
    '0123456789');
"""


def loose_name_of(model):
    return migrations.AddField(
        model_name=model,
        name="loose_name",
        field=django.db.models.GeneratedField(
            db_persist=True,
            expression=lao.models.register.ThaiLoose(django.db.models.F("name")),
            output_field=django.db.models.TextField(),
        ),
    )


class Migration(migrations.Migration):
    dependencies = [("lao", "0009_rare_actions")]
    operations = [
        migrations.RunSQL(THAI_LOOSE, "DROP FUNCTION thai_loose(text)"),
        # The trail tells what people changed, not what the database derives from it.
        migrations.RunSQL(AUDIT_ROW.replace(" - 'sort_key'", " - 'sort_key' - 'loose_name'"), AUDIT_ROW),
        loose_name_of("province"),
        loose_name_of("district"),
        loose_name_of("lao"),
    ]
