"""Files that were sent on screen and wait to be confirmed: of the register, and filled Excel forms."""

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


class FormUpload(models.Model):
    """A filled Excel form: read, shown, and waiting for the word. Nothing of it is saved before.

    `good`, `bad`, `problems` and `unchanged` are what a `lao.excel_forms.Reading` gives; `outcome` is None until it is
    confirmed, and then says how many rows were `saved`, and which were `left_out` and why.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    by = models.ForeignKey("lao.User", models.CASCADE, related_name="%(class)ss")
    file_name = models.CharField("ชื่อไฟล์", max_length=255)
    good = models.JSONField()
    bad = models.JSONField()
    problems = models.JSONField()
    unchanged = models.PositiveIntegerField()
    outcome = models.JSONField(null=True)
    made_at = models.DateTimeField("ส่งเมื่อ", auto_now_add=True)

    class Meta:
        abstract = True
        ordering = ["-made_at"]

    def __str__(self):
        return f"{self.file_name} {self.by}"
