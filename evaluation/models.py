"""Scores of the plans: the LAO's own assessment and the NACC's."""

from django.db import models
from django.db.models import F, Q

from lao.models import FormUpload
from projects.models import Plan, visible_through

POINTS = {"max_digits": 7, "decimal_places": 2}


class ScoreQuerySet(models.QuerySet):
    """Scores."""

    def visible_to(self, user):
        """The scores of the plans inside `user`'s area."""
        return visible_through("plan__lao__", self, user)

    def published(self):
        """Without those of LAOs whose claim no officer has confirmed yet: they are in no table and no average."""
        return self.exclude(plan__in=Plan.objects.withheld())


class Score(models.Model):
    """Points of one plan from one source, in one dimension; without a dimension, a total that is known by itself.

    A total may be known without its parts, and then stands as entered (SPEC S13).
    """

    class Source(models.TextChoices):
        SAR = "SAR", "คะแนน SAR"
        NACC = "NACC", "ผลประเมิน"

    plan = models.ForeignKey("projects.Plan", models.CASCADE, related_name="scores")
    source = models.CharField("แหล่งคะแนน", max_length=4, choices=Source.choices)
    dimension = models.ForeignKey("projects.Dimension", models.PROTECT, null=True, blank=True, related_name="scores")
    points = models.DecimalField("คะแนน", **POINTS)

    objects = ScoreQuerySet.as_manager()

    class Meta:
        ordering = ["plan_id", "source", "dimension__number"]
        constraints = [
            models.UniqueConstraint(
                name="score_once",
                fields=["plan", "source", "dimension"],
                nulls_distinct=False,
                violation_error_message="มีคะแนนนี้แล้ว",
            ),
            models.CheckConstraint(
                name="score_not_negative",
                condition=Q(points__gte=0),
                violation_error_message="คะแนนต้องไม่ติดลบ",
            ),
        ]

    def __str__(self):
        return f"{self.get_source_display()} {self.plan}"


class PeriodStandard(models.Model):
    """What is asked of the totals of a period's plans, once it is known: the highest possible one and the pass mark."""

    period = models.OneToOneField(
        "projects.PlanPeriod", models.CASCADE, primary_key=True, related_name="score_standard"
    )
    highest_total = models.DecimalField("คะแนนรวมเต็ม", null=True, blank=True, **POINTS)
    pass_mark = models.DecimalField("คะแนนรวมที่ถือว่าผ่าน", null=True, blank=True, **POINTS)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="standard_positive",
                condition=(Q(highest_total__isnull=True) | Q(highest_total__gt=0))
                & (Q(pass_mark__isnull=True) | Q(pass_mark__gt=0)),
                violation_error_message="คะแนนเต็มและคะแนนที่ถือว่าผ่านต้องมากกว่า 0",
            ),
            models.CheckConstraint(
                name="standard_pass_mark_reachable",
                condition=Q(highest_total__isnull=True)
                | Q(pass_mark__isnull=True)
                | Q(pass_mark__lte=F("highest_total")),
                violation_error_message="คะแนนที่ถือว่าผ่านต้องไม่เกินคะแนนเต็ม",
            ),
        ]

    def __str__(self):
        return f"เกณฑ์คะแนน แผน {self.period}"


class DimensionStandard(models.Model):
    """The highest possible score in a dimension; without a row none is known and none is enforced."""

    dimension = models.OneToOneField(
        "projects.Dimension", models.CASCADE, primary_key=True, related_name="score_standard"
    )
    highest = models.DecimalField("คะแนนเต็ม", **POINTS)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="dimension_standard_positive",
                condition=Q(highest__gt=0),
                violation_error_message="คะแนนเต็มต้องมากกว่า 0",
            ),
        ]

    def __str__(self):
        return f"คะแนนเต็ม {self.dimension}"


class ScoreChangeQuerySet(models.QuerySet):
    """Changes of scores."""

    def visible_to(self, user):
        """The changes of the plans inside `user`'s area."""
        return visible_through("plan__lao__", self, user)


class ScoreChange(models.Model):
    """One version of what is published about a plan: who, when, from what to what, and why. Rows are only added.

    `before` and `after` are `rules.Entry`s as JSON. The first publication needs no reason; `number` counts from 1.
    """

    REASON_LENGTH = 1000

    plan = models.ForeignKey("projects.Plan", models.PROTECT, related_name="score_changes")
    number = models.PositiveIntegerField("ฉบับที่")
    before = models.JSONField("ก่อน")
    after = models.JSONField("หลัง")
    changes_published = models.BooleanField("แก้ไขสิ่งที่ประกาศแล้ว")
    reason = models.TextField("เหตุผล", blank=True, default="")
    by = models.ForeignKey("lao.User", models.PROTECT, related_name="score_changes")
    at = models.DateTimeField("เมื่อ", auto_now_add=True)

    objects = ScoreChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                name="score_change_number_once_per_plan",
                fields=["plan", "number"],
                violation_error_message="มีผู้บันทึกคะแนนของแผนนี้พร้อมกัน กรุณาลองอีกครั้ง",
            ),
            models.CheckConstraint(
                name="score_change_has_reason",
                condition=Q(changes_published=False) | ~Q(reason__regex=r"^\s*$"),
                violation_error_message="กรุณาระบุเหตุผลที่แก้ไข",
            ),
        ]

    def __str__(self):
        return f"ฉบับที่ {self.number} {self.plan}"


class ScoreUpload(FormUpload):
    """A filled Excel form of a province's scores, that an officer sent.

    `versions` are those of the LAOs by code, from which a form of the rows to mend is filled.
    """

    province = models.ForeignKey("lao.Province", models.PROTECT, related_name="score_uploads")
    period = models.ForeignKey("projects.PlanPeriod", models.CASCADE, related_name="score_uploads")
    versions = models.JSONField(default=dict)
