"""What must be done before anything else."""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render

from lao.carrying import carried_from
from lao.forms import SignInForm

FIRST_ENTRY = "first_entry"
CLAIMED_MEANWHILE = "บัญชีนี้มีผู้ลงทะเบียนไปแล้ว จึงบันทึกซ้ำไม่ได้ หากไม่ใช่บุคคลในหน่วยงานของท่าน กรุณาติดต่อผู้ดูแลระบบตามหมายเลขด้านล่าง"


class SignInInPlaceMiddleware:
    """Answers a form whose session has ended, or in which another account signed in, with a sign-in that saves it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Nothing to do before the view is known."""
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        """401 with the sign-in form, all that was typed inside it; None where the form belongs to who sends it."""
        if request.method != "POST" or not getattr(view, "login_required", True):
            return None
        mark = request.POST.get("form_account")
        if not mark or (request.user.is_authenticated and request.user.mark == mark):
            return None
        form = SignInForm(initial={"carried": carried_from(request), "next": request.path})
        return render(request, "lao/sign_in_to_save.html", {"form": form}, status=401)


class FirstThingsFirstMiddleware:
    """Sends an account that was never claimed to its profile, one with a passing password to a new one, and an officer
    without the second factor that the deployment asks for to setting it up.

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
    if user.must_change_password:
        return "password-new"
    wanted = not user.is_clerk and settings.EPLAN_SECOND_FACTOR == "required" and user.factor is None
    return "second-factor" if wanted else None
