"""What taking in the register does, in words: for the command and for the screen."""

from dataclasses import dataclass

from lao.models import Lao, Province
from lao.models.register import lao_title
from lao.register_import import COLUMNS

NOTHING = "(ว่าง)"


@dataclass(frozen=True)
class Line:
    """One organisation, or one row of the file, and under it what changes, field by field."""

    text: str
    changes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    """The lines of one kind of outcome; a group is never empty. `kind` is a name for programs."""

    kind: str
    title: str
    lines: list[Line]


def told(outcome):
    """The `Group`s of an `Outcome`: what is new, upgraded, changed, missing, left empty and refused. One query."""
    provinces = dict(Province.objects.values_list("code", "name"))
    changes, reading = outcome.changes, outcome.reading
    groups = [
        Group("new", "เพิ่มใหม่", [_organisation(entry, provinces) for entry in changes.inserted]),
        Group("upgraded", "เปลี่ยนรหัส (ยกฐานะ)", [_change(one, provinces) for one in _upgrades(changes)]),
        Group("changed", "แก้ไข", [_change(one, provinces) for one in _updates(changes)]),
        Group("missing", "ไม่พบในไฟล์ (คงไว้ในระบบ)", [_organisation(one, provinces) for one in changes.missing]),
        Group("noted", "ข้อสังเกต", [_problem(note) for note in reading.notes]),
        Group("refused", "แถวที่นำเข้าไม่ได้", [_problem(problem) for problem in _problems(outcome)]),
    ]
    return [group for group in groups if group.lines]


def summed_up(outcome):
    """The `Outcome` in one line of numbers."""
    changes, reading = outcome.changes, outcome.reading
    return (
        f"อ่าน {reading.rows:,} แถว ได้ {len(reading.entries):,} อปท.: "
        f"เพิ่มใหม่ {len(changes.inserted):,} · เปลี่ยนรหัส {len(_upgrades(changes)):,} · แก้ไข {len(_updates(changes)):,} · "
        f"ไม่เปลี่ยนแปลง {changes.unchanged:,} · ไม่พบในไฟล์ {len(changes.missing):,} · "
        f"ข้อสังเกต {len(reading.notes):,} · แถวที่นำเข้าไม่ได้ {len(_problems(outcome)):,}"
    )


def _upgrades(changes):
    return [change for change in changes.changed if change.is_upgrade]


def _updates(changes):
    return [change for change in changes.changed if not change.is_upgrade]


def _problems(outcome):
    return sorted(outcome.reading.problems + outcome.changes.problems, key=lambda problem: problem.row)


def _organisation(entry, provinces):
    values = entry.values
    title = lao_title(values["kind"], values["name"])
    return Line(f"{entry.code} {title} อำเภอ{values['district']} จังหวัด{provinces[values['province']]}")


def _change(change, provinces):
    fields = [
        f"{COLUMNS[name]}: {_in_words(name, before, provinces)} -> {_in_words(name, after, provinces)}"
        for name, (before, after) in change.fields.items()
    ]
    if change.is_upgrade:
        fields.insert(0, f"{COLUMNS['code']}: {change.standing.code} -> {change.entry.code}")
    return Line(_organisation(change.entry, provinces).text, tuple(fields))


def _in_words(name, value, provinces):
    if value in ("", None):
        return NOTHING
    if name == "kind":
        return Lao.Kind(value).label
    return provinces[value] if name == "province" else str(value)


def _problem(problem):
    return Line(f"แถว {problem.row} {problem.code}: {problem.reason}")
