"""The forms in which a picture of the library reaches readers, made when it is saved.

It goes out as AVIF and, to browsers without it, as WebP, in several widths; the small picture of
a row in one. A JPEG serves what reads neither (feed readers, mail, the editor), and another one,
cut around the focal point, is the card of social networks. Where Pillow cannot write AVIF the
rest does. Nothing is enlarged.

The name of a rendition says all that it depends on, so it may be kept for ever. The settings name
``FORMATS`` to imagefield, which makes each of them by the processor ``rendition``.
"""

from imagefield.backend_base import calculate_crop_box
from imagefield.processing_pillow import register_pillow
from PIL import Image, features

# AVIF's speed 9 takes a quarter of the time of 8 for 2 % more bytes (libavif 1.4, 1440 × 1080).
WRITTEN = {
    "avif": {"format": "AVIF", "quality": 58, "speed": 9},
    "webp": {"format": "WEBP", "quality": 78, "method": 4},
    "jpg": {"format": "JPEG", "quality": 82, "progressive": True, "optimize": True},
}
MODERN = ("avif", "webp") if features.check("avif") else ("webp",)
WIDTHS = (480, 720, 960, 1440)
TALLEST = 4  # times as high as wide; what is higher gets narrower (WebP ends at 16,383 pixels)
ROW = (300, 200)
CARD = (1200, 630)
SMALLEST_CARD = 600  # wide; networks show a narrower one as a stamp


class Rendition:
    """One form of a picture: how it is written, in what size, whether cut around the focal point.

    It is made only where it gets wider than the ``smaller`` one, and at least ``least`` wide.
    imagefield calls it with a file and the context in which a rendition is named and made.
    """

    def __init__(self, written, size, *, is_cut=False, smaller=None, least=1):
        self.written = written
        self.size = size
        self.is_cut = is_cut
        self.smaller = smaller
        self.least = least

    def __call__(self, file, context):
        width, height = file.instance.image_width, file.instance.image_height
        if not width or not self.is_available_for(width, height):
            context.name = ""
        context.processors = [("rendition", self.written, self.size, WRITTEN[self.written])]
        context.extension = f".{self.written}"
        context.file = file
        context.rendition = self

    def is_available_for(self, width, height):
        """Whether there is this form of a picture of a size."""
        own = self.size_of(width, height)[0]
        below = self.smaller.size_of(width, height)[0] if self.smaller else 0
        return own > below and own >= self.least

    def size_of(self, width, height):
        """Return the width and height of this form of a picture of a size."""
        if self.is_cut:
            scale = min(1, width / self.size[0], height / self.size[1])
            width, height = self.size
        else:
            scale = min(1, self.size[0] / width, self.size[1] / height)
        return round(width * scale) or 1, round(height * scale) or 1


def _build_widths(written):
    scaled, smaller = {}, None
    for width in WIDTHS:
        smaller = Rendition(written, (width, TALLEST * width), smaller=smaller)
        scaled[f"w{width}_{written}"] = smaller
    return scaled


FORMATS = {
    "w960": Rendition("jpg", (960, TALLEST * 960)),
    "card": Rendition("jpg", CARD, is_cut=True, least=SMALLEST_CARD),
    "row": Rendition("webp", ROW, is_cut=True),
}
for modern in MODERN:
    FORMATS |= _build_widths(modern)
if "avif" in MODERN:
    FORMATS["row_avif"] = Rendition("avif", ROW, is_cut=True)


@register_pillow
def rendition(get_image, written, size, options):
    """Cut and scale a picture to what its context's ``Rendition`` makes of it."""

    def processor(image, context):
        context.save_kwargs.update(options)
        image = get_image(_reduce_image(image, context.file), context)
        if image.info.get("icc_profile"):
            context.save_kwargs["icc_profile"] = image.info["icc_profile"]
        whole = context.file.instance
        target = context.rendition.size_of(whole.image_width, whole.image_height)
        box = None
        if context.rendition.is_cut:
            left, top, width, height = calculate_crop_box(*image.size, *size, context.ppoi)
            box = (left, top, left + width, top + height)
        image = image.resize(target, Image.Resampling.LANCZOS, box=box)
        return _place_on_white(image) if written == "jpg" else image

    return processor


def _reduce_image(image, file):
    """Return a picture decoded, and scaled down as far as all its renditions allow.

    It stays with the file, so that it is decoded once for all of them.
    """
    name, reduced = getattr(file, "_reduced", ("", None))
    if name != file.name:
        reduced = _flatten(image, _required_size(*image.size))
        file._reduced = file.name, reduced
    return reduced


def _required_size(width, height):
    """Return a size of which every rendition can be made."""
    widest = min(WIDTHS[-1] / width, TALLEST * WIDTHS[-1] / height)
    scale = min(1, max(widest, CARD[0] / width, CARD[1] / height))
    return round(width * scale), round(height * scale)


def _flatten(image, size):
    """Return a picture in a size and in three colours, with its transparency."""
    image.draft(None, (2 * size[0], 2 * size[1]))  # a JPEG is decoded smaller at once
    mode, profile = image.mode, image.info.get("icc_profile")
    if image.has_transparency_data:
        image = image.convert("RGBA")
    elif mode != "RGB":
        image = image.convert("RGB")
    image = image.resize(size, Image.Resampling.LANCZOS)
    image.info = {"icc_profile": profile} if profile and mode in {"RGB", "RGBA"} else {}
    return image


def _place_on_white(image):
    """Return a picture on white."""
    if image.mode != "RGBA":
        return image
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image, mask=image.getchannel("A"))
    ground.info = image.info
    return ground
