"""The folder of workbooks that must pass and the one of workbooks that must fail, each with its expected messages."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from lao.models import Lao
from projects.models import Project, ProjectYear
from projects.queries import content_of
from reporting.models import ProgressReport
from tests import factories
from tests.filled_form import problems_of, send
from tests.workbooks import build
from tests.workbooks.measure import MEGABYTES, SECONDS

HERE = Path(__file__).parent
PASS, FAIL = (json.loads((HERE / folder / "expected.json").read_text()) for folder in ("pass", "fail"))
PAGES = {"projects": "/projects/excel/", "reports": "/reports/excel/?year=2562&months=6"}


@pytest.fixture
def client(db, as_user):
    """The clerk of the LAO that the workbooks are made for, with the projects that are reported on."""
    lao = factories.make_lao(code="6810507", name="เขาใหญ่", kind=Lao.Kind.SUBDISTRICT_ORGANIZATION)
    plan = factories.make_plan(lao)
    for name, (key, budget) in build.YEARS.items():
        project = factories.make_project(plan, name=name, years=())
        ProjectYear.objects.create(pk=key, project=project, fiscal_year=2562, plan_budget=budget)
    factories.make_round(2562, 6)
    return as_user(factories.make_clerk(lao))


def sent(client, folder, name):
    return send(client, PAGES[name.partition("-")[0]], (HERE / folder / name).read_bytes())


def files(folder):
    return sorted(path.name for path in (HERE / folder).iterdir() if path.name != "expected.json")


def test_every_file_has_its_expected_message_and_the_other_way_round():
    assert files("pass") == sorted(PASS)
    assert files("fail") == sorted(FAIL)


@pytest.mark.parametrize("name", PASS)
def test_a_workbook_that_must_pass_is_read_and_saved(client, name):
    preview = sent(client, "pass", name)
    assert PASS[name] in preview.content.decode()
    done = client.post(preview.redirect_chain[-1][0], follow=True)
    assert done.context["upload"].outcome["left_out"] == []
    if name.startswith("projects"):
        assert projects() == [
            ("อบรมคุณธรรม", "PROJECT", 1, {2561: 25000}, {1}, ""),
            ("จิตอาสา", "ACTIVITY", 3, {2562: None}, set(), ""),
            ("สภาโปร่งใส", "MEASURE", 4, {2562: 1250.5}, set(), "<ก> & ข"),
        ]
    else:
        reports = ProgressReport.objects.order_by("project_year")
        columns = ("status", "reason", "remark", "ordinance_budget", "disbursed", "in_ordinance")
        assert list(reports.values_list(*columns)) == [
            ("COMPLETED", "", "ครบ", None, None, False),
            ("NOT_FEASIBLE", "NO_BUDGET", "", None, None, False),
            ("IN_PROGRESS", "", "", 1000, 250.5, True),
        ]


def projects():
    found = []
    for project in Project.objects.exclude(name__in=build.YEARS).order_by("id"):
        content = content_of(project)
        said = (content.budgets, set(content.quarters), content.remark)
        found.append((project.name, project.kind, project.dimension.number, *said))
    return found


@pytest.mark.parametrize("name", [name for name, expected in FAIL.items() if isinstance(expected, str)])
def test_a_workbook_that_must_fail_gets_its_own_sentence(client, name):
    assert sent(client, "fail", name).context["form"].errors["file"] == [FAIL[name]]


@pytest.mark.parametrize("name", [name for name, expected in FAIL.items() if not isinstance(expected, str)])
def test_rows_that_must_fail_say_where_what_was_found_and_what_to_type(client, name):
    problems = [
        [row, column, value[:20], reason] for row, column, value, reason in problems_of(sent(client, "fail", name))
    ]
    assert problems == FAIL[name]


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="only Linux says and limits what a process takes")
def test_no_workbook_takes_longer_or_more_than_it_may():
    """Read one by one in processes that the system would kill beyond 5 seconds and 100 MB."""
    command = [sys.executable, "-m", "tests.workbooks.measure"]
    printed = subprocess.run(command, capture_output=True, check=True, timeout=120, text=True).stdout
    told = {one["file"]: one for one in map(json.loads, printed.splitlines())}
    assert set(told) == {*PASS, *FAIL}
    for name, one in told.items():
        assert one["seconds"] < SECONDS, name
        assert one["megabytes"] < MEGABYTES, name
        assert one["sentence"] == (FAIL[name] if isinstance(FAIL.get(name), str) else "")
