"""What the server has ready before it makes its processes."""

import gc
import sys
from pathlib import Path

from django.conf import settings
from django.template import engines
from django.urls import get_resolver

from eplan import serving, wsgi


def test_every_view_and_every_page_is_read_before_the_first_visitor_comes():
    (cached,) = engines["django"].engine.template_loaders
    cached.reset()
    wsgi.warm_up()  # without a database, which this test has none of
    pages = Path(settings.BASE_DIR, "templates").rglob("*.html")
    read = {template.origin.name for template in cached.get_template_cache.values()}
    assert {str(page) for page in pages} <= read
    assert "evaluation.views" in sys.modules
    assert get_resolver()._populated


def test_what_the_processes_share_is_never_searched_for_garbage(monkeypatch):
    monkeypatch.delenv("EPLAN_LAUNCHED", raising=False)
    try:
        serving.when_ready(None)
        assert gc.get_freeze_count() > 10_000
    finally:
        gc.unfreeze()
