"""Commands that prove what pages show: computed in two ways, by the pages' own functions and by other means."""

from collections.abc import Iterator
from time import monotonic

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

SHOWN = 20  # differences; there may be as many as there are rows


class ProvingCommand(BaseCommand):
    """Computes in two ways; exits with 1 where they differ. `compared` says in words what has been looked at."""

    compared = ""

    def differences(self) -> Iterator[str]:
        """What does not agree, in words."""
        raise NotImplementedError

    def handle(self, **options):
        """Look for differences in one snapshot: whatever is being saved meanwhile, both sides see the same moment."""
        began = monotonic()
        outermost = not connection.in_atomic_block
        with transaction.atomic():
            if outermost:
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            different = list(self.differences())
        for line in different[:SHOWN]:
            self.stdout.write(line)
        if different:
            raise CommandError(f"ไม่ตรงกัน {len(different):,} แห่ง (แสดง {min(len(different), SHOWN)} แห่งแรก)")
        self.stdout.write(f"{self.compared} ตรงกับการคำนวณใหม่ทุกแถว ใช้เวลา {monotonic() - began:.1f} วินาที")
