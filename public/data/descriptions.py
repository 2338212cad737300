"""Open data described for programs: Frictionless Data Package, OpenAPI and schema.org, out of the allow-list."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from eplan.thai import clean_line
from public.data.columns import BETWEEN, Column
from public.data.datasets import DATASETS, Dataset
from public.data.files import FORMS

TITLE = "ข้อมูลเปิด แผนปฏิบัติการป้องกันการทุจริตขององค์กรปกครองส่วนท้องถิ่น (e-PlanNACC)"
ABOUT = (
    "แผน โครงการ งบประมาณ รายงานผล คะแนน และผลการนำแผนไปปฏิบัติของ อปท. ทั่วประเทศ เป็นปัจจุบันเสมอ"
    " ไม่มีข้อมูลส่วนบุคคล ไม่มีรายการที่ลบ และไม่มีสิ่งที่ อปท. ซึ่งยังไม่ได้รับการยืนยันบันทึกไว้"
)
PUBLISHER = "สำนักงานคณะกรรมการป้องกันและปราบปรามการทุจริตแห่งชาติ (สำนักงาน ป.ป.ช.)"
KEYWORDS = ["การป้องกันการทุจริต", "องค์กรปกครองส่วนท้องถิ่น", "งบประมาณ", "ความโปร่งใส"]
CSV_RULES = (
    "UTF-8 มี BOM คั่นด้วยจุลภาค หัวตารางเป็นชื่อสำหรับโปรแกรม ช่องว่างเปล่า = ไม่มีค่า ข้อความและรหัสอยู่ในเครื่องหมายคำพูด"
    " ข้อความที่ขึ้นต้นด้วย = + - @ มี ' นำหน้า เพื่อไม่ให้โปรแกรมตารางคำนวณอ่านเป็นสูตร (ใน Excel และ JSON ไม่มี)"
)
MOST_A_PAGE, USUAL_PAGE = 1000, 100


def as_data_package() -> dict[str, Any]:
    """A tabular Data Package; its resources are the CSV files of the whole nation."""
    return {
        "profile": "tabular-data-package",
        "name": "e-plannacc",
        "title": TITLE,
        "description": f"{ABOUT} {CSV_RULES}",
        "homepage": f"{settings.EPLAN_SITE_URL}{reverse('public-data')}",
        "licenses": [settings.EPLAN_DATA_LICENCE],
        "contributors": [{"title": PUBLISHER, "role": "publisher"}],
        "keywords": KEYWORDS,
        "resources": [_resource(dataset) for dataset in DATASETS.values()],
    }


def _resource(dataset):
    return {
        "profile": "tabular-data-resource",
        "name": dataset.name,
        "title": dataset.title,
        "description": dataset.description,
        "path": f"{dataset.name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True, "header": True},
        "schema": {
            "fields": [_field(dataset, column) for column in dataset.columns],
            "missingValues": [""],
            "primaryKey": list(dataset.identity),
            "foreignKeys": [
                {"fields": column, "reference": {"resource": other, "fields": column}}
                for column, other in dataset.links
            ],
        },
    }


def _field(dataset: Dataset, column: Column):
    field = {"name": column.name, "title": column.label, "type": column.is_.table, "description": _told(column)}
    if column.kind in ("words", "numbers"):
        field["description"] = clean_line(f"{field['description']} รายการคั่นด้วย {BETWEEN}")
    elif column.words:
        field["constraints"] = {"required": not column.nullable, "enum": list(column.words)}
    if "constraints" not in field:
        field["constraints"] = {"required": not column.nullable}
    return field


def as_openapi() -> dict[str, Any]:
    """The API in OpenAPI 3.1."""
    root = reverse("public-api")
    paths = {f"{root}{dataset.name}/": {"get": _operation(dataset)} for dataset in DATASETS.values()}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": TITLE,
            "version": "1.0.0",
            "description": f"{ABOUT} อ่านอย่างเดียว เรียงตามลำดับคงที่ หน้าถัดไปอยู่ใน next",
            "license": {"name": settings.EPLAN_DATA_LICENCE["title"], "url": settings.EPLAN_DATA_LICENCE["path"]},
        },
        "servers": [{"url": "/"}],
        "externalDocs": {"description": "พจนานุกรมข้อมูล", "url": reverse("public-data-dictionary")},
        "paths": paths,
        "components": {
            "schemas": {
                **{_schema_name(dataset): _row(dataset) for dataset in DATASETS.values()},
                "Problem": {
                    "type": "object",
                    "required": ["type", "title", "title_th", "status", "detail", "detail_th"],
                    "properties": {
                        "type": {"type": "string"},
                        "title": {"type": "string"},
                        "title_th": {"type": "string"},
                        "status": {"type": "integer"},
                        "detail": {"type": "string"},
                        "detail_th": {"type": "string"},
                    },
                },
            },
            "parameters": _parameters(),
            "responses": {
                "Problem": {
                    "description": "คำขอไม่ถูกต้อง หรือไม่มีข้อมูลนี้",
                    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
                }
            },
        },
    }


def _operation(dataset):
    names = ["year"] if dataset.of_year else []
    page = {
        "type": "object",
        "required": ["dataset", "licence", "next", "data"],
        "properties": {
            "dataset": {"const": dataset.name},
            "licence": {"type": "string"},
            "next": {"type": ["string", "null"], "format": "uri", "description": "หน้าถัดไป null = หมดแล้ว"},
            "data": {"type": "array", "items": {"$ref": f"#/components/schemas/{_schema_name(dataset)}"}},
        },
    }
    return {
        "operationId": dataset.name,
        "summary": dataset.title,
        "description": dataset.description,
        "parameters": [
            {"$ref": f"#/components/parameters/{name}"} for name in (*names, "province", "lao", "limit", "cursor")
        ],
        "responses": {
            "200": {
                "description": "แถวข้อมูลหนึ่งหน้า",
                "headers": {"ETag": {"schema": {"type": "string"}}},
                "content": {"application/json": {"schema": page}},
            },
            "304": {"description": "ไม่มีอะไรเปลี่ยนจากที่ระบุใน If-None-Match"},
            "400": {"$ref": "#/components/responses/Problem"},
        },
    }


def _schema_name(dataset):
    return "".join(word.title() for word in dataset.name.split("-"))


def _row(dataset):
    return {
        "type": "object",
        "required": [column.name for column in dataset.columns],
        "additionalProperties": False,
        "properties": {column.name: _property(column) for column in dataset.columns},
    }


def _property(column):
    schema = dict(column.is_.json)
    if column.words and "items" in schema:
        schema["items"] = {"type": "string", "enum": list(column.words)}
    elif column.nullable and "items" not in schema:
        schema["type"] = [schema["type"], "null"]
    if column.words and "items" not in schema:
        schema["enum"] = [*column.words, *([None] if column.nullable else [])]
    return {**schema, "title": column.label, "description": _told(column)}


def _told(column):
    return column.meaning or column.label


def _parameters():
    integer = {"type": "integer", "minimum": 1, "maximum": MOST_A_PAGE, "default": USUAL_PAGE}
    named = {
        "year": ("ปีงบประมาณ พ.ศ.", {"type": "integer", "minimum": 2540, "maximum": 2640}),
        "province": ("รหัสจังหวัด 2 หลัก", {"type": "string", "pattern": "^[0-9]{2}$"}),
        "lao": ("รหัส อปท. 7 หลัก", {"type": "string", "pattern": "^[0-9]{7}$"}),
        "limit": ("จำนวนแถวต่อหน้า", integer),
        "cursor": ("จาก next ของหน้าก่อน", {"type": "string"}),
    }
    return {
        name: {"name": name, "in": "query", "required": False, "description": description, "schema": schema}
        for name, (description, schema) in named.items()
    }


def as_catalogue() -> dict[str, Any]:
    """All datasets as a schema.org DataCatalog."""
    site = settings.EPLAN_SITE_URL
    publisher = {"@type": "GovernmentOrganization", "name": PUBLISHER}
    return {
        "@type": "DataCatalog",
        "name": TITLE,
        "description": ABOUT,
        "url": f"{site}{reverse('public-data')}",
        "license": settings.EPLAN_DATA_LICENCE["path"],
        "publisher": publisher,
        "dataset": [
            {
                "@type": "Dataset",
                "name": dataset.title,
                "description": f"{dataset.description} {ABOUT}",
                "license": settings.EPLAN_DATA_LICENCE["path"],
                "creator": publisher,
                "isAccessibleForFree": True,
                "keywords": KEYWORDS,
                "spatialCoverage": "ประเทศไทย",
                "url": f"{site}{reverse('public-data')}",
                "variableMeasured": [column.label for column in dataset.columns],
                "distribution": [
                    {
                        "@type": "DataDownload",
                        "encodingFormat": form.content_type.split(";")[0],
                        "contentUrl": f"{site}{reverse('public-data-file', args=[dataset.name, ending])}",
                    }
                    for ending, form in FORMS.items()
                ],
            }
            for dataset in DATASETS.values()
        ],
    }
