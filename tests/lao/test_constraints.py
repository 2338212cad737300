"""Every constraint of the app by name: what it lets in and what it refuses."""

import uuid
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils import timezone

from lao.models import (
    ActivationCode,
    District,
    Draft,
    FormerCode,
    FormToken,
    Lao,
    LaoProfile,
    Province,
    Region,
    ResetCode,
    ResetRequest,
    SignInThrottle,
    TemporaryPassword,
    User,
)
from tests import factories


def secret(model, user, **fields):
    return model.objects.create(user=user, secret_hash="x", expires_at=timezone.now() + timedelta(days=1), **fields)


def user(role, **scope):
    return User.objects.create(username=str(uuid.uuid4()), role=role, **scope)


def one_live(model):
    now = timezone.now()

    def accept():
        owner = factories.make_clerk(claimed=False)
        secret(model, owner)
        secret(model, owner, used_at=now)
        secret(model, owner, revoked_at=now)
        secret(model, factories.make_clerk(claimed=False))

    def refuse():
        owner = factories.make_clerk(claimed=False)
        secret(model, owner)
        secret(model, owner)

    return accept, refuse


def used_or_revoked(model):
    now = timezone.now()
    return (
        lambda: secret(model, factories.make_clerk(claimed=False), used_at=now),
        lambda: secret(model, factories.make_clerk(claimed=False), used_at=now, revoked_at=now),
    )


def not_negative(field):
    def profile_with(value):
        LaoProfile.objects.create(lao=factories.make_lao(), **{field: value})

    return lambda: [profile_with(value) for value in (None, 0, 5)], lambda: profile_with(-1)


def twice(make, **fields):
    def act():
        make(**fields)
        make(**fields)

    return act


def same_district_name_elsewhere():
    factories.make_district("เมือง")
    factories.make_district("เมือง", factories.make_province("30", "นครราชสีมา", 3))


def former(*codes):
    def act():
        lao = factories.make_lao()
        for code in codes:
            FormerCode.objects.create(lao=lao, code=code)

    return act


def drafts(second_record):
    """Two drafts of one account."""

    def act():
        user = factories.make_clerk()
        for record in ("project:1", second_record):
            Draft.objects.create(
                user=user, record=record, token=uuid.uuid4(), version=0, fields=[], updated_at=timezone.now()
            )

    return act


def tokens(second_user_is_another):
    def act():
        token, first = uuid.uuid4(), factories.make_clerk()
        FormToken.objects.create(user=first, token=token)
        FormToken.objects.create(user=factories.make_clerk() if second_user_is_another else first, token=token)

    return act


def throttle(failures):
    return lambda: SignInThrottle.objects.create(key="k", failures=failures, last_failed_at=timezone.now())


def waiting(answered):
    def act():
        owner = factories.make_clerk()
        for at in (timezone.now() if answered else None, None):
            ResetRequest.objects.create(user=owner, answered_at=at)

    return act


