"""Proves that every summary and follow-up an officer can open says what the projects and reports themselves say."""

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from math import floor

from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from eplan.proving import ProvingCommand
from lao.models import District, Lao, Province, Region
from projects.models import Dimension
from reporting.management.commands.prove_tallies import FRESH
from reporting.management.follow_up_proof import follow_up_differences
from reporting.models import MONTHS, LevelCutoff, Tally
from reporting.queries import tables
from reporting.queries.progress import progress_of

# Counted from the rows themselves, past the tallies and past every function that the pages use.
COUNTED = f"""
{FRESH}
SELECT fiscal_year, months, lao_id, dimension_id, projects, completed, in_progress, not_feasible, in_ordinance,
       plan_budget, ordinance_budget, disbursed, settled
  FROM fresh
"""  # noqa: S608  made of the constant above alone


class Command(ProvingCommand):
    """Compute every summary in two ways; exit with 1 where they differ."""

    help = "พิสูจน์ว่าตารางสรุปทุกระดับตรงกับการคำนวณใหม่จากโครงการและรายงานทุกแถว"

    def differences(self):
        """Go through all years and rounds, and all areas of each."""
        proof = _Proof(_Register(), _counted())
        yield from proof.differences()
        self.compared = f"ตารางสรุป {proof.compared:,} ตาราง {proof.rows:,} แถว"


def _counted():
    """The counts of every LAO and dimension: {(year, months): {lao: {dimension: figures and settled}}}."""
    found = defaultdict(lambda: defaultdict(dict))
    with connection.cursor() as cursor:
        cursor.execute(COUNTED)
        for year, months, lao, dimension, *figures in cursor.fetchall():
            found[year, months][lao][dimension] = figures
    return found


class _Register:
    """Which LAO lies where, as plain dicts by id."""

    def __init__(self):
        self.laos = list(Lao.objects.select_related("district__province__region"))
        self.regions, self.provinces, self.districts = (
            list(model.objects.all()) for model in (Region, Province, District)
        )
        self.of_district, self.of_province, self.of_region = defaultdict(list), defaultdict(list), defaultdict(list)
        for lao in self.laos:
            self.of_district[lao.district_id].append(lao)
            self.of_province[lao.district.province_id].append(lao)
            self.of_region[lao.district.province.region_id].append(lao)


