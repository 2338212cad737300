"""A real mail server for the tests: `python -I mail_server.py FOLDER`.

A process of its own, because aiosmtpd brings a package `public`, as our own app is called; `-I` keeps ours out of it.
It writes its `port` into the folder and appends each recipient of a letter that it took whole to `taken`. What it is to
do is read from `rules.json` at every step: `refuses` {recipient: answer}, `drops` {recipient: "recipient" or "answer"},
the step at which the line is cut, and `kills` {recipient: process}, killed before the answer.
"""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

from aiosmtpd.smtp import SMTP

FOLDER = Path(sys.argv[1])


def rule(kind, address):
    """What is to be done about a recipient, None for nothing."""
    return json.loads((FOLDER / "rules.json").read_text()).get(kind, {}).get(address)


class Post:
    """Takes letters by the rules."""

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802  aiosmtpd's name
        """Take or refuse a recipient."""
        if rule("drops", address) == "recipient":
            server.transport.abort()
        if rule("refuses", address):
            return rule("refuses", address)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802  aiosmtpd's name
        """Take a letter whole."""
        [address] = envelope.rcpt_tos
        with (FOLDER / "taken").open("a") as taken:
            taken.write(f"{address}\n")
        if rule("kills", address):
            os.kill(rule("kills", address), signal.SIGKILL)
        if rule("drops", address) == "answer":
            server.transport.abort()
        return "250 OK"


async def main():
    """Serve until the process is ended."""
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(Post(), hostname="mail"), "127.0.0.1", 0)
    (FOLDER / "port.new").write_text(str(server.sockets[0].getsockname()[1]))
    (FOLDER / "port.new").rename(FOLDER / "port")
    await server.serve_forever()


asyncio.run(main())
