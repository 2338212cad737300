"""What officers do to scores. Every action is one transaction and names the person behind it."""

from dataclasses import astuple, dataclass

from django.db import IntegrityError, connection, transaction

from evaluation import rules
from evaluation.models import DimensionStandard, PeriodStandard, Score, ScoreChange
from evaluation.queries.entries import (
    Standing,
    entries_at,
    highest_published,
    standard_of,
    standings_of,
    years_in_use,
)
from evaluation.rules import Entry
from lao.audit import acting
from lao.models import Lao
from lao.tokens import was_sent
from projects.models import Plan
from projects.queries import dimensions_of
from projects.wording import CHANGED_MEANWHILE


@dataclass(frozen=True)
class Submission:
    """What an officer wants published about the plan of one LAO, and the `version` it was filled from."""

    lao_id: int
    version: int
    entry: Entry


@dataclass(frozen=True)
class MovedOn:
    """Refused: someone else published something since; `standing` is what stands now."""

    standing: Standing


@dataclass(frozen=True)
class ReasonMissing:
    """Refused: what was published is to change, and nobody said why."""


@dataclass(frozen=True)
class YearsInUse:
    """Refused: the plan's projects stand in these fiscal `years`, which the year of passing would take away."""

    years: list[int]


@dataclass(frozen=True)
class Outcome:
    """What became of the submissions: the LAOs (keys) that were `saved`, and why others were `refused`.

    What already stood as submitted is in neither.
    """

    saved: list[int]
    refused: dict[int, MovedOn | ReasonMissing | YearsInUse]


class RefusedError(Exception):
    """Nothing was saved, because some submissions were refused; `refused` says which, as in an `Outcome`."""

    def __init__(self, refused):
        super().__init__(sorted(refused))
        self.refused = refused


def publish_entries(*, by, period, submissions, reason="", partly=False, token=None):
    """Publish the `submissions` (at most one for each LAO) about the plans of `period`, and return the `Outcome`.

    A plan that doesn't exist yet is made. Each change is written down with its `reason`, which a change of something
    published before must have. The form's one-time `token` lets a second sending change nothing. Where some can't be
    done, all are left undone and `RefusedError` says why, unless `partly`: then the others are saved. Raises
    `Lao.DoesNotExist` for an LAO outside the area of `by`, and `PermissionError` for a year of passing that `by`
    may not set.
    """
    with acting(by):
        standings = _hold(by, [submission.lao_id for submission in submissions], period)
        if was_sent(token, by, ["scores", period.pk, [(s.lao_id, s.entry.as_json()) for s in submissions], reason]):
            return Outcome([], {})
        wanted = still_wanted(submissions, standings)
        refused, changes = {}, []
        for submission in wanted:
            standing = standings[submission.lao_id]
            refusal = _refusal(by, standing, submission, reason)
            if refusal is None:
                plan, refusal = _plan_passed(standing, period, submission.entry.passed_in)
            if refusal is None:
                changes.append((plan, standing, submission.entry))
            else:
                refused[submission.lao_id] = refusal
        if refused and not partly:
            raise RefusedError(refused)
        _write(by, period, changes, reason)
        return Outcome([standing.lao.pk for _, standing, _ in changes], refused)


def _hold(by, lao_ids, period):
    """The `Standing`s by LAO, held until the transaction ends, in one order for everybody: nobody waits in a circle."""
    laos = Lao.objects.visible_to(by).filter(pk__in=lao_ids).order_by("pk")
    held = list(laos.select_for_update(of=("self",), no_key=True))
    if len(held) != len(set(lao_ids)):
        raise Lao.DoesNotExist
    return {standing.lao.pk: standing for standing in standings_of(held, period)}


def still_wanted(submissions, standings):
    """Those of `submissions` that would change something; `standings` are by LAO.

    Where someone else has published since, what was sent may be what stood before: nobody touched it here.
    """
    differing = [s for s in submissions if s.entry != standings[s.lao_id].entry]
    overtaken = {standings[s.lao_id].plan.pk: s.version for s in differing if s.version < standings[s.lao_id].version}
    before = entries_at(overtaken)
    return [s for s in differing if standings[s.lao_id].plan is None or _stood(s, standings, before) != s.entry]


def _stood(submission, standings, before):
    return before.get(standings[submission.lao_id].plan.pk)


def _refusal(by, standing, submission, reason):
    if standing.version != submission.version:
        return MovedOn(standing)
    if standing.entry.passed_in != submission.entry.passed_in and not rules.may_set_passed(by.role):
        raise PermissionError
    if rules.changes_published(standing.entry, submission.entry) and not reason.strip():
        return ReasonMissing()
    return None


