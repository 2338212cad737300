"""Icons, badges, notices, and the contrast of the palette."""

import re

import pytest
from django.conf import settings
from django.template import Context, Template

from eplan.templatetags import looks

TOKENS = (settings.BASE_DIR / "static" / "css" / "tokens.css").read_text()
SCREEN = TOKENS.split("@media print")[0]
COLOURS = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", SCREEN))

# Text on its ground: 7 for what is read at length, 4.5 (WCAG AA) for the rest.
READ_AT_LENGTH = [
    ("ink", "paper"),
    ("ink", "surface"),
    ("ink", "sunken"),
    ("indigo-deep", "indigo-tint"),
    ("indigo", "surface"),
    ("surface", "indigo"),
    ("surface", "indigo-deep"),
    ("indigo-pale", "indigo"),
]
TEXT = [
    ("ink-soft", "paper"),
    ("ink-soft", "surface"),
    ("ink-soft", "sunken"),
    ("ink-soft", "ochre-tint"),
    ("good-ink", "good-tint"),
    ("ochre-ink", "ochre-tint"),
    ("bad-ink", "bad-tint"),
    ("bad-ink", "surface"),
    ("surface", "bad-ink"),
    ("note-ink", "note-tint"),
    ("quiet-ink", "quiet-tint"),
]
# Edges of fields and the focus ring: 3 (WCAG 1.4.11).
EDGES = [
    ("line-strong", "surface"),
    ("line-strong", "paper"),
    ("focus-paper", "surface"),
    ("focus-paper", "paper"),
    ("ochre-bright", "indigo"),
    ("ochre-bright", "indigo-deep"),
]


def luminance(colour):
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    light, dark = sorted((luminance(COLOURS[one]), luminance(COLOURS[other])), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("least", "pairs"), [(7, READ_AT_LENGTH), (4.5, TEXT), (3, EDGES)], ids=["read at length", "text", "edges"]
)
def test_colours_stand_out_from_their_ground(least, pairs):
    assert {pair: contrast(*pair) for pair in pairs if contrast(*pair) < least} == {}


def test_the_page_of_the_look_tells_the_contrasts_as_they_are():
    page = (settings.BASE_DIR / "docs" / "look.md").read_text()

    told = re.findall(r"^\| `([\w-]+)` on `([\w-]+)` \| ([\d.]+) \|", page, re.MULTILINE)

    assert {(one, other) for one, other, _ in told} == {*READ_AT_LENGTH, *TEXT, *EDGES}
    assert all(figure == f"{contrast(one, other):.1f}" for one, other, figure in told)


def render(source, **context):
    return Template("{% load looks %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("status", "word", "shape"),
    [
        (None, "ยังไม่รายงานผล", "minus"),
        ("", "ยังไม่รายงานผล", "minus"),
        ("IN_PROGRESS", "อยู่ระหว่างดำเนินการ", "half"),
        ("COMPLETED", "ดำเนินการแล้วเสร็จ", "check"),
        ("NOT_FEASIBLE", "ไม่สามารถดำเนินการได้", "cross"),
    ],
)
def test_a_status_has_its_word_and_its_shape(status, word, shape):
    badge = render("{% status_badge status %}", status=status)

    assert word in badge
    assert f"icon-{shape}" in badge


def test_no_two_statuses_look_alike():
    assert len(set(looks.STATUSES.values())) == 4
    shapes = {re.search(r"icon-\w+", badge)[0] for badge in looks.STATUSES.values()}
    assert len(shapes) == 4


def test_a_round_is_reported_or_not():
    assert "รายงานแล้ว" in render("{% reported_badge True %}")
    assert "ยังไม่รายงาน" in render("{% reported_badge None %}")


def test_a_level_wears_the_name_of_its_period_and_none_is_a_dash():
    assert ">ดีมาก &amp; เด่น<" in render("{% level_badge level name %}", level="HIGH", name="ดีมาก & เด่น")
    assert "icon-low" in render("{% level_badge 'LOW' 'น้อย' %}")
    assert render("{% level_badge None '' %}") == "-"


def test_a_rejected_project_carries_its_mark():
    assert "ปฏิเสธโครงการ" in render("{% rejected_badge %}")


def test_icons_say_nothing_to_a_screen_reader():
    assert all('aria-hidden="true"' in drawing for drawing in looks.ICONS.values())


def test_a_notice_speaks_by_icon_word_and_role_and_trusts_no_text():
    notice = render("{% notice 'error' text %}", text="<b>ปิดรอบแล้ว</b>")

    assert "ผิดพลาด" in notice
    assert 'role="alert"' in notice
    assert "icon-cross" in notice
    assert "&lt;b&gt;" in notice
