"""Reminds, by the calendar, every LAO that has something left to report. To be run daily, or as often as one likes."""

from collections import Counter

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from eplan.fiscal import thai_date_short
from reporting.actions.reminders import queue_calendar
from reporting.models import ReminderLog
from reporting.queries.reminders import due_by_calendar, waiting_count
from reporting.reminders import PostError, send_waiting


class Command(BaseCommand):
    """`manage.py send_reminders [--dry-run]`."""

    help = "ส่งอีเมลเตือน อปท. ที่ยังรายงานไม่ครบ (30, 7 และ 1 วันก่อน วันสุดท้าย และ 7 วันหลังวันสุดท้าย) ทำซ้ำได้ ไม่ส่งซ้ำ"

    def add_arguments(self, parser):
        """Take the wish to see and not to send."""
        parser.add_argument("--dry-run", action="store_true", help="แสดงว่าจะส่งถึงกี่ อปท. โดยไม่ส่งและไม่บันทึก")

    def handle(self, *, dry_run, verbosity, **options):
        """Write down what is due, send what waits, and say what became of it."""
        due = due_by_calendar(timezone.localdate())
        for (known, kind, day), number in Counter((each.reporting_round, each.kind, each.day) for each in due).items():
            label = ReminderLog.Kind(kind).label
            self.stdout.write(f"{known}: {label} (ครบกำหนด {thai_date_short(day)}) {number:,} อปท.")
        if dry_run:
            self.stdout.write(f"จะส่ง {len(due):,} ฉบับ และที่ค้างส่ง {waiting_count():,} ฉบับ (ยังไม่ได้ส่ง)")
            return
        queue_calendar(due)
        with tqdm(total=waiting_count(), unit=" ฉบับ", desc="ส่งการเตือน", disable=None if verbosity else True) as bar:
            try:
                outcomes = send_waiting(bar.update)
            except PostError as error:
                raise CommandError(f"ติดต่อเครื่องส่งอีเมลไม่ได้ ({error}) ที่เหลือ {waiting_count():,} ฉบับจะส่งเมื่อทำซ้ำ") from None
        told = " · ".join(f"{ReminderLog.Outcome(outcome).label} {number:,}" for outcome, number in outcomes.items())
        self.stdout.write(told or "ไม่มีการเตือนที่ต้องส่ง")
