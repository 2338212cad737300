"""Pages by audience: `clerk`, `officer`."""