# name: (what is let in, what is refused)
CASES = {
    "region_number_1_to_9": (lambda: Region.objects.get_or_create(number=9), lambda: Region.objects.create(number=10)),
    "province_code_two_digits": (
        lambda: Province.objects.create(code="09", name="ใหม่"),
        lambda: Province.objects.create(code="9", name="ใหม่"),
    ),
    "province_name_unique": (
        lambda: Province.objects.create(code="09", name="ใหม่"),
        lambda: [Province.objects.create(code=code, name="ใหม่") for code in ("08", "09")],
    ),
    "district_unique_in_province": (
        same_district_name_elsewhere,
        lambda: [District.objects.create(province=factories.make_province(), name="ซ้ำ") for _ in range(2)],
    ),
    "lao_code_unique": (factories.make_lao, twice(factories.make_lao, code="6810510")),
    "lao_code_seven_digits": (
        lambda: factories.make_lao(code="6810510"),
        lambda: factories.make_lao(code="681051"),
    ),
    "lao_area_not_negative": (
        lambda: [factories.make_lao(area_km2=area) for area in (None, 0, 5)],
        lambda: factories.make_lao(area_km2=-1),
    ),
    "former_code_once_per_lao": (former("6810510", "6810511"), former("6810510", "6810510")),
    "former_code_seven_digits": (former("6810510"), former("68105100"[:6])),
    "user_username_unique": (
        lambda: factories.make_officer(username="a"),
        twice(factories.make_officer, username="a"),
    ),
    "form_token_once_per_user": (tokens(second_user_is_another=True), tokens(second_user_is_another=False)),
    "draft_once_per_record": (drafts("project:2"), drafts("project:1")),
    "throttle_failures_positive": (throttle(1), throttle(0)),
    "activationcode_one_live_per_user": one_live(ActivationCode),
    "activationcode_used_or_revoked": used_or_revoked(ActivationCode),
    "resetcode_one_live_per_user": one_live(ResetCode),
    "resetcode_used_or_revoked": used_or_revoked(ResetCode),
    "reset_request_one_waiting_per_user": (waiting(answered=True), waiting(answered=False)),
    "user_withheld_is_of_an_lao": (
        lambda: factories.make_clerk(withheld_since=timezone.now()),
        lambda: factories.make_officer(withheld_since=timezone.now()),
    ),
    "temporarypassword_one_live_per_user": one_live(TemporaryPassword),
    "temporarypassword_used_or_revoked": used_or_revoked(TemporaryPassword),
    "profile_service_area_km2_not_negative": not_negative("service_area_km2"),
    "profile_population_not_negative": not_negative("population"),
    "profile_own_revenue_not_negative": not_negative("own_revenue"),
    "profile_grant_revenue_not_negative": not_negative("grant_revenue"),
}


def test_every_named_constraint_of_the_app_has_its_case():
    named = {
        constraint.name for model in apps.get_app_config("lao").get_models() for constraint in model._meta.constraints
    }
    assert named == set(CASES) | {"user_scope_agrees_with_role"}


@pytest.mark.django_db
@pytest.mark.parametrize("name", CASES)
def test_a_constraint_lets_in_what_it_should(name):
    CASES[name][0]()


@pytest.mark.django_db
@pytest.mark.parametrize("name", CASES)
def test_a_constraint_refuses_what_must_never_be(name):
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        CASES[name][1]()
    assert refusal.value.__cause__.diag.constraint_name == name


SCOPES = {"LAO": "lao", "PROVINCE": "province", "REGION": "region", "CENTRAL": None}
MAKERS = {
    "lao": factories.make_lao,
    "province": factories.make_province,
    "region": lambda: Region.objects.get_or_create(number=1)[0],
}


@pytest.mark.django_db
@pytest.mark.parametrize("role", SCOPES)
def test_an_account_s_area_is_that_of_its_role_and_no_other(role):
    own = SCOPES[role]
    user(role, **({own: MAKERS[own]()} if own else {}))
    for wrong in ([{}] if own else []) + [{scope: make()} for scope, make in MAKERS.items() if scope != own]:
        for added in ({}, {own: MAKERS[own]()}) if own and wrong else ({},):
            with pytest.raises(IntegrityError) as refusal, transaction.atomic():
                user(role, **wrong, **added)
            assert refusal.value.__cause__.diag.constraint_name == "user_scope_agrees_with_role"


@pytest.mark.django_db
def test_an_unknown_role_has_no_area_that_would_fit():
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        user("GUEST")
    assert refusal.value.__cause__.diag.constraint_name == "user_scope_agrees_with_role"


@pytest.mark.django_db
def test_people_see_the_organisations_of_their_area_alone():
    here = factories.make_lao()
    far = factories.make_lao(district=factories.make_district("ปากช่อง", factories.make_province("30", "นครราชสีมา", 3)))
    assert set(Lao.objects.visible_to(factories.make_clerk(here))) == {here}
    for role, seen in (("PROVINCE", {here}), ("REGION", {here}), ("CENTRAL", {here, far})):
        assert set(Lao.objects.visible_to(factories.make_officer(role))) == seen
