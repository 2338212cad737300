"""Clerks that are signed in, as the benchmarks need them by the hundred."""

CSRF = "c" * 32  # a token that cookie and form agree on


def sessions_of(users):
    """A session key for each of `users`, in their order, made in bulk."""
    from datetime import timedelta

    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.models import Session
    from django.utils import timezone

    from lao.sessions import SessionStore

    store, rows = SessionStore(), []
    for user in users:
        said = {
            SESSION_KEY: str(user.pk),
            BACKEND_SESSION_KEY: "lao.backends.AccountBackend",
            HASH_SESSION_KEY: user.get_session_auth_hash(),
        }
        key = store._get_new_session_key()
        ends = timezone.now() + timedelta(hours=12)
        rows.append(Session(session_key=key, session_data=store.encode(said), expire_date=ends))
    Session.objects.bulk_create(rows)
    return [row.session_key for row in rows]
