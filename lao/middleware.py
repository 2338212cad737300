"""What must be done before anything else."""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect

FIRST_ENTRY = "first_entry"
CLAIMED_MEANWHILE = "บัญชีนี้มีผู้ลงทะเบียนไปแล้ว จึงบันทึกซ้ำไม่ได้ หากไม่ใช่บุคคลในหน่วยงานของท่าน กรุณาติดต่อผู้ดูแลระบบตามหมายเลขด้านล่าง"


class FirstThingsFirstMiddleware:
    """Sends an account that was never claimed to its profile, and one with a passing password to a new one.

    Public pages and signing out stay open.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Tell a person whose first entry was overtaken by another's why the session has ended."""
        # Asked before the user is: an ended session forgets everything.
        in_first_entry = settings.SESSION_COOKIE_NAME in request.COOKIES and FIRST_ENTRY in request.session
        if in_first_entry and not request.user.is_authenticated:
            messages.error(request, CLAIMED_MEANWHILE)
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        """Redirect to what must be done first."""
        if not getattr(view, "login_required", True) or not request.user.is_authenticated:
            return None
        first = _first_thing(request.user)
        return redirect(first) if first and request.resolver_match.url_name != first else None


def _first_thing(user):
    if user.is_clerk and user.claimed_at is None:
        return "profile"
    return "password-new" if user.must_change_password else None
