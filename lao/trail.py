"""Reading the audit trail: who did what to what, page by page, over millions of entries.

A page is found by the key of the entry beside it and never by counting, so that the last takes as long as the first.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from eplan.fiscal import BANGKOK
from lao.models import AuditEntry, User
from lao.queries import laos_with
from lao.rules import search_words, tidy_username

PAGE_SIZE = 50
MOST_PEOPLE = 50
# Entries are numbered in the order of their moments, save for those of the same moment and of a clock set back.
SLACK = timedelta(days=1)


@dataclass(frozen=True)
class Search:
    """What the trail is narrowed to; the empty value of a field lets everything through.

    `person` is an account's name or a part of an officer's; `lao` as in the search for a code; `table` and `row` name
    what was changed, `action` how; `since` and `until` are days in Bangkok, both included.
    """

    person: str = ""
    lao: str = ""
    table: str = ""
    row: str = ""
    action: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Page:
    """Entries, the latest first; `older` and `newer` are the keys from which the neighbouring pages go on, or None."""

    entries: list
    older: int | None
    newer: int | None


def trail_page(user, search, *, before=None, after=None):
    """The page of the entries that `user` may see: the latest, or those next to the key `before` or `after`."""
    found = _narrowed(AuditEntry.objects.visible_to(user), search)
    if after is not None:
        entries = list(found.filter(id__gt=after).order_by("id")[: PAGE_SIZE + 1])
        newer_left, entries = len(entries) > PAGE_SIZE, entries[:PAGE_SIZE][::-1]
        if len(entries) == PAGE_SIZE:
            return Page(entries, entries[-1].pk, entries[0].pk if newer_left else None)
        before = None  # too few to fill a page: the latest is meant
    if before is not None:
        found = found.filter(id__lt=before)
    entries = list(found.order_by("-id")[: PAGE_SIZE + 1])
    older_left, entries = len(entries) > PAGE_SIZE, entries[:PAGE_SIZE]
    newer = entries[0].pk if before is not None and entries else None
    return Page(entries, entries[-1].pk if older_left else None, newer)


def _narrowed(entries, search):
    exact = {"table_name": search.table, "row_id": search.row, "action": search.action}
    entries = entries.filter(**{field: value for field, value in exact.items() if value})
    if search.person:
        people = _people(search.person)
        # What came past the application bears the name of a role of the database, and no account.
        by = {"actor_id__in": people} if people else {"actor_id": None, "actor_name": search.person}
        entries = entries.filter(**by)
    words = search_words(search.lao)
    if words:
        # Looked up first: from the keys themselves the database sees whether they are few, and walks their own index.
        entries = entries.filter(lao_id__in=list(laos_with(words).order_by().values_list("pk", flat=True)))
    return _within(entries, search.since, search.until)


def _people(text):
    """The accounts of that very name; else the officers with `text` in theirs."""
    exact = list(User.objects.filter(username=tidy_username(text)).values_list("pk", flat=True))
    named = User.objects.filter(name__icontains=text).order_by("username").values_list("pk", flat=True)
    return exact or list(named[:MOST_PEOPLE])


def _within(entries, since, until):
    """`entries` of the days from `since` to `until`; their keys are bounded too, so that the right index is walked."""
    moments = AuditEntry.objects.order_by()
    if since:
        start = _midnight(since)
        earlier = moments.filter(at__lt=start - SLACK).order_by("-at").values_list("id", flat=True).first()
        entries = entries.filter(at__gte=start, **({} if earlier is None else {"id__gt": earlier}))
    if until:
        end = _midnight(until + timedelta(days=1))
        later = moments.filter(at__gte=end + SLACK).order_by("at").values_list("id", flat=True).first()
        entries = entries.filter(at__lt=end, **({} if later is None else {"id__lt": later}))
    return entries


def _midnight(day):
    return datetime.combine(day, time(), tzinfo=BANGKOK)
