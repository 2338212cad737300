"""What is sent in Excel, whatever it is about: which row is which, what was read, and saving it on the word.

A form goes out with a stamp, a clerk's with a mark on each row as well; it comes back as a `Reading`, which is kept as
a `FormUpload` until the sender has seen it and confirms it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from hashlib import sha256

from django.utils import timezone

from eplan.forms import kept_as
from eplan.thai import arabic_digits, clean_line
from eplan.workbooks import NOT_OURS, TableRow, WorkbookError
from lao.audit import acting

MARK = "รหัสแถว (ห้ามแก้)"
PROBLEMS = "ข้อที่ต้องแก้ไข"
TICK = "✓"
OVERTAKEN = "มีผู้แก้ไขรายการนี้หลังจากดาวน์โหลดแบบฟอร์ม กรุณาตรวจสอบ แล้วส่งไฟล์แถวที่ต้องแก้ไขอีกครั้งเพื่อยืนยันค่าในไฟล์"
REPEATED = "แถวนี้คัดลอกมาจากแถวที่ {row} กรุณาลบแถวนี้ หรือถ้าเป็นโครงการใหม่ ให้ส่งแถวนี้อีกครั้งในไฟล์แถวที่ต้องแก้ไข"
NOT_TICKED = "ชื่อคล้ายกับที่มีอยู่แล้ว และไม่ได้เลือกให้บันทึก"
MOST_ROWS = 2_000
TOO_MANY_FILLED = "มีแถวที่กรอกไว้ {found:,} แถว เกินกว่าแผนใดๆ (อ่านได้ {most:,} แถว) กรุณาลบแถวที่ไม่ใช่โครงการ แล้วส่งอีกครั้ง"
NOT_A_TICK = f"กรุณาเลือก {TICK} หรือเว้นว่าง"
NO_ROWS = "ไฟล์นี้ไม่มีแถวที่กรอกไว้ กรุณากรอกในแบบฟอร์มก่อน แล้วส่งอีกครั้ง"
FORMS = {"projects": "แบบฟอร์มโครงการ", "reports": "แบบฟอร์มรายงานผล", "scores": "แบบฟอร์มผลการประเมิน"}

_MARK = re.compile(r"([0-9]{1,18})\.([0-9]{1,9})\.([0-9a-f]{12})")
# Among them what the fonts of signs leave behind in other programs.
_TICKED = {TICK, "✔", "√", "☑", "✅", "/", "x", "×", "ü", "þ", "\uf0fc", "\uf0fe", "1", "ใช่", "true"}
_NOT_TICKED = {"", "-", "0", "ไม่", "ไม่ใช่", "false"}


@dataclass(frozen=True)
class Mark:
    """Which row of the database a row of a form is, in which `version`, and the fingerprint of what it then said."""

    pk: int
    version: int
    fingerprint: str

    def __str__(self):
        return f"{self.pk}.{self.version}.{self.fingerprint}"


def mark_of(text):
    """The `Mark` that stands in a cell, None when it is none."""
    found = _MARK.fullmatch(text)
    return Mark(int(found[1]), int(found[2]), found[3]) if found else None


def fingerprint(cells):
    """A short digest of what the cells of a row say, however a spreadsheet program writes the same number down."""
    said = [f"{key}={_plain(text)}" for key, text in sorted(cells.items()) if _plain(text)]
    return sha256("\n".join(said).encode()).hexdigest()[:12]


def _plain(text):
    plain = arabic_digits(clean_line("" if text is None else str(text)))
    try:
        return f"{Decimal(plain.replace(',', '')).normalize():f}"
    except InvalidOperation:
        return plain


def cell(key):
    """The getter of a `Column` over rows that are dicts by key."""
    return lambda row: row.get(key)


def is_ticked(text):
    """Whether a cell to be ticked is; None for what can't be read."""
    plain = arabic_digits(text).strip().lower()
    return True if plain in _TICKED else False if plain in _NOT_TICKED else None


