"""Makes templates strict in tests: a variable that the view did not give is an error, not an empty place."""

import inspect

from django.conf import settings

OURS = str(settings.BASE_DIR / "templates")


class UndefinedVariable(str):
    """Put in as `string_if_invalid`: Django formats it with the name of the variable that it could not find.

    Templates of libraries rely on undefined variables being empty, so only ours fail.
    """

    def __contains__(self, part):
        return part == "%s"

    def __mod__(self, variable):
        for frame in inspect.stack():
            origin = getattr(frame.frame.f_locals.get("self"), "origin", None)
            if origin is not None:
                name = getattr(origin, "name", "")
                assert not name.startswith(OURS), f"{name} uses {variable}, which the view did not give"
                return ""
        return ""
