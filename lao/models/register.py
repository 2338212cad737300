"""The register of local administrative organisations, as the Department of Local Administration publishes it."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q


class ThaiKey(Func):
    """The stored sort key of a Thai text: the database's own `thai_key`, which `eplan.thai.thai_key` mirrors."""

    function = "thai_key"
    output_field = models.TextField()


def thai_key_of(field):
    """A stored, indexable column that puts `field` in Thai dictionary order under any collation."""
    return models.GeneratedField(expression=ThaiKey(F(field)), output_field=models.TextField(), db_persist=True)


class ThaiLoose(Func):
    """The stored form of a Thai text for searching: the database's own `thai_loose`, which `eplan.thai` mirrors."""

    function = "thai_loose"
    output_field = models.TextField()


def thai_loose_of(field):
    """A stored, indexable column of `field` without tone marks: what is looked for in it is loosened the same way."""
    return models.GeneratedField(expression=ThaiLoose(F(field)), output_field=models.TextField(), db_persist=True)


class Region(models.Model):
    """ป.ป.ช. ภาค: the NACC's regional office, 1 to 9, and the provinces it oversees."""

    number = models.PositiveSmallIntegerField("ภาค", primary_key=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.CheckConstraint(name="region_number_1_to_9", condition=Q(number__range=(1, 9)))]

    def __str__(self):
        return f"ป.ป.ช. ภาค {self.number}"


class AreaQuerySet(models.QuerySet):
    """Provinces or districts; a person sees those of their own area."""

    def visible_to(self, user):
        """The rows inside `user`'s area: own province for an LAO and a provincial officer."""
        to_province = self.model.PATH_TO_PROVINCE
        if user.role == "CENTRAL":
            return self
        if user.role == "REGION":
            return self.filter(**{f"{to_province}region": user.region_id})
        province = user.lao.district.province_id if user.role == "LAO" else user.province_id
        return self.filter(**{f"{to_province}pk": province})


class Province(models.Model):
    """จังหวัด, under its two-digit code. Bangkok answers to no regional office."""

    PATH_TO_PROVINCE = ""

    code = models.CharField("รหัสจังหวัด", max_length=2, primary_key=True)
    name = models.CharField("จังหวัด", max_length=100)
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="provinces")
    sort_key = thai_key_of("name")
    loose_name = thai_loose_of("name")

    objects = AreaQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key"]
        constraints = [
            models.CheckConstraint(name="province_code_two_digits", condition=Q(code__regex=r"^[0-9]{2}$")),
            models.UniqueConstraint(name="province_name_unique", fields=["name"]),
        ]

    def __str__(self):
        return self.name


class District(models.Model):
    """อำเภอ of a province."""

    PATH_TO_PROVINCE = "province__"

    province = models.ForeignKey(Province, models.PROTECT, related_name="districts")
    name = models.CharField("อำเภอ", max_length=100)
    sort_key = thai_key_of("name")
    loose_name = thai_loose_of("name")

    objects = AreaQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key"]
        constraints = [
            models.UniqueConstraint(name="district_unique_in_province", fields=["province", "name"]),
        ]

    def __str__(self):
        return self.name


class LaoQuerySet(models.QuerySet):
    """Local administrative organisations."""

    def visible_to(self, user):
        """The LAOs inside `user`'s area; an LAO account sees itself."""
        if user.role == "CENTRAL":
            return self
        if user.role == "REGION":
            return self.filter(district__province__region=user.region_id)
        if user.role == "PROVINCE":
            return self.filter(district__province=user.province_id)
        return self.filter(pk=user.lao_id)

    def withheld(self):
        """The LAOs whose claim no officer has confirmed yet: nothing they entered is public or counted."""
        return self.filter(account__withheld_since__isnull=False)

    def with_place(self):
        """Each LAO with its district and province, which every mention of an LAO shows."""
        return self.select_related("district__province")


