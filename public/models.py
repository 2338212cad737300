"""What says how new the public pages are."""

from django.db import models


class Version(models.Model):
    """A mark of all that a public page of `scope` shows: it is another one as soon as any of that has changed.

    A scope is "lao:<code>", "province:<code>", "nation", or "reference" for what every page rests on. The triggers of
    migration 0001 write the rows in the transaction of the change, whatever path it took. A scope may have several
    rows: a change takes one that no other holds at the moment, or adds one, so that nobody waits. The mark is what all
    of them together say (`freshness.mark_of`).
    """

    scope = models.CharField(max_length=20)
    # 64 random bits, so that no state of the database, restored ones among them, ever bears another state's mark.
    stamp = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(name="version_by_scope", fields=["scope"])]

    def __str__(self):
        return self.scope
