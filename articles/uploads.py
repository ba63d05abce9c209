"""Checks uploads to the media library by their content, never by their name alone.

Pictures are decoded and encoded again, so the stored file has no EXIF data, location or comment,
is upright, and is bounded in bytes and pixels. Other files must be on an allow-list
(``articles.documents``). No file that can run scripts (SVG, HTML) is accepted.
"""

import hashlib
import io
import unicodedata
from pathlib import PurePath

import pillow_heif
from django.core.exceptions import SuspiciousFileOperation, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, ImageSequence

from articles.documents import check_document
from articles.picture_texts import PictureTexts, read_picture_texts
from articles.upload_limits import MAX_BYTES, MAX_PIXELS

STEM_BYTES = 180  # a file name holds 255 bytes, and renditions lengthen it
READABLE = ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "HEIF")
STORED_AS = {"JPEG": "JPEG", "MPO": "JPEG", "PNG": "PNG", "GIF": "PNG", "HEIF": "JPEG"}
ANIMATED = {"GIF", "PNG", "WEBP", "AVIF"}  # MPO and HEIF hold further pictures, not frames
SIMPLE_MODES = {"1", "L", "LA", "P", "RGB", "RGBA"}
QUALITY = 90
LONGEST_WEBP = 16_383  # pixels; a longer picture is stored as PNG

pillow_heif.register_heif_opener(thumbnails=False, decode_threads=1)


class VerifiedFile(SimpleUploadedFile):
    """An upload that passed the checks. Only such files reach the storage.

    Its name ends with a hash of the content, so no two uploads share a name. ``digest`` is the
    whole hash, ``texts`` what the picture said about itself.
    """

    def __init__(self, stem, extension, content, content_type, texts=PictureTexts()):  # noqa: B008
        self.digest = hashlib.sha256(content).hexdigest()
        super().__init__(f"{stem}-{self.digest[:8]}.{extension}", content, content_type)
        self.is_image = content_type.startswith("image/")
        self.texts = texts


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
    content = upload.read()
    if not content:
        raise ValidationError(_("The file is empty."), code="empty")
    return content


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
            frames = getattr(image, "n_frames", 1) if image.format in ANIMATED else 1
            if image.width * image.height * frames > MAX_PIXELS:
                raise Image.DecompressionBombError
            texts = read_picture_texts(image)
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
                "GIF, WebP, AVIF or HEIC file."
            ),
            code="not_an_image",
        ) from error
    extension, content_type = image_format.lower(), Image.MIME[image_format]
    return VerifiedFile(_clean_stem(name), extension, content, content_type, texts)


def _encode_image(image, frames):
    """Return a format and the picture encoded in it, without metadata but the colour profile."""
    image_format = STORED_AS.get(image.format, "WEBP")
    options = {"icc_profile": image.info.get("icc_profile"), "quality": QUALITY}
    if frames > 1:
        return "WEBP", _encode_animation(image, options)
    if image.format == "HEIF" and image.has_transparency_data:
        image_format = "WEBP"
    if image_format == "JPEG":
        image, options = _prepare_jpeg(image, options)
    else:
        image = ImageOps.exif_transpose(image)
        if image.mode not in SIMPLE_MODES:
            image = _simplify_mode(image)
    if image_format == "WEBP" and max(image.size) > LONGEST_WEBP:
        image_format = "PNG"
    return image_format, _save(image, image_format, options)


def _encode_animation(image, options):
    """Return all frames as WebP, each shown as long as before."""
    times = []
    for frame in ImageSequence.Iterator(image):
        frame.load()  # a WebP knows the time only then
        times.append(frame.info.get("duration") or 0)
    image.seek(0)
    once = 1 if image.format == "GIF" else 0  # what a file means that says nothing
    options |= {"save_all": True, "loop": image.info.get("loop", once)}
    return _save(image, "WEBP", options | {"duration": [round(time) for time in times]})


def _save(image, image_format, options):
    target = io.BytesIO()
    image.save(target, image_format, **options)
    return target.getvalue()


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


def convert_picture(upload, extension):
    """Return a verified picture in the format of a file name extension.

    A replaced picture keeps its address, of which the extension is a part.
    """
    image_format = Image.registered_extensions().get(f".{extension}", "")
    if Image.MIME.get(image_format) == upload.content_type:
        return upload
    upload.seek(0)
    with Image.open(upload, formats=READABLE) as image:
        if image_format == "JPEG":
            image = flatten_picture(image)
        elif image.mode not in SIMPLE_MODES:
            image = _simplify_mode(image)
        options = {"icc_profile": image.info.get("icc_profile"), "quality": QUALITY}
        content = _save(image, image_format, options)
    stem = PurePath(upload.name).stem
    return VerifiedFile(stem, extension, content, Image.MIME[image_format], upload.texts)


def flatten_picture(image):
    """Return a picture as RGB, on white where it is transparent."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    layer = image.convert("RGBA")
    background = Image.new("RGB", layer.size, "white")
    background.paste(layer, mask=layer.getchannel("A"))
    background.info = {"icc_profile": image.info.get("icc_profile")}
    return background


def _build_download(name, content):
    extension = PurePath(name or "").suffix.lower().removeprefix(".")
    content_type = check_document(extension, content)
    return VerifiedFile(_clean_stem(name), extension, content, content_type)


def _clean_stem(name):
    """Return the stem of a file name, made valid for all file systems."""
    stem = unicodedata.normalize("NFC", PurePath(name or "").stem)
    try:
        stem = get_valid_filename(stem)
    except SuspiciousFileOperation:
        return "file"
    return shorten_stem(stem).strip("._-") or "file"


def shorten_stem(stem):
    """Return the stem of a file name, cut to the length that the library stores."""
    return stem.encode()[:STEM_BYTES].decode(errors="ignore")
