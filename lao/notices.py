"""Letters by e-mail to the owners of accounts.

They are sent by a thread of their own, after the change they speak of is safe: a slow mail server delays nobody, and
the time of an answer does not tell whether there was anyone to write to.
"""

import logging
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string

logger = logging.getLogger(__name__)

# One thread: letters leave in the order they were written, and those waiting still go out when the server stops.
_post_room = ThreadPoolExecutor(max_workers=1, thread_name_prefix="notices")


def write_to(addresses, letter, **context):
    """Send the letter `templates/lao/mail/<letter>.txt`, whose first line is the subject, to each of `addresses`."""
    subject, _, body = render_to_string(
        f"lao/mail/{letter}.txt", {"contact": settings.EPLAN_CONTACTS["problem"], **context}
    ).partition("\n")
    for address in sorted({address for address in addresses if address}):
        message = EmailMessage(subject.strip(), body.strip() + "\n", to=[address])
        transaction.on_commit(partial(_post_room.submit, _send, message, letter))


def _send(message, letter):
    try:
        message.send()
    except Exception as error:  # a lost letter must not stop those behind it
        # The text of the error may hold the address: only its kind is written down.
        logger.error("letter %s was not sent: %s", letter, type(error).__name__)
