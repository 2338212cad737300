"""Scores as Excel files: `tables` to read and print, `template` to fill in."""
