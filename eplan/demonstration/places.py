"""The organisations of the demonstration: real provinces, districts and subdistricts, made-up organisations in them.

The areas come from the package `geothai` (GeoThai/data, CC BY 4.0; see docs/data.md). Codes follow the pattern of the
Department of Local Administration: kind, province (2), district (2), running number within the district (2).
"""

from collections import defaultdict
from dataclasses import dataclass
from itertools import count

import geothai

from lao.models import Lao

Kind = Lao.Kind
FIRST_DIGIT = {
    Kind.PROVINCIAL: "2",
    Kind.BANGKOK: "2",  # in no register: it stands where its province's อบจ. would
    Kind.CITY: "3",
    Kind.PATTAYA: "3",
    Kind.TOWN: "4",
    Kind.SUBDISTRICT_MUNICIPALITY: "5",
    Kind.SUBDISTRICT_ORGANIZATION: "6",
}
MUNICIPALITIES = (Kind.CITY, Kind.TOWN, Kind.SUBDISTRICT_MUNICIPALITY)

# How many เทศบาลนคร - เทศบาลเมือง - เทศบาลตำบล - อบต. each province has, beside its one อบจ.: the Department of Local
# Administration's own counts. With Pattaya and Bangkok they come to 7,850 organisations.
_COUNTS = (
    "11:1-7-14-26 12:2-10-10-23 13:1-10-18-35 14:1-5-30-121 15:0-1-20-43 16:0-3-20-102 17:0-2-6-33 "
    "18:0-1-38-20 19:0-4-34-70 20:2-10-36-49 21:1-2-27-37 22:0-5-42-34 23:0-1-14-28 24:0-1-33-74 25:0-2-12-55 "
    "26:0-1-5-39 27:0-3-13-49 30:1-4-85-243 31:0-3-60-145 32:0-1-27-144 33:0-2-35-179 34:1-4-54-179 "
    "35:0-1-23-63 36:0-1-35-106 37:0-1-23-39 38:0-1-17-39 39:0-1-23-43 40:1-6-77-140 41:1-3-67-109 "
    "42:0-2-27-71 43:0-2-17-48 44:0-1-18-123 45:0-1-72-129 46:0-2-77-71 47:1-0-65-74 48:0-1-21-81 "
    "49:0-1-24-29 50:1-4-116-89 51:0-1-39-17 52:1-3-39-59 53:0-1-25-53 54:0-1-25-57 55:0-1-18-80 56:0-2-33-36 "
    "57:1-0-72-70 58:0-1-6-42 60:1-2-18-121 61:0-1-13-49 62:0-3-22-64 63:1-1-17-49 64:0-3-18-69 65:1-1-24-76 "
    "66:0-3-25-73 67:0-3-22-102 70:0-5-31-75 71:0-3-46-72 72:0-2-44-80 73:1-5-20-90 74:2-2-11-22 75:0-1-8-26 "
    "76:0-2-13-69 77:0-2-14-44 80:1-3-50-130 81:0-1-14-46 82:0-2-13-36 83:1-2-9-6 84:2-3-35-97 85:0-2-10-18 "
    "86:0-2-26-50 90:2-11-35-92 91:0-1-6-34 92:1-1-22-75 93:0-1-48-24 94:0-2-15-96 95:1-2-13-47 96:0-3-13-72 "
)
NATION = {
    province: tuple(int(number) for number in numbers.split("-"))
    for province, numbers in (entry.split(":") for entry in _COUNTS.split())
} | {"10": (0, 0, 0, 0)}
_FEW = (1, 1, 2, 3)
SMALL = {"81": NATION["81"], "30": _FEW, "50": _FEW, "90": _FEW}

# The organisations that the manual shows, under their true codes.
TRUE_CODES = {
    "8105": (
        ("5810501", Kind.SUBDISTRICT_MUNICIPALITY, "แหลมสัก"),
        ("5810502", Kind.SUBDISTRICT_MUNICIPALITY, "อ่าวลึกใต้"),
        ("6810503", Kind.SUBDISTRICT_ORGANIZATION, "นาเหนือ"),
        ("6810504", Kind.SUBDISTRICT_ORGANIZATION, "บ้านกลาง"),
        ("6810507", Kind.SUBDISTRICT_ORGANIZATION, "เขาใหญ่"),
        ("6810508", Kind.SUBDISTRICT_ORGANIZATION, "คลองยา"),
        ("6810509", Kind.SUBDISTRICT_ORGANIZATION, "คลองหิน"),
        ("6810510", Kind.SUBDISTRICT_ORGANIZATION, "แหลมสัก"),
    )
}
PATTAYA_DISTRICT = "2004"


