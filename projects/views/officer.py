"""The pages on which officers review projects: the queue with one of them open, and many at once."""

from dataclasses import replace
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from eplan.fiscal import thai_date_short, thai_datetime
from eplan.forms import tell_saved
from eplan.thai import arabic_digits, clean_line
from lao.access import for_roles
from lao.models import User
from projects import queries
from projects.actions.review import decide
from projects.forms import differences, in_words
from projects.forms.review import QUESTIONS, DecisionForm, NarrowingForm, carry_seen, shown_as
from projects.models import Project, ReviewDecision
from projects.queries import review as review_queries
from projects.queries.review import Narrowing
from projects.rules import decisions_from
from projects.views.history import history_in_words, who

OFFICERS = (User.Role.PROVINCE, User.Role.REGION, User.Role.CENTRAL)
PAGE_SIZE = 50
COUNTED_BEYOND = 1000  # so many are counted beyond the page, of what was searched for
KEYS = {"RETURN": "r", "REJECT": "x", "RESTORE": "x"}


@for_roles(*OFFICERS)
@require_safe
def review(request):
    """The projects that wait for a decision, or others that are asked for; ?open= shows one beside the list."""
    return render(request, "projects/review.html", _page(request, _number(request.GET.get("open"))))


@for_roles(*OFFICERS)
@require_http_methods(["GET", "HEAD", "POST"])
def review_decide(request, project_id):
    """Decide on the project that is open, then open the next one."""
    if request.method != "POST":
        return redirect(_address(request, open=project_id))
    form = DecisionForm(request.POST, decision=_decision(request.POST), address=request.get_full_path())
    _find(request.user, project_id)
    if not form.is_valid() or list(form.cleaned_data["seen"]) != [project_id]:
        return render(request, "projects/review.html", _page(request, project_id, form))
    decided, left = _decide(request.user, form)
    if left:
        return render(request, "projects/review.html", _page(request, project_id, form, left[0]), status=409)
    done, saved = decided[0].pk, form.cleaned_data["form_token"]
    return redirect(_address(request, open=_number(request.GET.get("next")), done=done, saved=saved))


@for_roles(*OFFICERS)
@require_http_methods(["GET", "HEAD", "POST"])
def review_many(request):
    """One decision and one reason for several projects: the list is shown first, then decided on."""
    if request.method == "POST":
        return _decide_many(request)
    asked = [number for number in map(_number, request.GET.getlist("project")) if number]
    decision = _decision(request.GET)
    projects = list(_with_places(request.user).filter(pk__in=asked[:PAGE_SIZE]))
    return render(request, "projects/review_many.html", _confirmation(request, decision, projects))


def _decide_many(request):
    decision = _decision(request.POST)
    form = DecisionForm(request.POST, decision=decision, address=request.get_full_path())
    if not form.is_valid():
        seen = form.cleaned_data.get("seen", {})
        projects = list(_with_places(request.user).filter(pk__in=seen))
        return render(request, "projects/review_many.html", _confirmation(request, decision, projects, form))
    decided, left = _decide(request.user, form)
    if decided:
        told = f"{ReviewDecision.Decision(decision).label} {len(decided)} โครงการเรียบร้อยแล้ว"
        tell_saved(request, told, form.cleaned_data["form_token"])
    if not left:
        return redirect(_address(request, query=_back(request)))
    projects = list(_with_places(request.user).filter(pk__in=[project.pk for project in left]))
    context = _confirmation(request, decision, projects, form, meanwhile=True)
    return render(request, "projects/review_many.html", context, status=409)


