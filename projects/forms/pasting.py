"""The box into which a plan is pasted, and the step in which its columns are put right."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError

from eplan.forms import OF_ACCOUNT, TokenField, kept_as
from lao.excel_forms import MOST_ROWS
from projects.forms.project import UNKNOWN_CHOICE, choices_of
from projects.models import Project
from projects.pasted_words import SKIP
from projects.pasting import HEADINGS_WITHIN, Columns, Defaults, PastedPlan
from projects.rules import NO_BUDGET

EMPTY = "กรุณาวางตารางโครงการในช่องนี้"
TOO_LONG = "ข้อความยาวเกินไป: วางได้ครั้งละไม่เกิน {most:,} แถว (วางมา {found:,} แถว) กรุณาแบ่งวางเป็นหลายครั้ง"
MOST_LETTERS, MOST_LINES = 1_000_000, 10 * MOST_ROWS
TOO_MANY_LETTERS = "ข้อความยาวเกินไป: วางได้ครั้งละไม่เกิน {most:,} ตัวอักษร (วางมา {found:,} ตัวอักษร) กรุณาแบ่งวางเป็นหลายครั้ง"


class PastedTextField(forms.Field):
    """Text as it was pasted, tabs and all."""

    widget = forms.Textarea(attrs={"rows": 12, "wrap": "off", "data-paste-table": "", "spellcheck": "false"})

    def validate(self, value):
        """Refuse what is empty or longer than any plan."""
        text = value or ""
        if not text.strip():
            raise ValidationError(EMPTY, code="required")
        if len(text) > MOST_LETTERS:
            raise ValidationError(TOO_MANY_LETTERS.format(most=MOST_LETTERS, found=len(text)), code="max_length")
        refuse_rows(text.count("\n"), MOST_LINES)


def refuse_rows(found, most=MOST_ROWS):
    """Refuse a paste of more rows than `most`."""
    if found > most:
        raise ValidationError(TOO_LONG.format(most=MOST_ROWS, found=found), code="max_length")


class PasteForm(forms.Form):
    """A plan as text; `pasted` is what it says once it is valid."""

    text = PastedTextField(label="วางตารางโครงการจาก Word หรือ Excel ที่นี่")
    ask = forms.BooleanField(label="ให้ฉันตรวจคอลัมน์ก่อนทุกครั้ง", required=False)
    form_token = TokenField()

    def __init__(self, *args, shape, address, **kwargs):
        super().__init__(*args, **kwargs)
        self.shape, self.address, self.pasted = shape, address, None

    @property
    def helper(self):
        """How crispy lays the fields out, inside a form that the page opens itself."""
        helper = FormHelper()
        helper.form_tag = False
        helper.layout = Layout(OF_ACCOUNT, "form_token", "text", "ask")
        return helper

    @property
    def kept(self):
        """The attributes by which scripts keep what is typed."""
        return kept_as(self, f"project-paste:{self.shape.plan.pk}", on_server=False)

    def clean_text(self):
        """The text as it is, once it is known to hold rows."""
        text = self.cleaned_data["text"]
        self.pasted = PastedPlan.of(text, self.shape)
        if not self.pasted.rows:
            raise ValidationError(EMPTY, code="required")
        refuse_rows(len(self.pasted.rows))
        return text


class ColumnsForm(forms.Form):
    """What each column of a `pasted` plan is, and what holds for the rows that say nothing of it."""

    def __init__(self, *args, pasted, guess, **kwargs):
        super().__init__(*args, **kwargs)
        self.pasted, self.guess = pasted, guess
        for place, key in enumerate(guess.keys):
            self.fields[f"column_{place}"] = _choice(f"คอลัมน์ที่ {place + 1}", pasted.shape.offered, key.replace(SKIP, ""))
        rows = range(min(HEADINGS_WITHIN, len(pasted.rows)) + 1)
        above = [(n, f"{n} แถวแรก" if n else "ไม่มี") for n in rows]
        self.fields["first"] = _choice("แถวที่เป็นหัวตาราง (ไม่นับเป็นโครงการ)", above, guess.first)
        none = [("", "ไม่กำหนด")]
        dimensions = [(str(d), str(d)) for d in pasted.shape.dimensions]
        self.fields["all_kind"] = _choice("ประเภทงาน", none + [(label, label) for label in Project.Kind.labels])
        self.fields["all_dimension"] = _choice("มิติหลัก", none + dimensions)
        self.fields["all_budget"] = _choice("งบประมาณ", [*none, (NO_BUDGET, NO_BUDGET)])
        years = [(year, str(year)) for year in pasted.shape.years]
        self.fields["all_years"] = choices_of("ปีที่ดำเนินการ", years, coerce=int)

    @property
    def helper(self):
        """How crispy lays out what holds for all rows."""
        helper = FormHelper()
        helper.form_tag = False
        helper.layout = Layout("first", "all_kind", "all_dimension", "all_years", "all_budget")
        return helper

    def lines(self):
        """For the table of columns: the field of each, its heading and what stands in it first."""
        for place, heading in enumerate(self.guess.headings):
            yield self[f"column_{place}"], heading, self.pasted.examples(place, self.guess.first)

    def clean(self):
        """A name is needed, and nothing can stand in two columns."""
        cleaned = super().clean()
        keys = [cleaned.get(f"column_{place}") or "" for place in range(len(self.guess.keys))]
        if not self.errors and "name" not in keys:
            raise ValidationError("กรุณาเลือกว่าคอลัมน์ใดเป็นชื่อโครงการ")
        for place, key in enumerate(keys):
            if key and key in keys[:place]:
                label = self.pasted.shape.headings[key]
                self.add_error(f"column_{place}", f"เลือก “{label}” ไว้แล้วในคอลัมน์ที่ {keys.index(key) + 1}")
        return cleaned

    def columns(self):
        """The `Columns` as they were chosen."""
        keys = [self.cleaned_data[f"column_{place}"] for place in range(len(self.guess.keys))]
        return Columns(keys, int(self.cleaned_data["first"]), self.guess.headings)

    def defaults(self):
        """What holds for the rows that say nothing themselves, as `Defaults`."""
        of_all = self.cleaned_data
        return Defaults(of_all["all_kind"], of_all["all_dimension"], tuple(of_all["all_years"]), of_all["all_budget"])


def _choice(label, choices, initial=""):
    return forms.ChoiceField(
        label=label,
        choices=choices,
        initial=initial,
        required=False,
        error_messages={"invalid_choice": UNKNOWN_CHOICE},
    )
