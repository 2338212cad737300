"""The pages of this app, by audience."""
