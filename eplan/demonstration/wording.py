"""The words of the demonstration's projects: titles put together from parts, by dimension. All of it made up."""

from dataclasses import dataclass

from projects.models import Project

MARK = "ข้อมูลสาธิต"  # begins every text that could be mistaken for a real one

# The letter names an audience: what the title says, and the target group that is ticked for it.
_AUDIENCES = {
    "Y": ("สำหรับเด็กและเยาวชน", "YOUTH"),
    "S": ("ร่วมกับสถานศึกษาในพื้นที่", "SCHOOLS"),
    "L": ("สำหรับบุคลากรขององค์กร", "LOCAL_STAFF"),
    "E": ("สำหรับคณะผู้บริหาร", "EXECUTIVE_POLITICIANS"),
    "C": ("สำหรับสมาชิกสภาท้องถิ่น", "COUNCIL_POLITICIANS"),
    "P": ("สำหรับประชาชนทั่วไป", "CITIZENS"),
    "V": ("ในชุมชนและหมู่บ้าน", "CITIZENS"),
    "B": ("สำหรับผู้ประกอบการในพื้นที่", "PRIVATE_BUSINESSES"),
    "G": ("ร่วมกับหน่วยงานของรัฐในพื้นที่", "STATE_AGENCIES"),
}
_KINDS = {
    "โครงการ": Project.Kind.PROJECT,
    "กิจกรรม": Project.Kind.ACTIVITY,
    "มาตรการ": Project.Kind.MEASURE,
    "แนวปฏิบัติ": Project.Kind.PRACTICE,
}
# Dimension number: how titles begin, and the audiences that suit them.
_TITLES = {
    1: (
        ("โครงการอบรมคุณธรรมและจริยธรรม", "YSLECP"),
        ("โครงการปลูกจิตสำนึกความซื่อสัตย์สุจริต", "YSLPV"),
        ("โครงการคนรุ่นใหม่หัวใจสุจริต", "YSV"),
        ("โครงการค่ายเรียนรู้ความพอเพียง", "YSP"),
        ("กิจกรรมเล่านิทานสอนใจเรื่องความซื่อตรง", "YS"),
        ("กิจกรรมประกวดคำขวัญและภาพวาดไม่ทนต่อการโกง", "YSPV"),
        ("กิจกรรมจิตอาสาพัฒนาท้องถิ่น", "YLPV"),
        ("มาตรการงดให้และงดรับของขวัญ", "LECB"),
        ("แนวปฏิบัติการแยกประโยชน์ส่วนตนออกจากประโยชน์ส่วนรวม", "LEC"),
    ),
    2: (
        ("โครงการปรับปรุงคู่มือการให้บริการ", "LPB"),
        ("โครงการจัดทำฐานข้อมูลแผนที่ภาษีและทะเบียนทรัพย์สิน", "LPB"),
        ("โครงการอบรมระเบียบพัสดุและการเงิน", "LEC"),
        ("กิจกรรมประกาศเจตจำนงบริหารงานด้วยความสุจริต", "LEC"),
        ("กิจกรรมยกย่องผู้ปฏิบัติงานดีเด่น", "LPV"),
        ("มาตรการเพิ่มความโปร่งใสในการจัดซื้อจัดจ้าง", "LBG"),
        ("มาตรการลดขั้นตอนและระยะเวลาการให้บริการ", "LPB"),
        ("มาตรการมอบอำนาจอนุญาตและอนุมัติ", "LE"),
        ("แนวปฏิบัติการใช้รถและทรัพย์สินของราชการ", "LEC"),
        ("แนวปฏิบัติการบริหารงานบุคคลอย่างเป็นธรรม", "LE"),
    ),
    3: (
        ("โครงการประชาคมจัดทำแผนพัฒนาท้องถิ่น", "PVG"),
        ("โครงการเวทีรับฟังความคิดเห็น", "YPVB"),
        ("โครงการออกหน่วยบริการเคลื่อนที่", "PVSG"),
        ("กิจกรรมเปิดบ้านศูนย์ข้อมูลข่าวสาร", "YSPB"),
        ("กิจกรรมประชุมคณะกรรมการชุมชน", "VG"),
        ("มาตรการเผยแพร่ข้อมูลการเงินการคลัง", "PVB"),
        ("มาตรการจัดการเรื่องร้องเรียนร้องทุกข์", "LPVB"),
        ("แนวปฏิบัติการมีส่วนร่วมสังเกตการณ์การจัดซื้อจัดจ้าง", "PVB"),
    ),
    4: (
        ("โครงการอบรมกฎหมายและบทบาทหน้าที่", "LEC"),
        ("โครงการเสริมพลังเครือข่ายเฝ้าระวังการทุจริต", "YPVG"),
        ("โครงการพัฒนางานตรวจสอบภายใน", "LEG"),
        ("กิจกรรมติดตามการใช้จ่ายตามข้อบัญญัติงบประมาณ", "ECPV"),
        ("กิจกรรมรายงานผลการควบคุมภายใน", "LEC"),
        ("มาตรการตรวจรับงานจ้างโดยมีตัวแทนชุมชน", "LVB"),
        ("มาตรการกำกับติดตามการปฏิบัติราชการ", "LEC"),
        ("แนวปฏิบัติการแจ้งเบาะแสและคุ้มครองผู้แจ้ง", "LPVB"),
    ),
}
_OBJECTIVES = {
    1: ("เพื่อให้ผู้เข้าร่วมยึดมั่นในความซื่อสัตย์และไม่ยอมรับการโกง", "เพื่อสร้างค่านิยมที่ถือประโยชน์ส่วนรวมเป็นที่ตั้ง"),
    2: ("เพื่อให้การบริหารงานโปร่งใสและเป็นไปตามระเบียบ", "เพื่อลดโอกาสที่จะใช้ดุลพินิจโดยมิชอบ"),
    3: ("เพื่อให้ประชาชนเข้าถึงข้อมูลและร่วมตัดสินใจ", "เพื่อเปิดช่องทางให้ประชาชนร่วมติดตามการทำงาน"),
    4: ("เพื่อให้การตรวจสอบภายในและภายนอกได้ผลจริง", "เพื่อให้พบความเสี่ยงและแก้ไขได้ก่อนเกิดความเสียหาย"),
}
OTHER_REASONS = ("เลื่อนไปดำเนินการในปีถัดไป", "พื้นที่ประสบอุทกภัยในช่วงที่กำหนดไว้", "รวมไปดำเนินการกับโครงการอื่น")
RETURN_REASON = "ขอให้ระบุวัตถุประสงค์และกลุ่มเป้าหมายให้ชัดเจนขึ้น"
# SPEC S10 gives this sentence.
REJECT_REASON = "โครงการนี้ไม่สอดคล้องกับมิติของการป้องกันการทุจริต ไม่ต้องทำการรายงานผลการดำเนินการ"


@dataclass(frozen=True, slots=True)
class Entry:
    """One possible entry of a plan: a title with its kind, main dimension (number), target group and objectives."""

    name: str
    kind: str
    dimension: int
    target_group: str
    objectives: tuple


def _entries():
    for dimension, titles in _TITLES.items():
        objectives = tuple(f"{MARK}: {objective}" for objective in _OBJECTIVES[dimension])
        for title, letters in titles:
            kind = next(kind for word, kind in _KINDS.items() if title.startswith(word))
            for audience, group in (_AUDIENCES[letter] for letter in letters):
                yield Entry(f"{title}{audience}", str(kind), dimension, group, objectives)


ENTRIES = tuple(_entries())
