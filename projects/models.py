"""Plan periods, the LAOs' plans, their projects, and the officers' decisions on them."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, IntegerRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Func, Q, Value

from lao.models import FormUpload, Lao
from lao.models.register import thai_loose_of

MONEY = {"max_digits": 15, "decimal_places": 2}


class YearRange(Func):
    """The closed range of two years, for the exclusion constraint."""

    function = "int4range"
    output_field = IntegerRangeField()


class PlanPeriod(models.Model):
    """ช่วงแผน, such as 2561-2564: its years, and through `Dimension` the names of its four dimensions."""

    first_year = models.PositiveSmallIntegerField("ปีที่เริ่มแผน")
    last_year = models.PositiveSmallIntegerField("ปีสุดท้ายของแผน")

    class Meta:
        ordering = ["first_year"]
        constraints = [
            models.CheckConstraint(
                name="period_years_in_order",
                condition=Q(first_year__gte=2540, last_year__lte=2640, last_year__gte=F("first_year")),
                violation_error_message="ปีสุดท้ายของแผนต้องไม่ก่อนปีที่เริ่มแผน",
            ),
            ExclusionConstraint(
                name="period_years_never_overlap",
                expressions=[
                    (YearRange(F("first_year"), F("last_year"), Value("[]")), RangeOperators.OVERLAPS),
                ],
                violation_error_message="ช่วงปีของแผนซ้อนกับแผนอื่น",
            ),
        ]

    def __str__(self):
        return f"{self.first_year}-{self.last_year}"

    @property
    def years(self):
        """The fiscal years of the period, in order."""
        return range(self.first_year, self.last_year + 1)


class Dimension(models.Model):
    """มิติ of a period; the same number may bear another name in the next period."""

    period = models.ForeignKey(PlanPeriod, models.PROTECT, related_name="dimensions")
    number = models.PositiveSmallIntegerField("มิติที่")
    name = models.CharField("ชื่อมิติ", max_length=200)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(name="dimension_number_once_per_period", fields=["period", "number"]),
            models.CheckConstraint(name="dimension_number_positive", condition=Q(number__gte=1)),
        ]

    def __str__(self):
        return f"มิติที่ {self.number} {self.name}"

    @property
    def short_name(self):
        """The dimension as tables name it: "มิติที่ 1"."""
        return f"มิติที่ {self.number}"


class PlanQuerySet(models.QuerySet):
    """Plans."""

    def visible_to(self, user):
        """The plans of the LAOs inside `user`'s area."""
        return visible_through("lao__", self, user)

    def withheld(self):
        """The plans of LAOs that are neither public nor counted as yet."""
        return self.filter(lao__in=Lao.objects.withheld())


def visible_through(path, queryset, user):
    """Narrow `queryset` to the LAOs of `user`'s area; `path` leads from its model to `Lao`, such as "plan__lao__"."""
    if user.role == "CENTRAL":
        return queryset
    if user.role == "REGION":
        return queryset.filter(**{f"{path}district__province__region": user.region_id})
    if user.role == "PROVINCE":
        return queryset.filter(**{f"{path}district__province": user.province_id})
    return queryset.filter(**{f"{path}pk": user.lao_id})


