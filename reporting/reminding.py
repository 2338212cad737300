"""When the calendar reminds: a pure function of plain values."""

from datetime import date

from reporting.rounds import Phase, RoundState

# Days left when each is due, and until when it is made up for if nothing ran that day. The letter says how many days
# are truly left, so a reminder that is a day late still speaks the truth; the next one is never crossed.
_DUE = {
    "BEFORE_30": range(28, 31),
    "BEFORE_7": range(5, 8),
    "BEFORE_1": range(1, 2),
    "LAST_DAY": range(1),
    "AFTER_7": range(-9, -6),
}
EARLIEST, LATEST = 30, -9  # days left between which there may be something to send


def reminder_due(state: RoundState, today: date) -> str | None:
    """The `ReminderLog.Kind` that is due `today` for an LAO that meets its round in `state`; None for none.

    Only a round that has opened is reminded of. The extensions are in its last day.
    """
    if state.closes_on is None or state.phase not in (Phase.OPEN, Phase.CLOSED):
        return None
    left = (state.closes_on - today).days
    return next((kind for kind, days in _DUE.items() if left in days), None)
