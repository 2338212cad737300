"""Pages by audience: `clerk`, `officer`, `public`."""
