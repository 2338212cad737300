"""The people who sign in, and the secrets that let them in once."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from lao.models.register import Lao
from lao.rules import tidy_username, username_fault


class UserQuerySet(models.QuerySet):
    """Accounts."""

    def visible_to(self, user):
        """The accounts that the officer `user` looks after: all of them, or those of the LAOs of the own area."""
        if user.role == "CENTRAL":
            return self
        return self.filter(role="LAO", lao__in=Lao.objects.visible_to(user).order_by())

    def with_area(self):
        """Accounts with all that their scope and their sessions are made of, in one query."""
        return self.select_related("lao__district__province", "province", "region", "second_factor")


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    """Finds an account by its name as Django normalises it (NFKC: full-width digits are the same name)."""

    def get_by_natural_key(self, username):
        """The account of that name, with the LAO and place that every page shows. Raises `User.DoesNotExist`."""
        return self.with_area().get(username=self.model.normalize_username(username))

    def create_superuser(self, username, email, password):
        """The account of a central officer: `manage.py createsuperuser` makes the first, who makes all others.

        Raises `ValidationError` for a name or a password that no form would take either.
        """
        officer = self.model(username=tidy_username(username), email=email, role="CENTRAL", claimed_at=timezone.now())
        fault = username_fault(officer.username)
        if fault:
            raise ValidationError(fault)
        validate_password(password, officer)
        officer.set_password(password)
        officer.save()
        return officer


class User(AbstractBaseUser):
    """One account: that of an LAO, named by its code, or that of an officer of the NACC."""

    class Role(models.TextChoices):
        LAO = "LAO", "อปท."
        PROVINCE = "PROVINCE", "ป.ป.ช. ประจำจังหวัด"
        REGION = "REGION", "ป.ป.ช. ภาค"
        CENTRAL = "CENTRAL", "ป.ป.ช. ส่วนกลาง"

    username = models.CharField("ชื่อผู้ใช้งาน", max_length=150)
    role = models.CharField("บทบาท", max_length=10, choices=Role.choices)
    lao = models.OneToOneField("lao.Lao", models.PROTECT, null=True, blank=True, related_name="account")
    province = models.ForeignKey("lao.Province", models.PROTECT, null=True, blank=True, related_name="officers")
    region = models.ForeignKey("lao.Region", models.PROTECT, null=True, blank=True, related_name="officers")
    name = models.CharField("ชื่อ-สกุล", max_length=200, blank=True, default="")
    # An officer's own address. An LAO's is its coordinator's, in the profile.
    email = models.EmailField("อีเมล", blank=True, default="")
    is_active = models.BooleanField("ใช้งานได้", default=True)
    claimed_at = models.DateTimeField("เข้าใช้ครั้งแรกเมื่อ", null=True, blank=True)
    # From which network address, as `lao.throttling.client_address` gives it.
    claimed_from = models.CharField("ลงทะเบียนจาก", max_length=100, blank=True, default="", db_default="")
    # Set while an officer has yet to confirm who claimed the account: nothing of the LAO is public or counted before.
    withheld_since = models.DateTimeField("รอยืนยันตั้งแต่", null=True, blank=True)
    must_change_password = models.BooleanField("ต้องตั้งรหัสผ่านใหม่", default=False)
    created_at = models.DateTimeField("สร้างเมื่อ", auto_now_add=True)
    # Of what the form of an officer's account says.
    version = models.PositiveIntegerField(default=1, db_default=1)

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["email"]  # asked by createsuperuser

    class Meta:
        ordering = ["username"]
        constraints = [
            models.UniqueConstraint(
                name="user_username_unique",
                fields=["username"],
                violation_error_message="มีบัญชีชื่อนี้แล้ว กรุณาตั้งชื่ออื่น",
            ),
            models.CheckConstraint(
                name="user_withheld_is_of_an_lao",
                condition=Q(withheld_since__isnull=True) | Q(role="LAO"),
                violation_error_message="การรอยืนยันใช้กับบัญชีของ อปท. เท่านั้น",
            ),
            models.CheckConstraint(
                name="user_scope_agrees_with_role",
                condition=(
                    Q(role="LAO", lao__isnull=False, province__isnull=True, region__isnull=True)
                    | Q(role="PROVINCE", lao__isnull=True, province__isnull=False, region__isnull=True)
                    | Q(role="REGION", lao__isnull=True, province__isnull=True, region__isnull=False)
                    | Q(role="CENTRAL", lao__isnull=True, province__isnull=True, region__isnull=True)
                ),
                violation_error_message="พื้นที่ของบัญชีต้องตรงกับบทบาท",
            ),
        ]
        # There are few of them, and every list leaves them out.
        indexes = [models.Index(name="user_withheld", fields=["lao"], condition=Q(withheld_since__isnull=False))]

    def __str__(self):
        return self.username

    @property
    def display_name(self):
        """What the top right corner says: the LAO's name, or the officer's name or office."""
        if self.role == self.Role.LAO:
            return str(self.lao)
        return self.name or self.area_name

    @property
    def area_name(self):
        """The area of the account in words."""
        if self.role == self.Role.LAO:
            return f"{self.lao} อำเภอ{self.lao.district} จังหวัด{self.lao.district.province}"
        if self.role == self.Role.PROVINCE:
            return f"จังหวัด{self.province}"
        return str(self.region) if self.role == self.Role.REGION else "ทั่วประเทศ"

    @property
    def office(self):
        """The office that the account speaks for: what an LAO reads in place of an officer's name."""
        if self.role == self.Role.LAO:
            return str(self.lao)
        if self.role == self.Role.PROVINCE:
            return f"สำนักงาน ป.ป.ช. ประจำจังหวัด{self.province}"
        return f"สำนักงาน {self.region}" if self.role == self.Role.REGION else "สำนักงาน ป.ป.ช. ส่วนกลาง"

    @property
    def mark(self):
        """What stands for the account in pages and forms, and tells nobody which it is."""
        return salted_hmac("eplan.account", str(self.pk)).hexdigest()[:20]

    @property
    def is_clerk(self):
        """Whether this is the account of an LAO."""
        return self.role == self.Role.LAO

    @property
    def factor(self):
        """The officer's `SecondFactor`, None where there is none."""
        return None if self.is_clerk else getattr(self, "second_factor", None)

    def get_session_auth_hash(self):
        """What a session is bound to: password and second factor. A change of either ends the other sessions."""
        of_password = super().get_session_auth_hash()
        if self.factor is None:
            return of_password
        return salted_hmac("lao.session", f"{of_password}:{self.factor.seed}", algorithm="sha256").hexdigest()

    def has_perms(self, *args, **kwargs):
        """No permission is ever granted by name: roles and areas decide."""
        return False


