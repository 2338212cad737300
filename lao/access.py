"""Who may open a page. Rows are narrowed separately, by `visible_to`."""

from functools import wraps

from django.http import Http404


def for_roles(*roles):
    """Open a view to the given `User.Role`s only; for everyone else the page does not exist."""

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if request.user.role not in roles:
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return decorate
