"""Makes the codes of the letters that open accounts for the first time."""

from django.core.management.base import BaseCommand, CommandError

from eplan.fiscal import thai_date
from lao.actions import issue_activation_codes
from lao.models import Lao, Province
from lao.queries import accounts_to_activate


class Command(BaseCommand):
    """Prints one line for each unclaimed account: LAO code, activation code, last day, name, district, province.

    The codes are shown this once; only their hashes are kept. Codes issued before for the same accounts end.
    """

    help = "ออกรหัสเปิดใช้งานสำหรับ อปท. ที่ยังไม่เคยเข้าใช้ (แสดงครั้งเดียว รหัสที่ออกไว้ก่อนจะใช้ไม่ได้อีก)"

    def add_arguments(self, parser):
        """For which LAOs."""
        whom = parser.add_mutually_exclusive_group(required=True)
        whom.add_argument("--lao", nargs="+", metavar="CODE", help="รหัส อปท. 7 หลัก หนึ่งรหัสหรือมากกว่า")
        whom.add_argument("--province", metavar="81", help="รหัสจังหวัด 2 หลัก: ทุก อปท. ในจังหวัดที่ยังไม่เคยเข้าใช้")

    def handle(self, *args, lao, province, **options):
        """Issue and print."""
        laos = Lao.objects.filter(code__in=lao) if lao else self._laos_of(province)
        accounts = list(accounts_to_activate(laos))
        if lao:
            self._refuse_others(lao, accounts)
        issued = issue_activation_codes(by=None, users=accounts)
        for user, code, expires_at in issued:
            place = user.lao.district
            last_day = thai_date(expires_at)
            self.stdout.write(
                "\t".join([user.lao.code, code, last_day, str(user.lao), place.name, place.province.name])
            )
        self.stderr.write(f"ออกรหัส {len(issued)} รายการ")

    @staticmethod
    def _laos_of(province):
        if not Province.objects.filter(pk=province).exists():
            raise CommandError(f"ไม่มีจังหวัดรหัส {province}")
        return Lao.objects.filter(district__province=province)

    @staticmethod
    def _refuse_others(codes, accounts):
        others = sorted(set(codes) - {account.lao.code for account in accounts})
        if others:
            raise CommandError(f"ไม่มีบัญชีที่ยังไม่เคยเข้าใช้ของรหัส {', '.join(others)} จึงยังไม่ได้ออกรหัสใด")
