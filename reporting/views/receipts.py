"""Receipts: the button that issues one, and the sheet to print."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from eplan.fiscal import thai_datetime
from lao.access import for_roles
from lao.models import User
from lao.rules import in_groups
from reporting.actions import RefusedError, issue_receipt
from reporting.forms import ReceiptForm
from reporting.models import Receipt
from reporting.queries.receipts import find_receipt, has_changed
from reporting.queries.reports import report_rows


@for_roles(User.Role.LAO)
@require_POST
def receipt_issue(request):
    """Issue the receipt of a round that is complete, or give the one that still holds."""
    form = ReceiptForm(request.POST)
    if not form.is_valid():
        raise Http404
    year, months = form.cleaned_data["year"], form.cleaned_data["months"]
    try:
        issued = issue_receipt(
            by=request.user,
            token=form.cleaned_data["form_token"],
            fiscal_year=year,
            months=months,
            today=timezone.localdate(),
        )
    except RefusedError as refusal:
        messages.error(request, str(refusal))
        return redirect(f"{reverse('home')}?year={year}")
    return redirect("receipt", issued.pk)


@require_safe
def receipt(request, receipt_id):
    """One receipt as a sheet of A4, and whether it still holds."""
    try:
        found = find_receipt(request.user, receipt_id)
    except Receipt.DoesNotExist:
        raise Http404 from None
    rows = report_rows(request.user, found.lao, found.fiscal_year)
    context = {
        "receipt": found,
        "code": in_groups(found.code),
        "replaced_by": found.replaced_by.first(),
        "changed": has_changed(found, rows),
        "withheld": request.user.withheld_since is not None,
        "check_address": request.build_absolute_uri(reverse("public-receipts")),
        "back_url": f"{reverse('home')}?year={found.fiscal_year}",
        "printed_at": thai_datetime(timezone.now()),
    }
    return render(request, "reporting/receipt.html", context)
