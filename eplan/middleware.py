"""What every answer carries: an id to find it again by, and a policy that lets nothing foreign run in the page."""

import logging
import secrets

from django.db import IntegrityError, OperationalError
from django.middleware.gzip import GZipMiddleware

from eplan import errors, logs

logger = logging.getLogger(__name__)

# What the pages may load and do. Nothing inline, nothing from elsewhere, no framing.
SECURE_CSP = {
    "default-src": ["'self'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
    "img-src": ["'self'", "data:"],  # Bootstrap's CSS draws its check marks and arrows as data: images
    "object-src": ["'none'"],
}
PERMISSIONS = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"


class RequestIdMiddleware:
    """Names each request with 16 random hexadecimal digits: `request.id`, the log lines and `X-Request-ID`.

    An id sent from outside is not taken over: it could be forged to hide among another person's log lines.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Answer under a new id. The variable outlives the answer: Django logs some requests only after it."""
        request.id = secrets.token_hex(8)
        logs.request_id.set(request.id)
        response = self.get_response(request)
        response["X-Request-ID"] = request.id
        return response


class CompressionMiddleware(GZipMiddleware):
    """Compresses pages for those on a poor line, padded by chance as Django does, so that a length tells no secret.

    Files and streams are left alone: most are compressed already, and a stream must not wait for the compressor.
    """

    def process_response(self, request, response):
        """The same answer, compressed if it is a page."""
        if response.streaming or not response.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)


class SentByScriptMiddleware:
    """Tells a script that sent a form (static/js/sending.js) where the answer leads, in `X-Keep-To`.

    A script can't read the address of a redirect, and one that follows it would use up the page's messages.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Answer a redirect with 200 and its address, cookies and all, to a script that asks so."""
        response = self.get_response(request)
        if "X-Keep" in request.headers and "Location" in response:
            response.status_code = 200
            response["X-Keep-To"] = response["Location"]
            del response["Location"]
        return response


class ContentSecurityPolicyMiddleware:
    """Sends `Content-Security-Policy`, as Django 6's middleware of this name will, and `Permissions-Policy`."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.policy = "; ".join(f"{directive} {' '.join(sources)}" for directive, sources in SECURE_CSP.items())

    def __call__(self, request):
        """Answer with both headers."""
        response = self.get_response(request)
        response["Content-Security-Policy"] = self.policy
        response["Permissions-Policy"] = PERMISSIONS
        return response


class ClashMiddleware:
    """Gives a form back when the database refused its save: for a constraint, a deadlock or a serialization failure.

    Every screen explains its own rules first. What is left are moments in which somebody else changed what the form
    rests on; the log tells them apart from a rule that a screen forgot.
    """

    MOMENTS = ("40001", "40P01")  # serialization failure, deadlock

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Nothing to do before something fails."""
        return self.get_response(request)

    def process_exception(self, request, exception):
        """409 with all that was typed, for such a refusal of a POST; None for anything else."""
        refused = isinstance(exception, IntegrityError)
        if isinstance(exception, OperationalError):
            refused = getattr(exception.__cause__, "pgcode", None) in self.MOMENTS
        if request.method != "POST" or not refused:
            return None
        logger.error("The database refused a save", exc_info=exception)
        return errors.clash(request)
