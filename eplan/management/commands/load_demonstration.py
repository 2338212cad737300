"""Fills an empty database with the demonstration."""

import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from eplan.demonstration import SEED, NotEmptyError, load, source


class Command(BaseCommand):
    """`manage.py load_demonstration [--nation] [--seed N]`."""

    help = "โหลดข้อมูลสาธิตลงในฐานข้อมูลที่ยังไม่มี อปท."

    def add_arguments(self, parser):
        """Take the size and the seed."""
        parser.add_argument("--nation", action="store_true", help="ทั้งประเทศ: 7,850 อปท. พร้อมรายงานราว 1.6 ล้านรายการ")
        parser.add_argument("--seed", type=int, default=SEED, help="เลขตั้งต้น ได้ข้อมูลเดิมทุกครั้งเมื่อใช้เลขเดิม (%(default)s)")

    def handle(self, *, nation, seed, verbosity, **options):
        """Load, and say how much and how fast."""
        if settings.PRODUCTION:
            raise CommandError("ข้อมูลสาธิตโหลดในระบบจริง (EPLAN_MODE=production) ไม่ได้")
        started = time.monotonic()
        try:
            rows = load(nation=nation, seed=seed, quiet=verbosity == 0)
        except NotEmptyError as error:
            raise CommandError("ฐานข้อมูลนี้มี อปท. อยู่แล้ว ข้อมูลสาธิตโหลดได้เฉพาะในฐานข้อมูลที่ว่าง") from error
        if nation:
            # So many new rows are worth a visibility map at once; nothing may be open around it.
            with connection.cursor() as cursor:
                cursor.execute("VACUUM (ANALYZE)")
        seconds = time.monotonic() - started
        if verbosity:
            total = sum(rows.values())
            for table, number in rows.items():
                self.stdout.write(f"{table:28}{number:>12,}")
            self.stdout.write(f"รวม {total:,} แถว ใน {seconds:.1f} วินาที ({total / seconds:,.0f} แถวต่อวินาที)")
            self.stdout.write(f"ที่มาของชื่อพื้นที่: {source()}")
