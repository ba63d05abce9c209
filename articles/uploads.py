"""Checks uploads to the media library by their content, never by their name alone.

Pictures are decoded and encoded again, so the stored file has no EXIF data, location or comment,
is upright, and is bounded in bytes and pixels. Other files must be on an allow-list. No file that
can run scripts (SVG, HTML) is accepted.
"""

import hashlib
import io
import unicodedata
import zipfile
from pathlib import PurePath

from django.core.exceptions import SuspiciousFileOperation, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 50_000_000  # of all frames together
STEM_LENGTH = 60  # characters; a file name holds 255 bytes, and renditions lengthen it
READABLE = ("JPEG", "PNG", "GIF", "WEBP", "AVIF")
STORED_AS = {"JPEG": "JPEG", "MPO": "JPEG", "PNG": "PNG", "GIF": "PNG"}  # all others as WebP
SIMPLE_MODES = {"1", "L", "LA", "P", "RGB", "RGBA"}
QUALITY = 90


class VerifiedFile(SimpleUploadedFile):
    """An upload that passed the checks. Only such files reach the storage.

    Its name ends with a hash of the content, so a name is never reused for different content.
    """

    def __init__(self, stem, extension, content, content_type):
        digest = hashlib.sha256(content).hexdigest()[:8]
        super().__init__(f"{stem}-{digest}.{extension}", content, content_type)
        self.is_image = content_type.startswith("image/")


def verify_upload(upload):
    """Return a file for the library, either a picture or a download.

    Raises ``ValidationError`` with a sentence for the user who uploaded it.
    """
    content = _read_content(upload)
    if _looks_like_image(content):
        return _build_image(upload.name, content)
    return _build_download(upload.name, content)


def verify_image(upload):
    """Return a file for a field that accepts only pictures; raises like ``verify_upload``."""
    return _build_image(upload.name, _read_content(upload))


def verify_download(upload):
    """Return a file for a field that accepts only downloads; raises like ``verify_upload``."""
    return _build_download(upload.name, _read_content(upload))


def _read_content(upload):
    if upload.size > MAX_BYTES:
        message = _("The file is too large (%(size)s). The limit is %(limit)s.") % {
            "size": filesizeformat(upload.size),
            "limit": filesizeformat(MAX_BYTES),
        }
        raise ValidationError(message, code="too_large")
    upload.seek(0)
    return upload.read()


def _looks_like_image(content):
    try:
        with Image.open(io.BytesIO(content), formats=READABLE):
            return True
    except Image.DecompressionBombError:
        return True
    except Exception:  # Pillow's parsers raise exceptions of every kind
        return False


def _build_image(name, content):
    try:
        with Image.open(io.BytesIO(content), formats=READABLE) as image:
            frames = getattr(image, "n_frames", 1)
            if image.width * image.height * frames > MAX_PIXELS:
                raise Image.DecompressionBombError
            image.load()
            image_format, content = _encode_image(image, frames)
    except Image.DecompressionBombError:
        message = _("The picture has too many pixels. The limit is %(limit)d megapixels.")
        raise ValidationError(
            message % {"limit": MAX_PIXELS // 1_000_000}, code="too_many_pixels"
        ) from None
    except Exception as error:
        raise ValidationError(
            _(
                "This picture cannot be read. It is damaged, or it is not a JPEG, PNG, "
                "GIF, WebP or AVIF file."
            ),
            code="not_an_image",
        ) from error
    extension, content_type = image_format.lower(), Image.MIME[image_format]
    return VerifiedFile(_clean_stem(name), extension, content, content_type)


def _encode_image(image, frames):
    """Return a format and the picture encoded in it, without metadata but the colour profile.

    A GIF or WebP with several frames stays an animation. An animated PNG or AVIF is reduced to
    its first frame.
    """
    image_format = STORED_AS.get(image.format, "WEBP")
    options = {"icc_profile": image.info.get("icc_profile"), "quality": QUALITY}
    if frames > 1 and image.format in {"GIF", "WEBP"}:
        image_format = "WEBP"
        options |= {"save_all": True, "loop": image.info.get("loop", 0)}
    elif image_format == "JPEG":
        image, options = _prepare_jpeg(image, options)
    else:
        image = ImageOps.exif_transpose(image)
        if image.mode not in SIMPLE_MODES:
            image = _simplify_mode(image)
    target = io.BytesIO()
    image.save(target, image_format, **options)
    return image_format, target.getvalue()


def _prepare_jpeg(image, options):
    """Return the picture and options to save it as JPEG. An unchanged one keeps its quality."""
    upright = ImageOps.exif_transpose(image)
    is_changed = upright.size != image.size or image.getexif().get(0x0112, 1) != 1
    if image.mode == "CMYK":
        image, options = upright.convert("RGB"), {"quality": QUALITY}
    elif is_changed or image.format != "JPEG":
        image = upright
    else:
        options |= {"quality": "keep", "subsampling": "keep"}
    image.info.pop("comment", None)  # otherwise Pillow writes it again
    return image, options


def _simplify_mode(image):
    """Convert a picture of a rare mode (16 bits, floats, CMYK …) to one that all formats know."""
    if image.mode.startswith("I;16"):
        return image.convert("I").point(lambda value: value / 256).convert("L")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _build_download(name, content):
    extension = PurePath(name).suffix.lower().removeprefix(".")
    content_type, is_genuine = DOWNLOADS.get(extension, ("", None))
    if not is_genuine or not is_genuine(content):
        message = _(
            "This file type is not accepted. You can upload pictures (JPEG, PNG, GIF, "
            "WebP, AVIF) and these files: %(kinds)s. The content must match the file "
            "name extension."
        )
        kinds = ", ".join(DOWNLOADS).upper()
        raise ValidationError(message % {"kinds": kinds}, code="not_accepted")
    return VerifiedFile(_clean_stem(name), extension, content, content_type)


def _is_pdf(content):
    return content.startswith(b"%PDF-")


def _is_text(content):
    """Return whether the content is UTF-8, or Shift JIS, which Japanese spreadsheets use."""
    if b"\0" in content:
        return False
    for encoding in ("utf-8", "cp932"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


def _is_office(content):
    """Return whether the content is an Office document without macros."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False
    return "[Content_Types].xml" in names and not any("vbaProject" in name for name in names)


_OFFICE = "application/vnd.openxmlformats-officedocument."
DOWNLOADS = {
    "pdf": ("application/pdf", _is_pdf),
    "txt": ("text/plain", _is_text),
    "csv": ("text/csv", _is_text),
    "docx": (f"{_OFFICE}wordprocessingml.document", _is_office),
    "xlsx": (f"{_OFFICE}spreadsheetml.sheet", _is_office),
    "pptx": (f"{_OFFICE}presentationml.presentation", _is_office),
}


def _clean_stem(name):
    """Return the stem of a file name, made valid for all file systems."""
    stem = unicodedata.normalize("NFC", PurePath(name or "").stem)
    try:
        return get_valid_filename(stem)[:STEM_LENGTH].strip("._-") or "file"
    except SuspiciousFileOperation:
        return "file"
