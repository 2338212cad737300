"""Reporting rounds, the progress reports, and the tallies that every table is made of."""

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q

from lao.models import FormUpload, Lao, Province
from projects.models import MONEY, visible_through

MONTHS = [(6, "6 เดือน"), (12, "12 เดือน")]


class ReportingRound(models.Model):
    """รอบการรายงาน of a fiscal year: the first and the last day on which reports are taken."""

    fiscal_year = models.PositiveSmallIntegerField("ปีงบประมาณ")
    months = models.PositiveSmallIntegerField("รอบ", choices=MONTHS)
    opens_on = models.DateField("เปิดวันที่")
    closes_on = models.DateField("ปิดวันที่")

    class Meta:
        ordering = ["fiscal_year", "months"]
        constraints = [
            models.UniqueConstraint(
                name="round_once_per_year",
                fields=["fiscal_year", "months"],
                violation_error_message="มีรอบการรายงานนี้แล้ว",
            ),
            models.CheckConstraint(name="round_months_6_or_12", condition=Q(months__in=[6, 12])),
            models.CheckConstraint(
                name="round_dates_in_order",
                condition=Q(closes_on__gte=F("opens_on")),
                violation_error_message="วันปิดต้องไม่ก่อนวันเปิด",
            ),
        ]

    def __str__(self):
        return f"รอบ {self.months} เดือน ปีงบประมาณ {self.fiscal_year}"


class ExtensionQuerySet(models.QuerySet):
    """Extensions."""

    def visible_to(self, user):
        """The extensions for the LAOs and the provinces inside `user`'s area."""
        if user.role == "CENTRAL":
            return self
        return self.filter(Q(lao__in=Lao.objects.visible_to(user)) | Q(province__in=Province.objects.visible_to(user)))


class Extension(models.Model):
    """More time in a round, for one LAO or for a whole province, with the reason."""

    # "reporting_round" because `round` is a builtin.
    reporting_round = models.ForeignKey(ReportingRound, models.CASCADE, related_name="extensions")
    lao = models.ForeignKey("lao.Lao", models.CASCADE, null=True, blank=True, related_name="extensions")
    province = models.ForeignKey("lao.Province", models.CASCADE, null=True, blank=True, related_name="extensions")
    until = models.DateField("ถึงวันที่")
    reason = models.TextField("เหตุผล")

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="extension_for_lao_or_province",
                condition=Q(lao__isnull=False, province__isnull=True) | Q(lao__isnull=True, province__isnull=False),
                violation_error_message="เลือก อปท. หรือจังหวัดอย่างใดอย่างหนึ่ง",
            ),
            models.CheckConstraint(
                name="extension_has_reason",
                condition=~Q(reason__regex=r"^\s*$"),
                violation_error_message="กรุณาระบุเหตุผล",
            ),
        ]

    def __str__(self):
        return f"ขยายเวลา {self.reporting_round}: {self.lao or self.province}"


class ProgressReportQuerySet(models.QuerySet):
    """Progress reports."""

    def visible_to(self, user):
        """The reports of the LAOs inside `user`'s area."""
        return visible_through("project_year__project__plan__lao__", self, user)


