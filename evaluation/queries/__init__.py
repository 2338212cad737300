"""What the score pages read."""

from evaluation.queries.tables import ScoreRow, ScoreTable, score_table

__all__ = ["ScoreRow", "ScoreTable", "score_table"]