class _Proof:
    """Every summary against its recomputation; `compared` tables and `rows` counts what was looked at."""

    def __init__(self, register, counted):
        self.register, self.counted = register, counted
        self.cutoffs = list(LevelCutoff.objects.select_related("period"))
        self.compared = self.rows = 0

    def differences(self) -> Iterator[str]:
        """What does not agree, in words."""
        years = {year for year, _ in self.counted} | set(Tally.objects.values_list("fiscal_year", flat=True).distinct())
        for year in sorted(years or tables.result_years()[-1:]):
            for months, _ in MONTHS:
                yield from self._of_round(year, months)

    def _of_round(self, year, months):
        register, counts = self.register, self.counted[year, months]
        everyone = register.laos
        by_province = {province.pk: register.of_province[province.pk] for province in register.provinces}
        by_region = {region.pk: register.of_region[region.pk] for region in register.regions}
        alone = {province.pk: by_province[province.pk] for province in register.provinces if province.region_id is None}
        checked = [
            (tables.nation_table(year, months), by_province, {}),
            (tables.regions_table(year, months), by_region | alone, {}),
        ]
        for table, rows, within in checked:
            yield from self._table(table, rows, everyone, counts)
            yield from self._dimensions(year, months, within, everyone, counts, str(table.total.name))
        yield from self._progress(year, months, counts)
        yield from follow_up_differences(year, months, everyone, counts, timezone.localdate())
        self.compared, self.rows = self.compared + 1, self.rows + len(everyone)
        for region in register.regions:
            mine = {
                province.pk: by_province[province.pk]
                for province in register.provinces
                if province.region_id == region.pk
            }
            laos, within = register.of_region[region.pk], {"lao__district__province__region": region}
            yield from self._table(tables.region_table(region, year, months), mine, laos, counts)
            yield from self._dimensions(year, months, within, laos, counts, str(region))
        for province in register.provinces:
            laos, within = register.of_province[province.pk], {"lao__district__province": province}
            mine = {
                place.pk: register.of_district[place.pk]
                for place in register.districts
                if place.province_id == province.pk
            }
            yield from self._table(tables.districts_table(province, year, months), mine, laos, counts)
            yield from self._table(tables.province_table(province, year, months), _each(laos), laos, counts)
            yield from self._dimensions(year, months, within, laos, counts, str(province))
        for district in register.districts:
            laos = register.of_district[district.pk]
            yield from self._table(tables.district_table(district, year, months), _each(laos), laos, counts)
            yield from self._dimensions(year, months, {"lao__district": district}, laos, counts, str(district))
            if laos:
                yield from self._dimensions(year, months, {"lao": laos[0]}, laos[:1], counts, laos[0].code)
        yield from self._laos(year, months, counts)

    def _table(self, table, laos_of_row, laos, counts):
        """A result table: its rows, each with its rank, and its total."""
        self.compared += 1
        said = f"{table.total.name} {table.when}"
        pooled = {key: _pooled(members, counts) for key, members in laos_of_row.items()}
        if {row.key for row in table.rows} != set(pooled):
            yield f"{said}: แถวไม่ครบหรือเกิน"
            return
        percents = {key: _percent(figures) for key, figures in pooled.items()}
        ranks = _ranks(percents.values())
        cutoff = self._cutoff(table.fiscal_year, table.months)
        for row in table.rows:
            rank = ranks.get(percents[row.key])
            yield from self._row(row, pooled[row.key], cutoff, rank, f"{said} {row.name}")
        yield from self._row(table.total, _pooled(laos, counts), cutoff, None, f"{said} รวม")

    def _cutoff(self, year, months):
        fitting = (known for known in self.cutoffs if known.months == months and year in known.period.years)
        return next(fitting, None)

    def _row(self, row, figures, cutoff, rank, said):
        self.rows += 1
        percent = _percent(figures)
        expected = (figures[0], _points(figures), _shown(percent), _level(percent, cutoff), rank)
        found = (row.projects, Fraction(row.points), _exact(row.shown_percent), row.level_name, row.rank)
        if found != expected:
            yield f"{said}: ตาราง {found} คำนวณใหม่ {expected}"

    def _laos(self, year, months, counts):
        """The summary of each LAO, all fetched at once: the query of one, as its page sends it, is proved district by
        district."""
        tallies = Tally.objects.filter(fiscal_year=year, months=months).order_by().values_list("lao", "dimension")
        found = defaultdict(dict)
        for lao, dimension, *figures in tallies.annotate(*map(Sum, tables.FIGURES)):
            found[lao][dimension] = figures
        dimensions = list(Dimension.objects.filter(period__first_year__lte=year, period__last_year__gte=year))
        for lao in self.register.laos:
            rows = tables.rows_with_total(dimensions, found.pop(lao.pk, {}))
            yield from self._rows_by_dimension(rows, year, months, [lao], counts, lao.code)
        if found:
            yield f"ปี {year} รอบ {months}: มียอดของ อปท. ที่ไม่อยู่ในทะเบียน {sorted(found)}"

    def _dimensions(self, year, months, within, laos, counts, said):
        """A summary by dimension, as its page fetches it."""
        rows = tables.dimension_rows(year, months, **within)
        yield from self._rows_by_dimension(rows, year, months, laos, counts, said)

    def _rows_by_dimension(self, rows, year, months, laos, counts, said):
        """Each row of a summary by dimension and their total, with every budget."""
        self.compared += 1
        self.rows += len(rows)
        found = sorted(list(row[2:]) for row in rows[:-1] if row.projects)
        dimensions = {dimension for lao in laos for dimension in counts.get(lao.pk, {})}
        fresh = [
            [
                sum(figures)
                for figures in zip(
                    *(counts[lao.pk][dimension] for lao in laos if dimension in counts.get(lao.pk, {})), strict=True
                )
            ]
            for dimension in dimensions
        ]
        expected = sorted(figures[: len(tables.FIGURES)] for figures in fresh)
        total = [sum(figures) for figures in zip(*expected, strict=True)] or [0] * len(tables.FIGURES)
        if found != expected or list(rows[-1][2:]) != total:
            yield f"{said} ปี {year} รอบ {months}: ตามมิติ {found} คำนวณใหม่ {expected}"

    def _progress(self, year, months, counts):
        """The last point of the nation's progress: all that nothing is left to report of."""
        self.compared += 1
        settled = sum(figures[-1] for dimensions in counts.values() for figures in dimensions.values())
        points = progress_of(year, months, 0)
        found = points[-1].total if points else 0
        if found != settled:
            yield f"ความคืบหน้าทั่วประเทศ ปี {year} รอบ {months}: {found} คำนวณใหม่ {settled}"


def _each(laos):
    return {lao.code: [lao] for lao in laos}


def _pooled(laos, counts):
    """`(projects, completed, in progress)` of some LAOs."""
    rows = [figures for lao in laos for figures in counts.get(lao.pk, {}).values()]
    return tuple(sum(row[place] for row in rows) for place in range(3))


def _points(figures):
    _, completed, in_progress = figures
    return completed + Fraction(in_progress, 2)


def _percent(figures):
    return _points(figures) * 100 / figures[0] if figures[0] else None


def _ranks(percents):
    """The rank of each percentage: one more than there are better ones."""
    ranks = {}
    for place, percent in enumerate(sorted((p for p in percents if p is not None), reverse=True), start=1):
        ranks.setdefault(percent, place)
    return ranks


def _shown(percent):
    """Two decimals, halves going up."""
    return None if percent is None else Fraction(floor(percent * 100 + Fraction(1, 2)), 100)


def _level(percent, cutoff):
    if percent is None or cutoff is None:
        return None
    if percent >= Fraction(cutoff.high):
        return cutoff.high_name
    return cutoff.medium_name if percent >= Fraction(cutoff.medium) else cutoff.low_name


def _exact(value):
    return None if value is None else Fraction(value)