def check_kind(stamp, *, what, edition):
    """Refuse, with a `WorkbookError`, a file of another kind or of an older edition."""
    if stamp.get("what") in FORMS and stamp["what"] != what:
        raise WorkbookError(f"ไฟล์นี้เป็น{FORMS[stamp['what']]} ไม่ใช่{FORMS[what]} กรุณาเลือกไฟล์ใหม่")
    if stamp.get("what") != what:
        raise WorkbookError(NOT_OURS)
    if stamp.get("edition") != edition:
        raise WorkbookError("แบบฟอร์มนี้เป็นรุ่นเก่า กรุณาดาวน์โหลดแบบฟอร์มใหม่ แล้วคัดลอกข้อมูลลงในไฟล์ใหม่")


def check_stamp(stamp, *, what, edition, lao):
    """Refuse, with a `WorkbookError`, a file of another kind, of an older edition or of another LAO."""
    check_kind(stamp, what=what, edition=edition)
    if stamp.get("lao") != lao.code:
        raise WorkbookError(f"แบบฟอร์มนี้เป็นของ {stamp.get('lao_name', 'อปท. อื่น')} ไม่ใช่ {lao} กรุณาเลือกไฟล์ของท่าน")


def stamp_for(*, what, edition, lao, **more):
    """The stamp of a form for `lao`; `more` is what else tells it from others."""
    return {"what": what, "edition": edition, "lao": lao.code, "lao_name": str(lao), **more}


@dataclass(frozen=True)
class Good:
    """A row that can be saved: what goes from what to what in words, and what its form is filled with.

    `pk` and `version` are those of the row it changes, 0 for one that is added under the one-time `token`. `alike` are
    rows that it may repeat, as `{"name", "pk" or None, "row" or None, "same"}`: it is then saved only where ticked.
    `explain` tells that it changes what was published, which wants a reason.
    """

    row: int
    name: str
    adds: bool
    changes: list
    data: dict
    pk: int
    version: int
    token: str = ""
    alike: list = field(default_factory=list)
    explain: bool = False

    @property
    def repeats(self):
        """Whether it looks like the very same as another, so that it is not ticked from the start."""
        return any(one["same"] for one in self.alike)


@dataclass
class Reading:
    """What a file says: rows that can be saved, rows that can't with their problems, and how many say nothing new.

    `headings`, `letters` and `choices` are those of the columns by key.
    """

    sheet: str
    headings: Mapping[str, str]
    letters: Mapping[str, str]
    choices: Mapping[str, Sequence[str]]
    good: list[Good] = field(default_factory=list)
    bad: dict = field(default_factory=dict)
    problems: dict = field(default_factory=dict)
    unchanged: int = 0

    def refuse(self, row, key, reason, *, name="", version=None):
        """Note what is wrong with a `TableRow` in the column `key`; `version` is the one to confirm it against."""
        mark = mark_of(row.texts.get("mark", ""))
        if mark and version is not None:
            mark = Mark(mark.pk, version, mark.fingerprint)
        texts = {**row.texts, "mark": str(mark) if mark else ""}
        self.bad.setdefault(row.number, {"row": row.number, "texts": texts})
        found = "" if key == "mark" else row.texts[key]
        if found and key in self.choices and found not in self.choices[key]:
            reason = f"{reason} (เลือกได้: {', '.join(self.choices[key])})"
        column = "ทั้งแถว" if key == "mark" else f"{self.letters[key]} {self.headings[key]}".strip()
        place = (row.number, list(self.headings).index(key))
        self.problems[place] = {
            "row": row.number,
            "name": name,
            "sheet": self.sheet,
            "column": column,
            "value": found,
            "reason": reason,
        }

    def as_json(self):
        """The columns of a `FormUpload`."""
        return {
            "good": [asdict(row) for row in self.good],
            "bad": list(self.bad.values()),
            "problems": [problem for _, problem in sorted(self.problems.items())],
            "unchanged": self.unchanged,
        }


def read_marks(table, reading):
    """`(row, Mark or None)` for the rows of `table`; a row that repeats another's mark is refused.

    More rows than any plan has are a `WorkbookError`: each is a whole form to check.
    """
    if len(table.rows) > MOST_ROWS:
        raise WorkbookError(TOO_MANY_FILLED.format(found=len(table.rows), most=MOST_ROWS))
    seen = {}
    for row in table.rows:
        mark = mark_of(row.texts["mark"])
        if mark and mark.pk in seen:
            row = TableRow(row.number, {**row.texts, "mark": ""})  # sent once more, it is a row of its own
            reading.refuse(row, "mark", REPEATED.format(row=seen[mark.pk]), name=row.texts["name"])
            continue
        if mark:
            seen[mark.pk] = row.number
        if mark and fingerprint(typed_in(row)) == mark.fingerprint:
            reading.unchanged += 1
        else:
            yield row, mark


