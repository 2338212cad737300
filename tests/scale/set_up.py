"""Makes the tables and the few rows that the tests of two processes use; prints them as JSON. Run as a program."""

import json

import django


def main():
    """Migrate, make, print."""
    django.setup()
    from django.core.management import call_command

    from tests import factories

    call_command("migrate", interactive=False, verbosity=0)
    made = {"clerks": []}
    for _ in range(2):
        clerk = factories.make_clerk()
        plan = factories.make_plan(clerk.lao)
        project = factories.make_project(plan)
        made["clerks"].append({"username": clerk.username, "dimension": project.dimension_id})
    print(json.dumps(made))


if __name__ == "__main__":
    main()
