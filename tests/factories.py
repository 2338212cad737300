"""Makes what tests need: small, valid, with real Thai names. Every maker takes overrides by keyword."""

from datetime import date, timedelta
from functools import cache
from itertools import count

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from lao.models import District, Lao, LaoProfile, Province, Region, User
from projects.models import Dimension, Plan, PlanPeriod, Project, ProjectYear
from reporting.models import Extension, KeptCaution, LevelCutoff, ProgressReport, Receipt, ReportingRound
from reporting.queries.receipts import contents_of
from reporting.queries.reports import report_rows

PASSWORD = "ทดสอบระบบ๒๕๖๒"
_numbers = count(1)


@cache
def password_hash():
    """The hash of `PASSWORD`: made once, because a good hash is slow on purpose."""
    return make_password(PASSWORD)


def make_province(code="81", name="กระบี่", region=8):
    """A province under its real code; those of the migrations are taken as they are."""
    Region.objects.get_or_create(number=region)
    return Province.objects.get_or_create(code=code, defaults={"name": name, "region_id": region})[0]


def make_district(name="อ่าวลึก", province=None):
    """A district, by default อ่าวลึก of กระบี่."""
    return District.objects.get_or_create(province=province or make_province(), name=name)[0]


def make_lao(**fields):
    """An อบต. of อ่าวลึก with a code of its own."""
    number = next(_numbers)
    district = fields.pop("district", None) or make_district()
    fields.setdefault("code", f"6{district.province_id}{number % 10_000:04d}")
    fields.setdefault("name", f"ตัวอย่าง{number}")
    return Lao.objects.create(district=district, **{"kind": Lao.Kind.SUBDISTRICT_ORGANIZATION, **fields})


def make_clerk(lao=None, *, claimed=True, email="clerk@example.go.th", **fields):
    """The account of an LAO, with its profile when it was claimed; `PASSWORD` opens it."""
    lao = lao or make_lao()
    user = User(username=lao.code, role=User.Role.LAO, lao=lao, **fields)
    if claimed:
        user.claimed_at = timezone.now()
        user.password = password_hash()
        LaoProfile.objects.update_or_create(lao=lao, defaults={"coordinator_email": email})
    else:
        user.set_unusable_password()
    user.save()
    return user


def make_officer(role="PROVINCE", **fields):
    """An officer: of กระบี่, of ภาค 8, or central."""
    number = next(_numbers)
    if role == User.Role.PROVINCE:
        fields.setdefault("province", make_province())
    if role == User.Role.REGION:
        make_province()
        fields.setdefault("region_id", 8)
    user = User(
        **{
            "username": f"officer{number}",
            "name": f"เจ้าหน้าที่ {number}",
            "email": f"officer{number}@example.go.th",
            **fields,
        },
        role=role,
        claimed_at=timezone.now(),
    )
    user.password = password_hash()
    user.save()
    return user


def make_period(first_year=2561, last_year=2564):
    """A plan period with four dimensions and the usual cut-offs."""
    period, made = PlanPeriod.objects.get_or_create(first_year=first_year, last_year=last_year)
    if made:
        for number in range(1, 5):
            Dimension.objects.create(period=period, number=number, name=f"ชื่อมิติ {number}")
        LevelCutoff.objects.create(period=period, months=6, high=50, medium=20)
        LevelCutoff.objects.create(period=period, months=12, high=80, medium=50)
    return period


def make_plan(lao=None, *, period=None, passed_in=2561):
    """The plan of an LAO, passed in 2561 unless told otherwise."""
    return Plan.objects.create(lao=lao or make_lao(), period=period or make_period(), passed_in=passed_in)


def make_project(plan=None, *, years=(2562,), budget=None, dimension=1, **fields):
    """A project of `plan` in `years`, each with the planned `budget` in baht (None: uses no budget)."""
    plan = plan or make_plan()
    fields.setdefault("name", f"โครงการส่งเสริมคุณธรรม {next(_numbers)}")
    project = Project.objects.create(
        plan=plan,
        dimension=Dimension.objects.get(period=plan.period, number=dimension),
        **{"kind": Project.Kind.PROJECT, **fields},
    )
    ProjectYear.objects.bulk_create(
        [ProjectYear(project=project, fiscal_year=year, plan_budget=budget) for year in years]
    )
    return project


def make_round(fiscal_year=2562, months=6, **fields):
    """A round that is open today."""
    today = timezone.localdate()
    dates = {"opens_on": today - timedelta(days=30), "closes_on": today + timedelta(days=30), **fields}
    return ReportingRound.objects.update_or_create(fiscal_year=fiscal_year, months=months, defaults=dates)[0]


def make_extension(known, **fields):
    """More time in the round `known`, for an LAO of its own unless told otherwise, as there was a flood."""
    whom = {} if {"lao", "province"} & set(fields) else {"lao": make_lao()}
    until = known.closes_on + timedelta(days=15)
    return Extension.objects.create(**{"reporting_round": known, "until": until, "reason": "น้ำท่วม", **whom, **fields})


def make_report(project, *, fiscal_year=2562, months=6, status="COMPLETED", **fields):
    """A report on `project` in a fiscal year and round."""
    if status == "NOT_FEASIBLE":
        fields.setdefault("reason", "NO_BUDGET")
    return ProgressReport.objects.create(
        project_year=project.years.get(fiscal_year=fiscal_year), months=months, status=status, **fields
    )


def make_receipt(clerk, *, fiscal_year=2562, months=6, **fields):
    """The receipt of the round, for reports that must be complete."""
    number = next(_numbers)
    return Receipt.objects.create(
        lao=clerk.lao,
        fiscal_year=fiscal_year,
        months=months,
        issued_by=clerk,
        **{
            "code": f"ABCD{number:08d}",
            **contents_of(report_rows(clerk, clerk.lao, fiscal_year), months),
            **fields,
        },
    )


def make_kept(report, *, by, kind="ABOVE_ORDINANCE", figures="10.00/20.00", **fields):
    """A caution about `report` that its clerk `by` kept."""
    said = {"words": "เบิกจ่าย 20 บาท มากกว่างบประมาณ 10 บาท", "note": "โอนงบประมาณเพิ่มแล้ว", **fields}
    return KeptCaution.objects.create(report=report, by=by, kind=kind, figures=figures, **said)


def closed(fiscal_year=2562, months=6):
    """A round that closed long ago."""
    return make_round(fiscal_year, months, opens_on=date(2018, 10, 1), closes_on=date(2019, 4, 30))
