"""The form of a progress report."""

from functools import cached_property

from crispy_forms.bootstrap import AppendedText, FormActions
from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Layout, Submit
from django import forms
from django.core.exceptions import ValidationError

from eplan.fields import BahtField, LineField, ParagraphField
from eplan.forms import CONFLICT, OF_ACCOUNT, TokenField, VersionField, kept_as
from reporting.models import KeptCaution, ProgressReport
from reporting.wording import ANSWERS

Status, Reason = ProgressReport.Status, ProgressReport.Reason

MEANINGS = {
    Status.IN_PROGRESS: "โครงการที่อยู่ระหว่างการดำเนินการ หรือที่ยังไม่ได้ดำเนินการแต่มีแผนว่าจะดำเนินการในปีงบประมาณนี้",
    Status.COMPLETED: "โครงการที่ดำเนินการเสร็จสิ้น หรือมีการดำเนินการต่อเนื่องทั้งปีงบประมาณ",
    Status.NOT_FEASIBLE: "โครงการที่ไม่สามารถดำเนินการได้ภายในปีงบประมาณนี้",
}
CHOOSE_STATUS = "กรุณาเลือกสถานะการดำเนินงาน"


KEEPING = "ยืนยันว่าถูกต้อง เพราะ"


def keep_name(kind):
    """The name of the field for the note by which a caution of that kind is kept."""
    return f"keep_{kind}"


def starting_answers(row, months):
    """What a form on the `ReportRow` starts with: the report of the round, else at 12 months what was said at 6."""
    report = row.reports.get(months) or row.reports.get(6)
    answers = {name: getattr(report, name) for name in ANSWERS} if report else {}
    return {**answers, "version": row.reports[months].version if months in row.reports else 0}


class ReportForm(forms.Form):
    """What an LAO says of one project year in one round; amounts are asked for only where a budget is used."""

    ordinance_budget = BahtField()
    disbursed = BahtField()
    in_ordinance = forms.BooleanField(label="บรรจุไว้ในข้อบัญญัติ/เทศบัญญัติ/แผนการดำเนินงาน", required=False)
    status = forms.ChoiceField(
        choices=[(status, f"{status.label} ({meaning})") for status, meaning in MEANINGS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": CHOOSE_STATUS, "invalid_choice": CHOOSE_STATUS},
    )
    # A list and not radio buttons: without scripts a choice can be taken back only here.
    reason = forms.ChoiceField(
        label="เหตุผลที่ไม่สามารถดำเนินการได้",
        choices=[("", "กรุณาเลือก"), *Reason.choices],
        required=False,
        error_messages={"invalid_choice": "กรุณาเลือกเหตุผลจากรายการ"},
        help_text="ระบุเฉพาะเมื่อเลือกสถานะ ไม่สามารถดำเนินการได้",
    )
    other_reason = LineField(
        label="เหตุผลอื่นๆ (โปรดระบุ)",
        max_length=ProgressReport.OTHER_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"data-max": ProgressReport.OTHER_LENGTH}),
    )
    remark = ParagraphField(
        label="หมายเหตุ",
        max_length=ProgressReport.TEXT_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "data-max": ProgressReport.TEXT_LENGTH}),
    )
    form_token = TokenField()
    version = VersionField()

    def __init__(self, *args, row, months, back_url="", **kwargs):
        """The form of what `row`, a `ReportRow`, reports in the round.

        A note is taken on any kind of caution: which ones apply is known once the report is saved.
        """
        super().__init__(*args, **kwargs)
        self.row, self.months, self.back_url = row, months, back_url
        for kind in KeptCaution.Kind.values:
            self.fields[keep_name(kind)] = LineField(
                label=KEEPING, max_length=KeptCaution.NOTE_LENGTH, required=False, widget=forms.TextInput()
            )
        of_year = f"ประจำปีงบประมาณ พ.ศ. {row.project_year.fiscal_year}"
        self.fields["status"].label = f"สถานะการดำเนินงาน{of_year}"
        if self.with_budget:
            self.fields["ordinance_budget"].label = f"งบประมาณ (วงเงินตามข้อบัญญัติ/เทศบัญญัติ) {of_year}"
            self.fields["disbursed"].label = f"การเบิกจ่ายงบประมาณ {of_year}"
        else:
            del self.fields["ordinance_budget"], self.fields["disbursed"]

    @property
    def with_budget(self):
        """Whether amounts are asked for."""
        return self.row.plan_budget is not None

    @cached_property
    def helper(self):
        """How crispy lays the form out; what is doubted stands above the questions, with a field to keep each."""
        report = self.row.reports.get(self.months)
        record = f"report:{self.row.project_year.pk}:{self.months}"
        kept = kept_as(self, record, version=self["version"].value(), saved_at=report and report.updated_at)
        return _helper(self.back_url, self.with_budget, kept, self.row.cautions(self.months))

    def clean(self):
        """Hold the reason and its text against the status: each is wanted in its case and refused in all others."""
        status, reason = self.cleaned_data.get("status"), self.cleaned_data.get("reason")
        other = self.cleaned_data.get("other_reason")
        if status == Status.NOT_FEASIBLE and reason == "":
            self.add_error("reason", ValidationError("กรุณาเลือกเหตุผลที่ไม่สามารถดำเนินการได้", code="required"))
        if status and status != Status.NOT_FEASIBLE and reason:
            self.add_error("reason", ValidationError("ระบุเหตุผลได้เฉพาะสถานะ ไม่สามารถดำเนินการได้", code="not_wanted"))
        if reason == Reason.OTHER and other == "":
            self.add_error("other_reason", ValidationError("กรุณาระบุเหตุผลอื่นๆ", code="required"))
        if reason is not None and reason != Reason.OTHER and other:
            self.add_error("other_reason", ValidationError("กรอกช่องนี้เฉพาะเมื่อเลือกเหตุผล อื่นๆ", code="not_wanted"))

    @property
    def answers(self):
        """The answers of a valid form by name; None for amounts that were not asked for."""
        return {name: self.cleaned_data.get(name) for name in ANSWERS}

    @property
    def notes(self):
        """The notes of a valid form by the kind of caution that each keeps."""
        notes = {kind: self.cleaned_data.get(keep_name(kind)) for kind in KeptCaution.Kind.values}
        return {kind: note for kind, note in notes.items() if note}


def _helper(back_url, with_budget, kept, cautions):
    helper = FormHelper()
    helper.attrs = {"novalidate": "", **kept}  # the server's messages are in Thai, the browser's in its own language
    amounts = [
        AppendedText("ordinance_budget", "บาท", data_money="", css_class="num"),
        AppendedText("disbursed", "บาท", data_money="", css_class="num"),
    ]
    helper.layout = Layout(
        CONFLICT,
        *(
            Div(HTML(f"<p>ควรตรวจสอบ: {caution.words}</p>"), keep_name(caution.kind), css_class="alert alert-warning")
            for caution in cautions
        ),
        *(amounts if with_budget else []),
        "in_ordinance",
        "status",
        Div(
            "reason",
            Div("other_reason", data_shows_when=f"reason={Reason.OTHER}"),
            data_shows_when=f"status={Status.NOT_FEASIBLE}",
        ),
        "remark",
        OF_ACCOUNT,
        "form_token",
        "version",
        FormActions(
            Submit("save", "บันทึก"),
            HTML(f'<a class="btn btn-secondary" href="{back_url}">กลับไปรายการ</a>'),
        ),
    )
    return helper
