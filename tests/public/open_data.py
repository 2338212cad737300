"""Reads what the open data addresses answer, for the tests."""

import csv
import io
import json

from openpyxl import load_workbook


def fetch(client, name, ending, **choice):
    """The bytes of a file, read to its end."""
    response = client.get(f"/public/data/{name}.{ending}", choice)
    assert response.status_code == 200, response.content
    content = response.getvalue()
    response.close()
    return content


def csv_rows(content):
    """The rows of a CSV file as dicts; None where a field is empty."""
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    return [{name: value or None for name, value in row.items()} for row in rows]


def json_rows(content):
    """The rows of a JSON file."""
    return json.loads(content)


def excel_rows(content):
    """The rows of a workbook's data sheets as tuples, the headings first."""
    book = load_workbook(io.BytesIO(content))
    return [row for sheet in book.worksheets[:-1] for row in sheet.iter_rows(values_only=True)]


def api_rows(client, name, **choice):
    """All rows that the API gives, page by page."""
    rows, address = [], f"/public/api/v1/{name}/"
    while address:
        answer = client.get(address, choice).json()
        rows, address, choice = rows + answer["data"], answer["next"], {}
    return rows
