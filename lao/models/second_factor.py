"""The second factor of an officer's sign-in."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from lao.models.accounts import User


class SecondFactor(models.Model):
    """An officer's app that makes a new code every 30 seconds, and the backup codes for a day without the telephone.

    The secret that the app shares is kept nowhere: `lao.second_factor` makes it of `seed` and the system's own secret.
    """

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="second_factor")
    seed = models.UUIDField("ค่าตั้งต้น")
    # The moment, in steps of 30 seconds, of the latest code taken: neither it nor an earlier one is taken again.
    last_step = models.BigIntegerField("รหัสล่าสุด")
    backup_hashes = ArrayField(models.CharField(max_length=64), verbose_name="รหัสสำรอง")
    set_up_at = models.DateTimeField("ตั้งค่าเมื่อ", auto_now_add=True)

    def __str__(self):
        return str(self.user)
