from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

# Thai dictionary order under any collation; eplan.thai.thai_key is the same rule in Python.
# A leading vowel sorts after the consonant that it is written before; tone marks and the small signs above and below
# decide only between words that are otherwise alike.
THAI_KEY = r"""
CREATE FUNCTION thai_key(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN regexp_replace(
           regexp_replace(translate(lower(value), '๐๑๒๓๔๕๖๗๘๙', '0123456789'), '([เแโใไ])([ก-ฮ])', '\2\1', 'g'),
           '[' || chr(3642) || chr(3655) || chr(3656) || '-' || chr(3662) || ']', '', 'g')
       || chr(1)
       || regexp_replace(translate(lower(value), '๐๑๒๓๔๕๖๗๘๙', '0123456789'), '([เแโใไ])([ก-ฮ])', '\2\1', 'g');
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        TrigramExtension(),
        migrations.RunSQL(THAI_KEY, "DROP FUNCTION thai_key(text)"),
    ]
