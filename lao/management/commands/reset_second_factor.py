"""`manage.py reset_second_factor NAME --reason TEXT`: for the central officer whom no other is there to help."""

from django.core.management.base import BaseCommand, CommandError

from lao.actions import NoSecondFactorError, reset_second_factor
from lao.models import User
from lao.rules import tidy_username


class Command(BaseCommand):
    """Parts an officer's account from an app that is lost; the password stays."""

    help = "Reset the second factor of an officer's account; the reason stays in the audit trail."

    def add_arguments(self, parser):
        """The account, and why."""
        parser.add_argument("username")
        parser.add_argument("--reason", required=True)

    def handle(self, *args, **options):
        """Reset it, or say why not."""
        name = tidy_username(options["username"])
        try:
            reset_second_factor(by=None, account=User.objects.get(username=name), reason=options["reason"])
        except (User.DoesNotExist, NoSecondFactorError) as error:
            raise CommandError(f"{name} is no account with a second factor.") from error
        self.stdout.write(f"{name} has no second factor any more; its sessions have ended and its owner is written to.")
