"""The HTML of pictures in their renditions.

An address depends on the name of the file and its focal point, and costs two hashes. So what was
built once is remembered by these.
"""

from dataclasses import dataclass
from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import mark_safe

from articles.models import MediaFile
from articles.renditions import ROW

AVIF = '<source type="image/avif" srcset="{}">'
AVIF_IN_SIZES = '<source type="image/avif" srcset="{}" sizes="{}">'
REMEMBERED = 4_096  # pictures
LOAD_FIRST = mark_safe('fetchpriority="high"')
LOAD_LATER = mark_safe('loading="lazy" decoding="async"')


@dataclass(frozen=True, slots=True)
class Picture:
    """What the HTML of a picture of the library depends on. The focal point is imagefield's text,
    such as ``0.5x0.5``."""

    name: str
    focal_point: str
    width: int
    height: int
    alt: str

    @classmethod
    def of(cls, file):
        """Return a picture, or a file of the library as one."""
        if isinstance(file, cls):
            return file
        size = file.image_width, file.image_height
        return cls(file.image_file.name, file.image_ppoi, *size, file.image_alt_text)

    @property
    def is_image(self):
        """Whether there is anything to show: a file of the library may be a document."""
        return bool(self.name and self.width)

    @property
    def file(self):
        """A file as in the library, which knows the addresses of its renditions."""
        return MediaFile(
            image_file=self.name,
            image_ppoi=self.focal_point,
            image_width=self.width,
            image_height=self.height,
        )


def row_image(file, **attributes):
    """Render the small 3:2 picture of a row. It is decorative, so its alternative text is empty."""
    return _render_row_image(Picture.of(file), attributes["class"])


def lead_image(file, *, sizes, **attributes):
    """Render the large picture at the top of a page."""
    return _render_lead_image(Picture.of(file), sizes, attributes["class"])


def wide_image(file, *, sizes, **attributes):
    """Render a picture in several widths further down a page. It is decorative, as that of a
    row."""
    return _render_wide_image(Picture.of(file), sizes, attributes["class"])


def is_wide(file):
    """Whether a picture may be cut to 16:9 without losing much of it."""
    picture = Picture.of(file)
    return picture.width >= 1.2 * picture.height


@lru_cache(REMEMBERED)
def _render_row_image(picture, css_class):
    image = picture.file.image_file
    avif = getattr(image, "row_avif", "")
    return format_html(
        '<picture>{}<img class="{}" src="{}" alt="" width="{}" height="{}" loading="lazy"'
        ' decoding="async"></picture>',
        format_html(AVIF, avif) if avif else "",
        css_class,
        image.row,
        *ROW,
    )


@lru_cache(REMEMBERED)
def _render_lead_image(picture, sizes, css_class):
    return _render_in_sizes(picture, sizes, css_class, picture.alt, LOAD_FIRST)


@lru_cache(REMEMBERED)
def _render_wide_image(picture, sizes, css_class):
    return _render_in_sizes(picture, sizes, css_class, "", LOAD_LATER)


def _render_in_sizes(picture, sizes, css_class, alt, loading):
    file = picture.file
    avif = file.build_srcset("avif")
    return format_html(
        '<picture>{}<img class="{}" src="{}" srcset="{}" sizes="{}" alt="{}" width="{}"'
        ' height="{}" {}></picture>',
        format_html(AVIF_IN_SIZES, avif, sizes) if avif else "",
        css_class,
        file.image_file.w960,
        file.build_srcset("webp"),
        sizes,
        alt,
        picture.width,
        picture.height,
        loading,
    )
