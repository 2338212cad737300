"""What this app reads."""

from lao.queries.entry import (
    MOST_FOUND,
    account_to_reset,
    accounts_to_activate,
    claims_of_last_day,
    email_of,
    find_laos,
    is_officer,
    is_registered,
    laos_by_word,
    laos_with,
    live_activation_code,
    live_reset_code,
    password_asked_for_since,
    unclaimed_account,
)

__all__ = [
    "MOST_FOUND",
    "account_to_reset",
    "accounts_to_activate",
    "claims_of_last_day",
    "email_of",
    "find_laos",
    "is_officer",
    "is_registered",
    "laos_by_word",
    "laos_with",
    "live_activation_code",
    "live_reset_code",
    "password_asked_for_since",
    "unclaimed_account",
]
