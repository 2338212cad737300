"""Pages that need no sign-in: the landing page and the search for a code."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render

from lao.forms import FindCodeForm
from lao.queries import MOST_FOUND, find_laos


@login_not_required
def landing(request):
    """S1."""
    return render(request, "lao/landing.html")


@login_not_required
def find_code(request):
    """S2: the LAO's code by part of its name, district, province or code."""
    form = FindCodeForm({"q": request.GET.get("q", "")})
    text = form.cleaned_data["q"] if form.is_valid() else ""
    found = find_laos(text)
    context = {"form": form, "text": text, "laos": found[:MOST_FOUND], "more": len(found) > MOST_FOUND}
    return render(request, "lao/find_code.html", {**context, "most": MOST_FOUND})
