"""Files of the register that were sent on screen and wait to be confirmed."""

import uuid

from django.db import models


class RegisterUpload(models.Model):
    """The register's CSV as a central officer sent it. Nothing of it is taken in before it is confirmed.

    `outcome` is None until then, and afterwards says what was done: `{"summed_up": text, "groups": [{"kind", "title",
    "lines": [{"text", "changes": [text]}]}]}`; the file itself is dropped.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    by = models.ForeignKey("lao.User", models.CASCADE, related_name="register_uploads")
    file_name = models.CharField("ชื่อไฟล์", max_length=255)
    data = models.BinaryField()
    outcome = models.JSONField(null=True)
    made_at = models.DateTimeField("ส่งเมื่อ", auto_now_add=True)

    class Meta:
        ordering = ["-made_at"]

    def __str__(self):
        return self.file_name
