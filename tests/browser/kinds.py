"""The kinds of form that people type into: how each is opened, filled in and saved, and how often it was saved."""

import itertools
import re
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

import psycopg2

from eplan.home import DATABASE
from eplan.postgres import EmbeddedPostgres
from tests.browser.steps import fill

YEAR = "year=2562"
CLERK = ("LAO", {"username": "6810507"})
PROVINCE, CENTRAL = ("PROVINCE", {}), ("CENTRAL", {})
POINTS = itertools.count(1)


def first_link(page, address, pattern):
    """The address of the first link of a page that fits."""
    page.goto(address)
    links = page.locator("main a").evaluate_all("links => links.map((link) => link.href)")
    return next(link for link in links if link and re.search(pattern, link))


def report_form(page):
    """The report of the first project at 12 months."""
    return first_link(page, f"/reports/?{YEAR}", r"/reports/\d+/12/$")


def score_entry(page):
    """The scores of the first LAO."""
    return first_link(page, "/scores/entry/", r"/scores/entry/\d{7}/")


def review(page):
    """The first project that waits for a decision."""
    return first_link(page, "/review/", r"open=\d+")


def in_database(site, statement, *values):
    """What a statement finds, or None, asked behind the server's back."""
    with closing(psycopg2.connect(EmbeddedPostgres(site.home).url(DATABASE))) as connection, connection as transaction:
        cursor = transaction.cursor()
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else None


@dataclass(frozen=True)
class Kind:
    """A kind of form: whose it is, its address or what finds it, its field for words, and its button.

    `rest` fills in what else it needs. `said` is what the page says once it is saved, at `said_at`; `made` counts in
    the database how often words were saved. Its record is the same one each time, unless it `makes` a new one. Once
    saved, one goes on to another page, unless it `stays`.
    """

    account: tuple[str, dict]
    where: str | Callable
    field: str
    made: str
    button: str = "main form[data-keep] [type=submit]"
    rest: Callable = lambda page, words: None
    said: str | re.Pattern = "เรียบร้อยแล้ว"
    said_at: str = ".messages"
    makes: bool = False
    stays: bool = False

    def address(self, page):
        """Where the form is."""
        return self.where(page) if callable(self.where) else self.where

    def type(self, page, words):
        """Fill it in, with the words in its field."""
        self.rest(page, words)
        page.locator(self.field).first.fill(words)

    def save(self, page):
        """Press its button."""
        page.locator(self.button).first.click()

    def times_saved(self, site, words):
        """How often the words were saved."""
        return in_database(site, self.made, words)[0][0]


def _in_trail(table, column):
    return f"SELECT count(*) FROM lao_auditentry WHERE table_name = '{table}' AND after ->> '{column}' = %s"


def _report(page, words):
    for name in ("ordinance_budget", "disbursed"):
        for field in page.locator(f"[name={name}]").all():
            field.fill("1000")
    page.locator("[name=status][value=IN_PROGRESS]").check()


def _row(page, words):
    row = page.locator("[data-row]").last
    for name in ("ordinance_budget", "disbursed"):
        for field in row.locator(f"[name$='-{name}']").all():
            field.fill("1000")
    row.locator("[name$='-status']").select_option("IN_PROGRESS")


def _score(page, words):
    page.locator("[name=SAR_1]").fill(f"{next(POINTS) * 0.25:.2f}")


def _return(page, words):
    page.locator("summary[data-key=KeyR]").click()


def _extension(page, words):
    page.locator("[name=reporting_round]").select_option(index=1)
    page.locator("[name=lao]").fill("6810507")
    page.locator("[name=until]").fill("30 ก.ย. 2580")


# A form of the central officers that two of them may have open.
LAO_FORM = Kind(
    CENTRAL,
    lambda page: first_link(page, "/manage/register/?q=6810503", r"/manage/laos/\d+/code/$"),
    "[name=name]",
    _in_trail("lao_lao", "name"),
)
KINDS = {
    "new project": Kind(
        CLERK,
        "/projects/new/",
        "[name=name]",
        _in_trail("projects_project", "name"),
        button="main form[data-keep] [value=home]",
        rest=fill,
        makes=True,
    ),
    "project": Kind(
        CLERK,
        lambda page: first_link(page, "/projects/", r"/projects/\d+/edit/"),
        "[name=remark]",
        _in_trail("projects_project", "remark"),
    ),
    "report": Kind(
        CLERK,
        report_form,
        "[name=remark]",
        _in_trail("reporting_progressreport", "remark"),
        rest=_report,
        said=re.compile("เรียบร้อยแล้ว|ตรงกับที่บันทึกไว้แล้ว"),
    ),
    "grid": Kind(
        CLERK,
        f"/reports/grid/?{YEAR}&months=6",
        "tbody:last-of-type [name$='-remark']",
        _in_trail("reporting_progressreport", "remark"),
        button="main form[data-keep] .form-actions [type=submit]",
        rest=_row,
        said=" 6 เดือน",
        stays=True,
    ),
    "profile": Kind(
        CLERK,
        "/profile/",
        "[name=office_address]",
        _in_trail("lao_laoprofile", "office_address"),
    ),
    "score": Kind(
        PROVINCE,
        score_entry,
        "[name=reason]",
        "SELECT count(*) FROM evaluation_scorechange WHERE reason = %s",
        rest=_score,
        stays=True,
    ),
    "decision": Kind(
        PROVINCE,
        review,
        "form[data-keep^='review:RETURN'] [name=reason]",
        "SELECT count(*) FROM projects_reviewdecision WHERE reason = %s",
        button="form[data-keep^='review:RETURN'] [type=submit]",
        rest=_return,
        said="ส่งกลับแก้ไข: “",
        said_at=".review-bar",
    ),
    "extension": Kind(
        CENTRAL,
        "/manage/extensions/new/",
        "[name=reason]",
        _in_trail("reporting_extension", "reason"),
        rest=_extension,
        said="ขยายเวลา",
        makes=True,
    ),
}
