"""The allow-list of open data: every dataset, every column, and where its values come from.

What is published is what the pages for citizens show. An LAO whose claim no officer has confirmed looks as if it had
not begun: it stands here as the register has it, without anything it entered. Deleted projects are not there; rejected
ones are, marked as such and not counted. Personal data is in no column, nor are remarks, which clerks write for
officers.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from evaluation.models import Score
from lao.models import Lao, LaoProfile
from projects.models import Project
from public.data.columns import Column
from reporting.models import ProgressReport

# Rows of an LAO that are published: the rule of `projects.models.ProjectQuerySet.published`.
PUBLISHED = (
    "NOT EXISTS (SELECT FROM lao_user AS account WHERE account.lao_id = {} AND account.withheld_since IS NOT NULL)"
)

_PLACE = """
  JOIN lao_district AS district ON district.id = lao.district_id
  JOIN lao_province AS province ON province.code = district.province_id"""
_PLAN = f"""
  JOIN projects_plan AS plan ON plan.id = project.plan_id
  JOIN projects_planperiod AS period ON period.id = plan.period_id
  JOIN lao_lao AS lao ON lao.id = plan.lao_id{_PLACE}
  JOIN projects_dimension AS dimension ON dimension.id = project.dimension_id"""
_LIVE = f"project.deleted_at IS NULL AND {PUBLISHED.format('plan.lao_id')}"


@dataclass(frozen=True)
class Dataset:
    """A table of open data.

    `tables` and `joins` are its FROM: the joins add columns and never change how many rows there are. `where` is the
    rule of what is published. `key` orders the rows and tells them apart: SQL of values that are never null, in the
    order in which the tables can be read; `identity` names the columns that do so outside. `of_year` narrows it to the
    fiscal year %(year)s, None where years do not matter. `links` are (column, dataset that it leads to). `long`: it is
    read in the order of an index, row by row, rather than gathered and sorted first.
    """

    name: str
    title: str
    description: str
    tables: str
    where: str
    key: Sequence[str]
    identity: Sequence[str]
    columns: Sequence[Column]
    joins: str = ""
    of_year: str | None = None
    links: Sequence[tuple[str, str]] = ()
    long: bool = False


def _named(sql, choices):
    """SQL that puts the label in place of the code, out of a model's `choices`."""
    cases = " ".join(f"WHEN '{code}' THEN '{label}'" for code, label in choices)
    return f"CASE {sql} {cases} END"


def _words(choices):
    return tuple(str(label) for _, label in choices)


def _without_name(kind):
    return kind in (Lao.Kind.PATTAYA, Lao.Kind.BANGKOK)


# The name as `lao.models.register.lao_title` gives it.
_TITLE = "CASE lao.kind {} END".format(
    " ".join(
        f"WHEN '{kind.value}' THEN '{kind.label}'{'' if _without_name(kind) else ' || lao.name'}" for kind in Lao.Kind
    )
)
_ORDINARY = "project.review_state <> 'REJECTED'"

PROVINCE_CODE = Column("province_code", "รหัสจังหวัด", "code", "province.code", "2 หลัก ตามรหัสของกรมการปกครอง")
PROVINCE = Column("province", "จังหวัด", "word", "province.name")
DISTRICT = Column("district", "อำเภอ", "word", "district.name")
LAO_CODE = Column("lao_code", "รหัส อปท.", "code", "lao.code", "รหัส Info 7 หลัก เปลี่ยนได้เมื่อ อปท. เปลี่ยนฐานะ")
LAO_NAME = Column("lao_name", "ชื่อ อปท.", "word", _TITLE, "ชื่อซ้ำกันได้แม้ในจังหวัดเดียวกัน ใช้รหัสแยก")
PLACE = [PROVINCE_CODE, PROVINCE, DISTRICT, LAO_CODE, LAO_NAME]
PROJECT_ID = Column("project_id", "รหัสโครงการ", "id", "project.id", "หน้าโครงการ: /public/projects/<รหัสโครงการ>/")
PROJECT_NAME = Column("project_name", "ชื่อโครงการ/กิจกรรม/มาตรการ/แนวปฏิบัติ", "text", "project.name")
DIMENSION = Column("dimension", "มิติที่", "number", "dimension.number", "มิติหลัก ชื่อของมิติเป็นของช่วงแผน")
COUNTED = Column("counted", "นับในผล", "truth", _ORDINARY, "โครงการที่เจ้าหน้าที่ปฏิเสธไม่นับในจำนวนและยอดรวมใดๆ")
FISCAL_YEAR = Column("fiscal_year", "ปีงบประมาณ", "year", "year.fiscal_year", "พ.ศ. เริ่ม 1 ตุลาคมของปีก่อนหน้า")
STATUS_WORDS = _words(ProgressReport.Status.choices)
PLAN_BUDGET_NOTE = "ว่าง = ไม่ใช้งบประมาณ ซึ่งไม่ใช่ 0"

