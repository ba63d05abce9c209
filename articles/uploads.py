"""What may enter the media library, judged by its content and never by what it calls itself.

Pictures are decoded and written anew: what is stored was made here, holds nothing but the picture
(no EXIF, no place, no comment), stands upright and is bounded in bytes and pixels. Other files
pass by an allow-list. A file that can run scripts (SVG, HTML) is on neither.
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
STEM_LENGTH = 60  # characters; file systems end at 255 bytes, renditions add to the name
READ = ("JPEG", "PNG", "GIF", "WEBP", "AVIF")
WRITTEN = {"JPEG": "JPEG", "MPO": "JPEG", "PNG": "PNG", "GIF": "PNG"}  # all others as WebP
EXTENSIONS = {"JPEG": "jpeg", "PNG": "png", "WEBP": "webp"}
SIMPLE_MODES = {"1", "L", "LA", "P", "RGB", "RGBA"}
QUALITY = 90


class VerifiedFile(SimpleUploadedFile):
    """A file whose content was checked here. Only such ones reach the storage.

    Its name ends in a hash of the content, so that a name never comes back with other content.
    """

    def __init__(self, stem, extension, content, content_type, *, is_image=False):
        digest = hashlib.sha256(content).hexdigest()[:8]
        super().__init__(f"{stem}-{digest}.{extension}", content, content_type)
        self.is_image = is_image


def verify_upload(upload):
    """Return a file ready for the library: a picture, or a file to download.

    Raises ``ValidationError`` with a sentence for the person who sent it.
    """
    content = _read_content(upload)
    if _looks_like_image(content):
        return _build_image(upload.name, content)
    return _build_download(upload.name, content)


def verify_image(upload):
    """As ``verify_upload``, for a place that takes only pictures."""
    return _build_image(upload.name, _read_content(upload))


def verify_download(upload):
    """As ``verify_upload``, for a place that takes only files to download."""
    return _build_download(upload.name, _read_content(upload))


def _read_content(upload):
    if upload.size > MAX_BYTES:
        message = _("The file is too large: %(size)s. Up to %(limit)s are accepted.") % {
            "size": filesizeformat(upload.size),
            "limit": filesizeformat(MAX_BYTES),
        }
        raise ValidationError(message, code="too_large")
    upload.seek(0)
    return upload.read()


def _looks_like_image(content):
    try:
        with Image.open(io.BytesIO(content), formats=READ):
            return True
    except Image.DecompressionBombError:
        return True
    except Exception:  # Pillow's plugins raise whatever their parsing happens to meet
        return False


def _build_image(name, content):
    try:
        with Image.open(io.BytesIO(content), formats=READ) as image:
            frames = getattr(image, "n_frames", 1)
            if image.width * image.height * frames > MAX_PIXELS:
                raise Image.DecompressionBombError
            image.load()
            written, content = _encode_image(image, frames)
    except Image.DecompressionBombError:
        message = _("The picture has too many pixels. Up to %(limit)d megapixels are accepted.")
        raise ValidationError(
            message % {"limit": MAX_PIXELS // 1_000_000}, code="too_many_pixels"
        ) from None
    except Exception as error:
        raise ValidationError(
            _(
                "This is not a picture that can be read: it is damaged, or not one of JPEG, PNG, "
                "GIF, WebP, AVIF."
            ),
            code="not_an_image",
        ) from error
    content_type = Image.MIME[written]
    return VerifiedFile(
        _clean_stem(name), EXTENSIONS[written], content, content_type, is_image=True
    )


def _encode_image(image, frames):
    """Return a format and the picture in it, with nothing of the original but pixels and colours.

    Several frames of a GIF or WebP stay an animation; of an animated PNG or AVIF the first stays.
    """
    written = WRITTEN.get(image.format, "WEBP")
    options = {"icc_profile": image.info.get("icc_profile"), "quality": QUALITY}
    if frames > 1 and image.format in {"GIF", "WEBP"}:
        written = "WEBP"
        options |= {"save_all": True, "loop": image.info.get("loop", 0)}
    elif written == "JPEG":
        image, options = _prepare_jpeg(image, options)
    else:
        image = ImageOps.exif_transpose(image)
        if image.mode not in SIMPLE_MODES:
            image = _simplify_mode(image)
    target = io.BytesIO()
    image.save(target, written, **options)
    return written, target.getvalue()


def _prepare_jpeg(image, options):
    """Return a JPEG and how to save it: as it was compressed before, where it needs no change."""
    upright = ImageOps.exif_transpose(image)
    is_changed = upright.size != image.size or image.getexif().get(0x0112, 1) != 1
    if image.mode == "CMYK":
        return _remove_comment(upright.convert("RGB")), {"quality": QUALITY}
    if is_changed or image.format != "JPEG":
        return _remove_comment(upright), options
    return _remove_comment(image), options | {"quality": "keep", "subsampling": "keep"}


def _remove_comment(image):
    image.info.pop("comment", None)  # Pillow writes it again if it finds one
    return image


def _simplify_mode(image):
    """Return a picture of a rare mode (16 bits, floats, CMYK …) in one that every format takes."""
    if image.mode.startswith("I;16"):
        return image.convert("I").point(lambda value: value / 256).convert("L")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _build_download(name, content):
    extension = PurePath(name).suffix.lower().removeprefix(".")
    content_type, is_genuine = DOWNLOADS.get(extension, ("", None))
    if not is_genuine or not is_genuine(content):
        message = _(
            "Files of this kind are not accepted. Accepted are pictures (JPEG, PNG, GIF, WebP, "
            "AVIF) and %(kinds)s whose content is what their name says."
        )
        kinds = ", ".join(DOWNLOADS).upper()
        raise ValidationError(message % {"kinds": kinds}, code="not_accepted")
    return VerifiedFile(_clean_stem(name), extension, content, content_type)


def _is_pdf(content):
    return content.startswith(b"%PDF-")


def _is_text(content):
    """Whether it is text, in UTF-8 or the Shift JIS of Japanese spreadsheets."""
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
    """Whether it is an Office document without macros."""
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
    """Return the name that a file came with, as far as it is fit for every file system."""
    stem = unicodedata.normalize("NFC", PurePath(name or "").stem)
    try:
        return get_valid_filename(stem)[:STEM_LENGTH].strip("._-") or "file"
    except SuspiciousFileOperation:
        return "file"