class ProgressReport(models.Model):
    """รายงานผล of one project year in one round. "Not reported" is the absence of a row."""

    TEXT_LENGTH = 4000
    OTHER_LENGTH = 300

    class Status(models.TextChoices):
        IN_PROGRESS = "IN_PROGRESS", "อยู่ระหว่างดำเนินการ"
        COMPLETED = "COMPLETED", "ดำเนินการแล้วเสร็จ"
        NOT_FEASIBLE = "NOT_FEASIBLE", "ไม่สามารถดำเนินการได้"

    class Reason(models.TextChoices):
        NO_BUDGET = "NO_BUDGET", "ไม่ได้รับงบประมาณ"
        POLICY_CHANGED = "POLICY_CHANGED", "นโยบายผู้บริหารเปลี่ยนแปลง"
        NOT_ENOUGH_STAFF = "NOT_ENOUGH_STAFF", "บุคลากรไม่เพียงพอ"
        OTHER = "OTHER", "อื่นๆ"

    project_year = models.ForeignKey("projects.ProjectYear", models.PROTECT, related_name="reports")
    months = models.PositiveSmallIntegerField("รอบ", choices=MONTHS)
    status = models.CharField("สถานะการดำเนินงาน", max_length=15, choices=Status.choices)
    reason = models.CharField("เหตุผล", max_length=20, choices=Reason.choices, blank=True, default="")
    other_reason = models.CharField("อื่นๆ", max_length=OTHER_LENGTH, blank=True, default="")
    ordinance_budget = models.DecimalField("งบประมาณตามข้อบัญญัติ/เทศบัญญัติ", null=True, blank=True, **MONEY)
    disbursed = models.DecimalField("การเบิกจ่ายงบประมาณ", null=True, blank=True, **MONEY)
    in_ordinance = models.BooleanField("บรรจุไว้ในข้อบัญญัติ/เทศบัญญัติ/แผนการดำเนินงาน", default=False)
    remark = models.TextField("หมายเหตุ", blank=True, default="", validators=[MaxLengthValidator(TEXT_LENGTH)])
    version = models.PositiveIntegerField(default=1)
    reported_at = models.DateTimeField("รายงานเมื่อ", auto_now_add=True)
    updated_at = models.DateTimeField("แก้ไขเมื่อ", auto_now=True)

    objects = ProgressReportQuerySet.as_manager()

    class Meta:
        ordering = ["project_year_id", "months"]
        constraints = [
            models.UniqueConstraint(
                name="report_once_per_round",
                fields=["project_year", "months"],
                violation_error_message="รายงานรอบนี้มีอยู่แล้ว",
            ),
            models.CheckConstraint(name="report_months_6_or_12", condition=Q(months__in=[6, 12])),
            models.CheckConstraint(
                name="report_reason_only_when_not_feasible",
                condition=Q(
                    status="NOT_FEASIBLE", reason__in=["NO_BUDGET", "POLICY_CHANGED", "NOT_ENOUGH_STAFF", "OTHER"]
                )
                | Q(status__in=["IN_PROGRESS", "COMPLETED"], reason=""),
                violation_error_message="เหตุผลใช้กับสถานะ ไม่สามารถดำเนินการได้ เท่านั้น และต้องระบุ",
            ),
            models.CheckConstraint(
                name="report_other_reason_only_with_other",
                condition=(Q(reason="OTHER") & ~Q(other_reason__regex=r"^\s*$"))
                | (~Q(reason="OTHER") & Q(other_reason="")),
                violation_error_message="กรุณาระบุเหตุผลอื่นๆ",
            ),
            models.CheckConstraint(
                name="report_budgets_not_negative",
                condition=(Q(ordinance_budget__isnull=True) | Q(ordinance_budget__gte=0))
                & (Q(disbursed__isnull=True) | Q(disbursed__gte=0)),
                violation_error_message="จำนวนเงินต้องไม่ติดลบ",
            ),
        ]

    def __str__(self):
        return f"{self.project_year} รอบ {self.months} เดือน"


class KeptCautionQuerySet(models.QuerySet):
    """Kept cautions."""

    def visible_to(self, user):
        """Those on the reports of the LAOs inside `user`'s area."""
        return visible_through("report__project_year__project__plan__lao__", self, user)