LAOS = Dataset(
    name="laos",
    title="องค์กรปกครองส่วนท้องถิ่น",
    description="ทะเบียน อปท. ทุกแห่ง และข้อมูลพื้นฐานที่ อปท. บันทึกเอง ไม่มีข้อมูลส่วนบุคคล",
    tables=f"lao_lao AS lao{_PLACE}",
    joins=f"LEFT JOIN lao_laoprofile AS profile ON profile.lao_id = lao.id AND {PUBLISHED.format('lao.id')}",
    where="true",
    key=["lao.id"],
    identity=["lao_code"],
    columns=[
        *PLACE,
        Column("kind", "ประเภท อปท.", "word", _named("lao.kind", Lao.Kind.choices), words=_words(Lao.Kind.choices)),
        Column("region", "ป.ป.ช. ภาค", "number", "province.region_id", "ว่าง = ไม่สังกัดภาค", nullable=True),
        Column(
            "former_codes",
            "รหัสเดิม",
            "words",
            "ARRAY(SELECT former.code FROM lao_formercode AS former WHERE former.lao_id = lao.id ORDER BY former.code)",
            "รหัส อปท. ที่เคยใช้",
            nullable=True,
        ),
        Column("subdistricts", "ตำบล", "text", "lao.subdistricts", "ตามทะเบียน", nullable=True),
        Column("postal_code", "รหัสไปรษณีย์", "code", "lao.postal_code", "ตามทะเบียน", nullable=True),
        Column("area_km2", "ขนาดพื้นที่ (ทะเบียน)", "measure", "lao.area_km2", unit="ตร.กม.", nullable=True),
        Column("latitude", "ละติจูด", "degrees", "lao.latitude", "WGS 84", "องศา", nullable=True),
        Column("longitude", "ลองจิจูด", "degrees", "lao.longitude", "WGS 84", "องศา", nullable=True),
        Column("website", "เว็บไซต์", "text", "lao.website", "ตามทะเบียน", nullable=True),
        Column(
            "size",
            "ขนาด อปท.",
            "word",
            _named("profile.size", LaoProfile.Size.choices),
            "ที่ อปท. บันทึกเอง",
            nullable=True,
            words=_words(LaoProfile.Size.choices),
        ),
        Column("office_address", "ที่ตั้งที่ทำการ", "long", "profile.office_address", "ที่ อปท. บันทึกเอง", nullable=True),
        Column(
            "service_area_km2",
            "ขนาดพื้นที่ให้บริการ",
            "measure",
            "profile.service_area_km2",
            "ที่ อปท. บันทึกเอง",
            "ตร.กม.",
            nullable=True,
        ),
        Column("population", "ประชากร", "number", "profile.population", "ที่ อปท. บันทึกเอง", "คน", nullable=True),
        Column(
            "own_revenue",
            "รายได้ไม่รวมเงินอุดหนุน",
            "money",
            "profile.own_revenue",
            "ที่ อปท. บันทึกเอง",
            "บาท",
            nullable=True,
        ),
        Column("grant_revenue", "เงินอุดหนุน", "money", "profile.grant_revenue", "ที่ อปท. บันทึกเอง", "บาท", nullable=True),
    ],
)

