"""Codes that an app makes from the time of day (TOTP, RFC 6238), and what the app is told once."""

import base64
from urllib.parse import quote, urlencode

from django.utils.crypto import salted_hmac
from django_otp.oath import TOTP

ISSUER = "e-PlanNACC"
DIGITS = 6
BACKUP_CODES = 10
_KEY_BYTES = 20
_TOLERANCE = 1  # steps of 30 seconds that a telephone's clock may be off, either way


def key_of(user_id, seed):
    """The secret that the account `user_id` shares with its app: of `seed` and the system's own secret.

    Whoever copies the table has no secret in hand, and none can get into the trail or a log.
    """
    return salted_hmac("lao.second_factor", f"{user_id}:{seed}", algorithm="sha256").digest()[:_KEY_BYTES]


def matching_step(code, *, user_id, seed, after=None):
    """The step of time whose code is `code` (text), a step later than `after` and at most one from now; else None."""
    if len(code) != DIGITS or not (code.isascii() and code.isdigit()):
        return None
    totp = TOTP(key_of(user_id, seed), digits=DIGITS)
    fits = totp.verify(int(code), tolerance=_TOLERANCE, min_t=None if after is None else after + 1)
    return totp.t() if fits else None


def shown_key(user_id, seed):
    """The secret as it is typed into an app by hand, in groups of four."""
    text = base64.b32encode(key_of(user_id, seed)).decode()
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def app_address(user, seed):
    """The `otpauth:` address that tells an app everything; the QR code holds it."""
    query = urlencode({"secret": shown_key(user.pk, seed).replace(" ", ""), "issuer": ISSUER})
    return f"otpauth://totp/{ISSUER}:{quote(user.username, safe='')}?{query}"
