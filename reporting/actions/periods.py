"""What a central officer does to plan periods. Every action is one transaction and names the person behind it."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from lao.audit import acting
from lao.tokens import keep_answer, sent_before, was_sent
from projects.models import Dimension, Plan, PlanPeriod
from reporting.models import LevelCutoff
from reporting.queries.periods import dimensions_in_use, laos_without_plan, setting_of, years_in_use

BATCH = 1000


class PeriodMovedOnError(Exception):
    """Somebody changed the period since the form was filled; `setting` is how it stands."""

    def __init__(self, setting):
        super().__init__(setting)
        self.setting = setting


class YearsInUseError(Exception):
    """Plans or projects stand in years that the period would lose; they run from `first` to `last`."""

    def __init__(self, first, last):
        super().__init__(first, last)
        self.first, self.last = first, last


class OverlapError(Exception):
    """Another period has some of the years; the message says so in Thai."""


class DimensionsInUseError(Exception):
    """Dimensions were to go that projects or scores name: their `numbers`."""

    def __init__(self, numbers):
        super().__init__(numbers)
        self.numbers = numbers


class PeriodInUseError(Exception):
    """The period has plans and so can't be taken out."""


def set_up_period(*, by, token, setting):
    """Make a new plan period of the `Setting` and return it; the form's one-time `token` gives a second sending the
    first one's period. Raises `OverlapError`."""
    with acting(by):
        record, again = sent_before(token, by, setting.as_json())
        made = PlanPeriod.objects.filter(pk=record.made_id).first()
        if again and made:
            return made
        _hold_periods()
        period = PlanPeriod(first_year=setting.first_year, last_year=setting.last_year)
        _save_years(period)
        _name_dimensions(period, setting.dimensions)
        _set_levels(period, setting.levels)
        keep_answer(record, period)
        return period


def change_period(*, by, period_id, started, setting, token=None):
    """Give a period another `Setting` and return it; the one that stands already changes nothing.

    `started` is the `Setting` that the form was filled from, None where nobody knows; its one-time `token` gives a
    second sending the first one's result. Raises `PlanPeriod.DoesNotExist`, `PeriodMovedOnError`, `OverlapError`,
    `YearsInUseError` and `DimensionsInUseError`; then nothing is changed.
    """
    with acting(by):
        _hold_periods()
        period = PlanPeriod.objects.get(pk=period_id)
        if was_sent(token, by, ["period", period_id, setting.as_json()]):
            return period
        standing = setting_of(period)
        if standing == setting:
            return period
        if standing != started:
            raise PeriodMovedOnError(standing)
        lost = set(range(len(setting.dimensions) + 1, len(standing.dimensions) + 1)) & dimensions_in_use(period)
        if lost:
            raise DimensionsInUseError(sorted(lost))
        period.first_year, period.last_year = setting.first_year, setting.last_year
        _check_years(period)
        _save_years(period)
        _name_dimensions(period, setting.dimensions)
        _set_levels(period, setting.levels)
        return period


def remove_period(*, by, period_id):
    """Take out a period that has no plans. Raises `PlanPeriod.DoesNotExist` and `PeriodInUseError`."""
    with acting(by):
        _hold_periods()
        period = PlanPeriod.objects.get(pk=period_id)
        try:
            with transaction.atomic():
                if Plan.objects.filter(period=period).exists():
                    raise PeriodInUseError
                period.dimensions.all().delete()
                period.delete()
        except (ProtectedError, IntegrityError) as error:
            raise PeriodInUseError from error


def make_plans(*, by, period_id, passed_in):
    """Make a plan of the period for every LAO that has none yet, and return how many were made.

    `passed_in` is the fiscal year in which they all met the standard, or None while they have not. Raises
    `PlanPeriod.DoesNotExist`, and `ValueError` for a year outside the period.
    """
    with acting(by):
        _hold_periods()
        period = PlanPeriod.objects.get(pk=period_id)
        if passed_in is not None and passed_in not in period.years:
            raise ValueError(passed_in)
        laos = laos_without_plan(period).order_by("pk").values_list("pk", flat=True)
        plans = [Plan(lao_id=lao, period=period, passed_in=passed_in) for lao in laos]
        made = Plan.objects.bulk_create(plans, batch_size=BATCH, ignore_conflicts=True)
        return len(made)


def _hold_periods():
    """Let one person at a time change periods; reading them, and whatever refers to one, goes on."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE projects_planperiod IN SHARE ROW EXCLUSIVE MODE")


def _check_years(period):
    used = years_in_use(period)
    if used and not (period.first_year <= used[0] and used[1] <= period.last_year):
        raise YearsInUseError(*used)


def _save_years(period):
    try:
        period.validate_constraints()
    except ValidationError as error:
        raise OverlapError(" ".join(error.messages)) from error
    period.save()


def _name_dimensions(period, names):
    """Let the dimensions bear `names` in the order of their numbers; those that are too many go."""
    period.dimensions.filter(number__gt=len(names)).delete()
    standing = {dimension.number: dimension for dimension in period.dimensions.all()}
    for number, name in enumerate(names, start=1):
        dimension = standing.get(number) or Dimension(period=period, number=number)
        if dimension.name != name:
            dimension.name = name
            dimension.save()


def _set_levels(period, levels):
    for months, level in levels.items():
        LevelCutoff.objects.update_or_create(period=period, months=months, defaults=vars(level))