_CODES_OF_GROUPS = _named("target.code", Project.TargetGroup.choices)

PROJECTS = Dataset(
    name="projects",
    title="โครงการในแผน",
    description="โครงการ/กิจกรรม/มาตรการ/แนวปฏิบัติในแผนปฏิบัติการป้องกันการทุจริต หนึ่งแถวต่อหนึ่งรายการ รวมทุกปีของรายการนั้น",
    tables=f"projects_project AS project{_PLAN}",
    where=_LIVE,
    of_year=(
        "EXISTS (SELECT FROM projects_projectyear AS chosen"
        " WHERE chosen.project_id = project.id AND chosen.fiscal_year = %(year)s)"
    ),
    key=["project.id"],
    identity=["project_id"],
    links=[("lao_code", "laos")],
    long=True,
    columns=[
        PROJECT_ID,
        *PLACE,
        Column("plan_first_year", "ปีแรกของแผน", "year", "period.first_year", "พ.ศ."),
        Column("plan_last_year", "ปีสุดท้ายของแผน", "year", "period.last_year", "พ.ศ."),
        PROJECT_NAME,
        Column(
            "kind",
            "ประเภทงาน",
            "word",
            _named("project.kind", Project.Kind.choices),
            words=_words(Project.Kind.choices),
        ),
        DIMENSION,
        Column(
            "further_dimensions",
            "มิติที่สอดคล้องเพิ่มเติม",
            "numbers",
            "ARRAY(SELECT further.number FROM projects_dimension AS further"
            " WHERE further.id = ANY (project.further_dimensions) ORDER BY further.number)",
            nullable=True,
        ),
        Column(
            "fiscal_years",
            "ปีงบประมาณที่ดำเนินการ",
            "numbers",
            "ARRAY(SELECT done.fiscal_year FROM projects_projectyear AS done"
            " WHERE done.project_id = project.id ORDER BY done.fiscal_year)",
            "พ.ศ.",
            nullable=True,
        ),
        Column("quarters", "ไตรมาส", "numbers", "project.quarters", "1 = ต.ค.-ธ.ค.", nullable=True),
        Column(
            "plan_budget",
            "งบประมาณตามแผน ทุกปีรวมกัน",
            "money",
            "(SELECT sum(planned.plan_budget) FROM projects_projectyear AS planned"
            " WHERE planned.project_id = project.id)",
            PLAN_BUDGET_NOTE,
            "บาท",
            nullable=True,
        ),
        Column(
            "target_groups",
            "กลุ่มเป้าหมาย",
            "words",
            f"ARRAY(SELECT {_CODES_OF_GROUPS}"
            " FROM unnest(project.target_groups) WITH ORDINALITY AS target(code, place) ORDER BY target.place)",
            nullable=True,
            words=_words(Project.TargetGroup.choices),
        ),
        Column("objective", "วัตถุประสงค์", "long", "project.objective", nullable=True),
        Column(
            "review_state",
            "ผลการตรวจ",
            "word",
            _named("project.review_state", Project.ReviewState.choices),
            "ของเจ้าหน้าที่ ป.ป.ช.",
            words=_words(Project.ReviewState.choices),
        ),
        Column(
            "rejection_reason",
            "เหตุผลที่ปฏิเสธ",
            "long",
            "CASE WHEN project.review_state = 'REJECTED' THEN (SELECT decision.reason"
            " FROM projects_reviewdecision AS decision"
            " WHERE decision.project_id = project.id AND decision.decision = 'REJECT'"
            " ORDER BY decision.at DESC, decision.id DESC LIMIT 1) END",
            nullable=True,
        ),
        COUNTED,
        Column("recorded_at", "บันทึกเมื่อ", "moment", "project.created_at", "เวลาประเทศไทย"),
        Column("updated_at", "แก้ไขเมื่อ", "moment", "project.updated_at", "เวลาประเทศไทย"),
    ],
)

