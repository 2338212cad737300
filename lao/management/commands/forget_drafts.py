"""`manage.py forget_drafts`: delete what nobody came back for. Meant to run once a day."""

from datetime import timedelta

from django.core.management.base import BaseCommand
from django.utils import timezone

from lao.drafts import KEPT_FOR
from lao.models import Draft, FormToken

TOKENS_KEPT_FOR = timedelta(days=30)


class Command(BaseCommand):
    """Deletes drafts and form tokens that are too old to be asked for."""

    help = "Delete drafts and form tokens older than 30 days."

    def handle(self, *args, **options):
        """Delete both and say how many."""
        now = timezone.now()
        drafts, _ = Draft.objects.filter(updated_at__lte=now - KEPT_FOR).delete()
        tokens, _ = FormToken.objects.filter(used_at__lte=now - TOKENS_KEPT_FOR).delete()
        self.stdout.write(f"{drafts} drafts and {tokens} form tokens deleted.")
