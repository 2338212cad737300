"""Where an LAO stands in a round: the rules, at every edge."""

from itertools import pairwise

import pytest

from reporting.rounds import Phase
from reporting.standing import Progress, is_late, progress_of, urgency


@pytest.mark.parametrize(
    ("projects", "settled", "may_record", "progress"),
    [
        (0, 0, False, Progress.NOT_ASKED),
        (0, 0, True, Progress.NO_PROJECTS),
        (1, 0, True, Progress.NOT_BEGUN),
        (1, 1, True, Progress.FINISHED),
        (3, 0, True, Progress.NOT_BEGUN),
        (3, 1, True, Progress.BEGUN),
        (3, 2, True, Progress.BEGUN),
        (3, 3, True, Progress.FINISHED),
        (3, 1, False, Progress.BEGUN),  # what is there is owed, whatever became of the plan
    ],
)
def test_progress_is_what_is_left_to_report(projects, settled, may_record, progress):
    assert progress_of(projects, settled, may_record=may_record) == progress


def test_while_a_claim_is_not_confirmed_nothing_counts():
    assert progress_of(3, 1, may_record=True, withheld=True) == Progress.WITHHELD


@pytest.mark.parametrize("progress", Progress)
@pytest.mark.parametrize("phase", Phase)
def test_only_what_is_missing_from_a_closed_round_is_late(progress, phase):
    expected = phase == Phase.CLOSED and progress in (Progress.NOT_BEGUN, Progress.BEGUN)
    assert is_late(progress, phase) is expected


def test_what_is_late_needs_attention_first_and_what_is_done_last():
    order = [
        (Progress.NOT_BEGUN, True),
        (Progress.BEGUN, True),
        (Progress.WITHHELD, False),
        (Progress.NO_PROJECTS, False),
        (Progress.NOT_BEGUN, False),
        (Progress.BEGUN, False),
        (Progress.FINISHED, False),
        (Progress.NOT_ASKED, False),
    ]
    places = [urgency(progress, late=late) for progress, late in order]
    assert all(before < after for before, after in pairwise(places))
