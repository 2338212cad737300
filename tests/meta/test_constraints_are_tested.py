"""Every constraint that the database holds is named in a test."""

import re
from pathlib import Path

from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
OURS = ("lao", "projects", "reporting", "evaluation", "public")


def names_in_models():
    """Names of the constraints that models declare."""
    return {
        constraint.name
        for app in OURS
        for model in apps.get_app_config(app).get_models()
        for constraint in model._meta.constraints
    }


def names_in_migrations():
    """Names that triggers give to their refusals."""
    sources = [path.read_text("utf-8") for app in OURS for path in (ROOT / app / "migrations").glob("*.py")]
    return {name for source in sources for name in re.findall(r"CONSTRAINT = '(\w+)'", source)}


def test_every_constraint_is_tried_by_name():
    tests = "\n".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    untried = {name for name in names_in_models() | names_in_migrations() if name not in tests}
    assert not untried


def test_every_constraint_explains_itself_in_thai_or_is_never_met_by_a_person():
    """A refusal that a form can run into has a message of ours instead of Django's general one."""
    without = {
        constraint.name
        for app in OURS
        for model in apps.get_app_config(app).get_models()
        for constraint in model._meta.constraints
        if constraint.violation_error_message == constraint.default_violation_error_message
    }
    assert without <= {
        "activationcode_one_live_per_user",
        "activationcode_used_or_revoked",
        "cutoff_months_6_or_12",
        "cutoff_once_per_period_and_round",
        "dimension_number_once_per_period",
        "dimension_number_positive",
        "draft_once_per_record",
        "district_unique_in_province",
        "form_token_once_per_user",
        "former_code_once_per_lao",
        "former_code_seven_digits",
        "province_code_two_digits",
        "province_name_unique",
        "region_number_1_to_9",
        "receipt_code_once",
        "receipt_months_6_or_12",
        "report_months_6_or_12",
        "reset_request_one_waiting_per_user",
        "resetcode_one_live_per_user",
        "resetcode_used_or_revoked",
        "round_months_6_or_12",
        "tally_once",
        "week_once",
        "temporarypassword_one_live_per_user",
        "temporarypassword_used_or_revoked",
        "throttle_failures_positive",
    }
