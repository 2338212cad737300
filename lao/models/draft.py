"""What somebody is typing and has not saved."""

from django.db import models


class Draft(models.Model):
    """The fields of one form as they stood at a pause: the account's own, until the form is saved or time passes.

    It is no record: no page, export or trail shows it, and nobody but its account is offered it.
    """

    user = models.ForeignKey("lao.User", models.CASCADE, related_name="drafts")
    record = models.CharField("แบบฟอร์มของ", max_length=100)
    token = models.UUIDField("รหัสของแบบฟอร์ม")
    version = models.BigIntegerField("รุ่นของข้อมูลที่เริ่มกรอก")
    fields = models.JSONField("ที่กรอกไว้")
    updated_at = models.DateTimeField("เมื่อ")

    class Meta:
        constraints = [models.UniqueConstraint(name="draft_once_per_record", fields=["user", "record"])]
        indexes = [models.Index(name="draft_by_time", fields=["updated_at"])]

    def __str__(self):
        return self.record