def _plan_passed(standing, period, passed_in):
    """`(plan, refusal)`: the plan with its year of passing written, or why that can't be."""
    if standing.plan is None:
        return Plan.objects.create(lao=standing.lao, period=period, passed_in=passed_in), None
    plan = standing.plan
    if plan.passed_in == passed_in:
        return plan, None
    try:
        with transaction.atomic():
            Plan.objects.filter(pk=plan.pk).update(passed_in=passed_in)
    except IntegrityError as error:
        if error.__cause__.diag.constraint_name != "plan_passed_in_keeps_its_years":
            raise
        return None, YearsInUse(rules.years_taken_away(passed_in, years_in_use([plan])[plan.pk]))
    return plan, None


def _write(by, period, changes, reason):
    """Write the points of all `changes`, `(plan, standing, entry)`, and their history: a few statements in all."""
    dimensions = [dimension.pk for dimension in dimensions_of(period)]
    written, history, wanted = [], [], {}
    for plan, standing, entry in changes:
        before, after = _cells(standing.entry, dimensions), _cells(entry, dimensions)
        wanted |= {(plan.pk, *place): points for place, points in after.items()}
        written += [
            Score(plan=plan, source=source, dimension_id=dimension, points=points)
            for (source, dimension), points in after.items()
            if points is not None and points != before[source, dimension]
        ]
        history.append(
            ScoreChange(
                plan=plan,
                number=standing.version + 1,
                before=standing.entry.as_json(),
                after=entry.as_json(),
                changes_published=rules.changes_published(standing.entry, entry),
                reason=reason.strip(),
                by=by,
            )
        )
    kept = Score.objects.filter(plan__in=[plan for plan, _, _ in changes])
    gone = [pk for pk, *place in kept.values_list("pk", "plan", "source", "dimension") if wanted[tuple(place)] is None]
    Score.objects.filter(pk__in=gone).delete()
    Score.objects.bulk_create(
        written, update_conflicts=True, unique_fields=["plan", "source", "dimension"], update_fields=["points"]
    )
    ScoreChange.objects.bulk_create(history)


def _cells(entry, dimensions):
    """The points of an entry by source and dimension, None for the entered total."""
    return {
        (source, dimension): value
        for source, points in entry.points.items()
        for dimension, value in zip([*dimensions, None], [*points.parts, points.entered], strict=True)
    }


def publish_rows(upload, rows, *, by, reason, token):
    """Publish `rows` of a `ScoreUpload` that `by` confirms; why some can't be done any more, by their numbers.

    Raises `RefusedError` when published things are to change without a reason: then nothing is saved.
    """
    unexplained = {row.pk: ReasonMissing() for row in rows if row.explain and not reason.strip()}
    if unexplained:
        raise RefusedError(unexplained)
    submissions = [Submission(row.pk, row.version, Entry.from_json(row.data)) for row in rows]
    said = {"period": upload.period, "submissions": submissions, "reason": reason, "token": token}
    outcome = publish_entries(by=by, **said, partly=True)
    return {row.row: CHANGED_MEANWHILE for row in rows if row.pk in outcome.refused}


class PublishedAboveError(Exception):
    """More was published already than would be possible: `above` is the most, by place, None for the total."""

    def __init__(self, above):
        super().__init__(above)
        self.above = above


class StandardMovedOnError(Exception):
    """Somebody else has set it since the form was filled; `standard` is what stands now."""

    def __init__(self, standard):
        super().__init__(standard)
        self.standard = standard


def set_standard(*, by, period, standard, started, token=None):
    """Set what is asked of the scores of `period` to a `rules.Standard`; what is None in it is not enforced.

    `started` is the one that the form was filled from, None where nobody knows; its one-time `token` gives a second
    sending the first one's result. Raises `StandardMovedOnError`, and `PublishedAboveError` when a published score is
    higher: then nothing is changed.
    """
    with acting(by):
        # Whoever publishes reads these limits; nothing is to come between.
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE evaluation_score IN SHARE ROW EXCLUSIVE MODE")
        stands = standard_of(period)
        if was_sent(token, by, ["standard", period.pk, astuple(standard)]) or stands == standard:
            return
        if stands != started:
            raise StandardMovedOnError(stands)
        highest = highest_published(period)
        limits = {**dict(enumerate(standard.parts)), None: standard.highest_total}
        above = {
            place: points for place, points in highest.items() if limits[place] is not None and points > limits[place]
        }
        if above:
            raise PublishedAboveError(above)
        PeriodStandard.objects.update_or_create(
            period=period, defaults={"highest_total": standard.highest_total, "pass_mark": standard.pass_mark}
        )
        for dimension, points in zip(dimensions_of(period), standard.parts, strict=True):
            if points is None:
                DimensionStandard.objects.filter(dimension=dimension).delete()
            else:
                DimensionStandard.objects.update_or_create(dimension=dimension, defaults={"highest": points})
