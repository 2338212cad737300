"""Why a project was not saved, in words: on the screens and for rows of Excel."""

NOT_CHANGEABLE = "โครงการนี้ถูกปฏิเสธหรือถูกลบแล้ว จึงแก้ไขไม่ได้"
CHANGED_MEANWHILE = "มีผู้แก้ไขข้อมูลนี้ระหว่างรอยืนยัน"


def why_years_stay(rounds):
    """The message for years that can't be taken out; `rounds`: fiscal year to the months of its reports."""
    reported = ", ".join(
        f"ปี {year} (รอบ {' และ '.join(map(str, months))} เดือน)" for year, months in sorted(rounds.items())
    )
    return f"นำออกไม่ได้ เพราะรายงานผลการดำเนินงานแล้ว: {reported}"


def why_years_are_refused(years):
    """The message for years that the plan no longer allows."""
    return f"แผนของท่านไม่ครอบคลุมปี {', '.join(map(str, years))} แล้ว กรุณาเลือกปีอื่น"