class KeptCaution(models.Model):
    """A caution about a report that its LAO confirms to be right, with the note why. Officers read it, citizens don't.

    `figures` are those that the caution spoke of (`reporting.cautions`): where they have changed, it is said again.
    """

    NOTE_LENGTH = 300

    class Kind(models.TextChoices):
        SLIP_ORDINANCE_BUDGET = "SLIP_ORDINANCE_BUDGET", "หน่วยของงบประมาณตามข้อบัญญัติ/เทศบัญญัติ"
        SLIP_DISBURSED = "SLIP_DISBURSED", "หน่วยของการเบิกจ่าย"
        ABOVE_ORDINANCE = "ABOVE_ORDINANCE", "เบิกจ่ายมากกว่างบประมาณ"
        BELOW_SIX = "BELOW_SIX", "เบิกจ่ายน้อยกว่ารอบ 6 เดือน"
        UNSPENT = "UNSPENT", "แล้วเสร็จโดยไม่มีการเบิกจ่าย"

    report = models.ForeignKey(ProgressReport, models.CASCADE, related_name="kept")
    kind = models.CharField("ข้อที่ควรตรวจสอบ", max_length=25, choices=Kind.choices)
    figures = models.CharField("จำนวนเงินที่ยืนยัน", max_length=60)
    words = models.CharField("ข้อความ", max_length=300)
    note = models.CharField("ยืนยันว่าถูกต้อง เพราะ", max_length=NOTE_LENGTH)
    by = models.ForeignKey("lao.User", models.PROTECT, related_name="kept_cautions")
    kept_at = models.DateTimeField("เมื่อ", auto_now=True)

    objects = KeptCautionQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                name="kept_caution_once",
                fields=["report", "kind"],
                violation_error_message="ยืนยันข้อนี้ไว้แล้ว",
            ),
            models.CheckConstraint(
                name="kept_caution_has_note",
                condition=~Q(note__regex=r"^\s*$"),
                violation_error_message="กรุณาระบุเหตุผลที่ยืนยัน",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.report}"


class LevelCutoff(models.Model):
    """From which percentage on a result is called มาก or ปานกลาง, in a period and round, and those words."""

    period = models.ForeignKey("projects.PlanPeriod", models.CASCADE, related_name="cutoffs")
    months = models.PositiveSmallIntegerField("รอบ", choices=MONTHS)
    high = models.DecimalField("มาก ตั้งแต่ร้อยละ", max_digits=5, decimal_places=2)
    medium = models.DecimalField("ปานกลาง ตั้งแต่ร้อยละ", max_digits=5, decimal_places=2)
    high_name = models.CharField("คำของระดับสูง", max_length=50, default="มาก")
    medium_name = models.CharField("คำของระดับกลาง", max_length=50, default="ปานกลาง")
    low_name = models.CharField("คำของระดับต่ำ", max_length=50, default="น้อย")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="cutoff_once_per_period_and_round", fields=["period", "months"]),
            models.CheckConstraint(name="cutoff_months_6_or_12", condition=Q(months__in=[6, 12])),
            models.CheckConstraint(
                name="cutoff_in_order",
                condition=Q(medium__gt=0, high__gt=F("medium"), high__lte=100),
                violation_error_message="เกณฑ์ระดับมากต้องสูงกว่าระดับปานกลาง และไม่เกิน 100",
            ),
        ]

    def __str__(self):
        return f"เกณฑ์ระดับ แผน {self.period} รอบ {self.months} เดือน"


class TallyQuerySet(models.QuerySet):
    """Tallies."""

    def visible_to(self, user):
        """The tallies of the LAOs inside `user`'s area."""
        return visible_through("lao__", self, user)


class Tally(models.Model):
    """Counts and sums over an LAO's counted project years, per fiscal year, round and main dimension.

    Kept by the database in the transaction of the change itself, whatever path the change took; the application only
    reads it. In the 12-month rows a 6-month report stands in until a 12-month one replaces it; `settled` alone counts
    those of which nothing is left to report in the very round (`reporting.rounds.is_settled`). Sums in baht.
    """

    lao = models.ForeignKey("lao.Lao", models.CASCADE, related_name="tallies")
    fiscal_year = models.PositiveSmallIntegerField()
    months = models.PositiveSmallIntegerField()
    dimension = models.ForeignKey("projects.Dimension", models.CASCADE, related_name="tallies")
    projects = models.PositiveIntegerField()
    completed = models.PositiveIntegerField()
    in_progress = models.PositiveIntegerField()
    not_feasible = models.PositiveIntegerField()
    in_ordinance = models.PositiveIntegerField()
    settled = models.PositiveIntegerField()
    plan_budget = models.DecimalField(max_digits=20, decimal_places=2)
    ordinance_budget = models.DecimalField(max_digits=20, decimal_places=2)
    disbursed = models.DecimalField(max_digits=20, decimal_places=2)

    objects = TallyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="tally_once",
                fields=["fiscal_year", "months", "lao", "dimension"],
                include=["projects", "completed", "in_progress", "not_feasible", "settled"],
            )
        ]

    def __str__(self):
        return f"{self.lao_id} {self.fiscal_year}/{self.months}"


