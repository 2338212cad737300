"""Atom feeds, so that a citizen or a journalist can follow an LAO or a province without coming back to look."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from lao.models import Province
from public.caching import published
from public.queries.feeds import days_of, events_of
from public.views.frame import absolute
from public.views.laos import of_lao
from reporting.queries.tables import choose_result, when
from reporting.summary_exports import place_of


@published("lao")
@of_lao
def lao(request, lao):
    """What is new about an LAO: reports, decisions, projects, scores."""
    page = absolute(reverse("public-lao", args=[lao.code]))
    feed = _feed(request, place_of(lao), page, "ความเคลื่อนไหวของแผนปฏิบัติการป้องกันการทุจริต")
    for event in events_of(lao) if lao.is_published else []:
        link = page if event.of is None else absolute(reverse("public-project", args=[event.of]))
        _add(feed, event.title, link, event.summary, event.mark, event.at)
    return _answer(feed)


@published("province")
def province(request, code):
    """Who reported in a province, day by day, in the newest round."""
    found = get_object_or_404(Province, code=code)
    _, year, months = choose_result(None, None, lao__district__province=code)
    feed = _feed(
        request,
        f"จังหวัด{found}",
        absolute(reverse("public-province", args=[code])),
        f"อปท. ที่รายงานผล {when(year, months)}",
    )
    for day in days_of(found, year, months):
        link = absolute(reverse("public-lao", args=[day.code]))
        title = f"{day.name} รายงานผลรอบ {months} เดือน ปีงบประมาณ {year} จำนวน {day.number:,} โครงการ"
        _add(feed, title, link, "", f"{year}-{months}-{day.day}", day.at)
    return _answer(feed)


def _feed(request, title, link, subtitle):
    return Atom1Feed(
        title=f"{title} - e-PlanNACC",
        link=link,
        description="",
        subtitle=subtitle,
        language="th",
        feed_url=absolute(request.path),
        author_name="e-PlanNACC",
    )


def _add(feed, title, link, summary, mark, at):
    """One entry. Its id is an address that never leads to anything else, so that a reader knows it when it changes."""
    feed.add_item(title=title, link=link, description=summary, unique_id=f"{link}#{mark}", pubdate=at, updateddate=at)


def _answer(feed):
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
