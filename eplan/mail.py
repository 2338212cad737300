"""Sending letters by SMTP, and knowing afterwards whether a letter that failed may have arrived all the same."""

import smtplib

from django.core.mail.backends import smtp

_END_OF_LETTER = b"\r\n.\r\n"


class _Telling:
    """An SMTP connection that knows whether it has handed a letter over and not yet been answered."""

    handed_over = False

    def send(self, s):
        """Send `s`; only the text of a letter ends in a line with nothing but a dot."""
        self.handed_over = isinstance(s, bytes) and s.endswith(_END_OF_LETTER)
        super().send(s)


class TellingSMTP(_Telling, smtplib.SMTP):
    """Plain, or with STARTTLS."""


class TellingSMTPS(_Telling, smtplib.SMTP_SSL):
    """TLS from the start."""


class EmailBackend(smtp.EmailBackend):
    """Django's own, over connections that tell."""

    @property
    def connection_class(self):
        """Which kind of connection the settings want."""
        return TellingSMTPS if self.use_ssl else TellingSMTP


def may_have_arrived(post):
    """Whether the letter that just failed on `post`, an e-mail backend, had been handed over whole.

    The mail server then has it or has not: its answer was lost.
    """
    return getattr(getattr(post, "connection", None), "handed_over", False)
