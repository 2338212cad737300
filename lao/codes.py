"""One-time codes that people type: in the letter of a first entry, and in place of a forgotten password."""

import secrets

from django.utils.crypto import constant_time_compare, salted_hmac

from lao.rules import CODE_ALPHABET, CODE_LENGTH, in_groups, tidy_code


def new_code():
    """A new random code as it is shown, XXXX-XXXX-XXXX: 60 bits."""
    return in_groups("".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH)))


def code_hash(code, user_id):
    """The hash under which a code of the account `user_id` is kept, however it was typed.

    Keyed with the system's own secret and bound to the account, so that whoever copies the table has to guess the
    60 random bits of each code by itself. Quick: the letters of a whole province are made in one request, and a sign-in
    takes the same time whether or not there is a code.
    """
    return salted_hmac("lao.codes", f"{user_id}:{tidy_code(code)}", algorithm="sha256").hexdigest()


def fits(code, live):
    """Whether `code`, however it was typed, is that of the one-time secret `live`; None fits nothing."""
    made = code_hash(code, live.user_id if live else 0)
    return constant_time_compare(made, live.secret_hash if live else "") and live is not None
