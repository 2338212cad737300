"""One-time codes that people type: in the letter of a first entry, and in place of a forgotten password."""

import secrets

from django.utils.crypto import salted_hmac

from lao.rules import CODE_ALPHABET, CODE_LENGTH, in_groups, tidy_code


def new_code():
    """A new random code as it is shown, XXXX-XXXX-XXXX: 60 bits."""
    return in_groups("".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH)))


def passing_hash(code):
    """The hash under which a code of half an hour is kept, however it was typed.

    Keyed with the system's own secret and quick, so that a sign-in takes the same time whether or not one was asked
    for: 60 random bits cannot be guessed in that half hour. A letter's code lives for months and is hashed slowly.
    """
    return salted_hmac("lao.codes", tidy_code(code), algorithm="sha256").hexdigest()
