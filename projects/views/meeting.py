"""What a save of a project meets that somebody else has saved since: merged where it can be, else asked about."""

from eplan.conflicts import STORED, Question, choices_in, conflict_page, merge
from eplan.forms import fill_in
from lao.versions import last_saved
from projects import queries
from projects.actions import MovedOnError
from projects.forms import content_in, fields_of_parts, label_of_part, part_in_words, parts_of
from projects.models import Project
from projects.queries.history import content_at
from projects.rules import state_after_edit

# A save that is overtaken again and again is shown rather than tried for ever.
TRIES = 3
REVIEW = "review"


def save_or_ask(save, form, dimensions):
    """`(saved, conflict)`: what `save(version, content)` returned and None, or None and what is to be chosen.

    Where an officer has decided meanwhile, saving undoes the decision, which is asked about too; to keep it gives
    `(None, None)`. Raises what `save` raises otherwise.
    """
    version, content, begun_at = form.cleaned_data["version"], form.content(), form.cleaned_data["version"]
    for _ in range(TRIES):
        try:
            return save(version, content), None
        except MovedOnError as refusal:
            project = refusal.project
        chosen, asked_before = choices_in(form.data, project.version)
        base, stored = content_at(project, begun_at), queries.content_of(project)
        merged = merge(
            base=base and parts_of(base), typed=parts_of(form.content()), stored=parts_of(stored), chosen=chosen
        )
        decided = _decision_undone(project, chosen, unanswered=asked_before)
        if decided and chosen.get(REVIEW) == STORED:
            return None, None
        if merged.asked or (decided and REVIEW not in chosen):
            break
        version, content = project.version, content_in(merged.values)
    fill_in(form, fields_of_parts(form, merged.taken, content_in(merged.values)))
    by, at = last_saved(project)
    parts = parts_of(stored)

    def words(part, value):
        return part_in_words(content_in({**parts, part: value}), part, dimensions)

    labels = {part: label_of_part(part) for part in parts}
    seen = {"version": project.version, "by": by, "at": at}
    conflict = conflict_page(merged, parts, words, labels, asked_before=asked_before, **seen)
    if decided:
        conflict["questions"].insert(0, decided)
    return None, conflict


def _decision_undone(project, chosen, *, unanswered):
    """The question whether to save over an officer's decision; None where saving undoes none."""
    after = Project.ReviewState(state_after_edit(project.review_state))
    stands = Project.ReviewState(project.review_state)
    if stands == after:
        return None
    keeps, undoes = f"{stands.label} (ไม่บันทึกการแก้ไขของท่าน)", f"บันทึกการแก้ไข สถานะจะเป็น {after.label}"
    return Question(REVIEW, "สถานะการตรวจ", keeps, undoes, unanswered and REVIEW not in chosen)