_YEAR = f"projects_projectyear AS year JOIN projects_project AS project ON project.id = year.project_id{_PLAN}"
_OF_YEAR = "year.fiscal_year = %(year)s"
_REASONS = ProgressReport.Reason.choices

PROJECT_YEARS = Dataset(
    name="project-years",
    title="โครงการรายปี",
    description="โครงการหนึ่งในปีงบประมาณหนึ่ง: งบตามแผน และสถานะกับเงินตามรายงานล่าสุดของปีนั้น",
    tables=_YEAR,
    joins="""LEFT JOIN LATERAL (
        SELECT said.months, said.status, said.ordinance_budget, said.disbursed
          FROM reporting_progressreport AS said WHERE said.project_year_id = year.id
         ORDER BY said.months DESC LIMIT 1) AS latest ON true""",
    where=_LIVE,
    of_year=_OF_YEAR,
    key=["project.id", "year.fiscal_year"],
    identity=["project_id", "fiscal_year"],
    links=[("project_id", "projects"), ("lao_code", "laos")],
    long=True,
    columns=[
        PROJECT_ID,
        FISCAL_YEAR,
        *PLACE,
        PROJECT_NAME,
        DIMENSION,
        Column("plan_budget", "งบประมาณตามแผน", "money", "year.plan_budget", PLAN_BUDGET_NOTE, "บาท", nullable=True),
        Column(
            "latest_months", "รอบของรายงานล่าสุด", "number", "latest.months", "ว่าง = ยังไม่รายงาน", "เดือน", nullable=True
        ),
        Column(
            "status",
            "สถานะล่าสุด",
            "word",
            _named("latest.status", ProgressReport.Status.choices),
            "ว่าง = ยังไม่รายงาน",
            nullable=True,
            words=STATUS_WORDS,
        ),
        Column(
            "ordinance_budget",
            "งบประมาณตามข้อบัญญัติ/เทศบัญญัติ",
            "money",
            "latest.ordinance_budget",
            "ว่าง = ยังไม่รายงาน หรือไม่ใช้งบประมาณ",
            "บาท",
            nullable=True,
        ),
        Column(
            "disbursed",
            "เบิกจ่ายจริง",
            "money",
            "latest.disbursed",
            "ว่าง = ยังไม่รายงาน หรือไม่ใช้งบประมาณ",
            "บาท",
            nullable=True,
        ),
        COUNTED,
    ],
)

REPORTS = Dataset(
    name="reports",
    title="รายงานผลการดำเนินงาน",
    description="รายงานของโครงการหนึ่ง ในปีงบประมาณหนึ่ง รอบ 6 หรือ 12 เดือน โครงการที่ยังไม่รายงานไม่มีแถว",
    tables=f"{_YEAR} JOIN reporting_progressreport AS report ON report.project_year_id = year.id",
    where=_LIVE,
    of_year=_OF_YEAR,
    key=["project.id", "year.fiscal_year", "report.months"],
    identity=["project_id", "fiscal_year", "months"],
    links=[("project_id", "projects"), ("lao_code", "laos")],
    long=True,
    columns=[
        PROJECT_ID,
        FISCAL_YEAR,
        Column("months", "รอบ", "number", "report.months", "6 หรือ 12", "เดือน"),
        *PLACE,
        PROJECT_NAME,
        DIMENSION,
        Column(
            "status",
            "สถานะการดำเนินงาน",
            "word",
            _named("report.status", ProgressReport.Status.choices),
            words=STATUS_WORDS,
        ),
        Column(
            "reason",
            "เหตุผลที่ไม่สามารถดำเนินการได้",
            "word",
            _named("report.reason", _REASONS),
            nullable=True,
            words=_words(_REASONS),
        ),
        Column("other_reason", "เหตุผลอื่นๆ", "text", "report.other_reason", nullable=True),
        Column(
            "ordinance_budget",
            "งบประมาณตามข้อบัญญัติ/เทศบัญญัติ",
            "money",
            "report.ordinance_budget",
            "ว่าง = ไม่ใช้งบประมาณ",
            "บาท",
            nullable=True,
        ),
        Column("disbursed", "เบิกจ่ายจริง", "money", "report.disbursed", "ว่าง = ไม่ใช้งบประมาณ", "บาท", nullable=True),
        Column("in_ordinance", "บรรจุไว้ในข้อบัญญัติ/เทศบัญญัติ/แผนการดำเนินงาน", "truth", "report.in_ordinance"),
        COUNTED,
        Column("reported_at", "รายงานเมื่อ", "moment", "report.reported_at", "เวลาประเทศไทย"),
        Column("updated_at", "แก้ไขเมื่อ", "moment", "report.updated_at", "เวลาประเทศไทย"),
    ],
)