def _page(request, opened_id, form=None, moved_on=None):
    """All that the queue shows. `form`: the bound form of a decision that was not taken; `moved_on`: why, if it did."""
    user = request.user
    asked = clean_line(request.GET.get("province", ""))
    provinces, districts = review_queries.places_of(user, asked)
    places = {"provinces": provinces, "districts": districts, "dimensions": review_queries.dimension_numbers()}
    narrowing = NarrowingForm(request.GET, **places).narrowing()
    count_to = (_number(request.GET.get("page")) or 1) * PAGE_SIZE + COUNTED_BEYOND
    found = review_queries.queue(user, narrowing, count_to)
    page, projects, before, after = _slice(found, request, opened_id)
    all_waiting = replace(narrowing, order=Narrowing.order) == Narrowing()
    query = _query(request, page=page.number)
    return {
        "area": user.area_name,
        "narrowing": NarrowingForm(initial=shown_as(narrowing), **places),
        "waiting": page.paginator.count if all_waiting else review_queries.waiting_count(user),
        "page": page,
        "is_cut": page.paginator.count == found.count_to,
        "pager_query": _query(request, page=None, suffix="&"),
        "query": query,
        "rows": [_row(project, opened_id, query, names_province=len(provinces) > 1) for project in projects],
        "done": _done(request),
        "saved": request.GET.get("saved", ""),
        "mark_all": "mark" in request.GET,
        "many": _decisions_for_some(projects),
        "previous": before,
        "next": after,
        "opened": _opened(request, opened_id, query, after, form, moved_on) if opened_id else None,
        "wanted": bool(opened_id),
    }


def _decisions_for_some(projects):
    """The decisions, with their labels, that can be taken on at least one of `projects`."""
    fitting = {decision for p in projects for decision in decisions_from(p.review_state, deleted=bool(p.deleted_at))}
    return [choice for choice in ReviewDecision.Decision.choices if choice[0] in fitting]


def _slice(found, request, opened_id):
    """The page, its projects, and the ids of the open one's neighbours, over the page's ends too.

    Where the open project comes right after the page that was asked for, the next page is meant.
    """
    paginator = Paginator(found, PAGE_SIZE)
    page = paginator.get_page(_number(request.GET.get("page")) or 1)
    before, ids, after = _ids(paginator, page)
    if after and after[0] == opened_id:
        page = paginator.get_page(page.number + 1)
        before, ids, after = _ids(paginator, page)
    projects = review_queries.rows_of(ids)
    if opened_id not in ids:
        return page, projects, None, ids[0] if ids else None
    reach = [*(before or [None]), *ids, *(after or [None])]
    place = reach.index(opened_id)
    return page, projects, reach[place - 1], reach[place + 1]


def _ids(paginator, page):
    """The ids of a page, and as lists of one or none those right before and after it."""
    start = (page.number - 1) * PAGE_SIZE
    reach = list(paginator.object_list[max(start - 1, 0) : start + PAGE_SIZE + 1])
    first = 1 if start else 0
    return reach[:first], reach[first : first + PAGE_SIZE], reach[first + PAGE_SIZE :]


def _done(request):
    """The project that was decided on just before, so that the bar can say so and open it again; None for junk."""
    return Project.objects.for_review_by(request.user).filter(pk=_number(request.GET.get("done"))).first()


def _row(project, opened_id, query, *, names_province):
    """What the list shows of one project."""
    lao = project.plan.lao
    waits = project.review_state == Project.ReviewState.SUBMITTED
    return {
        "id": project.pk,
        "name": project.name,
        "place": f"{lao} อำเภอ{lao.district}" + (f" จังหวัด{lao.district.province}" if names_province else ""),
        "facts": " · ".join(
            (project.get_kind_display(), project.dimension.short_name, thai_date_short(project.updated_at))
        ),
        "state": ("แก้ไขแล้ว" if project.decided else "ใหม่") if waits else project.get_review_state_display(),
        "late": waits and project.updated_at < review_queries.late_before(),
        "is_open": project.pk == opened_id,
        "url": f"?{query}&open={project.pk}#review",
    }


def _opened(request, project_id, query, next_id, form, moved_on):
    """The open project: what changed since the last decision, all it says, its history, and the decisions to take."""
    project = _find(request.user, project_id)
    content = queries.content_of(project)
    dimensions = queries.dimensions_of(project.plan.period)
    latest = review_queries.latest_decisions([project]).get(project.pk)
    then = review_queries.content_when_decided(project, latest)
    address = f"{reverse('review-decide', args=[project.pk])}?{query}&{urlencode({'next': next_id or ''})}#review"
    return {
        "project": project,
        "lao": project.plan.lao,
        "waiting_days": (timezone.now() - project.updated_at).days,
        "latest": _in_words(latest, request.user),
        "changes": differences(then, content, dimensions) if then else [],
        "facts": in_words(content, dimensions),
        "reports": sum(map(len, queries.reported_rounds(project).values())),
        "history": history_in_words(project, request.user),
        "decisions": _decisions(project, address, form, moved_on),
        "moved_on": moved_on,
        "deleted_at": thai_datetime(project.deleted_at) if project.deleted_at else "",
    }