@dataclass(frozen=True, slots=True)
class Place:
    """One organisation and where it is; `district` is a four-digit code, `subdistrict` a name or empty."""

    code: str
    kind: str
    name: str
    district: str
    subdistrict: str
    postal_code: str


def districts_of(province):
    """The districts of a province as `{four-digit code: name}`."""
    return {district.code: district.name_th for district in geothai.districts(province)}


def places_of(province, counts):
    """The organisations of a province: its อบจ. (or Bangkok), Pattaya, and `counts` of the four other kinds.

    The same call gives the same organisations under the same codes.
    """
    subdistricts = [found for district in districts_of(province) for found in geothai.subdistricts(district)]
    numbering = _Numbering()
    chosen = list(numbering.under_true_codes(subdistricts))
    capital = subdistricts[0]
    if province == "10":
        chosen.append(numbering.place(Kind.BANGKOK, "กรุงเทพมหานคร", capital))
    else:
        chosen.append(numbering.place(Kind.PROVINCIAL, geothai.province(province).name_th, capital))
    if any(found.district_code == PATTAYA_DISTRICT for found in subdistricts):
        head = next(found for found in subdistricts if found.district_code == PATTAYA_DISTRICT)
        chosen.append(numbering.place(Kind.PATTAYA, "เมืองพัทยา", head))
    wanted = [
        (kind, number - sum(place.kind == kind for place in chosen))
        for kind, number in zip((*MUNICIPALITIES, Kind.SUBDISTRICT_ORGANIZATION), counts, strict=True)
    ]
    for kind, number in wanted:
        for found in _chosen(kind, number, subdistricts, chosen):
            chosen.append(numbering.place(kind, _plain(found.name_th), found))
    return chosen


def _chosen(kind, number, subdistricts, standing):
    """The `number` subdistricts that get an organisation of `kind`, beside those `standing` already."""
    of_municipalities = {(place.district, place.subdistrict) for place in standing if place.kind in MUNICIPALITIES}
    if kind == Kind.SUBDISTRICT_ORGANIZATION:
        have_one = {(place.district, place.subdistrict) for place in standing if place.kind == kind}
        free = [found for found in subdistricts if _key(found) not in have_one]
        alone = [found for found in free if _key(found) not in of_municipalities]
        if number <= len(alone):
            return _spread(alone, number)
        shared = [found for found in free if _key(found) in of_municipalities]
        return alone + _spread(shared, number - len(alone))
    free = [found for found in subdistricts if _key(found) not in of_municipalities]
    if kind == Kind.SUBDISTRICT_MUNICIPALITY:
        # Where the municipalities are known, none is made up beside them.
        return _spread([found for found in free if found.district_code not in TRUE_CODES], number)
    heads = [found for found in free if found.code.endswith("01")]
    return (heads + [found for found in free if found not in heads])[:number]


def _key(subdistrict):
    return subdistrict.district_code, _plain(subdistrict.name_th)


def _plain(name):
    """A subdistrict's name without the older spelling that some carry in brackets."""
    return name.split(" (")[0]


def _spread(items, number):
    """`number` of `items`, at even distances."""
    return [items[position * len(items) // number] for position in range(number)]


class _Numbering:
    """Gives out running numbers, once each within a district."""

    def __init__(self):
        self._free = defaultdict(lambda: count(1))
        self._taken = set()

    def under_true_codes(self, subdistricts):
        """The organisations of `subdistricts` whose real codes are known, in the order of their codes."""
        by_key = {_key(found): found for found in subdistricts}
        for district, known in TRUE_CODES.items():
            for code, kind, name in known:
                if (district, name) in by_key:
                    self._taken.add(code[1:])
                    yield self._made(code, kind, name, by_key[district, name])

    def place(self, kind, name, subdistrict):
        """An organisation of `kind` in the district of `subdistrict`, under the next free number."""
        district = subdistrict.district_code
        tail = next(tail for number in self._free[district] if (tail := f"{district}{number:02d}") not in self._taken)
        return self._made(FIRST_DIGIT[kind] + tail, kind, name, subdistrict)

    @staticmethod
    def _made(code, kind, name, subdistrict):
        wide = kind in (Kind.PROVINCIAL, Kind.BANGKOK, Kind.PATTAYA)
        return Place(
            code=code,
            kind=str(kind),
            name=name,
            district=subdistrict.district_code,
            subdistrict="" if wide else _plain(subdistrict.name_th),
            postal_code=subdistrict.postal_codes[0] if subdistrict.postal_codes else "",
        )
