"""The audit trail. The database writes it, in the transaction of the change itself; nothing can alter it."""

from django.db import models

from lao.models.register import Lao


class AuditEntryQuerySet(models.QuerySet):
    """Entries of the audit trail."""

    def visible_to(self, user):
        """The entries on LAOs inside `user`'s area; what concerns no LAO is for the central officers."""
        if user.role == "CENTRAL":
            return self
        return self.filter(lao_id__in=Lao.objects.visible_to(user).order_by().values("pk"))


class AuditEntry(models.Model):
    """One change of one row: who, when, what, before and after (only the columns that changed)."""

    at = models.DateTimeField("เมื่อ")
    # No foreign keys: the trail outlives what it speaks of.
    actor_id = models.BigIntegerField("บัญชี", null=True)
    actor_name = models.TextField("โดย", default="")
    request_id = models.TextField("รหัสอ้างอิง", default="")
    action = models.CharField("การกระทำ", max_length=6)
    table_name = models.TextField("ตาราง")
    row_id = models.TextField("แถว")
    lao_id = models.BigIntegerField("อปท.", null=True)
    before = models.JSONField("ก่อน", null=True)
    after = models.JSONField("หลัง", null=True)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(name="audit_by_row", fields=["table_name", "row_id", "-id"]),
            models.Index(name="audit_by_table", fields=["table_name", "-id"]),
            models.Index(name="audit_by_lao", fields=["lao_id", "-id"]),
            models.Index(name="audit_by_actor", fields=["actor_id", "-id"]),
            models.Index(name="audit_by_time", fields=["at"]),
            # The rare actions, which a search would otherwise look for among millions of others.
            models.Index(
                name="audit_rare_actions",
                fields=["action", "table_name", "-id"],
                condition=~models.Q(action__in=["INSERT", "UPDATE"]),
            ),
        ]

    def __str__(self):
        return f"{self.action} {self.table_name} {self.row_id}"
