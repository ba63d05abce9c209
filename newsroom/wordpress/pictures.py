"""Old images made safe: verified by content, bounded, written anew without their metadata."""

import io
import warnings

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, ImageSequence

FORMATS = {"JPEG": ".jpg", "PNG": ".png", "GIF": ".gif", "WEBP": ".webp"}
CONVERTED = {"BMP": "PNG", "TIFF": "JPEG", "MPO": "JPEG"}
MOST_PIXELS = 40_000_000
MOST_FRAMES = 300
QUALITY = 90


class NotAPicture(Exception):
    """The file is no image that the library takes; the message says why."""


def rewritten(content):
    """Return (bytes, ending) of an image written anew, turned as its EXIF says, without EXIF.

    Raises ``NotAPicture`` for what is no image, of an unknown format or too large.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=[*FORMATS, *CONVERTED]) as image:
                return _saved(image)
    except NotAPicture:
        raise
    except Exception as error:  # Pillow raises what its many decoders raise
        raise NotAPicture(_("no readable image")) from error


def _saved(image):
    if image.width * image.height > MOST_PIXELS:
        raise NotAPicture(_("more than %d million pixels") % (MOST_PIXELS // 1_000_000))
    kind = CONVERTED.get(image.format, image.format)
    options = {"quality": QUALITY} if kind in {"JPEG", "WEBP"} else {}
    if "icc_profile" in image.info and kind != "GIF":
        options["icc_profile"] = image.info["icc_profile"]
    target = io.BytesIO()
    frames = getattr(image, "n_frames", 1)
    if frames > 1 and kind in {"GIF", "WEBP"}:
        if frames > MOST_FRAMES or frames * image.width * image.height > 5 * MOST_PIXELS:
            raise NotAPicture(_("too many frames"))
        pages = [frame.copy() for frame in ImageSequence.Iterator(image)]
        durations = [page.info.get("duration", 100) for page in pages]
        pages[0].save(
            target,
            kind,
            save_all=True,
            append_images=pages[1:],
            duration=durations,
            loop=image.info.get("loop", 0),
            **options,
        )
        return target.getvalue(), FORMATS[kind]
    upright = ImageOps.exif_transpose(image)
    if kind == "JPEG" and upright.mode not in {"RGB", "L"}:
        upright = upright.convert("RGB")
    upright.info.pop("exif", None)
    upright.save(target, kind, **options)
    return target.getvalue(), FORMATS[kind]
