"""Sessions as Django keeps them in the database, each found by a question that is written into SQL once."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from eplan.written import written_once


class SessionStore(db.SessionStore):
    """Django's own but for the way a session is found: every request of who is signed in begins with it."""

    def _get_session_from_db(self):
        for (data,) in _unexpired(self.session_key, timezone.now()):
            return Session(session_key=self.session_key, session_data=data)
        return super()._get_session_from_db()  # which notes that there is none


@written_once
def _unexpired(key, now):
    return Session.objects.filter(session_key=key, expire_date__gt=now).values_list("session_data")
