"""How often a name or a network address may try in vain.

Each try is counted before its secret is looked at, in one statement, so that a hundred tries at the same moment get no
further than one after another. A success takes its try back. Once the tries of a key are spent, each further
failure doubles the wait from 30 seconds to at most an hour. Tries are forgiven one by one as time passes.
"""

import ipaddress
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.crypto import salted_hmac

from lao.models import SignInThrottle

SHORTEST_WAIT = 30  # seconds
LONGEST_WAIT = 60 * 60  # seconds


@dataclass(frozen=True)
class Allowance:
    """`tries` failures before the first wait; one is forgiven every `forgiven_every` seconds without a wait."""

    tries: int
    forgiven_every: int


OF_ACCOUNT = Allowance(tries=5, forgiven_every=60 * 60)
# A whole province may share one address: 100 failures in a quarter of an hour.
OF_ADDRESS = Allowance(tries=100, forgiven_every=9)
# Claims of accounts by an empty password: a training room of one province, and no more.
CLAIMS_OF_ADDRESS = Allowance(tries=20, forgiven_every=3 * 60)
PURPOSES = ("sign-in", "reset", "reset-code", "second-factor")

# Returns a row when the try is allowed. The wait that a failure of this very try would cost is written at once.
_COUNT = """
WITH now AS (SELECT statement_timestamp() AS at)
INSERT INTO lao_signinthrottle AS kept (key, failures, last_failed_at, blocked_until)
SELECT %(key)s, 1, at, NULL FROM now
ON CONFLICT (key) DO UPDATE SET (failures, last_failed_at, blocked_until) = (
    SELECT tried.times, now.at, CASE WHEN tried.times >= %(tries)s THEN now.at + make_interval(
        secs => least(%(longest)s, %(shortest)s * 2 ^ least(tried.times - %(tries)s, 20))) END
      FROM now, LATERAL (
        SELECT 1 + greatest(0, kept.failures - greatest(0, floor(extract(epoch FROM
            now.at - greatest(kept.last_failed_at, kept.blocked_until)) / %(forgiven_every)s))::int) AS times
      ) AS tried
)
WHERE kept.blocked_until IS NULL OR kept.blocked_until <= statement_timestamp()
RETURNING failures
"""
_REMAINING = """
SELECT ceil(extract(epoch FROM blocked_until - statement_timestamp()))::int FROM lao_signinthrottle WHERE key = %s
"""
_TAKE_BACK = """
WITH gone AS (DELETE FROM lao_signinthrottle WHERE key = %(key)s AND failures = 1)
UPDATE lao_signinthrottle SET failures = failures - 1,
       blocked_until = CASE WHEN failures > %(tries)s THEN blocked_until END
 WHERE key = %(key)s AND failures > 1
"""
_FORGET_OLD = """
DELETE FROM lao_signinthrottle WHERE key IN (
    SELECT key FROM lao_signinthrottle WHERE last_failed_at < statement_timestamp() - interval '2 days'
     ORDER BY last_failed_at LIMIT 50 FOR UPDATE SKIP LOCKED
)
"""


class MustWaitError(Exception):
    """No try is allowed for another `seconds`."""

    def __init__(self, seconds):
        super().__init__(seconds)
        self.seconds = seconds


@dataclass(frozen=True)
class Try:
    """A try that was counted; `succeeded` forgets those of its name, and takes this one back from its address."""

    name_key: str
    address_key: str

    def succeeded(self):
        """The secret was right."""
        SignInThrottle.objects.filter(key=self.name_key).delete()
        _run(_TAKE_BACK, key=self.address_key, tries=OF_ADDRESS.tries)
        _run(_FORGET_OLD)


def count_try(purpose, name, address):
    """Count a try for `purpose` under the account name `name` (known or not) from `address`.

    Raises `MustWaitError`. What is tried for one purpose does not count for another.
    """
    counted = Try(_key(purpose, "name", name), _key(purpose, "address", address))
    _count(counted.address_key, OF_ADDRESS)
    try:
        _count(counted.name_key, OF_ACCOUNT)
    except MustWaitError:
        # Nothing was tried, so a colleague behind the same address loses nothing.
        _run(_TAKE_BACK, key=counted.address_key, tries=OF_ADDRESS.tries)
        raise
    return counted


@contextmanager
def counted_claim(address):
    """Count a claim from `address` unless the block fails. Raises `MustWaitError` when there have been too many."""
    key = _key("claim", "address", address)
    _count(key, CLAIMS_OF_ADDRESS)
    try:
        yield
    except Exception:
        _run(_TAKE_BACK, key=key, tries=CLAIMS_OF_ADDRESS.tries)
        raise


def count_look_up(address):
    """Count a look-up, from `address`, of a code that was handed out; what is returned takes it back when called, for a
    code that was right. Raises `MustWaitError`."""
    key = _key("look-up", "address", address)
    _count(key, OF_ADDRESS)
    return partial(_run, _TAKE_BACK, key=key, tries=OF_ADDRESS.tries)


def waiting_names(names):
    """Those of the account `names` that must wait before their next try, as {name: until when}. One query."""
    blocked = SignInThrottle.objects.filter(blocked_until__gt=timezone.now())
    until = dict(blocked.values_list("key", "blocked_until"))
    if not until:
        return {}
    waits = ((name, until.get(_key(purpose, "name", name))) for name in names for purpose in PURPOSES)
    found = {}
    for name, end in waits:
        if end:
            found[name] = max(end, found.get(name, end))
    return found


def forget_name(purpose, name):
    """Let the account `name` try afresh: its owner has proved to be the owner in another way."""
    SignInThrottle.objects.filter(key=_key(purpose, "name", name)).delete()


def client_address(request):
    """The address a request comes from: the peer's, or what the outermost trusted proxy says; IPv6 by its /64."""
    text = request.META.get("REMOTE_ADDR", "")
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    if 0 < settings.EPLAN_TRUSTED_PROXIES <= len(forwarded):
        text = forwarded[-settings.EPLAN_TRUSTED_PROXIES] or text
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return text
    if address.version == 4:
        return str(address)
    return str(address.ipv4_mapped or ipaddress.ip_network((address, 64), strict=False))


def _key(purpose, kind, value):
    return salted_hmac("lao.throttling", f"{purpose}:{kind}:{value}", algorithm="sha256").hexdigest()


def _count(key, allowance):
    limits = {"key": key, "tries": allowance.tries, "forgiven_every": allowance.forgiven_every}
    if not _run(_COUNT, **limits, shortest=SHORTEST_WAIT, longest=LONGEST_WAIT):
        with connection.cursor() as cursor:
            cursor.execute(_REMAINING, [key])
            row = cursor.fetchone()
        raise MustWaitError(max(1, row[0] or 1) if row else 1)


def _run(statement, **values):
    """How many rows `statement` touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount
