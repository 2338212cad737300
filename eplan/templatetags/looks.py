"""Small pieces of the face of the system: icons, badges, notices, menu entries.

Icons and badges are built once, when this module is imported, because a table of 300 rows shows thousands of them.
A badge always speaks thrice: by shape, by word and by colour.
"""

from functools import lru_cache

from django import template
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import mark_safe

register = template.Library()

# Drawn for this system on a 24 × 24 field, in lines of the text's own colour.
DRAWINGS = {
    "pencil": '<path d="M4 20l1-4L16 5l3 3L8 19z"/><path d="M13.5 7.5l3 3"/>',
    "bin": '<path d="M5 7h14M9.5 7V4h5v3M7 7l1 13h8l1-13"/><path d="M10.5 10.5v6M13.5 10.5v6"/>',
    "excel": '<path d="M4 4h16v16H4zM4 9h16M4 14.5h16M10 9v11"/>',
    "print": '<path d="M7 9V4h10v5M7 17H4V9h16v8h-3"/><path d="M7 14h10v6H7z"/>',
    "check": '<circle cx="12" cy="12" r="9"/><path d="M8 12.5l3 3 5.5-6.5"/>',
    "clock": '<circle cx="12" cy="12" r="9"/><path d="M12 7v5.5l3.5 2"/>',
    "half": '<circle cx="12" cy="12" r="9"/><path d="M12 3a9 9 0 0 1 0 18z" fill="currentColor"/>',
    "cross": '<path d="M8 3h8l5 5v8l-5 5H8l-5-5V8z"/><path d="M9 9l6 6M15 9l-6 6"/>',
    "minus": '<circle cx="12" cy="12" r="9" stroke-dasharray="3.4 2.25"/><path d="M8.5 12h7"/>',
    "warning": '<path d="M12 4l9 16H3z"/><path d="M12 10v4.5M12 17.2v.3"/>',
    "info": '<circle cx="12" cy="12" r="9"/><path d="M12 11v5.5M12 7.5v.3"/>',
    "search": '<circle cx="10.5" cy="10.5" r="6"/><path d="M15 15l5 5"/>',
    "user": '<circle cx="12" cy="8" r="4"/><path d="M4.5 20c1-4.5 4-6 7.5-6s6.5 1.5 7.5 6z"/>',
    "restore": '<path d="M5 5v5h5"/><path d="M5.5 10A7.5 7.5 0 1 1 5 14.5"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "chevron": '<path d="M6 9.500l6 6 6-6"/>',
    "lock": '<path d="M5 11h14v9H5z"/><path d="M8.5 11V8a3.5 3.5 0 0 1 7 0v3"/>',
    "calendar": '<path d="M4 6h16v14H4zM4 10.500h16M8.5 3.500V8M15.5 3.500V8"/>',
    "return": '<path d="M9 6l-4.5 4.500L9 15"/><path d="M5 10.500h10a4 4 0 0 1 0 8h-3"/>',
    "reject": '<circle cx="12" cy="12" r="9"/><path d="M5.7 5.700l12.6 12.6"/>',
    "low": '<path d="M12 4v15M6 13l6 6 6-6"/>',
    "high": '<path d="M12 20V5M6 11l6-6 6 6"/>',
    "middle": '<path d="M5 9h14M5 15h14"/>',
    "menu": '<path d="M4 6.500h16M4 12h16M4 17.500h16"/>',
    "download": '<path d="M12 4v11M7 10.500l5 5 5-5M4 20h16"/>',
}

ICONS = {
    name: mark_safe(  # noqa: S308  our own drawings
        f'<svg class="icon icon-{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2"'
        f' stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">{drawing}</svg>'
    )
    for name, drawing in DRAWINGS.items()
}


@lru_cache(maxsize=64)
def badge(kind, icon_name, word):
    """A badge in one of the colours good, part, bad, note, quiet."""
    return format_html('<span class="badge badge-{}">{}{}</span>', kind, ICONS[icon_name], word)


STATUSES = {
    None: badge("quiet", "minus", "ยังไม่รายงานผล"),
    "IN_PROGRESS": badge("part", "half", "อยู่ระหว่างดำเนินการ"),
    "COMPLETED": badge("good", "check", "ดำเนินการแล้วเสร็จ"),
    "NOT_FEASIBLE": badge("bad", "cross", "ไม่สามารถดำเนินการได้"),
}
REPORTED = {True: badge("good", "check", "รายงานแล้ว"), False: badge("quiet", "minus", "ยังไม่รายงาน")}
LEVELS = {"HIGH": ("good", "high"), "MEDIUM": ("part", "middle"), "LOW": ("bad", "low")}
REJECTED = badge("bad", "reject", "ปฏิเสธโครงการ")
WITHHELD = badge("note", "clock", "รอยืนยันการลงทะเบียน")
NOTICES = {
    "success": ("success", "check", "สำเร็จ", "status"),
    "info": ("info", "info", "โปรดทราบ", "status"),
    "debug": ("info", "info", "โปรดทราบ", "status"),
    "warning": ("warning", "warning", "คำเตือน", "alert"),
    "error": ("danger", "cross", "ผิดพลาด", "alert"),
}


@register.simple_tag
def icon(name):
    """An icon for the eye only: the word it stands for belongs beside it."""
    return ICONS[name]


@register.simple_tag
def status_badge(status):
    """The badge of a ProgressReport's status; None is the absence of a report."""
    return STATUSES[status or None]


@register.simple_tag
def reported_badge(reported):
    """The badge that says whether a round has been reported."""
    return REPORTED[bool(reported)]


@register.simple_tag
def level_badge(level, name):
    """The badge of a level HIGH, MEDIUM or LOW under the name its period gives it; "-" where there is no level."""
    return badge(*LEVELS[level], name) if level else "-"


@register.simple_tag
def rejected_badge():
    """The mark of a project that an officer has rejected."""
    return REJECTED


@register.simple_tag
def notice(level, text):
    """A message block; `level` is success, info, warning or error, as Django's messages name them."""
    colour, icon_name, word, role = NOTICES[level]
    return format_html(
        '<div class="alert alert-{} alert-line" role="{}">{}<div><strong>{}:</strong> {}</div></div>',
        colour, role, ICONS[icon_name], word, conditional_escape(text),
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def menu_link(context, url_name, label):
    """An entry of the menu, marked where it is the page being shown."""
    match = context["request"].resolver_match
    here = mark_safe(' aria-current="page"') if match and match.url_name == url_name else ""
    return format_html('<a class="menu-item" href="{}"{}>{}</a>', reverse(url_name), here, label)
