"""Documents as people send them: small, and whole."""

import io
import zipfile

from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

OFFICE = "application/vnd.openxmlformats-officedocument."
MAIN = {
    "docx": ("word/document.xml", "wordprocessingml.document"),
    "xlsx": ("xl/workbook.xml", "spreadsheetml.sheet"),
    "pptx": ("ppt/presentation.xml", "presentationml.presentation"),
}


def pdf(*, script="", password=None, pages=1):
    """The content of a PDF with empty pages."""
    writer, target = PdfWriter(), io.BytesIO()
    for _page in range(pages):
        writer.add_blank_page(100, 100)
    if script:
        action = DictionaryObject()
        action[NameObject("/S")] = NameObject("/JavaScript")
        action[NameObject("/JS")] = TextStringObject(script)
        writer.root_object[NameObject("/OpenAction")] = action
    if password is not None:
        writer.encrypt(password, "owner", algorithm="RC4-128")
    writer.write(target)
    return target.getvalue()


def office(extension, *further, main="", declaration="", fill=0):
    """The content of an office file with further parts; ``main`` replaces its main content type."""
    part, kind = MAIN[extension]
    main = main or f"{OFFICE}{kind}.main+xml"
    types = (
        f'{declaration}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/{part}" ContentType="{main}"/></Types>'
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr(part, "<x/>" + " " * fill)
        for name in further:
            archive.writestr(name, "x")
    return target.getvalue()
