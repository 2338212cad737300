"""Issuing receipts."""

from lao.audit import acting
from lao.codes import new_code
from lao.rules import tidy_code
from lao.tokens import keep_answer, take_token
from projects.models import Project
from reporting.actions.clerk import RefusedError
from reporting.models import Receipt
from reporting.queries import round_states
from reporting.queries.receipts import contents_of, latest_receipts
from reporting.queries.reports import report_rows, totals_of
from reporting.rounds import Phase


def issue_receipt(*, by, token, fiscal_year, months, today):
    """Issue the receipt of a round of `by`'s LAO that is complete, and return it.

    Where the latest one says what the reports say now, that one is returned; otherwise the new one replaces it. A form
    that is sent twice, by its `token`, gives the same receipt. Raises `RefusedError` where something is left to report
    and where the round has not opened by `today`.
    """
    lao = by.lao
    with acting(by):
        record, first = take_token(token, by)
        if not first and record.made_id:
            return Receipt.objects.get(pk=record.made_id)
        # Whoever saves a report holds its project; and of two who ask for the first receipt, one waits here.
        of_lao = Project.objects.visible_to(by).filter(years__fiscal_year=fiscal_year).order_by("pk")
        list(of_lao.select_for_update(of=("self",)))
        rows = report_rows(by, lao, fiscal_year)
        _check_complete(totals_of(rows), months, round_states(lao, fiscal_year, today)[months])
        contents, before = contents_of(rows, months), latest_receipts(lao, fiscal_year).get(months)
        if before and before.digest == contents["digest"]:
            receipt = before
        else:
            receipt = Receipt.objects.create(
                lao=lao,
                fiscal_year=fiscal_year,
                months=months,
                code=tidy_code(new_code()),
                replaces=before,
                issued_by=by,
                **contents,
            )
        keep_answer(record, receipt)
        return receipt


def _check_complete(totals, months, state):
    if state.phase not in (Phase.OPEN, Phase.CLOSED):
        raise RefusedError(f"ยังออกใบรับไม่ได้: {state.words}")
    missing = totals.missing(months)
    if missing or not totals.projects:
        raise RefusedError(f"ยังออกใบรับไม่ได้ เพราะยังไม่ได้รายงาน {missing} จาก {totals.projects} โครงการ")
