"""The highest possible scores of a period and its pass mark, as the central office sets them."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse

from evaluation.actions import PublishedAboveError, set_standard
from evaluation.forms import StandardForm
from evaluation.queries.entries import standard_of
from evaluation.views.choices import period_or_404
from lao.access import for_roles
from lao.models import User
from projects.queries import dimensions_of


@for_roles(User.Role.CENTRAL)
def standards(request):
    """Set or lift the limits of a period."""
    periods, period = period_or_404(request)
    back_url = f"{reverse('scores')}?first_year={period.first_year}"
    of_form = {"dimensions": dimensions_of(period), "standard": standard_of(period), "back_url": back_url}
    form, status = StandardForm(request.POST if request.method == "POST" else None, **of_form), 200
    if form.is_valid():
        try:
            set_standard(by=request.user, period=period, standard=form.standard)
        except PublishedAboveError as error:
            form.refuse_published(error.above)
            status = 409
        else:
            messages.success(request, f"บันทึกคะแนนเต็มและเกณฑ์ผ่านของแผน พ.ศ. {period} แล้ว")
            return redirect(back_url)
    title = "กำหนดคะแนนเต็มและเกณฑ์ผ่าน"
    context = {
        "trail": [("หน้าแรก", reverse("home")), ("ผลการประเมิน", back_url), (title, "")],
        "title": title,
        "periods": periods,
        "period": period,
        "form": form,
    }
    return render(request, "evaluation/standards.html", context, status=status)
