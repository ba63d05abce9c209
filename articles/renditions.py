"""Renditions of the pictures in the library, written when a picture is saved.

Pages offer AVIF and, for browsers without it, WebP, in several widths; the small picture of a row
has one width. One JPEG is for feed readers, mail and the editor. Others, cropped around the focal
point, are the card for social networks and the three proportions for search engines. Without AVIF
support in Pillow there is no AVIF. No picture is enlarged.

The name of a rendition includes all that it depends on, so caches may store it for ever. The
settings give ``FORMATS`` to imagefield, which calls the processor ``rendition`` for each.
"""

from imagefield.backend_base import calculate_crop_box
from imagefield.processing_pillow import register_pillow
from PIL import Image, features

# AVIF's speed 9 takes a quarter of the time of 8 for 2 % more bytes (libavif 1.4, 1440 × 1080).
ENCODERS = {
    "avif": {"format": "AVIF", "quality": 58, "speed": 9},
    "webp": {"format": "WEBP", "quality": 78, "method": 4},
    "jpg": {"format": "JPEG", "quality": 82, "progressive": True, "optimize": True},
}
MODERN = ("avif", "webp") if features.check("avif") else ("webp",)
WIDTHS = (480, 720, 960, 1440)
TALLEST = 4  # height / width; higher pictures get narrower (WebP ends at 16,383 pixels)
ROW = (300, 200)
CARD = (1200, 630)
# The proportions in which search engines show a picture: 16:9, 4:3 and 1:1.
CUTS = {"wide": (960, 540), "standard": (800, 600), "square": (600, 600)}
SMALLEST_CUT = 300  # pixels wide
SMALLEST_CARD = 600  # pixels wide; social networks show smaller ones as thumbnails


class Rendition:
    """A rendition: its file format, its size, and whether it is cropped around the focal point.

    Only pictures large enough to make it wider than ``smaller``, and at least ``least`` pixels
    wide, have it. imagefield calls the object to complete the context that names and renders it.
    """

    def __init__(self, file_format, size, *, is_cut=False, smaller=None, least=1):
        self.file_format = file_format
        self.size = size
        self.is_cut = is_cut
        self.smaller = smaller
        self.least = least

    def __call__(self, file, context):
        width, height = file.instance.image_width, file.instance.image_height
        if not width or not self.is_available_for(width, height):
            context.name = ""
        self.complete(file, context)

    def complete(self, file, context):
        """Complete the context, also for a picture that is too small for this rendition."""
        context.processors = [
            ("rendition", self.file_format, self.size, ENCODERS[self.file_format])
        ]
        context.extension = f".{self.file_format}"
        context.file = file
        context.rendition = self

    def is_available_for(self, width, height):
        """Return whether pictures of this size have this rendition."""
        own_width = self.size_of(width, height)[0]
        smaller_width = self.smaller.size_of(width, height)[0] if self.smaller else 0
        return own_width > smaller_width and own_width >= self.least

    def size_of(self, width, height):
        """Return the width and height that the rendition of a picture of this size has."""
        if self.is_cut:
            scale = min(1, width / self.size[0], height / self.size[1])
            width, height = self.size
        else:
            scale = min(1, self.size[0] / width, self.size[1] / height)
        return round(width * scale) or 1, round(height * scale) or 1


def _build_widths(file_format):
    renditions, smaller = {}, None
    for width in WIDTHS:
        smaller = Rendition(file_format, (width, TALLEST * width), smaller=smaller)
        renditions[f"w{width}_{file_format}"] = smaller
    return renditions


FORMATS = {
    "w960": Rendition("jpg", (960, TALLEST * 960)),
    "card": Rendition("jpg", CARD, is_cut=True, least=SMALLEST_CARD),
    "row": Rendition("webp", ROW, is_cut=True),
    **{
        name: Rendition("jpg", size, is_cut=True, least=SMALLEST_CUT) for name, size in CUTS.items()
    },
}
for modern in MODERN:
    FORMATS |= _build_widths(modern)
if "avif" in MODERN:
    FORMATS["row_avif"] = Rendition("avif", ROW, is_cut=True)


@register_pillow
def rendition(get_image, file_format, size, options):
    """Crop and scale a picture as the ``Rendition`` of its context says."""

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
        return _place_on_white(image) if file_format == "jpg" else image

    return processor


def _reduce_image(image, file):
    """Return a picture, scaled down as far as all its renditions allow.

    It is stored on the file, so it is decoded once for all renditions.
    """
    name, reduced = getattr(file, "_reduced", ("", None))
    if name != file.name:
        reduced = _flatten(image, _compute_size(*image.size))
        file._reduced = file.name, reduced
    return reduced


def _compute_size(width, height):
    """Return the smallest size from which all renditions can be scaled."""
    widest = min(WIDTHS[-1] / width, TALLEST * WIDTHS[-1] / height)
    scale = min(1, max(widest, CARD[0] / width, CARD[1] / height))
    return round(width * scale), round(height * scale)


def _flatten(image, size):
    """Return a picture as RGB in this size, with its transparency and its colour profile."""
    image.draft(None, (2 * size[0], 2 * size[1]))  # a JPEG is scaled down while it is decoded
    mode, profile = image.mode, image.info.get("icc_profile")
    if image.has_transparency_data:
        image = image.convert("RGBA")
    elif mode != "RGB":
        image = image.convert("RGB")
    image = image.resize(size, Image.Resampling.LANCZOS)
    image.info = {"icc_profile": profile} if profile and mode in {"RGB", "RGBA"} else {}
    return image


def _place_on_white(image):
    """Return a picture on a white background."""
    if image.mode != "RGBA":
        return image
    background = Image.new("RGB", image.size, "white")
    background.paste(image, mask=image.getchannel("A"))
    background.info = image.info
    return background
