"""An officer's area at a glance: its provinces, or the districts of its one province."""

from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Q, Sum

from lao.models import Lao, User
from reporting import rules
from reporting.models import MONTHS, Tally
from reporting.queries.statements import fetched

TO_AREA = {User.Role.PROVINCE: "district"}
TO_ANY_OTHER = "district__province"
_IN_USE = Q(account__claimed_at__isnull=False, account__withheld_since__isnull=True)
# LAO by LAO first, since a join with all tallies would count each LAO eight times; every round has the same projects.
_AREAS = """
SELECT area, name, count(*), count(*) FILTER (WHERE in_use), count(projects), coalesce(sum(projects), 0)::bigint,
       ARRAY[coalesce(sum(at_6), 0), coalesce(sum(at_12), 0)]::bigint[]
  FROM ({laos}) AS lao (lao, area, name, sort_key, in_use)
  LEFT JOIN ({tallies}) AS tally (lao, projects, at_6, at_12) ON tally.lao = lao.lao
 GROUP BY area, name, sort_key ORDER BY sort_key
"""


@dataclass
class Area:
    """Counts of one province or district, under the `key` of its row, in a fiscal year; `reported` by months.

    Reported is what nothing is left to report of, as on the clerks' own pages: what was done at 6 months is so at 12.
    """

    key: str | int
    name: str
    laos: int = 0
    claimed: int = 0
    with_projects: int = 0
    projects: int = 0
    reported: dict[int, int] = field(default_factory=lambda: {months: 0 for months, _ in MONTHS})

    @property
    def percents(self) -> list[Decimal | None]:
        """Per round, how many of its projects have been reported, in per cent; None without projects."""
        return [rules.percent(Decimal(reported), self.projects) for reported in self.reported.values()]


def areas_of(user, fiscal_year):
    """`(areas, total)`: an `Area` for each province that the officer `user` sees, or for each district of a provincial
    officer's province, in Thai order, and all of them together. One query."""
    path = TO_AREA.get(user.role, TO_ANY_OTHER)
    laos = Lao.objects.visible_to(user).annotate(in_use=_IN_USE)
    figures = {f"at_{months}": Sum("settled", filter=Q(months=months)) for months, _ in MONTHS}
    figures = {"n": Sum("projects", filter=Q(months=6)), **figures}
    querysets = {
        "laos": laos.values("pk", f"{path}__pk", f"{path}__name", f"{path}__sort_key", "in_use"),
        "tallies": Tally.objects.visible_to(user).filter(fiscal_year=fiscal_year).values("lao").annotate(**figures),
    }
    areas = [
        Area(*facts, {months: settled for (months, _), settled in zip(MONTHS, reported, strict=True)})
        for *facts, reported in fetched(_AREAS, querysets)
    ]
    return areas, _together(areas)


def _together(areas):
    total = Area("", "รวม")
    for area in areas:
        total.laos += area.laos
        total.claimed += area.claimed
        total.with_projects += area.with_projects
        total.projects += area.projects
        for months, reported in area.reported.items():
            total.reported[months] += reported
    return total
