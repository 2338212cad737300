"""Takes the published register into the system, in one transaction."""

import hashlib
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from lao.audit import acting
from lao.models import District, FormerCode, Lao, Province, User
from lao.register_import import Changes, Reading, Standing, compare, read_register

BATCH = 500
PLAIN_FIELDS = (
    "kind",
    "name",
    "subdistricts",
    "address_number",
    "address_moo",
    "postal_code",
    "area_km2",
    "latitude",
    "longitude",
    "website",
)


@dataclass(frozen=True)
class Outcome:
    """What the file says, and what it changes (or would change)."""

    reading: Reading
    changes: Changes

    @property
    def fingerprint(self):
        """What tells these changes from any others: shown with a preview, and asked for again when it is confirmed."""
        return hashlib.sha256(repr(self.changes).encode()).hexdigest()


class RegisterMovedError(Exception):
    """The system changed since the preview, so that the file would do something else now."""


def import_register(*, by, data, apply, expected=None):
    """Compare `data` (the bytes of the register's CSV) with the system, and write the changes when `apply` is true.

    Nothing is ever deleted. A new organisation gets an account that waits to be claimed; one that was upgraded keeps
    its data, its account follows the new code, and the old one is remembered. `by` is a `User`, or None for a command.
    Where the `fingerprint` of a preview is `expected`, only its very changes are written. Raises `RegisterMovedError`
    then, and `UnreadableError` for a file that is not the register.
    """
    with acting(by):
        reading = read_register(data, dict(Province.objects.values_list("name", "code")))
        outcome = Outcome(reading, compare(reading.entries, _standing(held=apply)))
        if expected not in (None, outcome.fingerprint):
            raise RegisterMovedError
        if apply:
            _write(outcome.changes)
    return outcome


def _standing(*, held):
    """Every organisation in the terms of the register; `held`: locked, so that what is compared is what is changed."""
    rows = Lao.objects.order_by("pk")
    if held:
        rows = rows.select_for_update()
    return [
        Standing(pk, code, {**dict(zip(PLAIN_FIELDS, plain, strict=True)), "district": district, "province": province})
        for pk, code, district, province, *plain in rows.values_list(
            "pk", "code", "district__name", "district__province", *PLAIN_FIELDS
        ).iterator(chunk_size=2000)
    ]


def _write(changes):
    entries = changes.inserted + [change.entry for change in changes.changed]
    districts = _districts({(entry.values["province"], entry.values["district"]) for entry in entries})
    _insert(changes.inserted, districts)
    _update(changes.changed, districts)
    _move_codes([change for change in changes.changed if change.is_upgrade])


def _districts(wanted):
    """The keys of the districts `wanted`, as `{(province code, name): key}`; those not known yet are put in."""
    District.objects.bulk_create(
        [District(province_id=province, name=name) for province, name in sorted(wanted)],
        ignore_conflicts=True,
        batch_size=BATCH,
    )
    return {(province, name): key for key, province, name in District.objects.values_list("pk", "province_id", "name")}


def _insert(entries, districts):
    laos = Lao.objects.bulk_create(
        [Lao(code=entry.code, **_columns(entry, districts)) for entry in entries], batch_size=BATCH
    )
    no_password = make_password(None)
    User.objects.bulk_create(
        [User(username=lao.code, role=User.Role.LAO, lao=lao, password=no_password) for lao in laos], batch_size=BATCH
    )


def _columns(entry, districts):
    """The values of `entry` as the columns of `Lao`."""
    plain = {name: entry.values[name] for name in PLAIN_FIELDS}
    return {**plain, "district_id": districts[entry.values["province"], entry.values["district"]]}


def _update(changed, districts):
    laos = [
        Lao(pk=change.standing.pk, code=change.entry.code, **_columns(change.entry, districts)) for change in changed
    ]
    touched = {name for change in changed for name in change.fields}
    fields = ["code", "district", *(name for name in PLAIN_FIELDS if name in touched)]
    Lao.objects.bulk_update(laos, fields, batch_size=BATCH)


def _move_codes(upgrades):
    """Remember the old codes, and let the accounts bear the new ones."""
    FormerCode.objects.bulk_create(
        [FormerCode(lao_id=change.standing.pk, code=change.standing.code) for change in upgrades],
        ignore_conflicts=True,
        batch_size=BATCH,
    )
    accounts = {user.lao_id: user for user in User.objects.filter(lao__in=[change.standing.pk for change in upgrades])}
    for change in upgrades:
        accounts[change.standing.pk].username = change.entry.code
    User.objects.bulk_update(accounts.values(), ["username"], batch_size=BATCH)
