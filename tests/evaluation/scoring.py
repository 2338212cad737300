"""What several tests of scores need."""

from evaluation.models import Score
from projects.models import Dimension


def give(plan, source, *parts, total=None):
    """Scores of `plan`: points of its dimensions in order, None where there are none, and an entered total."""
    for dimension, points in zip(Dimension.objects.filter(period=plan.period).order_by("number"), parts, strict=False):
        if points is not None:
            Score.objects.create(plan=plan, source=source, dimension=dimension, points=points)
    if total is not None:
        Score.objects.create(plan=plan, source=source, points=total)


def stored(plan, source):
    """The stored points of a source by dimension number, the entered total under None."""
    rows = Score.objects.filter(plan=plan, source=source)
    return dict(rows.values_list("dimension__number", "points"))


def typed(version=0, *, passed_in="2561", sar="", nacc="", reason="", prefix=""):
    """What a browser sends for one plan; `sar` and `nacc` are "1 2 3 4 total" with "-" for an empty field."""
    data = {"version": version, "passed_in": passed_in, "reason": reason}
    for source, text in (("SAR", sar), ("NACC", nacc)):
        words = ["" if word == "-" else word for word in text.split()] or [""] * 5
        data |= {f"{source}_{place}": word for place, word in zip((1, 2, 3, 4, "total"), words, strict=True)}
    return {f"{prefix}{name}": value for name, value in data.items()}