# A total stands as entered beside parts that say nothing but 0, else it is the sum (`evaluation.rules.total`).
_POINTS = """LATERAL (
    SELECT part.source, dimension.number AS place, part.points
      FROM evaluation_score AS part JOIN projects_dimension AS dimension ON dimension.id = part.dimension_id
     WHERE part.plan_id = plan.id
     UNION ALL
    SELECT part.source, 0, CASE
           WHEN coalesce(bool_or(part.points <> 0) FILTER (WHERE part.dimension_id IS NOT NULL), false)
             OR count(*) FILTER (WHERE part.dimension_id IS NULL) = 0
           THEN sum(part.points) FILTER (WHERE part.dimension_id IS NOT NULL)
           ELSE max(part.points) FILTER (WHERE part.dimension_id IS NULL) END
      FROM evaluation_score AS part WHERE part.plan_id = plan.id GROUP BY part.source
) AS score"""

SCORES = Dataset(
    name="scores",
    title="ผลการประเมินแผน",
    description="คะแนนของแผนจากการประเมินตนเอง (SAR) และผลประเมินของสำนักงาน ป.ป.ช. แต่ละมิติ และคะแนนรวม",
    tables=f"""projects_plan AS plan
  JOIN projects_planperiod AS period ON period.id = plan.period_id
  JOIN lao_lao AS lao ON lao.id = plan.lao_id{_PLACE}
 CROSS JOIN {_POINTS}""",
    where=PUBLISHED.format("plan.lao_id"),
    of_year="%(year)s BETWEEN period.first_year AND period.last_year",
    key=["plan.id", "score.source", "score.place"],
    identity=["lao_code", "plan_first_year", "source", "dimension"],
    links=[("lao_code", "laos")],
    columns=[
        *PLACE,
        Column("plan_first_year", "ปีแรกของแผน", "year", "period.first_year", "พ.ศ."),
        Column("plan_last_year", "ปีสุดท้ายของแผน", "year", "period.last_year", "พ.ศ."),
        Column("passed_in", "ผ่านเกณฑ์มาตรฐานปีงบประมาณ", "year", "plan.passed_in", "ว่าง = ยังไม่ผ่าน", nullable=True),
        Column(
            "source",
            "แหล่งคะแนน",
            "word",
            _named("score.source", Score.Source.choices),
            words=_words(Score.Source.choices),
        ),
        Column("dimension", "มิติที่", "number", "score.place", "0 = คะแนนรวม"),
        Column("points", "คะแนน", "points", "score.points", "คะแนนรวมอาจประกาศโดยไม่มีคะแนนรายมิติ"),
    ],
)

# The words and the cut-offs of the round, compared with the percentage before it is rounded (`reporting.rules`).
_LEVEL = """CASE WHEN tally.n > 0 THEN CASE
    WHEN 50 * (2 * tally.done + tally.ongoing) >= cutoff.high * tally.n THEN cutoff.high_name
    WHEN 50 * (2 * tally.done + tally.ongoing) >= cutoff.medium * tally.n THEN cutoff.medium_name
    ELSE cutoff.low_name END END"""