class Lao(models.Model):
    """องค์กรปกครองส่วนท้องถิ่น (อปท.). `code` is how people know it; it may change, and never decides kind or permission."""

    class Kind(models.TextChoices):
        PROVINCIAL = "PROVINCIAL", "อบจ."
        CITY = "CITY", "เทศบาลนคร"
        TOWN = "TOWN", "เทศบาลเมือง"
        SUBDISTRICT_MUNICIPALITY = "SUBDISTRICT_MUNICIPALITY", "เทศบาลตำบล"
        SUBDISTRICT_ORGANIZATION = "SUBDISTRICT_ORGANIZATION", "อบต."
        PATTAYA = "PATTAYA", "เมืองพัทยา"
        BANGKOK = "BANGKOK", "กรุงเทพมหานคร"

    code = models.CharField("รหัส อปท.", max_length=7)
    kind = models.CharField("ประเภท", max_length=30, choices=Kind.choices)
    name = models.CharField("ชื่อ", max_length=150)
    district = models.ForeignKey(District, models.PROTECT, related_name="laos")
    sort_key = thai_key_of("name")
    loose_name = thai_loose_of("name")
    # What the register knows beside the name; empty where it is silent.
    subdistricts = models.TextField("ตำบล", blank=True, default="")
    address_number = models.CharField("ที่ตั้งสำนักงานเลขที่", max_length=100, blank=True, default="")
    address_moo = models.CharField("หมู่ที่", max_length=50, blank=True, default="")
    postal_code = models.CharField("รหัสไปรษณีย์", max_length=5, blank=True, default="")
    area_km2 = models.DecimalField("ขนาดพื้นที่ (ตร.กม.)", max_digits=10, decimal_places=2, null=True, blank=True)
    latitude = models.DecimalField("ละติจูด", max_digits=10, decimal_places=7, null=True, blank=True)
    longitude = models.DecimalField("ลองจิจูด", max_digits=10, decimal_places=7, null=True, blank=True)
    website = models.CharField("เว็บไซต์ของ อปท.", max_length=500, blank=True, default="")

    objects = LaoQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "code"]
        constraints = [
            models.UniqueConstraint(
                name="lao_code_unique", fields=["code"], violation_error_message="รหัส อปท. นี้มีอยู่แล้ว"
            ),
            models.CheckConstraint(
                name="lao_code_seven_digits",
                condition=Q(code__regex=r"^[0-9]{7}$"),
                violation_error_message="รหัส อปท. ต้องเป็นตัวเลข 7 หลัก",
            ),
            models.CheckConstraint(
                name="lao_area_not_negative",
                condition=Q(area_km2__isnull=True) | Q(area_km2__gte=0),
                violation_error_message="ขนาดพื้นที่ต้องไม่ติดลบ",
            ),
        ]
        indexes = [
            models.Index(name="lao_by_district", fields=["district", "sort_key"]),
            GinIndex(name="lao_by_part_of_name", fields=["loose_name"], opclasses=["gin_trgm_ops"], fastupdate=False),
        ]

    def __str__(self):
        return lao_title(self.kind, self.name)

    @property
    def is_withheld(self):
        """Whether it is among `LaoQuerySet.withheld`. A query, unless its account was fetched with it."""
        account = getattr(self, "account", None)
        return account is not None and account.withheld_since is not None


def lao_title(kind, name):
    """The name as people say it, such as "เทศบาลตำบลแหลมสัก"; the two special kinds are their own names."""
    if kind in (Lao.Kind.PATTAYA, Lao.Kind.BANGKOK):
        return Lao.Kind(kind).label
    return f"{Lao.Kind(kind).label}{name}"


class FormerCode(models.Model):
    """A code that an LAO bore before it was upgraded; kept so that it still finds the LAO."""

    lao = models.ForeignKey(Lao, models.CASCADE, related_name="former_codes")
    code = models.CharField("รหัสเดิม", max_length=7)
    replaced_at = models.DateTimeField("เปลี่ยนเมื่อ", auto_now_add=True)

    class Meta:
        ordering = ["-replaced_at"]
        constraints = [
            models.UniqueConstraint(name="former_code_once_per_lao", fields=["lao", "code"]),
            models.CheckConstraint(name="former_code_seven_digits", condition=Q(code__regex=r"^[0-9]{7}$")),
        ]

    def __str__(self):
        return self.code
