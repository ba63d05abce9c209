"""Edits of a stored picture: cropped and rotated copies, and where the focal point is then."""

import io
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image

from articles.uploads import QUALITY, VerifiedFile

LEAST_SIDE = 16  # pixels of a cropped picture
TURNS = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180}
TURNS[270] = Image.Transpose.ROTATE_90  # clockwise; Pillow counts the other way round


def crop_picture(file, box):
    """Return the part of a stored picture within ``box``: left, top, right, bottom, from 0 to 1.

    Raises ``ValidationError`` if too little is left, or if the picture moves.
    """
    left, top, right, bottom = box
    image = _open(file)
    pixels = (
        round(left * image.width),
        round(top * image.height),
        round(right * image.width),
        round(bottom * image.height),
    )
    if pixels[2] - pixels[0] < LEAST_SIDE or pixels[3] - pixels[1] < LEAST_SIDE:
        raise ValidationError(_("Too little of the picture is left. Choose a larger part."))
    return _store(file, image, image.crop(pixels))


def rotate_picture(file, degrees):
    """Return a stored picture rotated clockwise by 90, 180 or 270 degrees."""
    image = _open(file)
    return _store(file, image, image.transpose(TURNS[degrees]))


def read_focal_point(text):
    """Return the focal point of imagefield's text as two numbers from 0 to 1."""
    try:
        x, y = (min(1.0, max(0.0, float(part))) for part in text.split("x"))
    except ValueError:
        return 0.5, 0.5
    return x, y


def write_focal_point(x, y):
    """Return imagefield's text of a focal point."""
    x, y = (min(1, max(0, value)) for value in (x, y))
    return f"{x:.3f}x{y:.3f}"


def crop_focal_point(text, box):
    """Return where the focal point is in a cropped picture, at its edge if it was cut off."""
    x, y = read_focal_point(text)
    left, top, right, bottom = box
    return write_focal_point((x - left) / (right - left), (y - top) / (bottom - top))


def rotate_focal_point(text, degrees):
    """Return where the focal point is in a rotated picture."""
    x, y = read_focal_point(text)
    for _turn in range(degrees // 90):
        x, y = 1 - y, x
    return write_focal_point(x, y)


def _open(file):
    with file.open("rb") as stored:
        image = Image.open(io.BytesIO(stored.read()))
    if getattr(image, "n_frames", 1) > 1:
        raise ValidationError(_("A moving picture can be neither cropped nor rotated."))
    image.load()
    return image


def _store(file, image, edited):
    options = {"icc_profile": image.info.get("icc_profile"), "quality": QUALITY}
    target = io.BytesIO()
    edited.save(target, image.format, **options)
    path = PurePath(file.name)
    extension = path.suffix.removeprefix(".")
    return VerifiedFile(path.stem, extension, target.getvalue(), Image.MIME[image.format])
