"""One-time form tokens: a form that is sent twice acts once."""

from django.db import models


class FormToken(models.Model):
    """The token of a form that was saved, and the row it made, so that a second sending gets the same answer."""

    token = models.UUIDField()
    user = models.ForeignKey("lao.User", models.CASCADE)
    made_id = models.BigIntegerField("แถวที่สร้าง", null=True)
    # A digest of what the form said, to tell a resent form from one that somebody went back to and changed.
    said = models.CharField(max_length=64, default="", blank=True)
    used_at = models.DateTimeField("ใช้เมื่อ", auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="form_token_once_per_user", fields=["user", "token"])]
        indexes = [models.Index(name="form_token_by_time", fields=["used_at"])]

    def __str__(self):
        return str(self.token)
