"""What the pages of this app read."""

from reporting.queries.rounds import choose_year, default_year, round_states

__all__ = ["choose_year", "default_year", "round_states"]
