"""The WSGI application that the production server loads."""

import os
from pathlib import Path

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eplan.settings")

application = get_wsgi_application()


def warm_up():
    """Read what a process otherwise reads while its first visitors wait: every view and every template.

    Done before the server makes its processes, so that all of them have it. The database is not asked.
    """
    from django.conf import settings
    from django.template.loader import get_template
    from django.urls import reverse

    reverse("landing")
    for folder in settings.TEMPLATES[0]["DIRS"]:
        for page in sorted(Path(folder).rglob("*.html")):
            get_template(str(page.relative_to(folder)))


warm_up()
