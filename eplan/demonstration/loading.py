"""Loads the demonstration into an empty database, in one transaction: all of it or nothing."""

from contextlib import nullcontext

import geothai
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.utils import timezone
from tqdm import tqdm

from eplan.demonstration import making
from eplan.demonstration.accounts import OFFICERS, PASSWORD, email_of
from eplan.demonstration.copying import Tables
from eplan.demonstration.places import districts_of, places_of
from eplan.demonstration.rounds import make_rounds
from lao.audit import acting
from lao.models import District, Lao, User
from projects.models import Plan, PlanPeriod

SEED = 2562
PORTION = 200  # organisations made before their rows are sent, which bounds the memory


class NotEmptyError(Exception):
    """The database holds organisations already."""


def load(*, nation=False, seed=SEED, quiet=False):
    """Fill the database with the small set, or one of national size; returns `{table: rows}`.

    Progress bars appear on a terminal unless `quiet`. Raises `NotEmptyError` when there is an organisation already.
    """
    extent = making.NATION if nation else making.SMALL
    with acting(None), connection.cursor() as cursor:
        # Two loads at once: the second waits here, and then finds the database filled.
        cursor.execute("LOCK TABLE lao_lao IN SHARE ROW EXCLUSIVE MODE")
        if Lao.objects.exists():
            raise NotEmptyError
        make_rounds(today=timezone.localdate(), all_years=nation)
        world = _world(extent, seed)
        tables = Tables()
        with nullcontext() if extent.triggers else tables.triggers_off(cursor):
            _make_all(world, tables, cursor, quiet)
        tables.move_sequences(cursor)
        cursor.execute("ANALYZE")
        if not extent.triggers:
            _count_tallies(cursor, quiet)
    return {table.model._meta.db_table: table.sent for table in tables.all}


def _make_all(world, tables, cursor, quiet):
    """Make every organisation of `world`, sending their rows by the portion."""
    chosen = [place for province, counts in world.extent.counts.items() for place in places_of(province, counts)]
    for portion in _portions(chosen, "สร้างข้อมูลสาธิต", quiet):
        for place in portion:
            making.make_organisation(world, tables, place)
        tables.send(cursor)


def _count_tallies(cursor, quiet):
    """Count what the triggers would have counted."""
    plans = list(Plan.objects.values_list("pk", flat=True))
    for portion in _portions(plans, "สรุปผล", quiet):
        cursor.execute("SELECT reporting_retally(%s, NULL)", [portion])


def _portions(items, purpose, quiet):
    """`items` by the portion, under a progress bar where there is a terminal."""
    with tqdm(total=len(items), unit=" อปท.", desc=purpose, disable=True if quiet else None) as bar:
        for start in range(0, len(items), PORTION):
            portion = items[start : start + PORTION]
            yield portion
            bar.update(len(portion))


def _world(extent, seed):
    """Put in the districts and the officers; returns what every organisation shares."""
    period = PlanPeriod.objects.get(first_year=2561)
    officers = _make_officers()
    now = timezone.now().isoformat()
    return making.World(
        seed=seed,
        extent=extent,
        period=period,
        dimensions=dict(period.dimensions.values_list("number", "pk")),
        districts=_make_districts(extent.counts),
        reviewers={officer.province_id: officer.pk for officer in officers if officer.role != User.Role.REGION},
        clerk_password=make_password(PASSWORD),
        no_password=make_password(None),
        now=now,
    )


def _make_districts(provinces):
    """Put in every district of `provinces` (codes); returns `{four-digit code: key}`."""
    named = {code: (code[:2], name) for province in provinces for code, name in districts_of(province).items()}
    District.objects.bulk_create(
        [District(province_id=province, name=name) for province, name in named.values()], ignore_conflicts=True
    )
    keys = {(province, name): key for key, province, name in District.objects.values_list("pk", "province_id", "name")}
    return {code: keys[place] for code, place in named.items()}


def _make_officers():
    """Put in the officers' accounts; those that stand already are taken as they are."""
    officers = []
    for fields in OFFICERS:
        defaults = {
            **fields,
            "email": email_of(fields["username"]),
            "password": make_password(PASSWORD),
            "claimed_at": timezone.now(),
        }
        officers.append(User.objects.get_or_create(username=fields["username"], defaults=defaults)[0])
    return officers


def source():
    """The credit that the areas' licence asks for, with the edition used."""
    return f"geothai (GeoThai/data {geothai.DATA_VERSION}, CC BY 4.0)"