class Plan(models.Model):
    """แผนปฏิบัติการป้องกันการทุจริต of an LAO for a period. `passed_in` is the fiscal year in which it met the standard."""

    lao = models.ForeignKey("lao.Lao", models.PROTECT, related_name="plans")
    period = models.ForeignKey(PlanPeriod, models.PROTECT, related_name="plans")
    passed_in = models.PositiveSmallIntegerField("ผ่านเกณฑ์มาตรฐานปีงบประมาณ", null=True, blank=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["period__first_year"]
        constraints = [
            models.UniqueConstraint(
                name="plan_once_per_lao_and_period",
                fields=["lao", "period"],
                violation_error_message="อปท. นี้มีแผนของช่วงนี้แล้ว",
            ),
        ]

    def __str__(self):
        return f"แผน {self.period} {self.lao}"

    @property
    def years(self):
        """The fiscal years that may be chosen: from the year the plan passed; none before it has passed."""
        return range(self.passed_in, self.period.last_year + 1) if self.passed_in else range(0)


class AnyOf(Func):
    """`value = ANY (array)` as a condition."""

    template = "(%(expressions)s))"
    arg_joiner = " = ANY ("
    output_field = models.BooleanField()


class ProjectQuerySet(models.QuerySet):
    """Projects."""

    def visible_to(self, user):
        """The projects of the LAOs inside `user`'s area, deleted ones among them."""
        return visible_through("plan__lao__", self, user)

    def live(self):
        """Projects that were not deleted."""
        return self.filter(deleted_at__isnull=True)

    def published(self):
        """Without what an LAO entered whose claim no officer has confirmed yet: it is neither public nor counted."""
        return self.exclude(plan__in=Plan.objects.withheld())

    def for_review_by(self, user):
        """The published projects of the officer `user`'s area, deleted ones among them: what may be looked at here."""
        return self.visible_to(user).published()

    def deleted(self):
        """Projects that were deleted and can be restored."""
        return self.filter(deleted_at__isnull=False)

    def counted(self):
        """Projects that enter counts, sums and to-do lists: neither deleted nor rejected."""
        return self.live().exclude(review_state=Project.ReviewState.REJECTED)


class Project(models.Model):
    """โครงการ/กิจกรรม/มาตรการ/แนวปฏิบัติ: one entry of the plan, in one or more fiscal years."""

    NAME_LENGTH = 500
    TEXT_LENGTH = 4000

    class Kind(models.TextChoices):
        PROJECT = "PROJECT", "โครงการ"
        ACTIVITY = "ACTIVITY", "กิจกรรม"
        MEASURE = "MEASURE", "มาตรการ"
        PRACTICE = "PRACTICE", "แนวปฏิบัติงาน"

    class TargetGroup(models.TextChoices):
        EXECUTIVE_POLITICIANS = "EXECUTIVE_POLITICIANS", "ข้าราชการการเมืองฝ่ายบริหาร"
        COUNCIL_POLITICIANS = "COUNCIL_POLITICIANS", "ข้าราชการการเมืองฝ่ายสภาท้องถิ่น"
        LOCAL_STAFF = "LOCAL_STAFF", "ข้าราชการ/พนักงาน/ลูกจ้าง ส่วนท้องถิ่น"
        YOUTH = "YOUTH", "เด็กและเยาวชน"
        CITIZENS = "CITIZENS", "ประชาชน/ภาคประชาสังคม"
        SCHOOLS = "SCHOOLS", "สถานศึกษา"
        STATE_AGENCIES = "STATE_AGENCIES", "หน่วยงานภาครัฐ"
        STATE_ENTERPRISES = "STATE_ENTERPRISES", "หน่วยงานรัฐวิสาหกิจ"
        PRIVATE_BUSINESSES = "PRIVATE_BUSINESSES", "หน่วยงานภาคธุรกิจเอกชน"

    class ReviewState(models.TextChoices):
        SUBMITTED = "SUBMITTED", "รอตรวจสอบ"
        ACCEPTED = "ACCEPTED", "เห็นชอบ"
        RETURNED = "RETURNED", "ส่งกลับแก้ไข"
        REJECTED = "REJECTED", "ปฏิเสธโครงการ"

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="projects")
    name = models.CharField("ชื่อโครงการ/กิจกรรม/มาตรการ/แนวปฏิบัติงาน", max_length=NAME_LENGTH)
    loose_name = thai_loose_of("name")
    kind = models.CharField("ประเภทงาน", max_length=10, choices=Kind.choices)
    dimension = models.ForeignKey(Dimension, models.PROTECT, related_name="projects")
    # Ids of dimensions of the same period.
    further_dimensions = ArrayField(
        models.BigIntegerField(), verbose_name="มิติที่สอดคล้องเพิ่มเติม (ถ้ามี)", default=list, blank=True
    )
    quarters = ArrayField(models.PositiveSmallIntegerField(), verbose_name="ดำเนินการในไตรมาส", default=list, blank=True)
    target_groups = ArrayField(
        models.CharField(max_length=30, choices=TargetGroup.choices),
        verbose_name="กลุ่มเป้าหมาย",
        default=list,
        blank=True,
    )
    objective = models.TextField("วัตถุประสงค์", blank=True, default="", validators=[MaxLengthValidator(TEXT_LENGTH)])
    remark = models.TextField("หมายเหตุ", blank=True, default="", validators=[MaxLengthValidator(TEXT_LENGTH)])
    review_state = models.CharField(
        "สถานะการตรวจ", max_length=10, choices=ReviewState.choices, default=ReviewState.SUBMITTED
    )
    deleted_at = models.DateTimeField("ลบเมื่อ", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField("บันทึกเมื่อ", auto_now_add=True)
    updated_at = models.DateTimeField("แก้ไขเมื่อ", auto_now=True)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="project_name_not_blank",
                condition=~Q(name__regex=r"^\s*$"),
                violation_error_message="กรุณากรอกชื่อโครงการ/กิจกรรม/มาตรการ/แนวปฏิบัติงาน",
            ),
            models.CheckConstraint(
                name="project_main_dimension_not_among_further",
                condition=~Q(AnyOf(F("dimension_id"), F("further_dimensions"))),
                violation_error_message="มิติหลักต้องไม่ซ้ำกับมิติที่สอดคล้องเพิ่มเติม",
            ),
            models.CheckConstraint(
                name="project_quarters_1_to_4",
                condition=Q(quarters__contained_by=[1, 2, 3, 4]),
                violation_error_message="ไตรมาสมีเฉพาะ 1 ถึง 4",
            ),
            models.CheckConstraint(
                name="project_target_groups_known",
                condition=Q(
                    target_groups__contained_by=[
                        "EXECUTIVE_POLITICIANS",
                        "COUNCIL_POLITICIANS",
                        "LOCAL_STAFF",
                        "YOUTH",
                        "CITIZENS",
                        "SCHOOLS",
                        "STATE_AGENCIES",
                        "STATE_ENTERPRISES",
                        "PRIVATE_BUSINESSES",
                    ]
                ),
                violation_error_message="กลุ่มเป้าหมายไม่ถูกต้อง",
            ),
        ]
        indexes = [
            models.Index(name="project_by_plan", fields=["plan", "id"]),
            # Counting the nation's projects reads this instead of the table.
            models.Index(
                name="project_counted_by_plan",
                fields=["plan", "dimension"],
                condition=Q(deleted_at__isnull=True) & ~Q(review_state="REJECTED"),
            ),
            # The officers' queue is narrowed, put in order and counted by this index alone.
            models.Index(
                name="project_by_review_state",
                fields=["review_state", "updated_at", "id"],
                include=["plan", "dimension", "kind"],
                condition=Q(deleted_at__isnull=True),
            ),
            # Any three letters of a name, and how it begins. Without a list of pending entries, which a search would
            # have to read through.
            GinIndex(
                name="project_by_part_of_name", fields=["loose_name"], opclasses=["gin_trgm_ops"], fastupdate=False
            ),
            models.Index(name="project_by_start_of_name", fields=["loose_name"], opclasses=["text_pattern_ops"]),
        ]

    def __str__(self):
        return self.name

    @property
    def is_rejected(self):
        """Whether an officer rejected the project, which takes it out of every count and to-do list."""
        return self.review_state == self.ReviewState.REJECTED


