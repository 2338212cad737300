"""Public pages that processes and machines share over a server of the Redis protocol (EPLAN_CACHE_URL); optional.

It only spares work: the mark in a page's tag decides whether it is current, and without an answer the page is made.
"""

import functools
import hashlib
import json
import logging
import time

from django.conf import settings

logger = logging.getLogger(__name__)

KEPT_FOR = 24 * 60 * 60  # seconds
PATIENCE = 0.2  # seconds until we rather make the page
LEFT_ALONE = 10  # seconds without a try after a failure

_away_until = 0.0


def fetch(address, tag):
    """The bytes of the page kept for `address` under `tag`: (headers, plain body, compressed body); None without."""
    kept = _asked("get", _key(address))
    if kept is None:
        return None
    head, _, bodies = kept.partition(b"\n")
    kept_tag, headers, length = json.loads(head)
    return ([tuple(pair) for pair in headers], bodies[:length], bodies[length:]) if kept_tag == tag else None


def keep(address, tag, headers, body, zipped):
    """Keep a page for everyone."""
    head = json.dumps([tag, headers, len(body)]).encode()
    _asked("set", _key(address), b"\n".join((head, body)) + zipped, ex=KEPT_FOR)


@functools.cache
def _server():
    import redis

    return redis.Redis.from_url(
        settings.EPLAN_CACHE_URL, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, retry=None
    )


def _asked(command, *args, **kwargs):
    """What the server answers; None where there is none, or where it fails."""
    global _away_until
    if not settings.EPLAN_CACHE_URL or time.monotonic() < _away_until:
        return None
    import redis

    try:
        return getattr(_server(), command)(*args, **kwargs)
    except redis.RedisError as problem:
        logger.warning("The shared cache does not answer: %s", type(problem).__name__)
        _away_until = time.monotonic() + LEFT_ALONE
        return None


def _key(address):
    return f"eplan:page:{hashlib.blake2b(repr(address).encode(), digest_size=16).hexdigest()}"
