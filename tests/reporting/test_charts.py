"""Charts are safe by construction, to scale, and say in words what they draw."""

import re
from xml.etree import ElementTree

import pytest

from reporting.charts import LONGEST, Bar, Part, columns, compared, grouped, legend, stacked

NASTY = '<script>alert("ก")</script>&'


def drawn(svg):
    """The drawing as XML, which every one must be."""
    return ElementTree.fromstring(str(svg))


def rects(svg):
    """(class, x, width) of each bar, in per cent."""
    return [
        (rect.get("class"), float(rect.get("x")[:-1]), float(rect.get("width")[:-1]))
        for rect in drawn(svg).iter("rect")
    ]


@pytest.mark.parametrize(
    "draw",
    [
        lambda bars: stacked(NASTY, bars),
        lambda bars: grouped(NASTY, bars),
        lambda bars: compared(NASTY, bars, [50]),
        lambda bars: columns(NASTY, bars),
    ],
)
def test_names_and_words_are_escaped_everywhere(draw):
    (svg,) = draw([Bar(NASTY, [Part("chart-good", 50, NASTY, NASTY)], NASTY)])
    root = drawn(svg)
    assert "<script" not in svg
    assert root.find("title").text == NASTY
    assert NASTY in root.find("desc").text
    assert root.get("role") == "img"
    assert "style" not in svg


def test_a_legend_is_escaped():
    assert "<script" not in legend([("chart-good", NASTY)])


def test_stacked_pieces_stand_in_one_line_to_the_scale_of_the_longest_bar():
    (svg,) = stacked(
        "สถานะ", [Bar("ก", [Part("a", 30), Part("b", 10)]), Bar("ข", [Part("a", 20), Part("b", 0)])], names=0, width=100
    )
    assert rects(svg) == [("a", 0, 75), ("b", 75, 25), ("a", 0, 50)]


def test_grouped_pieces_share_one_scale():
    (svg,) = grouped("งบประมาณ", [Bar("ก", [Part("a", 100), Part("b", 50)]), Bar("ข", [Part("a", 25), Part("b", 0)])])
    widths = [width for _, _, width in rects(svg)]
    assert [width / widths[0] for width in widths] == [1, 0.5, 0.25, 0]


def test_a_percentage_is_drawn_against_100_and_never_beyond():
    (svg,) = compared("เทียบ", [Bar("ก", [Part("a", 100)]), Bar("ข", [Part("a", 50)]), Bar("ค", [Part("a", 250)])], [50])
    full, half, beyond = (width for _, _, width in rects(svg))
    assert half == full / 2
    assert beyond == full
    assert len(list(drawn(svg).iter("line"))) == 1


def test_many_rows_come_in_drawings_of_a_page_each():
    drawings = compared("เทียบ", [Bar(str(number), [Part("a", number)]) for number in range(77)])
    assert len(drawings) == 3
    assert max(len(rects(svg)) for svg in drawings) <= LONGEST
    assert sum(len(rects(svg)) for svg in drawings) == 77


def test_the_words_of_a_chart_tell_every_piece():
    (svg,) = stacked("สถานะ", [Bar("มิติที่ 1", [Part("a", 3, "3", "แล้วเสร็จ"), Part("b", 0, "0", "รอ")], "N 3")])
    assert drawn(svg).find("desc").text == "มิติที่ 1 แล้วเสร็จ 3, รอ 0 N 3"


@pytest.mark.parametrize("draw", [stacked, grouped, compared, columns])
def test_nothing_is_no_drawing(draw):
    assert draw("ว่าง", []) == []


def test_where_all_is_0_nothing_is_divided_by_it():
    (svg,) = grouped("งบประมาณ", [Bar("ก", [Part("a", 0)])])
    assert re.findall(r'width="0%"', svg)
    assert rects(stacked("สถานะ", [Bar("ก", [Part("a", 0)])])[0]) == []


def test_columns_name_the_first_the_middle_and_the_last():
    (svg,) = columns("คืบหน้า", [Bar(str(number), [Part("a", number * 10)]) for number in range(9)])
    assert [text.text for text in drawn(svg).iter("text")][-3:] == ["0", "4", "8"]
    heights = [float(rect.get("height")[:-2]) for rect in drawn(svg).iter("rect")]
    assert heights == sorted(heights)
