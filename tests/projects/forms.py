"""What a browser sends for the form of a project."""

import uuid

from projects.models import Dimension


def filled_in(plan, **changes):
    """A form filled in soundly: one year, no budget. A change to None leaves that field out."""
    dimension = Dimension.objects.get(period=plan.period, number=1)
    data = {
        "name": "โครงการอบรมคุณธรรม",
        "years": ["2562"],
        "kind": "PROJECT",
        "dimension": str(dimension.pk),
        "uses_budget": "no",
        "amount": "",
        "objective": "",
        "remark": "",
        "form_token": str(uuid.uuid4()),
        "version": "1",
        **changes,
    }
    return {field: value for field, value in data.items() if value is not None}
