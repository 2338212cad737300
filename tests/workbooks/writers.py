"""The same workbook as other programs write it, part by part of the archive.

Each writer takes the parts of a workbook (name to bytes) and gives those that the program would have written. What is
peculiar to each was looked up in files and bug reports of the program, or is what the standard allows.
"""

import io
import re
import zipfile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHEETS = re.compile(r"xl/worksheets/sheet[0-9]+\.xml")
STRINGS = "xl/sharedStrings.xml"


def parts_of(content):
    """The parts of an archive."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts):
    """An archive of `parts`, the same bytes each time."""
    fresh = io.BytesIO()
    with zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2019, 4, 1, 12, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return fresh.getvalue()


def shared(parts):
    """With the texts in the table of shared strings, where most programs put them and openpyxl does not."""
    texts = {}

    def edit(sheet):
        return re.sub(
            rb"<c ([^>]*?)t=\"inlineStr\"([^>]*)><is><t[^>]*?(?:/>|>(.*?)</t>)</is></c>",
            lambda c: b'<c %st="s"%s><v>%d</v></c>' % (c[1], c[2], texts.setdefault(c[3] or b"", len(texts))),
            sheet,
            flags=re.DOTALL,
        )

    parts = _edit(parts, edit)
    listed = b"".join(b"<si><t>%s</t></si>" % text for text in texts)
    types, relations = parts["[Content_Types].xml"], parts["xl/_rels/workbook.xml.rels"]
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    override = b'<Override PartName="/xl/sharedStrings.xml" ContentType="%s" /></Types>' % kind
    relation = b'<Relationship Type="%s/sharedStrings" Target="sharedStrings.xml" Id="rId99" /></Relationships>'
    return {
        **parts,
        STRINGS: b'<sst xmlns="%s" uniqueCount="%d">%s</sst>' % (MAIN.encode(), len(texts), listed),
        "[Content_Types].xml": types.replace(b"</Types>", override),
        "xl/_rels/workbook.xml.rels": relations.replace(b"</Relationships>", relation % RELATIONS.encode()),
    }


def _edit(parts, edit, names=SHEETS):
    return {name: edit(content) if names.fullmatch(name) else content for name, content in parts.items()}


def _without(parts, *names):
    """Without the parts that begin so, and without what names them."""
    kept = {name: content for name, content in parts.items() if not name.startswith(names)}
    for name in kept:
        if name == "[Content_Types].xml" or name.endswith(".rels"):
            for gone in set(parts) - set(kept):
                target = re.escape(gone.removeprefix("xl/").encode())
                pattern = rb"<(?:Override|Relationship) [^>]*[\"/]" + target + rb"\"[^>]*?/>"
                kept[name] = re.sub(pattern, b"", kept[name])
    return kept


def google_sheets(parts):
    """Google Sheets: numbers with a point, no properties, no dimension, no locks, namespaces of its own."""
    own = (
        b'<worksheet xmlns:mx="http://schemas.microsoft.com/office/mac/excel/2008/main" '
        b'xmlns:mv="urn:schemas-microsoft-com:mac:vml" '
        b'xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac" '
    )

    def edit(sheet):
        sheet = re.sub(rb"<dimension[^>]*/>|<sheetProtection[^>]*/>", b"", sheet)
        sheet = re.sub(rb"(t=\"n\"[^>]*><v>[0-9]+)</v>", rb"\1.0</v>", sheet)
        return sheet.replace(b"<worksheet ", own, 1)

    return _without(_edit(shared(parts), edit), "docProps/")


def wps_office(parts):
    """WPS Office: properties of its own, with refinements that the standard forbids, and its namespace on sheets."""
    core = (
        b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        b'<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        b'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        b'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:creator>clerk</dc:creator>'
        b'<dcterms:created xsi:type="dcterms:W3CDTF">2562-04-01T05:00:00Z</dcterms:created>'
        b"<dcterms:alternative>x</dcterms:alternative></cp:coreProperties>"
    )
    custom = (
        b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties xmlns="http://schemas.openxmlformats.org/'
        b'officeDocument/2006/custom-properties" xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/'
        b'docPropsVTypes"><property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="KSOProductBuildVer">'
        b"<vt:lpwstr>1054-11.2.0.11537</vt:lpwstr></property></Properties>"
    )
    etc = b' xmlns:etc="http://www.wps.cn/officeDocument/2017/etCustomData"'

    def edit(sheet):
        sheet = re.sub(rb"<worksheet([^>]*)>", rb"<worksheet\1" + etc + rb">", sheet, count=1)
        return (
            sheet.replace(b"</worksheet>", b"<headerFooter/></worksheet>") if b"<headerFooter" not in sheet else sheet
        )

    parts = _edit(shared(parts), edit)
    types = parts["[Content_Types].xml"].replace(
        b"</Types>",
        b'<Override PartName="/docProps/custom.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        b'custom-properties+xml"/></Types>',
    )
    relation = (
        b'<Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        b'custom-properties" Target="docProps/custom.xml"/></Relationships>'
    )
    root = parts["_rels/.rels"].replace(b"</Relationships>", relation)
    own = {"docProps/core.xml": core, "docProps/custom.xml": custom, "[Content_Types].xml": types, "_rels/.rels": root}
    return {**parts, **own}


def inline_strings(parts):
    """Reporting tools: texts in the cells themselves, cells without their places, no dimension and no styles."""

    def edit(sheet):
        sheet = re.sub(rb"<dimension[^>]*/>", b"", sheet)
        return re.sub(rb"(<(?:c|row)) r=\"[A-Z0-9]+\"", rb"\1", re.sub(rb" s=\"[0-9]+\"", b"", sheet))

    return _without(_edit(parts, edit), "xl/styles.xml", "xl/theme/")


def prefixed(parts):
    """The Open XML SDK: every element under a prefix, absolute targets, ids that are no numbers."""

    def edit(xml):
        xml = re.sub(rb"<(/?)(?![?!])([A-Za-z])", rb"<\1x:\2", xml)
        return xml.replace(b'xmlns="' + MAIN.encode(), b'xmlns:x="' + MAIN.encode(), 1)

    of_book = re.compile(r"xl/(?:worksheets/[^/]*|workbook|styles|sharedStrings)\.xml")
    parts = _without(_edit(parts, edit, of_book), "xl/theme/")
    relations = parts["xl/_rels/workbook.xml.rels"]
    relations = re.sub(rb'Target="(?!/)([^"]*)"', rb'Target="/xl/\1"', relations)
    relations = re.sub(rb'Id="rId([0-9]+)"', rb'Id="Rf3a\1b"', relations)
    book = re.sub(rb'r?:?id="rId([0-9]+)"', rb'r:id="Rf3a\1b"', parts["xl/workbook.xml"])
    return {**parts, "xl/_rels/workbook.xml.rels": relations, "xl/workbook.xml": book}


def strict(parts):
    """Excel's "Strict Open XML Spreadsheet": the namespaces of ISO 29500 instead of the older ones."""
    older = [
        (MAIN.encode(), b"http://purl.oclc.org/ooxml/spreadsheetml/main"),
        (RELATIONS.encode(), b"http://purl.oclc.org/ooxml/officeDocument/relationships"),
        (b"http://schemas.openxmlformats.org/drawingml/2006/main", b"http://purl.oclc.org/ooxml/drawingml/main"),
        (
            b"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties",
            b"http://purl.oclc.org/ooxml/officeDocument/extendedProperties",
        ),
    ]

    def edit(xml):
        for before, after in older:
            xml = xml.replace(before, after)
        return xml

    parts = _edit(parts, edit, re.compile(r".*\.(?:xml|rels)"))
    return {
        **parts,
        "xl/workbook.xml": parts["xl/workbook.xml"].replace(b"<workbook ", b'<workbook conformance="strict" '),
    }


