"""Sends the reminders that are written down, and knows a letter that came back.

The mail server and this database can't be made to agree in one step. A letter is therefore begun in the log before it
goes: if the process dies, or the connection between the end of the letter and the server's answer, that one letter is
left marked as unsure and not sent again. Every other reminder is sent exactly once.
"""

import logging
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from email.utils import parseaddr
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from eplan.mail import may_have_arrived
from reporting.actions.reminders import begin, claim, mark, mark_bounced, release
from reporting.models import ReminderLog
from reporting.queries.reminders import missing_projects
from reporting.queries.standings import RoundStates

logger = logging.getLogger(__name__)
Outcome = ReminderLog.Outcome

BATCH = 50  # letters over one connection: mail servers close those that take too long
MOST_NAMED = 50  # projects that a letter names; of more it gives the number
_BACK = re.compile(rb"<reminder\.([0-9]{1,15})\.([0-9a-f]{16})@")
_REFUSED = 500  # from here on a mail server's answer is final

# One thread: whoever asks for reminders gets an answer at once, and the letters follow.
_post_room = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reminders")


class PostError(Exception):
    """The mail server can't be reached; what was not sent is still written down."""


def send_waiting(told=lambda sent: None):
    """Send every reminder that waits. Returns a `Counter` of outcomes; `told(n)` is called after each n.

    Two may run at once, also in different processes. Raises `PostError`.
    """
    outcomes = Counter()
    while batch := claim(BATCH):
        tried = 0
        try:
            with get_connection() as post:
                for reminder, letter in _letters(batch):
                    tried += 1
                    outcomes[_send(post, reminder, letter)] += 1
                    told(1)
        except OSError as error:
            release(batch[tried:])
            raise PostError(_kind(error)) from None
    return outcomes


def start_sending():
    """Send what waits in a thread of its own, after the present transaction. What it leaves the command sends."""
    transaction.on_commit(lambda: _post_room.submit(_send_quietly))


def _send_quietly():
    try:
        send_waiting()
    except PostError as error:
        logger.error("reminders were not sent: %s", error)
    except Exception as error:  # nobody waits for the thread to say so
        logger.error("reminders were not sent: %s", type(error).__name__)
    finally:
        connection.close()


def bounced(letter):
    """Mark the reminder that `letter`, the bytes of a mail server's report, gives back as undeliverable.

    Returns whether there was one. A report of mere delay is none.
    """
    named = _BACK.search(letter)
    if not named or not re.search(rb"(?im)^Action:\s*failed", letter):
        return False
    reminder_id = int(named[1])
    if not constant_time_compare(named[2].decode(), _token(reminder_id)):
        return False
    status = re.search(rb"(?im)^Status:\s*([0-9.]{5,11})", letter)
    return mark_bounced(reminder_id, f"สถานะ {status[1].decode()}" if status else "")


def _letters(batch):
    """`(reminder, letter)` for each of `batch`; the letter is None where nothing is missing any more."""
    today = timezone.localdate()
    missing, states = {}, {}
    for known in {reminder.reporting_round for reminder in batch}:
        laos = [reminder.lao_id for reminder in batch if reminder.reporting_round == known]
        missing[known] = missing_projects(laos, known.fiscal_year, known.months)
        states[known] = RoundStates(known.fiscal_year, known.months, today)
    for reminder in batch:
        known, lao = reminder.reporting_round, reminder.lao
        names = missing[known].get(lao.pk, [])
        state = states[known](lao.pk, lao.district.province_id)
        yield reminder, _letter(reminder, names, state) if names else None


def _letter(reminder, names, state):
    profile = getattr(reminder.lao, "profile", None)
    known = reminder.reporting_round
    subject, _, body = render_to_string(
        "reporting/mail/reminder.txt",
        {
            "lao": reminder.lao,
            "known": known,
            "state": state,
            "count": len(names),
            "names": names[:MOST_NAMED],
            "more": max(0, len(names) - MOST_NAMED),
            "link": f"{settings.EPLAN_SITE_URL}{reverse('report-list')}?year={known.fiscal_year}",
            "contact": settings.EPLAN_CONTACTS["usage"],
        },
    ).partition("\n")
    return EmailMessage(
        subject.strip(),
        body.strip() + "\n",
        to=[profile.coordinator_email] if profile and profile.coordinator_email else [],
        headers={"Message-ID": _message_id(reminder.pk), "Auto-Submitted": "auto-generated"},
    )


def _send(post, reminder, letter):
    """Send one letter and mark what became of it. Passes on the OSError of a mail server that fails altogether."""
    if letter is None or not letter.to:
        return _marked(reminder, Outcome.NO_ADDRESS if letter else Outcome.NOT_NEEDED)
    if not begin(reminder):
        return Outcome.WAITING  # another sender has it
    try:
        post.send_messages([letter])
    except SMTPRecipientsRefused as error:
        code = max(answer[0] for answer in error.recipients.values())
        return _marked(reminder, Outcome.BOUNCED if code >= _REFUSED else Outcome.FAILED, f"{_kind(error)} {code}")
    except (SMTPDataError, SMTPSenderRefused) as error:
        return _marked(reminder, Outcome.FAILED, f"{_kind(error)} {error.smtp_code}")
    except ValueError as error:  # an address that no letter can bear
        return _marked(reminder, Outcome.BOUNCED, _kind(error))
    except OSError as error:
        _marked(reminder, Outcome.UNSURE if may_have_arrived(post) else Outcome.FAILED, _kind(error))
        raise
    return _marked(reminder, Outcome.SENT)


def _marked(reminder, outcome, problem=""):
    mark(reminder, outcome, problem)
    return outcome


def _kind(error):
    """What kind of error it was: its text may hold an address."""
    return type(error).__name__


def _message_id(reminder_id):
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "localhost"
    return f"<reminder.{reminder_id}.{_token(reminder_id)}@{host}>"


def _token(reminder_id):
    """What tells a letter of ours from a made-up one."""
    return salted_hmac("reporting.reminder", str(reminder_id)).hexdigest()[:16]
