"""Nobody reaches the projects of another LAO, and the clerk's pages are for clerks."""

import pytest

from projects.models import Project
from tests import factories
from tests.projects.forms import filled_in

METHODS = ["get", "post", "put", "patch", "delete", "head", "options"]
OF_ONE = ["edit", "delete", "restore"]
OF_ALL = ["/projects/", "/projects/new/", "/projects/deleted/", "/projects/export/", "/projects/excel/"]


@pytest.fixture
def project(clerk):
    return factories.make_project(clerk.lao.plans.get())


def everything(project):
    fields = ("name", "review_state", "deleted_at", "version", "years__fiscal_year", "years__plan_budget")
    return list(Project.objects.filter(pk=project.pk).values_list(*fields))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("page", OF_ONE)
def test_another_laos_project_is_not_found(stranger_client, project, page, method):
    before = everything(project)
    answer = getattr(stranger_client, method)(f"/projects/{project.pk}/{page}/")
    assert answer.status_code == 404
    assert everything(project) == before


@pytest.mark.parametrize("page", OF_ONE)
def test_a_sound_form_from_a_stranger_changes_nothing(stranger_client, project, page):
    before = everything(project)
    data = filled_in(project.plan, name="ของฉัน")
    assert stranger_client.post(f"/projects/{project.pk}/{page}/", data).status_code == 404
    assert everything(project) == before


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("address", OF_ALL)
def test_another_laos_plan_is_not_found(stranger_client, project, address, method):
    asked = f"{address}?plan={project.plan_id}"
    data = filled_in(project.plan) if method == "post" else None  # data of a GET would take the address's place
    assert getattr(stranger_client, method)(asked, data).status_code == 404
    assert Project.objects.count() == 1


@pytest.mark.parametrize("role", ["PROVINCE", "REGION", "CENTRAL"])
def test_the_clerks_pages_do_not_exist_for_officers(as_user, project, role):
    client = as_user(factories.make_officer(role))
    addresses = OF_ALL + [f"/projects/{project.pk}/{page}/" for page in OF_ONE]
    for address in addresses:
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404


@pytest.mark.parametrize("address", OF_ALL)
def test_who_is_not_signed_in_is_sent_to_sign_in(client, db, address):
    answer = client.get(address)
    assert answer.status_code == 302
    assert answer.url.startswith("/login/")


@pytest.mark.parametrize("page", OF_ONE)
def test_a_number_beyond_the_database_is_not_found(clerk_client, page):
    assert clerk_client.get(f"/projects/{10**30}/{page}/").status_code == 404
