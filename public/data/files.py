"""The files that a dataset can be had as: their SQL, and what stands around what the database copies out."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from eplan.fiscal import thai_datetime
from eplan.long_workbooks import MOST_ROWS, stream_workbook
from eplan.spreadsheets import CONTENT_TYPE
from lao.models import Lao, Province
from public.data import statements
from public.data.choices import Choice
from public.data.datasets import Dataset
from public.data.statements import Statement
from public.data.streams import CopyStream


@dataclass(frozen=True)
class FileForm:
    """One way of writing a dataset: `ending` of the name, a `label`, its media type, its SQL, and its frame."""

    ending: str
    label: str
    content_type: str
    statement: Callable[[Dataset, Choice], Statement]
    frame: Callable[[Dataset, Choice, Iterable[bytes]], Iterator[bytes]]


def _csv(dataset: Dataset, choice: Choice, blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Behind a byte order mark, by which Excel knows Thai letters."""
    yield "\ufeff".encode()
    yield from blocks


def _json(dataset: Dataset, choice: Choice, blocks: Iterable[bytes]) -> Iterator[bytes]:
    """One list of objects, a line each."""
    before = b"["
    for block in blocks:
        # The last line break waits until it is known whether another object follows.
        yield before + block[:-1].replace(b"\n", b",\n")
        before = b",\n" if block.endswith(b"\n") else block[-1:]
    yield b"[]\n" if before == b"[" else b"]\n"


def _excel(dataset: Dataset, choice: Choice, blocks: Iterable[bytes]) -> Iterator[bytes]:
    """A workbook with Thai headings, and on its last sheet what each column means."""
    columns = [(column.label, column.is_.excel) for column in dataset.columns]
    return stream_workbook(dataset.title, columns, blocks, _notes(dataset, choice))


def _notes(dataset, choice):
    licence = settings.EPLAN_DATA_LICENCE
    return [
        [dataset.title],
        [dataset.description],
        [words_of(choice)],
        [f"ข้อมูล ณ {thai_datetime(timezone.now())}"],
        [f"สัญญาอนุญาต {licence['title']} {licence['path']}"],
        [""],
        ["คอลัมน์", "ชื่อสำหรับโปรแกรม", "ความหมาย"],
        *([column.label, column.name, column.meaning] for column in dataset.columns),
    ]


def words_of(choice: Choice) -> str:
    """The part of a dataset in Thai words. At most one query."""
    words = "ทั่วประเทศ"
    if choice.province:
        words = f"จังหวัด{Province.objects.get(code=choice.province)}"
    if choice.lao:
        words = str(Lao.objects.get(code=choice.lao))
    return f"{words} {f'ปีงบประมาณ พ.ศ. {choice.year}' if choice.year else 'ทุกปีงบประมาณ'}"


CSV = FileForm("csv", "CSV", "text/csv; charset=utf-8", statements.csv, _csv)
EXCEL = FileForm("xlsx", "Excel", CONTENT_TYPE, statements.excel, _excel)
JSON = FileForm("json", "JSON", "application/json", statements.json, _json)
FORMS = {form.ending: form for form in (CSV, EXCEL, JSON)}


class Download:
    """The bytes of a file as they come. Raises `BusyError` at once; to be closed, however far it was read."""

    def __init__(self, form: FileForm, dataset: Dataset, choice: Choice):
        at_once = dataset.long and choice.wide
        self.stream = CopyStream(form.statement(dataset, choice), wide=choice.wide, at_once=at_once)
        self.blocks = form.frame(dataset, choice, self.stream)

    def __iter__(self):
        return self.blocks

    def close(self):
        """End the query behind it."""
        self.stream.close()


def sheets_of(rows: int) -> int:
    """How many sheets of a workbook that many rows take."""
    return max(1, -(-rows // (MOST_ROWS - 1)))
