"""What every answer carries: an id to find it again by, and a policy that lets nothing foreign run in the page."""

import secrets

from eplan import logs

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
