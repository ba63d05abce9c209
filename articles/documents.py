"""Checks documents by their content: PDF, text, sound, film, office files, and archives of such.

A document with a program in it is refused, and one that cannot be opened without a password.
"""

import io
import logging
import zipfile

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from lxml import etree
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from articles import recordings

# What is wrong with a PDF is said to the person who sends it, not to those who read the log.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)

MOST_PARTS = 10_000  # of an office file
MOST_UNPACKED = 300 * 1024 * 1024  # bytes of all parts together
CONTENT_TYPES = "[Content_Types].xml"
MOST_CONTENT_TYPES = 1024 * 1024  # bytes of the part that lists all parts
# What an archive may hold beside the kinds that the library takes: pictures, data, texts.
IN_ARCHIVES = {
    *("jpg", "jpeg", "png", "gif", "webp", "avif", "heic", "heif", "tif", "tiff"),
    *("tsv", "json", "geojson", "ndjson", "xml", "kml", "gpx", "shp", "shx", "dbf", "prj", "cpg"),
    *("md", "srt", "vtt", "odt", "ods", "odp", "epub", "wav", "flac", "mov"),
}
LEFT_BY_SYSTEMS = {".ds_store", "thumbs.db", "desktop.ini"}
PROGRAMS = ("vbaproject", "vbadata", "activex", "macrosheets")  # in the names of parts
RUN_BY_PDF = {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm"}
OFFICE = "application/vnd.openxmlformats-officedocument."


def check_pdf(content):
    """Raise ``ValidationError`` unless the content is a PDF that every reader opens."""
    if not content.startswith(b"%PDF-"):
        raise _refuse_as_other()
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        is_locked = reader.is_encrypted and not reader.decrypt("")
        page_count = 0 if is_locked else len(reader.pages)
        has_program = not is_locked and _runs_program(reader.root_object)
    except Exception as error:  # its parsers raise exceptions of every kind
        raise _refuse_as_damaged() from error
    if is_locked:
        raise _refuse_as_locked()
    if not page_count:
        raise _refuse_as_damaged()
    if has_program:
        raise _refuse_program()


def _runs_program(root):
    """Whether the catalogue of a PDF starts something when the file is opened, or holds scripts."""
    names = _read_dictionary(root, "/Names")
    opening = _read_dictionary(root, "/OpenAction")
    return "/JavaScript" in names or opening.get("/S") in RUN_BY_PDF or "/AA" in root


def _read_dictionary(parent, key):
    value = parent.get(key)
    value = value.get_object() if value is not None else None
    return value if isinstance(value, DictionaryObject) else DictionaryObject()


def check_text(content):
    """Raise ``ValidationError`` unless the content is UTF-8, or Shift JIS, which Japanese
    spreadsheets use."""
    if b"\0" not in content:
        for encoding in ("utf-8", "cp932"):
            try:
                content.decode(encoding)
            except UnicodeDecodeError:
                continue
            return
    raise _refuse_as_other()


class RecordingCheck:
    """Raises ``ValidationError`` unless the content is sound or film of this kind."""

    def __init__(self, is_kind):
        self._is_kind = is_kind

    def __call__(self, content):
        if not self._is_kind(content):
            raise _refuse_as_other()


class OfficeCheck:
    """Raises ``ValidationError`` unless the content is an office file of this kind, such as
    ``wordprocessingml.document``, without a program in it."""

    def __init__(self, kind):
        self.content_type = f"{OFFICE}{kind}"
        self._main = f"{self.content_type}.main+xml"

    def __call__(self, content):
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                parts = archive.infolist()
                _check_parts(parts, len(content))
                kinds = _read_content_types(archive)
        except ValidationError:
            raise
        except Exception as error:
            raise _refuse_as_other() from error
        names = " ".join(part.filename for part in parts).lower()
        if any("macroenabled" in kind.lower() for kind in kinds) or any(
            program in names for program in PROGRAMS
        ):
            raise _refuse_program()
        if self._main not in kinds:
            raise _refuse_as_other()


def check_archive(content):
    """Raise ``ValidationError`` unless the content is a ZIP of which every file is of a kind on our
    lists, and stays in its folder when it is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except Exception as error:
        raise _refuse_as_other() from error
    _check_parts(parts, len(content))
    names = [part.filename for part in parts if not part.is_dir()]
    for name in names:
        if not _may_be_packed(name):
            message = _("“%(name)s” in this archive is of a kind that is not accepted.")
            raise ValidationError(message % {"name": name[:80]}, code="not_accepted")
    if not names:
        raise _refuse_as_other()


def _may_be_packed(name):
    *folders, last = name.replace("\\", "/").lower().split("/")
    if ".." in folders or name.startswith(("/", "\\")) or ":" in name:
        return False
    if "__macosx" in folders or last in LEFT_BY_SYSTEMS:
        return True
    extension = last.rpartition(".")[2]
    return extension in IN_ARCHIVES or (extension in CHECKS and extension != "zip")


def _check_parts(parts, size):
    """Refuse what would fill the disk of the reader who opens it: no part is unpacked for that."""
    if any(part.flag_bits & 1 for part in parts):
        raise _refuse_as_locked()
    unpacked = sum(part.file_size for part in parts)
    overlaps = sum(part.compress_size for part in parts) > size
    if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED or overlaps:
        message = _("This file would become too large when it is opened.")
        raise ValidationError(message, code="too_large")


def _read_content_types(archive):
    """Return the content types of the parts, as the office file lists them."""
    with archive.open(CONTENT_TYPES) as part:
        text = part.read(MOST_CONTENT_TYPES + 1)
    if len(text) > MOST_CONTENT_TYPES or b"<!DOCTYPE" in text:
        raise _refuse_as_other()
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return [each.get("ContentType", "") for each in etree.fromstring(text, parser)]


def _refuse_as_other():
    message = _(
        "This file type is not accepted. You can upload pictures (JPEG, PNG, GIF, "
        "WebP, AVIF, HEIC) and these files: %(kinds)s. The content must match the file "
        "name extension."
    )
    return ValidationError(message % {"kinds": _(", ").join(CHECKS).upper()}, code="not_accepted")


def _refuse_as_damaged():
    message = _("This PDF cannot be read: it is damaged or incomplete. Export it again.")
    return ValidationError(message, code="damaged")


def _refuse_as_locked():
    message = _("This file needs a password. Save it without one.")
    return ValidationError(message, code="locked")


def _refuse_program():
    message = _("This file holds a program (macros or scripts). Save it without them.")
    return ValidationError(message, code="program")


def check_document(extension, content):
    """Return the content type of a document; raises ``ValidationError`` with a sentence."""
    if extension not in CHECKS:
        raise _refuse_as_other()
    content_type, check = CHECKS[extension]
    check(content)
    return content_type


_WORD = OfficeCheck("wordprocessingml.document")
_SHEET = OfficeCheck("spreadsheetml.sheet")
_SLIDES = OfficeCheck("presentationml.presentation")
CHECKS = {
    "pdf": ("application/pdf", check_pdf),
    "txt": ("text/plain", check_text),
    "csv": ("text/csv", check_text),
    "docx": (_WORD.content_type, _WORD),
    "xlsx": (_SHEET.content_type, _SHEET),
    "pptx": (_SLIDES.content_type, _SLIDES),
    "zip": ("application/zip", check_archive),
    **{name: (kind, RecordingCheck(check)) for name, (kind, check) in recordings.KINDS.items()},
}
