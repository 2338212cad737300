"""An officer's area at a glance: its provinces, or the districts of its one province."""

from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, F, Q, Sum

from lao.models import Lao, User
from reporting import rules
from reporting.models import MONTHS, Tally

TO_AREA = {User.Role.PROVINCE: "district"}
TO_ANY_OTHER = "district__province"
_IN_USE = Q(account__claimed_at__isnull=False, account__withheld_since__isnull=True)


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
    officer's province, in Thai order, and all of them together. Two queries."""
    path = TO_AREA.get(user.role, TO_ANY_OTHER)
    areas = {
        row["area"]: Area(row["area"], row["area_name"], row["laos"], row["claimed"])
        for row in Lao.objects.visible_to(user)
        .values(area=F(f"{path}__pk"), area_name=F(f"{path}__name"), area_order=F(f"{path}__sort_key"))
        .annotate(laos=Count("pk"), claimed=Count("account", filter=_IN_USE))
        .order_by("area_order")
    }
    tallies = (
        Tally.objects.visible_to(user)
        .filter(fiscal_year=fiscal_year)
        .values("months", area=F(f"lao__{path}__pk"))
        .annotate(
            with_projects=Count("lao", distinct=True),
            n=Sum("projects"),
            reported=Sum("settled"),
        )
    )
    for row in tallies:
        area = areas[row["area"]]
        area.with_projects, area.projects = row["with_projects"], row["n"]
        area.reported[row["months"]] = row["reported"]
    return list(areas.values()), _together(areas.values())


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
