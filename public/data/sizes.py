"""How large the files are that somebody may download: counted now and then, and told before the click."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from public.data import statements
from public.data.choices import Choice
from public.data.datasets import DATASETS, Dataset
from public.data.files import sheets_of

KEPT = 10 * 60  # seconds: counting the nation's reports takes one
_PACKED = 0.1  # how small the XML of a workbook is packed: measured on the nation (docs/performance.md)


@dataclass(frozen=True)
class Size:
    """Rows of a part of a dataset, about how many bytes it is in each form of file, and the sheets that it takes."""

    dataset: Dataset
    rows: int
    bytes: dict[str, int]

    @property
    def sheets(self) -> int:
        """How many sheets of a workbook it takes."""
        return sheets_of(self.rows)


def sizes_of(choice: Choice) -> tuple[Sequence[Size], datetime]:
    """The `Size` of every dataset, and when they were counted, which is at most ten minutes ago."""
    key = f"data-sizes-{choice.parameters()}".replace(" ", "")
    counted, at = cache.get_or_set(key, lambda: (_count(choice), timezone.now()), KEPT)
    return [
        Size(DATASETS[name], rows, {"csv": rows * csv, "json": rows * json, "xlsx": int(rows * xml * _PACKED) + 4000})
        for name, (rows, csv, json, xml) in counted.items()
    ], at


def _count(choice):
    counted = {}
    for name, dataset in DATASETS.items():
        with connection.cursor() as cursor:
            cursor.execute(*statements.size(dataset, choice))
            counted[name] = cursor.fetchone()
    return counted
