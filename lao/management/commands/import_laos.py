"""Takes in the register of the Department of Local Administration."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from lao.imports import import_register
from lao.register_import import UnreadableError
from lao.register_wording import summed_up, told


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
        for group in told(outcome):
            self.stdout.write(f"{group.title} ({len(group.lines):,})")
            for line in group.lines:
                self.stdout.write(f"  {line.text}")
                for change in line.changes:
                    self.stdout.write(f"    {change}")
        self.stdout.write(summed_up(outcome))
        self.stdout.write("บันทึกแล้ว" if apply else "ยังไม่ได้บันทึก ใส่ --apply เพื่อบันทึก")
