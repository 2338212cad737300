"""Where an LAO stands in a round, and what needs attention first: pure functions of plain values."""

from enum import StrEnum

from reporting.rounds import Phase


class Progress(StrEnum):
    """How much of what an LAO owes in a round it has reported."""

    NOT_BEGUN = "NOT_BEGUN"
    BEGUN = "BEGUN"
    FINISHED = "FINISHED"
    NO_PROJECTS = "NO_PROJECTS"
    NOT_ASKED = "NOT_ASKED"
    WITHHELD = "WITHHELD"


MISSING = (Progress.NOT_BEGUN, Progress.BEGUN)


def progress_of(projects: int, settled: int, *, may_record: bool, withheld: bool = False) -> Progress:
    """The progress of an LAO with so many `projects`, of which nothing is left to report on `settled`.

    Without projects all depends on whether its plan had passed by that year, and so lets it record any. While an LAO is
    `withheld`, because nobody has confirmed its claim, what it recorded doesn't count.
    """
    if withheld:
        return Progress.WITHHELD
    if not projects:
        return Progress.NO_PROJECTS if may_record else Progress.NOT_ASKED
    if settled >= projects:
        return Progress.FINISHED
    return Progress.BEGUN if settled else Progress.NOT_BEGUN


def is_late(progress: Progress, phase: Phase) -> bool:
    """Whether something is missing although the round has closed for this LAO, its extensions included."""
    return progress in MISSING and phase == Phase.CLOSED


_URGENCY = {
    (Progress.NOT_BEGUN, True): 0,
    (Progress.BEGUN, True): 1,
    (Progress.WITHHELD, False): 2,
    (Progress.NO_PROJECTS, False): 3,
    (Progress.NOT_BEGUN, False): 4,
    (Progress.BEGUN, False): 5,
    (Progress.FINISHED, False): 6,
    (Progress.NOT_ASKED, False): 7,
}


def urgency(progress: Progress, *, late: bool) -> int:
    """The place in the order of attention, 0 first: what is late, then what has not begun, and last what is done."""
    return _URGENCY[progress, late]
