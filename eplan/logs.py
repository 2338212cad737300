"""Log lines: one JSON object a line, tied together by the request's id, free of personal data.

The path is written without its query string, where names and e-mail addresses are typed into searches.
Request bodies, cookies, user names and addresses are never written.
"""

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime

request_id = ContextVar("request_id", default="")

# PostgreSQL repeats the refused row, names and e-mail included, in the DETAIL of its message.
_REFUSED_ROW = re.compile(r"DETAIL:.*?(?=\n\n(?:The above|During handling)|\Z)", re.DOTALL)


class RequestIdFilter(logging.Filter):
    """Gives every record the `request_id` of the request being answered, or an empty string outside of one."""

    def filter(self, record):
        """Stamp the record; never drop it."""
        record.request_id = request_id.get()
        return True


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time (UTC), level, logger, message, request id, and for requests method, path, status."""

    def format(self, record):
        """Write `record` as one line; a traceback is a field of it."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if getattr(record, "request_id", ""):
            line["request_id"] = record.request_id
        request = getattr(record, "request", None)
        if hasattr(request, "path"):  # Django's development server logs a bare socket under this name
            line |= {"method": request.method, "path": request.path}
        if hasattr(record, "status_code"):
            line["status"] = record.status_code
        if record.exc_info:
            line["traceback"] = _REFUSED_ROW.sub("DETAIL: left out", self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)