def overtaken(changes):
    """Why a row is refused that others changed since the form was made: `(label, now, typed)` of each difference."""
    stands = ", ".join(f"{label}: ในระบบขณะนี้ “{now}” / ในไฟล์ “{typed}”" for label, now, typed in changes)
    return f"{OVERTAKEN} ({stands})"


def typed_in(row):
    """The texts of a `TableRow` that a person fills in."""
    return {key: text for key, text in row.texts.items() if key != "mark"}


def rows_to_mend(upload):
    """The cells of the bad rows by key, the messages under "problems": what a form is filled with to send again."""
    said = {}
    for problem in upload.problems:
        said.setdefault(problem["row"], []).append(f"{problem['column']}: {problem['reason']}")
    return [{**row["texts"], "problems": "\n".join(said[row["row"]])} for row in upload.bad]


def good_rows(upload):
    """The rows of an upload that can be saved, as `Good`."""
    return [Good(**row) for row in upload.good]


def shown_upload(upload, *, about, upload_url, list_url, what="ไฟล์", problems_url="", reason_form=None):
    """What `uploads/preview.html` shows of an upload.

    `about` says whose rows they are; `what` was sent on `upload_url`; `list_url` leads back to what the rows are of,
    `problems_url` to a form of the rows to mend; `reason_form` asks why, where a row is to `explain`.
    """
    good = good_rows(upload)
    asks_why = any(row.explain for row in good)
    return {
        "what": what,
        "upload": upload,
        "waiting": upload.outcome is None,
        "good": good,
        "any_alike": any(row.alike for row in good),
        "about": about,
        "upload_url": upload_url,
        "list_url": list_url,
        "problems_url": problems_url,
        "reason_form": reason_form if asks_why else None,
        "reason_kept": kept_as(reason_form, f"upload-reason:{upload.pk.hex[:20]}") if asks_why else {},
    }


def keep_upload(model, *, by, file_name, reading, **about):
    """Keep a `Reading` as a row of `model`, a `FormUpload`, until `by` confirms it, and return it.

    `about` are the columns that say what it is about. Earlier ones that were not confirmed within a day are dropped.
    """
    with acting(by):
        yesterday = timezone.now() - timedelta(days=1)
        model.objects.filter(by=by, outcome__isnull=True, made_at__lt=yesterday).delete()
        return model.objects.create(by=by, file_name=clean_line(file_name)[:255], **about, **reading.as_json())


def confirm_upload(model, *, by, upload_id, save, ticked=()):
    """Save the good rows of an upload of `by`, and return it with its `outcome`; once more changes nothing.

    Of those that may repeat another, only the rows whose numbers are `ticked` (as texts) are saved.

    `save(upload, rows)` saves `Good` rows and returns, by their numbers, why some can't be done any more; those are
    listed in the outcome. What it raises is raised, and nothing is saved. Raises `model.DoesNotExist`.
    """
    with acting(by):
        upload = model.objects.select_for_update(of=("self",)).get(pk=upload_id, by=by)
        if upload.outcome is not None:
            return upload
        rows = good_rows(upload)
        refused = {row.row: NOT_TICKED for row in rows if row.alike and str(row.row) not in ticked}
        refused |= save(upload, [row for row in rows if row.row not in refused])
        left_out = [[row.row, row.name, refused[row.row]] for row in rows if row.row in refused]
        upload.outcome = {"saved": len(upload.good) - len(left_out), "left_out": left_out}
        upload.save(update_fields=["outcome"])
        return upload


def one_by_one(save_row):
    """The `save` of `confirm_upload` that saves row by row: `save_row(upload, Good)` gives "" or why it can't."""

    def save(upload, rows):
        refusals = ((row.row, save_row(upload, row)) for row in rows)
        return {number: refusal for number, refusal in refusals if refusal}

    return save
