"""Takes in a letter that came back: the mail server pipes each report of non-delivery to this command."""

import sys

from django.core.management.base import BaseCommand

from reporting.reminders import bounced

LARGEST = 1024 * 1024  # bytes that are read; the report stands at the beginning


class Command(BaseCommand):
    """`manage.py record_bounce < letter`."""

    help = "รับอีเมลแจ้งว่าส่งไม่ถึง (RFC 3464) ทาง stdin แล้วบันทึกว่าการเตือนฉบับนั้นถูกตีกลับ"

    def handle(self, **options):
        """Read the letter and say whether it was one of ours."""
        known = bounced(sys.stdin.buffer.read(LARGEST))
        self.stdout.write("บันทึกว่าถูกตีกลับแล้ว" if known else "ไม่ใช่การเตือนที่ส่งไม่ถึง")