def _in_words(decision, reader):
    if decision is None:
        return None
    return {
        "what": decision.get_decision_display(),
        "who": who(decision.by, reader),
        "at": thai_datetime(decision.at),
        "reason": decision.reason,
    }


def _decisions(project, address, form, moved_on):
    """The forms of what may be decided now. What was typed in one that was not taken is kept, in each that asks."""
    seen = {project.pk: project.version}
    typed = form["reason"].value() if form and moved_on and "reason" in form.fields else ""
    shown = []
    for decision in decisions_from(project.review_state, deleted=project.deleted_at is not None):
        bound = form if form and form["decision"].value() == decision else None
        if bound:
            carry_seen(bound, seen)
        shown.append(
            {
                "kind": decision,
                "label": ReviewDecision.Decision(decision).label,
                "question": QUESTIONS.get(decision, ""),
                "key": KEYS.get(decision, ""),
                "form": bound or DecisionForm(decision=decision, address=address, seen=seen, reason=typed),
                "open": bool(bound or typed),
            }
        )
    return shown


def _confirmation(request, decision, projects, form=None, *, meanwhile=False):
    """The page that asks before many are decided on: those it goes for, and those it can't go for, with the reason."""
    back = _back(request)
    latest = review_queries.latest_decisions(projects)
    fitting, others = [], []
    for project in projects:
        allowed = decisions_from(project.review_state, deleted=project.deleted_at is not None)
        said = _in_words(latest.get(project.pk), request.user)
        (fitting if decision in allowed else others).append(
            {"project": project, "lao": project.plan.lao, "latest": said}
        )
    seen = {row["project"].pk: row["project"].version for row in fitting}
    back_address = _address(request, query=back)
    if form:
        carry_seen(form, seen)
    else:
        address = f"{reverse('review-many')}?{urlencode({'back': back})}"
        form = DecisionForm(decision=decision, address=address, seen=seen)
    return {
        "decision": ReviewDecision.Decision(decision).label,
        "question": QUESTIONS.get(decision, ""),
        "form": form,
        "fitting": fitting,
        "others": others,
        "meanwhile": meanwhile,
        "back": back_address,
    }


def _decide(user, form):
    said = form.cleaned_data
    try:
        return decide(
            by=user,
            decision=said["decision"],
            reason=said.get("reason", ""),
            seen=said["seen"],
            token=said["form_token"],
        )
    except Project.DoesNotExist as error:
        raise Http404 from error


def _find(user, project_id):
    try:
        return review_queries.find_to_review(user, project_id)
    except Project.DoesNotExist as error:
        raise Http404 from error


def _with_places(user):
    related = ("dimension", "plan__lao__district__province")
    return Project.objects.for_review_by(user).select_related(*related).order_by("pk")


def _decision(data):
    """The decision that was sent. Nothing of ours sends another word."""
    if data.get("decision") not in ReviewDecision.Decision.values:
        raise Http404
    return data["decision"]


def _number(text):
    """A number out of an address; None for anything else."""
    digits = arabic_digits(text or "").strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 18 else None


def _query(request, *, page, suffix=""):
    """What narrows the list, encoded, with the page; never what is open."""
    kept = request.GET.copy()
    for name in ("open", "next", "done", "saved", "page", "mark", "back"):
        kept.pop(name, None)
    if page:
        kept["page"] = page
    encoded = kept.urlencode()
    return f"{encoded}{suffix}" if encoded else ""


def _back(request):
    """How the list was narrowed before many were chosen from it, encoded anew, since it came from outside."""
    return QueryDict(request.GET.get("back", "")).urlencode()


def _address(request, *, query=None, **extra):
    """The queue's address, narrowed as it was."""
    kept = _query(request, page=_number(request.GET.get("page"))) if query is None else query
    more = urlencode({name: value for name, value in extra.items() if value})
    return f"{reverse('review')}?{'&'.join(filter(None, (kept, more)))}{'#review' if extra else ''}"