class ProjectYearQuerySet(models.QuerySet):
    """Project years."""

    def visible_to(self, user):
        """The project years of the LAOs inside `user`'s area."""
        return visible_through("project__plan__lao__", self, user)

    def published(self):
        """Years of published projects."""
        return self.exclude(project__plan__in=Plan.objects.withheld())

    def counted(self):
        """Years of projects that are neither deleted nor rejected."""
        return self.filter(project__deleted_at__isnull=True).exclude(project__review_state=Project.ReviewState.REJECTED)


class ProjectYear(models.Model):
    """A project in one fiscal year. `plan_budget` in baht; null means that no budget is used, which is not 0."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="years")
    fiscal_year = models.PositiveSmallIntegerField("ปีงบประมาณ")
    plan_budget = models.DecimalField("งบประมาณตามแผน", null=True, blank=True, **MONEY)

    objects = ProjectYearQuerySet.as_manager()

    class Meta:
        ordering = ["fiscal_year"]
        constraints = [
            models.UniqueConstraint(
                name="project_year_once",
                fields=["project", "fiscal_year"],
                violation_error_message="โครงการนี้มีปีงบประมาณนี้แล้ว",
            ),
            models.CheckConstraint(
                name="project_year_budget_not_negative",
                condition=Q(plan_budget__isnull=True) | Q(plan_budget__gte=0),
                violation_error_message="งบประมาณต้องไม่ติดลบ",
            ),
        ]

    def __str__(self):
        return f"{self.project} ปีงบประมาณ {self.fiscal_year}"


class ReviewDecision(models.Model):
    """One decision of an officer on a project. The history: rows are added, never changed."""

    class Decision(models.TextChoices):
        ACCEPT = "ACCEPT", "เห็นชอบ"
        RETURN = "RETURN", "ส่งกลับแก้ไข"
        REJECT = "REJECT", "ปฏิเสธโครงการ"
        RESTORE = "RESTORE", "คืนสถานะโครงการ"

    project = models.ForeignKey(Project, models.PROTECT, related_name="decisions")
    decision = models.CharField("ผลการตรวจ", max_length=10, choices=Decision.choices)
    reason = models.TextField("เหตุผล", blank=True, default="")
    by = models.ForeignKey("lao.User", models.PROTECT, related_name="decisions")
    at = models.DateTimeField("เมื่อ", auto_now_add=True)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="decision_return_or_reject_has_reason",
                condition=~Q(decision__in=["RETURN", "REJECT"]) | ~Q(reason__regex=r"^\s*$"),
                violation_error_message="กรุณาระบุเหตุผล",
            ),
        ]

    def __str__(self):
        return f"{self.get_decision_display()} {self.project}"


class ProjectUpload(FormUpload):
    """Projects of a plan, sent by Excel, pasted, or copied from another plan or year."""

    class Source(models.TextChoices):
        EXCEL = "EXCEL", "ไฟล์"
        PASTE = "PASTE", "ข้อความที่วาง"
        COPY = "COPY", "โครงการที่คัดลอก"

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="uploads")
    source = models.CharField("ที่มา", max_length=5, choices=Source.choices, default=Source.EXCEL)
