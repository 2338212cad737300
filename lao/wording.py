"""The audit trail in words: what its tables, columns and values are called.

Other apps are known here by the names of their tables alone, as in the trail itself; everything else is read off their
models. Whatever can't be named any more, being gone or of an older edition, is shown as it was written down.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

from eplan.fiscal import thai_date_short, thai_datetime
from eplan.numbers import with_commas

TABLES = {
    "projects_project": "โครงการ/กิจกรรม",
    "projects_projectyear": "ปีงบประมาณของโครงการ",
    "projects_reviewdecision": "ผลการตรวจโครงการ",
    "reporting_progressreport": "รายงานผลการดำเนินงาน",
    "reporting_receipt": "ใบรับรายงาน",
    "reporting_keptcaution": "คำยืนยันข้อที่ควรตรวจสอบ",
    "projects_plan": "แผนของ อปท.",
    "evaluation_score": "คะแนนประเมิน",
    "evaluation_periodstandard": "คะแนนเต็มและเกณฑ์ผ่าน",
    "evaluation_dimensionstandard": "คะแนนเต็มของมิติ",
    "lao_lao": "ทะเบียน อปท.",
    "lao_formercode": "รหัสเดิมของ อปท.",
    "lao_laoprofile": "ข้อมูลพื้นฐาน",
    "lao_user": "บัญชีผู้ใช้งาน",
    "lao_activationcode": "รหัสเปิดใช้งาน",
    "lao_temporarypassword": "รหัสผ่านชั่วคราว",
    "lao_resetcode": "รหัสตั้งรหัสผ่านใหม่",
    "lao_resetrequest": "คำขอรหัสผ่านใหม่",
    "lao_secondfactor": "การยืนยันตัวตนสองขั้นตอน",
    "projects_planperiod": "ช่วงแผน",
    "projects_dimension": "มิติของแผน",
    "reporting_levelcutoff": "เกณฑ์ระดับ",
    "reporting_reportinground": "รอบการรายงาน",
    "reporting_extension": "การขยายเวลา",
}
ACTIONS = {
    "INSERT": "เพิ่ม",
    "UPDATE": "แก้ไข",
    "DELETE": "ลบ",
    "RESET": "ขอรหัสผ่านใหม่",
    "UNLOCK": "ปลดการรอ",
    "INVITE": "ส่งลิงก์ตั้งรหัสผ่าน",
    "UNPAIR": "ล้างการยืนยันตัวตนสองขั้นตอน",
}
# What the trail writes of rows; the other actions are deeds that left none behind.
ROWS = ("INSERT", "UPDATE", "DELETE")
# What a deed says of itself.
TOLD = {"reason": "เหตุผล"}
PLACES = {"lao_province": "จังหวัด", "lao_district": "อำเภอ", "lao_region": "ป.ป.ช. ภาค"}
PEOPLE = {"by_id": "โดย", "user_id": "บัญชี", "issued_by_id": "โดย"}
# Of no use to a reader: keys, counters, and what the entry says itself.
UNTOLD = {"id", "version", "sort_key", "loose_name", "created_at", "updated_at", "digest"}
# Where an array holds keys of another table.
KEYS_IN_ARRAYS = {("projects_project", "further_dimensions"): "projects_dimension"}
# What else the name of a row is made of.
NAMED_WITH = {
    "projects_plan": ("period", "lao"),
    "projects_projectyear": ("project",),
    "projects_reviewdecision": ("project",),
    "reporting_progressreport": ("project_year__project",),
    "reporting_keptcaution": ("report__project_year__project",),
    "evaluation_score": ("plan__period", "plan__lao"),
    "evaluation_periodstandard": ("period",),
    "evaluation_dimensionstandard": ("dimension",),
    "lao_laoprofile": ("lao",),
    "lao_activationcode": ("user",),
    "lao_temporarypassword": ("user",),
    "lao_resetcode": ("user",),
    "lao_resetrequest": ("user",),
    "lao_secondfactor": ("user",),
    "reporting_levelcutoff": ("period",),
    "reporting_extension": ("reporting_round", "lao", "province"),
}
NOTHING = "(ว่าง)"
SECRET = "***"  # noqa: S105  what the trail writes in place of one


@dataclass(frozen=True)
class Change:
    """One column of an entry: its `label`, and what stood there and stands there now, in words."""

    label: str
    before: str
    after: str


class Names:
    """The names of all rows that some entries of the trail speak of, fetched with one query a table."""

    def __init__(self, entries):
        wanted = defaultdict(set)
        for entry in entries:
            wanted[entry.table_name].add(entry.row_id)
            if entry.lao_id:
                wanted["lao_lao"].add(str(entry.lao_id))
            for values in (entry.before or {}, entry.after or {}):
                for column, value in values.items():
                    table = _leads_to(entry.table_name, column)
                    wanted[table] |= {str(key) for key in (value if isinstance(value, list) else [value])}
        self._rows = {table: _rows(table, keys) for table, keys in wanted.items() if table}

    def of(self, table, key):
        """The row `key` of `table` in words; its bare key where it is gone."""
        return str(self._rows.get(table, {}).get(str(key), key))

    def lao(self, key):
        """The LAO of that key with district and province, "" where there is none or it is gone."""
        lao = self._rows.get("lao_lao", {}).get(str(key))
        return f"{lao} อำเภอ{lao.district} จังหวัด{lao.district.province}" if lao else ""

    def row_of(self, entry):
        """What the entry is about, in words, even if it is gone; "" where it bears no name of its own."""
        if entry.row_id in self._rows.get(entry.table_name, {}):
            return self.of(entry.table_name, entry.row_id)
        told = {**(entry.before or {}), **(entry.after or {})}
        return str(told.get("name") or told.get("username") or told.get("code") or "")


def who_did(entry):
    """Who acted, by account name; what came past the screens bears the name of a role of the database."""
    if entry.actor_id:
        return entry.actor_name
    return "ผู้ที่ยังไม่ได้เข้าสู่ระบบ" if entry.request_id else f"{entry.actor_name or '-'} (นอกหน้าจอ)"


def deed_of(entry):
    """What was done, such as "แก้ไขโครงการ/กิจกรรม"."""
    if entry.action == "UPDATE" and set(entry.after) == {"last_login"}:
        return "เข้าสู่ระบบ"
    if entry.action not in ROWS and entry.action in ACTIONS:
        return ACTIONS[entry.action]
    return f"{ACTIONS.get(entry.action, entry.action)}{TABLES.get(entry.table_name, entry.table_name)}"


def changes_of(entry, names):
    """The `Change`s that an `AuditEntry` tells of, in the order of the columns."""
    before, after = entry.before or {}, entry.after or {}
    columns = [column for column in {**before, **after} if column not in UNTOLD]
    fields = _fields(entry.table_name)
    known = {column: place for place, column in enumerate(fields)}
    changes = []
    for column in sorted(columns, key=lambda column: known.get(column, len(known))):
        was, becomes = (_in_words(entry.table_name, column, values.get(column), names) for values in (before, after))
        if was != becomes or (column in before and column in after):
            changes.append(Change(label_of(entry.table_name, column), was, becomes))
    return changes


def label_of(table, column):
    """What a column is called."""
    if column in PEOPLE:
        return PEOPLE[column]
    target = _fields(table).get(column) and _leads_to(table, column)
    if target and (table, column) not in KEYS_IN_ARRAYS:
        return "อปท." if target == "lao_lao" else {**TABLES, **PLACES}.get(target, column)
    return str(_fields(table)[column].verbose_name) if column in _fields(table) else TOLD.get(column, column)


def _model(table):
    return next((model for model in apps.get_models() if model._meta.db_table == table), None)


def _fields(table):
    """The fields of a table by the names of their columns."""
    model = _model(table)
    return {field.column: field for field in model._meta.concrete_fields} if model else {}


def _leads_to(table, column):
    """The table whose keys the column holds, or None."""
    if (table, column) in KEYS_IN_ARRAYS:
        return KEYS_IN_ARRAYS[table, column]
    field = _fields(table).get(column)
    return field.related_model._meta.db_table if field is not None and field.is_relation else None


def _rows(table, keys):
    """The rows of `table` under `keys` (strings), by key as a string, with all that their names are made of."""
    model = _model(table)
    if model is None:
        return {}
    related = ("district__province",) if table == "lao_lao" else NAMED_WITH.get(table, ())
    whole = [key for key in keys if key.isascii() and key.isdigit()]
    rows = model._base_manager.select_related(*related).filter(pk__in=whole)
    return {str(row.pk): row for row in rows}


def _in_words(table, column, value, names):
    if value in (None, "", []):
        return NOTHING
    target = _leads_to(table, column)
    if isinstance(value, list):
        return ", ".join(_one_in_words(table, column, part, target, names) for part in value)
    return _one_in_words(table, column, value, target, names)


def _one_in_words(table, column, value, target, names):
    if target:
        return names.of(target, value)
    if value == SECRET:
        return "(ไม่แสดง)"
    field = _fields(table).get(column)
    if isinstance(field, ArrayField):
        field = field.base_field
    choices = dict(field.flatchoices) if field is not None else {}
    return str(choices.get(value) or _plain(field, value))


def _plain(field, value):
    """A value that is no choice and no key: dates in the Buddhist era, amounts with commas, yes and no."""
    try:
        if isinstance(field, models.DateTimeField):
            return thai_datetime(datetime.fromisoformat(value))
        if isinstance(field, models.DateField):
            return thai_date_short(date.fromisoformat(value))
    except ValueError:
        return value
    if isinstance(value, bool):
        return "ใช่" if value else "ไม่ใช่"
    if isinstance(field, models.DecimalField):
        return with_commas(Decimal(str(value)))
    return value
