"""What a save of a project meets that somebody else has saved since: merged where it can be, else asked about."""

from eplan import meeting
from eplan.conflicts import STORED, choices_in
from lao.versions import last_saved
from projects import queries
from projects.actions import MovedOnError
from projects.forms import content_in, fields_of_parts, label_of_part, part_in_words, parts_of
from projects.models import Project
from projects.queries.history import content_at
from projects.rules import state_after_edit

REVIEW = "review"


class DecisionStaysError(Exception):
    """The clerk chose to leave an officer's decision as it is, and so not to save."""


def save_or_ask(save, form, dimensions):
    """`(saved, conflict)`: what `save(version, content)` returned and None, or None and what is to be chosen.

    Where an officer has decided meanwhile, saving undoes the decision, which is asked about too; to keep it gives
    `(None, None)`. Raises what `save` raises otherwise.
    """
    undone = {}  # the state that an officer's decision made, and the one that saving would, where they differ

    def meet(refusal):
        project = refusal.project
        stands, after = project.review_state, state_after_edit(project.review_state)
        if stands != after:
            undone.update(stands=stands, after=after)
            if choices_in(form.data, project.version)[0].get(REVIEW) == STORED:
                raise DecisionStaysError
        base = content_at(project, form.cleaned_data["version"])
        by, at = last_saved(project)
        return meeting.Met(
            version=project.version,
            stored=with_review(queries.content_of(project), undone.get("stands")),
            base=base and with_review(base, ""),
            carried={"version": project.version},
            by=by,
            at=at,
        )

    def with_review(content, state):
        return {**({REVIEW: state} if undone else {}), **parts_of(content)}

    def parts():
        content = form.content()
        typed = parts_of(content)

        def words(part, value):
            if part == REVIEW:
                label = Project.ReviewState(value).label
                keeps = value == undone["stands"]
                return f"{label} (ไม่บันทึกการแก้ไขของท่าน)" if keeps else f"บันทึกการแก้ไข สถานะจะเป็น {label}"
            return part_in_words(content_in({**typed, part: value}), part, dimensions)

        def fields(part, value):
            return {} if part == REVIEW else fields_of_parts(form, [part], content_in({**typed, part: value}))

        labels = {REVIEW: "สถานะการตรวจ"} | {part: label_of_part(part) for part in typed}
        return meeting.Parts(with_review(content, undone.get("after")), labels, words, fields)

    try:
        return meeting.save_or_ask(
            form,
            lambda: save(form.cleaned_data["version"], form.content()),
            refusal=MovedOnError,
            meet=meet,
            parts=parts,
        )
    except DecisionStaysError:
        return None, None
