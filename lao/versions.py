"""Earlier versions of a row, read backwards from the audit trail, and who saved the present one."""

from django.db.models import Q

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


def last_saved(row, also=None):
    """Whose office saved `row` last, and when, in words; "" for what nobody knows.

    `also` tells the entries of the trail on other rows that belong to it, as a `Q`.
    """
    entry = _entries(row, also).first()
    if entry is None:
        return "", thai_datetime(row.updated_at) if hasattr(row, "updated_at") else ""
    person = User.objects.with_area().filter(pk=entry.actor_id).first() if entry.actor_id else None
    return person.office if person else "", thai_datetime(entry.at)


def of_rows(model, keys):
    """The entries of the trail on the rows of `model` with those `keys`, as a `Q`."""
    return Q(table_name=model._meta.db_table, row_id__in=[str(key) for key in keys])


def _entries(row, also=None):
    own = of_rows(row, [row.pk])
    return AuditEntry.objects.filter(own | also if also else own).order_by("-id")
