"""How often a sign-in was tried in vain, per account name and per network address."""

from django.db import models
from django.db.models import Q


class SignInThrottle(models.Model):
    """Failures under one key, and until when the next attempt must wait. The key is a keyed hash, never a name."""

    key = models.CharField(max_length=64, primary_key=True)
    failures = models.PositiveIntegerField("ครั้งที่ไม่สำเร็จ")
    last_failed_at = models.DateTimeField("ครั้งล่าสุด")
    blocked_until = models.DateTimeField("รอถึง", null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(name="throttle_failures_positive", condition=Q(failures__gte=1))]
        indexes = [models.Index(name="throttle_by_time", fields=["last_failed_at"])]

    def __str__(self):
        return self.key
