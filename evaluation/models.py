"""Scores of the plans: the LAO's own assessment and the NACC's."""

from django.db import models
from django.db.models import Q

from projects.models import visible_through


class ScoreQuerySet(models.QuerySet):
    """Scores."""

    def visible_to(self, user):
        """The scores of the plans inside `user`'s area."""
        return visible_through("plan__lao__", self, user)


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
    points = models.DecimalField("คะแนน", max_digits=7, decimal_places=2)

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
