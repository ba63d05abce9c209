"""The field of a row that shows one picture of the media library."""

from django.conf import settings
from django.db import models


def build_picture_field(name, **options):
    """Return a foreign key to a picture of the library, or none. ``name``: the verbose name."""
    return models.ForeignKey(
        settings.CABINET_FILE_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"image_width__gt": 0},
        verbose_name=name,
        **options,
    )
