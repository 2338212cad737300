"""Made-up data for trying the system: real places, invented organisations' work, plainly marked."""

from eplan.demonstration.accounts import ready_accounts
from eplan.demonstration.loading import SEED, NotEmptyError, load, source

__all__ = ["SEED", "NotEmptyError", "load", "ready_accounts", "source"]
