"""The rows of the follow-up as the templates take them: strings, because a page may have hundreds of them."""

from typing import NamedTuple

from eplan.fiscal import thai_date_short, thai_datetime
from eplan.templatetags.eplan import NONE, count, percent
from eplan.templatetags.looks import WITHHELD, badge, level_badge
from reporting.models import ReminderLog
from reporting.queries.follow_up import DISTRICT, EXTENDED, LATE, PROVINCE, REGION
from reporting.standing import Progress

PROGRESS = {
    Progress.NOT_BEGUN: badge("quiet", "minus", "ยังไม่เริ่ม"),
    Progress.BEGUN: badge("part", "half", "เริ่มแล้ว"),
    Progress.FINISHED: badge("good", "check", "ครบแล้ว"),
    Progress.NO_PROJECTS: badge("quiet", "info", "ยังไม่มีโครงการ"),
    Progress.NOT_ASKED: badge("note", "info", "แผนยังไม่ผ่าน"),
    Progress.WITHHELD: WITHHELD,
}
LATE_BADGE = badge("bad", "warning", "เกินกำหนด")


class ShownLao(NamedTuple):
    """One LAO; `due` is its last day with the reason for an extension, `coordinator` its `Coordinator` or None."""

    number: int
    code: str
    name: str
    place: str
    progress: str
    late: str
    reported: str
    percent_reported: str
    percent_implemented: str
    level: str
    due: str
    extension: str
    coordinator: object
    reminded: str


def shown_laos(standings, laos, results, reminders, *, start):
    """`ShownLao`s of `standings`, numbered from `start`; `results` as the queries give them, `laos` and their latest
    `reminders` by the id of the LAO."""
    return [
        _shown_lao(number, standing, laos[standing.lao], result, reminders.get(standing.lao))
        for number, (standing, result) in enumerate(zip(standings, results, strict=True), start)
    ]


def _shown_lao(number, standing, lao, result, reminder):
    state = standing.state
    return ShownLao(
        number=number,
        code=lao.code,
        name=lao.title,
        place=f"อำเภอ{lao.district} จังหวัด{lao.province}",
        progress=PROGRESS[standing.progress],
        late=LATE_BADGE if standing.late else "",
        reported=f"{standing.settled} จาก {standing.projects}" if standing.projects else NONE,
        percent_reported=percent(standing.percent_settled),
        percent_implemented=percent(result.shown_percent),
        level=level_badge(result.level, result.level_name),
        due=thai_date_short(state.closes_on) if state.closes_on else NONE,
        extension=f"ขยายเวลา เพราะ {state.reason}" if state.extended else "",
        coordinator=lao.coordinator,
        reminded=f"เตือน {thai_date_short(reminder.sent_at or reminder.queued_at)}: {reminder.get_outcome_display()}"
        if reminder
        else "",
    )


class ShownArea(NamedTuple):
    """One area; `address` leads to what lies below it, `late_address` and `extended_address` to those LAOs."""

    name: str
    address: str
    laos: str
    finished: str
    begun: str
    not_begun: str
    no_projects: str
    late: str
    late_address: str
    extended: str
    extended_address: str
    projects: str
    percent_reported: str
    percent_implemented: str
    level: str


def shown_areas(areas, results, query, by):
    """`ShownArea`s of `areas`, which are of the level `by`, the last being the total.

    `query(**changes)` encodes an address of the same page.
    """
    shown = [_shown_area(area, result, query, by) for area, result in zip(areas, results, strict=True)]
    late, extended = query(by=None, state=LATE), query(by=None, state=EXTENDED)
    return [*shown[:-1], shown[-1]._replace(late_address=late, extended_address=extended)]


def _shown_area(area, result, query, by):
    below = {REGION: PROVINCE, PROVINCE: DISTRICT, DISTRICT: None}[by]
    inside = {by: area.key} if area.key else {}
    progress = area.progress
    return ShownArea(
        name=area.name,
        address=query(**inside, by=below) if area.key else "",
        laos=count(area.laos),
        finished=count(progress[Progress.FINISHED]),
        begun=count(progress[Progress.BEGUN]),
        not_begun=count(progress[Progress.NOT_BEGUN]),
        no_projects=count(progress[Progress.NO_PROJECTS]),
        late=count(area.late),
        late_address=query(**inside, by=None, state=LATE) if area.key and area.late else "",
        extended=count(area.extended),
        extended_address=query(**inside, by=None, state=EXTENDED) if area.key and area.extended else "",
        projects=count(area.projects),
        percent_reported=percent(area.percent_settled),
        percent_implemented=percent(result.shown_percent),
        level=level_badge(result.level, result.level_name),
    )


class ShownReminder(NamedTuple):
    """One reminder of the log."""

    at: str
    code: str
    name: str
    place: str
    kind: str
    by: str
    outcome: str
    problem: str


OUTCOMES = {
    ReminderLog.Outcome.WAITING: ("quiet", "clock"),
    ReminderLog.Outcome.SENT: ("good", "check"),
    ReminderLog.Outcome.FAILED: ("bad", "warning"),
    ReminderLog.Outcome.UNSURE: ("part", "warning"),
    ReminderLog.Outcome.BOUNCED: ("bad", "cross"),
    ReminderLog.Outcome.NO_ADDRESS: ("part", "warning"),
    ReminderLog.Outcome.NOT_NEEDED: ("note", "info"),
}


def shown_reminder(reminder):
    """A `ReminderLog` as a `ShownReminder`."""
    lao = reminder.lao
    return ShownReminder(
        at=thai_datetime(reminder.sent_at or reminder.queued_at),
        code=lao.code,
        name=str(lao),
        place=f"อำเภอ{lao.district} จังหวัด{lao.district.province}",
        kind=reminder.get_kind_display(),
        by=reminder.asked_by.display_name if reminder.asked_by else "ระบบ ตามปฏิทิน",
        outcome=badge(*OUTCOMES[reminder.outcome], reminder.get_outcome_display()),
        problem=reminder.problem,
    )
