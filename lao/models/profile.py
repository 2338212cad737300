"""What an LAO says of itself."""

from django.db import models
from django.db.models import Q


class LaoProfile(models.Model):
    """ข้อมูลพื้นฐาน. The coordinator's name, phone and e-mail are personal: never on a public page or export."""

    class Size(models.TextChoices):
        SMALL = "SMALL", "เล็ก"
        MEDIUM = "MEDIUM", "กลาง"
        LARGE = "LARGE", "ใหญ่"

    lao = models.OneToOneField("lao.Lao", models.CASCADE, primary_key=True, related_name="profile")
    size = models.CharField("ขนาด", max_length=10, choices=Size.choices, blank=True, default="")
    office_address = models.TextField("ที่ตั้งที่ทำการ", max_length=500, blank=True, default="")
    service_area_km2 = models.DecimalField(
        "ขนาดพื้นที่ให้บริการ", max_digits=10, decimal_places=2, null=True, blank=True, help_text="ตร.กม."
    )
    population = models.IntegerField("ประชากรในเขตพื้นที่", null=True, blank=True, help_text="คน")
    own_revenue = models.DecimalField(
        "รายได้ไม่รวมเงินอุดหนุน", max_digits=15, decimal_places=2, null=True, blank=True, help_text="บาท"
    )
    grant_revenue = models.DecimalField(
        "รายได้จากเงินอุดหนุน", max_digits=15, decimal_places=2, null=True, blank=True, help_text="บาท"
    )
    executive_name = models.CharField("ชื่อผู้บริหารท้องถิ่น (ชื่อ-สกุล)", max_length=200, blank=True, default="")
    clerk_name = models.CharField("ชื่อปลัดองค์กรปกครองส่วนท้องถิ่น (ชื่อ-สกุล)", max_length=200, blank=True, default="")
    coordinator_name = models.CharField("ชื่อ-สกุล", max_length=200, blank=True, default="")
    coordinator_position = models.CharField("ตำแหน่ง", max_length=200, blank=True, default="")
    coordinator_unit = models.CharField("สังกัด (ฝ่าย/กลุ่ม/กอง/สำนัก)", max_length=200, blank=True, default="")
    coordinator_phone = models.CharField("โทรศัพท์", max_length=100, blank=True, default="")
    coordinator_fax = models.CharField("โทรสาร", max_length=100, blank=True, default="")
    coordinator_email = models.EmailField("อีเมล", blank=True, default="")
    website = models.CharField("เว็บไซต์ อปท.", max_length=500, blank=True, default="")
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField("แก้ไขล่าสุด", auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name=f"profile_{field}_not_negative",
                condition=Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gte": 0}),
                violation_error_message="จำนวนต้องไม่ติดลบ",
            )
            for field in ("service_area_km2", "population", "own_revenue", "grant_revenue")
        ]

    def __str__(self):
        return f"ข้อมูลพื้นฐาน {self.lao}"
