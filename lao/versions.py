"""Earlier versions of a row, read backwards from the audit trail, and who saved the present one."""

from eplan.fiscal import thai_datetime
from lao.models import AuditEntry, User


def values_when(row, names, version):
    """The columns `names` of the model's instance `row`, which counts its own `version`, as that version had them.

    A dict; None where the trail doesn't reach back so far.
    """
    values = {name: getattr(row, name) for name in names}
    present = row.version
    for entry in _entries(row):
        if present == version or entry.before is None:
            break
        for name in values.keys() & entry.before.keys():
            values[name] = row._meta.get_field(name).to_python(entry.before[name])
        present = entry.before.get("version", present)
    return values if present == version else None


def last_saved(row):
    """Whose office saved `row` last, and when, in words; "" for an office that nobody knows."""
    entry = _entries(row).first()
    if entry is None:
        return "", thai_datetime(row.updated_at)
    person = User.objects.with_area().filter(pk=entry.actor_id).first() if entry.actor_id else None
    return person.office if person else "", thai_datetime(entry.at)


def _entries(row):
    return AuditEntry.objects.filter(table_name=row._meta.db_table, row_id=str(row.pk)).order_by("-id")
