"""The command that loads the demonstration, and that the same seed gives the same data."""

import re

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from eplan.demonstration import load
from lao.models import Lao
from reporting.models import ProgressReport


def fingerprint():
    """The recorded content, in an order of its own."""
    return list(
        ProgressReport.objects.order_by("id").values_list(
            "project_year__project__plan__lao__code", "project_year__project__name", "months", "status", "disbursed"
        )
    )


def test_the_command_says_what_it_loaded(db, capsys):
    call_command("load_demonstration")
    said = capsys.readouterr().out
    assert re.search(r"lao_lao +86\n", said)
    assert "CC BY 4.0" in said


def test_demonstration_data_is_refused_in_production(db, settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="ระบบจริง"):
        call_command("load_demonstration", verbosity=0)
    assert not Lao.objects.exists()


def test_the_same_seed_gives_the_same_data_and_another_seed_other_data(db):
    def loaded(seed):
        with connection.cursor() as cursor:
            cursor.execute("SAVEPOINT before")
            load(seed=seed, quiet=True)
            content = fingerprint()
            cursor.execute("ROLLBACK TO SAVEPOINT before")
        return content

    first = loaded(1)
    assert first == loaded(1)
    assert first != loaded(2)