_SUMS = {
    "n": "projects",
    "done": "completed",
    "ongoing": "in_progress",
    "impossible": "not_feasible",
    "adopted": "in_ordinance",
    "planned": "plan_budget",
    "ordained": "ordinance_budget",
    "spent": "disbursed",
}
_TALLY = ", ".join(f"coalesce(sum(kept.{field}), 0) AS {name}" for name, field in _SUMS.items())

RESULTS = Dataset(
    name="results",
    title="ผลการนำแผนไปปฏิบัติ",
    description="ผลของ อปท. หนึ่ง ในปีงบประมาณหนึ่ง รอบ 6 หรือ 12 เดือน: N คะแนน ร้อยละ ระดับ และงบประมาณ",
    tables=f"""lao_lao AS lao{_PLACE}
 CROSS JOIN unnest(%(years)s) AS due(fiscal_year)
 CROSS JOIN (VALUES (6), (12)) AS length(months)""",
    joins=f"""LEFT JOIN LATERAL (SELECT {_TALLY}
          FROM reporting_tally AS kept
         WHERE kept.lao_id = lao.id AND kept.fiscal_year = due.fiscal_year AND kept.months = length.months
       ) AS tally ON true
  LEFT JOIN projects_planperiod AS period ON due.fiscal_year BETWEEN period.first_year AND period.last_year
  LEFT JOIN reporting_levelcutoff AS cutoff ON cutoff.period_id = period.id AND cutoff.months = length.months""",
    where="true",
    of_year="due.fiscal_year = %(year)s",
    key=["lao.id", "due.fiscal_year", "length.months"],
    identity=["lao_code", "fiscal_year", "months"],
    links=[("lao_code", "laos")],
    columns=[
        *PLACE,
        Column("fiscal_year", "ปีงบประมาณ", "year", "due.fiscal_year", "พ.ศ. เริ่ม 1 ตุลาคมของปีก่อนหน้า"),
        Column("months", "รอบ", "number", "length.months", "6 หรือ 12", "เดือน"),
        Column("n", "N", "number", "tally.n", "จำนวนโครงการของปีนั้น ไม่นับที่ถูกปฏิเสธหรือลบ", "รายการ"),
        Column("completed", "ดำเนินการแล้วเสร็จ", "number", "tally.done", unit="รายการ"),
        Column("in_progress", "อยู่ระหว่างดำเนินการ", "number", "tally.ongoing", unit="รายการ"),
        Column("not_feasible", "ไม่สามารถดำเนินการได้", "number", "tally.impossible", unit="รายการ"),
        Column(
            "not_reported",
            "ยังไม่รายงานผล",
            "number",
            "(tally.n - tally.done - tally.ongoing - tally.impossible)",
            unit="รายการ",
        ),
        Column("in_ordinance", "บรรจุในข้อบัญญัติ/เทศบัญญัติ/แผนการดำเนินงาน", "number", "tally.adopted", unit="รายการ"),
        Column(
            "points", "คะแนน", "points", "(tally.done + 0.5 * tally.ongoing)", "1 × แล้วเสร็จ + 0.5 × อยู่ระหว่างดำเนินการ"
        ),
        Column(
            "percent",
            "ร้อยละ",
            "percent",
            "round((tally.done + 0.5 * tally.ongoing) * 100 / nullif(tally.n, 0), 2)",
            "คะแนน ÷ N × 100 ว่าง = ไม่มีโครงการ",
            nullable=True,
        ),
        Column("level", "ระดับ", "text", _LEVEL, "เทียบเกณฑ์ก่อนปัดเศษ ว่าง = ไม่มีโครงการ", nullable=True),
        Column("plan_budget", "งบประมาณตามแผน", "money", "tally.planned", unit="บาท"),
        Column("ordinance_budget", "งบประมาณตามข้อบัญญัติ/เทศบัญญัติ", "money", "tally.ordained", unit="บาท"),
        Column("disbursed", "เบิกจ่ายจริง", "money", "tally.spent", unit="บาท"),
    ],
)

DATASETS = {dataset.name: dataset for dataset in (LAOS, PROJECTS, PROJECT_YEARS, REPORTS, SCORES, RESULTS)}