class Week(models.Model):
    """Since which week, by its Monday, nothing is left to report on how many of an LAO's project years in a round.

    Over all weeks they add up to the `settled` of its tallies, and are kept by the database in the same way.
    """

    lao = models.ForeignKey("lao.Lao", models.CASCADE, related_name="weeks")
    fiscal_year = models.PositiveSmallIntegerField()
    months = models.PositiveSmallIntegerField()
    week = models.DateField()
    settled = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="week_once", fields=["fiscal_year", "months", "lao", "week"], include=["settled"]
            )
        ]

    def __str__(self):
        return f"{self.lao_id} {self.fiscal_year}/{self.months} {self.week}"


class ReminderLogQuerySet(models.QuerySet):
    """Reminders."""

    def visible_to(self, user):
        """The reminders to the LAOs inside `user`'s area."""
        return visible_through("lao__", self, user)


class ReminderLog(models.Model):
    """One reminder to one LAO about one round, and what became of it. It never holds an address.

    `day` is the last day that a reminder of the calendar counts from, extensions included, so that a later last day is
    reminded of anew; of one that an officer sends it is the day of sending, so that nobody gets two a day.
    """

    class Kind(models.TextChoices):
        BEFORE_30 = "BEFORE_30", "ก่อนครบกำหนด 30 วัน"
        BEFORE_7 = "BEFORE_7", "ก่อนครบกำหนด 7 วัน"
        BEFORE_1 = "BEFORE_1", "ก่อนครบกำหนด 1 วัน"
        LAST_DAY = "LAST_DAY", "วันครบกำหนด"
        AFTER_7 = "AFTER_7", "หลังครบกำหนด 7 วัน"
        BY_OFFICER = "BY_OFFICER", "เจ้าหน้าที่ส่ง"

    class Outcome(models.TextChoices):
        WAITING = "WAITING", "รอส่ง"
        SENT = "SENT", "ส่งแล้ว"
        FAILED = "FAILED", "ส่งไม่สำเร็จ จะลองอีก"
        # On its way, or its sender died or lost the answer on the way: it may have arrived, and is not sent again.
        UNSURE = "UNSURE", "หยุดกลางคัน ไม่แน่ใจว่าส่งถึง"
        BOUNCED = "BOUNCED", "ถูกตีกลับ"
        NO_ADDRESS = "NO_ADDRESS", "ไม่มีอีเมลผู้ประสานงาน"
        NOT_NEEDED = "NOT_NEEDED", "ไม่ได้ส่ง เพราะรายงานครบแล้ว"

    reporting_round = models.ForeignKey(ReportingRound, models.PROTECT, related_name="reminders")
    lao = models.ForeignKey("lao.Lao", models.PROTECT, related_name="reminders")
    kind = models.CharField("เหตุที่เตือน", max_length=10, choices=Kind.choices)
    day = models.DateField("วันที่นับ")
    outcome = models.CharField("ผล", max_length=10, choices=Outcome.choices, default=Outcome.WAITING)
    asked_by = models.ForeignKey("lao.User", models.PROTECT, null=True, blank=True, related_name="reminders")
    queued_at = models.DateTimeField("ตั้งส่งเมื่อ", auto_now_add=True)
    # Since when a sender holds it. One that died leaves it behind; after a while another takes it.
    claimed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField("ส่งเมื่อ", null=True, blank=True)
    problem = models.CharField("สาเหตุ", max_length=100, blank=True, default="")

    objects = ReminderLogQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                name="reminder_once",
                fields=["reporting_round", "lao", "kind", "day"],
                violation_error_message="เตือนเรื่องนี้ไปแล้ว",
            ),
            models.CheckConstraint(
                name="reminder_sent_has_time",
                condition=Q(outcome="SENT", sent_at__isnull=False)
                | Q(outcome="BOUNCED")
                | Q(outcome__in=["WAITING", "FAILED", "UNSURE", "NO_ADDRESS", "NOT_NEEDED"], sent_at__isnull=True),
                violation_error_message="การเตือนที่ส่งแล้วต้องมีเวลาส่ง",
            ),
            models.CheckConstraint(
                name="reminder_by_officer_is_named",
                condition=Q(kind="BY_OFFICER", asked_by__isnull=False)
                | (~Q(kind="BY_OFFICER") & Q(asked_by__isnull=True)),
                violation_error_message="การเตือนของเจ้าหน้าที่ต้องระบุผู้ส่ง",
            ),
        ]
        indexes = [
            models.Index(name="reminder_to_send", fields=["id"], condition=Q(outcome__in=["WAITING", "FAILED"])),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.lao_id} {self.reporting_round}"


