"""Takes in the register of the Department of Local Administration."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from lao.imports import import_register
from lao.models import Lao, Province
from lao.models.register import lao_title
from lao.register_import import COLUMNS, UnreadableError


class Command(BaseCommand):
    """`manage.py import_laos FILE [--apply]`: a dry run unless told to apply."""

    help = "นำเข้าทะเบียน อปท. จากไฟล์ CSV ของกรมส่งเสริมการปกครองท้องถิ่น (ไม่บันทึกจนกว่าจะใส่ --apply)"

    def add_arguments(self, parser):
        """Take the file, and whether to write."""
        parser.add_argument("file", type=Path, help="ไฟล์ CSV ตามที่เผยแพร่")
        parser.add_argument("--apply", action="store_true", help="บันทึกจริง หากไม่ใส่จะแสดงผลโดยไม่บันทึก")

    def handle(self, *, file, apply, **options):
        """Read, compare, write when told to, and list everything."""
        try:
            outcome = import_register(by=None, data=file.read_bytes(), apply=apply)
        except OSError as error:
            raise CommandError(f"เปิดไฟล์ {file} ไม่ได้: {error.strerror}") from error
        except UnreadableError as error:
            raise CommandError(str(error)) from error
        self.provinces = dict(Province.objects.values_list("code", "name"))
        upgrades = [change for change in outcome.changes.changed if change.is_upgrade]
        updates = [change for change in outcome.changes.changed if not change.is_upgrade]
        problems = sorted(outcome.reading.problems + outcome.changes.problems, key=lambda problem: problem.row)
        notes = outcome.reading.notes
        self._list("เพิ่มใหม่", outcome.changes.inserted, self._entry_lines)
        self._list("เปลี่ยนรหัส (ยกฐานะ)", upgrades, self._change_lines)
        self._list("แก้ไข", updates, self._change_lines)
        self._list("ไม่พบในไฟล์ (คงไว้ในระบบ)", outcome.changes.missing, self._entry_lines)
        self._list("ข้อสังเกต", notes, self._problem_lines)
        self._list("แถวที่นำเข้าไม่ได้", problems, self._problem_lines)
        self.stdout.write(
            f"อ่าน {outcome.reading.rows:,} แถว ได้ {len(outcome.reading.entries):,} อปท.: "
            f"เพิ่มใหม่ {len(outcome.changes.inserted):,} · เปลี่ยนรหัส {len(upgrades):,} · แก้ไข {len(updates):,} · "
            f"ไม่เปลี่ยนแปลง {outcome.changes.unchanged:,} · ไม่พบในไฟล์ {len(outcome.changes.missing):,} · "
            f"ข้อสังเกต {len(notes):,} · แถวที่นำเข้าไม่ได้ {len(problems):,}"
        )
        self.stdout.write("บันทึกแล้ว" if apply else "ยังไม่ได้บันทึก ใส่ --apply เพื่อบันทึก")

    def _list(self, heading, items, lines_of):
        if items:
            self.stdout.write(f"{heading} ({len(items):,})")
            for item in items:
                for line in lines_of(item):
                    self.stdout.write(f"  {line}")

    def _entry_lines(self, entry):
        values = entry.values
        title = lao_title(values["kind"], values["name"])
        yield f"{entry.code} {title} อำเภอ{values['district']} จังหวัด{self.provinces[values['province']]}"

    def _change_lines(self, change):
        yield from self._entry_lines(change.entry)
        if change.is_upgrade:
            yield f"    {COLUMNS['code']}: {change.standing.code} -> {change.entry.code}"
        for name, (before, after) in change.fields.items():
            yield f"    {COLUMNS[name]}: {self._shown(name, before)} -> {self._shown(name, after)}"

    def _shown(self, name, value):
        if value in ("", None):
            return "(ว่าง)"
        if name == "kind":
            return Lao.Kind(value).label
        return self.provinces[value] if name == "province" else str(value)

    @staticmethod
    def _problem_lines(problem):
        yield f"แถว {problem.row} {problem.code}: {problem.reason}"