def microsoft_365(parts):
    """Today's Excel: rich text with phonetic hints, preserved spaces, alternate content, revision marks."""
    rich = (
        rb'<si><r><rPr><b/><sz val="14"/><rFont val="TH Sarabun New"/></rPr><t xml:space="preserve"></t></r><r><t '
        rb'xml:space="preserve">\1</t></r><phoneticPr fontId="1"/></si>'
    )
    parts = shared(parts)
    strings = re.sub(rb"<si><t>([^<]*)</t></si>", rich, parts[STRINGS])
    revision = b' xmlns:xr="http://schemas.microsoft.com/office/spreadsheetml/2014/revision" xr:uid="{00000000-0001}"'

    def edit(sheet):
        return re.sub(rb"<worksheet([^>]*)>", rb"<worksheet\1" + revision + rb">", sheet, count=1)

    alternate = (
        b'<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        b'<mc:Choice Requires="x15" xmlns:x15="http://schemas.microsoft.com/office/spreadsheetml/2010/11/main">'
        b'<x15ac:absPath url="C:\\" xmlns:x15ac="http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac"/>'
        b"</mc:Choice></mc:AlternateContent><bookViews>"
    )
    book = parts["xl/workbook.xml"].replace(b"<bookViews>", alternate, 1)
    return {**_edit(parts, edit), STRINGS: strings, "xl/workbook.xml": book}


def other_places(parts):
    """Programs that lay the parts elsewhere: strings and sheets under other names, found by the relations alone."""
    moved = {STRINGS: "xl/strings/SharedStrings1.xml", "xl/worksheets/sheet1.xml": "xl/pages/first.xml"}
    parts = {moved.get(name, name): content for name, content in shared(parts).items()}
    for name in ("[Content_Types].xml", "xl/_rels/workbook.xml.rels"):
        for before, after in moved.items():
            parts[name] = parts[name].replace(before.removeprefix("xl/").encode(), after.removeprefix("xl/").encode())
    return parts
