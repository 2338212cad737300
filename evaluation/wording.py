"""What is published about a plan, in words."""

from typing import NamedTuple

from eplan.fiscal import thai_datetime
from eplan.templatetags.eplan import baht
from evaluation.models import Score
from evaluation.rules import Entry

PASSED_IN = "ผ่านเกณฑ์มาตรฐานปีงบประมาณ"
NOT_PASSED = "ยังไม่ผ่านเกณฑ์มาตรฐาน"


class Difference(NamedTuple):
    """One thing that is typed, sent or was later published otherwise than it stands, in words."""

    label: str
    stored: str
    typed: str


def points_label(source, dimension=None):
    """What a score is called: that of a dimension, or the total."""
    return f"{source.label} {dimension.short_name if dimension else 'รวม'}"


def in_words(entry, dimensions):
    """An `Entry` as people read it: a dict of label to text; the total as it is shown."""
    words = {PASSED_IN: str(entry.passed_in or NOT_PASSED)}
    for source in Score.Source:
        points = entry.points[source]
        for dimension, part in zip(dimensions, points.parts, strict=True):
            words[points_label(source, dimension)] = baht(part)
        words[points_label(source)] = baht(points.total)
    return words


def differences(stored, typed, dimensions):
    """In what the `Entry`s `stored` and `typed` differ, as a list of `Difference`."""
    before, after = in_words(stored, dimensions), in_words(typed, dimensions)
    return [Difference(label, before[label], after[label]) for label in before if before[label] != after[label]]


def shown_history(changes, dimensions, *, is_public=False):
    """The `ScoreChange`s of a plan, each as number, time, person, reason and what went from what to what.

    The public is not told the person, who need not be known.
    """
    return [
        {
            "number": change.number,
            "at": thai_datetime(change.at),
            "by": "" if is_public else change.by.display_name,
            "reason": change.reason,
            "changes": differences(Entry.from_json(change.before), Entry.from_json(change.after), dimensions),
        }
        for change in changes
    ]


def years_taken_away(years):
    """Why a year of passing is refused that would take away `years` of the plan's projects."""
    listed = ", ".join(map(str, years))
    return f"แผนมีโครงการ/กิจกรรมในปีงบประมาณ {listed} แล้ว (รวมที่ลบหรือถูกปฏิเสธ) จึงเปลี่ยนปีที่ผ่านเกณฑ์ให้ตัดปีเหล่านี้ออกไม่ได้"
