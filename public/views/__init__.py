"""Pages without signing in, by subject."""