class ReportUpload(FormUpload):
    """Reports of a round, sent by Excel."""

    fiscal_year = models.PositiveSmallIntegerField("ปีงบประมาณ")
    months = models.PositiveSmallIntegerField("รอบ", choices=MONTHS)


class ReceiptQuerySet(models.QuerySet):
    """Receipts."""

    def visible_to(self, user):
        """The receipts of the LAOs inside `user`'s area."""
        return visible_through("lao__", self, user)

    def published(self):
        """Without those of an LAO whose claim no officer has confirmed yet."""
        return self.filter(lao__account__withheld_since__isnull=True)


class Receipt(models.Model):
    """ใบรับรายงาน: what an LAO's reports of a round said in the moment in which they were complete.

    Rows are added, never changed. Counts and sums are of the project years that count, in baht, as a `Tally` has them;
    `digest` is that of everything the reports said, so that a later change is seen. Whoever holds `code`, 60 random
    bits, may check the receipt without signing in.
    """

    lao = models.ForeignKey("lao.Lao", models.PROTECT, related_name="receipts")
    fiscal_year = models.PositiveSmallIntegerField("ปีงบประมาณ")
    months = models.PositiveSmallIntegerField("รอบ", choices=MONTHS)
    code = models.CharField("รหัสตรวจสอบ", max_length=12)
    replaces = models.ForeignKey("self", models.PROTECT, null=True, related_name="replaced_by", verbose_name="แทนใบรับ")
    issued_by = models.ForeignKey("lao.User", models.PROTECT, related_name="receipts")
    issued_at = models.DateTimeField("ออกเมื่อ", auto_now_add=True)
    projects = models.PositiveIntegerField("จำนวนโครงการ")
    completed = models.PositiveIntegerField("ดำเนินการแล้วเสร็จ")
    in_progress = models.PositiveIntegerField("อยู่ระหว่างดำเนินการ")
    not_feasible = models.PositiveIntegerField("ไม่สามารถดำเนินการได้")
    plan_budget = models.DecimalField("งบประมาณตามแผน", max_digits=20, decimal_places=2)
    ordinance_budget = models.DecimalField("งบประมาณตามข้อบัญญัติ/เทศบัญญัติ", max_digits=20, decimal_places=2)
    disbursed = models.DecimalField("การเบิกจ่ายงบประมาณ", max_digits=20, decimal_places=2)
    digest = models.CharField(max_length=64)

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(name="receipt_code_once", fields=["code"]),
            models.UniqueConstraint(
                name="receipt_first_once_per_round",
                fields=["lao", "fiscal_year", "months"],
                condition=Q(replaces__isnull=True),
                violation_error_message="รอบนี้มีใบรับรายงานแล้ว",
            ),
            models.UniqueConstraint(
                name="receipt_replaced_once",
                fields=["replaces"],
                violation_error_message="ใบรับนี้มีใบใหม่แทนแล้ว",
            ),
            models.CheckConstraint(name="receipt_months_6_or_12", condition=Q(months__in=[6, 12])),
            models.CheckConstraint(
                name="receipt_of_complete_reports",
                condition=Q(projects__gte=1, projects=F("completed") + F("in_progress") + F("not_feasible")),
                violation_error_message="ออกใบรับได้เมื่อรายงานครบทุกโครงการแล้วเท่านั้น",
            ),
        ]
        indexes = [models.Index(name="receipt_by_round", fields=["lao", "fiscal_year", "months", "-id"])]

    def __str__(self):
        return f"ใบรับรายงาน เลขที่ {self.number}"

    @property
    def number(self):
        """เลขที่ of the receipt: the year and round it is of, and a running number of its own."""
        return f"{self.fiscal_year}/{self.months}-{self.pk:06d}"
