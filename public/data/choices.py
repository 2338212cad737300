"""Which part of a dataset somebody asks for: a fiscal year, a province, an LAO, or all of it."""

import re
from dataclasses import dataclass

from eplan.fiscal import parse_year
from eplan.thai import arabic_digits
from lao.models import Lao, Province


class ChoiceError(Exception):
    """A part that there is not; `thai` and `english` say which word of the address is wrong."""

    def __init__(self, thai, english):
        super().__init__(thai)
        self.thai, self.english = thai, english


@dataclass(frozen=True)
class Choice:
    """A fiscal year, the code of a province and that of an LAO; None where all of them are meant."""

    year: int | None = None
    province: str | None = None
    lao: str | None = None

    @property
    def wide(self) -> bool:
        """Whether it is about the whole nation."""
        return self.province is None and self.lao is None

    def parameters(self) -> dict[str, str]:
        """What stands in an address that asks for it, in one order."""
        named = {"year": self.year, "province": self.province, "lao": self.lao}
        return {name: str(value) for name, value in named.items() if value}

    def file_name(self, dataset: str) -> str:
        """A name for its file, without the ending."""
        return "-".join(["e-plannacc", dataset, *self.parameters().values()])


def read_choice(parameters) -> Choice:
    """The `Choice` that GET parameters ask for; an empty one is none. Raises `ChoiceError`. At most two queries."""
    year, province, lao = (arabic_digits(parameters.get(name, "")).strip() for name in ("year", "province", "lao"))
    if year and parse_year(year) is None:
        raise ChoiceError("year ต้องเป็นปีงบประมาณ พ.ศ. 4 หลัก", "year must be a fiscal year of the Buddhist era, 4 digits")
    if province and not _known(Province, "[0-9]{2}", province):
        raise ChoiceError("ไม่พบจังหวัดตามรหัสใน province (2 หลัก)", "province is not the 2-digit code of a province")
    if lao and not _known(Lao, "[0-9]{7}", lao):
        raise ChoiceError("ไม่พบ อปท. ตามรหัสใน lao (7 หลัก)", "lao is not the 7-digit code of an LAO")
    return Choice(parse_year(year), province or None, lao or None)


def _known(model, pattern, code):
    return re.fullmatch(pattern, code) and model.objects.filter(code=code).exists()