class OneTimeSecret(models.Model):
    """A secret that lets its account in once, before it expires; only its hash is kept."""

    user = models.ForeignKey(User, models.CASCADE)
    secret_hash = models.CharField(max_length=200)
    issued_at = models.DateTimeField("ออกเมื่อ", auto_now_add=True)
    expires_at = models.DateTimeField("หมดอายุ")
    used_at = models.DateTimeField("ใช้เมื่อ", null=True, blank=True)
    revoked_at = models.DateTimeField("ยกเลิกเมื่อ", null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                name="%(class)s_one_live_per_user",
                fields=["user"],
                condition=Q(used_at__isnull=True, revoked_at__isnull=True),
            ),
            models.CheckConstraint(
                name="%(class)s_used_or_revoked", condition=Q(used_at__isnull=True) | Q(revoked_at__isnull=True)
            ),
        ]

    def __str__(self):
        return f"{self.user}: {self.issued_at:%Y-%m-%d}"


class ActivationCode(OneTimeSecret):
    """The code of the letter that opens an LAO's account for the first time."""


class TemporaryPassword(OneTimeSecret):
    """A password made by the system for someone who forgot theirs; the old one stands until this one is used."""


class ResetCode(OneTimeSecret):
    """A code that an officer reads out to the owner of an LAO's account, who sets a new password with it."""


class ResetRequest(models.Model):
    """Somebody asked for a new password and waits for the call of an officer of the province."""

    user = models.ForeignKey(User, models.CASCADE, related_name="reset_requests")
    asked_at = models.DateTimeField("ขอเมื่อ", auto_now_add=True)
    asked_from = models.CharField("ขอจาก", max_length=100, blank=True, default="")
    answered_at = models.DateTimeField("ตอบเมื่อ", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="reset_request_one_waiting_per_user", fields=["user"], condition=Q(answered_at__isnull=True)
            )
        ]

    def __str__(self):
        return f"{self.user}: {self.asked_at:%Y-%m-%d}"
