"""Who an account is: by name and password at sign-in, by id on every later request."""

from itertools import islice

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, check_password
from django.db.models import prefetch_related_objects

from eplan.written import written_once
from lao.models import District, Lao, Province, User

# What every page of a clerk needs of the account, and where it is found from there.
_PARTS = {User: "", Lao: "lao__", District: "lao__district__", Province: "lao__district__province__"}
_COLUMNS = {model: [field.attname for field in model._meta.concrete_fields] for model in _PARTS}


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
        return next(map(_account_of, _account(user_id)), None)


@written_once
def _account(pk):
    columns = [f"{path}{name}" for model, path in _PARTS.items() for name in _COLUMNS[model]]
    return User.objects.filter(pk=pk, is_active=True).order_by().values_list(*columns)


def _account_of(row):
    """The account out of a row of `_account`. An officer's area and second factor are asked for apart: clerks are
    many, and have neither."""
    values = iter(row)
    user, lao, district, province = (
        model.from_db("default", names, list(islice(values, len(names)))) for model, names in _COLUMNS.items()
    )
    if user.is_clerk:
        user.lao, lao.district, district.province = lao, district, province
    else:
        prefetch_related_objects([user], "province", "region", "second_factor")
    return user
