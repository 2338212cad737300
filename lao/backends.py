"""Who an account is: by name and password at sign-in, by id on every later request."""

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, check_password

from lao.models import User


class AccountBackend:
    """Accounts with all that their scope is made of, so that no page asks for it again."""

    def authenticate(self, request, username=None, password=None):
        """The active account that this name and password open, or None.

        Every call computes one hash, whether there is such an account or not: the time tells nothing.
        """
        if username is None or password is None:
            return None
        user = User.objects.with_area().filter(username=User.normalize_username(username), is_active=True).first()
        encoded = user.password if user else UNUSABLE_PASSWORD_PREFIX
        return user if check_password(password, encoded) else None

    def get_user(self, user_id):
        """The active account of that id, or None."""
        return User.objects.with_area().filter(pk=user_id, is_active=True).first()
