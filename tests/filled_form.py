"""An Excel form of ours as a spreadsheet program holds it: opened, filled in, and sent back."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook


class FilledForm:
    """The form that the `address` gives to `client`."""

    def __init__(self, client, address):
        response = client.get(address)
        assert response.status_code == 200
        self.book = load_workbook(io.BytesIO(response.content))
        self.sheet = self.book.worksheets[0]
        self.first = next(n for n in range(1, 20) if self.sheet.cell(n, 1).value == "รหัสแถว (ห้ามแก้)") + 1
        self.columns = {cell.value: cell.column for cell in self.sheet[self.first - 1]}

    def cell(self, row, heading):
        """The cell of a row, counted from 0, under a heading."""
        return self.sheet.cell(self.first + row, self.columns[heading])

    def type(self, row, **texts):
        """Fill cells of a row; spaces of headings are written as underscores."""
        for heading, text in texts.items():
            self.cell(row, heading.replace("_", " ")).value = text

    def said(self, row):
        """What stands in a row, by heading."""
        found = {heading: self.cell(row, heading).value for heading in self.columns}
        return {heading: value for heading, value in found.items() if value is not None}

    def stamp(self, key, value):
        """Forge a line of the hidden sheet."""
        for line in self.book["_eplan"].iter_rows():
            if line[0].value == key:
                line[1].value = value

    def content(self):
        """The bytes of the file."""
        content = io.BytesIO()
        self.book.save(content)
        return content.getvalue()

    def send(self, client, address):
        """Send it and follow to the preview."""
        return send(client, address, self.content())


def send(client, address, content):
    """Send the bytes of a file and follow to the preview."""
    return client.post(address, {"file": SimpleUploadedFile("แบบฟอร์ม.xlsx", content)}, follow=True)


def problems_of(answer):
    """Row, column, value and reason of each problem that a preview shows."""
    keys = ("row", "column", "value", "reason")
    return [tuple(problem[key] for key in keys) for problem in answer.context["upload"].problems]
